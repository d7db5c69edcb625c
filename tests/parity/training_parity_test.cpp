#include "engine/io/tensor_files.h"
#include "engine/io/weights.h"
#include "engine/models/debug_inputs.h"
#include "engine/training/labelled_batch.h"
#include "engine/training/optimiser.h"
#include "tests/support/temporary_folder.h"

#include <ATen/TensorOperators.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace auroraedge::engine {
namespace {

using auroraedge::testing::TemporaryFolder;

const std::filesystem::path kFolder = std::filesystem::path(AURORAEDGE_SHARED_DIR) / "fixtures/parity/training";

Tensors read(const std::filesystem::path &file)
{
    Result<Tensors> tensors = readInputs(file);
    EXPECT_TRUE(tensors) << file;
    return tensors ? *tensors : Tensors();
}

/// The largest excess of |a - b| over absolute + relative * |b|, in units of that allowance; at most 1 is equal.
double worst(const at::Tensor &a, const at::Tensor &b, double absolute, double relative)
{
    if (a.sizes() != b.sizes())
        return std::numeric_limits<double>::infinity();
    return ((a - b).abs() / (b.abs() * relative + absolute)).max().item<double>();
}

class TrainingParity : public ::testing::TestWithParam<int>
{
protected:
    void SetUp() override
    {
        if (!std::filesystem::exists(kFolder))
            GTEST_SKIP() << "fixtures are missing: " << kFolder;
    }
};

TEST_P(TrainingParity, LossGradientsAndWeightsAfterOneStepEqualTheReference)
{
    const TemporaryFolder scratch;
    const int stage = GetParam();
    const auto done = debugTrainStep(kFolder, kFolder / "inputs.safetensors", stage, scratch / "made.safetensors");
    ASSERT_TRUE(done) << done.error().message;
    const Tensors made = read(scratch / "made.safetensors");
    const Tensors expected = read(kFolder / "expected.safetensors"), gradients = read(kFolder / "grads.safetensors");
    EXPECT_NEAR(made.at("loss").item<double>(), expected.at("loss").item<double>(), 1e-5);

    ASSERT_EQ(gradients.size(), 101U);
    double squares = 0; // of the stage's gradients
    for (const auto &[name, want] : gradients) {
        ASSERT_TRUE(made.contains("grad." + name)) << name;
        EXPECT_LE(worst(made.at("grad." + name), want, 1e-5, 1e-3), 1.0) << name;
        squares += isTrainedIn(stage, name) ? want.pow(2).sum().item<double>() : 0;
    }
    const double scale = std::min(1.0, 1 / (std::sqrt(squares) + 1e-6));
    const Tensors after = read(kFolder / ("after_step_stage" + std::to_string(stage) + ".safetensors"));
    std::size_t trained = 0;
    for (const auto &[name, tensor] : made)
        trained += name.starts_with("after.") ? 1 : 0;
    EXPECT_EQ(trained, after.size()) << "what is frozen is not written";
    for (const auto &[name, want] : after) {
        ASSERT_TRUE(made.contains("after." + name)) << name;
        // The first AdamW step is the sign of the gradient: where that is next to zero, either sign is right.
        const at::Tensor isClear = (gradients.at(name) * scale).abs() > 1e-5;
        const at::Tensor difference = (made.at("after." + name) - want).abs();
        EXPECT_LE((difference * isClear).max().item<double>(), 2e-6) << name;
        EXPECT_LE(difference.max().item<double>(), 2.1e-3) << name;
    }
}

INSTANTIATE_TEST_SUITE_P(Stages, TrainingParity, ::testing::Values(1, 2, 3));

/// A model of leaves, for several steps on the fixture's batch.
class Leaves final : public ParameterSource
{
public:
    explicit Leaves(const Tensors &values) : m_values(values) {}
    at::Tensor take(const std::string &name, const Shape &) override
    {
        at::Tensor leaf = m_values.at(name).clone();
        leaf.requires_grad_(true);
        return m_leaves[name] = leaf;
    }
    Tensors stage(int stage) const
    {
        Tensors trained;
        for (const auto &[name, leaf] : m_leaves) {
            if (isTrainedIn(stage, name))
                trained[name] = leaf;
        }
        return trained;
    }

private:
    const Tensors &m_values;
    Tensors m_leaves;
};

LabelledBatch fixtureBatch(const Tensors &inputs, const VisionConfig &vision)
{
    const Result<NaflexInputs> pictures = naflexInputs(inputs, vision);
    EXPECT_TRUE(pictures);
    return {pictures->patches, pictures->mask, pictures->grids, inputs.at("input_ids"), inputs.at("labels"), inputs.at("text_mask").to(at::kBool)};
}

TEST_P(TrainingParity, FourStepsGiveTheLossesAndNormsOfTheReference)
{
    const int stage = GetParam();
    const Tensors expected = read(kFolder / "expected.safetensors"), values = read(kFolder / "model.safetensors");
    const auto config = std::get<AuroraEdgeConfig>(readModelConfig(kFolder)->architecture);
    Leaves leaves(values);
    const AuroraEdge model = AuroraEdge::take(leaves, config);
    const LabelledBatch batch = fixtureBatch(read(kFolder / "inputs.safetensors"), config.vision);
    Optimiser optimiser(leaves.stage(stage), Optimiser::published());
    const std::string prefix = "stage" + std::to_string(stage);
    for (int step = 0; step < 4; ++step) {
        const at::Tensor loss = passOf(model, batch).loss;
        loss.backward();
        const double norm = optimiser.step(1e-3, 0);
        const double wantLoss = expected.at(prefix + ".losses")[step].item<double>();
        const double wantNorm = expected.at(prefix + ".grad_norms")[step].item<double>();
        EXPECT_NEAR(loss.item<double>(), wantLoss, 2e-4 * wantLoss) << "step " << step;
        EXPECT_NEAR(norm, wantNorm, 2e-3 * wantNorm) << "step " << step;
    }
}

TEST(TrainingPass, EveryIntermediateEqualsTheReferenceWhereItCounts)
{
    if (!std::filesystem::exists(kFolder))
        GTEST_SKIP() << "fixtures are missing: " << kFolder;
    const Tensors expected = read(kFolder / "expected.safetensors"), values = read(kFolder / "model.safetensors");
    const auto config = std::get<AuroraEdgeConfig>(readModelConfig(kFolder)->architecture);
    Leaves leaves(values);
    const AuroraEdge model = AuroraEdge::take(leaves, config);
    LabelledBatch batch = fixtureBatch(read(kFolder / "inputs.safetensors"), config.vision);
    const LabelledPass pass = passOf(model, batch);
    const at::Tensor isValid = batch.textMask.unsqueeze(-1), isPrompt = isValid.logical_and((batch.labels == -100).unsqueeze(-1));
    EXPECT_LE(worst(pass.compressed, expected.at("H_vc"), 1e-4, 1e-4), 1.0);
    EXPECT_LE(worst(pass.fused * isValid, expected.at("H_ft") * isValid, 1e-4, 1e-4), 1.0);
    EXPECT_LE(worst(pass.cross * isPrompt, expected.at("cross_out") * isPrompt, 1e-4, 1e-4), 1.0);
    EXPECT_LE(worst(pass.decoder * isPrompt, expected.at("decoder_out") * isPrompt, 1e-4, 1e-4), 1.0);
    const std::int64_t visual = pass.compressed.size(1), length = batch.ids.size(1);
    EXPECT_LE(worst(pass.logits.narrow(1, 0, visual), expected.at("logits").narrow(1, 0, visual), 1e-4, 1e-4), 1.0);
    EXPECT_LE(worst(pass.logits.narrow(1, visual, length) * isValid, expected.at("logits").narrow(1, visual, length) * isValid, 1e-4, 1e-4), 1.0);
}

TEST(TrainingPass, AnAnswerTokenChangesNoPromptAndNoLogitsBeforeIt)
{
    if (!std::filesystem::exists(kFolder))
        GTEST_SKIP() << "fixtures are missing: " << kFolder;
    const Tensors values = read(kFolder / "model.safetensors");
    const auto config = std::get<AuroraEdgeConfig>(readModelConfig(kFolder)->architecture);
    Leaves leaves(values);
    const AuroraEdge model = AuroraEdge::take(leaves, config);
    LabelledBatch batch = fixtureBatch(read(kFolder / "inputs.safetensors"), config.vision);
    const LabelledPass before = passOf(model, batch);
    std::int64_t answer = 0;
    while (batch.labels[0][answer].item<std::int64_t>() == -100)
        ++answer;
    batch.ids = batch.ids.clone();
    batch.ids[0][answer] = (batch.ids[0][answer] + 1).remainder(config.text.vocabSize);
    const LabelledPass after = passOf(model, batch);
    const at::Tensor isPrompt = batch.textMask.logical_and(batch.labels == -100).unsqueeze(-1);
    EXPECT_TRUE((before.fused * isPrompt).equal(after.fused * isPrompt));
    const std::int64_t untouched = before.compressed.size(1) + answer;
    EXPECT_TRUE(before.logits[0].narrow(0, 0, untouched).equal(after.logits[0].narrow(0, 0, untouched)));
    EXPECT_FALSE(before.logits[0][untouched].equal(after.logits[0][untouched]));
}

} // namespace
} // namespace auroraedge::engine
