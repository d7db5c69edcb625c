#include "engine/models/aurora_edge.h"
#include "engine/training/initialise.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace auroraedge::engine {
namespace {

constexpr std::int64_t kSlots = 256, kVocabulary = 90;
constexpr int kSteps = 6;

struct Case
{
    PatchGrid grid;
    std::vector<std::int64_t> ids;
};

/// Pictures of several shapes, each with a question of its own length.
std::vector<Case> cases()
{
    return {{{13, 19}, {3, 5, 7, 11, 13}}, {{16, 16}, {2}}, {{5, 50}, {9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 70, 71}}, {{7, 7}, {40, 41, 42}}};
}

/// Logits of the last prompt token and of each greedy step [kSteps, vocab], and the tokens.
struct Answered
{
    at::Tensor logits;
    std::vector<std::int64_t> ids;
};

class BatchTest : public ::testing::TestWithParam<std::pair<CompressorType, FusionMask>>
{
protected:
    void SetUp() override
    {
        config.vision.hiddenSize = 24;
        config.vision.intermediateSize = 32;
        config.vision.layers = 2;
        config.vision.heads = 3;
        config.vision.patchSize = 2;
        config.text.hiddenSize = 24;
        config.text.intermediateSize = 40;
        config.text.layers = 2;
        config.text.heads = 6;
        config.text.kvHeads = 2;
        config.text.headDim = 4;
        config.text.vocabSize = kVocabulary;
        config.text.hasQkvBias = true;
        config.crossHeads = 4;
        config.compressor = GetParam().first;
        config.decoderMask = GetParam().second;
        if (config.compressor == CompressorType::Concat4)
            config.compressorGrid = CompressorGrid::Sequence4;
        TrainableParameters parameters({}, /*seed=*/5);
        model = AuroraEdge::take(parameters, config);
        const at::Tensor noise = at::randn({static_cast<std::int64_t>(cases().size()), kSlots, 12});
        for (std::size_t i = 0; i < cases().size(); ++i)
            pictures.push_back(noise[static_cast<std::int64_t>(i)]);
    }

    /// All of @p chosen in one batch, padded to the longest question.
    std::vector<Answered> answer(const std::vector<std::size_t> &chosen) const
    {
        const auto rows = static_cast<std::int64_t>(chosen.size());
        std::vector<PatchGrid> grids;
        std::vector<at::Tensor> pixels;
        std::vector<std::int64_t> valid, lengths;
        for (const std::size_t i : chosen) {
            const Case one = cases()[i];
            grids.push_back(one.grid);
            pixels.push_back(pictures[i]);
            valid.push_back(one.grid.height * one.grid.width);
            lengths.push_back(static_cast<std::int64_t>(one.ids.size()));
        }
        const std::int64_t longest = *std::max_element(lengths.begin(), lengths.end());
        at::Tensor ids = at::full({rows, longest}, kVocabulary - 1, at::kLong);
        for (std::int64_t row = 0; row < rows; ++row) {
            const Case one = cases()[chosen[static_cast<std::size_t>(row)]];
            ids[row].narrow(0, 0, lengths[static_cast<std::size_t>(row)]).copy_(at::tensor(one.ids, at::kLong));
        }
        FusionModule::Layout layout;
        layout.visualKeys = at::arange(kSlots, at::kLong).unsqueeze(0) < at::tensor(valid, at::kLong).unsqueeze(1);
        layout.textKeys = at::arange(longest, at::kLong).unsqueeze(0) < at::tensor(lengths, at::kLong).unsqueeze(1);
        const at::Tensor visual = model.tower.forward(at::stack(pixels), grids, layout.visualKeys, false);
        const at::Tensor projected = model.projector.forward(visual);
        const at::Tensor compressed = model.compressor.forward(projected, layout.visualKeys, grids);
        const at::Tensor fused = model.fusion.forward(model.decoder.embed(ids), projected, layout).fused;

        std::vector<std::int64_t> counts = lengths;
        for (std::int64_t &count : counts)
            count += config.visualTokens();
        KvCache cache(config.text, rows, config.visualTokens() + longest + kSteps, at::kFloat, at::kCPU);
        const at::Tensor hidden = model.decoder.forward(at::cat({compressed, fused}, 1), cache, {}, {}, counts);
        std::vector<at::Tensor> last;
        for (std::int64_t row = 0; row < rows; ++row)
            last.push_back(hidden[row][counts[static_cast<std::size_t>(row)] - 1]);
        at::Tensor logits = model.decoder.logits(at::stack(last)); // [rows, vocab]
        std::vector<at::Tensor> taken;
        std::vector<Answered> answers(chosen.size());
        for (int step = 0; step < kSteps; ++step) {
            taken.push_back(logits);
            const at::Tensor next = logits.argmax(-1);
            for (std::int64_t row = 0; row < rows; ++row)
                answers[static_cast<std::size_t>(row)].ids.push_back(next[row].item<std::int64_t>());
            logits = model.decoder.logits(model.decoder.forward(model.decoder.embed(next.unsqueeze(1)), cache)).select(1, 0);
        }
        const at::Tensor all = at::stack(taken, 1); // [rows, steps, vocab]
        for (std::int64_t row = 0; row < rows; ++row)
            answers[static_cast<std::size_t>(row)].logits = all[row];
        return answers;
    }

    const at::NoGradGuard noGrad;
    AuroraEdgeConfig config;
    AuroraEdge model;
    std::vector<at::Tensor> pictures;
};

TEST_P(BatchTest, PicturesAndQuestionsOfDifferentSizesAnswerAsEachAlone)
{
    const std::vector<Answered> together = answer({0, 1, 2, 3}), reversed = answer({3, 2, 1, 0});
    for (std::size_t i = 0; i < together.size(); ++i) {
        SCOPED_TRACE(i);
        const Answered alone = answer({i}).front();
        for (const Answered &batched : {together[i], reversed[together.size() - 1 - i]}) {
            EXPECT_EQ(batched.ids, alone.ids);
            EXPECT_LT((batched.logits - alone.logits).abs().max().item<double>(), 5e-5);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Graphs, BatchTest,
                         ::testing::Values(std::pair(CompressorType::Mlp, FusionMask::Causal), std::pair(CompressorType::Mlp, FusionMask::Full),
                                           std::pair(CompressorType::Conv2d, FusionMask::Causal), std::pair(CompressorType::MaxPool2d, FusionMask::Prefix),
                                           std::pair(CompressorType::Concat4, FusionMask::Causal), std::pair(CompressorType::None, FusionMask::Causal)));

} // namespace
} // namespace auroraedge::engine
