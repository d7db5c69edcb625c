#include "app/batch/ordered_window.h"

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>
#include <vector>

namespace auroraedge::app {
namespace {

TEST(OrderedWindow, GivesOutInTheOrderOfTheBeginningWhateverTheOrderOfTheEnd)
{
    constexpr int kItems = 2000;
    OrderedWindow<int> window(8, 1000);
    std::mutex feed;
    int next = 0;
    std::atomic<int> most = 0, inside = 0;
    std::vector<std::jthread> workers;
    for (unsigned worker = 0; worker < 4; ++worker)
        workers.emplace_back([&, worker] {
            std::mt19937 random(worker);
            while (true) {
                int item = 0;
                std::uint64_t number = 0;
                {
                    const std::lock_guard lock(feed);
                    if (next == kItems)
                        return window.end();
                    item = next++;
                    number = *window.begin();
                }
                most = std::max(most.load(), ++inside);
                window.waitForRoom(number);
                for (auto i = random() % 50; i > 0; --i)
                    std::this_thread::yield();
                window.finish(number, std::move(item), static_cast<std::int64_t>(random() % 400));
            }
        });
    int expected = 0;
    while (const std::optional<int> item = window.take()) {
        --inside;
        EXPECT_EQ(*item, expected++);
    }
    EXPECT_EQ(expected, kItems);
    EXPECT_LE(most, 9) << "eight places, and one that is being taken";
    EXPECT_TRUE(window.isAtEnd());
}

TEST(OrderedWindow, LetsTheNextOneInHoweverLargeTheOthersAre)
{
    OrderedWindow<int> window(4, 10);
    const std::uint64_t first = *window.begin(), second = *window.begin();
    window.finish(second, 2, 1000); // more than there is room for
    window.waitForRoom(first);      // would wait for ever otherwise
    window.finish(first, 1, 1000);
    EXPECT_EQ(window.take(), 1);
    EXPECT_EQ(window.take(), 2);
    EXPECT_EQ(window.take(/*mayBeNone=*/true), std::nullopt);
    EXPECT_FALSE(window.isAtEnd()) << "more may begin";
}

TEST(OrderedWindow, ClosingFreesWhoeverWaits)
{
    OrderedWindow<int> window(1, 10);
    const std::optional<std::uint64_t> first = window.begin();
    std::jthread giver([&] { EXPECT_EQ(window.begin(), std::nullopt); }); // no place is free
    std::jthread taker([&] { EXPECT_EQ(window.take(), std::nullopt); });  // nothing is done
    window.close();
    giver.join();
    taker.join();
    window.finish(*first, 1, 1); // of one that did not hear of it
    EXPECT_EQ(window.take(), std::nullopt);
    EXPECT_TRUE(window.isAtEnd());
}

} // namespace
} // namespace auroraedge::app
