#include "ui/widgets/batch_table.h"

#include "ui/theme/theme.h"
#include "ui/widgets/painting.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QLocale>
#include <QPainter>
#include <QPainterPath>
#include <QScrollBar>
#include <QStyledItemDelegate>

#include <algorithm>

namespace auroraedge::ui {

namespace {

using Column = BatchModel::Column;

constexpr int kBarPx = 4;
constexpr int kMarkPx = 14;
constexpr int kProgressPx = 132, kSpeedPx = 104, kStatePx = 124;
constexpr int kLeastNamePx = 128;

struct VerdictCount
{
    Verdict verdict;
    qint64 count;
};

/// @param isShort without the good ones where there are others.
QList<VerdictCount> countsOf(const BatchFigures &figures, bool isShort)
{
    QList<VerdictCount> counts;
    for (const VerdictCount &each : {VerdictCount{Verdict::Ok, figures.ok}, {Verdict::Ng, figures.ng}, {Verdict::Unsure, figures.unsure}}) {
        if (each.count > 0)
            counts.append(each);
    }
    if (isShort && counts.size() > 1 && counts.first().verdict == Verdict::Ok)
        counts.removeFirst();
    return counts;
}

int verdictsWidth(const BatchFigures &figures, bool isShort, const QFontMetrics &metrics)
{
    int width = 0;
    for (const VerdictCount &each : countsOf(figures, isShort))
        width += kMarkPx + space::kXs + metrics.horizontalAdvance(QLocale().toString(each.count)) + space::kM;
    return width == 0 ? 0 : width + space::kM;
}

QColor stateColour(const ThemeColours &c, BatchState state)
{
    switch (state) {
    case BatchState::Running:
    case BatchState::Watching:
    case BatchState::Pausing: return c.accentText;
    case BatchState::Finished: return c.okText;
    case BatchState::FinishedWithFailures: return c.unsureText;
    case BatchState::Failed: return c.ngText;
    case BatchState::Waiting:
    case BatchState::Paused:
    case BatchState::Cancelled: break;
    }
    return c.textMuted;
}

/// A shape for each state, so that none is told by its colour alone.
void paintStateMark(QPainter &painter, const QRectF &box, BatchState state, const QColor &colour)
{
    painter.save();
    painter.setPen(QPen(colour, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    const QPointF m = box.center();
    switch (state) {
    case BatchState::Waiting:
        painter.drawEllipse(m, 5.5, 5.5);
        painter.drawPolyline(QPolygonF({m + QPointF(0, -2.5), m, m + QPointF(2, 1.5)}));
        break;
    case BatchState::Running:
        painter.setBrush(colour);
        painter.drawPolygon(QPolygonF({m + QPointF(-3.5, -5), m + QPointF(5, 0), m + QPointF(-3.5, 5)}));
        break;
    case BatchState::Watching:
        painter.drawEllipse(m, 6, 4);
        painter.setBrush(colour);
        painter.drawEllipse(m, 1, 1);
        break;
    case BatchState::Pausing:
    case BatchState::Paused:
        painter.drawLine(m + QPointF(-3, -5), m + QPointF(-3, 5));
        painter.drawLine(m + QPointF(3, -5), m + QPointF(3, 5));
        break;
    case BatchState::Cancelled: painter.drawLine(m + QPointF(-5, 0), m + QPointF(5, 0)); break;
    case BatchState::Finished: painter.drawPolyline(QPolygonF({m + QPointF(-5.5, 0.5), m + QPointF(-1.5, 4.5), m + QPointF(6, -4.5)})); break;
    case BatchState::FinishedWithFailures:
        painter.drawPolygon(QPolygonF({m + QPointF(0, -5.5), m + QPointF(6, 5), m + QPointF(-6, 5)}));
        painter.drawLine(m + QPointF(0, -1.5), m + QPointF(0, 1.5));
        break;
    case BatchState::Failed:
        painter.drawLine(m + QPointF(-4.5, -4.5), m + QPointF(4.5, 4.5));
        painter.drawLine(m + QPointF(4.5, -4.5), m + QPointF(-4.5, 4.5));
        break;
    }
    painter.restore();
}

/// Captions above the columns, over a thin line.
class BatchHeader final : public QHeaderView
{
public:
    BatchHeader(const Theme &theme, QWidget *parent) : QHeaderView(Qt::Horizontal, parent), m_theme(theme)
    {
        setFixedHeight(BatchTable::kHeaderPx);
        setSectionsClickable(false);
        setFocusPolicy(Qt::NoFocus);
        setMinimumSectionSize(kMarkPx);
        viewport()->setAutoFillBackground(false);
    }

protected:
    void paintEvent(QPaintEvent *event) override
    {
        QPainter painter(viewport());
        painter.fillRect(0, viewport()->height() - 1, viewport()->width(), 1, m_theme.colours().outline);
        painter.end();
        QHeaderView::paintEvent(event);
    }
    void paintSection(QPainter *painter, const QRect &rect, int section) const override
    {
        painter->setFont(m_theme.font(TextRole::Caption));
        painter->setPen(m_theme.colours().textMuted);
        const QString text = model()->headerData(section, orientation()).toString();
        const QRect room = rect.adjusted(section == Column::Name ? space::kL : 0, 0, -space::kS, 0);
        painter->drawText(room, Qt::AlignLeft | Qt::AlignVCenter, painter->fontMetrics().elidedText(text, Qt::ElideRight, room.width()));
    }

private:
    const Theme &m_theme;
};

} // namespace

class BatchDelegate final : public QStyledItemDelegate
{
public:
    BatchDelegate(const Theme &theme, const BatchModel &jobs, QObject *parent) : QStyledItemDelegate(parent), m_theme(theme), m_jobs(jobs) {}

    void setShortVerdicts(bool isShort) { m_hasShortVerdicts = isShort; }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const BatchJob &job = m_jobs.jobs().at(index.row());
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        paintGround(*painter, option, index);
        const QRect cell = option.rect.adjusted(index.column() == Column::Name ? space::kL : 0, 0, -space::kM, 0);
        switch (index.column()) {
        case Column::Name: paintTwo(*painter, cell, job.name, job.order.questions.join(QStringLiteral(" · ")), Qt::ElideRight); break;
        case Column::Progress: paintProgress(*painter, cell, job); break;
        case Column::Speed: paintSpeed(*painter, cell, job); break;
        case Column::Verdicts: paintVerdicts(*painter, cell, job.figures); break;
        case Column::Failed: paintFailed(*painter, cell, job.figures.failed); break;
        case Column::State: paintState(*painter, cell, job); break;
        default: break;
        }
        painter->restore();
    }

private:
    void paintGround(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
    {
        const ThemeColours &c = m_theme.colours();
        const auto *view = static_cast<const QTableView *>(option.widget);
        const QRect &box = option.rect;
        const bool isChosen = view->currentIndex().row() == index.row();
        if (isChosen)
            painter.fillRect(box, c.accentSoft);
        painter.fillRect(box.x(), box.bottom(), box.width(), 1, c.outline);
        if (!isChosen)
            return;
        if (index.column() == Column::Name)
            painter.fillRect(box.x(), box.y(), 3, box.height(), c.accent);
        if (!view->hasFocus())
            return;
        painter.fillRect(box.x(), box.y(), box.width(), 2, c.focus);
        painter.fillRect(box.x(), box.bottom() - 1, box.width(), 2, c.focus);
        if (index.column() == Column::Name)
            painter.fillRect(box.x(), box.y(), 3, box.height(), c.focus);
        if (index.column() == Column::State)
            painter.fillRect(box.right() - 1, box.y(), 2, box.height(), c.focus);
    }

    /// A line and a smaller one below it, both in the middle of the row.
    void paintTwo(QPainter &painter, const QRect &cell, const QString &first, const QString &second, Qt::TextElideMode elide,
                  const QColor &firstInk = {}) const
    {
        const ThemeColours &c = m_theme.colours();
        const QFont large = m_theme.font(TextRole::Label), small = m_theme.font(TextRole::Caption);
        const QFontMetrics largeMetrics(large), smallMetrics(small);
        const int height = largeMetrics.height() + (second.isEmpty() ? 0 : smallMetrics.height());
        QRect line(cell.x(), cell.y() + (cell.height() - height) / 2, cell.width(), largeMetrics.height());
        painter.setFont(large);
        painter.setPen(firstInk.isValid() ? firstInk : c.text);
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, largeMetrics.elidedText(first, elide, line.width()));
        line = QRect(cell.x(), line.bottom() + 1, cell.width(), smallMetrics.height());
        painter.setFont(small);
        painter.setPen(c.textMuted);
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, smallMetrics.elidedText(second.simplified(), Qt::ElideRight, line.width()));
    }

