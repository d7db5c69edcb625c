#include "ui/charts/chart_export.h"

#include "ui/charts/chart_painting.h"
#include "ui/widgets/painting.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QFileInfo>
#include <QImage>
#include <QLocale>
#include <QMarginsF>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>

#include <algorithm>

namespace auroraedge::ui {

namespace {

constexpr int kDpi = 96; ///< of a device-independent pixel
constexpr int kChartPx = 640, kMarginPx = space::kXl;
constexpr double kPictureScale = 2;
constexpr int kPdfDpi = 1200;
constexpr double kPdfMarginMm = 14;
constexpr int kSummaryLines = 3;

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(auroraedge::ui::ChartSheet)
};

/// Head and charts one below the other or in columns; lengths in device-independent pixels.
class SheetPainter final
{
public:
    SheetPainter(const ChartSheet &sheet, int chartWidth) : m_sheet(sheet), m_width(chartWidth) {}

    [[nodiscard]] const Theme &theme() const { return m_theme; }

    [[nodiscard]] int headHeight(int width) const
    {
        int height = lineHeight(TextRole::Title) * int(titleLines(width).size()) + space::kS;
        for (const auto &[name, value] : m_sheet.facts)
            height += lineHeight(TextRole::Caption) * int(factLines(value, width).size());
        return height + space::kXl;
    }

    void paintHead(QPainter &painter, int width) const
    {
        const ThemeColours &c = m_theme.colours();
        int y = 0;
        painter.setFont(m_theme.font(TextRole::Title));
        painter.setPen(c.text);
        const QStringList title = titleLines(width);
        paintLines(painter, QRect(0, y, width, 0), title);
        y += lineHeight(TextRole::Title) * int(title.size()) + space::kS;
        painter.setFont(m_theme.font(TextRole::Caption));
        for (const auto &[name, value] : m_sheet.facts) {
            const QStringList lines = factLines(value, width);
            painter.setPen(c.textMuted);
            paintLine(painter, QRectF(0, y, namePx(width), lineHeight(TextRole::Caption)), Qt::AlignLeft | Qt::AlignVCenter, name);
            painter.setPen(c.text);
            paintLines(painter, QRect(namePx(width) + space::kM, y, width - namePx(width) - space::kM, 0), lines);
            y += lineHeight(TextRole::Caption) * int(lines.size());
        }
    }

    [[nodiscard]] int chartHeight(const Chart &chart) const
    {
        return lineHeight(TextRole::Heading) + summaryHeight(chart) + space::kS + chart.heightFor(m_width, m_theme) + space::kXl;
    }

    void paintChart(QPainter &painter, const Chart &chart) const
    {
        painter.setFont(m_theme.font(TextRole::Heading));
        painter.setPen(m_theme.colours().text);
        paintLine(painter, QRectF(0, 0, m_width, lineHeight(TextRole::Heading)), Qt::AlignLeft | Qt::AlignVCenter, chart.title());
        painter.setFont(m_theme.font(TextRole::Caption));
        painter.setPen(m_theme.colours().textMuted);
        paintLines(painter, QRect(0, lineHeight(TextRole::Heading), m_width, 0), summaryLines(chart));
        const int top = lineHeight(TextRole::Heading) + summaryHeight(chart) + space::kS;
        painter.save();
        chart.paint(painter, QRectF(0, top, m_width, chart.heightFor(m_width, m_theme)), m_theme);
        painter.restore();
    }

private:
    [[nodiscard]] int lineHeight(TextRole role) const { return QFontMetrics(m_theme.font(role)).height(); }
    [[nodiscard]] static int namePx(int width) { return std::min(150, width / 3); }
    [[nodiscard]] QStringList titleLines(int width) const
    {
        return elidedLines(shownName(m_sheet.title), m_theme.font(TextRole::Title), width, 2).texts;
    }
    [[nodiscard]] QStringList factLines(const QString &value, int width) const
    {
        return elidedLines(shownName(value), m_theme.font(TextRole::Caption), width - namePx(width) - space::kM, 4).texts;
    }
    [[nodiscard]] QStringList summaryLines(const Chart &chart) const
    {
        return elidedLines(chart.summary(), m_theme.font(TextRole::Caption), m_width, kSummaryLines).texts;
    }
    [[nodiscard]] int summaryHeight(const Chart &chart) const { return lineHeight(TextRole::Caption) * int(summaryLines(chart).size()); }

