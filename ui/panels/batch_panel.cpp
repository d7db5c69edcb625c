#include "ui/panels/batch_panel.h"

#include "ui/dialogs/filter_card.h"
#include "ui/models/batch_failure_model.h"
#include "ui/models/batch_model.h"
#include "ui/theme/theme.h"
#include "ui/widgets/batch_failure_list.h"
#include "ui/widgets/batch_form.h"
#include "ui/widgets/batch_table.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/filter_chip.h"
#include "ui/widgets/flow_layout.h"
#include "ui/widgets/page_scroll.h"

#include <QClipboard>
#include <QFrame>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QShortcut>
#include <QVBoxLayout>

#include <algorithm>
#include <iterator>

namespace auroraedge::ui {

namespace {

constexpr int kLeastRows = 3;
constexpr int kFailureRows = 2; ///< that always have room
constexpr int kEdgesPx = 2;     ///< of a card, above and below

} // namespace

BatchPanel::BatchPanel(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("batchPanel"));
    m_jobs = new BatchModel(this);
    m_failureItems = new BatchFailureModel(this);
    QWidget *head = makeHead(); // first: Tab goes in the order of making
    m_told = new ElidedLabel(3, this);
    m_told->setObjectName(QStringLiteral("batchTold"));
    m_told->setProperty("type", QStringLiteral("label"));
    m_told->hide();

    auto *inner = new QWidget;
    m_form = new BatchForm(theme, inner);
    auto *column = new QVBoxLayout(inner);
    column->setContentsMargins({});
    column->setSpacing(space::kM);
    column->addWidget(m_form);
    column->addWidget(makeJobs(inner));
    column->addWidget(makeFailures(inner), 1);
    column->addStretch();
    m_scroll = new PageScroll(QStringLiteral("batchScroll"), tr("Batch"), inner, this);

    auto *top = new QVBoxLayout;
    top->setContentsMargins(0, 0, PageScroll::kMarginPx, 0);
    top->setSpacing(space::kM);
    top->addWidget(head);
    top->addWidget(m_told);
    auto *page = new QVBoxLayout(this);
    page->setContentsMargins(space::kXl, space::kL, space::kXl - PageScroll::kMarginPx, space::kL);
    page->setSpacing(space::kM);
    page->addLayout(top);
    page->addWidget(m_scroll, 1);

    m_list = new FilterCard(theme, this);
    connect(m_list, &FilterCard::chosen, this, [this](int row) {
        const ModelEntries &models = m_form->models();
        m_list->close();
        if (row >= 0 && row < models.size())
            m_form->chooseModel(models.at(row).folder, models.at(row).name);
    });
    connect(m_form->modelChip(), &QAbstractButton::clicked, this, &BatchPanel::openModels);
    connect(m_form, &BatchForm::addPressed, this, [this](const BatchOrder &order) {
        tell({}, false);
        Q_EMIT addRequested(order);
    });
    connect(m_form, &BatchForm::planPressed, this, &BatchPanel::planRequested);
    connect(m_form, &BatchForm::planCancelPressed, this, &BatchPanel::planCancelRequested);
    refresh();
}

QPushButton *BatchPanel::makeButton(QWidget *parent, const char *name, const QString &text, const QKeySequence &keys)
{
    auto *button = new QPushButton(text, parent);
    button->setObjectName(QLatin1String(name));
    button->setAutoDefault(true); // Enter presses the one that has the focus
    button->setFocusPolicy(Qt::TabFocus);
    if (!keys.isEmpty()) {
        auto *shortcut = new QShortcut(keys, button); // while the button can be seen and pressed
        shortcut->setAutoRepeat(false);
        connect(shortcut, &QShortcut::activated, button, &QPushButton::click);
        button->setToolTip(keys.toString(QKeySequence::NativeText));
    }
    return button;
}

