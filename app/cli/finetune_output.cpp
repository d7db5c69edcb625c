#include "app/cli/finetune_output.h"

#include "app/cli/display_text.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>
#include <ostream>

namespace auroraedge::app {
namespace {

using Json = nlohmann::ordered_json;

Json orNull(const std::optional<double> &value) { return value ? Json(*value) : Json(nullptr); }

std::string figure(const std::optional<double> &value)
{
    if (!value)
        return "-";
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%.3f", *value);
    return text.data();
}

std::string percent(double share)
{
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%.1f %%", 100 * share);
    return text.data();
}

struct Row
{
    const char *name;
    std::optional<double> (*valueOf)(const HeldOutReport &);
};
constexpr std::array kRows{
    Row{"AUROC", [](const HeldOutReport &report) { return report.figures.auroc; }},
    Row{"accuracy", [](const HeldOutReport &report) { return std::optional(report.figures.accuracy); }},
    Row{"calibration error", [](const HeldOutReport &report) { return std::optional(report.figures.calibrationError); }},
    Row{"found at 1 % false alarms", [](const HeldOutReport &report) { return report.figures.recallAt1; }},
    Row{"found at 5 % false alarms", [](const HeldOutReport &report) { return report.figures.recallAt5; }},
    Row{"AUROC of single tiles", [](const HeldOutReport &report) { return report.tileAuroc; }},
    Row{"which defect", [](const HeldOutReport &report) { return report.figures.whichDefect; }},
};

/// What was measured on: "40 pictures, 10 bad".
std::string unitsOf(const ProductFigures &figures)
{
    return std::to_string(figures.pictures) + (figures.isOfTiles ? " tiles, " : " pictures, ") + std::to_string(figures.bad) + " bad";
}

constexpr char kTilesAlone[]
    = "good or bad pictures are missing among the held-out ones: the figures are of single tiles, and no verdict can be promised: every picture is UNSURE";

Json thresholdJson(const Threshold &threshold, const std::string &sentence)
{
    const std::optional<double> probability = threshold.score ? std::optional(PlattCurve().probability(*threshold.score)) : std::nullopt;
    return {{"probability", orNull(probability)},
            {"count", threshold.count},
            {"wrong", threshold.wrong},
            {"bound", threshold.bound},
            {"sentence", sentence}};
}

Json sharesJson(const VerdictShares &shares)
{
    return {{"ok_of_good", shares.okOfGood}, {"ng_of_bad", shares.ngOfBad}, {"unsure", shares.unsure}};
}

Json reportJson(const HeldOutReport &report)
{
    const ProductFigures &figures = report.figures;
    Json object{{"of", figures.isOfTiles ? "tiles" : "pictures"},
                {"count", figures.pictures},
                {"bad", figures.bad},
                {"score", scoreKindName(report.curves.kind)}};
    object["auroc"] = orNull(figures.auroc);
    object["accuracy"] = figures.accuracy;
    object["calibration_error"] = figures.calibrationError;
    object["recall_at_1_percent"] = orNull(figures.recallAt1);
    object["recall_at_5_percent"] = orNull(figures.recallAt5);
    object["tile_auroc"] = orNull(report.tileAuroc);
    object["which_defect"] = orNull(figures.whichDefect);
    return object;
}

} // namespace

void printOutcome(const FinetuneOutcome &outcome, std::ostream &out)
{
    const HeldOutReport &after = outcome.after;
    std::array<char, 128> line{};
    out << displayText(outcome.split) << '\n';
    std::snprintf(line.data(), line.size(), "%-28s %8s %8s", ("on " + unitsOf(after.figures)).c_str(), "before", "after");
    out << line.data() << '\n';
    for (const auto &[name, valueOf] : kRows) {
        std::snprintf(line.data(), line.size(), "%-28s %8s %8s", name, figure(outcome.before ? valueOf(*outcome.before) : std::nullopt).c_str(),
                      figure(valueOf(after)).c_str());
        out << line.data() << '\n';
    }
    out << "verdicts go by: " << scoreKindName(after.curves.kind) << '\n';
    if (after.figures.isOfTiles) {
        out << kTilesAlone << '\n';
    } else {
        out << okSentence(after.thresholds.ok) << '\n' << ngSentence(after.thresholds.ng) << '\n';
        out << "so " << percent(after.promised.okOfGood) << " of the good pictures are OK, " << percent(after.promised.ngOfBad) << " of the bad ones NG, and "
            << percent(after.promised.unsure) << " of all UNSURE\n";
        out << "an OK that is right 99 times in 100 on these pictures, and an NG 95 times, without a promise for others: " << percent(after.seen.unsure)
            << " UNSURE\n";
    }
    out << "the product's model is in " << displayText(outcome.folder) << std::endl;
}

Json outcomeJson(const FinetuneOutcome &outcome)
{
    const HeldOutReport &after = outcome.after;
    Json object{{"model", outcome.folder},
                {"planes", outcome.usesGolden ? "golden" : "scan"},
                {"classes", outcome.classes},
                {"held_out", outcome.split}};
    object["before"] = outcome.before ? reportJson(*outcome.before) : Json(nullptr);
    object["after"] = reportJson(after);
    const bool isOfTiles = after.figures.isOfTiles;
    object["thresholds"] = {{"ok", thresholdJson(after.thresholds.ok, isOfTiles ? kTilesAlone : okSentence(after.thresholds.ok))},
                            {"ng", thresholdJson(after.thresholds.ng, isOfTiles ? kTilesAlone : ngSentence(after.thresholds.ng))}};
    object["promised"] = sharesJson(after.promised);
    object["seen"] = sharesJson(after.seen);
    return object;
}

} // namespace auroraedge::app
