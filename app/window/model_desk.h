#pragma once

#include "app/model_shelf/model_shelf.h"
#include "app/model_shelf/speed_book.h"
#include "app/pipeline/bounded_queue.h"
#include "app/pipeline/inference_worker.h"
#include "ui/models/model_entry.h"

#include <QObject>
#include <QTimer>

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace auroraedge::ui {
class ModelPanel;
}

namespace auroraedge::app {

/// What the Models page shows and does, besides loading: the list, bringing in, checking, removing and measuring. Files are
/// read and written on a thread of its own, one job after the other; what the engine has to say comes from the inference
/// thread.
/// Thread: GUI; it waits for no file.
class ModelDesk final : public QObject
{
    Q_OBJECT

public:
    struct Places
    {
        std::filesystem::path shipped;      ///< models/ of the resources
        std::filesystem::path own;          ///< models/ of the data folder
        std::filesystem::path speeds;       ///< file of the SpeedBook
        std::filesystem::path demonstration; ///< a picture to measure with
    };

    /// @param panel and @param inference outlive the desk. @param load threads and what else every load begins with.
    ModelDesk(ui::ModelPanel &panel, InferenceWorker &inference, Places places, LoadOptions load, std::string question);
    ~ModelDesk() override; ///< ends a running job within a megabyte

    // What the inference thread tells.
    void onDescribed(const std::string &folder, const Result<ModelDescription> &description);
    void onMeasured(const Result<std::vector<double>> &totalMs, const ModelCard &card);

Q_SIGNALS:
    void listed(const auroraedge::ui::ModelEntries &models);

private:
    using Job = std::function<void(std::stop_token)>;

    void run();
    /// Runs @p job after those before it; cancelJob() stops it.
    void start(ui::ModelJob::Kind kind, const QString &folder, Job job);
    void startQuietly(Job job);
    void cancelJob();
    void finish(const QString &sentence, bool isFailure);
    [[nodiscard]] FilesProgress progressOf(ui::ModelJob::Kind kind, const QString &folder);

    void list();
    void showList(const std::vector<ShelvedModel> &models);
    void bringIn(const QString &folder);
    void check(const QString &folder);
    void remove(const QString &folder);
    void measure();
    void showEntries();
    void showMemory();

    /// Calls @p body on the GUI thread, later; never after the desk is gone. Any thread.
    template <typename Body>
    void post(Body body)
    {
        QMetaObject::invokeMethod(this, std::move(body), Qt::QueuedConnection);
    }

    ui::ModelPanel &m_panel;
    InferenceWorker &m_inference;
    const Places m_places;
    const LoadOptions m_load;
    const std::string m_question;

    ui::ModelEntries m_entries;
    std::map<QString, std::string> m_hashes; ///< of the described, by folder
    ui::ModelJob m_job;
    std::stop_source m_stop; ///< of the job that runs or waits
    std::stop_source m_closing;
    QTimer m_memoryTimer;
    bool m_isMemoryAsked = false; ///< and not told yet

    // Job thread only.
    std::optional<ModelShelf> m_shelf;
    std::optional<SpeedBook> m_speeds;

    static constexpr std::size_t kWaitingJobs = 32;
    BoundedQueue<std::function<void()>> m_jobs{kWaitingJobs};
    std::thread m_thread; ///< last: uses all of the above
};

} // namespace auroraedge::app
