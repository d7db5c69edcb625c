#include "engine/text/bpe_learner.h"
#include "engine/text/byte_alphabet.h"
#include "engine/text/byte_bpe.h"
#include "engine/text/chat_prompt.h"
#include "engine/text/open_tokenizer.h"
#include "engine/text/sentencepiece_codec.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>

namespace auroraedge::engine {
namespace {

using Markers = TextCodec::Markers;
using testing::TemporaryFolder;
const std::filesystem::path kTokenizers = std::filesystem::path(AURORAEDGE_SHARED_DIR) / "fixtures/tokenizers";

std::unique_ptr<TextCodec> open(const std::filesystem::path &folder)
{
    auto codec = openTokenizer(folder);
    EXPECT_TRUE(codec) << codec.error().message;
    return codec ? std::move(*codec) : nullptr;
}

std::vector<nlohmann::json> vectorsOf(const std::string &name)
{
    std::vector<nlohmann::json> vectors;
    std::ifstream file(kTokenizers / name / "vectors.jsonl");
    for (std::string line; std::getline(file, line);)
        vectors.push_back(nlohmann::json::parse(line));
    return vectors;
}

std::string bytesOf(const nlohmann::json &vector)
{
    const std::string hex = vector["hex"];
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    return bytes;
}

class ReferenceIds : public ::testing::TestWithParam<const char *>
{
};

TEST_P(ReferenceIds, AreGivenForEveryVector)
{
    if (!std::filesystem::exists(kTokenizers / GetParam()))
        GTEST_SKIP() << "fixtures are missing: " << kTokenizers / GetParam();
    const auto codec = open(kTokenizers / GetParam());
    ASSERT_TRUE(codec);
    const auto vectors = vectorsOf(GetParam());
    ASSERT_GT(vectors.size(), 500U);
    for (const nlohmann::json &vector : vectors) {
        SCOPED_TRACE(vector["id"].get<std::string>());
        const auto recognised = codec->encode(bytesOf(vector), Markers::Recognised);
        ASSERT_TRUE(recognised);
        EXPECT_EQ(*recognised, vector["ids"].get<std::vector<std::int64_t>>());
        const auto plain = codec->encode(bytesOf(vector), Markers::Plain);
        ASSERT_TRUE(plain);
        EXPECT_EQ(*plain, vector[vector.contains("ids_plain") ? "ids_plain" : "ids"].get<std::vector<std::int64_t>>());
    }
}

INSTANTIATE_TEST_SUITE_P(Tokenizers, ReferenceIds, ::testing::Values("qwen2.5", "minimind"), [](const auto &param) {
    std::string name = param.param;
    std::erase(name, '.');
    return name;
});

class Qwen : public ::testing::Test
{
protected:
    void SetUp() override
    {
        if (!std::filesystem::exists(kTokenizers / "qwen2.5"))
            GTEST_SKIP() << "fixtures are missing: " << kTokenizers / "qwen2.5";
        codec = open(kTokenizers / "qwen2.5");
        ASSERT_TRUE(codec);
    }
    std::unique_ptr<TextCodec> codec;
};

TEST_F(Qwen, PromptHasTheTokenCountsOfTheReference)
{
    ChatTemplate shortSystem, longSystem;
    longSystem.system = "You are Qwen, created by Alibaba Cloud. You are a helpful assistant.";
    EXPECT_EQ(codec->encode("please describe the image.", Markers::Plain)->size(), 5U);
    EXPECT_EQ(encodeChatPrompt(*codec, shortSystem, "please describe the image.")->size(), 24U);
    EXPECT_EQ(encodeChatPrompt(*codec, longSystem, "please describe the image.")->size(), 34U);
    EXPECT_EQ(encodeChatPrompt(*codec, longSystem, "hello")->size(), 30U);
}

TEST_F(Qwen, UserTextNeverBecomesAControlToken)
{
    std::ifstream file(kTokenizers / "qwen2.5/tokenizer.json");
    const nlohmann::json document = nlohmann::json::parse(file);
    for (const nlohmann::json &token : document["added_tokens"]) {
        if (!token["special"].get<bool>())
            continue;
        const std::string marker = token["content"];
        for (const std::string &text : {marker, "a" + marker + "b", marker + marker, " " + marker + "\n"}) {
            const auto ids = codec->encode(text, Markers::Plain);
            ASSERT_TRUE(ids);
            for (const std::int64_t id : *ids)
                EXPECT_LT(id, 151643) << text;
            EXPECT_EQ(*codec->decode(*ids), text);
        }
    }
}

TEST_F(Qwen, OneMegabyteOfOneCharacterIsLinearWork)
{
    const std::string text(1 << 20, 'a');
    const auto start = std::chrono::steady_clock::now();
    const auto ids = codec->encode(text, Markers::Plain);
    ASSERT_TRUE(ids);
    EXPECT_EQ(*codec->decode(*ids), text);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10)); // a quadratic merge takes minutes
}

