#pragma once

#include "engine/api/result.h"
#include "engine/api/training.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace auroraedge::app {

/// Labelled pictures in LLaVA's form.
struct Conversations
{
    std::vector<TrainingSample> samples, heldOut; ///< one a picture; held out: "split":"val"
    std::vector<TrainingSample> forLater;         ///< splits "test" and "heldout": no training touches them
    std::vector<std::string> badRecords;          ///< "talk.json record 17: reason"; the others are used
};

/// How many of the records are detailed captions: so many of them are left out that the others make up this share, or all are
/// kept where they are fewer. Records that are held out stay.
struct DetailedShare
{
    double share = 1;       ///< 0..1 of the records to train on
    std::uint64_t seed = 1; ///< decides which ones stay, evenly spread over the file
};

/// Reads a list or, where the file is called .jsonl, one object a line of {"id", "image", "conversations":[{"from":"human"|"gpt","value"}]};
/// "split" and "group" are read too. All questions about one picture become one sample. A picture with nothing but an
/// answer is a caption: it is asked for with a wording of our pools, brief or detailed by its length (model-reference
/// 5.3). Every record is checked, also whether its picture is there; no picture is opened.
/// @param source name given to the samples. @param pictures folder that "image" is relative to.
/// @param detailed nothing: as they come.
/// @return FS-12, FS-01; RCP-01 for a list that is not JSON; RCP-04 when no record is good.
Result<Conversations> readConversations(const std::filesystem::path &file, const std::filesystem::path &pictures, const std::string &source,
                                        const std::optional<DetailedShare> &detailed = {});

} // namespace auroraedge::app
