#pragma once

#include "engine/api/engine.h"

#include <memory>

namespace auroraedge::engine {

/// Loads an AuroraEdge folder: weights mapped, tokenizer, preprocessor. See Engine::load for errors.
Result<std::unique_ptr<Inspector>> loadAuroraEdge(const LoadOptions &options, const LoadProgress &progress, std::stop_token stop);

} // namespace auroraedge::engine
