#pragma once

#include <string>

namespace auroraedge::app {

/// Name of the account that runs this program, for what is stored of a person's doings; its number where it has no name.
[[nodiscard]] std::string accountName();

} // namespace auroraedge::app
