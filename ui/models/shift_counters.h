#pragma once

#include <QDateTime>
#include <QtGlobal>

namespace auroraedge::ui {

/// What was answered since the counters were reset; counted from the database, so it survives a restart.
struct ShiftCounters
{
    QDateTime since; ///< invalid: from the first answer on
    qint64 total = 0, ok = 0, ng = 0, unsure = 0, failed = 0; ///< total also counts answers without a verdict
    int lastHour = 0; ///< answers of the last 60 minutes

    /// OK among all verdicts, 0..1; below 0 without any. UNSURE is no yield.
    [[nodiscard]] double yield() const
    {
        const qint64 judged = ok + ng + unsure;
        return judged == 0 ? -1 : static_cast<double>(ok) / static_cast<double>(judged);
    }
};

} // namespace auroraedge::ui
