#pragma once

#include "engine/api/result.h"

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace auroraedge::app {

/// One file that a batch is to ask about, or why it cannot be.
struct BatchInput
{
    std::string path;
    std::optional<Error> refused; ///< FS-01..FS-05, FS-12
};

/// One of several parts of a list. A file's part depends on the bytes of its path alone, as it stands in the list: the same
/// command with the same paths shares the files in the same way on every machine. REQUIRES: 1 <= number <= count.
struct Shard
{
    int number = 1, count = 1;
};

struct BatchSelection
{
    /// Folders, globs, list files (.txt, .lst: a path a line, absolute or relative to the list), pictures; "-": a list on
    /// the standard input, relative to the working folder. What is there under a name is taken before it is read as a glob.
    std::vector<std::string> paths = {};
    bool recursive = false;
    bool followLinks = false; ///< links to files outside of the folder are taken, too; those to folders never
    /// Globs for names of files (without folders; byte by byte): of the pictures in folders, globs and lists only those that
    /// one of `include` matches (none: all) and none of `exclude`. A picture that was named itself is always taken.
    std::vector<std::string> include = {}, exclude = {};
    Shard shard = {};
    std::int64_t limit = 0; ///< the first so many of the part; 0 = all. A watch does not heed it
};

/// The files of a batch, sorted by path byte by byte, no path twice. Compact: sixteen bytes and the name a file, so that a
/// million of them take some 35 MB.
///
/// Thread safety: immutable after collect(); const members may be called concurrently.
class BatchList final
{
public:
    /// @param in where "-" is read from; null or std::cin: the standard input, and then a stop also ends the waiting for it.
    /// @return FS-12, FS-01, FS-03, FS-05 when one of the paths itself cannot be reached, FS-06 when a folder goes meanwhile,
    /// FS-11, Cancelled.
    static Result<BatchList> collect(const BatchSelection &selection, std::stop_token stop, std::istream *in = nullptr);

    [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(m_files.size()); }
    [[nodiscard]] bool empty() const { return m_files.empty(); }
    /// REQUIRES: 0 <= index < size().
    [[nodiscard]] BatchInput at(std::int64_t index) const;
    [[nodiscard]] std::int64_t skippedFiles() const { return m_skippedFiles; } ///< in the folders, not pictures by their names
    /// The folders that were looked through, named ones first.
    [[nodiscard]] const std::vector<std::string> &folders() const { return m_folders; }
    /// Whether every folder that was named is still there, on the file system that it was on: of an unmounted one an empty
    /// folder stays. @return FS-06 otherwise.
    [[nodiscard]] Result<void> checkFolders() const;

private:
    friend class BatchCollector;
    BatchList() = default;

    struct File
    {
        std::uint64_t name = 0;      ///< where it begins in m_names
        std::uint32_t prefix = 0;    ///< number in m_prefixes
        std::uint16_t nameBytes = 0; ///< a path of more than some 4,000 is cut before it gets here
        std::uint8_t refusal = 0;    ///< as Refusal; 0: none
    };
    [[nodiscard]] std::string_view nameOf(const File &file) const { return std::string_view(m_names).substr(file.name, file.nameBytes); }
    /// Below, at or above 0 as the whole paths compare, without putting them together.
    [[nodiscard]] int compare(const File &a, const File &b) const;

    std::string m_names;                 ///< of all files, one after the other
    std::vector<std::string> m_prefixes; ///< what goes before the names: "line/below/"
    std::vector<File> m_files;
    std::vector<std::string> m_folders;
    std::vector<std::uint64_t> m_fileSystems; ///< of the named ones at the beginning of m_folders
    std::int64_t m_skippedFiles = 0;
};

} // namespace auroraedge::app
