#include "tests/ui/window_test.h"
#include "ui/gallery/batch_values.h"
#include "ui/models/batch_failure_model.h"
#include "ui/panels/batch_panel.h"
#include "ui/widgets/batch_table.h"
#include "ui/widgets/filter_chip.h"

#include <QAbstractButton>
#include <QClipboard>
#include <QLineEdit>
#include <QListView>
#include <QPlainTextEdit>

namespace auroraedge::ui::tests {
namespace {

/// Orders work as a QA engineer does, with a station that does it when the test says so.
class BatchPageTest : public WindowTest
{
protected:
    BatchPageTest() : m_panel(m_window.batch())
    {
        using P = BatchPanel;
        QObject::connect(&m_panel, &P::addRequested, &m_window, [this](const BatchOrder &order) { m_orders.append(order); });
        QObject::connect(&m_panel, &P::planRequested, &m_window, [this](const BatchOrder &order) { m_plans.append(order); });
        QObject::connect(&m_panel, &P::planCancelRequested, &m_window, [this] { ++m_planCancels; });
        QObject::connect(&m_panel, &P::failuresWanted, &m_window, [this](qint64 id) { m_wanted.append(id); });
        QObject::connect(&m_panel, &P::moveRequested, &m_window, [this](qint64 id, int steps) { m_moves.append({id, steps}); });
        const auto told = [this](auto signal, const char *word) {
            QObject::connect(&m_panel, signal, &m_window, [this, word](qint64 id) { m_told.append(QStringLiteral("%1 %2").arg(QLatin1String(word)).arg(id)); });
        };
        told(&P::pauseRequested, "pause");
        told(&P::resumeRequested, "resume");
        told(&P::cancelRequested, "cancel");
        told(&P::removeRequested, "remove");
        told(&P::retryRequested, "retry");
        told(&P::folderRequested, "folder");
        m_window.setModelState(Scenes::readyModel());
        m_panel.setModels(Scenes::modelEntries());
        key(Qt::Key_3, Qt::ControlModifier);
    }
    void press(const char *name)
    {
        part<QAbstractButton>(name)->click();
        QCoreApplication::processEvents();
    }
    void fill(const char *source, const char *questions, const char *out)
    {
        part<QLineEdit>("batchSource")->setText(QString::fromUtf8(source));
        part<QPlainTextEdit>("batchQuestions")->setPlainText(QString::fromUtf8(questions));
        part<QLineEdit>("batchOut")->setText(QString::fromUtf8(out));
    }
    /// Adds what is filled in; it must be refused at @p field, which then has the focus.
    void expectRefusedAt(BatchField field, const char *focus)
    {
        press("batchAdd");
        EXPECT_TRUE(m_orders.isEmpty());
        const QByteArray name = QByteArrayLiteral("batchProblem-") + QByteArray::number(int(field));
        EXPECT_TRUE(isShown(name.constData()));
        EXPECT_FALSE(text(name.constData()).isEmpty());
        EXPECT_EQ(focused(), QLatin1String(focus));
    }

