#include "ui/widgets/result_card.h"

#include "ui/theme/theme.h"
#include "ui/widgets/answer_text.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/painting.h"
#include "ui/widgets/review_bar.h"
#include "ui/widgets/thumbnail.h"
#include "ui/widgets/verdict_tile.h"

#include <QApplication>
#include <QClipboard>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace auroraedge::ui {

namespace {

constexpr int kShortAnswer = 60; ///< letters that stand beside the picture
constexpr int kWidePx = 420; ///< of the card: room for what else is told, too (the expected answer is in the reason)
constexpr int kPaddingPx = space::kL + space::kXs;
constexpr int kLeastThumbnailPx = 104, kMostThumbnailPx = 280; ///< width

QString phaseText(Stage stage)
{
    switch (stage) {
    case Stage::Preprocess: return ResultCard::tr("Preparing the picture");
    case Stage::Encode: return ResultCard::tr("Looking at the picture");
    case Stage::Project:
    case Stage::Compress:
    case Stage::Fuse: return ResultCard::tr("Joining picture and question");
    case Stage::Prefill: return ResultCard::tr("Reading the question");
    case Stage::Generate: return ResultCard::tr("Writing the answer");
    }
    return {};
}

template <typename Label>
Label *typed(Label *label, const char *type, const char *tone = "")
{
    label->setTextFormat(Qt::PlainText);
    label->setProperty("type", QLatin1String(type));
    label->setProperty("tone", QLatin1String(tone));
    return label;
}

QPushButton *makeButton(QWidget *parent, const QString &text)
{
    auto *button = new QPushButton(text, parent);
    button->setFocusPolicy(Qt::TabFocus);
    button->setAutoDefault(false);
    return button;
}

} // namespace

