#include "engine/text/bpe_learner.h"

#include "engine/text/byte_alphabet.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <map>
#include <utility>

namespace auroraedge::engine {

namespace {

/// Qwen2.5's pattern: every digit stands alone, words keep the space before them.
constexpr char kPattern[] = R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

using Word = std::vector<std::string>; ///< symbols, as bytes

/// Pieces as the pattern cuts plain English text: letters with the one character before them, everything else alone.
std::vector<std::string> piecesOf(const std::string &text)
{
    const auto isLetter = [](char letter) { return std::isalpha(static_cast<unsigned char>(letter)) != 0 || static_cast<unsigned char>(letter) >= 0x80; };
    std::vector<std::string> pieces;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i;
        if (isLetter(text[i]) || (text[i] == ' ' && i + 1 < text.size() && isLetter(text[i + 1])))
            for (++end; end < text.size() && isLetter(text[end]);)
                ++end;
        else
            ++end;
        pieces.push_back(text.substr(i, end - i));
        i = end;
    }
    return pieces;
}

} // namespace

Result<void> learnTokenizer(std::span<const std::string> texts, std::span<const std::string> markers, std::size_t vocabularySize,
                            const std::filesystem::path &tokenizerJson)
{
    std::map<std::string, std::int64_t> counts;
    for (const std::string &text : texts)
        for (const std::string &piece : piecesOf(text))
            ++counts[piece];
    std::vector<std::pair<Word, std::int64_t>> words;
    for (const auto &[piece, count] : counts) {
        Word word;
        for (const char letter : piece)
            word.emplace_back(1, letter);
        words.emplace_back(std::move(word), count);
    }

    std::vector<std::string> vocabulary;
    for (int byte = 0; byte < 256; ++byte)
        vocabulary.emplace_back(1, static_cast<char>(byte));
    std::vector<std::pair<std::string, std::string>> merges;
    while (vocabulary.size() + markers.size() < vocabularySize) {
        std::map<std::pair<std::string, std::string>, std::int64_t> pairs;
        for (const auto &[word, count] : words)
            for (std::size_t i = 0; i + 1 < word.size(); ++i)
                pairs[{word[i], word[i + 1]}] += count;
        if (pairs.empty())
            break;
        // The most frequent pair; the map's order decides between equals, so the result is the same everywhere.
        const auto best = std::max_element(pairs.begin(), pairs.end(), [](const auto &a, const auto &b) { return a.second < b.second; });
        const auto [left, right] = best->first;
        merges.emplace_back(left, right);
        vocabulary.push_back(left + right);
        for (auto &[word, count] : words) {
            Word merged;
            for (std::size_t i = 0; i < word.size(); ++i) {
                const bool isPair = i + 1 < word.size() && word[i] == left && word[i + 1] == right;
                merged.push_back(isPair ? left + right : word[i]);
                i += isPair ? 1 : 0;
            }
            word = std::move(merged);
        }
    }

    const ByteAlphabet alphabet;
    nlohmann::ordered_json vocab, mergeList = nlohmann::ordered_json::array(), added = nlohmann::ordered_json::array();
    for (std::size_t id = 0; id < vocabulary.size(); ++id)
        vocab[alphabet.written(vocabulary[id])] = id;
    for (const auto &[left, right] : merges)
        mergeList.push_back(alphabet.written(left) + " " + alphabet.written(right));
    for (std::size_t i = 0; i < markers.size(); ++i)
        added.push_back({{"id", vocabulary.size() + i}, {"content", markers[i]}, {"single_word", false}, {"lstrip", false}, {"rstrip", false}, {"normalized", false}, {"special", true}});
    const nlohmann::ordered_json byteLevel{{"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", false}, {"use_regex", false}};
    nlohmann::ordered_json document;
    document["version"] = "1.0";
    document["truncation"] = nullptr;
    document["padding"] = nullptr;
    document["added_tokens"] = added;
    document["normalizer"] = {{"type", "NFC"}};
    document["pre_tokenizer"] = {{"type", "Sequence"},
                                 {"pretokenizers", {{{"type", "Split"}, {"pattern", {{"Regex", kPattern}}}, {"behavior", "Isolated"}, {"invert", false}}, byteLevel}}};
    document["post_processor"] = byteLevel;
    document["decoder"] = byteLevel;
    document["model"] = {{"type", "BPE"},      {"dropout", nullptr},      {"unk_token", nullptr}, {"continuing_subword_prefix", ""}, {"end_of_word_suffix", ""},
                         {"fuse_unk", false}, {"byte_fallback", false}, {"vocab", vocab},       {"merges", mergeList}};
    std::ofstream file(tokenizerJson, std::ios::trunc);
    file << document.dump(1) << '\n';
    file.close();
    if (!file)
        return failure(code::FolderNotWritable, "cannot write " + tokenizerJson.string(), tokenizerJson.string());
    return {};
}

} // namespace auroraedge::engine
