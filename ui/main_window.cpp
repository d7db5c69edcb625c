#include "ui/main_window.h"

#include "ui/dialogs/key_card.h"
#include "ui/dialogs/source_chooser.h"
#include "ui/panels/about_panel.h"
#include "ui/panels/batch_panel.h"
#include "ui/panels/live_panel.h"
#include "ui/panels/model_panel.h"
#include "ui/panels/review_panel.h"
#include "ui/panels/statistics_panel.h"
#include "ui/theme/theme.h"
#include "ui/widgets/focused_button.h"
#include "ui/widgets/navigation_rail.h"
#include "ui/widgets/status_strip.h"
#include "ui/widgets/top_bar.h"

#include <QKeyEvent>
#include <QScreen>
#include <QScrollArea>
#include <QScroller>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>
#include <initializer_list>

namespace auroraedge::ui {

namespace {

constexpr int kAgeRefreshMs = 200;
constexpr QSize kUsualSize(1280, 800);
constexpr QSize kLeastSize(880, 540); ///< a whole screen of 1920 x 1080 at 200 %
constexpr int kLeastPagePx = 450;     ///< height

/// Makes its page as large as itself. Left to QScrollArea, a page would be as high as its texts like to be.
class PageArea final : public QScrollArea
{
protected:
    void resizeEvent(QResizeEvent *event) override
    {
        QScrollArea::resizeEvent(event);
        widget()->resize(viewport()->width(), std::max(viewport()->height(), kLeastPagePx));
    }
};

/// @p page, scrolled where the window is lower than it can be laid out in.
QWidget *scrolled(QWidget *page)
{
    auto *area = new PageArea;
    area->setFrameShape(QFrame::NoFrame);
    area->setFocusPolicy(Qt::NoFocus);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->viewport()->setAutoFillBackground(false);
    page->setMinimumHeight(kLeastPagePx);
    area->setWidget(page);
    page->setAutoFillBackground(false);
    QScroller::grabGesture(area->viewport(), QScroller::TouchGesture);
    return area;
}

} // namespace

MainWindow::MainWindow(Theme &theme, QWidget *parent) : QMainWindow(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("mainWindow"));
    setWindowTitle(QStringLiteral("AuroraEdge Inspector"));
    setWindowIcon(theme.icon(QStringLiteral("mark"), theme.colours().accent));
    auto *root = new QWidget(this);
    root->setObjectName(QStringLiteral("root"));
    setCentralWidget(root);

    m_topBar = new TopBar(theme, root);
    m_rail = new NavigationRail(theme, root);
    m_pages = new QStackedWidget(root);
    m_status = new StatusStrip(theme, root);
    m_live = new LivePanel(theme, m_pages);
    m_review = new ReviewPanel(theme, m_pages);
    m_batch = new BatchPanel(theme, m_pages);
    m_statistics = new StatisticsPanel(theme, m_pages);
    m_models = new ModelPanel(theme, m_pages);
    m_pages->addWidget(m_live);
    for (QWidget *page : std::initializer_list<QWidget *>{m_review, m_batch, m_statistics, m_models})
        m_pages->addWidget(scrolled(page));
    m_pages->addWidget(new AboutPanel(m_pages));
    m_rail->addPage(QStringLiteral("railLive"), tr("Live"), QStringLiteral("live"));
    m_rail->addPage(QStringLiteral("railReview"), tr("Review"), QStringLiteral("review"));
    m_rail->addPage(QStringLiteral("railBatch"), tr("Batch"), QStringLiteral("batch"));
    m_rail->addPage(QStringLiteral("railStatistics"), tr("Statistics"), QStringLiteral("statistics"));
    m_rail->addPage(QStringLiteral("railModels"), tr("Models"), QStringLiteral("models"));
    m_rail->addPage(QStringLiteral("railAbout"), tr("About"), QStringLiteral("about"), true);

    auto *middle = new QHBoxLayout;
    middle->setSpacing(0);
    middle->addWidget(m_rail);
    middle->addWidget(m_pages, 1);
    auto *column = new QVBoxLayout(root);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(m_topBar);
    column->addLayout(middle, 1);
    column->addWidget(m_status);
    m_sources = new SourceChooser(theme, root);
    m_keys = new KeyCard(root);

