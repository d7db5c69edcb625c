#include "engine/text/byte_bpe.h"

#include "engine/text/byte_alphabet.h"
#include "engine/text/marker_list.h"
#include "engine/text/merge_table.h"
#include "engine/text/text_splitter.h"
#include "engine/text/unicode_text.h"
#include "engine/text/utf8.h"
#include "engine/text/utf8_stream.h"

#include <nlohmann/json.hpp>
#include <unicode/utf8.h>

#include <array>
#include <deque>
#include <functional>
#include <optional>
#include <unordered_map>

namespace auroraedge::engine {

namespace {

using nlohmann::json;

constexpr std::size_t kLongestText = std::size_t{64} << 20; // bytes; normalising may triple it
constexpr std::size_t kLongestCachedPiece = 64;              // bytes

/// GPT-2's pattern, which a ByteLevel pre-tokenizer with use_regex means.
constexpr std::string_view kByteLevelPattern
    = R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

/// @p object's member @p key; null when it has none.
const json &member(const json &object, const char *key)
{
    static const json kNull;
    if (!object.is_object())
        return kNull;
    const auto found = object.find(key);
    return found == object.end() ? kNull : *found;
}

bool isTrue(const json &object, const char *key, bool byDefault = false)
{
    const json &value = member(object, key);
    return value.is_boolean() ? value.get<bool>() : byDefault;
}

std::string typeOf(const json &object)
{
    const json &type = member(object, "type");
    return type.is_string() ? type.get<std::string>() : "without a type";
}

/// What an error says of a part it does not know.
Failure unknown(const std::string &part)
{
    return failure(code::TokenizerEntry, "tokenizer.json: " + part + " is not supported", part);
}

Failure badEntry(const std::string &what)
{
    return failure(code::TokenizerEntry, "tokenizer.json: " + what, what);
}

/// "<0x0A>", as vocabularies with byte_fallback name a byte.
std::string nameOfByte(unsigned byte)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    return {'<', '0', 'x', digits[byte >> 4], digits[byte & 15], '>'};
}

/// The bytes that an entry of a vocabulary with byte_fallback stands for.
std::string bytesOfPiece(const std::string &entry)
{
    if (entry.size() == 6 && entry.starts_with("<0x")) {
        for (unsigned byte = 0; byte < 256; ++byte) {
            if (entry == nameOfByte(byte))
                return std::string(1, static_cast<char>(byte));
        }
    }
    constexpr std::string_view space = "\xE2\x96\x81"; // U+2581
    std::string bytes;
    for (std::size_t at = 0; at < entry.size();) {
        const bool isSpace = entry.compare(at, space.size(), space) == 0;
        bytes += isSpace ? ' ' : entry[at];
        at += isSpace ? space.size() : 1;
    }
    return bytes;
}

using NormaliserStep = std::function<Result<std::string>(std::string)>;

/// One step of the pre-tokenizer.
struct Cut
{
    std::optional<TextSplitter> splitter;
    bool hasPrefixSpace = false; ///< a space goes before each piece that has none
};

Result<TextSplitter> splitterOf(const json &pattern, TextSplitter::Keep keep)
{
    if (member(pattern, "Regex").is_string())
        return TextSplitter::create(pattern["Regex"].get_ref<const std::string &>(), keep);
    if (member(pattern, "String").is_string())
        return TextSplitter::create(pattern["String"].get_ref<const std::string &>(), keep, true);
    return badEntry("a pattern is neither Regex nor String");
}

Result<void> addNormaliser(const json &part, std::vector<NormaliserStep> &steps)
{
    if (part.is_null())
        return {};
    const std::string type = typeOf(part);
    if (type == "Sequence" && member(part, "normalizers").is_array()) {
        for (const json &step : part["normalizers"]) {
            const Result<void> added = typeOf(step) == "Sequence" ? unknown("normalizer Sequence in a Sequence") : addNormaliser(step, steps);
            if (!added)
                return added;
        }
        return {};
    }
    if (type == "NFC") {
        steps.emplace_back([](const std::string &text) { return toNfc(text); });
        return {};
    }
    if (type == "Lowercase") {
        steps.emplace_back([](const std::string &text) { return toLower(text); });
        return {};
    }
    if (type == "Prepend" && member(part, "prepend").is_string()) {
        steps.emplace_back([prefix = part["prepend"].get<std::string>()](const std::string &text) { return text.empty() ? text : prefix + text; });
        return {};
    }
    if (type == "Replace" && member(part, "content").is_string()) {
        Result<TextSplitter> splitter = splitterOf(member(part, "pattern"), TextSplitter::Keep::Both);
        if (!splitter)
            return failure(splitter.error());
        steps.emplace_back([splitter = std::make_shared<TextSplitter>(std::move(*splitter)),
                            content = part["content"].get<std::string>()](const std::string &text) { return splitter->replace(text, content); });
        return {};
    }
    return unknown("normalizer " + type);
}

Result<void> addCut(const json &part, std::vector<Cut> &cuts, bool &isByteLevel)
{
    if (part.is_null())
        return {};
    const std::string type = typeOf(part);
    if (type == "Sequence" && member(part, "pretokenizers").is_array()) {
        for (const json &step : part["pretokenizers"]) {
            const Result<void> added = typeOf(step) == "Sequence" ? unknown("pre_tokenizer Sequence in a Sequence") : addCut(step, cuts, isByteLevel);
            if (!added)
                return added;
        }
        return {};
    }

    Cut cut;
    const auto add = [&](Result<TextSplitter> splitter) -> Result<void> {
        if (!splitter)
            return failure(splitter.error());
        cut.splitter = std::move(*splitter);
        cuts.push_back(std::move(cut));
        return {};
    };
    if (isByteLevel)
        return unknown("pre_tokenizer " + type + " after ByteLevel");
    if (type == "ByteLevel") {
        isByteLevel = true;
        cut.hasPrefixSpace = isTrue(part, "add_prefix_space", true);
        if (isTrue(part, "use_regex", true))
            return add(TextSplitter::create(kByteLevelPattern, TextSplitter::Keep::Both));
        if (cut.hasPrefixSpace)
            cuts.push_back(std::move(cut));
        return {};
    }
    if (type == "Digits")
        return add(TextSplitter::create(isTrue(part, "individual_digits") ? R"(\p{N})" : R"(\p{N}+)", TextSplitter::Keep::Both));
    if (type == "Split") {
        const json &behaviour = member(part, "behavior");
        const bool isInverted = isTrue(part, "invert");
        if (behaviour == "Isolated")
            return add(splitterOf(member(part, "pattern"), TextSplitter::Keep::Both));
        if (behaviour == "Removed")
            return add(splitterOf(member(part, "pattern"), isInverted ? TextSplitter::Keep::Matches : TextSplitter::Keep::Gaps));
        return unknown("Split behavior " + behaviour.dump(-1, ' ', true, json::error_handler_t::replace));
    }
    return unknown("pre_tokenizer " + type);
}

class ByteBpe final : public TextCodec
{
public:
    Result<void> read(const json &document);

