#include "app/window/batch_desk.h"

#include "app/window/batch_book.h"
#include "tests/app/window/other_language.h"
#include "tests/support/temporary_folder.h"
#include "ui/models/batch_failure_model.h"
#include "ui/models/batch_model.h"
#include "ui/panels/batch_panel.h"
#include "ui/theme/theme.h"

#include <gtest/gtest.h>

#include <QAbstractItemView>
#include <QApplication>
#include <QLabel>
#include <QListView>
#include <QProcess>
#include <QTest>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <sys/resource.h>

namespace auroraedge::app {
namespace {

namespace fs = std::filesystem;
using ui::BatchState;

constexpr int kPatienceMs = 20'000;

/// Whether process @p id is at work; one that only waits to be reaped is not.
bool isAlive(long id)
{
    std::ifstream status("/proc/" + std::to_string(id) + "/stat");
    std::string text;
    std::getline(status, text);
    const std::size_t name = text.rfind(')');
    return name != std::string::npos && text.size() > name + 2 && text[name + 2] != 'Z';
}

struct PastRun
{
    long id = 0;
    int niceLevel = 0;
    QStringList arguments;
};

QList<PastRun> runsOf(const fs::path &out)
{
    QList<PastRun> runs;
    std::ifstream file(out.string() + ".runs");
    for (std::string line; std::getline(file, line);) {
        QStringList words = QString::fromStdString(line).split(QLatin1Char('\x1f'));
        const QStringList head = words.takeFirst().split(QLatin1Char(' '));
        runs.append({head.at(0).toLong(), head.at(1).toInt(), words});
    }
    return runs;
}

/// A page with its desk, whose jobs are run by a program that asks nothing.
class BatchDeskTest : public ::testing::Test
{
protected:
    BatchDeskTest()
    {
        m_panel.show();
        open();
    }
    ~BatchDeskTest() override { m_desk.reset(); }

    void open(const fs::path &program = AURORAEDGE_FAKE_BATCH)
    {
        m_desk = std::make_unique<BatchDesk>(m_panel, DataFolder::resolve(dataFolder()), program);
    }
    [[nodiscard]] fs::path dataFolder() const
    {
        fs::create_directories(m_folder / "data");
        return m_folder / "data";
    }
    /// A folder with empty files of these names.
    fs::path pictures(const std::string &folder, const std::vector<std::string> &names)
    {
        fs::create_directories(m_folder / folder);
        for (const std::string &name : names)
            m_folder.write(folder + "/" + name, std::string());
        return m_folder / folder;
    }
    [[nodiscard]] ui::BatchOrder order(const std::string &folder) const
    {
        ui::BatchOrder order;
        order.source = QString::fromStdString((m_folder / folder).string());
        order.questions = {QStringLiteral("Cap?")};
        order.out = QString::fromStdString(out(folder).string());
        return order;
    }
    [[nodiscard]] fs::path out(const std::string &folder) const { return m_folder / (folder + ".jsonl"); }

    /// Adds it as the form does. @return its id; 0 when it was refused.
    qint64 add(const ui::BatchOrder &order)
    {
        const auto count = m_desk->jobs().size();
        Q_EMIT m_panel.addRequested(order);
        EXPECT_TRUE(QTest::qWaitFor([&] { return m_desk->jobs().size() > count; }, kPatienceMs));
        return m_desk->jobs().isEmpty() ? 0 : m_desk->jobs().last().id;
    }
    [[nodiscard]] const ui::BatchJob &job(qint64 id) const { return *std::ranges::find(m_desk->jobs(), id, &ui::BatchJob::id); }
    [[nodiscard]] ::testing::AssertionResult comesTo(qint64 id, BatchState state) const
    {
        if (QTest::qWaitFor([&] { return job(id).state == state; }, kPatienceMs))
            return ::testing::AssertionSuccess();
        return ::testing::AssertionFailure() << "it stays at state " << int(job(id).state) << ": " << job(id).sentence.toStdString();
    }
    [[nodiscard]] bool waitForDone(qint64 id, qint64 done) const
    {
        return QTest::qWaitFor([&] { return job(id).figures.done >= done; }, kPatienceMs);
    }
    [[nodiscard]] QString problem(ui::BatchField field) const
    {
        const auto *label = m_panel.findChild<QLabel *>(QStringLiteral("batchProblem-%1").arg(int(field)));
        return label->isHidden() ? QString() : label->text();
    }
    [[nodiscard]] QString told() const { return m_panel.findChild<QLabel *>(QStringLiteral("batchTold"))->text(); }
    [[nodiscard]] int failuresShown() const { return m_panel.findChild<QListView *>(QStringLiteral("batchFailures"))->model()->rowCount(); }

