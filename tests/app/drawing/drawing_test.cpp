#include "app/drawing/drawn_picture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace auroraedge::app {
namespace {

std::vector<std::uint8_t> bytesOf(const Frame &frame)
{
    std::vector<std::uint8_t> bytes;
    for (int y = 0; y < frame.heightPx; ++y)
        bytes.insert(bytes.end(), frame.row(y), frame.row(y) + std::ptrdiff_t{3} * frame.widthPx);
    return bytes;
}

TEST(DrawingAddress, ReadsBackWhatItWrites)
{
    for (const std::string_view kind : drawnKinds()) {
        for (const bool isUnfamiliar : {false, true}) {
            const DrawingAddress address{std::string(kind), 17, isUnfamiliar};
            const auto read = drawingAddressOf(toText(address));
            ASSERT_TRUE(read) << kind;
            EXPECT_EQ(read->kind, kind);
            EXPECT_EQ(read->number, 17U);
            EXPECT_EQ(read->isUnfamiliar, isUnfamiliar);
        }
    }
    for (const char *text : {"drawn:", "drawn:plate", "drawn:plate/", "drawn:plate/x", "drawn:plate/-1", "drawn:moon/1", "plate/1", "drawn:plate/1 "})
        EXPECT_FALSE(drawingAddressOf(text)) << text;
}

TEST(DrawnPicture, IsTheSameForOneAddressAndAnotherForTheNext)
{
    for (const std::string_view kind : drawnKinds()) {
        const std::string name(kind);
        const auto first = bytesOf(draw({name, 1})), again = bytesOf(draw({name, 1})), next = bytesOf(draw({name, 2}));
        EXPECT_EQ(first, again) << kind;
        EXPECT_NE(first, next) << kind;
    }
}

TEST(DrawnPicture, LabelsLieInsideThePicture)
{
    for (const std::string_view kind : drawnKinds()) {
        for (std::uint64_t number = 0; number < 200; ++number) {
            for (const DrawnLabel &label : describe({std::string(kind), number}).labels) {
                EXPECT_GE(label.x, 0) << kind << number << label.name;
                EXPECT_GE(label.y, 0) << kind << number << label.name;
                EXPECT_LE(label.x + label.width, 1) << kind << number << label.name;
                EXPECT_LE(label.y + label.height, 1) << kind << number << label.name;
                EXPECT_GT(label.width, 0) << kind << number << label.name;
                EXPECT_GT(label.height, 0) << kind << number << label.name;
            }
        }
    }
}

} // namespace
} // namespace auroraedge::app
