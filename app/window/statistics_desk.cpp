#include "app/window/statistics_desk.h"

#include "app/storage/answer_query.h"
#include "app/storage/answer_statistics.h"
#include "app/window/moving_span.h"
#include "app/window/review_values.h"
#include "app/window/told_errors.h"
#include "app/window/view_values.h"
#include "ui/charts/chart_export.h"
#include "ui/models/statistics_stage.h"
#include "ui/panels/statistics_panel.h"

#include <QDateTime>

#include <algorithm>
#include <optional>
#include <utility>

namespace auroraedge::app {

namespace {

constexpr qint64 kHourMs = 3'600'000;

std::optional<ui::MovingSpan> spanOf(ui::StatisticsRange range)
{
    using ui::MovingSpan, ui::StatisticsRange;
    switch (range) {
    case StatisticsRange::Shift: return MovingSpan::Shift;
    case StatisticsRange::LastShift: return MovingSpan::LastShift;
    case StatisticsRange::Hours8: return MovingSpan::Hours8;
    case StatisticsRange::Hours24: return MovingSpan::Hours24;
    case StatisticsRange::Days7: return MovingSpan::Days7;
    case StatisticsRange::Days30: return MovingSpan::Days30;
    case StatisticsRange::Between: break;
    }
    return std::nullopt;
}

/// The query with the times that are counted.
ui::StatisticsQuery worked(ui::StatisticsQuery query, const QDateTime &now, const ShiftStarts &shifts)
{
    if (const std::optional<ui::MovingSpan> span = spanOf(query.range)) {
        const SpanTimes times = timesOf(*span, now, shifts);
        query.from = times.from;
        query.until = times.until;
    }
    return query;
}

AnswerFilter filterOf(const ui::StatisticsQuery &query)
{
    ui::ReviewFilter shown;
    shown.from = query.from;
    shown.until = query.until;
    shown.question = query.question;
    shown.model = query.model;
    shown.source = query.source;
    AnswerFilter filter = app::filterOf(shown);
    filter.reviewedOnly = query.reviewedOnly;
    return filter;
}

/// @param name empty: that of the stage.
ui::LatencySpread spreadOf(const QString &name, std::int64_t answers, const LatencyTable &table, std::size_t stage)
{
    const Percentiles &percentiles = table.stages.at(stage);
    const QString id = QLatin1String(kLatencyStages.at(stage));
    return {name.isEmpty() ? ui::stageText(id) : name, answers, percentiles.p50, percentiles.p95, percentiles.p99, percentiles.max, id};
}

/// The whole answer first, then the stages in their order.
ui::LatencySpreads stagesOf(const LatencyTable &table)
{
    ui::LatencySpreads spreads;
    if (table.answers == 0)
        return spreads;
    spreads.append(spreadOf({}, table.answers, table, kLatencyStages.size() - 1));
    for (std::size_t i = 0; i + 1 < kLatencyStages.size(); ++i)
        spreads.append(spreadOf({}, table.answers, table, i));
    return spreads;
}

ui::LatencySpreads totalsOf(const std::vector<LatencyTable> &tables)
{
    ui::LatencySpreads spreads;
    for (const LatencyTable &table : tables)
        spreads.append(spreadOf(textOf(table.name), table.answers, table, kLatencyStages.size() - 1));
    return spreads;
}

QList<ui::LatencyHistogram> histogramsOf(const std::vector<LatencyHistogram> &histograms)
{
    QList<ui::LatencyHistogram> shown;
    for (const LatencyHistogram &histogram : histograms)
        shown.append({textOf(histogram.model), textOf(histogram.device), histogram.binMs, {histogram.counts.begin(), histogram.counts.end()}});
    return shown;
}

ui::HoursCounted hoursOf(const std::vector<HourCounts> &hours)
{
    ui::HoursCounted shown;
    for (const HourCounts &hour : hours)
        shown.append({QDateTime::fromMSecsSinceEpoch(hour.fromUtcMs, Qt::UTC), hour.ok, hour.ng, hour.unsure, hour.none, hour.failed});
    return shown;
}

ui::ControlChart controlOf(const std::vector<HourCounts> &hours)
{
    QList<ui::ControlPoint> points;
    for (const HourCounts &hour : hours)
        if (hour.ok + hour.ng > 0)
            points.append({.from = QDateTime::fromMSecsSinceEpoch(hour.fromUtcMs, Qt::UTC),
                           .until = QDateTime::fromMSecsSinceEpoch(hour.fromUtcMs + kHourMs, Qt::UTC),
                           .count = hour.ok + hour.ng,
                           .ng = hour.ng});
    return ui::controlChart(points);
}

ui::VerdictTable tableOf(const Confusion &confusion)
{
    ui::VerdictTable table; // less the answers without a verdict
    for (std::size_t machine = 0; machine < table.counts.size(); ++machine)
        std::ranges::copy(confusion[machine], table.counts[machine].begin());
    return table;
}

ui::Agreements agreementsOf(const std::vector<Agreement> &agreements)
{
    ui::Agreements shown;
    for (const Agreement &agreement : agreements) {
        ui::Agreement pair;
        pair.first = textOf(agreement.first);
        pair.second = textOf(agreement.second);
        ui::VerdictTable table;
        for (std::size_t first = 0; first < 3; ++first) {
            for (std::size_t second = 0; second < 3; ++second) {
                table.counts[first][second] = agreement.counts[first][second];
                pair.both += agreement.counts[first][second];
            }
            pair.agreed += agreement.counts[first][first];
        }
        pair.kappa = ui::cohenKappa(table);
        shown.append(pair);
    }
    return shown;
}

/// How many answers each of @p spreads opens, left alone where that is not to be had.
/// @param about of the group that a spread is of.
template <typename About>
void countSlowest(const Database &database, ui::LatencySpreads &spreads, About about, const std::stop_token &stop)
{
    for (ui::LatencySpread &spread : spreads) {
        AnswerFilter slowest = about(spread);
        slowest.stage = latencyStageNamed(spread.stage.toStdString()).value_or(LatencyStage::Total);
        slowest.stageFromMs = spread.p95Ms;
        if (const Result<std::int64_t> count = countMatching(database, slowest, stop))
            spread.slow = *count;
    }
}

/// A part of the page from what was counted, or from why it was not.
template <typename Part, typename Counted, typename Make>
void fill(ui::StatisticsPart<Part> &part, const Result<Counted> &counted, Make make)
{
    if (counted)
        part = {ui::PartState::Ready, make(*counted), {}};
    else if (counted.error().code == code::Cancelled)
        part = {};
    else
        part = {ui::PartState::Failed, {}, toldError(counted.error())};
}

template <typename Change>
void eachPart(ui::StatisticsPage &page, Change change)
{
    change(page.stages);
    change(page.byModel);
    change(page.byDevice);
    change(page.times);
    change(page.hours);
    change(page.defects);
    change(page.control);
    change(page.confusion);
    change(page.agreement);
}

const char *suffixOf(ui::ExportFormat format)
{
    switch (format) {
    case ui::ExportFormat::Png: return "png";
    case ui::ExportFormat::Svg: return "svg";
    case ui::ExportFormat::Pdf: return "pdf";
    case ui::ExportFormat::Html: return "html";
    }
    return "";
}

} // namespace

StatisticsDesk::StatisticsDesk(ui::StatisticsPanel &panel, const DataFolder &dataFolder, ShiftStarts shifts)
    : m_panel(panel), m_dataFolder(dataFolder.root()), m_shifts(std::move(shifts)), m_library(dataFolder.root()), m_writer(dataFolder.root())
{
    using ui::StatisticsPanel;
    connect(&m_panel, &StatisticsPanel::queryChanged, this, &StatisticsDesk::count);
    connect(&m_panel, &StatisticsPanel::cancelRequested, this, &StatisticsDesk::cancel);
    connect(&m_panel, &StatisticsPanel::exportRequested, this, &StatisticsDesk::write);
    connect(&m_panel, &StatisticsPanel::choicesRequested, this, [this] {
        (void)m_library.run([this](const Result<const AnswerReader *> &reader) {
            if (!reader)
                return;
            if (const Result<AnswerChoices> choices = selectChoices((*reader)->database()))
                post([this, shown = choicesOf(*choices)] { m_panel.setChoices(shown); });
        });
    });
}

StatisticsDesk::~StatisticsDesk()
{
    disconnect(&m_panel, nullptr, this, nullptr);
    m_counting.request_stop();
}

void StatisticsDesk::count(const ui::StatisticsQuery &query)
{
    m_counting.request_stop();
    m_counting = {};
    const QDateTime now = QDateTime::currentDateTime();
    if (const ui::StatisticsQuery asked = worked(query, now, m_shifts); asked != m_page.query)
        m_page = {.query = asked};
    m_page.asOf = now;
    eachPart(m_page, [](auto &part) { part.state = ui::PartState::Computing; }); // what was counted before stays in sight
    m_panel.setPage(m_page);
    const bool isTaken = m_library.run([this, filter = filterOf(m_page.query), stop = m_counting.get_token()](const Result<const AnswerReader *> &reader) {
        if (stop.stop_requested())
            return;
        const auto tell = [&](auto change) {
            post([this, stop, change] {
                if (stop.stop_requested())
                    return; // another query has begun
                change(m_page);
                m_panel.setPage(m_page);
            });
        };
        if (!reader) { // nothing was stored yet: nothing to count
            tell([isEmpty = reader.error().code == code::FileNotFound, error = reader.error()](ui::StatisticsPage &page) {
                eachPart(page, [&](auto &part) {
                    part = {isEmpty ? ui::PartState::Ready : ui::PartState::Failed, {}, isEmpty ? QString() : toldError(error)};
                });
            });
            return;
        }
        // Quick ones first.
        const Database &database = (*reader)->database();
        tell([hours = selectHours(database, filter, true, stop)](ui::StatisticsPage &page) {
            fill(page.hours, hours, hoursOf);
            fill(page.control, hours, controlOf);
        });
        tell([classes = selectDefectClasses(database, filter, stop)](ui::StatisticsPage &page) {
            fill(page.defects, classes, [](const std::vector<AnswerChoice> &counted) {
                ui::DefectCounts defects;
                for (const AnswerChoice &choice : counted)
                    defects.append({textOf(choice.value), choice.count});
                return defects;
            });
        });
        tell([confusion = selectConfusion(database, filter, stop)](ui::StatisticsPage &page) { fill(page.confusion, confusion, tableOf); });
        tell([agreement = selectAgreement(database, filter, stop)](ui::StatisticsPage &page) { fill(page.agreement, agreement, agreementsOf); });
        const Result<LatencyStatistics> latencies = selectLatencies(database, filter, stop);
        tell([latencies](ui::StatisticsPage &page) {
            fill(page.stages, latencies, [](const LatencyStatistics &counted) { return stagesOf(counted.all); });
            fill(page.byModel, latencies, [](const LatencyStatistics &counted) { return totalsOf(counted.byModel); });
            fill(page.byDevice, latencies, [](const LatencyStatistics &counted) { return totalsOf(counted.byDevice); });
            fill(page.times, latencies, [](const LatencyStatistics &counted) { return histogramsOf(counted.histograms); });
        });
        if (!latencies || latencies->all.answers == 0)
            return;
        // What is shown already, with how many are opened.
        ui::LatencySpreads stages = stagesOf(latencies->all), models = totalsOf(latencies->byModel), devices = totalsOf(latencies->byDevice);
        countSlowest(database, stages, [&](const ui::LatencySpread &) { return filter; }, stop);
        countSlowest(database, models, [&](const ui::LatencySpread &model) {
            AnswerFilter about = filter;
            about.model = model.name.toStdString();
            return about;
        }, stop);
        countSlowest(database, devices, [&](const ui::LatencySpread &device) {
            AnswerFilter about = filter;
            about.device = device.name.toStdString();
            return about;
        }, stop);
        tell([stages, models, devices](ui::StatisticsPage &page) {
            page.stages.value = stages;
            page.byModel.value = models;
            page.byDevice.value = devices;
        });
    });
    if (!isTaken)
        cancel();
}

void StatisticsDesk::cancel()
{
    m_counting.request_stop();
    eachPart(m_page, [](auto &part) {
        if (part.state == ui::PartState::Computing)
            part = {};
    });
    m_panel.setPage(m_page);
}

void StatisticsDesk::write(const ui::StatisticsExport &wanted)
{
    const std::filesystem::path folder = m_dataFolder / "reports";
    const QString kind = wanted.what == ui::StatisticsExport::What::Report ? QStringLiteral("shift-report")
        : wanted.what == ui::StatisticsExport::What::Chart                 ? QStringLiteral("chart")
                                                                           : QStringLiteral("statistics");
    const QString name = kind + QDateTime::currentDateTime().toString(QStringLiteral("-yyyy-MM-dd-HHmmss.")) + QLatin1String(suffixOf(wanted.format));
    const QString place = QString::fromStdString((folder / name.toStdString()).string());
    const bool isTaken = m_writer.run([this, folder, place, sheet = m_panel.sheet(wanted), format = wanted.format](const Result<const AnswerReader *> &) {
        const Result<QByteArray> bytes = ui::renderSheet(sheet, format);
        std::error_code problem;
        std::filesystem::create_directories(folder, problem); // when it fails, the writing tells
        const auto written = bytes ? ui::writeWhole(place, *bytes) : Result<std::monostate>(failure(bytes.error()));
        post([this, place, written] {
            m_panel.tellExport(written ? tr("Written to %1").arg(place) : toldError(written.error()), !written);
        });
    });
    if (!isTaken)
        m_panel.tellExport(toldError(diskBusy()), true);
}

} // namespace auroraedge::app