    const testing::TemporaryFolder m_folder;
    ui::Theme m_theme;
    ui::BatchPanel m_panel{m_theme};
    std::unique_ptr<BatchDesk> m_desk;
};

TEST_F(BatchDeskTest, AJobRunsToItsEndAndItsFiguresAreTold)
{
    pictures("line", {"a.jpg", "b.jpg", "ng.jpg"});
    const qint64 id = add(order("line"));
    ASSERT_TRUE(comesTo(id, BatchState::Finished));
    const ui::BatchFigures &figures = job(id).figures;
    EXPECT_EQ(figures.done, 3);
    EXPECT_EQ(figures.total, 3);
    EXPECT_EQ(figures.ok, 2);
    EXPECT_EQ(figures.ng, 1);
    EXPECT_EQ(figures.failed, 0);
    EXPECT_EQ(figures.perSecond, 2.5);
    EXPECT_FALSE(figures.secondsLeft);
    EXPECT_EQ(job(id).name, QStringLiteral("line"));
    EXPECT_EQ(testing::readFile(out("line")), "a.jpg\nb.jpg\nng.jpg\n");
}

TEST_F(BatchDeskTest, OrdinaryJobsRunOneAfterTheOtherAndAWatchBesideThem)
{
    pictures("first", {"a.jpg", "hold"});
    pictures("second", {"a.jpg"});
    pictures("inbox", {"a.jpg"});
    ui::BatchOrder inbox = order("inbox");
    inbox.watches = true;
    const qint64 first = add(order("first")), second = add(order("second")), watch = add(inbox);
    EXPECT_TRUE(comesTo(watch, BatchState::Watching));
    EXPECT_TRUE(comesTo(first, BatchState::Running));
    ASSERT_TRUE(waitForDone(first, 1));
    EXPECT_EQ(job(second).state, BatchState::Waiting);
    EXPECT_FALSE(fs::exists(out("second").string() + ".runs"));
    m_folder.write("inbox/b.jpg", std::string());
    EXPECT_TRUE(waitForDone(watch, 2)) << "what arrives is taken";
    fs::remove(m_folder / "first/hold");
    EXPECT_TRUE(comesTo(first, BatchState::Finished));
    EXPECT_TRUE(comesTo(second, BatchState::Finished));
    EXPECT_EQ(job(watch).state, BatchState::Watching);
}

TEST_F(BatchDeskTest, APausedJobGoesOnWithTheSameCommandAndAsksNothingTwice)
{
    pictures("line", {"a.jpg", "b.jpg", "hold", "z.jpg"});
    const qint64 id = add(order("line"));
    ASSERT_TRUE(waitForDone(id, 2));
    Q_EMIT m_panel.pauseRequested(id);
    ASSERT_TRUE(comesTo(id, BatchState::Paused));
    EXPECT_EQ(job(id).figures.done, 2);
    EXPECT_EQ(job(id).figures.ok, 2);
    fs::remove(m_folder / "line/hold");
    Q_EMIT m_panel.resumeRequested(id);
    ASSERT_TRUE(comesTo(id, BatchState::Finished));
    EXPECT_EQ(job(id).figures.done, 3);
    EXPECT_EQ(job(id).figures.ok, 3) << "those from before the pause count";
    const QList<PastRun> runs = runsOf(out("line"));
    ASSERT_EQ(runs.size(), 2);
    EXPECT_EQ(runs[0].arguments, runs[1].arguments);
    std::ifstream journal(out("line").string() + ".journal");
    EXPECT_EQ(std::count(std::istreambuf_iterator<char>(journal), {}, '\n'), 3);
}

TEST_F(BatchDeskTest, FiguresNeverFallBackWhileAResumedJobListsAndLoads)
{
    pictures("line", {"a.jpg", "b.jpg", "hold"});
    const qint64 id = add(order("line"));
    ASSERT_TRUE(waitForDone(id, 2));
    Q_EMIT m_panel.pauseRequested(id);
    ASSERT_TRUE(comesTo(id, BatchState::Paused));
    qint64 least = 2;
    QObject::connect(m_desk.get(), &BatchDesk::changed, m_desk.get(), [&] { least = std::min(least, job(id).figures.done); });
    Q_EMIT m_panel.resumeRequested(id);
    ASSERT_TRUE(QTest::qWaitFor([&] { return job(id).phase == ui::BatchPhase::Asking && job(id).state == BatchState::Running; }, kPatienceMs));
    EXPECT_EQ(least, 2);
}

TEST_F(BatchDeskTest, ACancelledJobLetsTheNextOneRun)
{
    pictures("first", {"hold"});
    pictures("second", {"a.jpg", "hold"});
    pictures("third", {"a.jpg"});
    const qint64 first = add(order("first")), second = add(order("second")), third = add(order("third"));
    Q_EMIT m_panel.cancelRequested(third); // one that waits
    EXPECT_EQ(job(third).state, BatchState::Cancelled);
    ASSERT_TRUE(comesTo(first, BatchState::Running));
    Q_EMIT m_panel.cancelRequested(first);
    ASSERT_TRUE(comesTo(first, BatchState::Cancelled));
    EXPECT_TRUE(waitForDone(second, 1));
    EXPECT_EQ(runsOf(out("third")).size(), 0);
}

TEST_F(BatchDeskTest, FailuresAreListedAsTheyComeAndAskedAgainOnDemand)
{
    pictures("line", {"a.jpg", "bad1.jpg", "bad2.jpg", "hold"});
    const qint64 id = add(order("line"));
    ASSERT_TRUE(QTest::qWaitFor([&] { return failuresShown() == 2; }, kPatienceMs)) << "while it runs";
    fs::remove(m_folder / "line/hold");
    ASSERT_TRUE(comesTo(id, BatchState::FinishedWithFailures));
    EXPECT_EQ(job(id).figures.failed, 2);
    ASSERT_TRUE(QTest::qWaitFor([&] {
        return failuresShown() == 2 && m_panel.findChild<QListView *>(QStringLiteral("batchFailures"))->model()->index(0, 0).data().toString().contains(QLatin1String("the \"picture\" is damaged"));
    }, kPatienceMs)) << "as the list on the disk has them";
    Q_EMIT m_panel.retryRequested(id);
    ASSERT_TRUE(QTest::qWaitFor([&] { return runsOf(out("line")).size() == 2 && job(id).state == BatchState::FinishedWithFailures; }, kPatienceMs));
    EXPECT_TRUE(runsOf(out("line")).last().arguments.contains(QStringLiteral("--retry-failed")));
    EXPECT_FALSE(job(id).command.contains(QLatin1String("--retry-failed"))) << "once, not for ever";
    std::ifstream journal(out("line").string() + ".journal");
    EXPECT_EQ(std::count(std::istreambuf_iterator<char>(journal), {}, '\n'), 5) << "the good one was not asked again";
}

TEST_F(BatchDeskTest, ARefusalACrashAndAMissingProgramAreToldInASentence)
{
    pictures("line", {"a.jpg"});
    pictures("other", {"a.jpg"});
    ui::BatchOrder refused = order("line"), crashed = order("other");
    refused.questions = {QStringLiteral("refuse")};
    crashed.questions = {QStringLiteral("crash")};
    const qint64 first = add(refused), second = add(crashed);
    ASSERT_TRUE(comesTo(first, BatchState::Failed));
    EXPECT_EQ(job(first).sentence, QStringLiteral("CLI-01: the question is refused"));
    ASSERT_TRUE(comesTo(second, BatchState::Failed));
    EXPECT_TRUE(job(second).sentence.contains(QString::number(SIGABRT))) << job(second).sentence.toStdString();
    m_desk.reset();
    open(m_folder / "nothing-here");
    ASSERT_TRUE(QTest::qWaitFor([&] { return m_desk->jobs().size() == 2; }, kPatienceMs));
    const qint64 again = m_desk->jobs().first().id;
    Q_EMIT m_panel.resumeRequested(again);
    ASSERT_TRUE(QTest::qWaitFor([&] { return job(again).state == BatchState::Failed && job(again).sentence.contains(QLatin1String("nothing-here")); }, kPatienceMs));
}

TEST_F(BatchDeskTest, WhatCannotWorkIsRefusedAtItsField)
{
    pictures("line", {"a.jpg", "hold"});
    Q_EMIT m_panel.addRequested(order("gone"));
    ASSERT_TRUE(QTest::qWaitFor([&] { return !problem(ui::BatchField::Source).isEmpty(); }, kPatienceMs));
    EXPECT_TRUE(problem(ui::BatchField::Source).contains(QLatin1String("gone")));
    ui::BatchOrder nowhere = order("line");
    nowhere.out = QString::fromStdString((m_folder / "no/folder.jsonl").string());
    Q_EMIT m_panel.addRequested(nowhere);
    ASSERT_TRUE(QTest::qWaitFor([&] { return !problem(ui::BatchField::Out).isEmpty(); }, kPatienceMs));
    EXPECT_TRUE(m_desk->jobs().isEmpty());

    add(order("line"));
    ui::BatchOrder same = order("line");
    same.out.replace(QLatin1String("line.jsonl"), QLatin1String("./line.jsonl"));
    Q_EMIT m_panel.addRequested(same);
    ASSERT_TRUE(QTest::qWaitFor([&] { return problem(ui::BatchField::Out).contains(QLatin1String("line")); }, kPatienceMs));
    EXPECT_EQ(m_desk->jobs().size(), 1);
}

TEST_F(BatchDeskTest, APatternNeedsItsFolderAlone)
{
    pictures("line", {"a.jpg"});
    ui::BatchOrder pattern = order("line");
    pattern.source += QStringLiteral("/*.png");
    const qint64 id = add(pattern);
    EXPECT_EQ(job(id).name, QStringLiteral("line/*.png"));
    pattern = order("gone");
    pattern.source += QStringLiteral("/*.png");
    Q_EMIT m_panel.addRequested(pattern);
    EXPECT_TRUE(QTest::qWaitFor([&] { return problem(ui::BatchField::Source).contains(QLatin1String("gone")); }, kPatienceMs));
}

TEST_F(BatchDeskTest, TheCopiedCommandLineRunsTheSameInATerminal)
{
    pictures("a line's \"pictures\" $HOME", {"a.jpg"});
    ui::BatchOrder odd = order("a line's \"pictures\" $HOME");
    odd.questions = {QStringLiteral("--is it; 'good' `or` \\bad?"), QString::fromUtf8("有没有划痕?")};
    odd.isRecursive = true;
    odd.parts = 8;
    odd.part = 2;
    odd.limit = 500;
    odd.keepsRows = false;
    odd.model = QStringLiteral("/models/one two");
    const qint64 id = add(odd);
    ASSERT_TRUE(comesTo(id, BatchState::Finished));
    QProcess shell;
    shell.start(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), job(id).command});
    ASSERT_TRUE(shell.waitForFinished(kPatienceMs));
    EXPECT_EQ(shell.exitCode(), 0) << shell.readAllStandardError().toStdString();
    const QList<PastRun> runs = runsOf(fs::path(odd.out.toStdString()));
    ASSERT_EQ(runs.size(), 2);
    EXPECT_EQ(runs[0].arguments, runs[1].arguments);
    for (const QString &word : {QStringLiteral("--question=--is it; 'good' `or` \\bad?"), QStringLiteral("--recursive"), QStringLiteral("--shard=2/8"),
                                QStringLiteral("--limit=500"), QStringLiteral("--no-store"), QStringLiteral("--model=/models/one two"),
                                QStringLiteral("--progress=json"), QStringLiteral("--data-dir=") + QString::fromStdString(dataFolder().string())})
        EXPECT_TRUE(runs[0].arguments.contains(word)) << word.toStdString();
    EXPECT_EQ(runs[0].niceLevel, std::min(19, getpriority(PRIO_PROCESS, 0) + 10)) << "Live goes first";
}

