#include "engine/vision/preprocessor_config.h"

#include "engine/io/config_keys.h"
#include "engine/io/json_document.h"
#include "engine/io/mapped_file.h"

#include <algorithm>
#include <optional>

namespace auroraedge::engine {

namespace {

enum class Kind { Naflex = 1, Siglip, Clip, Llava };

constexpr int kPillowBilinear = 2, kPillowBicubic = 3;
constexpr int kMaxSidePx = 4096;

/// The kind by the name of transformers' class.
Kind readKind(ConfigKeys &root)
{
    // Files of 2021 and 2022 have only the second key.
    const char *const key = root.has("image_processor_type") ? "image_processor_type" : "feature_extractor_type";
    if (!root.has(key)) {
        if (root.has("size") || root.has("crop_size"))
            root.complain("image_processor_type is missing");
        return Kind::Naflex;
    }
    std::string_view name = root.text(key);
    // One processor by three libraries; their pictures are the same to a step or two.
    for (const std::string_view library : {"Fast", "Pil"})
        if (name.ends_with(library))
            name.remove_suffix(library.size());
    if (name == "Siglip2ImageProcessor")
        return Kind::Naflex;
    if (name == "SiglipImageProcessor")
        return Kind::Siglip;
    if (name == "CLIPImageProcessor" || name == "CLIPFeatureExtractor")
        return Kind::Clip;
    if (name == "LlavaImageProcessor")
        return Kind::Llava;
    root.complain(std::string(key) + " " + ConfigKeys::textOf(*root.find(key)) + " is not supported, only Siglip2, Siglip, CLIP and Llava image processors");
    return Kind::Naflex;
}

void readInteger(ConfigKeys &keys, const char *key, int &value, int low, int high)
{
    std::int64_t wide = value;
    keys.integer(key, wide, low, high);
    value = static_cast<int>(wide);
}

void readTriple(ConfigKeys &root, const char *key, double low, double high, double (&values)[3])
{
    const nlohmann::json *found = root.find(key);
    if (!found)
        return;
    const auto isFitting = [&](const nlohmann::json &value) { return value.is_number() && value.get<double>() >= low && value.get<double>() <= high; };
    if (!found->is_array() || found->size() != 3 || !std::all_of(found->begin(), found->end(), isFitting))
        return root.complain(std::string(key) + " is out of range");
    for (std::size_t i = 0; i < 3; ++i)
        values[i] = (*found)[i].get<double>();
}

void readNormalisation(ConfigKeys &root, Normalisation &normalisation)
{
    bool isRescaled = true, isNormalised = true;
    root.boolean("do_rescale", isRescaled);
    root.boolean("do_normalize", isNormalised);
    if (isRescaled)
        root.real("rescale_factor", normalisation.rescaleFactor, 1e-9, 1);
    else
        normalisation.rescaleFactor = 1;
    if (isNormalised) {
        readTriple(root, "image_mean", -10, 10, normalisation.mean);
        readTriple(root, "image_std", 1e-6, 10, normalisation.std);
        return;
    }
    std::fill_n(normalisation.mean, 3, 0.0);
    std::fill_n(normalisation.std, 3, 1.0);
}

/// `{"height": 384, "width": 384}`, or one number for a square.
void readSize(ConfigKeys &root, const char *key, PixelSize &size)
{
    const nlohmann::json *found = root.find(key);
    if (!found)
        return;
    if (!found->is_object()) {
        readInteger(root, key, size.heightPx, 1, kMaxSidePx);
        size.widthPx = size.heightPx;
        return;
    }
    ConfigKeys sides = root.under(key);
    if (!sides.has("height") || !sides.has("width"))
        sides.complain("height and width are not both given");
    readInteger(sides, "height", size.heightPx, 1, kMaxSidePx);
    readInteger(sides, "width", size.widthPx, 1, kMaxSidePx);
}

void readSquareGrids(ConfigKeys &root, NaflexConfig &config)
{
    const nlohmann::json *grids = root.find("square_grids");
    if (!grids)
        return;
    if (!grids->is_array() || grids->empty())
        return root.complain("square_grids is not a list of numbers");
    for (const nlohmann::json &grid : *grids) {
        const bool isFitting = grid.is_number_unsigned() && grid.get<std::uint64_t>() > 0 && grid.get<std::uint64_t>() <= 256
            && grid.get<int>() * grid.get<int>() <= config.maxPatches;
        if (!isFitting || (!config.squareGrids.empty() && grid.get<int>() <= config.squareGrids.back()))
            return root.complain("square_grids does not ascend within max_num_patches");
        config.squareGrids.push_back(grid.get<int>());
    }
}

NaflexConfig readNaflex(ConfigKeys &root)
{
    NaflexConfig config;
    root.require("resample", kPillowBilinear); // the one filter these towers were trained with
    readInteger(root, "patch_size", config.patchSize, 1, 256);
    readInteger(root, "max_num_patches", config.maxPatches, 1, 65536);
    readSquareGrids(root, config);
    readNormalisation(root, config.normalisation);
    return config;
}

/// @p edgeOfNumber: what a bare number means, CLIP's shortest edge or SigLIP's square.
std::variant<Stretch, ShortestEdge> readResize(ConfigKeys &root, bool edgeOfNumber)
{
    constexpr int kDefaultSidePx = 224;
    bool isCropped = edgeOfNumber;
    root.boolean("do_center_crop", isCropped);
    const nlohmann::json *size = root.find("size");
    const bool isObject = size && size->is_object();
    const bool isEdge = isObject ? root.under("size").has("shortest_edge") : edgeOfNumber;
    if (!isEdge) {
        Stretch stretch{{kDefaultSidePx, kDefaultSidePx}};
        readSize(root, "size", stretch.size);
        PixelSize crop = stretch.size;
        if (isCropped)
            readSize(root, "crop_size", crop);
        if (crop != stretch.size)
            root.complain("crop_size is not size");
        return stretch;
    }
    ShortestEdge edge{kDefaultSidePx, {kDefaultSidePx, kDefaultSidePx}};
    if (isObject) {
        ConfigKeys keys = root.under("size");
        readInteger(keys, "shortest_edge", edge.edgePx, 1, kMaxSidePx);
        keys.require("longest_edge", nullptr);
    } else {
        readInteger(root, "size", edge.edgePx, 1, kMaxSidePx);
    }
    if (!isCropped)
        root.complain("do_center_crop false leaves the size of the picture open");
    readSize(root, "crop_size", edge.crop);
    if (std::max(edge.crop.heightPx, edge.crop.widthPx) > edge.edgePx)
        root.complain("crop_size is larger than size");
    return edge;
}

FixedSizeConfig readFixedSize(ConfigKeys &root, Kind kind)
{
    FixedSizeConfig config;
    if (kind != Kind::Siglip)
        config.normalisation = {.mean = {0.48145466, 0.4578275, 0.40821073}, .std = {0.26862954, 0.26130258, 0.27577711}}; // OpenAI's CLIP
    readNormalisation(root, config.normalisation);
    config.resize = readResize(root, kind != Kind::Siglip);
    int filter = kPillowBicubic;
    readInteger(root, "resample", filter, kPillowBilinear, kPillowBicubic);
    config.filter = filter == kPillowBilinear ? Filter::Bilinear : Filter::Bicubic;
    // transformers' key; other processors would pad to another size.
    if (kind == Kind::Llava)
        root.boolean("do_pad", config.padsToSquare);
    else
        root.require("do_pad", false);
    // LLaVA's own key, which its public folders keep in config.json.
    if (kind != Kind::Siglip)
        root.choice("image_aspect_ratio", config.padsToSquare, {{"square", false}, {"pad", true}});
    return config;
}

Result<NaflexConfig> onlyNaflex(Result<PreprocessorConfig> config)
{
    if (!config)
        return failure(config.error());
    if (auto *naflex = std::get_if<NaflexConfig>(&*config))
        return std::move(*naflex);
    return failure(code::ConfigValue, "preprocessor_config.json: image_processor_type is not Siglip2ImageProcessor", "image_processor_type");
}

} // namespace

Result<PreprocessorConfig> parsePreprocessorConfig(std::string_view text)
{
    const Result<nlohmann::json> document = parseJson(text, code::ConfigValue, "preprocessor_config.json");
    if (!document)
        return failure(document.error());
    std::optional<Error> complaint;
    ConfigKeys root(*document, "preprocessor_config.json: ", complaint);
    const Kind kind = readKind(root);
    root.require("do_resize", true);
    bool isConverted = true; // every frame is RGB already
    root.boolean("do_convert_rgb", isConverted);
    PreprocessorConfig config = kind == Kind::Naflex ? PreprocessorConfig(readNaflex(root)) : PreprocessorConfig(readFixedSize(root, kind));
    if (complaint)
        return failure(*complaint);
    return config;
}

Result<PreprocessorConfig> readPreprocessorConfig(const std::filesystem::path &file)
{
    const auto mapped = MappedFile::open(file);
    if (!mapped && mapped.error().code == code::FileNotFound)
        return failure(code::ModelFolder, file.parent_path().string() + " has no " + file.filename().string(), file.string());
    if (!mapped)
        return failure(mapped.error());
    return parsePreprocessorConfig((*mapped)->text());
}

Result<NaflexConfig> readNaflexConfig(const std::filesystem::path &file)
{
    return onlyNaflex(readPreprocessorConfig(file));
}

Result<NaflexConfig> parseNaflexConfig(std::string_view text)
{
    return onlyNaflex(parsePreprocessorConfig(text));
}

} // namespace auroraedge::engine
