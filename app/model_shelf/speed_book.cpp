#include "app/model_shelf/speed_book.h"

#include "app/settings/json_file.h"
#include "app/settings/out_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <sstream>
#include <utility>
#include <vector>

namespace auroraedge::app {
namespace {

std::string keyOf(const std::string &sha256, const std::string &device, const std::string &precision)
{
    return sha256 + ' ' + device + ' ' + precision;
}

MeasuredSpeed withPairOf(const std::string &key, MeasuredSpeed speed)
{
    std::string sha256;
    std::istringstream(key) >> sha256 >> speed.device >> speed.precision;
    return speed;
}

std::optional<MeasuredSpeed> speedIn(const nlohmann::json &entry)
{
    const auto number = [&](const char *key) { return entry.is_object() && entry.contains(key) && entry.at(key).is_number() ? entry.at(key).get<double>() : -1; };
    MeasuredSpeed speed{number("median_ms"), number("p95_ms"), static_cast<int>(number("answers")), static_cast<std::int64_t>(number("measured_utc_ms"))};
    if (speed.medianMs <= 0 || speed.p95Ms < speed.medianMs || speed.answers <= 0)
        return std::nullopt;
    return speed;
}

} // namespace

MeasuredSpeed speedOf(std::span<const double> totalMs, std::int64_t nowUtcMs)
{
    std::vector<double> sorted(totalMs.begin(), totalMs.end());
    std::ranges::sort(sorted);
    const auto at = [&](double share) {
        const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
        return sorted[std::max<std::size_t>(1, rank) - 1];
    };
    return {at(0.5), at(0.95), static_cast<int>(sorted.size()), nowUtcMs};
}

SpeedBook::SpeedBook(std::filesystem::path file) : m_file(std::move(file))
{
    const Result<nlohmann::json> book = readJsonFile(m_file);
    if (!book || !book->is_object())
        return;
    for (const auto &[key, entry] : book->items()) {
        if (const std::optional<MeasuredSpeed> speed = speedIn(entry))
            m_entries[key] = withPairOf(key, *speed);
    }
}

std::optional<MeasuredSpeed> SpeedBook::find(const std::string &sha256, const std::string &device, const std::string &precision) const
{
    const auto entry = m_entries.find(keyOf(sha256, device, precision));
    return entry == m_entries.end() ? std::nullopt : std::optional(entry->second);
}

std::optional<MeasuredSpeed> SpeedBook::newest(const std::string &sha256) const
{
    std::optional<MeasuredSpeed> newest;
    for (auto entry = m_entries.lower_bound(sha256 + ' '); entry != m_entries.end() && entry->first.starts_with(sha256 + ' '); ++entry) {
        if (!newest || entry->second.measuredUtcMs > newest->measuredUtcMs)
            newest = entry->second;
    }
    return newest;
}

Result<void> SpeedBook::enter(const std::string &sha256, const std::string &device, const std::string &precision, const MeasuredSpeed &speed)
{
    const std::string entered = keyOf(sha256, device, precision);
    m_entries[entered] = withPairOf(entered, speed);
    nlohmann::ordered_json book = nlohmann::ordered_json::object();
    for (const auto &[key, entry] : m_entries)
        book[key] = {{"median_ms", entry.medianMs}, {"p95_ms", entry.p95Ms}, {"answers", entry.answers}, {"measured_utc_ms", entry.measuredUtcMs}};
    const Result<std::unique_ptr<OutFile>> file = OutFile::create(m_file);
    if (!file)
        return failure(file.error());
    if (Result<void> written = (*file)->write(book.dump(1) + "\n"); !written)
        return written;
    return (*file)->publish();
}

} // namespace auroraedge::app
