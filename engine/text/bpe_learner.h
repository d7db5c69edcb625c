#pragma once

#include "engine/api/result.h"

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace auroraedge::engine {

/// Learns a byte-level BPE from @p texts and writes it as tokenizer.json in the layout of Qwen2.5's file (NFC
/// normaliser, the same pre-tokeniser pattern with single digits, byte alphabet, merges, added tokens).
/// Ids: 256 bytes, then merges in order, then @p markers as special added tokens. Deterministic.
Result<void> learnTokenizer(std::span<const std::string> texts, std::span<const std::string> markers,
                            std::size_t vocabularySize, const std::filesystem::path &tokenizerJson);

} // namespace auroraedge::engine
