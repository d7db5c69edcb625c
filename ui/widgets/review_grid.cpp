#include "ui/widgets/review_grid.h"

#include "ui/theme/theme.h"
#include "ui/widgets/painting.h"
#include "ui/widgets/thumbnail.h"

#include <QKeyEvent>
#include <QLocale>
#include <QPainter>
#include <QScrollBar>
#include <QStyledItemDelegate>

#include <algorithm>
#include <utility>

namespace auroraedge::ui {

namespace {

using CellSize = ReviewGrid::CellSize;
using Condition = ReviewModel::Condition;

constexpr int kScrollBarPx = 10;
constexpr int kGapPx = 6;    ///< of a cell to each of its neighbours
constexpr int kPaddingPx = 6;
constexpr int kBadgePx = 22;

struct CellLook
{
    int width, height; ///< with the gap
    int lines;         ///< below the picture
    int markPx;
};

CellLook lookOf(CellSize size)
{
    switch (size) {
    case CellSize::Small: return {130, 130, 1, 16};
    case CellSize::Medium: return {186, 192, 2, 18};
    case CellSize::Large: return {300, 296, 3, 20};
    case CellSize::Strip: return {122, 112, 1, 14};
    }
    return {};
}

QString stateWord(const ReviewItem &item, Condition condition)
{
    if (condition == Condition::Waiting)
        return ReviewGrid::tr("storing");
    if (condition == Condition::Failed)
        return ReviewGrid::tr("not stored");
    switch (stateOf(item)) {
    case ReviewState::Unreviewed: return ReviewGrid::tr("to review");
    case ReviewState::Agreed: return ReviewGrid::tr("agreed");
    case ReviewState::Overridden: return ReviewGrid::tr("now %1").arg(verdictWord(item.answer.review->verdict));
    case ReviewState::Disagreeing: return ReviewGrid::tr("disagree");
    }
    return {};
}

/// But for the gap below the last line of cells, which may be cut. In a low window a part of the view itself is out of sight.
bool isWhole(const QRect &cell, const QWidget &viewport)
{
    return viewport.visibleRegion().boundingRect().adjusted(0, -kGapPx, 0, kGapPx).contains(cell);
}

class CellDelegate final : public QStyledItemDelegate
{
public:
    /// @param painted is told whose picture is painted.
    CellDelegate(const Theme &theme, const ReviewModel &items, QSet<qint64> &painted, QObject *parent)
        : QStyledItemDelegate(parent), m_theme(theme), m_items(items), m_painted(painted)
    {
    }

    void setSize(CellSize size) { m_size = size; }

    /// Cells are as wide as leaves no room beside the last one. @return whether that is another width than before.
    bool fitTo(int viewPx)
    {
        const int least = lookOf(m_size).width, room = viewPx - 1; // QListView wraps a cell that ends on its last pixel
        const int fitting = m_size == CellSize::Strip ? least : std::max(least, room / std::max(1, room / least));
        return std::exchange(m_widthPx, fitting) != fitting;
    }

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override
    {
        return {m_widthPx, lookOf(m_size).height};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const ThemeColours &c = m_theme.colours();
        const CellLook look = lookOf(m_size);
        const ReviewItem &item = m_items.at(index.row());
        const Condition condition = m_items.conditionAt(index.row());
        const bool isMarked = m_items.isMarkedAt(index.row());
        const bool isCurrent = option.state & QStyle::State_HasFocus
            || static_cast<const QAbstractItemView *>(option.widget)->currentIndex() == index;
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const QRect box = option.rect.adjusted(kGapPx / 2, kGapPx / 2, -kGapPx / 2, -kGapPx / 2);
        painter->setPen(QPen(isCurrent ? c.accentText : c.outline, isCurrent ? 2 : 1));
        painter->setBrush(isCurrent ? c.accentSoft : option.state & QStyle::State_MouseOver ? c.hover : c.surface);
        painter->drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), radius::kMedium, radius::kMedium);