    connect(m_rail, &NavigationRail::chosen, this, [this](int index) { showPage(Page(index + 1)); });
    connect(m_topBar, &TopBar::sourcePressed, this, &MainWindow::openSourceChooser);
    connect(m_topBar, &TopBar::modelPressed, this, [this] { showPage(Page::Models); });
    connect(m_topBar, &TopBar::themeChosen, this, [this](bool isDark) {
        m_theme.setKind(isDark ? ThemeKind::Dark : ThemeKind::Light);
        Q_EMIT themeChosen(isDark);
    });
    connect(m_sources, &SourceChooser::chosen, this, &MainWindow::sourceChosen);
    connect(m_live, &LivePanel::askRequested, this, &MainWindow::askRequested);
    connect(m_live, &LivePanel::cancelRequested, this, &MainWindow::cancelRequested);
    connect(m_live, &LivePanel::freezeToggled, this, &MainWindow::freezeToggled);
    connect(m_live, &LivePanel::regionChanged, this, &MainWindow::regionChanged);
    connect(m_live, &LivePanel::triggerChosen, this, &MainWindow::triggerChosen);
    connect(m_live, &LivePanel::reviewGiven, this, &MainWindow::reviewGiven);
    connect(m_live, &LivePanel::reviewUndoRequested, this, &MainWindow::reviewUndoRequested);
    connect(m_live, &LivePanel::storedPictureRequested, this, &MainWindow::storedPictureRequested);
    connect(m_live, &LivePanel::countersResetRequested, this, &MainWindow::countersResetRequested);
    connect(m_live, &LivePanel::sourceChooserRequested, this, &MainWindow::openSourceChooser);
    connect(m_live, &LivePanel::faultActionChosen, this, &MainWindow::faultActionChosen);
    connect(m_live, &LivePanel::recentChosen, this, &MainWindow::recentChosen);
    connect(m_live, &LivePanel::waitingWanted, this, [this] {
        ReviewFilter waiting;
        waiting.verdicts = {Verdict::Ng};
        waiting.unreviewedOnly = true;
        m_review->setFilter(waiting);
        showPage(Page::Review);
    });
    connect(m_live, &LivePanel::activityChanged, this, &MainWindow::updateState);
    connect(m_live, &LivePanel::faultsChanged, this, &MainWindow::updateState);
    connect(m_statistics, &StatisticsPanel::reviewWanted, this, [this](const ReviewFilter &filter) {
        m_review->setFilter(filter);
        showPage(Page::Review);
    });
    connect(m_models, &ModelPanel::modelChosen, this, &MainWindow::modelChosen);
    connect(m_models, &ModelPanel::loadCancelRequested, this, &MainWindow::loadCancelRequested);

    auto *ageTimer = new QTimer(this);
    connect(ageTimer, &QTimer::timeout, this, [this] { m_status->setFrameAge(m_live->frameAge()); });
    ageTimer->start(kAgeRefreshMs);

    setMinimumSize(kLeastSize);
    resize(kUsualSize.boundedTo(screen()->availableSize()).expandedTo(kLeastSize));
    showPage(Page::Live);
    updateState();
}

MainWindow::~MainWindow() = default;

void MainWindow::showPage(Page page)
{
    m_pages->setCurrentIndex(int(page) - 1);
    m_rail->setCurrent(int(page) - 1);
}

MainWindow::Page MainWindow::page() const
{
    return Page(m_pages->currentIndex() + 1);
}

void MainWindow::showFrame(const QImage &picture, const FrameStatus &status)
{
    const bool isFirst = !m_live->frameAge();
    m_live->showFrame(picture, status);
    if (isFirst) // the next ones at the pace of the timer
        m_status->setFrameAge(m_live->frameAge());
}

void MainWindow::setSourceState(const SourceState &state)
{
    m_sourceState = state;
    m_topBar->setSourceState(state);
    m_live->setSourceState(state);
    updateState();
}

void MainWindow::setSourceOptions(const SourceOptions &webcams)
{
    m_sources->setWebcams(webcams);
}

void MainWindow::openSourceChooser()
{
    if (m_sources->isVisible()) {
        m_sources->close();
        return;
    }
    QWidget *button = m_topBar->sourceButton();
    m_sources->openAt(button->mapTo(centralWidget(), QPoint(button->width(), button->height() + space::kM)), button);
}

