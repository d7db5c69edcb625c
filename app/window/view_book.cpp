#include "app/window/view_book.h"

#include "app/settings/damaged_file.h"
#include "app/settings/json_file.h"
#include "app/settings/json_settings.h"
#include "app/settings/out_file.h"
#include "app/window/view_values.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace auroraedge::app {
namespace {

using Json = nlohmann::json;

constexpr const char *kVerdicts[] = {"OK", "NG", "UNSURE"};
constexpr const char *kSpans[] = {"today", "shift", "last shift", "8 h", "24 h", "7 days", "30 days"}; // of ui::MovingSpan

double utcMsOf(const QDateTime &time) { return time.isValid() ? static_cast<double>(time.toMSecsSinceEpoch()) : -1; }

QDateTime timeOf(double utcMs) { return utcMs < 0 ? QDateTime() : QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(utcMs)); }

Json jsonOf(const ui::SavedView &view)
{
    const ui::ReviewFilter &filter = view.filter;
    const auto namesOf = [](const QList<ui::Verdict> &verdicts) {
        Json names = Json::array();
        for (const ui::Verdict verdict : verdicts)
            names.push_back(kVerdicts[static_cast<std::size_t>(verdict) - 1]);
        return names;
    };
    return {{"name", view.name.toStdString()},
            {"from_utc_ms", utcMsOf(filter.from)},
            {"until_utc_ms", utcMsOf(filter.until)},
            {"span", filter.span ? kSpans[static_cast<std::size_t>(*filter.span) - 1] : ""},
            {"verdicts", namesOf(filter.verdicts)},
            {"without_verdict", filter.withoutVerdict},
            {"judgements", namesOf(filter.judgements)},
            {"outcomes", namesOf(filter.counted)},
            {"without_outcome", filter.countedNone},
            {"question", filter.question.toStdString()},
            {"model", filter.model.toStdString()},
            {"device", filter.device.toStdString()},
            {"source", filter.source.toStdString()},
            {"reviewer", filter.reviewer.toStdString()},
            {"second_reviewer", filter.otherReviewer.toStdString()},
            {"defect_class", filter.defectClass.toStdString()},
            {"without_class", filter.withoutClass},
            {"tag", filter.tag.toStdString()},
            {"session", static_cast<double>(filter.session)},
            {"unreviewed", filter.unreviewedOnly},
            {"reviewed", filter.reviewedOnly},
            {"disagree", filter.disagreeOnly},
            {"failed", filter.failedOnly},
            {"held", filter.heldOnly},
            {"latency_above_ms", filter.latencyAboveMs},
            {"stage", filter.stage.stage.toStdString()},
            {"stage_from_ms", filter.stage.fromMs},
            {"stage_below_ms", filter.stage.belowMs},
            {"text", filter.text.toStdString()}};
}

