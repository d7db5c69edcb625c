#include "app/window/frame_gate.h"
#include "tests/app/window/scripted_station.h"
#include "tests/support/held_resources.h"
#include "ui/panels/live_panel.h"

#include <algorithm>

namespace auroraedge::app::tests {
namespace {

namespace script = testing;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing::HeldResources;
using testing::heldResources;
using testing::kMemoryTells;
using testing::ScriptedCamera;

// What the gate lets through.

Frame frameOf(int widthPx, steady_clock::time_point capturedAt)
{
    Frame frame;
    frame.widthPx = widthPx;
    frame.heightPx = 48;
    frame.capturedAt = capturedAt;
    return frame;
}

TEST(FrameGate, LetsAFreshFrameThroughAndAnOldOneNot)
{
    FrameGate gate;
    const steady_clock::time_point now = steady_clock::now();
    EXPECT_EQ(gate.refusal(now)->code, code::CameraNoFrame);
    gate.show(frameOf(64, now));
    EXPECT_FALSE(gate.refusal(now + milliseconds(2'000)));
    EXPECT_EQ(gate.refusal(now + milliseconds(2'001))->code, code::CameraNoFrame);
    EXPECT_EQ(gate.refusal(now + milliseconds(3'250))->message, "the picture is 3.2 s old; an old one gets no answer");
    gate.reset();
    EXPECT_EQ(gate.refusal(now)->code, code::CameraNoFrame);
}

TEST(FrameGate, AFrozenFrameStaysAsFreshAsItWasWhenItWasFrozen)
{
    FrameGate gate;
    const steady_clock::time_point now = steady_clock::now();
    gate.show(frameOf(64, now));
    gate.setFrozen(true, now + milliseconds(500));
    EXPECT_FALSE(gate.refusal(now + std::chrono::hours(8)));
    gate.setFrozen(false, now + milliseconds(2'500));
    EXPECT_TRUE(gate.refusal(now + milliseconds(2'500)));
    gate.setFrozen(true, now + milliseconds(2'500)); // an old picture does not become young by it
    EXPECT_TRUE(gate.refusal(now + milliseconds(2'500)));
}

TEST(FrameGate, APictureThatStandsStillGetsNoAnswerAndFreezingItDoesNotHelp)
{
    FrameGate gate;
    const steady_clock::time_point now = steady_clock::now();
    gate.show(frameOf(64, now));
    gate.setStill(true);
    EXPECT_EQ(gate.refusal(now)->code, code::CameraFrozen);
    gate.setFrozen(true, now);
    gate.setStill(false); // the camera goes on, the picture on the screen stays
    EXPECT_EQ(gate.refusal(now)->code, code::CameraFrozen);
    gate.setFrozen(false, now);
    EXPECT_FALSE(gate.refusal(now));
    gate.setFrozen(true, now);
    gate.setStill(true); // it was alive when it was frozen
    EXPECT_FALSE(gate.refusal(now));
}

TEST(FrameGate, APictureOfAFolderMayBeAsOldAsTheFolderShowsIt)
{
    FrameGate gate;
    const steady_clock::time_point now = steady_clock::now();
    plugins::SourceDescription folder;
    folder.isLive = false;
    folder.longestGap = milliseconds(4'000);
    gate.describe(folder);
    gate.show(frameOf(64, now));
    gate.show(frameOf(128, now)); // pictures of a folder have their own sizes
    EXPECT_FALSE(gate.wrongSize());
    EXPECT_FALSE(gate.refusal(now + milliseconds(4'000)));
    EXPECT_TRUE(gate.refusal(now + milliseconds(4'001)));
}

TEST(FrameGate, AnotherSizeOfACameraGetsNoAnswerUntilItIsAccepted)
{
    FrameGate gate;
    const steady_clock::time_point now = steady_clock::now();
    gate.show(frameOf(1'920, now));
    EXPECT_FALSE(gate.wrongSize());
    gate.show(frameOf(640, now));
    EXPECT_EQ(gate.refusal(now)->code, code::CameraSizeChanged);
    EXPECT_EQ(gate.wrongSize()->message, "picture size changed 1920x48 -> 640x48");
    gate.show(frameOf(1'920, now));
    EXPECT_FALSE(gate.refusal(now));
    gate.show(frameOf(640, now));
    gate.acceptSize();
    EXPECT_FALSE(gate.refusal(now));
    gate.show(frameOf(1'920, now));
    EXPECT_TRUE(gate.refusal(now));
    gate.reset();
    gate.show(frameOf(640, now));
    EXPECT_FALSE(gate.wrongSize());
}

// The station.

class SourceFaultsTest : public ScriptedStationTest
{
protected:
    struct Asked
    {
        steady_clock::time_point at; ///< just before the press
        QString source;              ///< chosen then
        int widthPx;                 ///< accepted then
    };

    void open(const char *name)
    {
        m_chosen = QStringLiteral("uvc:") + QLatin1String(name);
        Q_EMIT m_window.sourceChosen(m_chosen);
    }
    /// A camera whose pictures may be asked about, at a station whose limits a busy machine does not reach.
    Camera openUnhurried()
    {
        m_oldest = kUnhurried;
        Camera one = camera("line-1", {}, described(kUnhurried));
        start();
        open("line-1");
        EXPECT_TRUE(waitFor([this] { return isReady(); }));
        return one;
    }
    /// As the station, with a note of each question that it accepts.
    void startNoting()
    {
        start();
        // After the session's own slot: what it has refused is over by now.
        QObject::connect(&m_window, &ui::MainWindow::askRequested, &m_window, [this] {
            if (m_window.live().activity() == ui::LivePanel::Activity::Busy)
                m_asked.push_back({m_pressedAt, m_chosen, m_widthPx});
        });
    }
    void press()
    {
        if (!isIdle())
            return;
        m_pressedAt = steady_clock::now();
        key(Qt::Key_F1);
    }
    /// Until @p claim, with a question at every moment that has none.
    [[nodiscard]] bool askUntil(const std::function<bool()> &claim)
    {
        return waitFor([&] {
            press();
            return claim();
        });
    }
    /// Questions go on being answered.
    [[nodiscard]] bool recovers()
    {
        const std::size_t before = m_asked.size();
        return askUntil([&] { return m_asked.size() >= before + 2; });
    }
    /// Until @p camera has done what was in its script, and has recovered.
    [[nodiscard]] bool passes(const Camera &camera)
    {
        return askUntil([&] { return camera->isDone(); }) && recovers();
    }

    QString m_chosen;
    int m_widthPx = 64;
    steady_clock::time_point m_pressedAt;
    std::vector<Asked> m_asked;
};

TEST_F(SourceFaultsTest, NoVerdictComesFromAnOldFrameOrAnotherSourceInTwentyFiveTransitions)
{
    const Camera first = camera("line-1", {}, described(milliseconds(100), "046d:0825 A1"));
    const Camera second = camera("line-2", {}, described(milliseconds(600))); // old long before it counts as lost
    startNoting();
    open("line-1");
    ASSERT_TRUE(waitFor([this] { return isReady(); }));

    struct Transition
    {
        const char *name;
        std::function<bool()> passes;
    };
    const auto of = [this](const Camera &camera, testing::Script steps) {
        return [this, camera, steps] {
            camera->then(steps);
            return passes(camera);
        };
    };
    const auto change = [this](const char *to) {
        return [this, to] {
            open(to);
            return recovers();
        };
    };
    const auto resized = [this, first](int widthPx) {
        return [this, first, widthPx] {
            first->then({script::resize(widthPx, 48)});
            if (!askUntil([&] { return isShown("faultBar") && text("faultCause").startsWith(QStringLiteral("CAM-05")); }))
                return false;
            const std::size_t before = m_asked.size();
            for (int turn = 0; turn < 20; ++turn) { // all of them refused
                press();
                QCoreApplication::processEvents(QEventLoop::AllEvents, 5);
            }
            if (!faultIsShown("CAM-05")) // another one may be on top for a moment
                return false;
            click("faultAction");
            m_widthPx = widthPx;
            return m_asked.size() == before && recovers();
        };
    };
    const std::vector<Transition> transitions = {
        {"short stall", of(first, {script::stall(milliseconds(50))})},
        {"long stall", of(first, {script::stall(milliseconds(400))})},
        {"short freeze", of(first, {script::freeze(8)})},
        {"long freeze", of(first, {script::freeze(80)})},
        {"slower than may be", of(first, {script::pace(milliseconds(150)), script::frames(4), script::pace(milliseconds(5))})},
        {"garbage", of(first, {script::garbage()})},
        {"short buffer", of(first, {script::shortBuffer()})},
        {"driver throws", of(first, {script::throwing()})},
        {"unplugged and back", of(first, {script::unplug({})})},
        {"unplugged for a while", of(first, {script::unplug(milliseconds(300))})},
        {"busy", of(first, {script::unplug({}), script::refuseOpen(3)})},
        {"login refused, then chosen again",
         [&] {
             first->then({script::unplug({}), script::refuseLogin(1)});
             if (!askUntil([&] { return isShown("faultBar") && text("faultCause").startsWith(QStringLiteral("CAM-04")); }))
                 return false;
             open("line-1");
             return passes(first);
         }},
        {"driver throws in open", of(first, {script::unplug({}), script::throwInOpen()})},
        {"hangs in open", of(first, {script::unplug({}), script::hangInOpen(milliseconds(500))})},
        {"hangs in read, then an old frame", of(first, {script::hangInRead(milliseconds(400))})},
        {"stream ends", of(first, {script::end()})},
        {"another camera in its place",
         of(first, {script::unplug({}), script::swap("046d:0825 B2"), script::swap("046d:0825 B2"), script::swap("046d:0825 A1")})},
        {"another size", resized(96)},
        {"the old size again", resized(64)},
        {"to the second camera", change("line-2")},
        {"stall that is no loss yet", of(second, {script::stall(milliseconds(450))})},
        {"long freeze of the second", of(second, {script::freeze(80)})},
        {"slow but not lost", of(second, {script::pace(milliseconds(300)), script::frames(4), script::pace(milliseconds(5))})},
        {"back to the first while it stalls",
         [&] {
             first->then({script::stall(milliseconds(200))});
             open("line-1");
             return passes(first);
         }},
        {"away while it hangs",
         [&] {
             first->then({script::hangInRead(milliseconds(300))});
             (void)askUntil([&] { return first->isDone(); });
             open("line-2");
             return recovers();
         }},
        {"there and back at once",
         [&] {
             open("line-1");
             open("line-2");
             open("line-1");
             return recovers();
         }},
        {"the same one again", change("line-1")},
    };
    ASSERT_GE(transitions.size(), 25U);
    for (const Transition &transition : transitions) {
        SCOPED_TRACE(transition.name);
        ASSERT_TRUE(transition.passes());
    }
    ASSERT_TRUE(waitFor([&] { return isIdle() && rows().size() == m_asked.size(); }))
        << rows().size() << " rows of " << m_asked.size() << " accepted questions, " << m_script.frames.size() << " asked";

    const std::vector<AnswerRecord> stored = rows();
    ASSERT_EQ(m_script.frames.size(), stored.size());
    EXPECT_GE(stored.size(), 2 * transitions.size());
    for (std::size_t i = 0; i < stored.size(); ++i) {
        SCOPED_TRACE("row " + std::to_string(i));
        const Frame &asked = m_script.frames[i];
        const ScriptedCamera::Mark mark = ScriptedCamera::markOf(asked);
        const Camera &alive = mark.camera == first->number() ? first : second;
        const auto born = alive->bornAt(mark);
        ASSERT_TRUE(born); // the pixels are those of a picture that a camera gave
        EXPECT_EQ(stored[i].frameSequence, asked.sequence);
        EXPECT_EQ(stored[i].source, alive == first ? "uvc:line-1" : "uvc:line-2");
        EXPECT_EQ(stored[i].source, m_asked[i].source.toStdString());
        EXPECT_LE(std::chrono::duration_cast<milliseconds>(m_asked[i].at - *born), kOldest);
        EXPECT_EQ(asked.widthPx, m_asked[i].widthPx);
    }
}

TEST_F(SourceFaultsTest, AnOldPictureGetsNoAnswerAlthoughItsSourceIsNotLostYet)
{
    const Camera slow = camera("line-1", {}, described(milliseconds(5'000)));
    start();
    open("line-1");
    ASSERT_TRUE(waitFor([this] { return isReady(); }));
    slow->then({script::stall(milliseconds(2'000))});
    ASSERT_TRUE(waitFor([this] {
        const auto *picture = part<ui::PictureView>("pictureView");
        return picture->age() && *picture->age() > kOldest;
    }));
    ASSERT_TRUE(askPreset());
    EXPECT_TRUE(text("failure").startsWith(QStringLiteral("CAM-02: the picture is 0."))) << text("failure").toStdString();
    key(Qt::Key_F); // freezing it now does not make it young
    ASSERT_TRUE(askPreset());
    EXPECT_TRUE(text("failure").startsWith(QStringLiteral("CAM-02: the picture is 0.")));
    EXPECT_TRUE(rows().empty());
    key(Qt::Key_F);
    ASSERT_TRUE(waitFor([&] { return slow->isDone(); }));
    ASSERT_TRUE(waitFor([this] { return askPreset() && !rows().empty(); }));
}

TEST_F(SourceFaultsTest, BetweenStandingStillAndCountingAsFrozenNoQuestionIsAnswered)
{
    m_oldest = kUnhurried;
    plugins::SourceDescription compressed = described(kUnhurried);
    compressed.longestFreeze = milliseconds(60'000); // a stream that cannot tell a still scene from a camera that hangs
    m_capture.stillAfter = milliseconds(100);
    const Camera one = camera("line-1", {}, compressed);
    start();
    open("line-1");
    ASSERT_TRUE(waitFor([this] { return isReady(); }));
    one->then({script::freeze(600)});
    ASSERT_TRUE(waitFor([this] { return !part<QPushButton>("askButton")->isEnabled(); }));
    EXPECT_TRUE(text("hint").startsWith(QStringLiteral("The picture stands perfectly still")));
    EXPECT_FALSE(isShown("faultBar")) << "it is not lost";
    key(Qt::Key_F1);
    key(Qt::Key_F); // kept on the screen, it may be the last one all the same
    ASSERT_TRUE(askPreset());
    EXPECT_TRUE(text("failure").startsWith(QStringLiteral("CAM-03: ")));
    EXPECT_TRUE(m_script.frames.empty());
    EXPECT_TRUE(rows().empty());
    key(Qt::Key_F);
    ASSERT_TRUE(waitFor([&] { return one->isDone() && isReady(); }));
    ASSERT_TRUE(askPreset());
    EXPECT_EQ(rows().size(), 1U);
}

TEST_F(SourceFaultsTest, APictureThatIsFrozenOnPurposeIsAnsweredLongAfter)
{
    m_oldest = milliseconds(1'000); // time enough to freeze it, on any machine
    const Camera one = camera("line-1", {}, described(kUnhurried));
    start();
    open("line-1");
    ASSERT_TRUE(waitFor([this] { return isReady(); }));
    key(Qt::Key_F);
    one->then({script::unplug(milliseconds(60'000))});
    ASSERT_TRUE(faultIsShown("CAM-01"));
    ASSERT_TRUE(waitFor([this] { return *part<ui::PictureView>("pictureView")->age() > 2 * m_oldest; }));
    ASSERT_TRUE(askPreset());
    EXPECT_EQ(rows().size(), 1U);
}

TEST_F(SourceFaultsTest, APictureOfTheSourceBeforeCannotBeAskedAboutOnceAnotherIsChosen)
{
    camera("line-1", {}, described(milliseconds(100)));
    camera("line-2", {script::hangInOpen(milliseconds(60'000))}, described(milliseconds(100)));
    start();
    open("line-1");
    ASSERT_TRUE(waitFor([this] { return isReady(); }));
    const quint64 before = shownFrame();
    open("line-2");
    Q_EMIT m_window.askRequested({QStringLiteral("Is there a bottle?"), 0, before, {}}); // in the same moment
    key(Qt::Key_F1);
    EXPECT_EQ(part<ui::PictureView>("pictureView")->picture(), QImage());
    EXPECT_TRUE(isIdle());
    EXPECT_TRUE(rows().empty());
    EXPECT_TRUE(m_script.frames.empty());
}

TEST_F(SourceFaultsTest, AnotherSizeIsToldWithBothSizesAndAcceptedByOnePress)
{
    const Camera one = openUnhurried();
    one->then({script::resize(128, 96)});
    ASSERT_TRUE(faultIsShown("CAM-05"));
    EXPECT_TRUE(text("faultCause").contains(QStringLiteral("64x48 -> 128x96")));
    ASSERT_TRUE(askPreset());
    EXPECT_TRUE(text("failure").startsWith(QStringLiteral("CAM-05: ")));
    EXPECT_TRUE(rows().empty());
    click("faultAction");
    EXPECT_TRUE(waitFor([this] { return !isShown("faultBar"); }));
    ASSERT_TRUE(askPreset());
    ASSERT_EQ(rows().size(), 1U);
    EXPECT_EQ(rows()[0].pictureWidthPx, 128);
}

TEST_F(SourceFaultsTest, ASizeThatChangesAgainIsToldAgainSoThatWhatIsAcceptedIsWhatIsRead)
{
    const Camera one = openUnhurried();
    one->then({script::resize(128, 96)});
    ASSERT_TRUE(waitFor([this] { return text("faultCause").contains(QStringLiteral("64x48 -> 128x96")); }));
    one->then({script::resize(32, 24)});
    EXPECT_TRUE(waitFor([this] { return text("faultCause").contains(QStringLiteral("64x48 -> 32x24")); }));
    one->then({script::resize(64, 48)});
    EXPECT_TRUE(waitFor([this] { return !isShown("faultBar"); }));
}

TEST_F(SourceFaultsTest, ThePictureThatACameraHungAtGetsNoAnswerByFreezingItOnceTheCameraIsLost)
{
    const Camera one = openUnhurried();
    one->then({script::freeze(1'000'000)}); // each time with a new time: it looks young
    ASSERT_TRUE(faultIsShown("CAM-03"));
    key(Qt::Key_F);
    ASSERT_TRUE(askPreset());
    EXPECT_TRUE(text("failure").startsWith(QStringLiteral("CAM-03: "))) << text("failure").toStdString();
    EXPECT_TRUE(m_script.frames.empty());
    EXPECT_TRUE(rows().empty());
}

TEST_F(SourceFaultsTest, ASizeThatComesBackByItselfClearsItsWarning)
{
    const Camera one = camera("line-1", {}, described(milliseconds(100)));
    start();
    open("line-1");
    ASSERT_TRUE(waitFor([this] { return isReady(); }));
    one->then({script::resize(128, 96)});
    ASSERT_TRUE(faultIsShown("CAM-05"));
    one->then({script::resize(64, 48)});
    EXPECT_TRUE(waitFor([this] { return !isShown("faultBar"); }));
}

TEST_F(SourceFaultsTest, AnotherCameraAtAKnownAddressIsRefusedAtTheNextStartUntilItIsChosenByHand)
{
    camera("line-1", {}, described(milliseconds(100), "046d:0825 A1"));
    start();
    m_session->openSource(QStringLiteral("uvc:line-1"));
    ASSERT_TRUE(waitFor([this] { return isLive(); }));
    m_session.reset();

    camera("line-1", {}, described(milliseconds(100), "046d:0825 B2"));
    start();
    m_session->openSource(QStringLiteral("uvc:line-1"));
    ASSERT_TRUE(faultIsShown("CAM-06"));
    EXPECT_TRUE(text("faultCause").contains(QStringLiteral("046d:0825 A1 expected, 046d:0825 B2 found")));
    open("line-1");
    EXPECT_TRUE(waitFor([this] { return isReady() && !isShown("faultBar"); }));
}

TEST_F(SourceFaultsTest, FiveHundredUnplugCyclesLeaveNothingBehindInTheWholeStation)
{
    constexpr int kCycles = 500, kWarmUp = 150;
    m_capture.firstPause = milliseconds(1);
    m_capture.lastPause = milliseconds(1);
    const Camera one = camera("line-1", {}, described(milliseconds(2'000)));
    start();
    open("line-1");
    ASSERT_TRUE(waitFor([this] { return isReady(); }));
    HeldResources before;
    for (int cycle = 1; cycle <= kCycles; ++cycle) {
        const quint64 shown = shownFrame();
        one->then({script::unplug({}), script::frames(1)});
        ASSERT_TRUE(waitFor([&] { return one->openings() == cycle + 1 && shownFrame() > shown; })) << cycle;
        if (cycle == kWarmUp)
            before = heldResources();
    }
    const HeldResources after = heldResources();
    EXPECT_LE(after.threads, before.threads + 1); // one may be ending
    EXPECT_LE(after.descriptors, before.descriptors);
    if (kMemoryTells) {
        EXPECT_LE(after.residentKb, before.residentKb + 4'096);
    }
    EXPECT_EQ(CaptureWorker::abandonedReaders(), 0);
    ASSERT_TRUE(waitFor([this] { return isReady() && askPreset() && rows().size() == 1; }));
}

} // namespace
} // namespace auroraedge::app::tests