void MainWindow::setModelState(const ModelState &state)
{
    m_modelState = state;
    m_topBar->setModelState(state);
    m_models->setModelState(state);
    m_batch->setModelState(state);
    m_live->setModelState(state);
    updateState();
}

void MainWindow::setPresets(const PresetQuestions &presets)
{
    m_live->setPresets(presets);
}

void MainWindow::answerStarted(qint64 id, const QString &question, const QImage &thumbnail)
{
    m_live->answerStarted(id, question, thumbnail);
}

void MainWindow::answerPhase(qint64 id, Stage stage)
{
    m_live->answerPhase(id, stage);
}

void MainWindow::answerText(qint64 id, const QString &piece)
{
    m_live->answerText(id, piece);
}

void MainWindow::answerStoring(qint64 id)
{
    m_live->answerStoring(id);
}

void MainWindow::answerFinished(const AnswerView &answer)
{
    m_live->answerFinished(answer);
}

void MainWindow::answerFailed(qint64 id, const QString &code, const QString &sentence, const QString &detail)
{
    m_live->answerFailed(id, code, sentence, detail);
}

void MainWindow::setRecent(const AnswerViews &newestFirst)
{
    m_live->setRecent(newestFirst);
}

void MainWindow::setReview(qint64 row, const Review &review)
{
    m_live->setReview(row, review);
    m_review->setReview(row, review);
}

void MainWindow::reviewFailed(qint64 row)
{
    m_live->reviewFailed(row);
}

void MainWindow::showStoredPicture(qint64 row, const QImage &picture)
{
    m_live->showStoredPicture(row, picture);
}

void MainWindow::setShiftCounters(const ShiftCounters &counters)
{
    m_live->setShiftCounters(counters);
}

void MainWindow::setTriggerState(const TriggerState &state)
{
    m_live->setTriggerState(state);
}

bool MainWindow::askByTrigger(int presetIndex)
{
    return m_live->askByTrigger(presetIndex);
}

void MainWindow::setCounters(const StationCounters &counters)
{
    m_status->setCounters(counters);
}

void MainWindow::raiseFault(const Fault &fault)
{
    m_live->raiseFault(fault);
}

void MainWindow::clearFault(const QString &topic)
{
    m_live->clearFault(topic);
}

void MainWindow::keyPressEvent(QKeyEvent *event)
{
    // The rail and the bars have no keys of their own: they are the page's.
    const bool isPlain = !(event->modifiers() & ~Qt::KeypadModifier & ~Qt::ShiftModifier);
    const bool isTaken = !event->isAutoRepeat() && isPlain
        && (pressFocusedButton(*event) || (page() == Page::Live && m_live->handleKey(event->key()))
            || (page() == Page::Review && m_review->handleKey(event->key())));
    if (isPlain && event->key() == Qt::Key_Question)
        openKeys();
    else if (!isTaken)
        QMainWindow::keyPressEvent(event);
}

void MainWindow::openKeys()
{
    switch (page()) {
    case Page::Live: m_keys->show(tr("Live"), liveKeys()); return;
    case Page::Review: m_keys->show(tr("Review"), reviewKeys()); return;
    case Page::Batch: m_keys->show(tr("Batch"), commonKeys()); return;
    case Page::Statistics: m_keys->show(tr("Statistics"), commonKeys()); return;
    case Page::Models: m_keys->show(tr("Models"), commonKeys()); return;
    case Page::About: m_keys->show(tr("About"), commonKeys()); return;
    }
}

void MainWindow::updateState()
{
    using State = StatusStrip::State;
    const auto state = [this] {
        if (m_live->activity() == LivePanel::Activity::Busy)
            return State::Busy;
        if (m_modelState.condition == ModelCondition::Failed || m_sourceState.condition == SourceCondition::Lost
            || m_sourceState.condition == SourceCondition::Failed || m_live->hasAlarm())
            return State::Fault; // in sight on every page
        if (m_modelState.condition == ModelCondition::Loading)
            return State::Loading;
        if (m_modelState.condition == ModelCondition::NotLoaded)
            return State::NoModel;
        if (m_sourceState.condition == SourceCondition::NotChosen)
            return State::NoSource;
        if (m_sourceState.condition == SourceCondition::Opening)
            return State::Opening;
        return m_sourceState.isStill ? State::Still : State::Ready;
    };
    m_status->setState(state());
}

} // namespace auroraedge::ui
