#pragma once

#include "engine/api/engine.h"

namespace auroraedge::engine {

/// Times one fp32 and one bf16 product, so that a slow arithmetic library is seen before a user waits for it.
Result<SelfTest> runSelfTest(int threads);

} // namespace auroraedge::engine