TEST_F(Qwen, QuestionsThatCannotBeAskedHaveTheirOwnCodes)
{
    EXPECT_EQ(encodeChatPrompt(*codec, {}, "").error().code, code::QuestionEmpty);
    EXPECT_EQ(encodeChatPrompt(*codec, {}, " \n\t ").error().code, code::QuestionEmpty);
    EXPECT_EQ(encodeChatPrompt(*codec, {}, "bad \xC3( text").error().code, code::QuestionUnreadable);
    EXPECT_EQ(encodeChatPrompt(*codec, {}, std::string_view("a\0b", 3)).error().code, code::QuestionUnreadable);
}

TEST(SentencePiece, GivesTheIdsOfTheLibrary)
{
    if (!std::filesystem::exists(kTokenizers / "llama"))
        GTEST_SKIP() << "fixtures are missing: " << kTokenizers / "llama";
    const TemporaryFolder folder;
    std::filesystem::copy_file(kTokenizers / "llama/tokenizer.model", folder / "tokenizer.model");
    const auto codec = open(folder.path());
    ASSERT_TRUE(codec);
    for (const nlohmann::json &vector : vectorsOf("llama")) {
        SCOPED_TRACE(vector["id"].get<std::string>());
        EXPECT_EQ(*codec->encode(bytesOf(vector), Markers::Plain), vector["ids"].get<std::vector<std::int64_t>>());
    }
}

/// Toy models, written by hand.
Result<std::unique_ptr<TextCodec>> toyModel(const std::string &name)
{
    return openSentencePiece(std::filesystem::path(AURORAEDGE_SOURCE_DIR) / "tests/data/fuzz/tokenizer_model" / name);
}

TEST(SentencePiece, NormalisesWithTheTableOfTheModel)
{
    const auto codec = toyModel("character_map.model"); // maps A to a
    ASSERT_TRUE(codec) << codec.error().message;
    EXPECT_EQ(*(*codec)->encode("iA", Markers::Plain), *(*codec)->encode("ia", Markers::Plain));
}

TEST(SentencePiece, ATableThatPointsOutOfItselfIsRefused)
{
    const auto codec = toyModel("character_map_out_of_range.model");
    ASSERT_FALSE(codec);
    EXPECT_EQ(codec.error().code, code::TokenizerEntry);
}

TEST(SentencePiece, AMarkerThatTheModelNeverCutsDoesNotReachThePromptFromUserText)
{
    const auto codec = toyModel("unigram_with_user_piece.model");
    ASSERT_TRUE(codec) << codec.error().message;
    EXPECT_TRUE(encodeChatPrompt(**codec, {}, "is a"));
    const auto prompt = encodeChatPrompt(**codec, {}, "is <|im_end|> a");
    ASSERT_FALSE(prompt);
    EXPECT_EQ(prompt.error().code, code::TokenizerSpecial);
}

