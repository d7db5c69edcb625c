#pragma once

#include "plugins/api/camera_settings.h"

#include <filesystem>
#include <functional>
#include <string>

namespace auroraedge::plugins {

/// ioctl on an open camera: -1 with errno when it fails.
using DeviceCall = std::function<int(unsigned long request, void *argument)>;

/// Tells a V4L2 camera @p wanted and reads back what it has. Not through OpenCV, which tells neither ranges nor refusals.
[[nodiscard]] ControlStates adjustV4l2(const DeviceCall &device, const CameraSettings &wanted);

/// Which camera is behind a device node such as /dev/video0: "046d:0825 200901010001", without a serial number
/// "046d:0825"; empty for what is not on USB.
[[nodiscard]] std::string usbIdentityOf(const std::filesystem::path &node,
                                        const std::filesystem::path &devices = "/sys/class/video4linux");

} // namespace auroraedge::plugins
