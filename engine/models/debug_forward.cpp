#include "engine/models/debug_forward.h"

#include "engine/core/device.h"
#include "engine/core/guarded.h"
#include "engine/families/family.h"
#include "engine/fusion/ldpv2_projector.h"
#include "engine/io/weights.h"
#include "engine/models/aurora_edge.h"
#include "engine/models/debug_inputs.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/argmax.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/stack.h>


namespace auroraedge::engine {

namespace {

/// Prefill with @p x, then @p steps greedy tokens: ids and the logits each was taken from.
void runDecoder(const TextDecoder &decoder, const at::Tensor &x, int steps, const std::string &prefix, Tensors &outputs,
                bool wantsHidden)
{
    KvCache cache(decoder.config(), x.size(0), x.size(1) + steps, x.scalar_type(), x.device());
    const HiddenObserver keep = [&](std::int64_t i, const at::Tensor &hidden) { outputs["hidden." + std::to_string(i)] = hidden; };
    const at::Tensor logits = decoder.logits(decoder.forward(x, cache, {}, wantsHidden ? keep : HiddenObserver{}));
    outputs[prefix + "logits"] = logits.to(at::kFloat);

    std::vector<at::Tensor> ids, taken;
    at::Tensor last = logits.select(1, -1);
    for (int step = 0; step < steps; ++step) {
        ids.push_back(at::argmax(last, -1));
        taken.push_back(last);
        if (step + 1 < steps)
            last = decoder.logits(decoder.forward(decoder.embed(ids.back().unsqueeze(1)), cache)).select(1, 0);
    }
    if (steps > 0) {
        outputs[prefix + "greedy_ids"] = at::stack(ids, 1);
        outputs[prefix + "greedy_logits"] = at::stack(taken, 1);
    }
}

Result<void> runTower(const VisionEncoder &tower, const Tensors &inputs, Tensors &outputs)
{
    const VisionConfig &config = tower.config();
    const HiddenObserver keep = [&](std::int64_t i, const at::Tensor &hidden) {
        if (i >= 0)
            outputs["hidden." + std::to_string(i)] = hidden;
        else if (config.hasPreNorm)
            outputs["pre_layernorm"] = hidden;
    };
    if (config.imageSize == 0) {
        const Result<NaflexInputs> given = naflexInputs(inputs, config);
        if (!given)
            return failure(given.error());
        outputs["embeddings"] = tower.embed(given->patches, given->grids);
        outputs["last_hidden_state"] = tower.forward(given->patches, given->grids, given->mask, false, {}, keep);
        return {};
    }
    const auto pixels = inputs.find("pixel_values");
    if (pixels == inputs.end())
        return lacking("pixel_values");
    const std::int64_t side = config.imageSize;
    if (pixels->second.dim() != 4 || pixels->second.sizes().slice(1) != at::IntArrayRef({config.channels, side, side}) || !pixels->second.is_floating_point())
        return misshapen("pixel_values", "[B, " + std::to_string(config.channels) + ", " + std::to_string(side) + ", " + std::to_string(side) + "] of real numbers");
    const at::Tensor patches = tower.patchesOf(pixels->second);
    const std::vector<PatchGrid> grids = tower.fixedGrids(patches.size(0));
    outputs["embeddings"] = tower.embed(patches, grids);
    outputs["last_hidden_state"] = tower.forward(patches, grids, {}, false, {}, keep);
    outputs[config.hasClassToken ? "features" : "hidden_minus_2"] = tower.forward(patches, grids, {}, true);
    return {};
}

Result<void> runLanguageModel(const TextDecoder &decoder, const Tensors &inputs, int steps, const std::string &prefix, Tensors &outputs)
{
    const Result<at::Tensor> ids = idsOf(inputs, "input_ids", decoder.config().vocabSize);
    if (!ids)
        return failure(ids.error());
    runDecoder(decoder, decoder.embed(*ids), steps, prefix, outputs, prefix.empty());
    if (inputs.contains("long.input_ids")) {
        const Result<at::Tensor> longIds = idsOf(inputs, "long.input_ids", decoder.config().vocabSize);
        if (!longIds)
            return failure(longIds.error());
        Tensors longOutputs;
        runDecoder(decoder, decoder.embed(*longIds), 0, "", longOutputs, false);
        const at::Tensor logits = longOutputs["logits"];
        const std::int64_t kept = std::min<std::int64_t>(8, logits.size(1));
        outputs[prefix + "long.logits_last8"] = logits.narrow(1, logits.size(1) - kept, kept);
    }
    return {};
}

Result<void> runConnector(const Ldpv2Projector &projector, const Tensors &inputs, Tensors &outputs)
{
    const auto features = inputs.find("x");
    if (features == inputs.end())
        return lacking("x");
    const std::int64_t tokens = projector.config().gridSide * projector.config().gridSide;
    if (features->second.dim() != 3 || features->second.sizes().slice(1) != at::IntArrayRef({tokens, projector.config().visionWidth}) || !features->second.is_floating_point())
        return misshapen("x", "[B, " + std::to_string(tokens) + ", " + std::to_string(projector.config().visionWidth) + "] of real numbers");
    const Ldpv2Projector::Output made = projector.forward(features->second);
    outputs["mlp"] = made.mlp;
    outputs["pooled"] = made.pooled;
    outputs["out"] = made.out;
    return {};
}

Result<void> runAuroraEdge(const AuroraEdge &model, const Tensors &inputs, int steps, Tensors &outputs)
{
    at::Tensor mask, projected, compressed;
    if (inputs.contains("pixel_values")) {
        const Result<NaflexInputs> given = naflexInputs(inputs, model.config.vision);
        if (!given)
            return failure(given.error());
        if (given->patches.size(1) != model.config.maxPatches)
            return misshapen("pixel_values", "of " + std::to_string(model.config.maxPatches) + " slots");
        mask = given->mask;
        outputs["H_v"] = model.tower.forward(given->patches, given->grids, mask, model.config.featureBeforeLast);
        outputs["H_v2t"] = projected = model.projector.forward(outputs["H_v"]);
        outputs["H_vc"] = compressed = model.compressor.forward(projected, mask, given->grids);
    }
    for (int question = 0;; ++question) {
        const std::string prefix = "q" + std::to_string(question) + ".";
        if (!inputs.contains(prefix + "input_ids"))
            return question > 0 ? Result<void>() : lacking("q0.input_ids");
        const Result<at::Tensor> ids = idsOf(inputs, prefix + "input_ids", model.config.text.vocabSize);
        if (!ids)
            return failure(ids.error());
        const at::Tensor text = outputs[prefix + "H_t"] = model.decoder.embed(*ids);
        at::Tensor merged = text;
        if (projected.defined()) {
            if (ids->size(0) != projected.size(0))
                return misshapen(prefix + "input_ids", "of one row a picture");
            FusionModule::Layout layout;
            layout.visualKeys = mask;
            const FusionModule::Output fused = model.fusion.forward(text, projected, layout);
            if (fused.cross.defined())
                outputs[prefix + "cross_out"] = fused.cross;
            if (fused.decoder.defined())
                outputs[prefix + "decoder_out"] = fused.decoder;
            outputs[prefix + "H_ft"] = fused.fused;
            merged = at::cat({compressed, fused.fused}, 1);
        }
        outputs[prefix + "H_m"] = merged;
        runDecoder(model.decoder, merged, steps, prefix, outputs, false);
    }
}

/// What debug forward runs: a part of the graph made of @p weights, on @p inputs.
struct PartRun
{
    const ModelConfig &config;
    const std::filesystem::path &folder;
    WeightFiles &weights;
    const Tensors &inputs;
    int steps;
    Tensors &outputs;

