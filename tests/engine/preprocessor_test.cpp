#include "engine/vision/preprocessor.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_frame.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>

namespace auroraedge::engine {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::testFrame;
using testing::uniformFrame;

FixedSizeConfig resizing(std::variant<Stretch, ShortestEdge> resize)
{
    FixedSizeConfig config;
    config.resize = resize;
    return config;
}

FixedSizeConfig fixedSize(std::string_view text)
{
    const auto config = parsePreprocessorConfig(text);
    EXPECT_TRUE(config) << text << ": " << config.error().message;
    const auto *fixed = config ? std::get_if<FixedSizeConfig>(&*config) : nullptr;
    EXPECT_NE(fixed, nullptr) << text;
    return fixed ? *fixed : FixedSizeConfig();
}

TEST(PreprocessorConfigTest, ASiglipFileStretchesToItsSize)
{
    const FixedSizeConfig config = fixedSize(R"({"image_processor_type":"SiglipImageProcessor","size":{"height":384,"width":256},"resample":2})");
    EXPECT_EQ(std::get<Stretch>(config.resize).size, (PixelSize{384, 256}));
    EXPECT_EQ(config.filter, Filter::Bilinear);
    EXPECT_FALSE(config.padsToSquare);
    EXPECT_THAT(config.normalisation.mean, ElementsAre(0.5, 0.5, 0.5));
}

TEST(PreprocessorConfigTest, AClipFileKeepsTheMiddleAfterTheShortestEdge)
{
    for (const char *text : {R"({"image_processor_type":"CLIPImageProcessor","size":{"shortest_edge":336},"crop_size":{"height":336,"width":336}})",
                             R"({"image_processor_type":"CLIPImageProcessorFast","size":{"shortest_edge":336,"longest_edge":null},"crop_size":336})",
                             R"({"feature_extractor_type":"CLIPFeatureExtractor","size":336,"crop_size":336,"do_center_crop":true})",
                             R"({"feature_extractor_type":"CLIPFeatureExtractor","image_processor_type":"CLIPImageProcessor","size":336,"crop_size":336})"}) {
        const FixedSizeConfig config = fixedSize(text);
        ASSERT_TRUE(std::holds_alternative<ShortestEdge>(config.resize)) << text;
        EXPECT_EQ(std::get<ShortestEdge>(config.resize).edgePx, 336) << text;
        EXPECT_EQ(std::get<ShortestEdge>(config.resize).crop, (PixelSize{336, 336})) << text;
        EXPECT_EQ(config.filter, Filter::Bicubic) << text;
        EXPECT_EQ(config.normalisation.mean[0], 0.48145466) << text;
        EXPECT_EQ(config.normalisation.std[2], 0.27577711) << text;
        EXPECT_FALSE(config.padsToSquare) << text;
    }
}

TEST(PreprocessorConfigTest, MissingKeysHaveTheDefaultsOfTheProcessor)
{
    EXPECT_EQ(std::get<Stretch>(fixedSize(R"({"image_processor_type":"SiglipImageProcessorFast"})").resize).size, (PixelSize{224, 224}));
    const auto clip = std::get<ShortestEdge>(fixedSize(R"({"image_processor_type":"CLIPImageProcessor"})").resize);
    EXPECT_EQ(clip.edgePx, 224);
    EXPECT_EQ(clip.crop, (PixelSize{224, 224}));
}

TEST(PreprocessorConfigTest, BothKeysForASquareCanvasAreRead)
{
    EXPECT_TRUE(fixedSize(R"({"image_processor_type":"LlavaImageProcessor","do_pad":true})").padsToSquare);
    EXPECT_TRUE(fixedSize(R"({"image_processor_type":"CLIPImageProcessor","image_aspect_ratio":"pad"})").padsToSquare);
    EXPECT_FALSE(fixedSize(R"({"image_processor_type":"LlavaImageProcessorFast","do_pad":false})").padsToSquare);
    EXPECT_FALSE(fixedSize(R"({"image_processor_type":"CLIPImageProcessor","image_aspect_ratio":"square","do_pad":null})").padsToSquare);
}

TEST(PreprocessorConfigTest, WithoutRescalingOrNormalisingTheValuesStayAsTheyAre)
{
    const auto planes = preprocessFixedSize(uniformFrame(200, 6, 5),
                                            fixedSize(R"({"image_processor_type":"SiglipImageProcessor","size":4,"do_rescale":false,"do_normalize":false,"image_mean":"unread"})"));
    ASSERT_TRUE(planes);
    EXPECT_THAT(planes->values, Each(200.0F));
    const auto rescaled = preprocessFixedSize(uniformFrame(255, 6, 5), fixedSize(R"({"image_processor_type":"SiglipImageProcessor","size":4,"do_normalize":false})"));
    ASSERT_TRUE(rescaled);
    EXPECT_THAT(rescaled->values, Each(1.0F));
}

TEST(PreprocessorConfigTest, ABadValueIsRefusedWithItsKey)
{
    const struct
    {
        const char *text, *said;
    } cases[] = {
        {"[]", "is not an object"},
        {R"({"image_processor_type":"ViTImageProcessor"})", "image_processor_type 'ViTImageProcessor' is not supported"},
        {R"({"image_processor_type":"Siglip2ImageProcessorOfMine"})", "image_processor_type"},
        {R"({"image_processor_type":7})", "image_processor_type 7"},
        {R"({"feature_extractor_type":"WhisperFeatureExtractor"})", "feature_extractor_type 'WhisperFeatureExtractor'"},
        {R"({"size":{"height":384,"width":384}})", "image_processor_type is missing"},
        {R"({"crop_size":224})", "image_processor_type is missing"},
        {R"({"image_processor_type":"SiglipImageProcessor","size":{"height":384}})", "size.height and width are not both given"},
        {R"({"image_processor_type":"SiglipImageProcessor","size":{"height":384,"width":0}})", "size.width 0"},
        {R"({"image_processor_type":"SiglipImageProcessor","size":{"height":5000,"width":384}})", "size.height 5000"},
        {R"({"image_processor_type":"SiglipImageProcessor","size":[384,384]})", "size [...]"},
        {R"({"image_processor_type":"SiglipImageProcessor","size":{"shortest_edge":384}})", "do_center_crop"},
        {R"({"image_processor_type":"SiglipImageProcessor","resample":1})", "resample 1"},
        {R"({"image_processor_type":"SiglipImageProcessor","resample":"bicubic"})", "resample 'bicubic'"},
        {R"({"image_processor_type":"SiglipImageProcessor","do_resize":false})", "do_resize false"},
        {R"({"image_processor_type":"SiglipImageProcessor","do_convert_rgb":"yes"})", "do_convert_rgb"},
        {R"({"image_processor_type":"SiglipImageProcessor","do_pad":true})", "do_pad true"},
        {R"({"image_processor_type":"SiglipImageProcessor","do_center_crop":true,"crop_size":100})", "crop_size"},
        {R"({"image_processor_type":"SiglipImageProcessor","rescale_factor":2})", "rescale_factor 2"},
        {R"({"image_processor_type":"SiglipImageProcessor","image_mean":[0.5,0.5]})", "image_mean"},
        {R"({"image_processor_type":"SiglipImageProcessor","image_std":[0.5,0,0.5]})", "image_std"},
        {R"({"image_processor_type":"SiglipImageProcessor","do_normalize":1})", "do_normalize 1"},
        {R"({"image_processor_type":"CLIPImageProcessor","size":{"shortest_edge":0}})", "size.shortest_edge 0"},
        {R"({"image_processor_type":"CLIPImageProcessor","size":{"shortest_edge":224,"longest_edge":500}})", "size.longest_edge 500"},
        {R"({"image_processor_type":"CLIPImageProcessor","size":{"longest_edge":500}})", "size.height and width"},
        {R"({"image_processor_type":"CLIPImageProcessor","size":224,"crop_size":225})", "crop_size is larger than size"},
        {R"({"image_processor_type":"CLIPImageProcessor","crop_size":{"width":1}})", "crop_size.height and width"},
        {R"({"image_processor_type":"CLIPImageProcessor","do_center_crop":false})", "do_center_crop"},
        {R"({"image_processor_type":"CLIPImageProcessor","image_aspect_ratio":"anyres"})", "image_aspect_ratio 'anyres'"},
        {R"({"image_processor_type":"LlavaImageProcessor","do_pad":"yes"})", "do_pad"},
        {R"({"image_processor_type":"Siglip2ImageProcessor","do_resize":false})", "do_resize"},
        {R"({"image_processor_type":"Siglip2ImageProcessor","patch_size":0})", "patch_size 0"},
    };
    for (const auto &[text, said] : cases) {
        const auto config = parsePreprocessorConfig(text);
        ASSERT_FALSE(config) << text;
        EXPECT_EQ(config.error().code, code::ConfigValue) << text;
        EXPECT_THAT(config.error().message, HasSubstr(said)) << text;
    }
}

TEST(PreprocessorConfigTest, ANaflexTowerTakesNoOtherKind)
{
    EXPECT_TRUE(parseNaflexConfig(R"({"image_processor_type":"Siglip2ImageProcessorFast"})"));
    const auto config = parseNaflexConfig(R"({"image_processor_type":"SiglipImageProcessor"})");
    ASSERT_FALSE(config);
    EXPECT_EQ(config.error().code, code::ConfigValue);
}

TEST(PreprocessorConfigTest, AMissingFileIsTheFoldersFault)
{
    const testing::TemporaryFolder folder;
    const auto config = readPreprocessorConfig(folder / "preprocessor_config.json");
    ASSERT_FALSE(config);
    EXPECT_EQ(config.error().code, code::ModelFolder);
}

TEST(FixedSizeTest, AnEmptyFrameIsRefused)
{
    const auto planes = preprocessFixedSize(Frame(), resizing(Stretch{{4, 4}}));
    ASSERT_FALSE(planes);
    EXPECT_EQ(planes.error().code, code::ImageNoPixels);
}

TEST(FixedSizeTest, ASideOfFiftyMillionPixelsIsRefused)
{
    for (const bool isTall : {false, true}) {
        const Frame frame = isTall ? uniformFrame(9, 1, 50'000'000) : uniformFrame(9, 50'000'000, 1);
        const auto planes = preprocessFixedSize(frame, resizing(ShortestEdge{336, {336, 336}}));
        ASSERT_FALSE(planes);
        EXPECT_EQ(planes.error().code, code::ImageSizeOutOfRange);
        EXPECT_THAT(planes.error().message, HasSubstr("50000000"));
    }
}

/// The longest picture that is taken, of one colour; resized as a whole it would have 2^30 columns or rows.
TEST(FixedSizeTest, OnlyTheCropOfALongPictureIsMade)
{
    for (const bool isTall : {false, true}) {
        const Frame frame = isTall ? uniformFrame(90, 1, 1 << 18) : uniformFrame(90, 1 << 18, 1);
        const auto planes = preprocessFixedSize(frame, resizing(ShortestEdge{4096, {40, 56}}));
        ASSERT_TRUE(planes);
        EXPECT_EQ(planes->picture.rgb.size(), 40U * 56 * 3);
        EXPECT_THAT(planes->picture.rgb, Each(90));
    }
}

/// As a whole it would have 2^36 pixels.
TEST(FixedSizeTest, TheCanvasOfALongPictureIsNotMade)
{
    for (const bool isTall : {false, true}) {
        const Frame frame = isTall ? uniformFrame(255, 1, 1 << 18) : uniformFrame(255, 1 << 18, 1);
        FixedSizeConfig config = resizing(ShortestEdge{336, {336, 336}});
        config.padsToSquare = true;
        std::fill_n(config.normalisation.mean, 3, 1.0);
        const auto planes = preprocessFixedSize(frame, config);
        ASSERT_TRUE(planes);
        EXPECT_THAT(planes->picture.rgb, Each(255));
    }
}

TEST(SquareGridTest, WhatTheShippedModelLearntAtTheFinestGridItIsShownAtTheFinestGrid)
{
    const std::filesystem::path resources = std::filesystem::path(AURORAEDGE_SOURCE_DIR) / "resources";
    const auto config = readPreprocessorConfig(resources / "models/nano/preprocessor_config.json");
    ASSERT_TRUE(config) << config.error().message;
    const nlohmann::json recipe = nlohmann::json::parse(testing::readFile(resources / "training/nano/recipe.json"));
    int asked = 0;
    for (const nlohmann::json &source : recipe.at("sources")) {
        if (!source.contains("drawn") || source.value("small", false))
            continue;
        const int side = source["drawn"]["side"].get<int>();
        const auto shown = preprocess(uniformFrame(90, side, side), *config);
        ASSERT_TRUE(shown);
        EXPECT_EQ(std::get<NaflexPatches>(*shown).gridHeight, std::get<NaflexConfig>(*config).squareGrids.back()) << source["name"];
        ++asked;
    }
    EXPECT_GE(asked, 7);
}

TEST(FixedSizeTest, TheCanvasHasTheColourOfTheMean)
{
    const auto planes = preprocessFixedSize(testFrame(30, 2), fixedSize(R"({"image_processor_type":"CLIPImageProcessor","image_aspect_ratio":"pad","size":30,"crop_size":30})"));
    ASSERT_TRUE(planes);
    EXPECT_THAT(std::vector(planes->picture.rgb.begin(), planes->picture.rgb.begin() + 3), ElementsAre(122, 116, 104));
    EXPECT_NEAR(planes->values.front(), (122 / 255.0 - 0.48145466) / 0.26862954, 1e-6);
}

TEST(FixedSizeTest, PreprocessGivesWhatTheKindOfTheConfigNeeds)
{
    const auto naflex = preprocess(testFrame(), NaflexConfig());
    ASSERT_TRUE(naflex);
    EXPECT_TRUE(std::holds_alternative<NaflexPatches>(*naflex));
    const auto fixed = preprocess(testFrame(), resizing(Stretch{{5, 7}}));
    ASSERT_TRUE(fixed);
    EXPECT_EQ(std::get<PixelPlanes>(*fixed).values.size(), 3U * 5 * 7);
    EXPECT_EQ(preprocess(Frame(), NaflexConfig()).error().code, code::ImageNoPixels);
    EXPECT_EQ(preprocess(Frame(), resizing(Stretch{{5, 7}})).error().code, code::ImageNoPixels);
}

} // namespace
} // namespace auroraedge::engine
