#include "engine/create_engine.h"
#include "engine/io/sha256.h"
#include "engine/io/tensor_files.h"
#include "engine/vision/preprocessor.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>

namespace auroraedge::engine {
namespace {

using nlohmann::json;
using testing::TemporaryFolder;

const std::filesystem::path kFixtures = std::filesystem::path(AURORAEDGE_SHARED_DIR) / "fixtures/parity";

const json kNaflexFile = {{"image_processor_type", "Siglip2ImageProcessor"}, {"patch_size", 16}, {"max_num_patches", 256}, {"resample", 2}};

/// As the public SigLIP folders write it; 3 is Pillow's bicubic.
json siglipFile(int side, int resample = 3)
{
    return {{"image_processor_type", "SiglipImageProcessor"}, {"size", {{"height", side}, {"width", side}}}, {"resample", resample},
            {"do_resize", true}, {"do_rescale", true}, {"rescale_factor", 1.0 / 255}, {"do_normalize", true},
            {"image_mean", {0.5, 0.5, 0.5}}, {"image_std", {0.5, 0.5, 0.5}}};
}

/// As OpenAI's folders write it; with @p pads LLaVA's key beside.
json clipFile(int side, bool pads)
{
    json file = {{"feature_extractor_type", "CLIPFeatureExtractor"}, {"size", side}, {"crop_size", side}, {"resample", 3},
                 {"do_resize", true}, {"do_center_crop", true}, {"do_normalize", true},
                 {"image_mean", {0.48145466, 0.4578275, 0.40821073}}, {"image_std", {0.26862954, 0.26130258, 0.27577711}}};
    if (pads)
        file["image_aspect_ratio"] = "pad";
    return file;
}

json readJson(const std::filesystem::path &path)
{
    std::ifstream file(path);
    return json::parse(file);
}

std::string sha256(const std::vector<std::uint8_t> &bytes)
{
    return sha256Hex(std::as_bytes(std::span(bytes)));
}

/// The picture as RGB, by the rule the fixture names.
Frame readPicture(const std::filesystem::path &path, const std::string &toRgb)
{
    cv::Mat picture = cv::imread(path.string(), cv::IMREAD_UNCHANGED);
    if (picture.channels() == 4) {
        cv::Mat plain(picture.size(), CV_8UC3);
        const bool isDropped = toRgb.find("drop") != std::string::npos;
        for (int y = 0; y < picture.rows; ++y) {
            for (int x = 0; x < picture.cols; ++x) {
                const auto pixel = picture.at<cv::Vec4b>(y, x);
                for (int c = 0; c < 3; ++c) {
                    // Pillow's blend onto white, rounded as its compositing does.
                    const unsigned alpha = pixel[3], blended = pixel[c] * alpha + 255U * (255U - alpha) + 128U;
                    plain.at<cv::Vec3b>(y, x)[c] = isDropped ? pixel[c] : static_cast<std::uint8_t>((blended + (blended >> 8)) >> 8);
                }
            }
        }
        picture = plain;
    }
    cv::cvtColor(picture, picture, picture.channels() == 1 ? cv::COLOR_GRAY2RGB : cv::COLOR_BGR2RGB);
    Frame frame;
    frame.widthPx = picture.cols;
    frame.heightPx = picture.rows;
    frame.strideBytes = static_cast<std::ptrdiff_t>(picture.step[0]);
    frame.pixels = {std::make_shared<cv::Mat>(picture), picture.data};
    return frame;
}

/// One case folder of the fixtures, and which of its tensors have been compared.
class PreprocessingParity : public ::testing::Test
{
protected:
    bool open(const char *name)
    {
        m_folder = kFixtures / name;
        if (!std::filesystem::exists(m_folder))
            return false;
        auto tensors = TensorFiles::open(m_folder / "expected.safetensors");
        EXPECT_TRUE(tensors) << tensors.error().message;
        if (tensors)
            m_tensors = std::move(*tensors);
        m_expected = readJson(m_folder / "expected.json");
        return true;
    }

    [[nodiscard]] const json &pictures() const { return m_expected["pictures"]; }
    [[nodiscard]] Frame read(const json &facts) const
    {
        return readPicture(m_folder / facts["source"].get<std::string>(), facts["to_rgb"].get<std::string>());
    }

    /// The wanted tensor; empty with a failure where the fixture has none.
    template <typename T>
    std::span<const T> expected(const std::string &name)
    {
        const MappedTensor *tensor = m_tensors->find(name);
        EXPECT_NE(tensor, nullptr) << name;
        m_compared.insert(name);
        return tensor ? std::span(reinterpret_cast<const T *>(tensor->bytes.data()), tensor->bytes.size() / sizeof(T)) : std::span<const T>();
    }
    [[nodiscard]] bool has(const std::string &name) const { return m_tensors->find(name) != nullptr; }

