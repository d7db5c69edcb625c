#pragma once

#include "engine/api/result.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace auroraedge::app {

/// What a model is measured with.
enum class EvaluationData {
    Recipe = 1,    ///< of a training: its held-out part
    Conversations, ///< LLaVA's form, a list or lines
    Reviewed       ///< lines of pictures with the boxes of their defects: a product's
};

/// Decided by what is in @p file, whatever it is called; what is neither conversations nor reviewed records is a recipe, whose
/// reader says what is wrong with it. @return FS-12, FS-01, FS-02; RCP-01 for a file over 512 MB.
Result<EvaluationData> evaluationDataIn(const std::filesystem::path &file);

/// Leaves at most @p limit of each source, spread over all of them; 0: all. @param sourceOf name of an item's source.
template <class Item, class SourceOf>
void thinOut(std::vector<Item> &items, std::int64_t limit, const SourceOf &sourceOf)
{
    if (limit <= 0)
        return;
    std::map<std::string, std::int64_t> sizes, seen;
    for (const Item &item : items)
        ++sizes[sourceOf(item)];
    std::erase_if(items, [&](const Item &item) {
        const std::int64_t size = sizes[sourceOf(item)], index = seen[sourceOf(item)]++;
        return size > limit && index * limit / size == (index + 1) * limit / size;
    });
}

} // namespace auroraedge::app
