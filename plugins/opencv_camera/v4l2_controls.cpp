#include "plugins/opencv_camera/v4l2_controls.h"

#include <linux/videodev2.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>

namespace auroraedge::plugins {

namespace {

/// The pair of numbers behind a control: one that leaves it to the camera, one with the value.
struct Mapping
{
    CameraControl control;
    std::uint32_t automatic, value;
    /// What `automatic` is set to. Webcams know for exposure only "aperture priority", sensors only "auto".
    std::array<int, 2> autoChoices;
    int manualChoice;
};
constexpr Mapping kMappings[] = {
    {CameraControl::Exposure, V4L2_CID_EXPOSURE_AUTO, V4L2_CID_EXPOSURE_ABSOLUTE,
     {V4L2_EXPOSURE_APERTURE_PRIORITY, V4L2_EXPOSURE_AUTO}, V4L2_EXPOSURE_MANUAL},
    {CameraControl::WhiteBalance, V4L2_CID_AUTO_WHITE_BALANCE, V4L2_CID_WHITE_BALANCE_TEMPERATURE, {1, 1}, 0},
    {CameraControl::Focus, V4L2_CID_FOCUS_AUTO, V4L2_CID_FOCUS_ABSOLUTE, {1, 1}, 0},
    {CameraControl::Gain, V4L2_CID_AUTOGAIN, V4L2_CID_GAIN, {1, 1}, 0},
};

class Controls final
{
public:
    explicit Controls(const DeviceCall &device) : m_device(device) {}

    [[nodiscard]] std::optional<v4l2_queryctrl> query(std::uint32_t id) const
    {
        v4l2_queryctrl found{};
        found.id = id;
        if (m_device(VIDIOC_QUERYCTRL, &found) != 0 || (found.flags & V4L2_CTRL_FLAG_DISABLED) != 0)
            return std::nullopt;
        return found;
    }
    [[nodiscard]] std::optional<int> get(std::uint32_t id) const
    {
        v4l2_control control{id, 0};
        return m_device(VIDIOC_G_CTRL, &control) == 0 ? std::optional(control.value) : std::nullopt;
    }
    [[nodiscard]] bool set(std::uint32_t id, int value) const
    {
        v4l2_control control{id, value};
        return m_device(VIDIOC_S_CTRL, &control) == 0;
    }

private:
    const DeviceCall &m_device;
};

bool tell(const Controls &camera, const Mapping &mapping, const ControlSetting &wanted, bool hasAuto)
{
    if (wanted.isAuto)
        return !hasAuto || std::ranges::any_of(mapping.autoChoices, [&](int choice) { return camera.set(mapping.automatic, choice); });
    // The value is locked while the camera sees to it itself.
    const bool isManual = !hasAuto || camera.set(mapping.automatic, mapping.manualChoice);
    return isManual && camera.set(mapping.value, wanted.value);
}

ControlState adjusted(const Controls &camera, const Mapping &mapping, const ControlSetting *wanted)
{
    ControlState state;
    state.control = mapping.control;
    const std::optional<v4l2_queryctrl> value = camera.query(mapping.value);
    if (!value)
        return state;
    const std::optional<v4l2_queryctrl> automatic = camera.query(mapping.automatic);
    state.hasAuto = automatic && (automatic->flags & V4L2_CTRL_FLAG_READ_ONLY) == 0;
    state.minimum = value->minimum;
    state.maximum = std::max(value->minimum, value->maximum);
    state.step = std::max(1, value->step);
    const bool isLocked = (value->flags & (V4L2_CTRL_FLAG_READ_ONLY | V4L2_CTRL_FLAG_GRABBED)) != 0;
    state.condition = isLocked ? ControlState::Condition::Locked : ControlState::Condition::Adjustable;
    const bool isTaken = isLocked || !wanted || tell(camera, mapping, *wanted, state.hasAuto);

    const std::optional<int> mode = state.hasAuto ? camera.get(mapping.automatic) : std::nullopt;
    state.setting.isAuto = mode && *mode != mapping.manualChoice;
    state.setting.value = camera.get(mapping.value).value_or(state.minimum);
    const auto isWanted = [&] {
        return state.setting.isAuto == (wanted->isAuto && state.hasAuto)
            && (state.setting.isAuto || wanted->isAuto || std::abs(state.setting.value - wanted->value) < state.step);
    };
    if (!isLocked && wanted && (!isTaken || !isWanted()))
        state.condition = ControlState::Condition::Refused;
    return state;
}

std::string wordIn(const std::filesystem::path &file)
{
    std::string word;
    std::ifstream(file) >> word;
    return word;
}

} // namespace

ControlStates adjustV4l2(const DeviceCall &device, const CameraSettings &wanted)
{
    const Controls camera(device);
    ControlStates states;
    for (const Mapping &mapping : kMappings) {
        const auto setting = wanted.find(mapping.control);
        states.push_back(adjusted(camera, mapping, setting == wanted.end() ? nullptr : &setting->second));
    }
    return states;
}

std::string usbIdentityOf(const std::filesystem::path &node, const std::filesystem::path &devices)
{
    // .../usb1/1-1/1-1:1.0 is the interface with the picture; the numbers belong to the device around it.
    std::error_code error;
    const std::filesystem::path part = std::filesystem::canonical(devices / node.filename() / "device", error);
    if (error)
        return {};
    const std::filesystem::path usb = part.parent_path();
    const std::string vendor = wordIn(usb / "idVendor"), product = wordIn(usb / "idProduct"), serial = wordIn(usb / "serial");
    if (vendor.empty() || product.empty())
        return {};
    // Without a serial nothing tells two cameras of one model apart but the port that each is plugged into.
    return vendor + ":" + product + " " + (serial.empty() ? usb.filename().string() : serial);
}

} // namespace auroraedge::plugins
