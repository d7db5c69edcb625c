#pragma once

#include "engine/api/engine.h"

#include <memory>

namespace auroraedge::engine {

/// The engine over LibTorch. The program reaches it through the module's entry point, tests directly.
std::unique_ptr<Engine> createEngine();

} // namespace auroraedge::engine
