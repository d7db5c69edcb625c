#include "engine/training/initialise.h"

#include "engine/core/layers.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/linalg_qr.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/pow.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace auroraedge::engine {

namespace {

constexpr std::string_view kPatchHead = "patch_head.";

bool contains(const std::string &text, const char *part)
{
    return text.find(part) != std::string::npos;
}

/// The first of @p names, and how many there are.
std::string listed(const std::vector<std::string> &names)
{
    constexpr std::size_t kShown = 5;
    std::string text;
    for (std::size_t i = 0; i < std::min(names.size(), kShown); ++i)
        text += (i > 0 ? ", " : "") + names[i];
    return names.size() > kShown ? text + ", ... (" + std::to_string(names.size()) + " in all)" : text;
}

/// FNV-1a: the same draw for a name on every machine (std::hash promises nothing).
std::uint64_t seedOf(const std::string &name, std::uint64_t seed)
{
    std::uint64_t hash = 1469598103934665603ULL ^ seed;
    for (const char letter : name)
        hash = (hash ^ static_cast<unsigned char>(letter)) * 1099511628211ULL;
    return hash;
}

/// Norms and biases are not drawn.
bool isPlain(const std::string &name)
{
    return contains(name, "norm") || contains(name, ".ln_") || name.ends_with(".bias");
}

at::Tensor plainValue(const std::string &name, const Shape &shape)
{
    return name.ends_with(".bias") ? at::zeros(shape) : at::ones(shape);
}

at::Tensor normal(const std::string &name, const Shape &shape, std::uint64_t seed)
{
    return at::randn(shape, at::detail::createCPUGenerator(seedOf(name, seed)));
}

at::Tensor sineCosine(std::int64_t rows, std::int64_t width)
{
    const auto side = static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(rows))));
    const std::int64_t quarter = width / 4;
    const at::Tensor frequencies = at::pow(10000.0, -at::arange(quarter, at::kFloat) / static_cast<double>(quarter));
    const at::Tensor angles = at::arange(side, at::kFloat).unsqueeze(1) * frequencies; // [side, quarter]
    const auto [cosine, sine] = cosineSine(angles);
    const at::Tensor axis = at::cat({sine, cosine}, 1); // [side, width / 2]
    const at::Tensor rowPart = axis.unsqueeze(1).expand({side, side, -1});
    const at::Tensor columnPart = axis.unsqueeze(0).expand({side, side, -1});
    const at::Tensor table = at::cat({rowPart, columnPart}, 2).reshape({side * side, 4 * quarter});
    return table.size(1) == width ? table * 0.7 : at::cat({table * 0.7, at::zeros({rows, width - 4 * quarter})}, 1);
}

} // namespace

TrainableParameters::TrainableParameters(std::optional<TensorFiles> files, std::uint64_t seed, at::Device device)
    : m_files(std::move(files)), m_seed(seed), m_device(device)
{
}

at::Tensor TrainableParameters::take(const std::string &name, const Shape &shape)
{
    const MappedTensor *found = m_files ? m_files->find(name) : nullptr;
    const bool isUsable = found && found->shape == shape && at::isFloatingType(scalarTypeOf(found->dtype));
    if (m_files && !isUsable)
        (found ? m_misfits : m_missing).push_back(name);
    at::Tensor value = (isUsable ? viewOf(*found, m_files->mapping()).to(at::kFloat).clone() : fresh(name, shape)).to(m_device);
    value.requires_grad_(true);
    m_parameters[name] = value;
    return value;
}

Result<void> TrainableParameters::check() const
{
    std::vector<std::string> missing = m_missing;
    if (m_files && std::ranges::none_of(m_files->tensors(), [](const auto &entry) { return entry.first.starts_with(kPatchHead); }))
        std::erase_if(missing, [](const std::string &name) { return name.starts_with(kPatchHead); });
    std::string message = missing.empty() ? "" : "missing: " + listed(missing);
    if (!m_misfits.empty())
        message += (message.empty() ? "" : "; ") + ("wrong shape or type: " + listed(m_misfits));
    if (message.empty())
        return {};
    return failure(missing.empty() ? code::ModelTensorShape : code::ModelTensorMissing, message);
}

at::Tensor freshConnector(const std::string &name, const Shape &shape, std::uint64_t seed, double std)
{
    return isPlain(name) ? plainValue(name, shape) : normal(name, shape, seed) * std;
}

at::Tensor TrainableParameters::fresh(const std::string &name, const Shape &shape)
{
    if (isPlain(name))
        return plainValue(name, shape);
    if (contains(name, "position_embedding"))
        return sineCosine(shape[0], shape[1]);

    const auto normal = [&](const std::string &drawnAs) { return engine::normal(drawnAs, shape, m_seed); };
    if (contains(name, "embed_tokens"))
        return normal(name) * 0.02;

    std::int64_t fanIn = 1;
    for (std::size_t i = 1; i < shape.size(); ++i)
        fanIn *= shape[i];
    const double std = 0.7 / std::sqrt(static_cast<double>(fanIn));

    const bool isTowerAttention = contains(name, "vision_model.encoder.layers.") && contains(name, "self_attn.");
    const std::string block = name.substr(0, name.find("self_attn."));
    if (isTowerAttention && (contains(name, "q_proj") || contains(name, "k_proj")))
        return normal(block + "query-key") * std;
    if (isTowerAttention) { // v_proj and out_proj: an orthogonal matrix and its negative transpose
        const at::Tensor orthogonal = std::get<0>(at::linalg_qr(normal(block + "value-out"))) * std::sqrt(0.4);
        return contains(name, "v_proj") ? orthogonal : -orthogonal.t().contiguous();
    }
    return normal(name) * std;
}

} // namespace auroraedge::engine
