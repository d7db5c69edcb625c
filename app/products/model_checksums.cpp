#include "app/products/model_checksums.h"

#include "app/settings/json_file.h"
#include "app/settings/out_file.h"
#include "app/settings/sha256.h"

#include <map>
#include <memory>
#include <sstream>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

constexpr char kFile[] = "SHA256SUMS";
constexpr std::int64_t kMaxListBytes = std::int64_t{1} << 20, kMaxFileBytes = std::int64_t{1} << 30;
constexpr std::size_t kHashLength = 64, kNameAt = 66; // "<hash>  <name>"

/// Hash by file name; the engine checks the list itself when it loads the model.
Result<std::map<std::string, std::string>> read(const fs::path &folder)
{
    std::map<std::string, std::string> hashes;
    const Result<std::string> text = readTextFile(folder / kFile, kMaxListBytes);
    if (!text && text.error().code == code::FileNotFound)
        return hashes;
    if (!text)
        return failure(text.error());
    std::istringstream lines(*text);
    for (std::string line; std::getline(lines, line);) {
        if (line.size() > kNameAt)
            hashes[line.substr(kNameAt)] = line.substr(0, kHashLength);
    }
    return hashes;
}

} // namespace

Result<bool> isListed(const fs::path &folder, const std::string &name)
{
    const auto hashes = read(folder);
    if (!hashes)
        return failure(hashes.error());
    return hashes->contains(name);
}

Result<void> relist(const fs::path &folder, const std::vector<std::string> &added, const std::vector<std::string> &dropped)
{
    auto hashes = read(folder);
    if (!hashes)
        return failure(hashes.error());
    for (const std::string &name : dropped)
        hashes->erase(name);
    for (const std::string &name : added) {
        const Result<std::string> content = readTextFile(folder / name, kMaxFileBytes);
        if (!content)
            return failure(content.error());
        (*hashes)[name] = sha256Hex({reinterpret_cast<const std::uint8_t *>(content->data()), content->size()});
    }
    std::string text;
    for (const auto &[name, hash] : *hashes)
        text += hash + "  " + name + "\n";
    const Result<std::unique_ptr<OutFile>> file = OutFile::create(folder / kFile);
    if (!file)
        return failure(file.error());
    if (Result<void> written = (*file)->write(text); !written)
        return written;
    return (*file)->publish();
}

} // namespace auroraedge::app