QWidget *BatchPanel::makeHead()
{
    auto *head = new QWidget(this);
    m_title = new QLabel(tr("Batch"), head);
    m_title->setTextFormat(Qt::PlainText);
    m_title->setObjectName(QStringLiteral("batchTitle"));
    m_title->setProperty("type", QStringLiteral("title"));
    m_summary = new ElidedLabel(2, head);
    m_summary->setObjectName(QStringLiteral("batchSummary"));
    m_summary->setProperty("type", QStringLiteral("label"));
    m_summary->setProperty("tone", QStringLiteral("muted"));
    m_new = makeButton(head, "batchNew", tr("New job"), Qt::Key_N);
    auto *row = new QHBoxLayout(head);
    row->setContentsMargins({});
    row->setSpacing(space::kS);
    row->addWidget(m_title);
    row->addSpacing(space::kS);
    row->addWidget(m_summary, 1);
    row->addWidget(m_new);
    head->setMinimumHeight(kTouchPx); // also without the button
    connect(m_new, &QPushButton::clicked, this, [this] { showForm(m_form->isHidden()); });
    return head;
}

QWidget *BatchPanel::makeJobs(QWidget *parent)
{
    m_jobCard = new QFrame(parent);
    m_jobCard->setObjectName(QStringLiteral("batchJobs"));
    m_jobCard->setProperty("card", true);
    m_table = new BatchTable(m_theme, *m_jobs, m_jobCard);
    m_actions = new QWidget(m_jobCard);
    m_actions->setObjectName(QStringLiteral("batchActions"));
    auto *flow = new FlowLayout(m_actions, space::kS);
    m_pause = makeButton(m_actions, "batchPause", tr("Pause"), Qt::Key_P);
    m_resume = makeButton(m_actions, "batchResume", tr("Resume"), Qt::Key_P);
    m_cancel = makeButton(m_actions, "batchCancel", tr("Cancel"));
    m_up = makeButton(m_actions, "batchUp", tr("Earlier"), Qt::ALT | Qt::Key_Up);
    m_down = makeButton(m_actions, "batchDown", tr("Later"), Qt::ALT | Qt::Key_Down);
    m_remove = makeButton(m_actions, "batchRemove", tr("Remove"), Qt::Key_Delete);
    m_copy = makeButton(m_actions, "batchCopy", tr("Copy command"), Qt::CTRL | Qt::SHIFT | Qt::Key_C);
    m_folder = makeButton(m_actions, "batchFolder", tr("Open folder"), Qt::CTRL | Qt::Key_O);
    m_cancel->setToolTip(tr("Ends the job; every answer so far is kept"));
    m_remove->setToolTip(tr("%1: takes the job from the list; its files stay").arg(QKeySequence(Qt::Key_Delete).toString(QKeySequence::NativeText)));
    for (QPushButton *button : {m_pause, m_resume, m_cancel, m_up, m_down, m_remove, m_copy, m_folder}) {
        button->setProperty("kind", QStringLiteral("segment"));
        flow->addWidget(button);
    }
    m_copy->setToolTip(tr("%1: the command line of the job, for a terminal").arg(m_copy->toolTip()));
    m_folder->setToolTip(tr("%1: the folder of its answers").arg(m_folder->toolTip()));
    m_sentence = new ElidedLabel(3, m_jobCard);
    m_sentence->setObjectName(QStringLiteral("batchSentence"));
    m_sentence->setProperty("type", QStringLiteral("label"));
    m_sentence->setProperty("tone", QStringLiteral("error"));
    auto *actionRow = new QVBoxLayout;
    actionRow->setContentsMargins(space::kL, space::kS, space::kL, space::kM); // under the names of the jobs
    actionRow->setSpacing(space::kS);
    actionRow->addWidget(m_sentence);
    actionRow->addWidget(m_actions);
    auto *column = new QVBoxLayout(m_jobCard);
    column->setContentsMargins(1, space::kXs, 1, 0);
    column->setSpacing(0);
    column->addWidget(m_table);
    column->addLayout(actionRow);

    connect(m_table, &BatchTable::chosenChanged, this, &BatchPanel::onChosen);
    const auto act = [this](QPushButton *button, auto signal) {
        connect(button, &QPushButton::clicked, this, [this, signal] {
            tell({}, false);
            if (const BatchJob *job = chosen())
                Q_EMIT (this->*signal)(job->id);
        });
    };
    act(m_pause, &BatchPanel::pauseRequested);
    act(m_resume, &BatchPanel::resumeRequested);
    act(m_cancel, &BatchPanel::cancelRequested);
    act(m_remove, &BatchPanel::removeRequested);
    act(m_folder, &BatchPanel::folderRequested);
    connect(m_up, &QPushButton::clicked, this, [this] { Q_EMIT moveRequested(chosenJob(), -1); });
    connect(m_down, &QPushButton::clicked, this, [this] { Q_EMIT moveRequested(chosenJob(), 1); });
    connect(m_copy, &QPushButton::clicked, this, &BatchPanel::copyCommand);
    return m_jobCard;
}

