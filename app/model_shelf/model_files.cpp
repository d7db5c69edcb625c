#include "app/model_shelf/model_files.h"

#include "app/settings/checksums.h"
#include "app/settings/file_descriptor.h"
#include "app/settings/flush_folder.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <optional>
#include <unistd.h>
#include <utility>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kSyncBytes = std::size_t{64} << 20;

Failure unwritten(const fs::path &file, int reason)
{
    if (reason == ENOSPC || reason == EDQUOT)
        return failure(code::DiskFull, "the disk is full", file.parent_path().string());
    if (reason == EIO)
        return failure(code::DiskFault, "the disk reports a fault", file.string());
    return failure(code::FolderNotWritable, file.parent_path().string() + " cannot be written to", file.parent_path().string());
}

/// Counts bytes of a whole and tells when a hundredth more is done.
class Share final
{
public:
    Share(const FilesProgress &progress, std::int64_t whole) : m_progress(progress), m_whole(std::max<std::int64_t>(1, whole)) {}
    void add(std::int64_t bytes)
    {
        m_done += bytes;
        const int hundredths = static_cast<int>(100 * std::min(m_done, m_whole) / m_whole);
        if (m_progress && std::exchange(m_told, hundredths) != hundredths)
            m_progress(hundredths / 100.0);
    }

private:
    const FilesProgress &m_progress;
    std::int64_t m_whole, m_done = 0;
    int m_told = -1;
};

Result<void> copyFile(const fs::path &from, const fs::path &to, Share &share, const std::stop_token &stop)
{
    const FileDescriptor out(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (!out.isOpen())
        return unwritten(to, errno);
    std::size_t unsynced = 0;
    Result<void> copied = readBlocks(from, stop, [&](const char *bytes, std::size_t count) -> Result<void> {
        for (std::size_t done = 0; done < count;) {
            const ssize_t written = ::write(out.number(), bytes + done, count - done);
            if (written < 0 && errno == EINTR)
                continue;
            if (written < 0)
                return unwritten(to, errno);
            done += static_cast<std::size_t>(written);
        }
        unsynced += count;
        if (unsynced >= kSyncBytes) { // piece by piece, so that neither the end nor a cancel waits for gigabytes
            if (::fdatasync(out.number()) != 0)
                return unwritten(to, errno);
            unsynced = 0;
        }
        share.add(static_cast<std::int64_t>(count));
        return {};
    });
    if (copied && ::fsync(out.number()) != 0)
        return unwritten(to, errno);
    return copied;
}

Result<std::vector<fs::directory_entry>> plainFilesOf(const fs::path &folder)
{
    std::error_code problem;
    std::vector<fs::directory_entry> files;
    for (fs::directory_iterator it(folder, problem), end; !problem && it != end; it.increment(problem)) {
        std::error_code unknown;
        if (it->is_regular_file(unknown)) // also through a link: Hugging Face's cache keeps files elsewhere
            files.push_back(*it);
        else if (it->is_symlink(unknown) && !fs::exists(it->path(), unknown))
            return failure(code::FileNotFound, it->path().filename().string() + " is a link to a file that is not there", it->path().string());
    }
    if (problem)
        return failure(code::FolderGone, "the folder " + folder.string() + " cannot be read", folder.string());
    std::ranges::sort(files);
    return files;
}

std::int64_t bytesOf(const std::vector<fs::directory_entry> &files)
{
    std::int64_t bytes = 0;
    std::error_code ignored;
    for (const fs::directory_entry &file : files)
        bytes += static_cast<std::int64_t>(file.file_size(ignored));
    return bytes;
}

} // namespace

Result<FilesReport> checkFiles(const fs::path &folder, const FilesProgress &progress, std::stop_token stop)
{
    FilesReport report;
    const Result<std::optional<Checksums>> listed = readChecksums(folder);
    if (!listed)
        return failure(listed.error());
    if (!*listed)
        return report;
    report.hasList = true;
    std::int64_t whole = 0;
    std::error_code ignored;
    for (const auto &[name, hash] : **listed)
        whole += fs::is_regular_file(folder / name, ignored) ? static_cast<std::int64_t>(fs::file_size(folder / name, ignored)) : 0;
    Share share(progress, whole);
    for (const auto &[name, hash] : **listed) {
        const Result<std::string> found = sha256OfFile(folder / name, stop, [&share](std::int64_t bytes) { share.add(bytes); });
        if (!found && found.error().code == code::Cancelled)
            return failure(found.error());
        if (found && *found == hash)
            ++report.good;
        else
            report.altered.push_back(name);
    }
    return report;
}

Result<std::int64_t> bytesOf(const fs::path &folder)
{
    const Result<std::vector<fs::directory_entry>> files = plainFilesOf(folder);
    if (!files)
        return failure(files.error());
    return bytesOf(*files);
}

Result<void> copyFiles(const fs::path &from, const fs::path &to, const FilesProgress &progress, std::stop_token stop)
{
    const Result<std::vector<fs::directory_entry>> files = plainFilesOf(from);
    if (!files)
        return failure(files.error());
    std::error_code problem;
    fs::create_directories(to, problem);
    if (problem)
        return unwritten(to, problem.value());
    const std::int64_t whole = bytesOf(*files);
    if (const fs::space_info space = fs::space(to, problem); !problem && static_cast<std::uintmax_t>(whole) > space.available)
        return unwritten(to / "x", ENOSPC);
    Share share(progress, whole);
    for (const fs::directory_entry &file : *files) {
        if (Result<void> copied = copyFile(file.path(), to / file.path().filename(), share, stop); !copied)
            return copied;
    }
    if (const int reason = flushFolder(to); reason != 0)
        return unwritten(to / "x", reason);
    return {};
}

} // namespace auroraedge::app