ResultCard::ResultCard(const Theme &theme, const QString &prefix, QWidget *parent) : QFrame(parent), m_theme(theme)
{
    const auto named = [&prefix](auto *widget, const char *name) {
        widget->setObjectName(prefix + QLatin1String(name));
        return widget;
    };
    named(this, "resultCard");
    setAccessibleName(tr("Result"));
    setProperty("card", true);

    m_empty = new QWidget(this);
    m_emptyIcon = new QLabel(m_empty);
    m_emptyIcon->setAlignment(Qt::AlignCenter);
    auto *emptyTitle = named(typed(new QLabel(m_empty), "heading"), "emptyTitle");
    emptyTitle->setText(tr("No answer yet"));
    emptyTitle->setAlignment(Qt::AlignCenter);
    auto *emptyText = named(typed(new QLabel(m_empty), "label", "muted"), "emptyText");
    emptyText->setText(tr("Press a preset question, or type one and press Ask. The answer appears here with its picture."));
    emptyText->setWordWrap(true);
    emptyText->setAlignment(Qt::AlignCenter);
    auto *emptyColumn = new QVBoxLayout(m_empty);
    emptyColumn->setContentsMargins(space::kXxl, space::kXl, space::kXxl, space::kXl);
    emptyColumn->setSpacing(space::kS);
    emptyColumn->addStretch();
    emptyColumn->addWidget(m_emptyIcon);
    emptyColumn->addSpacing(space::kS);
    emptyColumn->addWidget(emptyTitle);
    emptyColumn->addWidget(emptyText);
    emptyColumn->addStretch();

    m_body = new QWidget(this);
    m_tile = named(new VerdictTile(theme, m_body), "verdictTile");

    m_busyRow = new QWidget(m_body);
    m_waitingIcon = new QLabel(m_busyRow);
    m_waitingIcon->setFixedSize(64, 64);
    m_clock = named(typed(new QLabel(m_busyRow), "display", "muted"), "clock");
    m_phase = named(typed(new ElidedLabel(2, m_busyRow), "heading"), "phase");
    m_cancel = named(makeButton(m_busyRow, tr("Cancel")), "cancelButton");
    m_cancel->setToolTip(tr("Esc"));
    auto *told = new QVBoxLayout;
    told->setSpacing(0);
    told->addStretch();
    told->addWidget(m_clock);
    told->addWidget(m_phase);
    told->addStretch();
    auto *busy = new QHBoxLayout(m_busyRow);
    busy->setContentsMargins({});
    busy->setSpacing(space::kL);
    busy->addWidget(m_waitingIcon);
    busy->addLayout(told, 1);
    busy->addWidget(m_cancel);

    m_facts = new QWidget(m_body);
    m_thumbnail = named(new Thumbnail(theme, m_facts), "thumbnail");
    m_head = new QWidget(m_facts);
    m_caption = named(typed(new ElidedLabel(2, m_head), "caption", "muted"), "resultCaption");
    m_question = named(typed(new ElidedLabel(3, m_head), "heading"), "resultQuestion");
    auto *head = new QVBoxLayout(m_head);
    head->setContentsMargins({});
    head->setSpacing(space::kXs);
    head->addWidget(m_caption);
    head->addWidget(m_question);
    head->addStretch();
    m_answer = named(new AnswerText(theme, m_facts), "answerText");
    m_probabilityRow = new QWidget(m_facts);
    m_probability = named(typed(new QLabel(m_probabilityRow), "label"), "probability");
    m_probabilityBar = named(new QProgressBar(m_probabilityRow), "probabilityBar");
    m_probabilityBar->setRange(0, 1000);
    m_probabilityBar->setTextVisible(false);
    m_probabilityBar->setAccessibleName(tr("Probability"));
    m_expected = named(typed(new ElidedLabel(1, m_probabilityRow), "caption", "muted"), "expected");
    m_expected->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    auto *probabilityLine = new QHBoxLayout;
    probabilityLine->setSpacing(space::kS);
    probabilityLine->addWidget(m_probability);
    probabilityLine->addWidget(m_expected, 1);
    auto *probability = new QVBoxLayout(m_probabilityRow);
    probability->setContentsMargins({});
    probability->setSpacing(space::kXs);
    probability->addLayout(probabilityLine);
    probability->addWidget(m_probabilityBar);
    m_grid = new QGridLayout(m_facts);
    m_grid->setContentsMargins({});
    m_grid->setHorizontalSpacing(space::kL);
    m_grid->setVerticalSpacing(space::kS);
    m_grid->setColumnStretch(1, 1);
    m_grid->setRowStretch(1, 1);

    // A driver or a library may have much to say: what does not fit is scrolled.
    m_failureRow = named(new QScrollArea(m_body), "failureArea");
    m_failureRow->setWidgetResizable(true);
    m_failureRow->setFocusPolicy(Qt::NoFocus);
    m_failureRow->viewport()->setAutoFillBackground(false);
    auto *failurePage = new QWidget;
    failurePage->setProperty("page", true);
    m_failureRow->setWidget(failurePage);
    failurePage->setAutoFillBackground(false);
    m_failure = named(typed(new QLabel(failurePage), "heading", "error"), "failure");
    m_failure->setWordWrap(true);
    m_detail = named(typed(new QLabel(failurePage), "caption", "muted"), "failureDetail");
    m_detail->setWordWrap(true);
    m_details = named(makeButton(failurePage, tr("Details")), "failureDetails");
    m_details->setCheckable(true);
    m_copy = named(makeButton(failurePage, tr("Copy")), "failureCopy");
    auto *failureButtons = new QHBoxLayout;
    failureButtons->setSpacing(space::kS);
    failureButtons->addWidget(m_details);
    failureButtons->addWidget(m_copy);
    failureButtons->addStretch();
    auto *failure = new QVBoxLayout(failurePage);
    failure->setContentsMargins({});
    failure->setSpacing(space::kM);
    failure->addWidget(m_failure);
    failure->addWidget(m_detail);
    failure->addLayout(failureButtons);
    failure->addStretch();

    m_review = new ReviewBar(theme, prefix, m_body);

    auto *body = new QVBoxLayout(m_body);
    body->setContentsMargins(kPaddingPx, kPaddingPx, kPaddingPx, kPaddingPx);
    body->setSpacing(space::kM);
    body->addWidget(m_tile, 1);
    body->addWidget(m_busyRow, 1);
    body->addWidget(m_facts);
    body->addWidget(m_failureRow, 1);
    body->addWidget(m_review);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->addWidget(m_empty);
    column->addWidget(m_body);

    m_clockTimer.setInterval(50);
    connect(&m_clockTimer, &QTimer::timeout, this, &ResultCard::refreshClock);
    connect(m_cancel, &QPushButton::clicked, this, &ResultCard::cancelPressed);
    connect(m_details, &QPushButton::toggled, m_detail, &QWidget::setVisible);
    connect(m_copy, &QPushButton::clicked, this, [this] {
        QApplication::clipboard()->setText(m_failure->text() + QLatin1Char('\n') + m_detail->text());
    });
    connect(m_review, &ReviewBar::given, this, [this](Verdict verdict, const QString &reason) {
        Q_EMIT reviewGiven(m_shown.row, verdict, reason);
    });
    // The reasons take the place of the facts: both do not fit, and the picture is still the large one beside them.
    connect(m_review, &ReviewBar::stateChanged, this, &ResultCard::arrange);
    connect(&theme, &Theme::changed, this, &ResultCard::refreshIcons);
    connect(&theme, &Theme::changed, this, &ResultCard::refreshField);
    refreshIcons();
    setState(State::Empty);
}

