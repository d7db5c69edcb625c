#include "app/inspection/motion_trigger.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace auroraedge::app {
namespace {

constexpr int kSamples = 4; ///< of a cell, along each side at most

/// Mean grey value of some pixels spread over the cell.
std::uint8_t greyOf(const Frame &frame, const PixelBox &cell)
{
    const int columns = std::min(kSamples, cell.width), rows = std::min(kSamples, cell.height);
    int sum = 0;
    for (int row = 0; row < rows; ++row) {
        const std::uint8_t *line = frame.row(cell.y + row * cell.height / rows);
        for (int column = 0; column < columns; ++column) {
            const std::uint8_t *pixel = line + std::ptrdiff_t{3} * (cell.x + column * cell.width / columns);
            sum += (pixel[0] + 2 * pixel[1] + pixel[2]) / 4;
        }
    }
    return static_cast<std::uint8_t>(sum / (rows * columns));
}

} // namespace

std::optional<double> MotionMeter::changeTo(const Frame &part)
{
    const int columns = std::min(kColumns, part.widthPx), rows = std::min(kRows, part.heightPx);
    std::vector<std::uint8_t> cells;
    cells.reserve(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows));
    for (int row = 0; row < rows; ++row) {
        const int top = row * part.heightPx / rows, bottom = (row + 1) * part.heightPx / rows;
        for (int column = 0; column < columns; ++column) {
            const int left = column * part.widthPx / columns, right = (column + 1) * part.widthPx / columns;
            cells.push_back(greyOf(part, {left, top, right - left, bottom - top}));
        }
    }
    const bool isComparable = m_last.size() == cells.size() && m_lastWidthPx == part.widthPx && m_lastHeightPx == part.heightPx;
    const std::vector<std::uint8_t> before = std::exchange(m_last, std::move(cells));
    m_lastWidthPx = part.widthPx;
    m_lastHeightPx = part.heightPx;
    if (!isComparable || m_last.empty())
        return std::nullopt;
    std::ptrdiff_t changed = 0;
    for (std::size_t i = 0; i < before.size(); ++i)
        changed += std::abs(m_last[i] - before[i]) > kLeastChange ? 1 : 0;
    return static_cast<double>(changed) / static_cast<double>(m_last.size());
}

} // namespace auroraedge::app
