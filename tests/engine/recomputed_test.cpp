#include "engine/training/recomputed.h"

#include "engine/io/model_folder.h"
#include "engine/models/aurora_edge.h"
#include "engine/training/initialise.h"
#include "engine/training/low_rank.h"
#include "engine/training/packed_questions.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_model.h"

#include <ATen/TensorOperators.h>
#include <ATen/autocast_mode.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/linear.h>
#include <c10/core/Allocator.h>
#include <c10/util/ThreadLocalDebugInfo.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace auroraedge::engine {
namespace {

using Tensors = std::map<std::string, at::Tensor>;

/// The highest number of bytes that tensors of this thread held at once while it lives.
class TensorMemory
{
public:
    [[nodiscard]] std::int64_t peakBytes() const { return m_count->peak; }

private:
    struct Count final : c10::MemoryReportingInfoBase
    {
        void reportMemoryUsage(void *, std::int64_t bytes, std::size_t, std::size_t, c10::Device) override
        {
            now += bytes;
            peak = std::max(peak, now);
        }
        [[nodiscard]] bool memoryProfilingEnabled() const override { return true; }

        std::int64_t now = 0, peak = 0;
    };

    std::shared_ptr<Count> m_count = std::make_shared<Count>();
    c10::DebugInfoGuard m_guard{c10::DebugInfoKind::PROFILER_STATE, m_count};
};

/// bf16 products while it lives.
class Bf16
{
public:
    Bf16()
    {
        at::autocast::set_autocast_dtype(at::kCPU, at::kBFloat16);
        at::autocast::set_autocast_enabled(at::kCPU, true);
    }
    ~Bf16()
    {
        at::autocast::set_autocast_enabled(at::kCPU, false);
        at::autocast::clear_cache();
    }
};

at::Tensor plainly(const Layer &layer, const at::Tensor &x)
{
    return layer(x);
}

at::Tensor leaf(const char *name, const Shape &shape, double std = 0.2)
{
    return freshConnector(name, shape, 1, std).requires_grad_();
}

/// Gradients of a small residual layer: of its input, then of its two matrices.
std::vector<at::Tensor> gradientsOf(const LayerRunner &run, bool usesBf16 = false)
{
    const at::Tensor x = leaf("x", {3, 5, 8}), first = leaf("first", {16, 8}), second = leaf("second", {8, 16});
    at::Tensor loss;
    const auto forward = [&] {
        const at::Tensor y = run([first, second](const at::Tensor &given) { return given + at::linear(at::gelu(at::linear(given, first)), second); }, x);
        return (y.to(at::kFloat) * freshConnector("weights", {3, 5, 8}, 2, 1)).sum();
    };
    if (usesBf16) {
        const Bf16 bf16;
        loss = forward();
    } else {
        loss = forward();
    }
    loss.backward();
    return {x.grad(), first.grad(), second.grad()};
}

TEST(RecomputedTest, GradientsOfInputAndWeightsAreThoseOfThePlainCallBitForBit)
{
    const auto plain = gradientsOf(plainly), again = gradientsOf(recomputed);
    for (std::size_t i = 0; i < plain.size(); ++i) {
        EXPECT_GT(plain[i].norm().item<double>(), 0);
        EXPECT_TRUE(plain[i].equal(again[i])) << i;
    }
}

TEST(RecomputedTest, TheSecondComputationHasTheAutocastStateOfTheFirst)
{
    const auto plain = gradientsOf(plainly, true), again = gradientsOf(recomputed, true), wide = gradientsOf(plainly);
    for (std::size_t i = 0; i < plain.size(); ++i) {
        EXPECT_TRUE(plain[i].equal(again[i])) << i;
        EXPECT_FALSE(plain[i].equal(wide[i])) << i; // bf16 was at work
    }
    EXPECT_FALSE(at::autocast::is_autocast_enabled(at::kCPU));
    EXPECT_TRUE(at::autocast::is_autocast_cache_enabled());
}

TEST(RecomputedTest, WeightsLearnBehindAnInputThatNeedsNoGradient)
{
    const at::Tensor x = freshConnector("x", {2, 8}, 1, 1), weight = leaf("weight", {8, 8});
    recomputed([weight](const at::Tensor &given) { return at::linear(given, weight); }, x).sum().backward();
    EXPECT_TRUE(weight.grad().defined());
    EXPECT_FALSE(x.grad().defined());
}

TEST(RecomputedTest, AnInputGetsItsGradientThroughAFrozenLayer)
{
    const at::Tensor x = leaf("x", {2, 8}), weight = freshConnector("weight", {8, 8}, 1, 1);
    recomputed([weight](const at::Tensor &given) { return at::linear(given, weight); }, x).sum().backward();
    EXPECT_TRUE(x.grad().defined());
    EXPECT_FALSE(weight.grad().defined());
}

TEST(RecomputedTest, WhereNothingLearnsTheLayerIsComputedOnce)
{
    int calls = 0;
    const Layer layer = [&calls, weight = freshConnector("weight", {8, 8}, 1, 1)](const at::Tensor &given) {
        ++calls;
        return at::linear(given, weight);
    };
    const at::Tensor frozen = recomputed(layer, freshConnector("x", {2, 8}, 1, 1));
    EXPECT_FALSE(frozen.requires_grad());
    (frozen * leaf("after", {2, 8})).sum().backward();
    EXPECT_EQ(calls, 1);
    const at::NoGradGuard noGrad;
    EXPECT_FALSE(recomputed(layer, leaf("x", {2, 8})).requires_grad());
    EXPECT_EQ(calls, 2);
}

TEST(RecomputedTest, ALayerMayHoldRecomputedLayers)
{
    const LayerRunner twofold = [](const Layer &layer, const at::Tensor &x) {
        return recomputed([layer](const at::Tensor &given) { return recomputed(layer, given); }, x);
    };
    const auto plain = gradientsOf(plainly), again = gradientsOf(twofold);
    for (std::size_t i = 0; i < plain.size(); ++i)
        EXPECT_TRUE(plain[i].equal(again[i])) << i;
}

TEST(RecomputedTest, AStackHoldsEachLayersInputAndTheInsideOfOneLayer)
{
    constexpr std::int64_t kRows = 512, kWidth = 64, kInner = 256;
    constexpr int kLayers = 16;
    std::vector<std::pair<at::Tensor, at::Tensor>> weights;
    for (int i = 0; i < kLayers; ++i)
        weights.emplace_back(leaf("first", {kInner, kWidth}), leaf("second", {kWidth, kInner}));
    const at::Tensor x = freshConnector("x", {kRows, kWidth}, 1, 1);
    const auto peakOf = [&](const LayerRunner &run) {
        const TensorMemory memory;
        at::Tensor hidden = x;
        for (const auto &[first, second] : weights)
            hidden = run([first = first, second = second](const at::Tensor &given) { return given + at::linear(at::gelu(at::linear(given, first)), second); }, hidden);
        hidden.sum().backward();
        return memory.peakBytes();
    };
    const std::int64_t plain = peakOf(plainly);
    for (auto &[first, second] : weights) {
        first.mutable_grad().reset();
        second.mutable_grad().reset();
    }
    const std::int64_t again = peakOf(recomputed);
    const std::int64_t input = kRows * kWidth * 4, inside = kRows * kInner * 4, gradients = kLayers * 2 * kWidth * kInner * 4;
    EXPECT_GT(plain, kLayers * (input + 2 * inside));
    EXPECT_LT(again, (kLayers + 4) * input + 5 * inside + gradients);
    EXPECT_LT(again, plain / 3);
}

/// The gradient of every weight of the tiny model after one loss of one picture and two questions.
Tensors gradientsOfModel(const AuroraEdgeConfig &config, const LayerRunner &run, bool isAdapted)
{
    const PackedQuestions packed = packQuestions({{{{5, 6, 7}, {9, 10}, 0}, {{11, 12}, {13, 14}, 0}}});
    TrainableParameters base({}, 3);
    LowRankAdapters adapters(base, {{.tower = true, .decoder = true}, 4, 8}, 1);
    AuroraEdge net = isAdapted ? AuroraEdge::take(adapters, config) : AuroraEdge::take(base, config);
    if (run) {
        net.tower.setLayerRunner(run);
        net.decoder.setLayerRunner(run);
    }
    const std::vector<PatchGrid> grids{{4, 4}};
    const at::Tensor projected = net.projector.forward(net.tower.forward(freshConnector("patches", {1, 16, 48}, 9, 1), grids, {}, false));
    at::cross_entropy_loss(answerLogits(net, packed, projected, net.compressor.forward(projected, {}, grids)), packed.labels).backward();
    Tensors gradients;
    for (const auto &[name, parameter] : isAdapted ? adapters.parameters() : base.parameters())
        if (parameter.grad().defined())
            gradients[name] = parameter.grad();
    return gradients;
}

TEST(RecomputedTest, AModelWithRecomputedTowerAndDecoderLearnsTheSameBitForBit)
{
    const testing::TemporaryFolder folder;
    testing_support::writeTinyModel(folder / "model");
    const auto config = std::get<AuroraEdgeConfig>(readModelConfig(folder / "model")->architecture);
    for (const bool isAdapted : {false, true}) {
        int layers = 0;
        const Tensors plain = gradientsOfModel(config, {}, isAdapted);
        const Tensors again = gradientsOfModel(config, [&layers](const Layer &layer, const at::Tensor &x) {
            ++layers;
            return recomputed(layer, x);
        }, isAdapted);
        EXPECT_EQ(layers, 3 + 2); // tower, decoder
        EXPECT_GT(plain.size(), 20U);
        ASSERT_EQ(plain.size(), again.size());
        for (const auto &[name, gradient] : plain)
            EXPECT_TRUE(gradient.equal(again.at(name))) << name;
    }
}

} // namespace
} // namespace auroraedge::engine
