#pragma once

#include "engine/api/engine.h"

namespace auroraedge::engine {

/// Builds an AuroraEdge folder from a SigLIP2 NaFlex tower and a language model: both copied tensor by tensor, the
/// fusion decoder a copy of decoder layer 0, the other connectors drawn afresh (N(0, 0.02), zero biases; model-reference
/// 3.5) and marked untrained. Takes a few MB of memory whatever the size; the folder appears whole or not at all.
/// @return MOD-*, CFG-01, TOK-* of the given folders, CLI-01 when the new folder exists, FS-07/09/10, code::Cancelled.
Result<ImportReport> importModel(const ImportRequest &request, const LoadProgress &progress, std::stop_token stop);

} // namespace auroraedge::engine
