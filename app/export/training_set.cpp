#include "app/export/training_set.h"

#include "app/export/answer_lines.h"
#include "app/export/out_folder.h"
#include "app/export/utc_text.h"
#include "app/products/held_out.h"
#include "app/storage/picture_store.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

constexpr char kManifest[] = "auroraedge-training-set.json";
constexpr char kNoClassName[] = "defect"; ///< where the reviewer named none
constexpr std::int64_t kDayMs = 86'400'000;

/// What was looked at together: the pictures of one folder, or of one camera in one session of the program, whatever the
/// date became meanwhile; where no session is known, on one day.
std::string sessionOf(const AnswerRecord &record)
{
    if (!record.sourceSha256.empty())
        return fs::path(record.source).parent_path().string();
    if (record.session > 0)
        return record.source + " session " + std::to_string(record.session);
    return record.source + ' ' + utcText(record.timeUtcMs / kDayMs * kDayMs).substr(0, 10);
}

/// Sessions that share a picture become one group.
class Groups final
{
public:
    std::size_t numberOf(const std::string &session)
    {
        const auto [found, isNew] = m_numbers.try_emplace(session, m_parents.size());
        if (isNew)
            m_parents.push_back(found->second);
        return found->second;
    }
    std::size_t rootOf(std::size_t number)
    {
        while (m_parents[number] != number)
            number = m_parents[number] = m_parents[m_parents[number]];
        return number;
    }
    void join(std::size_t one, std::size_t other)
    {
        const auto [first, second] = std::minmax({rootOf(one), rootOf(other)});
        m_parents[second] = first;
    }

private:
    std::map<std::string, std::size_t> m_numbers; ///< by session
    std::vector<std::size_t> m_parents;
};

/// A class as readReviewedRecords() takes it.
std::string className(const std::string &name)
{
    constexpr std::size_t kMostBytes = 64;
    const bool isPlain = std::ranges::none_of(name, [](unsigned char character) { return character < 0x20 || character == 0x7F; });
    return name.empty() || name == "none" || name.size() > kMostBytes || !isPlain ? kNoClassName : name;
}

struct Turn
{
    std::string question, answer;
    std::int64_t row = 0;
};

struct SetPicture
{
    std::string file; ///< in the set
    int widthPx = 0, heightPx = 0;
    std::size_t group = 0; ///< number of its session
    std::string source;
    std::vector<LabelledDefect> defects; ///< none: a good one
    std::vector<Turn> turns;
    bool isMeasured = false;
};

/// Collects pictures and right answers from the rows, then writes what they come to.
class TrainingSet final
{
public:
    TrainingSet(const OutFolder &folder, const fs::path &dataFolder, const TrainingSetOptions &options)
        : m_folder(folder), m_stored(dataFolder), m_options(options)
    {
    }

    Result<void> add(const AnswerRecord &record);
    Result<TrainingSetReport> finish();

private:
    Result<SetPicture *> pictureOf(const AnswerRecord &record);
    void holdOut();
    Result<void> writeLines();
    Result<void> writeManifest();
    std::string groupName(const SetPicture &picture) { return "session-" + std::to_string(m_groups.rootOf(picture.group) + 1); }
    [[nodiscard]] std::string splitName(const SetPicture &picture) const { return picture.isMeasured ? "val" : "train"; }

    const OutFolder &m_folder;
    const PictureStore m_stored;
    const TrainingSetOptions &m_options;
    Groups m_groups;
    std::map<std::string, SetPicture> m_pictures; ///< by hash
    std::map<std::pair<std::string, std::string>, int> m_models; ///< rows by name and hash
    std::set<std::string> m_unusable; ///< hashes of pictures that are missing or altered
    bool m_isSplit = false;
    std::string m_splitNote;
    TrainingSetReport m_report;
};

