#include "app/products/product.h"

#include "app/settings/json_file.h"
#include "app/settings/json_settings.h"
#include "app/settings/out_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <memory>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

constexpr char kFile[] = "product.json";
constexpr int kVersion = 1;
constexpr int kMostTilePx = 4096;

Json orNull(const std::optional<double> &value) { return value ? Json(*value) : Json(nullptr); }

Json orNull(const std::optional<PictureSizes> &sizes)
{
    if (!sizes)
        return nullptr;
    return {{"width", {sizes->leastWidthPx, sizes->mostWidthPx}}, {"height", {sizes->leastHeightPx, sizes->mostHeightPx}}};
}

Json jsonOf(const PlattCurve &curve) { return {{"slope", curve.slope}, {"offset", curve.offset}}; }

Json jsonOf(const ProductFigures &figures)
{
    return {{"of", figures.isOfTiles ? "tiles" : "pictures"},
            {"count", figures.pictures},
            {"bad", figures.bad},
            {"auroc", orNull(figures.auroc)},
            {"accuracy", figures.accuracy},
            {"calibration_error", figures.calibrationError},
            {"recall_at_1_percent", orNull(figures.recallAt1)},
            {"recall_at_5_percent", orNull(figures.recallAt5)},
            {"which_defect", orNull(figures.whichDefect)}};
}

/// A number or null.
void read(JsonSettings &settings, const char *key, std::optional<double> &value)
{
    const nlohmann::json *found = settings.raw(key);
    settings.check(found && (found->is_null() || found->is_number()), std::string("'") + key + "' is neither a number nor null");
    if (found && found->is_number())
        value = found->get<double>();
}

Result<void> readCurve(JsonSettings &settings, const char *key, PlattCurve &curve)
{
    const nlohmann::json *object = settings.raw(key);
    if (!object)
        return {}; // settings tell
    JsonSettings read(*object, std::string("'") + key + "' of the product");
    read.require("slope", curve.slope);
    read.require("offset", curve.offset);
    constexpr double kMost = 1e6; // beyond that two scores may add up to what is no number
    read.check(curve.slope >= 0 && curve.slope <= kMost && std::abs(curve.offset) <= kMost, "the slope is below 0 or a number is too large");
    return read.finish();
}

Result<void> readCurves(const nlohmann::json &object, ScoreCurves &curves)
{
    JsonSettings settings(object, "'platt' of the product");
    std::string kind;
    settings.require("score", kind);
    settings.check(scoreKindNamed(kind).has_value(), "'score' is none of answer, patch, combined");
    for (const char *key : {"answer", "patch", "combined"})
        settings.check(settings.has(key), std::string("there is no '") + key + "'");
    for (auto [key, curve] : {std::pair("answer", &curves.answer), std::pair("patch", &curves.patch), std::pair("combined", &curves.combined)}) {
        if (Result<void> done = readCurve(settings, key, *curve); !done)
            return done;
    }
    curves.kind = scoreKindNamed(kind).value_or(ScoreKind::Answer);
    return settings.finish();
}

/// Least and most of one side.
void readSide(JsonSettings &settings, const char *key, int &least, int &most)
{
    std::vector<int> sides;
    settings.require(key, sides);
    const bool isRange = sides.size() == 2 && sides[0] >= 1 && sides[0] <= sides[1];
    settings.check(isRange, std::string("'") + key + "' is not a least and a most");
    if (isRange) {
        least = sides[0];
        most = sides[1];
    }
}

Result<void> readSizes(const nlohmann::json &object, Product &product)
{
    JsonSettings settings(object, "'pictures' of the product");
    PictureSizes &sizes = product.sizes.emplace();
    readSide(settings, "width", sizes.leastWidthPx, sizes.mostWidthPx);
    readSide(settings, "height", sizes.leastHeightPx, sizes.mostHeightPx);
    return settings.finish();
}

Result<void> readThresholds(const nlohmann::json &object, Product &product)
{
    JsonSettings settings(object, "'thresholds' of the product");
    read(settings, "ok_up_to", product.okUpTo);
    read(settings, "ng_from", product.ngFrom);
    for (const std::optional<double> &value : {product.okUpTo, product.ngFrom})
        settings.check(!value || (*value >= 0 && *value <= 1), "a threshold is outside 0..1");
    settings.check(!product.okUpTo || !product.ngFrom || *product.okUpTo <= *product.ngFrom, "OK reaches beyond NG");
    settings.check(product.okUpTo.value_or(0) <= 0.5, "OK reaches to what is more likely bad");
    settings.check(product.ngFrom.value_or(1) >= 0.5, "NG reaches to what is more likely good");
    settings.read("precision", product.precision);
    const nlohmann::json *sizes = settings.raw("pictures");
    if (Result<void> done = settings.finish(); !done || !sizes || sizes->is_null())
        return done;
    return readSizes(*sizes, product);
}

