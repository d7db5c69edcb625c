#include "app/cli/db_filter.h"

#include "app/export/utc_text.h"
#include "app/storage/answer_store.h"
#include "app/storage/search_text.h"

#include <nlohmann/json.hpp>

#include <optional>
#include <utility>

namespace auroraedge::app {
namespace {

Result<std::optional<std::int64_t>> timeOf(const char *option, const std::string &text, bool isEnd)
{
    if (text.empty())
        return std::optional<std::int64_t>();
    const std::optional<std::int64_t> time = utcMsOf(text, isEnd);
    if (!time)
        return failure(code::Usage, std::string(option) + ": '" + text + "' is no time as 2026-11-26 or 2026-11-26T14:30", text);
    return time;
}

std::vector<Verdict> verdictsOf(const std::vector<std::string> &names)
{
    std::vector<Verdict> verdicts;
    for (const std::string &name : names)
        verdicts.push_back(verdictFromName(name).value_or(Verdict::Unsure));
    return verdicts;
}

} // namespace

Result<AnswerFilter> filterOf(const DbFilterOptions &options)
{
    AnswerFilter filter;
    const Result<std::optional<std::int64_t>> from = timeOf("--from", options.from, false);
    if (!from)
        return failure(from.error());
    const Result<std::optional<std::int64_t>> until = timeOf("--until", options.until, true);
    if (!until)
        return failure(until.error());
    if (!options.text.empty() && textQuery(options.text).empty()) // no filter: all answers instead of none
        return failure(code::Usage, "--text '" + options.text + "' holds no word to look for", options.text);
    filter.fromUtcMs = *from;
    filter.untilUtcMs = *until;
    filter.verdicts = verdictsOf(options.verdicts);
    filter.withoutVerdict = options.noVerdict;
    filter.judgements = verdictsOf(options.judgements);
    filter.question = options.question;
    filter.model = options.model;
    filter.device = options.device;
    filter.source = options.source;
    filter.tag = options.tag;
    filter.session = options.session;
    filter.reviewer = options.reviewer;
    filter.defectClass = options.defectClass;
    filter.unreviewedOnly = options.unreviewedOnly;
    filter.reviewedOnly = options.reviewedOnly;
    filter.disagreeOnly = options.disagreeOnly;
    filter.failedOnly = options.failedOnly;
    filter.heldOnly = options.heldOnly;
    filter.latencyAboveMs = options.slowerThanMs;
    filter.text = options.text;
    return filter;
}

std::string filterText(const DbFilterOptions &options)
{
    std::string text;
    const auto add = [&text](const std::string &part) { text += (text.empty() ? "" : " ") + part; };
    for (const auto &[name, value] : {std::pair<std::string, const std::string &>("--from", options.from),
                                      {"--until", options.until},
                                      {"--question", options.question},
                                      {"--model", options.model},
                                      {"--device", options.device},
                                      {"--source", options.source},
                                      {"--tag", options.tag},
                                      {"--reviewer", options.reviewer},
                                      {"--class", options.defectClass},
                                      {"--text", options.text}}) {
        if (!value.empty())
            add(name + " '" + value + "'");
    }
    for (const std::string &verdict : options.verdicts)
        add("--verdict " + verdict);
    for (const std::string &judgement : options.judgements)
        add("--judgement " + judgement);
    if (options.session != 0)
        add("--session " + std::to_string(options.session));
    for (const auto &[name, isSet] : {std::pair<const char *, bool>("--no-verdict", options.noVerdict),
                                      {"--reviewed-only", options.reviewedOnly},
                                      {"--unreviewed-only", options.unreviewedOnly},
                                      {"--disagree-only", options.disagreeOnly},
                                      {"--failed-only", options.failedOnly},
                                      {"--held-only", options.heldOnly}}) {
        if (isSet)
            add(name);
    }
    if (options.slowerThanMs)
        add("--slower-than " + nlohmann::json(*options.slowerThanMs).dump());
    return text;
}

Result<std::vector<std::int64_t>> chosenRows(const AnswerReader &reader, const std::vector<std::int64_t> &rows, const DbFilterOptions &options,
                                             const CliContext &context)
{
    const Result<AnswerFilter> filter = filterOf(options);
    if (!filter)
        return failure(filter.error());
    const bool hasFilter = *filter != AnswerFilter();
    if (rows.empty() == !hasFilter)
        return failure(code::Usage, rows.empty() ? "say which answers: --row N, or a filter" : "--row is of no use beside a filter");
    if (hasFilter)
        return selectMatching(reader.database(), *filter, context.stop);
    for (const std::int64_t row : rows) {
        const Result<std::optional<AnswerRecord>> record = reader.answer(row);
        if (!record)
            return failure(record.error());
        if (!*record)
            return failure(code::Usage, "there is no row " + std::to_string(row));
    }
    return rows;
}

} // namespace auroraedge::app
