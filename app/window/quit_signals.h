#pragma once

#include <QObject>
#include <QSocketNotifier>

namespace auroraedge::app {

/// Makes SIGTERM, SIGINT and SIGHUP end the event loop, so that the program closes as by its window.
/// One object in a process; thread: GUI.
class QuitSignals final : public QObject
{
    Q_OBJECT

public:
    explicit QuitSignals(QObject *parent = nullptr);
    ~QuitSignals() override;

private:
    QSocketNotifier *m_notifier = nullptr;
};

} // namespace auroraedge::app
