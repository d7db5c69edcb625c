#include "engine/core/device.h"
#include "engine/core/guarded.h"
#include "engine/decode/text_decoder.h"
#include "engine/decode/sampler.h"
#include "engine/training/initialise.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/tensor.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace auroraedge::engine {
namespace {

double largestDifference(const at::Tensor &a, const at::Tensor &b)
{
    return (a - b).abs().max().item<double>();
}

class DecoderTest : public testing::Test
{
protected:
    void SetUp() override
    {
        config.hiddenSize = 24;
        config.intermediateSize = 40;
        config.layers = 3;
        config.heads = 6;
        config.kvHeads = 2;
        config.headDim = 4;
        config.vocabSize = 50;
        TrainableParameters parameters({}, /*seed=*/3);
        decoder = TextDecoder::take(parameters, "", config);
    }
    KvCache emptyCache() const { return {config, 1, kLength, at::kFloat, at::kCPU}; }

    static constexpr std::int64_t kLength = 20;
    const at::NoGradGuard noGrad;
    TextConfig config;
    TextDecoder decoder;
    const at::Tensor ids = at::arange(kLength, at::kLong).mul(7).remainder(50).unsqueeze(0);
};

TEST_F(DecoderTest, CachedStepsGiveTheNumbersOfTheUncachedPass)
{
    const at::Tensor x = decoder.embed(ids);
    const at::Tensor positions = at::arange(kLength, at::kLong);
    const at::Tensor causal = additiveMask(positions.unsqueeze(0) <= positions.unsqueeze(1), at::kFloat).unsqueeze(0).unsqueeze(0);
    const at::Tensor uncached = decoder.logits(decoder.forwardMasked(x, positions, causal));
    for (const std::int64_t prompt : {std::int64_t{1}, std::int64_t{7}, kLength - 1}) {
        SCOPED_TRACE(prompt);
        KvCache cache = emptyCache();
        std::vector<at::Tensor> parts{decoder.forward(x.narrow(1, 0, prompt), cache)};
        for (std::int64_t at = prompt; at < kLength; ++at)
            parts.push_back(decoder.forward(x.narrow(1, at, 1), cache));
        EXPECT_EQ(cache.length(), kLength);
        const at::Tensor cached = decoder.logits(at::cat(parts, 1));
        EXPECT_LT(largestDifference(cached, uncached), 1e-5); // other products, so other rounding
        EXPECT_TRUE(cached.argmax(-1).equal(uncached.argmax(-1)));
    }
}

TEST_F(DecoderTest, APromptInPiecesOfAnySizeGivesTheNumbersOfTheWhole)
{
    for (const std::int64_t length : {2, 127, 128, 129, 300}) {
        const at::Tensor x = decoder.embed(at::arange(length, at::kLong).mul(7).remainder(50).unsqueeze(0));
        KvCache whole(config, 1, length, at::kFloat, at::kCPU);
        const at::Tensor wanted = decoder.logits(decoder.forward(x, whole));
        for (const std::int64_t piece : {1, 2, 3, 5, 16, 64, 127, 128, 129, 299, 300}) {
            SCOPED_TRACE(std::to_string(length) + " in pieces of " + std::to_string(piece));
            KvCache cache(config, 1, length, at::kFloat, at::kCPU);
            std::vector<at::Tensor> parts;
            for (std::int64_t at = 0; at < length; at += piece)
                parts.push_back(decoder.forward(x.narrow(1, at, std::min(piece, length - at)), cache));
            const at::Tensor got = decoder.logits(at::cat(parts, 1));
            EXPECT_LT(largestDifference(got, wanted), 2e-5);
            EXPECT_TRUE(got.argmax(-1).equal(wanted.argmax(-1)));
        }
    }
}

TEST_F(DecoderTest, RowsOfABatchGiveTheNumbersOfSingleRuns)
{
    const at::Tensor rows = at::arange(4 * kLength, at::kLong).mul(11).remainder(50).view({4, kLength});
    KvCache together(config, 4, kLength, at::kFloat, at::kCPU);
    const at::Tensor batched = decoder.logits(decoder.forward(decoder.embed(rows), together));
    for (std::int64_t row = 0; row < 4; ++row) {
        KvCache cache = emptyCache();
        const at::Tensor single = decoder.logits(decoder.forward(decoder.embed(rows.narrow(0, row, 1)), cache));
        EXPECT_LT(largestDifference(batched[row], single[0]), 1e-5) << row;
    }
}

TEST_F(DecoderTest, RowsOfDifferentLengthsGiveTheNumbersOfSingleRuns)
{
    // Prompts of these lengths in one batch, then more tokens for each, also of different number, then one by one.
    const std::vector<std::int64_t> prompts{5, 1, 12, 7}, more{3, 6, 1, 4};
    const at::Tensor rows = at::arange(4 * 30, at::kLong).mul(11).remainder(50).view({4, 30});
    const auto rowOf = [&](std::int64_t row) { return rows.narrow(0, row, 1); };
    KvCache together(config, 4, 30, at::kFloat, at::kCPU);
    std::vector<std::vector<at::Tensor>> got(4);
    std::vector<std::int64_t> seen(4, 0);
    const auto feed = [&](const std::vector<std::int64_t> &counts) {
        const std::int64_t longest = *std::max_element(counts.begin(), counts.end());
        const at::Tensor fed = at::full({4, longest}, 49, at::kLong); // the padding is an ordinary token
        for (std::int64_t row = 0; row < 4; ++row)
            fed[row].narrow(0, 0, counts[static_cast<std::size_t>(row)]).copy_(rows[row].narrow(0, seen[static_cast<std::size_t>(row)], counts[static_cast<std::size_t>(row)]));
        const at::Tensor logits = decoder.logits(decoder.forward(decoder.embed(fed), together, {}, {}, counts));
        for (std::int64_t row = 0; row < 4; ++row) {
            got[static_cast<std::size_t>(row)].push_back(logits[row].narrow(0, 0, counts[static_cast<std::size_t>(row)]));
            seen[static_cast<std::size_t>(row)] += counts[static_cast<std::size_t>(row)];
        }
    };
    feed(prompts);
    feed(more);
    for (int step = 0; step < 3; ++step)
        feed({1, 1, 1, 1});
    EXPECT_EQ(together.length(), 16);
    for (std::int64_t row = 0; row < 4; ++row) {
        SCOPED_TRACE(row);
        KvCache cache(config, 1, 30, at::kFloat, at::kCPU);
        const at::Tensor single = decoder.logits(decoder.forward(decoder.embed(rowOf(row).narrow(1, 0, seen[static_cast<std::size_t>(row)])), cache))[0];
        EXPECT_LT(largestDifference(at::cat(got[static_cast<std::size_t>(row)]), single), 1e-5);
    }
}

TEST_F(DecoderTest, CopiesOfARowGoOnEachForItself)
{
    const at::Tensor x = decoder.embed(ids);
    KvCache cache = emptyCache();
    decoder.forward(x.narrow(1, 0, 6), cache);
    KvCache copies = cache.repeated(2, 4);
    const at::Tensor both = decoder.forward(at::cat({x.narrow(1, 6, 4), x.narrow(1, 12, 4)}), copies);
    const at::Tensor first = decoder.forward(x.narrow(1, 6, 4), cache);
    cache.truncate(6);
    const at::Tensor second = decoder.forward(x.narrow(1, 12, 4), cache);
    EXPECT_LT(largestDifference(both, at::cat({first, second})), 1e-5);
}

TEST_F(DecoderTest, ATruncatedCacheForgetsWhatCameAfter)
{
    const at::Tensor x = decoder.embed(ids);
    KvCache cache = emptyCache();
    decoder.forward(x.narrow(1, 0, 6), cache);
    const at::Tensor first = decoder.forward(x.narrow(1, 6, 3), cache);
    cache.truncate(6);
    decoder.forward(x.narrow(1, 12, 5), cache); // another continuation
    cache.truncate(6);
    const at::Tensor again = decoder.forward(x.narrow(1, 6, 3), cache);
    EXPECT_TRUE(again.equal(first));
    EXPECT_EQ(cache.length(), 9);
}

TEST_F(DecoderTest, TheFullCacheRefusesOneMorePosition)
{
    const at::Tensor x = decoder.embed(ids);
    KvCache cache = emptyCache();
    decoder.forward(x, cache);
    const auto beyond = guarded("decoding", [&]() -> Result<at::Tensor> { return decoder.forward(x.narrow(1, 0, 1), cache); });
    ASSERT_FALSE(beyond);
    EXPECT_EQ(beyond.error().code, code::Internal);
}

TEST_F(DecoderTest, AStopAfterALayerKeepsTheNextFromRunningAndTheCacheAsItWas)
{
    const at::Tensor x = decoder.embed(ids);
    KvCache cache = emptyCache();
    const at::Tensor undisturbed = decoder.forward(x.narrow(1, 0, 5), cache);
    cache.truncate(0);
    std::stop_source stop;
    std::int64_t last = -1;
    const auto stopped = guarded("decoding", [&]() -> Result<at::Tensor> {
        return decoder.forward(x.narrow(1, 0, 5), cache, stop.get_token(), [&](std::int64_t layer, const at::Tensor &) {
            last = layer;
            if (layer == 1)
                stop.request_stop();
        });
    });
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, code::Cancelled);
    EXPECT_EQ(last, 1);
    EXPECT_EQ(cache.length(), 0);
    EXPECT_TRUE(decoder.forward(x.narrow(1, 0, 5), cache).equal(undisturbed));
}

