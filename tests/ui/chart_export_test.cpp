#include "ui/charts/chart_export.h"
#include "ui/charts/hours_chart.h"
#include "ui/charts/pareto_chart.h"
#include "ui/gallery/statistics_values.h"
#include "ui/theme/theme.h"

#include <gtest/gtest.h>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QImage>
#include <QPainter>
#include <QRegularExpression>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QXmlStreamReader>

#include <sys/resource.h>

#include <csignal>

namespace auroraedge::ui::tests {
namespace {

const QString kHostile = QStringLiteral("<script>alert('x')</script> & \"<b>\" \x01 ]]>");

class ChartExportTest : public ::testing::Test
{
protected:
    [[nodiscard]] static ChartSheet sheet(const QString &defect = QStringLiteral("Scratch"))
    {
        ReviewFilter about;
        about.from = fullStatistics().query.from;
        about.until = fullStatistics().query.until;
        return {QStringLiteral("Shift report"),
                {{QStringLiteral("Source"), defect}},
                {std::make_shared<HoursChart>(fullStatistics().hours.value, about),
                 std::make_shared<ParetoChart>(DefectCounts{{defect, 3}, {QStringLiteral("Dent"), 1}}, about)}};
    }
    [[nodiscard]] static QByteArray rendered(const ChartSheet &sheet, ExportFormat format)
    {
        Result<QByteArray> bytes = renderSheet(sheet, format);
        EXPECT_TRUE(bytes);
        return bytes ? *bytes : QByteArray();
    }
    [[nodiscard]] static bool hasColour(const QImage &picture, const QColor &wanted)
    {
        for (int y = 0; y < picture.height(); ++y) {
            for (int x = 0; x < picture.width(); ++x) {
                if (picture.pixelColor(x, y) == wanted)
                    return true;
            }
        }
        return false;
    }

