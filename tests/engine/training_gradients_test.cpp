#include "engine/io/model_folder.h"
#include "engine/models/aurora_edge.h"
#include "engine/training/initialise.h"
#include "engine/training/packed_questions.h"
#include "engine/training/patch_loss.h"
#include "engine/training/teacher.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_model.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <map>
#include <string>

namespace auroraedge::engine {
namespace {

using Tensors = std::map<std::string, at::Tensor>;
using Loss = std::function<at::Tensor()>;

/// Slope of @p loss along @p direction, by central differences.
double slopeAlong(const Loss &loss, const Tensors &parameters, const Tensors &direction, double step)
{
    const at::NoGradGuard noGrad;
    const auto move = [&](double by) {
        for (const auto &[name, way] : direction)
            at::Tensor(parameters.at(name)).add_(way, by);
    };
    move(step);
    const double above = loss().item<double>();
    move(-2 * step);
    const double below = loss().item<double>();
    move(step);
    return (above - below) / (2 * step);
}

/// Checks the gradient of every tensor along itself, where its slope is its norm and rounding counts least, and that of all
/// together along a direction of random lengths.
void expectTheSlopes(const Loss &loss, const Tensors &parameters)
{
    constexpr double kRounding = 4e-4; // of fp32 sums
    const auto stepFor = [](double slope) { return 2e-3 / std::max(1.0, slope); }; // what is steep is bent, too
    loss().backward();
    Tensors random;
    double expected = 0, length = 0;
    int steep = 0;
    at::Generator generator = at::detail::createCPUGenerator(11);
    for (const auto &[name, parameter] : parameters) {
        SCOPED_TRACE(name);
        ASSERT_TRUE(parameter.grad().defined());
        const at::Tensor gradient = parameter.grad().clone();
        const double norm = gradient.norm().item<double>();
        steep += norm > 10 * kRounding ? 1 : 0;
        EXPECT_NEAR(slopeAlong(loss, parameters, {{name, gradient / (norm + 1e-12)}}, stepFor(norm)), norm, 0.02 * norm + kRounding);
        random[name] = at::randn(parameter.sizes(), generator).abs() * gradient.sign();
        expected += (gradient * random[name]).sum().item<double>();
        length += random[name].pow(2).sum().item<double>();
    }
    EXPECT_GT(steep, static_cast<int>(parameters.size()) / 2) << "too flat to tell a wrong gradient";
    length = std::sqrt(length);
    for (auto &[name, way] : random)
        way = way / length;
    expected /= length;
    EXPECT_NEAR(slopeAlong(loss, parameters, random, stepFor(expected)), expected, 0.02 * expected + kRounding);
}

class GradientsTest : public ::testing::Test
{
protected:
    GradientsTest()
    {
        testing_support::writeTinyModel(m_folder / "model");
        m_run.sources.resize(1);
        m_run.sources.front().name = "noise";
        m_run.sources.front().labels = 2;
        m_targets.narrow(1, 2, 5).fill_(1);
        m_kinds.narrow(1, 4, 3).fill_(1);
        m_kinds.narrow(1, 9, 2).fill_(0);
    }
    /// The tiny model with 16 slots and other parts.
    AuroraEdge model(const std::string &compressor, const std::string &fusion, bool hasPatchHead, TrainableParameters &parameters) const
    {
        nlohmann::json config = nlohmann::json::parse(testing::readFile(m_folder / "model/config.json"));
        config["vision"]["max_patches"] = 16;
        config["compressor"]["type"] = compressor;
        config["fusion"]["type"] = fusion;
        if (hasPatchHead)
            config["patch_head"]["classes"] = {"object", "centre", "defect"};
        std::ofstream(m_folder / "model/config.json") << config.dump();
        const Result<ModelConfig> read = readModelConfig(m_folder / "model");
        EXPECT_TRUE(read) << read.error().message;
        return AuroraEdge::take(parameters, std::get<AuroraEdgeConfig>(read->architecture));
    }
    at::Tensor seen(const AuroraEdge &net) const { return net.tower.forward(m_patches, m_grids, {}, false); }
    at::Tensor answerLoss(const AuroraEdge &net, const at::Tensor &visual) const
    {
        const at::Tensor projected = net.projector.forward(visual);
        return at::cross_entropy_loss(answerLogits(net, m_packed, projected, net.compressor.forward(projected, {}, m_grids)), m_packed.labels);
    }

    const testing::TemporaryFolder m_folder;
    TrainingRun m_run;
    const std::vector<PatchGrid> m_grids{{4, 4}, {4, 4}};
    const at::Tensor m_patches = at::randn({2, 16, 48}, at::detail::createCPUGenerator(9));
    const at::Tensor m_labels = at::tensor(std::vector<std::int64_t>{1, 0});
    const at::Tensor m_targets = at::zeros({2, 16, kPatchClasses}), m_kinds = at::zeros({2, 16}, at::kLong).fill_(kNoKind);
    const PackedQuestions m_packed = packQuestions({{{{5, 6, 7}, {9, 10}, 0}, {{11, 12}, {13, 14}, 0}}, {{{21, 22}, {23, 24, 25}, 0}}});
};

TEST_F(GradientsTest, EqualFiniteDifferencesForEveryCompressor)
{
    for (const char *type : {"mlp", "conv2d", "maxpool2d", "concat4", "none"}) {
        SCOPED_TRACE(type);
        TrainableParameters parameters({}, 3);
        const AuroraEdge net = model(type, "combined", false, parameters);
        expectTheSlopes([&] { return answerLoss(net, seen(net)); }, parameters.parameters());
    }
}

TEST_F(GradientsTest, EqualFiniteDifferencesForEveryFusion)
{
    for (const char *type : {"none", "cross", "decoder"}) { // combined: above
        SCOPED_TRACE(type);
        TrainableParameters parameters({}, 3);
        const AuroraEdge net = model("mlp", type, false, parameters);
        expectTheSlopes([&] { return answerLoss(net, seen(net)); }, parameters.parameters());
    }
}

TEST_F(GradientsTest, EqualFiniteDifferencesForTheHeadsOfTheTower)
{
    TrainableParameters parameters({}, 3);
    const AuroraEdge net = model("mlp", "combined", true, parameters);
    const std::vector<Linear> pooled = takePooledHeads(parameters, "training.pooled_head.", m_run, 32);
    const Linear kinds = Linear::take(parameters, "training.kind_head.noise", 32, 2);
    expectTheSlopes(
        [&] {
            const at::Tensor visual = seen(net);
            return answerLoss(net, visual) + patchesLoss(visual, *net.patchHead, m_targets, kinds, m_kinds)
                + at::cross_entropy_loss(pooled.front()(visual.mean(1)), m_labels);
        },
        parameters.parameters());
}

TEST_F(GradientsTest, EqualFiniteDifferencesForTheTeacher)
{
    TrainableParameters parameters({}, 3);
    const Teacher teacher = Teacher::take(parameters, m_run);
    const Linear patch = Linear::take(parameters, "training.teacher.patch_head", Teacher::kWidth, kPatchClasses);
    const Linear kinds = Linear::take(parameters, "training.teacher.kind_head.noise", Teacher::kWidth, 2);
    expectTheSlopes(
        [&] {
            const Teacher::Output output = teacher.forward(m_patches, 4, 4);
            return at::cross_entropy_loss(teacher.scores(output, 0), m_labels) + patchesLoss(output.features, patch, m_targets, kinds, m_kinds);
        },
        parameters.parameters());
}

} // namespace
} // namespace auroraedge::engine
