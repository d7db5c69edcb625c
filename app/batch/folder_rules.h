#pragma once

#include "app/batch/batch_list.h"

#include <cstdint>
#include <ctime>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include <dirent.h>

namespace auroraedge::app {

/// Why a file of a batch is not asked about. A byte in the list; the sentence is made when somebody reads it.
enum class Refusal : std::uint8_t { Unreadable = 1, NotRegular, LinkLoop, LinkOutside, PathTooLong, Missing };
/// @return FS-01..FS-05, FS-12 about @p path.
[[nodiscard]] Error errorOf(Refusal refusal, const std::string &path);

/// Why a path that was named cannot be looked into. @param reason as errno. @return FS-01, FS-03, FS-05, FS-11, FS-12.
[[nodiscard]] Error unreachable(const std::string &path, int reason);

/// What a path must begin with to lie in @p folder: "line/" of "line" and of "line/".
[[nodiscard]] std::string prefixOf(const std::string &folder);

/// Longest path that the system takes, without its final zero.
inline constexpr std::size_t kLongestPath = 4095;

/// The names in one folder, in the system's order, as they come: a big folder is never held as a whole.
class FolderReader final
{
public:
    /// @param isNamed the user wrote this path: it may be a link.
    FolderReader(const std::string &folder, bool isNamed);

    /// @return the next entry but "." and ".."; null at the end or at a problem.
    const dirent *next();
    /// As errno; 0: none so far.
    [[nodiscard]] int problem() const { return m_problem; }

private:
    std::unique_ptr<DIR, int (*)(DIR *)> m_folder;
    int m_problem = 0;
};

/// What a batch takes of the folders that it looks through; the same for a list and for a watch.
class FolderRules final
{
public:
    /// @param selection must outlive this.
    explicit FolderRules(const BatchSelection &selection) : m_selection(selection) {}

    enum class Kind : std::uint8_t { Picture = 1, Folder, OtherFile, LeftOut, Refused };
    struct Entry
    {
        Kind kind;
        Refusal refusal = {}; ///< of Kind::Refused
    };
    /// @param prefix of the folder, see prefixOf(). @param type as in dirent; the file is looked at only where that does not tell enough.
    /// @param root the canonical path of the named folder, which links must not leave.
    [[nodiscard]] Entry entry(const std::string &prefix, const char *name, unsigned char type, const std::filesystem::path &root) const;
    /// Whether the include and exclude globs take a file of this name.
    [[nodiscard]] bool takesName(const char *name) const;
    /// Whether the file belongs to the selection's part. A hash of the path's bytes decides and nothing else, so that
    /// several machines with the same paths share a batch without a word between them.
    [[nodiscard]] bool isInPart(std::string_view prefix, std::string_view name) const;

private:
    [[nodiscard]] Entry link(const std::string &prefix, const char *name, const std::filesystem::path &root) const;

    const BatchSelection &m_selection;
};

/// Since the epoch, as a file's time of change is compared.
[[nodiscard]] constexpr std::int64_t nanosecondsOf(const timespec &time)
{
    return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec;
}

} // namespace auroraedge::app
