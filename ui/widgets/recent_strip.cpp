#include "ui/widgets/recent_strip.h"

#include "ui/theme/theme.h"
#include "ui/widgets/painting.h"
#include "ui/widgets/thumbnail.h"

#include <QKeyEvent>
#include <QLocale>
#include <QPainter>
#include <QScrollBar>
#include <QScroller>
#include <QStyledItemDelegate>
#include <QWheelEvent>

namespace auroraedge::ui {

namespace {

constexpr int kCardWidthPx = 264;
constexpr int kCardHeightPx = 76;
constexpr int kScrollBarPx = 10;
constexpr int kPinPx = 16;

QString reviewText(const AnswerView &answer)
{
    if (waitsForReview(answer))
        return RecentStrip::tr("to review");
    if (!answer.review)
        return {};
    return answer.review->verdict == answer.verdict ? RecentStrip::tr("confirmed")
                                                     : RecentStrip::tr("overruled");
}

class AnswerDelegate final : public QStyledItemDelegate
{
public:
    AnswerDelegate(const Theme &theme, QObject *parent) : QStyledItemDelegate(parent), m_theme(theme) {}

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override
    {
        return {kCardWidthPx + space::kS, kCardHeightPx}; // with the gap after it
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const auto answer = index.data(RecentModel::AnswerRole).value<AnswerView>();
        const ThemeColours &c = m_theme.colours();
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const QRect box = option.rect.adjusted(0, 0, -space::kS, 0);
        const QRectF card = QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5);
        const bool isPinned = waitsForReview(answer);
        painter->setPen(isPinned ? QPen(c.ngText, 2) : QPen(c.outline, 1));
        painter->setBrush(option.state & QStyle::State_MouseOver ? c.hover : c.surface);
        painter->drawRoundedRect(isPinned ? card.adjusted(0.5, 0.5, -0.5, -0.5) : card, radius::kMedium, radius::kMedium);

        const int thumbPx = kCardHeightPx - 2 * space::kS;
        const QRectF thumb(box.x() + space::kS, box.y() + space::kS, thumbPx * 4 / 3, thumbPx);
        paintThumbnail(*painter, thumb, answer.thumbnail, radius::kSmall, c.raised);
        if (answer.verdict) {
            const QRectF mark(thumb.right() - 19, thumb.bottom() - 19, 24, 24);
            painter->setPen(Qt::NoPen);
            painter->setBrush(c.surface);
            painter->drawEllipse(mark.adjusted(-2, -2, 2, 2));
            paintVerdictMark(*painter, mark, *answer.verdict, verdictFill(c, *answer.verdict), verdictInk(c, *answer.verdict));
        }

        const int x = int(thumb.right()) + space::kM;
        const int textWidth = box.right() - space::kM - x;
        const QString time = QLocale().toString(answer.answeredAt.toLocalTime().time(), QStringLiteral("HH:mm:ss"));
        painter->setFont(m_theme.font(TextRole::Heading));
        painter->setPen(c.text);
        const QFontMetrics big = painter->fontMetrics();
        const int top = box.y() + space::kS + 1;
        const int answerWidth = textWidth - (isPinned ? kPinPx + space::kXs : 0);
        painter->drawText(QRect(x, top, answerWidth, big.height()), Qt::AlignLeft | Qt::AlignVCenter,
                          big.elidedText(answer.answer.simplified(), Qt::ElideRight, answerWidth));
        if (isPinned)
            m_theme.icon(QStringLiteral("pin"), c.ngText).paint(painter, x + answerWidth + space::kXs, top + 1, kPinPx, kPinPx);
        painter->setFont(m_theme.font(TextRole::Caption));
        painter->setPen(c.textMuted);
        const QFontMetrics small = painter->fontMetrics();
        painter->drawText(QRect(x, top + big.height() + 2, textWidth, small.height()), Qt::AlignLeft | Qt::AlignVCenter,
                          small.elidedText(answer.question.simplified(), Qt::ElideRight, textWidth));
        const QString review = reviewText(answer);
        if (isPinned)
            painter->setPen(c.ngText);
        painter->drawText(QRect(x, top + big.height() + small.height() + 4, textWidth, small.height()),
                          Qt::AlignLeft | Qt::AlignVCenter,
                          small.elidedText(review.isEmpty() ? time : tr("%1 · %2").arg(time, review), Qt::ElideRight, textWidth));
        if (option.state & QStyle::State_HasFocus && option.state & QStyle::State_Active)
            paintFocusRing(*painter, QRectF(box), radius::kMedium, c.focus);
        painter->restore();
    }

private:
    const Theme &m_theme;
};

} // namespace

RecentStrip::RecentStrip(const Theme &theme, QWidget *parent) : QListView(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("recentStrip"));
    setAccessibleName(tr("Last answers"));
    setModel(&m_answers);
    setItemDelegate(new AnswerDelegate(theme, this));
    setFlow(QListView::LeftToRight);
    setWrapping(false);
    setUniformItemSizes(true);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSelectionMode(QAbstractItemView::NoSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setMouseTracking(true);
    QScroller::grabGesture(viewport(), QScroller::TouchGesture);
    setFocusPolicy(Qt::TabFocus);
    setFixedHeight(kCardHeightPx + space::kXs + kScrollBarPx);
    connect(this, &QListView::clicked, this, [this](const QModelIndex &index) { Q_EMIT chosen(m_answers.at(index.row())); });
    connect(&theme, &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

void RecentStrip::showCurrent(const AnswerView &answer)
{
    const QModelIndex index = m_answers.index(m_answers.indexOf(answer));
    setCurrentIndex(index);
    if (index.isValid())
        scrollTo(index);
}

void RecentStrip::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_PageUp:
    case Qt::Key_PageDown: QListView::keyPressEvent(event); return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (currentIndex().isValid())
            Q_EMIT chosen(m_answers.at(currentIndex().row()));
        return;
    default: event->ignore(); // no search by letter: F, Space and Home belong to the page
    }
}

void RecentStrip::wheelEvent(QWheelEvent *event)
{
    const QPoint delta = event->angleDelta();
    horizontalScrollBar()->setValue(horizontalScrollBar()->value() - (delta.y() != 0 ? delta.y() : delta.x()));
    event->accept();
}

void RecentStrip::paintEvent(QPaintEvent *event)
{
    if (m_answers.rowCount() > 0) {
        QListView::paintEvent(event);
        return;
    }
    QPainter painter(viewport());
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF frame = QRectF(viewport()->rect()).adjusted(0.5, 0.5, -0.5, -space::kXs - 0.5);
    painter.setPen(QPen(m_theme.colours().outline, 1));
    painter.drawRoundedRect(frame, radius::kMedium, radius::kMedium);
    painter.setFont(m_theme.font(TextRole::Caption));
    painter.setPen(m_theme.colours().textMuted);
    painter.drawText(frame, Qt::AlignCenter, tr("The last answers are kept here, with their pictures."));
}

} // namespace auroraedge::ui
