#pragma once

#include "ui/models/answer_view.h"
#include "ui/models/review_filter.h"

#include <QImage>
#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace auroraedge::ui {

/// One line of the history of an answer: a person's judgement, a note, or that one of both was taken back.
struct ReviewEntry
{
    Review review;
    QString defectClass, note;
    bool isUndone = false; ///< it was taken back later
};
using ReviewEntries = QList<ReviewEntry>;

/// What a person wrote about an answer. Each has a note of their own.
struct ReviewNote
{
    QString reviewer, text;
};
using ReviewNotes = QList<ReviewNote>;

/// What has become of an answer in the hands of people.
enum class ReviewState {
    Unreviewed = 1,
    Agreed,      ///< every reviewer says what the machine says
    Overridden,  ///< the newest review says otherwise
    Disagreeing, ///< reviewers say different things
};

/// A stored answer as the Review page shows it. answer.row names it everywhere; answer.review is the newest review.
struct ReviewItem
{
    AnswerView answer;       ///< its thumbnail may be null: it is asked for when it comes into view
    QString defectClass;     ///< of the newest review
    ReviewNotes notes;       ///< of each person the newest, the newest person first
    bool isHeld = false;     ///< is kept whatever the retention plan says
    QStringList tags;        ///< by name
    QDateTime pictureRemovedAt; ///< by retention; invalid: it is kept
    QList<Review> reviewers; ///< the newest review of each person; may be empty when there is but one

    [[nodiscard]] qint64 row() const { return answer.row; }
};
using ReviewItems = QList<ReviewItem>;

[[nodiscard]] inline ReviewState stateOf(const ReviewItem &item)
{
    if (!item.answer.review)
        return ReviewState::Unreviewed;
    for (const Review &each : item.reviewers)
        if (each.verdict != item.answer.review->verdict)
            return ReviewState::Disagreeing;
    // Where the machine gave no verdict, OK agrees with what it said.
    return item.answer.review->verdict == item.answer.verdict.value_or(Verdict::Ok) ? ReviewState::Agreed : ReviewState::Overridden;
}

/// A part of what a filter finds, newest first.
struct ReviewPage
{
    ReviewFilter filter; ///< that it answers; a page for another one than the panel shows is dropped
    ReviewItems items;
    bool hasOlder = false, hasNewer = false;
};

/// Counts of what a filter finds; they arrive after the page, and again when they change. Below 0: not known yet.
struct ReviewTotals
{
    ReviewFilter filter; ///< as for a page
    qint64 matching = -1;
    qint64 unreviewed = -1; ///< of those: what is left to do
    qint64 stored = -1;     ///< of all answers in the database
};

/// Answers that were stored since the newest one that is held, by whatever program.
struct ReviewNewer
{
    static constexpr int kMost = 1000; ///< so far it is counted

    ReviewFilter filter; ///< as for a page
    qint64 row = 0;      ///< the newest that is held; 0: none
    int count = 0;
};

/// What only the item that is looked at needs.
struct ReviewDetail
{
    qint64 row = 0;
    ReviewEntries history;  ///< newest first
    ReviewItems neighbours; ///< of the same source around it in time, newest first, itself among them
};

/// A person's decision, given by one press. What is not set stays as it is.
struct ReviewDecision
{
    qint64 row = 0;
    std::optional<Verdict> verdict = {};
    QString defectClass = {}; ///< belongs to the verdict; empty: none
    std::optional<QString> note = {};
    std::optional<bool> isHeld = {};
    QStringList tagsAdded = {}, tagsRemoved = {};
    bool isUndo = false;   ///< of a mark: takes back its opposite, and nothing that somebody else has done since
    QString reviewer = {}; ///< who gives it

    /// Something else than a judgement: it is taken back by its opposite.
    [[nodiscard]] bool isMark() const { return isHeld || !tagsAdded.isEmpty() || !tagsRemoved.isEmpty(); }
};
using ReviewDecisions = QList<ReviewDecision>;

} // namespace auroraedge::ui
