#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace auroraedge::app {

/// Work that is done in any order and taken in the order it was begun. Bounded twice: so many places, and so many bytes of
/// results that wait; what comes next is always let in, so a single large one cannot block. Safe from any thread.
template <typename Item>
class OrderedWindow final
{
public:
    OrderedWindow(std::size_t places, std::int64_t bytes) : m_places(places), m_bytes(bytes) {}

    /// Waits for a place. @return the number of the work, or nothing once closed.
    [[nodiscard]] std::optional<std::uint64_t> begin()
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_isClosed || m_items.size() < m_places; });
        if (m_isClosed)
            return std::nullopt;
        m_items.emplace_back();
        return m_first + m_items.size() - 1;
    }

    /// Waits while results of @p bytes and more lie here, unless @p number is the next that is taken.
    void waitForRoom(std::uint64_t number)
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return m_isClosed || number == m_first || m_held < m_bytes; });
    }

    void finish(std::uint64_t number, Item &&item, std::int64_t bytes)
    {
        {
            const std::lock_guard lock(m_mutex);
            if (m_isClosed)
                return;
            m_items[number - m_first] = {std::move(item), bytes};
            m_held += bytes;
        }
        m_changed.notify_all();
    }

    /// No more work will begin: take() ends behind what was begun.
    void end()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_isEnded = true;
        }
        m_changed.notify_all();
    }

    /// Whoever waits goes on; everything here is dropped.
    void close()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_isClosed = true;
            m_items.clear();
        }
        m_changed.notify_all();
    }

    /// The next in order; waits for it. @param mayBeNone return nothing when no work was begun that is not taken, instead of
    /// waiting for more. @return nothing at the end, too.
    [[nodiscard]] std::optional<Item> take(bool mayBeNone = false)
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] {
            return m_isClosed || (!m_items.empty() && m_items.front().item) || (m_items.empty() && (m_isEnded || mayBeNone));
        });
        if (m_isClosed || m_items.empty())
            return std::nullopt;
        std::optional<Item> item = std::move(m_items.front().item);
        m_held -= m_items.front().bytes;
        m_items.pop_front();
        ++m_first;
        lock.unlock();
        m_changed.notify_all();
        return item;
    }

    [[nodiscard]] bool isAtEnd() const
    {
        const std::lock_guard lock(m_mutex);
        return m_isClosed || (m_isEnded && m_items.empty());
    }

private:
    struct Place
    {
        std::optional<Item> item;
        std::int64_t bytes = 0;
    };
    const std::size_t m_places;
    const std::int64_t m_bytes;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Place> m_items;      // guarded by m_mutex
    std::uint64_t m_first = 0;      // guarded by m_mutex; number of the front
    std::int64_t m_held = 0;        // guarded by m_mutex
    bool m_isEnded = false, m_isClosed = false; // guarded by m_mutex
};

} // namespace auroraedge::app
