#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace auroraedge::testing {

/// A tokenizer of the fixtures and where its vectors lie (fixtures/tokenizers/README.md).
struct TokenizerFixture
{
    const char *name;
    const char *folder;   ///< of tokenizer.json; this and the files below from fixtures/
    const char *vectors;  ///< .jsonl
    std::size_t count;    ///< of the vectors
    bool hasPlainIds;     ///< whether "ids" are those of the text with special tokens read as text
    const char *disputed; ///< vectors that the reference implementations do not agree about, or null
    const char *llamaCpp; ///< llama.cpp's texts and ids without their endings .inp and .out, or null

    [[nodiscard]] static std::filesystem::path at(const std::string &file)
    {
        return std::filesystem::path(AURORAEDGE_SHARED_DIR) / "fixtures" / file;
    }
};

inline constexpr TokenizerFixture kTokenizerFixtures[] = {
    {"qwen2_5", "tokenizers/qwen2.5", "tokenizers/qwen2.5/vectors.jsonl", 520, false,
     "tokenizers/qwen2.5/vectors.disputed.jsonl", "tokenizers/qwen2.5/llama.cpp/ggml-vocab-qwen2.gguf"},
    {"llama", "tokenizers/llama", "tokenizers/llama/vectors.jsonl", 521, true, nullptr,
     "tokenizers/llama/llama.cpp/ggml-vocab-llama-spm.gguf"},
    {"clip", "tokenizers/clip", "tokenizers/clip/vectors.jsonl", 509, false, "tokenizers/clip/vectors.disputed.jsonl", nullptr},
    {"minimind", "tokenizers/minimind", "tokenizers/minimind/vectors.jsonl", 521, false, nullptr, nullptr},
    {"stories260K", "weights/stories260K/hf", "weights/stories260K/tokenizer_vectors.jsonl", 520, true, nullptr, nullptr},
};

using TokenIds = std::vector<std::int64_t>;

struct TokenizerVector
{
    std::string id;
    std::string category;
    std::string text;
    TokenIds plain;      ///< special tokens in the text read as text
    TokenIds recognised; ///< special tokens in the text recognised
};

/// The lines of a vectors file; none when it does not exist.
inline std::vector<TokenizerVector> readVectors(const char *file, bool hasPlainIds)
{
    std::vector<TokenizerVector> vectors;
    std::ifstream stream(TokenizerFixture::at(file));
    for (std::string line; std::getline(stream, line);) {
        const nlohmann::json object = nlohmann::json::parse(line);
        TokenizerVector vector{object["id"], object["category"], {}, object["ids"], object["ids"]};
        if (hasPlainIds)
            vector.recognised = object.value("ids_special", vector.plain);
        else
            vector.plain = object.value("ids_plain", vector.recognised);
        const std::string hex = object["hex"];
        for (std::size_t at = 0; at + 1 < hex.size(); at += 2)
            vector.text += static_cast<char>(std::stoi(hex.substr(at, 2), nullptr, 16));
        vectors.push_back(std::move(vector));
    }
    return vectors;
}

} // namespace auroraedge::testing
