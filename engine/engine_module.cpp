#include "engine/create_engine.h"

/// The module's only exported symbol; kEngineEntryPoint names it.
extern "C" __attribute__((visibility("default"))) auroraedge::Engine *auroraedgeCreateEngine(int abiVersion)
{
    return abiVersion == auroraedge::kEngineAbiVersion ? auroraedge::engine::createEngine().release() : nullptr;
}
