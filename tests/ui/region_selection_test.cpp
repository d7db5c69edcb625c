#include "ui/widgets/region_selection.h"

#include <gtest/gtest.h>

namespace auroraedge::ui::tests {
namespace {

class RegionSelectionTest : public ::testing::Test
{
protected:
    RegionSelectionTest() { m_selection.setPictureSize({640, 320}); }
    /// @return what was taken.
    QRectF take(QPointF corner, QPointF opposite)
    {
        m_selection.begin();
        m_selection.span(corner, opposite);
        m_selection.accept();
        return m_selection.region();
    }

    RegionSelection m_selection;
};

TEST_F(RegionSelectionTest, TheFirstDraftIsTheMiddleAndIsNoRegionUntilItIsTaken)
{
    m_selection.begin();
    EXPECT_EQ(m_selection.shown(), QRectF(0.25, 0.25, 0.5, 0.5));
    EXPECT_TRUE(m_selection.region().isNull());
    m_selection.leave();
    EXPECT_TRUE(m_selection.region().isNull());
    EXPECT_FALSE(m_selection.isEditing());
}

TEST_F(RegionSelectionTest, AnyTwoCornersSpanTheSameRegion)
{
    const QRectF region(0.25, 0.5, 0.5, 0.25);
    EXPECT_EQ(take(region.topLeft(), region.bottomRight()), region);
    EXPECT_EQ(take(region.bottomLeft(), region.topRight()), region);
}

TEST_F(RegionSelectionTest, ItNeverLeavesThePicture)
{
    EXPECT_EQ(take({0.5, 0.5}, {3, 3}), QRectF(0.5, 0.5, 0.5, 0.5));
    m_selection.begin();
    m_selection.moveTo({0.9, -2});
    EXPECT_EQ(m_selection.shown(), QRectF(0.5, 0, 0.5, 0.5));
    m_selection.growBy({1, 0.25});
    EXPECT_EQ(m_selection.shown(), QRectF(0.5, 0, 0.5, 0.75));
}

TEST_F(RegionSelectionTest, ItIsNeverSmallerThanSixteenPixels)
{
    const QRectF least = take({0.5, 0.5}, {0.5, 0.5});
    EXPECT_DOUBLE_EQ(least.width() * 640, 16);
    EXPECT_DOUBLE_EQ(least.height() * 320, 16);
    m_selection.begin();
    m_selection.growBy({-1, -1});
    EXPECT_EQ(m_selection.shown().size(), least.size());
    m_selection.leave();
    m_selection.setPictureSize({160, 320}); // the same share would be four pixels
    EXPECT_DOUBLE_EQ(m_selection.region().width() * 160, 16);
}

TEST_F(RegionSelectionTest, OfAPictureOfFewPixelsItIsAllInThatDirection)
{
    m_selection.setPictureSize({8, 320});
    EXPECT_EQ(take({0.1, 0.1}, {0.2, 0.5}).width(), 1);
}

TEST_F(RegionSelectionTest, AllOfThePictureIsNoRegion)
{
    EXPECT_FALSE(take({0, 0}, {0.5, 1}).isNull());
    EXPECT_TRUE(take({0, 0}, {1, 1}).isNull());
}

TEST_F(RegionSelectionTest, EditingStartsFromTheRegionAndLeavingKeepsIt)
{
    const QRectF region = take({0, 0}, {0.5, 0.5});
    m_selection.begin();
    EXPECT_EQ(m_selection.shown(), region);
    m_selection.moveBy({0.25, 0});
    m_selection.leave();
    EXPECT_EQ(m_selection.region(), region);
    m_selection.clear();
    EXPECT_TRUE(m_selection.shown().isNull());
}

} // namespace
} // namespace auroraedge::ui::tests
