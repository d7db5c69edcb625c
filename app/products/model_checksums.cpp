#include "app/products/model_checksums.h"

#include "app/settings/checksums.h"
#include "app/settings/out_file.h"

#include <memory>
#include <optional>
#include <utility>

namespace auroraedge::app {
namespace fs = std::filesystem;

Result<bool> isListed(const fs::path &folder, const std::string &name)
{
    const Result<std::optional<Checksums>> listed = readChecksums(folder);
    if (!listed)
        return failure(listed.error());
    return *listed && (*listed)->contains(name);
}

Result<void> relist(const fs::path &folder, const std::vector<std::string> &added, const std::vector<std::string> &dropped)
{
    Result<std::optional<Checksums>> listed = readChecksums(folder);
    if (!listed)
        return failure(listed.error());
    Checksums hashes = std::move(*listed).value_or(Checksums());
    for (const std::string &name : dropped)
        hashes.erase(name);
    for (const std::string &name : added) {
        Result<std::string> hash = sha256OfFile(folder / name);
        if (!hash)
            return failure(hash.error());
        hashes[name] = *std::move(hash);
    }
    std::string text;
    for (const auto &[name, hash] : hashes)
        text += hash + "  " + name + "\n";
    const Result<std::unique_ptr<OutFile>> file = OutFile::create(folder / kChecksumsFile);
    if (!file)
        return failure(file.error());
    if (Result<void> written = (*file)->write(text); !written)
        return written;
    return (*file)->publish();
}

} // namespace auroraedge::app