QWidget *BatchPanel::makeFailures(QWidget *parent)
{
    m_failureCard = new QFrame(parent);
    m_failureCard->setObjectName(QStringLiteral("batchFailureCard"));
    m_failureCard->setProperty("card", true);
    m_failureTitle = new ElidedLabel(2, m_failureCard);
    m_failureTitle->setObjectName(QStringLiteral("batchFailureTitle"));
    m_failureTitle->setProperty("type", QStringLiteral("label"));
    m_retry = makeButton(m_failureCard, "batchRetry", tr("Ask them again"), Qt::Key_R);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(space::kL, space::kS, space::kS, space::kS);
    head->setSpacing(space::kS);
    head->addWidget(m_failureTitle, 1);
    head->addWidget(m_retry);
    m_failures = new BatchFailureList(m_theme, *m_failureItems, m_failureCard);
    m_failures->setMinimumHeight(kFailureRows * BatchFailureList::kRowPx);
    auto *column = new QVBoxLayout(m_failureCard);
    column->setContentsMargins(1, 0, 1, space::kXs);
    column->setSpacing(0);
    column->addLayout(head);
    column->addWidget(m_failures, 1);
    connect(m_retry, &QPushButton::clicked, this, [this] {
        tell({}, false);
        Q_EMIT retryRequested(chosenJob());
    });
    return m_failureCard;
}

void BatchPanel::setModels(const ModelEntries &models)
{
    ModelEntries usable;
    std::ranges::copy_if(models, std::back_inserter(usable), [](const ModelEntry &entry) { return entry.problem.isEmpty(); });
    m_form->setModels(usable);
}

void BatchPanel::setModelState(const ModelState &state)
{
    if (state.condition == ModelCondition::Ready || m_form->model().isEmpty())
        m_form->setModelInUse(state.folder, state.name);
}

void BatchPanel::openModels()
{
    if (m_list->isVisible()) {
        m_list->close();
        return;
    }
    QList<ChoiceList::Row> rows;
    for (const ModelEntry &entry : m_form->models())
        rows.append({entry.name, {}, entry.folder == m_form->model()});
    FilterChip *chip = m_form->modelChip();
    m_scroll->ensureWidgetVisible(chip, 0, 0);
    m_list->setContent(tr("Model"), rows, FilterCard::Field::Missing, rows.isEmpty() ? tr("There is no other model on this computer.") : QString());
    m_list->openAt(chip->mapTo(this, QPoint(0, chip->height() + space::kXs)) + QPoint(m_list->width(), 0), chip);
}

const BatchJob *BatchPanel::chosen() const
{
    const int row = m_jobs->rowOf(m_table->chosen());
    return row < 0 ? nullptr : &m_jobs->jobs().at(row);
}

qint64 BatchPanel::chosenJob() const
{
    return m_table->chosen();
}

void BatchPanel::chooseJob(qint64 id)
{
    m_table->choose(id);
}

