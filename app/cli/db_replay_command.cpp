#include "app/cli/answer_output.h"
#include "app/cli/commands.h"
#include "app/cli/display_text.h"
#include "app/cli/questioner.h"
#include "app/export/utc_text.h"
#include "app/model_shelf/model_shelf.h"
#include "app/settings/resources.h"
#include "app/storage/answer_query.h"
#include "app/storage/picture_store.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <ostream>
#include <tuple>
#include <utility>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

/// What came of asking one stored question again.
struct Replayed
{
    std::optional<std::string> again; ///< the answer; nothing: it could not be asked
    std::string whyNot;
};

/// Asks again with the models of this station, the last one loaded at hand.
class Replay final
{
public:
    Replay(const DbReplayOptions &options, const CliContext &context)
        : m_options(options), m_context(context), m_dataFolder(DataFolder::resolve(options.common.dataDir)), m_pictures(m_dataFolder.root())
    {
    }

    /// REQUIRES: the record has an answer. @return code::Cancelled, ENG-04.
    Result<Replayed> ask(const AnswerRecord &record);

private:
    Result<void> findModels();
    Result<void> load(const AnswerRecord &record);

    const DbReplayOptions &m_options;
    const CliContext &m_context;
    const DataFolder m_dataFolder;
    const PictureStore m_pictures;
    std::optional<std::map<std::string, std::string>> m_folders; ///< of the models here, by hash
    std::unique_ptr<Questioner> m_questioner;
    std::tuple<std::string, std::string, std::string> m_loaded; ///< hash, device and precision of the questioner
};

Result<void> Replay::findModels()
{
    const Result<Engine *> engine = m_context.openEngine();
    if (!engine)
        return failure(engine.error());
    std::vector<fs::path> folders;
    for (const ShelvedModel &model : ModelShelf(resourceFolder() / "models", m_dataFolder.modelsFolder()).models())
        folders.push_back(model.folder);
    if (!m_options.common.model.empty()) {
        const Result<fs::path> more = resolveModelFolder(m_options.common.model, m_dataFolder);
        if (!more)
            return failure(more.error());
        folders.push_back(*more);
    }
    m_folders.emplace();
    for (const fs::path &folder : folders) {
        if (const Result<ModelDescription> model = (*engine)->describe(folder.string())) // one that is broken answers nothing
            m_folders->try_emplace(model->sha256, folder.string());
    }
    return {};
}

Result<void> Replay::load(const AnswerRecord &record)
{
    CommonOptions common = m_options.common;
    common.model = m_folders->at(record.modelSha256);
    common.device = common.device == "auto" ? record.device : common.device;
    common.precision = record.precision;
    common.noStore = true;
    const auto wanted = std::tuple(record.modelSha256, common.device, record.precision);
    if (m_questioner && m_loaded == wanted)
        return {};
    m_questioner.reset(); // before the next one needs the memory
    Result<std::unique_ptr<Questioner>> questioner = Questioner::open(common, "db replay", m_context);
    if (!questioner)
        return failure(questioner.error());
    m_questioner = *std::move(questioner);
    m_loaded = wanted;
    return {};
}

Result<Replayed> Replay::ask(const AnswerRecord &record)
{
    const auto cannot = [](const Error &error) -> Result<Replayed> {
        if (error.code == code::Cancelled || error.code == code::EngineMissing)
            return failure(error);
        return Replayed{{}, std::string(error.code.text()) + ": " + error.message};
    };
    if (!m_folders) {
        if (const Result<void> found = findModels(); !found)
            return failure(found.error());
    }
    if (record.pictureSha256.empty())
        return Replayed{{}, "no picture was kept"};
    if (record.pictureRemovedUtcMs)
        return Replayed{{}, "its picture was removed by retention on " + utcText(*record.pictureRemovedUtcMs)};
    if (!m_folders->contains(record.modelSha256))
        return Replayed{{}, "model " + record.modelName + " with the hash " + record.modelSha256.substr(0, 12) + "... is not on this station"};
    if (!isPicturePath({record.pictureSha256, record.picturePath, record.pictureBytes}))
        return Replayed{{}, "'" + record.picturePath + "' is no place of a picture"};
    Result<std::vector<std::uint8_t>> bytes = m_pictures.read(record.picturePath, record.pictureSha256);
    if (!bytes)
        return cannot(bytes.error());
    Result<DecodedPicture> decoded = decodePicture(*std::move(bytes), record.picturePath);
    if (!decoded)
        return cannot(decoded.error());
    AskedPicture picture;
    picture.path = record.source;
    picture.decoded = *std::move(decoded);
    const Frame &frame = picture.decoded.frame;
    const bool fits = !record.roi
        || (record.roi->x >= 0 && record.roi->y >= 0 && record.roi->width > 0 && record.roi->height > 0
            && record.roi->width <= frame.widthPx - record.roi->x && record.roi->height <= frame.heightPx - record.roi->y);
    if (!fits)
        return Replayed{{}, "the part that was asked about does not lie in the picture"};
    picture.roi = record.roi;
    if (const Result<void> loaded = load(record); !loaded)
        return cannot(loaded.error());
    AskingOptions asking;
    if (record.options) {
        asking.choices = record.options->choices;
        asking.maxTokens = record.options->maxNewTokens;
        asking.temperature = record.options->temperature;
        asking.seed = record.options->seed;
        asking.golden = record.golden;
    } else {
        // A greedy answer is the same up to any limit, and this is how long it was, be it finished or cut.
        asking.maxTokens = std::max(1, record.tokens.answer);
    }
    const Result<AnswerRecord> again = m_questioner->ask(picture, record.question, asking, nullptr, m_context);
    return again ? Result<Replayed>(Replayed{again->answer, {}}) : cannot(again.error());
}

