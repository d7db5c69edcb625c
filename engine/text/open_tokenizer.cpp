#include "engine/text/open_tokenizer.h"

#include "engine/text/byte_bpe.h"
#include "engine/text/sentencepiece_codec.h"

namespace auroraedge::engine {

Result<std::unique_ptr<TextCodec>> openTokenizer(const std::filesystem::path &folder)
{
    std::error_code ignored;
    if (std::filesystem::exists(folder / "tokenizer.json", ignored))
        return openByteBpe(folder / "tokenizer.json");
    if (std::filesystem::exists(folder / "tokenizer.model", ignored))
        return openSentencePiece(folder / "tokenizer.model");
    return failure(code::ModelFolder, folder.string() + " has no tokenizer.json and no tokenizer.model", folder.string());
}

} // namespace auroraedge::engine
