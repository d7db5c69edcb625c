#include "app/window/view_book.h"

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

double utcMsOf(const QDateTime &time) { return time.isValid() ? static_cast<double>(time.toMSecsSinceEpoch()) : -1; }

QDateTime timeOf(double utcMs) { return utcMs < 0 ? QDateTime() : QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(utcMs)); }

Json jsonOf(const ui::SavedView &view)
{
    const ui::ReviewFilter &filter = view.filter;
    Json verdicts = Json::array();
    for (const ui::Verdict verdict : filter.verdicts)
        verdicts.push_back(kVerdicts[static_cast<std::size_t>(verdict) - 1]);
    return {{"name", view.name.toStdString()},
            {"from_utc_ms", utcMsOf(filter.from)},
            {"until_utc_ms", utcMsOf(filter.until)},
            {"verdicts", verdicts},
            {"question", filter.question.toStdString()},
            {"model", filter.model.toStdString()},
            {"source", filter.source.toStdString()},
            {"reviewer", filter.reviewer.toStdString()},
            {"defect_class", filter.defectClass.toStdString()},
            {"unreviewed", filter.unreviewedOnly},
            {"disagree", filter.disagreeOnly},
            {"latency_above_ms", filter.latencyAboveMs},
            {"text", filter.text.toStdString()}};
}

Result<ui::SavedView> viewOf(const Json &object)
{
    std::string name, question, model, source, reviewer, defectClass, text;
    std::vector<std::string> verdicts;
    double from = -1, until = -1; // exact far beyond today
    ui::SavedView view;
    JsonSettings settings(object, "a saved view");
    settings.require("name", name);
    settings.read("from_utc_ms", from);
    settings.read("until_utc_ms", until);
    settings.read("verdicts", verdicts);
    settings.read("question", question);
    settings.read("model", model);
    settings.read("source", source);
    settings.read("reviewer", reviewer);
    settings.read("defect_class", defectClass);
    settings.read("unreviewed", view.filter.unreviewedOnly);
    settings.read("disagree", view.filter.disagreeOnly);
    settings.read("latency_above_ms", view.filter.latencyAboveMs);
    settings.read("text", text);
    for (const std::string &verdict : verdicts) {
        const auto known = std::ranges::find(kVerdicts, verdict);
        settings.check(known != std::end(kVerdicts), "'" + verdict + "' is no verdict");
        if (known != std::end(kVerdicts))
            view.filter.verdicts.append(ui::Verdict(known - std::begin(kVerdicts) + 1));
    }
    if (const Result<void> done = settings.finish(); !done)
        return failure(done.error());
    view.name = textOf(name);
    view.filter.from = timeOf(from);
    view.filter.until = timeOf(until);
    view.filter.question = textOf(question);
    view.filter.model = textOf(model);
    view.filter.source = textOf(source);
    view.filter.reviewer = textOf(reviewer);
    view.filter.defectClass = textOf(defectClass);
    view.filter.text = textOf(text);
    return view;
}

} // namespace

Result<ViewBook> ViewBook::open(std::filesystem::path file)
{
    ViewBook book;
    book.m_file = std::move(file);
    std::error_code problem;
    if (!std::filesystem::exists(book.m_file, problem))
        return book;
    const Result<Json> document = readJsonFile(book.m_file);
    if (!document)
        return failure(document.error());
    if (!document->is_array())
        return failure(code::RecipeValue, book.m_file.filename().string() + " is not a list of saved views", book.m_file.string());
    for (const Json &object : *document) {
        Result<ui::SavedView> view = viewOf(object);
        if (!view)
            return failure(view.error());
        book.m_views.append(*std::move(view));
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
