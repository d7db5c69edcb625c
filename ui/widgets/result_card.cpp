#include "ui/widgets/result_card.h"

#include "ui/theme/theme.h"
#include "ui/widgets/answer_text.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/painting.h"
#include "ui/widgets/thumbnail.h"
#include "ui/widgets/verdict_tile.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace auroraedge::ui {

namespace {

constexpr QSize kThumbnailSize{112, 84};

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
Label *named(Label *label, const char *name, const char *type, const char *tone = "")
{
    label->setObjectName(QLatin1String(name));
    label->setTextFormat(Qt::PlainText);
    label->setProperty("type", QLatin1String(type));
    label->setProperty("tone", QLatin1String(tone));
    return label;
}

QPushButton *makeButton(QWidget *parent, const char *name, const QString &text, const char *kind = "")
{
    auto *button = new QPushButton(text, parent);
    button->setObjectName(QLatin1String(name));
    button->setProperty("kind", QLatin1String(kind));
    button->setFocusPolicy(Qt::TabFocus);
    button->setAutoDefault(false);
    return button;
}

} // namespace

ResultCard::ResultCard(const Theme &theme, QWidget *parent) : QFrame(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("resultCard"));
    setAccessibleName(tr("Result"));
    setProperty("card", true);

    m_empty = new QWidget(this);
    m_emptyIcon = new QLabel(m_empty);
    m_emptyIcon->setAlignment(Qt::AlignCenter);
    auto *emptyTitle = named(new QLabel(m_empty), "emptyTitle", "heading");
    emptyTitle->setText(tr("No answer yet"));
    emptyTitle->setAlignment(Qt::AlignCenter);
    auto *emptyText = named(new QLabel(m_empty), "emptyText", "label", "muted");
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
    m_thumbnail = new Thumbnail(theme, kThumbnailSize, m_body);
    m_caption = named(new ElidedLabel(2, m_body), "resultCaption", "caption", "muted");
    m_question = named(new ElidedLabel(3, m_body), "resultQuestion", "heading");
    auto *head = new QVBoxLayout;
    head->setSpacing(space::kXs);
    head->addWidget(m_caption);
    head->addWidget(m_question);
    head->addStretch();
    auto *headRow = new QHBoxLayout;
    headRow->setSpacing(space::kL);
    headRow->addWidget(m_thumbnail, 0, Qt::AlignTop);
    headRow->addLayout(head, 1);

    m_tile = new VerdictTile(theme, m_body);
    m_answer = new AnswerText(theme, m_body);

    m_busyRow = new QWidget(m_body);
    m_phase = named(new ElidedLabel(2, m_busyRow), "phase", "label");
    m_clock = named(new QLabel(m_busyRow), "clock", "label", "muted");
    m_cancel = makeButton(m_busyRow, "cancelButton", tr("Cancel"));
    m_cancel->setToolTip(tr("Esc"));
    auto *busy = new QHBoxLayout(m_busyRow);
    busy->setContentsMargins({});
    busy->setSpacing(space::kM);
    busy->addWidget(m_phase, 1);
    busy->addWidget(m_clock);
    busy->addWidget(m_cancel);

    m_probabilityRow = new QWidget(m_body);
    m_probability = named(new QLabel(m_probabilityRow), "probability", "label");
    m_probabilityBar = new QProgressBar(m_probabilityRow);
    m_probabilityBar->setRange(0, 1000);
    m_probabilityBar->setTextVisible(false);
    m_probabilityBar->setAccessibleName(tr("Probability"));
    m_expected = named(new ElidedLabel(1, m_probabilityRow), "expected", "caption", "muted");
    m_expected->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    auto *probabilityLine = new QHBoxLayout;
    probabilityLine->setSpacing(space::kS);
    probabilityLine->addWidget(m_probability);
    probabilityLine->addWidget(m_expected, 1);
    auto *probability = new QVBoxLayout(m_probabilityRow);
    probability->setContentsMargins({});
    probability->setSpacing(space::kS);
    probability->addLayout(probabilityLine);
    probability->addWidget(m_probabilityBar);

    // A driver or a library may have much to say: what does not fit is scrolled.
    m_failureRow = new QScrollArea(m_body);
    m_failureRow->setObjectName(QStringLiteral("failureArea"));
    m_failureRow->setWidgetResizable(true);
    m_failureRow->setFocusPolicy(Qt::NoFocus);
    m_failureRow->viewport()->setAutoFillBackground(false);
    auto *failurePage = new QWidget;
    failurePage->setProperty("page", true);
    m_failureRow->setWidget(failurePage);
    failurePage->setAutoFillBackground(false);
    m_failure = named(new QLabel(failurePage), "failure", "heading", "error");
    m_failure->setWordWrap(true);
    m_detail = named(new QLabel(failurePage), "failureDetail", "caption", "muted");
    m_detail->setWordWrap(true);
    m_details = makeButton(failurePage, "failureDetails", tr("Details"));
    m_details->setCheckable(true);
    m_copy = makeButton(failurePage, "failureCopy", tr("Copy"));
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

    auto *body = new QVBoxLayout(m_body);
    body->setContentsMargins(space::kL, space::kL, space::kL, space::kL);
    body->setSpacing(space::kM);
    body->addLayout(headRow);
    body->addWidget(m_tile, 3);
    body->addWidget(m_answer, 2);
    body->addWidget(m_failureRow, 1);
    body->addWidget(m_probabilityRow);
    body->addWidget(m_busyRow);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(1, 1, 1, 1);
    column->addWidget(m_empty);
    column->addWidget(m_body);

    m_clockTimer.setInterval(50);
    connect(&m_clockTimer, &QTimer::timeout, this, &ResultCard::refreshClock);
    connect(m_cancel, &QPushButton::clicked, this, &ResultCard::cancelPressed);
    connect(m_details, &QPushButton::toggled, m_detail, &QWidget::setVisible);
    connect(m_copy, &QPushButton::clicked, this, [this] {
        QApplication::clipboard()->setText(m_failure->text() + QLatin1Char('\n') + m_detail->text());
    });
    connect(&theme, &Theme::changed, this, &ResultCard::refreshEmpty);
    refreshEmpty();
    setState(State::Empty);
}

