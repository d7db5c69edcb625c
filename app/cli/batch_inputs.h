#pragma once

#include "engine/api/result.h"

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace auroraedge::app {

/// One file that a batch is to ask about, or why it cannot be.
struct BatchInput
{
    std::string path;
    std::optional<Error> refused; ///< FS-01..FS-05, FS-12
};

struct BatchInputs
{
    std::vector<BatchInput> inputs; ///< sorted by path, byte by byte; no path twice
    int skippedFiles = 0;           ///< in the folders, not pictures by their names
};

/// Files of @p paths: a folder (its pictures; with @p recursive also those below), a glob, a list file (.txt or .lst,
/// a path a line, relative to the list) or a picture. Links to folders are not followed; a link to a file outside of
/// its folder is refused. @return FS-12, FS-01, FS-03, FS-05 when one of @p paths itself cannot be reached, FS-06 when
/// a folder goes meanwhile, FS-11, Cancelled.
Result<BatchInputs> collectBatchInputs(const std::vector<std::string> &paths, bool recursive, std::stop_token stop);

} // namespace auroraedge::app
