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
    /// Learns a tokenizer from the run's texts where @p folder has none. @return TOK-*, FS-*, ASK-*.
    static Result<TrainingTurns> of(const TrainingRun &run, const AuroraEdgeConfig &config, const std::filesystem::path &folder);

    /// At most @p count questions of the picture, each in one of its wordings.
    [[nodiscard]] std::vector<TokenisedTurn> draw(const BatchItem &item, int count, std::mt19937_64 &random) const;
    /// One question of held-out @p sample, always the same one.
    [[nodiscard]] TokenisedTurn heldOut(std::size_t sample) const;
    [[nodiscard]] bool hasTurns(std::size_t sample) const { return !m_turns[sample].empty(); }

    [[nodiscard]] const std::vector<std::string> &families() const { return m_families; }
    /// Tokens of each sample's questions and answers, on average of a question.
    [[nodiscard]] std::vector<int> lengths() const;

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
    std::vector<std::string> m_families;
};

} // namespace auroraedge::engine
