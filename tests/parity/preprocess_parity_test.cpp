#include "engine/io/tensor_files.h"
#include "engine/vision/preprocessor.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <sodium.h>

#include <cmath>
#include <filesystem>
#include <fstream>

namespace auroraedge::engine {
namespace {

const std::filesystem::path kFixtures = std::filesystem::path(AURORAEDGE_SHARED_DIR) / "fixtures/parity/preprocess_naflex";

nlohmann::json readJson(const std::filesystem::path &path)
{
    std::ifstream file(path);
    return nlohmann::json::parse(file);
}

std::string sha256(const std::vector<std::uint8_t> &bytes)
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, bytes.data(), bytes.size());
    char hex[2 * sizeof digest + 1];
    return sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
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

TEST(NaflexSize, EqualsTheReferenceForTheWholeTable)
{
    if (!std::filesystem::exists(kFixtures))
        GTEST_SKIP() << "fixtures are missing: " << kFixtures;
    const nlohmann::json table = readJson(kFixtures / "size_table.json");
    int rows = 0;
    const auto check = [&](const nlohmann::json &part) {
        for (const nlohmann::json &row : part["rows"]) {
            const PixelSize size = naflexSize({row[0].get<int>(), row[1].get<int>()}, part["patch"].get<int>(), part["budget"].get<int>());
            EXPECT_EQ(size, (PixelSize{row[2].get<int>(), row[3].get<int>()})) << row.dump();
            ++rows;
        }
    };
    check(table);
    for (const auto &[key, value] : table.items())
        if (value.is_array())
            for (const nlohmann::json &part : value)
                if (part.is_object() && part.contains("rows"))
                    check(part);
    EXPECT_GT(rows, 15);
}

TEST(NaflexPreprocessing, EqualsPillowBitForBitAndTheFloatsOfTheReference)
{
    if (!std::filesystem::exists(kFixtures))
        GTEST_SKIP() << "fixtures are missing: " << kFixtures;
    const nlohmann::json expected = readJson(kFixtures / "expected.json");
    const auto tensors = TensorFiles::open(kFixtures / "expected.safetensors");
    ASSERT_TRUE(tensors);
    const NaflexConfig config;
    for (const auto &[name, facts] : expected["pictures"].items()) {
        SCOPED_TRACE(name);
        const Frame frame = readPicture(kFixtures / facts["source"].get<std::string>(), facts["to_rgb"].get<std::string>());
        const auto patches = preprocessNaflex(frame, config);
        ASSERT_TRUE(patches);
        EXPECT_EQ(patches->gridHeight, facts["grid"][0].get<int>());
        EXPECT_EQ(patches->gridWidth, facts["grid"][1].get<int>());
        EXPECT_EQ(sha256(patches->resized.rgb), facts["resized_sha256"].get<std::string>());

        const std::size_t width = 768;
        const auto compareRow = [&](const float *want, std::size_t row) {
            for (std::size_t i = 0; i < width; ++i)
                ASSERT_NEAR(patches->values[row * width + i], want[i], 1e-6) << "row " << row << " value " << i;
        };
        if (const MappedTensor *rows = tensors->find(name + ".rows")) {
            const MappedTensor *index = tensors->find(name + ".row_index");
            ASSERT_NE(index, nullptr);
            for (std::size_t i = 0; i < static_cast<std::size_t>(rows->shape[0]); ++i)
                compareRow(reinterpret_cast<const float *>(rows->bytes.data()) + i * width,
                           static_cast<std::size_t>(reinterpret_cast<const std::int64_t *>(index->bytes.data())[i]));
        }
        if (const MappedTensor *all = tensors->find(name + ".pixel_values"))
            for (std::size_t row = 0; row < 256; ++row)
                compareRow(reinterpret_cast<const float *>(all->bytes.data()) + row * width, row);
    }
}

} // namespace
} // namespace auroraedge::engine
