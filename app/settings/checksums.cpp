#include "app/settings/checksums.h"

#include "app/settings/file_descriptor.h"
#include "app/settings/json_file.h"
#include "app/settings/sha256.h"

#include <openssl/evp.h>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <new>
#include <sstream>
#include <vector>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

constexpr std::int64_t kMaxListBytes = std::int64_t{1} << 20;
constexpr std::size_t kHashLength = 64, kNameAt = 66; // "<hash>  <name>"
constexpr std::size_t kBlockBytes = std::size_t{1} << 20;

Failure unreadable(const fs::path &file)
{
    return failure(code::FileUnreadable, file.filename().string() + " cannot be read", file.string());
}

} // namespace

Result<std::optional<Checksums>> readChecksums(const fs::path &folder)
{
    const Result<std::string> text = readTextFile(folder / kChecksumsFile, kMaxListBytes);
    if (!text && text.error().code == code::FileNotFound)
        return std::optional<Checksums>();
    if (!text)
        return failure(text.error());
    Checksums listed;
    std::istringstream lines(*text);
    for (std::string line; std::getline(lines, line);) {
        // A plain name only: a list must not make this program read elsewhere.
        if (line.size() <= kNameAt || line.find('/') != std::string::npos)
            return failure(code::RecipeSyntax, "SHA256SUMS has a line that names no file: " + line, (folder / kChecksumsFile).string());
        listed[line.substr(kNameAt)] = line.substr(0, kHashLength);
    }
    return std::optional(std::move(listed));
}

Result<void> readBlocks(const fs::path &file, const std::stop_token &stop, const BlockTaker &take)
{
    const FileDescriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!in.isOpen())
        return unreadable(file);
    std::vector<char> block(kBlockBytes);
    while (true) {
        if (stop.stop_requested())
            return failure(code::Cancelled, "cancelled");
        const ssize_t count = ::read(in.number(), block.data(), block.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return unreadable(file);
        if (count == 0)
            return {};
        if (Result<void> taken = take(block.data(), static_cast<std::size_t>(count)); !taken)
            return taken;
    }
}

Result<std::string> sha256OfFile(const fs::path &file, const std::stop_token &stop, const std::function<void(std::int64_t)> &onRead)
{
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    if (!context || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1) // for want of memory
        throw std::bad_alloc();
    const Result<void> read = readBlocks(file, stop, [&](const char *bytes, std::size_t count) -> Result<void> {
        EVP_DigestUpdate(context.get(), bytes, count);
        if (onRead)
            onRead(static_cast<std::int64_t>(count));
        return {};
    });
    if (!read)
        return failure(read.error());
    std::array<std::uint8_t, 32> digest{};
    EVP_DigestFinal_ex(context.get(), digest.data(), nullptr);
    return hexOf(digest);
}

} // namespace auroraedge::app
