#pragma once

#include "engine/api/text_codec.h"
#include "engine/decode/drawn_text.h"
#include "engine/models/picture_encoder.h"
#include "engine/text/chat_prompt.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace auroraedge::engine {

/// One of the answers to choose from. The end of the turn belongs to it: "no" must not win as the start of "none".
struct Choice
{
    std::string text;
    std::vector<std::int64_t> ids; ///< the end of the turn last
};

/// A question as the model takes it.
struct PlannedQuestion
{
    std::vector<std::int64_t> prompt;
    std::vector<Choice> choices;
    GenerationOptions options; ///< the answer cut to what the model has positions for
    std::int64_t room = 1;     ///< positions of the answer
};

/// The model's state behind pictures and question.
struct Prompted
{
    KvCache cache;
    at::Tensor logits; ///< [B, vocab] of the first token
};

/// From features and a question to an answer's tokens: prompt, fusion, prefill, decoding, choosing (model-reference 3.5).
/// @throws StopRequested where a stop token is given. Const, and safe on several threads.
class Answerer final
{
public:
    /// @param model outlives the answerer.
    Answerer(const AuroraEdge &model, std::unique_ptr<TextCodec> codec, at::Device device);

    /// @return ASK-01 .. 03, TOK-01 and TOK-03.
    [[nodiscard]] Result<PlannedQuestion> plan(const Question &question, bool hasPicture) const;

    /// @param features of B pictures; null: the language model alone, B = 1. @param latency gets the time of fusion and prefill.
    [[nodiscard]] Prompted prompted(const Features *features, const PlannedQuestion &question, const AskListener &listener,
                                    const std::stop_token &stop, StageLatencies &latency) const;
    /// One picture's of several.
    [[nodiscard]] Prompted rowOf(const Prompted &together, std::int64_t row) const;

    [[nodiscard]] DrawnText drawnText(const GenerationOptions &options) const;
    [[nodiscard]] KvCache cache(std::int64_t rows, std::int64_t capacity) const;
    /// @param ids one a row of @p cache; counts 0 for a row that is fed nothing, empty: 1 each. @return [B, vocab]
    [[nodiscard]] at::Tensor nextLogits(std::span<const std::int64_t> ids, KvCache &cache, const std::stop_token &stop,
                                        std::span<const std::int64_t> counts = {}) const;

    /// Log-likelihoods of whole answers behind the one picture of @p state.
    [[nodiscard]] std::vector<double> scoresOf(std::span<const Choice> choices, const Prompted &state, const std::stop_token &stop) const;
    /// Shares of the choices, together 1, behind each picture of @p state: [B, choices] fp64 on the CPU.
    [[nodiscard]] at::Tensor sharesOf(std::span<const Choice> choices, Prompted &state, const std::stop_token &stop) const;

private:
    [[nodiscard]] Result<std::vector<std::int64_t>> promptOf(const std::string &question) const;
    [[nodiscard]] Result<std::vector<Choice>> encoded(const std::vector<std::string> &texts) const;
    [[nodiscard]] std::vector<double> scoresTogether(std::span<const Choice> choices, const Prompted &state, const std::stop_token &stop) const;
    [[nodiscard]] at::Tensor logProbabilities(const at::Tensor &logits) const;

    const AuroraEdge &m_model;
    std::unique_ptr<TextCodec> m_codec;
    at::Device m_device;
    ChatTemplate m_chat;
    std::vector<std::int64_t> m_endIds; ///< the chat's end of turn first
};

} // namespace auroraedge::engine
