#include "app/window/review_values.h"

#include "app/storage/answer_rows.h"
#include "app/window/view_values.h"

#include <algorithm>
#include <map>

namespace auroraedge::app {
namespace {

std::optional<std::int64_t> utcMsOf(const QDateTime &time)
{
    return time.isValid() ? std::optional<std::int64_t>(time.toMSecsSinceEpoch()) : std::nullopt;
}

QList<ui::ReviewChoice> listOf(const std::vector<AnswerChoice> &choices)
{
    QList<ui::ReviewChoice> list;
    for (const AnswerChoice &choice : choices)
        list.append({textOf(choice.value), choice.count});
    return list;
}

/// Of each person the newest judgement, unless it was taken back; the newest person first.
QList<ui::Review> standing(const std::vector<ReviewEntry> &newestFirst)
{
    QList<ui::Review> reviews;
    std::vector<std::string> seen;
    for (const ReviewEntry &entry : newestFirst) {
        if (std::ranges::find(seen, entry.review.reviewer) != seen.end())
            continue;
        seen.push_back(entry.review.reviewer);
        if (entry.isJudgement)
            reviews.append(reviewOf(entry.review));
    }
    return reviews;
}

} // namespace

AnswerFilter filterOf(const ui::ReviewFilter &filter)
{
    AnswerFilter asked;
    asked.fromUtcMs = utcMsOf(filter.from);
    asked.untilUtcMs = utcMsOf(filter.until);
    for (const ui::Verdict verdict : filter.verdicts)
        asked.verdicts.push_back(verdictOf(verdict));
    asked.withoutVerdict = filter.withoutVerdict;
    for (const ui::Verdict verdict : filter.judgements)
        asked.judgements.push_back(verdictOf(verdict));
    for (const ui::Verdict verdict : filter.counted)
        asked.outcomes.push_back(verdictOf(verdict));
    asked.withoutOutcome = filter.countedNone;
    asked.question = filter.question.toStdString();
    asked.model = filter.model.toStdString();
    asked.source = filter.source.toStdString();
    asked.device = filter.device.toStdString();
    asked.reviewer = filter.reviewer.toStdString();
    asked.secondReviewer = filter.otherReviewer.toStdString();
    asked.defectClass = filter.defectClass.toStdString();
    asked.withoutClass = filter.withoutClass;
    asked.tag = filter.tag.toStdString();
    asked.session = filter.session;
    asked.unreviewedOnly = filter.unreviewedOnly;
    asked.reviewedOnly = filter.reviewedOnly;
    asked.disagreeOnly = filter.disagreeOnly;
    asked.failedOnly = filter.failedOnly;
    asked.heldOnly = filter.heldOnly;
    if (filter.latencyAboveMs > 0)
        asked.latencyAboveMs = filter.latencyAboveMs;
    if (const std::optional<LatencyStage> stage = latencyStageNamed(filter.stage.stage.toStdString())) {
        asked.stage = *stage;
        asked.stageFromMs = filter.stage.fromMs; // also from 0 on: what failed has no times
        if (filter.stage.belowMs > 0)
            asked.stageBelowMs = filter.stage.belowMs;
    }
    asked.text = filter.text.toStdString();
    return asked;
}

ui::ReviewChoices choicesOf(const AnswerChoices &choices)
{
    return {listOf(choices.questions), listOf(choices.models), listOf(choices.sources), listOf(choices.reviewers),
            listOf(choices.defectClasses), listOf(choices.tags)};
}

ReviewDecision decisionOf(const ui::ReviewDecision &decision, std::int64_t nowUtcMs)
{
    return {decision.row,
            nowUtcMs,
            decision.verdict ? std::optional(verdictOf(*decision.verdict)) : std::nullopt,
            decision.defectClass.toStdString(),
            decision.note ? std::optional(decision.note->toStdString()) : std::nullopt,
            decision.reviewer.toStdString()};
}

AnswerMark markOf(const ui::ReviewDecision &decision)
{
    AnswerMark mark{.row = decision.row, .isHeld = decision.isHeld, .isUndo = decision.isUndo, .who = decision.reviewer.toStdString()};
    for (const QString &tag : decision.tagsAdded)
        mark.tagsAdded.push_back(tag.toStdString());
    for (const QString &tag : decision.tagsRemoved)
        mark.tagsRemoved.push_back(tag.toStdString());
    return mark;
}

Result<ui::ReviewItems> readItems(const AnswerReader &reader, std::span<const AnswerRecord> records)
{
    std::vector<std::int64_t> rows;
    for (const AnswerRecord &record : records)
        rows.push_back(record.row);
    Result<std::map<std::int64_t, std::vector<ReviewEntry>>> reviews = selectReviewsOf(reader.database(), rows);
    if (!reviews)
        return failure(reviews.error());
    ui::ReviewItems items;
    for (const AnswerRecord &record : records) {
        const std::vector<ReviewEntry> &entries = (*reviews)[record.row];
        ui::ReviewItem item;
        item.answer = answerViewOf(record);
        if (record.review)
            item.defectClass = textOf(record.review->defectClass);
        for (const ReviewNote &note : notesOf(entries))
            item.notes.append({textOf(note.reviewer), textOf(note.text)});
        item.reviewers = standing(entries);
        item.isHeld = record.isHeld;
        for (const std::string &tag : record.tags)
            item.tags.append(textOf(tag));
        if (record.pictureRemovedUtcMs)
            item.pictureRemovedAt = QDateTime::fromMSecsSinceEpoch(*record.pictureRemovedUtcMs, Qt::UTC);
        items.append(item);
    }
    return items;
}

Result<ui::ReviewDetail> readDetail(const AnswerReader &reader, std::int64_t row)
{
    constexpr int kBefore = 6, kAfter = 6;
    const Result<std::vector<ReviewEntry>> entries = selectReviews(reader.database(), row);
    if (!entries)
        return failure(entries.error());
    const Result<std::vector<AnswerRecord>> around = selectNeighbours(reader.database(), row, kBefore, kAfter);
    if (!around)
        return failure(around.error());
    const Result<ui::ReviewItems> neighbours = readItems(reader, *around);
    if (!neighbours)
        return failure(neighbours.error());
    ui::ReviewDetail detail;
    detail.row = row;
    detail.neighbours = *neighbours;
    for (const ReviewEntry &entry : *entries) {
        if (entry.undoes != 0)
            continue; // what it took back says so
        detail.history.append({reviewOf(entry.review), textOf(entry.review.defectClass), textOf(entry.review.note), entry.wasUndone});
    }
    return detail;
}

} // namespace auroraedge::app
