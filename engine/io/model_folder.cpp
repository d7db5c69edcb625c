#include "engine/io/model_folder.h"

#include "engine/io/mapped_file.h"
#include "engine/io/sha256.h"

#include <fstream>
#include <map>

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

Result<Checksums> computed(const std::filesystem::path &folder)
{
    std::error_code error;
    Checksums checksums;
    for (const auto &entry : std::filesystem::directory_iterator(folder, error)) {
        const std::string name = entry.path().filename().string();
        if (!entry.is_regular_file() || name == kChecksums || name == "MODEL_CARD.md" || name.ends_with(".partial"))
            continue;
        Result<std::string> hash = sha256OfFile(entry.path());
        if (!hash)
            return failure(hash.error());
        checksums[name] = *hash;
    }
    if (error)
        return failure(code::ModelFolder, folder.string() + " is not a model folder", folder.string());
    return checksums;
}

/// The listed hashes; an empty map where there is no list.
Checksums listed(const std::filesystem::path &folder)
{
    Checksums checksums;
    std::ifstream file(folder / kChecksums);
    for (std::string line; std::getline(file, line);) {
        const std::size_t gap = line.find(' ');
        const std::size_t start = gap == std::string::npos ? gap : line.find_first_not_of(" *", gap);
        if (start != std::string::npos)
            checksums[line.substr(start)] = line.substr(0, gap);
    }
    return checksums;
}

} // namespace

Result<std::string> sha256OfFile(const std::filesystem::path &path)
{
    const auto file = MappedFile::open(path);
    if (!file)
        return failure(file.error());
    return sha256Hex((*file)->bytes());
}

Result<std::string> modelHash(const std::filesystem::path &folder)
{
    Checksums checksums = listed(folder);
    if (checksums.empty()) {
        Result<Checksums> made = computed(folder);
        if (!made)
            return failure(made.error());
        checksums = std::move(*made);
    }
    const std::string text = textOf(checksums);
    return sha256Hex(std::as_bytes(std::span(text)));
}

Result<void> writeChecksums(const std::filesystem::path &folder)
{
    const Result<Checksums> checksums = computed(folder);
    if (!checksums)
        return failure(checksums.error());
    std::ofstream file(folder / kChecksums, std::ios::trunc);
    file << textOf(*checksums);
    file.close();
    if (!file)
        return failure(code::DiskFault, "cannot write " + (folder / kChecksums).string(), folder.string());
    return {};
}

Result<void> verifyChecksums(const std::filesystem::path &folder)
{
    for (const auto &[name, hash] : listed(folder)) {
        const Result<std::string> found = sha256OfFile(folder / name);
        if (!found || *found != hash)
            return failure(code::ModelNotApproved, "'" + name + "' is not the file that SHA256SUMS lists", (folder / name).string());
    }
    return {};
}

} // namespace auroraedge::engine
