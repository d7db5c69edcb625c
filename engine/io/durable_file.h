#pragma once

#include "engine/api/result.h"

#include <cstddef>
#include <filesystem>
#include <span>

namespace auroraedge::engine {

/// Writes @p parts one after the other through a temporary name beside @p path, fsync and rename: afterwards there is
/// the old file or the whole new one. The temporary ends in ".partial" and is removed on failure.
/// @return FS-07 (folder not writable), FS-09 (disk full) or FS-10 (storage fault).
Result<void> writeDurably(const std::filesystem::path &path, std::span<const std::span<const std::byte>> parts);

/// A file that has no name until it is whole: when the program is killed meanwhile, nothing of it is left.
class UnnamedFile final
{
public:
    /// On the file system of @p folder. @return FS-07, FS-09, FS-10.
    static Result<UnnamedFile> create(const std::filesystem::path &folder);
    UnnamedFile(UnnamedFile &&other) noexcept;
    UnnamedFile &operator=(UnnamedFile &&) = delete;
    ~UnnamedFile();

    Result<void> append(std::span<const std::byte> bytes);
    /// Fsync, then the name. REQUIRES: no file at @p path, and @p path on the same file system.
    Result<void> publish(const std::filesystem::path &path);

private:
    UnnamedFile(int descriptor, std::filesystem::path folder, std::filesystem::path temporary);

    int m_descriptor;
    std::filesystem::path m_folder;
    std::filesystem::path m_temporary; ///< where the file system knows no files without a name (network, FAT)
};

/// Fsync of a folder: what was created, renamed or removed in it lasts. @return FS-10.
Result<void> syncFolder(const std::filesystem::path &folder);

} // namespace auroraedge::engine
