#pragma once

#include "ui/models/verdict.h"

#include <QDateTime>
#include <QList>
#include <QString>

namespace auroraedge::ui {

/// Which stored answers the Review page shows. An empty field asks for nothing: the default filter is all of them.
struct ReviewFilter
{
    QDateTime from, until; ///< answered at or after, and before; invalid: open. Any time zone.
    QList<Verdict> verdicts; ///< of the machine, any of these, in the order of the enum
    QString question, model, source;
    QString reviewer;    ///< has judged it
    QString defectClass; ///< of the newest review
    bool unreviewedOnly = false;
    bool disagreeOnly = false;  ///< a person judged otherwise than the machine, or than another person
    double latencyAboveMs = 0;  ///< the whole answer took longer; 0: any
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
};

} // namespace auroraedge::ui