Result<void> readFigures(const nlohmann::json &object, ProductFigures &figures)
{
    JsonSettings settings(object, "'held_out' of the product");
    std::string of;
    settings.require("of", of);
    settings.check(of == "tiles" || of == "pictures", "'of' is neither tiles nor pictures");
    figures.isOfTiles = of == "tiles";
    settings.require("count", figures.pictures);
    settings.require("bad", figures.bad);
    settings.require("accuracy", figures.accuracy);
    settings.require("calibration_error", figures.calibrationError);
    read(settings, "auroc", figures.auroc);
    read(settings, "recall_at_1_percent", figures.recallAt1);
    read(settings, "recall_at_5_percent", figures.recallAt5);
    read(settings, "which_defect", figures.whichDefect);
    return settings.finish();
}

/// A file beside product.json, or a folder anywhere; not a way out of the model folder.
bool isGoldenPlace(const std::string &golden)
{
    const fs::path path(golden);
    return path.is_absolute() || (!path.has_parent_path() && path != ".." && path != ".");
}

Result<void> readObject(const nlohmann::json &object, Product &product)
{
    JsonSettings settings(object, kFile);
    int version = 0;
    settings.require("format_version", version);
    settings.check(version == kVersion, "format_version " + std::to_string(version) + " is of another version of the program");
    settings.require("tile", product.tile);
    settings.require("stride", product.stride);
    settings.check(product.tile >= 8 && product.tile <= kMostTilePx && product.stride >= 1 && product.stride <= product.tile,
                   "'tile' or 'stride' is out of range");
    std::string planes;
    settings.require("planes", planes);
    settings.check(planes == "scan" || planes == "golden", "'planes' is neither scan nor golden");
    product.usesGolden = planes == "golden";
    if (const nlohmann::json *golden = settings.raw("golden"); golden && !golden->is_null())
        settings.read("golden", product.golden);
    settings.check(product.golden.empty() || isGoldenPlace(product.golden), "'golden' leaves the model folder");
    settings.require("question", product.question);
    settings.check(!product.question.empty(), "the question is empty");
    settings.require("classes", product.classes);
    settings.check(std::ranges::none_of(product.classes, &std::string::empty), "a class is empty");
    const nlohmann::json *platt = settings.raw("platt"), *thresholds = settings.raw("thresholds"), *heldOut = settings.raw("held_out");
    settings.check(platt && thresholds && heldOut, "there is no 'platt', 'thresholds' or 'held_out'");
    if (Result<void> done = settings.finish(); !done)
        return done;
    if (Result<void> done = readCurves(*platt, product.curves); !done)
        return done;
    if (Result<void> done = readThresholds(*thresholds, product); !done)
        return done;
    return readFigures(*heldOut, product.heldOut);
}

} // namespace

Verdict Product::verdictOf(double defectProbability) const
{
    const bool isOk = okUpTo && defectProbability <= *okUpTo, isNg = ngFrom && defectProbability >= *ngFrom;
    return isOk == isNg ? Verdict::Unsure : isOk ? Verdict::Ok : Verdict::Ng;
}

bool Product::isPromisedOf(int widthPx, int heightPx, const std::optional<PixelBox> &part) const
{
    if (part && std::min(part->width, part->height) < tile)
        return false;
    if (!sizes)
        return std::min(widthPx, heightPx) >= tile;
    return widthPx >= sizes->leastWidthPx && widthPx <= sizes->mostWidthPx && heightPx >= sizes->leastHeightPx && heightPx <= sizes->mostHeightPx;
}

Result<Product> parseProduct(std::string_view text)
{
    Product product;
    const Result<nlohmann::json> document = parseJson(text, kFile);
    const Result<void> done = document ? readObject(*document, product) : Result<void>(failure(document.error()));
    if (!done) // of the recipe's family, but a value of a model folder
        return failure(code::ConfigValue, done.error().message, kFile);
    return product;
}

Result<std::optional<Product>> readProduct(const fs::path &folder)
{
    constexpr std::int64_t kMaxBytes = std::int64_t{1} << 20;
    const Result<std::string> text = readTextFile(folder / kFile, kMaxBytes);
    if (!text && text.error().code == code::FileNotFound)
        return std::optional<Product>();
    if (!text)
        return failure(text.error());
    Result<Product> product = parseProduct(*text);
    if (!product)
        return failure(product.error());
    return std::optional(*std::move(product));
}

Result<void> writeProduct(const fs::path &folder, const Product &product)
{
    const Json document{{"format_version", kVersion},
                        {"tile", product.tile},
                        {"stride", product.stride},
                        {"planes", product.usesGolden ? "golden" : "scan"},
                        {"golden", product.golden.empty() ? Json(nullptr) : Json(product.golden)},
                        {"question", product.question},
                        {"classes", product.classes},
                        {"platt",
                         {{"score", scoreKindName(product.curves.kind)},
                          {"answer", jsonOf(product.curves.answer)},
                          {"patch", jsonOf(product.curves.patch)},
                          {"combined", jsonOf(product.curves.combined)}}},
                        {"thresholds",
                         {{"ok_up_to", orNull(product.okUpTo)},
                          {"ng_from", orNull(product.ngFrom)},
                          {"pictures", orNull(product.sizes)},
                          {"precision", product.precision}}},
                        {"held_out", jsonOf(product.heldOut)}};
    const Result<std::unique_ptr<OutFile>> file = OutFile::create(folder / kFile);
    if (!file)
        return failure(file.error());
    if (Result<void> written = (*file)->write(document.dump(1) + "\n"); !written)
        return written;
    return (*file)->publish();
}

} // namespace auroraedge::app
