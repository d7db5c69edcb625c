#include "app/imaging/thumbnails.h"
#include "app/storage/database.h"
#include "app/window/answer_desk.h"
#include "app/window/moving_span.h"
#include "app/window/review_desk.h"
#include "tests/app/window/stored_station.h"
#include "tests/support/file_limit.h"
#include "ui/charts/chart.h"
#include "ui/panels/review_panel.h"
#include "ui/panels/statistics_panel.h"
#include "ui/widgets/recent_strip.h"

#include <QAbstractButton>
#include <QLineEdit>

#include <algorithm>

namespace auroraedge::app::tests {
namespace {

namespace fs = std::filesystem;

/// Finds, marks and exports stored answers on the Review page of the station.
class ReviewDeskTest : public StoredStationTest
{
protected:
    /// The page is open and looks at the newest answer.
    void openReview(qint64 newest)
    {
        start();
        m_window.showPage(ui::MainWindow::Page::Review);
        ASSERT_TRUE(waitFor([&] { return m_window.review().currentRow() == newest; }));
    }
    [[nodiscard]] bool isExported() { return waitFor([this] { return text("exportText").startsWith(QStringLiteral("Written to")); }); }
    [[nodiscard]] std::vector<fs::path> exported() const
    {
        const fs::path folder = m_data.root() / "exports";
        std::vector<fs::path> found;
        if (fs::exists(folder))
            for (const fs::directory_entry &entry : fs::directory_iterator(folder))
                found.push_back(entry.path());
        return found;
    }
};

TEST_F(ReviewDeskTest, HoldsAndTagsAreOnTheDiskAtThePressAndCanBeTakenBack)
{
    const auto rows = fill({Verdict::Ok, Verdict::Ng});
    openReview(rows.back());
    key(Qt::Key_H);
    ASSERT_TRUE(waitFor([&] { return stored(rows.back()).isHeld; }));
    key(Qt::Key_T);
    type("night, cap");
    key(Qt::Key_Return);
    ASSERT_TRUE(waitFor([&] { return stored(rows.back()).tags == std::vector<std::string>{"cap", "night"}; }));
    ASSERT_TRUE(waitFor([this] { return text("factsMarks").contains(QStringLiteral("night")); })) << "it is shown as it was stored";
    EXPECT_FALSE(stored(rows.back()).review.has_value()) << "neither is a judgement";
    EXPECT_FALSE(stored(rows.front()).isHeld);

    ui::ReviewFilter held;
    held.heldOnly = true;
    held.tag = QStringLiteral("cap");
    m_window.review().setFilter(held);
    ASSERT_TRUE(waitFor([this] { return text("reviewCount") == QStringLiteral("1 of 2"); }));
    key(Qt::Key_Z);
    ASSERT_TRUE(waitFor([&] { return stored(rows.back()).tags.empty(); }));
    key(Qt::Key_Z);
    ASSERT_TRUE(waitFor([&] { return !stored(rows.back()).isHeld; }));
}

TEST_F(ReviewDeskTest, TakingAHoldBackLeavesThatOfAnotherPerson)
{
    const auto rows = fill({Verdict::Ok, Verdict::Ng});
    openReview(rows.back());
    const std::vector<std::int64_t> held{rows.back()};
    ASSERT_TRUE(store()->setHeld(held, true, "complaint", {1, "ben"})); // from elsewhere: the page does not know
    key(Qt::Key_H);
    ASSERT_TRUE(waitFor([this] { return text("factsMarks").startsWith(QStringLiteral("Held")); }));
    key(Qt::Key_Z);
    key(Qt::Key_M); // what is seen on the disk is later than what was taken back
    type("done");
    key(Qt::Key_Return);
    ASSERT_TRUE(waitFor([this] { return text("factsNote").contains(QStringLiteral("done")); }));
    EXPECT_TRUE(stored(rows.back()).isHeld);
}

TEST_F(ReviewDeskTest, AJudgementOfTheLivePageKeepsTheNote)
{
    const auto rows = fill({Verdict::Ok, Verdict::Ng});
    openReview(rows.back());
    key(Qt::Key_M);
    type("wet");
    key(Qt::Key_Return);
    ASSERT_TRUE(waitFor([this] { return text("factsNote") == QStringLiteral("Note of maria: wet"); }));
    Q_EMIT m_window.reviewGiven(rows.back(), ui::Verdict::Ok, QStringLiteral("a drop"));
    ASSERT_TRUE(waitFor([&] { return stored(rows.back()).review.has_value(); }));
    EXPECT_EQ(stored(rows.back()).review->note, "wet");
    EXPECT_EQ(stored(rows.back()).review->reason, "a drop");
}

TEST_F(ReviewDeskTest, AnAlteredPictureIsNotShownInTheGrid)
{
    const auto rows = fill({Verdict::Ok, Verdict::Ng});
    const AnswerRecord altered = stored(rows.back()), whole = stored(rows.front());
    const EvidencePicture other = picture(Qt::black);
    std::ofstream(m_data.root() / altered.picturePath, std::ios::binary)
        .write(reinterpret_cast<const char *>(other.bytes.data()), static_cast<std::streamsize>(other.bytes.size()));
    openReview(rows.back());
    const Thumbnails thumbnails(m_data.root());
    ASSERT_TRUE(waitFor([&] { return fs::exists(thumbnails.placeOf(whole.pictureSha256)); }));
    EXPECT_FALSE(fs::exists(thumbnails.placeOf(altered.pictureSha256)));
    EXPECT_EQ(thumbnails.of(altered.pictureSha256, altered.picturePath).error().code, code::EvidenceAltered);
}

TEST_F(ReviewDeskTest, AStoreThatWritesNothingAnyMoreRaisesTheAlarmAtOnce)
{
    {
        const std::unique_ptr<AnswerStore> filled = store();
        std::vector<BatchAnswer> batch;
        for (int i = 0; i < 4000; ++i)
            batch.push_back({record(i, Verdict::Ok), std::nullopt, QString::number(i).rightJustified(64, QLatin1Char('0')).toStdString()});
        ASSERT_TRUE(filled->insertBatch(batch));
    }
    AnswerDesk answers(m_window, m_data, "maria");
    ASSERT_TRUE(waitFor([&] { return answers.rowsStored() == 4000; }));
    const testing::FileLimit limit(fs::file_size(m_data.root() / "inspector.db") / 2);
    bool isJudged = false;
    QObject::connect(&answers, &AnswerDesk::judged, &m_window, [&] { isJudged = true; });
    std::vector<ReviewDecision> decisions; // so many that a checkpoint follows
    for (std::size_t i = 0; i < AnswerStore::kRowsPerCheckpoint; ++i)
        decisions.push_back({4000, 5, Verdict::Ng, "dent", std::nullopt, "maria"});
    ASSERT_TRUE(answers.decide(std::move(decisions)));
    ASSERT_TRUE(waitFor([this] { return isShown("faultBar") && text("faultCause").startsWith(QStringLiteral("FS-10")); }))
        << text("faultCause").toStdString();
    EXPECT_TRUE(isJudged) << "what was judged until then is stored";
}

/// What a page, its further pages and its counts are of stays the same while it is shown, also when a shift ends meanwhile.
TEST_F(ReviewDeskTest, FurtherPagesAndCountsAreOfTheShiftThatWasAskedFor)
{
    QDateTime now(QDate(2026, 3, 10), QTime(13, 59));
    constexpr int kEarly = 230; // answers of the early shift, more than a page
    {
        const std::unique_ptr<AnswerStore> filled = store();
        std::vector<BatchAnswer> batch;
        for (int i = 0; i < kEarly + 1; ++i) {
            batch.push_back({record(i, Verdict::Ok), std::nullopt, QString::number(i).rightJustified(64, QLatin1Char('0')).toStdString()});
            batch.back().record.timeUtcMs = i < kEarly ? now.addSecs(-60 - i).toMSecsSinceEpoch() : now.addSecs(120).toMSecsSinceEpoch();
        }
        ASSERT_TRUE(filled->insertBatch(batch));
    }
    AnswerDesk answers(m_window, m_data, "maria");
    ReviewDesk desk(m_window.review(), answers, m_data, {std::chrono::hours(6), std::chrono::hours(14), std::chrono::hours(22)}, [&] { return now; });
    m_window.review().setReviewer(QStringLiteral("maria"));
    m_window.showPage(ui::MainWindow::Page::Review);
    ui::ReviewFilter shift;
    shift.span = ui::MovingSpan::Shift;
    m_window.review().setFilter(shift);
    ASSERT_TRUE(waitFor([this] { return text("reviewCount") == QStringLiteral("230 of 231"); })) << text("reviewCount").toStdString();
    ASSERT_TRUE(waitFor([this] { return m_window.review().currentRow() == 1; }));
    now = now.addSecs(180); // the late shift has begun
    key(Qt::Key_N); // is counted anew
    ASSERT_TRUE(waitFor([this] { return text("reviewLeft").contains(QStringLiteral("229")); })) << text("reviewLeft").toStdString();
    EXPECT_EQ(text("reviewCount"), QStringLiteral("230 of 231"));
    key(Qt::Key_End); // the last one of the page
    ASSERT_TRUE(waitFor([this] {
        const ui::ReviewItem *oldest = m_window.review().itemAtEnd(true);
        return oldest && oldest->row() == kEarly;
    })) << "those of the early shift go on";
    m_window.review().setFilter({});
    m_window.review().setFilter(shift); // asked anew, it is the late one
    ASSERT_TRUE(waitFor([this] { return text("reviewCount") == QStringLiteral("1 of 231"); })) << text("reviewCount").toStdString();
}

TEST_F(ReviewDeskTest, AnswersOfAnotherProgramAreToldAndShownWithoutLosingThePlace)
{
    const auto rows = fill({Verdict::Ok, Verdict::Ng});
    openReview(rows.back());
    key(Qt::Key_J);
    ASSERT_TRUE(waitFor([this] { return text("reviewCount") == QStringLiteral("2 of 2"); }));
    ASSERT_TRUE(store()->insertAnswer(record(5, Verdict::Ng), std::nullopt));
    ASSERT_TRUE(store()->insertAnswer(record(6, Verdict::Ok), std::nullopt));
    ASSERT_TRUE(waitFor([this] { return part<QAbstractButton>("reviewNewer")->text() == QStringLiteral("New answers: 2"); }));
    EXPECT_TRUE(isShown("reviewNewer"));
    EXPECT_EQ(m_window.review().itemAtEnd(false)->row(), rows.back()) << "nothing moves until it is asked for";
    key(Qt::Key_F5);
    ASSERT_TRUE(waitFor([&] { return m_window.review().itemAtEnd(false)->row() == rows.back() + 2; }));
    EXPECT_EQ(m_window.review().currentRow(), rows.front());
    EXPECT_FALSE(isShown("reviewNewer"));
    ASSERT_TRUE(waitFor([this] { return text("reviewCount") == QStringLiteral("4 of 4"); })) << "the counts are of what is shown";
}

TEST_F(ReviewDeskTest, APageThatWasOpenedBeforeTheFirstAnswerShowsIt)
{
    start();
    m_window.showPage(ui::MainWindow::Page::Review);
    ASSERT_TRUE(waitFor([this] { return text("reviewCount") != QStringLiteral("Looking for answers"); }));
    m_window.showPage(ui::MainWindow::Page::Live);
    ASSERT_TRUE(store()->insertAnswer(record(1, Verdict::Ng), std::nullopt));
    m_window.showPage(ui::MainWindow::Page::Review);
    EXPECT_TRUE(waitFor([this] { return m_window.review().currentRow() == 1; })) << text("reviewTroubleText").toStdString();
}

TEST_F(ReviewDeskTest, TheLastHoursGoOnWhileTheyAreLookedAt)
{
    fill({Verdict::Ok});
    start();
    m_window.showPage(ui::MainWindow::Page::Review);
    ui::ReviewFilter last;
    last.span = ui::MovingSpan::Hours24;
    m_window.review().setFilter(last);
    ASSERT_TRUE(waitFor([this] { return text("reviewCount") == QStringLiteral("1 of 1"); }));
    AnswerRecord late = record(0, Verdict::Ng);
    late.timeUtcMs = QDateTime::currentMSecsSinceEpoch(); // after the page was asked for
    ASSERT_TRUE(store()->insertAnswer(late, std::nullopt));
    m_window.showPage(ui::MainWindow::Page::Live);
    m_window.showPage(ui::MainWindow::Page::Review);
    EXPECT_TRUE(waitFor([this] { return m_window.review().itemAtEnd(false)->row() == 2; }));
    EXPECT_TRUE(waitFor([this] { return text("reviewCount") == QStringLiteral("2 of 2"); }));
}

TEST_F(ReviewDeskTest, TwoPeopleAtOneStationSignTheirOwnReviewsAndAreCompared)
{
    const auto rows = fill({Verdict::Ok, Verdict::Ng});
    openReview(rows.back());
    EXPECT_EQ(m_window.review().reviewer(), QStringLiteral("maria")) << "the account, until somebody says otherwise";
    key(Qt::Key_N);
    key(Qt::Key_N);
    ASSERT_TRUE(waitFor([&] { return stored(rows.front()).review.has_value(); }));
    key(Qt::Key_W);
    key(Qt::Key_Tab);
    type("ben");
    key(Qt::Key_Return);
    ASSERT_EQ(m_window.review().reviewer(), QStringLiteral("ben"));
    key(Qt::Key_O);
    ASSERT_TRUE(waitFor([&] { return stored(rows.front()).review->reviewer == "ben"; }));
    ASSERT_TRUE(waitFor([this] { return text("factsPerson").contains(QStringLiteral("ben")); }));
    key(Qt::Key_H);
    ASSERT_TRUE(waitFor([&] { return stored(rows.front()).isHeld; }));

    ui::ReviewFilter both;
    both.reviewer = QStringLiteral("ben");
    both.otherReviewer = QStringLiteral("maria");
    m_window.review().setFilter(both);
    ASSERT_TRUE(waitFor([this] { return text("reviewCount") == QStringLiteral("1 of 2"); }));
    m_window.review().setFilter({});
    ASSERT_TRUE(waitFor([&] { return m_window.review().currentRow() != 0 && text("reviewCount") == QStringLiteral("2 of 2"); }));
    m_window.showPage(ui::MainWindow::Page::Statistics);
    const ui::StatisticsExport agreement{ui::StatisticsExport::What::Chart, ui::ChartKind::Agreement, ui::ExportFormat::Png};
    ASSERT_TRUE(waitFor([&] { return !m_window.statistics().sheet(agreement).charts.isEmpty(); })) << "the table has the pair";
}

TEST_F(ReviewDeskTest, TheNameOfTheCommandLineSignsAlsoOnTheLivePage)
{
    const auto rows = fill({Verdict::Ng});
    start("anna");
    EXPECT_EQ(m_window.review().reviewer(), QStringLiteral("anna"));
    Q_EMIT m_window.reviewGiven(rows.front(), ui::Verdict::Ok, {});
    ASSERT_TRUE(waitFor([&] { return stored(rows.front()).review.has_value(); }));
    EXPECT_EQ(stored(rows.front()).review->reviewer, "anna");
}

TEST_F(ReviewDeskTest, TheLivePageTakesBackTheJudgementOfWhoGaveItAndTriesAgainWhenThatFails)
{
    const auto rows = fill({Verdict::Ng});
    const auto run = [this](const char *sql) {
        const auto database = Database::open(m_data.root() / "inspector.db", Database::Access::ReadWrite);
        ASSERT_TRUE(database);
        ASSERT_TRUE((*database)->run(sql));
    };
    start();
    ASSERT_TRUE(waitFor([this] { return part<ui::RecentStrip>("recentStrip")->answers().rowCount() == 1; }));
    key(Qt::Key_J);
    key(Qt::Key_Return);
    ASSERT_TRUE(waitFor([this] { return text("stored.reviewTold").startsWith(QStringLiteral("Confirmed · maria")); }));
    m_window.review().setReviewer(QStringLiteral("ben"));
    run("CREATE TRIGGER no_room BEFORE INSERT ON review BEGIN SELECT RAISE(ABORT, 'no room'); END");
    key(Qt::Key_Z);
    ASSERT_TRUE(waitFor([this] { return isShown("faultBar"); }));
    EXPECT_TRUE(stored(rows.front()).review.has_value());
    run("DROP TRIGGER no_room");
    EXPECT_TRUE(waitFor([&] {
        key(Qt::Key_Z);
        return !stored(rows.front()).review.has_value();
    }));
}

TEST_F(ReviewDeskTest, ANoteWithoutAVerdictIsExportedWithItsWriter)
{
    const auto rows = fill({Verdict::Ok, Verdict::Ng});
    openReview(rows.back());
    key(Qt::Key_M);
    type("wet");
    key(Qt::Key_Return);
    ASSERT_TRUE(waitFor([this] { return text("factsNote") == QStringLiteral("Note of maria: wet"); }));
    Q_EMIT m_window.review().exportRequested({ui::ReviewExportKind::Csv, {}, {}, {}});
    ASSERT_TRUE(isExported()) << text("exportText").toStdString();
    EXPECT_NE(testing::readFile(exported().front()).find("maria: wet"), std::string::npos);
    EXPECT_FALSE(stored(rows.back()).review.has_value()) << "it judges nothing";
}

/// What was stored is not told as lost when only the reading of it fails.
TEST_F(ReviewDeskTest, AReviewThatCannotBeReadBackIsToldAsStored)
{
    const auto rows = fill({Verdict::Ok, Verdict::Ng});
    openReview(rows.back());
    {
        const auto database = Database::open(m_data.root() / "inspector.db", Database::Access::ReadWrite);
        ASSERT_TRUE(database);
        ASSERT_TRUE((*database)->run("ALTER TABLE tag RENAME TO tag_elsewhere")); // only reading needs it
    }
    key(Qt::Key_N);
    ASSERT_TRUE(waitFor([this] { return isShown("reviewTrouble"); }));
    EXPECT_TRUE(text("reviewTroubleText").startsWith(QStringLiteral("What was decided is stored"))) << text("reviewTroubleText").toStdString();
    {
        const auto database = Database::open(m_data.root() / "inspector.db", Database::Access::ReadWrite);
        ASSERT_TRUE(database);
        ASSERT_TRUE((*database)->run("ALTER TABLE tag_elsewhere RENAME TO tag"));
    }
    EXPECT_TRUE(stored(rows.back()).review.has_value());
    key(Qt::Key_R);
    ASSERT_TRUE(waitFor([this] { return !isShown("reviewTrouble"); }));
    key(Qt::Key_K);
    ASSERT_TRUE(waitFor([this] { return text("factsPerson").startsWith(QStringLiteral("Person: NG")); })) << text("factsPerson").toStdString();
}

TEST_F(ReviewDeskTest, TheLastEightHoursAreEightHoursOnBothPages)
{
    {
        const std::unique_ptr<AnswerStore> filled = store();
        for (const int minutesAgo : {8 * 60 + 1, 8 * 60 - 1, 7 * 60 + 1, 1}) {
            AnswerRecord answer = record(minutesAgo, Verdict::Ok);
            answer.timeUtcMs = QDateTime::currentMSecsSinceEpoch() - 60'000 * minutesAgo;
            ASSERT_TRUE(filled->insertAnswer(answer, std::nullopt));
        }
    }
    start();
    m_window.showPage(ui::MainWindow::Page::Review);
    ui::ReviewFilter eight;
    eight.span = ui::MovingSpan::Hours8;
    m_window.review().setFilter(eight);
    EXPECT_TRUE(waitFor([this] { return text("reviewCount") == QStringLiteral("3 of 4"); })) << text("reviewCount").toStdString();
    m_window.showPage(ui::MainWindow::Page::Statistics);
    part<QAbstractButton>("statisticsRange-1")->click();
    const ui::StatisticsExport hours{ui::StatisticsExport::What::Chart, ui::ChartKind::Hours, ui::ExportFormat::Png};
    EXPECT_TRUE(waitFor([&] {
        const ui::ChartSheet sheet = m_window.statistics().sheet(hours);
        return !sheet.charts.isEmpty() && sheet.charts.first()->summary().startsWith(QStringLiteral("3 answers"));
    }));
}

TEST_F(ReviewDeskTest, AShiftIsCountedFromItsOwnStart)
{
    fill({Verdict::Ok, Verdict::Ng}); // some 16 hours ago
    start();
    m_window.showPage(ui::MainWindow::Page::Statistics);
    ui::StatisticsPanel &page = m_window.statistics();
    part<QAbstractButton>("statisticsRange-6")->click();
    const ui::StatisticsExport report{ui::StatisticsExport::What::Report, {}, ui::ExportFormat::Pdf};
    const auto time = [&] {
        const ui::ChartSheet sheet = page.sheet(report);
        return sheet.facts.isEmpty() ? QString() : sheet.facts.first().second;
    };
    ASSERT_TRUE(waitFor([&] { return isShown("statisticsRefresh"); }));
    const SpanTimes shift = timesOf(ui::MovingSpan::Shift, QDateTime::currentDateTime(), usualShiftStarts());
    EXPECT_TRUE(time().contains(shift.from.toString(QStringLiteral("yyyy-MM-dd HH:mm")))) << time().toStdString();
}

TEST_F(ReviewDeskTest, ATagThatIsNoneIsToldAndNothingIsHalfStored)
{
    const auto rows = fill({Verdict::Ok});
    openReview(rows.back());
    key(Qt::Key_T);
    part<QLineEdit>("entryField")->setText(QString(200, QLatin1Char('x')));
    key(Qt::Key_Return);
    ASSERT_TRUE(waitFor([this] { return isShown("reviewTrouble"); }));
    EXPECT_TRUE(stored(rows.back()).tags.empty());
}

TEST_F(ReviewDeskTest, WhatIsTakenBackWaitsAgainAmongTheLastAnswersOfTheLivePage)
{
    const auto rows = fill({Verdict::Ng, Verdict::Ok});
    openReview(rows.back());
    ui::RecentModel &recent = part<ui::RecentStrip>("recentStrip")->answers();
    ASSERT_TRUE(waitFor([&] { return recent.rowCount() == 2; }));
    EXPECT_EQ(recent.at(0).row, rows.front()) << "an NG waits in front";
    key(Qt::Key_J);
    key(Qt::Key_A);
    ASSERT_TRUE(waitFor([&] { return recent.at(1).row == rows.front() && recent.at(1).review; }));
    key(Qt::Key_Z);
    ASSERT_TRUE(waitFor([&] { return recent.at(0).row == rows.front() && !recent.at(0).review; }));
}

TEST_F(ReviewDeskTest, DamagedViewsAreToldKeptAndDoNotStopNewOnes)
{
    fill({Verdict::Ok});
    const fs::path file = m_data.root() / "review_views.json";
    std::ofstream(file) << R"([{"name":"night")";
    start();
    m_window.showPage(ui::MainWindow::Page::Review);
    ASSERT_TRUE(waitFor([this] { return isShown("reviewNotice"); }));
    EXPECT_TRUE(text("reviewNoticeText").contains(QStringLiteral("RCP-01"))) << text("reviewNoticeText").toStdString();
    EXPECT_TRUE(text("reviewNoticeText").contains(QStringLiteral("review_views.json.damaged")));
    EXPECT_EQ(testing::readFile(file.string() + ".damaged"), R"([{"name":"night")");
    Q_EMIT m_window.review().viewSaved({QStringLiteral("day"), {}});
    ASSERT_TRUE(waitFor([&] { return testing::readFile(file).find("day") != std::string::npos; }));
}

TEST_F(ReviewDeskTest, ViewsThatCannotBeWrittenAreTold)
{
    fill({Verdict::Ok});
    fs::create_directories(m_data.root() / "review_views.json"); // in the way
    start();
    m_window.showPage(ui::MainWindow::Page::Review);
    ASSERT_TRUE(waitFor([this] { return isShown("reviewNotice"); }));
    EXPECT_TRUE(text("reviewNoticeText").contains(QStringLiteral("FS-02"))) << text("reviewNoticeText").toStdString();
    EXPECT_TRUE(fs::is_directory(m_data.root() / "review_views.json"));
}

TEST_F(ReviewDeskTest, WhatIsFoundIsExportedByKeysAloneAndNothingElse)
{
    const auto rows = fill({Verdict::Ok, Verdict::Ng, Verdict::Ok, Verdict::Ng, Verdict::Ng});
    openReview(rows.back());
    ui::ReviewFilter ng;
    ng.verdicts = {ui::Verdict::Ng};
    m_window.review().setFilter(ng);
    ASSERT_TRUE(waitFor([this] { return text("reviewCount") == QStringLiteral("3 of 5"); }));
    key(Qt::Key_E);
    key(Qt::Key_Return);
    ASSERT_TRUE(isExported()) << text("exportText").toStdString();
    ASSERT_EQ(exported().size(), 1U);
    const std::string csv = testing::readFile(exported().front());
    EXPECT_EQ(exported().front().extension(), ".csv");
    EXPECT_EQ(std::ranges::count(csv, '\n'), 1 + 3) << "a heading and the answers that were found";
    EXPECT_TRUE(text("exportText").contains(QStringLiteral("Answers: 3.")));
}

TEST_F(ReviewDeskTest, AnExportGoesIntoTheFolderThatIsNamedAndAFailedOneSaysWhyAndLeavesNothing)
{
    const auto rows = fill({Verdict::Ok, Verdict::Ng});
    openReview(rows.back());
    const fs::path chosen = m_home / "else where/deep";
    Q_EMIT m_window.review().exportRequested({ui::ReviewExportKind::Jsonl, {}, {}, QString::fromStdString(chosen.string())});
    ASSERT_TRUE(isExported()) << text("exportText").toStdString();
    const std::string lines = testing::readFile(fs::directory_iterator(chosen)->path());
    EXPECT_EQ(std::ranges::count(lines, '\n'), 2);
    EXPECT_TRUE(exported().empty());

    std::ofstream(m_home / "file") << "x";
    Q_EMIT m_window.review().exportRequested({ui::ReviewExportKind::Csv, {}, {}, QString::fromStdString((m_home / "file").string())});
    ASSERT_TRUE(waitFor([this] { return text("exportText").startsWith(QStringLiteral("Not exported: FS-07")); })) << text("exportText").toStdString();
    EXPECT_EQ(testing::readFile(m_home / "file"), "x");
}

TEST_F(ReviewDeskTest, ACancelledExportLeavesNothingAndTheNextOneBegins)
{
    const auto rows = fill({Verdict::Ok, Verdict::Ng});
    openReview(rows.back());
    Q_EMIT m_window.review().exportRequested({ui::ReviewExportKind::Csv, {}, {}, {}});
    Q_EMIT m_window.review().exportCancelled();
    ASSERT_TRUE(waitFor([this] { return !isShown("exportProgress"); }));
    if (exported().empty()) { // else it was done before
        EXPECT_EQ(text("exportText"), QStringLiteral("Cancelled. Nothing was written."));
    }
    Q_EMIT m_window.review().exportRequested({ui::ReviewExportKind::Jsonl, {}, {}, {}});
    ASSERT_TRUE(isExported()) << text("exportText").toStdString();
}

TEST_F(ReviewDeskTest, JudgedAnswersBecomeATrainingSetWithTheirPictures)
{
    const auto rows = fill({Verdict::Ok, Verdict::Ng, Verdict::Ok, Verdict::Ng, Verdict::Ok, Verdict::Ok});
    openReview(rows.back());
    for (int press = 0; press < 5; ++press)
        key(Qt::Key_A);
    ASSERT_TRUE(waitFor([&] { return stored(rows[1]).review.has_value(); }));
    Q_EMIT m_window.review().exportRequested({ui::ReviewExportKind::TrainingSet, {}, QStringLiteral("all of it"), {}});
    ASSERT_TRUE(isExported()) << text("exportText").toStdString();
    ASSERT_EQ(exported().size(), 1U);
    const fs::path set = exported().front();
    EXPECT_EQ(std::distance(fs::directory_iterator(set / "images"), {}), 5) << "the last answer was not judged";
    EXPECT_NE(testing::readFile(set / "auroraedge-training-set.json").find("all of it"), std::string::npos);
    EXPECT_TRUE(text("exportText").contains(QStringLiteral("Good pictures: 3, bad: 2"))) << text("exportText").toStdString();
}

TEST_F(ReviewDeskTest, AReportIsDrawnWhileTheWindowGoesOn)
{
    const auto rows = fill({Verdict::Ok, Verdict::Ng});
    start();
    m_window.showPage(ui::MainWindow::Page::Statistics);
    ui::StatisticsPanel &page = m_window.statistics();
    const ui::StatisticsExport report{ui::StatisticsExport::What::Report, {}, ui::ExportFormat::Pdf};
    ASSERT_TRUE(waitFor([&] { return !page.sheet(report).charts.isEmpty(); }));
    Q_EMIT page.exportRequested(report);
    EXPECT_FALSE(fs::exists(m_data.root() / "reports")) << "nothing was drawn or written before the window went on";
    ASSERT_TRUE(waitFor([this] { return text("statisticsTold").startsWith(QStringLiteral("Written to")); }));
    EXPECT_EQ(testing::readFile(fs::directory_iterator(m_data.root() / "reports")->path()).substr(0, 4), "%PDF");
}

} // namespace
} // namespace auroraedge::app::tests