    Result<std::vector<std::int64_t>> encode(std::string_view text, Markers markers) const override;
    Result<std::string> decode(std::span<const std::int64_t> ids) const override;
    std::string tokenBytes(std::int64_t id) const override
    {
        return isToken(id) && !m_tokens[static_cast<std::size_t>(id)].isSpecial ? m_tokens[static_cast<std::size_t>(id)].bytes : std::string();
    }
    std::int64_t idOf(std::string_view entry) const override
    {
        const auto found = m_ids.find(std::string(entry));
        return found == m_ids.end() ? -1 : found->second;
    }
    std::int64_t size() const override { return static_cast<std::int64_t>(m_tokens.size()); }

private:
    struct Token
    {
        std::string bytes;
        bool isUsed = false;
        bool isSpecial = false;
    };

    Result<void> readModel(const json &model, std::size_t size);
    Result<void> readMerges(const json &merges);
    Result<void> readAddedTokens(const json &added);
    Result<void> readByteTokens();
    Result<std::string> normalise(std::string_view text) const;
    Result<void> encodeNormalised(std::string_view text, std::vector<std::int64_t> &ids) const;
    void encodePiece(std::string_view piece, std::vector<std::uint32_t> &tokens) const;
    void addCharacter(std::string_view character, std::vector<std::uint32_t> &tokens) const;
    [[nodiscard]] bool isToken(std::int64_t id) const { return id >= 0 && id < size() && m_tokens[static_cast<std::size_t>(id)].isUsed; }

