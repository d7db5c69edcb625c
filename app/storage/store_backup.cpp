#include "app/storage/store_backup.h"

#include "app/settings/file_descriptor.h"
#include "app/storage/answer_rows.h"
#include "app/storage/answer_store.h"
#include "app/storage/database.h"
#include "app/storage/store_check.h"
#include "app/storage/store_users.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <string>
#include <unistd.h>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

Failure cannotWrite(const fs::path &copy, int reason)
{
    if (reason == ENOSPC || reason == EDQUOT || reason == EFBIG)
        return failure(code::DiskFull, "disk full: " + copy.string() + " could not be written", copy.string());
    if (reason == EIO)
        return failure(code::DiskFault, "storage error while saving; call maintenance", copy.string());
    const std::string folder = copy.parent_path().string();
    return failure(code::FolderNotWritable, "cannot write to " + folder + " (" + std::strerror(reason) + "); choose another", folder);
}

/// A folder beside the copy, in which it is made with whatever SQLite puts beside it; gone with this object.
class Workplace final
{
public:
    explicit Workplace(const fs::path &copy) : m_folder(copy.string() + ".part-XXXXXX")
    {
        m_reason = mkdtemp(m_folder.data()) ? 0 : errno;
    }
    Workplace(const Workplace &) = delete;
    Workplace &operator=(const Workplace &) = delete;
    ~Workplace()
    {
        std::error_code ignored;
        if (m_reason == 0)
            fs::remove_all(m_folder, ignored);
    }

    [[nodiscard]] int reason() const { return m_reason; } ///< errno; 0 when it is there
    [[nodiscard]] fs::path file() const { return fs::path(m_folder) / "inspector.db"; }

private:
    std::string m_folder;
    int m_reason = 0;
};

int flush(const fs::path &place, int flags)
{
    const FileDescriptor opened(open(place.c_str(), O_RDONLY | O_CLOEXEC | flags));
    return opened.isOpen() && fsync(opened.number()) == 0 ? 0 : errno;
}

/// Of a database that the copy takes the place of: nobody has it open, or opens it until this object is gone. Nothing where
/// none was ever opened there.
Result<std::unique_ptr<StoreUsers>> keepOthersOut(const fs::path &copy)
{
    const fs::path file = copy.string() + ".users", log = copy.string() + "-wal";
    std::error_code problem;
    std::unique_ptr<StoreUsers> users;
    if (fs::exists(file, problem)) {
        Result<std::unique_ptr<StoreUsers>> joined = StoreUsers::join(file);
        if (!joined)
            return joined;
        if (!(*joined)->beAlone())
            return failure(code::DatabaseLocked, copy.string() + " is in use by another program; close that first", copy.string());
        users = *std::move(joined);
    }
    if (const std::uintmax_t bytes = fs::file_size(log, problem); !problem && bytes > 0)
        return failure(code::Usage, log.string() + " is the log of another database and would be read into the copy; choose another file", copy.string());
    return users;
}

/// Makes one file of the copy and looks whether it is whole. @return its answers.
Result<std::int64_t> finish(const fs::path &file, const std::stop_token &stop)
{
    const Result<std::unique_ptr<Database>> copied = Database::open(file, Database::Access::ReadWrite);
    if (!copied)
        return failure(copied.error());
    if (const Result<std::string> mode = (*copied)->text("PRAGMA journal_mode = DELETE"); !mode)
        return failure(mode.error());
    std::optional<Error> first;
    const auto remember = [&first](const Error &error) { first = first.value_or(error); };
    const Result<std::int64_t> faults = checkDatabase(**copied, remember, stop);
    if (!faults)
        return failure(faults.error());
    if (first)
        return failure(withContext(*first, "the copy is not whole"));
    return countRows(**copied);
}

} // namespace

bool isOfStore(const fs::path &dataFolder, const fs::path &file)
{
    constexpr std::array kParts = {"", "-wal", "-shm", "-journal", ".turn", ".users"};
    std::error_code problem;
    const fs::path folder = fs::weakly_canonical(dataFolder, problem), place = fs::weakly_canonical(file.parent_path(), problem);
    if (place == folder)
        return std::ranges::any_of(kParts, [&](const char *part) { return file.filename() == std::string("inspector.db") + part; });
    const fs::path inside = place.lexically_relative(folder);
    return !inside.empty() && *inside.begin() == "pictures";
}

Result<std::int64_t> backUpDatabase(const fs::path &dataFolder, const fs::path &copy, bool replaces, const std::stop_token &stop)
{
    std::error_code problem;
    if (isOfStore(dataFolder, copy) || fs::equivalent(copy, dataFolder / "inspector.db", problem))
        return failure(code::Usage, copy.string() + " is the database itself, or a part of it; choose another file", copy.string());
    if (fs::is_directory(copy, problem) || (!replaces && fs::exists(fs::symlink_status(copy, problem))))
        return failure(code::Usage, copy.string() + " is there already", copy.string());
    const Result<std::unique_ptr<AnswerReader>> reader = AnswerReader::open(dataFolder);
    if (!reader)
        return failure(reader.error());
    const Result<std::unique_ptr<StoreUsers>> others = keepOthersOut(copy);
    if (!others)
        return failure(others.error());
    const Workplace workplace(copy);
    if (workplace.reason() != 0)
        return cannotWrite(copy, workplace.reason());
    const fs::path file = workplace.file();
    if (const Result<void> copied = (*reader)->database().backup(file); !copied)
        return failure(copied.error());
    Result<std::int64_t> answers = finish(file, stop);
    if (!answers)
        return answers;
    if (stop.stop_requested())
        return failure(code::Cancelled, "stopped; nothing was written", copy.string());
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write, problem);
    int reason = flush(file, 0);
    if (reason == 0)
        reason = rename(file.c_str(), copy.c_str()) == 0 ? 0 : errno;
    if (reason == 0)
        reason = flush(copy.parent_path(), O_DIRECTORY);
    if (reason != 0)
        return cannotWrite(copy, reason);
    return answers;
}

} // namespace auroraedge::app
