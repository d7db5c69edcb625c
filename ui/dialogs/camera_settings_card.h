#pragma once

#include "ui/dialogs/floating_card.h"
#include "ui/models/camera_controls.h"

#include <QList>

class QLabel;
class QPushButton;
class QSlider;
class QVBoxLayout;

namespace auroraedge::ui {

class ElidedLabel;

/// The controls of the camera that runs: each left to the camera or set by a slider. What cannot be set says why.
class CameraSettingsCard final : public FloatingCard
{
    Q_OBJECT

public:
    explicit CameraSettingsCard(QWidget *parent);

    void setControls(const CameraControls &controls);

Q_SIGNALS:
    /// @p value in the driver's units; means nothing while @p isAuto.
    void adjusted(auroraedge::ui::CameraControl control, bool isAuto, int value);

private:
    struct Row
    {
        CameraControl control;
        QSlider *slider;
        QLabel *value, *reason;
        QPushButton *automatic;
        int step = 1;
    };
    void addRow(QVBoxLayout *column, CameraControl control, const QString &name, const QString &title);
    void show(Row &row, const CameraControlState &state);
    void tell(const Row &row);

    ElidedLabel *m_camera = nullptr;
    QList<Row> m_rows;
    bool m_isShowing = false; ///< the camera's own values are put in; nothing is told
};

} // namespace auroraedge::ui
