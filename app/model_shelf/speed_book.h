#pragma once

#include "engine/api/result.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>

namespace auroraedge::app {

/// How fast a model answered on this computer.
struct MeasuredSpeed
{
    double medianMs = 0, p95Ms = 0; ///< of whole answers about a fresh picture, without storing
    int answers = 0;
    std::int64_t measuredUtcMs = 0;
    std::string device = {}, precision = {}; ///< that it was measured with; set by the book
};

/// Of at least one answer; the sample at or just above each share.
[[nodiscard]] MeasuredSpeed speedOf(std::span<const double> totalMs, std::int64_t nowUtcMs);

/// What was measured, by model hash, device and precision; kept in one file of the data folder.
class SpeedBook final
{
public:
    /// An unreadable file is a book without entries: what it held can be measured again.
    explicit SpeedBook(std::filesystem::path file);

    [[nodiscard]] std::optional<MeasuredSpeed> find(const std::string &sha256, const std::string &device, const std::string &precision) const;
    /// The newest of the model, on whatever device and in whatever precision it says.
    [[nodiscard]] std::optional<MeasuredSpeed> newest(const std::string &sha256) const;
    /// On the disk when it returns. @return FS-07, FS-09, FS-10.
    Result<void> enter(const std::string &sha256, const std::string &device, const std::string &precision, const MeasuredSpeed &speed);

private:
    const std::filesystem::path m_file;
    std::map<std::string, MeasuredSpeed> m_entries; ///< "<sha256> <device> <precision>"
};

} // namespace auroraedge::app
