#pragma once

#include "engine/api/result.h"

#include <filesystem>
#include <string>

namespace auroraedge::app {

/// Where everything that the program keeps lives; see the layout below.
class DataFolder final
{
public:
    /// --data-dir, else $AURORAEDGE_HOME, else $XDG_DATA_HOME/auroraedge, else ~/.local/share/auroraedge.
    /// Creates nothing. @param option of --data-dir; empty = not given.
    static DataFolder resolve(const std::filesystem::path &option = {});

    [[nodiscard]] const std::filesystem::path &root() const { return m_root; }
    [[nodiscard]] std::filesystem::path databaseFile() const { return m_root / "inspector.db"; }
    [[nodiscard]] std::filesystem::path picturesFolder() const { return m_root / "pictures"; }
    [[nodiscard]] std::filesystem::path modelsFolder() const { return m_root / "models"; }
    [[nodiscard]] std::filesystem::path recipesFolder() const { return m_root / "recipes"; }
    [[nodiscard]] std::filesystem::path logsFolder() const { return m_root / "logs"; }
    [[nodiscard]] std::filesystem::path windowLockFile() const { return m_root / "window.lock"; }

    /// Makes the folders (mode 0700) and proves that a file can be written. @return FS-07.
    [[nodiscard]] Result<void> create() const;

private:
    explicit DataFolder(std::filesystem::path root) : m_root(std::move(root)) {}

    std::filesystem::path m_root; ///< absolute
};

} // namespace auroraedge::app
