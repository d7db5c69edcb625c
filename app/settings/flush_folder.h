#pragma once

#include <filesystem>

namespace auroraedge::app {

/// A name that is written into a folder is safe only when the folder is flushed, too. @return 0 or an errno value.
[[nodiscard]] int flushFolder(const std::filesystem::path &folder);

} // namespace auroraedge::app
