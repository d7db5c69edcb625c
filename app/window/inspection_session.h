#pragma once

#include "app/inspection/presets.h"
#include "app/pipeline/capture_worker.h"
#include "app/pipeline/inference_worker.h"
#include "app/pipeline/storage_worker.h"
#include "app/plugins/source_catalogue.h"
#include "app/settings/data_folder.h"
#include "ui/models/answer_view.h"
#include "ui/models/frame_status.h"

#include <QObject>
#include <QTimer>

#include <chrono>
#include <filesystem>
#include <future>
#include <map>
#include <memory>
#include <optional>
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

private:
    /// One source from its choosing to its leaving; its late messages are told apart by it.
    struct SourceRun;

    void connectWindow();
    void startStorage();
    CaptureListener captureListener(const std::shared_ptr<SourceRun> &run);
    InferenceListener inferenceListener();
    void leaveSource();

    void showLatest(const std::shared_ptr<SourceRun> &run);
    void onCaptureState(const std::shared_ptr<SourceRun> &run, const CaptureState &state);
    void onModelStatus(const ModelStatus &status);
    void onAskRequested(const ui::AskRequest &request);
    void onAnswer(std::int64_t id, const Result<Answer> &result, const ModelCard &card);
    void onStored(const StorageJob &job);
    void onStoreFailed(const StorageJob &job, const Error &error);
    void onFaultAction(const QString &actionId);
    void updateCounters();
    void updateWebcams();

    /// Calls @p body on the GUI thread, later; never after the session is gone. Any thread.
    template <typename Body>
    void post(Body body)
    {
        QMetaObject::invokeMethod(this, std::move(body), Qt::QueuedConnection);
    }

    ui::MainWindow &m_window;
    const StationParts m_parts;

    std::shared_ptr<SourceRun> m_source;
    std::optional<Frame> m_shown; ///< exactly the frame on the screen
    bool m_isFrozen = false;
    std::uint64_t m_lastSequence = 0; ///< over all sources, so that no two frames share a number

    std::int64_t m_lastId = 0; ///< of an asking
    std::optional<Frame> m_asked; ///< of the asking that runs
    QString m_askedQuestion;
    std::map<std::int64_t, ui::AnswerView> m_beingStored;

    std::optional<ModelStatus> m_readyModel; ///< that answers now
    std::int64_t m_rowsStored = 0;
    std::chrono::steady_clock::time_point m_countedAt;
    std::uint64_t m_sequenceAtCount = 0;
    QTimer m_counterTimer, m_webcamTimer;
    std::vector<std::string> m_webcamIds;

    // Threads, ended in the destructor in this order: sources, inference, storage.
    std::vector<std::future<void>> m_leaving; ///< each ends one source that was left
    std::unique_ptr<InferenceWorker> m_inference;
    std::unique_ptr<StorageWorker> m_storage;
};

} // namespace auroraedge::app
