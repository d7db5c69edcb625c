#include "engine/training/packed_questions.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros.h>

#include <algorithm>

namespace auroraedge::engine {

PackedQuestions packQuestions(const std::vector<std::vector<TokenisedTurn>> &rows, at::Device device)
{
    const auto blockLength = [](const TokenisedTurn &turn) {
        return static_cast<std::int64_t>(turn.prompt.size() + turn.answer.size()) - 1; // the last token predicts nothing
    };
    std::int64_t width = 0;
    for (const auto &row : rows) {
        std::int64_t length = 0;
        for (const TokenisedTurn &turn : row)
            length += blockLength(turn);
        width = std::max(width, length);
    }
    // oneDNN compiles its kernels for each shape: with few lengths they are found again instead.
    constexpr std::int64_t kStep = 16;
    width = (width + kStep - 1) / kStep * kStep;
    const auto batch = static_cast<std::int64_t>(rows.size());
    PackedQuestions packed;
    packed.ids = at::zeros({batch, width}, at::kLong);
    packed.isPrompt = at::zeros({batch, width}, at::kBool);
    packed.blocks = at::full({batch, width}, -1, at::kLong);
    packed.positions = at::zeros({batch, width}, at::kLong);
    auto *ids = packed.ids.mutable_data_ptr<std::int64_t>();
    auto *isPrompt = packed.isPrompt.mutable_data_ptr<bool>();
    auto *blocks = packed.blocks.mutable_data_ptr<std::int64_t>();
    auto *positions = packed.positions.mutable_data_ptr<std::int64_t>();

    std::vector<std::int64_t> labelRows, labels, turnOf;
    std::vector<std::int64_t> ends;
    for (std::int64_t b = 0; b < batch; ++b) {
        std::int64_t at = b * width;
        std::int64_t block = 0;
        for (const TokenisedTurn &turn : rows[static_cast<std::size_t>(b)]) {
            const auto promptLength = static_cast<std::int64_t>(turn.prompt.size());
            const std::int64_t length = blockLength(turn);
            const auto tokenAt = [&](std::int64_t i) {
                return i < promptLength ? turn.prompt[static_cast<std::size_t>(i)]
                                        : turn.answer[static_cast<std::size_t>(i - promptLength)];
            };
            for (std::int64_t i = 0; i < length; ++i, ++at) {
                ids[at] = tokenAt(i);
                isPrompt[at] = i < promptLength;
                blocks[at] = block;
                positions[at] = i;
                if (i + 1 < promptLength)
                    continue;
                labelRows.push_back(at);
                labels.push_back(tokenAt(i + 1));
                ends.push_back(i + 1 == length);
                turnOf.push_back(static_cast<std::int64_t>(packed.families.size()));
            }
            packed.families.push_back(turn.family);
            ++block;
        }
    }
    packed.labelRows = at::tensor(labelRows);
    packed.labels = at::tensor(labels);
    packed.isEnd = at::tensor(ends).to(at::kBool);
    packed.turnOf = at::tensor(turnOf);
    for (at::Tensor *tensor : {&packed.ids, &packed.isPrompt, &packed.blocks, &packed.positions, &packed.labelRows, &packed.labels, &packed.isEnd, &packed.turnOf})
        *tensor = tensor->to(device);
    return packed;
}

at::Tensor answerLogits(const AuroraEdge &model, const PackedQuestions &packed, const at::Tensor &projected,
                        const at::Tensor &compressed)
{
    const std::int64_t batch = packed.ids.size(0), width = packed.ids.size(1), visual = compressed.size(1);
    const at::Tensor text = model.decoder.embed(packed.ids);

    FusionModule::Layout layout;
    layout.textKeys = packed.isPrompt;
    layout.textBlocks = packed.blocks;
    layout.textPositions = packed.positions;
    const at::Tensor fused = model.fusion.forward(text, projected, layout).fused;
    // Answer tokens keep their plain embedding, as generated ones do.
    const at::Tensor merged = at::cat({compressed.to(at::kFloat), at::where(packed.isPrompt.unsqueeze(-1), fused.to(at::kFloat), text)}, 1);

    const auto options = at::TensorOptions().dtype(at::kLong).device(packed.ids.device());
    const at::Tensor index = at::arange(visual + width, options);
    const at::Tensor visualBlock = at::full({batch, visual}, -2, options);
    const at::Tensor blocks = at::cat({visualBlock, packed.blocks}, 1); // [B, L]
    const at::Tensor isVisualKey = (index < visual).view({1, 1, -1});
    const at::Tensor isCausal = (index.unsqueeze(0) <= index.unsqueeze(1)).unsqueeze(0);
    const at::Tensor sameBlock = blocks.unsqueeze(1) == blocks.unsqueeze(2);
    const at::Tensor visible = sameBlock.logical_or(isVisualKey).logical_and(isCausal);
    const at::Tensor positions = at::cat({at::arange(visual, options).unsqueeze(0).expand({batch, visual}), packed.positions + visual}, 1);

    const at::Tensor hidden = model.decoder.forwardMasked(merged, positions, additiveMask(visible, at::kFloat).unsqueeze(1));
    const at::Tensor rows = hidden.narrow(1, visual, width).reshape({batch * width, -1}).index_select(0, packed.labelRows);
    return model.decoder.logits(rows);
}

} // namespace auroraedge::engine
