#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace auroraedge::engine {

/// The merges of a BPE: which two neighbouring tokens become which one, and how early.
/// A flat hash table: encoding asks it for every pair of every word.
class MergeTable final
{
public:
    struct Merge
    {
        std::uint32_t rank = 0; ///< lower merges first
        std::uint32_t result = 0;
    };

    explicit MergeTable(std::size_t count = 0) : m_slots(slotsFor(count)) {}

    /// @return false when the pair has a merge already. REQUIRES: fewer merges than the constructor was told.
    bool insert(std::uint32_t left, std::uint32_t right, Merge merge)
    {
        const std::uint64_t key = keyOf(left, right);
        for (std::size_t at = startOf(key);; at = (at + 1) & (m_slots.size() - 1)) {
            if (m_slots[at].key == key)
                return false;
            if (m_slots[at].key == kFree) {
                m_slots[at] = {key, merge};
                return true;
            }
        }
    }

    [[nodiscard]] const Merge *find(std::uint32_t left, std::uint32_t right) const
    {
        const std::uint64_t key = keyOf(left, right);
        for (std::size_t at = startOf(key);; at = (at + 1) & (m_slots.size() - 1)) {
            if (m_slots[at].key == key)
                return &m_slots[at].merge;
            if (m_slots[at].key == kFree)
                return nullptr;
        }
    }

    /// Merges the neighbours of @p tokens in place, lowest rank first and leftmost of equals, until no pair has a merge.
    void apply(std::vector<std::uint32_t> &tokens) const;

private:
    struct Slot
    {
        std::uint64_t key = kFree;
        Merge merge;
    };
    static constexpr std::uint64_t kFree = ~std::uint64_t{0};

    static std::uint64_t keyOf(std::uint32_t left, std::uint32_t right) { return std::uint64_t{left} << 32 | right; }
    static std::size_t slotsFor(std::size_t count)
    {
        std::size_t slots = 16;
        while (slots < 2 * count + 2)
            slots *= 2;
        return slots;
    }
    [[nodiscard]] std::size_t startOf(std::uint64_t key) const
    {
        key *= 0x9E3779B97F4A7C15u;
        return static_cast<std::size_t>(key ^ key >> 32) & (m_slots.size() - 1);
    }
    void applyToShort(std::vector<std::uint32_t> &tokens) const;
    void applyToLong(std::vector<std::uint32_t> &tokens) const;

    std::vector<Slot> m_slots;
};

} // namespace auroraedge::engine
