#include "engine/decode/text_decoder.h"

#include "engine/core/guarded.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/pow.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>

namespace auroraedge::engine {

namespace {

/// Half-rotation layout: the partner of element k is k + d / 2, not the neighbour.
at::Tensor rotate(const at::Tensor &x, const RotaryTable &rotary)
{
    const std::int64_t half = x.size(-1) / 2;
    const at::Tensor turned = at::cat({-x.narrow(-1, half, half), x.narrow(-1, 0, half)}, -1);
    return x * rotary.cos + turned * rotary.sin;
}

} // namespace

RotaryTable RotaryTable::make(const at::Tensor &positions, std::int64_t headDim, double theta, at::ScalarType dtype)
{
    const auto options = at::TensorOptions().dtype(at::kFloat).device(positions.device());
    const at::Tensor exponents = at::arange(0, headDim, 2, options) / static_cast<double>(headDim);
    const at::Tensor inverse = at::pow(theta, exponents).reciprocal(); // [d / 2]
    const at::Tensor grid = positions.dim() == 1 ? positions.unsqueeze(0) : positions;
    const at::Tensor half = grid.to(at::kFloat).unsqueeze(-1) * inverse; // [B, L, d / 2]
    const auto [cosine, sine] = cosineSine(at::cat({half, half}, -1).unsqueeze(1));
    return {cosine.to(dtype), sine.to(dtype)};
}

KvCache::KvCache(const TextConfig &config, std::int64_t batch, std::int64_t capacity, at::ScalarType dtype,
                 at::Device device)
{
    const auto options = at::TensorOptions().dtype(dtype).device(device);
    for (std::int64_t i = 0; i < config.layers; ++i) {
        // Zeros, because a masked place is multiplied by 0 and must be finite for that.
        m_keys.push_back(at::zeros({batch, config.kvHeads, capacity, config.headDim}, options));
        m_values.push_back(at::zeros({batch, config.kvHeads, capacity, config.headDim}, options));
    }
    m_lengths.assign(static_cast<std::size_t>(batch), 0);
}

KvCache KvCache::repeated(std::int64_t rows, std::int64_t more) const
{
    KvCache copy;
    const std::int64_t held = length();
    const auto repeat = [&](const at::Tensor &one) { // [1, Hkv, capacity, d]
        at::Tensor many = at::zeros({rows, one.size(1), held + more, one.size(3)}, one.options());
        many.narrow(2, 0, held).copy_(one.narrow(2, 0, held));
        return many;
    };
    for (const at::Tensor &keys : m_keys)
        copy.m_keys.push_back(repeat(keys));
    for (const at::Tensor &values : m_values)
        copy.m_values.push_back(repeat(values));
    copy.m_lengths.assign(static_cast<std::size_t>(rows), held);
    return copy;
}

std::int64_t KvCache::length() const
{
    return *std::max_element(m_lengths.begin(), m_lengths.end());
}

void KvCache::truncate(std::int64_t length)
{
    for (std::int64_t &held : m_lengths)
        held = std::min(held, length);
}

void KvCache::place(std::int64_t row, const KvCache &from, std::int64_t fromRow)
{
    const std::int64_t held = from.m_lengths[static_cast<std::size_t>(fromRow)];
    const auto copy = [&](std::vector<at::Tensor> &to, const std::vector<at::Tensor> &given) {
        for (std::size_t layer = 0; layer < to.size(); ++layer) {
            to[layer][row].narrow(1, 0, held).copy_(given[layer][fromRow].narrow(1, 0, held));
            to[layer][row].narrow(1, held, capacity() - held).zero_(); // what was there may not be finite
        }
    };
    copy(m_keys, from.m_keys);
    copy(m_values, from.m_values);
    m_lengths[static_cast<std::size_t>(row)] = held;
    m_rowsComeAndGo = true;
}

std::int64_t KvCache::shownKeys(std::int64_t count) const
{
    constexpr std::int64_t kStep = 64; // sums over 64 keys, 128, ... are the same whatever of the rest is masked
    const std::int64_t keys = length() + count;
    return m_rowsComeAndGo ? std::min((keys + kStep - 1) / kStep * kStep, capacity()) : keys;
}

at::Tensor KvCache::reserve(std::int64_t count)
{
    TORCH_CHECK(length() + count <= capacity(), "the cache is full");
    const auto options = at::TensorOptions().dtype(at::kLong).device(m_keys.front().device());
    const at::Tensor next = at::arange(count, options);
    const bool isUniform = !m_rowsComeAndGo && std::all_of(m_lengths.begin(), m_lengths.end(), [&](std::int64_t held) { return held == m_lengths.front(); });
    m_reserved = isUniform ? at::Tensor() : at::tensor(m_lengths, at::kLong).to(options.device()).unsqueeze(1) + next;
    return isUniform ? next + m_lengths.front() : m_reserved;
}

std::pair<at::Tensor, at::Tensor> KvCache::append(std::size_t layer, const at::Tensor &k, const at::Tensor &v)
{
    const std::int64_t count = k.size(2), seen = length(), shown = shownKeys(count);
    for (const auto &[kept, added] : {std::pair(m_keys[layer], k), std::pair(m_values[layer], v)}) {
        if (m_reserved.defined())
            kept.scatter_(2, m_reserved.unsqueeze(1).unsqueeze(3).expand_as(added), added);
        else
            kept.narrow(2, seen, count).copy_(added);
    }
    return {m_keys[layer].narrow(2, 0, shown), m_values[layer].narrow(2, 0, shown)};
}

void KvCache::advance(std::int64_t count, std::span<const std::int64_t> counts)
{
    for (std::size_t row = 0; row < m_lengths.size(); ++row)
        m_lengths[row] += counts.empty() ? count : counts[row];
}

DecoderLayer DecoderLayer::take(ParameterSource &source, const std::string &prefix, const TextConfig &config)
{
    const std::int64_t width = config.hiddenSize;
    DecoderLayer layer;
    layer.m_heads = config.heads;
    layer.m_kvHeads = config.kvHeads;
    layer.m_headDim = config.headDim;
    const auto linear = [&](const char *name, std::int64_t in, std::int64_t out, bool hasBias) {
        return Linear::take(source, prefix + name, in, out, hasBias);
    };
    layer.m_inputNorm = RmsNorm::take(source, prefix + "input_layernorm", width, config.rmsNormEps);
    layer.m_query = linear("self_attn.q_proj", width, config.heads * config.headDim, config.hasQkvBias);
    layer.m_key = linear("self_attn.k_proj", width, config.kvHeads * config.headDim, config.hasQkvBias);
    layer.m_value = linear("self_attn.v_proj", width, config.kvHeads * config.headDim, config.hasQkvBias);
    layer.m_out = linear("self_attn.o_proj", config.heads * config.headDim, width, config.hasOutputBias);
    layer.m_postNorm = RmsNorm::take(source, prefix + "post_attention_layernorm", width, config.rmsNormEps);
    layer.m_gate = linear("mlp.gate_proj", width, config.intermediateSize, false);
    layer.m_up = linear("mlp.up_proj", width, config.intermediateSize, false);
    layer.m_down = linear("mlp.down_proj", config.intermediateSize, width, false);
    return layer;
}

at::Tensor DecoderLayer::feedForward(const at::Tensor &x) const
{
    const at::Tensor normed = m_postNorm(x);
    return x + m_down(at::silu(m_gate(normed)) * m_up(normed));
}

at::Tensor DecoderLayer::forward(const at::Tensor &x, const RotaryTable &rotary, const at::Tensor &mask, KvCache *cache,
                                 std::size_t layer) const
{
    const at::Tensor normed = m_inputNorm(x);
    const at::Tensor q = rotate(splitHeads(m_query(normed), m_heads), rotary);
    at::Tensor k = rotate(splitHeads(m_key(normed), m_kvHeads), rotary);
    at::Tensor v = splitHeads(m_value(normed), m_kvHeads);
    if (cache)
        std::tie(k, v) = cache->append(layer, k, v);
    const double scale = 1 / std::sqrt(static_cast<double>(m_headDim));
    return feedForward(x + m_out(attend(q, k, v, mask, scale)));
}

at::Tensor DecoderLayer::forwardTail(const at::Tensor &x, std::int64_t count, const RotaryTable &rotary,
                                     const at::Tensor &mask) const
{
    const std::int64_t first = x.size(1) - count;
    const at::Tensor normed = m_inputNorm(x);
    const RotaryTable tailRotary{rotary.cos.narrow(2, first, count), rotary.sin.narrow(2, first, count)};
    const at::Tensor q = rotate(splitHeads(m_query(normed.narrow(1, first, count)), m_heads), tailRotary);
    const at::Tensor k = rotate(splitHeads(m_key(normed), m_kvHeads), rotary);
    const at::Tensor v = splitHeads(m_value(normed), m_kvHeads);
    const double scale = 1 / std::sqrt(static_cast<double>(m_headDim));
    return feedForward(x.narrow(1, first, count) + m_out(attend(q, k, v, mask, scale)));
}

TextDecoder TextDecoder::take(ParameterSource &source, const std::string &prefix, const TextConfig &config)
{
    TextDecoder decoder;
    decoder.m_config = config;
    decoder.m_embedding = source.take(prefix + "model.embed_tokens.weight", {config.vocabSize, config.hiddenSize});
    for (std::int64_t i = 0; i < config.layers; ++i)
        decoder.m_layers.push_back(
            DecoderLayer::take(source, prefix + "model.layers." + std::to_string(i) + ".", config));
    decoder.m_finalNorm = RmsNorm::take(source, prefix + "model.norm", config.hiddenSize, config.rmsNormEps);
    decoder.m_head = config.tieEmbeddings
        ? Linear{decoder.m_embedding, {}}
        : Linear::take(source, prefix + "lm_head", config.hiddenSize, config.vocabSize, false);
    return decoder;
}

at::Tensor TextDecoder::embed(const at::Tensor &ids) const
{
    return at::embedding(m_embedding, ids);
}

at::Tensor TextDecoder::forward(const at::Tensor &x, KvCache &cache, const std::stop_token &stop,
                                 const HiddenObserver &observer, std::span<const std::int64_t> counts) const
{
    const std::int64_t count = x.size(1);
    const at::Tensor positions = cache.reserve(count); // [L] or [B, L]
    const RotaryTable rotary = RotaryTable::make(positions, m_config.headDim, m_config.ropeTheta, x.scalar_type());
    at::Tensor mask;
    if (count > 1 || positions.dim() > 1) { // else a single query that sees everything before it
        const at::Tensor keys = at::arange(cache.shownKeys(count), positions.options());
        const at::Tensor visible = additiveMask(keys <= positions.unsqueeze(-1), x.scalar_type()); // [L, keys] or [B, L, keys]
        mask = positions.dim() > 1 ? visible.unsqueeze(1) : visible.unsqueeze(0).unsqueeze(0);
    }
    at::Tensor hidden = x;
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        if (stop.stop_requested())
            throw StopRequested{};
        hidden = m_layers[i].forward(hidden, rotary, mask, &cache, i);
        if (observer)
            observer(static_cast<std::int64_t>(i), hidden);
    }
    cache.advance(count, counts);
    return hidden;
}

at::Tensor TextDecoder::forwardMasked(const at::Tensor &x, const at::Tensor &positions, const at::Tensor &mask) const
{
    const RotaryTable rotary = RotaryTable::make(positions, m_config.headDim, m_config.ropeTheta, x.scalar_type());
    at::Tensor hidden = x;
    for (const DecoderLayer &layer : m_layers) {
        const auto plain = [&layer, rotary, mask](const at::Tensor &given) { return layer.forward(given, rotary, mask); };
        hidden = m_runLayer ? m_runLayer(plain, hidden) : plain(hidden);
    }
    return hidden;
}

at::Tensor TextDecoder::logits(const at::Tensor &hidden) const
{
    return m_head(m_finalNorm(hidden)).to(at::kFloat);
}

} // namespace auroraedge::engine