    void compareBytes(const std::vector<std::uint8_t> &made, const std::string &name)
    {
        const auto want = expected<std::uint8_t>(name);
        EXPECT_TRUE(std::equal(made.begin(), made.end(), want.begin(), want.end())) << name;
    }
    static void compareFloats(std::span<const float> made, std::span<const float> want)
    {
        ASSERT_EQ(made.size(), want.size());
        for (std::size_t i = 0; i < want.size(); ++i)
            ASSERT_NEAR(made[i], want[i], 1e-6) << "value " << i;
    }
    void expectAllCompared() const
    {
        for (const auto &[name, tensor] : m_tensors->tensors())
            EXPECT_TRUE(m_compared.contains(name)) << name;
        EXPECT_FALSE(m_compared.empty());
    }

    /// By way of a config file and the program's own command, as anybody would.
    std::optional<TensorFiles> debugPreprocess(const json &file, const Frame &frame) const
    {
        const std::string out = (m_made / "out.safetensors").string();
        const Result<void> done = createEngine()->debugPreprocess(m_made.write("preprocessor_config.json", file.dump()).string(), frame, out);
        EXPECT_TRUE(done) << done.error().message;
        Result<TensorFiles> made = TensorFiles::open(out);
        EXPECT_TRUE(made) << made.error().message;
        return made ? std::optional(std::move(*made)) : std::nullopt;
    }

