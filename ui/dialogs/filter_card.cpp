#include "ui/dialogs/filter_card.h"

#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/entry_field.h"
#include "ui/widgets/painting.h"

#include <QKeyEvent>
#include <QLabel>
#include <QMouseEvent>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

namespace auroraedge::ui {

namespace {

constexpr int kCardWidthPx = 340;
constexpr int kMarkPx = 20;
constexpr int kMostRows = 8;
enum Role { DetailRole = Qt::UserRole + 1, ChosenRole };

class RowDelegate final : public QStyledItemDelegate
{
public:
    RowDelegate(const Theme &theme, QObject *parent) : QStyledItemDelegate(parent), m_theme(theme) {}

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override { return {100, kTouchPx}; }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const ThemeColours &c = m_theme.colours();
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const bool isChosen = index.data(ChosenRole).toBool();
        const QRect box = option.rect.adjusted(0, 1, 0, -1);
        if (isChosen || option.state & QStyle::State_MouseOver) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(isChosen ? c.accentSoft : c.hover);
            painter->drawRoundedRect(box, radius::kSmall, radius::kSmall);
        }
        if (isChosen) {
            painter->setBrush(Qt::NoBrush);
            painter->setPen(QPen(c.accentText, 2.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
            const QPointF middle(box.x() + space::kS + kMarkPx / 2.0, box.center().y() + 1);
            painter->drawPolyline(QPolygonF({middle + QPointF(-6, 0), middle + QPointF(-1.5, 5), middle + QPointF(6.5, -5)}));
        }
        const int left = box.x() + 2 * space::kS + kMarkPx;
        const bool isRemovable = static_cast<const ChoiceList *>(option.widget)->isRemovable();
        if (isRemovable)
            m_theme.icon(QStringLiteral("cross"), c.textMuted).paint(painter, ChoiceList::crossOf(box).adjusted(13, 13, -13, -13));
        painter->setPen(isChosen ? c.accentText : c.textMuted);
        painter->setFont(m_theme.font(TextRole::Caption));
        const QString detail = index.data(DetailRole).toString();
        const int detailWidth = painter->fontMetrics().horizontalAdvance(detail) + (detail.isEmpty() ? 0 : space::kS);
        painter->drawText(box.adjusted(0, 0, -space::kS, 0), Qt::AlignRight | Qt::AlignVCenter, detail);
        painter->setPen(isChosen ? c.accentText : c.text);
        painter->setFont(m_theme.font(TextRole::Label));
        const QRect room(left, box.y(), box.right() - space::kS - detailWidth - (isRemovable ? kTouchPx : 0) - left, box.height());
        const QStringList lines = elidedLines(index.data().toString(), painter->font(), room.width(), 2).texts;
        const int textHeight = int(lines.size()) * painter->fontMetrics().height();
        paintLines(*painter, room.adjusted(0, (room.height() - textHeight) / 2, 0, 0), lines);
        if (option.state & QStyle::State_HasFocus)
            paintFocusRing(*painter, QRectF(box), radius::kSmall, c.focus);
        painter->restore();
    }

private:
    const Theme &m_theme;
};

/// "2026-03-09 14:00" or the day alone, as local time. @return nothing for what is not a time.
/// @param isEnd such a day counts as a whole.
std::optional<QDateTime> readTime(const QString &text, bool isEnd)
{
    if (text.isEmpty())
        return QDateTime();
    if (const QDateTime time = QDateTime::fromString(text, QStringLiteral("yyyy-MM-dd HH:mm")); time.isValid())
        return time;
    const QDate day = QDate::fromString(text, QStringLiteral("yyyy-MM-dd"));
    return day.isValid() ? std::optional(day.addDays(isEnd ? 1 : 0).startOfDay()) : std::nullopt;
}

} // namespace

ChoiceList::ChoiceList(const Theme &theme, QWidget *parent) : QListView(parent)
{
    setModel(&m_rows);
    setItemDelegate(new RowDelegate(theme, this));
    setUniformItemSizes(true);
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setSelectionMode(QAbstractItemView::NoSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    connect(this, &QListView::clicked, this, [this](const QModelIndex &index) { Q_EMIT chosen(index.row()); });
}

void ChoiceList::setRows(const QList<Row> &rows)
{
    const int before = currentIndex().row();
    m_rows.clear();
    int chosen = 0;
    for (const Row &row : rows) {
        auto *item = new QStandardItem(row.text);
        item->setToolTip(row.text.toHtmlEscaped());
        item->setData(row.detail, DetailRole);
        item->setData(row.isChosen, ChosenRole);
        if (row.isChosen)
            chosen = m_rows.rowCount();
        m_rows.appendRow(item);
    }
    setCurrentIndex(m_rows.index(before >= 0 ? std::min(before, m_rows.rowCount() - 1) : chosen, 0));
    updateGeometry();
}

void ChoiceList::setRemovable(bool isRemovable)
{
    m_isRemovable = isRemovable;
    viewport()->update();
}

QRect ChoiceList::crossOf(const QRect &row)
{
    return {row.right() - kTouchPx + 1, row.y(), kTouchPx, row.height()};
}

void ChoiceList::mouseReleaseEvent(QMouseEvent *event)
{
    const QModelIndex under = indexAt(event->position().toPoint());
    if (m_isRemovable && event->button() == Qt::LeftButton && under.isValid() && crossOf(visualRect(under)).contains(event->position().toPoint()))
        Q_EMIT deletePressed(under.row());
    else
        QListView::mouseReleaseEvent(event);
}

QSize ChoiceList::sizeHint() const
{
    return {200, std::clamp(m_rows.rowCount(), 0, kMostRows) * kTouchPx};
}

void ChoiceList::keyPressEvent(QKeyEvent *event)
{
    const bool isOnRow = currentIndex().isValid();
    switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        if (isOnRow)
            Q_EMIT chosen(currentIndex().row());
        return;
    case Qt::Key_Delete:
        if (isOnRow)
            Q_EMIT deletePressed(currentIndex().row());
        return;
    case Qt::Key_Escape: event->ignore(); return;
    default: QListView::keyPressEvent(event);
    }
}

FilterCard::FilterCard(const Theme &theme, QWidget *parent, const QString &name) : FloatingCard(kCardWidthPx, parent)
{
    setObjectName(name + QStringLiteral("Card"));
    m_title = new QLabel(this);
    m_title->setTextFormat(Qt::PlainText);
    m_title->setProperty("type", QStringLiteral("heading"));
    m_list = new ChoiceList(theme, this);
    m_list->setObjectName(name + QStringLiteral("Choices"));
    const auto field = [&](const char *which) {
        auto *made = new EntryField(this);
        made->setObjectName(name + QLatin1String(which));
        connect(made, &EntryField::entered, this, &FilterCard::enter);
        return made;
    };
    m_first = field("First");
    m_second = field("Second");
    m_note = new ElidedLabel(3, this);
    m_note->setObjectName(name + QStringLiteral("Note"));
    m_note->setProperty("type", QStringLiteral("caption"));
    m_note->setProperty("tone", QStringLiteral("muted"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::kM, space::kM, space::kM, space::kM);
    column->setSpacing(space::kS);
    column->addWidget(m_title);
    column->addWidget(m_list, 1);
    column->addWidget(m_note);
    column->addWidget(m_first);
    column->addWidget(m_second);
    setFirst(m_list);
    connect(m_list, &ChoiceList::chosen, this, &FilterCard::chosen);
    connect(m_list, &ChoiceList::deletePressed, this, &FilterCard::deletePressed);
}

void FilterCard::setContent(const QString &title, const QList<ChoiceList::Row> &rows, Field field, const QString &note)
{
    m_field = field;
    m_list->setRemovable(field == Field::Name);
    m_title->setText(title);
    m_list->setAccessibleName(title);
    m_list->setCurrentIndex({});
    setRows(rows);
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
    m_first->clear();
    m_second->clear();
    m_first->setVisible(field != Field::Missing);
    m_second->setVisible(field == Field::Span);
    const QString first = field == Field::Span     ? tr("From, as 2026-03-09 06:00")
                          : field == Field::Number ? tr("Above so many ms")
                          : field == Field::Person ? tr("Another name")
                                                   : tr("Name for this filter");
    m_first->setPlaceholderText(first);
    m_first->setAccessibleName(first);
    m_second->setPlaceholderText(tr("Until, as 2026-03-09 14:00"));
    m_second->setAccessibleName(m_second->placeholderText());
}

void FilterCard::setRows(const QList<ChoiceList::Row> &rows)
{
    m_list->setVisible(!rows.isEmpty());
    m_list->setRows(rows);
    setFirst(rows.isEmpty() && m_field != Field::Missing ? static_cast<QWidget *>(m_first) : m_list);
}

void FilterCard::fit()
{
    m_list->setFixedHeight(m_list->sizeHint().height());
    adjustSize();
    const int surplus = height() - (parentWidget()->height() - 2 * space::kS);
    if (surplus > 0) {
        m_list->setFixedHeight(std::max(kTouchPx, m_list->height() - surplus));
        adjustSize();
    }
    FloatingCard::fit();
}

void FilterCard::enter()
{
    const auto refuse = [this](EntryField *field, const QString &why) {
        m_note->setText(why);
        m_note->setVisible(true);
        field->setFocus(Qt::OtherFocusReason);
        field->selectAll();
        fit();
    };
    if (m_field == Field::Span) {
        const std::optional<QDateTime> from = readTime(m_first->text().trimmed(), false), until = readTime(m_second->text().trimmed(), true);
        if (!from || !until)
            refuse(from ? m_second : m_first, tr("That is not a time. Write it as 2026-03-09 14:00."));
        else if (from->isValid() && until->isValid() && *from >= *until)
            refuse(m_second, tr("The end lies before the start."));
        else
            Q_EMIT spanEntered(*from, *until);
    } else if (m_field == Field::Number) {
        bool isNumber = false;
        const int milliseconds = m_first->text().trimmed().toInt(&isNumber);
        if (!isNumber || milliseconds < 1)
            refuse(m_first, tr("Write a whole number of milliseconds, as 250."));
        else
            Q_EMIT numberEntered(milliseconds);
    } else if (const QString name = m_first->text().trimmed(); !name.isEmpty()) {
        Q_EMIT nameEntered(name);
    }
}

} // namespace auroraedge::ui
