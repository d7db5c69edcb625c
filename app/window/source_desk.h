#pragma once

#include "app/pipeline/bounded_queue.h"
#include "app/pipeline/capture_worker.h"
#include "app/plugins/source_address.h"
#include "app/plugins/source_catalogue.h"
#include "app/settings/data_folder.h"
#include "app/settings/password_store.h"
#include "app/settings/source_book.h"
#include "ui/models/camera_controls.h"
#include "ui/models/network_source.h"

#include <QObject>
#include <QTimer>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace auroraedge::ui {
class SourceChooser;
}

namespace auroraedge::app {

/// All that opening a source takes.
struct SourcePlan
{
    SourceAddress address;
    std::optional<PasswordStore> logins; ///< where the login of the address is kept; nothing: the address has all it needs
    plugins::SourceOptions options;
    CaptureSettings capture;
};

/// @return what a CaptureWorker opens @p plan by, again and again. A kept login is read each time, on the reading thread.
/// Fails as the source does, and with SET-01 when the kept login cannot be read.
[[nodiscard]] CaptureWorker::Opener openerOf(std::shared_ptr<const SourceCatalogue> sources, SourcePlan plan);

/// What the station knows of its sources: those that are plugged in, those that are saved, their logins and camera settings;
/// and the test of a new one. Stands between the source chooser, the files in the data folder and the source that runs.
/// Thread: GUI; it waits neither for a driver nor for the disk, but when it is destroyed for what is on its way there.
class SourceDesk final : public QObject
{
    Q_OBJECT

public:
    /// @param chooser outlives the desk. @param capture what each plan begins with.
    SourceDesk(ui::SourceChooser &chooser, const DataFolder &dataFolder, std::filesystem::path resources,
               std::shared_ptr<const SourceCatalogue> sources, CaptureSettings capture);
    ~SourceDesk() override; ///< ends a running test; what was not written yet is

    /// @return as parseSourceAddress().
    [[nodiscard]] Result<SourcePlan> plan(const QString &uri) const;
    /// Somebody has chosen @p uri by hand: the camera that is there now is the right one.
    void acceptAnyCamera(const QString &uri);

    // What the source that runs tells.
    void onState(const SourceAddress &address, const CaptureState &state);
    void onControls(const SourceAddress &address, const plugins::ControlStates &controls);

Q_SIGNALS:
    void chosen(const QString &uri);                                    ///< a source was saved and shall open, as no other was chosen since
    void cameraAdjusted(const auroraedge::plugins::CameraSettings &settings); ///< for the source that runs
    void webcamPlugged();
    void failed(const auroraedge::Error &error); ///< of the files in the data folder, but for what the card tells
    void worked();                               ///< they can be written again

private:
    struct Test;
    using Job = std::function<void()>;

    static constexpr std::size_t kCapacity = 256; ///< jobs waiting: what people press goes on while a disk is slow

    /// Does @p work beside this thread, after those before it, and then tells @p onDone its Result on this one.
    template <typename Work, typename OnDone>
    void doBeside(Work work, OnDone onDone);

    void test(const ui::NetworkSource &source);
    void endTest();
    void onTested(const std::shared_ptr<Test> &test, const Result<Frame> &picture, double fps);
    void save(const ui::NetworkSource &source);
    [[nodiscard]] Result<SourcePlan> keepLogin(const ui::NetworkSource &source); ///< files thread
    void onKept(const std::shared_ptr<Test> &test, const ui::NetworkSource &source, const Result<SourcePlan> &kept);
    void edit(const QString &uri);
    void remove(const QString &uri);
    void adjust(ui::CameraControl control, bool isAuto, int value);
    void showSaved();
    void lookForWebcams();
    /// Brings the book onto the disk, beside this thread; the newest state, however often it changes meanwhile.
    void write();
    void onWritten(const Result<void> &written);
    void failLater(const Error &error); ///< any thread

    ui::SourceChooser &m_chooser;
    const std::filesystem::path m_file; ///< sources.json
    const std::filesystem::path m_resources;
    const std::shared_ptr<const SourceCatalogue> m_sources;
    const CaptureSettings m_capture;
    PasswordStore m_passwords; ///< written on the files thread alone
    SourceBook m_book;
    std::optional<SourceAddress> m_running;
    std::optional<std::set<std::string>> m_webcamIds;
    QTimer m_webcamTimer, m_writeTimer;
    bool m_isWriting = false, m_isChanged = false; ///< the book: on its way to the disk; and other than what was last sent there
    int m_choices = 0;                             ///< of sources by hand, so far
    std::shared_ptr<Test> m_test;                  ///< what the card waits for; nothing else is told in it
    std::vector<std::future<void>> m_ending; ///< each ends one test
    BoundedQueue<Job> m_jobs{kCapacity};
    std::thread m_files; ///< last: does the jobs, one after the other, so that no file has two writers
};

} // namespace auroraedge::app
