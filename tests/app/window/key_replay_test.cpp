#include "app/window/key_replay.h"

#include "app/storage/answer_rows.h"
#include "app/storage/answer_store.h"
#include "app/window/inspection_session.h"
#include "tests/support/fake_engine.h"
#include "tests/support/temporary_folder.h"
#include "tests/ui/operator_test.h"
#include "ui/charts/chart_card.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <filesystem>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace auroraedge::app {
namespace {

namespace fs = std::filesystem;

/// The station with a scripted model, and a key log in place of the hands.
class KeyReplayTest : public ui::tests::OperatorTest
{
protected:
    KeyReplayTest()
    {
        EXPECT_TRUE(m_data.create());
        m_script.answers["Is there a bottle?"] = "yes";
        fs::create_directories(m_home / "models/good");
        fs::create_directories(m_home / "parts");
        QImage picture(64, 48, QImage::Format_RGB888);
        picture.fill(Qt::red);
        picture.setPixelColor(3, 3, Qt::white);
        EXPECT_TRUE(picture.save(QString::fromStdString((m_home / "parts/1.png").string())));
    }
    ~KeyReplayTest() override { m_session.reset(); }

    /// What was told of @p log, in order; until its end or until it cannot go on.
    std::vector<QJsonObject> replay(const std::string &log)
    {
        StationParts parts{.dataFolder = m_data,
                           .resources = m_home / "resources",
                           .sources = std::make_shared<const SourceCatalogue>(SourceCatalogue::discover(AURORAEDGE_BIN_DIR "/plugins")),
                           .openEngine = [this]() -> Result<std::shared_ptr<Engine>> {
                               return std::shared_ptr<Engine>(std::make_shared<testing::FakeEngine>(m_script));
                           },
                           .presets = {{"bottle-present", "Is there a bottle?", {{"yes"}, {"no"}, 0.8}}},
                           .loadOptions = {}};
        parts.account = "maria";
        m_session = std::make_unique<InspectionSession>(m_window, std::move(parts));
        m_session->openSource(QStringLiteral("folder:") + QString::fromStdString((m_home / "parts").string()));
        m_session->loadModel(QString::fromStdString((m_home / "models/good").string()));
        Result<std::vector<KeyStep>> steps = parseKeyLog(log);
        EXPECT_TRUE(steps) << steps.error().message;
        std::ostringstream out;
        KeyReplay replay(m_window, *m_session, *std::move(steps), out);
        EXPECT_TRUE(QTest::qWaitFor([&] { return replay.isComplete() || replay.failure(); }, 30'000));
        m_failure = replay.failure();
        std::vector<QJsonObject> events;
        std::istringstream lines(out.str());
        for (std::string line; std::getline(lines, line);)
            events.push_back(QJsonDocument::fromJson(QByteArray::fromStdString(line)).object());
        return events;
    }
    static std::vector<QJsonObject> only(const std::vector<QJsonObject> &events, const char *name)
    {
        std::vector<QJsonObject> found;
        for (const QJsonObject &event : events)
            if (event[QStringLiteral("event")].toString() == QLatin1String(name))
                found.push_back(event);
        return found;
    }
    static qint64 number(const QJsonObject &event, const char *name) { return event[QLatin1String(name)].toInteger(); }

    const testing::TemporaryFolder m_home;
    const DataFolder m_data = DataFolder::resolve(m_home / "data");
    testing::FakeScript m_script;
    std::unique_ptr<InspectionSession> m_session;
    std::optional<Error> m_failure;
};

TEST_F(KeyReplayTest, AcknowledgesEachAnswerAndEachReviewThatIsOnTheDisk)
{
    const auto events = replay("wait ready\nrepeat 3\nkey F1\nwait answer\nend\npage review\nwait items\nwait picture\nkey O\nwait picture\nkey N\nkey Z\nwait stored\n");
    ASSERT_FALSE(m_failure) << m_failure->message;
    const auto answers = only(events, "answer");
    ASSERT_EQ(answers.size(), 3U);
    EXPECT_EQ(number(answers[2], "row"), 3);
    EXPECT_EQ(answers[2][QStringLiteral("verdict")].toString(), QStringLiteral("OK"));
    EXPECT_GT(answers[2][QStringLiteral("ms")].toDouble(), 0);
    const auto reviews = only(events, "review");
    ASSERT_EQ(reviews.size(), 3U);

    const auto reader = AnswerReader::open(m_data.root());
    ASSERT_TRUE(reader);
    for (const QJsonObject &answer : answers) {
        const auto record = (*reader)->answer(number(answer, "row"));
        ASSERT_TRUE(record && *record);
        EXPECT_EQ((*record)->pictureSha256, answer[QStringLiteral("sha256")].toString().toStdString());
    }
    // The newest first: OK on 3, NG on 2, and that taken back.
    EXPECT_EQ(number(reviews[0], "row"), 3);
    EXPECT_EQ(number(reviews[1], "row"), 2);
    const auto ofTwo = selectReviews((*reader)->database(), 2);
    ASSERT_TRUE(ofTwo);
    ASSERT_EQ(ofTwo->size(), 2U);
    EXPECT_EQ(ofTwo->front().id, number(reviews[2], "review"));
    EXPECT_EQ(ofTwo->back().id, number(reviews[1], "review"));

    const QJsonObject end = events.back();
    EXPECT_EQ(end[QStringLiteral("event")].toString(), QStringLiteral("end"));
    EXPECT_EQ(number(end, "answers"), 3);
    EXPECT_EQ(number(end, "reviews"), 3);
}

TEST_F(KeyReplayTest, AcceptsAPageWithOneKeyOnceItsPicturesAreOnTheScreen)
{
    const auto events = replay("wait ready\nrepeat 3\nkey F1\nwait answer\nend\npage review\nwait items\nwait pictures\nkey Return\nwait stored\n");
    ASSERT_FALSE(m_failure) << m_failure->message;
    EXPECT_EQ(number(events.back(), "answers"), 3);
    EXPECT_EQ(number(events.back(), "reviews"), 3);
}

TEST_F(KeyReplayTest, WaitsUntilTheStatisticsPageHasCounted)
{
    (void)replay("wait ready\nkey F1\nwait answer\npage statistics\nwait statistics\n");
    ASSERT_FALSE(m_failure) << m_failure->message;
    for (const char *card : {"hoursCard", "stagesCard", "timesCard"})
        EXPECT_NE(m_window.findChild<ui::ChartCard *>(QLatin1String(card))->readyChart(), nullptr) << card;
}

TEST_F(KeyReplayTest, TimesThePictureThatAKeyHasCalledForAndNoOther)
{
    const auto events = replay("wait ready\nrepeat 2\nkey F1\nwait answer\nend\npage review\nwait items\nwait picture\nkey J\nwait picture\nkey J\nkey M\nkey Esc\n");
    ASSERT_FALSE(m_failure) << m_failure->message;
    const auto pictures = only(events, "picture");
    ASSERT_EQ(pictures.size(), 1U) << "there is nothing behind the last one, and a note shows no other picture";
    EXPECT_EQ(number(pictures[0], "row"), 1);
    EXPECT_TRUE(pictures[0][QStringLiteral("is_shown")].toBool());
    EXPECT_GT(pictures[0][QStringLiteral("ms")].toDouble(), 0);
    EXPECT_EQ(number(events.back(), "pictures"), 1);
}

TEST_F(KeyReplayTest, TellsWhatIsInNoRowAndTheAlarmThatStandsAndCannotBeDismissedWhileItDoes)
{
    fs::create_directory(m_data.databaseFile()); // cannot be opened, not even by root
    const auto events = replay("wait ready\nwait alarm FS-07\nkey F1\nwait answer\npage review\nwait alarm\npage live\nmemory\nclick faultDismiss\n");
    ASSERT_TRUE(m_failure);
    EXPECT_NE(m_failure->message.find("faultDismiss"), std::string::npos) << m_failure->message;
    const auto answers = only(events, "answer");
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_TRUE(answers[0][QStringLiteral("row")].isNull());
    EXPECT_EQ(answers[0][QStringLiteral("error")][QStringLiteral("code")].toString(), QStringLiteral("FS-07"));
    const auto alarms = only(events, "alarm");
    ASSERT_EQ(alarms.size(), 2U);
    EXPECT_EQ(alarms[1][QStringLiteral("code")].toString(), QStringLiteral("FS-07"));
    EXPECT_EQ(alarms[1][QStringLiteral("state")].toString(), QStringLiteral("FAULT"));
    EXPECT_GT(only(events, "memory").at(0)[QStringLiteral("rss_mb")].toDouble(), 5);
    EXPECT_EQ(number(events.back(), "answers"), 0);
}

TEST_F(KeyReplayTest, EndsWithTheLineAtWhichItCannotGoOn)
{
    const auto events = replay("wait live\nclick noSuchButton\nkey F1\n");
    ASSERT_TRUE(m_failure);
    EXPECT_NE(m_failure->message.find("line 2"), std::string::npos) << m_failure->message;
    EXPECT_NE(m_failure->message.find("noSuchButton"), std::string::npos);
    EXPECT_TRUE(events.empty());
}

} // namespace
} // namespace auroraedge::app
