#include "app/window/batch_desk.h"

#include "app/batch/batch_output.h"
#include "app/window/batch_book.h"
#include "app/window/told_errors.h"
#include "app/window/view_values.h"
#include "ui/models/batch_failure_model.h"
#include "ui/panels/batch_panel.h"

#include <QCoreApplication>
#include <QDesktopServices>
#include <QDir>
#include <QFileInfo>
#include <QUrl>

#include <algorithm>
#include <utility>

namespace auroraedge::app {

namespace fs = std::filesystem;
using ui::BatchField;
using ui::BatchJob;
using ui::BatchOrder;
using ui::BatchPhase;
using ui::BatchState;

namespace {

constexpr int kShowPeriodMs = 200;
constexpr int kSavePeriodMs = 10'000; ///< of figures alone; states are saved at once
constexpr int kClosingMs = 2'000;
constexpr int kExitSomeFailed = 3;
constexpr QLatin1String kPatternSigns("*?[");

bool isPattern(const QString &path)
{
    return std::ranges::any_of(path, [](QChar sign) { return kPatternSigns.contains(sign); });
}

/// As a person may write it: "~/line", "pictures/".
QString absolutePath(const QString &typed)
{
    QString path = typed;
    if (path == QLatin1String("~") || path.startsWith(QLatin1String("~/")))
        path.replace(0, 1, QDir::homePath());
    return QDir::cleanPath(QDir::current().absoluteFilePath(path));
}

/// The part of a pattern that must be there: the folder before its first sign.
QString folderOfPattern(const QString &pattern)
{
    const auto sign = std::ranges::find_if(pattern, [](QChar each) { return kPatternSigns.contains(each); });
    const QString before = pattern.left(sign - pattern.begin());
    return before.left(std::max<qsizetype>(1, before.lastIndexOf(QLatin1Char('/'))));
}

QString nameOf(const BatchOrder &order)
{
    const QString last = QFileInfo(order.source).fileName();
    if (!isPattern(order.source))
        return last.isEmpty() ? order.source : last;
    const QString folder = QFileInfo(folderOfPattern(order.source)).fileName();
    return folder + QLatin1Char('/') + last;
}

/// Jobs that share this would write the same files: the answers, or the list of what failed.
QString placeOf(const BatchOrder &order)
{
    return textOf(FailedList::placeFor(fs::path(order.out.toStdString())).string());
}

} // namespace

BatchDesk::BatchDesk(ui::BatchPanel &panel, const DataFolder &dataFolder, fs::path program)
    : m_panel(panel), m_program(textOf(program.string())), m_dataFolder(textOf(dataFolder.root().string())),
      m_file(dataFolder.root() / "batch_jobs.json")
{
    m_disk.setMaxThreadCount(1);
    m_showTimer.setSingleShot(true);
    m_showTimer.setInterval(kShowPeriodMs);
    connect(&m_showTimer, &QTimer::timeout, this, &BatchDesk::show);
    m_saved.start();
    connectPanel();
    open();
}

BatchDesk::~BatchDesk()
{
    QCoreApplication::sendPostedEvents(this, QEvent::MetaCall); // of programs that have ended already
    m_isClosing = true;
    QElapsedTimer waited;
    waited.start();
    QList<BatchProcess *> processes;
    for (Run &run : m_runs) {
        run.process->stop();
        processes.append(run.process);
    }
    endPlan(); // all have heard of it by now, and share the time
    for (BatchProcess *process : processes)
        process->waitForEnd(kClosingMs - int(waited.elapsed())); // what it tells meanwhile still counts
    if (!m_jobs.isEmpty())
        save();
    m_disk.waitForDone();
}

void BatchDesk::connectPanel()
{
    using ui::BatchPanel;
    connect(&m_panel, &BatchPanel::addRequested, this, &BatchDesk::add);
    connect(&m_panel, &BatchPanel::planRequested, this, &BatchDesk::plan);
    connect(&m_panel, &BatchPanel::planCancelRequested, this, &BatchDesk::endPlan);
    connect(&m_panel, &BatchPanel::pauseRequested, this, [this](qint64 id) { stop(id, BatchState::Paused); });
    connect(&m_panel, &BatchPanel::cancelRequested, this, [this](qint64 id) { stop(id, BatchState::Cancelled); });
    connect(&m_panel, &BatchPanel::resumeRequested, this, &BatchDesk::resume);
    connect(&m_panel, &BatchPanel::retryRequested, this, &BatchDesk::retry);
    connect(&m_panel, &BatchPanel::removeRequested, this, &BatchDesk::remove);
    connect(&m_panel, &BatchPanel::moveRequested, this, &BatchDesk::move);
    connect(&m_panel, &BatchPanel::failuresWanted, this, &BatchDesk::loadFailures);
    connect(&m_panel, &BatchPanel::folderRequested, this, [this](qint64 id) {
        if (const BatchJob *job = find(id))
            QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(job->order.out).path()));
    });
}

