#include "engine/models/cost.h"

#include <gtest/gtest.h>

#include <cmath>

namespace auroraedge::engine {
namespace {

VisionConfig so400m()
{
    VisionConfig vision;
    vision.hiddenSize = 1152;
    vision.intermediateSize = 4304;
    vision.layers = 27;
    vision.heads = 16;
    return vision;
}

TextConfig qwen25()
{
    TextConfig text;
    text.hiddenSize = 1536;
    text.intermediateSize = 8960;
    text.layers = 28;
    text.heads = 12;
    text.kvHeads = 2;
    text.headDim = 128;
    text.vocabSize = 151936;
    text.tieEmbeddings = text.hasQkvBias = true;
    return text;
}

TextConfig mobileLlama()
{
    TextConfig text;
    text.hiddenSize = 2048;
    text.intermediateSize = 5632;
    text.layers = 24;
    text.heads = text.kvHeads = 16;
    text.headDim = 128;
    text.vocabSize = 32000;
    return text;
}

AuroraEdgeConfig auroraEdge(FusionType fusion)
{
    AuroraEdgeConfig config;
    config.vision = so400m();
    config.text = qwen25();
    config.fusion = fusion;
    return config;
}

ModuleCost totalOf(const Architecture &architecture, std::int64_t textTokens = 28)
{
    ModuleCost total;
    for (const ModuleCost &cost : costOf(architecture, textTokens)) {
        total.parameters += cost.parameters;
        total.macs += cost.macs;
        total.paperParameters += cost.paperParameters;
        total.paperMacs += cost.paperMacs;
    }
    return total;
}

ModuleCost costNamed(const Architecture &architecture, const std::string &module)
{
    for (const ModuleCost &cost : costOf(architecture, 28)) {
        if (cost.module == module)
            return cost;
    }
    ADD_FAILURE() << "no module " << module;
    return {};
}

double rounded(double value, int digits)
{
    const double scale = std::pow(10.0, digits);
    return std::round(value * scale) / scale;
}

TEST(Cost, ParameterCountsAreThoseOfTheReference) // model-reference 8, item 3
{
    EXPECT_EQ(totalOf(so400m()).parameters, 412'649'712);
    EXPECT_EQ(totalOf(qwen25()).parameters, 1'543'714'304);
    EXPECT_EQ(totalOf(mobileLlama()).parameters, 1'364'297'728);
    TextConfig shallow = qwen25();
    shallow.layers = 27;
    EXPECT_EQ(totalOf(qwen25()).parameters - totalOf(shallow).parameters, 46'797'824) << "one decoder layer";
    EXPECT_EQ(costNamed(auroraEdge(FusionType::Cross), "projector").parameters, 4'131'840);
    EXPECT_EQ(costNamed(auroraEdge(FusionType::Cross), "compressor").parameters, 20'608);
    EXPECT_EQ(costNamed(auroraEdge(FusionType::Cross), "fusion").parameters, 28'334'592);

    VisionConfig clip;
    clip.hiddenSize = 1024;
    clip.intermediateSize = 4096;
    clip.layers = 24;
    clip.heads = 16;
    clip.patchSize = 14;
    clip.imageSize = 336;
    clip.positions = 577;
    clip.hasClassToken = clip.hasPreNorm = true;
    clip.hasPatchBias = false;
    EXPECT_EQ(totalOf(clip).parameters, 303'507'456);
    const Ldpv2Config connector;
    EXPECT_EQ(totalOf(connector).parameters, 6'316'032);
    EXPECT_EQ(totalOf(clip).parameters + totalOf(connector).parameters + totalOf(mobileLlama()).parameters, 1'674'121'216);

    VisionConfig siglip = so400m();
    siglip.patchSize = 14;
    siglip.imageSize = 384;
    siglip.positions = 27 * 27;
    EXPECT_EQ(totalOf(siglip).parameters, 412'987'248);
}

struct PublishedRow
{
    FusionType fusion;
    double paperParameters, paperGflops; ///< model-reference 3.3, to the printed digit
    std::int64_t parameters;
    double gmacs;
};

TEST(Cost, AuroraEdgeIsThePublishedTableToThePrintedDigit)
{
    for (const PublishedRow &row : {PublishedRow{FusionType::None, 1.8348, 248.632, 1'960'516'464, 232.19},
                                    PublishedRow{FusionType::Cross, 1.8611, 250.503, 1'988'851'056, 234.08},
                                    PublishedRow{FusionType::Decoder, 1.8783, 261.921, 2'007'314'288, 245.73},
                                    PublishedRow{FusionType::Combined, 1.9047, 263.792, 2'035'648'880, 247.62}}) {
        SCOPED_TRACE(static_cast<int>(row.fusion));
        const ModuleCost total = totalOf(auroraEdge(row.fusion));
        EXPECT_EQ(rounded(static_cast<double>(total.paperParameters) / 0x1p30, 4), row.paperParameters);
        EXPECT_EQ(rounded(static_cast<double>(total.paperMacs) / 1e9, 3), row.paperGflops);
        EXPECT_EQ(total.parameters, row.parameters);
        EXPECT_EQ(rounded(static_cast<double>(total.macs) / 1e9, 2), row.gmacs);
    }
}

TEST(Cost, TheBreakdownIsThePublishedOne)
{
    const AuroraEdgeConfig whole = auroraEdge(FusionType::Combined);
    const auto gmacs = [&](const char *module) { return rounded(static_cast<double>(costNamed(whole, module).paperMacs) / 1e9, 3); };
    EXPECT_EQ(gmacs("vision"), 105.535);
    EXPECT_EQ(gmacs("projector"), 1.057);
    EXPECT_EQ(gmacs("compressor"), 0.031);
    EXPECT_EQ(gmacs("decoder"), 120.538);
    EXPECT_EQ(gmacs("head"), 21.470);
    EXPECT_EQ(rounded(static_cast<double>(costNamed(auroraEdge(FusionType::Cross), "fusion").paperMacs) / 1e9, 2), 1.87);
    EXPECT_EQ(rounded(static_cast<double>(costNamed(auroraEdge(FusionType::Decoder), "fusion").paperMacs) / 1e9, 3), 13.289);
}

struct Change
{
    const char *name;
    double parameters[4], gflops[4]; ///< none, cross, decoder, combined; 0 where the table gives none
    void (*apply)(AuroraEdgeConfig &);
};

TEST(Cost, WhatOneChangeDoesIsInTheTableToo)
{
    const Change changes[] = {
        {"single Linear", {1.835, 1.861, 1.878, 1.905}, {248.63, 250.49, 261.91, 263.78}, [](AuroraEdgeConfig &c) { c.compressorHidden = 0; }},
        {"max pool", {1.835, 1.861, 1.878, 1.905}, {248.60, 250.47, 261.89, 263.76}, [](AuroraEdgeConfig &c) { c.compressor = CompressorType::MaxPool2d; }},
        {"hidden 128", {0, 0, 0, 0}, {248.66, 250.53, 261.95, 263.82}, [](AuroraEdgeConfig &c) { c.compressorHidden = 128; }},
        {"hidden 256", {0, 0, 0, 0}, {248.73, 250.60, 262.02, 263.88}, [](AuroraEdgeConfig &c) { c.compressorHidden = 256; }},
        {"concat4", {1.844, 1.870, 1.887, 1.914}, {249.20, 251.07, 262.49, 264.36}, [](AuroraEdgeConfig &c) { c.compressor = CompressorType::Concat4; }},
        {"conv2d", {1.844, 1.870, 1.887, 1.914}, {249.20, 251.07, 262.49, 264.36}, [](AuroraEdgeConfig &c) { c.compressor = CompressorType::Conv2d; }},
        {"equation", {0, 1.841, 0, 1.885}, {0, 249.91, 0, 263.20}, [](AuroraEdgeConfig &c) { c.crossIsEquation = true; }},
    };
    constexpr FusionType kFusions[] = {FusionType::None, FusionType::Cross, FusionType::Decoder, FusionType::Combined};
    for (const Change &change : changes) {
        for (int i = 0; i < 4; ++i) {
            SCOPED_TRACE(std::string(change.name) + ", fusion " + std::to_string(i));
            AuroraEdgeConfig config = auroraEdge(kFusions[i]);
            change.apply(config);
            ModuleCost total = totalOf(config);
            // This table, unlike the one above, leaves out the LayerNorms of the cross block: 0.002 G.
            const bool hasCrossNorms = (kFusions[i] == FusionType::Cross || kFusions[i] == FusionType::Combined) && !config.crossIsEquation;
            total.paperMacs -= hasCrossNorms ? 4 * 1536 * (2 * 28 + 256) : 0;
            if (change.parameters[i] > 0) {
                EXPECT_EQ(rounded(static_cast<double>(total.paperParameters) / 0x1p30, 3), change.parameters[i]);
            }
            if (change.gflops[i] > 0) {
                EXPECT_EQ(rounded(static_cast<double>(total.paperMacs) / 1e9, 2), change.gflops[i]);
            }
        }
    }
    for (const auto &[tokens, gflops] : {std::pair(24, 257.3), std::pair(27, 262.2), std::pair(34, 273.5)})
        EXPECT_EQ(rounded(static_cast<double>(totalOf(auroraEdge(FusionType::Combined), tokens).paperMacs) / 1e9, 1), gflops) << tokens;
}

} // namespace
} // namespace auroraedge::engine