        const int heading = QFontMetrics(m_theme.font(TextRole::Label)).height();
        const int small = QFontMetrics(m_theme.font(TextRole::Caption)).height();
        const int textHeight = heading + (look.lines - 1) * small + 2;
        const QRectF thumb(box.x() + kPaddingPx, box.y() + kPaddingPx, box.width() - 2 * kPaddingPx,
                           box.height() - 2 * kPaddingPx - textHeight - 2);
        const QImage picture = m_items.thumbnailAt(index.row());
        if (isMarked)
            painter->setOpacity(0.4);
        paintThumbnail(*painter, thumb, picture, radius::kSmall, c.stage);
        painter->setOpacity(1);
        if (picture.isNull())
            m_painted.remove(item.row());
        else if (isWhole(option.rect, *static_cast<const QAbstractItemView *>(option.widget)->viewport()))
            m_painted.insert(item.row());
        if (picture.isNull() && m_items.knowsThumbnailAt(index.row()))
            m_theme.icon(QStringLiteral("camera-lost"), c.onOverlay)
                .paint(painter, int(thumb.center().x()) - 14, int(thumb.center().y()) - 14, 28, 28);
        paintStateRing(*painter, thumb, item, condition);
        paintState(*painter, QRectF(thumb.right() - kBadgePx - 4, thumb.top() + 4, kBadgePx, kBadgePx), item, condition);
        paintKept(*painter, QRectF(thumb.left() + 4, thumb.bottom() - kBadgePx - 4, kBadgePx, kBadgePx), item);
        if (isMarked)
            paintLeftOut(*painter, thumb);