TEST_F(BatchDeskTest, WaitingJobsChangePlacesAndRunInTheNewOrder)
{
    pictures("first", {"hold"});
    pictures("second", {"a.jpg"});
    pictures("third", {"a.jpg", "hold"});
    const qint64 first = add(order("first")), second = add(order("second")), third = add(order("third"));
    Q_EMIT m_panel.moveRequested(third, -1);
    EXPECT_EQ(m_desk->jobs().at(1).id, third);
    Q_EMIT m_panel.moveRequested(third, -1); // nothing waits before it
    EXPECT_EQ(m_desk->jobs().at(0).id, first);
    fs::remove(m_folder / "first/hold");
    EXPECT_TRUE(waitForDone(third, 1));
    EXPECT_EQ(job(second).state, BatchState::Waiting);
    Q_EMIT m_panel.removeRequested(second);
    EXPECT_EQ(m_desk->jobs().size(), 2);
    Q_EMIT m_panel.removeRequested(third);
    EXPECT_EQ(m_desk->jobs().size(), 2) << "not while it runs";
}

TEST_F(BatchDeskTest, ADryRunCountsAndEstimatesByTheNewestRate)
{
    pictures("line", {"a.jpg", "b.jpg", "c.jpg"});
    const QLabel *plan = m_panel.findChild<QLabel *>(QStringLiteral("batchPlan"));
    ui::BatchOrder wanted = order("line");
    wanted.out.clear();
    Q_EMIT m_panel.planRequested(wanted);
    ASSERT_TRUE(QTest::qWaitFor([&] { return plan->text().contains(QLatin1String("Pictures: 3")); }, kPatienceMs));
    EXPECT_TRUE(plan->text().contains(QLatin1String("free")));
    EXPECT_TRUE(plan->text().contains(QLatin1String("not known")));
    pictures("other", {"a.jpg"});
    ASSERT_TRUE(comesTo(add(order("other")), BatchState::Finished)); // 2.5 pictures a second, of one question
    wanted.questions.append(QStringLiteral("And the label?"));
    Q_EMIT m_panel.planRequested(wanted);
    EXPECT_TRUE(QTest::qWaitFor([&] { return plan->text().contains(QLatin1String("about 3 s")); }, kPatienceMs)) << plan->text().toStdString();
}

