#include "app/window/inspection_session.h"

#include "app/pipeline/frame_mailbox.h"
#include "app/products/product_inspector.h"
#include "app/settings/resources.h"
#include "app/window/told_errors.h"
#include "app/window/view_values.h"
#include "ui/main_window.h"
#include "ui/models/frame_image.h"
#include "ui/panels/batch_panel.h"
#include "ui/panels/live_panel.h"
#include "ui/panels/review_panel.h"
#include "ui/widgets/preset_bar.h"

#include <QCoreApplication>
#include <QEvent>

#include <algorithm>
#include <utility>

namespace auroraedge::app {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds kCounterPeriod{500};
constexpr int kLeastRegionPx = 16; ///< along each side; one patch of the encoder

bool isAskable(const PixelBox &region)
{
    return region.width >= kLeastRegionPx && region.height >= kLeastRegionPx;
}

std::optional<PixelBox> regionIn(const Frame &frame, const QRectF &region)
{
    return pixelBoxOf(region, frame.widthPx, frame.heightPx);
}

} // namespace

struct InspectionSession::SourceRun
{
    SourceAddress address;
    bool isLive = false;
    int leftOut = 0; ///< pictures, as far as they were told
    FrameMailbox mailbox;
    std::unique_ptr<CaptureWorker> worker;
};

InspectionSession::InspectionSession(ui::MainWindow &window, StationParts parts)
    : m_window(window), m_parts(std::move(parts)),
      m_sourceDesk(window.sources(), m_parts.dataFolder, m_parts.resources, m_parts.sources, m_parts.capture),
      m_gate(m_parts.oldestAnswered), m_triggers([this](int preset) { return askByTrigger(preset); }, this),
      m_countedAt(steady_clock::now())
{
    connectWindow();
    offerQuestions({});
    const auto dressed = [this](std::unique_ptr<Inspector> inspector) {
        return inspectingProduct(std::move(inspector), [this](const std::optional<ProductFinding> &finding) { m_finding = finding; });
    };
    m_inference = std::make_unique<InferenceWorker>(m_parts.openEngine, inferenceListener(), dressed);
    const std::filesystem::path pictures = m_parts.resources / "demo" / "pictures";
    m_models = std::make_unique<ModelDesk>(
        m_window.models(), *m_inference,
        ModelDesk::Places{m_parts.resources / "models", m_parts.dataFolder.modelsFolder(), m_parts.dataFolder.root() / "model_speed.json",
                          pictures / "IMG_4823_0226.jpg"},
        m_parts.loadOptions, m_parts.presets.empty() ? "Is there a part?" : m_parts.presets.front().text);
    m_answers = std::make_unique<AnswerDesk>(m_window, m_parts.dataFolder, m_parts.account);
    connect(m_answers.get(), &AnswerDesk::answerShown, this, &InspectionSession::answerShown);
    connect(m_answers.get(), &AnswerDesk::judgingFailed, &m_window.live(), [this](const QList<qint64> &rows) {
        for (const qint64 row : rows)
            m_window.live().undoFailed(row);
    });
    const ShiftStarts shifts = m_parts.shifts.empty() ? usualShiftStarts() : m_parts.shifts;
    m_reviews = std::make_unique<ReviewDesk>(m_window.review(), *m_answers, m_parts.dataFolder, shifts);
    connect(m_reviews.get(), &ReviewDesk::judged, &m_window.live(), &ui::LivePanel::setReview);
    connect(m_reviews.get(), &ReviewDesk::withdrawn, &m_window.live(), &ui::LivePanel::withdrawReview);
    QStringList classes;
    for (const std::string &name : m_parts.defectClasses)
        classes.append(textOf(name));
    m_window.review().setDefectClasses(classes);
    for (const std::string &name : {m_parts.account, m_parts.reviewer}) // an empty one changes nothing
        m_window.review().setReviewer(textOf(name));
    m_statistics = std::make_unique<StatisticsDesk>(m_window.statistics(), m_parts.dataFolder, shifts);
    m_batches = std::make_unique<BatchDesk>(m_window.batch(), m_parts.dataFolder, executableFolder() / "auroraedge");
    connect(m_models.get(), &ModelDesk::listed, &m_window.batch(), &ui::BatchPanel::setModels);

    for (const Error &error : m_parts.unreadLists)
        m_window.raiseFault(ownListFault(error));

    connect(&m_counterTimer, &QTimer::timeout, this, &InspectionSession::updateCounters);
    m_counterTimer.start(kCounterPeriod);
}