    Result<void> operator()(const AuroraEdgeConfig &whole) const
    {
        const AuroraEdge model = AuroraEdge::take(weights, whole);
        const Result<void> complete = finished();
        return complete ? runAuroraEdge(model, inputs, steps, outputs) : complete;
    }
    Result<void> operator()(const VisionConfig &vision) const
    {
        const VisionEncoder tower = VisionEncoder::take(weights, prefix(), vision);
        const Result<void> complete = finished();
        return complete ? runTower(tower, inputs, outputs) : complete;
    }
    Result<void> operator()(const TextConfig &text) const
    {
        const TextDecoder decoder = TextDecoder::take(weights, prefix(), text);
        if (const Result<void> complete = finished(); !complete)
            return complete;
        if (const Result<void> run = runLanguageModel(decoder, inputs, steps, "", outputs); !run || !weights.areBf16())
            return run;
        // Weights that were stored in bf16 are also run in it.
        Result<TensorFiles> again = TensorFiles::open(folder);
        if (!again)
            return failure(again.error());
        WeightFiles half(std::move(*again), at::kBFloat16, at::kCPU);
        return runLanguageModel(TextDecoder::take(half, prefix(), text), inputs, 0, "bf16.", outputs);
    }
    Result<void> operator()(const Ldpv2Config &connector) const
    {
        const Ldpv2Projector projector = Ldpv2Projector::take(weights, prefix(), connector);
        const Result<void> complete = finished();
        return complete ? runConnector(projector, inputs, outputs) : complete;
    }

private:
    [[nodiscard]] std::string prefix() const { return weights.prefixAmong(config.family->prefixes); }
    [[nodiscard]] Result<void> finished() const
    {
        const auto surplus = weights.finish(config.family->ignoredTensors);
        return surplus ? Result<void>() : failure(surplus.error());
    }
};

} // namespace

Result<void> debugForward(const std::filesystem::path &folder, const std::filesystem::path &inputs,
                          const std::filesystem::path &outputs, int steps, Precision precision)
{
    return guarded("debug forward", [&]() -> Result<void> {
        const Result<ModelConfig> config = readModelConfig(folder);
        if (!config)
            return failure(config.error());
        Result<TensorFiles> weightFiles = TensorFiles::open(folder);
        if (!weightFiles)
            return failure(weightFiles.error());
        const Result<Tensors> given = readInputs(inputs);
        if (!given)
            return failure(given.error());

        const at::NoGradGuard noGrad;
        WeightFiles weights(std::move(*weightFiles), scalarTypeOf(precision), at::kCPU);
        Tensors made;
        const PartRun run{*config, folder, weights, *given, steps, made};
        if (const Result<void> ran = std::visit(run, config->architecture); !ran)
            return ran;
        return writeTensorMap(outputs, made);
    });
}

} // namespace auroraedge::engine
