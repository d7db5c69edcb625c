#include "tests/support/tiny_model.h"

#include "engine/io/model_config.h"
#include "engine/io/model_folder.h"
#include "engine/models/aurora_edge.h"
#include "engine/text/bpe_learner.h"
#include "engine/training/initialise.h"

#include <fstream>
#include <memory>
#include <random>
#include <vector>

namespace auroraedge::testing_support {

void writeTinyModel(const std::filesystem::path &folder, std::uint64_t seed)
{
    using namespace auroraedge::engine;
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "config.json") << R"({"model_type":"auroraedge","format_version":1,
        "vision_config":{"hidden_size":32,"intermediate_size":48,"num_hidden_layers":3,"num_attention_heads":2,"patch_size":4,"num_patches":256},
        "text_config":{"hidden_size":32,"intermediate_size":48,"num_hidden_layers":2,"num_attention_heads":4,"num_key_value_heads":2,
                       "vocab_size":320,"tie_word_embeddings":true},
        "fusion":{"cross":{"heads":4}},"prompt":{"system":null}})";
    std::ofstream(folder / "preprocessor_config.json") << R"({"patch_size":4,"max_num_patches":256})";
    const std::vector<std::string> texts{"Is there a bottle?", "How many bottles are there?", "yes", "no"};
    const std::vector<std::string> markers{"<|endoftext|>", "<|im_start|>", "<|im_end|>"};
    (void)learnTokenizer(texts, markers, 300, folder / "tokenizer.json");
    const auto config = readModelConfig(folder);
    TrainableParameters parameters({}, seed);
    (void)AuroraEdge::take(parameters, std::get<AuroraEdgeConfig>(config->architecture));
    (void)writeTensorMap(folder / "model.safetensors", parameters.parameters());
    (void)writeChecksums(folder);
}

Frame noiseFrame(int widthPx, int heightPx, unsigned seed)
{
    std::mt19937 random(seed);
    const auto bytes = static_cast<std::size_t>(widthPx) * static_cast<std::size_t>(heightPx) * 3;
    std::shared_ptr<std::uint8_t> pixels(new std::uint8_t[bytes], std::default_delete<std::uint8_t[]>());
    for (std::size_t i = 0; i < bytes; ++i)
        pixels.get()[i] = static_cast<std::uint8_t>(random());
    Frame frame;
    frame.pixels = pixels;
    frame.widthPx = widthPx;
    frame.heightPx = heightPx;
    frame.strideBytes = std::ptrdiff_t{3} * widthPx;
    frame.source = "noise";
    return frame;
}

} // namespace auroraedge::testing_support
