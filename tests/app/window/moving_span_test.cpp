#include "app/window/moving_span.h"

#include <gtest/gtest.h>

namespace auroraedge::app {
namespace {

using ui::MovingSpan;

QDateTime at(int day, int hour, int minute, int ms = 0) { return QDateTime(QDate(2026, 3, day), QTime(hour, minute, 0, ms)); }

TEST(MovingSpan, HoursAndDaysAreExactToTheMillisecond)
{
    const QDateTime now = at(9, 14, 59, 123);
    const std::pair<MovingSpan, qint64> spans[]
        = {{MovingSpan::Hours8, 8}, {MovingSpan::Hours24, 24}, {MovingSpan::Days7, 7 * 24}, {MovingSpan::Days30, 30 * 24}};
    for (const auto &[span, hours] : spans) {
        const SpanTimes times = timesOf(span, now, usualShiftStarts());
        EXPECT_EQ(times.until, now);
        EXPECT_EQ(times.from.msecsTo(times.until), hours * 3'600'000);
    }
}

TEST(MovingSpan, TodayBeginsAtMidnightAndIsOpen)
{
    const SpanTimes times = timesOf(MovingSpan::Today, at(9, 14, 59), usualShiftStarts());
    EXPECT_EQ(times.from, at(9, 0, 0));
    EXPECT_FALSE(times.until.isValid());
}

TEST(MovingSpan, AShiftGoesOnBehindMidnight)
{
    const auto shiftOf = [](const QDateTime &now, MovingSpan span) { return timesOf(span, now, usualShiftStarts()); };
    EXPECT_EQ(shiftOf(at(9, 6, 0), MovingSpan::Shift).from, at(9, 6, 0)) << "its first moment is its own";
    EXPECT_EQ(shiftOf(at(9, 13, 59), MovingSpan::Shift).until, at(9, 14, 0));
    EXPECT_EQ(shiftOf(at(9, 23, 30), MovingSpan::Shift).from, at(9, 22, 0));
    EXPECT_EQ(shiftOf(at(9, 23, 30), MovingSpan::Shift).until, at(10, 6, 0));
    EXPECT_EQ(shiftOf(at(10, 5, 59), MovingSpan::Shift).from, at(9, 22, 0));
    EXPECT_EQ(shiftOf(at(10, 6, 1), MovingSpan::LastShift).from, at(9, 22, 0));
    EXPECT_EQ(shiftOf(at(10, 6, 1), MovingSpan::LastShift).until, at(10, 6, 0));
    EXPECT_EQ(shiftOf(at(10, 0, 30), MovingSpan::LastShift).from, at(9, 14, 0));
}

TEST(MovingSpan, OneShiftLastsADay)
{
    const ShiftStarts one{std::chrono::hours(7)};
    EXPECT_EQ(timesOf(MovingSpan::Shift, at(9, 6, 0), one).from, at(8, 7, 0));
    EXPECT_EQ(timesOf(MovingSpan::LastShift, at(9, 6, 0), one).from, at(7, 7, 0));
}

/// A view that was saved yesterday means today's answers today.
TEST(MovingSpan, AFilterMeansOtherTimesTomorrow)
{
    ui::ReviewFilter filter;
    filter.span = MovingSpan::Today;
    filter.tag = QStringLiteral("t");
    const ui::ReviewFilter today = fixedAt(filter, at(9, 12, 0), usualShiftStarts()), tomorrow = fixedAt(filter, at(10, 12, 0), usualShiftStarts());
    EXPECT_EQ(today.from, at(9, 0, 0));
    EXPECT_EQ(tomorrow.from, at(10, 0, 0));
    EXPECT_FALSE(tomorrow.span.has_value());
    EXPECT_EQ(tomorrow.tag, QStringLiteral("t"));
    ui::ReviewFilter fixed;
    fixed.from = at(1, 0, 0);
    EXPECT_EQ(fixedAt(fixed, at(9, 12, 0), usualShiftStarts()), fixed);
}

} // namespace
} // namespace auroraedge::app
