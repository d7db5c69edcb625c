#include "app/products/product_folder.h"

#include "app/imaging/picture_encoder.h"
#include "app/products/model_checksums.h"
#include "app/settings/json_file.h"
#include "app/settings/out_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <set>
#include <string_view>
#include <system_error>
#include <vector>

#include <unistd.h>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::json;

constexpr char kRequest[] = "finetune.json", kStart[] = "start", kProduct[] = "product.json", kGolden[] = "golden.png";
constexpr char kWeights[] = "model.safetensors", kShards[] = "model.safetensors.index.json", kCheckpoint[] = "checkpoint.safetensors";
const Json kPatchClasses{"object", "centre", "defect"}; ///< that the trainer teaches

Json jsonOf(const FineTuningRequest &request)
{
    return {{"format_version", 1},
            {"data_sha256", request.dataSha256},
            {"golden", request.golden},
            {"base", request.baseFolder.string()},
            {"fresh", request.isFresh},
            {"lora", request.loraRank},
            {"steps", request.steps},
            {"tile", request.tile},
            {"seed", request.seed}};
}

Failure refused(const fs::path &folder, const std::string &why)
{
    return failure(code::Usage, folder.string() + " " + why + "; choose another --out", folder.string());
}

Failure notWritable(const fs::path &folder)
{
    return failure(code::FolderNotWritable, "cannot write to " + folder.string() + "; choose another", folder.string());
}

/// Asked before hours of work; the folder itself is made only when there is something to write.
bool canMake(const fs::path &folder)
{
    std::error_code problem;
    fs::path there = folder;
    while (!fs::exists(there, problem) && there.has_relative_path())
        there = there.parent_path();
    return fs::is_directory(there, problem) && ::access(there.c_str(), W_OK | X_OK) == 0;
}

Result<void> write(const fs::path &place, std::string_view bytes)
{
    const Result<std::unique_ptr<OutFile>> file = OutFile::create(place);
    if (!file)
        return failure(file.error());
    if (Result<void> written = (*file)->write(bytes); !written)
        return written;
    return (*file)->publish();
}

/// A whole number under @p object's @p key.
int numberAt(const Json &object, const char *key, int otherwise)
{
    const auto found = object.is_object() ? object.find(key) : object.end();
    return object.is_object() && found != object.end() && found->is_number_integer() ? found->get<int>() : otherwise;
}

const Json &objectAt(const Json &object, const char *key)
{
    static const Json kNothing = Json::object();
    return object.is_object() && object.contains(key) ? object.at(key) : kNothing;
}

/// The base's JSON file; a missing one is an empty object.
Result<Json> readBase(const fs::path &folder, const char *name)
{
    Result<Json> document = readJsonFile(folder / name);
    if (!document && document.error().code == code::FileNotFound)
        return Json::object();
    if (document && !document->is_object())
        return failure(code::ConfigValue, std::string(name) + " is not an object", (folder / name).string());
    return document;
}

/// The files of the base's weights: one, or the list of shards and the shards that it names; none where there are none.
/// @return MOD-18, FS-01.
Result<std::vector<std::string>> weightFilesOf(const fs::path &folder)
{
    std::error_code problem;
    if (fs::exists(folder / kWeights, problem))
        return std::vector<std::string>{kWeights};
    if (!fs::exists(folder / kShards, problem))
        return std::vector<std::string>();
    constexpr std::int64_t kMostIndexBytes = std::int64_t{16} << 20; // a name a tensor
    const Result<Json> index = readJsonFile(folder / kShards, kMostIndexBytes);
    if (!index)
        return failure(code::ModelShards, index.error().message, (folder / kShards).string());
    std::set<std::string> files{kShards};
    for (const Json &shard : objectAt(*index, "weight_map")) {
        const std::string name = shard.is_string() ? shard.get<std::string>() : std::string();
        if (name.empty() || fs::path(name).filename() != name)
            return failure(code::ModelShards, std::string(kShards) + " names a shard that is no file beside it", (folder / kShards).string());
        if (!fs::exists(folder / name, problem))
            return failure(code::ModelShards, "shard " + name + " of " + kShards + " is missing", (folder / name).string());
        files.insert(name);
    }
    return std::vector<std::string>(files.begin(), files.end());
}

/// Patches along a tile's side. @return CFG-01, MOD-18, MOD-21.
Result<int> gridOf(const FineTuningRequest &request)
{
    const std::string base = request.baseFolder.string();
    const Result<Json> config = readBase(request.baseFolder, "config.json"), preprocessor = readBase(request.baseFolder, "preprocessor_config.json");
    if (!config || !preprocessor)
        return failure(config ? preprocessor.error() : config.error());
    if (config->value("model_type", Json()) != "auroraedge")
        return failure(code::ModelFolder, base + " is not an AuroraEdge model, which alone can be taught a product", base);
    const Json &head = objectAt(*config, "patch_head");
    if (!head.empty() && objectAt(head, "classes") != kPatchClasses)
        return failure(code::ConfigValue, "the patch head of " + base + " has other classes than object, centre, defect", base);
    if (!request.isFresh) {
        const Result<std::vector<std::string>> weights = weightFilesOf(request.baseFolder);
        if (!weights)
            return failure(weights.error());
        if (weights->empty())
            return failure(code::ModelFolder, base + " has no model.safetensors to begin with", base);
    }
    const Json &vision = objectAt(*config, "vision_config");
    const int patch = numberAt(vision, "patch_size", 16);
    const int slots = std::min(numberAt(objectAt(*config, "vision"), "max_patches", numberAt(vision, "num_patches", 256)),
                               numberAt(*preprocessor, "max_num_patches", 256));
    const int grid = patch > 0 ? request.tile / patch : 0;
    if (grid < 1 || request.tile % patch != 0 || grid * grid > slots)
        return failure(code::ConfigValue, "a tile of " + std::to_string(request.tile) + " pixels is not a square of at most " + std::to_string(slots)
                           + " patches of " + std::to_string(patch) + " pixels, which " + base + " wants", base);
    return grid;
}

} // namespace

