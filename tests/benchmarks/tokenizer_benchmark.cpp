#include "engine/text/open_tokenizer.h"
#include "tests/parity/tokenizer_vectors.h"
#include "tests/property/random.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string_view>

/// Prints how fast each tokenizer of the fixtures encodes, in MB/s of one thread. "cold" is the first text that a
/// tokenizer just opened sees, "warm" the best of five further times. With a name (qwen2_5, clip ...) only that one; all of
/// them take ten minutes, most of it SentencePiece.

namespace {

using auroraedge::TextCodec;
namespace testing = auroraedge::testing;

constexpr std::size_t kTextBytes = 8'000'000;
constexpr std::size_t kQuestionBytes = 200; ///< a question an inspector asks, encoded call by call
constexpr int kWarmRounds = 5;

struct Text
{
    const char *name;
    std::vector<std::string> categories; ///< of the vectors that it is made of
};

bool isCharacterStart(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
}

/// Pieces of @p texts that begin and end anywhere, one after another: the order is always another one, and words are cut,
/// so that a tokenizer meets many it has not seen.
std::string varied(const std::vector<std::string> &texts, testing::Random &random)
{
    std::string made;
    while (made.size() < kTextBytes) {
        const std::string &text = texts[random.below(texts.size())];
        std::size_t begin = random.below(text.size());
        std::size_t end = std::min(text.size(), begin + 20 + random.below(100));
        while (!isCharacterStart(text[begin]))
            --begin;
        while (end < text.size() && !isCharacterStart(text[end]))
            ++end;
        made.append(text, begin, end - begin);
    }
    return made;
}

/// Encodes @p text in parts of about @p partBytes. @return MB/s; 0 when a part cannot be encoded.
double speedOf(const TextCodec &codec, std::string_view text, std::size_t partBytes)
{
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t begin = 0; begin < text.size();) {
        std::size_t end = std::min(text.size(), begin + partBytes);
        while (end < text.size() && !isCharacterStart(text[end]))
            ++end;
        if (!codec.encode(text.substr(begin, end - begin), TextCodec::Markers::Plain))
            return 0;
        begin = end;
    }
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    return static_cast<double>(text.size()) / 1e6 / seconds.count();
}

} // namespace

int main(int argc, char **argv)
{
    const std::string_view only = argc > 1 ? argv[1] : "";
    bool isKnown = false;
    std::setvbuf(stdout, nullptr, _IOLBF, 0); // a line at a time, also into a pipe
    const Text texts[] = {{"English", {"english", "fuzz_words", "long"}},
                          {"source code", {"code", "fuzz_code"}},
                          {"Chinese, Japanese, German and others", {"chinese", "multilingual"}}};
    for (const testing::TokenizerFixture &fixture : testing::kTokenizerFixtures) {
        if (!only.empty() && only != fixture.name)
            continue;
        isKnown = true;
        const auto vectors = testing::readVectors(fixture.vectors, fixture.hasPlainIds);
        if (vectors.empty()) {
            std::printf("%s: the fixtures are missing\n", fixture.name);
            continue;
        }
        for (const Text &text : texts) {
            std::vector<std::string> parts;
            for (const testing::TokenizerVector &vector : vectors) {
                if (std::find(text.categories.begin(), text.categories.end(), vector.category) != text.categories.end())
                    parts.push_back(vector.text);
            }
            testing::Random random(/*seed=*/1);
            const std::string whole = varied(parts, random);
            const auto codec = auroraedge::engine::openTokenizer(testing::TokenizerFixture::at(fixture.folder));
            if (!codec) {
                std::printf("%s: %s\n", fixture.name, codec.error().message.c_str());
                return 1;
            }
            const double cold = speedOf(**codec, whole, whole.size());
            double warm = 0;
            double questions = 0;
            for (int round = 0; round < kWarmRounds; ++round) {
                warm = std::max(warm, speedOf(**codec, whole, whole.size()));
                questions = std::max(questions, speedOf(**codec, whole, kQuestionBytes));
            }
            std::printf("%-11s %-38s %6.1f MB/s cold %6.1f warm %6.1f in calls of %zu bytes\n", fixture.name, text.name, cold, warm,
                        questions, kQuestionBytes);
        }
    }
    if (!isKnown)
        std::printf("there is no tokenizer %s among the fixtures\n", argv[1]);
    return isKnown ? 0 : 2;
}
