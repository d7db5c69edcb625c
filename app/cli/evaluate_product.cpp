#include "app/cli/evaluate_product.h"

#include "app/cli/answer_output.h"
#include "app/cli/display_text.h"
#include "app/cli/evaluate_data.h"
#include "app/cli/questioner.h"
#include "app/products/product_measurement.h"
#include "app/settings/resources.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>
#include <ostream>
#include <utility>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

/// What the records stand for, and how far their figures may be believed.
struct MeasuredPart
{
    const char *name, *sentence;
};

MeasuredPart partOf(const ReviewedRecord &record)
{
    if (record.isKeptForLater)
        return {"test", "measured on the records of splits test and heldout, which no teaching touches"};
    if (record.isForMeasuring)
        return {"val", "measured on the records of split val; if they taught this product, its curves and thresholds were fitted to them"};
    return {"all", "measured on all records; if they taught this product, it has seen most of them"};
}

Result<Product> productIn(const fs::path &folder, const EvaluateOptions &options)
{
    Result<std::optional<Product>> product = readProduct(folder);
    if (!product)
        return failure(product.error());
    if (!*product)
        return failure(code::RecipeValue,
                       options.data + " holds reviewed records, which measure a product, and the model in " + folder.string()
                           + " has no product.json: teach it one with finetune, or ask about the records with a recipe",
                       options.data);
    return **std::move(product);
}

/// The picture that each record is compared with; none where the product compares with none.
Result<void> setGoldens(std::vector<ReviewedRecord> &records, const Product &product, const fs::path &folder, const std::string &given)
{
    if (!given.empty() && !product.usesGolden)
        return failure(code::Usage, "--golden " + given + " is of no use: this product compares with no picture", given);
    for (ReviewedRecord &record : records) {
        if (!product.usesGolden)
            record.golden.clear();
        if (!product.usesGolden || !record.golden.empty())
            continue;
        const Result<std::string> golden = goldenFor(product, folder, given, record.picture);
        if (!golden)
            return failure(golden.error());
        record.golden = *golden;
    }
    return {};
}

Json orNull(const std::optional<double> &value) { return value ? Json(*value) : Json(nullptr); }

Json verdictJson(const VerdictCount &count, int pictures)
{
    return {{"good", count.good}, {"bad", count.bad}, {"share", static_cast<double>(count.all()) / pictures}};
}

Json measurementJson(const ProductMeasurement &measured)
{
    const ProductFigures &figures = measured.figures;
    const Interval accuracy = wilsonInterval(measured.right, figures.pictures), precision = wilsonInterval(measured.ok.good, measured.ok.all());
    const bool saysOk = measured.ok.all() > 0;
    Json object{{"count", figures.pictures}, {"bad", figures.bad}};
    object["auroc"] = orNull(figures.auroc);
    object["auroc_low"] = measured.aurocInterval ? Json(measured.aurocInterval->low) : Json(nullptr);
    object["auroc_high"] = measured.aurocInterval ? Json(measured.aurocInterval->high) : Json(nullptr);
    object["accuracy"] = figures.accuracy;
    object["accuracy_low"] = accuracy.low;
    object["accuracy_high"] = accuracy.high;
    object["calibration_error"] = figures.calibrationError;
    object["recall_at_1_percent"] = orNull(figures.recallAt1);
    object["recall_at_5_percent"] = orNull(figures.recallAt5);
    object["tile_auroc"] = orNull(measured.tileAuroc);
    object["which_defect"] = orNull(figures.whichDefect);
    object["defects_named"] = measured.named;
    object["verdicts"] = {{"OK", verdictJson(measured.ok, figures.pictures)},
                          {"NG", verdictJson(measured.ng, figures.pictures)},
                          {"UNSURE", verdictJson(measured.unsure, figures.pictures)}};
    object["ok_precision"] = saysOk ? Json(static_cast<double>(measured.ok.good) / measured.ok.all()) : Json(nullptr);
    object["ok_precision_low"] = saysOk ? Json(precision.low) : Json(nullptr);
    object["ok_precision_high"] = saysOk ? Json(precision.high) : Json(nullptr);
    object["bad_called_ok"] = Json::array();
    for (const MissedPicture &missed : measured.missed)
        object["bad_called_ok"].push_back({{"image", missed.picture}, {"record", missed.where}, {"probability", missed.probability}});
    return object;
}

void printFigure(const char *name, const std::optional<double> &value, const std::optional<Interval> &interval, std::ostream &out)
{
    std::array<char, 96> line{};
    if (!value)
        std::snprintf(line.data(), line.size(), "%-28s %8s\n", name, "-");
    else if (!interval)
        std::snprintf(line.data(), line.size(), "%-28s %8.3f\n", name, *value);
    else
        std::snprintf(line.data(), line.size(), "%-28s %8.3f  [%.3f, %.3f]\n", name, *value, interval->low, interval->high);
    out << line.data();
}