TEST(RotaryTableTest, HoldsTheAnglesOfDoubleArithmeticFromTheFirstCallOn)
{
    constexpr std::int64_t kPositions = 600, kHeadDim = 16; // enough for two threads
    const RotaryTable table = RotaryTable::make(at::arange(kPositions, at::kLong), kHeadDim, 10000, at::kFloat);
    const at::Tensor cos = table.cos.flatten(), sin = table.sin.flatten();
    for (std::int64_t position = 0; position < kPositions; ++position) {
        for (std::int64_t i = 0; i < kHeadDim; ++i) {
            const double angle = static_cast<double>(position) / std::pow(10000.0, static_cast<double>(2 * (i % 8)) / kHeadDim);
            const std::int64_t at = position * kHeadDim + i;
            ASSERT_NEAR(cos[at].item<double>(), std::cos(angle), 1e-4) << position << ", " << i; // fp32 angles: 600 * 2^-24
            ASSERT_NEAR(sin[at].item<double>(), std::sin(angle), 1e-4) << position << ", " << i;
        }
    }
}

TEST(EncoderStop, AfterABlockKeepsTheNextFromRunning)
{
    const at::NoGradGuard noGrad;
    VisionConfig config;
    config.hiddenSize = 16;
    config.intermediateSize = 24;
    config.layers = 4;
    config.heads = 2;
    config.patchSize = 2;
    config.positions = 16;
    TrainableParameters parameters({}, /*seed=*/4);
    const VisionEncoder tower = VisionEncoder::take(parameters, "", config);
    std::stop_source stop;
    std::int64_t last = -1;
    const auto stopped = guarded("encoding", [&]() -> Result<at::Tensor> {
        return tower.forward(at::randn({1, 12, 12}), {{3, 4}}, {}, false, stop.get_token(), [&](std::int64_t block, const at::Tensor &) {
            last = block;
            if (block == 2)
                stop.request_stop();
        });
    });
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, code::Cancelled);
    EXPECT_EQ(last, 2);
}

