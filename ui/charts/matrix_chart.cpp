#include "ui/charts/matrix_chart.h"

#include "ui/charts/chart_painting.h"
#include "ui/widgets/painting.h"

#include <QLocale>
#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>

namespace auroraedge::ui {

namespace {

constexpr std::array kVerdicts{Verdict::Ok, Verdict::Ng, Verdict::Unsure};
constexpr double kRowPx = 60, kHeadMarkPx = 16, kGapPx = 3;

QColor mixed(const QColor &ground, const QColor &over, double share)
{
    const auto part = [share](int from, int to) { return int(std::lround(from + (to - from) * share)); };
    return {part(ground.red(), over.red()), part(ground.green(), over.green()), part(ground.blue(), over.blue())};
}

QString kappaText(std::optional<double> kappa)
{
    return kappa ? QLocale().toString(*kappa, 'f', 2) : QStringLiteral("–");
}

/// For a cell; the whole figure is told when it is marked.
QString shortCount(qint64 count)
{
    const QLocale locale;
    if (count >= 1'000'000)
        return MatrixChart::tr("%1 M").arg(locale.toString(double(count) / 1e6, 'f', 1));
    return count >= 100'000 ? MatrixChart::tr("%1 k").arg(locale.toString(count / 1000)) : locale.toString(count);
}

double captionPx(const Theme &theme)
{
    return QFontMetricsF(theme.font(TextRole::Caption)).height();
}

} // namespace

std::shared_ptr<const Chart> MatrixChart::confusion(const VerdictTable &table, const ReviewFilter &about)
{
    auto chart = std::make_shared<MatrixChart>();
    chart->m_title = tr("Machine and people");
    chart->m_down = tr("machine");
    chart->m_across = tr("people");
    qint64 all = 0, agreed = 0;
    for (const Verdict verdict : kVerdicts) {
        chart->m_rows.append({verdictWord(verdict), verdict});
        chart->m_columns.append({verdictWord(verdict), verdict});
        agreed += table.at(verdict, verdict);
        for (const Verdict human : kVerdicts)
            all += table.at(verdict, human);
    }
    if (all == 0)
        return chart;
    const qint64 missed = table.at(Verdict::Ok, Verdict::Ng), alarms = table.at(Verdict::Ng, Verdict::Ok);
    chart->m_summary = tr("%1 judged by people, alike in %2; missed NG: %3, false alarms: %4")
                           .arg(countText(all), shareText(double(agreed) / double(all)), countText(missed), countText(alarms));
    for (const Verdict machine : kVerdicts) {
        qint64 sum = 0;
        for (const Verdict human : kVerdicts)
            sum += table.at(machine, human);
        for (const Verdict human : kVerdicts) {
            const qint64 count = table.at(machine, human);
            Cell cell{.row = int(machine) - 1, .column = int(human) - 1, .figure = countText(count)};
            const bool isMissed = machine == Verdict::Ok && human == Verdict::Ng;
            const bool isAlarm = machine == Verdict::Ng && human == Verdict::Ok;
            const QString share = sum > 0 ? shareText(double(count) / double(sum)) : QStringLiteral("–");
            cell.note = isMissed ? tr("missed") : isAlarm ? tr("false alarm") : share;
            cell.depth = sum > 0 ? double(count) / double(sum) : 0;
            cell.isWarning = count > 0 && isMissed;
            cell.told = tr("machine %1, people %2: %3, %4 of this row").arg(verdictWord(machine), verdictWord(human), countText(count), share);
            cell.opens = about;
            cell.opens.verdicts = {machine};
            cell.opens.judgements = {human};
            cell.count = count;
            chart->m_cells.append(cell);
        }
    }
    return chart;
}

std::shared_ptr<const Chart> MatrixChart::agreement(const Agreements &agreements, const ReviewFilter &about)
{
    auto chart = std::make_shared<MatrixChart>();
    chart->m_title = tr("Agreement of reviewers");
    QStringList names;
    for (const Agreement &pair : agreements) {
        for (const QString &name : {pair.first, pair.second}) {
            if (!names.contains(name))
                names.append(name);
        }
    }
    std::ranges::sort(names, [](const QString &a, const QString &b) { return a.localeAwareCompare(b) < 0; });
    for (const QString &name : std::as_const(names)) {
        chart->m_rows.append({shownName(name), std::nullopt});
        chart->m_columns.append({shownName(name), std::nullopt});
    }
    const Agreement *lowest = nullptr;
    for (const Agreement &pair : agreements) {
        if (pair.kappa && (!lowest || *pair.kappa < *lowest->kappa))
            lowest = &pair;
        const int first = int(names.indexOf(pair.first)), second = int(names.indexOf(pair.second));
        for (const auto &[row, column] : {std::pair(first, second), std::pair(second, first)}) {
            Cell cell{.row = row, .column = column, .figure = kappaText(pair.kappa), .note = shortCount(pair.both)};
            cell.depth = std::clamp(pair.kappa.value_or(0), 0.0, 1.0);
            const QString share = pair.both > 0 ? shareText(double(pair.agreed) / double(pair.both)) : QStringLiteral("–");
            cell.told = tr("%1 and %2: kappa %3, judged alike %4 (%5 of %6)")
                            .arg(shownName(names.at(row)), shownName(names.at(column)), kappaText(pair.kappa), share, countText(pair.agreed),
                                 countText(pair.both));
            cell.opens = about;
            cell.opens.reviewer = names.at(row);
            cell.opens.otherReviewer = names.at(column);
            cell.count = pair.both;
            chart->m_cells.append(cell);
        }
    }
    std::ranges::sort(chart->m_cells, {}, [](const Cell &cell) { return std::pair(cell.row, cell.column); });
    if (lowest)
        chart->m_summary = tr("Kappa (1 alike, 0 chance) of so many answers that both judged. Lowest: %1 and %2 with %3")
                               .arg(shownName(lowest->first), shownName(lowest->second), kappaText(lowest->kappa));
    return chart;
}

int MatrixChart::heightFor(int, const Theme &theme) const
{
    return int(captionPx(theme) * (m_across.isEmpty() ? 1 : 2) + space::kS + kRowPx * double(m_rows.size())) + space::kXs;
}

double MatrixChart::headsPx(const QRectF &area, const Theme &theme) const
{
    const QFontMetricsF metrics(theme.font(TextRole::Caption));
    double width = metrics.horizontalAdvance(m_down);
    for (const Head &head : m_rows)
        width = std::max(width, metrics.horizontalAdvance(head.name) + 2 + (head.verdict ? kHeadMarkPx + space::kXs : 0));
    return std::min(width, area.width() * 0.3) + space::kM;
}

QRectF MatrixChart::boxOf(int row, int column, const QRectF &area, const Theme &theme) const
{
    const double left = headsPx(area, theme), top = captionPx(theme) * (m_across.isEmpty() ? 1 : 2) + space::kS;
    const double width = (area.width() - left) / double(std::max<qsizetype>(1, m_columns.size()));
    return QRectF(area.left() + left + column * width, area.top() + top + row * kRowPx, width, kRowPx).adjusted(0, 0, -kGapPx, -kGapPx);
}

QList<ChartMark> MatrixChart::marks(const QRectF &area, const Theme &theme) const
{
    QList<ChartMark> marks;
    for (const Cell &cell : m_cells)
        marks.append({boxOf(cell.row, cell.column, area, theme), cell.told, cell.opens, cell.count, cell.column, cell.row});
    return marks;
}

void MatrixChart::paintHead(QPainter &painter, const QRectF &box, const Head &head, Qt::Alignment alignment, const Theme &theme) const
{
    QRectF words = box;
    const QFontMetricsF metrics(painter.font());
    if (head.verdict) {
        const double width = kHeadMarkPx + space::kXs + metrics.horizontalAdvance(head.name) + 2;
        const double x = alignment & Qt::AlignHCenter ? box.center().x() - width / 2 : box.left();
        const ThemeColours &c = theme.colours();
        paintVerdictMark(painter, QRectF(x, box.center().y() - kHeadMarkPx / 2, kHeadMarkPx, kHeadMarkPx), *head.verdict,
                         verdictFill(c, *head.verdict), verdictInk(c, *head.verdict));
        words = QRectF(x + kHeadMarkPx + space::kXs, box.top(), width, box.height());
        alignment = Qt::AlignLeft | Qt::AlignVCenter;
    }
    paintLine(painter, words, alignment, head.name);
}

void MatrixChart::paint(QPainter &painter, const QRectF &area, const Theme &theme) const
{
    const ThemeColours &c = theme.colours();
    const double caption = captionPx(theme);
    const double left = headsPx(area, theme);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(theme.font(TextRole::Caption));
    painter.setPen(c.textMuted);
    if (!m_across.isEmpty()) {
        painter.drawText(QRectF(area.left() + left, area.top(), area.width() - left, caption), int(Qt::AlignHCenter | Qt::AlignVCenter), m_across);
        painter.drawText(QRectF(area.left(), area.top() + caption, left, caption), int(Qt::AlignLeft | Qt::AlignVCenter), m_down);
    }
    painter.setPen(c.text);
    for (int column = 0; column < m_columns.size(); ++column) {
        const QRectF cell = boxOf(0, column, area, theme);
        paintHead(painter, QRectF(cell.left(), cell.top() - caption - space::kXs, cell.width(), caption), m_columns.at(column),
                  Qt::AlignHCenter | Qt::AlignVCenter, theme);
    }
    for (int row = 0; row < m_rows.size(); ++row) {
        painter.setFont(theme.font(TextRole::Caption));
        painter.setPen(c.text);
        const QRectF cell = boxOf(row, 0, area, theme);
        paintHead(painter, QRectF(area.left(), cell.top(), left - space::kM, cell.height()), m_rows.at(row), Qt::AlignLeft | Qt::AlignVCenter, theme);
        for (int column = 0; column < m_columns.size(); ++column) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(c.raised);
            painter.drawRoundedRect(boxOf(row, column, area, theme), radius::kSmall, radius::kSmall);
        }
    }
    const double figurePx = QFontMetricsF(theme.font(TextRole::Heading)).height();
    for (const Cell &cell : m_cells) {
        const QRectF box = boxOf(cell.row, cell.column, area, theme);
        painter.setPen(cell.isWarning ? QPen(c.ngText, 2) : QPen(Qt::NoPen));
        painter.setBrush(mixed(c.raised, c.accent, 0.3 * cell.depth)); // text stays readable on the deepest
        painter.drawRoundedRect(cell.isWarning ? box.adjusted(1, 1, -1, -1) : box, radius::kSmall, radius::kSmall);
        const double top = box.center().y() - (figurePx + caption) / 2;
        painter.setFont(theme.font(TextRole::Heading));
        painter.setPen(c.text);
        paintLine(painter, QRectF(box.left() + space::kXs, top, box.width() - space::kS, figurePx), Qt::AlignHCenter | Qt::AlignVCenter, cell.figure);
        painter.setFont(theme.font(TextRole::Caption));
        paintLine(painter, QRectF(box.left() + space::kXs, top + figurePx, box.width() - space::kS, caption), Qt::AlignHCenter | Qt::AlignVCenter,
                  cell.note);
    }
}

} // namespace auroraedge::ui