        paintText(*painter, QRect(box.x() + kPaddingPx + 2, int(thumb.bottom()) + 3, box.width() - 2 * kPaddingPx - 4, textHeight), item,
                  condition, isCurrent);
        if (option.state & QStyle::State_HasFocus)
            paintFocusRing(*painter, QRectF(box), radius::kMedium, c.focus);
        painter->restore();
    }

private:
    void paintText(QPainter &painter, const QRect &room, const ReviewItem &item, Condition condition, bool isCurrent) const
    {
        const ThemeColours &c = m_theme.colours();
        const CellLook look = lookOf(m_size);
        const AnswerView &answer = item.answer;
        painter.setFont(m_theme.font(TextRole::Label));
        int x = room.x();
        const int lineHeight = painter.fontMetrics().height();
        if (answer.verdict) {
            paintVerdictMark(painter, QRectF(x, room.y() + (lineHeight - look.markPx) / 2.0, look.markPx, look.markPx), *answer.verdict,
                             verdictFill(c, *answer.verdict), verdictInk(c, *answer.verdict));
            x += look.markPx + 5;
        }
        painter.setPen(c.text);
        QString right = m_size == CellSize::Strip ? answer.answeredAt.toLocalTime().toString(QStringLiteral("mm:ss"))
            : m_size == CellSize::Small           ? QString()
            : answer.isAnswered                   ? percentText(answer.probability)
                                                  : QString();
        const QString word = answer.verdict ? verdictWord(*answer.verdict) : answer.answer.simplified();
        int rightWidth = right.isEmpty() ? 0 : painter.fontMetrics().horizontalAdvance(right) + space::kXs;
        if (answer.verdict && painter.fontMetrics().horizontalAdvance(word) + rightWidth > room.right() - x)
            rightWidth = 0; // the word of a verdict is never cut
        const QRect line(x, room.y(), room.right() - x + 1, lineHeight);
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(word, Qt::ElideRight, line.width() - rightWidth));
        painter.setFont(m_theme.font(TextRole::Caption));
        painter.setPen(isCurrent ? c.text : c.textMuted);
        if (rightWidth > 0)
            painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, right);
        const QFontMetrics metrics = painter.fontMetrics();
        QRect next(room.x(), room.y() + lineHeight, room.width(), metrics.height());
        if (look.lines >= 2) {
            const QString state = stateWord(item, condition);
            const bool isNamed = look.lines > 2 && condition == Condition::Settled && answer.review && !answer.review->reviewer.isEmpty();
            const QString time = answer.answeredAt.toLocalTime().toString(look.lines > 2 ? QStringLiteral("yyyy-MM-dd HH:mm:ss") : QStringLiteral("HH:mm:ss"));
            painter.drawText(next, Qt::AlignLeft | Qt::AlignVCenter,
                             metrics.elidedText(ReviewGrid::tr("%1 · %2").arg(time, isNamed ? ReviewGrid::tr("%1 · %2").arg(state, answer.review->reviewer) : state), Qt::ElideRight, next.width()));
            next.translate(0, metrics.height());
        }
        if (look.lines >= 3)
            painter.drawText(next, Qt::AlignLeft | Qt::AlignVCenter,
                             metrics.elidedText(answer.question.simplified(), Qt::ElideRight, next.width()));
    }

    void paintStateRing(QPainter &painter, const QRectF &thumb, const ReviewItem &item, Condition condition) const
    {
        const ThemeColours &c = m_theme.colours();
        const ReviewState state = stateOf(item);
        QPen pen(c.onOverlay, 2);
        if (condition == Condition::Waiting)
            pen.setStyle(Qt::DotLine);
        else if (condition == Condition::Failed)
            pen = QPen(c.ngText, 3, Qt::DashLine);
        else if (state == ReviewState::Unreviewed)
            return;
        else if (state == ReviewState::Agreed)
            pen.setColor(c.accent);
        else if (state == ReviewState::Overridden)
            pen = QPen(verdictFill(c, item.answer.review->verdict), 3);
        else
            pen = QPen(c.unsure, 3, Qt::DashLine);
        painter.setPen(pen);
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(thumb.adjusted(1, 1, -1, -1), radius::kSmall, radius::kSmall);
    }

    /// On a dark disc: an empty ring, a tick, the mark of the new verdict, two rings; dots and a stroke while it is stored.
    void paintState(QPainter &painter, const QRectF &box, const ReviewItem &item, Condition condition) const
    {
        const ThemeColours &c = m_theme.colours();
        painter.setPen(Qt::NoPen);
        painter.setBrush(c.overlay);
        painter.drawEllipse(box.adjusted(-2, -2, 2, 2));
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(c.onOverlay, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        const QPointF middle = box.center();
        if (condition == Condition::Waiting) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(c.onOverlay);
            for (const int dot : {-6, 0, 6})
                painter.drawEllipse(middle + QPointF(dot, 0), 2, 2);
            return;
        }
        if (condition == Condition::Failed) {
            painter.drawLine(middle + QPointF(0, -7), middle + QPointF(0, 2));
            painter.drawPoint(middle + QPointF(0, 7));
            return;
        }
        switch (stateOf(item)) {
        case ReviewState::Unreviewed: painter.drawEllipse(middle, 6, 6); break;
        case ReviewState::Agreed:
            painter.drawPolyline(QPolygonF({middle + QPointF(-6, 0.5), middle + QPointF(-1.5, 5), middle + QPointF(6.5, -5)}));
            break;
        case ReviewState::Overridden: {
            const Verdict verdict = item.answer.review->verdict;
            paintVerdictMark(painter, box.adjusted(1, 1, -1, -1), verdict, verdictFill(c, verdict), verdictInk(c, verdict));
            break;
        }
        case ReviewState::Disagreeing:
            painter.drawEllipse(middle + QPointF(-3.5, 0), 5, 5);
            painter.drawEllipse(middle + QPointF(3.5, 0), 5, 5);
            break;
        }
    }

    /// From @p box to the right: a pin on what is held, a label on what has tags.
    void paintKept(QPainter &painter, QRectF box, const ReviewItem &item) const
    {
        const ThemeColours &c = m_theme.colours();
        const auto badge = [&](auto paintSign) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(c.overlay);
            painter.drawEllipse(box.adjusted(-2, -2, 2, 2));
            paintSign();
            box.translate(kBadgePx + 8, 0);
        };
        if (item.isHeld)
            badge([&] {
                const QRect sign = box.adjusted(3, 3, -3, -3).toRect();
                m_theme.icon(QStringLiteral("pin"), c.onOverlay).paint(&painter, sign);
            });
        if (!item.tags.isEmpty())
            badge([&] {
                painter.setPen(QPen(c.onOverlay, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
                painter.setBrush(Qt::NoBrush);
                const QPointF m = box.center();
                painter.drawPolygon(QPolygonF({m + QPointF(-6, -4.5), m + QPointF(2, -4.5), m + QPointF(7, 0), m + QPointF(2, 4.5), m + QPointF(-6, 4.5)}));
            });
    }

    void paintLeftOut(QPainter &painter, const QRectF &thumb) const
    {
        const ThemeColours &c = m_theme.colours();
        const QPointF middle = thumb.center();
        painter.setPen(Qt::NoPen);
        painter.setBrush(c.overlay);
        painter.drawEllipse(middle, 20, 20);
        painter.setPen(QPen(c.onOverlay, 3, Qt::SolidLine, Qt::RoundCap));
        painter.drawLine(middle + QPointF(-8, -8), middle + QPointF(8, 8));
        painter.drawLine(middle + QPointF(8, -8), middle + QPointF(-8, 8));
    }

    const Theme &m_theme;
    const ReviewModel &m_items;
    QSet<qint64> &m_painted;
    CellSize m_size = CellSize::Medium;
    int m_widthPx = 0;
};

} // namespace

