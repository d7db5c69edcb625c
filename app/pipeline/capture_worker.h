#pragma once

#include "engine/api/frame.h"
#include "engine/api/result.h"
#include "plugins/api/frame_source.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
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
};

/// Called on threads of the worker, never two at a time; must return at once.
struct CaptureListener
{
    std::function<void(Frame)> onFrame;
    std::function<void(const CaptureState &)> onState;
};

struct CaptureSettings
{
    std::chrono::milliseconds openLimit{5'000};    ///< an opening that takes longer is given up
    std::chrono::milliseconds abandonAfter{1'000}; ///< a reader that does not come back is left to itself
    std::chrono::milliseconds firstPause{500};     ///< before the second opening; doubled each time
    std::chrono::milliseconds lastPause{4'000};    ///< at most, so that a camera is back 5 s after its return
    int frozenFrames = 25;                         ///< equal frames of a live source: CAM-03
    std::uint64_t lastSequence = 0;                ///< the first frame gets the next number
};

/// Reads one source until destroyed, and watches it: no frame for the source's longestGap (2 s for a camera) is
/// CAM-02, equal frames without end are CAM-03, and either way the source is closed and opened again. Sequences go
/// on over openings. A driver that hangs is abandoned with its thread; nothing of it is delivered any more.
/// Thread: construct and destroy on any thread; destroying waits at most CaptureSettings::abandonAfter.
class CaptureWorker final
{
public:
    /// Makes and opens the source; called on the reading thread, at every opening. Owns all it needs, as an
    /// abandoned thread may still be inside.
    using Opener = std::function<Result<std::unique_ptr<plugins::FrameSource>>()>;

    CaptureWorker(Opener opener, CaptureListener listener, CaptureSettings settings = {});
    ~CaptureWorker();

    /// Readers of this process that are still inside a driver. While there are any, the program must end by
    /// std::_Exit: the destruction of static objects would meet them.
    [[nodiscard]] static int abandonedReaders();

    CaptureWorker(const CaptureWorker &) = delete;
    CaptureWorker &operator=(const CaptureWorker &) = delete;

private:
    class Reader;

    void supervise(const std::stop_token &stop);
    /// Until the reader fails or is given up. @return why; nothing after a stop.
    std::optional<Error> watch(Reader &reader, const std::stop_token &stop);

    const Opener m_opener;
    const CaptureListener m_listener;
    const CaptureSettings m_settings;
    CaptureState m_state;           ///< supervising thread only
    std::uint64_t m_lastSequence;   ///< supervising thread only
    std::jthread m_supervisor;      ///< last: uses all of the above
};

} // namespace auroraedge::app
