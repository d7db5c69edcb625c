#include "engine/text/open_tokenizer.h"

#include "engine/io/json_document.h"
#include "engine/text/byte_bpe.h"
#include "engine/text/sentencepiece_codec.h"

namespace auroraedge::engine {

namespace {

constexpr std::size_t kMaxJsonBytes = std::size_t{64} << 20;

/// Whether the file is a SentencePiece vocabulary in another dress; its own file says exactly the same and more.
bool isFromSentencePiece(const nlohmann::json &document)
{
    const auto byteFallback = nlohmann::json::json_pointer("/model/byte_fallback");
    return document.is_object() && document.contains(byteFallback) && document[byteFallback] == true;
}

} // namespace

Result<std::unique_ptr<TextCodec>> openTokenizer(const std::filesystem::path &folder)
{
    std::error_code ignored;
    const std::filesystem::path json = folder / "tokenizer.json", model = folder / "tokenizer.model";
    const bool hasModel = std::filesystem::exists(model, ignored);
    if (!std::filesystem::exists(json, ignored)) {
        if (hasModel)
            return openSentencePiece(model);
        return failure(code::ModelFolder, folder.string() + " has no tokenizer.json and no tokenizer.model", folder.string());
    }
    JsonLimits limits;
    limits.maxBytes = kMaxJsonBytes;
    const Result<nlohmann::json> document = readJsonFile(json, code::TokenizerEntry, limits);
    if (!document)
        return failure(document.error());
    return hasModel && isFromSentencePiece(*document) ? openSentencePiece(model) : createByteBpe(*document);
}

} // namespace auroraedge::engine
