#include "app/products/reviewed_records.h"
#include "tests/fuzz/promise.h"

using namespace auroraedge;

/// Lines that people and other programs write.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const auto read = app::parseReviewedRecords({reinterpret_cast<const char *>(data), size}, "/set/reviewed.jsonl");
    if (!read) {
        fuzzing::promise(read.error().code == code::RecipeValue && !read.error().message.empty());
        return 0;
    }
    for (const app::ReviewedRecord &record : read->records) {
        fuzzing::promise(record.picture.starts_with("/set"));
        for (const auto &[name, box] : record.defects)
            fuzzing::promise(!name.empty() && box.x >= 0 && box.y >= 0 && box.width > 0 && box.height > 0 && box.x + box.width <= record.widthPx
                             && box.y + box.height <= record.heightPx);
    }
    return 0;
}
