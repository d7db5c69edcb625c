#include "app/cli/questioner.h"

#include "app/cli/display_text.h"
#include "app/cli/open_store.h"
#include "app/inspection/frame_check.h"
#include "app/products/product_inspector.h"
#include "app/products/shown_pictures.h"
#include "app/settings/account.h"
#include "app/settings/resources.h"

#include <algorithm>
#include <chrono>
#include <ostream>
#include <utility>

namespace auroraedge::app {
namespace {

/// The first columns and rows of a map, at least one of each.
PatchMap cutMap(const PatchMap &map, int columns, int rows)
{
    PatchMap cut{map.name, std::max(1, columns), std::max(1, rows), {}};
    for (int row = 0; row < cut.rows; ++row) {
        const auto begin = map.probability.begin() + std::ptrdiff_t{row} * map.columns;
        cut.probability.insert(cut.probability.end(), begin, begin + cut.columns);
    }
    return cut;
}

std::int64_t nowUtcMs()
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

} // namespace

Result<LoadOptions> loadOptions(const CommonOptions &options, const DataFolder &dataFolder)
{
    const Result<std::filesystem::path> folder = resolveModelFolder(options.model, dataFolder);
    if (!folder)
        return failure(folder.error());
    LoadOptions load;
    load.folder = folder->string();
    load.device = options.device;
    load.threads = options.threads;
    load.isStrict = options.strict;
    load.precision = precisionNamed(options.precision);
    return load;
}

Result<std::unique_ptr<Inspector>> loadInspector(const CommonOptions &options, const DataFolder &dataFolder,
                                                 const CliContext &context)
{
    const Result<LoadOptions> load = loadOptions(options, dataFolder);
    if (!load)
        return failure(load.error());
    const Result<Engine *> engine = context.openEngine();
    if (!engine)
        return failure(engine.error());
    Result<std::unique_ptr<Inspector>> inspector = (*engine)->load(*load, {}, context.stop);
    if (!inspector)
        return failure(inspector.error());
    if (!options.quiet) {
        const ModelCard &card = (*inspector)->card();
        context.err << "model " << displayText(card.name) << " on " << card.device << ", "
                    << precisionName(card.precision) << ": " << displayText(card.deviceReason) << '\n';
    }
    for (const std::string &warning : (*inspector)->card().warnings) // no progress: told also when quiet
        context.err << "warning: " << displayText(warning) << '\n';
    return inspector;
}

Questioner::~Questioner()
{
    if (m_store)
        (void)m_store->endSession(nowUtcMs()); // one without an end looks like one that was killed, and loses nothing
}

Result<std::unique_ptr<Questioner>> Questioner::open(const CommonOptions &options, const std::string &command, const CliContext &context)
{
    const DataFolder dataFolder = DataFolder::resolve(options.dataDir);
    std::unique_ptr<Questioner> questioner(new Questioner);
    if (!options.noStore) {
        if (const Result<void> made = dataFolder.create(); !made)
            return failure(made.error());
        Result<std::unique_ptr<AnswerStore>> store = openStore(dataFolder.root(), IfDamaged::PutAside, context);
        if (!store)
            return failure(store.error());
        questioner->m_store = *std::move(store);
        if (const Result<std::int64_t> session = questioner->m_store->beginSession(command, {nowUtcMs(), accountName()}); !session)
            return failure(session.error());
    }
    Result<std::unique_ptr<Inspector>> inspector = loadInspector(options, dataFolder, context);
    if (!inspector)
        return failure(inspector.error());
    inspector = inspectingProduct(*std::move(inspector));
    if (!inspector)
        return failure(inspector.error());
    questioner->m_inspector = *std::move(inspector);
    questioner->m_loadMs = questioner->m_inspector->card().loadMs;
    Result<std::optional<Product>> product = readProduct(questioner->card().folder);
    if (!product)
        return failure(product.error());
    questioner->m_product = *std::move(product);
    return questioner;
}

GenerationOptions generationOptions(const AskingOptions &options)
{
    GenerationOptions generation;
    generation.maxNewTokens = options.maxTokens;
    generation.temperature = options.temperature;
    generation.seed = options.seed;
    generation.choices = options.choices;
    return generation;
}

AnswerRecord Questioner::begin(const std::string &path, const AskedPicture *picture, const std::string &question, const AskingOptions &options) const
{
    AnswerRecord record;
    std::error_code problem;
    const std::filesystem::path whole = std::filesystem::absolute(path, problem);
    record.timeUtcMs = nowUtcMs();
    record.source = problem ? path : whole.string();
    record.question = question;
    record.options = generationOptions(options);
    if (isProducts(question, options))
        record.golden = options.golden;
    const ModelCard &model = m_inspector->card();
    record.modelName = model.name;
    record.modelSha256 = model.sha256;
    record.modelWarnings = model.warnings;
    record.device = model.device;
    record.precision = precisionName(model.precision);
    if (picture) {
        record.sourceSha256 = picture->decoded.sha256;
        record.pictureWidthPx = picture->decoded.frame.widthPx;
        record.pictureHeightPx = picture->decoded.frame.heightPx;
        record.roi = picture->roi;
    }
    return record;
}

Result<AnswerRecord> Questioner::ask(const AskedPicture &picture, const std::string &question,
                                     const AskingOptions &options, const AnswerRule *rule, const CliContext &context)
{
    if (const Result<void> usable = checkFrame(picture.decoded.frame); !usable)
        return failure(usable.error());
    const bool isTaught = isProducts(question, options);
    if (!options.golden.empty() && !(isTaught && m_product->usesGolden))
        return failure(code::Usage, "--golden " + options.golden + " is of no use: this question is not answered by comparing", options.golden);
    m_lastScore.reset();
    Result<AnswerRecord> record = isTaught ? inspect(picture, options, context) : answer(picture, question, options, rule, context);
    if (!record)
        return record;
    record->latency.loadMs = std::exchange(m_loadMs, 0); // loaded and decoded once, so told once
    if (m_lastPicturePath != picture.path)
        record->latency.decodeMs = picture.decodeMs;
    m_lastPicturePath = picture.path;
    if (const Result<void> stored = store(*record, picture); !stored)
        return failure(stored.error());
    return record;
}

Result<AnswerRecord> Questioner::answer(const AskedPicture &picture, const std::string &question, const AskingOptions &options,
                                        const AnswerRule *rule, const CliContext &context)
{
    Question asked;
    asked.text = question;
    asked.options = generationOptions(options);
    const Result<Answer> answer = m_inspector->ask(picture.shown(), asked, {}, context.stop);
    if (!answer)
        return failure(answer.error());
    AnswerRecord record = begin(picture.path, &picture, question, options);
    enter(record, *answer);
    if (rule && rule->hasVerdict()) {
        const VerdictResult verdict = verdictOf(*answer, *rule);
        record.verdict = verdict.verdict;
        record.code = verdict.code ? verdict.code->text() : "";
    }
    return record;
}

void Questioner::enter(AnswerRecord &record, const Answer &answer) const
{
    record.answer = answer.text;
    record.probability = answer.probability;
    record.tokens = answer.tokens;
    record.latency = answer.latency;
    record.encoderReused = answer.encoderReused;
    if (isRefusal(answer)) {
        record.verdict = Verdict::Unsure;
        record.code = code::AnswerNotAVerdict.text();
    }
}

bool Questioner::isProducts(const std::string &question, const AskingOptions &options) const
{
    return m_product && question == m_product->question && options.choices.empty();
}

Result<AnswerRecord> Questioner::inspect(const AskedPicture &picture, const AskingOptions &options, const CliContext &context)
{
    const Result<std::string> golden = goldenFor(*m_product, card().folder, options.golden, picture.path);
    if (!golden)
        return failure(golden.error());
    const Result<ProductAnswer> asked = askProduct(*m_inspector, *m_product, picture.decoded.frame, picture.roi, *golden, context.stop);
    if (!asked)
        return failure(asked.error());
    const PictureScore &score = asked->score;
    AnswerRecord record = begin(picture.path, &picture, m_product->question, options);
    enter(record, asked->answer);
    record.verdict = score.verdict;
    record.code = score.verdict == Verdict::Unsure ? code::AnswerMargin.text() : "";
    record.finding = asked->finding;
    m_lastScore = score;
    return record;
}

Result<void> Questioner::store(AnswerRecord &record, const AskedPicture &picture)
{
    if (!m_store)
        return {};
    const Result<EvidencePicture> evidence = evidenceOf(picture.decoded);
    if (!evidence)
        return failure(evidence.error());
    const Result<std::int64_t> row = m_store->insertAnswer(record, *evidence);
    if (!row)
        return failure(row.error());
    record.row = *row;
    return {};
}

Result<MappedPart> Questioner::patchMaps(const AskedPicture &picture, const CliContext &context)
{
    const Frame &whole = picture.decoded.frame;
    MappedPart mapped{picture.roi.value_or(PixelBox{0, 0, whole.widthPx, whole.heightPx}), {}};
    Result<std::vector<PatchMap>> maps = m_inspector->patchMaps(m_lastScore ? m_lastScore->worstShown : picture.shown(), context.stop);
    if (!maps)
        return failure(maps.error());
    mapped.maps = *std::move(maps);
    if (!m_lastScore)
        return mapped;
    const PixelBox &tile = m_lastScore->worstTile;
    mapped.part = {mapped.part.x + tile.x, mapped.part.y + tile.y, tile.width, tile.height};
    for (PatchMap &map : mapped.maps) // without what was filled up
        map = cutMap(map, map.columns * tile.width / m_lastScore->worstShown.widthPx, map.rows * tile.height / m_lastScore->worstShown.heightPx);
    return mapped;
}

} // namespace auroraedge::app