void BatchPanel::setJobs(const BatchJobs &jobs)
{
    const bool wasEmpty = m_jobs->jobs().isEmpty();
    m_jobs->setJobs(jobs);
    if (wasEmpty != jobs.isEmpty())
        showForm(jobs.isEmpty());
    refresh();
}

void BatchPanel::added(qint64 id)
{
    m_form->prepareNext();
    showForm(false);
    m_table->choose(id);
    m_table->setFocus(Qt::OtherFocusReason);
    m_scroll->ensureWidgetVisible(m_table, 0, 0);
}

void BatchPanel::refuse(BatchField field, const QString &sentence)
{
    showForm(true);
    m_form->refuse(field, sentence);
}

void BatchPanel::showPlan(const BatchPlan &plan)
{
    m_form->showPlan(plan);
}

void BatchPanel::setFailures(qint64 id, const BatchFailures &newestFirst)
{
    if (id != chosenJob())
        return;
    m_failureItems->setFailures(newestFirst);
    refreshFailures();
    fitTable();
}

void BatchPanel::addFailures(qint64 id, const BatchFailures &newestFirst)
{
    if (id != chosenJob())
        return;
    m_failureItems->add(newestFirst);
    refreshFailures();
    fitTable();
}

void BatchPanel::tell(const QString &sentence, bool isFailure)
{
    m_told->setText(sentence);
    m_told->setProperty("tone", isFailure ? QStringLiteral("error") : QStringLiteral("muted"));
    restyle(m_told);
    m_told->setVisible(!sentence.isEmpty());
}

void BatchPanel::onChosen()
{
    m_failureItems->setFailures({});
    refresh();
    if (chosenJob() > 0)
        Q_EMIT failuresWanted(chosenJob());
}

void BatchPanel::showForm(bool isShown)
{
    m_form->setVisible(isShown);
    refresh();
    if (isShown && isVisible())
        m_form->focusFirst();
    else if (isVisible())
        m_table->setFocus(Qt::OtherFocusReason);
    if (isShown)
        m_scroll->ensureWidgetVisible(m_form, 0, 0);
}

void BatchPanel::copyCommand()
{
    if (const BatchJob *job = chosen()) {
        QGuiApplication::clipboard()->setText(job->command);
        tell(tr("The command line of %1 is in the clipboard.").arg(job->name), false);
    }
}

void BatchPanel::refresh()
{
    const BatchJobs &jobs = m_jobs->jobs();
    const bool hasJobs = !jobs.isEmpty();
    m_jobCard->setVisible(hasJobs);
    m_new->setVisible(hasJobs);
    m_new->setText(m_form->isHidden() ? tr("New job") : tr("Close form"));
    m_new->setToolTip(m_form->isHidden() ? QKeySequence(Qt::Key_N).toString(QKeySequence::NativeText) : tr("Esc"));
    const auto count = [&](auto &&isOne) { return std::ranges::count_if(jobs, isOne); };
    const auto atWork = count([](const BatchJob &job) { return job.isAtWork(); });
    const auto waiting = count([](const BatchJob &job) { return job.state == BatchState::Waiting; });
    QStringList words;
    if (atWork > 0)
        words.append(tr("%1 at work").arg(atWork));
    if (waiting > 0)
        words.append(tr("%1 waiting").arg(waiting));
    m_summary->setText(hasJobs ? words.join(QStringLiteral(" · "))
                               : tr("Name pictures, a question and a file for the answers. Jobs run one after the other, can be stopped at any time, "
                                    "and go on where they were."));
    refreshActions();
    refreshFailures();
    fitTable();
}

