#include "engine/models/cost.h"

#include "engine/fusion/ldpv2_projector.h"
#include "engine/models/aurora_edge.h"
#include "engine/models/aurora_edge_inspector.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <functional>
#include <numeric>

namespace auroraedge::engine {

namespace {

constexpr std::int64_t kNormMacs = 4; // a value of a LayerNorm, as thop counts

/// Takes nothing but notes; every value is a shape alone.
class CountedParameters final : public ParameterSource
{
public:
    at::Tensor take(const std::string &name, const Shape &shape) override
    {
        const std::int64_t count = std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
        m_all += count;
        // thop knows neither bare parameters nor RMSNorm, and finds a tied embedding through the head alone.
        const bool isRmsNorm = name.ends_with("input_layernorm.weight") || name.ends_with("post_attention_layernorm.weight") || name.ends_with("model.norm.weight");
        const bool isEmbedding = name.ends_with("position_embedding.weight") || name.ends_with("class_embedding") || name.ends_with("embed_tokens.weight");
        if (!isRmsNorm && !isEmbedding)
            m_counted += count;
        return at::empty(shape, at::TensorOptions().dtype(at::kFloat).device(at::kMeta));
    }

    /// What was taken since the last call, as the cost of @p module.
    ModuleCost drawn(std::string module)
    {
        ModuleCost cost{.module = std::move(module), .parameters = m_all, .paperParameters = m_counted};
        m_all = m_counted = 0;
        return cost;
    }

private:
    std::int64_t m_all = 0, m_counted = 0;
};

void addBoth(ModuleCost &cost, std::int64_t macs)
{
    cost.macs += macs;
    cost.paperMacs += macs;
}

/// Scores and the weighted sum of the values.
std::int64_t attentionMacs(std::int64_t queries, std::int64_t keys, std::int64_t width)
{
    return 2 * queries * keys * width;
}

void addVision(std::vector<ModuleCost> &costs, const VisionConfig &vision, std::int64_t patches, const std::string &prefix)
{
    CountedParameters parameters;
    (void)VisionEncoder::take(parameters, prefix, vision);
    ModuleCost cost = parameters.drawn("vision");
    const std::int64_t width = vision.hiddenSize, tokens = patches + (vision.hasClassToken ? 1 : 0);
    const std::int64_t products = 4 * width * width + 2 * width * vision.intermediateSize, norms = kNormMacs * width;
    addBoth(cost, patches * vision.patchSize * vision.patchSize * vision.channels * width);
    addBoth(cost, tokens * vision.layers * (products + 2 * norms) + tokens * norms * (vision.hasPreNorm ? 2 : 1));
    cost.macs += vision.layers * attentionMacs(tokens, tokens, width);
    if (!vision.hasClassToken) { // the pooling head: one query; thop skips its attention
        cost.paperMacs += norms + 2 * width * vision.intermediateSize;
        cost.paperParameters += 2 * width + 2 * width * vision.intermediateSize + width + vision.intermediateSize;
    }
    costs.push_back(cost);
}

/// One decoder layer's matrices.
std::int64_t layerProducts(const TextConfig &text)
{
    const std::int64_t width = text.hiddenSize, queries = text.heads * text.headDim, keys = text.kvHeads * text.headDim;
    return 2 * width * queries + 2 * width * keys + 3 * width * text.intermediateSize;
}

void addDecoder(std::vector<ModuleCost> &costs, const TextConfig &text, std::int64_t positions)
{
    CountedParameters parameters;
    (void)TextDecoder::take(parameters, "", text);
    ModuleCost cost = parameters.drawn("decoder");
    addBoth(cost, positions * text.layers * layerProducts(text));
    cost.macs += text.layers * attentionMacs(positions, positions, text.heads * text.headDim);
    ModuleCost head{.module = "head"};
    const std::int64_t matrix = text.hiddenSize * text.vocabSize;
    head.paperParameters = matrix;
    if (!text.tieEmbeddings) { // otherwise they are the decoder's embeddings
        head.parameters = matrix;
        cost.parameters -= matrix;
        cost.paperParameters -= matrix;
    }
    head.macs = matrix;
    head.paperMacs = positions * matrix;
    costs.push_back(cost);
    costs.push_back(head);
}

void addConnectors(std::vector<ModuleCost> &costs, const AuroraEdgeConfig &config, std::int64_t textTokens)
{
    const std::int64_t slots = config.maxPatches, width = config.text.hiddenSize, visionWidth = config.vision.hiddenSize;
    CountedParameters parameters;
    (void)Projector::take(parameters, config);
    ModuleCost projector = parameters.drawn("projector");
    addBoth(projector, slots * (visionWidth * width + (config.projectorIsLinear ? 0 : width * width)));
    costs.push_back(projector);

    (void)Compressor::take(parameters, config);
    ModuleCost compressor = parameters.drawn("compressor");
    const std::int64_t tokens = config.visualTokens(), hidden = config.compressorHidden;
    switch (config.compressor) {
    case CompressorType::Mlp: addBoth(compressor, width * (hidden > 0 ? slots * hidden + hidden * tokens : slots * tokens)); break;
    case CompressorType::Conv2d: addBoth(compressor, tokens * 4 * width * (config.compressorDepthwise ? 1 : width)); break;
    case CompressorType::Concat4: addBoth(compressor, tokens * 4 * width * width); break;
    case CompressorType::MaxPool2d:
    case CompressorType::None: break;
    }
    costs.push_back(compressor);

    if (const auto classes = static_cast<std::int64_t>(config.patchClasses.size()); classes > 0) {
        (void)AuroraEdge::takePatchHead(parameters, config);
        ModuleCost patchHead = parameters.drawn("patch head");
        addBoth(patchHead, slots * visionWidth * classes);
        costs.push_back(patchHead);
    }

    if (config.fusion == FusionType::None)
        return;
    (void)FusionModule::take(parameters, config);
    ModuleCost fusion = parameters.drawn("fusion");
    if (config.fusion != FusionType::Decoder) {
        const bool isWhole = !config.crossIsEquation;
        addBoth(fusion, (isWhole ? 2 : 1) * textTokens * width * width + 2 * slots * width * width);
        if (isWhole)
            addBoth(fusion, textTokens * 2 * config.crossMlpRatio * width * width + kNormMacs * width * (2 * textTokens + slots));
        fusion.macs += attentionMacs(textTokens, slots, width);
    }
    if (config.fusion != FusionType::Cross) {
        const std::int64_t rows = slots + textTokens;
        addBoth(fusion, rows * layerProducts(config.text));
        fusion.macs += attentionMacs(rows, rows, config.text.heads * config.text.headDim);
    }
    costs.push_back(fusion);
}

} // namespace

std::vector<ModuleCost> costOf(const Architecture &architecture, std::int64_t textTokens)
{
    std::vector<ModuleCost> costs;
    if (const auto *whole = std::get_if<AuroraEdgeConfig>(&architecture)) {
        addVision(costs, whole->vision, whole->maxPatches, "");
        addConnectors(costs, *whole, textTokens);
        addDecoder(costs, whole->text, whole->visualTokens() + textTokens);
    } else if (const auto *vision = std::get_if<VisionConfig>(&architecture)) {
        addVision(costs, *vision, vision->imageSize > 0 ? vision->gridSide() * vision->gridSide() : vision->positions, "");
    } else if (const auto *text = std::get_if<TextConfig>(&architecture)) {
        addDecoder(costs, *text, textTokens);
    } else {
        const auto &connector = std::get<Ldpv2Config>(architecture);
        CountedParameters parameters;
        (void)Ldpv2Projector::take(parameters, "", connector);
        ModuleCost cost = parameters.drawn("projector");
        const std::int64_t tokens = connector.gridSide * connector.gridSide;
        addBoth(cost, tokens * (connector.visionWidth * connector.width + connector.width * connector.width) + tokens / 4 * 9 * connector.width);
        costs.push_back(cost);
    }
    return costs;
}

MemoryPlan memoryPlan(const AuroraEdgeConfig &config, std::int64_t valueBytes)
{
    MemoryPlan plan;
    for (const ModuleCost &cost : costOf(config, 1))
        plan.weights += cost.parameters * valueBytes;
    const std::int64_t positions = std::min<std::int64_t>(config.visualTokens() + kMaxQuestionTokens + GenerationOptions().maxNewTokens, config.text.maxPositions);
    plan.cache = 2 * config.text.layers * config.text.kvHeads * config.text.headDim * positions * valueBytes;
    plan.pictures = kKeptPictures * (config.maxPatches + config.visualTokens()) * config.text.hiddenSize * valueBytes;
    return plan;
}

} // namespace auroraedge::engine
