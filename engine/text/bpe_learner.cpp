#include "engine/text/bpe_learner.h"

#include "engine/text/byte_alphabet.h"
#include "engine/text/text_splitter.h"
#include "engine/text/unicode_text.h"
#include "engine/text/utf8.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <fstream>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

namespace auroraedge::engine {

namespace {

/// Qwen2.5's pattern: each digit stands alone, a word keeps the character before it.
constexpr std::string_view kPattern
    = R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

using Pair = std::pair<std::uint32_t, std::uint32_t>;

/// The words of the texts as tokens, and how often which two stand side by side.
class PairCounts final
{
public:
    void addWord(std::string_view word, std::int64_t count)
    {
        const auto index = static_cast<std::uint32_t>(m_words.size());
        Word &added = m_words.emplace_back();
        added.count = count;
        for (const char byte : word)
            added.tokens.push_back(static_cast<unsigned char>(byte));
        countPairs(index, 1);
    }

    /// The most frequent pair, the lowest ids of equals; nothing left: a count of 0.
    [[nodiscard]] std::pair<Pair, std::int64_t> best() const
    {
        std::pair<Pair, std::int64_t> best{{0, 0}, 0};
        for (const auto &[pair, places] : m_pairs) {
            if (places.count > best.second)
                best = {pair, places.count};
        }
        return best;
    }

    void merge(Pair pair, std::uint32_t result)
    {
        const std::set<std::uint32_t> words = m_pairs[pair].words;
        for (const std::uint32_t index : words) {
            countPairs(index, -1);
            std::vector<std::uint32_t> merged;
            const std::vector<std::uint32_t> &tokens = m_words[index].tokens;
            for (std::size_t i = 0; i < tokens.size(); ++i) {
                const bool isPair = i + 1 < tokens.size() && tokens[i] == pair.first && tokens[i + 1] == pair.second;
                merged.push_back(isPair ? result : tokens[i]);
                i += isPair ? 1 : 0;
            }
            m_words[index].tokens = std::move(merged);
            countPairs(index, 1);
        }
    }

private:
    struct Word
    {
        std::vector<std::uint32_t> tokens;
        std::int64_t count = 0;
    };
    struct Places
    {
        std::int64_t count = 0;
        std::set<std::uint32_t> words;
    };

    void countPairs(std::uint32_t index, std::int64_t sign)
    {
        const Word &word = m_words[index];
        for (std::size_t i = 0; i + 1 < word.tokens.size(); ++i) {
            const auto place = m_pairs.try_emplace({word.tokens[i], word.tokens[i + 1]}).first;
            place->second.count += sign * word.count;
            if (sign > 0)
                place->second.words.insert(index);
            else if (place->second.words.erase(index); place->second.words.empty())
                m_pairs.erase(place);
        }
    }