void ResultCard::refreshIcons()
{
    const QColor grey = m_theme.colours().outlineStrong;
    m_emptyIcon->setPixmap(m_theme.icon(QStringLiteral("ask"), grey).pixmap(QSize(48, 48), devicePixelRatioF()));
    m_waitingIcon->setPixmap(m_theme.icon(QStringLiteral("waiting"), grey).pixmap(QSize(64, 64), devicePixelRatioF()));
}

void ResultCard::setState(State state)
{
    m_state = state;
    const bool isBusy = state == State::Busy;
    m_empty->setVisible(state == State::Empty);
    m_body->setVisible(state != State::Empty);
    m_busyRow->setVisible(isBusy);
    m_probabilityRow->setVisible(state == State::Answered);
    m_failureRow->setVisible(state == State::Failed);
    m_answer->setVisible(state != State::Failed);
    if (state != State::Answered) {
        m_shown = {};
        m_tile->setVisible(false);
        m_review->clear();
    }
    if (isBusy)
        m_clockTimer.start();
    else
        m_clockTimer.stop();
    refreshField();
    arrange();
}

void ResultCard::refreshField()
{
    const bool hasVerdict = m_tile->isVisibleTo(this) && m_shown.verdict;
    const bool isNewest = shownAge() == VerdictTile::Age::Newest;
    const ThemeColours &c = m_theme.colours();
    const QString word = hasVerdict ? verdictWord(*m_shown.verdict) : QString();
    const QString field = isNewest ? word : QString();
    const QString outlined = isNewest ? QString() : word;
    const bool isField = !field.isEmpty();
    m_review->setColours(isField ? verdictFill(c, *m_shown.verdict) : c.surface,
                         isField ? verdictInk(c, *m_shown.verdict) : c.text);
    if (property("field").toString() == field && property("outlined").toString() == outlined)
        return;
    setProperty("field", field);
    setProperty("outlined", outlined);
    // The rules of a field are about these kinds alone; styling all children anew takes milliseconds of every answer.
    restyle(this);
    for (QWidget *child : findChildren<QWidget *>()) {
        if (qobject_cast<QLabel *>(child) || qobject_cast<QPlainTextEdit *>(child) || qobject_cast<QProgressBar *>(child))
            restyle(child);
    }
}

