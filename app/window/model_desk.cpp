#include "app/window/model_desk.h"

#include "app/imaging/picture_decoder.h"
#include "app/window/told_errors.h"
#include "app/window/view_values.h"
#include "ui/panels/model_panel.h"

#include <QDateTime>

#include <algorithm>
#include <utility>

namespace auroraedge::app {
namespace {

constexpr std::chrono::milliseconds kMemoryPeriod{5'000};
constexpr int kMeasuredAnswers = 20;
/// What is read of a model without a list of hashes, to tell which one it is: a second's work, as questions wait for it.
constexpr std::int64_t kMostHashedBytes = 256LL << 20;

std::filesystem::path pathOf(const QString &folder)
{
    return folder.toStdString();
}

/// "FS-09: The disk is full."
QString toldOf(const Error &error)
{
    return ModelDesk::tr("%1: %2").arg(codeOf(error), sentenceOf(error));
}

ui::ModelSpeed shownSpeed(const MeasuredSpeed &speed)
{
    return {speed.medianMs, speed.p95Ms, speed.answers, QDateTime::fromMSecsSinceEpoch(speed.measuredUtcMs, Qt::UTC),
            textOf(speed.device), textOf(speed.precision)};
}

} // namespace

ModelDesk::ModelDesk(ui::ModelPanel &panel, InferenceWorker &inference, Places places, LoadOptions load, std::string question)
    : m_panel(panel), m_inference(inference), m_places(std::move(places)), m_load(std::move(load)), m_question(std::move(question)),
      m_thread([this] { run(); })
{
    using ui::ModelPanel;
    connect(&m_panel, &ModelPanel::loadRequested, this, [this](const ui::ModelRequest &request) {
        LoadOptions options = m_load;
        options.folder = request.folder.toStdString();
        options.device = request.device.toStdString();
        options.precision = precisionNamed(request.precision.toStdString());
        m_inference.load(std::move(options));
    });
    connect(&m_panel, &ModelPanel::unloadRequested, this, [this] { m_inference.unload(); });
    connect(&m_panel, &ModelPanel::importRequested, this, &ModelDesk::bringIn);
    connect(&m_panel, &ModelPanel::checkRequested, this, &ModelDesk::check);
    connect(&m_panel, &ModelPanel::removeRequested, this, &ModelDesk::remove);
    connect(&m_panel, &ModelPanel::measureRequested, this, &ModelDesk::measure);
    connect(&m_panel, &ModelPanel::jobCancelRequested, this, &ModelDesk::cancelJob);
    connect(&m_memoryTimer, &QTimer::timeout, this, &ModelDesk::showMemory);
    m_memoryTimer.start(kMemoryPeriod);
    showMemory();
    list();
    startQuietly([this](const std::stop_token &) { post([this, isThere = hasGpu()] { m_panel.setGpu(isThere); }); });
}

ModelDesk::~ModelDesk()
{
    disconnect(&m_panel, nullptr, this, nullptr);
    m_stop.request_stop();
    m_closing.request_stop();
    m_jobs.close();
    m_thread.join();
}

void ModelDesk::run()
{
    m_shelf.emplace(m_places.shipped, m_places.own);
    m_speeds.emplace(m_places.speeds);
    while (const std::optional<std::function<void()>> job = m_jobs.pop())
        (*job)();
}

void ModelDesk::start(ui::ModelJob::Kind kind, const QString &folder, Job job)
{
    if (m_job.kind != ui::ModelJob::Kind::None)
        return; // the page offers nothing meanwhile
    m_job = {kind, folder, 0, {}, false};
    m_panel.setJob(m_job);
    startQuietly(std::move(job));
}

void ModelDesk::startQuietly(Job job)
{
    // Full only where 32 jobs wait, which no page can ask for.
    (void)m_jobs.push([job = std::move(job), stop = m_stop.get_token()] { job(stop); });
}

void ModelDesk::cancelJob()
{
    m_stop.request_stop();
    if (m_job.kind == ui::ModelJob::Kind::Measuring)
        m_inference.stopMeasuring();
}

void ModelDesk::finish(const QString &sentence, bool isFailure)
{
    m_job = {ui::ModelJob::Kind::None, {}, 0, sentence, isFailure};
    m_panel.setJob(m_job);
}

FilesProgress ModelDesk::progressOf(ui::ModelJob::Kind kind, const QString &folder)
{
    return [this, kind, folder](double share) {
        post([this, kind, folder, share] {
            if (m_job.kind != kind)
                return;
            m_job.progress = share;
            m_panel.setJob(m_job);
        });
    };
}

void ModelDesk::list()
{
    // A cancelled job still needs its list; only the end of the desk stops one.
    startQuietly([this, closing = m_closing.get_token()](const std::stop_token &) {
        post([this, models = m_shelf->models(closing)] { showList(models); });
    });
}

void ModelDesk::showList(const std::vector<ShelvedModel> &models)
{
    ui::ModelEntries entries;
    for (const ShelvedModel &model : models) {
        ui::ModelEntry entry;
        entry.folder = textOf(model.folder.string());
        const auto known = std::ranges::find(m_entries, entry.folder, &ui::ModelEntry::folder);
        if (known != m_entries.end())
            entry = *known;
        else if (model.hasList || model.bytes <= kMostHashedBytes)
            m_inference.describe(model.folder.string());
        else
            entry.warnings = {tr("There is no list of hashes (SHA256SUMS), and reading all of it would keep questions waiting: what it is is told once it is loaded.")};
        entry.name = textOf(model.name);
        entry.isShipped = model.isShipped;
        entry.fileBytes = model.bytes;
        entries.append(entry);
    }
    m_entries = entries;
    showEntries();
}

void ModelDesk::showEntries()
{
    m_panel.setEntries(m_entries);
    Q_EMIT listed(m_entries);
}

void ModelDesk::showMemory()
{
    if (std::exchange(m_isMemoryAsked, true))
        return; // a check of a large model goes on for minutes: one waits behind it, not one for each tick
    startQuietly([this](const std::stop_token &) {
        post([this, bytes = availableMemoryBytes()] {
            m_isMemoryAsked = false;
            m_panel.setFreeMemory(bytes);
        });
    });
}

void ModelDesk::onDescribed(const std::string &folder, const Result<ModelDescription> &description)
{
    const auto entry = std::ranges::find(m_entries, textOf(folder), &ui::ModelEntry::folder);
    if (entry == m_entries.end())
        return;
    if (!description) {
        entry->problem = sentenceOf(description.error());
        return showEntries();
    }
    entry->parameters = description->parameters;
    entry->problem.clear();
    entry->facts.clear();
    for (const auto &[name, value] : description->facts)
        entry->facts.append({textOf(name), wordsOf(value)});
    entry->warnings.clear();
    for (const std::string &warning : description->warnings)
        entry->warnings.append(wordsOf(warning));
    m_hashes[entry->folder] = description->sha256;
    showEntries();
    startQuietly([this, name = entry->folder, hash = description->sha256](const std::stop_token &) {
        const std::optional<MeasuredSpeed> speed = m_speeds->newest(hash);
        if (!speed)
            return;
        post([this, name, speed = *speed] {
            const auto known = std::ranges::find(m_entries, name, &ui::ModelEntry::folder);
            if (known == m_entries.end())
                return;
            known->speed = shownSpeed(speed);
            showEntries();
        });
    });
}

void ModelDesk::bringIn(const QString &folder)
{
    m_stop = std::stop_source();
    const auto kind = ui::ModelJob::Kind::Importing;
    start(kind, folder, [this, folder, progress = progressOf(kind, folder)](const std::stop_token &stop) {
        const Result<std::filesystem::path> brought = m_shelf->bringIn(pathOf(folder), progress, stop);
        post([this, brought] {
            if (brought)
                finish(tr("%1 was imported.").arg(textOf(brought->filename().string())), false);
            else if (brought.error().code == code::Usage)
                finish(tr("A model named %1 is here already. Remove it first, or rename the folder.").arg(textOf(brought.error().object)),
                       true);
            else
                finish(brought.error().code == code::Cancelled ? tr("The import was cancelled; nothing is left of it.") : toldOf(brought.error()),
                       brought.error().code != code::Cancelled);
            list();
        });
    });
}

void ModelDesk::check(const QString &folder)
{
    m_stop = std::stop_source();
    const auto kind = ui::ModelJob::Kind::Checking;
    start(kind, folder, [this, folder, progress = progressOf(kind, folder)](const std::stop_token &stop) {
        const Result<FilesReport> report = checkFiles(pathOf(folder), progress, stop);
        post([this, folder, report] {
            const auto entry = std::ranges::find(m_entries, folder, &ui::ModelEntry::folder);
            if (!report)
                return finish(report.error().code == code::Cancelled ? tr("The check was cancelled.") : toldOf(report.error()),
                              report.error().code != code::Cancelled);
            if (entry != m_entries.end()) {
                entry->files = !report->hasList ? ui::FilesState::NoList : report->isGood() ? ui::FilesState::Good : ui::FilesState::Altered;
                entry->alteredFiles.clear();
                for (const std::string &name : report->altered)
                    entry->alteredFiles.append(textOf(name));
            }
            finish(!report->hasList ? tr("There is no list of hashes to compare with.")
                   : report->isGood() ? tr("All files are as they should be.")
                                      : tr("Altered or missing: %1").arg(textOf(report->altered.front())),
                   !report->altered.empty());
            showEntries();
        });
    });
}

void ModelDesk::remove(const QString &folder)
{
    startQuietly([this, folder](const std::stop_token &) {
        const Result<void> removed = m_shelf->remove(pathOf(folder));
        post([this, folder, removed] {
            if (removed)
                finish(tr("The model was removed."), false);
            else
                finish(toldOf(removed.error()), true);
            m_hashes.erase(folder);
            list();
        });
    });
}

void ModelDesk::measure()
{
    m_stop = std::stop_source();
    const auto kind = ui::ModelJob::Kind::Measuring;
    start(kind, {}, [this](const std::stop_token &stop) {
        const Result<DecodedPicture> decoded = decodePicture(m_places.demonstration);
        const Result<Frame> picture = decoded ? Result<Frame>(decoded->frame) : failure(decoded.error());
        post([this, picture, stop] {
            if (stop.stop_requested()) // there was nothing to stop yet but the reading of the picture
                return finish(tr("The measuring was stopped."), false);
            if (!picture)
                return finish(toldOf(picture.error()), true);
            Question question;
            question.text = m_question;
            m_inference.measure(*picture, question, kMeasuredAnswers);
        });
    });
    if (m_job.kind == kind) {
        m_job.progress = -1;
        m_panel.setJob(m_job);
    }
}

void ModelDesk::onMeasured(const Result<std::vector<double>> &totalMs, const ModelCard &card)
{
    if (!totalMs)
        return finish(totalMs.error().code == code::Cancelled ? tr("The measuring was stopped.") : toldOf(totalMs.error()),
                      totalMs.error().code != code::Cancelled);
    MeasuredSpeed speed = speedOf(*totalMs, QDateTime::currentMSecsSinceEpoch());
    speed.device = card.device;
    speed.precision = precisionName(card.precision);
    const auto entry = std::ranges::find(m_entries, textOf(card.folder), &ui::ModelEntry::folder);
    if (entry != m_entries.end())
        entry->speed = shownSpeed(speed);
    showEntries();
    startQuietly([this, card, speed](const std::stop_token &) {
        const Result<void> entered = m_speeds->enter(card.sha256, speed.device, speed.precision, speed);
        post([this, entered] {
            if (entered)
                finish(tr("The speed was measured."), false);
            else
                finish(toldOf(entered.error()), true);
        });
    });
}

} // namespace auroraedge::app
