#pragma once

#include "engine/api/frame.h"
#include "engine/api/result.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace auroraedge::app {

/// Something on a drawn picture and its place, as fractions of the picture's width and height.
struct DrawnLabel
{
    std::string name; ///< "hole", "scratch", ...
    double x = 0, y = 0, width = 0, height = 0;
};

/// What a drawn picture shows: the labels that a person would have drawn, and facts about the whole, by name
/// ("colour": "red"). A fact that has no answer is absent.
struct DrawnScene
{
    std::vector<DrawnLabel> labels;
    std::map<std::string, std::string> facts;
};

/// Names one drawn picture. The same address is the same picture on every machine.
struct DrawingAddress
{
    std::string kind; ///< one of drawnKinds()
    std::uint64_t number = 0;
    bool isUnfamiliar = false; ///< on a background that no other picture has
    int sidePx = 256; ///< 32..1024
};

[[nodiscard]] const std::vector<std::string_view> &drawnKinds();

/// "drawn:plate/17", "drawn:plate/unfamiliar/17", "drawn:plate/17@192".
[[nodiscard]] std::string toText(const DrawingAddress &address);
[[nodiscard]] bool isDrawingAddress(std::string_view text);
/// @return RCP-04 when @p text names no drawing.
Result<DrawingAddress> drawingAddressOf(std::string_view text);

/// What the picture shows, without drawing it. REQUIRES: a kind of drawnKinds().
[[nodiscard]] DrawnScene describe(const DrawingAddress &address);
/// The picture, square. REQUIRES: a kind of drawnKinds(). Thread: any.
[[nodiscard]] Frame draw(const DrawingAddress &address);

} // namespace auroraedge::app
