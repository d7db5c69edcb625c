#include "app/inspection/motion_trigger.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace auroraedge::app {
namespace {

constexpr int kSamples = 4; ///< of a cell, along each side at most

/// Mean grey value of some pixels spread over the cell.
std::uint8_t greyOf(const Frame &frame, const PixelBox &cell, const GreyQuarters &quarters)
{
    const int columns = std::min(kSamples, cell.width), rows = std::min(kSamples, cell.height);
    int sum = 0;
    for (int row = 0; row < rows; ++row) {
        const std::uint8_t *line = frame.row(cell.y + row * cell.height / rows);
        for (int column = 0; column < columns; ++column) {
            const std::uint8_t *pixel = line + std::ptrdiff_t{3} * (cell.x + column * cell.width / columns);
            sum += (quarters.red * pixel[0] + quarters.green * pixel[1] + quarters.blue * pixel[2]) / 4;
        }
    }
    return static_cast<std::uint8_t>(sum / (rows * columns));
}

} // namespace

GreyCells greyCellsOf(const Frame &picture, const GreyQuarters &quarters)
{
    const int columns = std::min(GreyCells::kColumns, picture.widthPx), rows = std::min(GreyCells::kRows, picture.heightPx);
    GreyCells grey{picture.widthPx, picture.heightPx};
    grey.cells.reserve(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows));
    for (int row = 0; row < rows; ++row) {
        const int top = row * picture.heightPx / rows, bottom = (row + 1) * picture.heightPx / rows;
        for (int column = 0; column < columns; ++column) {
            const int left = column * picture.widthPx / columns, right = (column + 1) * picture.widthPx / columns;
            grey.cells.push_back(greyOf(picture, {left, top, right - left, bottom - top}, quarters));
        }
    }
    return grey;
}

std::optional<double> changeBetween(const GreyCells &a, const GreyCells &b)
{
    if (a.cells.empty() || a.widthPx != b.widthPx || a.heightPx != b.heightPx)
        return std::nullopt;
    std::ptrdiff_t changed = 0;
    for (std::size_t i = 0; i < a.cells.size(); ++i)
        changed += std::abs(a.cells[i] - b.cells[i]) > GreyCells::kLeastChange ? 1 : 0;
    return static_cast<double>(changed) / static_cast<double>(a.cells.size());
}

std::optional<double> MotionMeter::changeTo(const Frame &part)
{
    const GreyCells before = std::exchange(m_last, greyCellsOf(part));
    return changeBetween(before, m_last);
}

} // namespace auroraedge::app