    const ChartSheet &m_sheet;
    int m_width;
    Theme m_theme{ThemeKind::Light};
};

struct Placed
{
    QPoint at;
    const Chart *chart = nullptr;
};

/// In columns of equal length as far as their order allows.
QList<Placed> placed(const ChartSheet &sheet, const SheetPainter &paper, int columns, int top, QSize *size)
{
    QList<int> bottoms(columns, top);
    QList<Placed> all;
    for (const ChartPointer &chart : sheet.charts) {
        const auto shortest = std::ranges::min_element(bottoms);
        const int column = int(shortest - bottoms.begin());
        all.append({QPoint(kMarginPx + column * (kChartPx + kMarginPx), *shortest), chart.get()});
        *shortest += paper.chartHeight(*chart);
    }
    *size = QSize(kMarginPx + columns * (kChartPx + kMarginPx), std::ranges::max(bottoms));
    return all;
}

/// One picture of the whole sheet; @p begin makes the device of that size.
template <typename Begin>
void paintPicture(const ChartSheet &sheet, Begin begin)
{
    const SheetPainter paper(sheet, kChartPx);
    const int columns = sheet.charts.size() > 1 ? 2 : 1;
    const int width = columns * (kChartPx + kMarginPx) - kMarginPx;
    QSize size;
    const QList<Placed> charts = placed(sheet, paper, columns, kMarginPx + paper.headHeight(width), &size);
    QPainter painter(begin(size));
    painter.fillRect(QRect({0, 0}, size), paper.theme().colours().surface);
    painter.setRenderHint(QPainter::TextAntialiasing);
    painter.save();
    painter.translate(kMarginPx, kMarginPx);
    paper.paintHead(painter, width);
    painter.restore();
    for (const Placed &each : charts) {
        painter.save();
        painter.translate(each.at);
        paper.paintChart(painter, *each.chart);
        painter.restore();
    }
}

QByteArray pngOf(const ChartSheet &sheet)
{
    QImage picture;
    paintPicture(sheet, [&picture](const QSize &size) {
        picture = QImage(size * kPictureScale, QImage::Format_RGB32);
        picture.setDevicePixelRatio(kPictureScale);
        return &picture;
    });
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    return picture.save(&buffer, "PNG") ? bytes : QByteArray();
}

QByteArray svgOf(const ChartSheet &sheet)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    QSvgGenerator svg;
    svg.setOutputDevice(&buffer);
    svg.setResolution(kDpi);
    paintPicture(sheet, [&svg](const QSize &size) {
        svg.setSize(size);
        svg.setViewBox(QRect({0, 0}, size));
        return &svg;
    });
    return bytes;
}

QByteArray pdfOf(const ChartSheet &sheet)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    {
        QPdfWriter pdf(&buffer);
        pdf.setCreator(QStringLiteral("AuroraEdge Inspector"));
        pdf.setTitle(shownName(sheet.title));
        pdf.setResolution(kPdfDpi);
        pdf.setPageSize(QPageSize(QPageSize::A4));
        pdf.setPageMargins(QMarginsF(kPdfMarginMm, kPdfMarginMm, kPdfMarginMm, kPdfMarginMm), QPageLayout::Millimeter);
        const double scale = double(kPdfDpi) / kDpi;
        const int width = int(pdf.width() / scale);
        const SheetPainter paper(sheet, width);
        const Theme &theme = paper.theme();
        const int footer = QFontMetrics(theme.font(TextRole::Caption)).height();
        const int height = int(pdf.height() / scale) - footer - space::kS;
        QPainter painter(&pdf);
        painter.scale(scale, scale);
        int page = 1, y = paper.headHeight(width);
        const auto number = [&] {
            painter.setFont(theme.font(TextRole::Caption));
            painter.setPen(theme.colours().textMuted);
            painter.drawText(QRect(0, height + space::kS, width, footer), Qt::AlignRight | Qt::AlignVCenter, QLocale().toString(page));
        };
        paper.paintHead(painter, width);
        for (const ChartPointer &chart : sheet.charts) {
            const int needed = paper.chartHeight(*chart);
            if (y > 0 && y + needed > height + space::kXl) { // the last space may hang over the edge
                number();
                pdf.newPage();
                ++page;
                y = 0;
            }
            painter.save();
            painter.translate(0, y);
            if (needed > height) // taller than a page: smaller, but whole
                painter.scale(double(height) / needed, double(height) / needed);
            paper.paintChart(painter, *chart);
            painter.restore();
            y += std::min(needed, height);
        }
        number();
    }
    return bytes;
}

