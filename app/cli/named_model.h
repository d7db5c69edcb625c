#pragma once

#include "app/cli/commands.h"

#include <string>

namespace auroraedge::app {

/// The folder that --model names, and the engine to look at it with.
struct NamedModel
{
    std::string folder;
    Engine *engine = nullptr;
};

/// @return MOD-21, ENG-04.
Result<NamedModel> findModel(const CommonOptions &options, const CliContext &context);

} // namespace auroraedge::app
