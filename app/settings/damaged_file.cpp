#include "app/settings/damaged_file.h"

#include <system_error>

namespace auroraedge::app {

Result<std::filesystem::path> keepDamaged(const std::filesystem::path &file)
{
    std::filesystem::path kept = file.string() + ".damaged";
    std::error_code problem;
    for (int number = 2; std::filesystem::exists(std::filesystem::symlink_status(kept, problem)); ++number)
        kept = file.string() + ".damaged-" + std::to_string(number);
    std::filesystem::rename(file, kept, problem);
    if (problem)
        return failure(code::FolderNotWritable, "cannot keep the damaged " + file.string() + ": " + problem.message(), file.string());
    return kept;
}

} // namespace auroraedge::app
