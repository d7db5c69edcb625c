#include "app/training/conversations.h"

#include "app/settings/json_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <set>

namespace auroraedge::app {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

constexpr std::int64_t kMaxListBytes = std::int64_t{512} << 20;
constexpr std::size_t kBriefCaption = 120; ///< characters
constexpr char kDetailedCaption[] = "caption-detailed";

const std::vector<std::string> kBriefRequests{"Describe the picture.",
                                              "What does the picture show?",
                                              "Say in one sentence what is to be seen.",
                                              "Give a short description of this image.",
                                              "Sum up the scene briefly.",
                                              "What is in this photo?",
                                              "In a few words, what is this a picture of?",
                                              "Caption this image."};
const std::vector<std::string> kDetailedRequests{"Describe the picture in detail.",
                                                 "Explain everything that can be seen here.",
                                                 "Give a thorough description of the image.",
                                                 "What does the picture show? Mention every detail.",
                                                 "Walk me through the whole scene.",
                                                 "Write a full description of this photo.",
                                                 "List what is there and how it is arranged.",
                                                 "Describe objects, places and colours carefully."};

std::string trimmed(const std::string &text)
{
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    return begin == std::string::npos ? std::string() : text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin);
}

std::string withoutMarker(std::string text)
{
    constexpr std::string_view marker = "<image>";
    for (std::size_t at = text.find(marker); at != std::string::npos; at = text.find(marker))
        text.erase(at, marker.size());
    return trimmed(text);
}

/// The turns of one record. @return why it is no good, or nothing.
std::string readTurns(const Json &record, std::vector<TrainingTurn> &turns)
{
    if (!record.contains("conversations") || !record.at("conversations").is_array() || record.at("conversations").empty())
        return "there is no list 'conversations'";
    std::string question;
    bool isAsked = false;
    for (const Json &message : record.at("conversations")) {
        const auto isText = [&](const char *key) { return message.is_object() && message.contains(key) && message.at(key).is_string(); };
        if (!isText("from") || !isText("value"))
            return "a message has no 'from' and 'value'";
        const auto &from = message.at("from").get_ref<const std::string &>();
        const std::string value = withoutMarker(message.at("value").get<std::string>());
        if (from == "human") {
            if (isAsked)
                return "two questions follow each other";
            question = value;
            isAsked = true;
        } else if (from == "gpt") {
            if (value.empty())
                return "an answer is empty";
            if (!isAsked && !turns.empty())
                return "two answers follow each other";
            if (question.empty()) {
                const bool isBrief = value.size() <= kBriefCaption;
                turns.push_back({isBrief ? "caption-brief" : kDetailedCaption, isBrief ? kBriefRequests : kDetailedRequests, value});
            } else {
                turns.push_back({"conversation", {question}, value});
            }
            question.clear();
            isAsked = false;
        } else {
            return "'" + from + "' is neither human nor gpt";
        }
    }
    return isAsked ? "the last question has no answer" : "";
}

/// One record that is good.
struct Talk
{
    std::string image, group; ///< as the record says
    bool isHeldOut = false, isForLater = false; ///< what is kept for later is held out, too
    std::vector<TrainingTurn> turns;

    [[nodiscard]] bool isDetailedToLearn() const
    {
        return !isHeldOut && std::ranges::any_of(turns, [](const TrainingTurn &turn) { return turn.family == kDetailedCaption; });
    }
};

/// Leaves out detailed captions until they make up the share, the same ones for the same seed.
void thinDetailed(std::vector<Talk> &talks, const DetailedShare &wanted)
{
    if (wanted.share >= 1)
        return;
    const auto learnt = static_cast<std::size_t>(std::ranges::count(talks, false, &Talk::isHeldOut));
    const auto detailed = static_cast<std::size_t>(std::ranges::count_if(talks, &Talk::isDetailedToLearn));
    const double fitting = wanted.share / (1 - wanted.share) * static_cast<double>(learnt - detailed);
    if (fitting >= static_cast<double>(detailed))
        return;
    const auto kept = static_cast<std::size_t>(std::lround(fitting));
    std::size_t sum = std::mt19937_64(wanted.seed)() % detailed; // grows by `kept`; one stays each time that it reaches `detailed`
    std::erase_if(talks, [&](const Talk &talk) {
        if (!talk.isDetailedToLearn())
            return false;
        sum += kept;
        const bool stays = sum >= detailed;
        sum -= stays ? detailed : 0;
        return !stays;
    });
}