    void paintProgress(QPainter &painter, const QRect &cell, const BatchJob &job) const
    {
        const ThemeColours &c = m_theme.colours();
        const QFont font = m_theme.font(TextRole::Label);
        const QFontMetrics metrics(font);
        const bool hasBar = job.figures.total.value_or(0) > 0;
        const int height = metrics.height() + (hasBar ? space::kXs + kBarPx : 0);
        const QRect line(cell.x(), cell.y() + (cell.height() - height) / 2, cell.width(), metrics.height());
        const bool isBegun = job.figures.done > 0 || job.figures.total;
        painter.setFont(font);
        painter.setPen(isBegun ? c.text : c.textMuted);
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, isBegun ? BatchModel::progressText(job.figures) : QStringLiteral("–"));
        if (!hasBar)
            return;
        const QRectF track(cell.x(), line.bottom() + 1 + space::kXs, cell.width(), kBarPx);
        painter.setPen(Qt::NoPen);
        painter.setBrush(c.outline);
        painter.drawRoundedRect(track, kBarPx / 2.0, kBarPx / 2.0);
        const double share = std::clamp(double(job.figures.done) / double(*job.figures.total), 0.0, 1.0);
        QRectF part = track;
        part.setWidth(share > 0 ? std::max<double>(kBarPx, track.width() * share) : 0);
        painter.setBrush(job.isAtWork() ? c.accent : job.state == BatchState::Finished || job.state == BatchState::FinishedWithFailures ? c.ok : c.outlineStrong);
        painter.drawRoundedRect(part, kBarPx / 2.0, kBarPx / 2.0);
    }

