#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace auroraedge::testing {

/// What listeners on other threads wrote down, and waiting for it.
template <typename Entry>
class Journal final
{
public:
    void add(Entry entry)
    {
        const std::lock_guard lock(m_mutex);
        m_entries.push_back(std::move(entry));
        m_changed.notify_all();
    }

    [[nodiscard]] std::vector<Entry> entries() const
    {
        const std::lock_guard lock(m_mutex);
        return m_entries;
    }

    /// Until the entries fulfil @p claim. @return false after ten seconds.
    [[nodiscard]] bool waitFor(const std::function<bool(const std::vector<Entry> &)> &claim)
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, std::chrono::seconds(10), [&] { return claim(m_entries); });
    }

    [[nodiscard]] bool waitForCount(std::size_t count)
    {
        return waitFor([count](const std::vector<Entry> &entries) { return entries.size() >= count; });
    }

private:
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<Entry> m_entries; // guarded by m_mutex
};

} // namespace auroraedge::testing