Result<SetPicture *> TrainingSet::pictureOf(const AnswerRecord &record)
{
    const std::size_t session = m_groups.numberOf(sessionOf(record));
    if (const auto found = m_pictures.find(record.pictureSha256); found != m_pictures.end()) {
        m_groups.join(found->second.group, session);
        return &found->second;
    }
    if (m_unusable.contains(record.pictureSha256))
        return nullptr;
    const Result<std::vector<std::uint8_t>> bytes = m_stored.read(record.picturePath, record.pictureSha256);
    if (!bytes) {
        m_unusable.insert(record.pictureSha256);
        return nullptr;
    }
    SetPicture picture;
    picture.file = "images/" + fs::path(record.picturePath).filename().string();
    picture.widthPx = record.pictureWidthPx;
    picture.heightPx = record.pictureHeightPx;
    picture.group = session;
    picture.source = record.source;
    if (const Result<void> written = m_folder.write(picture.file, *bytes); !written)
        return failure(written.error());
    return &m_pictures.emplace(record.pictureSha256, std::move(picture)).first->second;
}

Result<void> TrainingSet::add(const AnswerRecord &record)
{
    const auto leaveOut = [this](const char *reason) -> Result<void> {
        ++m_report.leftOut[reason];
        return {};
    };
    if (!record.review)
        return leaveOut("not reviewed");
    if (record.review->verdict == Verdict::Unsure)
        return leaveOut("reviewed as UNSURE");
    if (record.pictureSha256.empty())
        return leaveOut("no picture was kept");
    if (record.pictureRemovedUtcMs)
        return leaveOut("its picture was removed by retention");
    if (record.pictureWidthPx < 1 || record.pictureHeightPx < 1)
        return leaveOut("the size of its picture is not known");
    if (record.review->verdict == Verdict::Ok && record.roi) // of the rest nobody said anything, and a good picture is good all over
        return leaveOut("only a part of its picture was judged good");
    const Result<SetPicture *> found = pictureOf(record);
    if (!found)
        return failure(found.error());
    SetPicture *picture = *found;
    if (!picture)
        return leaveOut("its picture is missing or altered");
    ++m_models[{record.modelName, record.modelSha256}];

    if (record.review->verdict == Verdict::Ng) {
        const PixelBox whole{0, 0, picture->widthPx, picture->heightPx};
        const LabelledDefect defect{className(record.review->defectClass), record.roi.value_or(whole)};
        const bool isKnown = std::ranges::any_of(
            picture->defects, [&](const LabelledDefect &known) { return known.name == defect.name && known.box == defect.box; });
        if (!isKnown)
            picture->defects.push_back(defect);
    }
    // An answer that no rule gave a verdict is right when a person says so. About a part of a picture the answer may be another
    // one than about the whole, and the line has the whole.
    const bool isAgreed = record.review->verdict == record.verdict.value_or(Verdict::Ok);
    const bool isRight = record.answer && !record.answer->empty() && isAgreed && !record.roi;
    const bool isAsked = std::ranges::any_of(picture->turns, [&](const Turn &turn) { return turn.question == record.question; });
    if (isRight && !isAsked) { // rows come newest first
        picture->turns.push_back({record.question, *record.answer, record.row});
        ++m_report.conversations;
    }
    return {};
}

/// A fifth of the pictures in whole groups, with a fifth of the bad ones among them, as near as it goes.
void TrainingSet::holdOut()
{
    std::vector<ReviewedRecord> records;
    std::set<std::string> groups;
    for (const auto &[sha256, picture] : m_pictures) {
        ReviewedRecord record;
        record.picture = sha256;
        record.group = groupName(picture);
        record.defects = picture.defects;
        groups.insert(record.group);
        records.push_back(std::move(record));
    }
    m_report.groups = static_cast<int>(groups.size());
    if (groups.size() < 2) {
        m_splitNote = "all pictures are of one session, so none is held out here; finetune holds some out picture by picture";
        return;
    }
    const Result<HeldOutSplit> split = splitHeldOut(std::move(records), m_options.seed);
    if (!split) {
        m_splitNote = "nothing is held out: " + split.error().message;
        return;
    }
    for (const ReviewedRecord &record : split->heldOut)
        m_pictures.at(record.picture).isMeasured = true;
    m_isSplit = true;
    m_splitNote = split->note;
}

