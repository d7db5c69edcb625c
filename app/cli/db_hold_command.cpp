#include "app/cli/answer_output.h"
#include "app/cli/commands.h"
#include "app/cli/db_filter.h"
#include "app/cli/display_text.h"
#include "app/cli/open_store.h"
#include "app/settings/account.h"
#include "app/settings/data_folder.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <ostream>
#include <span>

namespace auroraedge::app {
namespace {

using Rows = std::span<const std::int64_t>;

/// Does @p change to the chosen answers, some at a time. @return how many it changed.
Result<std::int64_t> changeChosen(const std::string &dataDir, const std::vector<std::int64_t> &chosen, const DbFilterOptions &filter,
                                  const CliContext &context, const std::function<Result<std::int64_t>(AnswerStore &, Rows, const StoreAction &)> &change)
{
    const std::filesystem::path folder = DataFolder::resolve(dataDir).root();
    const Result<std::unique_ptr<AnswerReader>> reader = AnswerReader::open(folder);
    if (!reader)
        return failure(reader.error());
    // Before anything is changed: what is asked about may be just that.
    const Result<std::vector<std::int64_t>> rows = chosenRows(**reader, chosen, filter, context);
    if (!rows)
        return failure(rows.error());
    const Result<std::unique_ptr<AnswerStore>> store = openStore(folder, IfDamaged::Refuse, context);
    if (!store)
        return failure(store.error());
    const StoreAction by{std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count(),
                         accountName()};
    constexpr std::size_t kAtOnce = 1000; // others write in between
    std::int64_t changed = 0;
    for (std::size_t first = 0; first < rows->size(); first += kAtOnce) {
        if (context.stop.stop_requested())
            return failure(code::Cancelled, "stopped after " + std::to_string(first) + " answers");
        const Result<std::int64_t> done = change(**store, Rows(*rows).subspan(first, std::min(kAtOnce, rows->size() - first)), by);
        if (!done)
            return failure(done.error());
        changed += *done;
    }
    return changed;
}

} // namespace

Result<int> runDbHold(const DbHoldOptions &options, const CliContext &context)
{
    const Result<std::int64_t> held = changeChosen(
        options.common.dataDir, options.rows, options.filter, context, [&](AnswerStore &store, Rows rows, const StoreAction &by) -> Result<std::int64_t> {
            if (const Result<void> done = store.setHeld(rows, !options.release, options.reason, by); !done)
                return failure(done.error());
            return static_cast<std::int64_t>(rows.size());
        });
    if (!held)
        return failure(held.error());
    if (options.common.json)
        context.out << oneLine({{"held", !options.release}, {"answers", *held}}) << std::endl;
    else if (!options.common.quiet)
        context.err << counted(*held, "answer") << (options.release ? " released" : " held") << '\n';
    return 0;
}

Result<int> runDbTag(const DbTagOptions &options, const CliContext &context)
{
    const Result<std::int64_t> changed
        = changeChosen(options.common.dataDir, options.rows, options.filter, context, [&](AnswerStore &store, Rows rows, const StoreAction &by) {
              return options.remove ? store.untag(rows, options.name, by) : store.tag(rows, options.name, by);
          });
    if (!changed)
        return failure(changed.error());
    if (options.common.json)
        context.out << oneLine({{"tag", options.name}, {"set", !options.remove}, {"changed", *changed}}) << std::endl;
    else if (!options.common.quiet)
        context.err << counted(*changed, "answer") << (options.remove ? " lost the tag " : " got the tag ") << displayText(options.name) << '\n';
    return 0;
}

} // namespace auroraedge::app