TEST_F(BatchDeskTest, ClosingEndsTheProgramsAndTheNextStartShowsThemPaused)
{
    pictures("line", {"a.jpg", "hold", "z.jpg"});
    pictures("next", {"a.jpg"});
    pictures("inbox", {"hold"});
    ui::BatchOrder stubborn = order("inbox");
    stubborn.questions = {QStringLiteral("stubborn")};
    stubborn.watches = true;
    const qint64 id = add(order("line"));
    add(order("next"));
    add(stubborn);
    ASSERT_TRUE(waitForDone(id, 1));
    ASSERT_TRUE(QTest::qWaitFor([&] { return runsOf(out("inbox")).size() == 1; }, kPatienceMs));
    const long process = runsOf(out("line")).first().id, obstinate = runsOf(out("inbox")).first().id;
    m_desk.reset();
    EXPECT_FALSE(isAlive(process));
    EXPECT_FALSE(isAlive(obstinate)) << "one that does not stop is killed";

    open();
    ASSERT_TRUE(QTest::qWaitFor([&] { return m_desk->jobs().size() == 3; }, kPatienceMs));
    for (const ui::BatchJob &each : m_desk->jobs())
        EXPECT_EQ(each.state, BatchState::Paused) << each.name.toStdString() << ": nothing begins by itself";
    const ui::BatchJob line = m_desk->jobs().first();
    EXPECT_EQ(line.order, order("line"));
    EXPECT_EQ(line.figures.done, 1);
    EXPECT_EQ(line.figures.total, 3);
    fs::remove(m_folder / "line/hold");
    Q_EMIT m_panel.resumeRequested(line.id);
    ASSERT_TRUE(comesTo(line.id, BatchState::Finished));
    EXPECT_EQ(testing::readFile(out("line")), "a.jpg\nz.jpg\n");
}