Result<ui::SavedView> viewOf(const Json &object)
{
    std::string name, span;
    double from = -1, until = -1, session = 0; // exact far beyond today
    ui::SavedView view;
    JsonSettings settings(object, "a saved view");
    ui::ReviewFilter &filter = view.filter;
    const auto word = [&](const char *key, QString &value) {
        std::string read;
        settings.read(key, read);
        value = textOf(read);
    };
    const auto readVerdicts = [&](const char *key, QList<ui::Verdict> &value) {
        std::vector<std::string> names;
        settings.read(key, names);
        for (const std::string &each : names) {
            const auto known = std::ranges::find(kVerdicts, each);
            settings.check(known != std::end(kVerdicts), "'" + each + "' is no verdict");
            if (known != std::end(kVerdicts))
                value.append(ui::Verdict(known - std::begin(kVerdicts) + 1));
        }
    };
    settings.require("name", name);
    settings.read("from_utc_ms", from);
    settings.read("until_utc_ms", until);
    settings.read("span", span);
    const auto known = std::ranges::find(kSpans, span);
    settings.check(span.empty() || known != std::end(kSpans), "'" + span + "' is no span of time");
    if (known != std::end(kSpans))
        filter.span = ui::MovingSpan(known - std::begin(kSpans) + 1);
    readVerdicts("verdicts", filter.verdicts);
    settings.read("without_verdict", filter.withoutVerdict);
    readVerdicts("judgements", filter.judgements);
    readVerdicts("outcomes", filter.counted);
    settings.read("without_outcome", filter.countedNone);
    word("question", filter.question);
    word("model", filter.model);
    word("device", filter.device);
    word("source", filter.source);
    word("reviewer", filter.reviewer);
    word("second_reviewer", filter.otherReviewer);
    word("defect_class", filter.defectClass);
    settings.read("without_class", filter.withoutClass);
    word("tag", filter.tag);
    settings.read("session", session);
    settings.read("unreviewed", filter.unreviewedOnly);
    settings.read("reviewed", filter.reviewedOnly);
    settings.read("disagree", filter.disagreeOnly);
    settings.read("failed", filter.failedOnly);
    settings.read("held", filter.heldOnly);
    settings.read("latency_above_ms", filter.latencyAboveMs);
    word("stage", filter.stage.stage);
    settings.read("stage_from_ms", filter.stage.fromMs);
    settings.read("stage_below_ms", filter.stage.belowMs);
    word("text", filter.text);
    if (const Result<void> done = settings.finish(); !done)
        return failure(done.error());
    view.name = textOf(name);
    filter.from = timeOf(from);
    filter.until = timeOf(until);
    filter.session = static_cast<qint64>(session);
    return view;
}

} // namespace

Result<ViewBook> ViewBook::open(std::filesystem::path file)
{
    ViewBook book;
    book.m_file = std::move(file);
    std::error_code problem;
    if (!std::filesystem::exists(std::filesystem::symlink_status(book.m_file, problem)))
        return book;
    const Result<Json> document = readJsonFile(book.m_file);
    std::optional<Error> damage;
    if (!document) {
        if (document.error().code != code::RecipeSyntax)
            return failure(document.error()); // it may be whole
        damage = document.error();
    } else if (!document->is_array()) {
        damage = Error{code::RecipeValue, "it is not a list of saved views", {}};
    } else {
        for (const Json &object : *document) {
            Result<ui::SavedView> view = viewOf(object);
            if (view)
                book.m_views.append(*std::move(view));
            else
                damage = view.error();
        }
    }
    if (!damage)
        return book;
    const Result<std::filesystem::path> kept = keepDamaged(book.m_file);
    if (!kept)
        return failure(kept.error());
    book.m_notice = Error{damage->code, "saved views could not be read (" + damage->message + "); the file was kept as " + kept->string(), kept->string()};
    if (!book.m_views.isEmpty()) {
        if (const Result<void> written = book.write(book.m_views); !written)
            return failure(written.error());
    }
    return book;
}

Result<void> ViewBook::save(const ui::SavedView &view)
{
    ui::SavedViews views = m_views;
    const auto old = std::ranges::find(views, view.name, &ui::SavedView::name);
    if (old != views.end())
        *old = view;
    else
        views.append(view);
    return write(std::move(views));
}

Result<void> ViewBook::remove(const QString &name)
{
    ui::SavedViews views = m_views;
    views.removeIf([&](const ui::SavedView &view) { return view.name == name; });
    return write(std::move(views));
}

Result<void> ViewBook::write(ui::SavedViews views)
{
    Json list = Json::array();
    for (const ui::SavedView &view : views)
        list.push_back(jsonOf(view));
    Result<std::unique_ptr<OutFile>> file = OutFile::create(m_file);
    if (!file)
        return failure(file.error());
    if (const Result<void> written = (*file)->write(list.dump(1) + '\n'); !written)
        return failure(written.error());
    if (const Result<void> published = (*file)->publish(); !published)
        return failure(published.error());
    m_views = std::move(views);
    return {};
}

} // namespace auroraedge::app