void printVerdicts(const ProductMeasurement &measured, std::ostream &out)
{
    std::array<char, 96> line{};
    std::snprintf(line.data(), line.size(), "%-12s %8s %8s %10s\n", "verdict", "good", "bad", "of all");
    out << line.data();
    for (const auto &[verdict, count] :
         {std::pair(Verdict::Ok, measured.ok), std::pair(Verdict::Ng, measured.ng), std::pair(Verdict::Unsure, measured.unsure)}) {
        std::snprintf(line.data(), line.size(), "%-12s %8d %8d %8.1f %%\n", std::string(verdictName(verdict)).c_str(), count.good, count.bad,
                      100.0 * count.all() / measured.figures.pictures);
        out << line.data();
    }
    if (measured.ok.all() == 0) {
        out << "no picture is called OK\n";
        return;
    }
    printFigure("good among those called OK", static_cast<double>(measured.ok.good) / measured.ok.all(),
                wilsonInterval(measured.ok.good, measured.ok.all()), out);
    out << "bad pictures called OK: " << measured.ok.bad << " of " << measured.figures.bad << '\n';
    for (const MissedPicture &missed : measured.missed) {
        std::snprintf(line.data(), line.size(), "  probability of a defect %.3f  ", missed.probability);
        out << line.data() << displayText(missed.picture) << " (" << displayText(missed.where) << ")\n";
    }
}

void printMeasurement(const ProductMeasurement &measured, std::ostream &out)
{
    const ProductFigures &figures = measured.figures;
    out << "on " << figures.pictures << " pictures, " << figures.bad << " bad; 95 % intervals\n";
    printFigure("AUROC", figures.auroc, measured.aurocInterval, out);
    printFigure("accuracy", figures.accuracy, wilsonInterval(measured.right, figures.pictures), out);
    printFigure("calibration error", figures.calibrationError, {}, out);
    printFigure("found at 1 % false alarms", figures.recallAt1, {}, out);
    printFigure("found at 5 % false alarms", figures.recallAt5, {}, out);
    printFigure("AUROC of single tiles", measured.tileAuroc, {}, out);
    printFigure("which defect", figures.whichDefect,
                measured.named > 0 ? std::optional(wilsonInterval(measured.namedRight, measured.named)) : std::nullopt, out);
    printVerdicts(measured, out);
    out << std::flush;
}

} // namespace

Result<int> evaluateProduct(const EvaluateOptions &options, const CliContext &context)
{
    Result<ReviewedRecords> read = readReviewedRecords(options.data, RecordUse::Measuring);
    if (!read)
        return failure(read.error());
    const DataFolder dataFolder = DataFolder::resolve(options.common.dataDir);
    const Result<fs::path> folder = resolveModelFolder(options.common.model, dataFolder);
    if (!folder)
        return failure(folder.error());
    const Result<Product> product = productIn(*folder, options);
    if (!product)
        return failure(product.error());
    std::vector<ReviewedRecord> &records = read->records;
    thinOut(records, options.limit, [](const ReviewedRecord &) { return std::string(); });
    if (const Result<void> set = setGoldens(records, *product, *folder, options.golden); !set)
        return failure(set.error());
    const MeasuredPart part = partOf(records.front());
    const ShownPictures shown(records);
    const auto load = [&](const ReviewedRecord &record) { return shown.whole(record.picture); };
    if (const Result<void> checked = checkPictures(*read, load, {}, context.stop); !checked)
        return failure(checked.error());
    for (const std::string &bad : read->badRecords)
        context.err << "left out " << displayText(bad) << '\n';
    if (const int placeless = dropBoxesOfWholePictures(records, product->tile); placeless > 0)
        context.err << placeless << " records do not say where the defect is: of their tiles nothing is told\n";

    const Result<std::unique_ptr<Inspector>> inspector = loadInspector(options.common, dataFolder, context);
    if (!inspector)
        return failure(inspector.error());
    const auto onPicture = [&](std::size_t done) {
        if (!options.common.quiet && done % 100 == 0)
            context.err << done << " of " << records.size() << " pictures\n";
    };
    const Result<HeldOutJudgement> judgement = judgeHeldOut(**inspector, *product, records, shown, onPicture, context.stop);
    if (!judgement)
        return failure(judgement.error());
    const ProductMeasurement measured = measurementOf(*product, records, *judgement);
    if (options.common.json) {
        Json object{{"model", (*inspector)->card().name}, {"measured", part.name}, {"score", scoreKindName(product->curves.kind)}};
        object.update(measurementJson(measured));
        object["left_out"] = read->badRecords;
        context.out << oneLine(object) << std::endl;
    } else {
        context.out << part.sentence << '\n';
        printMeasurement(measured, context.out);
    }
    return read->badRecords.empty() ? 0 : 3;
}

} // namespace auroraedge::app
