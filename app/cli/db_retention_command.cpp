#include "app/cli/answer_output.h"
#include "app/cli/commands.h"
#include "app/cli/display_text.h"
#include "app/cli/open_store.h"
#include "app/export/answer_export.h"
#include "app/export/retention.h"
#include "app/imaging/thumbnails.h"
#include "app/settings/account.h"
#include "app/settings/data_folder.h"
#include "app/storage/answer_query.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <optional>
#include <ostream>

namespace auroraedge::app {
namespace {

RetentionPolicy policyOf(const DbRetentionOptions &options, std::chrono::milliseconds now)
{
    RetentionPolicy policy{(now - std::chrono::days(options.olderThanDays)).count(), {}};
    for (const std::string &name : options.keptVerdicts)
        policy.keptVerdicts.push_back(verdictFromName(name).value_or(Verdict::Unsure));
    return policy;
}

void tell(const RetentionPlan &plan, const std::optional<RetentionOutcome> &outcome, const DbRetentionOptions &options, std::ostream &out)
{
    if (options.common.json) {
        for (const DroppedPicture &picture : plan.dropped)
            out << oneLine({{"picture", picture.path}, {"bytes", picture.bytes}, {"answers", picture.rows}}) << '\n';
        nlohmann::ordered_json sum = {
            {"pictures", plan.dropped.size()}, {"answers", plan.rows}, {"bytes", plan.bytes}, {"kept_pictures", plan.keptPictures}};
        if (outcome)
            sum.update({{"removed", outcome->removed}, {"removed_bytes", outcome->bytes}, {"kept_after_all", outcome->kept}, {"busy", outcome->busy},
                        {"refused", outcome->refused.size()}});
        out << oneLine(sum) << std::endl;
        return;
    }
    const std::string dropped = counted(static_cast<std::int64_t>(plan.dropped.size()), "picture");
    out << dropped << " of " << counted(plan.rows, "answer") << ", " << plan.bytes << " bytes, need not be kept; " << counted(plan.keptPictures, "picture")
        << (plan.keptPictures == 1 ? " stays" : " stay") << std::endl;
    if (!outcome)
        return;
    out << counted(outcome->removed, "picture") << " removed, " << outcome->bytes << " bytes" << std::endl;
    if (outcome->kept > 0)
        out << outcome->kept << " stay after all: an answer needs them again" << std::endl;
    if (outcome->busy > 0)
        out << outcome->busy << " were saved within the last hour; the next run removes them" << std::endl;
    if (!outcome->refused.empty())
        out << outcome->refused.size() << " are no plain files and were left as they are" << std::endl;
}

} // namespace

Result<int> runDbRetention(const DbRetentionOptions &options, const CliContext &context)
{
    const std::filesystem::path folder = DataFolder::resolve(options.common.dataDir).root();
    const Result<std::unique_ptr<AnswerReader>> reader = AnswerReader::open(folder);
    if (!reader)
        return failure(reader.error());
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch());
    const RetentionPolicy policy = policyOf(options, now);
    const Result<RetentionPlan> plan = planRetention(policy, pagesOf(**reader, {}, context.stop));
    if (!plan)
        return failure(plan.error());
    if (!options.apply) {
        tell(*plan, {}, options, context.out);
        return 0;
    }
    const Result<std::unique_ptr<AnswerStore>> store = openStore(folder, IfDamaged::Refuse, context);
    if (!store)
        return failure(store.error());
    const ExportProgress progress = [&](std::int64_t marked) {
        if (!options.common.quiet && marked % 10'000 == 0)
            context.err << marked << " of " << plan->dropped.size() << " pictures marked" << std::endl;
    };
    const Thumbnails thumbnails(folder);
    const Result<RetentionOutcome> outcome = applyRetention(**store, *plan, policy, {now.count(), accountName()},
                                                            [&](const std::string &sha256) { thumbnails.forget(sha256); }, progress, context.stop);
    if (!outcome)
        return failure(outcome.error());
    for (const Error &refused : outcome->refused)
        context.err << refused.code.text() << ": " << displayText(refused.message) << std::endl;
    tell(*plan, *outcome, options, context.out);
    return 0;
}

} // namespace auroraedge::app
