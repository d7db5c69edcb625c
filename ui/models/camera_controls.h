#pragma once

#include <QList>
#include <QString>

namespace auroraedge::ui {

enum class CameraControl { Exposure = 1, WhiteBalance, Focus, Gain };

struct CameraControlState
{
    enum class Condition {
        Adjustable = 1,
        Missing, ///< this camera has no such control
        Locked,  ///< the driver does not let it be changed
        Refused, ///< the camera did not take what was wanted; this is what it has
    };
    CameraControl control = CameraControl::Exposure;
    Condition condition = Condition::Missing;
    bool hasAuto = false, isAuto = false;
    int value = 0, minimum = 0, maximum = 0, step = 1; ///< in the driver's units
};

/// The camera that runs now. Without controls it cannot be set.
struct CameraControls
{
    QString camera; ///< name
    QList<CameraControlState> controls;
};

} // namespace auroraedge::ui
