#pragma once

#include "engine/api/engine.h"

#include <memory>

namespace auroraedge::engine {

inline constexpr std::int64_t kKeptPictures = 8; ///< whose features are kept for a further question
inline constexpr std::int64_t kMaxQuestionTokens = 512;

/// Loads an AuroraEdge folder: weights mapped, tokenizer, preprocessor. See Engine::load for errors.
Result<std::unique_ptr<Inspector>> loadAuroraEdge(const LoadOptions &options, const LoadProgress &progress, std::stop_token stop);

} // namespace auroraedge::engine
