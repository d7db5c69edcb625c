#include "engine/text/sentencepiece_codec.h"

#include "engine/io/mapped_file.h"
#include "engine/text/utf8.h"

#include <sentencepiece_processor.h>

namespace auroraedge::engine {

namespace {

constexpr char kSpace[] = "\xE2\x96\x81"; ///< U+2581 stands for a space inside pieces

class SentencePieceCodec final : public TextCodec
{
public:
    sentencepiece::SentencePieceProcessor processor;

    Result<std::vector<std::int64_t>> encode(std::string_view text, Markers markers) const override
    {
        if (!isUtf8(text))
            return failure(code::QuestionUnreadable, "the text is not valid UTF-8");
        std::vector<std::int64_t> ids;
        std::size_t start = 0;
        if (markers == Markers::Recognised) {
            for (std::size_t at = 0; at < text.size(); ++at) {
                for (int id = 0; id < processor.GetPieceSize(); ++id) {
                    if (!processor.IsControl(id) && !processor.IsUnknown(id))
                        break; // control pieces come first
                    const std::string &piece = processor.IdToPiece(id);
                    if (!text.substr(at).starts_with(piece))
                        continue;
                    append(text.substr(start, at - start), ids);
                    ids.push_back(id);
                    at += piece.size();
                    start = at;
                    --at;
                    break;
                }
            }
        }
        append(text.substr(start), ids);
        return ids;
    }

    Result<std::string> decode(std::span<const std::int64_t> ids) const override
    {
        std::vector<int> plain;
        for (const std::int64_t id : ids) {
            if (id < 0 || id >= size())
                return failure(code::TokenizerEntry, "id " + std::to_string(id) + " is not in the vocabulary");
            plain.push_back(static_cast<int>(id));
        }
        std::string text;
        if (const auto status = processor.Decode(plain, &text); !status.ok())
            return failure(code::TokenizerEntry, "the tokenizer could not decode: " + status.ToString());
        return text;
    }

    std::string tokenBytes(std::int64_t id) const override
    {
        const int plain = static_cast<int>(id);
        if (id < 0 || id >= size() || processor.IsControl(plain) || processor.IsUnknown(plain))
            return {};
        const std::string &piece = processor.IdToPiece(plain);
        if (processor.IsByte(plain)) // "<0x0A>"
            return std::string(1, static_cast<char>(std::stoi(piece.substr(3, 2), nullptr, 16)));
        std::string bytes;
        for (std::size_t at = 0; at < piece.size();) {
            const bool isSpace = piece.compare(at, 3, kSpace) == 0;
            bytes += isSpace ? ' ' : piece[at];
            at += isSpace ? 3 : 1;
        }
        return bytes;
    }

    std::int64_t idOf(std::string_view entry) const override
    {
        const int id = processor.PieceToId(std::string(entry));
        return processor.IsUnknown(id) && processor.IdToPiece(id) != entry ? -1 : id;
    }
    std::int64_t size() const override { return processor.GetPieceSize(); }

private:
    void append(std::string_view text, std::vector<std::int64_t> &ids) const
    {
        std::vector<int> pieces;
        if (!text.empty() && processor.Encode({text.data(), text.size()}, &pieces).ok())
            ids.insert(ids.end(), pieces.begin(), pieces.end());
    }
};

} // namespace

Result<std::unique_ptr<TextCodec>> openSentencePiece(const std::filesystem::path &modelFile)
{
    const auto file = MappedFile::open(modelFile);
    if (!file)
        return failure(file.error());
    const std::span<const std::byte> bytes = (*file)->bytes();
    auto codec = std::make_unique<SentencePieceCodec>();
    const auto status = codec->processor.LoadFromSerializedProto({reinterpret_cast<const char *>(bytes.data()), bytes.size()});
    if (bytes.empty() || !status.ok() || codec->processor.GetPieceSize() <= 0)
        return failure(code::TokenizerEntry, "tokenizer.model is not a SentencePiece model", modelFile.string());
    return std::unique_ptr<TextCodec>(std::move(codec));
}

} // namespace auroraedge::engine
