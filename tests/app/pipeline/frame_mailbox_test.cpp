#include "app/pipeline/frame_mailbox.h"

#include "tests/app/pipeline/test_frames.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace auroraedge::app {
namespace {

using auroraedge::testing::makeFrame;

TEST(FrameMailbox, AsksForOneWakeUpUntilTaken)
{
    FrameMailbox box;
    EXPECT_TRUE(box.post(makeFrame(1)));
    EXPECT_FALSE(box.post(makeFrame(2)));
    ASSERT_TRUE(box.take());
    EXPECT_TRUE(box.post(makeFrame(3)));
}

TEST(FrameMailbox, GivesTheNewestFrameAndCountsTheReplaced)
{
    FrameMailbox box;
    for (std::uint64_t sequence = 1; sequence <= 50; ++sequence)
        (void)box.post(makeFrame(sequence));
    EXPECT_EQ(box.take()->sequence, 50U);
    EXPECT_EQ(box.replacedCount(), 49U);
    EXPECT_FALSE(box.take());
}

TEST(FrameMailbox, FreesAReplacedFrame)
{
    FrameMailbox box;
    const Frame first = makeFrame(1);
    const std::weak_ptr<const std::uint8_t> pixels = first.pixels;
    (void)box.post(Frame(first));
    EXPECT_EQ(pixels.use_count(), 2);
    (void)box.post(makeFrame(2));
    EXPECT_EQ(pixels.use_count(), 1);
}

TEST(FrameMailbox, LosesNoFrameUncountedBetweenThreads)
{
    constexpr std::uint64_t kFrames = 200'000;
    FrameMailbox box;
    std::atomic<bool> isDone = false;
    const Frame shared = makeFrame(1);
    std::jthread camera([&] {
        for (std::uint64_t sequence = 1; sequence <= kFrames; ++sequence) {
            Frame frame = shared;
            frame.sequence = sequence;
            (void)box.post(std::move(frame));
        }
        isDone = true;
    });
    std::uint64_t taken = 0, last = 0;
    while (true) {
        const bool wasDone = isDone;
        const std::optional<Frame> frame = box.take();
        if (frame) {
            ASSERT_GT(frame->sequence, last);
            last = frame->sequence;
            ++taken;
        } else if (wasDone) {
            break;
        }
    }
    EXPECT_EQ(last, kFrames);
    EXPECT_EQ(taken + box.replacedCount(), kFrames);
}

} // namespace
} // namespace auroraedge::app
