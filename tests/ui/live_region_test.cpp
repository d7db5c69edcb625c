#include "tests/ui/window_test.h"
#include "ui/widgets/picture_view.h"
#include "ui/widgets/thumbnail.h"

#include <QToolButton>

namespace auroraedge::ui::tests {
namespace {

/// Draws the part of the picture that questions are about.
class LiveRegionTest : public WindowTest
{
protected:
    LiveRegionTest() { m_scenes.makeLive(m_window); }

    [[nodiscard]] PictureView &picture() { return *part<PictureView>("pictureView"); }
    /// Where @p share of the picture is on the view; the picture of the scenes fits by its height or width.
    [[nodiscard]] QPoint at(double x, double y)
    {
        const QSizeF size = QSizeF(picture().picture().size()) * picture().zoom();
        const QPointF middle = QRectF(picture().rect()).center();
        return QPointF(middle.x() + (x - 0.5) * size.width(), middle.y() + (y - 0.5) * size.height()).toPoint();
    }
    void drag(QPoint from, QPoint to)
    {
        QTest::mousePress(&picture(), Qt::LeftButton, {}, from);
        QTest::mouseMove(&picture(), (from + to) / 2);
        QTest::mouseMove(&picture(), to);
        QTest::mouseRelease(&picture(), Qt::LeftButton, {}, to);
    }
    void expectNear(const QRectF &region, const QRectF &wanted)
    {
        for (const auto &[got, want] : {std::pair{region.left(), wanted.left()}, {region.top(), wanted.top()},
                                        {region.right(), wanted.right()}, {region.bottom(), wanted.bottom()}})
            EXPECT_NEAR(got, want, 0.006); // one pixel of the screen
    }
};

TEST_F(LiveRegionTest, ByKeysAloneItIsMovedResizedTakenAskedAboutAndRemoved)
{
    key(Qt::Key_D);
    EXPECT_EQ(focused(), QStringLiteral("pictureView"));
    EXPECT_TRUE(isShown("regionBar"));
    EXPECT_FALSE(isShown("presetBar"));
    EXPECT_TRUE(text("hint").contains(QStringLiteral("Shift+arrows")));
    EXPECT_TRUE(m_regions.isEmpty()) << "nothing is taken before Enter";
    key(Qt::Key_Right);
    key(Qt::Key_Down);
    key(Qt::Key_Down);
    key(Qt::Key_Left, Qt::ShiftModifier);
    key(Qt::Key_Down, Qt::ShiftModifier);
    key(Qt::Key_Return);
    const QRectF wanted(0.27, 0.29, 0.48, 0.52);
    ASSERT_EQ(m_regions.size(), 1);
    EXPECT_EQ(m_regions.last(), wanted);
    EXPECT_FALSE(isShown("regionBar"));
    EXPECT_TRUE(isShown("presetBar"));

    key(Qt::Key_F1);
    ASSERT_EQ(m_asked.size(), 1);
    EXPECT_EQ(m_asked.last().region, wanted);
    EXPECT_EQ(part<Thumbnail>("thumbnail")->region(), wanted);
    m_window.answerFailed(0, QStringLiteral("RUN-01"), {}, {});

    key(Qt::Key_Delete);
    ASSERT_EQ(m_regions.size(), 2);
    EXPECT_TRUE(m_regions.last().isNull());
    key(Qt::Key_F1);
    EXPECT_TRUE(m_asked.last().region.isNull());
}

TEST_F(LiveRegionTest, AVerdictIsNoFieldOfColourOnceAnotherPartIsMarkedThanItIsAbout)
{
    const auto field = [this] { return part("resultCard")->property("field").toString(); };
    key(Qt::Key_F);
    key(Qt::Key_D);
    key(Qt::Key_Return);
    askAndAnswer(1, Verdict::Ok);
    key(Qt::Key_D);
    key(Qt::Key_Right);
    EXPECT_EQ(field(), QStringLiteral("OK")) << "nothing is taken before Enter";
    key(Qt::Key_Return);
    EXPECT_EQ(field(), QString());
    EXPECT_EQ(part("resultCard")->property("outlined").toString(), QStringLiteral("OK"));
    askAndAnswer(2, Verdict::Ok);
    EXPECT_EQ(field(), QStringLiteral("OK"));
    ask(3);
    key(Qt::Key_Delete); // all of the picture is marked before the answer is there
    m_window.answerFinished(answer(3, Verdict::Ok));
    EXPECT_EQ(field(), QString());
}

TEST_F(LiveRegionTest, EscDropsWhatWasDrawnAndKeepsTheRegionBefore)
{
    key(Qt::Key_D);
    key(Qt::Key_Return);
    key(Qt::Key_D);
    key(Qt::Key_Left);
    key(Qt::Key_Escape);
    EXPECT_FALSE(picture().isDrawingRegion());
    EXPECT_EQ(picture().region(), QRectF(0.25, 0.25, 0.5, 0.5));
    EXPECT_EQ(m_regions.size(), 1);
    EXPECT_EQ(m_cancelled, 0);
}

TEST_F(LiveRegionTest, ADragDrawsIt)
{
    click("regionButton");
    drag(at(0.1, 0.2), at(0.6, 0.7));
    ASSERT_EQ(m_regions.size(), 1);
    expectNear(m_regions.last(), {0.1, 0.2, 0.5, 0.5});
    EXPECT_FALSE(picture().isDrawingRegion());
    EXPECT_TRUE(part<QToolButton>("regionButton")->isChecked());
}

TEST_F(LiveRegionTest, ADragInsideMovesItAndOneAtACornerResizesIt)
{
    key(Qt::Key_D);
    key(Qt::Key_Return);
    click("regionButton");
    drag(at(0.5, 0.5), at(0.6, 0.4));
    expectNear(m_regions.last(), {0.35, 0.15, 0.5, 0.5});
    click("regionButton");
    drag(at(0.85, 0.65), at(0.55, 0.45));
    expectNear(m_regions.last(), {0.35, 0.15, 0.2, 0.3});
}

TEST_F(LiveRegionTest, TwoTapsDrawItForThoseWhoCannotDrag)
{
    click("regionButton");
    QTest::mouseClick(&picture(), Qt::LeftButton, {}, at(0.7, 0.8));
    EXPECT_TRUE(m_regions.isEmpty());
    QTest::mouseClick(&picture(), Qt::LeftButton, {}, at(0.3, 0.2));
    ASSERT_EQ(m_regions.size(), 1);
    expectNear(m_regions.last(), {0.3, 0.2, 0.4, 0.6});
}

TEST_F(LiveRegionTest, ItsButtonsTakeItRemoveItAndLeaveIt)
{
    key(Qt::Key_D);
    click("regionAccept");
    EXPECT_FALSE(picture().region().isNull());
    key(Qt::Key_D);
    click("regionLeave");
    EXPECT_FALSE(picture().region().isNull());
    key(Qt::Key_D);
    click("regionWhole");
    EXPECT_TRUE(picture().region().isNull());
    EXPECT_FALSE(picture().isDrawingRegion());
}

TEST_F(LiveRegionTest, AskingTakesWhatIsShown)
{
    key(Qt::Key_D);
    key(Qt::Key_Up);
    key(Qt::Key_F1);
    ASSERT_EQ(m_asked.size(), 1);
    EXPECT_EQ(m_asked.last().region, QRectF(0.25, 0.23, 0.5, 0.5));
    EXPECT_FALSE(picture().isDrawingRegion());
}

TEST_F(LiveRegionTest, ItOutlivesFramesButNotTheSource)
{
    key(Qt::Key_D);
    key(Qt::Key_Return);
    showFrame(2, m_scenes.picture(1));
    showFrame(3, QImage(1280, 960, QImage::Format_RGB888));
    EXPECT_EQ(picture().region(), QRectF(0.25, 0.25, 0.5, 0.5));
    SourceState other = Scenes::liveSource();
    other.uri = QStringLiteral("folder:/parts");
    m_window.setSourceState(other);
    EXPECT_TRUE(picture().region().isNull());
    EXPECT_TRUE(m_regions.last().isNull());
}

TEST_F(LiveRegionTest, ItIsShownByDimmingAllAroundIt)
{
    QImage white(640, 480, QImage::Format_RGB888);
    white.fill(Qt::white);
    showFrame(2, white);
    key(Qt::Key_D);
    key(Qt::Key_Return);
    const QImage seen = picture().grab().toImage();
    const auto brightness = [&](double x, double y) { return seen.pixelColor(at(x, y) * seen.devicePixelRatio()).lightness(); };
    EXPECT_EQ(brightness(0.5, 0.5), 255);
    for (const auto &[x, y] : {std::pair{0.15, 0.5}, {0.85, 0.5}, {0.5, 0.15}, {0.5, 0.85}})
        EXPECT_LT(brightness(x, y), 128) << x << ' ' << y;
}

TEST(LiveRegion, WithoutAPictureItIsOffAndSaysWhy)
{
    Theme theme;
    MainWindow window(theme);
    const auto *button = window.findChild<QToolButton *>(QStringLiteral("regionButton"));
    EXPECT_FALSE(button->isEnabled());
    EXPECT_EQ(button->toolTip(), QStringLiteral("There is no picture to draw on."));
    EXPECT_TRUE(window.live().handleKey(Qt::Key_D));
    EXPECT_FALSE(window.findChild<PictureView *>(QStringLiteral("pictureView"))->isDrawingRegion());
}

} // namespace
} // namespace auroraedge::ui::tests
