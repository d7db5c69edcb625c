#include "tests/ui/window_test.h"
#include "ui/charts/chart_view.h"
#include "ui/gallery/statistics_values.h"
#include "ui/panels/review_panel.h"
#include "ui/panels/statistics_panel.h"
#include "ui/widgets/filter_chip.h"

#include <QAbstractButton>
#include <QLineEdit>
#include <QLocale>

namespace auroraedge::ui::tests {
namespace {

/// Reads the page as a QA engineer does, with a station that counts when the test says so.
class StatisticsPageTest : public WindowTest
{
protected:
    StatisticsPageTest() : m_panel(m_window.statistics())
    {
        QObject::connect(&m_panel, &StatisticsPanel::queryChanged, &m_window, [this](const StatisticsQuery &query) { m_queries.append(query); });
        QObject::connect(&m_panel, &StatisticsPanel::reviewWanted, &m_window, [this](const ReviewFilter &filter) { m_wanted.append(filter); });
        QObject::connect(&m_panel, &StatisticsPanel::exportRequested, &m_window, [this](const StatisticsExport &wanted) { m_exports.append(wanted); });
        QObject::connect(&m_panel, &StatisticsPanel::cancelRequested, &m_window, [this] { ++m_cancels; });
        key(Qt::Key_4, Qt::ControlModifier);
    }
    void press(const char *name)
    {
        part<QAbstractButton>(name)->click();
        QCoreApplication::processEvents();
    }

