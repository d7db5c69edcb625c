// The whole path with the real engine and the model that ships: a source, a key, an answer, a row, a picture.

#include "app/engine_host/engine_module.h"
#include "app/settings/sha256.h"
#include "app/storage/answer_store.h"
#include "app/window/inspection_session.h"
#include "app/window/view_values.h"
#include "tests/support/temporary_folder.h"
#include "ui/main_window.h"
#include "ui/panels/live_panel.h"
#include "ui/theme/theme.h"
#include "ui/widgets/picture_view.h"

#include <gtest/gtest.h>

#include <QAbstractButton>
#include <QApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

#include <chrono>
#include <iterator>

namespace auroraedge::app {
namespace {

using auroraedge::testing::readFile;
using auroraedge::testing::TemporaryFolder;
namespace fs = std::filesystem;

const fs::path kResources = fs::path(AURORAEDGE_SOURCE_DIR) / "resources";
const fs::path kPrograms = AURORAEDGE_BIN_DIR;
constexpr int kPatienceMs = 30'000; // of a busy machine; nothing is measured by it

Result<std::shared_ptr<Engine>> openEngine()
{
    Result<EngineModule> module = EngineModule::open(kPrograms / "auroraedge_engine.so");
    if (!module)
        return failure(module.error());
    const auto owner = std::make_shared<EngineModule>(std::move(*module));
    return std::shared_ptr<Engine>(owner, &owner->engine());
}

std::ptrdiff_t threadCount()
{
    return std::distance(fs::directory_iterator("/proc/self/task"), fs::directory_iterator());
}

/// The program's window with everything behind it, on a data folder of its own.
class StationTest : public ::testing::Test
{
protected:
    StationTest()
    {
        m_theme.applyTo(*qApp);
        m_window.resize(1280, 800);
        m_window.show();
        m_session = std::make_unique<InspectionSession>(m_window, parts());
    }

    StationParts parts() const
    {
        LoadOptions load;
        load.device = "cpu";
        const DataFolder dataFolder = DataFolder::resolve(m_folder.path());
        EXPECT_TRUE(dataFolder.create());
        auto sources = std::make_shared<const SourceCatalogue>(SourceCatalogue::discover(kPrograms / "plugins"));
        const Result<std::vector<Preset>> presets = readPresets(kResources / "demo" / "presets.json");
        EXPECT_TRUE(presets);
        return {dataFolder, kResources, std::move(sources), openEngine, *presets, load};
    }

    /// A folder source that shows the demonstration's picture @p name again and again.
    QString sourceOf(const char *name) const
    {
        fs::create_directories(m_folder / "line");
        fs::copy_file(picture(name), m_folder / "line" / name);
        return QString::fromStdString("folder:" + (m_folder / "line").string());
    }
    static fs::path picture(const char *name) { return kResources / "demo" / "pictures" / name; }

    void start(const QString &source)
    {
        m_session->openSource(source);
        m_session->loadModel({});
        waitUntilReady();
    }
    /// A model, a picture, and no question that is being answered.
    void waitUntilReady()
    {
        const auto *preset = m_window.findChild<QAbstractButton *>(QStringLiteral("preset1"));
        ASSERT_TRUE(preset);
        ASSERT_TRUE(QTest::qWaitFor([&] { return preset->isEnabled(); }, kPatienceMs));
    }
    void key(Qt::Key key) { QTest::keyClick(&m_window.live(), key); }
    /// Typed into the question box.
    void ask(const char *question)
    {
        key(Qt::Key_Slash);
        QTest::keyClicks(QApplication::focusWidget(), QLatin1String(question));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
    }
    /// The newest row, once there are @p count of them.
    AnswerRecord rowNumber(std::int64_t count) const
    {
        std::vector<AnswerRecord> rows;
        const bool isThere = QTest::qWaitFor(
            [&] {
                const Result<std::unique_ptr<AnswerReader>> reader = AnswerReader::open(m_folder.path());
                const auto recent = reader ? (*reader)->recentAnswers(10) : Result<std::vector<AnswerRecord>>(rows);
                rows = recent ? *recent : std::vector<AnswerRecord>{};
                return std::ssize(rows) >= count;
            },
            kPatienceMs);
        EXPECT_TRUE(isThere) << "there is no row " << count;
        return isThere ? rows.front() : AnswerRecord{};
    }
    /// What `auroraedge ARGUMENTS --json` prints.
    static QJsonObject commandLine(const QStringList &arguments)
    {
        QProcess program;
        program.start(QString::fromStdString((kPrograms / "auroraedge").string()), arguments);
        EXPECT_TRUE(program.waitForFinished(kPatienceMs));
        EXPECT_EQ(program.exitCode(), 0) << program.readAllStandardError().toStdString();
        return QJsonDocument::fromJson(program.readAllStandardOutput()).object();
    }