InspectionSession::~InspectionSession()
{
    disconnect(&m_window, nullptr, this, nullptr);
    leaveSource(); // beside the ending of the inference
    m_batches.reset();
    m_models.reset();
    m_isFrozen = false; // nothing is encoded ahead any more
    m_inference.reset();
    QCoreApplication::sendPostedEvents(this, QEvent::MetaCall); // an answer that was just finished is stored
    m_statistics.reset();
    m_reviews.reset();
    m_answers.reset();
    m_leaving.clear(); // waits for each
}

void InspectionSession::connectWindow()
{
    using ui::MainWindow;
    connect(&m_window, &MainWindow::askRequested, this, &InspectionSession::onAskRequested);
    connect(&m_window, &MainWindow::cancelRequested, this, [this] { m_inference->cancel(); });
    connect(&m_window, &MainWindow::freezeToggled, this, [this](bool isFrozen) {
        m_isFrozen = isFrozen;
        m_gate.setFrozen(isFrozen, steady_clock::now());
        m_triggers.forgetPictures();
        encodeFrozen();
    });
    connect(&m_window, &MainWindow::regionChanged, this, [this](const QRectF &region) {
        m_region = region;
        m_scene.forget(); // what was asked about is not what is marked
        m_triggers.forgetPictures();
        encodeFrozen();
    });
    connect(&m_window, &MainWindow::triggerChosen, &m_triggers, &TriggerDesk::choose);
    connect(&m_triggers, &TriggerDesk::stateChanged, &m_window, &MainWindow::setTriggerState);
    connect(&m_window, &MainWindow::sourceChosen, this, [this](const QString &uri) {
        m_sourceDesk.acceptAnyCamera(uri);
        openSource(uri);
    });
    connect(&m_sourceDesk, &SourceDesk::chosen, this, &InspectionSession::openSource);
    connect(&m_sourceDesk, &SourceDesk::cameraAdjusted, this, [this](const plugins::CameraSettings &settings) {
        if (m_source)
            m_source->worker->adjust(settings);
    });
    connect(&m_sourceDesk, &SourceDesk::webcamPlugged, this, [this] {
        if (m_source)
            m_source->worker->openNow();
    });
    connect(&m_sourceDesk, &SourceDesk::failed, this, [this](const Error &error) { m_window.raiseFault(sourceListFault(error)); });
    connect(&m_sourceDesk, &SourceDesk::worked, this, [this] { m_window.clearFault(QStringLiteral("sources")); });
    connect(&m_window, &MainWindow::modelChosen, this, &InspectionSession::loadModel);
    connect(&m_window, &MainWindow::loadCancelRequested, this, [this] { m_inference->cancelLoad(); });
    connect(&m_window, &MainWindow::faultActionChosen, this, &InspectionSession::onFaultAction);
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
                post([this, id, result, card, finding = std::exchange(m_finding, std::nullopt)] { onAnswer(id, result, card, finding); });
            },
        .onDescribed =
            [this](const std::string &folder, const Result<ModelDescription> &description) {
                post([this, folder, description] {
                    if (m_models)
                        m_models->onDescribed(folder, description);
                });
            },
        .onMeasured =
            [this](const Result<std::vector<double>> &totalMs, const ModelCard &card) {
                post([this, totalMs, card] {
                    if (m_models)
                        m_models->onMeasured(totalMs, card);
                });
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
                if (!current)
                    return;
                frame.source = current->address.shown; // whatever the plugin says
                if (current->mailbox.post(std::move(frame)))
                    post([this, weak] { showLatest(weak.lock()); });
            },
        .onState =
            [this, weak](const CaptureState &state) { post([this, weak, state] { onCaptureState(weak.lock(), state); }); },
        .onControls =
            [this, weak](const plugins::ControlStates &controls) {
                post([this, weak, controls] {
                    if (const auto current = weak.lock(); current && current == m_source)
                        m_sourceDesk.onControls(current->address, controls);
                });
            },
    };
}

