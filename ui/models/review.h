#pragma once

#include "ui/models/verdict.h"

#include <QDateTime>
#include <QString>

namespace auroraedge::ui {

/// A person's judgement of an answer. It stands beside the machine's verdict and never changes it.
struct Review
{
    Verdict verdict = Verdict::Unsure;
    QString reason;   ///< as stored: ReviewReason::id, shown by reasonText(); empty for an agreement
    QString reviewer; ///< the name that they gave at the station, or that of the account
    QDateTime at;
};

} // namespace auroraedge::ui
