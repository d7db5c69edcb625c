#include "ui/charts/chart_painting.h"
#include "ui/charts/chart_view.h"
#include "ui/charts/control_points_chart.h"
#include "ui/charts/histogram_chart.h"
#include "ui/charts/hours_chart.h"
#include "ui/charts/matrix_chart.h"
#include "ui/charts/pareto_chart.h"
#include "ui/charts/spread_chart.h"
#include "ui/gallery/statistics_values.h"

#include <gtest/gtest.h>

#include <QImage>
#include <QPainter>
#include <QSet>
#include <QSignalSpy>
#include <QTest>

namespace auroraedge::ui::tests {
namespace {

const QDateTime kStart(QDate(2026, 3, 9), QTime(6, 0), Qt::UTC);

/// What a chart draws of given values, by its geometry and where needed by its pixels.
class ChartsTest : public ::testing::Test
{
protected:
    [[nodiscard]] QList<ChartMark> marksOf(const Chart &chart) const { return chart.marks(m_area, m_theme); }
    [[nodiscard]] QImage pictureOf(const Chart &chart) const
    {
        QImage picture(m_area.size().toSize(), QImage::Format_RGB32);
        picture.fill(m_theme.colours().surface);
        QPainter painter(&picture);
        chart.paint(painter, m_area, m_theme);
        return picture;
    }
    [[nodiscard]] static ReviewFilter eightHours()
    {
        ReviewFilter about;
        about.from = kStart;
        about.until = kStart.addSecs(8 * 3600);
        about.model = QStringLiteral("nano");
        return about;
    }
    [[nodiscard]] static QList<ControlPoint> points(const QList<int> &ng)
    {
        QList<ControlPoint> all;
        for (const int each : ng)
            all.append({.from = kStart.addSecs(3600 * all.size()), .until = kStart.addSecs(3600 * (all.size() + 1)), .count = 100, .ng = each});
        return all;
    }

