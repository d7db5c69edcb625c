#include "app/pipeline/bounded_queue.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

namespace auroraedge::app {
namespace {

TEST(BoundedQueue, RefusesWhenFullAndLeavesTheItemWithItsGiver)
{
    BoundedQueue<std::unique_ptr<int>> queue(1);
    ASSERT_TRUE(queue.push(std::make_unique<int>(1)));
    auto second = std::make_unique<int>(2);
    EXPECT_FALSE(queue.push(std::move(second)));
    ASSERT_TRUE(second);
    EXPECT_EQ(**queue.pop(), 1);
    EXPECT_TRUE(queue.push(std::move(second)));
}

TEST(BoundedQueue, HandsOutWhatItAcceptedAfterItIsClosed)
{
    BoundedQueue<int> queue(4);
    ASSERT_TRUE(queue.push(1));
    ASSERT_TRUE(queue.push(2));
    queue.close();
    EXPECT_FALSE(queue.push(3));
    EXPECT_EQ(queue.pop(), 1);
    EXPECT_EQ(queue.pop(), 2);
    EXPECT_EQ(queue.pop(), std::nullopt);
}

TEST(BoundedQueue, ClosingWakesAWaitingTaker)
{
    BoundedQueue<int> queue(1);
    std::jthread taker([&] { EXPECT_EQ(queue.pop(), std::nullopt); });
    queue.close();
}

TEST(BoundedQueue, KeepsOrderAndLosesNothingBetweenThreads)
{
    constexpr int kItems = 100'000;
    BoundedQueue<int> queue(8);
    std::jthread giver([&] {
        for (int item = 0; item < kItems; ++item) {
            while (!queue.push(int{item}))
                std::this_thread::yield();
        }
        queue.close();
    });
    int expected = 0;
    while (const std::optional<int> item = queue.pop())
        ASSERT_EQ(*item, expected++);
    EXPECT_EQ(expected, kItems);
}

} // namespace
} // namespace auroraedge::app
