#include "engine/training/optimiser.h"

#include "engine/core/layers.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include <cmath>

namespace auroraedge::engine {

namespace {

/// U V^T of each matrix's singular value decomposition, about; quintic Newton-Schulz with Jordan's coefficients.
/// @param matrices [N, rows, columns]
at::Tensor orthogonalised(const at::Tensor &matrices, bool usesBf16)
{
    constexpr double a = 3.4445, b = -4.7750, c = 2.0315;
    constexpr int kSteps = 5;
    const bool isTall = matrices.size(1) > matrices.size(2);
    at::Tensor x = (isTall ? matrices.transpose(1, 2) : matrices).contiguous();
    x = (x / (x.norm(2, {1, 2}, true) + 1e-7)).to(usesBf16 ? at::kBFloat16 : at::kFloat);
    for (int i = 0; i < kSteps; ++i) {
        const at::Tensor gram = at::bmm(x, x.transpose(1, 2));
        x = x * a + at::bmm(gram * b + at::bmm(gram, gram) * c, x);
    }
    return (isTall ? x.transpose(1, 2) : x).to(at::kFloat);
}

} // namespace

bool isHiddenMatrix(const std::string &name, const at::Tensor &parameter)
{
    if (name.starts_with("lora.")) // thin: nothing to orthogonalise
        return false;
    const bool isConvolution = parameter.dim() == 4 && name.find("teacher.conv") != std::string::npos; // [out, in * 3 * 3]
    return isConvolution || (parameter.dim() == 2 && (name.find("layers.") != std::string::npos || name.find("fusion.") != std::string::npos));
}

Optimiser::Settings Optimiser::published()
{
    Settings settings;
    settings.usesMuon = false;
    settings.beta2 = 0.999;
    settings.weightDecay = 0;
    return settings;
}

Optimiser::Optimiser(const std::map<std::string, at::Tensor> &parameters, const Settings &settings) : m_settings(settings)
{
    settleVectorMath(); // Adam's square roots
    // The tower apart from the rest: in a stage that trains it alone, the others have no gradients to orthogonalise.
    std::map<std::pair<bool, std::vector<std::int64_t>>, MuonGroup> byShape;
    for (const auto &[name, parameter] : parameters) {
        if (settings.usesMuon && isHiddenMatrix(name, parameter)) {
            MuonGroup &group = byShape[{name.starts_with("vision_tower."), parameter.flatten(1).sizes().vec()}];
            group.names.push_back(name);
            group.parameters.push_back(parameter);
        } else {
            m_adam.push_back({name, parameter, at::zeros_like(parameter), at::zeros_like(parameter),
                              parameter.dim() > 1 ? settings.weightDecay : 0.0});
        }
    }
    for (auto &[key, group] : byShape) {
        group.momentum = at::zeros({static_cast<std::int64_t>(group.names.size()), key.second[0], key.second[1]}, group.parameters.front().options());
        m_muon.push_back(std::move(group));
    }
}

void Optimiser::save(std::map<std::string, at::Tensor> &tensors) const
{
    for (const AdamState &state : m_adam) {
        tensors["optimiser.mean." + state.name] = state.mean.clone();
        tensors["optimiser.square." + state.name] = state.square.clone();
    }
    for (const MuonGroup &group : m_muon)
        for (std::size_t i = 0; i < group.names.size(); ++i)
            tensors["optimiser.momentum." + group.names[i]] = group.momentum[static_cast<std::int64_t>(i)].clone();
}

void Optimiser::restore(const std::map<std::string, at::Tensor> &tensors, std::int64_t steps)
{
    const auto take = [&](const std::string &name, at::Tensor into) {
        const auto found = tensors.find("optimiser." + name);
        if (found != tensors.end() && found->second.sizes() == into.sizes())
            into.copy_(found->second);
    };
    m_steps = steps;
    for (AdamState &state : m_adam) {
        take("mean." + state.name, state.mean);
        take("square." + state.name, state.square);
    }
    for (MuonGroup &group : m_muon)
        for (std::size_t i = 0; i < group.names.size(); ++i)
            take("momentum." + group.names[i], group.momentum[static_cast<std::int64_t>(i)]);
}

double Optimiser::clip()
{
    at::Tensor sum = at::zeros({});
    const auto visit = [](const at::Tensor &parameter, auto &&use) {
        if (parameter.grad().defined())
            use(parameter.grad());
    };
    const auto visitAll = [&](auto &&use) {
        for (AdamState &state : m_adam)
            visit(state.parameter, use);
        for (MuonGroup &group : m_muon)
            for (at::Tensor &parameter : group.parameters)
                visit(parameter, use);
    };
    visitAll([&](const at::Tensor &gradient) { sum = sum + gradient.norm().square(); });
    const double norm = std::sqrt(sum.item<double>());
    if (norm > m_settings.clipNorm)
        visitAll([&](at::Tensor gradient) { gradient.mul_(m_settings.clipNorm / (norm + 1e-6)); });
    return norm;
}

double Optimiser::step(double learningRate, double muonLearningRate)
{
    const at::NoGradGuard noGrad;
    const double norm = clip();
    // A step on a broken gradient would destroy the weights; the caller sees the norm.
    if (std::isfinite(norm)) {
        ++m_steps;
        for (AdamState &state : m_adam)
            stepAdam(state, learningRate);
        for (MuonGroup &group : m_muon)
            stepMuon(group, muonLearningRate);
    }
    for (AdamState &state : m_adam)
        state.parameter.mutable_grad().reset();
    for (MuonGroup &group : m_muon)
        for (at::Tensor &parameter : group.parameters)
            parameter.mutable_grad().reset();
    return norm;
}

void Optimiser::stepAdam(AdamState &state, double learningRate)
{
    const at::Tensor &gradient = state.parameter.grad();
    if (!gradient.defined())
        return;
    const auto steps = static_cast<double>(m_steps);
    state.mean.mul_(m_settings.beta1).add_(gradient, 1 - m_settings.beta1);
    state.square.mul_(m_settings.beta2).addcmul_(gradient, gradient, 1 - m_settings.beta2);
    const double meanScale = 1 / (1 - std::pow(m_settings.beta1, steps));
    const double squareScale = 1 / (1 - std::pow(m_settings.beta2, steps));
    if (state.decay > 0)
        state.parameter.mul_(1 - learningRate * state.decay);
    state.parameter.addcdiv_(state.mean, (state.square * squareScale).sqrt_().add_(m_settings.eps), -learningRate * meanScale);
}

void Optimiser::stepMuon(MuonGroup &group, double learningRate)
{
    std::vector<at::Tensor> gradients;
    bool hasAny = false;
    for (const at::Tensor &parameter : group.parameters) {
        const bool hasGradient = parameter.grad().defined();
        hasAny = hasAny || hasGradient;
        gradients.push_back((hasGradient ? parameter.grad() : at::zeros_like(parameter)).flatten(1));
    }
    if (!hasAny)
        return;
    const at::Tensor gradient = at::stack(gradients);
    group.momentum.mul_(m_settings.muonMomentum).add_(gradient);
    const at::Tensor direction = orthogonalised(gradient + group.momentum * m_settings.muonMomentum, m_settings.usesBf16); // Nesterov
    const auto rows = static_cast<double>(direction.size(1)), columns = static_cast<double>(direction.size(2));
    const double scale = std::sqrt(std::max(1.0, rows / columns));
    for (std::size_t i = 0; i < group.parameters.size(); ++i) {
        if (!group.parameters[i].grad().defined())
            continue;
        group.parameters[i].mul_(1 - learningRate * m_settings.weightDecay);
        group.parameters[i].add_(direction[static_cast<std::int64_t>(i)].view_as(group.parameters[i]), -learningRate * scale);
    }
}

} // namespace auroraedge::engine
