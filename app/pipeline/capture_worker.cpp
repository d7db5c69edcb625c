#include "app/pipeline/capture_worker.h"

#include "app/inspection/frame_check.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <string>
#include <utility>

namespace auroraedge::app {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kReadTimeout{200};      ///< how soon a healthy reader notices that it shall end
constexpr milliseconds kPauseAfterFailure{20}; ///< a dead device fails at once; without a pause that is a busy loop
constexpr int kMostStuckReaders = 8; ///< of one source: a driver that hangs each time must not eat all threads
std::atomic<int> abandoned = 0;

std::string seconds(milliseconds time)
{
    const auto tenths = time.count() / 100;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

constexpr std::int64_t kMaxPixels = 100'000'000; ///< more is a driver that lost its mind

/// What a reader may rely on further on. The length of the buffer is beyond telling.
bool isPossible(const Frame &frame)
{
    return !frame.isEmpty() && std::int64_t{frame.widthPx} * frame.heightPx <= kMaxPixels
        && frame.strideBytes >= std::ptrdiff_t{3} * frame.widthPx;
}

/// Tells pictures that no longer change from living ones: the noise of a sensor changes every picture.
class FreezeWatch final
{
public:
    enum class Finding {
        Living = 1,
        Suspect, ///< still the picture that the source was closed for: an old one, with a new time
        Frozen,
    };

    /// @param frozen the picture that the source hung at before it was opened again.
    explicit FreezeWatch(Frame frozen) : m_last(std::move(frozen)), m_isSuspect(!m_last.isEmpty()) {}

    /// @param longest time of equal pictures, as the source says with this one.
    Finding add(const Frame &frame, milliseconds longest)
    {
        const Clock::time_point now = Clock::now();
        const bool isSame = !m_last.isEmpty() && isSamePicture(frame, m_last);
        m_isSuspect = m_isSuspect && isSame;
        if (!isSame || m_equal == 0) {
            m_equal = 0;
            m_since = now;
        }
        m_last = frame;
        ++m_equal;
        if (isStillFor(longest))
            return Finding::Frozen;
        return m_isSuspect ? Finding::Suspect : Finding::Living;
    }

    [[nodiscard]] int equalFrames() const { return m_equal; }
    [[nodiscard]] bool isStillFor(milliseconds time) const { return m_equal >= kLeast && Clock::now() - m_since >= time; }
    [[nodiscard]] const Frame &last() const { return m_last; }

private:
    static constexpr int kLeast = 3; ///< two pictures of a slow camera may lie far apart

    Frame m_last;
    bool m_isSuspect;
    int m_equal = 0;           ///< pictures in a row
    Clock::time_point m_since; ///< the first of them came
};

} // namespace

struct CaptureWorker::Shared
{
    std::atomic<int> stuckReaders = 0;
    mutable std::mutex mutex;
    // guarded by mutex
    plugins::CameraSettings camera;
    std::uint64_t version = 1; ///< counts up with each change

    std::pair<plugins::CameraSettings, std::uint64_t> get() const
    {
        const std::lock_guard lock(mutex);
        return {camera, version};
    }
    bool isNewerThan(std::uint64_t known) const
    {
        const std::lock_guard lock(mutex);
        return version != known;
    }
};

/// One opening of the source and the thread that reads it. Shared by that thread and the supervisor, so that either
/// may go first.
class CaptureWorker::Reader final
{
public:
    Reader(Opener opener, CaptureListener listener, std::shared_ptr<Shared> shared, std::string device,
           Frame frozen, milliseconds probation, milliseconds stillAfter, std::uint64_t lastSequence)
        : frozenPicture(std::move(frozen)), m_probation(probation), m_stillAfter(stillAfter),
          m_opener(std::move(opener)), m_listener(std::move(listener)), m_shared(std::move(shared)), m_device(std::move(device)), m_lastSequence(lastSequence)
    {
    }

    /// The reading thread's whole life.
    void run()
    {
        std::optional<Error> why;
        try {
            why = openAndRead();
        } catch (const std::exception &e) { // a plugin that breaks its promise
            why = Error{code::PluginOff, std::string("the source failed: ") + e.what(), {}};
        }
        const std::lock_guard lock(mutex);
        failure = std::move(why);
        hasEnded = true;
        if (isAbandoned) {
            --abandoned;
            --m_shared->stuckReaders;
        }
        changed.notify_all();
    }

