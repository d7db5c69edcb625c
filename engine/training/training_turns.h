#pragma once

#include "engine/api/training.h"
#include "engine/io/model_config.h"
#include "engine/training/batches.h"
#include "engine/training/packed_questions.h"

#include <cstdint>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

namespace auroraedge::engine {

/// The questions and answers of a run as ids.
class TrainingTurns final
{
public:
    /// Learns a tokenizer from the run's texts where @p folder has none. Questions that do not fit the model with their
    /// picture and their answer are left out. @return TOK-*, FS-*, ASK-*.
    static Result<TrainingTurns> of(const TrainingRun &run, const AuroraEdgeConfig &config, const std::filesystem::path &folder);

    /// "picture: reason" of each question that was left out.
    [[nodiscard]] const std::vector<std::string> &leftOut() const { return m_leftOut; }

    /// At most @p count questions of the picture, each in one of its wordings, and fewer where they are long: a row stays
    /// within the model's positions and kMostRowTokens. None for a picture without questions.
    [[nodiscard]] std::vector<TokenisedTurn> draw(const BatchItem &item, int count, std::mt19937_64 &random) const;
    /// One question of held-out @p sample, always the same one.
    [[nodiscard]] TokenisedTurn heldOut(std::size_t sample) const;
    [[nodiscard]] bool hasTurns(std::size_t sample) const { return !m_turns[sample].empty(); }

    [[nodiscard]] const std::vector<std::string> &families() const { return m_families; }
    [[nodiscard]] std::vector<TurnLengths> lengths() const;

    /// Of several questions behind one picture: attention costs the square of it.
    static constexpr std::size_t kMostRowTokens = 1024;

private:
    struct Turn
    {
        std::vector<std::size_t> prompts; ///< one a wording, of m_prompts
        std::vector<std::int64_t> answer;
        int family = 0;
    };
    const TrainingSample *m_firstSample = nullptr;
    std::vector<std::vector<std::int64_t>> m_prompts;
    std::vector<std::vector<Turn>> m_turns; ///< per sample
    std::vector<std::int64_t> m_blankAnswer;
    std::vector<std::string> m_families, m_leftOut;
    std::size_t m_rowTokens = kMostRowTokens;
};

} // namespace auroraedge::engine
