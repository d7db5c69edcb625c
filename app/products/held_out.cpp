#include "app/products/held_out.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>
#include <string_view>

namespace auroraedge::app {
namespace {

constexpr double kMeasured = 0.2, kWatched = 0.1; ///< shares of the records
constexpr std::size_t kManyGroups = 10;          ///< fewer cannot spare one for watching alone

struct Counts
{
    int good = 0, bad = 0;

    void add(const Counts &other)
    {
        good += other.good;
        bad += other.bad;
    }
};

Counts countsOf(std::span<const ReviewedRecord> records)
{
    const int bad = static_cast<int>(std::ranges::count_if(records, &ReviewedRecord::isBad));
    return {static_cast<int>(records.size()) - bad, bad};
}

/// How far @p part is from its @p share of all, in good and in bad pictures.
double distance(const Counts &part, const Counts &all, double share)
{
    const auto off = [share](int some, int whole) { return whole == 0 ? 0.0 : std::abs(static_cast<double>(some) / whole - share); };
    return off(part.good, all.good) + off(part.bad, all.bad);
}

/// Groups with about @p share of all: of many random orders the one that comes nearest when groups are taken as long as it helps.
std::vector<std::string> chosenGroups(const std::map<std::string, Counts> &groups, const Counts &all, double share, std::mt19937_64 &random)
{
    std::vector<std::string> names, best;
    for (const auto &[name, counts] : groups)
        names.push_back(name);
    double nearest = 3; // farther than any
    constexpr int kOrders = 200;
    for (int order = 0; order < kOrders; ++order) {
        std::shuffle(names.begin(), names.end(), random);
        Counts taken;
        std::vector<std::string> chosen;
        for (const std::string &name : names) {
            Counts more = taken;
            more.add(groups.at(name));
            const bool isLastOne = chosen.size() + 2 > names.size(); // one group has to teach
            if (isLastOne || (!chosen.empty() && distance(more, all, share) >= distance(taken, all, share)))
                continue;
            taken = more;
            chosen.push_back(name);
        }
        if (const double off = distance(taken, all, share); taken.bad < all.bad && off < nearest) {
            nearest = off;
            best = chosen;
        }
    }
    return best;
}

/// @return the records of the groups that are taken from @p records.
std::vector<ReviewedRecord> takeGroups(std::vector<ReviewedRecord> &records, double share, std::mt19937_64 &random)
{
    std::map<std::string, Counts> groups;
    for (const ReviewedRecord &record : records)
        groups[record.group].add(countsOf({&record, 1}));
    const std::vector<std::string> chosen = chosenGroups(groups, countsOf(records), share, random);
    const auto taken = std::ranges::stable_partition(
        records, [&](const ReviewedRecord &record) { return std::ranges::find(chosen, record.group) == chosen.end(); });
    std::vector<ReviewedRecord> part(std::move_iterator(taken.begin()), std::move_iterator(taken.end()));
    records.erase(taken.begin(), taken.end());
    return part;
}

/// The same picture by picture.
std::vector<ReviewedRecord> takePictures(std::vector<ReviewedRecord> &records, double share, std::mt19937_64 &random)
{
    std::vector<std::size_t> kinds[2]; // good, bad
    for (std::size_t i = 0; i < records.size(); ++i)
        kinds[records[i].isBad() ? 1 : 0].push_back(i);
    std::vector<bool> isTaken(records.size());
    for (std::vector<std::size_t> &kind : kinds) {
        std::shuffle(kind.begin(), kind.end(), random);
        const auto wanted = static_cast<std::size_t>(std::lround(share * static_cast<double>(kind.size())));
        const std::size_t count = kind.size() < 2 ? 0 : std::max<std::size_t>(1, wanted);
        for (std::size_t i = 0; i < count; ++i)
            isTaken[kind[i]] = true;
    }
    std::vector<ReviewedRecord> part, rest;
    for (std::size_t i = 0; i < records.size(); ++i)
        (isTaken[i] ? part : rest).push_back(std::move(records[i]));
    records = std::move(rest);
    return part;
}

std::size_t groupsOf(std::span<const ReviewedRecord> records)
{
    std::set<std::string_view> groups;
    for (const ReviewedRecord &record : records)
        groups.insert(record.group);
    return groups.size();
}

bool namesNoGroup(std::span<const ReviewedRecord> records)
{
    return std::ranges::all_of(records, &ReviewedRecord::isOwnGroup);
}

HeldOutSplit splitByGroup(std::vector<ReviewedRecord> records, std::mt19937_64 &random)
{
    const std::size_t all = groupsOf(records);
    const bool isUngrouped = namesNoGroup(records);
    HeldOutSplit split;
    split.heldOut = takeGroups(records, kMeasured, random);
    split.training = std::move(records);
    const std::string share = std::to_string(groupsOf(split.heldOut)) + " of " + std::to_string(all);
    if (isUngrouped)
        split.note = "no record names a group, so " + share
            + " pictures are held out one by one: if some show the same part, expect less of new parts than the figures say";
    else
        split.note = share + " groups are held out";
    return split;
}

HeldOutSplit splitByPicture(std::vector<ReviewedRecord> records, std::mt19937_64 &random)
{
    HeldOutSplit split;
    split.heldOut = takePictures(records, kMeasured, random);
    split.training = std::move(records);
    split.note = "all pictures are of one group, so they are held out picture by picture: expect less of new groups than the figures say";
    return split;
}

/// Whether so many pictures can hold a promise of OK or NG at all.
bool canPromise(const Counts &held)
{
    return upperBound(0, held.good) < Thresholds::kMostBadAmongOk || upperBound(0, held.bad) < Thresholds::kMostGoodAmongNg;
}

/// Whole groups where there are many, but good and bad pictures in any case.
std::vector<ReviewedRecord> takeWatched(std::vector<ReviewedRecord> &training, std::mt19937_64 &random)
{
    if (groupsOf(training) >= kManyGroups) {
        std::vector<ReviewedRecord> rest = training, part = takeGroups(rest, kWatched, random);
        if (const Counts counts = countsOf(part); counts.good > 0 && counts.bad > 0) {
            training = std::move(rest);
            return part;
        }
    }
    return takePictures(training, kWatched, random);
}

std::string told(const Counts &counts, const char *good)
{
    return std::to_string(counts.bad) + " bad and " + std::to_string(counts.good) + good;
}

HeldOutSplit splitAsTold(std::vector<ReviewedRecord> records)
{
    HeldOutSplit split;
    for (ReviewedRecord &record : records)
        (record.isForMeasuring ? split.heldOut : split.training).push_back(std::move(record));
    std::set<std::string_view> taught, shared;
    for (const ReviewedRecord &record : split.training)
        taught.insert(record.group);
    for (const ReviewedRecord &record : split.heldOut) {
        if (taught.contains(record.group))
            shared.insert(record.group);
    }
    split.note = "the records of split val are held out";
    if (namesNoGroup(split.training) && namesNoGroup(split.heldOut))
        split.note += ", and no record names a group";
    if (!shared.empty())
        split.note += ", though " + std::to_string(shared.size()) + " of their groups teach, too: expect less of new groups than the figures say";
    return split;
}

std::optional<bool> isTileBad(const PixelBox &tile, const ReviewedRecord &record)
{
    if (!defectsIn(tile, record.defects).empty())
        return true;
    return !record.isBadSomewhere && isClean(tile, record.defects) ? std::optional(false) : std::nullopt;
}

/// Asks for the class of each defect, in a tile with the defect in its middle, unless others are there, too.
Result<void> nameDefects(Inspector &inspector, const Product &product, const ReviewedRecord &record, const Frame &picture,
                         HeldOutJudgement &judgement, const std::stop_token &stop)
{
    if (product.classes.size() < 2) // the only one is no answer
        return {};
    for (const LabelledDefect &defect : record.defects) {
        const auto start = [&](int begin, int length, int whole) {
            return std::clamp(begin + length / 2 - product.tile / 2, 0, std::max(0, whole - product.tile));
        };
        const PixelBox tile{start(defect.box.x, defect.box.width, picture.widthPx), start(defect.box.y, defect.box.height, picture.heightPx),
                            product.tile, product.tile};
        if (std::ranges::any_of(defectsIn(tile, record.defects), [&](const LabelledDefect &other) { return other.name != defect.name; }))
            continue;
        const Result<std::string> told = defectClass(inspector, cutTile(picture, tile), product.classes, stop);
        if (!told)
            return failure(told.error());
        ++judgement.named;
        judgement.namedRight += *told == defect.name ? 1 : 0;
    }
    return {};
}

bool haveBothKinds(std::span<const JudgedPicture> pictures)
{
    const auto bad = std::ranges::count_if(pictures, &JudgedPicture::isBad);
    return bad > 0 && bad < std::ssize(pictures);
}

} // namespace

Result<HeldOutSplit> splitHeldOut(std::vector<ReviewedRecord> records, std::uint64_t seed)
{
    std::mt19937_64 random(seed);
    const bool isTold = std::ranges::any_of(records, &ReviewedRecord::isForMeasuring);
    HeldOutSplit split = isTold  ? splitAsTold(std::move(records))
        : groupsOf(records) == 1 ? splitByPicture(std::move(records), random)
                                 : splitByGroup(std::move(records), random);
    std::erase_if(split.training, [](const ReviewedRecord &record) { return !record.canTeach(); });
    if (countsOf(split.training).bad == 0)
        return failure(code::RecipeValue, "no record to learn from has a labelled defect");
    if (split.heldOut.empty())
        return failure(code::RecipeValue, "there are too few records: none is left to measure with");
    const Counts held = countsOf(split.heldOut);
    if (canPromise(held))
        split.watched = takeWatched(split.training, random);
    split.note += "; " + told(countsOf(split.training), " good pictures teach, ");
    if (!split.watched.empty())
        split.note += told(countsOf(split.watched), " good ones choose the best step, ");
    split.note += told(held, " good ones measure");
    if (split.watched.empty())
        split.note += " and choose the best step, which flatters the figures";
    return split;
}

Result<HeldOutJudgement> judgeHeldOut(Inspector &inspector, const Product &product, std::span<const ReviewedRecord> records,
                                      const ShownPictures &shown, const std::function<void(std::size_t done)> &onPicture, std::stop_token stop)
{
    HeldOutJudgement judgement;
    std::size_t done = 0;
    for (const ReviewedRecord &record : records) {
        const Result<Frame> picture = shown.whole(record.picture);
        if (!picture)
            return failure(picture.error());
        const std::vector<PixelBox> tiles = inspectionTiles(picture->widthPx, picture->heightPx, product.tile, product.stride);
        const Result<std::vector<RawScores>> scores = tileScores(inspector, *picture, tiles, product.question, stop);
        if (!scores)
            return failure(scores.error());
        judgement.pictures.push_back({worstOf(*scores), record.isBad()});
        for (std::size_t i = 0; i < tiles.size(); ++i) {
            if (const std::optional<bool> isBad = isTileBad(tiles[i], record))
                judgement.tiles.push_back({(*scores)[i], *isBad});
        }
        if (const Result<void> named = nameDefects(inspector, product, record, *picture, judgement, stop); !named)
            return failure(named.error());
        if (onPicture)
            onPicture(++done);
    }
    return judgement;
}

HeldOutReport reportOn(const HeldOutJudgement &judgement, std::span<const JudgedPicture> watched)
{
    HeldOutReport report;
    const bool isOfTiles = !haveBothKinds(judgement.pictures);
    const std::vector<JudgedPicture> &units = isOfTiles ? judgement.tiles : judgement.pictures;
    report.curves = fitScoreCurves(units);
    const bool isKindGiven = haveBothKinds(watched);
    if (isKindGiven)
        report.curves.kind = fitScoreCurves(watched).kind;
    const ScoreKind kind = report.curves.kind;
    const std::vector<ScoredPicture> raw = scoresOf(kind, units, report.curves);
    const std::vector<double> unseen = crossFitted(raw);
    ProductFigures &figures = report.figures;
    figures.isOfTiles = isOfTiles;
    figures.pictures = static_cast<int>(units.size());
    figures.bad = static_cast<int>(std::ranges::count_if(units, &JudgedPicture::isBad));
    figures.auroc = auroc(raw);
    int right = 0;
    for (std::size_t i = 0; i < raw.size(); ++i)
        right += (unseen[i] >= 0.5) == raw[i].isBad ? 1 : 0;
    figures.accuracy = raw.empty() ? 0 : static_cast<double>(right) / static_cast<double>(raw.size());
    figures.calibrationError = calibrationError(raw, unseen);
    figures.recallAt1 = recallAt(0.01, raw);
    figures.recallAt5 = recallAt(0.05, raw);
    if (judgement.named > 0)
        figures.whichDefect = static_cast<double>(judgement.namedRight) / judgement.named;
    report.tileAuroc = auroc(scoresOf(kind, judgement.tiles, report.curves));
    if (isOfTiles)
        return report;
    std::vector<ScoredPicture> calibrated;
    for (const auto &[scores, isBad] : units)
        calibrated.push_back({report.curves.logit(scores), isBad});
    const bool isChosenHere = !isKindGiven && units.front().raw.patch; // of all kinds: each may break the promise
    report.thresholds = chooseThresholds(calibrated, isChosenHere ? kRisk / kScoreKinds : kRisk);
    report.promised = verdictShares(calibrated, report.thresholds);
    report.seen = verdictShares(calibrated, seenThresholds(calibrated));
    return report;
}

} // namespace auroraedge::app