    static PixelPlanes planesOf(const json &file, const Frame &frame)
    {
        const auto config = parsePreprocessorConfig(file.dump());
        EXPECT_TRUE(config) << config.error().message;
        auto made = config ? preprocess(frame, *config) : Result<Preprocessed>(failure(config.error()));
        EXPECT_TRUE(made) << made.error().message;
        return made ? std::get<PixelPlanes>(std::move(*made)) : PixelPlanes();
    }

private:
    std::filesystem::path m_folder;
    json m_expected;
    std::optional<TensorFiles> m_tensors;
    std::set<std::string> m_compared;
    TemporaryFolder m_made;
};

void expectTensor(const TensorFiles &made, const char *name, Dtype dtype, const std::vector<std::int64_t> &shape)
{
    const MappedTensor *tensor = made.find(name);
    ASSERT_NE(tensor, nullptr) << name;
    EXPECT_EQ(tensor->dtype, dtype) << name;
    EXPECT_EQ(tensor->shape, shape) << name;
}

template <typename T>
std::span<const T> valuesOf(const TensorFiles &made, const char *name)
{
    const MappedTensor *tensor = made.find(name);
    return tensor ? std::span(reinterpret_cast<const T *>(tensor->bytes.data()), tensor->bytes.size() / sizeof(T)) : std::span<const T>();
}

TEST(NaflexSize, EqualsTheReferenceForTheWholeTable)
{
    const std::filesystem::path file = kFixtures / "preprocess_naflex/size_table.json";
    if (!std::filesystem::exists(file))
        GTEST_SKIP() << "fixtures are missing: " << file;
    const json table = readJson(file);
    for (const json &row : table["rows"]) {
        const PixelSize size = naflexSize({row[0].get<int>(), row[1].get<int>()}, table["patch"].get<int>(), table["budget"].get<int>());
        EXPECT_EQ(size, (PixelSize{row[2].get<int>(), row[3].get<int>()})) << row.dump();
    }
    ASSERT_EQ(table["other_columns"], json({"patch", "budget", "height", "width", "resized_height", "resized_width"}));
    for (const json &row : table["other_rows"]) {
        const PixelSize size = naflexSize({row[2].get<int>(), row[3].get<int>()}, row[0].get<int>(), row[1].get<int>());
        EXPECT_EQ(size, (PixelSize{row[4].get<int>(), row[5].get<int>()})) << row.dump();
    }
    EXPECT_EQ(table["rows"].size() + table["other_rows"].size(), 445U);
}

TEST_F(PreprocessingParity, NaflexEqualsPillowBitForBitAndTheFloatsOfTheReference)
{
    if (!open("preprocess_naflex"))
        GTEST_SKIP() << "fixtures are missing: " << kFixtures;
    for (const auto &[name, facts] : pictures().items()) {
        SCOPED_TRACE(name);
        const Frame frame = read(facts);
        const auto made = debugPreprocess(kNaflexFile, frame);
        ASSERT_TRUE(made);
        expectTensor(*made, "resized", Dtype::U8, {facts["resized_height"].get<int>(), facts["resized_width"].get<int>(), 3});
        EXPECT_EQ(sha256Hex(std::as_bytes(valuesOf<std::uint8_t>(*made, "resized"))), facts["resized_sha256"].get<std::string>());
        expectTensor(*made, "spatial_shapes", Dtype::I64, {1, 2});
        EXPECT_EQ(json(valuesOf<std::int64_t>(*made, "spatial_shapes")), facts["grid"]);
        expectTensor(*made, "pixel_attention_mask", Dtype::I32, {1, 256});
        const auto mask = valuesOf<std::int32_t>(*made, "pixel_attention_mask");
        const auto valid = facts["valid"].get<std::ptrdiff_t>();
        EXPECT_TRUE(std::all_of(mask.begin(), mask.begin() + valid, [](int bit) { return bit == 1; }));
        EXPECT_TRUE(std::all_of(mask.begin() + valid, mask.end(), [](int bit) { return bit == 0; }));

        expectTensor(*made, "pixel_values", Dtype::F32, {1, 256, 768});
        const auto values = valuesOf<float>(*made, "pixel_values");
        const auto index = expected<std::int64_t>(name + ".row_index");
        const auto rows = expected<float>(name + ".rows");
        for (std::size_t i = 0; i < index.size(); ++i)
            compareFloats(values.subspan(static_cast<std::size_t>(index[i]) * 768, 768), rows.subspan(i * 768, 768));
        if (has(name + ".pixel_values"))
            compareFloats(values, expected<float>(name + ".pixel_values"));
    }
    expectAllCompared();
}

TEST_F(PreprocessingParity, SiglipEqualsPillowBitForBitAndTheFloatsOfTheReference)
{
    if (!open("preprocess_siglip"))
        GTEST_SKIP() << "fixtures are missing: " << kFixtures;
    for (const auto &[name, facts] : pictures().items()) {
        SCOPED_TRACE(name);
        const Frame frame = read(facts);
        const PixelPlanes planes = planesOf(siglipFile(56), frame);
        compareBytes(planes.picture.rgb, name + ".resized");
        compareFloats(planes.values, expected<float>(name + ".pixel_values"));
        compareBytes(planesOf(siglipFile(56, /*resample=*/2), frame).picture.rgb, name + ".resized_bilinear");
        EXPECT_EQ(sha256(planesOf(siglipFile(384), frame).picture.rgb), facts["resized_384_bicubic_sha256"].get<std::string>());

        const auto made = debugPreprocess(siglipFile(56), frame);
        ASSERT_TRUE(made);
        expectTensor(*made, "resized", Dtype::U8, {56, 56, 3});
        expectTensor(*made, "pixel_values", Dtype::F32, {1, 3, 56, 56});
        compareFloats(valuesOf<float>(*made, "pixel_values"), planes.values);
        EXPECT_EQ(made->tensors().size(), 2U);
    }
    expectAllCompared();
}

TEST_F(PreprocessingParity, ClipEqualsPillowBitForBitAndTheFloatsOfTheReference)
{
    if (!open("preprocess_clip"))
        GTEST_SKIP() << "fixtures are missing: " << kFixtures;
    int largePictures = 0;
    for (const auto &[name, facts] : pictures().items()) {
        const Frame frame = read(facts);
        for (const bool pads : {false, true}) {
            const std::string kind = pads ? "pad" : "plain", prefix = name + "." + kind;
            SCOPED_TRACE(prefix);
            const int longer = std::max(frame.heightPx, frame.widthPx);
            const PixelSize whole = shortestEdgeSize(pads ? PixelSize{longer, longer} : PixelSize{frame.heightPx, frame.widthPx}, 56);
            EXPECT_EQ(json({whole.heightPx, whole.widthPx}), facts[kind]["resized_before_crop"]);

            const PixelPlanes planes = planesOf(clipFile(56, pads), frame);
            compareBytes(planes.picture.rgb, prefix + ".cropped");
            compareFloats(planes.values, expected<float>(prefix + ".pixel_values"));
            if (facts[kind].contains("cropped_336_sha256")) {
                EXPECT_EQ(sha256(planesOf(clipFile(336, pads), frame).picture.rgb), facts[kind]["cropped_336_sha256"].get<std::string>());
                ++largePictures;
            }

            const auto made = debugPreprocess(clipFile(56, pads), frame);
            ASSERT_TRUE(made);
            expectTensor(*made, "cropped", Dtype::U8, {56, 56, 3});
            expectTensor(*made, "pixel_values", Dtype::F32, {1, 3, 56, 56});
            compareFloats(valuesOf<float>(*made, "pixel_values"), planes.values);
            EXPECT_EQ(made->tensors().size(), 2U);
        }
    }
    EXPECT_EQ(largePictures, 20); // the reference could not make the two long ones before their crop
    expectAllCompared();
}

} // namespace
} // namespace auroraedge::engine
