#pragma once

#include "engine/api/result.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <functional>
#include <string_view>

namespace auroraedge::engine {

/// Holds the "post_processor" of a tokenizer.json against its vocabulary. The markers that it puts around a text (BOS, EOS)
/// are not added by a TextCodec: whoever builds a prompt does, and takes them from the model's configuration.
/// Knows ByteLevel, TemplateProcessing, RobertaProcessing, BertProcessing and a Sequence of them.
/// @param idOf of an entry, -1 for what is none.
/// @return TOK-02 naming another type, or a marker whose id is not the vocabulary's.
Result<void> checkPostProcessor(const nlohmann::json &part, const std::function<std::int64_t(std::string_view)> &idOf);

} // namespace auroraedge::engine