void BatchPanel::refreshActions()
{
    const BatchJob *job = chosen();
    const QWidget *focus = m_actions->isAncestorOf(window()->focusWidget()) ? window()->focusWidget() : nullptr;
    const BatchState state = job ? job->state : BatchState::Waiting;
    const bool isWaiting = job && state == BatchState::Waiting;
    const bool isRunning = state == BatchState::Running || state == BatchState::Watching;
    const bool isOpen = isWaiting || isRunning || state == BatchState::Paused;
    m_sentence->setText(job ? job->sentence : QString());
    m_sentence->setVisible(job && !job->sentence.isEmpty());
    m_pause->setVisible(job && isRunning);
    m_resume->setVisible(job && !isWaiting && !job->isAtWork());
    m_resume->setText(state == BatchState::Paused || state == BatchState::Cancelled ? tr("Resume")
                      : state == BatchState::Failed                                 ? tr("Try again")
                                                                                    : tr("Run again"));
    m_resume->setToolTip(state == BatchState::Finished || state == BatchState::FinishedWithFailures
                             ? tr("%1: asks about what is new since").arg(QKeySequence(Qt::Key_P).toString(QKeySequence::NativeText))
                             : QKeySequence(Qt::Key_P).toString(QKeySequence::NativeText));
    m_cancel->setVisible(job && isOpen);
    m_up->setVisible(isWaiting);
    m_down->setVisible(isWaiting);
    if (isWaiting) {
        const BatchJobs &jobs = m_jobs->jobs();
        const auto isWaitingJob = [](const BatchJob &each) { return each.state == BatchState::Waiting; };
        const auto here = jobs.begin() + m_jobs->rowOf(job->id);
        m_up->setEnabled(std::any_of(jobs.begin(), here, isWaitingJob));
        m_down->setEnabled(std::any_of(here + 1, jobs.end(), isWaitingJob));
    }
    m_remove->setVisible(job && !job->isAtWork());
    if (focus && !focus->isVisibleTo(m_actions))
        m_table->setFocus(Qt::OtherFocusReason); // its place may be another button's
}

void BatchPanel::refreshFailures()
{
    const BatchJob *job = chosen();
    const qint64 failed = job ? job->figures.failed : 0;
    const qint64 shown = m_failureItems->count();
    const bool isShown = failed > 0 || shown > 0;
    m_failureCard->setVisible(isShown);
    if (!isShown)
        return;
    const QLocale locale;
    m_failureTitle->setText(shown == 0 ? tr("Failed files of %1: %2. They are listed when the job ends.").arg(job->name, locale.toString(failed))
                            : shown < BatchFailureModel::kMost || failed <= shown
                                ? tr("Failed files of %1: %2").arg(job->name, locale.toString(std::max(failed, shown)))
                                : tr("Failed files of %1: %2, of which %3 are shown").arg(job->name, locale.toString(failed), locale.toString(shown)));
    m_failures->setVisible(shown > 0);
    m_retry->setEnabled(!job->isAtWork() && job->state != BatchState::Waiting);
    m_retry->setToolTip(m_retry->isEnabled() ? QKeySequence(Qt::Key_R).toString(QKeySequence::NativeText) : tr("When the job has ended or is paused"));
}

void BatchPanel::fitTable()
{
    // What the failures leave, and never less than a few rows; more of them scroll.
    const auto heightOf = [](const QWidget *card) { return card->isHidden() ? 0 : card->minimumSizeHint().height() + space::kM; };
    const int sentence = m_sentence->isHidden() ? 0 : m_sentence->heightForWidth(m_scroll->viewport()->width() - 3 * space::kL) + space::kS;
    const int actions = kTouchPx + space::kS + space::kM + sentence;
    const int room = m_scroll->viewport()->height() - heightOf(m_failureCard) - heightOf(m_form) - BatchTable::kHeaderPx - actions - space::kXs - kEdgesPx;
    m_table->showRows(std::max(kLeastRows, room / BatchTable::kRowPx));
}

void BatchPanel::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitTable();
}

void BatchPanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_form->isHidden())
        m_table->setFocus(Qt::OtherFocusReason);
    else
        m_form->focusFirst();
}

void BatchPanel::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && !m_form->isHidden() && !m_jobs->jobs().isEmpty())
        showForm(false);
    else
        QWidget::keyPressEvent(event);
}

} // namespace auroraedge::ui