    ByteAlphabet m_alphabet;
    std::vector<Token> m_tokens; ///< by id
    std::unordered_map<std::string, std::uint32_t> m_ids; ///< by entry as written in the file
    MergeTable m_merges;
    std::array<std::uint32_t, 256> m_byteTokens{};
    std::array<std::uint32_t, 256> m_lastByteTokens{}; ///< of the last byte of a piece: with the suffix
    std::string m_suffix; ///< end_of_word_suffix
    bool m_isWholePieceFirst = false; ///< ignore_merges
    bool m_isByteFallback = false; ///< entries are characters, as SentencePiece has them, and bytes only for the rest
    std::vector<NormaliserStep> m_normalisers;
    std::vector<Cut> m_cuts;
    MarkerList m_rawMarkers;        ///< looked for in the text as given
    MarkerList m_normalisedMarkers; ///< looked for in the normalised text
};

Result<void> ByteBpe::read(const json &document)
{
    const json &model = member(document, "model");
    const json &added = member(document, "added_tokens");
    if (!member(model, "vocab").is_object() || !member(model, "merges").is_array())
        return badEntry("model.vocab or model.merges is missing");
    if (!added.is_null() && !added.is_array())
        return badEntry("added_tokens is not a list");

    bool isByteLevel = false;
    Result<void> done = addNormaliser(member(document, "normalizer"), m_normalisers);
    if (done)
        done = addCut(member(document, "pre_tokenizer"), m_cuts, isByteLevel);
    m_isByteFallback = isTrue(model, "byte_fallback");
    if (done && isByteLevel == m_isByteFallback)
        done = unknown(isByteLevel ? "byte_fallback with the ByteLevel pre_tokenizer" : "a BPE with neither ByteLevel nor byte_fallback");
    if (!done)
        return done;

    std::size_t count = model["vocab"].size();
    for (const json &token : added) {
        const json &content = member(token, "content");
        if (!content.is_string() || !model["vocab"].contains(content.get_ref<const std::string &>()))
            ++count;
    }
    done = readModel(model, count);
    if (done)
        done = readAddedTokens(added);
    if (done)
        done = readMerges(model["merges"]);
    if (done)
        done = readByteTokens();
    return done;
}

Result<void> ByteBpe::readModel(const json &model, std::size_t size)
{
    if (const json &type = member(model, "type"); !type.is_null() && type != "BPE")
        return unknown("model " + typeOf(model));
    if (const json &prefix = member(model, "continuing_subword_prefix"); !prefix.is_null() && prefix != "")
        return unknown("continuing_subword_prefix");
    if (const json &dropout = member(model, "dropout"); !dropout.is_null() && dropout != 0)
        return unknown("dropout");
    if (const json &suffix = member(model, "end_of_word_suffix"); suffix.is_string())
        m_suffix = suffix.get<std::string>();
    m_isWholePieceFirst = isTrue(model, "ignore_merges");

    m_tokens.resize(size);
    m_ids.reserve(size);
    for (const auto &[entry, id] : model["vocab"].items()) {
        if (!id.is_number_unsigned())
            return badEntry("entry '" + entry + "': the id is not a whole number");
        const auto number = id.get<std::uint64_t>();
        if (number >= size)
            return badEntry("entry '" + entry + "': id " + std::to_string(number) + " >= " + std::to_string(size));
        Token &token = m_tokens[number];
        if (token.isUsed)
            return badEntry("entry '" + entry + "': id " + std::to_string(number) + " is given twice");
        token.isUsed = true;

        std::string_view stem = entry;
        const bool isLast = !m_suffix.empty() && stem.size() > m_suffix.size() && stem.ends_with(m_suffix);
        if (isLast)
            stem.remove_suffix(m_suffix.size());
        // An entry outside the alphabet may still be an added token, which replaces these bytes.
        token.bytes = m_isByteFallback ? bytesOfPiece(entry) : m_alphabet.bytes(stem).value_or(entry);
        if (isLast)
            token.bytes += ' ';
        m_ids.emplace(entry, static_cast<std::uint32_t>(number));
    }
    return {};
}

Result<void> ByteBpe::readAddedTokens(const json &added)
{
    for (const json &entry : added) {
        const json &content = member(entry, "content");
        const json &id = member(entry, "id");
        if (!content.is_string() || content.get_ref<const std::string &>().empty() || !id.is_number_unsigned())
            return badEntry("an added token has no content or no id");
        const auto &text = content.get_ref<const std::string &>();
        const auto number = id.get<std::uint64_t>();
        const std::string name = "added token '" + text + "'";
        if (number >= m_tokens.size())
            return badEntry(name + ": id " + std::to_string(number) + " >= " + std::to_string(m_tokens.size()));
        for (const char *option : {"lstrip", "rstrip", "single_word"}) {
            if (isTrue(entry, option))
                return unknown(name + ": " + option);
        }
        Token &token = m_tokens[number];
        const auto known = m_ids.find(text);
        const bool isInVocabulary = known != m_ids.end();
        if (isInVocabulary ? known->second != number : token.isUsed)
            return badEntry(name + ": id " + std::to_string(number) + " is given twice");
        token = {text, true, isTrue(entry, "special")};
        const auto tokenId = static_cast<std::uint32_t>(number);
        m_ids.emplace(text, tokenId);
        if (isTrue(entry, "normalized", !token.isSpecial)) {
            const Result<std::string> looked = normalise(text);
            if (!looked)
                return failure(looked.error());
            if (!looked->empty())
                m_normalisedMarkers.add({*looked, tokenId});
        } else {
            m_rawMarkers.add({text, tokenId});
        }
    }
    return {};
}

Result<void> ByteBpe::readMerges(const json &merges)
{
    m_merges = MergeTable(merges.size());
    std::uint32_t rank = 0;
    for (const json &merge : merges) {
        const std::string name = "merge " + std::to_string(rank);
        std::string left, right;
        if (merge.is_string()) {
            const auto &pair = merge.get_ref<const std::string &>();
            const std::size_t space = pair.find(' ');
            if (space == std::string::npos || space == 0 || space + 1 == pair.size() || pair.find(' ', space + 1) != std::string::npos)
                return badEntry(name + " is not two entries");
            left = pair.substr(0, space);
            right = pair.substr(space + 1);
        } else if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string()) {
            left = merge[0].get<std::string>();
            right = merge[1].get<std::string>();
        } else {
            return badEntry(name + " is not two entries");
        }
        for (const std::string &entry : {left, right, left + right}) {
            if (!m_ids.contains(entry))
                return badEntry(name + ": '" + entry + "' is not in the vocabulary");
        }
        const std::uint32_t result = m_ids[left + right];
        if (m_tokens[result].isSpecial)
            return badEntry(name + " makes the special token '" + left + right + "' out of text");
        if (!m_merges.insert(m_ids[left], m_ids[right], {rank, result}))
            return badEntry(name + ": '" + left + "' and '" + right + "' are merged twice");
        ++rank;
    }
    return {};
}