void InspectionSession::openSource(const QString &uri)
{
    leaveSource();
    m_window.clearFault(QStringLiteral("source"));
    m_window.clearFault(QStringLiteral("picture-size"));
    m_window.clearFault(QStringLiteral("left-out"));
    Result<SourcePlan> plan = m_sourceDesk.plan(uri);
    if (!plan) {
        ui::SourceState state;
        state.condition = ui::SourceCondition::Failed;
        state.sentence = sentenceOf(plan.error());
        state.code = codeOf(plan.error());
        showSource(state);
        m_window.raiseFault(sourceFault(plan.error()));
        return;
    }

    m_source = std::make_shared<SourceRun>();
    m_source->address = plan->address;
    showSource(sourceStateOf({}, plan->address));
    CaptureSettings settings = plan->capture;
    settings.lastSequence = m_lastSequence;
    m_source->worker = std::make_unique<CaptureWorker>(openerOf(m_parts.sources, *std::move(plan)), captureListener(m_source),
                                                       settings);
}

void InspectionSession::showSource(const ui::SourceState &state)
{
    m_window.setSourceState(state); // another one than before also ends the freezing
    if (m_isFrozen)
        return;
    m_shown.reset();
    m_gate.reset();
    m_scene.forget();
}

void InspectionSession::leaveSource()
{
    m_triggers.forgetPictures();
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
    const std::optional<Error> before = m_gate.wrongSize();
    m_gate.show(*m_shown);
    if (const std::optional<Error> wrong = m_gate.wrongSize(); !wrong && before)
        m_window.clearFault(QStringLiteral("picture-size"));
    else if (wrong && (!before || wrong->message != before->message)) // what is accepted is what is read
        m_window.raiseFault(sizeFault(*wrong));
    m_window.showFrame(ui::imageOf(*m_shown),
                       {m_shown->sequence, m_shown->capturedAt, textOf(m_shown->source), m_scene.isShownBy(*m_shown)});
    Q_EMIT pictureShown();
    const std::optional<PixelBox> watched = regionIn(*m_shown, m_region);
    if (!watched || isAskable(*watched))
        m_triggers.look(watched ? cropped(*m_shown, *watched) : *m_shown);
}

void InspectionSession::onCaptureState(const std::shared_ptr<SourceRun> &run, const CaptureState &state)
{
    if (!run || run != m_source)
        return;
    run->isLive = state.condition == CaptureState::Condition::Live;
    if (!run->isLive)
        m_triggers.forgetPictures();
    if (!run->isLive || state.isStill)
        m_scene.forget(); // a part could be exchanged unseen
    m_window.setSourceState(sourceStateOf(state, run->address));
    m_sourceDesk.onState(run->address, state);
    if (run->isLive)
        m_gate.describe(state.source);
    // Also of a camera that was lost for hanging: its last pictures came with new times.
    m_gate.setStill(state.isStill || (state.error && state.error->code == code::CameraFrozen));
    if (state.source.leftOut.pictures > run->leftOut) { // what was dismissed comes back with another one only
        run->leftOut = state.source.leftOut.pictures;
        m_window.raiseFault(leftOutFault(state.source.leftOut));
    }
    if (state.condition == CaptureState::Condition::Live)
        m_window.clearFault(QStringLiteral("source"));
    else if (state.condition == CaptureState::Condition::Lost)
        m_window.raiseFault(sourceFault(*state.error));
}

void InspectionSession::onModelStatus(const ModelStatus &status)
{
    if (status.condition == ModelStatus::Condition::Unloaded) {
        m_readyModel.reset();
        m_window.setModelState({});
        return;
    }
    if (status.condition == ModelStatus::Condition::Ready) {
        m_readyModel = status;
        offerQuestions(status.card.inspects);
        m_window.clearFault(QStringLiteral("model"));
        encodeFrozen();
    } else if (status.condition == ModelStatus::Condition::Failed && status.error->code != code::Cancelled) {
        m_window.raiseFault(modelFault(*status.error, status.keptOldModel));
    }
    const bool showsOld = status.condition == ModelStatus::Condition::Failed && status.keptOldModel && m_readyModel;
    m_window.setModelState(modelStateOf(showsOld ? *m_readyModel : status));
}

void InspectionSession::offerQuestions(const std::string &inspects)
{
    std::vector<Preset> presets = m_parts.presets;
    // Behind the others that have a key, so that a trigger goes on asking what it was set to; the product's own thresholds decide.
    if (!inspects.empty() && !presetFor(presets, inspects)) {
        const auto place = std::min(std::ssize(presets), std::ptrdiff_t{ui::PresetBar::kMaxPresets} - 1);
        presets.insert(presets.begin() + place, {"defect", inspects, {{"no"}, {"yes"}, 0}});
    }
    if (std::ranges::equal(presets, m_presets, {}, &Preset::text, &Preset::text))
        return;
    m_presets = std::move(presets);
    m_window.setPresets(presetQuestionsOf(m_presets));
}

