// An engine module without LibTorch. FAKE_ENGINE_VERSION 0 plays a module of another version.
#include "engine/api/engine.h"
#include "tests/support/fake_engine.h"

extern "C" __attribute__((visibility("default"))) auroraedge::Engine *auroraedgeCreateEngine(int abiVersion);

auroraedge::Engine *auroraedgeCreateEngine(int abiVersion)
{
    static auroraedge::testing::FakeScript script;
    return abiVersion == FAKE_ENGINE_VERSION ? new auroraedge::testing::FakeEngine(script) : nullptr;
}