void BatchDesk::open()
{
    onDisk([this] {
        post([this, book = BatchBook::read(m_file)] {
            if (!book) {
                m_panel.tell(tr("The jobs of earlier days are out of reach, and new ones will not be remembered. %1").arg(toldError(book.error())), true);
                return;
            }
            m_isOpen = true;
            ui::BatchJobs jobs = book->jobs;
            for (BatchJob &job : jobs) {
                job.id = ++m_lastId;
                describe(job);
            }
            const bool hasMore = !m_jobs.isEmpty();
            m_jobs = jobs + m_jobs;
            if (book->notice)
                m_panel.tell(tr("SET-01: Some jobs could not be read. Their file was kept as %1.").arg(textOf(book->notice->object)), true);
            if (hasMore)
                save();
            show();
        });
    });
}

BatchJob *BatchDesk::find(qint64 id)
{
    const auto found = std::ranges::find(m_jobs, id, &BatchJob::id);
    return found == m_jobs.end() ? nullptr : &*found;
}

void BatchDesk::describe(BatchJob &job) const
{
    job.command = shellLine(m_program, batchArguments(job.order, m_dataFolder));
}

void BatchDesk::add(BatchOrder order)
{
    order.source = absolutePath(order.source);
    order.out = absolutePath(order.out);
    onDisk([this, order] { // a folder of a network may take its time
        const QString needed = isPattern(order.source) && !QFileInfo::exists(order.source) ? folderOfPattern(order.source) : order.source;
        const bool hasSource = QFileInfo::exists(needed);
        const QFileInfo folder(QFileInfo(order.out).path());
        const bool hasFolder = folder.isDir() && folder.isWritable() && !QFileInfo(order.out).isDir();
        post([this, order, needed, hasSource, hasFolder, folder = folder.filePath()] {
            if (!hasSource)
                m_panel.refuse(BatchField::Source, tr("%1 is not there.").arg(needed));
            else if (!hasFolder)
                m_panel.refuse(BatchField::Out, tr("No file can be written in %1.").arg(folder));
            else
                enqueue(order);
        });
    });
}

void BatchDesk::enqueue(const BatchOrder &order)
{
    const auto other = std::ranges::find(m_jobs, placeOf(order), [](const BatchJob &job) { return placeOf(job.order); });
    if (other != m_jobs.end()) {
        m_panel.refuse(BatchField::Out, tr("The job %1 writes there already; choose another name.").arg(other->name));
        return;
    }
    BatchJob job;
    job.id = ++m_lastId;
    job.name = nameOf(order);
    job.order = order;
    describe(job);
    m_jobs.append(job);
    startNext();
    save();
    show();
    m_panel.added(job.id);
}

void BatchDesk::startNext()
{
    if (m_isClosing)
        return;
    for (const bool watches : {false, true}) {
        const auto isOfKind = [watches](const BatchJob &job) { return job.order.watches == watches; };
        if (std::ranges::any_of(m_jobs, [&](const BatchJob &job) { return isOfKind(job) && job.isAtWork(); }))
            continue;
        const auto next = std::ranges::find_if(m_jobs, [&](const BatchJob &job) { return isOfKind(job) && job.state == BatchState::Waiting; });
        if (next != m_jobs.end())
            start(*next);
    }
}

void BatchDesk::start(BatchJob &job)
{
    const qint64 id = job.id;
    job.state = BatchState::Running;
    job.phase = BatchPhase::Starting;
    job.sentence.clear();
    describe(job);
    if (job.order.retriesFailed)
        m_failures.remove(id); // those that fail again come again
    Run run;
    run.process = new BatchProcess(m_program, batchArguments(job.order, m_dataFolder), this);
    run.before = job.figures;
    connect(run.process, &BatchProcess::progressed, this,
            [this, id](const QString &state, qint64 resumed, const ui::BatchFigures &figures) { onProgress(id, state, resumed, figures); });
    connect(run.process, &BatchProcess::failedFile, this, [this, id](const ui::BatchFailure &failure) {
        m_runs[id].newFailures.prepend(failure);
        showSoon();
    });
    // Later: a program that cannot be started tells so at once, while the jobs are being looked at.
    connect(run.process, &BatchProcess::ended, this, [this, id](const BatchEnd &end) {
        if (m_isClosing)
            onEnded(id, end);
        else
            post([this, id, end] { onEnded(id, end); });
    });
    m_runs.insert(id, run);
    run.process->start();
}

