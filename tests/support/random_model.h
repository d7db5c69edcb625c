#pragma once

#include "engine/io/tensor_files.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace auroraedge::testing_support {

struct RandomWeights
{
    engine::Dtype dtype = engine::Dtype::F32;
    std::string prefix = {}; ///< before every name: "vision_model." or ""
    int shards = 1;       ///< more than one: with an index
    std::uint64_t seed = 1;
};

/// Adds weights to the config.json of @p folder, N(0, 0.02) with norms of 1: a tower, a decoder or a whole model of any
/// size. Tensor by tensor, so that a model of 4 GB needs no more memory than its largest.
/// @return an error text, empty when all is written.
std::string writeRandomWeights(const std::filesystem::path &folder, const RandomWeights &weights);

/// config.json of toy size: `siglip2` with patches of 4, 256 positions; `qwen2` with 2 layers, tied, vocabulary 320.
void writeTinyTower(const std::filesystem::path &folder, const RandomWeights &weights);
void writeTinyDecoder(const std::filesystem::path &folder, const RandomWeights &weights);

} // namespace auroraedge::testing_support
