#pragma once

#include "engine/api/result.h"

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

namespace auroraedge::engine {

/// A token that is looked for in text before the text is cut.
struct Marker
{
    std::string content; ///< not empty
    std::uint32_t id = 0;
};

/// Finds markers: the leftmost, and the longest of those that begin at one place.
class MarkerList final
{
public:
    void add(Marker marker)
    {
        m_isFirstByte[static_cast<unsigned char>(marker.content.front())] = true;
        m_markers.insert(std::move(marker));
    }

    /// Calls onText for each stretch without markers and onMarker for each marker, in order, until one fails.
    template <typename OnText, typename OnMarker>
    Result<void> walk(std::string_view text, OnText onText, OnMarker onMarker) const
    {
        std::size_t done = 0;
        for (std::size_t at = 0; at < text.size();) {
            const Marker *marker = markerAt(text, at);
            if (!marker) {
                ++at;
                continue;
            }
            if (at > done) {
                const Result<void> taken = onText(text.substr(done, at - done));
                if (!taken)
                    return taken;
            }
            onMarker(marker->id);
            at += marker->content.size();
            done = at;
        }
        return done < text.size() ? onText(text.substr(done)) : Result<void>();
    }

private:
    [[nodiscard]] const Marker *markerAt(std::string_view text, std::size_t at) const
    {
        if (!m_isFirstByte[static_cast<unsigned char>(text[at])])
            return nullptr;
        for (const Marker &marker : m_markers) {
            if (text.compare(at, marker.content.size(), marker.content) == 0)
                return &marker;
        }
        return nullptr;
    }

    struct LongestFirst
    {
        bool operator()(const Marker &one, const Marker &other) const { return one.content.size() > other.content.size(); }
    };

    std::multiset<Marker, LongestFirst> m_markers; ///< equals in the order they came
    std::array<bool, 256> m_isFirstByte{};
};

} // namespace auroraedge::engine
