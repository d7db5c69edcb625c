#include "engine/text/merge_table.h"

#include <algorithm>
#include <limits>
#include <queue>

namespace auroraedge::engine {

namespace {

constexpr std::size_t kShortPiece = 48; // tokens; below it a scan beats a heap

struct Candidate
{
    std::uint32_t rank;
    std::uint32_t at; ///< place of the left token
    std::uint32_t left, right, result;

    /// Turned round: std heaps give out the greatest.
    friend bool operator<(const Candidate &one, const Candidate &other)
    {
        return one.rank != other.rank ? one.rank > other.rank : one.at > other.at;
    }
};

struct Link
{
    std::uint32_t token;
    std::uint32_t previous, next; ///< kNone at the ends
    bool isGone;
};
constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

} // namespace

void MergeTable::apply(std::vector<std::uint32_t> &tokens) const
{
    if (tokens.size() <= kShortPiece)
        applyToShort(tokens);
    else
        applyToLong(tokens);
}

void MergeTable::applyToShort(std::vector<std::uint32_t> &tokens) const
{
    const Merge none{kNone, 0};
    Merge merges[kShortPiece];
    std::size_t count = tokens.size();
    const auto look = [&](std::size_t at) {
        const Merge *found = at + 1 < count ? find(tokens[at], tokens[at + 1]) : nullptr;
        merges[at] = found ? *found : none;
    };
    for (std::size_t i = 0; i < count; ++i)
        look(i);
    while (count > 1) {
        std::size_t best = 0;
        for (std::size_t i = 1; i + 1 < count; ++i) {
            if (merges[i].rank < merges[best].rank)
                best = i;
        }
        if (merges[best].rank == kNone)
            break;
        tokens[best] = merges[best].result;
        std::copy(tokens.begin() + static_cast<std::ptrdiff_t>(best) + 2, tokens.begin() + static_cast<std::ptrdiff_t>(count),
                  tokens.begin() + static_cast<std::ptrdiff_t>(best) + 1);
        std::copy(merges + best + 2, merges + count, merges + best + 1);
        --count;
        look(best);
        if (best > 0)
            look(best - 1);
    }
    tokens.resize(count);
}

void MergeTable::applyToLong(std::vector<std::uint32_t> &tokens) const
{
    const auto count = static_cast<std::uint32_t>(tokens.size());
    std::vector<Link> links(count);
    std::vector<Candidate> first;
    for (std::uint32_t i = 0; i < count; ++i) {
        links[i] = {tokens[i], i > 0 ? i - 1 : kNone, i + 1 < count ? i + 1 : kNone, false};
        if (const Merge *merge = i + 1 < count ? find(tokens[i], tokens[i + 1]) : nullptr)
            first.push_back({merge->rank, i, tokens[i], tokens[i + 1], merge->result});
    }
    std::priority_queue<Candidate> queue({}, std::move(first));
    const auto offer = [&](std::uint32_t at) {
        const std::uint32_t next = links[at].next;
        if (next == kNone)
            return;
        if (const Merge *merge = find(links[at].token, links[next].token))
            queue.push({merge->rank, at, links[at].token, links[next].token, merge->result});
    };
    while (!queue.empty()) {
        const Candidate candidate = queue.top();
        queue.pop();
        Link &left = links[candidate.at];
        if (left.isGone || left.token != candidate.left || left.next == kNone || links[left.next].token != candidate.right)
            continue; // an earlier merge took one of the two
        Link &right = links[left.next];
        right.isGone = true;
        left.token = candidate.result;
        left.next = right.next;
        if (left.next != kNone)
            links[left.next].previous = candidate.at;
        offer(candidate.at);
        if (left.previous != kNone)
            offer(left.previous);
    }
    tokens.clear();
    for (std::uint32_t at = 0; at != kNone; at = links[at].next)
        tokens.push_back(links[at].token);
}

} // namespace auroraedge::engine