    std::vector<Word> m_words;
    std::map<Pair, Places> m_pairs;
};

/// Each piece that no merge may cross, with how often it occurs.
Result<std::map<std::string, std::int64_t>> countPieces(std::span<const std::string> texts)
{
    const Result<TextSplitter> splitter = TextSplitter::create(kPattern, TextSplitter::Keep::Both);
    if (!splitter)
        return failure(splitter.error());
    std::map<std::string, std::int64_t> counts;
    for (const std::string &text : texts) {
        if (!isUtf8(text))
            return failure(code::QuestionUnreadable, "a text to learn the tokenizer from is not valid UTF-8");
        const std::string normalised = toNfc(text);
        const std::string_view view = normalised;
        const Result<std::vector<std::string_view>> pieces = splitter->split({&view, 1});
        if (!pieces)
            return failure(pieces.error());
        for (const std::string_view piece : *pieces)
            ++counts[std::string(piece)];
    }
    return counts;
}

struct Learned
{
    std::vector<std::string> entries; ///< by id, as bytes
    std::vector<Pair> merges;
};

Learned learn(const std::map<std::string, std::int64_t> &pieces, std::size_t entryCount)
{
    Learned learned;
    std::unordered_map<std::string, std::uint32_t> ids;
    const auto idOf = [&](const std::string &bytes) {
        const auto [place, isNew] = ids.try_emplace(bytes, static_cast<std::uint32_t>(learned.entries.size()));
        if (isNew)
            learned.entries.push_back(bytes);
        return place->second;
    };
    for (int byte = 0; byte < 256; ++byte)
        idOf(std::string(1, static_cast<char>(byte)));

    PairCounts counts;
    for (const auto &[piece, count] : pieces)
        counts.addWord(piece, count);
    while (learned.entries.size() < entryCount) {
        const auto [pair, count] = counts.best();
        if (count == 0)
            break;
        learned.merges.push_back(pair);
        // Two ways to the same bytes share one entry.
        counts.merge(pair, idOf(learned.entries[pair.first] + learned.entries[pair.second]));
    }
    return learned;
}

nlohmann::ordered_json documentOf(const Learned &learned, std::span<const std::string> markers)
{
    using Json = nlohmann::ordered_json;
    const ByteAlphabet alphabet;
    // An ordered object compares all its keys on every insertion by key; the entries are distinct already.
    Json::object_t vocabulary;
    Json merges = Json::array(), added = Json::array();
    for (std::size_t id = 0; id < learned.entries.size(); ++id)
        vocabulary.push_back({alphabet.written(learned.entries[id]), id});
    for (const auto &[left, right] : learned.merges)
        merges.push_back(alphabet.written(learned.entries[left]) + " " + alphabet.written(learned.entries[right]));
    for (std::size_t i = 0; i < markers.size(); ++i)
        added.push_back(Json{{"id", learned.entries.size() + i}, {"content", markers[i]}, {"single_word", false}, {"lstrip", false},
                             {"rstrip", false}, {"normalized", false}, {"special", true}});

    const Json byteLevel{{"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", false}, {"use_regex", false}};
    const Json split{{"type", "Split"}, {"pattern", Json{{"Regex", kPattern}}}, {"behavior", "Isolated"}, {"invert", false}};
    return Json{{"version", "1.0"},
                {"truncation", nullptr},
                {"padding", nullptr},
                {"added_tokens", added},
                {"normalizer", Json{{"type", "NFC"}}},
                {"pre_tokenizer", Json{{"type", "Sequence"}, {"pretokenizers", Json::array({split, byteLevel})}}},
                {"post_processor", byteLevel},
                {"decoder", byteLevel},
                {"model", Json{{"type", "BPE"}, {"dropout", nullptr}, {"unk_token", nullptr}, {"continuing_subword_prefix", ""},
                               {"end_of_word_suffix", ""}, {"fuse_unk", false}, {"byte_fallback", false},
                               {"vocab", std::move(vocabulary)}, {"merges", merges}}}};
}

} // namespace

Result<void> learnTokenizer(std::span<const std::string> texts, std::span<const std::string> markers,
                            std::size_t vocabularySize, const std::filesystem::path &tokenizerJson)
{
    if (vocabularySize < 256 + markers.size())
        return failure(code::ConfigValue, "a vocabulary of " + std::to_string(vocabularySize) + " entries is too small: bytes and markers alone are " + std::to_string(256 + markers.size()), "vocab_size");
    const Result<std::map<std::string, std::int64_t>> pieces = countPieces(texts);
    if (!pieces)
        return failure(pieces.error());

    // Written beside and renamed: a training run that dies here leaves no half file to be taken for a tokenizer.
    std::filesystem::path part = tokenizerJson;
    part += ".part";
    std::ofstream file(part, std::ios::binary | std::ios::trunc);
    file << documentOf(learn(*pieces, vocabularySize - markers.size()), markers).dump(1) << '\n';
    file.close();
    std::error_code error;
    if (file)
        std::filesystem::rename(part, tokenizerJson, error);
    if (!file || error)
        return failure(code::FolderNotWritable, "cannot write " + tokenizerJson.string(), tokenizerJson.string());
    return {};
}

} // namespace auroraedge::engine
