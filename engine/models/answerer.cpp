#include "engine/models/answerer.h"

#include "engine/core/device.h"
#include "engine/models/aurora_edge_inspector.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/gather.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <algorithm>

namespace auroraedge::engine {
namespace {

constexpr std::size_t kChoicesAtOnce = 8; ///< each holds a copy of the prompt's keys and values

at::Tensor idsOf(std::span<const std::int64_t> ids) { return at::tensor(at::ArrayRef<std::int64_t>(ids.data(), ids.size()), at::kLong); }

} // namespace

Answerer::Answerer(const AuroraEdge &model, std::unique_ptr<TextCodec> codec, at::Device device)
    : m_model(model), m_codec(std::move(codec)), m_device(device)
{
    m_chat.hasSystemTurn = m_model.config.hasSystemTurn;
    m_chat.system = m_model.config.systemPrompt;
    for (const char *marker : {"<|im_end|>", "<|endoftext|>"})
        if (const std::int64_t id = m_codec->idOf(marker); id >= 0)
            m_endIds.push_back(id);
    m_endIds.insert(m_endIds.end(), m_model.config.text.endIds.begin(), m_model.config.text.endIds.end());
}

Result<std::vector<std::int64_t>> Answerer::promptOf(const std::string &question) const
{
    Result<std::vector<std::int64_t>> prompt = encodeChatPrompt(*m_codec, m_chat, question);
    if (!prompt)
        return prompt;
    if (prompt->size() > kMaxQuestionTokens)
        return failure(code::QuestionTooLong, "question has " + std::to_string(prompt->size()) + " tokens; limit " + std::to_string(kMaxQuestionTokens));
    const auto vocabulary = m_model.config.text.vocabSize;
    if (std::any_of(prompt->begin(), prompt->end(), [&](std::int64_t id) { return id < 0 || id >= vocabulary; }))
        return failure(code::TokenizerMismatch, "the tokenizer gives ids that the model does not have");
    return prompt;
}

Result<std::vector<Choice>> Answerer::encoded(const std::vector<std::string> &texts) const
{
    std::vector<Choice> choices;
    for (const std::string &text : texts) {
        Result<std::vector<std::int64_t>> ids = m_codec->encode(text, TextCodec::Markers::Plain);
        if (!ids)
            return failure(ids.error());
        ids->push_back(m_endIds.front());
        choices.push_back({text, std::move(*ids)});
    }
    return choices;
}

Result<PlannedQuestion> Answerer::plan(const Question &question, bool hasPicture) const
{
    Result<std::vector<std::int64_t>> prompt = promptOf(question.text);
    if (!prompt)
        return failure(prompt.error());
    Result<std::vector<Choice>> choices = encoded(question.options.choices);
    if (!choices)
        return failure(choices.error());
    PlannedQuestion planned{*std::move(prompt), *std::move(choices), question.options, 1};
    const std::int64_t used = static_cast<std::int64_t>(planned.prompt.size()) + (hasPicture ? m_model.config.visualTokens() : 0);
    const std::int64_t left = m_model.config.text.maxPositions - used;
    planned.options.maxNewTokens = static_cast<int>(std::min<std::int64_t>(planned.options.maxNewTokens, left));
    if (planned.choices.empty())
        planned.room = std::max(1, planned.options.maxNewTokens);
    for (const Choice &choice : planned.choices)
        planned.room = std::max(planned.room, static_cast<std::int64_t>(choice.ids.size()));
    if (planned.room > left)
        return failure(code::QuestionTooLong, "picture, question and answer need " + std::to_string(used + planned.room) + " positions; the model has " + std::to_string(used + left));
    return planned;
}

Prompted Answerer::prompted(const Features *features, const PlannedQuestion &question, const AskListener &listener, const std::stop_token &stop,
                            StageLatencies &latency) const
{
    Clock::time_point start = Clock::now();
    enter(Stage::Fuse, listener, stop);
    at::Tensor merged = m_model.decoder.embed(idsOf(question.prompt).to(m_device).unsqueeze(0));
    const std::int64_t rows = features ? features->compressed.size(0) : 1;
    if (features) {
        FusionModule::Layout layout;
        layout.visualKeys = features->visualKeys;
        if (rows > 1)
            merged = merged.repeat({rows, 1, 1});
        merged = at::cat({features->compressed, m_model.fusion.forward(merged, features->projected, layout).fused}, 1);
    }
    finishWork(m_device);
    latency.fuseMs = msSince(start);

    start = Clock::now();
    enter(Stage::Prefill, listener, stop);
    KvCache keysAndValues(m_model.config.text, rows, merged.size(1) + question.room, merged.scalar_type(), m_device);
    at::Tensor logits = m_model.decoder.logits(m_model.decoder.forward(merged, keysAndValues, stop).select(1, -1));
    finishWork(m_device);
    latency.prefillMs = msSince(start);
    return {std::move(keysAndValues), std::move(logits)};
}

Prompted Answerer::rowOf(const Prompted &together, std::int64_t row) const
{
    KvCache own = cache(1, together.cache.capacity());
    own.place(0, together.cache, row);
    return {std::move(own), together.logits.narrow(0, row, 1)};
}

DrawnText Answerer::drawnText(const GenerationOptions &options) const
{
    return {*m_codec, m_endIds, options, m_model.config.answerTemperature};
}

KvCache Answerer::cache(std::int64_t rows, std::int64_t capacity) const
{
    return {m_model.config.text, rows, capacity, m_model.decoder.dtype(), m_device};
}

at::Tensor Answerer::nextLogits(std::span<const std::int64_t> ids, KvCache &cache, const std::stop_token &stop, std::span<const std::int64_t> counts) const
{
    const at::Tensor fed = idsOf(ids).to(m_device).unsqueeze(1);
    return m_model.decoder.logits(m_model.decoder.forward(m_model.decoder.embed(fed), cache, stop, {}, counts)).squeeze(1);
}

at::Tensor Answerer::logProbabilities(const at::Tensor &logits) const { return at::log_softmax(logits / m_model.config.answerTemperature, -1); }

std::vector<double> Answerer::scoresOf(std::span<const Choice> choices, const Prompted &state, const std::stop_token &stop) const
{
    std::vector<double> scores;
    for (std::size_t first = 0; first < choices.size(); first += kChoicesAtOnce) {
        const std::vector<double> scored = scoresTogether(choices.subspan(first, std::min(kChoicesAtOnce, choices.size() - first)), state, stop);
        scores.insert(scores.end(), scored.begin(), scored.end());
    }
    return scores;
}

std::vector<double> Answerer::scoresTogether(std::span<const Choice> choices, const Prompted &state, const std::stop_token &stop) const
{
    // Rows of one batch behind the prompt. The last token of a choice is only predicted, never fed.
    const auto rows = static_cast<std::int64_t>(choices.size());
    std::vector<std::int64_t> counts;
    for (const Choice &choice : choices)
        counts.push_back(static_cast<std::int64_t>(choice.ids.size()) - 1);
    const std::int64_t longest = *std::max_element(counts.begin(), counts.end());
    at::Tensor following; // [rows, longest, vocab]
    if (longest > 0) {
        const at::Tensor ids = at::zeros({rows, longest}, at::kLong);
        for (std::int64_t row = 0; row < rows; ++row)
            std::copy_n(choices[static_cast<std::size_t>(row)].ids.begin(), counts[static_cast<std::size_t>(row)], ids[row].mutable_data_ptr<std::int64_t>());
        KvCache repeated = state.cache.repeated(rows, longest);
        const at::Tensor hidden = m_model.decoder.forward(m_model.decoder.embed(ids.to(m_device)), repeated, stop, {}, counts);
        following = logProbabilities(m_model.decoder.logits(hidden)).to(at::kCPU);
    }
    const at::Tensor beginnings = logProbabilities(state.logits.flatten()).to(at::kCPU);
    std::vector<double> scores;
    for (std::int64_t row = 0; row < rows; ++row) {
        const std::vector<std::int64_t> &ids = choices[static_cast<std::size_t>(row)].ids;
        double score = beginnings[ids.front()].item<double>();
        for (std::size_t i = 1; i < ids.size(); ++i)
            score += following[row][static_cast<std::int64_t>(i) - 1][ids[i]].item<double>();
        scores.push_back(score);
    }
    return scores;
}

at::Tensor Answerer::sharesOf(std::span<const Choice> choices, Prompted &state, const std::stop_token &stop) const
{
    const std::int64_t length = state.cache.length(), count = state.logits.size(0);
    const at::Tensor beginnings = logProbabilities(state.logits); // [B, vocab]
    std::vector<at::Tensor> scores;                               // [B] a choice
    for (const Choice &choice : choices) {
        at::Tensor score = beginnings.select(1, choice.ids.front()).to(at::kDouble);
        if (choice.ids.size() > 1) {
            const at::Tensor ids = idsOf(choice.ids).to(m_device);
            const std::int64_t fed = ids.size(0) - 1; // the last token is only predicted
            const at::Tensor hidden = m_model.decoder.forward(m_model.decoder.embed(ids.narrow(0, 0, fed).unsqueeze(0)).repeat({count, 1, 1}), state.cache, stop);
            const at::Tensor following = logProbabilities(m_model.decoder.logits(hidden)); // [B, fed, vocab]
            score = score + following.gather(2, ids.narrow(0, 1, fed).view({1, fed, 1}).expand({count, fed, 1})).to(at::kDouble).sum({1, 2});
            state.cache.truncate(length);
        }
        scores.push_back(score);
    }
    return at::softmax(at::stack(scores, 1), 1).to(at::kCPU).contiguous();
}

} // namespace auroraedge::engine
