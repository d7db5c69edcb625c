#include "engine/text/open_tokenizer.h"
#include "engine/text/unicode_text.h"
#include "tests/parity/tokenizer_vectors.h"
#include "tests/property/text_without_spaces.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <iterator>
#include <sstream>

namespace auroraedge::engine {
namespace {

using Markers = TextCodec::Markers;
using testing::kTokenizerFixtures;
using testing::TokenIds;
using testing::TokenizerFixture;
using testing::TokenizerVector;
using testing::withoutWhiteSpace;

/// A fixture as a whole, or one of its files alone: LLaMA's vocabulary comes as tokenizer.model and as tokenizer.json.
struct Case
{
    const TokenizerFixture *fixture;
    const char *file = nullptr;
};

std::string nameOf(const ::testing::TestParamInfo<Case> &info)
{
    return std::string(info.param.fixture->name) + (info.param.file ? "_json" : "");
}

class TokenizerParity : public ::testing::TestWithParam<Case>
{
protected:
    void SetUp() override
    {
        const std::filesystem::path folder = TokenizerFixture::at(fixture.folder);
        if (!std::filesystem::exists(folder))
            GTEST_SKIP() << "fixtures are missing: " << folder;
        if (GetParam().file)
            std::filesystem::copy_file(folder / GetParam().file, m_alone / GetParam().file);
        auto opened = openTokenizer(GetParam().file ? m_alone.path() : folder);
        ASSERT_TRUE(opened) << opened.error().message;
        codec = std::move(*opened);
    }

    TokenIds idsOf(const std::string &text, Markers markers)
    {
        const auto ids = codec->encode(text, markers);
        EXPECT_TRUE(ids) << ids.error().message;
        return ids ? *ids : TokenIds();
    }
    std::string textOf(const TokenIds &ids)
    {
        const auto text = codec->decode(ids);
        EXPECT_TRUE(text) << text.error().message;
        return text ? *text : std::string();
    }
    [[nodiscard]] bool isClip() const { return std::string_view(fixture.name) == "clip"; }
    /// Whether the fixture says how @p vector is read with special tokens as text: CLIP's does only where there are none.
    [[nodiscard]] bool hasPlainIds(const TokenizerVector &vector) const
    {
        const std::int64_t firstSpecial = codec->idOf("<|startoftext|>"); // the other one follows
        return !isClip() || std::ranges::none_of(vector.recognised, [firstSpecial](std::int64_t id) { return id >= firstSpecial; });
    }

