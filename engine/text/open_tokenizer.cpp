#include "engine/text/open_tokenizer.h"

#include "engine/io/mapped_file.h"
#include "engine/text/byte_bpe.h"
#include "engine/text/json_part.h"
#include "engine/text/sentencepiece_codec.h"

namespace auroraedge::engine {

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
    const auto mapped = MappedFile::open(json);
    if (!mapped)
        return failure(mapped.error());
    const Result<TokenizerFile> file = TokenizerFile::parse((*mapped)->text());
    if (!file)
        return failure(file.error());
    // byte_fallback: a SentencePiece vocabulary in another dress; its own file says exactly the same and more.
    return hasModel && isTrue(member(file->settings, "model"), "byte_fallback") ? openSentencePiece(model) : createByteBpe(*file);
}

} // namespace auroraedge::engine