    TemporaryFolder m_folder;
    ui::Theme m_theme;
    ui::MainWindow m_window{m_theme};
    std::unique_ptr<InspectionSession> m_session;
};

TEST_F(StationTest, AKeyOnTheSimulatedLineEndsInARowWithEveryLatencyAndItsPicture)
{
    start(QStringLiteral("sim:"));
    key(Qt::Key_F1);
    const AnswerRecord row = rowNumber(1);
    EXPECT_EQ(row.question, "Is there a bottle?");
    ASSERT_TRUE(row.answer);
    EXPECT_FALSE(row.answer->empty());
    EXPECT_GT(row.probability.value_or(0), 0);
    EXPECT_TRUE(row.verdict);
    EXPECT_EQ(row.source, "sim:");
    EXPECT_EQ(row.modelName, "nano");
    EXPECT_EQ(row.modelSha256.size(), 64U);
    EXPECT_EQ(row.device, "cpu");
    EXPECT_EQ(row.precision, "fp32");
    EXPECT_GT(row.timeUtcMs, 0);
    const StageLatencies &latency = row.latency;
    for (const double ms : {latency.loadMs, latency.preprocessMs, latency.encodeMs, latency.projectMs, latency.compressMs,
                            latency.fuseMs, latency.prefillMs, latency.firstTokenMs, latency.totalMs})
        EXPECT_GT(ms, 0);
    const std::string file = readFile(m_folder / row.picturePath);
    EXPECT_EQ(std::ssize(file), row.pictureBytes);
    EXPECT_EQ(sha256Hex({reinterpret_cast<const std::uint8_t *>(file.data()), file.size()}), row.pictureSha256);
}

TEST_F(StationTest, TheWindowAndTheCommandLineAnswerAlike)
{
    constexpr char kPicture[] = "IMG_4825_0162.jpg";
    start(sourceOf(kPicture));
    const char *const questions[] = {"How many bottles are there?", "Describe the picture.", "Is the weld good?"};
    for (std::int64_t i = 0; i < std::ssize(questions); ++i) {
        SCOPED_TRACE(questions[i]);
        waitUntilReady();
        ask(questions[i]);
        const AnswerRecord row = rowNumber(i + 1);
        const QJsonObject line = commandLine({QStringLiteral("ask"), QStringLiteral("--no-store"), QStringLiteral("--json"),
                                              QStringLiteral("--device"), QStringLiteral("cpu"), QStringLiteral("--image"),
                                              QString::fromStdString(picture(kPicture).string()),
                                              QStringLiteral("--question"), QLatin1String(questions[i])});
        EXPECT_EQ(row.answer.value_or(""), line[QLatin1String("answer")].toString().toStdString());
        EXPECT_NEAR(row.probability.value_or(-1), line[QLatin1String("probability")].toDouble(), 1e-6);
        EXPECT_EQ(row.modelSha256, line[QLatin1String("model")][QLatin1String("sha256")].toString().toStdString());
        EXPECT_EQ(row.tokens.prompt, line[QLatin1String("tokens")][QLatin1String("prompt")].toInt());
    }
}

TEST_F(StationTest, ASecondQuestionAboutAFrozenPictureSkipsTheEncoder)
{
    start(QStringLiteral("sim:"));
    key(Qt::Key_F);
    key(Qt::Key_F1);
    rowNumber(1);
    waitUntilReady();
    key(Qt::Key_F2);
    const AnswerRecord second = rowNumber(2);
    EXPECT_TRUE(second.encoderReused);
    EXPECT_EQ(second.latency.encodeMs, 0);
}

TEST_F(StationTest, AFrozenPictureIsEncodedWhileTheOperatorTypes)
{
    start(QStringLiteral("sim:"));
    std::int64_t asked = 0;
    // A person types a question for seconds; the machine may be busy, so this one types several. Each is the first
    // question about its picture: without encoding ahead none of them finds it encoded.
    const auto typeAboutANewPicture = [&]() -> AnswerRecord {
        key(Qt::Key_F);
        key(Qt::Key_Slash);
        QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("What lies on the belt?"), Qt::NoModifier, 20);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
        const AnswerRecord row = rowNumber(++asked);
        waitUntilReady();
        key(Qt::Key_Escape); // out of the question box
        key(Qt::Key_F);
        return row;
    };
    AnswerRecord row;
    for (int i = 0; i < 10 && !row.encoderReused; ++i)
        row = typeAboutANewPicture();
    EXPECT_TRUE(row.encoderReused);
    EXPECT_EQ(row.latency.encodeMs, 0);
    EXPECT_EQ(row.latency.projectMs, 0);
    EXPECT_GT(row.latency.prefillMs, 0);
    EXPECT_GT(row.latency.totalMs, 0);
}

TEST_F(StationTest, TheWindowAndTheCommandLineAnswerAlikeAboutAMarkedPart)
{
    constexpr char kPicture[] = "IMG_4825_0162.jpg";
    start(sourceOf(kPicture));
    const auto *view = m_window.findChild<ui::PictureView *>(QStringLiteral("pictureView"));
    ASSERT_TRUE(view);
    const QSize size = view->picture().size();
    const PixelBox part{size.width() / 4, size.height() / 8, size.width() / 2, size.height() / 2};
    Q_EMIT m_window.askRequested({QStringLiteral("Is there a bottle?"), 0, view->status().sequence,
                                  regionOf(part, size.width(), size.height())});
    const AnswerRecord row = rowNumber(1);
    EXPECT_EQ(row.roi, part);
    EXPECT_EQ(row.pictureWidthPx, size.width());
    const QString roi = QStringLiteral("%1,%2,%3,%4").arg(part.x).arg(part.y).arg(part.width).arg(part.height);
    const QJsonObject line = commandLine({QStringLiteral("ask"), QStringLiteral("--no-store"), QStringLiteral("--json"),
                                          QStringLiteral("--device"), QStringLiteral("cpu"), QStringLiteral("--image"),
                                          QString::fromStdString(picture(kPicture).string()), QStringLiteral("--roi"), roi,
                                          QStringLiteral("--question"), QStringLiteral("Is there a bottle?")});
    EXPECT_EQ(row.answer.value_or(""), line[QLatin1String("answer")].toString().toStdString());
    EXPECT_NEAR(row.probability.value_or(-1), line[QLatin1String("probability")].toDouble(), 1e-6);
}

TEST_F(StationTest, ClosingWhileItAnswersTakesLessThanTwoSecondsAndLeavesNoThread)
{
    const std::ptrdiff_t before = threadCount(); // the session's own are running already
    start(QStringLiteral("sim:"));
    key(Qt::Key_F3);
    const auto closed = std::chrono::steady_clock::now();
    m_session.reset();
    EXPECT_LT(std::chrono::steady_clock::now() - closed, std::chrono::seconds(2));
    // What LibTorch and OpenCV keep for the next picture belongs to the process, not to the session.
    EXPECT_LE(threadCount(), before + std::ptrdiff_t{std::thread::hardware_concurrency()} * 2);
}

/// What `auroraedge-inspector ARGUMENTS` does offscreen.
struct Ended
{
    int exitCode = -1;
    QByteArray out, err;
};
Ended runInspector(const QStringList &arguments)
{
    QProcess program;
    program.start(QString::fromStdString((kPrograms / "auroraedge-inspector").string()), arguments);
    EXPECT_TRUE(program.waitForFinished(4 * kPatienceMs));
    return {program.exitCode(), program.readAllStandardOutput(), program.readAllStandardError()};
}

TEST(SoakTest, EndsWithOneLineOfFiguresAndLeavesNothingBehind)
{
    const TemporaryFolder folder;
    qputenv("TMPDIR", QByteArray::fromStdString(folder.path().string()));
    const Ended soak = runInspector({QStringLiteral("--soak"), QStringLiteral("0.05"), QStringLiteral("--device"), QStringLiteral("cpu")});
    qunsetenv("TMPDIR");
    ASSERT_EQ(soak.exitCode, 0) << soak.err.toStdString();
    EXPECT_EQ(soak.out.count('\n'), 1) << soak.out.toStdString();
    for (const fs::directory_entry &entry : fs::directory_iterator(folder.path()))
        EXPECT_FALSE(entry.path().filename().string().starts_with("auroraedge")) << entry << " is still there";

    const QJsonObject figures = QJsonDocument::fromJson(soak.out).object();
    const QStringList names{QStringLiteral("answers"), QStringLiteral("app_overhead_ms_p95"), QStringLiteral("frames_replaced"),
                            QStringLiteral("frames_shown"), QStringLiteral("gap_ms_max"), QStringLiteral("gap_ms_p99"),
                            QStringLiteral("rss_end_mb"), QStringLiteral("rss_start_mb"), QStringLiteral("threads")};
    EXPECT_EQ(figures.keys(), names) << soak.out.toStdString();
    const auto figure = [&](const char *name) { return figures[QLatin1String(name)].toDouble(-1); };
    EXPECT_GT(figure("answers"), 1);
    EXPECT_GT(figure("frames_shown"), 10);
    EXPECT_GE(figure("frames_replaced"), 0);
    EXPECT_GT(figure("gap_ms_p99"), 0);
    EXPECT_GE(figure("gap_ms_max"), figure("gap_ms_p99"));
    EXPECT_GT(figure("rss_start_mb"), 50);
    EXPECT_GT(figure("rss_end_mb"), 50);
    EXPECT_GE(figure("threads"), 4);
    EXPECT_GT(figure("app_overhead_ms_p95"), 0);
}

TEST(SoakTest, KeepsItsAnswersInTheGivenFolder)
{
    const TemporaryFolder folder;
    const Ended soak = runInspector({QStringLiteral("--soak"), QStringLiteral("0.02"), QStringLiteral("--device"), QStringLiteral("cpu"),
                                     QStringLiteral("--data-dir"), QString::fromStdString(folder.path().string())});
    ASSERT_EQ(soak.exitCode, 0) << soak.err.toStdString();
    const Result<std::unique_ptr<AnswerReader>> reader = AnswerReader::open(folder.path());
    ASSERT_TRUE(reader);
    const QJsonObject figures = QJsonDocument::fromJson(soak.out).object();
    EXPECT_GE(*(*reader)->countAnswers(), figures[QLatin1String("answers")].toInt());
    EXPECT_NE((*reader)->recentAnswers(1)->front().question, (*reader)->recentAnswers(2)->back().question) << "the presets take turns";
}

TEST(StartUpTest, TheProgramLogsWhenItsWindowIsUsableAndWhenItShowsALivePicture)
{
    const TemporaryFolder folder;
    QProcess program;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("QT_FORCE_STDERR_LOGGING"), QStringLiteral("1"));
    program.setProcessEnvironment(environment);
    program.start(QString::fromStdString((kPrograms / "auroraedge-inspector").string()),
                  {QStringLiteral("--source"), QStringLiteral("sim:"), QStringLiteral("--data-dir"), QString::fromStdString(folder.path().string())});
    QByteArray log;
    EXPECT_TRUE(QTest::qWaitFor(
        [&] {
            log += program.readAllStandardError();
            return log.contains("start-up: window usable after ") && log.contains("start-up: first live picture after ");
        },
        kPatienceMs)) << log.toStdString();
    program.terminate(); // SIGTERM closes it as its window does
    ASSERT_TRUE(program.waitForFinished(kPatienceMs));
    EXPECT_EQ(program.exitStatus(), QProcess::NormalExit);
    EXPECT_EQ(program.exitCode(), 0);
}

} // namespace
} // namespace auroraedge::app
