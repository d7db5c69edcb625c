#include "app/storage/picture_store.h"

#include "app/settings/disk_room.h"
#include "app/settings/file_descriptor.h"
#include "app/settings/flush_folder.h"
#include "app/storage/cannot_save.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

constexpr char kUnfinished[] = ".saving-";
constexpr std::int64_t kBusyMs = 3'600'000; // longer than any answer takes

std::int64_t nsOf(const timespec &time) { return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec; }

/// Access and change time for utimensat(), by a clock finer than a file system's own.
struct Now
{
    timespec times[2] = {};
    Now()
    {
        clock_gettime(CLOCK_REALTIME, &times[0]);
        times[1] = times[0];
    }
};

/// A file that is being written: gone again unless keep() was reached.
class UnfinishedFile final
{
public:
    explicit UnfinishedFile(const fs::path &folder) : m_path((folder / (std::string(kUnfinished) + "XXXXXX")).string())
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
    /// @param[out] savedNs what the file system made of the time.
    int stamp(std::int64_t &savedNs) const
    {
        struct stat state{};
        if (futimens(m_descriptor, Now().times) != 0 || fstat(m_descriptor, &state) != 0)
            return errno;
        savedNs = nsOf(state.st_mtim);
        return 0;
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

/// The whole content of a plain file. A stream would throw where a folder is in its place, or a disk does not give it.
/// @return 0 or an errno value.
int readContent(const fs::path &file, std::vector<std::uint8_t> &bytes)
{
    const FileDescriptor opened(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)); // nobody may ever write into a pipe
    struct stat state{};
    if (!opened.isOpen() || fstat(opened.number(), &state) != 0)
        return errno;
    if (!S_ISREG(state.st_mode))
        return EISDIR;
    bytes.resize(static_cast<std::size_t>(state.st_size));
    for (std::size_t got = 0; got < bytes.size();) {
        const ssize_t count = ::read(opened.number(), bytes.data() + got, bytes.size() - got);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return count < 0 ? errno : EIO; // it was cut meanwhile
        got += static_cast<std::size_t>(count);
    }
    return 0;
}

/// @return 0 where @p file holds @p bytes, else an errno value.
int compareContent(const fs::path &file, const std::vector<std::uint8_t> &bytes)
{
    std::vector<std::uint8_t> content;
    const int reason = readContent(file, content);
    return reason == 0 && content != bytes ? EIO : reason;
}

/// @return 0 or an errno value.
int makeFolder(const fs::path &folder)
{
    if (mkdir(folder.c_str(), 0700) != 0)
        return errno == EEXIST ? 0 : errno;
    const int status = flushFolder(folder.parent_path());
    if (status != 0)
        rmdir(folder.c_str()); // else the next picture would take it for safe
    return status;
}

} // namespace

bool isPicturePath(const StoredPicture &picture)
{
    const std::string &sha256 = picture.sha256;
    const bool isHash = sha256.size() == 64 && sha256.find_first_not_of("0123456789abcdef") == std::string::npos;
    const std::string stem = "pictures/" + sha256.substr(0, 2) + "/" + sha256;
    return isHash && (picture.path == stem + ".jpg" || picture.path == stem + ".png");
}

StoredPicture PictureStore::placeOf(const EvidencePicture &picture)
{
    StoredPicture place;
    place.sha256 = sha256Hex(picture.bytes);
    place.path = "pictures/" + place.sha256.substr(0, 2) + "/" + place.sha256 + (picture.format == EvidenceFormat::Png ? ".png" : ".jpg");
    place.bytes = static_cast<std::int64_t>(picture.bytes.size());
    return place;
}

bool PictureStore::hasFile(const StoredPicture &place) const
{
    std::error_code problem;
    return fs::exists(m_dataFolder / place.path, problem);
}

