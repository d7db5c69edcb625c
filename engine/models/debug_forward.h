#pragma once

#include "engine/api/inspector.h"

#include <filesystem>

namespace auroraedge::engine {

/// Runs the graph of @p folder (config.json and weights only) on the tensors of @p inputs and writes every output that
/// the parity README names for that kind of model. On the CPU.
/// @param steps greedy steps, end-of-sequence ignored.
/// @param precision of weights and activations; Auto is fp32.
Result<void> debugForward(const std::filesystem::path &folder, const std::filesystem::path &inputs,
                          const std::filesystem::path &outputs, int steps, Precision precision = Precision::Auto);

} // namespace auroraedge::engine
