#include "tests/support/random_model.h"

#include "engine/io/durable_file.h"
#include "engine/io/model_config.h"
#include "engine/models/aurora_edge.h"
#include "engine/models/shape_list.h"
#include "engine/text/bpe_learner.h"
#include "engine/training/initialise.h"

#include <nlohmann/json.hpp>

#include <fstream>

namespace auroraedge::testing_support {

using namespace engine;

namespace {

std::vector<std::pair<std::string, Shape>> shapesOf(const Architecture &architecture, const std::string &prefix)
{
    ShapeList list;
    if (const auto *whole = std::get_if<AuroraEdgeConfig>(&architecture))
        (void)AuroraEdge::take(list, *whole);
    else if (const auto *tower = std::get_if<VisionConfig>(&architecture))
        (void)VisionEncoder::take(list, prefix, *tower);
    else if (const auto *decoder = std::get_if<TextConfig>(&architecture))
        (void)TextDecoder::take(list, prefix, *decoder);
    return list.shapes();
}

} // namespace

std::string writeRandomWeights(const std::filesystem::path &folder, const RandomWeights &weights)
{
    const Result<ModelConfig> config = readModelConfig(folder);
    if (!config)
        return config.error().message;
    const auto shapes = shapesOf(config->architecture, weights.prefix);
    nlohmann::json shardOf;
    const auto count = static_cast<std::size_t>(weights.shards);
    for (std::size_t shard = 0; shard < count; ++shard) {
        std::vector<TensorToWrite> tensors;
        const std::string name = count == 1 ? "model.safetensors" : "model-" + std::to_string(shard + 1) + "-of-" + std::to_string(count) + ".safetensors";
        for (std::size_t i = shard; i < shapes.size(); i += count) {
            tensors.push_back({shapes[i].first, weights.dtype, shapes[i].second, {}});
            shardOf[shapes[i].first] = name;
        }
        const Result<std::string> header = safetensorsHeader(tensors);
        std::ofstream file(folder / name, std::ios::binary);
        file << header.value();
        for (const TensorToWrite &tensor : tensors) {
            const at::Tensor values = freshConnector(tensor.name, tensor.shape, weights.seed, 0.02).to(scalarTypeOf(tensor.dtype)).contiguous();
            file.write(static_cast<const char *>(values.const_data_ptr()), static_cast<std::streamsize>(values.nbytes()));
        }
        if (!file.flush())
            return "cannot write " + (folder / name).string();
    }
    if (count > 1)
        std::ofstream(folder / "model.safetensors.index.json") << nlohmann::json{{"metadata", nlohmann::json::object()}, {"weight_map", shardOf}}.dump();
    return {};
}

void writeTinyTower(const std::filesystem::path &folder, const RandomWeights &weights)
{
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "config.json") << R"({"model_type":"siglip2","vision_config":{"hidden_size":32,"intermediate_size":48,
        "num_hidden_layers":2,"num_attention_heads":2,"patch_size":4,"num_patches":256}})";
    std::ofstream(folder / "preprocessor_config.json") << R"({"image_processor_type":"Siglip2ImageProcessor","patch_size":4,"max_num_patches":256})";
    (void)writeRandomWeights(folder, weights);
}

void writeTinyDecoder(const std::filesystem::path &folder, const RandomWeights &weights)
{
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "config.json") << R"({"model_type":"qwen2","hidden_size":24,"intermediate_size":40,"num_hidden_layers":2,
        "num_attention_heads":6,"num_key_value_heads":2,"vocab_size":320,"tie_word_embeddings":true,"eos_token_id":2})";
    const std::vector<std::string> texts{"Is there a bottle?", "How many bottles are there?", "yes", "no"};
    const std::vector<std::string> markers{"<|endoftext|>", "<|im_start|>", "<|im_end|>"};
    (void)learnTokenizer(texts, markers, 300, folder / "tokenizer.json");
    (void)writeRandomWeights(folder, weights);
}

} // namespace auroraedge::testing_support
