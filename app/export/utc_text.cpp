#include "app/export/utc_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>

namespace auroraedge::app {
namespace {

/// Takes a number of @p digits off the front of @p text.
std::optional<int> takeNumber(std::string_view &text, std::size_t digits)
{
    int value = 0;
    const char *const end = text.data() + std::min(digits, text.size());
    const auto [next, problem] = std::from_chars(text.data(), end, value);
    if (text.size() < digits || problem != std::errc() || next != end || text[0] == '-')
        return std::nullopt;
    text.remove_prefix(digits);
    return value;
}

bool takeSign(std::string_view &text, char sign)
{
    if (text.empty() || text[0] != sign)
        return false;
    text.remove_prefix(1);
    return true;
}

} // namespace

std::string utcText(std::int64_t utcMs)
{
    const std::int64_t ms = (utcMs % 1000 + 1000) % 1000;
    const std::time_t seconds = (utcMs - ms) / 1000;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 80> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", parts.tm_year + 1900, parts.tm_mon + 1,
                  parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, static_cast<int>(ms));
    return text.data();
}

std::optional<std::int64_t> utcMsOf(std::string_view text, bool isEnd)
{
    const bool isUtc = text.ends_with('Z');
    if (isUtc)
        text.remove_suffix(1);
    std::tm parts{};
    const std::optional<int> year = takeNumber(text, 4);
    const bool hasMonth = year && takeSign(text, '-');
    const std::optional<int> month = hasMonth ? takeNumber(text, 2) : std::nullopt;
    const bool hasDay = month && takeSign(text, '-');
    const std::optional<int> day = hasDay ? takeNumber(text, 2) : std::nullopt;
    if (!day || *year < 1970 || *month < 1 || *month > 12 || *day < 1 || *day > 31)
        return std::nullopt;
    parts.tm_year = *year - 1900;
    parts.tm_mon = *month - 1;
    parts.tm_mday = *day;
    const bool isDay = text.empty();
    if (!isDay) {
        const std::optional<int> hour = takeSign(text, 'T') ? takeNumber(text, 2) : std::nullopt;
        const std::optional<int> minute = hour && takeSign(text, ':') ? takeNumber(text, 2) : std::nullopt;
        if (!minute || *hour > 23 || *minute > 59)
            return std::nullopt;
        parts.tm_hour = *hour;
        parts.tm_min = *minute;
        if (!text.empty()) {
            const std::optional<int> second = takeSign(text, ':') ? takeNumber(text, 2) : std::nullopt;
            if (!second || *second > 59 || !text.empty())
                return std::nullopt;
            parts.tm_sec = *second;
        }
    }
    parts.tm_isdst = -1;
    std::tm told = parts;
    if (isDay && isEnd) // the first moment of the next day; not 24 hours later, as the clock may be set that night
        ++told.tm_mday;
    const std::time_t seconds = isUtc ? timegm(&told) : mktime(&told);
    std::tm proof = parts; // 31 February becomes March
    const std::time_t begin = isUtc ? timegm(&proof) : mktime(&proof);
    if (proof.tm_mday != parts.tm_mday || begin < 0 || seconds < 0)
        return std::nullopt;
    return std::int64_t{seconds} * 1000;
}

} // namespace auroraedge::app
