#include "plugins/network_camera/still_watch.h"

#include <algorithm>
#include <cstring>

namespace auroraedge::plugins {

namespace {

constexpr int kTiles = 8;                         ///< in each direction
constexpr int kAllOver = kTiles * kTiles * 3 / 4; ///< changed tiles; sky or shadow may be without noise
constexpr int kMostNoise = 32, kCarriesNoise = 8; ///< so many pictures may pass until an encoder has refined the last one
constexpr int kLeftOut = 5;                       ///< equal pictures; fewer are a camera that repeats some for its rate
constexpr int kBetween = 5;                       ///< pictures between two key pictures; for the same reason

bool isChanged(const Frame &a, const Frame &b, int column, int row)
{
    const int left = a.widthPx * column / kTiles, right = a.widthPx * (column + 1) / kTiles;
    for (int y = a.heightPx * row / kTiles; y < a.heightPx * (row + 1) / kTiles; ++y) {
        if (std::memcmp(a.row(y) + 3 * left, b.row(y) + 3 * left, static_cast<std::size_t>(3 * (right - left))) != 0)
            return true;
    }
    return false;
}

int changedTiles(const Frame &a, const Frame &b)
{
    if (a.isEmpty() || b.isEmpty() || a.widthPx != b.widthPx || a.heightPx != b.heightPx)
        return kTiles * kTiles;
    int changed = 0;
    for (int row = 0; row < kTiles; ++row)
        for (int column = 0; column < kTiles; ++column)
            changed += isChanged(a, b, column, row) ? 1 : 0;
    return changed;
}

} // namespace

void StillWatch::add(const Frame &picture, bool isKey)
{
    const int changed = changedTiles(picture, m_last);
    m_last = picture;
    if (isKey) {
        m_isStuck = m_sinceKey >= kBetween && changedTiles(picture, m_lastKey) == 0;
        m_lastKey = picture;
    }
    m_sinceKey = isKey ? 0 : m_sinceKey + 1;
    if (changed == 0) {
        ++m_equal;
        m_equalKeys += isKey ? 1 : 0;
        return;
    }
    if (!isKey)
        m_noise = std::clamp(m_noise + (changed >= kAllOver ? 1 : -1), 0, kMostNoise);
    else if (m_equal >= kLeftOut)
        m_noise = 0; // the noise is back with the key picture: the pictures before had it left out
    m_equal = 0;
    m_equalKeys = isKey ? 1 : 0;
}

std::chrono::milliseconds StillWatch::longestFreeze() const
{
    return m_equalKeys >= 2 || m_noise >= kCarriesNoise ? kHanging : kStillScene;
}

} // namespace auroraedge::plugins
