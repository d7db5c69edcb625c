#include "engine/training/labelled_batch.h"

#include "engine/core/guarded.h"
#include "engine/io/weights.h"
#include "engine/models/debug_inputs.h"
#include "engine/training/optimiser.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/where.h>

namespace auroraedge::engine {

namespace {

/// The files' tensors as fp32 leaves.
class LeafParameters final : public ParameterSource
{
public:
    explicit LeafParameters(WeightFiles &files) : m_files(files) {}

    at::Tensor take(const std::string &name, const Shape &shape) override
    {
        at::Tensor leaf = m_files.take(name, shape).clone();
        leaf.requires_grad_(true);
        m_leaves[name] = leaf;
        return leaf;
    }
    [[nodiscard]] const Tensors &leaves() const { return m_leaves; }

private:
    WeightFiles &m_files;
    Tensors m_leaves;
};

Result<LabelledBatch> batchOf(const Tensors &inputs, const AuroraEdgeConfig &config)
{
    const Result<NaflexInputs> pictures = naflexInputs(inputs, config.vision);
    if (!pictures)
        return failure(pictures.error());
    if (pictures->patches.size(1) != config.maxPatches)
        return misshapen("pixel_values", "of " + std::to_string(config.maxPatches) + " slots");
    const Result<at::Tensor> ids = idsOf(inputs, "input_ids", config.text.vocabSize);
    if (!ids)
        return failure(ids.error());
    if (ids->size(0) != pictures->patches.size(0))
        return misshapen("input_ids", "of one row a picture");
    for (const char *name : {"labels", "text_mask"}) {
        if (!inputs.contains(name))
            return lacking(name);
        if (inputs.at(name).sizes() != ids->sizes())
            return misshapen(name, "of the shape of 'input_ids'");
    }
    const at::Tensor labels = inputs.at("labels").to(at::kLong);
    const at::Tensor isOutside = (labels != -100).logical_and((labels < 0).logical_or(labels >= config.text.vocabSize));
    if (isOutside.any().item<bool>())
        return failure(code::TokenizerMismatch, "a label is outside the vocabulary of " + std::to_string(config.text.vocabSize), "labels");
    return LabelledBatch{pictures->patches, pictures->mask, pictures->grids, *ids, labels, inputs.at("text_mask").to(at::kBool)};
}

} // namespace

LabelledPass passOf(const AuroraEdge &model, const LabelledBatch &batch)
{
    const std::int64_t rows = batch.ids.size(0), length = batch.ids.size(1);
    const at::Tensor projected = model.projector.forward(
        model.tower.forward(batch.patches, batch.grids, batch.validKeys, model.config.featureBeforeLast));
    LabelledPass pass;
    pass.compressed = model.compressor.forward(projected, batch.validKeys, batch.grids);

    const at::Tensor text = model.decoder.embed(batch.ids);
    const at::Tensor isPrompt = batch.textMask.logical_and(batch.labels == -100);
    FusionModule::Layout layout;
    layout.visualKeys = batch.validKeys;
    layout.textKeys = isPrompt;
    const FusionModule::Output fused = model.fusion.forward(text, projected, layout);
    pass.cross = fused.cross;
    pass.decoder = fused.decoder;
    pass.fused = at::where(isPrompt.unsqueeze(-1), fused.fused, text);

    const std::int64_t visual = pass.compressed.size(1), count = visual + length;
    const auto options = at::TensorOptions().dtype(at::kLong).device(text.device());
    const at::Tensor positions = at::arange(count, options);
    const at::Tensor keys = at::cat({at::ones({rows, visual}, options.dtype(at::kBool)), batch.textMask}, 1);
    const at::Tensor isVisible = (positions.unsqueeze(0) <= positions.unsqueeze(1)).logical_and(keys.unsqueeze(1)); // [B, N, N]
    const at::Tensor merged = at::cat({pass.compressed, pass.fused}, 1);
    pass.logits = model.decoder.logits(
        model.decoder.forwardMasked(merged, positions, additiveMask(isVisible, merged.scalar_type()).unsqueeze(1)));

    // The token at i is foretold at i - 1; the first one by the last visual token.
    const at::Tensor foretelling = pass.logits.narrow(1, visual - 1, length);
    pass.loss = at::cross_entropy_loss(foretelling.flatten(0, 1), batch.labels.flatten());
    return pass;
}

bool isTrainedIn(int stage, const std::string &name)
{
    if (name.starts_with("vision_tower."))
        return stage >= 3;
    return stage >= 2 || !name.starts_with("language_model.");
}

Result<void> debugTrainStep(const std::filesystem::path &folder, const std::filesystem::path &batchFile, int stage,
                            const std::filesystem::path &outputs)
{
    return guarded("debug train-step", [&]() -> Result<void> {
        const Result<ModelConfig> config = readModelConfig(folder);
        if (!config)
            return failure(config.error());
        const auto *whole = std::get_if<AuroraEdgeConfig>(&config->architecture);
        if (!whole)
            return failure(code::ConfigValue, "only an AuroraEdge model can be trained", folder.string());
        Result<TensorFiles> files = TensorFiles::open(folder);
        if (!files)
            return failure(files.error());
        const Result<Tensors> inputs = readInputs(batchFile);
        if (!inputs)
            return failure(inputs.error());
        const Result<LabelledBatch> batch = batchOf(*inputs, *whole);
        if (!batch)
            return failure(batch.error());

        WeightFiles weights(std::move(*files), at::kFloat, at::kCPU);
        LeafParameters parameters(weights);
        const AuroraEdge model = AuroraEdge::take(parameters, *whole);
        if (const auto finished = weights.finish(); !finished)
            return failure(finished.error());

        const at::Tensor loss = passOf(model, *batch).loss;
        loss.backward();
        Tensors made{{"loss", loss}}, trained;
        for (const auto &[name, leaf] : parameters.leaves()) {
            if (leaf.grad().defined())
                made["grad." + name] = leaf.grad().clone(); // the step scales the gradient itself
            if (isTrainedIn(stage, name))
                trained[name] = leaf;
        }
        Optimiser optimiser(trained, Optimiser::published());
        optimiser.step(1e-3, 0);
        for (const auto &[name, leaf] : trained)
            made["after." + name] = leaf;
        return writeTensorMap(outputs, made);
    });
}

} // namespace auroraedge::engine
