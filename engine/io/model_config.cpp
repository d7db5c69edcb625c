#include "engine/io/model_config.h"

#include "engine/families/family.h"
#include "engine/io/json_document.h"
#include "engine/io/mapped_file.h"

namespace auroraedge::engine {

using nlohmann::json;

Result<ModelConfig> parseModelConfig(std::string_view configText, std::optional<std::string_view> generationText)
{
    JsonLimits limits;
    limits.maxBytes = kMaxConfigBytes;
    const Result<json> document = parseJson(configText, code::ConfigValue, "config.json", limits);
    if (!document)
        return failure(document.error());
    json generation;
    if (generationText) {
        Result<json> read = parseJson(*generationText, code::ConfigValue, "generation_config.json", limits);
        if (!read)
            return failure(read.error());
        generation = std::move(*read);
    }

    std::optional<Error> complaint;
    ConfigKeys root(*document, "config.json: ", complaint);
    ModelConfig config;
    config.family = familyOf(root);
    if (config.family) {
        config.architecture = config.family->read(root);
        auto *whole = std::get_if<AuroraEdgeConfig>(&config.architecture);
        TextConfig *text = whole ? &whole->text : std::get_if<TextConfig>(&config.architecture);
        // The whole model's own key, then generation_config.json: what people edit goes first.
        if (text)
            readEndIds(root, text->vocabSize, text->endIds);
        if (text && generationText) {
            ConfigKeys keys(generation, "generation_config.json: ", complaint);
            readEndIds(keys, text->vocabSize, text->endIds);
        }
    }
    if (complaint)
        return failure(*complaint);
    return config;
}

Result<ModelConfig> readModelConfig(const std::filesystem::path &folder)
{
    const auto config = MappedFile::open(folder / "config.json");
    if (!config && config.error().code == code::FileNotFound)
        return failure(code::ModelFolder, folder.string() + " has no config.json", folder.string());
    if (!config)
        return failure(config.error());
    const auto generation = MappedFile::open(folder / "generation_config.json");
    if (!generation && generation.error().code != code::FileNotFound)
        return failure(generation.error());
    return parseModelConfig((*config)->text(), generation ? std::optional((*generation)->text()) : std::nullopt);
}

} // namespace auroraedge::engine
