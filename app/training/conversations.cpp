#include "app/training/conversations.h"

#include "app/settings/json_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <map>

namespace auroraedge::app {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

constexpr std::int64_t kMaxListBytes = std::int64_t{512} << 20;
constexpr std::size_t kBriefCaption = 120; ///< characters

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
                turns.push_back({isBrief ? "caption-brief" : "caption-detailed", isBrief ? kBriefRequests : kDetailedRequests, value});
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
    Conversations finished()
    {
        for (auto &[picture, sample] : m_samples)
            (sample.isHeldOut ? m_read.heldOut : m_read.samples).push_back(std::move(sample));
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
        std::vector<TrainingTurn> turns;
        if (const std::string fault = readTurns(record, turns); !fault.empty())
            return fault;
        TrainingSample &sample = m_samples[image.string()];
        sample.picture = (m_pictures / image).string();
        sample.source = m_source;
        sample.group = text("group").empty() ? image.string() : text("group");
        sample.isHeldOut = sample.isHeldOut || text("split") == "val"; // one held-out record holds the picture out
        sample.turns.insert(sample.turns.end(), turns.begin(), turns.end());
        return {};
    }

    std::string m_file;
    fs::path m_pictures;
    std::string m_source;
    std::size_t m_number = 0;
    std::map<std::string, TrainingSample> m_samples; ///< by picture
    Conversations m_read;
};

} // namespace

Result<Conversations> readConversations(const fs::path &file, const fs::path &pictures, const std::string &source)
{
    const std::string name = file.filename().string();
    Reader reader(name, pictures, source);
    if (file.extension() == ".jsonl") {
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
    Conversations read = reader.finished();
    if (read.samples.empty())
        return failure(code::RecipeValue, name + " has no record to train on" + (read.badRecords.empty() ? "" : "; first: " + read.badRecords.front()), file.string());
    return read;
}

} // namespace auroraedge::app
