#include "app/drawing/colours.h"
#include "app/drawing/defects.h"
#include "app/drawing/kinds.h"
#include "app/drawing/part_surface.h"
#include "app/drawing/scene_facts.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace auroraedge::app {
namespace {

constexpr double kPi = std::numbers::pi;

NamedColour drawnBoardColour(Dice &dice)
{
    static const std::vector<NamedColour> kColours{
        {"green", {28, 104, 52}}, {"blue", {30, 62, 148}}, {"red", {158, 34, 36}}, {"black", {38, 38, 42}}};
    NamedColour board = dice.oneOf(kColours);
    const double light = dice.between(-8, 14);
    board.colour = varied(dice, board.colour + Colour(light, light, light), 6);
    return board;
}

/// The cells that parts sit in, in picture widths around the board's centre.
struct Grid
{
    int columns = 0, rows = 0;
    double cellX = 0, cellY = 0;

    [[nodiscard]] int cells() const { return columns * rows; }
    [[nodiscard]] double cell() const { return std::min(cellX, cellY); }
    [[nodiscard]] Place centreOf(int cell) const
    {
        return {(cell % columns - (columns - 1) / 2.0) * cellX, (cell / columns - (rows - 1) / 2.0) * cellY};
    }
};

/// The smallest grid with @p parts cells, or the next larger one, on a board whose parts stay in the
/// picture whichever way it is turned; its corners may just leave it.
Grid drawnGrid(Dice &dice, int parts)
{
    constexpr std::pair<int, int> kGrids[] = {{2, 2}, {3, 2}, {3, 3}, {4, 3}, {5, 3}};
    int more = dice.whole(0, 1), columns = 5, rows = 3;
    for (const auto &[across, down] : kGrids) {
        if (across * down < parts || more-- > 0)
            continue;
        columns = across;
        rows = down;
        break;
    }
    const double width = dice.between(std::max(0.45, columns * 0.168), std::min(0.86, columns * 0.235));
    const double cellX = width / columns, cellY = std::min(cellX * dice.between(1, 1.12), 0.64 / rows);
    return {columns, rows, cellX, cellY};
}

std::vector<int> shuffledCells(Dice &dice, int cells)
{
    std::vector<int> order;
    for (int cell = 0; cell < cells; ++cell)
        order.insert(order.begin() + dice.whole(0, cell), cell);
    return order;
}

/// Around @p x and @p y.
std::vector<Place> box(double x, double y, double width, double height)
{
    return boxBetween(x - width / 2, y - height / 2, x + width / 2, y + height / 2);
}

struct ChipSize
{
    double length = 0, width = 0;
    int pins = 0; ///< on each long side

