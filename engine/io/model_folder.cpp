#include "engine/io/model_folder.h"

#include "engine/io/durable_file.h"
#include "engine/io/mapped_file.h"
#include "engine/io/sha256.h"
#include "engine/io/untrusted_text.h"

#include <map>
#include <optional>
#include <vector>

namespace auroraedge::engine {

namespace {

constexpr char kChecksums[] = "SHA256SUMS";

/// Hash by file name.
using Checksums = std::map<std::string, std::string>;

std::string textOf(const Checksums &checksums)
{
    std::string text;
    for (const auto &[name, hash] : checksums)
        text += hash + "  " + name + "\n";
    return text;
}

/// Files that the checksums speak of. A training run's checkpoint stands beside its model until both are whole.
bool isCovered(const std::string &name)
{
    return name != kChecksums && name != "MODEL_CARD.md" && name != "checkpoint.safetensors" && !name.ends_with(".partial");
}

Result<std::vector<std::string>> coveredFiles(const std::filesystem::path &folder)
{
    std::error_code error;
    std::vector<std::string> names;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        std::error_code unreadable;
        const std::string name = entry->path().filename().string();
        if (isCovered(name) && entry->is_regular_file(unreadable))
            names.push_back(name);
    }
    if (error)
        return failure(code::ModelFolder, folder.string() + " is not a model folder: " + error.message(), folder.string());
    return names;
}

Result<Checksums> computed(const std::filesystem::path &folder, const Checksums &known, const std::stop_token &stop)
{
    const Result<std::vector<std::string>> names = coveredFiles(folder);
    if (!names)
        return failure(names.error());
    Checksums checksums;
    for (const std::string &name : *names) {
        const auto found = known.find(name);
        Result<std::string> hash = found == known.end() ? sha256OfFile(folder / name, stop) : found->second;
        if (!hash)
            return failure(hash.error());
        checksums[name] = std::move(*hash);
    }
    return checksums;
}

bool isHash(std::string_view text)
{
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// The listed hashes; nothing where there is no list. MOD-20 for a line that is not "<hash>  <plain name>".
Result<std::optional<Checksums>> listed(const std::filesystem::path &folder)
{
    const auto file = MappedFile::open(folder / kChecksums);
    if (!file && file.error().code == code::FileNotFound)
        return std::optional<Checksums>();
    if (!file)
        return failure(file.error());
    constexpr std::size_t kMaxBytes = std::size_t{1} << 20;
    if ((*file)->bytes().size() > kMaxBytes)
        return failure(code::ModelNotApproved, std::string(kChecksums) + " is larger than 1 MiB", (folder / kChecksums).string());
    Checksums checksums;
    std::string_view text = (*file)->text();
    for (int number = 1; !text.empty(); ++number) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty())
            continue;
        // Two characters between hash and name: "  ", or " *" for a file that was read as binary.
        const std::string_view gap = line.substr(std::min<std::size_t>(64, line.size()), 2);
        const std::string name(line.substr(std::min<std::size_t>(66, line.size())));
        const bool isPlain = !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos;
        if (!isHash(line.substr(0, 64)) || (gap != "  " && gap != " *") || !isPlain || !checksums.emplace(name, line.substr(0, 64)).second)
            return failure(code::ModelNotApproved, std::string(kChecksums) + " is damaged in line " + std::to_string(number), (folder / kChecksums).string());
    }
    return std::optional(std::move(checksums));
}

} // namespace

Result<std::string> sha256OfFile(const std::filesystem::path &path, std::stop_token stop)
{
    const auto file = MappedFile::open(path);
    if (!file)
        return failure(file.error());
    constexpr std::size_t kBetweenStops = std::size_t{16} << 20;
    Sha256 hash;
    for (std::span<const std::byte> left = (*file)->bytes(); !left.empty();) {
        if (stop.stop_requested())
            return failure(code::Cancelled, "cancelled");
        const std::span<const std::byte> piece = left.first(std::min(left.size(), kBetweenStops));
        hash.add(piece);
        forgetPages(piece); // else a model of 4 GB would count twice as this program's memory
        left = left.subspan(piece.size());
    }
    return hash.hex();
}

Result<std::string> modelHash(const std::filesystem::path &folder, std::stop_token stop)
{
    Result<std::optional<Checksums>> list = listed(folder);
    if (!list)
        return failure(list.error());
    if (!list->has_value()) {
        Result<Checksums> made = computed(folder, {}, stop);
        if (!made)
            return failure(made.error());
        *list = std::move(*made);
    }
    const std::string text = textOf(**list);
    return sha256Hex(std::as_bytes(std::span(text)));
}

Result<void> writeChecksums(const std::filesystem::path &folder, const std::map<std::string, std::string> &known)
{
    const Result<Checksums> checksums = computed(folder, known, {});
    if (!checksums)
        return failure(checksums.error());
    const std::string text = textOf(*checksums);
    const std::span<const std::byte> content = std::as_bytes(std::span(text));
    return writeDurably(folder / kChecksums, {&content, 1});
}

Result<void> verifyChecksums(const std::filesystem::path &folder, std::stop_token stop)
{
    const Result<std::optional<Checksums>> list = listed(folder);
    if (!list)
        return failure(list.error());
    if (!list->has_value())
        return {};
    for (const auto &[name, hash] : **list) {
        const Result<std::string> found = sha256OfFile(folder / name, stop);
        if (!found && found.error().code != code::FileNotFound)
            return failure(found.error());
        if (!found || *found != hash)
            return failure(code::ModelNotApproved, found ? shown(name) + " is not the file that SHA256SUMS lists" : shown(name) + " of SHA256SUMS is missing",
                           (folder / name).string());
    }
    // A file slipped in beside the listed ones can change the model as well: tokenizer.json goes before tokenizer.model.
    const Result<std::vector<std::string>> names = coveredFiles(folder);
    if (!names)
        return failure(names.error());
    for (const std::string &name : *names) {
        const bool isRead = name.ends_with(".json") || name == "model.safetensors" || name == "tokenizer.model";
        if (isRead && !(*list)->contains(name))
            return failure(code::ModelNotApproved, shown(name) + " is not in SHA256SUMS", (folder / name).string());
    }
    return {};
}

} // namespace auroraedge::engine
