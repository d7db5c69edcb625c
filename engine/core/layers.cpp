#include "engine/core/layers.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/rsqrt.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/zeros.h>

#include <limits>

namespace auroraedge::engine {

Linear Linear::take(ParameterSource &source, const std::string &name, std::int64_t in, std::int64_t out, bool hasBias)
{
    Linear linear;
    linear.weight = source.take(name + ".weight", {out, in});
    if (hasBias)
        linear.bias = source.take(name + ".bias", {out});
    if (const auto *beside = dynamic_cast<const LowRankSource *>(&source))
        linear.lowRank = beside->lowRankOf(name + ".weight");
    return linear;
}

at::Tensor Linear::operator()(const at::Tensor &x) const
{
    at::Tensor y = at::linear(x, weight, bias);
    if (lowRank.down.defined())
        y = y + at::linear(at::linear(x, lowRank.down), lowRank.up) * lowRank.scale;
    return y;
}

LayerNorm LayerNorm::take(ParameterSource &source, const std::string &name, std::int64_t width, double eps)
{
    return {source.take(name + ".weight", {width}), source.take(name + ".bias", {width}), eps};
}

at::Tensor LayerNorm::operator()(const at::Tensor &x) const
{
    return at::layer_norm(x, {x.size(-1)}, weight, bias, eps);
}

RmsNorm RmsNorm::take(ParameterSource &source, const std::string &name, std::int64_t width, double eps)
{
    return {source.take(name + ".weight", {width}), eps};
}

at::Tensor RmsNorm::operator()(const at::Tensor &x) const
{
    const at::Tensor wide = x.to(at::kFloat);
    const at::Tensor normalised = wide * at::rsqrt((wide * wide).mean(-1, /*keepdim=*/true) + eps);
    return normalised.to(x.scalar_type()) * weight;
}

at::Tensor splitHeads(const at::Tensor &x, std::int64_t heads)
{
    return x.view({x.size(0), x.size(1), heads, x.size(2) / heads}).transpose(1, 2);
}

at::Tensor attend(const at::Tensor &q, const at::Tensor &k, const at::Tensor &v, const at::Tensor &mask, double scale)
{
    const std::int64_t batch = q.size(0), heads = q.size(1), queries = q.size(2), width = q.size(3);
    const std::int64_t kvHeads = k.size(1), group = heads / kvHeads, keys = k.size(2);
    // The query heads of one KV head are folded into its rows: two batched products, no repeated keys.
    const at::Tensor folded = (q * scale).reshape({batch, kvHeads, group * queries, width});
    at::Tensor scores = at::matmul(folded, k.transpose(-1, -2)); // [B, Hkv, G * Lq, Lk]
    if (mask.defined())
        scores = (scores.view({batch, kvHeads, group, queries, keys}) + mask.unsqueeze(2)).view({batch, kvHeads, group * queries, keys});
    const at::Tensor weights = at::softmax(scores, -1, at::kFloat).to(v.scalar_type());
    return at::matmul(weights, v) // [B, Hkv, G * Lq, d]
        .view({batch, heads, queries, width})
        .transpose(1, 2)
        .reshape({batch, queries, heads * width});
}

void settleVectorMath()
{
    [[maybe_unused]] static const bool isSettled = [] {
        const at::Tensor one = at::zeros({1});
        return one.cos().defined() && one.sin().defined() && one.sqrt().defined();
    }();
}

CosineSine cosineSine(const at::Tensor &angles)
{
    settleVectorMath();
    return {angles.cos(), angles.sin()};
}

at::Tensor additiveMask(const at::Tensor &isVisible, at::ScalarType dtype)
{
    // fp16 needs its own lowest value; bf16 shares fp32's exponent range.
    const double lowest = dtype == at::kHalf ? -65504.0 : static_cast<double>(std::numeric_limits<float>::lowest());
    const auto options = at::TensorOptions().dtype(dtype == at::kHalf ? at::kHalf : at::kFloat).device(isVisible.device());
    return at::zeros(isVisible.sizes(), options).masked_fill(isVisible.logical_not(), lowest);
}

} // namespace auroraedge::engine