void InspectionSession::onAskRequested(const ui::AskRequest &request)
{
    const auto refuse = [&](ErrorCode code, const QString &sentence) {
        m_window.answerFailed(0, textOf(code.text()), sentence, {});
    };
    if (!m_shown || m_shown->sequence != request.frameSequence)
        return refuse(code::CameraNoFrame, tr("there is no picture to ask about"));
    if (const std::optional<Error> unfit = m_gate.refusal(steady_clock::now()))
        return refuse(unfit->code, sentenceOf(*unfit));
    const std::optional<PixelBox> region = regionIn(*m_shown, request.region);
    if (region && !isAskable(*region))
        return refuse(code::ImageSizeOutOfRange,
                      tr("the marked part is too small; mark at least %1 x %1 pixels").arg(kLeastRegionPx));
    if (m_answers->isFull())
        return refuse(code::DatabaseLocked, tr("answers wait for the disk; ask again when they are stored"));
    AskedQuestion asked{m_lastId + 1, {*m_shown, region}, request.question, {}};
    Question question;
    question.text = request.question.toStdString();
    if (!m_inference->ask(asked.id, asked.picture, question))
        return refuse(code::Internal, tr("another question is still being answered"));
    // All that is left to do is done beside the engine.
    m_scene.ask(*m_shown, region);
    m_answers->saveAhead(asked.id, *m_shown);
    m_lastId = asked.id;
    asked.thumbnail = ui::thumbnailOf(ui::imageOf(*m_shown));
    m_window.answerStarted(asked.id, asked.question, asked.thumbnail);
    m_asked = std::move(asked);
}

bool InspectionSession::askByTrigger(int presetIndex)
{
    // Nobody looks: an old picture, or one that a person keeps on the screen, is not what the trigger is about.
    const bool isFresh = m_source && m_source->isLive && !m_isFrozen && !m_gate.refusal(steady_clock::now());
    return isFresh && m_window.askByTrigger(presetIndex);
}

void InspectionSession::encodeFrozen()
{
    if (!m_isFrozen || !m_shown || !m_readyModel)
        return;
    const std::optional<PixelBox> region = regionIn(*m_shown, m_region);
    if (!region || isAskable(*region))
        m_inference->prepare({*m_shown, region});
}

void InspectionSession::onAnswer(std::int64_t id, const Result<Answer> &result, const ModelCard &card, const std::optional<ProductFinding> &finding)
{
    const AskedQuestion asked = *std::exchange(m_asked, std::nullopt);
    encodeFrozen(); // a moment's work when it is the picture that was asked about
    if (!result)
        m_window.answerFailed(id, codeOf(result.error()), sentenceOf(result.error()), detailOf(result.error()));
    if (!result && result.error().code == code::Cancelled)
        return; // the operator's own wish leaves no row

    const Preset *preset = presetFor(m_presets, asked.question.toStdString());
    StorageJob job{id, recordOf(asked, result, card, preset), asked.picture.frame};
    if (result && asked.question.toStdString() == card.inspects)
        job.record.finding = finding;
    const ui::AnswerView view = result ? answerViewOf(job.record, asked, *result, preset) : failedViewOf(job.record, asked);
    m_answers->store(std::move(job), view);
}

std::uint64_t InspectionSession::framesReplaced() const
{
    return m_source ? m_source->mailbox.replacedCount() : 0;
}

void InspectionSession::onFaultAction(const QString &actionId)
{
    if (actionId == QLatin1String(kChooseSourceAction))
        m_window.openSourceChooser();
    else if (actionId == QLatin1String(kShowModelsAction))
        m_window.showPage(ui::MainWindow::Page::Models);
    else if (actionId == QLatin1String(kAcceptSizeAction)) {
        m_gate.acceptSize();
        m_window.clearFault(QStringLiteral("picture-size"));
    }
}

void InspectionSession::updateCounters()
{
    const steady_clock::time_point now = steady_clock::now();
    const double seconds = std::chrono::duration<double>(now - m_countedAt).count();
    ui::StationCounters counters;
    counters.sourceFps = static_cast<double>(m_lastSequence - m_sequenceAtCount) / seconds;
    counters.framesReplaced = framesReplaced();
    counters.rowsStored = m_answers->rowsStored();
    counters.rowsWaiting = m_answers->rowsWaiting();
    m_countedAt = now;
    m_sequenceAtCount = m_lastSequence;
    m_window.setCounters(counters);
}

} // namespace auroraedge::app
