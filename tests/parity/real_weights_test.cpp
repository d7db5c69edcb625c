#include "engine/io/tensor_files.h"
#include "engine/models/debug_forward.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace auroraedge::engine {
namespace {

using auroraedge::testing::TemporaryFolder;

const std::filesystem::path kStories = std::filesystem::path(AURORAEDGE_SHARED_DIR) / "fixtures/weights/stories260K";

/// stories260K, a trained Llama with grouped KV heads: as one file and as shards.
class RealWeights : public ::testing::TestWithParam<const char *>
{
};

TEST_P(RealWeights, LogitsAndGreedyIdsAreThoseOfTheOriginalProgram)
{
    if (!std::filesystem::exists(kStories))
        GTEST_SKIP() << "weights are missing: " << kStories;
    std::ifstream file(kStories / "golden.json");
    const nlohmann::json prompts = nlohmann::json::parse(file);
    ASSERT_EQ(prompts.size(), 8U);
    for (const nlohmann::json &prompt : prompts) {
        const auto ids = prompt.at("prompt_ids").get<std::vector<std::int64_t>>();
        const auto wanted = prompt.at("greedy_ids").get<std::vector<std::int64_t>>();
        const auto logits = prompt.at("logits_at_prompt_end").get<std::vector<double>>();
        SCOPED_TRACE(prompt.value("prompt", ""));
        const TemporaryFolder scratch;
        const auto count = static_cast<std::int64_t>(ids.size());
        const TensorToWrite input{"input_ids", Dtype::I64, {1, count}, std::as_bytes(std::span(ids))};
        ASSERT_TRUE(writeTensors(scratch / "in.safetensors", {&input, 1}));
        const auto done = debugForward(kStories / GetParam(), scratch / "in.safetensors", scratch / "out.safetensors", static_cast<int>(wanted.size()));
        ASSERT_TRUE(done) << done.error().message;
        const auto made = TensorFiles::open(scratch / "out.safetensors");
        ASSERT_TRUE(made);
        const MappedTensor *greedy = made->find("greedy_ids"), *all = made->find("logits");
        ASSERT_EQ(greedy->shape, (std::vector<std::int64_t>{1, static_cast<std::int64_t>(wanted.size())}));
        EXPECT_EQ(std::memcmp(greedy->bytes.data(), wanted.data(), greedy->bytes.size()), 0);
        ASSERT_EQ(all->shape, (std::vector<std::int64_t>{1, count, static_cast<std::int64_t>(logits.size())}));
        const auto *last = reinterpret_cast<const float *>(all->bytes.data()) + (ids.size() - 1) * logits.size();
        for (std::size_t i = 0; i < logits.size(); ++i)
            ASSERT_NEAR(last[i], logits[i], 1e-4) << "id " << i;
    }
}

INSTANTIATE_TEST_SUITE_P(Stories260K, RealWeights, ::testing::Values("hf", "hf-sharded"));

} // namespace
} // namespace auroraedge::engine
