#pragma once

#include "engine/api/result.h"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <filesystem>
#include <fstream>

namespace auroraedge::engine {

/// One JSON object a line on how a run went: stage and step (from 1), loss, gradient norm, rates. For people and for the
/// curves; nothing is read back from it but its own lines.
class TrainingLog final
{
public:
    explicit TrainingLog(std::filesystem::path file) : m_file(std::move(file)) {}

    /// Keeps the lines up to @p step of @p stage (0 and 0: none) and goes on behind them. @return FS-07, FS-09, FS-10.
    Result<void> startAt(std::size_t stage, int step);
    void add(const nlohmann::ordered_json &line);

private:
    std::filesystem::path m_file;
    std::ofstream m_stream;
};

} // namespace auroraedge::engine