Result<void> TrainingSet::writeLines()
{
    std::string reviewed, conversations;
    const auto flush = [&]() -> Result<void> {
        if (Result<void> written = m_folder.append("reviewed.jsonl", std::exchange(reviewed, {})); !written)
            return written;
        return m_folder.append("conversations.jsonl", std::exchange(conversations, {}));
    };
    for (auto &[sha256, picture] : m_pictures) {
        Json labels = Json::array();
        for (const LabelledDefect &defect : picture.defects) {
            const PixelBox &box = defect.box;
            labels.push_back({{"class", defect.name}, {"bbox", {box.x, box.y, box.width, box.height}}});
        }
        Json line = {{"image", picture.file}, {"width", picture.widthPx}, {"height", picture.heightPx}, {"group", groupName(picture)}};
        if (m_isSplit)
            line["split"] = splitName(picture);
        Json talk = line; // each turn's line begins like its picture's
        line["labels"] = std::move(labels);
        line["source"] = picture.source;
        reviewed += oneLine(line) + '\n';
        for (const Turn &turn : picture.turns) {
            talk["id"] = "row-" + std::to_string(turn.row);
            talk["conversations"] = {{{"from", "human"}, {"value", "<image>\n" + turn.question}}, {{"from", "gpt"}, {"value", turn.answer}}};
            conversations += oneLine(talk) + '\n';
        }
        ++(picture.defects.empty() ? m_report.good : m_report.bad);
        m_report.measuring += picture.isMeasured ? 1 : 0;
        constexpr std::size_t kFullPage = 1 << 20;
        if (reviewed.size() + conversations.size() > kFullPage) {
            if (Result<void> flushed = flush(); !flushed)
                return flushed;
        }
    }
    return flush();
}

Result<void> TrainingSet::writeManifest()
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    Json models = Json::array();
    for (const auto &[model, rows] : m_models)
        models.push_back({{"name", model.first}, {"sha256", model.second}, {"rows", rows}});
    Json leftOut = Json::object();
    for (const auto &[reason, rows] : m_report.leftOut)
        leftOut[reason] = rows;
    const Json manifest = {
        {"format", "auroraedge-training-set"},
        {"version", 1},
        {"made", utcText(std::chrono::duration_cast<std::chrono::milliseconds>(now).count())},
        {"licence", m_options.licence},
        {"filter", m_options.filter},
        {"seed", m_options.seed},
        {"pictures", {{"good", m_report.good}, {"bad", m_report.bad}, {"measuring", m_report.measuring}}},
        {"groups", m_report.groups},
        {"split", m_splitNote},
        {"conversations", m_report.conversations},
        {"left_out", leftOut},
        {"models", models},
        {"boxes", "a reviewer judges pictures and draws no boxes: a box is the part that was asked about, or the whole picture, which does "
                  "not say where, so that finetune measures with it and teaches nothing by it"},
    };
    return m_folder.write(kManifest, manifest.dump(2, ' ', false, Json::error_handler_t::replace) + '\n');
}

Result<TrainingSetReport> TrainingSet::finish()
{
    if (m_pictures.empty())
        return failure(code::RecipeValue, "no reviewed answer with a picture is among them, so there is nothing to train with");
    holdOut();
    for (const auto step : {&TrainingSet::writeLines, &TrainingSet::writeManifest}) {
        if (const Result<void> done = (this->*step)(); !done)
            return failure(done.error());
    }
    return std::move(m_report);
}

} // namespace

Result<TrainingSetReport> writeTrainingSet(const AnswerPages &pages, const fs::path &dataFolder, const TrainingSetOptions &options,
                                           const ExportProgress &progress, const std::stop_token &stop)
{
    const Result<std::unique_ptr<OutFolder>> folder = OutFolder::create(options.place, kManifest, options.replaces);
    if (!folder)
        return failure(folder.error());
    TrainingSet set(**folder, dataFolder, options);
    for (std::int64_t rows = 0;;) {
        const Result<std::vector<AnswerRecord>> page = pages();
        if (!page)
            return failure(page.error());
        if (page->empty())
            break;
        for (const AnswerRecord &record : *page) {
            if (stop.stop_requested())
                return failure(code::Cancelled, "stopped after " + std::to_string(rows) + " rows; nothing was written", options.place.string());
            if (const Result<void> added = set.add(record); !added)
                return failure(added.error());
            ++rows;
        }
        if (progress)
            progress(rows);
    }
    Result<TrainingSetReport> report = set.finish();
    if (!report)
        return failure(report.error());
    if (const Result<void> published = (*folder)->publish(); !published)
        return failure(published.error());
    return report;
}

} // namespace auroraedge::app
