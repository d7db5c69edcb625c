#include "app/window/batch_book.h"

#include "app/export/csv.h"
#include "app/settings/damaged_file.h"
#include "app/settings/json_file.h"
#include "app/settings/json_settings.h"
#include "app/settings/out_file.h"
#include "app/window/told_errors.h"
#include "app/window/view_values.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <fstream>

namespace auroraedge::app {
namespace {

using Json = nlohmann::json;
using State = ui::BatchState;

constexpr std::int64_t kMaxBytes = std::int64_t{64} << 20;

constexpr std::array<std::pair<State, const char *>, 9> kStates{
    {{State::Waiting, "waiting"}, {State::Running, "running"}, {State::Watching, "watching"}, {State::Pausing, "pausing"},
     {State::Paused, "paused"}, {State::Cancelled, "cancelled"}, {State::Finished, "finished"},
     {State::FinishedWithFailures, "finished_with_failures"}, {State::Failed, "failed"}}};

Json jsonOf(const ui::BatchJob &job)
{
    const ui::BatchOrder &order = job.order;
    const ui::BatchFigures &figures = job.figures;
    Json questions = Json::array();
    for (const QString &question : order.questions)
        questions.push_back(question.toStdString());
    const auto state = std::ranges::find(kStates, job.state, &std::pair<State, const char *>::first);
    Json object = {{"name", job.name.toStdString()},
                   {"source", order.source.toStdString()},
                   {"questions", questions},
                   {"model", order.model.toStdString()},
                   {"model_name", order.modelName.toStdString()},
                   {"out", order.out.toStdString()},
                   {"recursive", order.isRecursive},
                   {"watch", order.watches},
                   {"settle_s", order.settleSeconds},
                   {"part", order.part},
                   {"parts", order.parts},
                   {"limit", static_cast<double>(order.limit)},
                   {"retry_failed", order.retriesFailed},
                   {"keep_rows", order.keepsRows},
                   {"state", state->second},
                   {"sentence", job.sentence.toStdString()},
                   {"done", static_cast<double>(figures.done)},
                   {"failed", static_cast<double>(figures.failed)},
                   {"ok", static_cast<double>(figures.ok)},
                   {"ng", static_cast<double>(figures.ng)},
                   {"unsure", static_cast<double>(figures.unsure)}};
    if (figures.total)
        object["total"] = static_cast<double>(*figures.total);
    if (figures.perSecond)
        object["rate_per_s"] = *figures.perSecond;
    return object;
}

Result<ui::BatchJob> jobOf(const Json &object)
{
    ui::BatchJob job;
    ui::BatchOrder &order = job.order;
    JsonSettings settings(object, "a job");
    const auto word = [&](const char *key, QString &value) {
        std::string read;
        settings.read(key, read);
        value = textOf(read);
    };
    const auto number = [&](const char *key, qint64 &value) {
        double read = 0; // exact far beyond any folder
        settings.read(key, read);
        settings.check(read >= 0 && read < 1e15, "'" + std::string(key) + "' is out of range");
        value = read >= 0 && read < 1e15 ? static_cast<qint64>(read) : 0;
    };
    std::string source, out, state;
    std::vector<std::string> questions;
    settings.require("source", source);
    settings.require("out", out);
    settings.require("questions", questions);
    settings.require("state", state);
    order.source = textOf(source);
    order.out = textOf(out);
    for (const std::string &question : questions)
        order.questions.append(textOf(question));
    word("name", job.name);
    word("model", order.model);
    word("model_name", order.modelName);
    settings.read("recursive", order.isRecursive);
    settings.read("watch", order.watches);
    settings.read("settle_s", order.settleSeconds);
    settings.read("part", order.part);
    settings.read("parts", order.parts);
    number("limit", order.limit);
    settings.read("retry_failed", order.retriesFailed);
    settings.read("keep_rows", order.keepsRows);
    word("sentence", job.sentence);
    number("done", job.figures.done);
    number("failed", job.figures.failed);
    number("ok", job.figures.ok);
    number("ng", job.figures.ng);
    number("unsure", job.figures.unsure);
    if (settings.has("total"))
        number("total", job.figures.total.emplace());
    if (settings.has("rate_per_s"))
        settings.read("rate_per_s", job.figures.perSecond.emplace());
    const auto known = std::ranges::find_if(kStates, [&](const auto &each) { return state == each.second; });
    settings.check(known != kStates.end(), "'" + state + "' is no state");
    settings.check(order.part >= 1 && order.part <= order.parts, "there is no such part");
    settings.check(!questions.empty(), "it has no question");
    if (const Result<void> done = settings.finish(); !done)
        return failure(done.error());
    job.state = known->first;
    if (job.isAtWork() || job.state == State::Waiting)
        job.state = State::Paused; // nothing begins by itself when the window opens
    return job;
}

/// The next record of @p in without its end of line; within quote marks it may hold others. False at the end.
bool readRecord(std::istream &in, std::string &record)
{
    record.clear();
    bool isQuoted = false, isAny = false;
    for (char byte = 0; in.get(byte);) {
        isAny = true;
        isQuoted = isQuoted != (byte == '"');
        if (byte == '\n' && !isQuoted)
            break;
        record += byte;
    }
    if (record.ends_with('\r'))
        record.pop_back();
    return isAny;
}

} // namespace

Result<BatchBook> BatchBook::read(const std::filesystem::path &file)
{
    BatchBook book;
    std::error_code problem;
    if (!std::filesystem::exists(std::filesystem::symlink_status(file, problem)))
        return book;
    const Result<Json> document = readJsonFile(file, kMaxBytes);
    std::optional<Error> damage;
    if (!document) {
        if (document.error().code != code::RecipeSyntax)
            return failure(document.error()); // it may be whole
        damage = document.error();
    } else if (!document->is_array()) {
        damage = Error{code::SettingsDamaged, "it is not a list of jobs", {}};
    } else {
        for (const Json &object : *document) {
            Result<ui::BatchJob> job = jobOf(object);
            if (job)
                book.jobs.append(*std::move(job));
            else
                damage = job.error();
        }
    }
    if (!damage)
        return book;
    const Result<std::filesystem::path> kept = keepDamaged(file);
    if (!kept)
        return failure(kept.error());
    book.notice = Error{code::SettingsDamaged, "jobs could not be read (" + damage->message + "); the file was kept as " + kept->string(), kept->string()};
    if (!book.jobs.isEmpty()) {
        if (const Result<void> written = write(file, book.jobs); !written)
            return failure(written.error());
    }
    return book;
}

Result<void> BatchBook::write(const std::filesystem::path &file, const ui::BatchJobs &jobs)
{
    Json list = Json::array();
    for (const ui::BatchJob &job : jobs)
        list.push_back(jsonOf(job));
    Result<std::unique_ptr<OutFile>> out = OutFile::create(file, 0600);
    if (!out)
        return failure(out.error());
    const std::string text = list.dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
    if (const Result<void> written = (*out)->write(text); !written)
        return failure(written.error());
    return (*out)->publish();
}

Result<ui::BatchFailures> readFailedList(const std::filesystem::path &file, qsizetype most)
{
    ui::BatchFailures failures;
    std::error_code problem;
    if (!std::filesystem::exists(file, problem))
        return failures;
    std::ifstream in(file, std::ios::binary);
    if (!in)
        return failure(code::FileUnreadable, "no permission to read " + file.string(), file.string());
    std::string record;
    readRecord(in, record); // the titles
    while (failures.size() < most && readRecord(in, record)) {
        if (const std::optional<std::vector<std::string>> texts = csvTexts(record); texts && texts->size() == 4)
            failures.append({textOf(texts->at(0)), textOf(texts->at(2)), sentenceOf(texts->at(2), texts->at(3))}); // path, question, code, reason
    }
    return failures;
}

} // namespace auroraedge::app
