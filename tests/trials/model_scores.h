#pragma once

#include "tests/trials/figure_table.h"

#include <filesystem>
#include <optional>

namespace auroraedge::trials {

/// What a fine-tuned model said of the pictures of a trial.
struct ModelScores
{
    std::map<std::string, Scores> byKind;            ///< "combined", "answer" and "patch", those that the model has
    std::map<std::string, Decision> decisions;       ///< by picture; its own, where it made one
    std::map<std::string, std::string> classes;      ///< by picture, where it told one
    std::size_t refused = 0;                         ///< pictures with an error instead of an answer
};

/// Reads the JSON lines of `auroraedge ask --json` or `batch`: "image", "verdict" and "product". Pictures are known by
/// "pictures/<file name>". One that was refused, as with a golden picture of something else, stops the line: it counts as an
/// alarm, with a score above all others, and as UNSURE. @throws std::runtime_error, nlohmann::json::exception
ModelScores readModelScores(const std::filesystem::path &file);

/// The lines of classical_difference, and the name of its setting.
std::pair<Scores, std::string> readClassicalScores(const std::filesystem::path &file);

struct ClassFigures
{
    std::size_t pictures = 0; ///< bad ones with exactly one defect
    std::size_t told = 0;     ///< of them, with any class
    double accuracy = 0;      ///< of all: no class is wrong
    double majority = 0;      ///< the most frequent class
};

ClassFigures classFigures(const std::map<std::string, std::string> &classes, const std::vector<TrialRecord> &records);

} // namespace auroraedge::trials
