#include "ui/widgets/shift_card.h"

#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/painting.h"

#include <QApplication>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace auroraedge::ui {

namespace {

QString yieldText(double yield)
{
    // Rounded down: 100 % is kept for a shift without a single NG.
    return ShiftCard::tr("%1 %").arg(QLocale().toString(std::floor(yield * 1000) / 10, 'f', yield < 1 ? 1 : 0));
}

/// Whole up to a million, then the card has no room for it; the tool tip has.
void setCount(QLabel *label, qint64 count)
{
    const QLocale locale;
    const bool isLong = count >= 1'000'000;
    label->setText(isLong ? ShiftCard::tr("%1 M").arg(locale.toString(double(count) / 1e6, 'f', 2)) : locale.toString(count));
    label->setToolTip(isLong ? locale.toString(count) : QString());
}

} // namespace

ShiftCard::ShiftCard(const Theme &theme, QWidget *parent) : QFrame(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("shiftCard"));
    setAccessibleName(tr("Counters"));
    setProperty("card", true);

    m_body = new QWidget(this);
    m_grid = new QGridLayout;
    m_grid->setContentsMargins({});
    m_grid->setHorizontalSpacing(space::kS);
    m_grid->setVerticalSpacing(0);
    m_total = addFigure("shiftTotal", tr("total"));
    m_ok = addFigure("shiftOk", verdictWord(Verdict::Ok));
    m_ng = addFigure("shiftNg", verdictWord(Verdict::Ng));
    m_unsure = addFigure("shiftUnsure", verdictWord(Verdict::Unsure));
    m_failed = addFigure("shiftFailed", tr("failed"));
    m_yield = addFigure("shiftYield", tr("yield"));
    m_lastHour = addFigure("shiftLastHour", tr("last hour"));
    m_since = addFigure("shiftSince", tr("since"));
    setLines(1);
    m_reset = new QToolButton(m_body);
    m_reset->setObjectName(QStringLiteral("shiftReset"));
    m_reset->setAccessibleName(tr("Reset the counters"));
    m_reset->setToolTip(tr("Reset the counters"));
    m_reset->setFocusPolicy(Qt::TabFocus);
    m_reset->setIconSize({20, 20});
    auto *body = new QHBoxLayout(m_body);
    body->setContentsMargins(space::kL, space::kXs, space::kS, space::kXs);
    body->setSpacing(space::kS);
    body->addLayout(m_grid, 1);
    body->addWidget(m_reset);

    m_question = new QWidget(this);
    auto *text = new ElidedLabel(4, m_question);
    text->setObjectName(QStringLiteral("shiftQuestion"));
    text->setProperty("type", QStringLiteral("label"));
    text->setText(tr("Count from zero again? Stored answers stay."));
    const auto button = [this](const char *name, const QString &title) {
        auto *made = new QPushButton(title, m_question);
        made->setObjectName(QLatin1String(name));
        made->setAutoDefault(true); // Enter presses the one that has the focus
        made->setFocusPolicy(Qt::TabFocus);
        return made;
    };
    auto *reset = button("shiftResetConfirm", tr("Reset"));
    m_keep = button("shiftKeep", tr("Keep"));
    m_keep->setToolTip(tr("Esc"));
    auto *question = new QHBoxLayout(m_question);
    question->setContentsMargins(space::kL, 0, space::kS, 0);
    question->setSpacing(space::kS);
    question->addWidget(text, 1);
    question->addWidget(reset);
    question->addWidget(m_keep);

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins({});
    row->addWidget(m_body);
    row->addWidget(m_question);
    connect(m_reset, &QToolButton::clicked, this, [this] { askBack(true); });
    connect(m_keep, &QPushButton::clicked, this, &ShiftCard::keep);
    connect(reset, &QPushButton::clicked, this, [this] {
        askBack(false);
        Q_EMIT resetChosen();
    });
    connect(&theme, &Theme::changed, this, &ShiftCard::refreshIcon);
    m_question->hide();
    refreshIcon();
    setCounters({});
}

int ShiftCard::heightPx(int lines)
{
    constexpr int kLinePx = 46;
    return std::max(kTouchPx, lines * kLinePx) + 2 * space::kXs + 2;
}

void ShiftCard::setLines(int lines)
{
    if (lines == m_lines)
        return;
    m_lines = lines;
    const int columns = (int(m_figures.size()) + lines - 1) / lines;
    for (int index = 0; index < m_figures.size(); ++index) {
        m_grid->addWidget(m_figures.at(index).value, 2 * (index / columns), index % columns);
        m_grid->addWidget(m_figures.at(index).title, 2 * (index / columns) + 1, index % columns);
        m_grid->setColumnStretch(index, index < columns ? 1 : 0);
    }
    setFixedHeight(heightPx(lines));
}

QLabel *ShiftCard::addFigure(const char *name, const QString &title)
{
    const auto add = [this](Qt::Alignment side, const char *type, const char *tone) {
        auto *label = new QLabel(m_body);
        label->setTextFormat(Qt::PlainText);
        label->setAlignment(Qt::AlignHCenter | side);
        label->setProperty("type", QLatin1String(type));
        label->setProperty("tone", QLatin1String(tone));
        return label;
    };
    const Figure figure{add(Qt::AlignBottom, "heading", ""), add(Qt::AlignTop, "caption", "muted")};
    figure.value->setObjectName(QLatin1String(name));
    figure.title->setText(title);
    m_figures.append(figure);
    return figure.value;
}

void ShiftCard::setCounters(const ShiftCounters &counters)
{
    const QLocale locale;
    setCount(m_total, counters.total);
    setCount(m_ok, counters.ok);
    setCount(m_ng, counters.ng);
    setCount(m_unsure, counters.unsure);
    setCount(m_failed, counters.failed);
    m_yield->setText(counters.yield() < 0 ? QStringLiteral("–") : yieldText(counters.yield()));
    m_lastHour->setText(locale.toString(counters.lastHour));
    const QDateTime since = counters.since.toLocalTime();
    if (!since.isValid())
        m_since->setText(tr("start"));
    else if (since.date() == QDate::currentDate())
        m_since->setText(since.time().toString(QStringLiteral("HH:mm")));
    else
        m_since->setText(locale.toString(since.date(), tr("d MMM")));
    m_since->setAccessibleDescription(since.isValid() ? locale.toString(since, QLocale::ShortFormat) : QString());
}

bool ShiftCard::isAskingBack() const
{
    return m_question->isVisibleTo(this);
}

void ShiftCard::keep()
{
    if (isAskingBack())
        askBack(false);
}

void ShiftCard::askBack(bool isAsking)
{
    const bool hadFocus = isAncestorOf(QApplication::focusWidget());
    m_question->setVisible(isAsking);
    m_body->setVisible(!isAsking);
    if (isAsking)
        m_keep->setFocus(Qt::TabFocusReason); // the safe one
    else if (hadFocus)
        m_reset->setFocus(Qt::TabFocusReason);
}

void ShiftCard::refreshIcon()
{
    m_reset->setIcon(m_theme.icon(QStringLiteral("reset"), m_theme.colours().textMuted));
}

} // namespace auroraedge::ui
