#include "tests/app/window/stored_station.h"
#include "ui/charts/chart_view.h"
#include "ui/panels/review_panel.h"
#include "ui/panels/statistics_panel.h"
#include "ui/widgets/review_grid.h"

#include <QAbstractButton>

#include <array>
#include <random>

namespace auroraedge::app::tests {
namespace {

constexpr int kAnswers = 160;
constexpr std::array kCards = {"hoursCard", "controlCard", "defectsCard", "confusionCard", "stagesCard", "timesCard", "groupsCard", "agreementCard"};

/// Presses the bars of the Statistics page and counts what Review shows.
class ChartBarsTest : public StoredStationTest
{
protected:
    ChartBarsTest()
    {
        fillAtRandom();
        start();
    }

    /// Answers of six hours: with and without verdict, failed, of two models on two devices, judged by up to three people,
    /// some of them by two, some otherwise than the machine did.
    void fillAtRandom() const
    {
        const std::unique_ptr<AnswerStore> filled = store();
        std::mt19937 random(11);
        const auto upTo = [&](int largest) { return std::uniform_int_distribution(0, largest)(random); };
        const std::int64_t hour = 3'600'000, now = QDateTime::currentMSecsSinceEpoch() / hour * hour;
        const std::array classes = {"scratch", "dent", "", "cap missing"};
        for (int number = 0; number < kAnswers; ++number) {
            AnswerRecord answer = record(number, std::nullopt);
            answer.timeUtcMs = now - hour * (1 + 3 * upTo(5)) + upTo(3'599'999);
            if (const int verdict = upTo(3); verdict > 0)
                answer.verdict = Verdict(verdict);
            answer.modelName = upTo(2) == 0 ? "large" : "nano";
            answer.device = upTo(3) == 0 ? "cuda:0" : "cpu";
            for (double StageLatencies::*stage : {&StageLatencies::encodeMs, &StageLatencies::prefillMs, &StageLatencies::totalMs})
                answer.latency.*stage = upTo(300) / 4.0; // with ties, and on the edges of bins
            if (upTo(9) == 0) {
                answer.answer.reset();
                answer.code = "RUN-07";
            }
            const Result<std::int64_t> row = filled->insertAnswer(answer, std::nullopt);
            ASSERT_TRUE(row) << row.error().message;
            for (const char *reviewer : {"anna", "ben", "chen"}) {
                if (upTo(2) > 0)
                    continue;
                ASSERT_TRUE(filled->insertReview({*row, answer.timeUtcMs + 1, Verdict(1 + upTo(2)), "", reviewer, classes[std::size_t(upTo(3))]}));
            }
        }
    }

    [[nodiscard]] ui::ChartView &view(const char *card) { return *part<ui::ChartView>((QByteArray(card) + ".view").constData()); }
    /// Opens the page and waits until all of it is counted.
    void openStatistics()
    {
        m_window.showPage(ui::MainWindow::Page::Statistics);
        ASSERT_TRUE(waitFor([this] {
            if (!part<QAbstractButton>("statisticsRefresh")->isVisible())
                return false;
            return std::ranges::all_of(kCards, [this](const char *card) {
                return std::ranges::all_of(view(card).marks(), [](const ui::ChartMark &mark) { return mark.count >= 0; });
            });
        }));
        QCoreApplication::processEvents(); // every chart has its place
    }
    /// Where a press meets @p wanted and no smaller bar on it; null: it is covered.
    [[nodiscard]] static QPoint placeOf(const QList<ui::ChartMark> &marks, int wanted)
    {
        const QRect box = marks.at(wanted).box.toAlignedRect();
        for (int y = box.top(); y <= box.bottom(); ++y)
            for (int x = box.left(); x <= box.right(); ++x)
                if (ui::markAt(marks, QPointF(x, y)) == wanted)
                    return {x, y};
        return {};
    }
    /// What the Review page says that it found, once it has counted.
    [[nodiscard]] QString found()
    {
        const QString all = QStringLiteral(" of %1").arg(kAnswers);
        EXPECT_TRUE(waitFor([&] { return text("reviewCount").endsWith(all); })) << text("reviewCount").toStdString();
        return text("reviewCount").chopped(all.size());
    }

    /// @return how many bars were pressed.
    int pressEveryBar()
    {
        int pressed = 0;
        for (const char *card : kCards) {
            SCOPED_TRACE(card);
            openStatistics();
            EXPECT_FALSE(view(card).marks().isEmpty());
            for (int i = 0; i < view(card).marks().size(); ++i) {
                openStatistics(); // up to now, each time
                const QList<ui::ChartMark> marks = view(card).marks();
                SCOPED_TRACE(marks.at(i).text.toStdString());
                const QPoint place = placeOf(marks, i);
                if (place.isNull())
                    continue; // all of its hour is of one verdict: the smaller bar on it opens the same
                QTest::mouseClick(&view(card), Qt::LeftButton, {}, place);
                EXPECT_EQ(m_window.page(), ui::MainWindow::Page::Review);
                EXPECT_TRUE(m_window.review().filter() == marks.at(i).opens);
                EXPECT_EQ(found().toStdString(), std::to_string(marks.at(i).count));
                EXPECT_EQ(part<ui::ReviewGrid>("reviewGrid")->model()->rowCount(), marks.at(i).count);
                ++pressed;
            }
        }
        return pressed;
    }
};

TEST_F(ChartBarsTest, EveryBarOfEveryChartOpensExactlyWhatItCounts)
{
    openStatistics();
    EXPECT_GE(pressEveryBar(), 100);
    openStatistics();
    qint64 all = 0;
    for (const ui::ChartMark &mark : view("hoursCard").marks())
        all += mark.row == 0 ? mark.count : 0;
    EXPECT_EQ(all, kAnswers) << "every answer stands in one hour";
}

TEST_F(ChartBarsTest, NgsThatNobodyGaveAClassAreABarThatOpensThem)
{
    openStatistics();
    const QList<ui::ChartMark> marks = view("defectsCard").marks();
    const auto none = std::ranges::find_if(marks, [](const ui::ChartMark &mark) { return mark.opens.withoutClass; });
    ASSERT_NE(none, marks.end());
    EXPECT_GT(none->count, 0);
    m_window.showPage(ui::MainWindow::Page::Review);
    m_window.review().setFilter(none->opens);
    EXPECT_EQ(found().toStdString(), std::to_string(none->count));
    EXPECT_TRUE(isShown("chipJudged"));
}

TEST_F(ChartBarsTest, ABarOfReviewedAnswersOpensReviewedAnswersAlone)
{
    openStatistics();
    part<QAbstractButton>("statisticsReviewed")->click();
    openStatistics();
    for (const char *card : {"hoursCard", "stagesCard", "timesCard"}) {
        SCOPED_TRACE(card);
        openStatistics();
        const ui::ChartMark mark = view(card).marks().first();
        EXPECT_TRUE(mark.opens.reviewedOnly);
        QTest::mouseClick(&view(card), Qt::LeftButton, {}, placeOf(view(card).marks(), 0));
        EXPECT_EQ(found().toStdString(), std::to_string(mark.count));
        EXPECT_TRUE(isShown("chipReviewed"));
    }
}

} // namespace
} // namespace auroraedge::app::tests