TEST(ByteBpe, AReplacementThatWouldFillTheMemoryIsRefused)
{
    nlohmann::json document = {{"pre_tokenizer", {{"type", "ByteLevel"}}}, {"model", {{"type", "BPE"}, {"merges", nlohmann::json::array()}}}};
    document["normalizer"] = {{"type", "Replace"}, {"pattern", {{"String", "a"}}}, {"content", std::string(1 << 20, 'b')}};
    const ByteAlphabet alphabet;
    for (unsigned byte = 0; byte < 256; ++byte)
        document["model"]["vocab"][alphabet.written(std::string(1, static_cast<char>(byte)))] = byte;
    const auto codec = createByteBpe(document);
    ASSERT_TRUE(codec) << codec.error().message;
    const auto ids = (*codec)->encode(std::string(100'000, 'a'), Markers::Plain);
    ASSERT_FALSE(ids);
    EXPECT_EQ(ids.error().code, code::TokenizerEntry);
}

class LearnedTokenizer : public ::testing::Test
{
protected:
    void SetUp() override
    {
        ASSERT_TRUE(learnTokenizer(texts, markers, 400, folder / "tokenizer.json"));
        codec = open(folder.path());
        ASSERT_TRUE(codec);
    }

    const std::vector<std::string> texts{"How many bottles are there?", "Is there a bottle?", "yes", "no", "12 bottles and 12 caps, 1212"};
    const std::vector<std::string> markers{"<|endoftext|>", "<|im_start|>", "<|im_end|>"};
    const TemporaryFolder folder;
    std::unique_ptr<TextCodec> codec;
};

TEST_F(LearnedTokenizer, KeepsEveryDigitAlone)
{
    EXPECT_EQ(codec->encode("1212", Markers::Plain)->size(), 4U);
    EXPECT_EQ(codec->encode("yes", Markers::Plain)->size(), 1U);
}

TEST_F(LearnedTokenizer, RoundTripsAnyText)
{
    std::mt19937 random(7); // fixed, so a failure repeats
    const char32_t ranges[][2] = {{0x20, 0x7E}, {0x4E00, 0x9FA0}, {0x1F600, 0x1F640}, {0x410, 0x44F}};
    for (int round = 0; round < 200; ++round) {
        SCOPED_TRACE(round);
        std::string text;
        for (unsigned i = 0, length = static_cast<unsigned>(random() % 40); i < length; ++i) {
            const auto &range = ranges[random() % 4];
            const char32_t c = range[0] + static_cast<char32_t>(random() % (range[1] - range[0]));
            if (c < 0x80)
                text += static_cast<char>(c);
            else if (c < 0x800)
                text += {static_cast<char>(0xC0 | (c >> 6)), static_cast<char>(0x80 | (c & 0x3F))};
            else if (c < 0x10000)
                text += {static_cast<char>(0xE0 | (c >> 12)), static_cast<char>(0x80 | ((c >> 6) & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))};
            else
                text += {static_cast<char>(0xF0 | (c >> 18)), static_cast<char>(0x80 | ((c >> 12) & 0x3F)), static_cast<char>(0x80 | ((c >> 6) & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))};
        }
        EXPECT_EQ(*codec->decode(*codec->encode(text, Markers::Plain)), text);
    }
}

TEST_F(LearnedTokenizer, IsTheSameEveryTime)
{
    ASSERT_TRUE(learnTokenizer(texts, markers, 400, folder / "again.json"));
    std::ifstream a(folder / "tokenizer.json"), b(folder / "again.json");
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(a), {}), std::string(std::istreambuf_iterator<char>(b), {}));
}

struct BadTokenizer
{
    const char *name;
    const char *content;
};

class BadTokenizers : public ::testing::TestWithParam<BadTokenizer>
{
};

TEST_P(BadTokenizers, AreRefusedWithTheirCode)
{
    const TemporaryFolder folder;
    std::ofstream(folder / "tokenizer.json") << GetParam().content;
    const auto codec = openTokenizer(folder.path());
    ASSERT_FALSE(codec);
    EXPECT_EQ(codec.error().code, code::TokenizerEntry) << codec.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadTokenizers,
    ::testing::Values(BadTokenizer{"Empty", ""}, BadTokenizer{"NotJson", "{\"model\":"}, BadTokenizer{"Array", "[]"}, BadTokenizer{"NoModel", "{\"pre_tokenizer\":{\"type\":\"ByteLevel\"}}"},
                    BadTokenizer{"NoBytes", R"({"pre_tokenizer":{"type":"ByteLevel"},"model":{"type":"BPE","vocab":{"a":0},"merges":[]}})"},
                    BadTokenizer{"HugeId", R"({"pre_tokenizer":{"type":"ByteLevel"},"model":{"type":"BPE","vocab":{"a":99999999999},"merges":[]}})"},
                    BadTokenizer{"NegativeId", R"({"pre_tokenizer":{"type":"ByteLevel"},"model":{"type":"BPE","vocab":{"a":-1},"merges":[]}})"},
                    BadTokenizer{"IdTwice", R"({"pre_tokenizer":{"type":"ByteLevel"},"model":{"type":"BPE","vocab":{"a":1,"b":1},"merges":[]}})"},
                    BadTokenizer{"UnknownNormaliser", R"({"normalizer":{"type":"Magic"},"pre_tokenizer":{"type":"ByteLevel"},"model":{"type":"BPE","vocab":{},"merges":[]}})"},
                    BadTokenizer{"BadPattern", R"({"pre_tokenizer":{"type":"Split","pattern":{"Regex":"("},"behavior":"Isolated","invert":false},"model":{"type":"BPE","vocab":{},"merges":[]}})"},
                    BadTokenizer{"WrongType", R"({"pre_tokenizer":{"type":7},"model":{}})"}),
    [](const auto &param) { return std::string(param.param.name); });

} // namespace
} // namespace auroraedge::engine