TEST_F(BatchDeskTest, AfterAStartTheFailuresAreReadFromTheirList)
{
    pictures("line", {"bad.jpg", "bad2.jpg"});
    ASSERT_TRUE(comesTo(add(order("line")), BatchState::FinishedWithFailures));
    m_desk.reset();
    m_panel.setJobs({});
    open();
    EXPECT_TRUE(QTest::qWaitFor([&] { return failuresShown() == 2; }, kPatienceMs));
}

TEST_F(BatchDeskTest, FailuresAndEndsAreToldInTheLanguageOfTheWindow)
{
    const tests::OtherLanguage language("Error");
    const auto failure = [this] { return m_panel.findChild<QListView *>(QStringLiteral("batchFailures"))->model()->index(0, 0).data().toString(); };
    pictures("line", {"bad.jpg", "hold"});
    const qint64 id = add(order("line"));
    ASSERT_TRUE(QTest::qWaitFor([&] { return failuresShown() == 1; }, kPatienceMs)) << "while it runs";
    EXPECT_TRUE(failure().contains(QStringLiteral("«the picture is incomplete»"))) << failure().toStdString();
    fs::remove(m_folder / "line/hold");
    ASSERT_TRUE(comesTo(id, BatchState::FinishedWithFailures));
    m_desk.reset();
    m_panel.setJobs({});
    open();
    ASSERT_TRUE(QTest::qWaitFor([&] { return failuresShown() == 1; }, kPatienceMs)) << "from the list on the disk";
    EXPECT_TRUE(failure().contains(QStringLiteral("«the picture is incomplete»"))) << failure().toStdString();

    ui::BatchOrder refused = order("line");
    refused.questions = {QStringLiteral("refuse")};
    refused.out = QString::fromStdString(out("refused").string());
    const qint64 second = add(refused);
    ASSERT_TRUE(comesTo(second, BatchState::Failed));
    EXPECT_EQ(job(second).sentence, QStringLiteral("CLI-01: the question is refused")) << "what is remembered";
    const auto isShown = [this] {
        const QAbstractItemModel *jobs = m_panel.findChild<QAbstractItemView *>(QStringLiteral("batchTable"))->model();
        for (int row = 0; row < jobs->rowCount(); ++row) {
            if (jobs->index(row, ui::BatchModel::State).data().toString().contains(QStringLiteral("CLI-01: «this is not possible» (the question is refused)")))
                return true;
        }
        return false;
    };
    EXPECT_TRUE(QTest::qWaitFor(isShown, kPatienceMs));
}

