#include "ui/widgets/batch_failure_list.h"

#include "ui/models/batch_failure_model.h"
#include "ui/theme/theme.h"
#include "ui/widgets/painting.h"

#include <QKeyEvent>
#include <QPainter>
#include <QStyledItemDelegate>

namespace auroraedge::ui {

namespace {

class FailureDelegate final : public QStyledItemDelegate
{
public:
    FailureDelegate(const Theme &theme, const BatchFailureModel &failures, QObject *parent)
        : QStyledItemDelegate(parent), m_theme(theme), m_failures(failures)
    {
    }

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override { return {0, BatchFailureList::kRowPx}; }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const ThemeColours &c = m_theme.colours();
        const BatchFailure &failure = m_failures.at(index.row());
        const QFont label = m_theme.font(TextRole::Label), caption = m_theme.font(TextRole::Caption);
        const QFontMetrics labelMetrics(label), captionMetrics(caption);
        painter->save();
        painter->fillRect(option.rect.x(), option.rect.bottom(), option.rect.width(), 1, c.outline);
        const QRect cell = option.rect.adjusted(space::kL, 0, -space::kL, 0);
        const int codeWidth = labelMetrics.horizontalAdvance(failure.code);
        const int height = labelMetrics.height() + captionMetrics.height();
        QRect line(cell.x(), cell.y() + (cell.height() - height) / 2, cell.width(), labelMetrics.height());
        painter->setFont(label);
        painter->setPen(c.ngText);
        painter->drawText(line, Qt::AlignRight | Qt::AlignVCenter, failure.code);
        painter->setPen(c.text);
        painter->drawText(line, Qt::AlignLeft | Qt::AlignVCenter,
                          labelMetrics.elidedText(failure.path, Qt::ElideMiddle, line.width() - codeWidth - space::kL));
        line = QRect(cell.x(), line.bottom() + 1, cell.width(), captionMetrics.height());
        painter->setFont(caption);
        painter->setPen(c.textMuted);
        painter->drawText(line, Qt::AlignLeft | Qt::AlignVCenter, captionMetrics.elidedText(failure.reason.simplified(), Qt::ElideRight, line.width()));
        const auto *view = static_cast<const QListView *>(option.widget);
        if (view->hasFocus() && view->currentIndex() == index)
            paintFocusRing(*painter, QRectF(option.rect), radius::kSmall, c.focus);
        painter->restore();
    }

private:
    const Theme &m_theme;
    const BatchFailureModel &m_failures;
};

} // namespace

BatchFailureList::BatchFailureList(const Theme &theme, BatchFailureModel &failures, QWidget *parent) : QListView(parent)
{
    setObjectName(QStringLiteral("batchFailures"));
    setAccessibleName(tr("Failed files"));
    setUniformItemSizes(true);
    setSelectionMode(QAbstractItemView::NoSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setModel(&failures);
    setItemDelegate(new FailureDelegate(theme, failures, this));
    connect(&theme, &Theme::changed, this, [this] { viewport()->update(); });
}

void BatchFailureList::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_Home:
    case Qt::Key_End:
    case Qt::Key_PageUp:
    case Qt::Key_PageDown: QListView::keyPressEvent(event); return;
    default: event->ignore(); // letters belong to the page, not to a search
    }
}

} // namespace auroraedge::ui