    StatisticsPanel &m_panel;
    QList<StatisticsQuery> m_queries;
    QList<ReviewFilter> m_wanted;
    QList<StatisticsExport> m_exports;
    int m_cancels = 0;
};

TEST_F(StatisticsPageTest, OpeningThePageAsksForADayAndShowsThatItIsCounted)
{
    ASSERT_EQ(m_window.page(), MainWindow::Page::Statistics);
    ASSERT_EQ(m_queries.size(), 1);
    EXPECT_EQ(m_queries.first().range, StatisticsRange::Hours24);
    EXPECT_TRUE(isShown("statisticsCancel"));
    EXPECT_TRUE(isShown("hoursCard.state"));
    EXPECT_FALSE(isShown("hoursCard.view"));
    EXPECT_FALSE(part("statisticsSave")->isEnabled());
}

TEST_F(StatisticsPageTest, PartsAreShownAsTheyComeAndAFailedOneSaysWhy)
{
    m_panel.setPage(computingStatistics());
    EXPECT_TRUE(isShown("hoursCard.view"));
    EXPECT_FALSE(isShown("timesCard.view"));
    EXPECT_EQ(text("confusionCard.state"), QStringLiteral("DB-01: the database is in use"));
    EXPECT_TRUE(isShown("statisticsCancel"));
    m_panel.setPage(fullStatistics());
    EXPECT_TRUE(isShown("timesCard.view"));
    EXPECT_FALSE(isShown("statisticsCancel"));
    EXPECT_TRUE(text("statisticsAsOf").contains(QLatin1String("2026-03-09")));
}

TEST_F(StatisticsPageTest, CancelStopsTheCountingAndKeepsWhatIsThere)
{
    m_panel.setPage(computingStatistics());
    press("statisticsCancel");
    EXPECT_EQ(m_cancels, 1);
    EXPECT_TRUE(isShown("hoursCard.view"));
    EXPECT_EQ(text("timesCard.state"), QStringLiteral("Not counted yet."));
    EXPECT_TRUE(isShown("statisticsRefresh"));
    press("statisticsRefresh");
    EXPECT_EQ(m_queries.size(), 2);
    EXPECT_TRUE(isShown("statisticsCancel"));
}

TEST_F(StatisticsPageTest, APageForAnotherQueryIsDropped)
{
    press("statisticsRange-3");
    ASSERT_EQ(m_queries.last().range, StatisticsRange::Days7);
    m_panel.setPage(fullStatistics()); // of 24 hours
    EXPECT_FALSE(isShown("hoursCard.view"));
    StatisticsPage page = fullStatistics();
    page.query.range = StatisticsRange::Days7;
    m_panel.setPage(page);
    EXPECT_TRUE(isShown("hoursCard.view"));
}

TEST_F(StatisticsPageTest, QuestionModelSourceAndReviewedOnlyNarrowTheQuery)
{
    m_panel.setChoices({{{QStringLiteral("Cap on?"), 12}}, {{QStringLiteral("nano"), 12}}, {{QStringLiteral("Gate 1"), -1}}, {}, {}});
    const auto take = [this](const char *chip) {
        press(chip);
        key(Qt::Key_Down);
        key(Qt::Key_Return);
    };
    take("statisticsQuestion");
    take("statisticsModel");
    take("statisticsSource");
    press("statisticsReviewed");
    const StatisticsQuery query = m_queries.last();
    EXPECT_EQ(query.question, QStringLiteral("Cap on?"));
    EXPECT_EQ(query.model, QStringLiteral("nano"));
    EXPECT_EQ(query.source, QStringLiteral("Gate 1"));
    EXPECT_TRUE(query.reviewedOnly);
    EXPECT_EQ(part<FilterChip>("statisticsModel")->value(), QStringLiteral("nano"));
    part("statisticsModel")->setFocus();
    key(Qt::Key_Delete);
    EXPECT_TRUE(m_queries.last().model.isEmpty());
}

TEST_F(StatisticsPageTest, ASpanIsTypedAndTakesThePlaceOfTheRanges)
{
    press("statisticsBetween");
    m_panel.findChild<QLineEdit *>(QStringLiteral("filterFirst"))->setFocus();
    type("2026-03-09 06:00");
    m_panel.findChild<QLineEdit *>(QStringLiteral("filterSecond"))->setFocus();
    type("2026-03-09 14:00");
    key(Qt::Key_Return);
    ASSERT_EQ(m_queries.last().range, StatisticsRange::Between);
    EXPECT_EQ(m_queries.last().from, QDateTime(QDate(2026, 3, 9), QTime(6, 0)));
    EXPECT_EQ(m_queries.last().until, QDateTime(QDate(2026, 3, 9), QTime(14, 0)));
    EXPECT_FALSE(part<QAbstractButton>("statisticsRange-2")->isChecked());
    press("statisticsBetween");
    for (const char *field : {"filterFirst", "filterSecond"}) {
        m_panel.findChild<QLineEdit *>(QLatin1String(field))->setFocus();
        type("2026-03-09");
    }
    key(Qt::Key_Return);
    EXPECT_EQ(m_queries.last().from, QDate(2026, 3, 9).startOfDay()) << "a day alone counts as a whole";
    EXPECT_EQ(m_queries.last().until, QDate(2026, 3, 10).startOfDay());
    press("statisticsRange-1");
    EXPECT_EQ(m_queries.last().range, StatisticsRange::Hours8);
    EXPECT_TRUE(part<FilterChip>("statisticsBetween")->value().isEmpty());
}

TEST_F(StatisticsPageTest, EveryChartOpensReviewWithTheKeyboardAlone)
{
    m_panel.setPage(fullStatistics());
    QCoreApplication::processEvents();
    for (const char *name : {"hoursCard", "controlCard", "defectsCard", "confusionCard", "stagesCard", "timesCard", "groupsCard", "agreementCard"}) {
        SCOPED_TRACE(name);
        m_window.showPage(MainWindow::Page::Statistics);
        m_panel.setPage(fullStatistics()); // coming back to the page it is counted anew
        QCoreApplication::processEvents();
        auto *view = part<ChartView>((QByteArray(name) + ".view").constData());
        view->setFocus(Qt::TabFocusReason);
        ASSERT_GE(view->marked(), 0) << "coming by Tab marks the first place";
        const auto before = m_wanted.size();
        key(Qt::Key_Right);
        EXPECT_EQ(text((QByteArray(name) + ".told").constData()), view->marks().at(view->marked()).text);
        const ReviewFilter opens = view->marks().at(view->marked()).opens;
        key(Qt::Key_Return);
        ASSERT_EQ(m_wanted.size(), before + 1);
        EXPECT_EQ(m_wanted.last(), opens);
        EXPECT_TRUE(m_wanted.last().from.isValid()) << "within the span of the page";
    }
}

TEST_F(StatisticsPageTest, EnterGoesToTheReviewPageWithThatFilter)
{
    m_panel.setPage(fullStatistics());
    part("defectsCard.view")->setFocus(Qt::TabFocusReason);
    key(Qt::Key_Return);
    EXPECT_EQ(m_window.page(), MainWindow::Page::Review);
    ASSERT_EQ(m_wanted.size(), 1);
    EXPECT_EQ(m_window.review().filter(), m_wanted.first());
    EXPECT_EQ(m_window.review().filter().defectClass, QStringLiteral("Cap missing"));
}

TEST_F(StatisticsPageTest, FiltersThatWereCountedWithAreOpenedWith)
{
    m_panel.setChoices({{}, {{QStringLiteral("nano"), 12}}, {}, {}, {}});
    press("statisticsModel");
    key(Qt::Key_Down);
    key(Qt::Key_Return);
    StatisticsPage page = fullStatistics();
    page.query.model = QStringLiteral("nano");
    m_panel.setPage(page);
    part("defectsCard.view")->setFocus(Qt::TabFocusReason);
    key(Qt::Key_Return);
    EXPECT_EQ(m_wanted.last().model, QStringLiteral("nano"));
    EXPECT_EQ(m_wanted.last().defectClass, QStringLiteral("Cap missing"));
    EXPECT_EQ(m_wanted.last().until, page.query.until);
}

TEST_F(StatisticsPageTest, ThePageOneChartAndTheReportAreOfferedAsFiles)
{
    using What = StatisticsExport::What;
    m_panel.setPage(fullStatistics());
    press("statisticsSave");
    EXPECT_EQ(focused(), QStringLiteral("export-PNG"));
    press("export-SVG");
    EXPECT_EQ(m_exports.last(), (StatisticsExport{What::Page, ChartKind::Hours, ExportFormat::Svg}));
    EXPECT_FALSE(isShown("statisticsExports"));
    press("statisticsSave");
    press("report-HTML");
    EXPECT_EQ(m_exports.last().what, What::Report);
    EXPECT_EQ(m_exports.last().format, ExportFormat::Html);
    press("defectsCard.save");
    EXPECT_FALSE(isShown("report-HTML")) << "a report is of the whole page";
    press("export-PDF");
    EXPECT_EQ(m_exports.last(), (StatisticsExport{What::Chart, ChartKind::Defects, ExportFormat::Pdf}));
    EXPECT_EQ(m_panel.sheet(m_exports.last()).charts.size(), 1);
    press("defectsCard.save");
    key(Qt::Key_Escape);
    EXPECT_FALSE(isShown("statisticsExports"));
    EXPECT_EQ(m_exports.size(), 3);
    m_panel.tellExport(QStringLiteral("The disk is full."), true);
    EXPECT_EQ(text("statisticsTold"), QStringLiteral("The disk is full."));
}

TEST_F(StatisticsPageTest, AChartThatIsNoLongerThereIsNotOfferedAsAFile)
{
    m_panel.setPage(fullStatistics());
    press("defectsCard.save");
    ASSERT_TRUE(isShown("statisticsExports"));
    StatisticsPage page = fullStatistics();
    page.defects = {};
    m_panel.setPage(page);
    EXPECT_FALSE(isShown("statisticsExports"));
    press("statisticsSave");
    EXPECT_TRUE(isShown("statisticsExports")) << "the page is there as ever";
}

TEST_F(StatisticsPageTest, TheReportTellsTheFiguresOfTheShift)
{
    m_panel.setPage(fullStatistics());
    const ChartSheet sheet = m_panel.sheet({StatisticsExport::What::Report, ChartKind::Hours, ExportFormat::Pdf});
    EXPECT_EQ(sheet.charts.size(), 8);
    QString facts;
    for (const auto &[name, value] : sheet.facts)
        facts += name + QLatin1String(": ") + value + QLatin1Char('\n');
    EXPECT_TRUE(facts.contains(QLatin1String("Answers: ") + QLocale().toString(8'666))) << facts.toStdString();
    EXPECT_TRUE(facts.contains(QLatin1String("95 % below 141 ms"))) << facts.toStdString();
}

TEST_F(StatisticsPageTest, WhatIsNotCountedIsLeftOutOfTheReport)
{
    m_panel.setPage(computingStatistics());
    EXPECT_EQ(m_panel.sheet({StatisticsExport::What::Report, ChartKind::Hours, ExportFormat::Pdf}).charts.size(), 3);
}

TEST_F(StatisticsPageTest, WithoutAnswersThePageSaysSoAndOffersALongerTime)
{
    m_panel.setPage(emptyStatistics());
    EXPECT_TRUE(isShown("statisticsEmpty"));
    EXPECT_FALSE(isShown("hoursCard"));
    press("statisticsLonger");
    EXPECT_EQ(m_queries.last().range, StatisticsRange::Days30);
}

TEST_F(StatisticsPageTest, CardsStandInTwoColumnsOrInOne)
{
    m_panel.setPage(fullStatistics());
    QCoreApplication::processEvents();
    EXPECT_EQ(part("hoursCard")->y(), part("controlCard")->y());
    m_window.resize(880, 560);
    QCoreApplication::processEvents();
    EXPECT_GT(part("controlCard")->y(), part("hoursCard")->y());
    EXPECT_EQ(part("controlCard")->x(), part("hoursCard")->x());
}

/// No chart may need more room than it has: what it marks lies inside it, at every width.
TEST_F(StatisticsPageTest, ChartsKeepInsideTheirViewsAtEverySize)
{
    for (const auto &page : {fullStatistics(), longNameStatistics(), oneHourStatistics()}) {
        press(page.query.range == StatisticsRange::Hours8 ? "statisticsRange-1" : "statisticsRange-2");
        m_panel.setPage(page);
        for (const QSize size : {QSize(880, 560), QSize(1280, 800), QSize(1920, 1080)}) {
            m_window.resize(size);
            QCoreApplication::processEvents();
            QCoreApplication::processEvents();
            for (const ChartView *view : m_window.findChildren<ChartView *>()) {
                if (!view->isVisible())
                    continue;
                EXPECT_GE(view->height(), view->heightForWidth(view->width())) << view->objectName().toStdString();
                for (const ChartMark &mark : view->marks())
                    EXPECT_TRUE(QRectF(view->rect()).contains(mark.outline.isNull() ? mark.box : mark.outline))
                        << view->objectName().toStdString() << ": " << mark.text.toStdString();
            }
        }
    }
}

} // namespace
} // namespace auroraedge::ui::tests