    [[nodiscard]] double pinX(int pin) const { return length * ((pin + 0.5) / pins - 0.5); }
};

ChipSize drawnChipSize(Dice &dice, double cell)
{
    const double length = cell * dice.between(0.66, 0.8), width = cell * dice.between(0.4, 0.52);
    return {length, width, dice.whole(3, 5)};
}

std::vector<Place> chipArea(const Pose &pose, const ChipSize &size)
{
    return placed(pose, box(0, 0, size.length, size.width * 1.4));
}

void paintChip(Dice &dice, Canvas &canvas, const Pose &pose, const ChipSize &size, const Colour &board)
{
    const double dark = brightness(board) < 55 ? dice.between(70, 92) : dice.between(22, 44);
    const Colour body(dark, dark, dark + 3), pin(198, 202, 206);
    for (int i = 0; i < size.pins; ++i)
        canvas.polygon(placed(pose, box(size.pinX(i), 0, size.length / size.pins * 0.42, size.width * 1.4)), pin);
    canvas.stain(placed(pose, box(0.004, 0.004, size.length, size.width)), {0, 0, 0}, 0.5, 0.004);
    canvas.polygon(placed(pose, box(0, 0, size.length, size.width)), body);
    canvas.line(pose.at(-size.length / 2, -size.width / 2), pose.at(size.length / 2, -size.width / 2), 0.005, body * 1.5);
    canvas.disc(pose.at(-size.length * 0.38, size.width * 0.26), 0.008, body * 1.9);
    if (dice.chance(0.6)) { // its type
        for (const double y : {-0.12 * size.width, 0.12 * size.width}) {
            const double end = size.length * dice.between(0.1, 0.35);
            canvas.line(pose.at(-size.length * 0.2, y), pose.at(end, y), 0.005, body + Colour(90, 90, 90));
        }
    }
}

/// Where a chip should be: its bare pads and its printed outline.
void paintFootprint(Canvas &canvas, const Pose &pose, const ChipSize &size)
{
    auto outline = placed(pose, box(0, 0, size.length, size.width * 0.7));
    outline.push_back(outline.front());
    canvas.polyline(outline, 0.006, {226, 226, 220});
    for (int i = 0; i < size.pins; ++i)
        for (const double y : {-0.58, 0.58})
            canvas.polygon(placed(pose, box(size.pinX(i), y * size.width, size.length / size.pins * 0.55, size.width * 0.3)), {222, 186, 92});
}

void paintCapacitor(Dice &dice, Canvas &canvas, const Pose &pose, double radius, const Colour &top)
{
    canvas.disc({pose.centre.x + 0.006, pose.centre.y + 0.006}, radius, {12, 12, 14});
    canvas.disc(pose.centre, radius, {34, 36, 46});
    canvas.disc(pose.centre, radius * 0.85, top);
    if (dice.chance(0.6)) { // the marked side
        std::vector<Place> mark;
        for (int i = 0; i <= 8; ++i) {
            const double turn = -0.8 + 0.2 * i;
            mark.push_back(pose.at(radius * 0.85 * std::cos(turn), radius * 0.85 * std::sin(turn)));
        }
        canvas.polygon(mark, {30, 32, 44});
    }
    canvas.ring(pose.centre, radius * 0.85, 0.004, top * 0.7);
}

/// Tracks: from a ring (a via) a slanted piece, then one along the board.
void paintTracks(Dice &dice, Canvas &canvas, const Pose &pose, const Grid &grid, const Colour &board)
{
    const Colour track = board * 1.2 + Colour(8, 8, 6), via(206, 176, 96);
    const double halfX = grid.columns * grid.cellX / 2 * 0.94, halfY = grid.rows * grid.cellY / 2 * 0.94;
    for (int i = 0, tracks = dice.whole(8, 16); i < tracks; ++i) {
        const Place from{dice.between(-halfX, halfX), dice.between(-halfY, halfY)};
        const double size = dice.between(0.02, 0.08), slant = dice.chance(0.5) ? size : -size, run = dice.between(-0.3, 0.3);
        const Place bend{std::clamp(from.x + slant, -halfX, halfX), std::clamp(from.y + std::abs(slant), -halfY, halfY)};
        const Place to{std::clamp(bend.x + run, -halfX, halfX), bend.y};
        canvas.polyline(placed(pose, {from, bend, to}), 0.006, track);
        canvas.disc(pose.at(from.x, from.y), 0.009, via);
        canvas.disc(pose.at(from.x, from.y), 0.004, board * 0.3);
    }
}

/// A small part that nobody counts.
void paintResistor(Dice &dice, Canvas &canvas, const Pose &pose)
{
    const double length = dice.between(0.03, 0.042);
    canvas.polygon(placed(pose, box(0, 0, length, 0.018)), {200, 202, 204});
    canvas.polygon(placed(pose, box(0, 0, length * 0.55, 0.018)), dice.chance(0.5) ? Colour(24, 24, 26) : Colour(150, 112, 72));
}

const std::vector<std::string> &boardDefects()
{
    static const std::vector<std::string> names{"scratch", "stain", "crack"};
    return names;
}

} // namespace