class Reader final
{
public:
    Reader(std::string file, fs::path pictures, std::string source) : m_file(std::move(file)), m_pictures(std::move(pictures)), m_source(std::move(source)) {}

    void add(const Json &record)
    {
        if (const std::string problem = problemOf(record); !problem.empty())
            addBad(problem);
        else
            ++m_number;
    }
    void addBad(const std::string &problem)
    {
        ++m_number;
        m_read.badRecords.push_back(m_file + " record " + std::to_string(m_number) + ": " + problem);
    }
    [[nodiscard]] bool isEmpty() const { return m_talks.empty(); }
    Conversations finished(const std::optional<DetailedShare> &detailed)
    {
        if (detailed)
            thinDetailed(m_talks, *detailed);
        std::map<std::string, TrainingSample> samples; // by picture
        std::set<std::string> later;
        for (Talk &talk : m_talks) {
            TrainingSample &sample = samples[talk.image];
            sample.picture = (m_pictures / talk.image).string();
            sample.source = m_source;
            sample.group = talk.group;
            sample.isHeldOut = sample.isHeldOut || talk.isHeldOut; // one held-out record holds the picture out
            if (talk.isForLater)
                later.insert(talk.image);
            std::ranges::move(talk.turns, std::back_inserter(sample.turns));
        }
        for (auto &[image, sample] : samples)
            (later.contains(image) ? m_read.forLater : sample.isHeldOut ? m_read.heldOut : m_read.samples).push_back(std::move(sample));
        return std::move(m_read);
    }

private:
    std::string problemOf(const Json &record)
    {
        if (!record.is_object())
            return "it is not an object";
        const auto text = [&](const char *key) { return record.contains(key) && record.at(key).is_string() ? record.at(key).get<std::string>() : std::string(); };
        const fs::path image = text("image");
        if (image.empty())
            return "it has no picture; text alone is not trained";
        if (image.is_absolute() || std::find(image.begin(), image.end(), "..") != image.end())
            return "'" + image.string() + "' leaves the folder";
        std::error_code problem;
        if (!fs::is_regular_file(m_pictures / image, problem))
            return "picture '" + image.string() + "' is not there";
        const std::string split = text("split");
        const bool isForLater = split == "test" || split == "heldout";
        Talk talk{image.string(), text("group").empty() ? image.string() : text("group"), isForLater || split == "val", isForLater, {}};
        if (const std::string fault = readTurns(record, talk.turns); !fault.empty())
            return fault;
        m_talks.push_back(std::move(talk));
        return {};
    }

    std::string m_file;
    fs::path m_pictures;
    std::string m_source;
    std::size_t m_number = 0;
    std::vector<Talk> m_talks;
    Conversations m_read;
};

/// A list is one, whatever the file is called.
bool isOfLines(const fs::path &file)
{
    std::ifstream stream(file);
    return file.extension() == ".jsonl" && (stream >> std::ws).peek() != '[';
}

} // namespace

Result<Conversations> readConversations(const fs::path &file, const fs::path &pictures, const std::string &source,
                                        const std::optional<DetailedShare> &detailed)
{
    const std::string name = file.filename().string();
    Reader reader(name, pictures, source);
    if (isOfLines(file)) {
        std::ifstream lines(file);
        if (!lines)
            return failure(code::FileNotFound, file.string() + " does not exist or cannot be read", file.string());
        for (std::string line; std::getline(lines, line);) {
            if (trimmed(line).empty())
                continue;
            const Result<Json> record = parseJson(line, "it");
            if (record)
                reader.add(*record);
            else
                reader.addBad(record.error().message);
        }
    } else {
        const Result<Json> list = readJsonFile(file, kMaxListBytes);
        if (!list)
            return failure(list.error());
        if (!list->is_array())
            return failure(code::RecipeValue, name + " is not a list of records", file.string());
        for (const Json &record : *list)
            reader.add(record);
    }
    const bool isEmpty = reader.isEmpty();
    Conversations read = reader.finished(detailed);
    if (isEmpty)
        return failure(code::RecipeValue,
                       name + " has no record that can be used" + (read.badRecords.empty() ? "" : "; first: " + read.badRecords.front()),
                       file.string());
    if (read.samples.empty() && read.heldOut.empty() && read.forLater.empty())
        return failure(code::RecipeValue, name + " holds detailed captions alone, so 'detailed_share' leaves none of them", file.string());
    return read;
}

} // namespace auroraedge::app
