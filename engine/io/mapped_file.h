#pragma once

#include "engine/api/result.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

namespace auroraedge::engine {

/// A regular file mapped read-only for as long as the object lives. Pages come from the page cache and are shared with
/// every other process that maps the file.
class MappedFile final
{
public:
    /// @return FS-12 (missing), FS-01 (no permission), FS-02 (not a regular file).
    static Result<std::shared_ptr<const MappedFile>> open(const std::filesystem::path &path);
    ~MappedFile();
    MappedFile(const MappedFile &) = delete;
    MappedFile &operator=(const MappedFile &) = delete;

    [[nodiscard]] std::span<const std::byte> bytes() const { return {m_data, m_size}; }
    [[nodiscard]] std::string_view text() const { return {reinterpret_cast<const char *>(m_data), m_size}; }

private:
    MappedFile(const std::byte *data, std::size_t size) : m_data(data), m_size(size) {}

    const std::byte *m_data;
    std::size_t m_size;
};

} // namespace auroraedge::engine
