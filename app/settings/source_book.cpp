#include "app/settings/source_book.h"

#include "app/settings/json_file.h"
#include "app/settings/json_settings.h"
#include "app/settings/out_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace auroraedge::app {
namespace {

using nlohmann::json;
using plugins::CameraControl;
using plugins::NetworkTransport;

constexpr int kVersion = 1;
constexpr int kLongestTimeoutMs = 60'000;
constexpr std::pair<CameraControl, const char *> kControls[] = {{CameraControl::Exposure, "exposure"},
                                                                {CameraControl::WhiteBalance, "white_balance"},
                                                                {CameraControl::Focus, "focus"},
                                                                {CameraControl::Gain, "gain"}};

Result<SavedSource> savedSourceOf(const json &object)
{
    SavedSource source;
    std::string transport = "tcp";
    int timeoutMs = static_cast<int>(source.openTimeout.count());
    JsonSettings settings(object, "a saved source");
    settings.require("name", source.name);
    settings.require("address", source.address);
    settings.read("transport", transport);
    settings.read("open_timeout_ms", timeoutMs);
    settings.check(transport == "tcp" || transport == "udp", "'transport' is not tcp or udp");
    settings.check(timeoutMs >= 100 && timeoutMs <= kLongestTimeoutMs, "'open_timeout_ms' is not 100 to 60000");
    if (const Result<void> read = settings.finish(); !read)
        return failure(read.error());
    source.transport = transport == "udp" ? NetworkTransport::Udp : NetworkTransport::Tcp;
    source.openTimeout = std::chrono::milliseconds(timeoutMs);
    return source;
}

Result<KnownCamera> knownCameraOf(const json &object)
{
    KnownCamera camera;
    JsonSettings settings(object, "a known camera");
    settings.read("device", camera.device);
    for (const auto &[control, name] : kControls) {
        const json *found = settings.raw(name);
        if (!found)
            continue;
        plugins::ControlSetting setting;
        JsonSettings values(*found, std::string("'") + name + "'");
        values.require("auto", setting.isAuto);
        values.read("value", setting.value);
        if (const Result<void> read = values.finish(); !read)
            return failure(read.error());
        camera.settings[control] = setting;
    }
    if (const Result<void> read = settings.finish(); !read)
        return failure(read.error());
    return camera;
}

Result<SourceBook> bookOf(const json &document)
{
    SourceBook book;
    int version = kVersion;
    JsonSettings settings(document, "sources.json");
    settings.read("version", version);
    settings.check(version == kVersion, "it was made by another version of the program");
    const json *saved = settings.raw("saved"), *cameras = settings.raw("cameras");
    settings.check(!saved || saved->is_array(), "'saved' is not a list");
    settings.check(!cameras || cameras->is_object(), "'cameras' is not an object");
    if (const Result<void> read = settings.finish(); !read)
        return failure(read.error());
    for (const json &object : saved ? *saved : json::array()) {
        Result<SavedSource> source = savedSourceOf(object);
        if (!source)
            return failure(source.error());
        book.saved.push_back(*std::move(source));
    }
    const json known = cameras ? *cameras : json::object();
    for (const auto &[address, object] : known.items()) {
        Result<KnownCamera> camera = knownCameraOf(object);
        if (!camera)
            return failure(camera.error());
        book.cameras[address] = *std::move(camera);
    }
    return book;
}

} // namespace

Result<SourceBook> readSourceBook(const std::filesystem::path &file)
{
    const Result<json> document = readJsonFile(file);
    if (!document && document.error().code == code::FileNotFound)
        return SourceBook{};
    Result<SourceBook> book = document ? bookOf(*document) : Result<SourceBook>(failure(document.error()));
    if (!book && (book.error().code == code::RecipeSyntax || book.error().code == code::RecipeKey
                  || book.error().code == code::RecipeValue))
        return failure(code::SettingsDamaged, book.error().message, file.string());
    return book;
}

Result<void> writeSourceBook(const std::filesystem::path &file, const SourceBook &book)
{
    json saved = json::array(), cameras = json::object();
    for (const SavedSource &source : book.saved)
        saved.push_back({{"name", source.name},
                         {"address", source.address},
                         {"transport", source.transport == NetworkTransport::Udp ? "udp" : "tcp"},
                         {"open_timeout_ms", source.openTimeout.count()}});
    for (const auto &[address, camera] : book.cameras) {
        json object = json::object();
        if (!camera.device.empty())
            object["device"] = camera.device;
        for (const auto &[control, setting] : camera.settings) {
            const auto name = std::ranges::find(kControls, control, &std::pair<CameraControl, const char *>::first);
            object[name->second] = {{"auto", setting.isAuto}, {"value", setting.value}};
        }
        cameras[address] = std::move(object);
    }
    const json document = {{"version", kVersion}, {"saved", std::move(saved)}, {"cameras", std::move(cameras)}};

    const Result<std::unique_ptr<OutFile>> out = OutFile::create(file);
    if (!out)
        return failure(out.error());
    // Names come from people and drivers: whatever is no UTF-8 in them is replaced, not thrown at.
    const std::string text = document.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
    if (const Result<void> written = (*out)->write(text); !written)
        return written;
    return (*out)->publish();
}

} // namespace auroraedge::app
