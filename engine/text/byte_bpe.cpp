#include "engine/text/byte_bpe.h"

#include "engine/io/untrusted_text.h"
#include "engine/text/byte_alphabet.h"
#include "engine/text/json_part.h"
#include "engine/text/marker_list.h"
#include "engine/text/merge_table.h"
#include "engine/text/normaliser.h"
#include "engine/text/post_processor.h"
#include "engine/text/pre_tokenizer.h"
#include "engine/text/token_decoder.h"
#include "engine/text/utf8.h"
#include "engine/text/utf8_stream.h"

#include <unicode/utf8.h>

#include <array>
#include <functional>
#include <unordered_map>

namespace auroraedge::engine {

namespace {

using nlohmann::json;

constexpr std::size_t kLongestText = std::size_t{64} << 20; // bytes; normalising may triple it
constexpr std::size_t kLongestCachedPiece = 64;              // bytes

/// Looks a std::string up by a view, without making one.
struct TextHash
{
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

class ByteBpe final : public TextCodec
{
public:
    Result<void> read(const TokenizerFile &file);

    Result<std::vector<std::int64_t>> encode(std::string_view text, Markers markers) const override;
    Result<std::string> decode(std::span<const std::int64_t> ids) const override;
    std::string tokenBytes(std::int64_t id) const override
    {
        return isToken(id) && !m_tokens[static_cast<std::size_t>(id)].isSpecial ? m_tokens[static_cast<std::size_t>(id)].bytes : std::string();
    }
    std::int64_t idOf(std::string_view entry) const override
    {
        const auto found = m_ids.find(entry);
        return found == m_ids.end() ? std::int64_t{-1} : found->second;
    }
    std::int64_t size() const override { return static_cast<std::int64_t>(m_tokens.size()); }

private:
    struct Token
    {
        std::string bytes;
        bool isUsed = false;
        bool isSpecial = false;
    };

    Result<void> readSteps(const json &settings);
    Result<void> readEntries(const TokenizerFile &file, const json &added);
    Result<void> readAddedTokens(const json &added);
    Result<void> readMerges(const PackedTexts &merges);
    Result<void> readByteTokens();
    Result<void> encodeNormalised(std::string_view text, std::vector<std::int64_t> &ids) const;
    void encodePiece(std::string_view piece, std::vector<std::uint32_t> &tokens) const;
    void addCharacter(std::string_view character, std::vector<std::uint32_t> &tokens) const;
    [[nodiscard]] bool isToken(std::int64_t id) const { return id >= 0 && id < size() && m_tokens[static_cast<std::size_t>(id)].isUsed; }