    QTemporaryDir m_folder;
};

TEST_F(ChartExportTest, APngIsReadBackWithItsBarsAtTwiceThePixels)
{
    const QImage picture = QImage::fromData(rendered(sheet(), ExportFormat::Png), "PNG");
    ASSERT_FALSE(picture.isNull());
    EXPECT_GT(picture.width(), 2 * 1280);
    const ThemeColours paper = Theme::coloursOf(ThemeKind::Light);
    EXPECT_EQ(picture.pixelColor(2, 2), paper.surface);
    EXPECT_TRUE(hasColour(picture, paper.ok));
    EXPECT_TRUE(hasColour(picture, paper.accent));
}

TEST_F(ChartExportTest, AnSvgIsReadBackAndShowsTheSameBars)
{
    QSvgRenderer svg(rendered(sheet(), ExportFormat::Svg));
    ASSERT_TRUE(svg.isValid());
    QImage picture(svg.defaultSize(), QImage::Format_RGB32);
    picture.fill(Qt::black);
    QPainter painter(&picture);
    svg.render(&painter);
    painter.end();
    const ThemeColours paper = Theme::coloursOf(ThemeKind::Light);
    EXPECT_TRUE(hasColour(picture, paper.ok));
    EXPECT_TRUE(hasColour(picture, paper.accent));
    EXPECT_GT(picture.width(), 2 * 560) << "two columns";
}

TEST_F(ChartExportTest, OneChartIsNarrowerThanAPage)
{
    ChartSheet one = sheet();
    one.charts.removeLast();
    const QImage single = QImage::fromData(rendered(one, ExportFormat::Png)), whole = QImage::fromData(rendered(sheet(), ExportFormat::Png));
    EXPECT_LT(single.width(), whole.width());
}

TEST_F(ChartExportTest, APdfHasAsManyA4PagesAsItsChartsNeed)
{
    const auto pagesOf = [](const QByteArray &pdf) {
        EXPECT_TRUE(pdf.startsWith("%PDF-"));
        EXPECT_TRUE(pdf.trimmed().endsWith("%%EOF"));
        const QRegularExpressionMatch count = QRegularExpression(QStringLiteral("/Count (\\d+)")).match(QString::fromLatin1(pdf));
        return count.captured(1).toInt();
    };
    const QByteArray one = rendered(sheet(), ExportFormat::Pdf);
    EXPECT_EQ(pagesOf(one), 1);
    EXPECT_GT(one.size(), 5'000);
    ChartSheet many = sheet();
    for (int i = 0; i < 6; ++i)
        many.charts.append(many.charts.first());
    EXPECT_GE(pagesOf(rendered(many, ExportFormat::Pdf)), 3);
}

TEST_F(ChartExportTest, AReportAsHtmlNeedsNoOtherFileAndRunsNoScript)
{
    const QString page = QString::fromUtf8(rendered(sheet(kHostile), ExportFormat::Html));
    EXPECT_TRUE(page.startsWith(QLatin1String("<!DOCTYPE html>")));
    EXPECT_FALSE(page.contains(QLatin1String("<script"), Qt::CaseInsensitive));
    EXPECT_FALSE(page.contains(QLatin1String("<b>"), Qt::CaseInsensitive));
    EXPECT_FALSE(page.contains(QChar(1)));
    EXPECT_TRUE(page.contains(QLatin1String("&lt;script&gt;")));
    EXPECT_EQ(page.count(QLatin1String("<svg")), 2);
    const QRegularExpression outside(QStringLiteral("(src|href|url)\\s*[=(]\\s*[\"']?(?!#)"));
    EXPECT_FALSE(outside.match(page).hasMatch()) << outside.match(page).captured().toStdString();
    EXPECT_TRUE(page.contains(QLatin1String("NG 41 of"))) << "the values are told as text, too";
    // Each drawing stands on its own feet as XML, whatever the names are.
    const QString svg = page.section(QStringLiteral("<svg"), 2, 2).section(QStringLiteral("</svg>"), 0, 0);
    QXmlStreamReader xml(QStringLiteral("<svg") + svg + QStringLiteral("</svg>"));
    while (!xml.atEnd())
        xml.readNext();
    EXPECT_FALSE(xml.hasError()) << xml.errorString().toStdString();
}

TEST_F(ChartExportTest, HostileNamesLeaveAnSvgWhole)
{
    EXPECT_TRUE(QSvgRenderer(rendered(sheet(kHostile), ExportFormat::Svg)).isValid());
}

TEST_F(ChartExportTest, AFileIsWrittenWholeOverAnEarlierOne)
{
    const QString path = m_folder.filePath(QStringLiteral("report.html"));
    ASSERT_TRUE(writeWhole(path, QByteArray(5'000, 'x')));
    ASSERT_TRUE(writeWhole(path, QByteArrayLiteral("short")));
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::ReadOnly));
    EXPECT_EQ(file.readAll(), QByteArrayLiteral("short"));
    EXPECT_EQ(QDir(m_folder.path()).entryList(QDir::Files).size(), 1) << "no temporary file stays";
}

TEST_F(ChartExportTest, WhatCannotBeWrittenIsToldAndLeavesNothing)
{
    const Result<std::monostate> written = writeWhole(m_folder.filePath(QStringLiteral("missing/report.pdf")), QByteArrayLiteral("x"));
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, code::FolderNotWritable);
    EXPECT_NE(written.error().message.find("report.pdf"), std::string::npos);
    EXPECT_TRUE(QDir(m_folder.path()).isEmpty());
}

TEST_F(ChartExportTest, WhatIsNotAPlainFileIsNotReplaced)
{
    const Result<std::monostate> written = writeWhole(m_folder.path(), QByteArrayLiteral("x"));
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, code::FileNotRegular);
    EXPECT_TRUE(QFileInfo(m_folder.path()).isDir());
}

/// Files may grow to so many bytes only, as on a disk that is nearly full.
class FileLimit final
{
public:
    explicit FileLimit(rlim_t bytes)
    {
        getrlimit(RLIMIT_FSIZE, &m_before);
        m_handler = std::signal(SIGXFSZ, SIG_IGN);
        const rlimit lower{bytes, m_before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &lower);
    }
    ~FileLimit()
    {
        setrlimit(RLIMIT_FSIZE, &m_before);
        std::signal(SIGXFSZ, m_handler);
    }

private:
    rlimit m_before{};
    void (*m_handler)(int) = nullptr;
};

TEST_F(ChartExportTest, AFullDiskIsToldAndTheEarlierFileStays)
{
    const QString path = m_folder.filePath(QStringLiteral("report.pdf"));
    ASSERT_TRUE(writeWhole(path, QByteArrayLiteral("earlier")));
    {
        const FileLimit limit(10'000);
        const Result<std::monostate> written = writeWhole(path, QByteArray(200'000, 'x'));
        ASSERT_FALSE(written);
        EXPECT_EQ(written.error().code, code::DiskFull);
    }
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::ReadOnly));
    EXPECT_EQ(file.readAll(), QByteArrayLiteral("earlier"));
    EXPECT_EQ(QDir(m_folder.path()).entryList(QDir::Files).size(), 1);
}

} // namespace
} // namespace auroraedge::ui::tests
