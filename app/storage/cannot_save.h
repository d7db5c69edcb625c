#pragma once

#include "engine/api/result.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>

namespace auroraedge::app {

/// What it means to the user that a call on @p place has failed for @p reason, an errno value: FS-07, FS-09, FS-10, FS-11.
inline Failure cannotSave(int reason, const std::filesystem::path &place)
{
    const std::string folder = place.parent_path().string();
    switch (reason) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG: return failure(code::DiskFull, "disk full: result could not be stored", place.string());
    case EACCES:
    case EPERM:
    case EROFS:
    case ENOENT:
    case ENOTDIR:
        return failure(code::FolderNotWritable,
                       "cannot write to " + folder + " (" + std::strerror(reason) + "); choose another", folder);
    case EMFILE:
    case ENFILE: return failure(code::SystemLimit, "system limit reached (open files)", place.string());
    default:
        return failure(code::DiskFault,
                       std::string("storage error while saving; call maintenance (") + std::strerror(reason) + ")",
                       place.string());
    }
}

} // namespace auroraedge::app