void ResultCard::arrange()
{
    m_facts->setVisible(m_review->state() != ReviewBar::State::Choosing);
    const bool isWaiting = m_state == State::Busy;
    const bool isBeside = m_shown.verdict || isWaiting || m_shown.answer.size() <= kShortAnswer;
    const int column = isBeside ? 1 : 0, columns = isBeside ? 1 : 2;
    m_grid->addWidget(m_thumbnail, 0, 0, isBeside ? 3 : 1, 1, Qt::AlignTop);
    m_grid->addWidget(m_head, 0, 1);
    m_grid->addWidget(m_answer, 1, column, 1, columns);
    m_grid->addWidget(m_probabilityRow, 2, column, 1, columns);
    m_facts->setSizePolicy(QSizePolicy::Preferred, m_shown.verdict || isWaiting ? QSizePolicy::Maximum : QSizePolicy::Expanding);
}

void ResultCard::resizeEvent(QResizeEvent *event)
{
    QFrame::resizeEvent(event);
    m_waitingIcon->setVisible(width() >= kWidePx);
    refreshCaption();
    fitThumbnail();
}

void ResultCard::showPicture(const QImage &picture, const QRectF &region)
{
    m_thumbnail->setImage(picture, region);
    fitThumbnail();
}

void ResultCard::fitThumbnail()
{
    m_expected->setVisible(width() >= kWidePx || !m_shown.verdict);
    const int most = std::clamp(std::min(width() * 36 / 100, height() * 46 / 100), kLeastThumbnailPx, kMostThumbnailPx);
    const QSize room(most, most * 3 / 4);
    const QImage &picture = m_thumbnail->image();
    m_thumbnail->setFixedSize(picture.isNull() ? room : picture.size().scaled(room, Qt::KeepAspectRatio).expandedTo({1, 1}));
}

void ResultCard::clear()
{
    setState(State::Empty);
}

bool ResultCard::cancelHasFocus() const
{
    return window()->focusWidget() == m_cancel;
}

void ResultCard::start(const QString &question, const QImage &picture, const QRectF &region)
{
    m_sincePress.start();
    m_isCancelling = false;
    m_hasLeftOffer = m_hasLeftOffer || m_review->isWaiting();
    m_cancel->setEnabled(true);
    m_kind = tr("Answering");
    m_age = VerdictTile::Age::Newest;
    m_isOnScreen = true;
    m_question->setText(question);
    showPicture(picture, region);
    m_answer->setAnswer({});
    m_phase->setText(tr("Waiting for the engine"));
    setState(State::Busy);
    refreshCaption();
    refreshClock();
}

void ResultCard::setThumbnail(const QImage &thumbnail)
{
    showPicture(thumbnail, m_thumbnail->region());
}

void ResultCard::setPhase(Stage stage)
{
    if (!m_isCancelling)
        m_phase->setText(phaseText(stage));
}

void ResultCard::setCancelling()
{
    m_isCancelling = true;
    m_cancel->setEnabled(false);
    m_phase->setText(tr("Cancelling"));
}

void ResultCard::setStoring()
{
    m_cancel->setEnabled(false);
    m_phase->setText(tr("Storing the answer"));
}

void ResultCard::append(const QString &piece)
{
    m_answer->append(piece);
}

void ResultCard::finish(const AnswerView &answer)
{
    const QString time = QLocale().toString(answer.answeredAt.toLocalTime().time(), QStringLiteral("HH:mm:ss"));
    showAnswer(answer, answer.isComplete ? tr("Answer of %1").arg(time) : tr("Answer of %1, cut at the length limit").arg(time),
               VerdictTile::Age::Newest);
    if (m_hasLeftOffer && waitsForReview(answer)) {
        m_hasLeftOffer = false;
        m_review->settle();
    }
}

