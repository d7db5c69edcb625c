#include "app/cli/questioner.h"

#include "app/cli/display_text.h"
#include "app/imaging/picture_encoder.h"
#include "app/inspection/frame_check.h"
#include "app/settings/resources.h"

#include <array>
#include <charconv>
#include <chrono>
#include <ostream>
#include <utility>

namespace auroraedge::app {
namespace {

Failure badRoi(const std::string &roi, const std::string &why)
{
    return failure(code::Usage, "--roi " + roi + " " + why, roi);
}

Result<PixelBox> parseRoi(const std::string &roi, const Frame &frame)
{
    std::array<int, 4> sides{};
    const char *at = roi.data();
    const char *const end = roi.data() + roi.size();
    for (std::size_t i = 0; i < sides.size(); ++i) {
        const auto [next, problem] = std::from_chars(at, end, sides[i]);
        const bool isLast = i + 1 == sides.size();
        if (problem != std::errc() || (isLast ? next != end : next == end || *next != ','))
            return badRoi(roi, "is not x,y,width,height in pixels");
        at = next + (isLast ? 0 : 1);
    }
    const PixelBox box{sides[0], sides[1], sides[2], sides[3]};
    if (box.width < 1 || box.height < 1)
        return badRoi(roi, "has no pixels");
    if (box.x < 0 || box.y < 0 || box.width > frame.widthPx - box.x || box.height > frame.heightPx - box.y)
        return badRoi(roi, "does not lie inside the picture (" + std::to_string(frame.widthPx) + " x "
                          + std::to_string(frame.heightPx) + ")");
    return box;
}

/// The file itself where its format is one that the store keeps; otherwise its pixels as a PNG.
Result<EvidencePicture> evidenceOf(const DecodedPicture &picture)
{
    if (picture.format == PictureFormat::Jpeg)
        return EvidencePicture{picture.bytes, EvidenceFormat::Jpeg};
    if (picture.format == PictureFormat::Png)
        return EvidencePicture{picture.bytes, EvidenceFormat::Png};
    Result<std::vector<std::uint8_t>> png = encodePng(picture.frame);
    if (!png)
        return failure(png.error());
    return EvidencePicture{*std::move(png), EvidenceFormat::Png};
}

std::int64_t nowUtcMs()
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

} // namespace

Result<AskedPicture> readPicture(const std::string &path, const std::string &roi)
{
    const auto start = std::chrono::steady_clock::now();
    Result<DecodedPicture> decoded = decodePicture(std::filesystem::path(path));
    if (!decoded)
        return failure(decoded.error());
    AskedPicture picture;
    picture.path = path;
    picture.decoded = *std::move(decoded);
    picture.decodeMs
        = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    if (!roi.empty()) {
        const Result<PixelBox> box = parseRoi(roi, picture.decoded.frame);
        if (!box)
            return failure(box.error());
        picture.roi = *box;
    }
    return picture;
}

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

Result<std::unique_ptr<Questioner>> Questioner::open(const CommonOptions &options, const CliContext &context)
{
    const DataFolder dataFolder = DataFolder::resolve(options.dataDir);
    std::unique_ptr<Questioner> questioner(new Questioner);
    if (!options.noStore) {
        if (const Result<void> made = dataFolder.create(); !made)
            return failure(made.error());
        Result<std::unique_ptr<AnswerStore>> store = AnswerStore::open(dataFolder.root());
        if (!store)
            return failure(store.error());
        questioner->m_store = *std::move(store);
        for (const Error &notice : questioner->m_store->notices())
            context.err << notice.code.text() << ": " << displayText(notice.message) << '\n';
    }
    Result<std::unique_ptr<Inspector>> inspector = loadInspector(options, dataFolder, context);
    if (!inspector)
        return failure(inspector.error());
    questioner->m_inspector = *std::move(inspector);
    questioner->m_loadMs = questioner->m_inspector->card().loadMs;
    return questioner;
}

AnswerRecord Questioner::begin(const std::string &path, const AskedPicture *picture, const std::string &question) const
{
    AnswerRecord record;
    std::error_code problem;
    const std::filesystem::path whole = std::filesystem::absolute(path, problem);
    record.timeUtcMs = nowUtcMs();
    record.source = problem ? path : whole.string();
    record.question = question;
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
    Question asked;
    asked.text = question;
    asked.options.maxNewTokens = options.maxTokens;
    asked.options.temperature = options.temperature;
    asked.options.seed = options.seed;
    asked.options.choices = options.choices;
    if (const Result<void> usable = checkFrame(picture.decoded.frame); !usable)
        return failure(usable.error());
    const Result<Answer> answer = m_inspector->ask(picture.shown(), asked, {}, context.stop);
    if (!answer)
        return failure(answer.error());

    AnswerRecord record = begin(picture.path, &picture, question);
    record.answer = answer->text;
    record.probability = answer->probability;
    record.tokens = answer->tokens;
    record.latency = answer->latency;
    record.encoderReused = answer->encoderReused;
    record.latency.loadMs = std::exchange(m_loadMs, 0); // loaded and decoded once, so told once
    if (m_lastPicturePath != picture.path)
        record.latency.decodeMs = picture.decodeMs;
    m_lastPicturePath = picture.path;
    if (rule && rule->hasVerdict()) {
        const VerdictResult verdict = verdictOf(*answer, *rule);
        record.verdict = verdict.verdict;
        record.code = verdict.code ? verdict.code->text() : "";
    }
    if (m_store) {
        const Result<EvidencePicture> evidence = evidenceOf(picture.decoded);
        if (!evidence)
            return failure(evidence.error());
        const Result<std::int64_t> row = m_store->insertAnswer(record, *evidence);
        if (!row)
            return failure(row.error());
        record.row = *row;
    }
    return record;
}

Result<std::vector<PatchMap>> Questioner::patchMaps(const AskedPicture &picture, const CliContext &context)
{
    return m_inspector->patchMaps(picture.shown(), context.stop);
}

Result<AnswerRecord> Questioner::recordFailure(const std::string &path, const AskedPicture *picture,
                                               const std::string &question, const Error &error)
{
    AnswerRecord record = begin(path, picture, question);
    record.verdict = Verdict::Unsure;
    record.code = error.code.text();
    record.message = error.message;
    if (m_store) {
        std::optional<EvidencePicture> evidence; // what was seen is kept, also where nothing could be said of it
        if (picture) {
            Result<EvidencePicture> made = evidenceOf(picture->decoded);
            if (!made)
                return failure(made.error());
            evidence = *std::move(made);
        }
        const Result<std::int64_t> row = m_store->insertAnswer(record, evidence);
        if (!row)
            return failure(row.error());
        record.row = *row;
    }
    return record;
}

} // namespace auroraedge::app