    void paintSpeed(QPainter &painter, const QRect &cell, const BatchJob &job) const
    {
        const QString rate = BatchModel::rateText(job.figures);
        const QString left = job.isAtWork() ? BatchModel::timeLeftText(job.figures) : QString();
        paintTwo(painter, cell, rate.isEmpty() ? QStringLiteral("–") : rate, left.isEmpty() ? QString() : BatchModel::tr("%1 left").arg(left), Qt::ElideRight,
                 rate.isEmpty() || !job.isAtWork() ? m_theme.colours().textMuted : QColor());
    }

    void paintVerdicts(QPainter &painter, const QRect &cell, const BatchFigures &figures) const
    {
        const ThemeColours &c = m_theme.colours();
        painter.setFont(m_theme.font(TextRole::Label));
        const QList<VerdictCount> counts = countsOf(figures, m_hasShortVerdicts);
        if (counts.isEmpty()) {
            painter.setPen(c.textMuted);
            painter.drawText(cell, Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("–"));
            return;
        }
        int x = cell.x();
        for (const VerdictCount &each : counts) {
            const QRectF mark(x, cell.y() + (cell.height() - kMarkPx) / 2.0, kMarkPx, kMarkPx);
            paintVerdictMark(painter, mark, each.verdict, verdictFill(c, each.verdict), verdictInk(c, each.verdict));
            const QString text = QLocale().toString(each.count);
            const int width = painter.fontMetrics().horizontalAdvance(text);
            painter.setPen(c.text);
            painter.drawText(QRect(x + kMarkPx + space::kXs, cell.y(), width + 1, cell.height()), Qt::AlignLeft | Qt::AlignVCenter, text);
            x += kMarkPx + space::kXs + width + space::kM;
        }
    }

    void paintFailed(QPainter &painter, const QRect &cell, qint64 failed) const
    {
        const ThemeColours &c = m_theme.colours();
        painter.setFont(m_theme.font(TextRole::Label));
        painter.setPen(failed > 0 ? c.ngText : c.textMuted);
        painter.drawText(cell, Qt::AlignLeft | Qt::AlignVCenter, QLocale().toString(failed));
    }

    void paintState(QPainter &painter, const QRect &cell, const BatchJob &job) const
    {
        const QColor ink = stateColour(m_theme.colours(), job.state);
        const QFontMetrics metrics(m_theme.font(TextRole::Label)), small(m_theme.font(TextRole::Caption));
        const int height = metrics.height() + (BatchModel::stateDetail(job).isEmpty() ? 0 : small.height());
        const double middle = cell.y() + (cell.height() - height) / 2.0 + metrics.height() / 2.0;
        paintStateMark(painter, QRectF(cell.x(), middle - kMarkPx / 2.0, kMarkPx, kMarkPx), job.state, ink);
        paintTwo(painter, cell.adjusted(kMarkPx + space::kS, 0, 0, 0), BatchModel::stateText(job), BatchModel::stateDetail(job), Qt::ElideRight, ink);
    }

    const Theme &m_theme;
    const BatchModel &m_jobs;
    bool m_hasShortVerdicts = false;
};

