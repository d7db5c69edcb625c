#include "ui/widgets/flow_layout.h"

#include <QWidget>

#include <algorithm>

namespace auroraedge::ui {

FlowLayout::FlowLayout(QWidget *parent, int spacingPx) : QLayout(parent)
{
    setContentsMargins({});
    setSpacing(spacingPx);
}

FlowLayout::~FlowLayout()
{
    qDeleteAll(m_items);
}

QLayoutItem *FlowLayout::takeAt(int index)
{
    return index >= 0 && index < m_items.size() ? m_items.takeAt(index) : nullptr;
}

QSize FlowLayout::minimumSize() const
{
    QSize size;
    for (const QLayoutItem *item : m_items)
        size = size.expandedTo(item->minimumSize());
    return size;
}

void FlowLayout::setGeometry(const QRect &rect)
{
    QLayout::setGeometry(rect);
    place({rect.topLeft(), QSize(evenWidth(rect.width()), rect.height())}, true);
}

int FlowLayout::evenWidth(int width) const
{
    const int height = heightForWidth(width);
    int least = 0; // no item is cut for it
    for (const QLayoutItem *item : m_items)
        if (!item->isEmpty())
            least = std::max(least, item->sizeHint().width());
    int enough = width;
    while (least < enough) {
        const int middle = least + (enough - least) / 2;
        if (heightForWidth(middle) > height)
            least = middle + 1;
        else
            enough = middle;
    }
    return enough;
}

int FlowLayout::place(const QRect &room, bool moves) const
{
    int x = room.x(), y = room.y(), rowHeight = 0;
    for (QLayoutItem *item : m_items) {
        if (item->isEmpty())
            continue;
        const QSize size(std::min(item->sizeHint().width(), room.width()), item->sizeHint().height());
        if (x > room.x() && x + size.width() > room.x() + room.width()) {
            x = room.x();
            y += rowHeight + spacing();
            rowHeight = 0;
        }
        if (moves)
            item->setGeometry({QPoint(x, y), size});
        x += size.width() + spacing();
        rowHeight = std::max(rowHeight, size.height());
    }
    return y + rowHeight - room.y();
}

} // namespace auroraedge::ui
