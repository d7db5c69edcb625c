#pragma once

#include "app/settings/shift_starts.h"
#include "ui/models/review_filter.h"

namespace auroraedge::app {

/// Answered at or after, and before; invalid: open.
struct SpanTimes
{
    QDateTime from, until;
};

/// What @p span means at @p now, to the millisecond. REQUIRES: @p shifts is not empty.
[[nodiscard]] SpanTimes timesOf(ui::MovingSpan span, const QDateTime &now, const ShiftStarts &shifts);

/// The same filter with times in the place of its span, if it has one.
[[nodiscard]] ui::ReviewFilter fixedAt(ui::ReviewFilter filter, const QDateTime &now, const ShiftStarts &shifts);

} // namespace auroraedge::app
