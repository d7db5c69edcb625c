#pragma once

#include "engine/io/model_config.h"
#include "engine/vision/vision_encoder.h"

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace auroraedge::engine {

/// By the names of the parity fixtures.
using Tensors = std::map<std::string, at::Tensor>;

/// The tensors of a safetensors file, in its mapping. @return as TensorFiles::open().
Result<Tensors> readInputs(const std::filesystem::path &file);

/// Pictures of a NaFlex tower.
struct NaflexInputs
{
    at::Tensor patches, mask; ///< [B, S, values]; [B, S] bool
    std::vector<PatchGrid> grids;
};

// Each: MOD-12 for a tensor that is not there, MOD-14 for a shape that does not fit.
Result<NaflexInputs> naflexInputs(const Tensors &inputs, const VisionConfig &vision);
/// [B, N] int64. @return TOK-01 too, for an id outside the vocabulary.
Result<at::Tensor> idsOf(const Tensors &inputs, const std::string &name, std::int64_t vocabulary);
Failure lacking(const std::string &name);
Failure misshapen(const std::string &name, const std::string &shape);

} // namespace auroraedge::engine
