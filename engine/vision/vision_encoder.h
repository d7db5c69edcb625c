#pragma once

#include "engine/core/layers.h"
#include "engine/io/model_config.h"

#include <ATen/core/Tensor.h>

#include <functional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace auroraedge::engine {

/// Height and width of a picture in patches.
struct PatchGrid
{
    std::int64_t height = 0, width = 0;
    friend bool operator==(const PatchGrid &, const PatchGrid &) = default;
};

/// Sees the output of block i, before the final norm; block -1 is the input of block 0. For parity tests.
using HiddenObserver = std::function<void(std::int64_t block, const at::Tensor &hidden)>;

/// Vision transformer of SigLIP2 NaFlex, SigLIP and CLIP (transformers siglip2/modeling_siglip2.py,
/// siglip/modeling_siglip.py, clip/modeling_clip.py; model-reference 1). No pooling head. One thread at a time.
class VisionEncoder final
{
public:
    /// @param prefix of the tensor names, "vision_model." in public files.
    static VisionEncoder take(ParameterSource &source, const std::string &prefix, const VisionConfig &config);

    /// Patches of pictures of the tower's one size; rows and columns that fill no patch are never read.
    /// @param pixels [B, channels, size, size]. @return [B, grid * grid, channels * patch * patch], channel slowest.
    at::Tensor patchesOf(const at::Tensor &pixels) const;
    /// The grids of pictures of the one size.
    [[nodiscard]] std::vector<PatchGrid> fixedGrids(std::int64_t count) const;

    /// Patches plus positions; NaFlex resizes the table to each grid, and rows beyond a picture's grid get the first
    /// resized position, as the reference.
    /// @param patches [B, S, channels * patch * patch], channel fastest for NaFlex; grids one a picture, each with at
    ///                most S patches.
    /// @return [B, S, H], with the class token [B, 1 + S, H]
    at::Tensor embed(const at::Tensor &patches, const std::vector<PatchGrid> &grids) const;

    /// @param validKeys [B, S] bool, false for padded slots; undefined when every slot is valid.
    /// @param isFeatureBeforeLast the output of the last block but one, without the final norm.
    /// @return [B, S, H], no class token. Rows of padded slots are finite but meaningless.
    /// Throws StopRequested between blocks.
    at::Tensor forward(const at::Tensor &patches, const std::vector<PatchGrid> &grids, const at::Tensor &validKeys,
                       bool isFeatureBeforeLast, const std::stop_token &stop = {}, const HiddenObserver &observer = {}) const;

    /// Every block of a later forward() goes through @p runner (training).
    void setLayerRunner(LayerRunner runner) { m_runLayer = std::move(runner); }

    [[nodiscard]] const VisionConfig &config() const { return m_config; }

private:
    struct Block
    {
        LayerNorm norm1, norm2;
        Linear query, key, value, out, fc1, fc2;
    };

    at::Tensor positionsFor(PatchGrid grid) const; ///< [h * w, H]
    at::Tensor forwardBlock(const Block &block, const at::Tensor &x, const at::Tensor &mask) const;

    VisionConfig m_config;
    Linear m_patchEmbedding;
    at::Tensor m_classToken; ///< [H] or undefined
    at::Tensor m_positions;  ///< [positions, H]
    LayerNorm m_preNorm;     ///< undefined without one
    std::vector<Block> m_blocks;
    LayerNorm m_finalNorm;
    LayerRunner m_runLayer; ///< empty: plainly
};

} // namespace auroraedge::engine
