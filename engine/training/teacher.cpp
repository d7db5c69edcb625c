#include "engine/training/teacher.h"

#include <ATen/ops/adaptive_avg_pool2d.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/group_norm.h>
#include <ATen/ops/relu.h>

#include <map>

namespace auroraedge::engine {

namespace {

struct LayerShape
{
    std::int64_t width, stride;
};
/// Four halvings: one place a patch of 16 pixels. 0.9 M parameters.
constexpr LayerShape kLayers[] = {{32, 2}, {64, 2}, {64, 1}, {128, 2}, {128, 1}, {Teacher::kWidth, 2}, {Teacher::kWidth, 1}};
constexpr std::int64_t kGroups = 8; // of the norms; batches are too mixed for batch norms

} // namespace

std::vector<Linear> takePooledHeads(ParameterSource &source, const std::string &prefix, const TrainingRun &run, std::int64_t width)
{
    std::map<std::string, Linear> byName;
    std::vector<Linear> heads;
    for (const TrainingSource &data : run.sources) {
        const std::string &name = data.head.empty() ? data.name : data.head;
        if (data.labels > 0 && !byName.contains(name))
            byName[name] = Linear::take(source, prefix + name, width, data.labels);
        heads.push_back(data.labels > 0 ? byName[name] : Linear{});
    }
    return heads;
}

Teacher Teacher::take(ParameterSource &source, const TrainingRun &run)
{
    const std::string prefix = "training.teacher.";
    Teacher teacher;
    std::int64_t in = 3;
    for (const LayerShape &shape : kLayers) {
        const std::string name = prefix + "conv" + std::to_string(teacher.m_layers.size());
        teacher.m_layers.push_back({source.take(name + ".weight", {shape.width, in, 3, 3}), source.take(name + ".norm.weight", {shape.width}),
                                    source.take(name + ".norm.bias", {shape.width}), shape.stride});
        in = shape.width;
    }
    teacher.m_heads = takePooledHeads(source, prefix + "head.", run, kWidth);
    return teacher;
}

Teacher::Output Teacher::forward(const at::Tensor &patches, std::int64_t side, std::int64_t patchSize) const
{
    const std::int64_t batch = patches.size(0);
    at::Tensor x = patches.view({batch, side, side, patchSize, patchSize, 3})
                       .permute({0, 5, 1, 3, 2, 4})
                       .reshape({batch, 3, side * patchSize, side * patchSize});
    for (const Layer &layer : m_layers)
        x = at::relu(at::group_norm(at::conv2d(x, layer.weight, {}, {layer.stride, layer.stride}, {1, 1}), kGroups, layer.normWeight, layer.normBias));
    Output output;
    output.pooled = x.mean({2, 3});
    if (x.size(2) != side) // patches of another size than 16
        x = at::adaptive_avg_pool2d(x, {side, side});
    output.features = x.flatten(2).transpose(1, 2);
    return output;
}

double Teacher::multiplyAdds(std::int64_t patchSize)
{
    double sum = 0, side = static_cast<double>(patchSize), in = 3;
    for (const LayerShape &shape : kLayers) {
        const auto width = static_cast<double>(shape.width);
        side /= static_cast<double>(shape.stride);
        sum += side * side * 9 * in * width;
        in = width;
    }
    return sum;
}

at::Tensor Teacher::scores(const Output &output, std::size_t source) const
{
    const Linear &head = m_heads[source];
    return head.weight.defined() ? head(output.pooled).to(at::kFloat) : at::Tensor();
}

} // namespace auroraedge::engine
