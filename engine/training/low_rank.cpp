#include "engine/training/low_rank.h"

#include "engine/training/initialise.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace auroraedge::engine {

namespace {

std::string downName(const std::string &name)
{
    return "lora." + name + ".A";
}

std::string upName(const std::string &name)
{
    return "lora." + name + ".B";
}

} // namespace

bool isAdapted(AdaptedParts parts, const std::string &name)
{
    const bool isInLayer = (parts.tower && name.starts_with("vision_tower.vision_model.encoder.layers."))
        || (parts.decoder && name.starts_with("language_model.model.layers."));
    constexpr std::string_view kMatrices[] = {
        ".self_attn.q_proj.weight", ".self_attn.k_proj.weight", ".self_attn.v_proj.weight", ".self_attn.o_proj.weight",
        ".self_attn.out_proj.weight", ".mlp.gate_proj.weight", ".mlp.up_proj.weight", ".mlp.down_proj.weight",
        ".mlp.fc1.weight", ".mlp.fc2.weight"};
    return isInLayer && std::ranges::any_of(kMatrices, [&](std::string_view matrix) { return name.ends_with(matrix); });
}

LowRankAdapters::LowRankAdapters(ParameterSource &base, const Settings &settings, std::uint64_t seed)
    : m_base(base), m_settings(settings), m_seed(seed)
{
}

at::Tensor LowRankAdapters::take(const std::string &name, const Shape &shape)
{
    const at::Tensor weight = m_base.take(name, shape).requires_grad_(false);
    m_weights[name] = weight;
    if (isAdapted(m_settings.parts, name)) {
        const Shape down{m_settings.rank, shape[1]}, up{shape[0], m_settings.rank};
        const double std = 1 / std::sqrt(static_cast<double>(shape[1]));
        m_parameters[downName(name)] = freshConnector(downName(name), down, m_seed, std).to(weight.device()).requires_grad_();
        m_parameters[upName(name)] = at::zeros(up, weight.options().dtype(at::kFloat)).requires_grad_();
    }
    return weight;
}

LowRank LowRankAdapters::lowRankOf(const std::string &name) const
{
    const auto down = m_parameters.find(downName(name));
    if (down == m_parameters.end())
        return {};
    return {down->second, m_parameters.at(upName(name)), m_settings.alpha / static_cast<double>(m_settings.rank)};
}

void LowRankAdapters::restore(const std::map<std::string, at::Tensor> &tensors)
{
    const at::NoGradGuard noGrad;
    for (auto &[name, parameter] : m_parameters) {
        const auto found = tensors.find(name);
        if (found != tensors.end() && found->second.sizes() == parameter.sizes())
            parameter.copy_(found->second);
    }
}

std::map<std::string, at::Tensor> LowRankAdapters::merged(const std::map<std::string, at::Tensor> &instead) const
{
    const at::NoGradGuard noGrad;
    const auto valueOf = [&](const std::string &name, const at::Tensor &present) {
        const auto found = instead.find(name);
        return found == instead.end() ? present : found->second;
    };
    std::map<std::string, at::Tensor> weights;
    for (const auto &[name, weight] : m_weights) {
        const LowRank beside = lowRankOf(name);
        at::Tensor &plain = weights[name] = valueOf(name, weight);
        if (beside.down.defined())
            plain = at::addmm(plain, valueOf(upName(name), beside.up), valueOf(downName(name), beside.down), 1, beside.scale);
    }
    return weights;
}

} // namespace auroraedge::engine
