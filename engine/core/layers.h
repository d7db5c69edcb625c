#pragma once

#include "engine/io/weights.h"

#include <ATen/core/Tensor.h>

#include <functional>
#include <string>

namespace auroraedge::engine {

/// scale * (x down^T) up^T, added to what a matrix gives: all that learns where the matrix itself is frozen
/// (engine/training/low_rank.h). Undefined tensors: none.
struct LowRank
{
    at::Tensor down, up; ///< [r, in], [out, r]
    double scale = 1;
};

/// A source that has a LowRank beside some of its matrices.
class LowRankSource : public ParameterSource
{
public:
    /// Of the matrix @p name, which was taken before; none for most.
    [[nodiscard]] virtual LowRank lowRankOf(const std::string &name) const = 0;
};

/// y = x W^T + b over the last axis. Weight [out, in]; an undefined bias is none.
struct Linear
{
    at::Tensor weight, bias;
    LowRank lowRank = {};

    static Linear take(ParameterSource &source, const std::string &name, std::int64_t in, std::int64_t out,
                       bool hasBias = true);
    at::Tensor operator()(const at::Tensor &x) const;
};

struct LayerNorm
{
    at::Tensor weight, bias;
    double eps = 1e-6;

    static LayerNorm take(ParameterSource &source, const std::string &name, std::int64_t width, double eps);
    at::Tensor operator()(const at::Tensor &x) const;
};

/// Normalised in fp32, cast back, then multiplied by the weight (transformers modeling_qwen2.py; the order matters
/// below fp32).
struct RmsNorm
{
    at::Tensor weight;
    double eps = 1e-6;

    static RmsNorm take(ParameterSource &source, const std::string &name, std::int64_t width, double eps);
    at::Tensor operator()(const at::Tensor &x) const;
};

/// One layer of a stack, [B, L, D] to the same; it may be called again while the model lives.
using Layer = std::function<at::Tensor(const at::Tensor &x)>;
/// Computes layer(x) in its own way, such as recomputed() of engine/training/recomputed.h.
using LayerRunner = std::function<at::Tensor(const Layer &layer, const at::Tensor &x)>;

/// softmax(q k^T * scale + mask) v, the softmax in fp32. Query head h reads KV head h / (H / Hkv).
/// @param q [B, H, Lq, d]; k, v [B, Hkv, Lk, d]; H a multiple of Hkv.
/// @param mask additive, broadcastable to [B, 1, Lq, Lk]; undefined = none.
/// @return [B, Lq, H * d].
/// Written as matmul, softmax, matmul: at these lengths it beats the fused CPU kernel, above all its backward.
at::Tensor attend(const at::Tensor &q, const at::Tensor &k, const at::Tensor &v, const at::Tensor &mask, double scale);

/// [B, L, heads * d] -> [B, heads, L, d]
at::Tensor splitHeads(const at::Tensor &x, std::int64_t heads);

/// MKL picks a vector function's kernel at the function's first call; when two threads make that call at once one of them
/// can get a coarse one (cosines off by 1.5e-4; pytorch issue 188792, MKL 2024.2). This makes the first calls of those
/// that the engine uses (cosine, sine, square root) on one thread, once a process.
void settleVectorMath();

struct CosineSine
{
    at::Tensor cosine, sine;
};
/// The only cosines and sines of the engine, from settled kernels.
CosineSine cosineSine(const at::Tensor &angles);

/// Additive mask: 0 where @p isVisible, the dtype's lowest finite value elsewhere.
at::Tensor additiveMask(const at::Tensor &isVisible, at::ScalarType dtype);

} // namespace auroraedge::engine