Result<void> ByteBpe::readByteTokens()
{
    for (unsigned byte = 0; byte < 256; ++byte) {
        const std::string letter = m_isByteFallback ? nameOfByte(byte) : m_alphabet.written(std::string(1, static_cast<char>(byte)));
        const auto token = m_ids.find(letter);
        const auto last = m_ids.find(letter + m_suffix);
        if (token == m_ids.end() || last == m_ids.end() || m_tokens[token->second].isSpecial || m_tokens[last->second].isSpecial)
            return badEntry("byte " + std::to_string(byte) + " has no entry of its own");
        m_byteTokens[byte] = token->second;
        m_lastByteTokens[byte] = last->second;
    }
    return {};
}

Result<std::string> ByteBpe::normalise(std::string_view text) const
{
    Result<std::string> normalised = std::string(text);
    for (const NormaliserStep &step : m_normalisers) {
        normalised = step(std::move(*normalised));
        if (!normalised)
            break;
    }
    return normalised;
}

Result<std::vector<std::int64_t>> ByteBpe::encode(std::string_view text, Markers markers) const
{
    if (text.size() > kLongestText)
        return failure(code::QuestionTooLong, "the text is longer than " + std::to_string(kLongestText >> 20) + " MiB");
    if (!isUtf8(text))
        return failure(code::QuestionUnreadable, "the text is not valid UTF-8");

    std::vector<std::int64_t> ids;
    const auto onMarker = [&](std::uint32_t id) { ids.push_back(id); };
    const auto onNormalised = [&](std::string_view stretch) { return encodeNormalised(stretch, ids); };
    const auto onText = [&](std::string_view stretch) -> Result<void> {
        const Result<std::string> normalised = normalise(stretch);
        if (!normalised)
            return failure(normalised.error());
        return markers == Markers::Recognised ? m_normalisedMarkers.walk(*normalised, onNormalised, onMarker) : onNormalised(*normalised);
    };
    const Result<void> done = markers == Markers::Recognised ? m_rawMarkers.walk(text, onText, onMarker) : onText(text);
    if (!done)
        return failure(done.error());
    return ids;
}

