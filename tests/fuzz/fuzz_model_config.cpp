#include "engine/io/model_config.h"
#include "tests/fuzz/promise.h"

#include <set>
#include <string>

using namespace auroraedge::engine;
using auroraedge::fuzzing::promise;

namespace {

void check(const TextConfig &text)
{
    promise(text.layers >= 1 && text.layers <= 512 && text.heads % text.kvHeads == 0 && text.headDim % 2 == 0);
    for (const std::int64_t id : text.endIds)
        promise(id >= 0 && id < text.vocabSize);
}

void check(const VisionConfig &vision)
{
    promise(vision.layers >= 1 && vision.layers <= 512 && vision.hiddenSize % vision.heads == 0 && vision.positions >= 1);
    promise(vision.imageSize == 0 || vision.gridSide() >= 1);
}

void check(const Ldpv2Config &connector)
{
    promise(connector.gridSide >= 2 && connector.gridSide % 2 == 0);
}

void check(const AuroraEdgeConfig &whole)
{
    check(whole.text);
    check(whole.vision);
    promise(whole.visualTokens() >= 1);
    const std::set<std::string> classes(whole.patchClasses.begin(), whole.patchClasses.end());
    promise(classes.size() == whole.patchClasses.size() && classes.size() <= 64 && !classes.contains(""));
}

} // namespace

/// config.json, and after a zero byte generation_config.json.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    const std::size_t cut = text.find('\0');
    const auto config = cut == std::string_view::npos ? parseModelConfig(text) : parseModelConfig(text.substr(0, cut), text.substr(cut + 1));
    if (config)
        std::visit([](const auto &read) { check(read); }, config->architecture);
    return 0;
}
