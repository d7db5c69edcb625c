#pragma once

#include "app/settings/data_folder.h"
#include "engine/api/result.h"

#include <filesystem>
#include <string>

namespace auroraedge::app {

inline constexpr char kDefaultModel[] = "nano"; ///< ships under resources/models

/// What ships beside the program: <executable>/../share/auroraedge when installed, else the source tree's
/// resources/. Holds models/, demo/.
[[nodiscard]] std::filesystem::path resourceFolder();

/// Folder of a model given by name or folder: a name is looked up in models/ of the data folder, then of the
/// resources, then as a folder here; anything with a slash is a folder. Empty = kDefaultModel. @return MOD-21 naming the places that were looked at.
Result<std::filesystem::path> resolveModelFolder(const std::string &nameOrFolder, const DataFolder &dataFolder);

/// Folder of the running executable.
[[nodiscard]] std::filesystem::path executableFolder();

} // namespace auroraedge::app
