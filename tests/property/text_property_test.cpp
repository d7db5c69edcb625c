#include "engine/text/bpe_learner.h"
#include "engine/text/open_tokenizer.h"
#include "engine/text/unicode_text.h"
#include "engine/text/utf8.h"
#include "engine/text/utf8_stream.h"
#include "tests/property/random.h"
#include "tests/property/text_without_spaces.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <set>

namespace auroraedge::engine {
namespace {

using testing::Random;
using testing::withoutWhiteSpace;
using Markers = TextCodec::Markers;

const std::filesystem::path kTokenizers = std::filesystem::path(AURORAEDGE_SHARED_DIR) / "fixtures/tokenizers";

/// SentencePiece writes a space as U+2581, so the two are one character to it.
std::string withoutVisibleSpaces(std::string text)
{
    const std::string visible = "\xE2\x96\x81";
    for (std::size_t at = 0; (at = text.find(visible, at)) != std::string::npos;)
        text.replace(at, visible.size(), " ");
    return text;
}

/// A tokenizer, what it makes of a text before it encodes it, and its control entries.
struct Subject
{
    std::unique_ptr<TextCodec> codec;
    std::string (*normalised)(std::string) = nullptr;
    std::vector<std::string> controls;
    bool isSpaced = false; ///< the ids do not tell where a text has white space; decoding puts a space after every word
};

std::string composed(std::string text)
{
    return toNfc(text);
}

std::string composedSmallLetters(std::string text)
{
    return withoutWhiteSpace(toLower(toNfc(text)));
}

std::string unchanged(std::string text)
{
    return text;
}

Subject openFixture(const std::string &name)
{
    Subject subject;
    const testing::TemporaryFolder folder;
    if (name == "learned") {
        subject.controls = {"<|endoftext|>", "<|im_start|>", "<|im_end|>"};
        const std::vector<std::string> texts{"How many bottles are there?", "yes", "no", "<|im_start|>im_start im_end endoftext"};
        EXPECT_TRUE(learnTokenizer(texts, subject.controls, 400, folder / "tokenizer.json"));
        subject.normalised = composed;
    } else if (name == "llama") {
        std::filesystem::copy_file(kTokenizers / name / "tokenizer.model", folder / "tokenizer.model");
        subject.controls = {"<s>", "</s>", "<unk>"};
        subject.normalised = withoutVisibleSpaces;
    } else {
        std::filesystem::copy_file(kTokenizers / name / "tokenizer.json", folder / "tokenizer.json");
        std::ifstream file(folder / "tokenizer.json");
        const nlohmann::json document = nlohmann::json::parse(file);
        for (const nlohmann::json &token : document["added_tokens"])
            subject.controls.push_back(token["content"]);
        subject.isSpaced = name == "clip";
        subject.normalised = name == "minimind" ? unchanged : subject.isSpaced ? composedSmallLetters : composed;
    }
    auto opened = openTokenizer(folder.path());
    EXPECT_TRUE(opened) << opened.error().message;
    if (opened)
        subject.codec = std::move(*opened);
    return subject;
}

class TokenizerProperty : public ::testing::TestWithParam<const char *>
{
protected:
    void SetUp() override
    {
        const std::string name = GetParam();
        if (name != "learned" && !std::filesystem::exists(kTokenizers / name))
            GTEST_SKIP() << "fixtures are missing: " << kTokenizers / name;
        subject = openFixture(name);
        ASSERT_TRUE(subject.codec);
    }
    Subject subject;
};

TEST_P(TokenizerProperty, DecodingAnEncodedTextGivesTheNormalisedText)
{
    Random random(/*seed=*/41);
    for (int round = 0; round < 2000; ++round) {
        SCOPED_TRACE(round);
        const std::string text = random.text(random.below(30));
        const auto ids = subject.codec->encode(text, Markers::Plain);
        ASSERT_TRUE(ids) << ids.error().message;
        const auto decoded = subject.codec->decode(*ids);
        ASSERT_TRUE(decoded) << decoded.error().message;
        ASSERT_EQ(subject.isSpaced ? withoutWhiteSpace(*decoded) : *decoded, subject.normalised(text));
        for (const std::int64_t id : *ids)
            ASSERT_TRUE(id >= 0 && id < subject.codec->size());
    }
}

TEST_P(TokenizerProperty, StreamedBytesMakeUpTheDecodedText)
{
    Random random(/*seed=*/42);
    for (int round = 0; round < 500; ++round) {
        SCOPED_TRACE(round);
        const auto ids = subject.codec->encode(random.text(random.below(20)), Markers::Plain);
        ASSERT_TRUE(ids);
        Utf8Stream stream;
        std::string streamed;
        for (const std::int64_t id : *ids) {
            const std::string piece = stream.push(subject.codec->tokenBytes(id));
            ASSERT_TRUE(isUtf8(piece));
            streamed += piece;
        }
        streamed += stream.finish();
        const std::string decoded = *subject.codec->decode(*ids);
        // SentencePiece puts a space before the first word, CLIP after the last.
        ASSERT_TRUE(streamed == decoded || streamed == " " + decoded || streamed == decoded + " ") << streamed;
    }
}

TEST_P(TokenizerProperty, NoControlEntryComesOutOfUserText)
{
    std::set<std::int64_t> controlIds;
    for (const std::string &control : subject.controls) {
        ASSERT_GE(subject.codec->idOf(control), 0) << control;
        controlIds.insert(subject.codec->idOf(control));
    }
    Random random(/*seed=*/43);
    for (int round = 0; round < 100; ++round) {
        SCOPED_TRACE(round);
        for (const std::string &control : subject.controls) {
            const std::string text = random.text(random.below(4)) + control + random.text(random.below(4));
            const auto plain = subject.codec->encode(text, Markers::Plain);
            ASSERT_TRUE(plain);
            for (const std::int64_t id : *plain)
                ASSERT_FALSE(controlIds.contains(id)) << control << " in '" << text << "'";
            const auto recognised = subject.codec->encode(control, Markers::Recognised);
            ASSERT_TRUE(recognised);
            ASSERT_EQ(*recognised, std::vector<std::int64_t>{subject.codec->idOf(control)}); // so the texts were real markers
        }
    }
}

TEST_P(TokenizerProperty, RandomBytesAreEncodedExactlyWhenTheyAreUtf8)
{
    Random random(/*seed=*/44);
    for (int round = 0; round < 3000; ++round) {
        SCOPED_TRACE(round);
        const std::string bytes = random.bytes(random.below(12));
        for (const Markers markers : {Markers::Plain, Markers::Recognised}) {
            const auto ids = subject.codec->encode(bytes, markers);
            ASSERT_EQ(ids.has_value(), isUtf8(bytes));
            if (!ids) {
                ASSERT_EQ(ids.error().code, code::QuestionUnreadable);
            }
        }
    }
}

TEST_P(TokenizerProperty, RandomIdsAreDecodedToUtf8OrRefused)
{
    Random random(/*seed=*/45);
    const std::int64_t size = subject.codec->size();
    for (int round = 0; round < 2000; ++round) {
        SCOPED_TRACE(round);
        std::vector<std::int64_t> ids;
        for (std::size_t i = random.below(10); i > 0; --i)
            ids.push_back(static_cast<std::int64_t>(random.below(static_cast<std::size_t>(size))));
        const auto decoded = subject.codec->decode(ids);
        ASSERT_TRUE(decoded);
        ASSERT_TRUE(isUtf8(*decoded));
        ids.push_back(random.below(2) == 0 ? size + static_cast<std::int64_t>(random.below(1000)) : -1 - static_cast<std::int64_t>(random.below(1000)));
        ASSERT_FALSE(subject.codec->decode(ids));
        ASSERT_EQ(subject.codec->tokenBytes(ids.back()), "");
    }
}

INSTANTIATE_TEST_SUITE_P(Tokenizers, TokenizerProperty, ::testing::Values("learned", "qwen2.5", "minimind", "llama", "clip"), [](const auto &param) {
    std::string name = param.param;
    std::erase(name, '.');
    return name;
});

TEST(Utf8StreamProperty, TheCutsBetweenPushesMakeNoDifference)
{
    Random random(/*seed=*/46);
    for (int round = 0; round < 5000; ++round) {
        SCOPED_TRACE(round);
        const std::string bytes = random.below(2) == 0 ? random.bytes(random.below(20)) : random.text(random.below(8));
        Utf8Stream atOnce, inPieces;
        std::string whole = atOnce.push(bytes);
        whole += atOnce.finish();
        std::string joined;
        for (std::size_t at = 0; at < bytes.size();) {
            const std::size_t length = 1 + random.below(4);
            joined += inPieces.push(std::string_view(bytes).substr(at, length));
            ASSERT_TRUE(isUtf8(joined));
            at += length;
        }
        joined += inPieces.finish();
        ASSERT_EQ(joined, whole);
        if (isUtf8(bytes)) {
            ASSERT_EQ(whole, bytes);
        }
    }
}

} // namespace
} // namespace auroraedge::engine
