#include "app/window/inspection_session.h"

#include "app/products/product.h"
#include "app/settings/sha256.h"
#include "app/storage/answer_store.h"
#include "app/storage/write_turn.h"
#include "app/window/trigger_desk.h"
#include "tests/support/fake_engine.h"
#include "tests/support/temporary_folder.h"
#include "tests/ui/operator_test.h"
#include "ui/panels/review_panel.h"
#include "ui/panels/statistics_panel.h"
#include "ui/widgets/picture_view.h"
#include "ui/widgets/recent_strip.h"
#include "ui/widgets/review_bar.h"
#include "ui/widgets/stored_picture.h"
#include "ui/widgets/verdict_tile.h"

#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <thread>

namespace auroraedge::app {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;
using testing::FakeEngine;
using testing::FakeScript;
using testing::TemporaryFolder;

/// Threads of this process, without those that Qt scales pictures on and keeps for a while.
std::ptrdiff_t threadCount()
{
    const auto isOurs = [](const fs::directory_entry &task) {
        std::string name;
        std::getline(std::ifstream(task.path() / "comm"), name);
        return name != "Thread (pooled)";
    };
    return std::count_if(fs::directory_iterator("/proc/self/task"), fs::directory_iterator(), isOurs);
}

[[nodiscard]] bool waitFor(const std::function<bool()> &claim)
{
    return QTest::qWaitFor(claim, 10'000);
}

/// The station as it runs: window, threads, database, source plugins; only the model is scripted.
class InspectionSessionTest : public ui::tests::OperatorTest
{
protected:
    InspectionSessionTest()
    {
        EXPECT_TRUE(m_data.create());
        m_script.answers["Is there a bottle?"] = "yes";
        fs::create_directories(m_home / "models/good");
        fs::create_directories(m_home / "models/bad");
        start();
    }

    void start()
    {
        StationParts parts{.dataFolder = m_data,
                           .resources = m_home / "resources",
                           .sources = std::make_shared<const SourceCatalogue>(
                               SourceCatalogue::discover(AURORAEDGE_BIN_DIR "/plugins")),
                           .openEngine = [this]() -> Result<std::shared_ptr<Engine>> {
                               return std::shared_ptr<Engine>(std::make_shared<FakeEngine>(m_script));
                           },
                           .presets = {},
                           .loadOptions = {}};
        parts.presets.push_back({"bottle-present", "Is there a bottle?", {{"yes"}, {"no"}, 0.8}});
        parts.presets.insert(parts.presets.end(), m_morePresets.begin(), m_morePresets.end());
        parts.account = "maria";
        m_session = std::make_unique<InspectionSession>(m_window, std::move(parts));
    }

    /// A folder of pictures, each of one colour with a bright square in a corner. @return its address.
    QString folderOf(const char *name, std::initializer_list<QColor> colours)
    {
        fs::create_directories(m_home / name);
        int number = 0;
        for (const QColor &colour : colours) {
            QImage picture(64, 48, QImage::Format_RGB888);
            picture.fill(colour);
            for (int at = 0; at < 36; ++at)
                picture.setPixelColor(at % 6, at / 6, Qt::white);
            const fs::path file = m_home / name / (std::to_string(++number) + ".png");
            EXPECT_TRUE(picture.save(QString::fromStdString(file.string())));
        }
        return QStringLiteral("folder:") + QString::fromStdString((m_home / name).string());
    }
    /// The good model, a product.
    void teach()
    {
        Product product;
        product.tile = product.stride = 16;
        product.curves.kind = ScoreKind::Answer;
        product.okUpTo = 0.2;
        product.ngFrom = 0.7;
        ASSERT_TRUE(writeProduct(m_home / "models/good", product));
    }
    void load(const char *model) { m_session->loadModel(QString::fromStdString((m_home / "models" / model).string())); }

    [[nodiscard]] bool becomesReady()
    {
        return waitFor([this] { return part<QPushButton>("askButton")->isEnabled() && shownFrame() > 0; });
    }
    /// A picture on the screen and a model that answers.
    [[nodiscard]] bool startsInspecting()
    {
        m_session->openSource(folderOf("parts", {Qt::red}));
        load("good");
        return becomesReady();
    }
    /// A start with one imported model, which is chosen on the Models page.
    [[nodiscard]] bool isImportedModelPicked()
    {
        fs::create_directories(m_data.modelsFolder() / "bottle");
        std::ofstream(m_data.modelsFolder() / "bottle/config.json") << "{}";
        m_session.reset();
        start();
        m_window.showPage(ui::MainWindow::Page::Models);
        const auto row = [this] { return m_window.findChild<QAbstractButton *>(QStringLiteral("modelRow-bottle")); };
        if (!waitFor([&] { return row() != nullptr; }))
            return false;
        QTest::keyClick(row(), Qt::Key_Space);
        return true;
    }
    [[nodiscard]] bool isIdle() { return text("stateWord") != QStringLiteral("BUSY"); }
    /// Asks the preset question and waits for the end.
    [[nodiscard]] bool askPreset()
    {
        key(Qt::Key_F1);
        return waitFor([this] { return isIdle(); });
    }

    [[nodiscard]] quint64 shownFrame() { return part<ui::PictureView>("pictureView")->status().sequence; }
    [[nodiscard]] QString shownAnswer() { return part<QPlainTextEdit>("answerText")->toPlainText(); }
    [[nodiscard]] std::optional<ui::Verdict> shownVerdict()
    {
        const auto *tile = part<ui::VerdictTile>("verdictTile");
        return tile->isVisible() ? tile->verdict() : std::nullopt;
    }
    [[nodiscard]] bool faultIsShown(const char *code)
    {
        return waitFor([&] { return isShown("faultBar") && text("faultCause").startsWith(QLatin1String(code)); });
    }
    /// Newest first, as any other program would read them.
    [[nodiscard]] std::vector<AnswerRecord> rows() const
    {
        const auto reader = AnswerReader::open(m_data.root());
        if (!reader)
            return {};
        const auto records = (*reader)->recentAnswers(100);
        return records ? *records : std::vector<AnswerRecord>();
    }

    const TemporaryFolder m_home;
    const DataFolder m_data = DataFolder::resolve(m_home / "data");
    FakeScript m_script;
    std::vector<Preset> m_morePresets; ///< of the station
    std::unique_ptr<InspectionSession> m_session;
};

TEST_F(InspectionSessionTest, APresetKeyIsAnsweredAboutTheFrameShownAndStoredWithItsPicture)
{
    ASSERT_TRUE(startsInspecting());
    const quint64 sequence = shownFrame();
    ASSERT_TRUE(askPreset());
    EXPECT_EQ(shownVerdict(), ui::Verdict::Ok);
    EXPECT_EQ(shownAnswer(), QStringLiteral("yes"));

    const std::vector<AnswerRecord> stored = rows(); // at once: what is shown as OK is on the disk
    ASSERT_EQ(stored.size(), 1U);
    const AnswerRecord &row = stored.front();
    EXPECT_EQ(row.question, "Is there a bottle?");
    EXPECT_EQ(row.answer, "yes");
    EXPECT_EQ(row.probability, 0.97);
    EXPECT_EQ(row.verdict, Verdict::Ok);
    EXPECT_EQ(row.frameSequence, sequence);
    EXPECT_EQ(m_script.frames.back().sequence, sequence);
    EXPECT_EQ(row.source, "folder:" + (m_home / "parts").string());
    EXPECT_EQ(row.modelName, "good");
    EXPECT_EQ(row.modelSha256, std::string(64, 'a'));
    EXPECT_EQ(row.device, "cpu");
    EXPECT_EQ(row.precision, "fp32");
    EXPECT_EQ(row.latency.loadMs, 5);
    EXPECT_EQ(row.latency.encodeMs, 10);
    EXPECT_EQ(row.latency.prefillMs, 3);
    EXPECT_EQ(row.latency.totalMs, 24);
    EXPECT_EQ(row.tokens.visual, 64);

    const fs::path picture = m_data.root() / row.picturePath;
    std::ifstream file(picture, std::ios::binary);
    const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
    EXPECT_EQ(sha256Hex(bytes), row.pictureSha256);
    EXPECT_EQ(picture.stem(), row.pictureSha256);
    const QImage evidence = QImage::fromData(bytes.data(), static_cast<int>(bytes.size()));
    ASSERT_EQ(evidence.size(), QSize(64, 48));
    EXPECT_GT(evidence.pixelColor(32, 24).red(), 240);
    EXPECT_LT(evidence.pixelColor(32, 24).blue(), 16);
    EXPECT_TRUE(waitFor([this] { return text("rowsStored") == QStringLiteral("1 answers stored"); }));
}

TEST_F(InspectionSessionTest, ATypedQuestionIsAnsweredWithoutAVerdict)
{
    m_script.answers["how many?"] = "three";
    ASSERT_TRUE(startsInspecting());
    key(Qt::Key_Slash);
    type("how many?");
    key(Qt::Key_Return);
    ASSERT_TRUE(waitFor([this] { return isIdle(); }));
    EXPECT_EQ(shownAnswer(), QStringLiteral("three"));
    EXPECT_FALSE(isShown("verdictTile"));
    ASSERT_EQ(rows().size(), 1U);
    EXPECT_EQ(rows()[0].question, "how many?");
    EXPECT_FALSE(rows()[0].verdict);
}

TEST_F(InspectionSessionTest, AnAnswerThatIsFinishedWhileTheWindowClosesIsStored)
{
    ASSERT_TRUE(startsInspecting());
    std::atomic<bool> isAsked = false;
    m_script.onAsk = [&] { isAsked = true; };
    key(Qt::Key_F1);
    while (!isAsked)
        std::this_thread::yield();
    std::this_thread::sleep_for(std::chrono::milliseconds(200)); // it is answered, and this thread has not looked
    m_session.reset();
    ASSERT_EQ(rows().size(), 1U);
    EXPECT_EQ(rows()[0].answer, "yes");
}

TEST_F(InspectionSessionTest, ATypedQuestionThatTheModelCannotAnswerIsUnsure)
{
    m_script.answers["who made it?"] = "unsure";
    ASSERT_TRUE(startsInspecting());
    key(Qt::Key_Slash);
    type("who made it?");
    key(Qt::Key_Return);
    ASSERT_TRUE(waitFor([this] { return isIdle() && !rows().empty(); }));
    EXPECT_EQ(shownVerdict(), ui::Verdict::Unsure);
    EXPECT_EQ(rows()[0].verdict, Verdict::Unsure);
    EXPECT_EQ(rows()[0].code, "ANS-01");
}

TEST_F(InspectionSessionTest, AProductIsInspectedTileByTileAndItsOwnThresholdsDecide)
{
    teach();
    m_script.answers[kDefectQuestion] = "no"; // what the whole picture would give
    std::atomic<double> yes = 0.9;
    m_script.judgementFor = [&](const Frame &, const std::string &, const std::vector<std::string> &) {
        return Judgement{{yes, 1 - yes}, {}, {}};
    };
    ASSERT_TRUE(startsInspecting());
    const auto inspected = [&](double defect) {
        yes = defect;
        const std::size_t before = rows().size();
        key(Qt::Key_F2); // behind the station's own question
        EXPECT_TRUE(waitFor([&] { return isIdle() && rows().size() > before; }));
        return shownVerdict();
    };
    EXPECT_EQ(inspected(0.9), ui::Verdict::Ng);
    EXPECT_EQ(inspected(0.4), ui::Verdict::Unsure);
    EXPECT_EQ(inspected(0.1), ui::Verdict::Ok);
    EXPECT_EQ(rows().front().verdict, Verdict::Ok);
    ASSERT_TRUE(rows().front().finding) << "what the model saw is in the row";
    EXPECT_NEAR(rows().front().finding->probability, 0.1, 1e-9);
    EXPECT_EQ(rows().front().finding->worstTile.width, 16);
    EXPECT_TRUE(rows().front().options);

    ASSERT_TRUE(askPreset()); // "Is there a bottle?", which it never learnt
    EXPECT_FALSE(rows().front().finding);
    EXPECT_EQ(shownAnswer(), QStringLiteral("yes"));
    EXPECT_EQ(shownVerdict(), ui::Verdict::Unsure);
}

TEST_F(InspectionSessionTest, TheQuestionOfAProductHasAKeyAlsoBesideEightOfTheStation)
{
    teach();
    m_session.reset();
    for (int number = 2; number <= 8; ++number) {
        m_morePresets.push_back({"more", "Question " + std::to_string(number) + "?", {}});
        m_script.answers[m_morePresets.back().text] = "yes";
    }
    m_script.answers[kDefectQuestion] = "no";
    start();
    ASSERT_TRUE(startsInspecting());
    for (const auto &[key, question] : {std::pair{Qt::Key_F8, std::string(kDefectQuestion)}, {Qt::Key_F7, std::string("Question 7?")}}) {
        const std::size_t before = rows().size();
        this->key(key);
        ASSERT_TRUE(waitFor([&] { return isIdle() && rows().size() > before; }));
        EXPECT_EQ(rows().front().question, question);
    }
}

TEST_F(InspectionSessionTest, ATriggerThatAsksForAProductIsSwitchedOffWhenAGeneralModelIsLoaded)
{
    ui::TriggerState state;
    QObject::connect(m_session->findChild<TriggerDesk *>(), &TriggerDesk::stateChanged, &m_window,
                     [&](const ui::TriggerState &told) { state = told; });
    teach();
    fs::create_directories(m_home / "models/general");
    ASSERT_TRUE(startsInspecting());
    ui::TriggerSettings settings;
    settings.kind = ui::TriggerKind::Interval;
    settings.presetIndex = 1; // the product's
    settings.intervalSeconds = 3'600;
    Q_EMIT m_window.triggerChosen(settings);
    ASSERT_EQ(state.settings, settings);
    load("general");
    ASSERT_TRUE(waitFor([&] { return state.settings.kind == ui::TriggerKind::Off; }));
    EXPECT_EQ(state.settings.presetIndex, 0);
    EXPECT_TRUE(isShown("faultBar"));
    EXPECT_TRUE(text("faultCause").contains(QStringLiteral("The trigger was switched off")));
}

TEST_F(InspectionSessionTest, AnAnswerBelowTheThresholdIsUnsureInTheWindowAndInTheRow)
{
    m_script.probability = 0.5;
    ASSERT_TRUE(startsInspecting());
    ASSERT_TRUE(askPreset());
    EXPECT_EQ(shownVerdict(), ui::Verdict::Unsure);
    EXPECT_EQ(part("verdictTile")->toolTip(), QStringLiteral("ANS-03: probability 0.50 is below 0.80"));
    ASSERT_EQ(rows().size(), 1U);
    EXPECT_EQ(rows()[0].verdict, Verdict::Unsure);
    EXPECT_EQ(rows()[0].code, "ANS-03");
}

TEST_F(InspectionSessionTest, AFailedQuestionIsShownWithItsCodeAndStoredAndTheNextOneIsAnswered)
{
    m_script.askErrors.emplace("Is there a bottle?", Error{code::QuestionEmpty, "type a question", {}});
    m_script.answers["and now?"] = "yes";
    ASSERT_TRUE(startsInspecting());
    ASSERT_TRUE(askPreset());
    EXPECT_EQ(text("failure"), QStringLiteral("ASK-01: type a question"));
    EXPECT_FALSE(isShown("verdictTile"));
    ASSERT_TRUE(waitFor([this] { return rows().size() == 1; }));
    EXPECT_EQ(rows()[0].code, "ASK-01");
    EXPECT_FALSE(rows()[0].answer);
    EXPECT_EQ(rows()[0].verdict, Verdict::Unsure);
    EXPECT_FALSE(rows()[0].picturePath.empty());

    key(Qt::Key_Slash);
    type("and now?");
    key(Qt::Key_Return);
    ASSERT_TRUE(waitFor([this] { return isIdle(); }));
    EXPECT_EQ(shownAnswer(), QStringLiteral("yes"));
    EXPECT_EQ(rows().size(), 2U);
}

TEST_F(InspectionSessionTest, APictureThatAFolderLeavesOutIsToldOnceAndTheOthersAreShown)
{
    const QString address = folderOf("parts", {Qt::red});
    std::ofstream(m_home / "parts/0.png") << "not a picture at all";
    m_session->openSource(address);
    ASSERT_TRUE(waitFor([this] { return isShown("faultBar"); }));
    EXPECT_EQ(text("faultCause"), QStringLiteral("IMG-07  0.png is not JPEG, PNG or BMP"));
    EXPECT_EQ(text("faultEffect"), QStringLiteral("Pictures that are left out of the folder: 1. The first of them is 0.png."));
    click("faultDismiss");
    ASSERT_TRUE(waitFor([this] { return shownFrame() >= 3; })) << "round and round";
    EXPECT_FALSE(isShown("faultBar"));
    std::ofstream(m_home / "parts/1.png") << "no picture any more"; // nothing is left
    ASSERT_TRUE(waitFor([this] { return isShown("faultBar"); }));
    EXPECT_TRUE(text("faultEffect").startsWith(QStringLiteral("There is no live picture")));
    m_session->openSource(folderOf("others", {Qt::blue}));
    ASSERT_TRUE(waitFor([this] { return !isShown("faultBar"); })) << "it is of another folder";
}

TEST_F(InspectionSessionTest, ACoveredLensIsToldAndItsPictureKeptAsUnsure)
{
    m_session->openSource(folderOf("covered", {Qt::white})); // the square is white too
    load("good");
    ASSERT_TRUE(becomesReady());
    ASSERT_TRUE(askPreset());
    EXPECT_EQ(text("failure"), QStringLiteral("IMG-17: frame is uniform: lens cap, light or cable?"));
    EXPECT_FALSE(isShown("verdictTile"));
    ASSERT_TRUE(waitFor([this] { return rows().size() == 1; }));
    EXPECT_EQ(rows()[0].verdict, Verdict::Unsure);
    EXPECT_EQ(rows()[0].code, "IMG-17");
    EXPECT_FALSE(rows()[0].picturePath.empty());
    EXPECT_TRUE(m_script.questions.empty());
    ASSERT_TRUE(waitFor([this] { return part<ui::RecentStrip>("recentStrip")->answers().rowCount() == 1; }));
    const ui::AnswerView &last = part<ui::RecentStrip>("recentStrip")->answers().at(0);
    EXPECT_FALSE(last.isAnswered);
    EXPECT_EQ(last.row, rows()[0].row);
    EXPECT_FALSE(last.thumbnail.isNull());
}

TEST_F(InspectionSessionTest, NoOkIsShownWhileItsRowWaitsForTheDisk)
{
    ASSERT_TRUE(startsInspecting());
    ASSERT_TRUE(askPreset());
    const auto turn = WriteTurn::create(m_data.root() / "inspector.db.turn");
    ASSERT_TRUE(turn);
    {
        const auto held = (*turn)->take(); // another program writes
        ASSERT_TRUE(held);
        key(Qt::Key_F1);
        ASSERT_TRUE(waitFor([this] { return shownAnswer() == QStringLiteral("yes"); }));
        EXPECT_FALSE(QTest::qWaitFor([this] { return isShown("verdictTile"); }, 500));
        EXPECT_FALSE(isIdle());
        EXPECT_EQ(text("phase"), QStringLiteral("Storing the answer"));
        EXPECT_EQ(rows().size(), 1U);
        EXPECT_FALSE(isShown("faultBar"));
        ASSERT_TRUE(faultIsShown("DB-01")) << "after 2 s it is told";
        EXPECT_FALSE(isIdle());
    }
    ASSERT_TRUE(waitFor([this] { return isIdle(); }));
    EXPECT_FALSE(isShown("faultBar"));
    EXPECT_EQ(shownVerdict(), ui::Verdict::Ok);
    EXPECT_EQ(rows().size(), 2U);
}

TEST_F(InspectionSessionTest, AnAnswerThatCannotBeStoredIsAFaultWithItsCodeAndNeverOk)
{
    m_session.reset();
    fs::remove(m_data.databaseFile());
    fs::create_directory(m_data.databaseFile()); // cannot be opened, not even by root
    start();
    ASSERT_TRUE(faultIsShown("FS-07"));
    ASSERT_TRUE(startsInspecting());
    ASSERT_TRUE(askPreset());
    EXPECT_EQ(shownVerdict(), ui::Verdict::Unsure);
    EXPECT_TRUE(part("verdictTile")->toolTip().startsWith(QStringLiteral("FS-07: ")));
    EXPECT_EQ(shownAnswer(), QStringLiteral("yes"));
    EXPECT_TRUE(isShown("faultBar"));
    EXPECT_EQ(text("stateWord"), QStringLiteral("FAULT")) << "in sight on every page";

    fs::remove(m_data.databaseFile());
    ASSERT_TRUE(askPreset());
    EXPECT_EQ(shownVerdict(), ui::Verdict::Ok);
    EXPECT_EQ(rows().size(), 1U);
    EXPECT_TRUE(isShown("faultBar")) << "an alarm of the store is for a person to dismiss";
    EXPECT_TRUE(text("faultCause").startsWith(QStringLiteral("FS-07"))) << text("faultCause").toStdString();
    EXPECT_EQ(text("faultEffect"), QStringLiteral("Storing works again. Answers that are in no row: 1."));
    ASSERT_TRUE(askPreset());
    EXPECT_EQ(text("stateWord"), QStringLiteral("FAULT"));
    click("faultDismiss");
    EXPECT_FALSE(isShown("faultBar"));
    EXPECT_EQ(text("stateWord"), QStringLiteral("READY"));
}

TEST_F(InspectionSessionTest, EscEndsARunningQuestionWithoutARow)
{
    ASSERT_TRUE(startsInspecting());
    m_script.hangs = true;
    key(Qt::Key_F1);
    m_script.waitUntilHanging();
    key(Qt::Key_Escape);
    ASSERT_TRUE(waitFor([this] { return isIdle(); }));
    EXPECT_EQ(text("resultCaption"), QStringLiteral("Cancelled"));
    m_script.hangs = false;
    ASSERT_TRUE(askPreset());
    EXPECT_EQ(shownVerdict(), ui::Verdict::Ok);
    EXPECT_EQ(rows().size(), 1U);
}

TEST_F(InspectionSessionTest, AMissingCameraIsAFaultAndIsTriedAgain)
{
    m_session->openSource(QStringLiteral("uvc:no-such-camera"));
    ASSERT_TRUE(faultIsShown("CAM-01"));
    EXPECT_EQ(text("stateWord"), QStringLiteral("FAULT"));
    EXPECT_TRUE(waitFor([this] { return part("pictureView")->accessibleDescription().contains(QStringLiteral("(try 2)")); }));
    EXPECT_TRUE(isShown("faultBar"));
    click("faultAction");
    EXPECT_TRUE(isShown("sourceChooser"));
}

TEST_F(InspectionSessionTest, ASourceThatAppearsLaterIsOpenedByItself)
{
    const QString address = folderOf("parts", {Qt::red});
    fs::rename(m_home / "parts", m_home / "unplugged");
    m_session->openSource(address);
    ASSERT_TRUE(faultIsShown("FS-12"));
    fs::rename(m_home / "unplugged", m_home / "parts");
    EXPECT_TRUE(waitFor([this] { return shownFrame() > 0; }));
    EXPECT_TRUE(waitFor([this] { return !isShown("faultBar"); }));
}

TEST_F(InspectionSessionTest, ARefusedAddressIsAFaultThatDoesNotGiveAwayThePassword)
{
    m_session->openSource(QStringLiteral("gopher://user:secret@camera/1"));
    ASSERT_TRUE(faultIsShown("CAM-09"));
    for (const QLabel *label : m_window.findChildren<QLabel *>())
        EXPECT_FALSE(label->text().contains(QStringLiteral("secret"))) << label->text().toStdString();
    EXPECT_FALSE(part("sourceButton")->toolTip().contains(QStringLiteral("secret")));
}

TEST_F(InspectionSessionTest, AfterAnotherSourceIsChosenItsPictureIsShownAndAskedAbout)
{
    ASSERT_TRUE(startsInspecting());
    ASSERT_TRUE(askPreset());
    const quint64 before = shownFrame();
    m_session->openSource(folderOf("others", {Qt::blue}));
    ASSERT_TRUE(waitFor([&] { return shownFrame() > before; })); // no two frames share a number
    EXPECT_FALSE(isShown("verdictTile"));
    ASSERT_TRUE(askPreset());
    EXPECT_EQ(m_script.frames.back().source, "folder:" + (m_home / "others").string());
    EXPECT_EQ(m_script.frames.back().row(0)[2], 255);
    EXPECT_EQ(rows()[0].source, m_script.frames.back().source);
}

TEST_F(InspectionSessionTest, AFrozenPictureIsTheOneThatIsAskedAboutWhileTheSourceGoesOn)
{
    m_session->openSource(folderOf("parts", {Qt::red, Qt::blue})); // the second one comes two seconds later
    load("good");
    ASSERT_TRUE(becomesReady());
    key(Qt::Key_F);
    ASSERT_TRUE(waitFor([this] { return text("sourceRate") == QStringLiteral("– fps"); }));
    ASSERT_TRUE(waitFor([this] { return text("sourceRate") != QStringLiteral("– fps"); }));
    ASSERT_TRUE(askPreset());
    EXPECT_EQ(m_script.frames.back().sequence, 1U);
    EXPECT_EQ(m_script.frames.back().row(0)[0], 255);
    key(Qt::Key_F);
    EXPECT_TRUE(waitFor([this] { return shownFrame() > 1; }));
}

TEST_F(InspectionSessionTest, AModelThatCannotBeLoadedIsAFaultWithItsCodeAndItsWayOut)
{
    m_script.loadError = Error{code::ModelTensorMissing, "missing: vision.proj.weight", {}};
    m_session->openSource(folderOf("parts", {Qt::red}));
    load("bad");
    ASSERT_TRUE(faultIsShown("MOD-12"));
    EXPECT_EQ(text("stateWord"), QStringLiteral("FAULT"));
    EXPECT_EQ(text("hint"), QStringLiteral("The model could not be loaded: open the Models page."));
    EXPECT_EQ(text("modelState"), QStringLiteral("MOD-12: missing: vision.proj.weight"));
    click("faultAction");
    EXPECT_EQ(m_window.page(), ui::MainWindow::Page::Models);
}

TEST_F(InspectionSessionTest, AModelFolderThatIsNotThereIsAFault)
{
    load("gone");
    EXPECT_TRUE(faultIsShown("MOD-21"));
}

TEST_F(InspectionSessionTest, AFailedModelLoadKeepsTheOldModelAnswering)
{
    ASSERT_TRUE(startsInspecting());
    m_script.loadError = Error{code::ModelTensorMissing, "missing: vision.proj.weight", {}};
    load("bad");
    ASSERT_TRUE(faultIsShown("MOD-12"));
    EXPECT_EQ(text("faultEffect"), QStringLiteral("The model from before goes on answering."));
    EXPECT_EQ(text("modelName"), QStringLiteral("good"));
    ASSERT_TRUE(becomesReady());
    ASSERT_TRUE(askPreset());
    EXPECT_EQ(shownVerdict(), ui::Verdict::Ok);
    EXPECT_EQ(rows()[0].modelName, "good");
}

TEST_F(InspectionSessionTest, TheModelsPageListsImportsChecksAndRemovesByTheKeyboard)
{
    ASSERT_TRUE(startsInspecting());
    m_window.showPage(ui::MainWindow::Page::Models);
    const fs::path usb = m_home / "usb/bottle";
    fs::create_directories(usb);
    const std::string config = "{}";
    std::ofstream(usb / "config.json") << config;
    std::ofstream(usb / "SHA256SUMS") << sha256Hex({reinterpret_cast<const std::uint8_t *>(config.data()), config.size()}) << "  config.json\n";
    part<QLineEdit>("modelPath")->setText(QString::fromStdString(usb.string()));
    QTest::keyClick(part("modelPath"), Qt::Key_Return);
    ASSERT_TRUE(waitFor([this] { return text("modelJobText") == QStringLiteral("bottle was imported."); })) << text("modelJobText").toStdString();
    QTest::keyClick(part("modelPath"), Qt::Key_Return); // once more
    ASSERT_TRUE(waitFor([this] { return text("modelJobText").startsWith(QStringLiteral("A model named bottle is here already.")); }))
        << text("modelJobText").toStdString();
    ASSERT_TRUE(waitFor([this] { return m_window.findChild<QAbstractButton *>(QStringLiteral("modelRow-bottle")); }));

    QTest::keyClick(part("modelRow-bottle"), Qt::Key_Space);
    EXPECT_EQ(text("modelName"), QStringLiteral("bottle"));
    QTest::keyClick(part("modelCheck"), Qt::Key_Space);
    EXPECT_TRUE(waitFor([this] { return text("modelJobText") == QStringLiteral("All files are as they should be."); }));
    QTest::keyClick(part("modelRemove"), Qt::Key_Space); // asks back
    EXPECT_TRUE(isShown("modelKeep"));
    QTest::keyClick(part("modelRemove"), Qt::Key_Space);
    EXPECT_TRUE(waitFor([this] { return !m_window.findChild<QAbstractButton *>(QStringLiteral("modelRow-bottle")); }));
    EXPECT_FALSE(fs::exists(m_data.modelsFolder() / "bottle"));
}

TEST_F(InspectionSessionTest, AModelThatWasImportedIsLoadedUnloadedAndMeasured)
{
    ASSERT_TRUE(isImportedModelPicked());
    QTest::keyClick(part("modelPrecision-bf16"), Qt::Key_Space);
    QTest::keyClick(part("modelLoad"), Qt::Key_Space);
    ASSERT_TRUE(waitFor([this] { return text("modelState") == QStringLiteral("Ready"); })) << text("modelState").toStdString();
    EXPECT_EQ(m_script.loads.back().precision, Precision::Bf16);

    QTest::keyClick(part("modelMeasure"), Qt::Key_Space); // the resources of this test hold no picture
    EXPECT_TRUE(waitFor([this] { return text("modelJobText").startsWith(QStringLiteral("FS-12")); })) << text("modelJobText").toStdString();
    QTest::keyClick(part("modelUnload"), Qt::Key_Space);
    EXPECT_TRUE(waitFor([this] { return text("stateWord") == QStringLiteral("NO MODEL"); }));
}

TEST_F(InspectionSessionTest, AMeasuringThatIsCancelledBeforeItsPictureIsReadMeasuresNothing)
{
    fs::create_directories(m_home / "resources/demo/pictures");
    (void)folderOf("parts", {Qt::red});
    fs::copy_file(m_home / "parts/1.png", m_home / "resources/demo/pictures/IMG_4823_0226.jpg");
    ASSERT_TRUE(isImportedModelPicked());
    QTest::keyClick(part("modelLoad"), Qt::Key_Space);
    ASSERT_TRUE(waitFor([this] { return text("modelState") == QStringLiteral("Ready"); })) << text("modelState").toStdString();
    QTest::keyClick(part("modelMeasure"), Qt::Key_Space);
    QTest::keyClick(part("modelJobCancel"), Qt::Key_Space); // at once
    ASSERT_TRUE(waitFor([this] { return text("modelJobText") == QStringLiteral("The measuring was stopped."); })) << text("modelJobText").toStdString();
    EXPECT_TRUE(m_script.questions.empty());
    QTest::keyClick(part("modelMeasure"), Qt::Key_Space);
    EXPECT_TRUE(waitFor([this] { return text("modelJobText") == QStringLiteral("The speed was measured."); })) << text("modelJobText").toStdString();
}

TEST_F(InspectionSessionTest, ALargeModelWithoutAListOfHashesKeepsNoQuestionWaitingWhileItIsRead)
{
    const fs::path folder = m_data.modelsFolder() / "large";
    fs::create_directories(folder);
    std::ofstream(folder / "config.json") << "{}";
    std::ofstream(folder / "model.safetensors").put('x');
    fs::resize_file(folder / "model.safetensors", 5LL << 30); // takes no room on the disk
    m_session.reset();
    start();
    m_window.showPage(ui::MainWindow::Page::Models);
    ASSERT_TRUE(waitFor([this] { return m_window.findChild<QAbstractButton *>(QStringLiteral("modelRow-large")); }));
    QTest::keyClick(part("modelRow-large"), Qt::Key_Space);
    EXPECT_TRUE(text("modelWarnings").startsWith(QStringLiteral("There is no list of hashes (SHA256SUMS)"))) << text("modelWarnings").toStdString();
    std::ofstream(folder / "SHA256SUMS") << std::string(64, '0') << "  config.json\n";
    m_session.reset();
    start();
    EXPECT_TRUE(waitFor([this] {
        QTest::keyClick(part("modelRow-large"), Qt::Key_Space);
        return text("modelWarnings").isEmpty();
    }));
}

TEST_F(InspectionSessionTest, TheVerdictOfAPictureThatHasGoneIsOnlyOutlined)
{
    m_session->openSource(folderOf("parts", {Qt::red, Qt::blue}));
    load("good");
    ASSERT_TRUE(becomesReady());
    ASSERT_TRUE(askPreset());
    EXPECT_TRUE(waitFor([this] { return part("resultCard")->property("outlined") == QStringLiteral("OK"); }));
    EXPECT_TRUE(part("verdictTile")->accessibleDescription().startsWith(QStringLiteral("earlier picture")));
    EXPECT_EQ(shownVerdict(), ui::Verdict::Ok);
}

TEST_F(InspectionSessionTest, TheLastAnswersComeBackWithTheirPicturesAtTheNextStart)
{
    m_script.askErrors.emplace("fails", Error{code::GpuMemoryRequest, "not enough memory", {}});
    ASSERT_TRUE(startsInspecting());
    ASSERT_TRUE(askPreset());
    key(Qt::Key_Slash);
    type("fails");
    key(Qt::Key_Return);
    ASSERT_TRUE(waitFor([this] { return isIdle() && rows().size() == 2; }));

    m_session.reset();
    m_window.setRecent({});
    start();
    ui::RecentModel &recent = part<ui::RecentStrip>("recentStrip")->answers();
    ASSERT_TRUE(waitFor([&] { return recent.rowCount() == 2; }));
    EXPECT_FALSE(recent.at(0).isAnswered);
    EXPECT_EQ(recent.at(0).code, QStringLiteral("GPU-03"));
    EXPECT_EQ(recent.at(1).answer, QStringLiteral("yes"));
    EXPECT_EQ(recent.at(1).verdict, ui::Verdict::Ok);
    EXPECT_GT(recent.at(1).thumbnail.pixelColor(32, 24).red(), 240);
    EXPECT_TRUE(waitFor([this] { return text("rowsStored") == QStringLiteral("2 answers stored"); }));
}

TEST_F(InspectionSessionTest, TheMarkedPartGoesToTheModelAndTheWholePictureIntoTheRow)
{
    ASSERT_TRUE(startsInspecting());
    Q_EMIT m_window.askRequested({QStringLiteral("Is there a bottle?"), 0, shownFrame(), QRectF(0.25, 0.25, 0.5, 0.5)});
    ASSERT_TRUE(waitFor([this] { return rows().size() == 1; }));
    EXPECT_EQ(m_script.frames.back().widthPx, 32);
    EXPECT_EQ(m_script.frames.back().heightPx, 24);
    EXPECT_EQ(rows()[0].roi, (PixelBox{16, 12, 32, 24}));
    EXPECT_EQ(rows()[0].pictureWidthPx, 64);
    const QImage evidence(QString::fromStdString((m_data.root() / rows()[0].picturePath).string()));
    EXPECT_EQ(evidence.size(), QSize(64, 48));
    ui::RecentModel &recent = part<ui::RecentStrip>("recentStrip")->answers();
    ASSERT_TRUE(waitFor([&] { return recent.rowCount() == 1; }));
    EXPECT_EQ(recent.at(0).region, QRectF(0.25, 0.25, 0.5, 0.5));

    m_session.reset();
    m_window.setRecent({});
    start();
    ASSERT_TRUE(waitFor([&] { return recent.rowCount() == 1; }));
    EXPECT_EQ(recent.at(0).region, QRectF(0.25, 0.25, 0.5, 0.5));
}

TEST_F(InspectionSessionTest, APartThatIsTooSmallIsNotAskedAbout)
{
    ASSERT_TRUE(startsInspecting());
    // 15 of 64 pixels.
    Q_EMIT m_window.askRequested({QStringLiteral("Is there a bottle?"), 0, shownFrame(), QRectF(0, 0, 15.0 / 64, 1)});
    ASSERT_TRUE(askPreset());
    EXPECT_EQ(m_script.questions.size(), 1U);
    ASSERT_EQ(rows().size(), 1U);
    EXPECT_FALSE(rows()[0].roi);
}

TEST_F(InspectionSessionTest, AFrozenPictureIsEncodedBeforeItIsAskedAbout)
{
    ASSERT_TRUE(startsInspecting());
    key(Qt::Key_F);
    m_script.waitUntilEncoding(1);
    ASSERT_TRUE(askPreset());
    ASSERT_EQ(rows().size(), 1U);
    EXPECT_TRUE(rows()[0].encoderReused);
    EXPECT_EQ(rows()[0].latency.encodeMs, 0);
    EXPECT_EQ(rows()[0].latency.prefillMs, 3);
}

TEST_F(InspectionSessionTest, AChangedPartOfAFrozenPictureIsEncodedAnew)
{
    ASSERT_TRUE(startsInspecting());
    Q_EMIT m_window.regionChanged(QRectF(0, 0, 0.5, 1)); // live: nothing is encoded
    key(Qt::Key_F);
    m_script.waitUntilEncoding(1);
    Q_EMIT m_window.regionChanged(QRectF(0.5, 0, 0.25, 1));
    m_script.waitUntilEncoding(2);
    Q_EMIT m_window.askRequested({QStringLiteral("Is there a bottle?"), 0, shownFrame(), QRectF(0.5, 0, 0.25, 1)});
    ASSERT_TRUE(waitFor([this] { return rows().size() == 1; }));
    EXPECT_TRUE(rows()[0].encoderReused);
    m_script.waitUntilEncoding(3); // after the answer, for the next question
    const std::lock_guard lock(m_script.mutex);
    EXPECT_EQ(m_script.encodedFrames.at(0).widthPx, 32);
    EXPECT_EQ(m_script.encodedFrames.at(1).widthPx, 16);
}

TEST_F(InspectionSessionTest, APictureFrozenBeforeTheModelIsReadyIsEncodedAfterIt)
{
    m_session->openSource(folderOf("parts", {Qt::red}));
    ASSERT_TRUE(waitFor([this] { return shownFrame() > 0; }));
    key(Qt::Key_F);
    load("good");
    ASSERT_TRUE(becomesReady());
    m_script.waitUntilEncoding(1);
}

TEST_F(InspectionSessionTest, ATriggerAsksItsQuestionWithoutAPerson)
{
    ASSERT_TRUE(startsInspecting());
    ui::TriggerSettings settings;
    settings.kind = ui::TriggerKind::Interval;
    settings.intervalSeconds = 0.1;
    Q_EMIT m_window.triggerChosen(settings);
    ASSERT_TRUE(waitFor([this] { return rows().size() >= 2; }));
    EXPECT_EQ(rows()[0].question, "Is there a bottle?");
    EXPECT_EQ(rows()[0].verdict, Verdict::Ok);
}

TEST_F(InspectionSessionTest, ATriggerIsSkippedWhileThePictureIsFrozenOrTheSourceGone)
{
    ui::TriggerState state;
    QObject::connect(m_session->findChild<TriggerDesk *>(), &TriggerDesk::stateChanged, &m_window,
                     [&](const ui::TriggerState &told) { state = told; });
    ASSERT_TRUE(startsInspecting());
    key(Qt::Key_F);
    ui::TriggerSettings settings;
    settings.kind = ui::TriggerKind::Interval;
    settings.intervalSeconds = 0.1;
    Q_EMIT m_window.triggerChosen(settings);
    ASSERT_TRUE(waitFor([&] { return state.skipped >= 2; }));
    EXPECT_EQ(state.asked, 0U);

    m_session->openSource(QStringLiteral("uvc:no-such-camera"));
    const quint64 before = state.skipped;
    ASSERT_TRUE(waitFor([&] { return state.skipped >= before + 2; }));
    EXPECT_EQ(state.asked, 0U);
    EXPECT_TRUE(rows().empty());
}

TEST_F(InspectionSessionTest, AReviewIsStoredBesideTheAnswerWithTheAccountAndComesBackAtTheNextStart)
{
    ASSERT_TRUE(startsInspecting());
    ASSERT_TRUE(askPreset());
    const std::int64_t row = rows().at(0).row;
    Q_EMIT m_window.reviewGiven(row, ui::Verdict::Ng, QStringLiteral("cap is loose"));
    ASSERT_TRUE(waitFor([this] { return rows()[0].review.has_value(); }));
    EXPECT_EQ(rows()[0].review->verdict, Verdict::Ng);
    EXPECT_EQ(rows()[0].review->reason, "cap is loose");
    EXPECT_EQ(rows()[0].review->reviewer, "maria");
    EXPECT_EQ(rows()[0].verdict, Verdict::Ok) << "a review edits nothing";

    m_session.reset();
    m_window.setRecent({});
    start();
    ui::RecentModel &recent = part<ui::RecentStrip>("recentStrip")->answers();
    ASSERT_TRUE(waitFor([&] { return recent.rowCount() == 1; }));
    ASSERT_TRUE(recent.at(0).review);
    EXPECT_EQ(recent.at(0).review->verdict, ui::Verdict::Ng);
}

TEST_F(InspectionSessionTest, AReviewIsShownAsGivenOnceItIsStored)
{
    ASSERT_TRUE(startsInspecting());
    ASSERT_TRUE(askPreset());
    ui::RecentModel &recent = part<ui::RecentStrip>("recentStrip")->answers();
    const auto turn = WriteTurn::create(m_data.root() / "inspector.db.turn");
    ASSERT_TRUE(turn);
    {
        const auto held = (*turn)->take(); // another program writes
        ASSERT_TRUE(held);
        Q_EMIT m_window.reviewGiven(recent.at(0).row, ui::Verdict::Ng, QStringLiteral("cap is loose"));
        EXPECT_FALSE(QTest::qWaitFor([&] { return recent.at(0).review.has_value(); }, 300));
        EXPECT_FALSE(rows()[0].review);
    }
    ASSERT_TRUE(waitFor([&] { return recent.at(0).review.has_value(); }));
    EXPECT_EQ(recent.at(0).review->reason, QStringLiteral("cap is loose"));
    EXPECT_TRUE(rows()[0].review);
}

TEST_F(InspectionSessionTest, TheCountersAreThoseOfTheDatabaseAndAResetDeletesNothing)
{
    m_script.answers["Is there a bottle?"] = "no";
    ASSERT_TRUE(startsInspecting());
    ASSERT_TRUE(askPreset());
    ASSERT_TRUE(askPreset());
    EXPECT_EQ(text("shiftTotal"), QStringLiteral("2"));
    EXPECT_EQ(text("shiftNg"), QStringLiteral("2"));
    EXPECT_EQ(text("shiftOk"), QStringLiteral("0"));
    m_session.reset();
    m_window.setShiftCounters({});
    start();
    ASSERT_TRUE(waitFor([this] { return text("shiftNg") == QStringLiteral("2"); })) << "they are lost at a restart";

    click("shiftReset");
    click("shiftResetConfirm");
    ASSERT_TRUE(waitFor([this] { return text("shiftTotal") == QStringLiteral("0"); }));
    EXPECT_EQ(rows().size(), 2U);
    load("good");
    m_session->openSource(folderOf("others", {Qt::blue}));
    ASSERT_TRUE(becomesReady());
    ASSERT_TRUE(askPreset());
    EXPECT_EQ(text("shiftTotal"), QStringLiteral("1"));
}

TEST_F(InspectionSessionTest, AStoredPictureComesFromTheDiskAndNotWhenItWasAltered)
{
    ASSERT_TRUE(startsInspecting());
    ASSERT_TRUE(askPreset());
    auto *strip = part<ui::RecentStrip>("recentStrip");
    auto *stored = part<ui::StoredPicture>("storedPicture");
    Q_EMIT strip->chosen(strip->answers().at(0));
    ASSERT_TRUE(waitFor([&] { return !stored->isLoading(); }));
    EXPECT_EQ(stored->picture().size(), QSize(64, 48));
    EXPECT_GT(stored->picture().pixelColor(32, 24).red(), 240);

    const fs::path file = m_data.root() / rows().at(0).picturePath;
    fs::permissions(file, fs::perms::owner_write, fs::perm_options::add);
    std::ofstream(file, std::ios::binary | std::ios::app) << 'x';
    key(Qt::Key_Escape);
    Q_EMIT strip->chosen(strip->answers().at(0));
    ASSERT_TRUE(waitFor([&] { return !stored->isLoading(); }));
    EXPECT_TRUE(stored->picture().isNull());
}

TEST_F(InspectionSessionTest, AReviewThatCannotBeStoredIsAFaultAndOfferedAgainByItsRow)
{
    ui::AnswerView view;
    view.row = 99; // there is no such answer
    view.isAnswered = true;
    view.verdict = ui::Verdict::Ng;
    Q_EMIT part<ui::RecentStrip>("recentStrip")->chosen(view);
    const auto state = [this] { return part<ui::ReviewBar>("stored.reviewBar")->state(); };
    ASSERT_EQ(state(), ui::ReviewBar::State::Offered);
    part<ui::ReviewBar>("stored.reviewBar")->confirm();
    EXPECT_EQ(state(), ui::ReviewBar::State::Storing);
    EXPECT_TRUE(faultIsShown("INT-01"));
    EXPECT_TRUE(waitFor([&] { return state() == ui::ReviewBar::State::Offered; }));
}

TEST_F(InspectionSessionTest, EndsInUnderTwoSecondsDuringAQuestionAndLeavesNoThreadBehind)
{
    m_session.reset();
    const std::ptrdiff_t before = threadCount();
    start();
    ASSERT_TRUE(startsInspecting());
    m_session->openSource(folderOf("others", {Qt::blue})); // one source on its way out
    ASSERT_TRUE(waitFor([this] { return shownFrame() > 1; }));
    m_script.hangs = true;
    key(Qt::Key_F1);
    m_script.waitUntilHanging();
    EXPECT_GT(threadCount(), before);
    const steady_clock::time_point begun = steady_clock::now();
    m_session.reset();
    EXPECT_LT(steady_clock::now() - begun, std::chrono::seconds(2));
    // The system forgets a joined thread a moment after it is joined.
    EXPECT_TRUE(waitFor([&] { return threadCount() <= before; })) << threadCount() << " threads, " << before << " before";
    EXPECT_EQ(CaptureWorker::abandonedReaders(), 0);
}

TEST_F(InspectionSessionTest, ARecordingIsPlayedAndAskedAbout)
{
    const fs::path video = fs::path(AURORAEDGE_SHARED_DIR) / "data/videos/bottle-detection.mp4";
    if (!fs::exists(video))
        GTEST_SKIP() << video << " is not there";
    m_session->openSource(QStringLiteral("file:") + QString::fromStdString(video.string()));
    load("good");
    ASSERT_TRUE(becomesReady());
    ASSERT_TRUE(waitFor([this] { return text("sourceRate") != QStringLiteral("– fps") && shownFrame() > 10; }));
    ASSERT_TRUE(askPreset());
    EXPECT_EQ(shownVerdict(), ui::Verdict::Ok);
    ASSERT_EQ(rows().size(), 1U);
    EXPECT_EQ(rows()[0].frameSequence, m_script.frames.back().sequence);
    EXPECT_EQ(rows()[0].pictureWidthPx, m_script.frames.back().widthPx);
}

TEST_F(InspectionSessionTest, WhatIsJudgedOnTheReviewPageIsOnTheDiskAndCanBeTakenBack)
{
    ASSERT_TRUE(startsInspecting());
    for (int asked = 1; asked <= 3; ++asked) {
        ASSERT_TRUE(askPreset());
        ASSERT_TRUE(waitFor([&] { return rows().size() == std::size_t(asked); }));
    }
    m_window.showPage(ui::MainWindow::Page::Review);
    ui::ReviewPanel &page = m_window.review();
    ASSERT_TRUE(waitFor([&] { return page.currentRow() == 3; })) << "the newest answer is looked at first";
    key(Qt::Key_N);
    ASSERT_TRUE(waitFor([this] { return rows().front().review.has_value(); }));
    EXPECT_EQ(rows().front().review->verdict, Verdict::Ng);
    EXPECT_EQ(rows().front().review->reviewer, "maria");
    EXPECT_EQ(rows().front().verdict, Verdict::Ok) << "the machine's row stays as it is";
    ASSERT_TRUE(waitFor([&] { return page.currentRow() == 2; })) << "it goes on by itself";
    key(Qt::Key_A);
    ASSERT_TRUE(waitFor([this] { return rows()[1].review.has_value(); }));
    EXPECT_EQ(rows()[1].review->verdict, Verdict::Ok);
    key(Qt::Key_Z);
    EXPECT_TRUE(waitFor([this] { return !rows()[1].review.has_value(); }));
    EXPECT_TRUE(rows().front().review.has_value());
}

TEST_F(InspectionSessionTest, TheReviewPageFindsWordsInWhatWasAnswered)
{
    m_script.answers["Is there a cap?"] = "a blue one";
    ASSERT_TRUE(startsInspecting());
    ASSERT_TRUE(askPreset());
    ASSERT_TRUE(waitFor([this] { return rows().size() == 1; }));
    ui::ReviewPanel &page = m_window.review();
    m_window.showPage(ui::MainWindow::Page::Review);
    ASSERT_TRUE(waitFor([&] { return page.currentRow() == 1; }));
    ui::ReviewFilter filter;
    filter.text = QStringLiteral("elephant");
    page.setFilter(filter);
    EXPECT_TRUE(waitFor([&] { return page.currentRow() == 0; }));
    filter.text = QStringLiteral("bott");
    page.setFilter(filter);
    EXPECT_TRUE(waitFor([&] { return page.currentRow() == 1; }));
}

TEST_F(InspectionSessionTest, TheStatisticsPageCountsWhatIsStoredAndItsReportIsWritten)
{
    ASSERT_TRUE(startsInspecting());
    ASSERT_TRUE(askPreset());
    ASSERT_TRUE(waitFor([this] { return rows().size() == 1; }));
    ui::StatisticsPanel &page = m_window.statistics();
    m_window.showPage(ui::MainWindow::Page::Statistics);
    const ui::StatisticsExport report{ui::StatisticsExport::What::Report, {}, ui::ExportFormat::Html};
    ASSERT_TRUE(waitFor([&] { return !page.sheet(report).charts.isEmpty(); }));
    Q_EMIT page.exportRequested(report);
    const fs::path reports = m_data.root() / "reports";
    const auto written = [&] { return fs::exists(reports) && fs::directory_iterator(reports) != fs::directory_iterator(); };
    ASSERT_TRUE(waitFor(written));
    const std::string html = testing::readFile(fs::directory_iterator(reports)->path());
    EXPECT_NE(html.find("<svg"), std::string::npos);
    EXPECT_NE(html.find("</html>"), std::string::npos);
}

} // namespace
} // namespace auroraedge::app
