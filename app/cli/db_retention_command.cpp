#include "app/cli/answer_output.h"
#include "app/cli/commands.h"
#include "app/export/answer_export.h"
#include "app/export/retention.h"
#include "app/settings/data_folder.h"
#include "app/storage/answer_query.h"
#include "app/storage/answer_store.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <ostream>

namespace auroraedge::app {
namespace {

RetentionPolicy policyOf(const DbRetentionOptions &options)
{
    const auto oldest = std::chrono::system_clock::now().time_since_epoch() - std::chrono::days(options.olderThanDays);
    RetentionPolicy policy{std::chrono::duration_cast<std::chrono::milliseconds>(oldest).count(), {}};
    for (const std::string &name : options.keptVerdicts)
        policy.keptVerdicts.push_back(verdictFromName(name).value_or(Verdict::Unsure));
    return policy;
}

void tell(const RetentionPlan &plan, const DbRetentionOptions &options, std::ostream &out)
{
    if (!options.common.json) {
        out << plan.dropped.size() << " pictures of " << plan.rows << " answers, " << plan.bytes << " bytes, need not be kept; "
            << plan.keptPictures << " pictures stay" << std::endl;
        return;
    }
    for (const DroppedPicture &picture : plan.dropped)
        out << oneLine({{"picture", picture.path}, {"bytes", picture.bytes}, {"answers", picture.rows}}) << '\n';
    out << oneLine({{"pictures", plan.dropped.size()}, {"answers", plan.rows}, {"bytes", plan.bytes}, {"kept_pictures", plan.keptPictures}})
        << std::endl;
}

} // namespace

Result<int> runDbRetention(const DbRetentionOptions &options, const CliContext &context)
{
    const Result<std::unique_ptr<AnswerReader>> reader = AnswerReader::open(DataFolder::resolve(options.common.dataDir).root());
    if (!reader)
        return failure(reader.error());
    Retention retention(policyOf(options));
    const AnswerPages pages = pagesOf(**reader, {}, context.stop);
    for (;;) {
        const Result<std::vector<AnswerRecord>> page = pages();
        if (!page)
            return failure(page.error());
        if (page->empty())
            break;
        for (const AnswerRecord &record : *page)
            retention.add(retainedAnswer(record));
    }
    tell(retention.plan(), options, context.out);
    return 0;
}

} // namespace auroraedge::app
