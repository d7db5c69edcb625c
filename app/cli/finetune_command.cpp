#include "app/cli/answer_output.h"
#include "app/cli/commands.h"
#include "app/cli/display_text.h"
#include "app/cli/finetune_output.h"
#include "app/cli/questioner.h"
#include "app/cli/training_output.h"
#include "app/imaging/picture_decoder.h"
#include "app/products/fine_tuning.h"
#include "app/products/product_folder.h"
#include "app/settings/instance_lock.h"
#include "app/settings/resources.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <ostream>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

fs::path absolute(const std::string &path)
{
    std::error_code problem;
    const fs::path whole = fs::absolute(path, problem).lexically_normal();
    return whole.has_filename() ? whole : whole.parent_path();
}

PictureSizes sizesOf(const std::vector<ReviewedRecord> &records)
{
    const auto [narrow, wide] = std::ranges::minmax(records, {}, &ReviewedRecord::widthPx);
    const auto [low, high] = std::ranges::minmax(records, {}, &ReviewedRecord::heightPx);
    return {narrow.widthPx, wide.widthPx, low.heightPx, high.heightPx};
}

/// A line each time another tenth is done.
std::function<void(std::size_t)> countingTo(std::size_t all, std::string what, const FinetuneOptions &options, const CliContext &context)
{
    if (options.common.quiet)
        return {};
    return [all, what = std::move(what), told = std::size_t{0}, &context](std::size_t done) mutable {
        if (const std::size_t tenth = 10 * done / std::max<std::size_t>(all, 1); tenth > told) {
            told = tenth;
            context.err << what << ' ' << done << " of " << all << " pictures" << std::endl;
        }
    };
}

/// Of pictures that are left out, before the first step, and of how the training goes.
TrainingListener listenerFor(const FinetuneOptions &options, const CliContext &context)
{
    return [&options, &context](const TrainingProgress &progress) {
        for (const std::string &skipped : progress.skippedPictures)
            context.err << "skipped " << displayText(skipped) << '\n';
        if (!options.common.quiet && progress.step > 0)
            printTrainingProgress(progress, context.err);
    };
}

class Finetuning final
{
public:
    Finetuning(const FinetuneOptions &options, const CliContext &context) : m_options(options), m_context(context) {}

    Result<int> run();

private:
    Result<void> readRecords();
    Result<void> openFolder();
    Result<void> checkRecords();
    Result<void> train();
    Result<void> measure();
    Result<HeldOutReport> reportOf(const std::string &model, const std::string &what);
    Result<void> finish();
    Result<void> stopped(Result<void> done) const;

    const FinetuneOptions &m_options;
    const CliContext &m_context;
    std::optional<InstanceLock> m_lock; ///< a second run in the folder would promise for the weights of the first
    fs::path m_base;
    ReviewedRecords m_records;
    std::optional<ProductFolder> m_folder;
    std::optional<ShownPictures> m_shown;
    HeldOutSplit m_split;
    Product m_product;
    FinetuneOutcome m_outcome;
    TrainingReport m_trained;
};

Result<void> Finetuning::readRecords()
{
    Result<ReviewedRecords> records = readReviewedRecords(m_options.data);
    if (!records)
        return failure(records.error());
    m_records = *std::move(records);
    setGolden(m_records, m_options.golden);
    return {};
}

Result<void> Finetuning::openFolder()
{
    const Result<fs::path> base = resolveModelFolder(m_options.base, DataFolder::resolve(m_options.common.dataDir));
    if (!base)
        return failure(base.error());
    m_base = *base;
    Result<InstanceLock> lock = InstanceLock::acquireFor(absolute(m_options.out));
    if (!lock)
        return failure(lock.error());
    m_lock = *std::move(lock);
    const std::string golden = m_options.golden.empty() ? std::string() : absolute(m_options.golden).string();
    Result<ProductFolder> folder = ProductFolder::open({m_base, absolute(m_options.out), m_records.sha256, golden, m_options.isFresh, m_options.loraRank,
                                                        m_options.steps, m_options.tile, m_options.seed});
    if (!folder)
        return failure(folder.error());
    m_folder = *std::move(folder);
    if (m_folder->isBegun() && !m_options.common.quiet)
        m_context.err << "going on with " << displayText(m_options.out) << '\n';
    return {};
}

Result<void> Finetuning::checkRecords()
{
    m_shown.emplace(m_records.records);
    const auto load = [this](const ReviewedRecord &record) { return m_shown->whole(record.picture); };
    const auto onChecked = countingTo(m_records.records.size(), "checked", m_options, m_context);
    if (Result<void> checked = checkPictures(m_records, load, onChecked, m_context.stop); !checked)
        return checked;
    for (const std::string &bad : m_records.badRecords)
        m_context.err << "left out " << displayText(bad) << '\n';
    if (m_records.untouched > 0 && !m_options.common.quiet)
        m_context.err << m_records.untouched << " records of splits test and heldout are not touched\n";

    if (const int placeless = dropBoxesOfWholePictures(m_records.records, m_options.tile); placeless > 0)
        m_context.err << placeless << " records do not say where the defect is: they measure, and teach nothing\n";
    m_product.tile = m_options.tile;
    m_product.stride = std::max(1, m_options.tile * 3 / 4);
    m_product.usesGolden = !m_records.records.front().golden.empty();
    m_product.classes = classesOf(m_records.records);
    Result<HeldOutSplit> split = splitHeldOut(std::move(m_records.records), m_options.seed);
    if (!split)
        return failure(split.error());
    m_split = *std::move(split);
    if (!m_options.common.quiet)
        m_context.err << displayText(m_split.note) << '\n';
    return {};
}

