#pragma once

#include "plugins/api/frame_source.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace auroraedge::testing {

/// What a camera does next. Made by the functions below.
struct Step
{
    enum class Kind {
        Frames = 1, Stall, Freeze, Resize, Pace, Garbage, ShortBuffer, Throw, Unplug, End, TellFrozen, HangInRead, // while it is read
        RefuseOpen, RefuseLogin, HangInOpen, ThrowInOpen, Swap,                                      // while it is opened
    };
    Kind kind = Kind::Frames;
    int count = 0;
    std::chrono::milliseconds time{0};
    int widthPx = 0, heightPx = 0;
    std::string device = {};
};

using Script = std::vector<Step>;

inline Step frames(int count) { return {Step::Kind::Frames, count}; }
inline Step stall(std::chrono::milliseconds time) { return {Step::Kind::Stall, 0, time}; }
inline Step freeze(int count) { return {Step::Kind::Freeze, count}; }         ///< the last picture, with new times
inline Step resize(int widthPx, int heightPx) { return {Step::Kind::Resize, 0, {}, widthPx, heightPx}; }
inline Step pace(std::chrono::milliseconds period) { return {Step::Kind::Pace, 0, period}; }
inline Step garbage() { return {Step::Kind::Garbage}; }                       ///< one frame with an impossible stride
inline Step shortBuffer() { return {Step::Kind::ShortBuffer}; }               ///< one frame with a size but no pixels
inline Step throwing() { return {Step::Kind::Throw}; }
inline Step unplug(std::chrono::milliseconds time) { return {Step::Kind::Unplug, 0, time}; } ///< told by the driver
inline Step end() { return {Step::Kind::End}; }                               ///< no frame any more, until it is opened again
inline Step tellFrozen() { return {Step::Kind::TellFrozen}; }                 ///< by the source itself
inline Step hangInRead(std::chrono::milliseconds time) { return {Step::Kind::HangInRead, 0, time}; } ///< then an old frame
inline Step refuseOpen(int count) { return {Step::Kind::RefuseOpen, count}; }
inline Step refuseLogin(int count) { return {Step::Kind::RefuseLogin, count}; }
inline Step hangInOpen(std::chrono::milliseconds time) { return {Step::Kind::HangInOpen, 0, time}; }
inline Step throwInOpen() { return {Step::Kind::ThrowInOpen}; }
inline Step swap(const std::string &device) { return {Step::Kind::Swap, 0, {}, 0, 0, device}; } ///< another one is plugged in

/// A camera that does what its script says, over all openings, and gives frames without end when the script is over. Every
/// picture is unlike every other of any camera, and says which it is. Thread: any.
class __attribute__((visibility("default"))) ScriptedCamera final : public std::enable_shared_from_this<ScriptedCamera>
{
public:
    /// What a picture says of itself.
    struct Mark
    {
        std::uint32_t camera = 0, picture = 0;
        friend auto operator<=>(const Mark &, const Mark &) = default;
    };

    static std::shared_ptr<ScriptedCamera> create(Script script, plugins::SourceDescription description = {});
    /// The source of this camera for a CaptureWorker; may be called again and again.
    [[nodiscard]] std::unique_ptr<plugins::FrameSource> makeSource();

    [[nodiscard]] std::uint32_t number() const { return m_number; }
    /// Appended to what is still to be done.
    void then(const Script &more);
    [[nodiscard]] bool isDone() const;
    /// Ends all hanging, now and later.
    void release();
    void setControls(plugins::ControlStates controls);
    void setLongestFreeze(std::chrono::milliseconds longest);
    void setLeftOut(plugins::LeftOut leftOut);

    // What happened.
    [[nodiscard]] static Mark markOf(const Frame &frame);
    /// When the picture first left the camera; nothing for one that never did.
    [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> bornAt(Mark mark) const;
    [[nodiscard]] int openings() const;
    [[nodiscard]] std::vector<plugins::SourceOptions> options() const; ///< of each opening that was tried
    [[nodiscard]] std::vector<std::string> addresses() const;
    [[nodiscard]] std::vector<plugins::CameraSettings> adjustments() const;

    /// For plugin libraries: a camera by the name that it was registered under; null when there is none.
    static std::shared_ptr<ScriptedCamera> find(const std::string &name);
    static void registerAs(const std::string &name, std::shared_ptr<ScriptedCamera> camera);
    static void forgetAll();

private:
    class Source;

    ScriptedCamera(Script script, plugins::SourceDescription description);
    Result<void> open(const std::string &address, const plugins::SourceOptions &options);
    Result<Frame> read(std::chrono::milliseconds timeout);
    plugins::ControlStates adjust(const plugins::CameraSettings &wanted);
    [[nodiscard]] plugins::SourceDescription describe() const;

    Step *current();
    void next() { ++m_at; m_isBegun = false; }
    Frame newPicture();
    void waitFor(std::unique_lock<std::mutex> &lock, std::chrono::milliseconds time);

    const std::uint32_t m_number;
    mutable std::mutex m_mutex;
    std::condition_variable m_released;
    // guarded by m_mutex
    Script m_script;
    std::size_t m_at = 0;
    bool m_isBegun = false;
    bool m_isReleased = false;
    std::chrono::steady_clock::time_point m_until, m_pluggedAt, m_nextDue;
    plugins::SourceDescription m_description;
    plugins::ControlStates m_controls;
    int m_widthPx = 64, m_heightPx = 48;
    std::chrono::milliseconds m_period{5};
    Frame m_last;
    std::uint32_t m_pictures = 0;
    std::map<std::uint32_t, std::chrono::steady_clock::time_point> m_born; ///< by picture
    int m_openings = 0;
    std::vector<plugins::SourceOptions> m_options;
    std::vector<std::string> m_addresses;
    std::vector<plugins::CameraSettings> m_adjustments;
};

} // namespace auroraedge::testing
