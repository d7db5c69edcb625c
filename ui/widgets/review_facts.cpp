#include "ui/widgets/review_facts.h"

#include "ui/models/review_reason.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/latency_card.h"
#include "ui/widgets/painting.h"
#include "ui/widgets/plate_button.h"

#include <QGridLayout>

#include <algorithm>
#include <tuple>
#include <utility>

namespace auroraedge::ui {

namespace {

constexpr int kMostHistory = 20;

QString reviewText(const Review &review, const QString &defectClass)
{
    QStringList parts{verdictWord(review.verdict)};
    for (const QString &part : {defectClass, reasonText(review.reason), review.reviewer})
        if (!part.isEmpty())
            parts.append(part);
    if (review.at.isValid())
        parts.append(review.at.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm")));
    return parts.join(QStringLiteral(" · "));
}

void setTone(ElidedLabel *label, const char *tone)
{
    label->setProperty("tone", QLatin1String(tone));
    restyle(label);
}

} // namespace

ReviewFacts::ReviewFacts(const Theme &theme, QWidget *parent) : QScrollArea(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("reviewFacts"));
    setAccessibleName(tr("What is known of this answer"));
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::NoFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    m_body = new QWidget;
    m_body->setProperty("page", true);
    const auto label = [this](const char *name, const char *type, int lines, const char *tone = "") {
        auto *made = new ElidedLabel(lines, m_body);
        made->setObjectName(QLatin1String(name));
        made->setProperty("type", QLatin1String(type));
        made->setProperty("tone", QLatin1String(tone));
        return made;
    };
    const auto grid = [] {
        auto *made = new QGridLayout;
        made->setSpacing(space::kS);
        made->setColumnStretch(0, 1);
        made->setColumnStretch(1, 1);
        return made;
    };
    m_machine = label("factsMachine", "heading", 2);
    m_person = label("factsPerson", "label", 3);
    m_question = label("factsQuestion", "label", 4, "muted");
    m_answer = label("factsAnswer", "heading", 8);
    m_reason = label("factsReason", "label", 4);
    m_note = label("factsNote", "label", 6);
    m_marks = label("factsMarks", "label", 4);
    m_origin = label("factsOrigin", "caption", 4, "muted");
    m_historyTitle = label("factsHistory", "label", 1, "muted");
    m_historyTitle->setText(tr("What people said"));
    m_latency = new LatencyCard(theme, m_body);
    m_latency->setObjectName(QStringLiteral("factsLatency"));
    m_latency->setSlim(true);

    m_decisionGrid = grid();
    m_decisions.append(addButton(m_decisionGrid, "decideAgree", tr("Agree"), tr("A"), Qt::Key_A));
    for (const auto &[name, verdict, letter, key] : {std::tuple("decideOk", Verdict::Ok, tr("O"), Qt::Key_O), std::tuple("decideNg", Verdict::Ng, tr("N"), Qt::Key_N),
                                                    std::tuple("decideUnsure", Verdict::Unsure, tr("U"), Qt::Key_U)}) {
        m_decisions.append(addButton(m_decisionGrid, name, verdictWord(verdict), letter, key));
        m_decisions.last()->setMark(verdict);
    }
    m_classGrid = grid();
    auto *tools = grid();
    addButton(tools, "reviewNote", tr("Note"), tr("M"), Qt::Key_M);
    m_hold = addButton(tools, "reviewHold", tr("Hold"), tr("H"), Qt::Key_H);
    addButton(tools, "reviewTag", tr("Tags"), tr("T"), Qt::Key_T);
    addButton(tools, "reviewUndo", tr("Undo"), tr("Z"), Qt::Key_Z);
    addButton(tools, "reviewLarge", tr("Large"), tr("P"), Qt::Key_P);
    addButton(tools, "reviewCompare", tr("Compare"), tr("C"), Qt::Key_C);
    m_history = new QVBoxLayout;
    m_history->setSpacing(space::kXs);