/// One chart alone, as an element that stands in a page of another format.
QByteArray svgElementOf(const Chart &chart)
{
    const Theme theme(ThemeKind::Light);
    const QSize size(kChartPx, chart.heightFor(kChartPx, theme));
    QByteArray bytes;
    QBuffer buffer(&bytes);
    QSvgGenerator svg;
    svg.setOutputDevice(&buffer);
    svg.setResolution(kDpi);
    svg.setSize(size);
    svg.setViewBox(QRect({0, 0}, size));
    {
        QPainter painter(&svg);
        chart.paint(painter, QRectF(QPointF(0, 0), QSizeF(size)), theme);
    }
    return bytes.mid(std::max<qsizetype>(0, bytes.indexOf("<svg")));
}

QByteArray htmlOf(const ChartSheet &sheet)
{
    const Theme theme(ThemeKind::Light);
    const ThemeColours &c = theme.colours();
    const auto text = [](const QString &plain) { return shownName(plain).toHtmlEscaped(); };
    QString page = QStringLiteral("<!DOCTYPE html>\n<html lang=\"%1\">\n<head>\n<meta charset=\"utf-8\">\n"
                                  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
                                  "<meta name=\"viewport\" content=\"width=device-width\">\n<title>%2</title>\n<style>\n")
                       .arg(QLocale().bcp47Name().toHtmlEscaped(), text(sheet.title));
    page += QStringLiteral("body { margin: 32px auto; max-width: %1px; padding: 0 16px; font: 15px sans-serif; color: %2; background: %3; "
                           "overflow-wrap: anywhere; }\n"
                           "th { text-align: left; font-weight: normal; color: %4; padding-right: 16px; vertical-align: top; }\n"
                           "figure { margin: 32px 0; break-inside: avoid; } svg { width: 100%; height: auto; }\n"
                           "h2 { font-size: 18px; margin: 0 0 4px; } figcaption p, summary { margin: 0 0 8px; color: %4; }\n")
                .arg(QString::number(kChartPx), c.text.name(), c.surface.name(), c.textMuted.name());
    page += QStringLiteral("</style>\n</head>\n<body>\n<h1>%1</h1>\n<table>\n").arg(text(sheet.title));
    for (const auto &[name, value] : sheet.facts)
        page += QStringLiteral("<tr><th>%1</th><td>%2</td></tr>\n").arg(text(name), text(value));
    page += QStringLiteral("</table>\n");
    for (const ChartPointer &chart : sheet.charts) {
        page += QStringLiteral("<figure role=\"group\" aria-label=\"%1\">\n<figcaption><h2>%1</h2><p>%2</p></figcaption>\n")
                    .arg(text(chart->title()), text(chart->summary()));
        page += QString::fromUtf8(svgElementOf(*chart));
        page += QStringLiteral("\n<details><summary>%1</summary>\n<ul>\n").arg(Texts::tr("Values").toHtmlEscaped());
        for (const ChartMark &mark : chart->marks(QRectF(0, 0, kChartPx, chart->heightFor(kChartPx, theme)), theme))
            page += QStringLiteral("<li>%1</li>\n").arg(text(mark.text));
        page += QStringLiteral("</ul>\n</details>\n</figure>\n");
    }
    return (page + QStringLiteral("</body>\n</html>\n")).toUtf8();
}

} // namespace

Result<QByteArray> renderSheet(const ChartSheet &sheet, ExportFormat format)
{
    const QByteArray bytes = format == ExportFormat::Png   ? pngOf(sheet)
                             : format == ExportFormat::Svg ? svgOf(sheet)
                             : format == ExportFormat::Pdf ? pdfOf(sheet)
                                                           : htmlOf(sheet);
    if (bytes.isEmpty())
        return failure(code::SystemLimit, "the charts are too large for a picture");
    return bytes;
}

Result<std::monostate> writeWhole(const QString &path, const QByteArray &bytes)
{
    const std::string object = path.toStdString();
    if (const QFileInfo there(path); there.exists() && !there.isFile())
        return failure(code::FileNotRegular, object + " is not a plain file", object);
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return failure(code::FolderNotWritable, "cannot write " + object + ": " + file.errorString().toStdString(), object);
    const bool isWhole = file.write(bytes) == bytes.size() && file.flush() && file.size() == bytes.size();
    if (!isWhole || !file.commit()) {
        const QString why = file.errorString();
        file.cancelWriting();
        const bool isFull = file.error() == QFileDevice::ResourceError || file.error() == QFileDevice::WriteError;
        return failure(isFull ? code::DiskFull : code::FolderNotWritable, "cannot write all of " + object + ": " + why.toStdString(), object);
    }
    if (QFileInfo(path).size() != bytes.size())
        return failure(code::DiskFault, object + " is not as long as what was written", object);
    return std::monostate();
}

} // namespace auroraedge::ui
