#include "engine/text/bpe_learner.h"
#include "engine/text/byte_alphabet.h"
#include "engine/text/byte_bpe.h"
#include "engine/text/chat_prompt.h"
#include "engine/text/open_tokenizer.h"
#include "engine/text/sentencepiece_codec.h"
#include "tests/parity/tokenizer_vectors.h"
#include "tests/support/peak_memory.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <random>
#include <span>

namespace auroraedge::engine {
namespace {

using Markers = TextCodec::Markers;
using nlohmann::json;
using testing::TemporaryFolder;
const std::filesystem::path kTokenizers = std::filesystem::path(AURORAEDGE_SHARED_DIR) / "fixtures/tokenizers";

std::unique_ptr<TextCodec> open(const std::filesystem::path &folder)
{
    auto codec = openTokenizer(folder);
    EXPECT_TRUE(codec) << codec.error().message;
    return codec ? std::move(*codec) : nullptr;
}

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
    ChatTemplate shortSystem, longSystem, noSystem;
    noSystem.hasSystemTurn = false;
    longSystem.system = "You are Qwen, created by Alibaba Cloud. You are a helpful assistant.";
    EXPECT_EQ(codec->encode("please describe the image.", Markers::Plain)->size(), 5U);
    EXPECT_EQ(encodeChatPrompt(*codec, shortSystem, "please describe the image.")->size(), 24U);
    EXPECT_EQ(encodeChatPrompt(*codec, longSystem, "please describe the image.")->size(), 34U);
    EXPECT_EQ(encodeChatPrompt(*codec, longSystem, "hello")->size(), 30U);
    EXPECT_EQ(encodeChatPrompt(*codec, noSystem, "please describe the image.")->size(), 13U);
    EXPECT_EQ(encodeChatPrompt(*codec, noSystem, "<image>\nplease describe the image.")->size(), 13U + 3U);
    EXPECT_EQ(codec->encode("<|vision_start|><|image_pad|><|vision_end|>", Markers::Recognised)->size(), 3U);
    EXPECT_EQ(codec->encode("<|vision_start|><|image_pad|><|vision_end|>\n", Markers::Recognised)->size(), 4U);
}

TEST_F(Qwen, PromptIsTheTextOfTheTemplate)
{
    // Written out with its markers and read with them, the template gives the same ids as the prompt put together.
    ChatTemplate chat;
    const std::string text = "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\nIs a cap missing?<|im_end|>\n<|im_start|>assistant\n";
    EXPECT_EQ(*encodeChatPrompt(*codec, chat, "Is a cap missing?"), *codec->encode(text, Markers::Recognised));
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

TEST_F(Qwen, QuestionsThatCannotBeAskedHaveTheirOwnCodes)
{
    EXPECT_EQ(encodeChatPrompt(*codec, {}, "").error().code, code::QuestionEmpty);
    EXPECT_EQ(encodeChatPrompt(*codec, {}, " \n\t ").error().code, code::QuestionEmpty);
    EXPECT_EQ(encodeChatPrompt(*codec, {}, "bad \xC3( text").error().code, code::QuestionUnreadable);
    EXPECT_EQ(encodeChatPrompt(*codec, {}, std::string_view("a\0b", 3)).error().code, code::QuestionUnreadable);
}

class OneMegabyte : public ::testing::TestWithParam<testing::TokenizerFixture>
{
};

TEST_P(OneMegabyte, OfOneCharacterIsNotQuadraticWork)
{
    if (testing::kIsSanitized)
        GTEST_SKIP() << "a sanitizer's work is not the tokenizer's";
    const std::filesystem::path folder = testing::TokenizerFixture::at(GetParam().folder);
    if (!std::filesystem::exists(folder))
        GTEST_SKIP() << "fixtures are missing: " << folder;
    const auto codec = open(folder);
    ASSERT_TRUE(codec);
    for (const std::string character : {"a", " ", "\n", "\xE4\xB8\x80", "\xF0\x9F\x98\x80", "0", "!"}) {
        SCOPED_TRACE("'" + character + "'");
        std::string text;
        while (text.size() < 1'000'000)
            text += character;
        const std::clock_t start = std::clock(); // of this process: another one may have the processor meanwhile
        const auto ids = codec->encode(text, Markers::Plain);
        const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
        ASSERT_TRUE(ids) << ids.error().message;
        EXPECT_LT(seconds, 2) << "the purchase order's bound; quadratic work takes minutes";
    }
}

INSTANTIATE_TEST_SUITE_P(Tokenizers, OneMegabyte, ::testing::ValuesIn(testing::kTokenizerFixtures), [](const auto &param) { return std::string(param.param.name); });

TEST(Clip, DecodesToLowerCaseWordsWithOneSpaceBetween)
{
    if (!std::filesystem::exists(kTokenizers / "clip"))
        GTEST_SKIP() << "fixtures are missing: " << kTokenizers / "clip";
    const auto codec = open(kTokenizers / "clip");
    ASSERT_TRUE(codec);
    EXPECT_EQ(*codec->decode(*codec->encode("  A photo of\n2 CATS!", Markers::Plain)), "a photo of 2 cats !");
    EXPECT_EQ(*codec->decode(*codec->encode("<|startoftext|>a cat<|endoftext|>", Markers::Recognised)), "a cat");
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

/// A field of a protobuf message: a message or a text.
std::string field(char number, const std::string &content)
{
    std::string length;
    std::size_t rest = content.size();
    for (; rest > 0x7F; rest >>= 7)
        length += static_cast<char>(0x80 | (rest & 0x7F));
    length += static_cast<char>(rest);
    return static_cast<char>(number << 3 | 2) + length + content;
}

const std::string kUnigram = "\x18\x01", kBpe = "\x18\x02"; // TrainerSpec.model_type

/// A SentencePiece model of @p pieces, with <unk> before them.
std::string modelOf(const std::vector<std::string> &pieces, const std::string &modelType = kBpe)
{
    const std::string unknownKind = "\x18\x02";
    std::string model = field(1, field(1, "<unk>") + unknownKind);
    for (const std::string &piece : pieces)
        model += field(1, field(1, piece));
    return model + field(2, modelType);
}

std::vector<std::string> numbered(std::size_t count)
{
    std::vector<std::string> pieces;
    for (std::size_t i = 0; i < count; ++i)
        pieces.push_back(std::to_string(i));
    return pieces;
}

Result<std::unique_ptr<TextCodec>> openModel(const std::string &model)
{
    return parseSentencePiece(std::as_bytes(std::span(model)));
}

TEST(SentencePiece, APieceTooLongForTheLibraryIsRefused)
{
    EXPECT_TRUE(openModel(modelOf({std::string(1024, 'a')})));
    const auto codec = openModel(modelOf({std::string(1025, 'a')}));
    ASSERT_FALSE(codec);
    EXPECT_EQ(codec.error().code, code::TokenizerEntry);
    EXPECT_EQ(codec.error().message, "tokenizer.model holds a piece of more than 1024 bytes");
}

TEST(SentencePiece, MorePiecesThanTheMemoryAllowsAreRefused)
{
    const auto codec = openModel(modelOf(numbered(300'000)));
    ASSERT_FALSE(codec);
    EXPECT_EQ(codec.error().code, code::TokenizerEntry);
    EXPECT_EQ(codec.error().message, "tokenizer.model would take more than 60 MiB of memory");
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

/// A byte-level vocabulary of the 256 bytes, "ab" and "<end>" with one merge, in the layout of Hugging Face.
json toyDocument()
{
    json document = {{"normalizer", nullptr},
                     {"pre_tokenizer", {{"type", "ByteLevel"}, {"add_prefix_space", false}}},
                     {"decoder", {{"type", "ByteLevel"}}},
                     {"added_tokens", {{{"id", 257}, {"content", "<end>"}, {"special", true}}}},
                     {"model", {{"type", "BPE"}, {"merges", {"a b"}}}}};
    const ByteAlphabet alphabet;
    for (unsigned byte = 0; byte < 256; ++byte)
        document["model"]["vocab"][alphabet.written(std::string(1, static_cast<char>(byte)))] = byte;
    document["model"]["vocab"]["ab"] = 256;
    return document;
}

/// The same with byte_fallback, as LLaMA's; entries "a" and U+2581 beside the bytes.
json toyFallbackDocument()
{
    json document = {{"normalizer", {{"type", "Replace"}, {"pattern", {{"String", " "}}}, {"content", "\xE2\x96\x81"}}},
                     {"model", {{"type", "BPE"}, {"byte_fallback", true}, {"merges", json::array()}}}};
    document["decoder"] = {{"type", "Sequence"},
                           {"decoders",
                            {{{"type", "Replace"}, {"pattern", {{"String", "\xE2\x96\x81"}}}, {"content", " "}},
                             {{"type", "ByteFallback"}},
                             {{"type", "Fuse"}}}}};
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (unsigned byte = 0; byte < 256; ++byte)
        document["model"]["vocab"][std::string{'<', '0', 'x', digits[byte / 16], digits[byte % 16], '>'}] = byte;
    document["model"]["vocab"]["a"] = 256;
    document["model"]["vocab"]["\xE2\x96\x81"] = 257;
    return document;
}

Result<std::unique_ptr<TextCodec>> openText(const std::string &text)
{
    const Result<TokenizerFile> file = TokenizerFile::parse(text);
    return file ? createByteBpe(*file) : failure(file.error());
}

TEST(ByteBpe, AReplacementThatWouldFillTheMemoryIsRefused)
{
    json document = toyDocument();
    document["normalizer"] = {{"type", "Replace"}, {"pattern", {{"String", "a"}}}, {"content", std::string(60'000, 'b')}};
    const auto codec = openText(document.dump());
    ASSERT_TRUE(codec) << codec.error().message;
    const auto ids = (*codec)->encode(std::string(100'000, 'a'), Markers::Plain);
    ASSERT_FALSE(ids);
    EXPECT_EQ(ids.error().code, code::TokenizerEntry);
}

TEST(ByteBpe, MergesMayComeBeforeTheVocabularyAndAsPairs)
{
    const json document = toyDocument(); // its keys are sorted
    std::string text = document.dump();
    ASSERT_LT(text.find("\"merges\""), text.find("\"vocab\""));
    EXPECT_EQ(*(*openText(text))->encode("ab", Markers::Plain), (std::vector<std::int64_t>{256}));
    json pairs = document;
    pairs["model"]["merges"] = json::array({json::array({"a", "b"})});
    EXPECT_EQ(*(*openText(pairs.dump()))->encode("ab", Markers::Plain), (std::vector<std::int64_t>{256}));
}

TEST(ByteBpe, DecodesAsTheDecoderSays)
{
    json document = toyFallbackDocument();
    EXPECT_EQ(*(*openText(document.dump()))->decode(std::vector<std::int64_t>{257, 257, 256, 0xC3, 0xA9}), "  a\xC3\xA9");
    document["decoder"]["decoders"].push_back({{"type", "Strip"}, {"content", " "}, {"start", 1}, {"stop", 0}});
    EXPECT_EQ(*(*openText(document.dump()))->decode(std::vector<std::int64_t>{257, 257, 256}), " a");
    document["decoder"]["decoders"][0]["content"] = "_";
    EXPECT_EQ(*(*openText(document.dump()))->decode(std::vector<std::int64_t>{257, 257, 256}), "__a");
}

TEST(ByteBpe, AnEntryThatIsNotThereHasNoId)
{
    const auto codec = openText(toyDocument().dump());
    ASSERT_TRUE(codec) << codec.error().message;
    EXPECT_EQ((*codec)->idOf("ab"), 256);
    EXPECT_EQ((*codec)->idOf("<|im_end|>"), -1);
}

TEST(ByteBpe, WithoutATurnMarkerThereIsNoPrompt)
{
    json document = toyDocument();
    document["added_tokens"][0]["content"] = "<|im_start|>";
    const auto codec = openText(document.dump());
    ASSERT_TRUE(codec) << codec.error().message;
    const auto prompt = encodeChatPrompt(**codec, {}, "Is a cap missing?");
    ASSERT_FALSE(prompt);
    EXPECT_EQ(prompt.error().code, code::TokenizerSpecial);
    EXPECT_EQ(prompt.error().message, "the tokenizer has no <|im_end|>");
}

TEST(ByteBpe, MarkersOfThePostProcessorAreHeldAgainstTheVocabulary)
{
    json document = toyDocument();
    document["post_processor"] = {{"type", "TemplateProcessing"}, {"special_tokens", {{"<end>", {{"id", "<end>"}, {"ids", {257}}, {"tokens", {"<end>"}}}}}}};
    EXPECT_TRUE(openText(document.dump()));
    document["post_processor"] = {{"type", "RobertaProcessing"}, {"cls", {"<end>", 257}}, {"sep", {"<end>", 257}}};
    EXPECT_TRUE(openText(document.dump()));
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
    std::string content;
    std::string message; ///< behind "tokenizer.json"
    std::string object = "tokenizer.json";

    friend void PrintTo(const BadTokenizer &bad, std::ostream *stream) { *stream << bad.name; }
};

/// A toy tokenizer after @p spoil; the message ends with what it is about.
BadTokenizer spoilt(const char *name, void (*spoil)(json &), const std::string &about, const std::string &object = {}, json document = toyDocument())
{
    spoil(document);
    return {name, document.dump(), ": " + about, object.empty() ? about : object};
}

/// The same for a part that is not known.
BadTokenizer unknownPart(const char *name, void (*spoil)(json &), const std::string &part, json document = toyDocument())
{
    return spoilt(name, spoil, part + " is not supported", part, std::move(document));
}

class BadTokenizers : public ::testing::TestWithParam<BadTokenizer>
{
};

TEST_P(BadTokenizers, AreRefusedWithWhatIsWrong)
{
    const TemporaryFolder folder;
    folder.write("tokenizer.json", GetParam().content);
    const auto codec = openTokenizer(folder.path());
    ASSERT_FALSE(codec);
    EXPECT_EQ(codec.error().code, code::TokenizerEntry);
    EXPECT_EQ(codec.error().message, "tokenizer.json" + GetParam().message);
    EXPECT_EQ(codec.error().object, GetParam().object);
}

std::string nameOfBad(const ::testing::TestParamInfo<BadTokenizer> &info)
{
    return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(
    Documents, BadTokenizers,
    ::testing::Values(BadTokenizer{"Empty", "", " is not valid JSON at byte 1"}, BadTokenizer{"CutOff", "{\"model\":", " is not valid JSON at byte 10"},
                      BadTokenizer{"TrailingBytes", "{} x", " is not valid JSON at byte 4"},
                      BadTokenizer{"ByteOrderMark", "\xEF\xBB\xBF{}", " is not valid JSON at byte 1: it starts with a byte-order mark"},
                      BadTokenizer{"NotUtf8", "{\"a\":\"\xC3(\"}", " is not valid JSON at byte 8"},
                      BadTokenizer{"TooDeep", std::string(100'000, '['), " is nested too deep"},
                      BadTokenizer{"KeyTwice", R"({"model":{"vocab":{},"vocab":{}}})", " lists 'vocab' twice", "vocab"},
                      BadTokenizer{"LongText", "{\"a\":\"" + std::string(100'000, 'a') + "\"}", " holds a text of more than 64 KiB"},
                      BadTokenizer{"LongEscapes", "{\"a\":\"" + std::string(100'000, '\\') + "\"}", " holds a text of more than 64 KiB"},
                      BadTokenizer{"LongNumber", "[" + std::string(100'000, '1') + "]", " holds a text of more than 64 KiB"},
                      BadTokenizer{"LongSpace", "[" + std::string(100'000, ' ') + "]", " holds a text of more than 64 KiB"},
                      BadTokenizer{"Array", "[]", ": model.vocab or model.merges is missing", "model.vocab or model.merges is missing"},
                      BadTokenizer{"NoModel", "{\"pre_tokenizer\":{\"type\":\"ByteLevel\"}}", ": model.vocab or model.merges is missing",
                                   "model.vocab or model.merges is missing"},
                      BadTokenizer{"EntryTwice", R"({"pre_tokenizer":{"type":"ByteLevel"},"model":{"vocab":{"a":0,"a":1},"merges":[]}})",
                                   ": entry 'a' is listed twice", "entry 'a' is listed twice"}),
    nameOfBad);

INSTANTIATE_TEST_SUITE_P(
    Entries, BadTokenizers,
    ::testing::Values(
        spoilt("IdBeyond", [](json &d) { d["model"]["vocab"]["ab"] = 99999; }, "entry 'ab': id 99999 >= 258"),
        spoilt("IdNegative", [](json &d) { d["model"]["vocab"]["ab"] = -1; }, "entry 'ab': the id is not a whole number", "ab"),
        spoilt("IdFraction", [](json &d) { d["model"]["vocab"]["ab"] = 1.5; }, "entry 'ab': the id is not a whole number", "ab"),
        spoilt("IdText", [](json &d) { d["model"]["vocab"]["ab"] = "256"; }, "entry 'ab': the id is not a whole number", "ab"),
        spoilt("IdList", [](json &d) { d["model"]["vocab"]["ab"] = {1}; }, "entry 'ab': the id is not a whole number", "ab"),
        spoilt("IdTwice", [](json &d) { d["model"]["vocab"]["b"] = 97; }, "entry 'b': id 97 is given twice"),
        spoilt("ByteMissing", [](json &d) { d["model"]["vocab"].erase("c"); d["model"]["vocab"]["other"] = 99; }, "byte 99 has no entry of its own"),
        spoilt("AddedIdBeyond", [](json &d) { d["added_tokens"][0]["id"] = 300; }, "added token '<end>': id 300 >= 258"),
        spoilt("AddedIdTaken", [](json &d) { d["added_tokens"][0]["id"] = 97; }, "added token '<end>': id 97 is given twice"),
        spoilt("AddedWithoutContent", [](json &d) { d["added_tokens"][0].erase("content"); }, "an added token has no content or no id"),
        spoilt("AddedNotAList", [](json &d) { d["added_tokens"] = "<end>"; }, "added_tokens is not a list"),
        unknownPart("AddedStripsText", [](json &d) { d["added_tokens"][0]["lstrip"] = true; }, "added token '<end>': lstrip"),
        spoilt("MergeOfOne", [](json &d) { d["model"]["merges"] = {"ab"}; }, "merge 0 is not two entries", "merge 0"),
        spoilt("MergeOfThree", [](json &d) { d["model"]["merges"] = {"a b", "a b c"}; }, "merge 1 is not two entries", "merge 1"),
        spoilt("MergePairOfOne", [](json &d) { d["model"]["merges"] = json::array({json::array({"a"})}); }, "merge 0 is not two entries", "merge 0"),
        spoilt("MergePairOfThree", [](json &d) { d["model"]["merges"] = json::array({json::array({"a", "b", "c"})}); }, "merge 0 is not two entries", "merge 0"),
        spoilt("MergeOfIds", [](json &d) { d["model"]["merges"] = json::array({json::array({97, 98})}); }, "merge 0 is not two entries", "merge 0"),
        spoilt("MergeObject", [](json &d) { d["model"]["merges"] = json::array({{{"a", "b"}}}); }, "merge 0 is not two entries", "merge 0"),
        spoilt("MergeOfUnknown", [](json &d) { d["model"]["merges"] = {"a zz"}; }, "merge 0: 'zz' is not in the vocabulary"),
        spoilt("MergeIntoUnknown", [](json &d) { d["model"]["merges"] = {"b a"}; }, "merge 0: 'ba' is not in the vocabulary"),
        spoilt("MergeTwice", [](json &d) { d["model"]["merges"] = {"a b", "a b"}; }, "merge 1: 'a' and 'b' are merged twice"),
        spoilt("MergeMakesAMarker", [](json &d) { d["added_tokens"][0] = {{"id", 256}, {"content", "ab"}, {"special", true}}; },
               "merge 0 makes the special token 'ab' out of text"),
        spoilt("MarkerMissing", [](json &d) { d["post_processor"] = {{"type", "BertProcessing"}, {"cls", {"<end>", 257}}, {"sep", {"</s>", 2}}}; },
               "post_processor: '</s>' is not in the vocabulary"),
        spoilt("MarkerOfOtherId", [](json &d) { d["post_processor"] = {{"type", "BertProcessing"}, {"cls", {"<end>", 257}}, {"sep", {"<end>", 2}}}; },
               "post_processor: '<end>' has id 257, not 2"),
        spoilt("MarkerInATemplateOfOtherId", [](json &d) {
            d["post_processor"] = {{"type", "TemplateProcessing"}, {"special_tokens", {{"<end>", {{"ids", {99999}}, {"tokens", {"<end>"}}}}}}};
        }, "post_processor: '<end>' has id 257, not 99999")),
    nameOfBad);

INSTANTIATE_TEST_SUITE_P(
    Parts, BadTokenizers,
    ::testing::Values(
        unknownPart("Model", [](json &d) { d["model"]["type"] = "Unigram"; }, "model Unigram"),
        unknownPart("Dropout", [](json &d) { d["model"]["dropout"] = 0.1; }, "dropout"),
        unknownPart("ContinuingPrefix", [](json &d) { d["model"]["continuing_subword_prefix"] = "##"; }, "continuing_subword_prefix"),
        unknownPart("Normaliser", [](json &d) { d["normalizer"] = {{"type", "Nmt"}}; }, "normalizer Nmt"),
        unknownPart("NormaliserInASequence", [](json &d) { d["normalizer"] = {{"type", "Sequence"}, {"normalizers", {{{"type", "NFC"}}, {{"type", "Nmt"}}}}}; },
                    "normalizer Nmt"),
        unknownPart("NormaliserWithoutAType", [](json &d) { d["normalizer"] = {{"type", 7}}; }, "normalizer without a type"),
        unknownPart("PreTokenizer", [](json &d) { d["pre_tokenizer"] = {{"type", "Metaspace"}}; }, "pre_tokenizer Metaspace"),
        unknownPart("PreTokenizerAfterByteLevel", [](json &d) {
            d["pre_tokenizer"] = {{"type", "Sequence"}, {"pretokenizers", {{{"type", "ByteLevel"}}, {{"type", "Digits"}}}}};
        }, "pre_tokenizer Digits after ByteLevel"),
        unknownPart("SplitBehaviour", [](json &d) { d["pre_tokenizer"] = {{"type", "Split"}, {"behavior", "MergedWithNext"}}; }, "Split behavior \"MergedWithNext\""),
        unknownPart("NeitherBytesNorFallback", [](json &d) { d["pre_tokenizer"] = nullptr; }, "a BPE with neither ByteLevel nor byte_fallback"),
        unknownPart("BytesAndFallback", [](json &d) { d["model"]["byte_fallback"] = true; }, "byte_fallback with the ByteLevel pre_tokenizer"),
        unknownPart("Decoder", [](json &d) { d["decoder"] = {{"type", "WordPiece"}}; }, "decoder WordPiece with the ByteLevel pre_tokenizer"),
        unknownPart("PostProcessor", [](json &d) { d["post_processor"] = {{"type", "Magic"}}; }, "post_processor Magic"),
        unknownPart("FallbackDecoder", [](json &d) { d["decoder"] = {{"type", "Metaspace"}}; }, "decoder Metaspace", toyFallbackDocument()),
        unknownPart("FallbackDecoderOutOfOrder", [](json &d) { d["decoder"]["decoders"].erase(1); }, "decoder Fuse at this place", toyFallbackDocument()),
        unknownPart("FallbackDecoderWithoutBytes", [](json &d) { d["decoder"]["decoders"] = json::array(); }, "byte_fallback with a decoder without ByteFallback",
                    toyFallbackDocument()),
        spoilt("PatternOfNoKind", [](json &d) { d["pre_tokenizer"] = {{"type", "Split"}, {"behavior", "Isolated"}}; }, "a pattern is neither Regex nor String")),
    nameOfBad);

TEST(BadTokenizer, APatternThatDoesNotCompileIsNamed)
{
    json document = toyDocument();
    document["pre_tokenizer"] = {{"type", "Split"}, {"pattern", {{"Regex", "("}}}, {"behavior", "Isolated"}};
    const auto codec = openText(document.dump());
    ASSERT_FALSE(codec);
    EXPECT_EQ(codec.error().code, code::TokenizerEntry);
    EXPECT_EQ(codec.error().object, "(");
}

TEST(BadTokenizer, OneGigabyteIsRefusedUnread)
{
    for (const char *name : {"tokenizer.json", "tokenizer.model"}) {
        const TemporaryFolder folder;
        folder.write(name, std::string_view("{"));
        std::filesystem::resize_file(folder / name, std::size_t{1} << 30);
        const auto codec = openTokenizer(folder.path());
        ASSERT_FALSE(codec);
        EXPECT_EQ(codec.error().code, code::TokenizerEntry);
        EXPECT_EQ(codec.error().message, std::string(name) + " is larger than 64 MiB");
        EXPECT_EQ(codec.error().object, name);
    }
}

TEST(BadTokenizer, AFolderWithoutOneIsNotAModel)
{
    const TemporaryFolder folder;
    EXPECT_EQ(openTokenizer(folder.path()).error().code, code::ModelFolder);
}

/// Texts of 1000 letters that have no end in common, so that a trie cannot share their nodes.
std::vector<std::string> longPieces(std::size_t count)
{
    std::mt19937 random(3); // fixed, so a failure repeats
    std::vector<std::string> pieces(count, std::string(1000, 'a'));
    for (std::string &piece : pieces) {
        for (char &letter : piece)
            letter = static_cast<char>('a' + random() % 26);
    }
    return pieces;
}

std::size_t openingPeak(const std::filesystem::path &folder)
{
    return testing::openedApart([&] { return openTokenizer(folder); }).peakBytes;
}

TEST(BadTokenizer, OpeningTakesNoMoreThanTheFileAnd64MiB)
{
    if (testing::kIsSanitized)
        GTEST_SKIP() << "a sanitizer's memory is not the tokenizer's";
    using testing::repeated;
    const auto number = [](std::size_t) { return std::string("0"); };
    const auto list = [](std::size_t) { return std::string("[]"); };
    const auto object = [](std::size_t) { return std::string("{\"\":\"\"}"); };
    const auto entry = [](std::size_t i) { return "\"" + std::to_string(i) + "\":" + std::to_string(i); };
    const auto longEntry = [](std::size_t i) { return "\"" + std::string(44, 'a') + std::to_string(i) + "\":" + std::to_string(i); };
    const auto pair = [](std::size_t) { return std::string("[\"\",\"\"]"); };
    const auto token = [](std::size_t i) { return "{\"id\":" + std::to_string(i) + ",\"content\":\"" + std::to_string(i) + "\"}"; };
    const std::string model = "{\"pre_tokenizer\":{\"type\":\"ByteLevel\"},\"model\":{\"merges\":[";
    const std::vector<std::pair<std::string, std::string>> documents{
        {"numbers", repeated("[", 4'000'000, number, "]")},
        {"lists", repeated("[", 4'000'000, list, "]")},
        {"objects", repeated("[", 1'000'000, object, "]")},
        {"entries", repeated(model + "],\"vocab\":{", 1'000'000, entry, "}}}")},
        {"60 MB of entries", repeated(model + "],\"vocab\":{", 1'000'000, longEntry, "}}}")},
        {"as many entries as pass", repeated(model + "],\"vocab\":{", 380'000, entry, "}}}")},
        {"merges", repeated(model, 2'000'000, pair, "],\"vocab\":{}}}")},
        {"as many merges as pass", repeated(model, 700'000, pair, "],\"vocab\":{\"\":0}}}")},
        {"added tokens", repeated("{\"added_tokens\":[", 500'000, token, "]}")},
        {"one text", "[\"" + std::string(std::size_t{60} << 20, 'a') + "\"]"},
        {"one number", "[" + std::string(std::size_t{60} << 20, '1') + "]"},
        {"spaces", "[" + std::string(std::size_t{60} << 20, ' ')},
        {"depth", std::string(std::size_t{60} << 20, '[')},
    };
    for (const auto &[name, content] : documents) {
        SCOPED_TRACE(name);
        const TemporaryFolder folder;
        folder.write("tokenizer.json", content);
        EXPECT_LE(openingPeak(folder.path()), testing::allowedPeak(content.size()));
    }
    const std::vector<std::pair<std::string, std::string>> models{
        {"empty pieces", repeated({}, 10'000'000, [](std::size_t) { return std::string("\x0a\0", 2); }, {}, {})},
        {"as many pieces as pass", modelOf(numbered(145'000))},
        {"as much text as passes", modelOf(longPieces(2700), kUnigram)},
    };
    for (const auto &[name, content] : models) {
        SCOPED_TRACE(name);
        const TemporaryFolder folder;
        folder.write("tokenizer.model", content);
        EXPECT_LE(openingPeak(folder.path()), testing::allowedPeak(content.size()));
    }
    EXPECT_TRUE(openModel(models[1].second)) << "it does not pass";
    EXPECT_TRUE(openModel(models[2].second)) << "it does not pass";
    for (const testing::TokenizerFixture &fixture : testing::kTokenizerFixtures) {
        SCOPED_TRACE(fixture.name);
        const std::filesystem::path folder = testing::TokenizerFixture::at(fixture.folder);
        if (!std::filesystem::exists(folder))
            continue;
        EXPECT_LE(openingPeak(folder), testing::allowedPeak(std::filesystem::file_size(folder / "tokenizer.json")));
    }
}

} // namespace
} // namespace auroraedge::engine
