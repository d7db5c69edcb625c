#include "engine/training/low_rank.h"

#include "engine/io/model_folder.h"
#include "engine/models/aurora_edge.h"
#include "engine/training/initialise.h"
#include "engine/training/optimiser.h"
#include "engine/training/packed_questions.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_model.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/allclose.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <gtest/gtest.h>

namespace auroraedge::engine {
namespace {

using Tensors = std::map<std::string, at::Tensor>;

/// Weights by name, as a loaded file gives them.
class GivenWeights final : public ParameterSource
{
public:
    explicit GivenWeights(const Tensors &weights) : m_weights(weights) {}
    at::Tensor take(const std::string &name, const Shape &) override { return m_weights.at(name); }

private:
    const Tensors &m_weights;
};

class LowRankTest : public ::testing::Test
{
protected:
    void SetUp() override { testing_support::writeTinyModel(m_folder / "model"); }

    [[nodiscard]] AuroraEdge taken(ParameterSource &source) const
    {
        return AuroraEdge::take(source, std::get<AuroraEdgeConfig>(readModelConfig(m_folder / "model")->architecture));
    }
    /// Of one picture and two questions.
    static at::Tensor logitsOf(const AuroraEdge &net)
    {
        const std::vector<PatchGrid> grids{{4, 4}};
        const at::Tensor projected = net.projector.forward(net.tower.forward(freshConnector("patches", {1, 16, 48}, 9, 1), grids, {}, false));
        return answerLogits(net, kQuestions, projected, net.compressor.forward(projected, {}, grids));
    }
    static at::Tensor lossOf(const AuroraEdge &net) { return at::cross_entropy_loss(logitsOf(net), kQuestions.labels); }
    /// As after some training: no B is zero any more.
    static void shake(const LowRankAdapters &adapters)
    {
        const at::NoGradGuard noGrad;
        for (const auto &[name, parameter] : adapters.parameters())
            at::Tensor(parameter).add_(freshConnector("shaken " + name, parameter.sizes().vec(), 5, 0.1));
    }

