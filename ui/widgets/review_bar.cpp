#include "ui/widgets/review_bar.h"

#include "ui/models/review_reason.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/painting.h"
#include "ui/widgets/plate_button.h"

#include <QApplication>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLocale>
#include <QVBoxLayout>

namespace auroraedge::ui {

ReviewBar::ReviewBar(const Theme &theme, const QString &prefix, QWidget *parent) : QWidget(parent)
{
    using Weight = PlateButton::Weight;
    const auto button = [&](const char *name, const QString &text, Weight weight, QWidget *owner) {
        auto *made = new PlateButton(theme, weight, owner);
        made->setObjectName(prefix + QLatin1String(name));
        made->setLabel(text);
        return made;
    };
    setObjectName(prefix + QStringLiteral("reviewBar"));
    m_told = new ElidedLabel(2, this);
    m_told->setObjectName(prefix + QStringLiteral("reviewTold"));
    m_told->setProperty("type", QStringLiteral("heading"));
    m_confirm = button("reviewConfirm", tr("Confirm NG"), Weight::Strong, this);
    m_confirm->setKey(tr("Enter"));
    m_overrule = button("reviewOverrule", tr("Overrule"), Weight::Plain, this);
    m_overrule->setKey(tr("O"));
    m_change = button("reviewChange", tr("Change"), Weight::Plain, this);
    m_change->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);

    m_reasonList = new QWidget(this);
    auto *grid = new QGridLayout(m_reasonList);
    grid->setContentsMargins({});
    grid->setSpacing(space::kS);
    grid->setColumnStretch(0, 1);
    grid->setColumnStretch(1, 1);
    int number = 0;
    for (const ReviewReason &reason : reviewReasons()) {
        auto *made = button("", reasonText(reason.id), Weight::Plain, m_reasonList);
        made->setObjectName(QStringLiteral("%1reviewReason%2").arg(prefix).arg(number + 1));
        made->setKey(QString::number(number + 1));
        made->setMark(reason.verdict);
        made->setAccessibleDescription(tr("Records %1").arg(verdictWord(reason.verdict)));
        grid->addWidget(made, number / 2, number % 2);
        connect(made, &QAbstractButton::clicked, this, [this, number] { choose(number + 1); });
        m_reasons.append(made);
        ++number;
    }
    m_back = button("reviewBack", tr("Back"), Weight::Plain, m_reasonList);
    m_back->setKey(tr("Esc"));
    grid->addWidget(m_back, number / 2, number % 2);

    auto *row = new QHBoxLayout;
    row->setSpacing(space::kS);
    row->addWidget(m_told, 1);
    row->addWidget(m_change);
    row->addWidget(m_confirm, 1);
    row->addWidget(m_overrule, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addLayout(row);
    column->addWidget(m_reasonList);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);

    m_settleTimer.setSingleShot(true);
    m_settleTimer.setInterval(kSettleTime);
    connect(&m_settleTimer, &QTimer::timeout, this, [this] { setState(State::Offered); });
    connect(m_confirm, &QAbstractButton::clicked, this, &ReviewBar::confirm);
    connect(m_overrule, &QAbstractButton::clicked, this, &ReviewBar::overrule);
    connect(m_back, &QAbstractButton::clicked, this, &ReviewBar::closeReasons);
    connect(m_change, &QAbstractButton::clicked, this, &ReviewBar::offerAgain);
    setState(State::Hidden);
}

void ReviewBar::setColours(const QColor &ground, const QColor &ink)
{
    for (PlateButton *button : findChildren<PlateButton *>())
        button->setColours(ground, ink);
}

void ReviewBar::setState(State state)
{
    m_state = state;
    if (state != State::Settling)
        m_settleTimer.stop();
    setVisible(state != State::Hidden);
    const bool isTold = state == State::Storing || state == State::Given;
    m_told->setVisible(isTold);
    m_change->setVisible(state == State::Given && m_canChange);
    for (PlateButton *judging : {m_confirm, m_overrule}) {
        judging->setVisible(state == State::Offered || state == State::Settling);
        judging->setEnabled(state != State::Settling);
    }
    m_reasonList->setVisible(state == State::Choosing);
    m_told->setMinimumHeight(isTold ? kTouchPx : 0); // nothing jumps when the buttons come or go
    if (state == State::Choosing)
        m_reasons.first()->setFocus(Qt::ShortcutFocusReason);
    Q_EMIT stateChanged();
}

void ReviewBar::clear()
{
    setState(State::Hidden);
}

void ReviewBar::offer()
{
    m_canChange = true;
    setState(State::Offered);
}

void ReviewBar::settle()
{
    if (m_state != State::Offered)
        return;
    setState(State::Settling);
    m_settleTimer.start();
}

void ReviewBar::showStoring()
{
    m_told->setText(tr("Storing the review"));
    setState(State::Storing);
}

void ReviewBar::offerAgain()
{
    if (m_state == State::Storing || (m_state == State::Given && m_canChange))
        setState(State::Offered);
}

void ReviewBar::showGiven(const Review &review, bool canChange)
{
    m_canChange = canChange;
    QStringList parts{review.verdict == Verdict::Ng ? tr("Confirmed") : tr("Overruled to %1").arg(verdictWord(review.verdict))};
    for (const QString &part : {reasonText(review.reason), review.reviewer})
        if (!part.isEmpty())
            parts.append(part);
    if (review.at.isValid())
        parts.append(review.at.toLocalTime().time().toString(QStringLiteral("HH:mm")));
    m_told->setText(parts.join(QStringLiteral(" · ")));
    setState(State::Given);
}

void ReviewBar::confirm()
{
    if (m_state == State::Offered)
        give(Verdict::Ng, {});
}

void ReviewBar::overrule()
{
    if (m_state == State::Offered)
        setState(State::Choosing);
}

void ReviewBar::choose(int number)
{
    const QList<ReviewReason> offered = reviewReasons();
    if (m_state == State::Choosing && number >= 1 && number <= offered.size())
        give(offered.at(number - 1).verdict, offered.at(number - 1).id);
}

void ReviewBar::closeReasons()
{
    if (m_state != State::Choosing)
        return;
    const bool hadFocus = m_reasonList->isAncestorOf(QApplication::focusWidget());
    setState(State::Offered);
    if (hadFocus)
        m_overrule->setFocus(Qt::OtherFocusReason);
}

void ReviewBar::give(Verdict verdict, const QString &reason)
{
    showStoring();
    Q_EMIT given(verdict, reason);
}

} // namespace auroraedge::ui
