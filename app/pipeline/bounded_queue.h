#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace auroraedge::app {

/// First in, first out, for what must not be lost; safe from any thread. A full queue refuses instead of dropping or
/// blocking: the giver pauses and says so.
template <typename Item>
class BoundedQueue final
{
public:
    explicit BoundedQueue(std::size_t capacity) : m_capacity(capacity) {}

    /// @return false, with @p item untouched, when the queue is full or closed.
    [[nodiscard]] bool push(Item &&item)
    {
        {
            const std::lock_guard lock(m_mutex);
            if (m_isClosed || m_items.size() >= m_capacity)
                return false;
            m_items.push_back(std::move(item));
        }
        m_changed.notify_one();
        return true;
    }

    /// Waits for an item. Nothing when the queue is closed and empty: what was accepted before is still handed out.
    [[nodiscard]] std::optional<Item> pop()
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_isClosed || !m_items.empty(); });
        if (m_items.empty())
            return std::nullopt;
        std::optional<Item> item(std::move(m_items.front()));
        m_items.pop_front();
        return item;
    }

    void close()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_isClosed = true;
        }
        m_changed.notify_all();
    }

    [[nodiscard]] std::size_t size() const
    {
        const std::lock_guard lock(m_mutex);
        return m_items.size();
    }

private:
    const std::size_t m_capacity;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Item> m_items; // guarded by m_mutex
    bool m_isClosed = false;  // guarded by m_mutex
};

} // namespace auroraedge::app