Result<StoredPicture> PictureStore::save(const EvidencePicture &picture, const StoredPicture &at) const
{
    const fs::path place = m_dataFolder / at.path, pictures = m_dataFolder / "pictures";
    StoredPicture stored = at;
    // A file whose content does not match its name was altered or cut; the right content replaces it.
    if (compareContent(place, picture.bytes) == 0) {
        const Now now; // saved now: removeUnlessBusy() and removeUnlessSavedAgain() look at it
        struct stat state{};
        if (utimensat(AT_FDCWD, place.c_str(), now.times, 0) == 0 && stat(place.c_str(), &state) == 0)
            stored.savedNs = nsOf(state.st_mtim);
        // Whoever put it there may have been killed before its name was on the disk.
        for (const fs::path &folder : {place.parent_path(), pictures}) {
            if (const int reason = flushFolder(folder); reason != 0)
                return cannotSave(reason, place);
        }
        return stored;
    }
    if (const Result<void> hasRoom = checkDiskRoom(m_dataFolder, at.bytes, "the picture was not saved"); !hasRoom)
        return failure(hasRoom.error());
    for (const fs::path &folder : {pictures, place.parent_path()}) {
        if (const int reason = makeFolder(folder); reason != 0)
            return cannotSave(reason, folder / "file");
    }
    UnfinishedFile file(pictures); // all of them in one folder: what is left of them is found without a look at a million others
    int reason = file.status();
    if (reason == 0)
        reason = file.write(picture.bytes);
    if (reason == 0)
        reason = file.stamp(stored.savedNs);
    if (reason == 0)
        reason = file.flush();
    if (reason == 0)
        reason = file.closeFile();
    if (reason == 0)
        reason = compareContent(file.path(), picture.bytes);
    if (reason == 0)
        reason = file.keepAs(place);
    if (reason == 0) {
        reason = flushFolder(place.parent_path());
        if (reason != 0)
            unlink(place.c_str()); // else the next one of this content would find it and take it for safe
    }
    if (reason != 0)
        return cannotSave(reason, place);
    return stored;
}

void PictureStore::removeUnlessSavedAgain(const StoredPicture &picture) const
{
    const fs::path place = m_dataFolder / picture.path;
    struct stat state{};
    if (lstat(place.c_str(), &state) == 0 && nsOf(state.st_mtim) == picture.savedNs)
        unlink(place.c_str()); // what stays is a file that nothing names
}

void PictureStore::removeUnfinished() const
{
    std::error_code problem; // what stays takes room, and does no harm
    const fs::file_time_type old = fs::file_time_type::clock::now() - std::chrono::milliseconds(kBusyMs);
    for (fs::directory_iterator it(m_dataFolder / "pictures", problem), end; !problem && it != end; it.increment(problem)) {
        std::error_code ignored;
        if (it->path().filename().string().starts_with(kUnfinished) && it->is_regular_file(ignored) && it->last_write_time(ignored) < old)
            fs::remove(it->path(), ignored);
    }
}

Result<bool> PictureStore::removeUnlessBusy(const StoredPicture &picture, std::int64_t nowUtcMs) const
{
    const fs::path place = m_dataFolder / picture.path;
    if (!isPicturePath(picture))
        return failure(code::EvidenceAltered, "'" + picture.path + "' is no place of a picture; nothing was deleted", picture.path);
    struct stat state{};
    if (lstat(place.c_str(), &state) != 0)
        return errno == ENOENT || errno == ENOTDIR ? Result<bool>(true) : cannotSave(errno, place);
    if (!S_ISREG(state.st_mode))
        return failure(code::EvidenceAltered, "'" + picture.path + "' is no plain file; nothing was deleted", picture.path);
    if (nowUtcMs - std::int64_t{state.st_mtim.tv_sec} * 1000 < kBusyMs)
        return false;
    // An unlinking that a power cut takes back leaves a file that nothing needs; saving the same picture finds it.
    return unlink(place.c_str()) == 0 ? Result<bool>(true) : cannotSave(errno, place);
}

Result<std::vector<std::uint8_t>> PictureStore::read(const std::string &relativePath, const std::string &sha256) const
{
    std::vector<std::uint8_t> bytes;
    if (readContent(m_dataFolder / relativePath, bytes) != 0)
        return failure(code::EvidenceMissing, "evidence image missing", relativePath);
    if (sha256Hex(bytes) != sha256)
        return failure(code::EvidenceAltered, "evidence hash differs", relativePath);
    return bytes;
}

} // namespace auroraedge::app
