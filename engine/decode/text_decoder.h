#pragma once

#include "engine/core/layers.h"
#include "engine/io/model_config.h"
#include "engine/vision/vision_encoder.h"

#include <ATen/core/Tensor.h>

#include <stop_token>
#include <string>
#include <vector>

namespace auroraedge::engine {

/// cos and sin of the rotary angles, [1 or B, 1, L, headDim] in the activation dtype. Angles are made in fp32:
/// bf16 angles are wrong beyond about 256 positions (model-reference 2.5).
struct RotaryTable
{
    at::Tensor cos, sin;
    /// @param positions [L] or [B, L] int64
    static RotaryTable make(const at::Tensor &positions, std::int64_t headDim, double theta, at::ScalarType dtype);
};

/// Keys and values seen so far, one pair a layer. Grown once to its capacity, so a decode step allocates no cache.
class KvCache final
{
public:
    KvCache(const TextConfig &config, std::int64_t batch, std::int64_t capacity, at::ScalarType dtype, at::Device device);

    /// Stores k, v [B, Hkv, L, d] behind the positions already there. @return all of them, views [B, Hkv, length + L, d].
    std::pair<at::Tensor, at::Tensor> append(std::size_t layer, const at::Tensor &k, const at::Tensor &v);
    /// Call once every layer has appended @p count positions.
    void advance(std::int64_t count) { m_length += count; }
    /// Forgets everything from @p length on.
    void truncate(std::int64_t length) { m_length = length; }
    [[nodiscard]] std::int64_t length() const { return m_length; }
    [[nodiscard]] std::int64_t capacity() const { return m_keys.front().size(2); }

private:
    std::vector<at::Tensor> m_keys, m_values; ///< [B, Hkv, capacity, d]
    std::int64_t m_length = 0;
};

/// One pre-norm layer: attention with grouped KV heads, then SwiGLU (transformers qwen2/modeling_qwen2.py,
/// llama/modeling_llama.py).
class DecoderLayer final
{
public:
    static DecoderLayer take(ParameterSource &source, const std::string &prefix, const TextConfig &config);

    /// @param x [B, L, D]; mask additive [B or 1, 1, L, keys] or undefined; cache may be null.
    at::Tensor forward(const at::Tensor &x, const RotaryTable &rotary, const at::Tensor &mask, KvCache *cache = nullptr,
                       std::size_t layer = 0) const;
    /// The last @p count rows of forward(). The other rows serve as keys and values only, which in a single layer
    /// gives the same result at a fraction of the work.
    /// @param mask [B or 1, 1, count, L]
    at::Tensor forwardTail(const at::Tensor &x, std::int64_t count, const RotaryTable &rotary, const at::Tensor &mask) const;

private:
    at::Tensor feedForward(const at::Tensor &x) const;

    std::int64_t m_heads = 1, m_kvHeads = 1, m_headDim = 1;
    RmsNorm m_inputNorm, m_postNorm;
    Linear m_query, m_key, m_value, m_out, m_gate, m_up, m_down;
};

/// Language model of the Llama kind: Llama, Qwen2.
class TextDecoder final
{
public:
    /// @param prefix before "model." and "lm_head.": "" or "language_model.".
    static TextDecoder take(ParameterSource &source, const std::string &prefix, const TextConfig &config);

    /// @param ids int64 of any shape; @return ids' shape + [D]
    at::Tensor embed(const at::Tensor &ids) const;
    /// Causal pass of @p x [B, L, D] behind what @p cache holds; fills the cache. @return [B, L, D] before the last norm.
    /// Throws StopRequested between layers.
    at::Tensor forward(const at::Tensor &x, KvCache &cache, const std::stop_token &stop = {},
                       const HiddenObserver &observer = {}) const;
    /// The same without a cache, with free positions [B or 1, L] and an additive mask [B or 1, 1, L, L] (training).
    at::Tensor forwardMasked(const at::Tensor &x, const at::Tensor &positions, const at::Tensor &mask) const;
    /// Final norm and head. @param hidden [.., D] @return [.., vocab]
    at::Tensor logits(const at::Tensor &hidden) const;

    [[nodiscard]] const TextConfig &config() const { return m_config; }
    [[nodiscard]] at::ScalarType dtype() const { return m_embedding.scalar_type(); }
    [[nodiscard]] at::Device device() const { return m_embedding.device(); }

private:
    TextConfig m_config;
    at::Tensor m_embedding; ///< [vocab, D]
    std::vector<DecoderLayer> m_layers;
    RmsNorm m_finalNorm;
    Linear m_head; ///< shares m_embedding when tied
};

} // namespace auroraedge::engine
