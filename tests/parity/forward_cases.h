#pragma once

#include "engine/io/tensor_files.h"

#include <filesystem>
#include <span>

namespace auroraedge::engine {

inline const std::filesystem::path kFixtures = std::filesystem::path(AURORAEDGE_SHARED_DIR) / "fixtures/parity";

/// Towers and connectors alone.
inline constexpr const char *kPartCases[] = {
    "siglip2_naflex", "siglip", "clip", "ldpv2"};
/// What generates text.
inline constexpr const char *kAnsweringCases[] = {
    "llama", "llama_gqa", "qwen2", "qwen2_sharded", "qwen2_untied", "qwen2_bf16", "auroraedge_mlp_combined", "auroraedge_mlp_combined_p16",
    "auroraedge_mlp_combined_compact", "auroraedge_mlp_combined_equation", "auroraedge_mlp_combined_featminus2", "auroraedge_mlp_combined_full",
    "auroraedge_mlp_combined_hidden0", "auroraedge_mlp_combined_prefix", "auroraedge_mlp_combined_sharedresidual",
    "auroraedge_mlp_combined_unmasked", "auroraedge_mlp_cross", "auroraedge_mlp_cross_equation", "auroraedge_mlp_decoder", "auroraedge_mlp_none",
    "auroraedge_none_combined", "auroraedge_none_none", "auroraedge_concat4_combined", "auroraedge_concat4_cross_grid",
    "auroraedge_concat4_none_readingB", "auroraedge_conv2d_combined", "auroraedge_conv2d_combined_depthwise_sequence4",
    "auroraedge_conv2d_combined_validgrid", "auroraedge_maxpool2d_combined", "auroraedge_maxpool2d_combined_validgrid", "auroraedge_text_only"};

template <typename T>
std::span<const T> valuesOf(const MappedTensor &tensor)
{
    return {reinterpret_cast<const T *>(tensor.bytes.data()), tensor.bytes.size() / sizeof(T)};
}

} // namespace auroraedge::engine