struct Sum
{
    std::int64_t same = 0, differing = 0, notReplayed = 0, unanswered = 0;
};

void tell(const AnswerRecord &record, const Replayed &replayed, const DbReplayOptions &options, const CliContext &context)
{
    const bool isSame = replayed.again == record.answer;
    // The frame itself is gone; what was kept of it is a JPEG, so an answer on the edge may turn.
    const bool isLive = record.sourceSha256.empty();
    if (options.common.json) {
        nlohmann::ordered_json line = {{"row", record.row},
                                       {"result", !replayed.again ? "not replayed" : isSame ? "same" : "differs"},
                                       {"stored", *record.answer}};
        line["again"] = replayed.again ? nlohmann::ordered_json(*replayed.again) : nlohmann::ordered_json();
        line["why"] = replayed.whyNot.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(replayed.whyNot);
        line["live"] = isLive;
        line["options"] = record.options ? "stored" : "unknown";
        context.out << oneLine(line) << std::endl;
        return;
    }
    if (!replayed.again)
        context.out << "row " << record.row << " not replayed: " << displayText(replayed.whyNot) << std::endl;
    else if (!isSame)
        context.out << "row " << record.row << " differs: stored '" << displayText(*record.answer) << "', now '"
                    << displayText(*replayed.again) << "'" << (isLive ? " (of a live frame, which was kept as JPEG)" : "")
                    << (record.options ? "" : " (with which options it was asked was not kept)") << std::endl;
}

Result<void> replayPage(std::vector<AnswerRecord> page, Replay &replay, Sum &sum, const DbReplayOptions &options, const CliContext &context)
{
    // Each model is loaded once a page, each picture encoded once.
    const auto order = [](const AnswerRecord &record) { return std::tie(record.modelSha256, record.device, record.precision, record.pictureSha256); };
    std::ranges::stable_sort(page, {}, order);
    for (const AnswerRecord &record : page) {
        if (context.stop.stop_requested())
            return failure(code::Cancelled, "stopped after " + std::to_string(sum.same + sum.differing) + " answers");
        if (!record.answer) {
            ++sum.unanswered;
            continue;
        }
        const Result<Replayed> replayed = replay.ask(record);
        if (!replayed)
            return failure(replayed.error());
        ++(!replayed->again ? sum.notReplayed : replayed->again == record.answer ? sum.same : sum.differing);
        tell(record, *replayed, options, context);
    }
    return {};
}

} // namespace

Result<int> runDbReplay(const DbReplayOptions &options, const CliContext &context)
{
    const Result<std::unique_ptr<AnswerReader>> reader = AnswerReader::open(DataFolder::resolve(options.common.dataDir).root());
    if (!reader)
        return failure(reader.error());
    Replay replay(options, context);
    Sum sum;
    if (options.row > 0) {
        const Result<std::optional<AnswerRecord>> record = (*reader)->answer(options.row);
        if (!record)
            return failure(record.error());
        if (!*record)
            return failure(code::Usage, "there is no row " + std::to_string(options.row));
        if (const Result<void> done = replayPage({**record}, replay, sum, options, context); !done)
            return failure(done.error());
    }
    std::optional<PageEdge> edge;
    for (std::int64_t left = options.row > 0 ? 0 : options.limit; left > 0;) {
        constexpr std::int64_t kPage = 500;
        Result<AnswerPage> page = selectPage((*reader)->database(), {}, edge, static_cast<int>(std::min(left, kPage)), context.stop);
        if (!page)
            return failure(page.error());
        if (page->records.empty())
            break;
        left -= static_cast<std::int64_t>(page->records.size());
        edge = PageEdge{page->records.back().row, true};
        if (const Result<void> done = replayPage(std::move(page->records), replay, sum, options, context); !done)
            return failure(done.error());
    }
    if (options.common.json)
        context.out << oneLine({{"same", sum.same}, {"differs", sum.differing}, {"not_replayed", sum.notReplayed}, {"unanswered", sum.unanswered}})
                    << std::endl;
    else
        context.out << sum.same << " answers are the same, " << sum.differing << " differ, " << sum.notReplayed << " could not be replayed"
                    << std::endl;
    return sum.differing == 0 && sum.notReplayed == 0 ? 0 : 3;
}

} // namespace auroraedge::app
