#pragma once

#include "app/storage/answer_record.h"
#include "engine/api/result.h"

#include <array>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace auroraedge::app {

class Database;

/// What the time of an answer is made of.
enum class LatencyStage { Load = 1, Decode, Preprocess, Encode, Project, Compress, Fuse, Prefill, FirstToken, PerToken, Total };
/// As the columns of the tables and the fields of JSON are called; in the order of LatencyStage.
inline constexpr std::array kLatencyStages = {"load",    "decode", "preprocess",  "encode",    "project", "compress",
                                              "fuse",    "prefill", "first_token", "per_token", "total"};

/// By such a name; nothing for another one.
[[nodiscard]] std::optional<LatencyStage> latencyStageNamed(std::string_view name);

/// Which answers are meant. What is empty asks for nothing: the default filter means all of them. Whatever the statistics
/// count can be asked for, so that every bar opens the very answers that it counts.
struct AnswerFilter
{
    std::optional<std::int64_t> fromUtcMs, untilUtcMs; ///< answered at or after, and before
    std::vector<Verdict> verdicts;                     ///< of the machine, any of these
    bool withoutVerdict = false;                       ///< the machine gave none; beside `verdicts`: those as well
    std::vector<Verdict> judgements;                   ///< of the review that counts, any of these
    std::vector<Verdict> outcomes; ///< what counts in the end: the judgement where there is one, else the verdict; any of these
    bool withoutOutcome = false;   ///< neither judgement nor verdict; beside `outcomes`: those as well
    std::string question, model, source; ///< the whole text of each; model: its name, or kModelLabel
    std::string device, tag;             ///< the whole name of each
    std::int64_t session = 0;            ///< its id; 0: any
    std::string reviewer;                ///< has judged it
    std::string secondReviewer;          ///< and so has this one. REQUIRES: reviewer
    std::optional<Verdict> reviewerSaid, secondReviewerSaid; ///< what each judged
    std::optional<bool> pairAgrees;                          ///< whether the two judged the same
    std::string defectClass;                                 ///< of the judgement that counts
    bool withoutClass = false; ///< no judgement that counts names one. Not beside defectClass
    bool unreviewedOnly = false, reviewedOnly = false;
    bool disagreeOnly = false; ///< a person judged otherwise than the machine, or than another person
    bool failedOnly = false;   ///< got no answer
    bool timedOnly = false;    ///< got one, and its time is known: that of an answer which a batch repeats is not
    bool heldOnly = false;     ///< somebody holds it
    std::optional<double> latencyAboveMs; ///< of the whole answer
    LatencyStage stage = LatencyStage::Total;
    std::optional<double> stageFromMs, stageBelowMs; ///< of `stage`, at or above, and below; timed ones alone, as in the statistics
    std::int64_t afterRow = 0; ///< stored after this one
    std::string text; ///< words in question, answer, source, reasons or notes, of any length and script; the last one may be cut short

    friend bool operator==(const AnswerFilter &, const AnswerFilter &) = default;
};

/// Where a page goes on from the one that is shown.
struct PageEdge
{
    std::int64_t row = 0;  ///< the outermost one that is shown
    bool isOlder = true;   ///< what lies before it in time, else after it
};

struct AnswerPage
{
    std::vector<AnswerRecord> records; ///< newest first, each with the review that counts
    bool hasMore = false;              ///< in the direction that was asked for
};

/// By time; answers of the same time in the order of storing. A page costs the same wherever it is.
/// @param edge nothing: the newest page. @return RUN-01 when @p stop is asked for.
Result<AnswerPage> selectPage(const Database &database, const AnswerFilter &filter, const std::optional<PageEdge> &edge, int limit,
                              const std::stop_token &stop = {});
/// How many lie after @p row in time, counted up to @p most; 0: all that match, as there is none to go on from. @return as selectPage().
Result<int> countNewer(const Database &database, const AnswerFilter &filter, std::int64_t row, int most, const std::stop_token &stop = {});
/// All of them, by time, newest first; eight bytes each. @return RUN-01 when @p stop is asked for.
Result<std::vector<std::int64_t>> selectMatching(const Database &database, const AnswerFilter &filter, const std::stop_token &stop = {});
/// Exact. @return RUN-01 when @p stop is asked for.
Result<std::int64_t> countMatching(const Database &database, const AnswerFilter &filter, const std::stop_token &stop = {});

/// A value that a filter can ask for, and how many answers have it.
struct AnswerChoice
{
    std::string value;
    std::int64_t count = 0;
};

/// Most frequent first.
struct AnswerChoices
{
    std::vector<AnswerChoice> questions, models, sources, devices, reviewers, defectClasses, tags;
};
Result<AnswerChoices> selectChoices(const Database &database);

/// A database of an older schema has nothing to look in: @return DB-05 until a program that writes has opened it.
Result<void> requireFacets(const Database &database);

/// A run of a program that stored answers.
struct StoredSession
{
    std::int64_t id = 0;
    std::int64_t beganUtcMs = 0;
    std::optional<std::int64_t> endedUtcMs; ///< nothing: it goes on, or it was killed
    std::string program, account;
    std::int64_t answers = 0;
};
/// Newest first, at most @p limit.
Result<std::vector<StoredSession>> selectSessions(const Database &database, int limit);

/// A model that answered here.
struct StoredModel
{
    std::string name, sha256;
    std::int64_t firstUsedUtcMs = 0, lastUsedUtcMs = 0;
    std::int64_t answers = 0;
};
/// Last used first.
Result<std::vector<StoredModel>> selectModels(const Database &database);

/// Answers of the same source as @p row around it, newest first, itself among them.
Result<std::vector<AnswerRecord>> selectNeighbours(const Database &database, std::int64_t row, int before, int after);

} // namespace auroraedge::app