Result<ProductFolder> ProductFolder::open(const FineTuningRequest &request)
{
    ProductFolder folder(request);
    const fs::path &out = request.outFolder;
    const Result<int> grid = gridOf(request);
    if (!grid)
        return failure(grid.error());
    folder.m_grid = *grid;
    std::error_code problem;
    if (fs::exists(out, problem) && !fs::is_directory(out, problem))
        return refused(out, "is a file");
    const Json wanted = jsonOf(request);
    if (fs::exists(out / kRequest, problem)) {
        const Result<Json> begun = readJsonFile(out / kRequest);
        if (!begun)
            return failure(begun.error());
        for (const auto &[key, value] : wanted.items()) {
            const Json there = begun->value(key, Json());
            if (there != value)
                return refused(out, "was begun with other options or data ('" + key + "': " + there.dump() + " there, " + value.dump() + " now)");
        }
        const Result<bool> isFinished = isListed(out, kProduct);
        if (!isFinished)
            return failure(isFinished.error());
        if (*isFinished)
            return refused(out, "holds a finished product");
        fs::remove(out / kProduct, problem); // of a program that ended before it was listed: the model would be refused
        folder.m_isBegun = true;
        folder.m_isTrained = fs::exists(out / "SHA256SUMS", problem);
        return folder;
    }
    if (fs::exists(out, problem) && !fs::is_empty(out, problem))
        return refused(out, "is not empty");
    if (!canMake(out))
        return notWritable(out);
    return folder;
}

Result<fs::path> ProductFolder::prepareStart() const
{
    const fs::path &base = m_request.baseFolder;
    const fs::path start = m_request.outFolder / kStart;
    Result<Json> config = readBase(base, "config.json"), preprocessor = readBase(base, "preprocessor_config.json");
    if (!config || !preprocessor)
        return failure(config ? preprocessor.error() : config.error());
    (*config)["patch_head"] = {{"classes", kPatchClasses}};
    (*preprocessor)["patch_size"] = m_request.tile / m_grid;
    (*preprocessor)["square_grids"] = {m_grid}; // one grid a product: the compressor mixes patches by their number
    std::error_code problem;
    fs::create_directories(m_request.outFolder, problem);
    if (problem)
        return notWritable(m_request.outFolder);
    if (const Result<void> written = write(m_request.outFolder / kRequest, jsonOf(m_request).dump(1) + "\n"); !written)
        return failure(written.error());
    fs::remove_all(start, problem);
    fs::create_directories(start, problem);
    if (problem)
        return notWritable(m_request.outFolder);
    if (const Result<void> written = write(start / "config.json", config->dump(2) + "\n"); !written)
        return failure(written.error());
    if (const Result<void> written = write(start / "preprocessor_config.json", preprocessor->dump(2) + "\n"); !written)
        return failure(written.error());
    for (const char *name : {"generation_config.json", "tokenizer.json"}) {
        if (fs::exists(base / name, problem))
            fs::copy_file(base / name, start / name, problem);
        if (problem)
            return notWritable(m_request.outFolder);
    }
    if (m_request.isFresh)
        return start;
    const Result<std::vector<std::string>> weights = weightFilesOf(base);
    if (!weights)
        return failure(weights.error());
    for (const std::string &name : *weights) { // may be gigabytes
        fs::create_symlink(base / name, start / name, problem);
        if (problem)
            return notWritable(m_request.outFolder);
    }
    return start;
}

Result<void> ProductFolder::finish(const Product &product, const std::optional<Frame> &golden) const
{
    const fs::path &out = m_request.outFolder;
    std::vector<std::string> added{kProduct};
    Product told = product;
    if (golden) {
        const Result<std::vector<std::uint8_t>> png = encodePng(*golden);
        if (!png)
            return failure(png.error());
        if (Result<void> written = write(out / kGolden, {reinterpret_cast<const char *>(png->data()), png->size()}); !written)
            return written;
        told.golden = kGolden;
        added.emplace_back(kGolden);
    }
    if (Result<void> written = writeProduct(out, told); !written)
        return written;
    const std::vector<std::string> dropped{"best.safetensors", "last.safetensors"};
    if (Result<void> listed = relist(out, added, dropped); !listed)
        return listed;
    std::error_code ignored; // what is left behind is in nobody's way
    for (const std::string &name : dropped)
        fs::remove(out / name, ignored);
    fs::remove(out / kCheckpoint, ignored); // of a training that was killed when all but this was done
    fs::remove_all(out / kStart, ignored);
    return {};
}

} // namespace auroraedge::app
