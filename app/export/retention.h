#pragma once

#include "app/export/answer_export.h"
#include "app/storage/answer_record.h"
#include "engine/api/result.h"

#include <cstdint>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

namespace auroraedge::app {

class AnswerStore;

/// Which pictures may go. Rows always stay.
struct RetentionPolicy
{
    std::int64_t olderThanMs = 0;       ///< wall clock in UTC: pictures of answers before it
    std::vector<Verdict> keptVerdicts; ///< pictures with one of these stay, be it the machine's or a person's
};

/// A stored answer, as far as it decides about its picture.
struct RetainedAnswer
{
    std::string pictureSha256, picturePath;
    std::int64_t pictureBytes = 0;
    std::int64_t timeUtcMs = 0;
    std::vector<Verdict> verdicts; ///< the machine's and its newest review's, as far as there are
    bool isReviewed = false;
    bool isHeld = false;

    /// Whether the picture must stay for the sake of this answer, whatever the policy says.
    [[nodiscard]] bool isProtected() const { return !isReviewed || isHeld; }
    /// Whether the picture must stay for the sake of this answer.
    [[nodiscard]] bool keepsPicture(const RetentionPolicy &policy) const;
    [[nodiscard]] bool hasKeptVerdict(const RetentionPolicy &policy) const;
};

/// Without a picture where it was removed already.
[[nodiscard]] RetainedAnswer retainedAnswer(const AnswerRecord &record);

struct DroppedPicture
{
    std::string sha256, path;
    std::int64_t bytes = 0;
    int rows = 0; ///< that it is the picture of
};

struct RetentionPlan
{
    std::vector<DroppedPicture> dropped; ///< by hash
    std::int64_t rows = 0, bytes = 0;    ///< of the dropped
    std::int64_t keptPictures = 0;
};

/// Decides from all answers, added one by one: a picture goes when no answer keeps it. Remembers 100 bytes a picture.
class Retention final
{
public:
    explicit Retention(RetentionPolicy policy) : m_policy(std::move(policy)) {}

    /// Answers without a picture are let pass.
    void add(const RetainedAnswer &answer);
    /// REQUIRES: every answer of the store was added.
    [[nodiscard]] RetentionPlan plan() const;

private:
    struct Picture
    {
        std::string path;
        std::int64_t bytes = 0;
        int rows = 0;
        bool isKept = false;
    };

    RetentionPolicy m_policy;
    std::map<std::string, Picture> m_pictures; ///< by hash
};

/// The plan for all answers of the store. @param pages every answer. @return what @p pages fails with.
Result<RetentionPlan> planRetention(const RetentionPolicy &policy, const AnswerPages &pages);

struct RetentionOutcome
{
    std::int64_t removed = 0, bytes = 0;
    std::int64_t kept = 0; ///< of the plan: an answer came, or somebody judged otherwise or holds one
    std::int64_t busy = 0; ///< saved within the last hour; the next run removes them
    std::vector<Error> refused; ///< as AnswerStore::DeletedPictures
};

/// Removes the pictures of @p plan: all are marked first, then the files and @p forget's thumbnails go, also those that a run
/// left behind that was killed. Every answer about a picture is looked at again, in the same transaction. Nothing that the
/// database does not know is touched. @param progress is told how many are marked.
/// @return as AnswerStore::deleteRemovedPictures().
Result<RetentionOutcome> applyRetention(AnswerStore &store, const RetentionPlan &plan, const RetentionPolicy &policy, const StoreAction &by,
                                        const std::function<void(const std::string &sha256)> &forget, const ExportProgress &progress,
                                        const std::stop_token &stop);

} // namespace auroraedge::app
