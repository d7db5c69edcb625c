#include "app/window/quit_signals.h"

#include <QCoreApplication>

#include <array>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace auroraedge::app {

namespace {

// A handler may do little more than write(), so it writes a byte to a pipe that the event loop reads.
std::array<int, 2> pipeEnds = {-1, -1};
constexpr std::array kSignals = {SIGTERM, SIGINT, SIGHUP};

void onSignal(int)
{
    const char byte = 0;
    [[maybe_unused]] const ssize_t written = write(pipeEnds[1], &byte, 1);
}

} // namespace

QuitSignals::QuitSignals(QObject *parent) : QObject(parent)
{
    if (pipe2(pipeEnds.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        return; // the signals then end the program as they do without us
    m_notifier = new QSocketNotifier(pipeEnds[0], QSocketNotifier::Read, this);
    connect(m_notifier, &QSocketNotifier::activated, this, [] { QCoreApplication::quit(); });
    for (const int number : kSignals)
        std::signal(number, onSignal);
}

QuitSignals::~QuitSignals()
{
    for (const int number : kSignals)
        std::signal(number, SIG_DFL);
    for (const int end : pipeEnds)
        close(end);
}

} // namespace auroraedge::app
