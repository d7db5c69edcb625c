#include "app/window/inspection_session.h"

#include "app/inspection/verdict.h"
#include "app/pipeline/frame_mailbox.h"
#include "app/plugins/webcams.h"
#include "app/settings/resources.h"
#include "app/window/view_values.h"
#include "ui/main_window.h"
#include "ui/models/frame_image.h"

#include <QDateTime>

#include <utility>

namespace auroraedge::app {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds kCounterPeriod{500};
constexpr std::chrono::milliseconds kWebcamPeriod{5'000};

} // namespace

struct InspectionSession::SourceRun
{
    SourceAddress address;
    FrameMailbox mailbox;
    std::unique_ptr<CaptureWorker> worker;
};

InspectionSession::InspectionSession(ui::MainWindow &window, StationParts parts)
    : m_window(window), m_parts(std::move(parts)), m_countedAt(steady_clock::now())
{
    connectWindow();
    m_window.setPresets(presetQuestionsOf(m_parts.presets));
    m_inference = std::make_unique<InferenceWorker>(m_parts.openEngine, inferenceListener());
    startStorage();

    connect(&m_counterTimer, &QTimer::timeout, this, &InspectionSession::updateCounters);
    m_counterTimer.start(kCounterPeriod);
    connect(&m_webcamTimer, &QTimer::timeout, this, &InspectionSession::updateWebcams);
    m_webcamTimer.start(kWebcamPeriod);
    updateWebcams();
}

InspectionSession::~InspectionSession()
{
    disconnect(&m_window, nullptr, this, nullptr);
    leaveSource(); // beside the ending of the inference
    m_inference.reset();
    m_storage.reset();
    m_leaving.clear(); // waits for each
}

void InspectionSession::connectWindow()
{
    using ui::MainWindow;
    connect(&m_window, &MainWindow::askRequested, this, &InspectionSession::onAskRequested);
    connect(&m_window, &MainWindow::cancelRequested, this, [this] { m_inference->cancel(); });
    connect(&m_window, &MainWindow::freezeToggled, this, [this](bool isFrozen) { m_isFrozen = isFrozen; });
    connect(&m_window, &MainWindow::sourceChosen, this, &InspectionSession::openSource);
    connect(&m_window, &MainWindow::modelChosen, this, &InspectionSession::loadModel);
    connect(&m_window, &MainWindow::loadCancelRequested, this, [this] { m_inference->cancelLoad(); });
    connect(&m_window, &MainWindow::faultActionChosen, this, &InspectionSession::onFaultAction);
}

void InspectionSession::startStorage()
{
    // Read by the storage thread at each opening, then handed over whole.
    const auto recent = std::make_shared<ui::AnswerViews>();
    StorageListener listener;
    listener.onRecent = [recent](const AnswerRecord &record, const Frame &picture) {
        ui::AnswerView view = answerViewOf(record);
        view.thumbnail = ui::thumbnailOf(ui::imageOf(picture));
        recent->append(view);
    };
    listener.onOpened = [this, recent](std::int64_t rows, const std::vector<Error> &notices) {
        post([this, rows, notices, answers = std::exchange(*recent, {})] {
            m_rowsStored = rows;
            m_window.setRecent(answers);
            m_window.clearFault(QStringLiteral("database"));
            for (const Error &notice : notices)
                m_window.raiseFault(storeFault(notice));
        });
    };
    listener.onOpenFailed = [this](const Error &error) { post([this, error] { m_window.raiseFault(storeFault(error)); }); };
    listener.onStored = [this](const StorageJob &job) { post([this, job] { onStored(job); }); };
    listener.onFailed = [this](const StorageJob &job, const Error &error) {
        post([this, job, error] { onStoreFailed(job, error); });
    };
    m_storage = std::make_unique<StorageWorker>(m_parts.dataFolder.root(), std::move(listener));
}

InferenceListener InspectionSession::inferenceListener()
{
    return {
        .onModel = [this](const ModelStatus &status) { post([this, status] { onModelStatus(status); }); },
        .onStage = [this](std::int64_t id, Stage stage) { post([this, id, stage] { m_window.answerPhase(id, stage); }); },
        .onText =
            [this](std::int64_t id, const std::string &piece) {
                post([this, id, piece] { m_window.answerText(id, textOf(piece)); });
            },
        .onAnswer =
            [this](std::int64_t id, const Result<Answer> &result, const ModelCard &card) {
                post([this, id, result, card] { onAnswer(id, result, card); });
            },
    };
}

CaptureListener InspectionSession::captureListener(const std::shared_ptr<SourceRun> &run)
{
    // Weak: the worker that holds this listener is owned by the run.
    const std::weak_ptr<SourceRun> weak = run;
    return {
        .onFrame =
            [this, weak](Frame frame) {
                const std::shared_ptr<SourceRun> current = weak.lock();
                if (current && current->mailbox.post(std::move(frame)))
                    post([this, weak] { showLatest(weak.lock()); });
            },
        .onState =
            [this, weak](const CaptureState &state) { post([this, weak, state] { onCaptureState(weak.lock(), state); }); },
    };
}

void InspectionSession::openSource(const QString &uri)
{
    leaveSource();
    m_window.clearFault(QStringLiteral("source"));
    Result<SourceAddress> address = parseSourceAddress(uri.toStdString(), m_parts.resources);
    if (!address) {
        ui::SourceState state;
        state.condition = ui::SourceCondition::Failed;
        state.sentence = textOf(address.error().message);
        state.code = codeOf(address.error());
        m_window.setSourceState(state);
        m_window.raiseFault(sourceFault(address.error()));
        return;
    }

    m_source = std::make_shared<SourceRun>();
    m_source->address = *address;
    CaptureSettings settings;
    settings.lastSequence = m_lastSequence;
    m_source->worker = std::make_unique<CaptureWorker>(
        [sources = m_parts.sources, address = *address]() -> Result<std::unique_ptr<plugins::FrameSource>> {
            Result<std::unique_ptr<plugins::FrameSource>> source = sources->create(address);
            if (!source)
                return source;
            plugins::SourceOptions options;
            options.shownAs = address.shown;
            options.isSimulated = address.isSimulated;
            if (const Result<void> opened = (*source)->open(address.opened, options); !opened)
                return failure(opened.error());
            return source;
        },
        captureListener(m_source), settings);
}

void InspectionSession::leaveSource()
{
    if (!m_source)
        return;
    // A driver may take a second to let go; the GUI thread does not wait for it.
    std::erase_if(m_leaving, [](const std::future<void> &ended) { return ended.wait_for(0s) == std::future_status::ready; });
    m_leaving.push_back(std::async(std::launch::async, [run = std::move(m_source)] { run->worker.reset(); }));
    m_source.reset();
}

void InspectionSession::loadModel(const QString &nameOrFolder)
{
    const Result<std::filesystem::path> folder = resolveModelFolder(nameOrFolder.toStdString(), m_parts.dataFolder);
    if (!folder) {
        ModelStatus status;
        status.condition = ModelStatus::Condition::Failed;
        status.folder = nameOrFolder.toStdString();
        status.error = folder.error();
        status.keptOldModel = m_readyModel.has_value();
        onModelStatus(status);
        return;
    }
    LoadOptions options = m_parts.loadOptions;
    options.folder = folder->string();
    m_inference->load(std::move(options));
}

void InspectionSession::showLatest(const std::shared_ptr<SourceRun> &run)
{
    if (!run || run != m_source)
        return;
    std::optional<Frame> frame = run->mailbox.take();
    if (!frame)
        return;
    m_lastSequence = frame->sequence;
    if (m_isFrozen)
        return; // the frame on the screen, and with it what is asked about, stays
    m_shown = std::move(frame);
    m_window.showFrame(ui::imageOf(*m_shown), {m_shown->sequence, m_shown->capturedAt, textOf(m_shown->source)});
}

void InspectionSession::onCaptureState(const std::shared_ptr<SourceRun> &run, const CaptureState &state)
{
    if (!run || run != m_source)
        return;
    m_window.setSourceState(sourceStateOf(state, run->address));
    if (state.condition == CaptureState::Condition::Live)
        m_window.clearFault(QStringLiteral("source"));
    else if (state.condition == CaptureState::Condition::Lost)
        m_window.raiseFault(sourceFault(*state.error));
}

void InspectionSession::onModelStatus(const ModelStatus &status)
{
    if (status.condition == ModelStatus::Condition::Ready) {
        m_readyModel = status;
        m_window.clearFault(QStringLiteral("model"));
    } else if (status.condition == ModelStatus::Condition::Failed && status.error->code != code::Cancelled) {
        m_window.raiseFault(modelFault(*status.error, status.keptOldModel));
    }
    const bool showsOld = status.condition == ModelStatus::Condition::Failed && status.keptOldModel && m_readyModel;
    m_window.setModelState(modelStateOf(showsOld ? *m_readyModel : status));
}

void InspectionSession::onAskRequested(const ui::AskRequest &request)
{
    const auto refuse = [&](ErrorCode code, const QString &sentence) {
        m_window.answerFailed(0, textOf(code.text()), sentence, {});
    };
    if (!m_shown || m_shown->sequence != request.frameSequence)
        return refuse(code::CameraNoFrame, tr("there is no picture to ask about"));
    if (m_storage->isFull())
        return refuse(code::DatabaseLocked, tr("answers wait for the disk; ask again when they are stored"));
    const std::int64_t id = m_lastId + 1;
    Question question;
    question.text = request.question.toStdString();
    if (!m_inference->ask(id, *m_shown, question))
        return refuse(code::Internal, tr("another question is still being answered"));
    m_lastId = id;
    m_asked = m_shown;
    m_askedQuestion = request.question;
    m_window.answerStarted(id, request.question, ui::thumbnailOf(ui::imageOf(*m_shown)));
}

void InspectionSession::onAnswer(std::int64_t id, const Result<Answer> &result, const ModelCard &card)
{
    const Frame asked = *std::exchange(m_asked, std::nullopt);
    if (!result)
        m_window.answerFailed(id, codeOf(result.error()), textOf(result.error().message), textOf(result.error().object));
    if (!result && result.error().code == code::Cancelled)
        return; // the operator's own wish leaves no row

    StorageJob job;
    job.id = id;
    job.frame = asked;
    AnswerRecord &record = job.record;
    record.timeUtcMs = QDateTime::currentMSecsSinceEpoch();
    record.source = job.frame.source;
    record.frameSequence = job.frame.sequence;
    record.pictureWidthPx = job.frame.widthPx;
    record.pictureHeightPx = job.frame.heightPx;
    record.question = m_askedQuestion.toStdString();
    record.modelName = card.name;
    record.modelSha256 = card.sha256;
    record.device = card.device;
    record.precision = std::string(precisionName(card.precision));
    const Preset *preset = presetFor(m_parts.presets, record.question);
    QString reason;
    if (result) {
        record.answer = result->text;
        record.probability = result->probability;
        record.tokens = result->tokens;
        record.latency = result->latency;
        record.latency.loadMs = card.loadMs;
        record.encoderReused = result->encoderReused;
        if (preset && preset->rule.hasVerdict()) {
            const VerdictResult verdict = verdictOf(*result, preset->rule);
            record.verdict = verdict.verdict;
            record.code = verdict.code ? std::string(verdict.code->text()) : std::string();
            reason = reasonOf(*result, preset->rule, verdict);
        }
    } else {
        record.code = std::string(result.error().code.text());
        record.message = result.error().message;
        if (preset && preset->rule.hasVerdict())
            record.verdict = Verdict::Unsure;
    }

    if (result) {
        ui::AnswerView view = answerViewOf(record);
        view.id = id;
        view.isComplete = result->isComplete;
        view.reason = reason;
        view.expectedAnswer = preset && preset->rule.hasVerdict() ? textOf(preset->rule.okAnswers.front()) : QString();
        view.thumbnail = ui::thumbnailOf(ui::imageOf(job.frame));
        m_beingStored[id] = view;
    }
    if (!m_storage->store(std::move(job))) // cannot be while one is asked at a time and a full store refuses
        onStoreFailed(job, {code::DatabaseLocked, "the disk does not keep up with the answers", {}});
}

void InspectionSession::onStored(const StorageJob &job)
{
    ++m_rowsStored;
    m_window.clearFault(QStringLiteral("database"));
    auto view = m_beingStored.extract(job.id);
    if (view.empty())
        return; // a failed asking, told already
    view.mapped().row = job.record.row;
    m_window.answerFinished(view.mapped());
}

void InspectionSession::onStoreFailed(const StorageJob &job, const Error &error)
{
    m_window.raiseFault(storeFault(error));
    auto view = m_beingStored.extract(job.id);
    if (view.empty())
        return;
    // Without a durable row there is no OK.
    if (view.mapped().verdict == ui::Verdict::Ok) {
        view.mapped().verdict = ui::Verdict::Unsure;
        view.mapped().code = codeOf(error);
        view.mapped().reason = textOf(error.message);
    }
    m_window.answerFinished(view.mapped());
}

void InspectionSession::onFaultAction(const QString &actionId)
{
    if (actionId == QLatin1String(kChooseSourceAction))
        m_window.openSourceChooser();
    else if (actionId == QLatin1String(kShowModelsAction))
        m_window.showPage(ui::MainWindow::Page::Models);
}

void InspectionSession::updateCounters()
{
    const steady_clock::time_point now = steady_clock::now();
    const double seconds = std::chrono::duration<double>(now - m_countedAt).count();
    ui::StationCounters counters;
    counters.sourceFps = static_cast<double>(m_lastSequence - m_sequenceAtCount) / seconds;
    counters.framesReplaced = m_source ? m_source->mailbox.replacedCount() : 0;
    counters.rowsStored = m_rowsStored;
    counters.rowsWaiting = static_cast<int>(m_storage->waiting());
    m_countedAt = now;
    m_sequenceAtCount = m_lastSequence;
    m_window.setCounters(counters);
}

void InspectionSession::updateWebcams()
{
    std::vector<std::string> ids;
    ui::SourceOptions options;
    for (const Webcam &webcam : pluggedWebcams()) {
        ids.push_back(webcam.id);
        options.append({textOf("uvc:" + webcam.id), textOf(webcam.name), QString()});
    }
    if (std::exchange(m_webcamIds, ids) != ids)
        m_window.setSourceOptions(options);
}

} // namespace auroraedge::app
