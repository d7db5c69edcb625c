#pragma once

#include "app/settings/file_descriptor.h"
#include "engine/api/result.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace auroraedge::app {

/// A folder of results: filled beside its place, as "<place>.part", and moved there when it is whole. Until then an older
/// one stays; a run that fails leaves nothing of its own. Two programs that fill the same place would mix their files, so
/// the second is kept out.
class OutFolder final
{
public:
    /// @param marker name of a file that only folders of this kind have. A folder that is there is replaced if it has the
    /// marker and @p replaces says so: no other folder of the user's is ever removed.
    /// @return CLI-01 (it is there), FS-07, APP-01 while another program fills it.
    static Result<std::unique_ptr<OutFolder>> create(const std::filesystem::path &place, const std::string &marker, bool replaces);
    OutFolder(const OutFolder &) = delete;
    OutFolder &operator=(const OutFolder &) = delete;
    ~OutFolder();

    /// Where it lies until publish().
    [[nodiscard]] const std::filesystem::path &unfinished() const { return m_unfinished; }
    /// A new file in it, and the folders that @p name goes through. @return FS-07, FS-09, FS-10.
    Result<void> write(const std::filesystem::path &name, std::span<const std::uint8_t> bytes) const;
    Result<void> write(const std::filesystem::path &name, std::string_view text) const;
    /// Adds to the end of a file. @return as write().
    Result<void> append(const std::filesystem::path &name, std::string_view text) const;
    /// Afterwards it lies at its place, on the disk. @return FS-07, FS-09, FS-10.
    Result<void> publish();

private:
    OutFolder(std::filesystem::path place, bool replaces, int descriptor);
    Result<void> put(const std::filesystem::path &name, std::span<const std::uint8_t> bytes, int flags) const;
    [[nodiscard]] Failure problem(int reason) const;

    const std::filesystem::path m_place, m_unfinished;
    const bool m_replaces;
    FileDescriptor m_descriptor; ///< of the unfinished folder, locked
    bool m_isPublished = false;
};

} // namespace auroraedge::app
