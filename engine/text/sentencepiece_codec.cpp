#include "engine/text/sentencepiece_codec.h"

#include "engine/io/mapped_file.h"
#include "engine/text/marker_list.h"
#include "engine/text/sentencepiece_check.h"
#include "engine/text/utf8.h"
#include "engine/text/utf8_stream.h"

#include <sentencepiece_processor.h>

#include <charconv>
#include <exception>

namespace auroraedge::engine {

namespace {

constexpr std::string_view kSpace = "\xE2\x96\x81"; ///< U+2581 stands for a space inside pieces
constexpr std::size_t kMaxFileBytes = std::size_t{64} << 20;
constexpr std::size_t kLongestText = std::size_t{64} << 20; // bytes; the library counts in int

class SentencePieceCodec final : public TextCodec
{
public:
    Result<void> read(std::span<const std::byte> file)
    {
        const Result<void> checked = checkSentencePieceModel(file);
        if (!checked)
            return checked;
        const Failure notAModel = failure(code::TokenizerEntry, "tokenizer.model is not a SentencePiece model", "tokenizer.model");
        try {
            const auto status = m_processor.LoadFromSerializedProto({reinterpret_cast<const char *>(file.data()), file.size()});
            if (!status.ok() || m_processor.GetPieceSize() <= 0)
                return notAModel;
        } catch (const std::exception &) { // its trie builder throws, of an empty piece for example
            return notAModel;
        }
        for (int id = 0; id < m_processor.GetPieceSize(); ++id) {
            if (isMarker(id) && !m_processor.IdToPiece(id).empty())
                m_markers.add({m_processor.IdToPiece(id), static_cast<std::uint32_t>(id)});
        }
        return {};
    }

    Result<std::vector<std::int64_t>> encode(std::string_view text, Markers markers) const override
    {
        if (text.size() > kLongestText)
            return failure(code::QuestionTooLong, "the text is longer than " + std::to_string(kLongestText >> 20) + " MiB");
        if (!isUtf8(text))
            return failure(code::QuestionUnreadable, "the text is not valid UTF-8");
        std::vector<std::int64_t> ids;
        const auto onText = [&](std::string_view stretch) -> Result<void> {
            std::vector<int> pieces;
            if (const auto status = m_processor.Encode({stretch.data(), stretch.size()}, &pieces); !status.ok())
                return failure(code::TokenizerEntry, "the tokenizer cannot encode this text: " + status.ToString());
            ids.insert(ids.end(), pieces.begin(), pieces.end());
            return {};
        };
        const auto onMarker = [&](std::uint32_t id) { ids.push_back(id); };
        const Result<void> done = markers == Markers::Recognised ? m_markers.walk(text, onText, onMarker)
            : text.empty()                                       ? Result<void>()
                                                                 : onText(text);
        if (!done)
            return failure(done.error());
        return ids;
    }

    Result<std::string> decode(std::span<const std::int64_t> ids) const override
    {
        std::vector<int> pieces;
        for (const std::int64_t id : ids) {
            if (id < 0 || id >= size())
                return failure(code::TokenizerEntry, "id " + std::to_string(id) + " is not in the vocabulary");
            if (!isMarker(static_cast<int>(id)))
                pieces.push_back(static_cast<int>(id));
        }
        std::string text;
        if (const auto status = m_processor.Decode(pieces, &text); !status.ok())
            return failure(code::TokenizerEntry, "the tokenizer cannot decode these ids: " + status.ToString());
        Utf8Stream stream; // a piece may be any bytes
        std::string whole = stream.push(text);
        return whole + stream.finish();
    }

    std::string tokenBytes(std::int64_t id) const override
    {
        if (id < 0 || id >= size() || isMarker(static_cast<int>(id)))
            return {};
        const std::string &piece = m_processor.IdToPiece(static_cast<int>(id));
        if (m_processor.IsByte(static_cast<int>(id))) { // "<0x0A>"
            unsigned char byte = 0;
            const char *digits = piece.data() + 3;
            if (piece.size() == 6 && std::from_chars(digits, digits + 2, byte, 16).ec == std::errc())
                return std::string(1, static_cast<char>(byte));
            return {};
        }
        std::string bytes;
        for (std::size_t at = 0; at < piece.size();) {
            const bool isSpace = piece.compare(at, kSpace.size(), kSpace) == 0;
            bytes += isSpace ? ' ' : piece[at];
            at += isSpace ? kSpace.size() : 1;
        }
        return bytes;
    }

    std::int64_t idOf(std::string_view entry) const override
    {
        const int id = m_processor.PieceToId({entry.data(), entry.size()});
        return m_processor.IdToPiece(id) == entry ? id : -1; // the library answers "unknown" for what it has not
    }
    std::int64_t size() const override { return m_processor.GetPieceSize(); }

private:
    [[nodiscard]] bool isMarker(int id) const { return m_processor.IsControl(id) || m_processor.IsUnknown(id); }

    sentencepiece::SentencePieceProcessor m_processor;
    MarkerList m_markers;
};

} // namespace

Result<std::unique_ptr<TextCodec>> openSentencePiece(const std::filesystem::path &modelFile)
{
    const auto file = MappedFile::open(modelFile);
    if (!file)
        return failure(file.error());
    return parseSentencePiece((*file)->bytes());
}

Result<std::unique_ptr<TextCodec>> parseSentencePiece(std::span<const std::byte> model)
{
    if (model.size() > kMaxFileBytes)
        return failure(code::TokenizerEntry, "tokenizer.model is larger than " + std::to_string(kMaxFileBytes >> 20) + " MiB", "tokenizer.model");
    auto codec = std::make_unique<SentencePieceCodec>();
    const Result<void> read = codec->read(model);
    if (!read)
        return failure(read.error());
    return std::unique_ptr<TextCodec>(std::move(codec));
}

} // namespace auroraedge::engine
