#include "app/storage/picture_store.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

Failure cannotSave(int reason, const fs::path &place)
{
    const std::string folder = place.parent_path().string();
    switch (reason) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG: return failure(code::DiskFull, "disk full: result could not be stored", place.string());
    case EACCES:
    case EPERM:
    case EROFS:
    case ENOENT:
    case ENOTDIR:
        return failure(code::FolderNotWritable,
                       "cannot write to " + folder + " (" + std::strerror(reason) + "); choose another", folder);
    case EMFILE:
    case ENFILE: return failure(code::SystemLimit, "system limit reached (open files)", place.string());
    default:
        return failure(code::DiskFault,
                       std::string("storage error while saving; call maintenance (") + std::strerror(reason) + ")",
                       place.string());
    }
}

/// A file that is being written: gone again unless keep() was reached.
class UnfinishedFile final
{
public:
    explicit UnfinishedFile(const fs::path &folder) : m_path((folder / ".saving-XXXXXX").string())
    {
        m_descriptor = mkostemp(m_path.data(), O_CLOEXEC);
        m_status = m_descriptor < 0 ? errno : 0;
    }
    UnfinishedFile(const UnfinishedFile &) = delete;
    UnfinishedFile &operator=(const UnfinishedFile &) = delete;
    ~UnfinishedFile()
    {
        closeFile();
        if (!m_isKept && !m_path.empty())
            unlink(m_path.c_str());
    }

    // Each returns 0 or an errno value.
    [[nodiscard]] int status() const { return m_status; }
    int write(std::span<const std::uint8_t> bytes) const
    {
        std::size_t written = 0;
        while (written < bytes.size()) {
            const ssize_t count = ::write(m_descriptor, bytes.data() + written, bytes.size() - written);
            if (count < 0 && errno == EINTR)
                continue;
            if (count < 0)
                return errno;
            if (count == 0)
                return ENOSPC;
            written += static_cast<std::size_t>(count);
        }
        struct stat state{};
        if (fstat(m_descriptor, &state) != 0)
            return errno;
        return std::cmp_equal(state.st_size, bytes.size()) ? 0 : EIO;
    }
    int flush() const { return fsync(m_descriptor) == 0 ? 0 : errno; }
    int closeFile()
    {
        const int descriptor = std::exchange(m_descriptor, -1);
        return descriptor < 0 || close(descriptor) == 0 ? 0 : errno;
    }
    int keepAs(const fs::path &place)
    {
        if (rename(m_path.c_str(), place.c_str()) != 0)
            return errno;
        m_isKept = true;
        return 0;
    }
    [[nodiscard]] const std::string &path() const { return m_path; }

private:
    std::string m_path;
    int m_descriptor = -1;
    int m_status = 0;
    bool m_isKept = false;
};

std::optional<std::vector<std::uint8_t>> contentOf(const fs::path &file)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        return std::nullopt;
    return std::vector<std::uint8_t>(std::istreambuf_iterator<char>(stream), {});
}

/// A name that is written into a folder is safe only when the folder is flushed too.
int flushFolder(const fs::path &folder)
{
    const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return errno;
    const int status = fsync(descriptor) == 0 ? 0 : errno;
    close(descriptor);
    return status;
}

/// @return 0 or an errno value.
int makeFolder(const fs::path &folder)
{
    if (mkdir(folder.c_str(), 0700) != 0)
        return errno == EEXIST ? 0 : errno;
    return flushFolder(folder.parent_path());
}

} // namespace

Result<StoredPicture> PictureStore::save(const EvidencePicture &picture) const
{
    StoredPicture stored;
    stored.sha256 = sha256Hex(picture.bytes);
    const char *extension = picture.format == EvidenceFormat::Png ? ".png" : ".jpg";
    stored.path = "pictures/" + stored.sha256.substr(0, 2) + "/" + stored.sha256 + extension;
    stored.bytes = static_cast<std::int64_t>(picture.bytes.size());

    const fs::path place = m_dataFolder / stored.path;
    // A file whose content does not match its name was altered or cut; the right content replaces it.
    if (contentOf(place) == picture.bytes)
        return stored;
    for (const fs::path &folder : {m_dataFolder / "pictures", place.parent_path()}) {
        if (const int reason = makeFolder(folder); reason != 0)
            return cannotSave(reason, folder / "file");
    }
    UnfinishedFile file(place.parent_path());
    int reason = file.status();
    if (reason == 0)
        reason = file.write(picture.bytes);
    if (reason == 0)
        reason = file.flush();
    if (reason == 0)
        reason = file.closeFile();
    if (reason == 0 && contentOf(file.path()) != picture.bytes)
        reason = EIO;
    if (reason == 0)
        reason = file.keepAs(place);
    if (reason == 0)
        reason = flushFolder(place.parent_path());
    if (reason != 0)
        return cannotSave(reason, place);
    return stored;
}

void PictureStore::remove(const StoredPicture &picture) const
{
    std::error_code problem; // what stays is a file that nothing names
    fs::remove(m_dataFolder / picture.path, problem);
}

Result<std::vector<std::uint8_t>> PictureStore::read(const std::string &relativePath, const std::string &sha256) const
{
    std::optional<std::vector<std::uint8_t>> bytes = contentOf(m_dataFolder / relativePath);
    if (!bytes)
        return failure(code::EvidenceMissing, "evidence image missing", relativePath);
    if (sha256Hex(*bytes) != sha256)
        return failure(code::EvidenceAltered, "evidence hash differs", relativePath);
    return *std::move(bytes);
}

} // namespace auroraedge::app