    auto *column = new QVBoxLayout(m_body);
    column->setContentsMargins(0, 0, space::kS, 0);
    column->setSpacing(space::kS);
    column->addWidget(m_machine);
    column->addLayout(m_decisionGrid); // above all that may be long: they are in view, and in one place for every item
    for (QWidget *part : {m_person, m_question, m_answer, m_reason, m_note, m_marks})
        column->addWidget(part);
    column->addLayout(m_classGrid);
    column->addLayout(tools);
    column->addWidget(m_latency);
    column->addWidget(m_historyTitle);
    column->addLayout(m_history);
    column->addWidget(m_origin);
    column->addStretch();
    viewport()->setAutoFillBackground(false);
    setWidget(m_body);
    m_body->setAutoFillBackground(false);
    connect(&theme, &Theme::changed, this, &ReviewFacts::refreshColours);
    refreshColours();
    clear();
}

PlateButton *ReviewFacts::addButton(QGridLayout *grid, const char *name, const QString &text, const QString &label, int key)
{
    auto *button = new PlateButton(m_theme, PlateButton::Weight::Calm, m_body);
    button->setObjectName(QLatin1String(name));
    button->setLabel(text);
    button->setKey(label);
    const int place = grid->count();
    grid->addWidget(button, place / 2, place % 2);
    connect(button, &QAbstractButton::clicked, this, [this, key] { Q_EMIT keyPressed(key); });
    m_buttons.append(button);
    return button;
}

void ReviewFacts::refreshColours()
{
    for (PlateButton *button : std::as_const(m_buttons))
        button->setColours(m_theme.colours().raised, m_theme.colours().text);
}

void ReviewFacts::resizeEvent(QResizeEvent *event)
{
    QScrollArea::resizeEvent(event);
    arrangeDecisions();
}

void ReviewFacts::arrangeDecisions()
{
    const int count = int(m_decisions.size());
    int widest = 0;
    for (const PlateButton *button : std::as_const(m_decisions))
        widest = std::max(widest, button->minimumSizeHint().width());
    const int room = viewport()->width() - m_body->layout()->contentsMargins().right();
    const bool isOneRow = count * (widest + space::kXs) - space::kXs <= room;
    const int columns = isOneRow ? count : 2;
    m_decisionGrid->setSpacing(isOneRow ? space::kXs : space::kS);
    for (int place = 0; place < count; ++place) {
        m_decisionGrid->addWidget(m_decisions.at(place), place / columns, place % columns);
        m_decisionGrid->setColumnStretch(place, !isOneRow && place < columns ? 1 : 0); // in one row each takes what its word needs
    }
}

void ReviewFacts::clear()
{
    m_body->hide();
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setHistory({});
}

void ReviewFacts::showItem(const ReviewItem &item, ReviewModel::Condition condition)
{
    const AnswerView &answer = item.answer;
    m_body->show();
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    const QString machine = answer.verdict ? verdictWord(*answer.verdict) : tr("no verdict");
    m_machine->setText(answer.isAnswered ? tr("Model: %1 · %2").arg(machine, percentText(answer.probability)) : tr("Model: failed (%1)").arg(answer.code));
    if (condition == ReviewModel::Condition::Waiting)
        m_person->setText(tr("Storing the decision"));
    else if (condition == ReviewModel::Condition::Failed)
        m_person->setText(tr("The last decision was not stored. R tries again."));
    else if (answer.review)
        m_person->setText(tr("Person: %1").arg(reviewText(*answer.review, item.defectClass)));
    else
        m_person->setText(tr("No person has judged it yet."));
    setTone(m_person, condition == ReviewModel::Condition::Failed                       ? "error"
                      : condition == ReviewModel::Condition::Waiting || !answer.review ? "muted"
                                                                                       : "");
    m_question->setText(answer.question);
    m_answer->setText(answer.answer);
    m_reason->setText(answer.reason);
    m_reason->setVisible(!answer.reason.isEmpty());
    QStringList notes;
    for (const ReviewNote &note : item.notes)
        notes.append(tr("Note of %1: %2").arg(note.reviewer, note.text));
    m_note->setText(notes.join(QStringLiteral(" · ")));
    m_note->setVisible(!notes.isEmpty());
    QStringList marks;
    if (item.isHeld)
        marks.append(tr("Held: its picture stays until it is released"));
    if (!item.tags.isEmpty())
        marks.append(tr("Tags: %1").arg(item.tags.join(QStringLiteral(", "))));
    if (item.pictureRemovedAt.isValid())
        marks.append(tr("Picture removed by retention on %1").arg(item.pictureRemovedAt.toLocalTime().toString(QStringLiteral("yyyy-MM-dd"))));
    m_marks->setText(marks.join(QStringLiteral(" · ")));
    m_marks->setVisible(!marks.isEmpty());
    m_hold->setLabel(item.isHeld ? tr("Release") : tr("Hold"));
    m_latency->showLatencies(answer.latency, answer.encoderReused, answer.answerTokens);
    QStringList origin{answer.answeredAt.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")), answer.source, answer.model};
    origin.removeAll(QString());
    m_origin->setText(origin.join(QStringLiteral(" · ")));
}

void ReviewFacts::tell(const QString &sentence)
{
    m_person->setText(sentence);
    setTone(m_person, "warning");
}

void ReviewFacts::setHistory(const ReviewEntries &newestFirst)
{
    while (QLayoutItem *item = m_history->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_historyTitle->setVisible(!newestFirst.isEmpty());
    for (const ReviewEntry &entry : newestFirst.mid(0, kMostHistory)) {
        auto *line = new ElidedLabel(3, m_body);
        line->setProperty("type", QStringLiteral("caption"));
        QString text = reviewText(entry.review, entry.defectClass);
        if (!entry.note.isEmpty())
            text = tr("%1 · “%2”").arg(text, entry.note);
        line->setText(entry.isUndone ? tr("taken back: %1").arg(text) : text);
        line->setProperty("tone", entry.isUndone ? QStringLiteral("muted") : QString());
        m_history->addWidget(line);
    }
}

void ReviewFacts::setClasses(const QStringList &names)
{
    for (PlateButton *button : std::as_const(m_classes)) {
        m_buttons.removeOne(button);
        delete button;
    }
    m_classes.clear();
    for (int number = 1; number <= std::min<int>(9, int(names.size())); ++number) {
        const QByteArray name = "reviewClass" + QByteArray::number(number);
        m_classes.append(addButton(m_classGrid, name.constData(), names.at(number - 1), QString::number(number), Qt::Key_0 + number));
    }
    refreshColours();
}

} // namespace auroraedge::ui
