#include "ui/widgets/page_scroll.h"

#include <QEvent>
#include <QScrollBar>

namespace auroraedge::ui {

PageScroll::PageScroll(const QString &name, const QString &title, QWidget *inner, QWidget *parent) : QScrollArea(parent)
{
    setObjectName(name);
    setAccessibleName(title);
    setFocusPolicy(Qt::NoFocus);
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    inner->setProperty("page", true);
    viewport()->setAutoFillBackground(false);
    setWidget(inner);
    inner->setAutoFillBackground(false);
    verticalScrollBar()->installEventFilter(this);
    keepMargin();
}

bool PageScroll::eventFilter(QObject *watched, QEvent *event)
{
    const bool isShownOrHidden = event->type() == QEvent::Show || event->type() == QEvent::Hide;
    if (watched == verticalScrollBar() && isShownOrHidden && isVisible()) // by itself, not with the whole page
        keepMargin();
    return QScrollArea::eventFilter(watched, event);
}

void PageScroll::showEvent(QShowEvent *event)
{
    QScrollArea::showEvent(event);
    keepMargin();
}

void PageScroll::keepMargin()
{
    const bool hasBar = verticalScrollBar()->isVisibleTo(this);
    setViewportMargins(0, 0, kMarginPx - (hasBar ? verticalScrollBar()->sizeHint().width() : 0), 0);
}

} // namespace auroraedge::ui
