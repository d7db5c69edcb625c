#include "tests/trials/trial_record.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>
#include <stdexcept>

namespace auroraedge::trials {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

cv::Rect boxFrom(const Json &json)
{
    const double left = json.at(0), top = json.at(1), width = json.at(2), height = json.at(3);
    const cv::Point first(static_cast<int>(std::floor(left)), static_cast<int>(std::floor(top)));
    const cv::Point last(static_cast<int>(std::ceil(left + width)), static_cast<int>(std::ceil(top + height)));
    return {first, last};
}

TrialRecord recordFrom(const Json &json)
{
    TrialRecord record{.image = json.at("image"),
                       .golden = json.value("golden", json.value("template", "")),
                       .widthPx = json.at("width"),
                       .heightPx = json.at("height"),
                       .group = json.at("group"),
                       .split = json.value("split", ""),
                       .source = json.value("source", ""),
                       .defects = {}};
    for (const Json &label : json.at("labels")) {
        if (!label.at("bbox").is_null())
            record.defects.push_back({label.at("class"), boxFrom(label.at("bbox"))});
    }
    return record;
}

Json jsonOf(const TrialRecord &record)
{
    Json json{{"image", record.image}};
    if (!record.golden.empty())
        json["golden"] = record.golden;
    json["width"] = record.widthPx;
    json["height"] = record.heightPx;
    json["group"] = record.group;
    json["split"] = record.split;
    json["source"] = record.source;
    json["labels"] = Json::array();
    for (const auto &[name, box] : record.defects)
        json["labels"].push_back({{"class", name}, {"bbox", {box.x, box.y, box.width, box.height}}});
    return json;
}

} // namespace

std::vector<TrialRecord> readRecords(const fs::path &file)
{
    std::ifstream in(file);
    if (!in)
        throw std::runtime_error("cannot read " + file.string());
    std::vector<TrialRecord> records;
    for (std::string line; std::getline(in, line);)
        records.push_back(recordFrom(Json::parse(line)));
    return records;
}

void writeRecords(const fs::path &file, const std::vector<TrialRecord> &records)
{
    std::ofstream out(file);
    for (const TrialRecord &record : records)
        out << jsonOf(record).dump() << '\n';
    if (!out.flush())
        throw std::runtime_error("cannot write " + file.string());
}

std::uint64_t seedFor(std::uint64_t seed, std::string_view name)
{
    std::uint64_t hash = 14695981039346656037U ^ seed; // FNV-1a
    for (const char byte : name)
        hash = (hash ^ static_cast<unsigned char>(byte)) * 1099511628211U;
    return hash;
}

} // namespace auroraedge::trials