    std::mutex mutex;
    std::condition_variable_any changed;
    // guarded by mutex
    bool isWanted = true; ///< false: nothing is delivered any more, and the thread ends when it can
    bool hasEnded = false;
    bool isAbandoned = false;
    std::optional<Error> failure;
    std::optional<plugins::SourceDescription> description; ///< once open; of what may change, leftOut is kept up
    Clock::time_point lastSignAt = Clock::now();           ///< of life: begun, opened, or a frame
    bool gaveFrame = false;
    bool isStill = false; ///< as CaptureState::isStill
    Frame frozenPicture; ///< the source hangs at this one; empty: it does not
    bool saidFrozen = false; ///< by the source itself
    std::uint64_t sequence() const { return m_lastSequence; }

private:
    std::optional<Error> openAndRead()
    {
        Result<std::unique_ptr<plugins::FrameSource>> source = m_opener();
        if (!source)
            return source.error();
        const plugins::SourceDescription opened = (*source)->describe();
        if (!m_device.empty() && !opened.device.empty() && opened.device != m_device) {
            (*source)->close();
            return Error{code::CameraOther, "camera " + m_device + " expected, " + opened.device + " found", opened.label};
        }
        {
            const std::lock_guard lock(mutex);
            description = opened;
            lastSignAt = Clock::now();
            changed.notify_all();
        }
        m_trustedFrom = Clock::now() + m_probation;
        std::optional<Error> why = readUntilFailure(**source, opened);
        (*source)->close();
        return why;
    }

    std::optional<Error> readUntilFailure(plugins::FrameSource &source, const plugins::SourceDescription &opened)
    {
        FreezeWatch freeze(frozenPicture); // read here alone until this thread has ended
        std::uint64_t told = 0; // version of what the source was told
        while (true) {
            if (m_shared->isNewerThan(told))
                told = adjust(source);
            Result<Frame> frame = source.read(kReadTimeout);
            std::unique_lock lock(mutex);
            if (!isWanted)
                return std::nullopt;
            if (!frame) {
                if (frame.error().code != code::CameraNoFrame) {
                    saidFrozen = frame.error().code == code::CameraFrozen;
                    return frame.error();
                }
                changed.wait_for(lock, kPauseAfterFailure, [this] { return !isWanted; });
                continue; // the supervisor decides when it has been too long
            }
            if (!isPossible(*frame))
                return Error{code::CameraNoFrame, "the source gave a picture that cannot be", opened.label};
            lastSignAt = Clock::now();
            const plugins::SourceDescription now = source.describe();
            if (description->leftOut.pictures != now.leftOut.pictures) {
                description->leftOut = now.leftOut;
                changed.notify_all();
            }
            const FreezeWatch::Finding finding = !opened.isLive
                ? FreezeWatch::Finding::Living
                : freeze.add(*frame, now.longestFreeze);
            if (finding == FreezeWatch::Finding::Frozen) {
                frozenPicture = freeze.last();
                return Error{code::CameraFrozen,
                             "picture is frozen (" + std::to_string(freeze.equalFrames()) + " equal frames)", opened.label};
            }
            if (finding == FreezeWatch::Finding::Suspect || lastSignAt < m_trustedFrom)
                continue;
            if (const bool still = opened.isLive && freeze.isStillFor(m_stillAfter); std::exchange(isStill, still) != still)
                changed.notify_all();
            frozenPicture = {};
            frame->sequence = ++m_lastSequence;
            frame->capturedAt = std::min(frame->capturedAt, lastSignAt); // one from the future would never grow old
            if (!std::exchange(gaveFrame, true))
                changed.notify_all();
            m_listener.onFrame(std::move(*frame)); // under the lock: after isWanted is false nothing comes
        }
    }

    /// @return the version of what the source was told.
    std::uint64_t adjust(plugins::FrameSource &source)
    {
        const auto [camera, version] = m_shared->get();
        const plugins::ControlStates controls = source.adjust(camera);
        const std::lock_guard lock(mutex);
        if (isWanted && m_listener.onControls)
            m_listener.onControls(controls);
        return version;
    }