void BatchDesk::onProgress(qint64 id, const QString &state, qint64 resumed, const ui::BatchFigures &figures)
{
    BatchJob *job = find(id);
    if (!job || !m_runs.contains(id))
        return;
    const BatchJob was = *job;
    const bool isStopping = job->state == BatchState::Pausing;
    job->phase = state == QLatin1String("listing")   ? BatchPhase::Listing
        : state == QLatin1String("loading")          ? BatchPhase::Loading
        : state == QLatin1String("writing")          ? BatchPhase::Writing
                                                     : BatchPhase::Asking;
    if (!isStopping)
        job->state = state == QLatin1String("watching") || (job->order.watches && job->phase == BatchPhase::Asking) ? BatchState::Watching : BatchState::Running;
    if (job->phase != BatchPhase::Listing && job->phase != BatchPhase::Loading) { // before that, it does not know of earlier runs
        const ui::BatchFigures before = resumed > 0 ? m_runs[id].before : ui::BatchFigures();
        job->figures = figures;
        job->figures.ok += before.ok;
        job->figures.ng += before.ng;
        job->figures.unsure += before.unsure;
        if (!figures.perSecond)
            job->figures.perSecond = was.figures.perSecond;
    }
    if (was.state != job->state || was.phase != job->phase || m_saved.elapsed() > kSavePeriodMs)
        save();
    showSoon();
}

void BatchDesk::onEnded(qint64 id, const BatchEnd &end)
{
    BatchJob *job = find(id);
    if (!job || !m_runs.contains(id))
        return;
    flushFailures(id);
    const Run run = m_runs.take(id);
    run.process->deleteLater();
    job->figures.secondsLeft.reset();
    if (end.wasStopped) {
        job->state = run.after;
    } else if (end.exitCode == 0 || end.exitCode == kExitSomeFailed) {
        job->state = end.exitCode == 0 ? BatchState::Finished : BatchState::FinishedWithFailures;
        job->order.retriesFailed = false; // it was done
        describe(*job);
        m_failures.remove(id); // the list on the disk has all of them
    } else {
        job->state = BatchState::Failed;
        job->sentence = end.sentence.isEmpty() ? tr("It ended with code %1.").arg(end.exitCode) : end.sentence;
    }
    startNext();
    save();
    if (!m_isClosing) {
        if (m_panel.chosenJob() == id)
            loadFailures(id);
        show();
    }
}

void BatchDesk::stop(qint64 id, BatchState after)
{
    BatchJob *job = find(id);
    if (!job)
        return;
    if (m_runs.contains(id)) {
        job->state = BatchState::Pausing;
        m_runs[id].after = after;
        m_runs[id].process->stop();
    } else if (job->state == BatchState::Waiting || job->state == BatchState::Paused) {
        job->state = after;
    }
    save();
    show();
}

void BatchDesk::resume(qint64 id)
{
    BatchJob *job = find(id);
    if (!job || job->isAtWork())
        return;
    job->state = BatchState::Waiting;
    job->sentence.clear();
    startNext();
    save();
    show();
}

void BatchDesk::retry(qint64 id)
{
    BatchJob *job = find(id);
    if (!job || job->isAtWork())
        return;
    job->order.retriesFailed = true;
    describe(*job);
    if (m_panel.chosenJob() == id)
        m_panel.setFailures(id, {});
    resume(id);
}

void BatchDesk::remove(qint64 id)
{
    const BatchJob *job = find(id);
    if (!job || job->isAtWork())
        return;
    m_jobs.removeIf([id](const BatchJob &each) { return each.id == id; });
    m_failures.remove(id);
    save();
    show();
}

void BatchDesk::move(qint64 id, int steps)
{
    const BatchJob *job = find(id);
    if (!job || job->state != BatchState::Waiting || steps == 0)
        return;
    const qsizetype here = job - m_jobs.constData();
    for (qsizetype there = here + steps; there >= 0 && there < m_jobs.size(); there += steps) {
        if (m_jobs.at(there).state != BatchState::Waiting)
            continue;
        m_jobs.swapItemsAt(here, there);
        save();
        show();
        return;
    }
}