    Theme m_theme;
    QRectF m_area{0, 0, 600, 300};
};

TEST_F(ChartsTest, AnHourIsAsHighAsItsAnswersAndItsPartsStandOnEachOther)
{
    const HoursChart chart({{kStart, 60, 20, 15, 5}, {kStart.addSecs(3600), 30, 20, 0, 0}}, eightHours());
    const QList<ChartMark> marks = marksOf(chart);
    ASSERT_EQ(marks.size(), 5 + 3) << "the whole hour and each part that has answers";
    EXPECT_TRUE(marks.at(0).text.endsWith(QStringLiteral("UNSURE 15, no verdict 5"))) << marks.at(0).text.toStdString();
    EXPECT_TRUE(marks.at(5).text.endsWith(QStringLiteral("UNSURE 0"))) << marks.at(5).text.toStdString();
    const QRectF whole = marks.at(0).outline, half = marks.at(5).outline;
    EXPECT_NEAR(whole.height(), 2 * half.height(), 0.01);
    EXPECT_NEAR(whole.bottom(), half.bottom(), 0.01);
    double bottom = whole.bottom();
    for (const auto &[mark, count] : {std::pair(4, 60), {3, 20}, {2, 15}, {1, 5}}) {
        EXPECT_NEAR(marks.at(mark).box.height(), whole.height() * count / 100, 0.01);
        EXPECT_NEAR(marks.at(mark).box.bottom(), bottom, 0.01);
        bottom = marks.at(mark).box.top();
    }
}

TEST_F(ChartsTest, ASingleNgAmongThousandsIsSeen)
{
    const HoursChart chart({{kStart, 9'999, 1, 0, 0}}, eightHours());
    const QImage picture = pictureOf(chart);
    const QRectF ng = marksOf(chart).at(1).box;
    ASSERT_GE(ng.height(), 2);
    bool isSeen = false;
    for (int x = int(ng.left()); x < int(ng.right()); ++x)
        isSeen = isSeen || picture.pixelColor(x, int(ng.center().y())) == m_theme.colours().ng;
    EXPECT_TRUE(isSeen);
}

TEST_F(ChartsTest, APartOfAnHourOpensThatHourAndThatVerdict)
{
    const HoursChart chart({{kStart.addSecs(3600), 60, 20, 0, 5}}, eightHours());
    const QList<ChartMark> marks = marksOf(chart);
    ReviewFilter wanted = eightHours();
    wanted.from = kStart.addSecs(3600);
    wanted.until = kStart.addSecs(7200);
    EXPECT_EQ(marks.at(0).opens, wanted);
    wanted.countedNone = true;
    EXPECT_EQ(marks.at(1).opens, wanted);
    wanted.countedNone = false;
    wanted.counted = {Verdict::Ng};
    EXPECT_EQ(marks.at(2).opens, wanted);
    EXPECT_EQ(marks.at(2).count, 20);
    EXPECT_TRUE(marks.at(2).text.contains(QLatin1String("NG 20 of 85"))) << marks.at(2).text.toStdString();
}

TEST_F(ChartsTest, HoursOfAMonthAreAddedUpToBarsThatCanBeSeen)
{
    ReviewFilter about;
    about.from = kStart;
    about.until = kStart.addDays(30);
    HoursCounted hours;
    for (int hour = 0; hour < 30 * 24; ++hour)
        hours.append({kStart.addSecs(3600 * hour), 10, 1, 0, 0});
    const HoursChart chart(hours, about);
    int bars = 0;
    qint64 seconds = 0;
    for (const ChartMark &mark : marksOf(chart)) {
        if (mark.row != 0)
            continue;
        ++bars;
        seconds += mark.opens.from.secsTo(mark.opens.until);
        EXPECT_GE(mark.outline.width(), 5);
        EXPECT_TRUE(m_area.contains(mark.outline));
    }
    EXPECT_LT(bars, 70);
    EXPECT_EQ(seconds, 30 * 24 * 3600) << "together they open the whole span, and no answer twice";
}

TEST_F(ChartsTest, VerdictsDifferWithoutColour)
{
    QSet<QByteArray> looks;
    for (const std::optional<Verdict> verdict : {std::optional(Verdict::Ok), std::optional(Verdict::Ng), std::optional(Verdict::Unsure), std::optional<Verdict>()}) {
        QImage bar(40, 40, QImage::Format_RGB32);
        bar.fill(m_theme.colours().surface);
        QPainter painter(&bar);
        BarLook look = barLook(m_theme.colours(), verdict);
        look.fill = Qt::gray; // as if all colours were the same grey
        look.ink = Qt::black;
        paintBar(painter, QRectF(0, 0, 40, 40), look);
        painter.end();
        looks.insert(QByteArray(reinterpret_cast<const char *>(bar.constBits()), bar.sizeInBytes()));
    }
    EXPECT_EQ(looks.size(), 4);
}

TEST_F(ChartsTest, AHatchedBarStaysInsideItself)
{
    QImage picture(120, 120, QImage::Format_RGB32);
    picture.fill(Qt::white);
    QPainter painter(&picture);
    const QRect bar(30, 50, 61, 17);
    paintBar(painter, QRectF(bar), {Qt::gray, Qt::black, Pattern::Diagonal});
    painter.end();
    for (int y = 0; y < picture.height(); ++y) {
        for (int x = 0; x < picture.width(); ++x) {
            if (!bar.adjusted(-1, -1, 1, 1).contains(x, y)) {
                ASSERT_EQ(picture.pixelColor(x, y), QColor(Qt::white)) << x << " " << y;
            }
        }
    }
}

TEST_F(ChartsTest, DefectsAreSortedAndTheirSharesAddUp)
{
    const ParetoChart chart({{QStringLiteral("Scratch"), 10}, {QStringLiteral("Cap"), 30}, {QStringLiteral("Dent"), 0}}, eightHours());
    const QList<ChartMark> marks = marksOf(chart);
    ASSERT_EQ(marks.size(), 2);
    EXPECT_EQ(marks.at(0).opens.defectClass, QStringLiteral("Cap"));
    EXPECT_NEAR(marks.at(0).outline.width(), 3 * marks.at(1).outline.width(), 0.01);
    EXPECT_TRUE(marks.at(0).text.contains(QLatin1String("75 %"))) << marks.at(0).text.toStdString();
    EXPECT_TRUE(marks.at(1).text.endsWith(QLatin1String("100 %"))) << marks.at(1).text.toStdString();
}

TEST_F(ChartsTest, NgsWithoutAClassAreABarOfTheirOwn)
{
    const ParetoChart chart({{QStringLiteral("Scratch"), 10}, {QString(), 30}}, eightHours());
    const QList<ChartMark> marks = marksOf(chart);
    ASSERT_EQ(marks.size(), 2);
    EXPECT_TRUE(marks.at(0).text.startsWith(QLatin1String("no class: 30"))) << marks.at(0).text.toStdString();
    EXPECT_TRUE(marks.at(0).opens.withoutClass);
    EXPECT_EQ(marks.at(0).opens.judgements, QList<Verdict>{Verdict::Ng});
    EXPECT_FALSE(marks.at(1).opens.withoutClass);
    EXPECT_TRUE(marks.at(1).opens.judgements.isEmpty());
}

TEST_F(ChartsTest, OfAnHourThatTheSpanCutsTheBarTellsAndOpensTheCutOne)
{
    ReviewFilter about;
    about.from = kStart.addSecs(600);
    about.until = kStart.addSecs(4000);
    const HoursChart chart({{kStart, 60, 0, 0, 0}, {kStart.addSecs(3600), 3, 0, 0, 0}}, about);
    const QList<ChartMark> marks = marksOf(chart);
    EXPECT_EQ(marks.first().opens.from, about.from);
    EXPECT_EQ(marks.last().opens.until, about.until);
    EXPECT_TRUE(marks.first().text.contains(spanText(about.from, kStart.addSecs(3600)))) << marks.first().text.toStdString();
}

TEST_F(ChartsTest, OfVeryManyDefectsEveryBarOpensOneClassAndTheRestIsTold)
{
    DefectCounts defects;
    for (int number = 0; number < ParetoChart::kMostRows + 2; ++number)
        defects.append({QStringLiteral("class %1").arg(number), 100 - number});
    const ParetoChart chart(defects, {});
    const QList<ChartMark> marks = marksOf(chart);
    ASSERT_EQ(marks.size(), ParetoChart::kMostRows);
    for (const ChartMark &mark : marks)
        EXPECT_FALSE(mark.opens.defectClass.isEmpty());
    EXPECT_TRUE(chart.summary().endsWith(QLatin1String("Not drawn: 2 more classes with 119"))) << chart.summary().toStdString();
}

TEST_F(ChartsTest, WhereLocalHoursAreNoWholeOnesABarOpensTheHoursThatItAddsUp)
{
    const QByteArray zone = qgetenv("TZ");
    qputenv("TZ", "Asia/Kolkata"); // 5 hours and a half
    tzset();
    const HoursChart chart({{kStart, 60, 0, 0, 0}}, {});
    const QList<ChartMark> marks = marksOf(chart);
    zone.isNull() ? qunsetenv("TZ") : qputenv("TZ", zone);
    tzset();
    EXPECT_EQ(marks.at(0).opens.from, kStart);
    EXPECT_EQ(marks.at(0).opens.until, kStart.addSecs(3600));
}

TEST_F(ChartsTest, LimitsFollowTheSizeOfEachSubgroup)
{
    QList<ControlPoint> given = points({10, 10, 10});
    given[1].count = 400;
    given[1].ng = 40;
    const ControlChart chart = controlChart(given);
    EXPECT_NEAR(chart.centre, 0.1, 1e-12);
    EXPECT_NEAR(chart.points.at(0).high, 0.1 + 3 * 0.03, 1e-12);   // sqrt(0.1 * 0.9 / 100) = 0.03
    EXPECT_NEAR(chart.points.at(1).high, 0.1 + 3 * 0.015, 1e-12);  // of four times the size
    EXPECT_NEAR(chart.points.at(0).low, 0.01, 1e-12);
    EXPECT_FALSE(chart.isSparse);
    EXPECT_TRUE(controlChart(points({1, 0, 1})).isSparse);
    EXPECT_EQ(controlChart(points({1, 0, 1})).points.at(0).low, 0) << "no share is below nothing";
}

TEST_F(ChartsTest, APointBeyondALimitAndARunOfEightAreFlagged)
{
    const ControlChart peak = controlChart(points({4, 4, 4, 4, 30, 4, 4}));
    for (int i = 0; i < 7; ++i)
        EXPECT_EQ(peak.points.at(i).isBeyond, i == 4) << i;
    EXPECT_TRUE(std::ranges::none_of(peak.points, &ControlPoint::isInRun));
    const ControlChart seven = controlChart(points({12, 12, 12, 12, 12, 12, 12, 2}));
    EXPECT_TRUE(std::ranges::none_of(seven.points, &ControlPoint::isInRun));
    const ControlChart eight = controlChart(points({2, 12, 12, 12, 12, 12, 12, 12, 12, 2}));
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(eight.points.at(i).isInRun, i > 0 && i < 9) << i;
}

TEST_F(ChartsTest, PointsAreDrawnAtTheirShareAndFlaggedOnesInRed)
{
    const ControlPointsChart chart(controlChart(points({4, 4, 4, 4, 30, 4, 4})), eightHours());
    const QPointF none = chart.pointAt(4, 0, m_area, m_theme), half = chart.pointAt(4, 0.15, m_area, m_theme), at = chart.pointAt(4, 0.3, m_area, m_theme);
    EXPECT_NEAR(none.y() - half.y(), half.y() - at.y(), 0.01);
    EXPECT_NEAR(marksOf(chart).at(4).outline.center().y(), at.y(), 0.01);
    const QImage picture = pictureOf(chart);
    EXPECT_EQ(picture.pixelColor(at.toPoint() + QPoint(-6, 0)), m_theme.colours().ng);
    EXPECT_NE(picture.pixelColor(chart.pointAt(3, 0.04, m_area, m_theme).toPoint() + QPoint(-6, 0)), m_theme.colours().ng);
    const ReviewFilter opens = marksOf(chart).at(4).opens;
    EXPECT_EQ(opens.from, kStart.addSecs(4 * 3600));
    EXPECT_EQ(opens.until, kStart.addSecs(5 * 3600));
    EXPECT_EQ(opens.counted, QList{Verdict::Ng});
}

TEST_F(ChartsTest, BinsAreAsHighAsTheirCountsAndOpenWhatTookThatLong)
{
    const HistogramChart chart({{{}, {}, 50, {0, 10, 20, 5}}, {QStringLiteral("large"), QStringLiteral("cpu"), 50, {0, 0, 3, 0}}}, eightHours());
    const QList<ChartMark> marks = marksOf(chart);
    ASSERT_EQ(marks.size(), 4);
    EXPECT_NEAR(marks.at(1).outline.height(), 2 * marks.at(0).outline.height(), 0.01);
    EXPECT_NEAR(marks.at(1).outline.height(), 4 * marks.at(2).outline.height(), 0.01);
    EXPECT_EQ(marks.at(0).opens.stage, (StageSpan{QStringLiteral("total"), 50, 100}));
    EXPECT_EQ(marks.at(2).opens.stage, (StageSpan{QStringLiteral("total"), 150, 0})) << "the last one has no end";
    EXPECT_EQ(marks.at(3).opens.model, QStringLiteral("large"));
    EXPECT_EQ(marks.at(3).opens.device, QStringLiteral("cpu"));
    EXPECT_EQ(marks.at(3).outline.left(), marks.at(1).outline.left()) << "one axis of time for all";
    EXPECT_TRUE(marks.at(2).text.contains(QLatin1String("150 ms and more"))) << marks.at(2).text.toStdString();
}

TEST_F(ChartsTest, CellsTellMachineAndPeopleAndOpenThatPair)
{
    VerdictTable table;
    table.counts = {{{{90, 10, 0}}, {{3, 7, 0}}, {{0, 0, 0}}}};
    const auto chart = MatrixChart::confusion(table, eightHours());
    const QList<ChartMark> marks = marksOf(*chart);
    ASSERT_EQ(marks.size(), 9);
    EXPECT_TRUE(marks.at(1).text.contains(QLatin1String("machine OK, people NG: 10, 10 %"))) << marks.at(1).text.toStdString();
    EXPECT_EQ(marks.at(1).opens.verdicts, QList{Verdict::Ok});
    EXPECT_EQ(marks.at(1).opens.judgements, QList{Verdict::Ng});
    EXPECT_EQ(marks.at(1).count, 10);
    for (const ChartMark &mark : marks)
        EXPECT_TRUE(m_area.contains(mark.box));
    EXPECT_TRUE(chart->summary().contains(QLatin1String("missed NG: 10, false alarms: 3"))) << chart->summary().toStdString();
    EXPECT_TRUE(MatrixChart::confusion({}, {})->isEmpty());
}

TEST_F(ChartsTest, KappaIsThatOfTheTextbook)
{
    VerdictTable table;
    table.counts = {{{{20, 5, 0}}, {{10, 15, 0}}, {{0, 0, 0}}}};
    EXPECT_NEAR(cohenKappa(table).value(), 0.4, 1e-12); // 0.7 agreed, 0.5 by chance
    EXPECT_FALSE(cohenKappa({}).has_value());
    VerdictTable alike;
    alike.counts[0][0] = 5;
    EXPECT_FALSE(cohenKappa(alike).has_value()) << "two who only ever said OK may have agreed by chance";
}

TEST_F(ChartsTest, AgreementIsTheSameFromBothSidesAndOpensWhatBothJudged)
{
    const auto chart = MatrixChart::agreement({{QStringLiteral("ben"), QStringLiteral("anna"), 40, 30, 0.5}}, eightHours());
    const QList<ChartMark> marks = marksOf(*chart);
    ASSERT_EQ(marks.size(), 2);
    EXPECT_EQ(marks.at(0).opens.reviewer, QStringLiteral("anna"));
    EXPECT_EQ(marks.at(0).opens.otherReviewer, QStringLiteral("ben"));
    EXPECT_EQ(marks.at(1).opens.reviewer, QStringLiteral("ben"));
    EXPECT_EQ(marks.at(1).count, 40);
    EXPECT_TRUE(marks.at(0).text.contains(QLatin1String("kappa 0.50, judged alike 75 % (30 of 40)"))) << marks.at(0).text.toStdString();
}

TEST_F(ChartsTest, PercentilesAreDrawnUpToTheirTimes)
{
    const auto chart = SpreadChart::stages({{QStringLiteral("Whole answer"), 10, 100, 150, 200, 9'000}, {QStringLiteral("Encode"), 10, 50, 60, 100, 400}}, {});
    const auto &spread = dynamic_cast<const SpreadChart &>(*chart);
    EXPECT_EQ(spread.topMs(), 200) << "one slow answer does not press the bars flat";
    const QRectF plot = spread.plotOf(m_area, m_theme);
    const QImage picture = pictureOf(*chart);
    const QRectF row = marksOf(*chart).at(1).box;
    const auto at = [&](double ms) { return picture.pixelColor(int(plot.left() + plot.width() * ms / 200), int(row.center().y()) - 4); };
    EXPECT_EQ(at(25), m_theme.colours().accent);
    EXPECT_EQ(at(48), m_theme.colours().accent);
    EXPECT_NE(at(52), m_theme.colours().accent);
    EXPECT_EQ(marksOf(*chart).at(0).opens.stage, (StageSpan{QStringLiteral("total"), 150, 0}));
}

TEST_F(ChartsTest, AnAxisEndsAtARoundNumberAboveTheGreatestValue)
{
    for (const double most : {1.0, 3.0, 7.0, 99.0, 101.0, 4'999.0, 1e9}) {
        const Axis axis = niceAxis(most, 4, true);
        EXPECT_GE(axis.top, most);
        EXPECT_GE(axis.step, 1);
        EXPECT_LE(axis.top / axis.step, 6);
    }
    EXPECT_EQ(niceAxis(0.023, 4, false).step, 0.01);
    EXPECT_GT(niceAxis(0, 4, false).top, 0);
}

/// A chart in a window, as it is used with the keyboard.
class ChartViewTest : public ChartsTest
{
protected:
    ChartViewTest()
    {
        m_view.resize(640, 320);
        m_view.show();
        m_view.setFocus(Qt::TabFocusReason);
        QObject::connect(&m_view, &ChartView::opened, &m_view, [this](const ReviewFilter &filter) { m_opened.append(filter); });
        EXPECT_TRUE(QTest::qWaitForWindowActive(&m_view));
    }
    void key(Qt::Key key) { QTest::keyClick(&m_view, key); }

    ChartView m_view{m_theme, nullptr};
    QList<ReviewFilter> m_opened;
};

TEST_F(ChartViewTest, RightWalksOverEveryColumnAndEnterOpensTheMarkedOne)
{
    const StatisticsPage page = fullStatistics();
    ReviewFilter about;
    about.from = page.query.from;
    about.until = page.query.until;
    const QList<std::shared_ptr<const Chart>> charts{std::make_shared<HoursChart>(page.hours.value, about),
                                                     std::make_shared<ControlPointsChart>(page.control.value, about),
                                                     std::make_shared<ParetoChart>(page.defects.value, about),
                                                     std::make_shared<HistogramChart>(page.times.value, about),
                                                     SpreadChart::stages(page.stages.value, about),
                                                     SpreadChart::groups(page.byModel.value, page.byDevice.value, about)};
    for (const auto &chart : charts) {
        SCOPED_TRACE(chart->title().toStdString());
        m_view.setChart(chart);
        QSet<int> columns;
        for (const ChartMark &mark : m_view.marks())
            columns.insert(mark.column);
        const qsizetype stops = columns.size() > 1 ? columns.size() : m_view.marks().size();
        QSet<int> seen;
        for (int step = 0; step < stops; ++step) {
            key(Qt::Key_Right);
            seen.insert(m_view.marked());
            ASSERT_GE(m_view.marked(), 0);
            EXPECT_EQ(m_view.accessibleDescription(), m_view.marks().at(m_view.marked()).text);
            key(Qt::Key_Return);
            ASSERT_FALSE(m_opened.isEmpty());
            EXPECT_EQ(m_opened.last(), m_view.marks().at(m_view.marked()).opens);
        }
        EXPECT_EQ(seen.size(), stops);
        for (qsizetype step = 1; step < stops; ++step)
            key(Qt::Key_Left);
        EXPECT_EQ(m_view.marked(), 0) << "and back the same way";
    }
}

TEST_F(ChartViewTest, AllCellsOfATableAreReachedWithTheArrows)
{
    VerdictTable table;
    table.counts = {{{{9, 1, 1}}, {{1, 9, 1}}, {{1, 1, 9}}}};
    m_view.setChart(MatrixChart::confusion(table, {}));
    key(Qt::Key_Home);
    QSet<int> seen{m_view.marked()};
    for (const Qt::Key each : {Qt::Key_Right, Qt::Key_Right, Qt::Key_Down, Qt::Key_Left, Qt::Key_Left, Qt::Key_Down, Qt::Key_Right, Qt::Key_Right}) {
        key(each);
        seen.insert(m_view.marked());
    }
    EXPECT_EQ(seen.size(), 9);
}

TEST_F(ChartViewTest, APressOpensThePartUnderThePointer)
{
    m_view.setChart(std::make_shared<HoursChart>(HoursCounted{{kStart, 60, 40, 0, 0}}, eightHours()));
    QTest::mouseClick(&m_view, Qt::LeftButton, {}, m_view.marks().at(1).box.center().toPoint());
    ASSERT_EQ(m_opened.size(), 1);
    EXPECT_EQ(m_opened.last().counted, QList{Verdict::Ng});
    QTest::mouseClick(&m_view, Qt::LeftButton, {}, QPoint(2, 2));
    EXPECT_EQ(m_opened.size(), 1) << "beside the bars nothing is opened";
}

TEST_F(ChartViewTest, TheMarkedPlaceIsOutlinedAndLosesItWithTheFocus)
{
    m_view.setChart(std::make_shared<HoursChart>(HoursCounted{{kStart, 60, 40, 0, 0}}, eightHours()));
    key(Qt::Key_Home);
    const QRect box = m_view.markedBox();
    const QImage marked = m_view.grab().toImage();
    const double ratio = marked.devicePixelRatio();
    EXPECT_EQ(marked.pixelColor((QPointF(box.left() + 1, box.center().y()) * ratio).toPoint()), m_theme.colours().focus);
    m_view.clearFocus();
    EXPECT_EQ(m_view.marked(), -1);
}

} // namespace
} // namespace auroraedge::ui::tests