    const milliseconds m_probation; ///< from the opening on; what comes in it is not delivered
    const milliseconds m_stillAfter;
    Clock::time_point m_trustedFrom;
    const Opener m_opener;
    const CaptureListener m_listener;
    const std::shared_ptr<Shared> m_shared;
    const std::string m_device; ///< the one that it must be; empty: any
    std::uint64_t m_lastSequence; // guarded by mutex
};

CaptureWorker::CaptureWorker(Opener opener, CaptureListener listener, CaptureSettings settings)
    : m_opener(std::move(opener)), m_listener(std::move(listener)), m_settings(std::move(settings)),
      m_shared(std::make_shared<Shared>()), m_lastSequence(m_settings.lastSequence), m_device(m_settings.expectedDevice)
{
    m_shared->camera = m_settings.camera;
    m_supervisor = std::jthread([this](const std::stop_token &stop) { supervise(stop); });
}

CaptureWorker::~CaptureWorker() = default; // the jthread stops and joins the supervisor

void CaptureWorker::adjust(const plugins::CameraSettings &settings)
{
    const std::lock_guard lock(m_shared->mutex);
    m_shared->camera = settings;
    ++m_shared->version;
}

void CaptureWorker::openNow()
{
    const std::lock_guard lock(m_pauseMutex);
    m_isHurried = true;
    m_pauseChanged.notify_all();
}

int CaptureWorker::abandonedReaders()
{
    return abandoned;
}

void CaptureWorker::supervise(const std::stop_token &stop)
{
    milliseconds pause = m_settings.firstPause;
    while (!stop.stop_requested()) {
        if (m_shared->stuckReaders >= kMostStuckReaders) { // one more would be stuck, too
            pauseFor(m_settings.lastPause, stop);
            continue;
        }
        m_state.condition = CaptureState::Condition::Opening;
        m_state.isStill = false;
        ++m_state.attempt;
        m_listener.onState(m_state);

        const auto reader = std::make_shared<Reader>(m_opener, m_listener, m_shared, m_device, m_frozen,
                                                     m_isOnProbation ? m_settings.probation : milliseconds(0),
                                                     m_settings.stillAfter, m_lastSequence);
        std::thread thread([reader] { reader->run(); });
        std::optional<Error> why = watch(*reader, stop);
        if (m_state.condition == CaptureState::Condition::Live)
            pause = m_settings.firstPause;
        std::unique_lock lock(reader->mutex);
        reader->isWanted = false;
        reader->changed.notify_all();
        m_lastSequence = reader->sequence();
        if (reader->description && m_device.empty())
            m_device = reader->description->device;
        if (why) { // told before the driver is waited for
            m_state.condition = CaptureState::Condition::Lost;
            m_state.isStill = false;
            m_state.error = why;
            m_listener.onState(m_state);
        }
        const bool hasEnded = reader->changed.wait_for(lock, m_settings.abandonAfter, [&] { return reader->hasEnded; });
        m_frozen = reader->frozenPicture;
        m_isOnProbation = reader->saidFrozen || (m_isOnProbation && !reader->gaveFrame);
        reader->isAbandoned = !hasEnded;
        if (!hasEnded) {
            ++abandoned;
            ++m_shared->stuckReaders;
        }
        lock.unlock();
        if (hasEnded)
            thread.join();
        else
            thread.detach(); // inside a driver that does not return; the thread keeps what it needs alive
        if (why && why->code == code::CameraLogin)
            waitForStop(stop);
        else if (why)
            pauseFor(std::exchange(pause, std::min(2 * pause, m_settings.lastPause)), stop);
    }
}

void CaptureWorker::pauseFor(milliseconds time, const std::stop_token &stop)
{
    std::unique_lock lock(m_pauseMutex);
    m_pauseChanged.wait_for(lock, stop, time, [this] { return m_isHurried; });
    m_isHurried = false;
}

void CaptureWorker::waitForStop(const std::stop_token &stop)
{
    std::unique_lock lock(m_pauseMutex);
    m_pauseChanged.wait(lock, stop, [] { return false; });
}

std::optional<Error> CaptureWorker::watch(Reader &reader, const std::stop_token &stop)
{
    bool isLive = false;
    std::unique_lock lock(reader.mutex);
    while (true) {
        const milliseconds limit = reader.description ? reader.description->longestGap : m_settings.openLimit;
        const bool wasOpen = reader.description.has_value();
        const auto leavesOutMore = [&] { return isLive && reader.description->leftOut.pictures != m_state.source.leftOut.pictures; };
        // Frames do not wake this thread: it looks again when the limit after the last one it knew of is over.
        reader.changed.wait_until(lock, stop, reader.lastSignAt + limit, [&] {
            return reader.hasEnded || isLive != reader.gaveFrame || m_state.isStill != reader.isStill
                || wasOpen != reader.description.has_value() || leavesOutMore();
        });
        if (stop.stop_requested())
            return std::nullopt;
        if (isLive != reader.gaveFrame) {
            isLive = true;
            m_state.condition = CaptureState::Condition::Live;
            m_state.source = *reader.description;
            m_state.error.reset();
            m_state.attempt = 0;
            m_state.wasLive = true;
            m_listener.onState(m_state); // under the reader's lock, so never beside onFrame
        } else if (reader.hasEnded) {
            return reader.failure;
        } else if (m_state.isStill != reader.isStill) {
            m_state.isStill = reader.isStill;
            m_listener.onState(m_state);
        } else if (leavesOutMore()) {
            m_state.source.leftOut = reader.description->leftOut;
            m_listener.onState(m_state);
        } else if (wasOpen == reader.description.has_value() && Clock::now() >= reader.lastSignAt + limit) {
            return Error{code::CameraNoFrame, "no frame for " + seconds(limit), m_state.source.label};
        }
    }
}

} // namespace auroraedge::app