ReviewGrid::ReviewGrid(const Theme &theme, ReviewModel &items, CellSize size, QWidget *parent)
    : QListView(parent), m_theme(theme), m_items(items), m_size(size)
{
    m_moved.setSingleShot(true);
    m_moved.setInterval(0);
    connect(&m_moved, &QTimer::timeout, this, &ReviewGrid::viewMoved);
    setModel(&items);
    setItemDelegate(new CellDelegate(theme, items, m_painted, this));
    setFlow(QListView::LeftToRight);
    setResizeMode(QListView::Adjust);
    setUniformItemSizes(true);
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setSelectionMode(QAbstractItemView::NoSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setWrapping(size != CellSize::Strip);
    setCellSize(size);
    if (size == CellSize::Strip) {
        setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        setFixedHeight(lookOf(size).height + kScrollBarPx);
    } else {
        setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        setVerticalScrollBarPolicy(items.count() > 0 ? Qt::ScrollBarAlwaysOn : Qt::ScrollBarAlwaysOff); // the columns do not change with the items
    }
    for (const QScrollBar *bar : {verticalScrollBar(), horizontalScrollBar()}) {
        connect(bar, &QScrollBar::valueChanged, &m_moved, qOverload<>(&QTimer::start));
        connect(bar, &QScrollBar::rangeChanged, &m_moved, qOverload<>(&QTimer::start));
    }
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&items, signal, &m_moved, qOverload<>(&QTimer::start));
    connect(&items, &QAbstractItemModel::modelReset, this, [this] {
        m_painted.clear();
        if (m_size != CellSize::Strip) // nothing scrolls over a notice
            setVerticalScrollBarPolicy(m_items.count() > 0 ? Qt::ScrollBarAlwaysOn : Qt::ScrollBarAlwaysOff);
        m_moved.start();
    });
    connect(this, &QListView::doubleClicked, this, &ReviewGrid::openPressed);
    connect(&theme, &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

void ReviewGrid::setCellSize(CellSize size)
{
    m_size = size;
    auto *cells = static_cast<CellDelegate *>(itemDelegate());
    cells->setSize(size);
    cells->fitTo(viewport()->width());
    scheduleDelayedItemsLayout();
    if (currentIndex().isValid())
        scrollTo(currentIndex());
    m_moved.start();
}

void ReviewGrid::setNotice(const QString &title, const QString &sentence)
{
    m_title = title;
    m_sentence = sentence;
    setAccessibleDescription(m_items.count() == 0 ? title : QString());
    viewport()->update();
}

void ReviewGrid::setCurrent(int index)
{
    setCurrentIndex(m_items.index(index));
    if (index >= 0)
        scrollTo(currentIndex());
}

std::pair<int, int> ReviewGrid::inView() const
{
    // Cells lie in reading order, so both ends can be searched for.
    const bool isStrip = m_size == CellSize::Strip;
    const auto begins = [&](int index) { const QRect cell = visualRect(m_items.index(index)); return isStrip ? cell.left() : cell.top(); };
    const auto ends = [&](int index) { const QRect cell = visualRect(m_items.index(index)); return isStrip ? cell.right() : cell.bottom(); };
    const auto firstWhere = [&](const auto &holds) {
        int low = 0, high = m_items.count();
        while (low < high) {
            const int middle = (low + high) / 2;
            if (holds(middle))
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    };
    const int edge = isStrip ? viewport()->width() : viewport()->height();
    return {firstWhere([&](int index) { return ends(index) >= 0; }), firstWhere([&](int index) { return begins(index) >= edge; })};
}

QList<int> ReviewGrid::shownWhole() const
{
    QList<int> shown;
    const auto [first, last] = inView();
    for (int index = first; index < last; ++index)
        if (isWhole(visualRect(m_items.index(index)), *viewport()))
            shown.append(index);
    return shown;
}

bool ReviewGrid::isPicturePainted(int index) const
{
    return m_painted.contains(m_items.at(index).row()) && !m_items.thumbnailAt(index).isNull();
}

bool ReviewGrid::hasPaintedPictures() const
{
    return std::ranges::all_of(shownWhole(), [this](int index) {
        return isPicturePainted(index) || (m_items.knowsThumbnailAt(index) && m_items.thumbnailAt(index).isNull());
    });
}

QList<qint64> ReviewGrid::rowsWithoutThumbnail() const
{
    QList<qint64> rows;
    if (!isVisible())
        return rows;
    const auto [first, last] = inView();
    for (int index = first; index < last; ++index)
        if (!m_items.knowsThumbnailAt(index))
            rows.append(m_items.at(index).row());
    return rows;
}

bool ReviewGrid::isNearEnd(bool oldest) const
{
    const QScrollBar *bar = verticalScrollBar();
    return oldest ? bar->value() + viewport()->height() >= bar->maximum() : bar->value() < viewport()->height();
}

qint64 ReviewGrid::firstRowInView() const
{
    const auto [first, last] = inView();
    return first < last ? m_items.at(first).row() : 0;
}

void ReviewGrid::bringToTop(qint64 row)
{
    if (const int index = m_items.indexOf(row); index >= 0)
        scrollTo(m_items.index(index), QAbstractItemView::PositionAtTop);
}

void ReviewGrid::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QListView::currentChanged(current, previous);
    viewport()->update();
    Q_EMIT currentMoved();
}

void ReviewGrid::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_PageUp:
    case Qt::Key_PageDown: QListView::keyPressEvent(event); return;
    case Qt::Key_Home:
        if (m_items.count() > 0)
            setCurrent(0);
        return;
    case Qt::Key_End: setCurrent(m_items.count() - 1); return;
    default: event->ignore(); // no search by letter: letters are decisions
    }
}