BatchTable::BatchTable(const Theme &theme, BatchModel &jobs, QWidget *parent) : QTableView(parent), m_theme(theme), m_jobs(jobs)
{
    setObjectName(QStringLiteral("batchTable"));
    setAccessibleName(tr("Jobs"));
    setFrameShape(QFrame::NoFrame);
    setShowGrid(false);
    setHorizontalHeader(new BatchHeader(theme, this));
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(kRowPx);
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setTabKeyNavigation(false);
    setCornerButtonEnabled(false);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    viewport()->setAutoFillBackground(false);
    setModel(&jobs);
    m_delegate = new BatchDelegate(theme, jobs, this);
    setItemDelegate(m_delegate);
    connect(&jobs, &QAbstractItemModel::modelAboutToBeReset, this, [this] { m_isRestoring = true; });
    connect(&jobs, &QAbstractItemModel::modelReset, this, &BatchTable::restoreChosen);
    connect(&jobs, &QAbstractItemModel::dataChanged, this, &BatchTable::fitColumns);
    connect(&theme, &Theme::changed, this, [this] { viewport()->update(); });
}

void BatchTable::choose(qint64 id)
{
    if (const int row = m_jobs.rowOf(id); row >= 0)
        setCurrentIndex(m_jobs.index(row, Column::Name));
}

void BatchTable::showRows(int most)
{
    setFixedHeight(kHeaderPx + kRowPx * std::clamp(m_jobs.rowCount(), 1, most));
}

void BatchTable::restoreChosen()
{
    m_isRestoring = false;
    const int row = m_jobs.rowOf(m_chosen);
    const int rows = m_jobs.rowCount();
    setCurrentIndex(rows > 0 ? m_jobs.index(row < 0 ? 0 : row, Column::Name) : QModelIndex());
    if (rows == 0 && std::exchange(m_chosen, 0) != 0)
        Q_EMIT chosenChanged();
    fitColumns();
}

void BatchTable::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QTableView::currentChanged(current, previous);
    viewport()->update();
    if (m_isRestoring || !current.isValid())
        return;
    const qint64 id = m_jobs.jobs().at(current.row()).id;
    if (std::exchange(m_chosen, id) != id)
        Q_EMIT chosenChanged();
}

void BatchTable::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_Home:
    case Qt::Key_End:
    case Qt::Key_PageUp:
    case Qt::Key_PageDown: QTableView::keyPressEvent(event); return;
    default: event->ignore(); // letters belong to the page, not to a search
    }
}

void BatchTable::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    fitColumns();
    scrollTo(currentIndex()); // what is chosen stays in sight when there is less room
}

void BatchTable::fitColumns()
{
    const QFontMetrics label(m_theme.font(TextRole::Label)), caption(m_theme.font(TextRole::Caption));
    const auto titleWidth = [&](int column) {
        return caption.horizontalAdvance(m_jobs.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString()) + space::kM + space::kXs;
    };
    int verdicts = 0, badVerdicts = 0, failed = titleWidth(Column::Failed), progress = kProgressPx, speed = kSpeedPx;
    for (const BatchJob &job : m_jobs.jobs()) {
        verdicts = std::max(verdicts, verdictsWidth(job.figures, false, label));
        badVerdicts = std::max(badVerdicts, verdictsWidth(job.figures, true, label));
        progress = std::max(progress, label.horizontalAdvance(BatchModel::progressText(job.figures)) + space::kL);
        failed = std::max(failed, label.horizontalAdvance(QLocale().toString(job.figures.failed)) + space::kL);
        const QString left = job.isAtWork() ? BatchModel::timeLeftText(job.figures) : QString();
        speed = std::max(speed, left.isEmpty() ? 0 : caption.horizontalAdvance(BatchModel::tr("%1 left").arg(left)) + space::kL);
    }
    const int whole = viewport()->width();
    const int others = progress + speed + failed + kStatePx + kLeastNamePx;
    const auto fits = [&](int width) { return others + width <= whole; };
    const int title = verdicts == 0 ? 0 : titleWidth(Column::Verdicts);
    const bool isShort = !fits(std::max(verdicts, title));
    m_delegate->setShortVerdicts(isShort);
    verdicts = std::max(isShort ? badVerdicts : verdicts, title);
    if (!fits(verdicts))
        verdicts = 0;
    setColumnHidden(Column::Verdicts, verdicts == 0);
    const int spare = std::max(0, whole - others - verdicts);
    const int state = kStatePx + spare / 4;
    setColumnWidth(Column::Progress, progress);
    setColumnWidth(Column::Speed, speed);
    setColumnWidth(Column::Verdicts, verdicts);
    setColumnWidth(Column::Failed, failed);
    setColumnWidth(Column::State, state);
    setColumnWidth(Column::Name, std::max(kLeastNamePx, whole - progress - speed - verdicts - failed - state));
}

} // namespace auroraedge::ui
