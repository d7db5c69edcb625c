#include "engine/io/tensor_files.h"
#include "engine/models/debug_forward.h"
#include "tests/parity/forward_cases.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <filesystem>

namespace auroraedge::engine {
namespace {

/// Rows of padded slots are meaningless in everything the tower computes after the embeddings.
bool hasMeaninglessRows(const std::string &name)
{
    return name.starts_with("hidden.") || name == "last_hidden_state" || name == "H_v" || name == "H_v2t";
}

void expectClose(const std::string &name, const MappedTensor &got, const MappedTensor &want, std::span<const std::int32_t> mask)
{
    SCOPED_TRACE(name);
    ASSERT_EQ(got.shape, want.shape);
    ASSERT_EQ(dtypeName(got.dtype), dtypeName(want.dtype));
    if (want.dtype == Dtype::I64) {
        EXPECT_EQ(std::memcmp(got.bytes.data(), want.bytes.data(), want.bytes.size()), 0);
        return;
    }
    const double tolerance = name.find("long.") != std::string::npos ? 5e-4 : 1e-4;
    const auto a = valuesOf<float>(got), b = valuesOf<float>(want);
    const std::size_t width = static_cast<std::size_t>(want.shape.empty() ? 1 : want.shape.back());
    double worst = 0;
    for (std::size_t i = 0; i < b.size(); ++i) {
        const std::size_t row = i / width;
        if (hasMeaninglessRows(name) && row < mask.size() && mask[row] == 0)
            continue;
        ASSERT_TRUE(std::isfinite(a[i]));
        worst = std::max(worst, (std::abs(static_cast<double>(a[i]) - b[i]) - tolerance * std::abs(b[i])) / tolerance);
    }
    EXPECT_LE(worst, 1.0) << "largest difference in tolerances";
}

/// Two right bf16 computations differ by their order of sums: mean 0.05, worst 0.35, each row's direction 0.999.
void expectCloseInBf16(const std::string &name, const MappedTensor &got, const MappedTensor &want)
{
    SCOPED_TRACE(name);
    ASSERT_EQ(got.shape, want.shape);
    ASSERT_EQ(got.dtype, Dtype::F32);
    const auto a = valuesOf<float>(got), b = valuesOf<float>(want);
    const std::size_t width = static_cast<std::size_t>(want.shape.back());
    double sum = 0, worst = 0;
    for (std::size_t row = 0; row < b.size() / width; ++row) {
        double product = 0, aa = 0, bb = 0;
        for (std::size_t i = row * width; i < (row + 1) * width; ++i) {
            const double x = a[i], y = b[i];
            sum += std::abs(x - y);
            worst = std::max(worst, std::abs(x - y));
            product += x * y;
            aa += x * x;
            bb += y * y;
        }
        EXPECT_GE(product / std::sqrt(aa * bb), 0.999) << "row " << row;
    }
    EXPECT_LE(sum / static_cast<double>(b.size()), 0.05);
    EXPECT_LE(worst, 0.35);
}

class ForwardParity : public ::testing::TestWithParam<const char *>
{
};

TEST_P(ForwardParity, EveryNamedOutputEqualsTheReference)
{
    const std::filesystem::path folder = kFixtures / GetParam();
    if (!std::filesystem::exists(folder))
        GTEST_SKIP() << "fixtures are missing: " << folder;
    const auto expected = TensorFiles::open(folder / "expected.safetensors");
    ASSERT_TRUE(expected) << expected.error().message;
    int steps = 0;
    for (const auto &[name, tensor] : expected->tensors())
        if (name.ends_with("greedy_ids"))
            steps = static_cast<int>(tensor.shape[1]);

    const auroraedge::testing::TemporaryFolder scratch; // another run of the tests may be at the same case
    const std::filesystem::path outputs = scratch / "outputs.safetensors";
    const auto done = debugForward(folder, folder / "inputs.safetensors", outputs, steps);
    ASSERT_TRUE(done) << done.error().message;
    const auto made = TensorFiles::open(outputs);
    ASSERT_TRUE(made) << made.error().message;
    const auto inputs = TensorFiles::open(folder / "inputs.safetensors");
    ASSERT_TRUE(inputs);
    const MappedTensor *mask = inputs->find("pixel_attention_mask");
    for (const auto &[name, want] : expected->tensors()) {
        const MappedTensor *got = made->find(name);
        ASSERT_NE(got, nullptr) << name << " was not written";
        if (name.starts_with("bf16.")) {
            expectCloseInBf16(name, *got, want);
            continue;
        }
        expectClose(name, *got, want, mask ? valuesOf<std::int32_t>(*mask) : std::span<const std::int32_t>());
    }
}

TEST(TensorNames, AVisionFileWithoutThePrefixOfPublicFilesIsReadToo)
{
    const std::filesystem::path folder = kFixtures / "clip";
    if (!std::filesystem::exists(folder))
        GTEST_SKIP() << "fixtures are missing: " << folder;
    const auroraedge::testing::TemporaryFolder model;
    std::filesystem::copy_file(folder / "config.json", model / "config.json");
    std::filesystem::copy_file(folder / "model_noprefix.safetensors", model / "model.safetensors");
    const auto done = debugForward(model.path(), folder / "inputs.safetensors", model / "outputs.safetensors", 0);
    ASSERT_TRUE(done) << done.error().message;
    const auto made = TensorFiles::open(model / "outputs.safetensors"), expected = TensorFiles::open(folder / "expected.safetensors");
    ASSERT_TRUE(made && expected);
    expectClose("features", *made->find("features"), *expected->find("features"), {});
}

INSTANTIATE_TEST_SUITE_P(Parts, ForwardParity, ::testing::ValuesIn(kPartCases), [](const auto &param) { return std::string(param.param); });
INSTANTIATE_TEST_SUITE_P(Fixtures, ForwardParity, ::testing::ValuesIn(kAnsweringCases), [](const auto &param) { return std::string(param.param); });

} // namespace
} // namespace auroraedge::engine
