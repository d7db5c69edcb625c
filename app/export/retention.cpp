#include "app/export/retention.h"

#include <algorithm>

namespace auroraedge::app {

bool RetainedAnswer::keepsPicture(const RetentionPolicy &policy) const
{
    return !isReviewed || isHeld || timeUtcMs >= policy.olderThanMs || std::ranges::any_of(verdicts, [&](Verdict verdict) {
        return std::ranges::find(policy.keptVerdicts, verdict) != policy.keptVerdicts.end();
    });
}

RetainedAnswer retainedAnswer(const AnswerRecord &record)
{
    RetainedAnswer answer;
    answer.pictureSha256 = record.pictureSha256;
    answer.picturePath = record.picturePath;
    answer.pictureBytes = record.pictureBytes;
    answer.timeUtcMs = record.timeUtcMs;
    if (record.verdict)
        answer.verdicts.push_back(*record.verdict);
    if (record.review)
        answer.verdicts.push_back(record.review->verdict);
    answer.isReviewed = record.review.has_value();
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

} // namespace auroraedge::app
