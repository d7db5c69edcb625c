#include "engine/models/debug_forward.h"

#include "engine/core/guarded.h"
#include "engine/io/weights.h"
#include "engine/models/aurora_edge.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/argmax.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/stack.h>

#include <map>
#include <optional>

namespace auroraedge::engine {

namespace {

using Tensors = std::map<std::string, at::Tensor>;

at::Tensor need(const Tensors &inputs, const std::string &name)
{
    const auto found = inputs.find(name);
    TORCH_CHECK(found != inputs.end(), "the inputs lack '", name, "'");
    return found->second;
}

std::vector<PatchGrid> gridsOf(const at::Tensor &shapes)
{
    std::vector<PatchGrid> grids;
    const at::Tensor plain = shapes.to(at::kLong).contiguous();
    for (std::int64_t i = 0; i < plain.size(0); ++i)
        grids.push_back({plain[i][0].item<std::int64_t>(), plain[i][1].item<std::int64_t>()});
    return grids;
}

void checkPicture(const VisionConfig &vision, const at::Tensor &patches, const at::Tensor &mask, const std::vector<PatchGrid> &grids)
{
    const std::int64_t patchWidth = vision.patchSize * vision.patchSize * vision.channels;
    TORCH_CHECK(patches.dim() == 3 && patches.size(2) == patchWidth, "pixel_values must be [B, slots, ", patchWidth, "]");
    TORCH_CHECK(mask.sizes() == patches.sizes().slice(0, 2), "pixel_attention_mask must be [B, slots]");
    TORCH_CHECK(static_cast<std::int64_t>(grids.size()) == patches.size(0), "spatial_shapes must have one row a picture");
    for (const PatchGrid &grid : grids)
        TORCH_CHECK(grid.height > 0 && grid.width > 0 && grid.height * grid.width <= patches.size(1), "a grid does not fit the slots");
}

void checkIds(const at::Tensor &ids, std::int64_t vocabulary)
{
    TORCH_CHECK(ids.dim() == 2 && ids.size(1) > 0, "ids must be [B, N]");
    TORCH_CHECK(ids.min().item<std::int64_t>() >= 0 && ids.max().item<std::int64_t>() < vocabulary, "an id is outside the vocabulary");
}

/// Prefill with @p x, then @p steps greedy tokens: ids and the logits each was taken from.
void runDecoder(const Qwen2Decoder &decoder, const at::Tensor &x, int steps, const std::string &prefix, Tensors &outputs,
                bool wantsHidden)
{
    KvCache cache(decoder.config(), x.size(0), x.size(1) + steps, x.scalar_type(), x.device());
    const HiddenObserver keep = [&](std::int64_t i, const at::Tensor &hidden) { outputs["hidden." + std::to_string(i)] = hidden; };
    const at::Tensor logits = decoder.logits(decoder.forward(x, cache, {}, wantsHidden ? keep : HiddenObserver{}));
    outputs[prefix + "logits"] = logits;

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

void runTower(const Siglip2Encoder &tower, const Tensors &inputs, Tensors &outputs)
{
    const at::Tensor patches = need(inputs, "pixel_values"), mask = need(inputs, "pixel_attention_mask").to(at::kBool);
    const std::vector<PatchGrid> grids = gridsOf(need(inputs, "spatial_shapes"));
    checkPicture(tower.config(), patches, mask, grids);
    outputs["embeddings"] = tower.embed(patches, grids);
    outputs["last_hidden_state"] = tower.forward(patches, grids, mask, false, {}, [&](std::int64_t i, const at::Tensor &hidden) {
        outputs["hidden." + std::to_string(i)] = hidden;
    });
}

void runLanguageModel(const Qwen2Decoder &decoder, const Tensors &inputs, int steps, Tensors &outputs)
{
    const at::Tensor ids = need(inputs, "input_ids");
    checkIds(ids, decoder.config().vocabSize);
    runDecoder(decoder, decoder.embed(ids), steps, "", outputs, true);
    if (inputs.contains("long.input_ids")) {
        const at::Tensor longIds = need(inputs, "long.input_ids");
        checkIds(longIds, decoder.config().vocabSize);
        Tensors longOutputs;
        runDecoder(decoder, decoder.embed(longIds), 0, "", longOutputs, false);
        const at::Tensor logits = longOutputs["logits"];
        const std::int64_t kept = std::min<std::int64_t>(8, logits.size(1));
        outputs["long.logits_last8"] = logits.narrow(1, logits.size(1) - kept, kept);
    }
}

void runAuroraEdge(const AuroraEdge &model, const Tensors &inputs, int steps, Tensors &outputs)
{
    at::Tensor mask, projected, compressed;
    if (inputs.contains("pixel_values")) {
        const at::Tensor patches = need(inputs, "pixel_values");
        mask = need(inputs, "pixel_attention_mask").to(at::kBool);
        const std::vector<PatchGrid> grids = gridsOf(need(inputs, "spatial_shapes"));
        checkPicture(model.config.vision, patches, mask, grids);
        TORCH_CHECK(patches.size(1) == model.config.maxPatches, "pixel_values must have ", model.config.maxPatches, " slots");
        outputs["H_v"] = model.tower.forward(patches, grids, mask, model.config.featureBeforeLast);
        outputs["H_v2t"] = projected = model.projector.forward(outputs["H_v"]);
        outputs["H_vc"] = compressed = model.compressor.forward(projected, mask, grids);
    }
    for (int question = 0;; ++question) {
        const std::string prefix = "q" + std::to_string(question) + ".";
        const auto found = inputs.find(prefix + "input_ids");
        if (found == inputs.end())
            break;
        checkIds(found->second, model.config.text.vocabSize);
        const at::Tensor text = outputs[prefix + "H_t"] = model.decoder.embed(found->second);
        at::Tensor merged = text;
        if (projected.defined()) {
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

} // namespace

Result<void> debugForward(const std::filesystem::path &folder, const std::filesystem::path &inputs,
                          const std::filesystem::path &outputs, int steps)
{
    return guarded("debug forward", [&]() -> Result<void> {
        const Result<ModelConfig> config = readModelConfig(folder);
        if (!config)
            return failure(config.error());
        Result<TensorFiles> weightFiles = TensorFiles::open(folder);
        if (!weightFiles)
            return failure(weightFiles.error());
        const Result<TensorFiles> inputFile = TensorFiles::open(inputs);
        if (!inputFile)
            return failure(inputFile.error());

        const at::NoGradGuard noGrad;
        WeightFiles weights(std::move(*weightFiles), at::kFloat, at::kCPU);
        Tensors given, made;
        for (const auto &[name, tensor] : inputFile->tensors())
            given[name] = viewOf(tensor, inputFile->mapping());

        std::optional<AuroraEdge> model;
        std::optional<Siglip2Encoder> tower;
        std::optional<Qwen2Decoder> decoder;
        const std::string visionPrefix = weights.has("embeddings.patch_embedding.weight") ? "" : "vision_model.";
        std::vector<std::string> ignored;
        if (const auto *whole = std::get_if<AuroraEdgeConfig>(&*config)) {
            model = AuroraEdge::take(weights, *whole);
        } else if (const auto *vision = std::get_if<VisionConfig>(&*config)) {
            tower = Siglip2Encoder::take(weights, visionPrefix, *vision);
            ignored = {visionPrefix + "head.", "text_model.", "logit_scale", "logit_bias"};
        } else {
            decoder = Qwen2Decoder::take(weights, "", std::get<TextConfig>(*config));
        }
        if (const auto finished = weights.finish(ignored); !finished)
            return failure(finished.error());

        if (model)
            runAuroraEdge(*model, given, steps, made);
        else if (tower)
            runTower(*tower, given, made);
        else
            runLanguageModel(*decoder, given, steps, made);
        return writeTensorMap(outputs, made);
    });
}

} // namespace auroraedge::engine