    const TokenizerFixture &fixture = *GetParam().fixture;
    std::unique_ptr<TextCodec> codec;

private:
    const testing::TemporaryFolder m_alone;
};

/// What is left of @p text after encoding and decoding, as the READMEs of the fixtures describe the tokenizers.
std::string normalised(std::string_view fixture, const std::string &text)
{
    if (fixture == "qwen2_5")
        return toNfc(text);
    if (fixture == "clip")
        return withoutWhiteSpace(toLower(toNfc(text)));
    if (fixture == "minimind")
        return text;
    std::string spaced; // to SentencePiece U+2581 is a space
    for (std::size_t at = 0; at < text.size();) {
        const bool isVisibleSpace = text.compare(at, 3, "\xE2\x96\x81") == 0;
        spaced += isVisibleSpace ? ' ' : text[at];
        at += isVisibleSpace ? 3 : 1;
    }
    return spaced;
}

TEST_P(TokenizerParity, EveryVectorGivesItsIds)
{
    const std::vector<TokenizerVector> vectors = testing::readVectors(fixture.vectors, fixture.hasPlainIds);
    std::size_t equal = 0;
    for (const TokenizerVector &vector : vectors) {
        SCOPED_TRACE(vector.id);
        const TokenIds recognised = idsOf(vector.text, Markers::Recognised);
        EXPECT_EQ(recognised, vector.recognised);
        const bool isPlainEqual = !hasPlainIds(vector) || idsOf(vector.text, Markers::Plain) == vector.plain;
        EXPECT_TRUE(isPlainEqual) << "with special tokens read as text";
        equal += recognised == vector.recognised && isPlainEqual ? 1 : 0;
    }
    std::cout << fixture.vectors << ": " << equal << " of " << vectors.size() << " lines give their ids\n";
    EXPECT_EQ(equal, fixture.count);
}

TEST_P(TokenizerParity, DecodingEveryVectorGivesItsNormalisedText)
{
    std::size_t equal = 0;
    for (const TokenizerVector &vector : testing::readVectors(fixture.vectors, fixture.hasPlainIds)) {
        SCOPED_TRACE(vector.id);
        const TokenIds ids = idsOf(vector.text, Markers::Plain);
        const std::string decoded = textOf(ids);
        const std::string text = isClip() ? withoutWhiteSpace(decoded) : decoded;
        EXPECT_EQ(text, normalised(fixture.name, vector.text));
        if (isClip()) { // where it put spaces, the text it gives means the same ids
            EXPECT_EQ(idsOf(decoded, Markers::Plain), ids);
        }
        equal += text == normalised(fixture.name, vector.text) ? 1 : 0;
    }
    std::cout << fixture.vectors << ": " << equal << " lines come back from their ids\n";
    EXPECT_EQ(equal, fixture.count);
}

TEST_P(TokenizerParity, NoTextHasNoIds)
{
    EXPECT_EQ(idsOf("", Markers::Plain), TokenIds());
    EXPECT_EQ(idsOf("", Markers::Recognised), TokenIds());
    EXPECT_EQ(textOf({}), "");
}

class LlamaCppParity : public TokenizerParity
{
};

TEST_P(LlamaCppParity, EveryTextGivesItsIds)
{
    const std::string texts = testing::readFile(TokenizerFixture::at(std::string(fixture.llamaCpp) + ".inp"));
    std::ifstream answers(TokenizerFixture::at(std::string(fixture.llamaCpp) + ".out"));
    const std::string end = "\n__ggml_vocab_test__\n";
    std::size_t count = 0;
    for (std::size_t begin = 0, at = 0; (at = texts.find(end, begin)) != std::string::npos; begin = at + end.size()) {
        SCOPED_TRACE(count);
        std::string line;
        ASSERT_TRUE(std::getline(answers, line));
        std::istringstream words(line);
        const TokenIds expected{std::istream_iterator<std::int64_t>(words), {}};
        EXPECT_EQ(idsOf(texts.substr(begin, at - begin), Markers::Plain), expected);
        ++count;
    }
    EXPECT_EQ(count, 46U);
}

class DisputedVectors : public TokenizerParity
{
};

/// The references do not agree about these, so there is no right answer to hold the tokenizer to; but it must have one.
TEST_P(DisputedVectors, AreReported)
{
    const std::vector<TokenizerVector> vectors = testing::readVectors(fixture.disputed, fixture.hasPlainIds);
    EXPECT_FALSE(vectors.empty());
    for (const TokenizerVector &vector : vectors) {
        const bool isEqual = idsOf(vector.text, Markers::Recognised) == vector.recognised;
        std::cout << vector.id << ": " << (isEqual ? "as" : "not as") << " Hugging Face's tokenizers\n";
    }
}

constexpr Case kQwen{&kTokenizerFixtures[0]}, kLlama{&kTokenizerFixtures[1]}, kLlamaJson{&kTokenizerFixtures[1], "tokenizer.json"},
    kClip{&kTokenizerFixtures[2]}, kMiniMind{&kTokenizerFixtures[3]}, kStories{&kTokenizerFixtures[4]},
    kStoriesJson{&kTokenizerFixtures[4], "tokenizer.json"};

INSTANTIATE_TEST_SUITE_P(Fixtures, TokenizerParity, ::testing::Values(kQwen, kLlama, kLlamaJson, kClip, kMiniMind, kStories, kStoriesJson), nameOf);
INSTANTIATE_TEST_SUITE_P(Fixtures, LlamaCppParity, ::testing::Values(kQwen, kLlama, kLlamaJson), nameOf);
INSTANTIATE_TEST_SUITE_P(Fixtures, DisputedVectors, ::testing::Values(kQwen, kClip), nameOf);

} // namespace
} // namespace auroraedge::engine