TEST_F(BatchDeskTest, ADamagedFileOfJobsIsKeptAndToldAndWhatIsWholeGoesOn)
{
    pictures("line", {"a.jpg"});
    ASSERT_TRUE(comesTo(add(order("line")), BatchState::Finished));
    m_desk.reset();
    const fs::path file = dataFolder() / "batch_jobs.json";
    std::string text = testing::readFile(file);
    text.insert(text.rfind(']'), R"(, {"source": 7})");
    std::ofstream(file) << text;
    open();
    ASSERT_TRUE(QTest::qWaitFor([&] { return m_desk->jobs().size() == 1; }, kPatienceMs));
    EXPECT_TRUE(told().contains(QLatin1String("SET-01"))) << told().toStdString();
    EXPECT_EQ(testing::readFile(file.string() + ".damaged"), text);
    m_desk.reset();
    std::ofstream(file) << "{ not json";
    open();
    ASSERT_TRUE(QTest::qWaitFor([&] { return fs::exists(file.string() + ".damaged-2"); }, kPatienceMs));
    EXPECT_EQ(testing::readFile(file.string() + ".damaged-2"), "{ not json");
}

/// A window that is killed takes its programs with it. The statement runs in a process of its own.
TEST_F(BatchDeskTest, AKilledWindowLeavesNoOrphan)
{
    ::testing::FLAGS_gtest_death_test_style = "threadsafe";
    constexpr const char *kFolder = "AURORAEDGE_TEST_ORPHAN";
    if (!qEnvironmentVariableIsSet(kFolder))
        qputenv(kFolder, QByteArray::fromStdString(m_folder.path().string()));
    const fs::path folder = qgetenv(kFolder).toStdString();
    fs::create_directories(folder / "line");
    std::ofstream(folder / "line/hold") << "";
    ui::BatchOrder held = order("line");
    held.source = QString::fromStdString((folder / "line").string());
    held.out = QString::fromStdString((folder / "line.jsonl").string());
    const auto killTheWindow = [&] {
        add(held);
        if (QTest::qWaitFor([&] { return !runsOf(folder / "line.jsonl").isEmpty(); }, kPatienceMs))
            std::raise(SIGKILL);
    };
    EXPECT_EXIT(killTheWindow(), ::testing::KilledBySignal(SIGKILL), "");
    qunsetenv(kFolder);
    const QList<PastRun> runs = runsOf(folder / "line.jsonl");
    ASSERT_EQ(runs.size(), 1);
    EXPECT_TRUE(QTest::qWaitFor([&] { return !isAlive(runs.first().id); }, kPatienceMs));
}

