#include "engine/training/training_log.h"

#include "engine/io/durable_file.h"

#include <nlohmann/json.hpp>

#include <span>
#include <string>
#include <utility>

namespace auroraedge::engine {

Result<void> TrainingLog::startAt(std::size_t stage, int step)
{
    std::string kept;
    std::ifstream before(m_file);
    for (std::string line; std::getline(before, line);) {
        const nlohmann::json object = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
        if (!object.is_object() || !object.contains("stage") || !object.contains("step")) // cut when the program was killed
            continue;
        if (std::pair(object["stage"].get<std::size_t>(), object["step"].get<int>()) <= std::pair(stage, step))
            kept += line + "\n";
    }
    const std::span<const std::byte> content = std::as_bytes(std::span(kept));
    if (const Result<void> written = writeDurably(m_file, {&content, 1}); !written)
        return written;
    m_stream.open(m_file, std::ios::app);
    return {};
}

void TrainingLog::add(const nlohmann::ordered_json &line)
{
    m_stream << line.dump() << std::endl; // a line that cannot be written is no reason to stop hours of work
}

} // namespace auroraedge::engine
