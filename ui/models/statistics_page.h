#pragma once

#include "ui/models/verdict.h"

#include <QDateTime>
#include <QList>
#include <QString>
#include <QStringList>

#include <array>
#include <optional>

namespace auroraedge::ui {

/// Times of one stage, model or device, in milliseconds, exact over all its answers. Never a mean alone.
struct LatencySpread
{
    QString name;
    qint64 count = 0;
    double p50Ms = 0, p95Ms = 0, p99Ms = 0, maxMs = 0;
    QString stage = QStringLiteral("total"); ///< StageSpan::stage
    qint64 slow = -1; ///< of them took p95Ms or longer; below 0: not counted yet
};
using LatencySpreads = QList<LatencySpread>;

/// How many answers took so long: the i-th count is of [i * binMs, (i + 1) * binMs), the last of that and all above.
struct LatencyHistogram
{
    QString model = {}, device = {}; ///< of which they are; both empty: of all answers
    double binMs = 0;
    QList<qint64> counts = {};
};

/// Answers of the hour that begins at `from`. Hours without an answer may be left out.
struct HourCounts
{
    QDateTime from; ///< full hour, UTC
    qint64 ok = 0, ng = 0, unsure = 0; ///< the judgement where there is one, else the machine's verdict
    qint64 none = 0;                   ///< neither
    qint64 failed = 0;                 ///< of all of these: got no answer

    [[nodiscard]] qint64 all() const { return ok + ng + unsure + none; }
};
using HoursCounted = QList<HourCounts>;

struct DefectCount
{
    QString defectClass; ///< empty: NG, and nobody named a class
    qint64 count = 0;
};
using DefectCounts = QList<DefectCount>; ///< most frequent first

/// NG share of one subgroup with the limits of its own size: p ± 3 sqrt(p (1 - p) / n), not below 0 nor above 1.
struct ControlPoint
{
    QDateTime from, until; ///< at or after, and before; UTC
    qint64 count = 0, ng = 0;
    double low = 0, high = 1; ///< shares
    bool isBeyond = false; ///< a limit
    bool isInRun = false;  ///< one of eight or more in a row on one side of the centre
};

struct ControlChart
{
    double centre = 0; ///< NG share of all subgroups together
    QList<ControlPoint> points; ///< oldest first
    bool isSparse = false; ///< some subgroup expects fewer than 5 NG: its limits are rough
};

/// How often two judges said what: counts[first][second], in the order of the enum Verdict.
struct VerdictTable
{
    std::array<std::array<qint64, 3>, 3> counts{};

    [[nodiscard]] qint64 at(Verdict first, Verdict second) const { return counts[std::size_t(first) - 1][std::size_t(second) - 1]; }
};

/// Of two reviewers who judged the same answers.
struct Agreement
{
    QString first, second;
    qint64 both = 0, agreed = 0; ///< answers judged by both; judged alike
    std::optional<double> kappa; ///< Cohen's; none where it is not defined
};
using Agreements = QList<Agreement>; ///< each pair once

/// A part of the page comes when it has been counted; until then it says where it stands.
enum class PartState { Unknown = 1, Computing, Ready, Failed };

template <typename T>
struct StatisticsPart
{
    PartState state = PartState::Unknown;
    T value = {};          ///< Computing: as counted before, or empty
    QString sentence = {}; ///< Failed: why
};

enum class StatisticsRange { Hours8 = 1, Hours24, Days7, Days30, Between, Shift, LastShift };

/// What the page counts. An empty word asks for nothing.
struct StatisticsQuery
{
    StatisticsRange range = StatisticsRange::Hours24;
    QDateTime from, until; ///< answered at or after, and before. Invalid: open (Between), or not yet worked out
    QString question, model, source;
    bool reviewedOnly = false;

    bool operator==(const StatisticsQuery &) const = default;
};

/// All that the page shows. Each part may come by itself; a page for another query than the last asked for is dropped.
struct StatisticsPage
{
    StatisticsQuery query; ///< as asked for, with from and until as they were counted
    QDateTime asOf = {};
    StatisticsPart<LatencySpreads> stages = {};   ///< the whole answer first
    StatisticsPart<LatencySpreads> byModel = {}, byDevice = {};
    StatisticsPart<QList<LatencyHistogram>> times = {}; ///< of all answers first, then of each model and device; equal bins
    StatisticsPart<HoursCounted> hours = {};
    StatisticsPart<DefectCounts> defects = {};
    StatisticsPart<ControlChart> control = {};
    StatisticsPart<VerdictTable> confusion = {};  ///< machine, then newest human verdict
    StatisticsPart<Agreements> agreement = {};
};

/// Centre, limits, runs and sparseness of @p points, of which only times and counts are read.
[[nodiscard]] ControlChart controlChart(QList<ControlPoint> points);
/// Cohen's kappa; none for an empty table, and where chance alone would always agree.
[[nodiscard]] std::optional<double> cohenKappa(const VerdictTable &table);

} // namespace auroraedge::ui
