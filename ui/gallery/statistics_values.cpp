#include "ui/gallery/statistics_values.h"

#include "ui/gallery/station_words.h"
#include "ui/models/statistics_stage.h"

#include <algorithm>
#include <cmath>

namespace auroraedge::ui {

namespace {

const QDateTime kEnd(QDate(2026, 3, 9), QTime(14, 0), Qt::UTC);
constexpr int kHours = 24;

QString databaseInUse()
{
    return QStringLiteral("DB-01: ") + said("Error", "the database is in use");
}

template <typename T>
StatisticsPart<T> ready(T value)
{
    return {PartState::Ready, std::move(value), {}};
}

HoursCounted hoursOfADay()
{
    HoursCounted hours;
    for (int hour = 0; hour < kHours; ++hour) {
        if (hour == 9 || hour == 10)
            continue; // the line stood still
        HourCounts counts{.from = kEnd.addSecs(3600 * (hour - kHours))};
        counts.ok = 352 + (hour * 37) % 61;
        counts.ng = hour == 17 ? 41 : hour >= 18 ? 9 + hour % 3 : 3 + (hour * 5) % 7;
        counts.unsure = hour % 4 == 0 ? 6 : 1;
        counts.none = hour == 12 ? 14 : 0;
        counts.failed = counts.none;
        hours.append(counts);
    }
    return hours;
}

LatencyHistogram bell(const QString &model, const QString &device, double middleMs, double widthMs, double scale)
{
    LatencyHistogram times{.model = model, .device = device, .binMs = 10};
    for (int bin = 0; bin < 30; ++bin) {
        const double away = (bin * times.binMs + 5 - middleMs) / widthMs;
        times.counts.append(qint64(scale * std::exp(-away * away / 2)));
    }
    times.counts[22] += qint64(scale / 90); // pictures that waited for another job
    return times;
}

} // namespace

StatisticsPage emptyStatistics()
{
    StatisticsPage page;
    page.query.from = kEnd.addSecs(-3600 * kHours);
    page.query.until = kEnd;
    page.asOf = kEnd;
    page.stages.state = page.byModel.state = page.byDevice.state = PartState::Ready;
    page.times.state = page.hours.state = page.defects.state = page.control.state = PartState::Ready;
    page.confusion.state = page.agreement.state = PartState::Ready;
    return page;
}

StatisticsPage fullStatistics()
{
    StatisticsPage page = emptyStatistics();
    page.hours = ready(hoursOfADay());
    QList<ControlPoint> points;
    for (const HourCounts &hour : std::as_const(page.hours.value))
        points.append({.from = hour.from, .until = hour.from.addSecs(3600), .count = hour.ok + hour.ng, .ng = hour.ng});
    page.control = ready(controlChart(points));
    page.defects = ready(DefectCounts{{QStringLiteral("Cap missing"), 61}, {QStringLiteral("Label crooked"), 38}, {QStringLiteral("Scratch"), 17},
                                      {QStringLiteral("Fill level low"), 9}, {QStringLiteral("Label missing"), 6}, {QStringLiteral("Dent"), 2},
                                      {QStringLiteral("Other"), 1}, {QString(), 9}});
    VerdictTable confusion;
    confusion.counts = {{{{612, 4, 1}}, {{11, 134, 2}}, {{9, 5, 3}}}};
    page.confusion = ready(confusion);
    VerdictTable pair;
    pair.counts = {{{{71, 2, 1}}, {{3, 40, 0}}, {{1, 1, 1}}}};
    page.agreement = ready(Agreements{{QStringLiteral("anna"), QStringLiteral("ben"), 120, 112, cohenKappa(pair)},
                                      {QStringLiteral("anna"), QStringLiteral("chen"), 46, 37, 0.58},
                                      {QStringLiteral("ben"), QStringLiteral("chen"), 12, 12, std::nullopt}});
    const qint64 all = 8'912;
    page.stages = ready(LatencySpreads{{stageText(QStringLiteral("total")), all, 102, 141, 228, 1'940, QStringLiteral("total"), 446},
                                       {stageText(QStringLiteral("decode")), all, 4.1, 8.2, 12.4, 33, QStringLiteral("decode"), 448},
                                       {stageText(QStringLiteral("preprocess")), all, 3.1, 4.4, 6.0, 18, QStringLiteral("preprocess"), 451},
                                       {stageText(QStringLiteral("encode")), all, 61.5, 82, 120, 410, QStringLiteral("encode"), 446},
                                       {stageText(QStringLiteral("prefill")), all, 18.4, 26, 41, 260, QStringLiteral("prefill"), 446},
                                       {stageText(QStringLiteral("first_token")), all, 92, 129, 206, 1'180, QStringLiteral("first_token"), 449},
                                       {stageText(QStringLiteral("per_token")), all, 6.1, 12, 22, 140, QStringLiteral("per_token"), 447}});
    page.byModel = ready(LatencySpreads{{QStringLiteral("nano"), 8'410, 98, 121, 171, 1'940}, {QStringLiteral("auroraedge-v-2b"), 502, 1'320, 1'710, 1'902, 2'210}});
    page.byDevice = ready(LatencySpreads{{QStringLiteral("cpu"), 8'410, 98, 121, 171, 1'940}, {QStringLiteral("cuda:0"), 502, 1'320, 1'710, 1'902, 2'210}});
    page.times = ready(QList<LatencyHistogram>{bell({}, {}, 104, 17, 2'050), bell(QStringLiteral("nano"), QStringLiteral("cpu"), 100, 13, 1'700),
                                               bell(QStringLiteral("auroraedge-v-2b"), QStringLiteral("cuda:0"), 150, 9, 60)});
    return page;
}

StatisticsPage oneHourStatistics()
{
    StatisticsPage page = fullStatistics();
    page.query.range = StatisticsRange::Hours8;
    page.query.from = kEnd.addSecs(-3600 * 8);
    page.hours.value = {HourCounts{.from = kEnd.addSecs(-3600), .ok = 22, .ng = 1}};
    page.control = ready(controlChart({ControlPoint{.from = kEnd.addSecs(-3600), .until = kEnd, .count = 23, .ng = 1}}));
    page.defects = ready(DefectCounts{{QStringLiteral("Scratch"), 1}});
    page.confusion.value.counts = {{{{3, 0, 0}}, {{0, 1, 0}}, {{0, 0, 0}}}};
    page.agreement.value.clear();
    page.stages.value = {{QStringLiteral("Whole answer"), 23, 101, 118, 119, 120}, {QStringLiteral("Encode"), 23, 61, 66, 67, 67}};
    page.byModel.value = {{QStringLiteral("nano"), 23, 101, 118, 119, 120}};
    page.byDevice.value = {{QStringLiteral("cpu"), 23, 101, 118, 119, 120}};
    page.times.value = {LatencyHistogram{.binMs = 10, .counts = {0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 11, 6, 1}}};
    return page;
}

StatisticsPage longNameStatistics()
{
    StatisticsPage page = fullStatistics();
    const QString tail = QStringLiteral(" that somebody wrote down in every detail and that nobody has shortened since");
    for (DefectCount &defect : page.defects.value)
        defect.defectClass += defect.defectClass.isEmpty() ? QString() : tail;
    for (int number = 8; number < 24; ++number)
        page.defects.value.append({QStringLiteral("Kind %1").arg(number) + tail, 1});
    for (LatencySpread &model : page.byModel.value)
        model.name += QStringLiteral("-a-model-with-a-name-that-was-a-good-idea-at-the-time");
    for (LatencyHistogram &times : page.times.value)
        times.model += times.model.isEmpty() ? QString() : QStringLiteral("-a-model-with-a-name-that-was-a-good-idea-at-the-time");
    page.agreement.value = {};
    const QStringList names{QStringLiteral("annabella.von-der-langenstrasse@factory.example"), QStringLiteral("ben"),
                            QStringLiteral("third.shift.quality.engineer.of.hall.four"), QStringLiteral("chen"), QStringLiteral("dora"),
                            QStringLiteral("emil.the.younger@factory.example")};
    for (int first = 0; first < names.size(); ++first) {
        for (int second = first + 1; second < names.size(); ++second)
            page.agreement.value.append({names.at(first), names.at(second), 1'204'112, 1'104'003, 0.3 + 0.1 * second});
    }
    for (HourCounts &hour : page.hours.value)
        hour.ok *= 10'000;
    return page;
}

StatisticsPage failedStatistics()
{
    StatisticsPage page = emptyStatistics();
    const auto fail = [&](auto &...parts) { (..., void((parts.state = PartState::Failed, parts.sentence = databaseInUse()))); };
    fail(page.stages, page.byModel, page.byDevice, page.times, page.hours, page.defects, page.control, page.confusion, page.agreement);
    return page;
}

StatisticsPage computingStatistics()
{
    StatisticsPage page = fullStatistics();
    page.asOf = {};
    page.times = {PartState::Computing, {}, {}};
    page.stages = {PartState::Computing, {}, {}};
    page.control = {PartState::Computing, {}, {}};
    page.byModel = {PartState::Unknown, {}, {}};
    page.confusion = {PartState::Failed, {}, databaseInUse()};
    return page;
}

} // namespace auroraedge::ui
