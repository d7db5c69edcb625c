#pragma once

#include <QObject>

namespace auroraedge::ui {
class MainWindow;
}

namespace auroraedge::app {

class InspectionSession;

/// Logs once each, in milliseconds since the kernel started the process: when the window is painted and takes keys, and
/// when it shows the first live picture. tests/benchmarks/start_up.sh reads these lines. Thread: GUI.
class StartUp final : public QObject
{
    Q_OBJECT

public:
    /// @param window shown already.
    StartUp(ui::MainWindow &window, InspectionSession &session, QObject *parent = nullptr);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
};

} // namespace auroraedge::app
