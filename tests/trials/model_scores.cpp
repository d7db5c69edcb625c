#include "tests/trials/model_scores.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <limits>
#include <stdexcept>

namespace auroraedge::trials {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::json;

template <class Use>
void forEachLine(const fs::path &file, const Use &use)
{
    std::ifstream in(file);
    if (!in)
        throw std::runtime_error("cannot read " + file.string());
    for (std::string line; std::getline(in, line);)
        use(Json::parse(line));
}

/// A text or nothing, also for null and for a key that is not there.
std::string textOf(const Json &json, const char *key)
{
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string pictureOf(const Json &line)
{
    const Json &image = line.at("image");
    const fs::path path = image.is_string() ? image.get<std::string>() : image.at("path").get<std::string>();
    return "pictures/" + path.filename().string();
}

std::optional<Decision> decisionOf(const std::string &verdict)
{
    if (verdict == "OK")
        return Decision::Ok;
    if (verdict == "NG")
        return Decision::Ng;
    return verdict == "UNSURE" ? std::optional(Decision::Unsure) : std::nullopt;
}

} // namespace

ModelScores readModelScores(const fs::path &file)
{
    constexpr std::pair<const char *, const char *> kKinds[] = {{"combined", "score"}, {"answer", "answer_score"}, {"patch", "patch_score"}};
    ModelScores scores;
    std::vector<std::string> refused;
    forEachLine(file, [&](const Json &line) {
        if (line.contains("error")) {
            refused.push_back(pictureOf(line));
            return;
        }
        const auto product = line.find("product");
        if (product == line.end() || !product->is_object())
            throw std::runtime_error(file.string() + " has a line without 'product': that model was not fine-tuned");
        const std::string picture = pictureOf(line);
        for (const auto &[kind, key] : kKinds) {
            if (const auto score = product->find(key); score != product->end() && score->is_number())
                scores.byKind[kind][picture] = score->get<double>();
        }
        const std::string verdict = product->contains("verdict") ? textOf(*product, "verdict") : textOf(line, "verdict");
        if (const std::optional<Decision> decision = decisionOf(verdict))
            scores.decisions[picture] = *decision;
        if (const std::string name = textOf(*product, "class"); !name.empty())
            scores.classes[picture] = name;
    });
    for (const std::string &picture : refused) {
        for (auto &[kind, ofKind] : scores.byKind)
            ofKind[picture] = std::numeric_limits<double>::infinity();
        scores.decisions[picture] = Decision::Unsure;
    }
    scores.refused = refused.size();
    return scores;
}

std::pair<Scores, std::string> readClassicalScores(const fs::path &file)
{
    std::pair<Scores, std::string> read;
    forEachLine(file, [&](const Json &line) {
        read.first[line.at("image")] = line.at("score");
        read.second = line.at("setting");
    });
    return read;
}

ClassFigures classFigures(const std::map<std::string, std::string> &classes, const std::vector<TrialRecord> &records)
{
    ClassFigures figures;
    std::size_t right = 0, most = 0;
    std::map<std::string, std::size_t> frequency;
    for (const TrialRecord &record : records) {
        if (record.defects.size() != 1)
            continue;
        ++figures.pictures;
        most = std::max(most, ++frequency[record.defects.front().name]);
        if (const auto told = classes.find(record.image); told != classes.end()) {
            ++figures.told;
            right += told->second == record.defects.front().name ? 1 : 0;
        }
    }
    if (figures.pictures > 0) {
        figures.accuracy = static_cast<double>(right) / static_cast<double>(figures.pictures);
        figures.majority = static_cast<double>(most) / static_cast<double>(figures.pictures);
    }
    return figures;
}

} // namespace auroraedge::trials
