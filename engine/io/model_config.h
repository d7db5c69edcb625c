#pragma once

#include "engine/api/result.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace auroraedge::engine {

enum class Activation { GeluTanh = 1, Gelu, QuickGelu };

/// A pre-norm vision transformer: SigLIP2 NaFlex, SigLIP, CLIP (model-reference 1).
struct VisionConfig
{
    std::int64_t hiddenSize = 768, intermediateSize = 3072, layers = 12, heads = 12;
    std::int64_t patchSize = 16, channels = 3;
    std::int64_t imageSize = 0;   ///< side of the one picture size it takes; 0: NaFlex, any grid
    std::int64_t positions = 256; ///< rows of the positional table; a square number for NaFlex
    double layerNormEps = 1e-6;
    Activation activation = Activation::GeluTanh;
    bool hasClassToken = false; ///< a learned token before the patches
    bool hasPreNorm = false;    ///< a norm before block 0
    bool hasPatchBias = true;
    [[nodiscard]] std::int64_t gridSide() const { return imageSize / patchSize; } ///< fixed size: patches a side
};

/// A Llama-like decoder: Llama, Qwen2 (model-reference 2).
struct TextConfig
{
    std::int64_t hiddenSize = 0, intermediateSize = 0, layers = 0, heads = 0, kvHeads = 0, headDim = 0;
    std::int64_t vocabSize = 0, maxPositions = 32768;
    double rmsNormEps = 1e-6, ropeTheta = 10000;
    bool tieEmbeddings = false;
    bool hasQkvBias = false, hasOutputBias = false; ///< of the attention
    std::vector<std::int64_t> endIds; ///< from generation_config.json, else config.json; may be empty
};

enum class CompressorType { Mlp = 1, Conv2d, MaxPool2d, Concat4, None };
enum class CompressorGrid { Square16 = 1, Sequence4, ValidGrid };
enum class FusionType { None = 1, Cross, Decoder, Combined };
enum class FusionMask { Causal = 1, Prefix, Full };

/// Every key of the AuroraEdge file format with its default (fixtures/parity README, "The AuroraEdge file format").
struct AuroraEdgeConfig
{
    VisionConfig vision;
    TextConfig text;
    std::int64_t maxPatches = 256;           // vision.max_patches: slots S
    bool featureBeforeLast = false;          // vision.feature "-2" instead of "post_ln"
    bool projectorIsLinear = false;          // projector.type "linear"
    CompressorType compressor = CompressorType::Mlp;
    std::int64_t compressorTokens = 64, compressorHidden = 64;
    bool compressorZeroPadded = true;
    CompressorGrid compressorGrid = CompressorGrid::Square16; // concat4 without the key: Sequence4
    bool compressorDepthwise = false;        // compressor.conv "depthwise"
    FusionType fusion = FusionType::Combined;
    bool crossIsEquation = false;            // fusion.cross.block "equation"
    std::int64_t crossHeads = 12, crossMlpRatio = 4;
    bool crossResidual = true;
    double crossLayerNormEps = 1e-6;
    FusionMask decoderMask = FusionMask::Causal;
    bool decoderPositionsCompact = false;    // fusion.decoder.positions "compact" instead of "slot"
    bool maskPaddedVisual = true;
    bool sharedResidual = false;             // fusion.combine "shared_residual" instead of "sum"
    bool connectorsTrained = true;           // connectors_trained, false after an import
    bool hasSystemTurn = true;               // prompt.system: false when the key is null
    std::string systemPrompt = "You are a helpful assistant."; // prompt.system
    double answerTemperature = 1;            // calibration.temperature: probabilities told are those of logits / this
    std::vector<std::string> patchClasses;   // patch_head.classes: rows of the patch head; none without the key
    std::int64_t visualTokens() const;       ///< Nc: tokens the decoder sees
};

/// LDPv2, the projector of MobileVLM V2 (model-reference 4.1): gridSide^2 tokens in, a quarter of them out.
struct Ldpv2Config
{
    std::int64_t visionWidth = 1024, width = 2048, gridSide = 24;
};

/// The whole model, or a tower, decoder or connector alone.
using Architecture = std::variant<AuroraEdgeConfig, VisionConfig, TextConfig, Ldpv2Config>;

struct Family;

inline constexpr std::size_t kMaxConfigBytes = std::size_t{16} << 20; ///< of a config.json
/// What everyone is told of a model with `connectors_trained` false.
inline constexpr char kConnectorsUntrained[] = "connectors untrained: answers mean nothing yet";

/// A config.json.
struct ModelConfig
{
    const Family *family = nullptr;
    Architecture architecture;
};

/// Reads config.json (and generation_config.json for end ids) of @p folder. Both spellings of the public files are
/// accepted (`rope_theta`, `rope_parameters.rope_theta`; `torch_dtype`, `dtype`).
/// @return MOD-21 when there is no config.json, CFG-01 naming the key and the range for a bad value or an unknown
///         model_type, TOK-03 for an end id outside the vocabulary.
Result<ModelConfig> readModelConfig(const std::filesystem::path &folder);

/// The same from the files' content; @p generation is that of generation_config.json.
Result<ModelConfig> parseModelConfig(std::string_view config, std::optional<std::string_view> generation = std::nullopt);

} // namespace auroraedge::engine