    BatchPanel &m_panel;
    QList<BatchOrder> m_orders, m_plans;
    QList<qint64> m_wanted;
    QList<std::pair<qint64, int>> m_moves;
    QStringList m_told;
    int m_planCancels = 0;
};

TEST_F(BatchPageTest, AnEmptyPageSaysWhatToDoAndHasTheFocusInTheForm)
{
    ASSERT_EQ(m_window.page(), MainWindow::Page::Batch);
    EXPECT_TRUE(text("batchSummary").contains(QLatin1String("Name pictures, a question and a file for the answers")));
    EXPECT_TRUE(isShown("batchForm"));
    EXPECT_FALSE(isShown("batchTable"));
    EXPECT_FALSE(isShown("batchNew"));
    EXPECT_EQ(focused(), QStringLiteral("batchSource"));
}

TEST_F(BatchPageTest, TheFormTellsAllThatWasEntered)
{
    fill("/data/line3", "Is there a cap?\n\n  Which   digit is shown? \n", "/data/line3.csv");
    press("batchRecursive");
    press("batchMore");
    part<QLineEdit>("batchPart")->setText(QStringLiteral("2/8"));
    part<QLineEdit>("batchLimit")->setText(QStringLiteral("500"));
    press("batchRetryFailed");
    press("batchKeepRows");
    press("batchAdd");
    ASSERT_EQ(m_orders.size(), 1);
    const BatchOrder &order = m_orders.first();
    EXPECT_EQ(order.source, QStringLiteral("/data/line3"));
    EXPECT_EQ(order.questions, (QStringList{QStringLiteral("Is there a cap?"), QStringLiteral("Which digit is shown?")}));
    EXPECT_EQ(order.out, QStringLiteral("/data/line3.csv"));
    EXPECT_EQ(order.model, Scenes::readyModel().folder);
    EXPECT_TRUE(order.isRecursive);
    EXPECT_FALSE(order.watches);
    EXPECT_EQ(order.part, 2);
    EXPECT_EQ(order.parts, 8);
    EXPECT_EQ(order.limit, 500);
    EXPECT_TRUE(order.retriesFailed);
    EXPECT_FALSE(order.keepsRows);
}

TEST_F(BatchPageTest, AWatchHasASettleTimeAndNoLimit)
{
    fill("/data/inbox", "Is there a cap?", "/data/inbox.jsonl");
    press("batchMore");
    EXPECT_FALSE(isShown("batchSettle"));
    part<QLineEdit>("batchLimit")->setText(QStringLiteral("500"));
    press("batchWatch");
    EXPECT_TRUE(isShown("batchSettle"));
    EXPECT_FALSE(part("batchLimit")->isEnabled());
    press("batchSettleMore");
    press("batchAdd");
    ASSERT_EQ(m_orders.size(), 1);
    EXPECT_TRUE(m_orders.first().watches);
    EXPECT_EQ(m_orders.first().settleSeconds, 5);
    EXPECT_EQ(m_orders.first().limit, 0);
}

TEST_F(BatchPageTest, WhatIsMissingOrWrongIsSaidAtItsField)
{
    fill("", "Is there a cap?", "/data/a.jsonl");
    expectRefusedAt(BatchField::Source, "batchSource");
    fill("/data/line3", " \n ", "/data/a.jsonl");
    expectRefusedAt(BatchField::Questions, "batchQuestions");
    fill("/data/line3", "Cap?\nCap?", "/data/a.jsonl");
    expectRefusedAt(BatchField::Questions, "batchQuestions");
    fill("/data/line3", "Cap?", "/data/a.xlsx");
    expectRefusedAt(BatchField::Out, "batchOut");
    EXPECT_FALSE(isShown("batchProblem-2")) << "what was mended is not told any more";
    fill("/data/line3", "Cap?", "");
    expectRefusedAt(BatchField::Out, "batchOut");
    fill("/data/line3", "Cap?", "/data/a.csv");
    for (const char *wrong : {"9/8", "0/8", "two", "1/0"}) {
        part<QLineEdit>("batchPart")->setText(QLatin1String(wrong));
        expectRefusedAt(BatchField::Part, "batchPart"); // and opens what it is in
    }
    part<QLineEdit>("batchPart")->clear();
    part<QLineEdit>("batchLimit")->setText(QStringLiteral("-1"));
    expectRefusedAt(BatchField::Limit, "batchLimit");
    part<QLineEdit>("batchLimit")->clear();
    press("batchAdd");
    EXPECT_EQ(m_orders.size(), 1);
}

TEST_F(BatchPageTest, WhatTheStationRefusesIsSaidAtItsFieldToo)
{
    fill("/data/gone", "Cap?", "/data/a.csv");
    press("batchAdd");
    m_panel.refuse(BatchField::Source, QStringLiteral("/data/gone is not there."));
    EXPECT_EQ(text("batchProblem-1"), QStringLiteral("/data/gone is not there."));
    EXPECT_EQ(focused(), QStringLiteral("batchSource"));
    EXPECT_EQ(part<QLineEdit>("batchSource")->text(), QStringLiteral("/data/gone"));
}

TEST_F(BatchPageTest, EnterInAFieldAddsTheJob)
{
    fill("/data/line3", "Cap?", "/data/a.csv");
    part("batchOut")->setFocus();
    key(Qt::Key_Return);
    EXPECT_EQ(m_orders.size(), 1);
}

TEST_F(BatchPageTest, AnotherModelIsChosenFromTheShelf)
{
    fill("/data/line3", "Cap?", "/data/a.csv");
    press("batchModel");
    key(Qt::Key_Down);
    key(Qt::Key_Return);
    EXPECT_EQ(part<FilterChip>("batchModel")->value(), QStringLiteral("auroraedge-v-2b"));
    press("batchAdd");
    EXPECT_EQ(m_orders.last().model, QStringLiteral("/data/models/auroraedge-v-2b"));
    EXPECT_EQ(m_orders.last().modelName, QStringLiteral("auroraedge-v-2b"));
    part("batchModel")->setFocus();
    key(Qt::Key_Delete);
    press("batchAdd");
    EXPECT_EQ(m_orders.last().model, Scenes::readyModel().folder);
}

TEST_F(BatchPageTest, ADryRunNeedsPicturesAloneAndTellsCountTimeAndRoom)
{
    part<QLineEdit>("batchSource")->setText(QStringLiteral("/data/line3"));
    press("batchDryRun");
    ASSERT_EQ(m_plans.size(), 1);
    EXPECT_EQ(part<QAbstractButton>("batchDryRun")->text(), QStringLiteral("Cancel"));
    m_panel.showPlan({.condition = BatchPlan::Condition::Ready, .pictures = 20'000, .seconds = 8'300, .freeBytes = 214'000'000'000});
    for (const char *word : {"20000", "2 h 19 min", "214.0 GB"})
        EXPECT_TRUE(text("batchPlan").contains(QLatin1String(word))) << word << " in " << text("batchPlan").toStdString();
    part("batchSource")->setFocus();
    type("x"); // another folder: the plan was not of it
    EXPECT_TRUE(text("batchPlan").isEmpty());
    press("batchDryRun");
    press("batchDryRun");
    EXPECT_EQ(m_planCancels, 1);
}

TEST_F(BatchPageTest, AnAddedJobTakesThePlaceOfTheFormWhichKeepsTheQuestion)
{
    fill("/data/line3", "Cap?", "/data/a.csv");
    press("batchAdd");
    m_panel.setJobs(batchJobs());
    m_panel.added(3);
    EXPECT_FALSE(isShown("batchForm"));
    EXPECT_EQ(m_panel.chosenJob(), 3);
    EXPECT_EQ(focused(), QStringLiteral("batchTable"));
    key(Qt::Key_N);
    EXPECT_TRUE(isShown("batchForm"));
    EXPECT_EQ(part<QPlainTextEdit>("batchQuestions")->toPlainText(), QStringLiteral("Cap?"));
    EXPECT_TRUE(part<QLineEdit>("batchSource")->text().isEmpty());
    EXPECT_EQ(focused(), QStringLiteral("batchSource"));
    type("n"); // a letter, not a shortcut
    EXPECT_EQ(part<QLineEdit>("batchSource")->text(), QStringLiteral("n"));
    key(Qt::Key_Escape);
    EXPECT_FALSE(isShown("batchForm"));
}

TEST_F(BatchPageTest, RowsSayHowFarHowFastAndInWhichState)
{
    m_panel.setJobs(batchJobs());
    const auto *table = part<BatchTable>("batchTable");
    const auto cell = [&](int row, int column) { return table->model()->index(row, column).data().toString(); };
    EXPECT_EQ(cell(0, BatchModel::Progress), QStringLiteral("6210 / 20000"));
    EXPECT_EQ(cell(0, BatchModel::Speed), QStringLiteral("2.4 / s, 1 h 35 min left"));
    EXPECT_EQ(cell(0, BatchModel::Verdicts), QStringLiteral("OK 6102, NG 88, UNSURE 17"));
    EXPECT_EQ(cell(0, BatchModel::Failed), QStringLiteral("3"));
    EXPECT_EQ(cell(1, BatchModel::Progress), QStringLiteral("118"));
    const QStringList states{QStringLiteral("Running"), QStringLiteral("Watching"), QStringLiteral("Waiting"), QStringLiteral("Paused"),
                             QStringLiteral("Finished"), QStringLiteral("Finished: with failures")};
    for (int row = 0; row < states.size(); ++row)
        EXPECT_EQ(cell(row, BatchModel::State), states.at(row));
    EXPECT_TRUE(cell(6, BatchModel::State).contains(QLatin1String("FS-06")));
    EXPECT_EQ(text("batchSummary"), QStringLiteral("2 at work · 1 waiting"));
}

TEST_F(BatchPageTest, TheChosenRowStaysChosenWhileFiguresAndRowsChange)
{
    BatchJobs jobs = batchJobs();
    m_panel.setJobs(jobs);
    m_panel.chooseJob(4);
    ++jobs[3].figures.done;
    m_panel.setJobs(jobs);
    EXPECT_EQ(m_panel.chosenJob(), 4);
    jobs.removeFirst();
    m_panel.setJobs(jobs);
    EXPECT_EQ(m_panel.chosenJob(), 4);
    EXPECT_EQ(part<BatchTable>("batchTable")->currentIndex().row(), 2);
    jobs.remove(2);
    m_panel.setJobs(jobs);
    EXPECT_EQ(m_panel.chosenJob(), jobs.first().id);
    m_panel.setJobs({});
    EXPECT_EQ(m_panel.chosenJob(), 0);
    EXPECT_TRUE(isShown("batchForm"));
}

TEST_F(BatchPageTest, TheChosenRowStaysInSightWhenFailuresTakeRoom)
{
    m_panel.setJobs(batchJobs());
    m_panel.chooseJob(6);
    m_panel.setFailures(6, batchFailures(12));
    QCoreApplication::processEvents();
    const auto *table = part<BatchTable>("batchTable");
    EXPECT_TRUE(table->viewport()->rect().contains(table->visualRect(table->currentIndex()).center()));
}

TEST_F(BatchPageTest, EachStateOffersWhatCanBeDoneInItAndItsKeys)
{
    struct Offer
    {
        qint64 id;
        QStringList buttons;
    };
    const auto names = [](const char *words) { return QString::fromLatin1(words).split(QLatin1Char(' ')); };
    const QList<Offer> offers{{1, names("batchPause batchCancel batchCopy batchFolder")},
                              {2, names("batchPause batchCancel batchCopy batchFolder")},
                              {3, names("batchCancel batchUp batchDown batchRemove batchCopy batchFolder")},
                              {4, names("batchResume batchCancel batchRemove batchCopy batchFolder")},
                              {5, names("batchResume batchRemove batchCopy batchFolder")},
                              {7, names("batchResume batchRemove batchCopy batchFolder")},
                              {8, names("batchResume batchRemove batchCopy batchFolder")}};
    m_panel.setJobs(batchJobs());
    for (const Offer &offer : offers) {
        m_panel.chooseJob(offer.id);
        QStringList shown;
        for (const QAbstractButton *button : part("batchActions")->findChildren<QAbstractButton *>()) {
            if (button->isVisible())
                shown.append(button->objectName());
        }
        EXPECT_EQ(shown, offer.buttons) << offer.id << ": " << shown.join(QLatin1Char(' ')).toStdString();
    }
    part("batchTable")->setFocus();
    m_panel.chooseJob(1);
    key(Qt::Key_P);
    press("batchCancel");
    m_panel.chooseJob(4);
    key(Qt::Key_P);
    key(Qt::Key_Delete);
    press("batchFolder");
    EXPECT_EQ(m_told, names("pause_1 cancel_1 resume_4 remove_4 folder_4").replaceInStrings(QStringLiteral("_"), QStringLiteral(" ")));
}

TEST_F(BatchPageTest, WaitingJobsMoveAmongThemselves)
{
    BatchJobs jobs = batchJobs();
    jobs[3].state = jobs[4].state = BatchState::Waiting;
    m_panel.setJobs(jobs);
    m_panel.chooseJob(3);
    EXPECT_FALSE(part("batchUp")->isEnabled()) << "before it, nothing waits";
    m_panel.chooseJob(4);
    part("batchTable")->setFocus();
    key(Qt::Key_Up, Qt::AltModifier);
    key(Qt::Key_Down, Qt::AltModifier);
    EXPECT_EQ(m_moves, (QList<std::pair<qint64, int>>{{4, -1}, {4, 1}}));
    m_panel.chooseJob(5);
    EXPECT_FALSE(part("batchDown")->isEnabled());
}

TEST_F(BatchPageTest, TheCommandLineGoesToTheClipboard)
{
    m_panel.setJobs(batchJobs());
    m_panel.chooseJob(1);
    press("batchCopy");
    EXPECT_EQ(QGuiApplication::clipboard()->text(), batchJobs().first().command);
    EXPECT_TRUE(text("batchTold").contains(QLatin1String("line3-archive")));
}

TEST_F(BatchPageTest, FailedFilesBelongToTheChosenJobAndCanBeAskedAgainWhenItRests)
{
    m_panel.setJobs(batchJobs());
    m_panel.chooseJob(1);
    m_panel.addFailures(1, batchFailures(3));
    m_panel.addFailures(6, batchFailures(9)); // of another one
    const auto *list = part<QListView>("batchFailures");
    EXPECT_EQ(list->model()->rowCount(), 3);
    EXPECT_FALSE(part("batchRetry")->isEnabled());
    EXPECT_FALSE(part("batchRetry")->toolTip().isEmpty());
    m_panel.chooseJob(6);
    EXPECT_EQ(m_wanted.last(), 6);
    EXPECT_EQ(list->model()->rowCount(), 0) << "what is not of this job is gone at once";
    m_panel.setFailures(6, batchFailures(12));
    EXPECT_EQ(list->model()->rowCount(), 12);
    EXPECT_TRUE(text("batchFailureTitle").contains(QLatin1String("12")));
    part("batchTable")->setFocus();
    key(Qt::Key_R);
    EXPECT_EQ(m_told, QStringList{QStringLiteral("retry 6")});
    m_panel.chooseJob(5);
    EXPECT_FALSE(isShown("batchFailureCard"));
}

TEST_F(BatchPageTest, TheNewestTenThousandFailuresAreKeptAndTheRestIsCounted)
{
    BatchJobs jobs = batchJobs();
    jobs[0].figures.failed = 10'020;
    m_panel.setJobs(jobs);
    m_panel.chooseJob(1);
    const BatchFailures all = batchFailures(10'020);
    m_panel.addFailures(1, all.last(10'000));
    m_panel.addFailures(1, all.first(20));
    const auto *model = part<QListView>("batchFailures")->model();
    ASSERT_EQ(model->rowCount(), 10'000);
    EXPECT_TRUE(model->index(0, 0).data().toString().contains(all.first().path));
    EXPECT_TRUE(model->index(9'999, 0).data().toString().contains(all.at(9'999).path));
    EXPECT_TRUE(text("batchFailureTitle").contains(QLatin1String("10020")));
    EXPECT_TRUE(text("batchFailureTitle").contains(QLatin1String("10000")));
}

TEST_F(BatchPageTest, TabGoesThroughTheFormAndThenThroughTheJobs)
{
    const auto stops = [this](int count) {
        QStringList names;
        for (; count > 0; --count) {
            key(Qt::Key_Tab);
            names.append(focused());
        }
        return names.join(QLatin1Char(' ')).toStdString();
    };
    EXPECT_EQ(stops(11), "batchBrowseFolder batchBrowseList batchRecursive batchWatch batchQuestions batchOut batchBrowseOut batchModel batchMore "
                         "batchDryRun batchAdd");
    m_panel.setJobs(batchJobs());
    m_panel.chooseJob(6);
    m_panel.setFailures(6, batchFailures(2));
    part("batchNew")->setFocus();
    EXPECT_EQ(stops(7), "batchTable batchResume batchRemove batchCopy batchFolder batchRetry batchFailures");
}

} // namespace
} // namespace auroraedge::ui::tests