std::vector<std::int64_t> drawn(double temperature, std::uint64_t seed, const at::Tensor &logits, int count)
{
    Sampler sampler(temperature, seed);
    std::vector<std::int64_t> ids;
    for (int i = 0; i < count; ++i)
        ids.push_back(sampler.sample(logits).id);
    return ids;
}

TEST(SamplerTest, GreedyTakesTheGreatestLogitEvenWhereProbabilitiesRoundTheSame)
{
    const float low = 0.25F, high = std::nextafter(low, 1.0F);
    Sampler sampler(0, 0);
    EXPECT_EQ(sampler.sample(at::tensor({low, high, low})).id, 1);
    EXPECT_EQ(sampler.sample(at::tensor({high, low, high})).id, 0); // a tie: the lowest id
}

TEST(SamplerTest, ATinyTemperatureIsGreedyAndNeverLeavesTheRange)
{
    const at::Tensor logits = at::tensor({1.0F, 90.0F, -5.0F, 89.0F});
    for (const double temperature : {1e-3, 1e-30, 1e-300})
        EXPECT_EQ(drawn(temperature, 1, logits, 20), std::vector<std::int64_t>(20, 1)) << temperature;
}

TEST(SamplerTest, DrawsWithTheModelsFrequenciesAndRepeatsThemForASeed)
{
    const at::Tensor logits = at::tensor({0.0F, std::log(3.0F), -std::numeric_limits<float>::infinity()}); // 1/4, 3/4, never
    const auto ids = drawn(1, 9, logits, 4000);
    EXPECT_EQ(ids, drawn(1, 9, logits, 4000));
    EXPECT_NE(ids, drawn(1, 10, logits, 4000));
    EXPECT_NEAR(static_cast<double>(std::count(ids.begin(), ids.end(), 1)) / 4000, 0.75, 0.03); // 4 sigma
    EXPECT_EQ(std::count(ids.begin(), ids.end(), 2), 0);
}

TEST(SamplerTest, AProbabilityIsTheModelsOwnWhateverTheTemperature)
{
    const at::Tensor logits = at::tensor({0.0F, std::log(3.0F)});
    Sampler hot(50, 2);
    for (int i = 0; i < 10; ++i) {
        const SampledToken token = hot.sample(logits);
        EXPECT_NEAR(token.probability, token.id == 1 ? 0.75 : 0.25, 1e-6);
    }
}

TEST(Placement, AModelTooLargeForTheMemoryIsRefusedWithBothFigures)
{
    const auto placed = placeModel("cpu", Precision::Fp32, std::int64_t{1} << 50);
    ASSERT_FALSE(placed);
    EXPECT_EQ(placed.error().code, code::MemoryShort);
    EXPECT_NE(placed.error().message.find("needed"), std::string::npos) << placed.error().message;
}

TEST(Placement, AutoSaysWhyItTookTheCpuWhereThereIsNoGpu)
{
    if (whyNoGpu().empty())
        GTEST_SKIP() << "there is a GPU";
    const auto placed = placeModel("auto", Precision::Auto, 1000);
    ASSERT_TRUE(placed);
    EXPECT_TRUE(placed->device.is_cpu());
    EXPECT_NE(placed->reason.find(whyNoGpu()), std::string::npos) << placed->reason;
}

} // namespace
} // namespace auroraedge::engine