    inline static const PackedQuestions kQuestions = packQuestions({{{{5, 6, 7}, {9, 10}, 0}, {{11, 12}, {13, 14}, 0}}});
    static constexpr LowRankAdapters::Settings kBoth{{.tower = true, .decoder = true}, 4, 8};
    testing::TemporaryFolder m_folder;
};

TEST_F(LowRankTest, AdaptsTheMatricesOfAttentionAndMlpOfTheChosenParts)
{
    const std::string decoder = "language_model.model.layers.3.", tower = "vision_tower.vision_model.encoder.layers.11.";
    for (const char *matrix : {"self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"}) {
        EXPECT_TRUE(isAdapted({}, decoder + matrix + ".weight")) << matrix;
        EXPECT_FALSE(isAdapted({.tower = true, .decoder = false}, decoder + matrix + ".weight")) << matrix;
        EXPECT_FALSE(isAdapted({}, decoder + matrix + ".bias")) << matrix;
        EXPECT_FALSE(isAdapted({true, true}, std::string("fusion.decoder.") + matrix + ".weight")) << matrix;
    }
    for (const char *matrix : {"self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj", "mlp.fc1", "mlp.fc2"}) {
        EXPECT_TRUE(isAdapted({.tower = true, .decoder = false}, tower + matrix + ".weight")) << matrix;
        EXPECT_FALSE(isAdapted({}, tower + matrix + ".weight")) << matrix;
    }
    for (const std::string &other : {decoder + "input_layernorm.weight", tower + "layer_norm1.weight", std::string("language_model.model.embed_tokens.weight"),
                                     std::string("language_model.lm_head.weight"), std::string("projector.0.weight"), std::string("fusion.cross.q_proj.weight")})
        EXPECT_FALSE(isAdapted({true, true}, other)) << other;
}

TEST_F(LowRankTest, AFreshlyAdaptedModelComputesWhatItsBaseComputesBitForBit)
{
    TrainableParameters plain({}, 3), base({}, 3);
    LowRankAdapters adapters(base, kBoth, 1);
    EXPECT_TRUE(logitsOf(taken(plain)).equal(logitsOf(taken(adapters))));
}

TEST_F(LowRankTest, EachAdaptedMatrixHasRankTimesInAndOutParameters)
{
    TrainableParameters base({}, 3);
    LowRankAdapters adapters(base, kBoth, 1);
    (void)taken(adapters);
    std::size_t matrices = 0;
    for (const auto &[name, weight] : base.parameters()) {
        if (!isAdapted(kBoth.parts, name)) {
            EXPECT_FALSE(adapters.lowRankOf(name).down.defined()) << name;
            continue;
        }
        ++matrices;
        const at::Tensor &down = adapters.parameters().at("lora." + name + ".A"), &up = adapters.parameters().at("lora." + name + ".B");
        EXPECT_EQ(down.numel() + up.numel(), kBoth.rank * (weight.size(0) + weight.size(1))) << name;
    }
    EXPECT_EQ(matrices, 3U * 6 + 2 * 7); // layers times matrices: tower, decoder
    EXPECT_EQ(adapters.parameters().size(), 2 * matrices);
}

TEST_F(LowRankTest, OnlyTheAdaptersLearnAndTheBaseStaysBitForBit)
{
    TrainableParameters base({}, 3);
    LowRankAdapters adapters(base, kBoth, 1);
    const AuroraEdge net = taken(adapters);
    Tensors before, start;
    for (const auto &[name, weight] : base.parameters())
        before[name] = weight.clone();
    for (const auto &[name, parameter] : adapters.parameters())
        start[name] = parameter.detach().clone();
    Optimiser optimiser(adapters.parameters(), Optimiser::published());
    const double first = lossOf(net).item<double>();
    for (int step = 0; step < 5; ++step) {
        lossOf(net).backward();
        for (const auto &[name, weight] : base.parameters())
            EXPECT_FALSE(weight.grad().defined()) << name;
        for (const auto &[name, parameter] : adapters.parameters())
            EXPECT_TRUE(parameter.grad().defined()) << name;
        optimiser.step(1e-2, 0);
    }
    EXPECT_LT(lossOf(net).item<double>(), first);
    for (const auto &[name, weight] : base.parameters())
        EXPECT_TRUE(weight.equal(before.at(name))) << name;
    for (const auto &[name, parameter] : adapters.parameters())
        EXPECT_FALSE(parameter.equal(start.at(name))) << name;
}

TEST_F(LowRankTest, GradientsOfTheAdaptersEqualFiniteDifferences)
{
    TrainableParameters base({}, 3);
    LowRankAdapters adapters(base, kBoth, 1);
    const AuroraEdge net = taken(adapters);
    shake(adapters);
    lossOf(net).backward();
    for (const char *name : {"language_model.model.layers.1.self_attn.v_proj.weight", "language_model.model.layers.0.mlp.down_proj.weight",
                             "vision_tower.vision_model.encoder.layers.2.self_attn.out_proj.weight"}) {
        for (const char *part : {".A", ".B"}) {
            SCOPED_TRACE(std::string(name) + part);
            at::Tensor parameter = adapters.parameters().at("lora." + std::string(name) + part);
            // Along the gradient itself the slope is its norm: the least rounding of any direction.
            const double norm = parameter.grad().norm().item<double>(), step = 2e-3;
            ASSERT_GT(norm, 0);
            const at::NoGradGuard noGrad;
            const at::Tensor direction = parameter.grad() / norm;
            parameter.add_(direction, step);
            const double above = lossOf(net).item<double>();
            parameter.add_(direction, -2 * step);
            const double below = lossOf(net).item<double>();
            parameter.add_(direction, step);
            EXPECT_NEAR((above - below) / (2 * step), norm, 0.02 * norm + 2e-4);
        }
    }
}

TEST_F(LowRankTest, MergedWeightsAreAPlainModelThatComputesTheSame)
{
    TrainableParameters base({}, 3);
    LowRankAdapters adapters(base, kBoth, 1);
    const at::NoGradGuard noGrad;
    const AuroraEdge net = taken(adapters);
    const at::Tensor untouched = logitsOf(net);
    shake(adapters);
    const Tensors merged = adapters.merged();
    EXPECT_EQ(merged.size(), base.parameters().size());
    GivenWeights weights(merged);
    const at::Tensor adapted = logitsOf(net);
    EXPECT_FALSE(at::allclose(adapted, untouched, 1e-2, 1e-2)); // or there would be nothing to merge
    EXPECT_TRUE(at::allclose(logitsOf(taken(weights)), adapted, 1e-5, 1e-5));
}

TEST_F(LowRankTest, AveragesCanBeMergedInPlaceOfThePresentValues)
{
    TrainableParameters base({}, 3);
    LowRankAdapters adapters(base, kBoth, 1);
    (void)taken(adapters);
    Tensors averages;
    for (const auto &[name, parameter] : adapters.parameters())
        averages[name] = parameter.detach().clone();
    shake(adapters);
    for (const auto &[name, weight] : adapters.merged(averages)) // those at the start: nothing is added
        EXPECT_TRUE(weight.equal(base.parameters().at(name))) << name;
}

TEST_F(LowRankTest, RestoredAdaptersComputeWhatTheSavedOnesComputed)
{
    TrainableParameters base({}, 3), again({}, 3);
    LowRankAdapters adapters(base, kBoth, 1), restored(again, kBoth, 2);
    const AuroraEdge net = taken(adapters), other = taken(restored);
    shake(adapters);
    EXPECT_FALSE(logitsOf(other).equal(logitsOf(net)));
    restored.restore(adapters.parameters());
    EXPECT_TRUE(logitsOf(other).equal(logitsOf(net)));
}

} // namespace
} // namespace auroraedge::engine
