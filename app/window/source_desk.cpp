#include "app/window/source_desk.h"

#include "app/plugins/webcams.h"
#include "app/settings/damaged_file.h"
#include "app/window/told_errors.h"
#include "app/window/view_values.h"
#include "ui/dialogs/source_chooser.h"
#include "ui/models/frame_image.h"

#include <QCoreApplication>
#include <QEvent>
#include <QUrl>

#include <algorithm>
#include <type_traits>
#include <utility>

namespace auroraedge::app {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kWebcamPeriod{2'000};
constexpr milliseconds kWriteDelay{400};    ///< while a slider moves, not each value is written
constexpr milliseconds kMeasuringTime{1'000}; ///< of the frames per second in a test
constexpr milliseconds kOpeningMargin{3'000}; ///< for a driver that takes longer than it was told

/// The pair means the same in the plugins' and in the window's types, in the same order.
ui::CameraControl shown(plugins::CameraControl control)
{
    return static_cast<ui::CameraControl>(control);
}
plugins::CameraControl told(ui::CameraControl control)
{
    return static_cast<plugins::CameraControl>(control);
}
ui::CameraControlState::Condition shown(plugins::ControlState::Condition condition)
{
    return static_cast<ui::CameraControlState::Condition>(condition);
}
/// @param opened as openedBy().
ui::NetworkSource shown(const SavedSource &saved, const QUrl &opened)
{
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(saved.openTimeout);
    const QString address = textOf(saved.address);
    return {textOf(saved.name), address, opened.userName(QUrl::FullyDecoded), {}, saved.transport == plugins::NetworkTransport::Udp,
            static_cast<int>(seconds.count()), address};
}

/// By which the saved camera @p address is opened: with its login, when one is kept. @return SET-01, FS-*.
Result<QUrl> openedBy(const PasswordStore &logins, const QString &address)
{
    const Result<std::optional<std::string>> login = logins.find(address.toStdString());
    if (!login)
        return failure(login.error());
    return QUrl(textOf(login->value_or(address.toStdString())));
}

/// Reads the disk where @p source is a saved one. @return as parseSourceAddress(), openedBy().
Result<SourcePlan> planOf(const ui::NetworkSource &source, const PasswordStore &logins, const std::filesystem::path &resources)
{
    QString typed = source.address, password = source.password;
    if (!source.edited.isEmpty()) {
        const Result<QUrl> kept = openedBy(logins, source.edited);
        if (!kept)
            return failure(kept.error());
        const QUrl url(typed);
        // Not to a host that the password was not typed in for.
        if (url.scheme() == kept->scheme() && url.host() == kept->host() && url.port() == kept->port()) {
            typed = textOf(withSecretsOf(kept->toString(QUrl::FullyEncoded).toStdString(), typed.toStdString()));
            if (password.isEmpty())
                password = kept->password(QUrl::FullyDecoded);
        }
    }
    Result<SourceAddress> address = parseSourceAddress(typed.toStdString(), resources);
    if (!address)
        return failure(address.error());
    SourcePlan plan;
    plan.address = *std::move(address);
    if (!source.user.isEmpty())
        plan.address = withLogin(std::move(plan.address), source.user.toStdString(), password.toStdString());
    plan.options.shownAs = plan.address.shown;
    plan.options.transport = source.isUdp ? plugins::NetworkTransport::Udp : plugins::NetworkTransport::Tcp;
    plan.options.openTimeout = std::chrono::seconds(source.timeoutSeconds);
    return plan;
}

} // namespace

CaptureWorker::Opener openerOf(std::shared_ptr<const SourceCatalogue> sources, SourcePlan plan)
{
    return [sources = std::move(sources), plan = std::move(plan)]() -> Result<std::unique_ptr<plugins::FrameSource>> {
        Result<std::unique_ptr<plugins::FrameSource>> source = sources->create(plan.address);
        if (!source)
            return source;
        std::string address = plan.address.opened;
        if (plan.logins) {
            Result<std::optional<std::string>> login = plan.logins->find(plan.address.shown);
            if (!login)
                return failure(login.error());
            if (*login)
                address = **std::move(login);
        }
        if (const Result<void> opened = (*source)->open(address, plan.options); !opened)
            return failure(opened.error());
        return source;
    };
}

/// What the card of a network camera waits for: the test of one, or that one is kept, which needs no worker.
/// Frames are counted on the reading thread, one at a time.
struct SourceDesk::Test
{
    int choices = 0; ///< SourceDesk::m_choices when it was kept
    int frames = 0;
    Clock::time_point firstAt;
    std::unique_ptr<CaptureWorker> worker; ///< GUI thread
};

template <typename Work, typename OnDone>
void SourceDesk::doBeside(Work work, OnDone onDone)
{
    using Outcome = std::invoke_result_t<Work>;
    const bool isTaken = m_jobs.push([this, work = std::move(work), onDone] {
        QMetaObject::invokeMethod(this, [onDone, outcome = work()] { onDone(outcome); }, Qt::QueuedConnection);
    });
    if (!isTaken)
        onDone(Outcome(failure(diskBusy())));
}

SourceDesk::SourceDesk(ui::SourceChooser &chooser, const DataFolder &dataFolder, std::filesystem::path resources,
                       std::shared_ptr<const SourceCatalogue> sources, CaptureSettings capture)
    : m_chooser(chooser), m_file(dataFolder.root() / "sources.json"), m_resources(std::move(resources)),
      m_sources(std::move(sources)), m_capture(std::move(capture)), m_passwords(dataFolder.root())
{
    using ui::SourceChooser;
    connect(&chooser, &SourceChooser::testRequested, this, &SourceDesk::test);
    connect(&chooser, &SourceChooser::testCancelled, this, [this] {
        endTest();
        m_chooser.setTest({});
    });
    connect(&chooser, &SourceChooser::saveRequested, this, &SourceDesk::save);
    connect(&chooser, &SourceChooser::editRequested, this, &SourceDesk::edit);
    connect(&chooser, &SourceChooser::removeRequested, this, &SourceDesk::remove);
    connect(&chooser, &SourceChooser::adjusted, this, &SourceDesk::adjust);
    connect(&chooser, &SourceChooser::chosen, this, [this] { ++m_choices; });

    if (Result<SourceBook> book = readSourceBook(m_file); book) {
        m_book = *std::move(book);
    } else {
        // Kept for whoever can mend it; a new one is begun. Told once somebody listens.
        const Result<std::filesystem::path> kept = keepDamaged(m_file);
        failLater(kept ? book.error() : kept.error());
    }
    showSaved();
    m_writeTimer.setSingleShot(true);
    connect(&m_writeTimer, &QTimer::timeout, this, &SourceDesk::write);
    connect(&m_webcamTimer, &QTimer::timeout, this, &SourceDesk::lookForWebcams);
    m_webcamTimer.start(kWebcamPeriod);
    lookForWebcams();
    m_files = std::thread([this] {
        while (const std::optional<Job> job = m_jobs.pop())
            (*job)();
    });
}

SourceDesk::~SourceDesk()
{
    disconnect(); // what is kept now opens nothing any more
    m_jobs.close();
    m_files.join();
    QCoreApplication::sendPostedEvents(this, QEvent::MetaCall); // a camera whose login was just kept is in the book
    if (m_writeTimer.isActive() || m_isChanged)
        (void)writeSourceBook(m_file, m_book); // there is nobody left to tell
    endTest();
}

Result<SourcePlan> SourceDesk::plan(const QString &uri) const
{
    Result<SourceAddress> address = parseSourceAddress(uri.toStdString(), m_resources);
    if (!address)
        return failure(address.error());
    SourcePlan plan;
    plan.address = *std::move(address);
    plan.capture = m_capture;
    plan.options.shownAs = plan.address.shown;
    plan.options.isSimulated = plan.address.isSimulated;
    if (const auto saved = std::ranges::find(m_book.saved, plan.address.shown, &SavedSource::address);
        saved != m_book.saved.end()) {
        plan.options.transport = saved->transport;
        plan.options.openTimeout = saved->openTimeout;
        plan.capture.openLimit = std::max(plan.capture.openLimit, saved->openTimeout + kOpeningMargin);
        if (plan.address.opened == plan.address.shown) // chosen without its login
            plan.logins = m_passwords;
    }
    if (const auto known = m_book.cameras.find(plan.address.shown); known != m_book.cameras.end()) {
        plan.capture.camera = known->second.settings;
        plan.capture.expectedDevice = known->second.device;
    }
    return plan;
}

void SourceDesk::acceptAnyCamera(const QString &uri)
{
    const Result<SourceAddress> address = parseSourceAddress(uri.toStdString(), m_resources);
    const auto known = address ? m_book.cameras.find(address->shown) : m_book.cameras.end();
    if (known == m_book.cameras.end() || known->second.device.empty())
        return;
    known->second.device.clear();
    write();
}

void SourceDesk::onState(const SourceAddress &address, const CaptureState &state)
{
    m_running = address;
    if (state.condition != CaptureState::Condition::Live) {
        m_chooser.setControls({});
        return;
    }
    const std::string &device = state.source.device;
    if (device.empty())
        return;
    KnownCamera &camera = m_book.cameras[address.shown];
    if (std::exchange(camera.device, device) != device)
        write();
}

void SourceDesk::onControls(const SourceAddress &address, const plugins::ControlStates &controls)
{
    m_running = address;
    const QString id = textOf(address.shown);
    ui::CameraControls view{id.section(QLatin1Char(':'), 1), {}};
    for (const plugins::ControlState &state : controls)
        view.controls.append({shown(state.control), shown(state.condition), state.hasAuto, state.setting.isAuto,
                              state.setting.value, state.minimum, state.maximum, state.step});
    m_chooser.setControls(view);
}

void SourceDesk::adjust(ui::CameraControl control, bool isAuto, int value)
{
    if (!m_running)
        return;
    plugins::CameraSettings &settings = m_book.cameras[m_running->shown].settings;
    settings[told(control)] = {isAuto, value};
    Q_EMIT cameraAdjusted(settings);
    m_writeTimer.start(kWriteDelay);
}

void SourceDesk::test(const ui::NetworkSource &source)
{
    endTest();
    m_chooser.setTest({ui::SourceTest::Condition::Running, {}, 0, {}, {}});
    const auto test = std::make_shared<Test>();
    m_test = test;
    // Weak: the worker that holds these is owned by the test.
    const std::weak_ptr<Test> weak = test;
    const auto report = [this, weak](Result<Frame> picture, double fps) {
        QMetaObject::invokeMethod(
            this,
            [this, weak, picture = std::move(picture), fps] {
                if (const std::shared_ptr<Test> reported = weak.lock())
                    onTested(reported, picture, fps);
            },
            Qt::QueuedConnection);
    };
    CaptureListener listener;
    listener.onFrame = [weak, report](Frame frame) {
        const std::shared_ptr<Test> counted = weak.lock();
        if (!counted)
            return;
        const Clock::time_point now = Clock::now();
        if (++counted->frames == 1)
            counted->firstAt = now;
        else if (now - counted->firstAt >= kMeasuringTime)
            report(std::move(frame), (counted->frames - 1) / std::chrono::duration<double>(now - counted->firstAt).count());
    };
    listener.onState = [report](const CaptureState &state) {
        if (state.condition == CaptureState::Condition::Lost)
            report(failure(*state.error), 0);
    };
    const auto opener = [sources = m_sources, logins = m_passwords, resources = m_resources,
                         source]() -> Result<std::unique_ptr<plugins::FrameSource>> {
        Result<SourcePlan> plan = planOf(source, logins, resources);
        if (!plan)
            return failure(plan.error());
        return openerOf(sources, *std::move(plan))();
    };
    CaptureSettings capture = m_capture;
    capture.openLimit = std::max<milliseconds>(capture.openLimit, std::chrono::seconds(source.timeoutSeconds) + kOpeningMargin);
    capture.firstPause = capture.lastPause = std::chrono::hours(1); // one try: some cameras lock a login out
    test->worker = std::make_unique<CaptureWorker>(opener, std::move(listener), std::move(capture));
}

void SourceDesk::endTest()
{
    const std::shared_ptr<Test> test = std::exchange(m_test, nullptr);
    if (!test || !test->worker)
        return;
    // A driver may take a second to let go; the GUI thread does not wait for it.
    std::erase_if(m_ending, [](const std::future<void> &ended) { return ended.wait_for(0s) == std::future_status::ready; });
    m_ending.push_back(std::async(std::launch::async, [test] { test->worker.reset(); }));
}

void SourceDesk::onTested(const std::shared_ptr<Test> &test, const Result<Frame> &picture, double fps)
{
    if (test != m_test)
        return; // cancelled, or told already
    endTest();
    ui::SourceTest result;
    if (picture) {
        result.condition = ui::SourceTest::Condition::Passed;
        result.picture = ui::imageOf(*picture).copy(); // outlives the frame
        result.fps = fps;
    } else {
        result.condition = ui::SourceTest::Condition::Failed;
        result.code = codeOf(picture.error());
        result.sentence = sentenceOf(picture.error());
    }
    m_chooser.setTest(result);
}

void SourceDesk::save(const ui::NetworkSource &source)
{
    endTest();
    m_test = std::make_shared<Test>();
    m_test->choices = m_choices;
    m_chooser.setTest({ui::SourceTest::Condition::Keeping, {}, 0, {}, {}});
    doBeside([this, source] { return keepLogin(source); },
             [this, source, test = m_test](const Result<SourcePlan> &kept) { onKept(test, source, kept); });
}

Result<SourcePlan> SourceDesk::keepLogin(const ui::NetworkSource &source)
{
    Result<SourcePlan> plan = planOf(source, m_passwords, m_resources);
    if (!plan)
        return plan;
    const SourceAddress &address = plan->address;
    const Result<void> kept = address.opened == address.shown ? m_passwords.forget(address.shown)
                                                              : m_passwords.keep(address.shown, address.opened);
    if (!kept)
        return failure(kept.error());
    const std::string edited = source.edited.toStdString();
    if (const Result<void> forgotten = edited == address.shown ? Result<void>() : m_passwords.forget(edited); !forgotten)
        failLater(forgotten.error()); // of the address that it had before
    return plan;
}

void SourceDesk::onKept(const std::shared_ptr<Test> &test, const ui::NetworkSource &source, const Result<SourcePlan> &kept)
{
    const bool isWaitedFor = test == m_test; // the card was not closed meanwhile
    if (!kept) {
        if (isWaitedFor)
            onTested(test, failure(kept.error()), 0);
        else
            Q_EMIT failed(kept.error());
        return;
    }
    const std::string &address = kept->address.shown;
    const QString name = source.name.isEmpty() ? QUrl(textOf(address)).host() : source.name;
    const SavedSource saved{name.toStdString(), address, kept->options.transport, kept->options.openTimeout};
    const std::string edited = source.edited.toStdString();
    std::erase_if(m_book.saved, [&](const SavedSource &old) { return old.address == address && old.address != edited; });
    if (const auto before = std::ranges::find(m_book.saved, edited, &SavedSource::address); before != m_book.saved.end())
        *before = saved; // in its place
    else
        m_book.saved.push_back(saved);
    write();
    showSaved();
    if (isWaitedFor)
        m_chooser.closeNetworkCard();
    if (test->choices == m_choices) // nobody has chosen another source since
        Q_EMIT chosen(textOf(address));
}

void SourceDesk::edit(const QString &uri)
{
    doBeside([this, uri] { return openedBy(m_passwords, uri); },
             [this, uri](const Result<QUrl> &opened) {
                 const auto saved = std::ranges::find(m_book.saved, uri.toStdString(), &SavedSource::address);
                 if (!opened)
                     Q_EMIT failed(opened.error());
                 else if (saved != m_book.saved.end() && m_chooser.isVisible()) // who closed the list wants something else now
                     m_chooser.editSaved(shown(*saved, *opened), !opened->password().isEmpty());
             });
}

void SourceDesk::remove(const QString &uri)
{
    const std::string address = uri.toStdString();
    doBeside([this, address] { return m_passwords.forget(address); },
             [this, address](const Result<void> &forgotten) {
                 std::erase_if(m_book.saved, [&](const SavedSource &old) { return old.address == address; });
                 if (!forgotten)
                     Q_EMIT failed(forgotten.error());
                 write();
                 showSaved();
             });
}

void SourceDesk::showSaved()
{
    ui::SourceOptions options;
    for (const SavedSource &source : m_book.saved)
        options.append({textOf(source.address), textOf(source.name), textOf(source.address)});
    m_chooser.setSaved(options);
}

void SourceDesk::lookForWebcams()
{
    std::set<std::string> ids;
    ui::SourceOptions options;
    for (const Webcam &webcam : pluggedWebcams()) {
        ids.insert(webcam.id);
        options.append({textOf("uvc:" + webcam.id), textOf(webcam.name), QString()});
    }
    const std::optional<std::set<std::string>> before = std::exchange(m_webcamIds, ids);
    if (before == m_webcamIds)
        return;
    m_chooser.setWebcams(options);
    if (before && !std::ranges::includes(*before, ids))
        Q_EMIT webcamPlugged();
}

void SourceDesk::write()
{
    m_writeTimer.stop();
    m_isChanged = true;
    if (m_isWriting)
        return;
    m_isWriting = m_jobs.push([this, book = m_book] {
        const Result<void> written = writeSourceBook(m_file, book);
        QMetaObject::invokeMethod(this, [this, written] { onWritten(written); }, Qt::QueuedConnection);
    });
    m_isChanged = !m_isWriting; // where nothing more is taken: with the next change, or at the end
}

void SourceDesk::onWritten(const Result<void> &written)
{
    m_isWriting = false;
    if (written)
        Q_EMIT worked();
    else
        Q_EMIT failed(written.error());
    if (m_isChanged)
        write();
}

void SourceDesk::failLater(const Error &error)
{
    QMetaObject::invokeMethod(this, [this, error] { Q_EMIT failed(error); }, Qt::QueuedConnection);
}

} // namespace auroraedge::app
