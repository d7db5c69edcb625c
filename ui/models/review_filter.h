#pragma once

#include "ui/models/verdict.h"

#include <QDateTime>
#include <QList>
#include <QString>

#include <optional>

namespace auroraedge::ui {

/// How long a stage of an answer took.
struct StageSpan
{
    QString stage;     ///< its id, as stageText() knows it; empty: no stage is asked about
    double fromMs = 0; ///< at least
    double belowMs = 0; ///< less than; 0: open

    bool operator==(const StageSpan &) const = default;
};

/// A span of time that moves with the clock, up to now.
enum class MovingSpan { Today = 1, Shift, LastShift, Hours8, Hours24, Days7, Days30 };

/// Which stored answers the Review page shows. An empty field asks for nothing: the default filter is all of them.
struct ReviewFilter
{
    QDateTime from, until; ///< answered at or after, and before; invalid: open. Any time zone.
    std::optional<MovingSpan> span = {}; ///< in place of from and until: whoever finds the answers works them out, each time anew
    QList<Verdict> verdicts; ///< of the machine, any of these, in the order of the enum
    bool withoutVerdict = false; ///< the machine gave none
    QList<Verdict> judgements;   ///< of people, the one that counts, any of these
    QList<Verdict> counted;      ///< the judgement where there is one, else the machine's verdict: any of these
    bool countedNone = false;    ///< neither judgement nor verdict
    QString question, model, device, source;
    QString reviewer;      ///< has judged it
    QString otherReviewer; ///< has judged it, too
    QString defectClass;   ///< of the newest review
    bool withoutClass = false; ///< no class is named by it; not beside defectClass
    QString tag;
    qint64 session = 0; ///< its number; 0: any
    bool unreviewedOnly = false, reviewedOnly = false;
    bool disagreeOnly = false;  ///< a person judged otherwise than the machine, or than another person
    bool failedOnly = false;    ///< got no answer
    bool heldOnly = false;      ///< is kept whatever the retention plan says
    double latencyAboveMs = 0;  ///< the whole answer took longer; 0: any
    StageSpan stage;
    QString text;               ///< words in question, answer, reason or note

    bool operator==(const ReviewFilter &) const = default;
    [[nodiscard]] bool isEmpty() const { return *this == ReviewFilter(); }
};

/// A filter that has been given a name.
struct SavedView
{
    QString name; ///< unique
    ReviewFilter filter;
};
using SavedViews = QList<SavedView>;

/// One value that a filter can ask for, and how many answers have it.
struct ReviewChoice
{
    QString value;
    qint64 count = -1; ///< below 0: not counted yet
};

/// What there is to choose from, in the order that it is listed.
struct ReviewChoices
{
    QList<ReviewChoice> questions, models, sources, reviewers, defectClasses;
    QList<ReviewChoice> tags = {};
};

} // namespace auroraedge::ui
