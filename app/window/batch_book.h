#pragma once

#include "engine/api/result.h"
#include "ui/models/batch.h"

#include <filesystem>
#include <optional>

namespace auroraedge::app {

/// The jobs of the Batch page from one start of the window to the next. Waits for the disk. Thread: any.
struct BatchBook
{
    ui::BatchJobs jobs;          ///< in their order, without ids; what was open is paused
    std::optional<Error> notice; ///< SET-01: what could not be understood was kept, in the whole file, beside it

    /// A file that is missing is an empty book. @return FS-01, FS-02, FS-07: nothing was touched.
    static Result<BatchBook> read(const std::filesystem::path &file);
    /// @return FS-07, FS-09, FS-10; the file is as it was then.
    static Result<void> write(const std::filesystem::path &file, const ui::BatchJobs &jobs);
};

/// The first @p most rows of a list of failed files (`<out>.failed.csv`); one that is missing is empty. Waits for the disk.
/// @return FS-02.
Result<ui::BatchFailures> readFailedList(const std::filesystem::path &file, qsizetype most);

} // namespace auroraedge::app