void ResultCard::refreshEmpty()
{
    m_emptyIcon->setPixmap(m_theme.icon(QStringLiteral("ask"), m_theme.colours().outlineStrong)
                               .pixmap(QSize(48, 48), devicePixelRatioF()));
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
    if (state != State::Answered)
        m_tile->setVisible(false);
    if (isBusy)
        m_clockTimer.start();
    else
        m_clockTimer.stop();
}

void ResultCard::clear()
{
    setState(State::Empty);
}

void ResultCard::start(const QString &question, const QImage &picture)
{
    m_sincePress.start();
    m_isCancelling = false;
    m_cancel->setEnabled(true);
    m_kind = tr("Answering");
    m_age = VerdictTile::Age::Newest;
    m_isOnScreen = true;
    m_question->setText(question);
    m_thumbnail->setImage(picture);
    m_answer->setAnswer({});
    m_phase->setText(tr("Waiting for the engine"));
    setState(State::Busy);
    refreshCaption();
    refreshClock();
}

void ResultCard::setThumbnail(const QImage &thumbnail)
{
    m_thumbnail->setImage(thumbnail);
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

void ResultCard::append(const QString &piece)
{
    m_answer->append(piece);
}

void ResultCard::finish(const AnswerView &answer)
{
    const QString time = QLocale().toString(answer.answeredAt.toLocalTime().time(), QStringLiteral("HH:mm:ss"));
    showAnswer(answer, answer.isComplete ? tr("Answer of %1").arg(time) : tr("Answer of %1, cut at the length limit").arg(time),
               VerdictTile::Age::Newest);
}

void ResultCard::showEarlier(const AnswerView &answer)
{
    showAnswer(answer, tr("Earlier answer, %1").arg(QLocale().toString(answer.answeredAt.toLocalTime(), QLocale::ShortFormat)),
               VerdictTile::Age::Earlier);
}

void ResultCard::setOnScreen(bool isOnScreen)
{
    if (isOnScreen == m_isOnScreen)
        return;
    m_isOnScreen = isOnScreen;
    refreshCaption();
}

void ResultCard::refreshCaption()
{
    const bool isPlain = m_isOnScreen || m_age == VerdictTile::Age::Earlier;
    m_caption->setText(isPlain ? m_kind : tr("%1, about this earlier picture").arg(m_kind));
}

void ResultCard::showAnswer(const AnswerView &answer, const QString &kind, VerdictTile::Age age)
{
    m_kind = kind;
    m_age = age;
    refreshCaption();
    m_question->setText(answer.question);
    m_thumbnail->setImage(answer.thumbnail);
    setAccessibleDescription(answer.answer);
    setState(answer.isAnswered ? State::Answered : State::Failed);
    if (!answer.isAnswered)
        showFailure(answer.code, answer.answer, {});
    if (answer.verdict) {
        const QString reason = answer.code.isEmpty() ? answer.reason : tr("%1: %2").arg(answer.code, answer.reason);
        m_tile->showVerdict(*answer.verdict, reason, age);
    } else {
        m_tile->setVisible(false);
    }
    m_answer->setAnswer(answer.answer);
    m_probability->setText(tr("Probability %1").arg(percentText(answer.probability)));
    m_probabilityBar->setValue(int(answer.probability * 1000));
    m_expected->setText(answer.expectedAnswer.isEmpty() ? QString() : tr("Expected: %1").arg(answer.expectedAnswer));
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
