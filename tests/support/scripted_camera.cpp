#include "tests/support/scripted_camera.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <stdexcept>
#include <thread>
#include <utility>

namespace auroraedge::testing {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

namespace {

struct Registry
{
    std::mutex mutex;
    std::map<std::string, std::shared_ptr<ScriptedCamera>> cameras; // guarded by mutex
};

Registry &registry()
{
    static Registry all;
    return all;
}

Failure noFrame()
{
    return failure(code::CameraNoFrame, "nothing came");
}

} // namespace

class ScriptedCamera::Source final : public plugins::FrameSource
{
public:
    explicit Source(std::shared_ptr<ScriptedCamera> camera) : m_camera(std::move(camera)) {}
    plugins::SourceDescription describe() const override { return m_camera->describe(); }
    Result<void> open(const std::string &address, const plugins::SourceOptions &options) override
    {
        m_shownAs = options.shownAs;
        return m_camera->open(address, options);
    }
    Result<Frame> read(milliseconds timeout) override
    {
        Result<Frame> frame = m_camera->read(timeout);
        if (frame)
            frame->source = m_shownAs;
        return frame;
    }
    plugins::ControlStates adjust(const plugins::CameraSettings &wanted) override { return m_camera->adjust(wanted); }
    void close() override {}

private:
    std::shared_ptr<ScriptedCamera> m_camera;
    std::string m_shownAs;
};

std::shared_ptr<ScriptedCamera> ScriptedCamera::create(Script script, plugins::SourceDescription description)
{
    return std::shared_ptr<ScriptedCamera>(new ScriptedCamera(std::move(script), std::move(description)));
}

ScriptedCamera::ScriptedCamera(Script script, plugins::SourceDescription description)
    : m_number([] {
          static std::atomic<std::uint32_t> count = 0;
          return ++count;
      }()),
      m_script(std::move(script)), m_description(std::move(description))
{
}

std::unique_ptr<plugins::FrameSource> ScriptedCamera::makeSource()
{
    return std::make_unique<Source>(shared_from_this());
}

void ScriptedCamera::then(const Script &more)
{
    const std::lock_guard lock(m_mutex);
    if (m_at >= m_script.size())
        m_isBegun = false;
    m_script.insert(m_script.end(), more.begin(), more.end());
}

bool ScriptedCamera::isDone() const
{
    const std::lock_guard lock(m_mutex);
    return m_at >= m_script.size();
}

void ScriptedCamera::release()
{
    const std::lock_guard lock(m_mutex);
    m_isReleased = true;
    m_released.notify_all();
}

void ScriptedCamera::setLongestFreeze(std::chrono::milliseconds longest)
{
    const std::lock_guard lock(m_mutex);
    m_description.longestFreeze = longest;
}

void ScriptedCamera::setLeftOut(plugins::LeftOut leftOut)
{
    const std::lock_guard lock(m_mutex);
    m_description.leftOut = std::move(leftOut);
}

void ScriptedCamera::setControls(plugins::ControlStates controls)
{
    const std::lock_guard lock(m_mutex);
    m_controls = std::move(controls);
}

ScriptedCamera::Mark ScriptedCamera::markOf(const Frame &frame)
{
    Mark mark;
    if (frame.isEmpty() || 3 * frame.widthPx < static_cast<int>(sizeof mark))
        return mark;
    std::memcpy(&mark.camera, frame.row(0), sizeof mark.camera);
    std::memcpy(&mark.picture, frame.row(0) + sizeof mark.camera, sizeof mark.picture);
    return mark;
}

std::optional<Clock::time_point> ScriptedCamera::bornAt(Mark mark) const
{
    const std::lock_guard lock(m_mutex);
    const auto born = m_born.find(mark.picture);
    return mark.camera == m_number && born != m_born.end() ? std::optional(born->second) : std::nullopt;
}

int ScriptedCamera::openings() const
{
    const std::lock_guard lock(m_mutex);
    return m_openings;
}

std::vector<plugins::SourceOptions> ScriptedCamera::options() const
{
    const std::lock_guard lock(m_mutex);
    return m_options;
}

std::vector<std::string> ScriptedCamera::addresses() const
{
    const std::lock_guard lock(m_mutex);
    return m_addresses;
}

std::vector<plugins::CameraSettings> ScriptedCamera::adjustments() const
{
    const std::lock_guard lock(m_mutex);
    return m_adjustments;
}

std::shared_ptr<ScriptedCamera> ScriptedCamera::find(const std::string &name)
{
    const std::lock_guard lock(registry().mutex);
    const auto found = registry().cameras.find(name);
    return found == registry().cameras.end() ? nullptr : found->second;
}

void ScriptedCamera::registerAs(const std::string &name, std::shared_ptr<ScriptedCamera> camera)
{
    const std::lock_guard lock(registry().mutex);
    registry().cameras[name] = std::move(camera);
}

void ScriptedCamera::forgetAll()
{
    const std::lock_guard lock(registry().mutex);
    registry().cameras.clear();
}

Step *ScriptedCamera::current()
{
    return m_at < m_script.size() ? &m_script[m_at] : nullptr;
}

void ScriptedCamera::waitFor(std::unique_lock<std::mutex> &lock, milliseconds time)
{
    m_released.wait_for(lock, time, [this] { return m_isReleased; });
}

plugins::SourceDescription ScriptedCamera::describe() const
{
    const std::lock_guard lock(m_mutex);
    return m_description;
}

plugins::ControlStates ScriptedCamera::adjust(const plugins::CameraSettings &wanted)
{
    const std::lock_guard lock(m_mutex);
    m_adjustments.push_back(wanted);
    for (plugins::ControlState &state : m_controls) {
        const auto setting = wanted.find(state.control);
        if (setting == wanted.end() || state.condition != plugins::ControlState::Condition::Adjustable)
            continue;
        state.setting = setting->second;
        state.setting.value = std::clamp(state.setting.value, state.minimum, state.maximum);
    }
    return m_controls;
}

Result<void> ScriptedCamera::open(const std::string &address, const plugins::SourceOptions &options)
{
    std::unique_lock lock(m_mutex);
    m_options.push_back(options);
    m_addresses.push_back(address);
    m_description.isSimulated = options.isSimulated;
    if (Step *ended = current(); ended && ended->kind == Step::Kind::End)
        next();
    while (Step *step = current()) {
        switch (step->kind) {
        case Step::Kind::RefuseOpen:
        case Step::Kind::RefuseLogin: {
            const bool isLogin = step->kind == Step::Kind::RefuseLogin;
            if (--step->count <= 0)
                next();
            return isLogin ? failure(code::CameraLogin, "camera refused the login") : failure(code::CameraBusy, "camera is busy");
        }
        case Step::Kind::HangInOpen: {
            const milliseconds time = step->time;
            next();
            waitFor(lock, time);
            return {}; // too late, and as if nothing had been
        }
        case Step::Kind::ThrowInOpen: next(); throw std::runtime_error("driver bug in open");
        case Step::Kind::Swap:
            m_description.device = step->device;
            next();
            break;
        default: break;
        }
        break;
    }
    if (Clock::now() < m_pluggedAt)
        return failure(code::CameraNotFound, "camera not found; check cable and power");
    ++m_openings;
    return {};
}

Result<Frame> ScriptedCamera::read(milliseconds timeout)
{
    std::unique_lock lock(m_mutex);
    const auto isDue = [&] {
        const Clock::time_point now = Clock::now();
        const milliseconds left = std::chrono::ceil<milliseconds>(m_nextDue - now);
        if (left > timeout) {
            lock.unlock();
            std::this_thread::sleep_for(timeout);
            return false;
        }
        if (left > milliseconds(0)) {
            lock.unlock();
            std::this_thread::sleep_for(left);
            lock.lock();
        }
        m_nextDue = Clock::now() + m_period;
        return true;
    };
    while (true) {
        Step *step = current();
        if (!step)
            return isDue() ? Result<Frame>(newPicture()) : Result<Frame>(noFrame());
        switch (step->kind) {
        case Step::Kind::Frames:
        case Step::Kind::Freeze: {
            const bool isFrozen = step->kind == Step::Kind::Freeze && !m_last.isEmpty();
            if (!isDue())
                return noFrame();
            if (--m_script[m_at].count <= 0)
                next();
            if (!isFrozen)
                return newPicture();
            m_last.capturedAt = Clock::now();
            return m_last;
        }
        case Step::Kind::Stall: {
            if (!std::exchange(m_isBegun, true))
                m_until = Clock::now() + step->time;
            const milliseconds left = std::chrono::ceil<milliseconds>(m_until - Clock::now());
            if (left <= milliseconds(0)) {
                next();
                continue;
            }
            lock.unlock();
            std::this_thread::sleep_for(std::min(left, timeout));
            return noFrame();
        }
        case Step::Kind::Resize:
            m_widthPx = step->widthPx;
            m_heightPx = step->heightPx;
            next();
            continue;
        case Step::Kind::Pace:
            m_period = step->time;
            next();
            continue;
        case Step::Kind::Garbage: {
            next();
            Frame frame = newPicture();
            frame.strideBytes = frame.widthPx;
            return frame;
        }
        case Step::Kind::ShortBuffer: {
            next();
            Frame frame = newPicture();
            frame.pixels.reset();
            return frame;
        }
        case Step::Kind::Throw: next(); throw std::runtime_error("driver bug");
        case Step::Kind::TellFrozen: next(); return failure(code::CameraFrozen, "camera sends the same picture");
        case Step::Kind::Unplug:
            m_pluggedAt = Clock::now() + step->time;
            next();
            return failure(code::CameraNotFound, "camera was unplugged");
        case Step::Kind::End:
            lock.unlock();
            std::this_thread::sleep_for(timeout);
            return noFrame();
        case Step::Kind::HangInRead: {
            const milliseconds time = step->time;
            const Frame old = m_last;
            next();
            waitFor(lock, time);
            return old.isEmpty() ? Result<Frame>(noFrame()) : Result<Frame>(old);
        }
        default: // what belongs to opening: it takes an opening to get on
            return failure(code::CameraNotFound, "camera was unplugged");
        }
    }
}

Frame ScriptedCamera::newPicture()
{
    const Mark mark{m_number, ++m_pictures};
    const std::size_t bytes = static_cast<std::size_t>(3 * m_widthPx) * static_cast<std::size_t>(m_heightPx);
    auto pixels = std::make_shared<std::vector<std::uint8_t>>(bytes);
    std::uint64_t state = (std::uint64_t{mark.camera} << 32 | mark.picture) * 2 + 1;
    for (std::uint8_t &byte : *pixels) {
        state = state * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
        byte = static_cast<std::uint8_t>(state >> 56);
    }
    std::memcpy(pixels->data(), &mark.camera, sizeof mark.camera);
    std::memcpy(pixels->data() + sizeof mark.camera, &mark.picture, sizeof mark.picture);
    m_last = {};
    m_last.pixels = std::shared_ptr<const std::uint8_t>(pixels, pixels->data());
    m_last.widthPx = m_widthPx;
    m_last.heightPx = m_heightPx;
    m_last.strideBytes = std::ptrdiff_t{3} * m_widthPx;
    m_last.sequence = mark.picture;
    m_last.capturedAt = Clock::now();
    m_born[mark.picture] = m_last.capturedAt;
    return m_last;
}

} // namespace auroraedge::testing
