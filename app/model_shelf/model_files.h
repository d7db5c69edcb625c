#pragma once

#include "engine/api/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace auroraedge::app {

/// Share of the bytes that are done, 0..1; at most some hundred calls.
using FilesProgress = std::function<void(double)>;

/// What SHA256SUMS of a model folder says about its files.
struct FilesReport
{
    bool hasList = false;             ///< without one there is nothing to compare with
    int good = 0;                     ///< files that are as listed
    std::vector<std::string> altered; ///< and the missing ones, by name

    [[nodiscard]] bool isGood() const { return hasList && altered.empty(); }
};

/// Reads every listed file. @return as readChecksums() (app/settings/checksums.h), code::Cancelled.
Result<FilesReport> checkFiles(const std::filesystem::path &folder, const FilesProgress &progress, std::stop_token stop);

/// All plain files of @p folder, not of folders in it. @return FS-06.
Result<std::int64_t> bytesOf(const std::filesystem::path &folder);

/// Copies the plain files of @p from into the new folder @p to and brings them onto the disk.
/// @return FS-01, FS-07, FS-09 (also when there is too little room from the start), FS-10, code::Cancelled; @p to is then to be removed.
Result<void> copyFiles(const std::filesystem::path &from, const std::filesystem::path &to, const FilesProgress &progress,
                       std::stop_token stop);

} // namespace auroraedge::app
