#include "ui/dialogs/floating_card.h"

#include "ui/theme/theme.h"
#include "ui/widgets/focused_button.h"

#include <QApplication>
#include <QGraphicsDropShadowEffect>
#include <QKeyEvent>
#include <QMouseEvent>

#include <algorithm>

namespace auroraedge::ui {

FloatingCard::FloatingCard(int widthPx, QWidget *parent) : QFrame(parent)
{
    setProperty("card", true);
    setFixedWidth(widthPx);
    auto *shadow = new QGraphicsDropShadowEffect(this);
    shadow->setBlurRadius(40);
    shadow->setOffset(0, 12);
    shadow->setColor(QColor(0, 0, 0, 110));
    setGraphicsEffect(shadow);
    QFrame::hide();
}

void FloatingCard::openAt(const QPoint &anchor, QWidget *opener)
{
    m_anchor = anchor;
    m_opener = opener;
    fit();
    m_focusBefore = QApplication::focusWidget();
    raise();
    QFrame::show();
    QWidget *first = m_first && m_first->isEnabled() ? m_first : this;
    first->setFocus(Qt::PopupFocusReason);
    if (first == this)
        focusNextPrevChild(true);
    qApp->installEventFilter(this);
}

void FloatingCard::close()
{
    if (!isVisible())
        return;
    qApp->removeEventFilter(this);
    if (m_focusBefore && m_focusBefore->isVisible())
        m_focusBefore->setFocus();
    QFrame::hide();
    Q_EMIT closed();
}

void FloatingCard::fit()
{
    adjustSize();
    const QWidget *room = parentWidget();
    const int x = std::clamp(m_anchor.x() - width(), space::kS, std::max(space::kS, room->width() - width() - space::kS));
    const int y = std::clamp(m_anchor.y(), 0, std::max(0, room->height() - height() - space::kS));
    move(x, y);
}

void FloatingCard::keyPressEvent(QKeyEvent *event)
{
    const bool isBack = event->key() == Qt::Key_Up;
    switch (event->key()) {
    case Qt::Key_Escape: close(); return;
    case Qt::Key_Up:
    case Qt::Key_Down: focusNextPrevChild(!isBack); return;
    case Qt::Key_Return:
    case Qt::Key_Enter: pressFocusedButton(*event); return;
    default: event->accept(); // keys of the page below do nothing while the card is open
    }
}

bool FloatingCard::focusNextPrevChild(bool next)
{
    // Round and round inside the card: the page below is out of reach while it is open.
    QWidget *from = QApplication::focusWidget();
    if (!isVisible() || !from)
        return false;
    const auto step = [next](const QWidget *at) { return next ? at->nextInFocusChain() : at->previousInFocusChain(); };
    QWidget *at = step(from);
    while (at != from
           && !(isAncestorOf(at) && at->isVisible() && at->isEnabled() && (at->focusPolicy() & Qt::TabFocus) != 0))
        at = step(at);
    at->setFocus(next ? Qt::TabFocusReason : Qt::BacktabFocusReason);
    return true;
}

bool FloatingCard::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::MouseButtonPress && watched->isWidgetType()) {
        auto *pressed = static_cast<QWidget *>(watched);
        // A press beside the card closes it and still does what it was meant for; file dialogs are windows of their own.
        if (pressed->window() == window() && pressed != this && pressed != m_opener && !isAncestorOf(pressed))
            close();
    }
    return QFrame::eventFilter(watched, event);
}

} // namespace auroraedge::ui