DrawnScene drawBoard(Dice &dice, Canvas &canvas, bool isUnfamiliar)
{
    canvas.background(isUnfamiliar);
    const NamedColour board = drawnBoardColour(dice);
    const int chips = dice.whole(0, 6), capacitors = dice.whole(0, 5);
    const bool isMissing = dice.chance(0.5);
    const std::string defect = drawnDefect(dice, boardDefects());
    const Grid grid = drawnGrid(dice, chips + capacitors + (isMissing ? 1 : 0) + (defect != "none" ? 1 : 0));
    const auto cells = shuffledCells(dice, grid.cells());

    const double width = grid.columns * grid.cellX + 0.03, height = grid.rows * grid.cellY + 0.03;
    const double play = std::max(0.47 - std::hypot(width, height) / 2, 0.01);
    Pose pose;
    pose.centre.x += dice.between(-play, play);
    pose.centre.y += dice.between(-play, play);
    pose.angle = dice.between(0, 2 * kPi);
    const auto outline = boxOutline(width, height, dice.between(0, 0.03));
    paintFace(dice, canvas, pose, outline, board.colour, false);
    paintTracks(dice, canvas, pose, grid, board.colour);

    std::size_t used = 0;
    const auto nextPose = [&](double angle) {
        const Place cell = grid.centreOf(cells[used++]);
        const double x = cell.x + dice.between(-0.04, 0.04) * grid.cell(), y = cell.y + dice.between(-0.04, 0.04) * grid.cell();
        return Pose{pose.at(x, y), 1, pose.angle + angle};
    };
    DrawnScene scene;
    scene.labels.push_back(labelAround("board", placed(pose, outline)));
    DrawnLabel defectLabel;
    if (defect != "none") {
        defectLabel = surfaceDefect(defect, dice, canvas, nextPose(0).centre, std::max(0.5 * grid.cell(), 0.085), board.colour);
        scene.labels.push_back(defectLabel);
    }
    if (isMissing) {
        const Pose at = nextPose(dice.whole(0, 3) * kPi / 2);
        const ChipSize size = drawnChipSize(dice, grid.cell());
        paintFootprint(canvas, at, size);
        scene.labels.push_back(labelAround("missing chip", chipArea(at, size)));
    }
    for (int i = 0; i < chips; ++i) {
        const Pose at = nextPose(dice.whole(0, 3) * kPi / 2);
        const ChipSize size = drawnChipSize(dice, grid.cell());
        paintChip(dice, canvas, at, size, board.colour);
        scene.labels.push_back(labelAround("chip", chipArea(at, size)));
    }
    static const std::vector<Colour> kTops{{198, 200, 204}, {214, 166, 60}, {150, 186, 214}};
    const Colour top = dice.oneOf(kTops);
    for (int i = 0; i < capacitors; ++i) {
        const Pose at = nextPose(dice.between(0, 2 * kPi));
        const double radius = std::clamp(grid.cell() * dice.between(0.21, 0.27), 0.036, 0.06);
        paintCapacitor(dice, canvas, at, radius, top);
        scene.labels.push_back(labelAround("capacitor", {at.centre}, radius));
    }
    while (used < cells.size()) {
        const Pose at = nextPose(dice.whole(0, 1) * kPi / 2);
        if (dice.chance(0.6))
            paintResistor(dice, canvas, at);
    }

    scene.facts["board colour"] = board.name;
    scene.facts["chips"] = std::to_string(chips);
    scene.facts["capacitors"] = std::to_string(capacitors);
    scene.facts["parts"] = counted(chips, "chip") + " and " + counted(capacitors, "capacitor");
    scene.facts["chip missing"] = isMissing ? "yes" : "no";
    tellDefect(dice, defect, defectLabel, scene, boardDefects());
    return scene;
}

} // namespace auroraedge::app
