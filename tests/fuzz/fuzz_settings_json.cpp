#include "app/settings/json_file.h"
#include "tests/fuzz/promise.h"

#include <nlohmann/json.hpp>

using namespace auroraedge;

/// Presets, recipes and settings all come through this parser.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const auto document = app::parseJson({reinterpret_cast<const char *>(data), size}, "fuzz.json");
    if (!document) {
        fuzzing::promise(document.error().code == code::RecipeSyntax && !document.error().message.empty());
        return 0;
    }
    const auto again = app::parseJson(document->dump(), "again.json");
    fuzzing::promise(again && *again == *document);
    return 0;
}
