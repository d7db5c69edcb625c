#include "app/window/moving_span.h"

#include <algorithm>
#include <iterator>

namespace auroraedge::app {
namespace {

constexpr qint64 kHourMs = 3'600'000;

/// The shift that runs at @p now, or the one before it.
SpanTimes shiftAt(const QDateTime &now, const ShiftStarts &shifts, bool isBefore)
{
    QList<QDateTime> starts; // of three days around it, so that the last shift before midnight goes on behind it
    for (const int day : {-2, -1, 0, 1})
        for (const std::chrono::minutes start : shifts)
            starts.append(QDateTime(now.toLocalTime().date().addDays(day), QTime(0, 0).addSecs(60 * int(start.count()))));
    const auto next = std::ranges::upper_bound(starts, now);
    return isBefore ? SpanTimes{*std::prev(next, 2), *std::prev(next)} : SpanTimes{*std::prev(next), *next};
}

} // namespace

SpanTimes timesOf(ui::MovingSpan span, const QDateTime &now, const ShiftStarts &shifts)
{
    using ui::MovingSpan;
    const auto last = [&](qint64 hours) { return SpanTimes{now.addMSecs(-hours * kHourMs), now}; };
    switch (span) {
    case MovingSpan::Today: return {now.toLocalTime().date().startOfDay(), {}};
    case MovingSpan::Shift: return shiftAt(now, shifts, false);
    case MovingSpan::LastShift: return shiftAt(now, shifts, true);
    case MovingSpan::Hours8: return last(8);
    case MovingSpan::Hours24: return last(24);
    case MovingSpan::Days7: return last(7 * 24);
    case MovingSpan::Days30: return last(30 * 24);
    }
    return {};
}

ui::ReviewFilter fixedAt(ui::ReviewFilter filter, const QDateTime &now, const ShiftStarts &shifts)
{
    if (!filter.span)
        return filter;
    const SpanTimes times = timesOf(*filter.span, now, shifts);
    filter.span.reset();
    filter.from = times.from;
    filter.until = times.until;
    return filter;
}

} // namespace auroraedge::app
