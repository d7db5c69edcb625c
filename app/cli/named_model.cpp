#include "app/cli/named_model.h"

#include "app/settings/resources.h"

namespace auroraedge::app {

Result<NamedModel> findModel(const CommonOptions &options, const CliContext &context)
{
    const Result<std::filesystem::path> folder = resolveModelFolder(options.model, DataFolder::resolve(options.dataDir));
    if (!folder)
        return failure(folder.error());
    const Result<Engine *> engine = context.openEngine();
    if (!engine)
        return failure(engine.error());
    return NamedModel{folder->string(), *engine};
}

} // namespace auroraedge::app