void ResultCard::showEarlier(const AnswerView &answer)
{
    QStringList parts{tr("Earlier answer, %1").arg(answer.answeredAt.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm")))};
    for (const QString &part : {answer.source, answer.model})
        if (!part.isEmpty())
            parts.append(part);
    showAnswer(answer, parts.join(QStringLiteral(" · ")), VerdictTile::Age::Earlier);
}

void ResultCard::setReview(qint64 row, const Review &review)
{
    if (row == 0 || row != m_shown.row)
        return;
    m_shown.review = review;
    showReview();
}

void ResultCard::withdrawReview(qint64 row)
{
    if (row == 0 || row != m_shown.row)
        return;
    m_shown.review.reset();
    showReview();
}

void ResultCard::holdReview(qint64 row)
{
    if (row != 0 && row == m_shown.row)
        m_review->showStoring();
}

void ResultCard::offerReviewAgain(qint64 row)
{
    if (row != 0 && row == m_shown.row)
        m_review->offerAgain();
}

void ResultCard::showReview()
{
    if (m_shown.review)
        m_review->showGiven(*m_shown.review, m_shown.verdict == Verdict::Ng);
    else if (waitsForReview(m_shown))
        m_review->offer();
    else
        m_review->clear();
}

void ResultCard::leaveScreen()
{
    if (!m_isOnScreen)
        return;
    m_isOnScreen = false;
    refreshCaption();
    if (m_shown.verdict) {
        showVerdict();
        refreshField();
    }
}

void ResultCard::refreshCaption()
{
    const bool isTold = m_shown.verdict && width() < kWidePx; // by the tile: there is no room for it twice
    const bool isPlain = m_isOnScreen || m_age == VerdictTile::Age::Earlier || isTold;
    m_caption->setText(isPlain ? m_kind : tr("%1, about this earlier picture").arg(m_kind));
}

void ResultCard::showAnswer(const AnswerView &answer, const QString &kind, VerdictTile::Age age)
{
    m_kind = kind;
    m_age = age;
    m_question->setText(answer.question);
    m_thumbnail->setImage(answer.thumbnail, answer.region);
    setAccessibleDescription(answer.answer);
    setState(answer.isAnswered ? State::Answered : State::Failed);
    if (!answer.isAnswered)
        showFailure(answer.code, answer.answer, {});
    m_shown = answer;
    if (answer.verdict)
        showVerdict();
    else
        m_tile->setVisible(false);
    refreshCaption();
    refreshField();
    fitThumbnail();
    m_answer->setAnswer(answer.answer);
    m_probability->setText(tr("Probability %1").arg(percentText(answer.probability)));
    m_probabilityBar->setValue(int(answer.probability * 1000));
    m_expected->setText(answer.expectedAnswer.isEmpty() ? QString() : tr("Expected: %1").arg(answer.expectedAnswer));
    showReview();
}

void ResultCard::showVerdict()
{
    QString reason = m_shown.code.isEmpty() || m_shown.reason.isEmpty() ? m_shown.code + m_shown.reason
                                                                        : tr("%1: %2").arg(m_shown.code, m_shown.reason);
    if (!m_isOnScreen && m_age == VerdictTile::Age::Newest)
        reason = reason.isEmpty() ? tr("earlier picture") : tr("earlier picture · %1").arg(reason);
    m_tile->showVerdict(*m_shown.verdict, reason, shownAge());
}

void ResultCard::fail(const QString &code, const QString &sentence, const QString &detail)
{
    const bool isCancelled = code == QLatin1String("RUN-01");
    m_kind = isCancelled ? tr("Cancelled") : tr("No answer");
    refreshCaption();
    setState(isCancelled ? State::Cancelled : State::Failed);
    showFailure(code, sentence, detail);
}

void ResultCard::showFailure(const QString &code, const QString &sentence, const QString &detail)
{
    m_failure->setText(code.isEmpty() ? sentence : tr("%1: %2").arg(code, sentence));
    m_detail->setText(detail);
    m_details->setChecked(false);
    m_detail->setVisible(false);
    m_details->setVisible(!detail.isEmpty());
}

void ResultCard::refreshClock()
{
    m_clock->setText(tr("%1 s").arg(QLocale().toString(double(m_sincePress.elapsed()) / 1000, 'f', 1)));
}

} // namespace auroraedge::ui