Result<void> Finetuning::train()
{
    if (m_folder->isTrained())
        return {};
    const Result<fs::path> start = m_folder->prepareStart();
    if (!start)
        return failure(start.error());
    TrainingRun run = fineTuningRun(m_split, {m_options.steps, m_folder->grid(), m_options.tile, m_options.isFresh, m_options.loraRank,
                                              m_product.usesGolden, m_options.seed});
    run.modelFolder = start->string();
    run.outFolder = absolute(m_options.out).string();
    run.device = m_options.common.device;
    run.precision = precisionNamed(m_options.common.precision);
    run.threads = m_options.common.threads;
    run.loadPicture = [this](const std::string &address) { return m_shown->tile(address); };
    const Result<Engine *> engine = m_context.openEngine();
    if (!engine)
        return failure(engine.error());
    const Result<TrainingReport> report = (*engine)->train(run, listenerFor(m_options, m_context), m_context.stop);
    if (!report)
        return failure(report.error());
    m_trained = *report;
    if (const Result<void> drawn = drawTrainingCurves(run.outFolder); !drawn) // the model is whole without it
        m_context.err << drawn.error().code.text() << ": " << displayText(drawn.error().message) << '\n';
    return {};
}

Result<HeldOutReport> Finetuning::reportOf(const std::string &model, const std::string &what)
{
    CommonOptions common = m_options.common;
    common.model = model;
    const Result<std::unique_ptr<Inspector>> inspector = loadInspector(common, DataFolder::resolve(common.dataDir), m_context);
    if (!inspector)
        return failure(inspector.error());
    if (m_product.precision.empty()) // the product itself is measured first
        m_product.precision = precisionName((*inspector)->card().precision);
    const auto judged = [&](const std::vector<ReviewedRecord> &records) {
        const auto onPicture = countingTo(records.size(), what, m_options, m_context);
        return judgeHeldOut(**inspector, m_product, records, *m_shown, onPicture, m_context.stop);
    };
    const Result<HeldOutJudgement> watched = judged(m_split.watched);
    if (!watched)
        return failure(watched.error());
    const Result<HeldOutJudgement> judgement = judged(m_split.heldOut);
    if (!judgement)
        return failure(judgement.error());
    return reportOn(*judgement, watched->pictures);
}

Result<void> Finetuning::measure()
{
    Result<HeldOutReport> after = reportOf(absolute(m_options.out).string(), "measured the product on");
    if (!after)
        return failure(after.error());
    m_outcome.after = *std::move(after);
    Result<HeldOutReport> before = reportOf(m_base.string(), "measured the base on");
    if (before)
        m_outcome.before = *std::move(before);
    else if (before.error().code == code::Cancelled)
        return failure(before.error());
    else // the product is whole without it; a base for --fresh needs no weights
        m_context.err << "the base was not measured: " << displayText(before.error().message) << '\n';
    return {};
}

Result<void> Finetuning::finish()
{
    const auto probabilityOf = [](const Threshold &threshold) {
        return threshold.score ? std::optional(PlattCurve().probability(*threshold.score)) : std::nullopt;
    };
    m_product.curves = m_outcome.after.curves;
    m_product.okUpTo = probabilityOf(m_outcome.after.thresholds.ok);
    m_product.ngFrom = probabilityOf(m_outcome.after.thresholds.ng);
    m_product.sizes = sizesOf(m_split.heldOut);
    m_product.heldOut = m_outcome.after.figures;
    std::optional<Frame> golden;
    if (std::error_code problem; fs::is_directory(m_options.golden, problem)) {
        m_product.golden = absolute(m_options.golden).string();
    } else if (!m_options.golden.empty()) {
        Result<DecodedPicture> picture = decodePicture(fs::path(m_options.golden));
        if (!picture)
            return failure(picture.error());
        golden = std::move(picture->frame);
    }
    return m_folder->finish(m_product, golden);
}

/// Says how to go on, whatever was going on when it was stopped.
Result<void> Finetuning::stopped(Result<void> done) const
{
    if (!done && done.error().code == code::Cancelled)
        return failure(code::Cancelled, "stopped; the same command goes on from there", m_options.out);
    return done;
}

Result<int> Finetuning::run()
{
    for (const auto step : {&Finetuning::readRecords, &Finetuning::openFolder, &Finetuning::checkRecords, &Finetuning::train,
                            &Finetuning::measure, &Finetuning::finish}) {
        if (const Result<void> done = stopped((this->*step)()); !done)
            return failure(done.error());
    }
    m_outcome.folder = m_options.out;
    m_outcome.classes = m_product.classes;
    m_outcome.usesGolden = m_product.usesGolden;
    m_outcome.split = m_split.note;
    if (m_options.common.json) {
        nlohmann::ordered_json object = outcomeJson(m_outcome);
        object["pictures_seen"] = m_trained.picturesSeen;
        object["minutes"] = m_trained.minutes;
        object["skipped"] = m_trained.skippedPictures;
        object["left_out"] = m_records.badRecords;
        m_context.out << oneLine(object) << std::endl;
    } else {
        printOutcome(m_outcome, m_context.out);
    }
    return m_trained.skippedPictures.empty() && m_records.badRecords.empty() ? 0 : 3;
}

} // namespace

Result<int> runFinetune(const FinetuneOptions &options, const CliContext &context)
{
    return Finetuning(options, context).run();
}

} // namespace auroraedge::app
