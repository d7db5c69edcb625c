#include "app/export/retention.h"

#include "app/storage/answer_store.h"

#include <algorithm>
#include <utility>

namespace auroraedge::app {

bool RetainedAnswer::keepsPicture(const RetentionPolicy &policy) const
{
    return isProtected() || timeUtcMs >= policy.olderThanMs || hasKeptVerdict(policy);
}

bool RetainedAnswer::hasKeptVerdict(const RetentionPolicy &policy) const
{
    return std::ranges::any_of(verdicts, [&](Verdict verdict) { return std::ranges::find(policy.keptVerdicts, verdict) != policy.keptVerdicts.end(); });
}

RetainedAnswer retainedAnswer(const AnswerRecord &record)
{
    RetainedAnswer answer;
    if (!record.pictureRemovedUtcMs)
        answer.pictureSha256 = record.pictureSha256;
    answer.picturePath = record.picturePath;
    answer.pictureBytes = record.pictureBytes;
    answer.timeUtcMs = record.timeUtcMs;
    if (record.verdict)
        answer.verdicts.push_back(*record.verdict);
    if (record.review)
        answer.verdicts.push_back(record.review->verdict);
    answer.isReviewed = record.review.has_value();
    answer.isHeld = record.isHeld;
    return answer;
}

void Retention::add(const RetainedAnswer &answer)
{
    if (answer.pictureSha256.empty())
        return;
    Picture &picture = m_pictures[answer.pictureSha256];
    picture.path = answer.picturePath;
    picture.bytes = answer.pictureBytes;
    ++picture.rows;
    picture.isKept = picture.isKept || answer.keepsPicture(m_policy);
}

RetentionPlan Retention::plan() const
{
    RetentionPlan plan;
    for (const auto &[sha256, picture] : m_pictures) {
        if (picture.isKept) {
            ++plan.keptPictures;
            continue;
        }
        plan.dropped.push_back({sha256, picture.path, picture.bytes, picture.rows});
        plan.rows += picture.rows;
        plan.bytes += picture.bytes;
    }
    return plan;
}

Result<RetentionPlan> planRetention(const RetentionPolicy &policy, const AnswerPages &pages)
{
    Retention retention(policy);
    for (;;) {
        const Result<std::vector<AnswerRecord>> page = pages();
        if (!page)
            return failure(page.error());
        if (page->empty())
            return retention.plan();
        for (const AnswerRecord &record : *page)
            retention.add(retainedAnswer(record));
    }
}

Result<RetentionOutcome> applyRetention(AnswerStore &store, const RetentionPlan &plan, const RetentionPolicy &policy, const StoreAction &by,
                                        const std::function<void(const std::string &sha256)> &forget, const ExportProgress &progress,
                                        const std::stop_token &stop)
{
    constexpr std::size_t kAtOnce = 100; // others write in between
    RetentionOutcome outcome;
    std::int64_t marked = 0;
    for (std::size_t first = 0; first < plan.dropped.size(); first += kAtOnce) {
        if (stop.stop_requested())
            return failure(code::Cancelled, "stopped after " + std::to_string(marked) + " pictures were marked; the next run goes on");
        std::vector<std::string> some;
        for (std::size_t i = first; i < std::min(first + kAtOnce, plan.dropped.size()); ++i)
            some.push_back(plan.dropped[i].sha256);
        const Result<std::int64_t> done
            = store.markPicturesRemoved(some, [&](const AnswerRecord &record) { return !retainedAnswer(record).keepsPicture(policy); }, by);
        if (!done)
            return failure(done.error());
        marked += *done;
        outcome.kept += static_cast<std::int64_t>(some.size()) - *done;
        if (progress)
            progress(marked);
    }
    // Also of marks that were set under another policy: what was decided then stands, unless somebody has to look again or has
    // judged otherwise since.
    const auto mayGo = [&](const AnswerRecord &record) {
        const RetainedAnswer answer = retainedAnswer(record);
        return !answer.isProtected() && !answer.hasKeptVerdict(policy);
    };
    Result<AnswerStore::DeletedPictures> deleted = store.deleteRemovedPictures(mayGo, forget, by.timeUtcMs, stop);
    if (!deleted)
        return failure(deleted.error());
    outcome.removed = deleted->deleted;
    outcome.bytes = deleted->bytes;
    outcome.kept += deleted->kept;
    outcome.busy = deleted->busy;
    outcome.refused = std::move(deleted->refused);
    return outcome;
}

} // namespace auroraedge::app
