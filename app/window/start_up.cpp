#include "app/window/start_up.h"

#include "app/window/inspection_session.h"
#include "app/window/painted.h"
#include "app/window/process_figures.h"
#include "ui/main_window.h"

#include <QEvent>
#include <QWindow>

namespace auroraedge::app {

StartUp::StartUp(ui::MainWindow &window, InspectionSession &session, QObject *parent) : QObject(parent)
{
    window.windowHandle()->installEventFilter(this);
    connect(&session, &InspectionSession::pictureShown, this, [this, &session] {
        disconnect(&session, nullptr, this, nullptr);
        whenPainted(this, [] { qInfo("start-up: first live picture after %.0f ms", msSinceProcessStart()); });
    });
}

bool StartUp::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Expose) {
        watched->removeEventFilter(this);
        whenPainted(this, [] { qInfo("start-up: window usable after %.0f ms", msSinceProcessStart()); });
    }
    return false;
}

} // namespace auroraedge::app
