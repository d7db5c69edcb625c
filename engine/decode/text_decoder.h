#pragma once

#include "engine/core/layers.h"
#include "engine/io/model_config.h"
#include "engine/vision/vision_encoder.h"

#include <ATen/core/Tensor.h>

#include <span>
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

/// Keys and values seen so far, one pair a layer; every row of the batch has its own length. Made once with its capacity,
/// so a decode step allocates no cache.
class KvCache final
{
public:
    KvCache(const TextConfig &config, std::int64_t batch, std::int64_t capacity, at::ScalarType dtype, at::Device device);
    /// @p rows copies of the only row, each with room for @p more positions.
    [[nodiscard]] KvCache repeated(std::int64_t rows, std::int64_t more) const;

    /// Makes ready for @p count more positions in every row. @return them: [L], or [B, L] where the rows differ in length.
    at::Tensor reserve(std::int64_t count);
    /// Stores k, v [B, Hkv, L, d] at the reserved positions. @return all so far, views [B, Hkv, shownKeys(L), d]; what lies
    /// behind a shorter row's end is finite and must be masked.
    std::pair<at::Tensor, at::Tensor> append(std::size_t layer, const at::Tensor &k, const at::Tensor &v);
    /// Call once every layer has appended: row b keeps @p counts[b] of the positions; without counts every row all.
    void advance(std::int64_t count, std::span<const std::int64_t> counts = {});
    /// Forgets everything from @p length on.
    void truncate(std::int64_t length);
    /// Row @p row now holds what row @p fromRow of @p from does, and nothing else. REQUIRES: its capacity is enough.
    /// From now on rows come and go, and a row's values do not depend, to the last bit, on how long the others are.
    void place(std::int64_t row, const KvCache &from, std::int64_t fromRow);
    void clear(std::int64_t row) { m_lengths[static_cast<std::size_t>(row)] = 0; }
    [[nodiscard]] std::int64_t length() const; ///< of the longest row
    /// How many keys append() gives with @p count more.
    [[nodiscard]] std::int64_t shownKeys(std::int64_t count) const;
    [[nodiscard]] std::int64_t capacity() const { return m_keys.front().size(2); }

private:
    KvCache() = default;

    std::vector<at::Tensor> m_keys, m_values; ///< [B, Hkv, capacity, d]
    std::vector<std::int64_t> m_lengths;      ///< [B]
    at::Tensor m_reserved;                    ///< [B, L] where the rows differ, else undefined
    bool m_rowsComeAndGo = false;
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
    /// @param counts tokens of each row, padding behind them; empty: all rows are full. Rows of padding mean nothing.
    at::Tensor forward(const at::Tensor &x, KvCache &cache, const std::stop_token &stop = {},
                       const HiddenObserver &observer = {}, std::span<const std::int64_t> counts = {}) const;
    /// The same without a cache, with free positions [B or 1, L] and an additive mask [B or 1, 1, L, L] (training).
    at::Tensor forwardMasked(const at::Tensor &x, const at::Tensor &positions, const at::Tensor &mask) const;
    /// Every layer of a later forwardMasked() goes through @p runner (training).
    void setLayerRunner(LayerRunner runner) { m_runLayer = std::move(runner); }
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
    LayerRunner m_runLayer; ///< empty: plainly
};

} // namespace auroraedge::engine
