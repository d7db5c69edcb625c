#include "app/pipeline/capture_worker.h"

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

constexpr milliseconds kReadTimeout{200};     ///< how soon a healthy reader notices that it shall end
std::atomic<int> abandoned = 0;

constexpr milliseconds kPauseAfterFailure{20}; ///< a dead device fails at once; without a pause that is a busy loop

std::string seconds(milliseconds time)
{
    const auto tenths = time.count() / 100;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

/// Of about 4,096 bytes all over the frame. A living sensor's noise changes some of them in every frame.
std::uint64_t fingerprint(const Frame &frame)
{
    constexpr std::uint64_t kPrime = 1'099'511'628'211U, kStart = 14'695'981'039'346'656'037U; // FNV-1a, 64 bit
    const int rowBytes = 3 * frame.widthPx;
    const int rowStep = std::max(1, frame.heightPx / 64), byteStep = std::max(1, rowBytes / 64);
    std::uint64_t hash = kStart;
    for (int y = 0; y < frame.heightPx; y += rowStep) {
        // Another column in each sampled row, so that no column of the picture is always left out.
        for (int x = y % byteStep; x < rowBytes; x += byteStep)
            hash = (hash ^ frame.row(y)[x]) * kPrime;
    }
    return hash;
}

} // namespace

/// One opening of the source and the thread that reads it. Shared by that thread and the supervisor, so that either
/// may go first.
class CaptureWorker::Reader final
{
public:
    Reader(Opener opener, CaptureListener listener, int frozenFrames, std::uint64_t lastSequence)
        : m_opener(std::move(opener)), m_listener(std::move(listener)), m_frozenFrames(frozenFrames),
          m_lastSequence(lastSequence)
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
        abandoned -= isAbandoned ? 1 : 0;
        changed.notify_all();
    }

    std::mutex mutex;
    std::condition_variable_any changed;
    // guarded by mutex
    bool isWanted = true; ///< false: nothing is delivered any more, and the thread ends when it can
    bool hasEnded = false;
    bool isAbandoned = false;
    std::optional<Error> failure;
    std::optional<plugins::SourceDescription> description; ///< once open
    Clock::time_point lastSignAt = Clock::now();           ///< of life: begun, opened, or a frame
    bool gaveFrame = false;
    std::uint64_t sequence() const { return m_lastSequence; }

private:
    std::optional<Error> openAndRead()
    {
        Result<std::unique_ptr<plugins::FrameSource>> source = m_opener();
        if (!source)
            return source.error();
        const plugins::SourceDescription opened = (*source)->describe();
        {
            const std::lock_guard lock(mutex);
            description = opened;
            lastSignAt = Clock::now();
            changed.notify_all();
        }
        std::optional<Error> why = readUntilFailure(**source, opened);
        (*source)->close();
        return why;
    }

    std::optional<Error> readUntilFailure(plugins::FrameSource &source, const plugins::SourceDescription &opened)
    {
        std::uint64_t lastPrint = 0;
        int equalFrames = 0;
        while (true) {
            Result<Frame> frame = source.read(kReadTimeout);
            std::unique_lock lock(mutex);
            if (!isWanted)
                return std::nullopt;
            if (!frame) {
                if (frame.error().code != code::CameraNoFrame)
                    return frame.error();
                changed.wait_for(lock, kPauseAfterFailure, [this] { return !isWanted; });
                continue; // the supervisor decides when it has been too long
            }
            if (frame->isEmpty())
                return Error{code::CameraNoFrame, "the source gave an empty picture", opened.label};
            if (opened.isLive) {
                const std::uint64_t print = fingerprint(*frame);
                equalFrames = print == lastPrint ? equalFrames + 1 : 1;
                lastPrint = print;
                if (equalFrames >= m_frozenFrames)
                    return Error{code::CameraFrozen, "picture is frozen (" + std::to_string(equalFrames) + " equal frames)",
                                 opened.label};
            }
            frame->sequence = ++m_lastSequence;
            lastSignAt = Clock::now();
            if (!std::exchange(gaveFrame, true))
                changed.notify_all();
            m_listener.onFrame(std::move(*frame)); // under the lock: after isWanted is false nothing comes
        }
    }

    const Opener m_opener;
    const CaptureListener m_listener;
    const int m_frozenFrames;
    std::uint64_t m_lastSequence; // guarded by mutex
};

CaptureWorker::CaptureWorker(Opener opener, CaptureListener listener, CaptureSettings settings)
    : m_opener(std::move(opener)), m_listener(std::move(listener)), m_settings(settings),
      m_lastSequence(settings.lastSequence), m_supervisor([this](const std::stop_token &stop) { supervise(stop); })
{
}

CaptureWorker::~CaptureWorker() = default; // the jthread stops and joins the supervisor

int CaptureWorker::abandonedReaders()
{
    return abandoned;
}

void CaptureWorker::supervise(const std::stop_token &stop)
{
    milliseconds pause = m_settings.firstPause;
    while (!stop.stop_requested()) {
        m_state.condition = CaptureState::Condition::Opening;
        ++m_state.attempt;
        m_listener.onState(m_state);

        const auto reader = std::make_shared<Reader>(m_opener, m_listener, m_settings.frozenFrames, m_lastSequence);
        std::thread thread([reader] { reader->run(); });
        std::optional<Error> why = watch(*reader, stop);
        const bool gaveFrames = m_state.condition == CaptureState::Condition::Live;
        {
            std::unique_lock lock(reader->mutex);
            reader->isWanted = false;
            reader->changed.notify_all();
            m_lastSequence = reader->sequence();
            if (reader->changed.wait_for(lock, m_settings.abandonAfter, [&] { return reader->hasEnded; })) {
                lock.unlock();
                thread.join();
            } else {
                reader->isAbandoned = true;
                ++abandoned;
                thread.detach(); // inside a driver that does not return; the thread keeps what it needs alive
            }
        }
        if (!why)
            return;

        if (gaveFrames)
            pause = m_settings.firstPause;
        m_state.condition = CaptureState::Condition::Lost;
        m_state.error = std::move(why);
        m_listener.onState(m_state);

        std::mutex mutex;
        std::condition_variable_any waiting;
        std::unique_lock lock(mutex);
        waiting.wait_for(lock, stop, pause, [] { return false; });
        pause = std::min(2 * pause, m_settings.lastPause);
    }
}

std::optional<Error> CaptureWorker::watch(Reader &reader, const std::stop_token &stop)
{
    bool isLive = false;
    std::unique_lock lock(reader.mutex);
    while (true) {
        const milliseconds limit = reader.description ? reader.description->longestGap : m_settings.openLimit;
        const bool wasOpen = reader.description.has_value();
        // Frames do not wake this thread: it looks again when the limit after the last one it knew of is over.
        reader.changed.wait_until(lock, stop, reader.lastSignAt + limit, [&] {
            return reader.hasEnded || isLive != reader.gaveFrame || wasOpen != reader.description.has_value();
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
        } else if (wasOpen == reader.description.has_value() && Clock::now() >= reader.lastSignAt + limit) {
            return Error{code::CameraNoFrame, "no frame for " + seconds(limit), m_state.source.label};
        }
    }
}

} // namespace auroraedge::app
