#pragma once

#include "engine/api/result.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include <time.h>

namespace auroraedge::engine {

class GuardedRange;

/// A regular file mapped read-only for as long as the object lives. Pages come from the page cache and are shared with
/// every other process that maps the file. When another process cuts the file meanwhile, the lost bytes read as zeros
/// (by itself the system would end the program) and hasChanged() tells.
class MappedFile final
{
public:
    /// @return FS-12 (missing), FS-01 (no permission), FS-02 (not a regular file), FS-11 (too many files mapped).
    static Result<std::shared_ptr<const MappedFile>> open(const std::filesystem::path &path);
    ~MappedFile();
    MappedFile(const MappedFile &) = delete;
    MappedFile &operator=(const MappedFile &) = delete;

    [[nodiscard]] std::span<const std::byte> bytes() const { return {m_data, m_size}; }
    [[nodiscard]] std::string_view text() const { return {reinterpret_cast<const char *>(m_data), m_size}; }
    /// Whether somebody wrote into the file or cut it since it was opened. A file put in its place does no harm: the
    /// mapping keeps the old one.
    [[nodiscard]] bool hasChanged() const;

private:
    explicit MappedFile(int descriptor) : m_descriptor(descriptor) {}

    int m_descriptor;
    const std::byte *m_data = nullptr;
    std::size_t m_size = 0;
    struct timespec m_modified = {};
    GuardedRange *m_guard = nullptr; ///< of the mapped bytes; null for an empty file
};

/// Gives the pages of mapped @p bytes back; the next read takes them from the file again. For what is read once, so that
/// a large file does not count as this program's memory.
void forgetPages(std::span<const std::byte> bytes);

/// The files that tensors point into.
using MappedFiles = std::vector<std::shared_ptr<const MappedFile>>;

} // namespace auroraedge::engine
