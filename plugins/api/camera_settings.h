#pragma once

#include <map>
#include <vector>

namespace auroraedge::plugins {

/// What a camera can be told. Values are in the driver's own units.
enum class CameraControl { Exposure = 1, WhiteBalance, Focus, Gain };

/// Left to the camera, or one value.
struct ControlSetting
{
    bool isAuto = true;
    int value = 0; ///< means nothing while isAuto
    friend bool operator==(const ControlSetting &, const ControlSetting &) = default;
};

/// What is not named stays as the camera has it.
using CameraSettings = std::map<CameraControl, ControlSetting>;

/// A control as the camera has it now.
struct ControlState
{
    enum class Condition {
        Adjustable = 1,
        Missing, ///< this camera has no such control
        Locked,  ///< there, but the driver does not let it be changed
        Refused, ///< what was wanted was not taken; `setting` is what it has instead
    };
    CameraControl control = CameraControl::Exposure;
    Condition condition = Condition::Missing;
    ControlSetting setting;
    int minimum = 0, maximum = 0, step = 1;
    bool hasAuto = false;
    friend bool operator==(const ControlState &, const ControlState &) = default;
};
using ControlStates = std::vector<ControlState>;

} // namespace auroraedge::plugins
