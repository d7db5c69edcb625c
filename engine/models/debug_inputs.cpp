#include "engine/models/debug_inputs.h"

#include "engine/io/weights.h"

#include <ATen/TensorOperators.h>

namespace auroraedge::engine {

Result<Tensors> readInputs(const std::filesystem::path &file)
{
    const Result<TensorFiles> opened = TensorFiles::open(file);
    if (!opened)
        return failure(opened.error());
    Tensors tensors;
    for (const auto &[name, tensor] : opened->tensors())
        tensors[name] = viewOf(tensor, opened->mapping());
    return tensors;
}

Failure lacking(const std::string &name)
{
    return failure(code::ModelTensorMissing, "the inputs lack '" + name + "'", name);
}

Failure misshapen(const std::string &name, const std::string &shape)
{
    return failure(code::ModelTensorShape, "'" + name + "' of the inputs is not " + shape, name);
}

Result<NaflexInputs> naflexInputs(const Tensors &inputs, const VisionConfig &vision)
{
    for (const char *name : {"pixel_values", "pixel_attention_mask", "spatial_shapes"}) {
        if (!inputs.contains(name))
            return lacking(name);
    }
    NaflexInputs given{inputs.at("pixel_values"), inputs.at("pixel_attention_mask"), {}};
    const at::Tensor shapes = inputs.at("spatial_shapes").to(at::kLong).contiguous();
    const std::int64_t patchValues = vision.patchSize * vision.patchSize * vision.channels;
    if (given.patches.dim() != 3 || given.patches.size(2) != patchValues || !given.patches.is_floating_point())
        return misshapen("pixel_values", "[B, slots, " + std::to_string(patchValues) + "] of real numbers");
    if (given.mask.sizes() != given.patches.sizes().slice(0, 2))
        return misshapen("pixel_attention_mask", "[B, slots]");
    if (shapes.sizes() != at::IntArrayRef({given.patches.size(0), 2}))
        return misshapen("spatial_shapes", "[B, 2]");
    for (std::int64_t i = 0; i < shapes.size(0); ++i) {
        const PatchGrid grid{shapes[i][0].item<std::int64_t>(), shapes[i][1].item<std::int64_t>()};
        if (grid.height < 1 || grid.width < 1 || grid.height > given.patches.size(1) || grid.height * grid.width > given.patches.size(1))
            return failure(code::ModelTensorShape, "a grid of 'spatial_shapes' does not fit the slots", "spatial_shapes");
        given.grids.push_back(grid);
    }
    given.mask = given.mask.to(at::kBool);
    return given;
}

Result<at::Tensor> idsOf(const Tensors &inputs, const std::string &name, std::int64_t vocabulary)
{
    const auto found = inputs.find(name);
    if (found == inputs.end())
        return lacking(name);
    if (found->second.dim() != 2 || found->second.numel() == 0 || !at::isIntegralType(found->second.scalar_type(), false))
        return misshapen(name, "[B, N] of whole numbers");
    const at::Tensor ids = found->second.to(at::kLong);
    if (ids.min().item<std::int64_t>() < 0 || ids.max().item<std::int64_t>() >= vocabulary)
        return failure(code::TokenizerMismatch, "an id of '" + name + "' is outside the vocabulary of " + std::to_string(vocabulary), name);
    return ids;
}

} // namespace auroraedge::engine
