#include "ui/gallery/batch_values.h"

#include "ui/gallery/station_words.h"

#include <array>

namespace auroraedge::ui {

namespace {

BatchJob job(qint64 id, const char *name, BatchState state, const BatchFigures &figures)
{
    BatchJob made;
    made.id = id;
    made.name = QString::fromUtf8(name);
    made.order.source = QStringLiteral("/data/%1").arg(made.name);
    made.order.questions = {QStringLiteral("Is there a cap on the bottle?")};
    made.order.out = QStringLiteral("/data/answers/%1.jsonl").arg(made.name);
    made.order.modelName = QStringLiteral("nano");
    made.state = state;
    made.phase = BatchPhase::Asking;
    made.figures = figures;
    made.command = QStringLiteral("/opt/auroraedge/bin/auroraedge batch %1 '--question=%2' --out=%3 --progress=json")
                       .arg(made.order.source, made.order.questions.first(), made.order.out);
    return made;
}

} // namespace

BatchJobs batchJobs()
{
    BatchJob running = job(1, "line3-archive", BatchState::Running,
                           {.done = 6'210, .total = 20'000, .failed = 3, .ok = 6'102, .ng = 88, .unsure = 17, .perSecond = 2.4, .secondsLeft = 5'700});
    BatchJob inbox = job(2, "inbox", BatchState::Watching, {.done = 118, .ok = 117, .ng = 1, .perSecond = 2.1});
    inbox.order.watches = true;
    BatchJob waiting = job(3, "line4-archive", BatchState::Waiting, {});
    waiting.order.questions.append(QStringLiteral("Which digit is shown?"));
    BatchJob paused = job(4, "returns-2026-10", BatchState::Paused, {.done = 412, .total = 1'000, .ok = 398, .ng = 14, .perSecond = 2.4});
    BatchJob finished = job(5, "golden-samples", BatchState::Finished, {.done = 240, .total = 240, .ok = 240, .perSecond = 2.5});
    BatchJob some = job(6, "mixed-upload", BatchState::FinishedWithFailures, {.done = 1'204, .total = 1'204, .failed = 12, .perSecond = 2.3});
    BatchJob failed = job(7, "usb-stick", BatchState::Failed, {.done = 412, .total = 1'000, .perSecond = 1.9});
    failed.sentence = toldLine("FS-06", "the folder is gone", QStringLiteral("folder is gone after 412 of 1000 files; resume later"));
    BatchJob cancelled = job(8, "trial", BatchState::Cancelled, {.done = 12, .total = 9'000, .ok = 12, .perSecond = 2.4});
    return {running, inbox, waiting, paused, finished, some, failed, cancelled};
}

BatchJobs manyBatchJobs()
{
    BatchJobs jobs = batchJobs();
    for (int number = 9; number <= 60; ++number)
        jobs.append(job(number, qPrintable(QStringLiteral("archive-%1").arg(number, 3, 10, QLatin1Char('0'))), BatchState::Waiting, {}));
    return jobs;
}

BatchJobs longBatchJobs()
{
    const QString words = QStringLiteral("with-a-name-that-somebody-thought-was-a-good-idea-at-the-time-and-nobody-has-shortened-since");
    BatchJobs jobs = batchJobs().first(3);
    for (BatchJob &each : jobs) {
        each.name += QLatin1Char('-') + words;
        each.order.questions = {QStringLiteral("Is there a scratch, a dent, a smear, a missing label, a crooked cap or anything else on this part that "
                                               "a customer would not like to find on it?")};
    }
    jobs[0].figures = {.done = 98'765'432, .total = 123'456'789, .failed = 1'234'567, .ok = 88'888'888, .ng = 7'777'777, .unsure = 2'098'767, .perSecond = 1'234, .secondsLeft = 20'008};
    jobs[1].state = BatchState::Failed;
    jobs[1].sentence = toldLine("CLI-01", "this is not possible",
                                QStringLiteral("the journal /data/answers/inbox.jsonl.journal holds unfinished work of another batch: the question "
                                               "differs; end that one first or begin anew with --fresh"));
    return jobs;
}

BatchFailures batchFailures(int count)
{
    struct Reason
    {
        const char *code, *text, *own;
    };
    constexpr std::array kReasons = {Reason{"IMG-02", "the picture is incomplete", "the picture is incomplete: picture data ends early"},
                                     Reason{"FS-01", "the file cannot be read", "no permission to read it"},
                                     Reason{"IMG-07", "the picture has an unknown format", "content is not JPEG, PNG, BMP or TIFF"}};
    BatchFailures failures;
    for (int number = count; number > 0; --number) {
        const Reason &reason = kReasons[static_cast<std::size_t>(number) % kReasons.size()];
        failures.append({QStringLiteral("/data/line3-archive/2026-10-%1/IMG_%2.jpg").arg(number % 28 + 1, 2, 10, QLatin1Char('0')).arg(4800 + number),
                         QString::fromUtf8(reason.code), told(reason.text, QString::fromUtf8(reason.own))});
    }
    return failures;
}

} // namespace auroraedge::ui
