#include "app/inspection/presets.h"

#include "app/settings/json_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace auroraedge::app {
namespace {

Result<std::vector<std::string>> readTexts(const nlohmann::json &preset, const char *key, const std::string &id)
{
    std::vector<std::string> texts;
    if (!preset.contains(key))
        return texts;
    const nlohmann::json &list = preset.at(key);
    if (!list.is_array())
        return failure(code::RecipeValue, "'" + std::string(key) + "' of preset '" + id + "' is not a list", id);
    for (const nlohmann::json &text : list) {
        if (!text.is_string() || text.get_ref<const std::string &>().empty())
            return failure(code::RecipeValue,
                           "'" + std::string(key) + "' of preset '" + id + "' holds something that is not a text", id);
        texts.push_back(text.get<std::string>());
    }
    return texts;
}

Result<Preset> readPreset(const nlohmann::json &source)
{
    if (!source.is_object())
        return failure(code::RecipeValue, "a preset is not an object");
    for (const auto &[key, value] : source.items()) {
        static const std::set<std::string> known = {"id", "question", "ok", "ng", "threshold"};
        if (!known.contains(key))
            return failure(code::RecipeKey, "unknown setting '" + key + "' in a preset", key);
    }
    for (const char *key : {"id", "question"}) {
        if (!source.contains(key) || !source.at(key).is_string()
            || source.at(key).get_ref<const std::string &>().empty())
            return failure(code::RecipeValue, "a preset has no '" + std::string(key) + "'", key);
    }
    Preset preset;
    preset.id = source.at("id").get<std::string>();
    preset.text = source.at("question").get<std::string>();

    Result<std::vector<std::string>> okAnswers = readTexts(source, "ok", preset.id);
    if (!okAnswers)
        return failure(okAnswers.error());
    Result<std::vector<std::string>> ngAnswers = readTexts(source, "ng", preset.id);
    if (!ngAnswers)
        return failure(ngAnswers.error());
    preset.rule.okAnswers = *std::move(okAnswers);
    preset.rule.ngAnswers = *std::move(ngAnswers);
    for (const std::string &text : preset.rule.okAnswers) {
        if (std::find(preset.rule.ngAnswers.begin(), preset.rule.ngAnswers.end(), text) != preset.rule.ngAnswers.end())
            return failure(code::RecipeValue, "preset '" + preset.id + "' calls '" + text + "' both ok and ng",
                           preset.id);
    }
    if (source.contains("threshold")) {
        const nlohmann::json &threshold = source.at("threshold");
        if (!threshold.is_number())
            return failure(code::RecipeValue, "threshold of preset '" + preset.id + "' is not a number", preset.id);
        preset.rule.threshold = threshold.get<double>();
        if (!(preset.rule.threshold >= 0 && preset.rule.threshold <= 1))
            return failure(code::RecipeValue,
                           "threshold " + threshold.dump() + " of preset '" + preset.id + "' is outside 0..1",
                           preset.id);
    }
    return preset;
}

} // namespace

Result<std::vector<Preset>> readPresets(const std::filesystem::path &file)
{
    const Result<nlohmann::json> document = readJsonFile(file);
    if (!document)
        return failure(document.error());
    if (!document->is_object() || !document->contains("presets") || !document->at("presets").is_array())
        return failure(code::RecipeValue, file.filename().string() + " has no list 'presets'", file.string());
    std::vector<Preset> presets;
    std::set<std::string> ids;
    for (const nlohmann::json &source : document->at("presets")) {
        Result<Preset> preset = readPreset(source);
        if (!preset)
            return failure(preset.error());
        if (!ids.insert(preset->id).second)
            return failure(code::RecipeValue, "two presets are called '" + preset->id + "'", preset->id);
        if (presetFor(presets, preset->text)) // which of two rules judges the answer would be chance
            return failure(code::RecipeValue, "two presets ask '" + preset->text + "'", preset->id);
        presets.push_back(*std::move(preset));
    }
    return presets;
}

const Preset *presetFor(const std::vector<Preset> &presets, std::string_view question)
{
    for (const Preset &preset : presets) {
        if (preset.text == question)
            return &preset;
    }
    return nullptr;
}

} // namespace auroraedge::app
