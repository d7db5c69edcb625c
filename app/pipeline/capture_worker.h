#pragma once

#include "engine/api/frame.h"
#include "engine/api/result.h"
#include "plugins/api/frame_source.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace auroraedge::app {

struct CaptureState
{
    enum class Condition {
        Opening = 1,
        Live, ///< frames come; `source` says what it is
        Lost, ///< `error` says why; opened again after a pause
    };
    Condition condition = Condition::Opening;
    plugins::SourceDescription source;
    std::optional<Error> error;
    int attempt = 0;      ///< openings since frames came last
    bool wasLive = false; ///< frames have come before, so this is a loss and not a first failure
    /// Live: the pictures are one and the same for longer than a sensor's noise allows. A still scene that the encoder made
    /// of one picture, or a camera that hangs: its source cannot tell yet.
    bool isStill = false;
};

/// Called on threads of the worker, never two at a time; must return at once.
struct CaptureListener
{
    std::function<void(Frame)> onFrame;
    std::function<void(const CaptureState &)> onState;
    std::function<void(const plugins::ControlStates &)> onControls = {}; ///< after each opening and adjust(); may be empty
};

struct CaptureSettings
{
    std::chrono::milliseconds openLimit{5'000};    ///< an opening that takes longer is given up
    std::chrono::milliseconds abandonAfter{1'000}; ///< a reader that does not come back is left to itself
    std::chrono::milliseconds firstPause{500};     ///< before the second opening; doubled each time
    std::chrono::milliseconds lastPause{10'000};   ///< at most
    /// A source that said itself that it hangs, and is opened again, gives nothing for so long: time to say it again.
    std::chrono::milliseconds probation{3'000};
    std::chrono::milliseconds stillAfter{1'500};   ///< of equal pictures of a source with a longer longestFreeze: CaptureState::isStill
    std::uint64_t lastSequence = 0;                ///< the first frame gets the next number
    plugins::CameraSettings camera = {};           ///< told to the source after each opening
    std::string expectedDevice = {};               ///< SourceDescription::device; empty: the one that is there first
};

/// Reads one source until destroyed, and watches it. No frame for the source's longestGap is CAM-02, equal frames for its
/// longestFreeze are CAM-03, another device than before at the same address is CAM-06: told at once, then the source is
/// closed and opened again, at first after firstPause, then after twice as long each time, at most lastPause; but not after
/// a refused login, which many cameras lock out when it is tried again and again. Sequences go on over openings. A driver
/// that hangs is abandoned with its thread; nothing of it is delivered any more.
/// Thread: construct, call and destroy on any thread; destroying waits at most CaptureSettings::abandonAfter.
class CaptureWorker final
{
public:
    /// Makes and opens the source; called on the reading thread, at every opening. Owns all it needs, as an
    /// abandoned thread may still be inside.
    using Opener = std::function<Result<std::unique_ptr<plugins::FrameSource>>()>;

    CaptureWorker(Opener opener, CaptureListener listener, CaptureSettings settings = {});
    ~CaptureWorker();

    /// Tells the source @p settings, now and after each further opening.
    void adjust(const plugins::CameraSettings &settings);
    /// Ends the pause before the next opening: something was plugged in. Nothing after a refused login.
    void openNow();

    /// Readers of this process that are still inside a driver. While there are any, the program must end by
    /// std::_Exit: the destruction of static objects would meet them.
    [[nodiscard]] static int abandonedReaders();

    CaptureWorker(const CaptureWorker &) = delete;
    CaptureWorker &operator=(const CaptureWorker &) = delete;

private:
    class Reader;
    struct Shared;

    void supervise(const std::stop_token &stop);
    /// Until the reader fails or is given up. @return why; nothing after a stop.
    std::optional<Error> watch(Reader &reader, const std::stop_token &stop);
    void pauseFor(std::chrono::milliseconds time, const std::stop_token &stop);
    void waitForStop(const std::stop_token &stop);

    const Opener m_opener;
    const CaptureListener m_listener;
    const CaptureSettings m_settings;
    const std::shared_ptr<Shared> m_shared; ///< with readers, which may outlive the worker
    std::mutex m_pauseMutex;
    std::condition_variable_any m_pauseChanged;
    bool m_isHurried = false; ///< guarded by m_pauseMutex
    // Supervising thread only.
    CaptureState m_state;
    std::uint64_t m_lastSequence;
    std::string m_device; ///< the one that it must be; empty: any
    Frame m_frozen;       ///< the picture that the source hung at; empty: it did not
    bool m_isOnProbation = false;
    std::jthread m_supervisor; ///< last: uses all of the above
};

} // namespace auroraedge::app