    ByteAlphabet m_alphabet;
    std::vector<Token> m_tokens; ///< by id
    std::unordered_map<std::string, std::uint32_t, TextHash, std::equal_to<>> m_ids; ///< by entry as written in the file
    MergeTable m_merges;
    std::array<std::uint32_t, 256> m_byteTokens{};
    std::array<std::uint32_t, 256> m_lastByteTokens{}; ///< of the last byte of a piece: with the suffix
    std::string m_suffix; ///< end_of_word_suffix
    bool m_isWholePieceFirst = false; ///< ignore_merges
    bool m_isByteFallback = false; ///< entries are characters, as SentencePiece has them, and bytes only for the rest
    Normaliser m_normaliser;
    PreTokenizer m_preTokenizer;
    TokenDecoder m_decoder;
    MarkerList m_rawMarkers;        ///< looked for in the text as given
    MarkerList m_normalisedMarkers; ///< looked for in the normalised text
};

Result<void> ByteBpe::read(const TokenizerFile &file)
{
    const json &added = member(file.settings, "added_tokens");
    if (!file.hasVocabulary || !file.hasMerges)
        return badEntry("model.vocab or model.merges is missing");
    if (!added.is_null() && !added.is_array())
        return badEntry("added_tokens is not a list");

    Result<void> done = readSteps(file.settings);
    if (done)
        done = readEntries(file, added);
    if (done)
        done = readAddedTokens(added);
    if (done)
        done = readMerges(file.merges);
    if (done)
        done = readByteTokens();
    if (done)
        done = checkPostProcessor(member(file.settings, "post_processor"), [this](std::string_view entry) { return idOf(entry); });
    return done;
}

Result<void> ByteBpe::readSteps(const json &settings)
{
    const json &model = member(settings, "model");
    if (const json &type = member(model, "type"); !type.is_null() && type != "BPE")
        return unknown("model " + typeOf(model));
    if (const json &prefix = member(model, "continuing_subword_prefix"); !prefix.is_null() && prefix != "")
        return unknown("continuing_subword_prefix");
    if (const json &dropout = member(model, "dropout"); !dropout.is_null() && dropout != 0)
        return unknown("dropout");
    if (const json &suffix = member(model, "end_of_word_suffix"); suffix.is_string())
        m_suffix = suffix.get<std::string>();
    m_isWholePieceFirst = isTrue(model, "ignore_merges");
    m_isByteFallback = isTrue(model, "byte_fallback");

    Result<Normaliser> normaliser = Normaliser::create(member(settings, "normalizer"));
    if (!normaliser)
        return failure(normaliser.error());
    m_normaliser = std::move(*normaliser);
    Result<PreTokenizer> preTokenizer = PreTokenizer::create(member(settings, "pre_tokenizer"));
    if (!preTokenizer)
        return failure(preTokenizer.error());
    m_preTokenizer = std::move(*preTokenizer);
    const bool isByteLevel = m_preTokenizer.isByteLevel();
    if (isByteLevel == m_isByteFallback)
        return unknown(isByteLevel ? "byte_fallback with the ByteLevel pre_tokenizer" : "a BPE with neither ByteLevel nor byte_fallback");
    Result<TokenDecoder> decoder = TokenDecoder::create(member(settings, "decoder"), isByteLevel);
    if (!decoder)
        return failure(decoder.error());
    m_decoder = std::move(*decoder);
    return {};
}

Result<void> ByteBpe::readEntries(const TokenizerFile &file, const json &added)
{
    m_ids.reserve(file.entries.size() + added.size());
    for (std::size_t i = 0; i < file.entries.size(); ++i) {
        if (!m_ids.emplace(file.entries[i], static_cast<std::uint32_t>(file.ids[i])).second)
            return badEntry("entry " + shown(file.entries[i]) + " is listed twice");
    }
    std::size_t size = file.entries.size();
    for (const json &token : added) {
        const json &content = member(token, "content");
        if (!content.is_string() || !m_ids.contains(content.get_ref<const std::string &>()))
            ++size;
    }
    m_tokens.resize(size);
    for (std::size_t i = 0; i < file.entries.size(); ++i) {
        const std::string_view entry = file.entries[i];
        const std::uint64_t id = file.ids[i];
        if (id >= size)
            return badEntry("entry " + shown(entry) + ": id " + std::to_string(id) + " >= " + std::to_string(size));
        Token &token = m_tokens[id];
        if (token.isUsed)
            return badEntry("entry " + shown(entry) + ": id " + std::to_string(id) + " is given twice");
        token.isUsed = true;

        std::string_view stem = entry;
        const bool isLast = !m_suffix.empty() && stem.size() > m_suffix.size() && stem.ends_with(m_suffix);
        if (isLast)
            stem.remove_suffix(m_suffix.size());
        token.bytes = m_decoder.bytesOf(stem);
        if (isLast)
            token.bytes += ' ';
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
        const std::string name = "added token " + shown(text);
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
            const Result<std::string> looked = m_normaliser.apply(text);
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

Result<void> ByteBpe::readMerges(const PackedTexts &merges)
{
    const std::size_t count = merges.size() / 2;
    m_merges = MergeTable(count);
    std::string joined;
    for (std::size_t rank = 0; rank < count; ++rank) {
        const std::string_view left = merges[2 * rank], right = merges[2 * rank + 1];
        joined.assign(left).append(right);
        std::array<std::uint32_t, 3> ids{};
        const std::array<std::string_view, 3> entries{left, right, joined};
        for (std::size_t i = 0; i < entries.size(); ++i) {
            const auto found = m_ids.find(entries[i]);
            if (found == m_ids.end())
                return badEntry("merge " + std::to_string(rank) + ": " + shown(entries[i]) + " is not in the vocabulary");
            ids[i] = found->second;
        }
        if (m_tokens[ids[2]].isSpecial)
            return badEntry("merge " + std::to_string(rank) + " makes the special token " + shown(joined) + " out of text");
        if (!m_merges.insert(ids[0], ids[1], {static_cast<std::uint32_t>(rank), ids[2]}))
            return badEntry("merge " + std::to_string(rank) + ": " + shown(left) + " and " + shown(right) + " are merged twice");
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
        const Result<std::string> normalised = m_normaliser.apply(stretch);
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
    const Result<PreTokenizer::Pieces> pieces = m_preTokenizer.split(text);
    if (!pieces)
        return failure(pieces.error());
    std::unordered_map<std::string_view, std::pair<std::size_t, std::size_t>> seen; // piece -> place and count in ids
    std::vector<std::uint32_t> tokens;
    for (const std::string_view piece : pieces->views) {
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
    const auto whole = m_ids.find(character);
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
    if (!m_suffix.empty() && bytes.ends_with(' '))
        bytes.pop_back(); // the end of a word is a space to the next
    std::string text = stream.push(bytes);
    text += stream.finish();
    return m_decoder.stripped(std::move(text));
}

} // namespace

Result<std::unique_ptr<TextCodec>> createByteBpe(const TokenizerFile &file)
{
    auto codec = std::make_unique<ByteBpe>();
    const Result<void> read = codec->read(file);
    if (!read)
        return failure(read.error());
    return std::unique_ptr<TextCodec>(std::move(codec));
}

} // namespace auroraedge::engine