/// The real command line and the model that ships, on real pictures.
TEST_F(BatchDeskTest, TheRealProgramIsPausedAndGoesOnWithEveryPictureOnce)
{
    const fs::path program = fs::path(AURORAEDGE_BIN_DIR) / "auroraedge";
    const fs::path real = fs::path(AURORAEDGE_SHARED_DIR) / "data" / "conveyor_bottles";
    std::vector<fs::path> pictures;
    if (fs::exists(real)) {
        for (const fs::directory_entry &entry : fs::recursive_directory_iterator(real)) {
            if (entry.path().extension() == ".jpg" || entry.path().extension() == ".png")
                pictures.push_back(entry.path());
        }
    }
    if (pictures.size() < 80 || !fs::exists(program))
        GTEST_SKIP() << "needs " << program << " and 80 pictures in " << real;
    std::sort(pictures.begin(), pictures.end());
    fs::create_directories(m_folder / "line");
    for (std::size_t i = 0; i < 80; ++i)
        fs::copy_file(pictures[i], m_folder / ("line/" + std::to_string(i) + pictures[i].extension().string()));
    m_folder.write("line/cut.jpg", testing::readFile(pictures[0]).substr(0, 900));
    m_desk.reset();
    open(program);
    ui::BatchOrder line = order("line");
    line.questions = {QStringLiteral("Is there a cap on the bottle?")};
    const qint64 id = add(line);
    ASSERT_TRUE(QTest::qWaitFor([&] { return job(id).figures.done > 0 || job(id).state == BatchState::Failed; }, 120'000)) << job(id).sentence.toStdString();
    Q_EMIT m_panel.pauseRequested(id);
    ASSERT_TRUE(comesTo(id, BatchState::Paused));
    EXPECT_LT(job(id).figures.done, 81);
    EXPECT_FALSE(fs::exists(out("line"))) << "it appears whole or not at all";
    Q_EMIT m_panel.resumeRequested(id);
    ASSERT_TRUE(QTest::qWaitFor([&] { return job(id).state == BatchState::FinishedWithFailures || job(id).state == BatchState::Failed; }, 120'000));
    ASSERT_EQ(job(id).state, BatchState::FinishedWithFailures) << job(id).sentence.toStdString();
    EXPECT_EQ(job(id).figures.done, 81);
    EXPECT_EQ(job(id).figures.failed, 1);
    EXPECT_TRUE(QTest::qWaitFor([&] { return failuresShown() == 1; }, kPatienceMs));

    std::map<std::string, int> rows;
    std::ifstream answers(out("line"));
    for (std::string text; std::getline(answers, text);) {
        for (std::size_t i = 0; i < 80; ++i) {
            if (text.find("line/" + std::to_string(i) + pictures[i].extension().string() + "\"") != std::string::npos)
                ++rows[std::to_string(i)];
        }
    }
    EXPECT_EQ(rows.size(), 80U);
    for (const auto &[name, count] : rows)
        EXPECT_EQ(count, 1) << name;
}

} // namespace
} // namespace auroraedge::app
