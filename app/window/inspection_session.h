#pragma once

#include "app/inspection/asked_scene.h"
#include "app/inspection/presets.h"
#include "app/pipeline/capture_worker.h"
#include "app/pipeline/inference_worker.h"
#include "app/plugins/source_catalogue.h"
#include "app/settings/data_folder.h"
#include "app/settings/shift_starts.h"
#include "app/window/answer_desk.h"
#include "app/window/asked_question.h"
#include "app/window/batch_desk.h"
#include "app/window/frame_gate.h"
#include "app/window/model_desk.h"
#include "app/window/review_desk.h"
#include "app/window/source_desk.h"
#include "app/window/statistics_desk.h"
#include "app/window/trigger_desk.h"
#include "ui/models/answer_view.h"
#include "ui/models/frame_status.h"
#include "ui/models/source_state.h"

#include <QObject>
#include <QRectF>
#include <QTimer>

#include <chrono>
#include <filesystem>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace auroraedge::ui {
class MainWindow;
}

namespace auroraedge::app {

/// What a session works with. Everything here is ready: nothing of it can fail any more.
struct StationParts
{
    DataFolder dataFolder; ///< created
    std::filesystem::path resources;
    std::shared_ptr<const SourceCatalogue> sources; ///< shared with a reader that may have to be abandoned
    InferenceWorker::EngineOpener openEngine;
    std::vector<Preset> presets;
    LoadOptions loadOptions; ///< device, precision, threads; the folder is filled in
    std::string account = {}; ///< of the person at the station, for what is stored of them
    std::string reviewer = {}; ///< who judges; empty: the account
    ShiftStarts shifts = {};   ///< empty: the usual ones
    CaptureSettings capture = {};
    std::chrono::milliseconds oldestAnswered = kOldestAnswered;
    std::vector<std::string> defectClasses = {}; ///< the first nine have keys on the Review page
    std::vector<Error> unreadLists = {};         ///< StationLists::unread
};

/// One run of the station: the capture, inference and storage threads, and the window that shows them.
/// Thread: GUI; it waits for no other. Destroying ends all threads in under 2 s, also during an inference, with every
/// accepted answer stored.
class InspectionSession final : public QObject
{
    Q_OBJECT

public:
    /// @param window outlives the session.
    InspectionSession(ui::MainWindow &window, StationParts parts);
    ~InspectionSession() override;

    /// Leaves the source from before. What is wrong with the address or the source is told in the window.
    void openSource(const QString &uri);
    /// @param nameOrFolder as of --model; empty: the model that ships.
    void loadModel(const QString &nameOrFolder);

    /// Of the source that is open: frames that a newer one replaced before they were shown.
    [[nodiscard]] std::uint64_t framesReplaced() const;
    [[nodiscard]] const AnswerDesk &answers() const { return *m_answers; }

Q_SIGNALS:
    void pictureShown();                ///< a new one of the source was handed to the window
    void answerShown(double engineMs);  ///< as AnswerDesk::answerShown

private:
    /// One source from its choosing to its leaving; its late messages are told apart by it.
    struct SourceRun;

    void connectWindow();
    CaptureListener captureListener(const std::shared_ptr<SourceRun> &run);
    InferenceListener inferenceListener();
    void leaveSource();
    /// Nothing of another source stays on the screen, or can be asked about, from now on.
    void showSource(const ui::SourceState &state);

    void showLatest(const std::shared_ptr<SourceRun> &run);
    void onCaptureState(const std::shared_ptr<SourceRun> &run, const CaptureState &state);
    void onModelStatus(const ModelStatus &status);
    void offerQuestions(const std::string &inspects);
    void onAskRequested(const ui::AskRequest &request);
    bool askByTrigger(int presetIndex);
    /// Encodes the frozen picture while the operator types or reads.
    void encodeFrozen();
    void onAnswer(std::int64_t id, const Result<Answer> &result, const ModelCard &card, const std::optional<ProductFinding> &finding);
    void onFaultAction(const QString &actionId);
    void updateCounters();

    /// Calls @p body on the GUI thread, later; never after the session is gone. Any thread.
    template <typename Body>
    void post(Body body)
    {
        QMetaObject::invokeMethod(this, std::move(body), Qt::QueuedConnection);
    }

    ui::MainWindow &m_window;
    const StationParts m_parts;
    std::vector<Preset> m_presets; ///< the station's, and that of a model that was taught a product

    SourceDesk m_sourceDesk;
    std::shared_ptr<SourceRun> m_source;
    std::optional<Frame> m_shown; ///< exactly the frame on the screen
    FrameGate m_gate;
    AskedScene m_scene;
    bool m_isFrozen = false;
    std::uint64_t m_lastSequence = 0; ///< over all sources, so that no two frames share a number

    QRectF m_region; ///< of the next question, as AskRequest::region
    TriggerDesk m_triggers;

    std::int64_t m_lastId = 0; ///< of an asking
    std::optional<AskedQuestion> m_asked; ///< that runs
    std::optional<ProductFinding> m_finding; ///< inference thread only: what is behind the answer that is told next

    std::optional<ModelStatus> m_readyModel; ///< that answers now
    std::chrono::steady_clock::time_point m_countedAt;
    std::uint64_t m_sequenceAtCount = 0;
    QTimer m_counterTimer;

    // Threads, ended in the destructor in this order: sources, inference, storage.
    std::vector<std::future<void>> m_leaving; ///< each ends one source that was left
    std::unique_ptr<InferenceWorker> m_inference;
    std::unique_ptr<ModelDesk> m_models; ///< uses the inference
    std::unique_ptr<AnswerDesk> m_answers;
    // They read what the answers' store writes, and end before it.
    std::unique_ptr<ReviewDesk> m_reviews;
    std::unique_ptr<StatisticsDesk> m_statistics;
    std::unique_ptr<BatchDesk> m_batches;
};

} // namespace auroraedge::app
