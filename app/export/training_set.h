#pragma once

#include "app/export/answer_export.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace auroraedge::app {

struct TrainingSetOptions
{
    std::filesystem::path place; ///< folder of the set
    bool replaces = false;       ///< an older set at that place
    std::string licence;         ///< of the pictures, for the manifest; may be empty
    std::string filter;          ///< in words, for the manifest
    std::uint64_t seed = 1;      ///< which groups are held out
};

struct TrainingSetReport
{
    int good = 0, bad = 0;    ///< pictures
    int measuring = 0;        ///< of them, held out
    int groups = 0;           ///< sessions, joined where they share a picture
    int conversations = 0;    ///< questions with their right answers
    std::map<std::string, int> leftOut; ///< rows by the reason why
};

/// Writes a folder to train with from the reviewed rows of @p pages:
///   images/<sha256>.<jpg|png>   copies of the kept pictures, each checked against its hash
///   reviewed.jsonl              a line a picture, as readReviewedRecords() reads: `finetune --data`
///   conversations.jsonl         a line a row in LLaVA's form, as readConversations() reads
///   manifest.json               counts, licence, filter, models
/// A picture is bad when any of its reviews is NG, and good when one is OK and none NG. A bad one has the boxes that its
/// reviewers named, or the part that was asked about, or the whole of it, which teaches no tile. The right answer is the
/// model's where the reviewer agreed with its verdict, or called an answer OK that no rule gave one; of the other rows only
/// the picture is used.
/// Whole groups are held out. A group is a session (a folder, or a camera in one session of the program), joined with every
/// other that shows one of its pictures, so that no picture is on both sides.
/// @param dataFolder of the pictures. @return as exportAnswers(), and RCP-04 when no row can be used.
Result<TrainingSetReport> writeTrainingSet(const AnswerPages &pages, const std::filesystem::path &dataFolder,
                                           const TrainingSetOptions &options, const ExportProgress &progress,
                                           const std::stop_token &stop);

} // namespace auroraedge::app