void ReviewGrid::paintEvent(QPaintEvent *event)
{
    if (m_items.count() > 0) {
        const auto [first, last] = inView();
        QSet<qint64> stillInView;
        for (int index = first; index < last; ++index)
            if (m_painted.contains(m_items.at(index).row()))
                stillInView.insert(m_items.at(index).row());
        m_painted = stillInView;
        QListView::paintEvent(event);
        if (m_painted != stillInView)
            m_moved.start();
        return;
    }
    if (m_title.isEmpty())
        return;
    QPainter painter(viewport());
    const ThemeColours &c = m_theme.colours();
    const int width = std::min(viewport()->width() - 2 * space::kL, 560);
    const QFont title = m_theme.font(TextRole::Title), body = m_theme.font(TextRole::Body);
    const QStringList titleLines = elidedLines(m_title, title, width, 2).texts;
    const QStringList lines = m_sentence.isEmpty() ? QStringList() : elidedLines(m_sentence, body, width, 4).texts;
    const int titleHeight = int(titleLines.size()) * QFontMetrics(title).height();
    const int bodyHeight = int(lines.size()) * QFontMetrics(body).height();
    const int x = (viewport()->width() - width) / 2;
    int y = (viewport()->height() - titleHeight - space::kS - bodyHeight) / 2;
    painter.setPen(c.text);
    painter.setFont(title);
    paintLines(painter, QRect(x, y, width, titleHeight), titleLines, Qt::AlignHCenter);
    y += titleHeight + space::kS;
    painter.setPen(c.textMuted);
    painter.setFont(body);
    paintLines(painter, QRect(x, y, width, bodyHeight), lines, Qt::AlignHCenter);
}

void ReviewGrid::resizeEvent(QResizeEvent *event)
{
    if (static_cast<CellDelegate *>(itemDelegate())->fitTo(viewport()->width()))
        scheduleDelayedItemsLayout();
    QListView::resizeEvent(event);
    m_moved.start();
}

void ReviewGrid::showEvent(QShowEvent *event)
{
    QListView::showEvent(event);
    m_moved.start();
}

} // namespace auroraedge::ui
