#pragma once

#include "engine/api/engine.h"

#include <filesystem>
#include <memory>

namespace auroraedge::app {

/// The engine, opened at run time so that its BLAS and protobuf never meet those of OpenCV.
/// Thread: open, use and destroy on the inference thread. Everything made by the engine must be gone before.
class EngineModule final
{
public:
    /// Opens auroraedge_engine.so beside the executable (or @p file).
    /// @return ENG-04 with the loader's reason, or when the module speaks another version.
    static Result<EngineModule> open(const std::filesystem::path &file = {});

    EngineModule(EngineModule &&) = default;
    EngineModule &operator=(EngineModule &&) = default;

    [[nodiscard]] Engine &engine() { return *m_engine; }

private:
    explicit EngineModule(std::unique_ptr<Engine> engine) : m_engine(std::move(engine)) {}

    std::unique_ptr<Engine> m_engine;
};

} // namespace auroraedge::app