Result<void> ByteBpe::encodeNormalised(std::string_view text, std::vector<std::int64_t> &ids) const
{
    std::vector<std::string_view> pieces;
    if (!text.empty())
        pieces.push_back(text);
    std::deque<std::string> spaced; // owns the pieces that got a space
    for (const Cut &cut : m_cuts) {
        if (cut.hasPrefixSpace) {
            for (std::string_view &piece : pieces) {
                if (!piece.starts_with(' '))
                    piece = spaced.emplace_back(" " + std::string(piece));
            }
        }
        if (!cut.splitter)
            continue;
        Result<std::vector<std::string_view>> split = cut.splitter->split(pieces);
        if (!split)
            return failure(split.error());
        pieces = std::move(*split);
    }

    std::unordered_map<std::string_view, std::pair<std::size_t, std::size_t>> seen; // piece -> place and count in ids
    std::vector<std::uint32_t> tokens;
    for (const std::string_view piece : pieces) {
        if (piece.size() > kLongestCachedPiece) {
            encodePiece(piece, tokens);
            ids.insert(ids.end(), tokens.begin(), tokens.end());
            continue;
        }
        const auto [place, isNew] = seen.try_emplace(piece, ids.size(), 0);
        auto &[begin, count] = place->second;
        if (isNew) {
            encodePiece(piece, tokens);
            count = tokens.size();
            ids.insert(ids.end(), tokens.begin(), tokens.end());
        } else {
            for (std::size_t i = 0; i < count; ++i)
                ids.push_back(ids[begin + i]);
        }
    }
    return {};
}

void ByteBpe::encodePiece(std::string_view piece, std::vector<std::uint32_t> &tokens) const
{
    tokens.clear();
    if (m_isWholePieceFirst) {
        const auto whole = m_ids.find(m_alphabet.written(piece) + m_suffix);
        if (whole != m_ids.end() && !m_tokens[whole->second].isSpecial) {
            tokens.push_back(whole->second);
            return;
        }
    }
    if (m_isByteFallback) {
        for (std::size_t at = 0; at < piece.size();) {
            const std::size_t length = U8_COUNT_TRAIL_BYTES_UNSAFE(static_cast<std::uint8_t>(piece[at])) + 1U;
            addCharacter(piece.substr(at, length), tokens);
            at += length;
        }
    } else {
        for (const char byte : piece)
            tokens.push_back(m_byteTokens[static_cast<unsigned char>(byte)]);
        tokens.back() = m_lastByteTokens[static_cast<unsigned char>(piece.back())];
    }
    m_merges.apply(tokens);
}

void ByteBpe::addCharacter(std::string_view character, std::vector<std::uint32_t> &tokens) const
{
    const auto whole = m_ids.find(std::string(character));
    if (whole != m_ids.end() && !m_tokens[whole->second].isSpecial) {
        tokens.push_back(whole->second);
        return;
    }
    for (const char byte : character)
        tokens.push_back(m_byteTokens[static_cast<unsigned char>(byte)]);
}

Result<std::string> ByteBpe::decode(std::span<const std::int64_t> ids) const
{
    Utf8Stream stream;
    std::string bytes;
    for (const std::int64_t id : ids) {
        if (!isToken(id))
            return failure(code::TokenizerEntry, "id " + std::to_string(id) + " is not in the vocabulary");
        const Token &token = m_tokens[static_cast<std::size_t>(id)];
        if (!token.isSpecial)
            bytes += token.bytes;
    }
    std::string text = stream.push(bytes);
    text += stream.finish();
    if (m_isByteFallback && text.starts_with(' '))
        text.erase(0, 1); // the one that encoding put before the first word
    return text;
}

} // namespace

Result<std::unique_ptr<TextCodec>> createByteBpe(const json &document)
{
    auto codec = std::make_unique<ByteBpe>();
    const Result<void> read = codec->read(document);
    if (!read)
        return failure(read.error());
    return std::unique_ptr<TextCodec>(std::move(codec));
}

} // namespace auroraedge::engine