void BatchDesk::loadFailures(qint64 id)
{
    const BatchJob *job = find(id);
    if (!job)
        return;
    const auto known = m_failures.constFind(id);
    if (known != m_failures.constEnd()) {
        m_panel.setFailures(id, *known);
        return;
    }
    if (job->figures.failed == 0) {
        m_panel.setFailures(id, {});
        return;
    }
    onDisk([this, id, file = fs::path(placeOf(job->order).toStdString())] {
        post([this, id, failures = readFailedList(file, ui::BatchFailureModel::kMost)] {
            if (!failures || m_failures.contains(id) || !find(id))
                return; // those that came meanwhile are shown as they come
            m_failures.insert(id, *failures);
            m_panel.setFailures(id, *failures);
        });
    });
}

void BatchDesk::flushFailures(qint64 id)
{
    const auto run = m_runs.find(id);
    if (run == m_runs.end() || run->newFailures.isEmpty())
        return;
    const ui::BatchFailures added = std::exchange(run->newFailures, {});
    ui::BatchFailures &known = m_failures[id];
    known = added + known;
    known.resize(std::min(known.size(), ui::BatchFailureModel::kMost));
    m_panel.addFailures(id, added);
}

void BatchDesk::showSoon()
{
    if (!m_showTimer.isActive() && !m_isClosing)
        m_showTimer.start();
}

void BatchDesk::show()
{
    m_showTimer.stop();
    ui::BatchJobs shown = m_jobs; // what is remembered stays as the program said it
    for (BatchJob &job : shown)
        job.sentence = toldLine(job.sentence);
    m_panel.setJobs(shown);
    for (const qint64 id : m_runs.keys())
        flushFailures(id);
    Q_EMIT changed();
}

void BatchDesk::save()
{
    if (!m_isOpen)
        return;
    m_saved.restart();
    onDisk([this, jobs = m_jobs] {
        const Result<void> written = BatchBook::write(m_file, jobs);
        if (!written)
            post([this, told = toldError(written.error())] { m_panel.tell(tr("The jobs cannot be remembered. %1").arg(told), true); });
    });
}

void BatchDesk::plan(BatchOrder order)
{
    endPlan();
    order.source = absolutePath(order.source);
    order.watches = false; // what is there now
    order.out = order.out.isEmpty() ? m_dataFolder + QStringLiteral("/plan.jsonl") : absolutePath(order.out); // nothing is written
    if (!order.out.endsWith(QLatin1String(".csv")) && !order.out.endsWith(QLatin1String(".jsonl")))
        order.out += QStringLiteral(".jsonl");
    m_planning = new BatchProcess(m_program, batchArguments(order, m_dataFolder) << QStringLiteral("--dry-run"), this);
    connect(m_planning, &BatchProcess::ended, this, [this, order, process = m_planning](const BatchEnd &end) {
        process->deleteLater();
        if (process != m_planning)
            return;
        m_planning = nullptr;
        ui::BatchPlan plan;
        plan.condition = end.exitCode == 0 ? ui::BatchPlan::Condition::Ready : ui::BatchPlan::Condition::Failed;
        plan.sentence = toldLine(end.sentence);
        plan.pictures = process->linesOut();
        plan.seconds = secondsFor(order, plan.pictures);
        onDisk([this, plan, folder = fs::path(order.keepsRows ? m_dataFolder.toStdString() : QFileInfo(order.out).path().toStdString())]() mutable {
            std::error_code problem;
            const fs::space_info space = fs::space(folder, problem);
            if (!problem)
                plan.freeBytes = static_cast<qint64>(space.available);
            post([this, plan] { m_panel.showPlan(plan); });
        });
    });
    m_planning->start();
}

void BatchDesk::endPlan()
{
    BatchProcess *process = std::exchange(m_planning, nullptr);
    if (!process)
        return;
    process->stop();
    if (m_isClosing)
        process->waitForEnd(kClosingMs);
}

std::optional<double> BatchDesk::secondsFor(const BatchOrder &order, qint64 pictures) const
{
    const auto knows = [](const BatchJob &job) { return job.figures.perSecond.value_or(0) > 0; };
    const auto isSame = [&](const BatchJob &job) { return knows(job) && job.order.model == order.model; };
    auto like = std::find_if(m_jobs.rbegin(), m_jobs.rend(), isSame);
    if (like == m_jobs.rend())
        like = std::find_if(m_jobs.rbegin(), m_jobs.rend(), knows);
    if (like == m_jobs.rend())
        return std::nullopt;
    const double questions = double(std::max<qsizetype>(1, order.questions.size())) / double(std::max<qsizetype>(1, like->order.questions.size()));
    return double(pictures) * questions / *like->figures.perSecond;
}

} // namespace auroraedge::app
