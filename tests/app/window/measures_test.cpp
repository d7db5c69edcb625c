#include "app/window/loop_watch.h"
#include "app/window/painted.h"
#include "app/window/process_figures.h"
#include "app/window/time_histogram.h"

#include <gtest/gtest.h>

#include <QTest>
#include <QWidget>

#include <chrono>
#include <latch>
#include <memory>
#include <thread>

namespace auroraedge::app {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

TEST(TimeHistogram, GivesQuantilesToATenthOfAMillisecond)
{
    TimeHistogram times;
    EXPECT_EQ(times.quantileMs(0.99), 0);
    for (int ms = 1; ms <= 100; ++ms)
        times.add(ms);
    EXPECT_EQ(times.count(), 100U);
    EXPECT_EQ(times.maxMs(), 100);
    EXPECT_NEAR(times.quantileMs(0.5), 50, 0.11);
    EXPECT_NEAR(times.quantileMs(0.99), 99, 0.11);
    EXPECT_EQ(times.quantileMs(1), 100);
}

TEST(TimeHistogram, KeepsTheLargestWhateverItIs)
{
    TimeHistogram times;
    times.add(-1);
    times.add(3);
    times.add(7'000);
    EXPECT_EQ(times.maxMs(), 7'000);
    EXPECT_EQ(times.quantileMs(0.99), 7'000);
    EXPECT_NEAR(times.quantileMs(0.6), 3, 0.11);
}

TEST(LoopWatch, MeasuresAGapOfTheEventLoop)
{
    LoopWatch watch;
    ASSERT_TRUE(QTest::qWaitFor([&] { return watch.gaps().count() >= 3; }, 10'000));
    watch.restart();
    QMetaObject::invokeMethod(&watch, [] {
        for (const auto end = steady_clock::now() + 150ms; steady_clock::now() < end;) { }
    }, Qt::QueuedConnection);
    ASSERT_TRUE(QTest::qWaitFor([&] { return watch.longGaps() >= 1; }, 10'000));
    EXPECT_GE(watch.gaps().maxMs(), 150);
    watch.restart();
    EXPECT_EQ(watch.longGaps(), 0U);
    EXPECT_EQ(watch.gaps().count(), 0U);
}

TEST(ProcessFigures, AreThoseOfThisProcess)
{
    const double before = msSinceProcessStart();
    EXPECT_GE(before, 0);
    for (const auto end = steady_clock::now() + 30ms; steady_clock::now() < end;) { }
    EXPECT_GT(msSinceProcessStart(), before + 10);
    EXPECT_GT(residentMb(), 5);

    const int threads = threadCount();
    std::latch goOn(1);
    std::thread another([&] { goOn.wait(); });
    EXPECT_EQ(threadCount(), threads + 1);
    goOn.count_down();
    another.join();
}

TEST(WhenPainted, ComesAfterWhatIsToBePainted)
{
    class Sheet final : public QWidget
    {
    public:
        int paintings = 0;

    protected:
        void paintEvent(QPaintEvent *) override { ++paintings; }
    } sheet;
    sheet.show();
    ASSERT_TRUE(QTest::qWaitFor([&] { return sheet.paintings > 0; }, 10'000));
    const int before = sheet.paintings;
    int seen = -1;
    whenPainted(&sheet, [&] { seen = sheet.paintings; });
    sheet.update(); // asked for later, yet painted first
    ASSERT_TRUE(QTest::qWaitFor([&] { return seen >= 0; }, 10'000));
    EXPECT_GT(seen, before);
}

TEST(WhenPainted, IsNeverCalledOnceItsContextIsGone)
{
    bool wasCalled = false;
    {
        const auto context = std::make_unique<QObject>();
        whenPainted(context.get(), [&] { wasCalled = true; });
    }
    bool isLater = false;
    whenPainted(qApp, [&] { isLater = true; });
    ASSERT_TRUE(QTest::qWaitFor([&] { return isLater; }, 10'000));
    EXPECT_FALSE(wasCalled);
}

} // namespace
} // namespace auroraedge::app
