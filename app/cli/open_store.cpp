#include "app/cli/open_store.h"

#include "app/cli/display_text.h"

#include <ostream>

namespace auroraedge::app {

Result<std::unique_ptr<AnswerStore>> openStore(const std::filesystem::path &dataFolder, IfDamaged ifDamaged, const CliContext &context)
{
    Result<std::unique_ptr<AnswerStore>> store = AnswerStore::open(dataFolder, ifDamaged);
    if (!store)
        return store;
    for (const Error &notice : (*store)->notices())
        context.err << notice.code.text() << ": " << displayText(notice.message) << '\n';
    return store;
}

} // namespace auroraedge::app
