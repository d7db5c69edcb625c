#pragma once

#include "engine/api/result.h"
#include "engine/api/training.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace auroraedge::app {

/// A recipe of how a model is trained, and on what; see the README of this folder for the file.
struct TrainingRecipe
{
    std::string modelFolder, outFolder; ///< absolute
    std::uint64_t seed = 1;
    double checkpointMinutes = 5, averageDecay = 0;
    bool keepsBest = false, recomputes = false;
    double startShare = 0;
    TrainingAdapters adapters;
    std::string device = "cpu";
    Precision precision = Precision::Auto;
    std::vector<TrainingSource> sources;
    std::vector<TrainingStage> stages;
    std::vector<TrainingSample> samples; ///< split "train", with the wordings to learn from
    /// Split "val": groups and wordings that were never trained on. A family with numbers in its question asks about
    /// one number a picture, and entries of one name (a question and its opposite) take turns, so that the answers of
    /// one family are one a picture.
    std::vector<TrainingSample> heldOut;
    std::string then; ///< absolute; the recipe that goes on with this one's model, in place of its own; empty: none
    std::vector<std::string> badRecords; ///< "talk.json record 17: reason", "a.jsonl line 17: reason"; left out
};

/// Reads the recipe, its families and annotations; opens no picture. Paths in the recipe are relative to its folder.
/// @return FS-12, FS-01, RCP-01 (syntax), RCP-02 (unknown key), RCP-04 (value), each naming file and line or key.
Result<TrainingRecipe> readTrainingRecipe(const std::filesystem::path &file);

} // namespace auroraedge::app
