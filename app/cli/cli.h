#pragma once

#include "engine/api/engine.h"

#include <functional>
#include <iosfwd>
#include <stop_token>
#include <string>
#include <vector>

namespace auroraedge::app {

/// What the commands of the outside world need; a test gives its own.
struct CliContext
{
    /// Opened when a command needs it and not before. @return ENG-04.
    std::function<Result<Engine *>()> openEngine;
    std::istream &in;
    std::ostream &out; ///< answers and data
    std::ostream &err; ///< progress and logs
    std::stop_token stop;
};

/// Runs `auroraedge ARGUMENTS...` (without the program's name) to its end. @return the exit code.
int runCli(const std::vector<std::string> &arguments, const CliContext &context);

} // namespace auroraedge::app
