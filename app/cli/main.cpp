// auroraedge: the command line. Everything runs on the main thread; a second one only waits for signals.

#include "app/cli/cli.h"
#include "app/engine_host/engine_module.h"
#include "app/engine_host/process_environment.h"

#include <csignal>
#include <ctime>
#include <iostream>
#include <optional>
#include <thread>

namespace {

using namespace auroraedge;
using namespace auroraedge::app;

/// Turns the first SIGINT or SIGTERM into a stop; a second one ends the program at once.
/// Made before any other thread, which then inherits that the signals are blocked.
class StopOnSignal final
{
public:
    StopOnSignal()
    {
        sigemptyset(&m_signals);
        sigaddset(&m_signals, SIGINT);
        sigaddset(&m_signals, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &m_signals, nullptr);
        m_waiter = std::jthread([this](const std::stop_token &ended) {
            constexpr timespec kPoll{0, 100'000'000};
            while (!ended.stop_requested()) {
                if (sigtimedwait(&m_signals, nullptr, &kPoll) < 0)
                    continue;
                if (!m_stop.request_stop())
                    std::_Exit(130);
            }
        });
    }
    [[nodiscard]] std::stop_token token() const { return m_stop.get_token(); }

private:
    sigset_t m_signals{};
    std::stop_source m_stop;
    std::jthread m_waiter; // last: it uses the members above
};

} // namespace

int main(int argc, char **argv)
{
    takeClosedStreams();
    prepareEnvironment(argv); // before anything is begun: may start the program again
    const StopOnSignal stop;

    std::optional<EngineModule> module;
    const auto openEngine = [&module]() -> Result<Engine *> {
        if (!module) {
            Result<EngineModule> opened = EngineModule::open();
            if (!opened)
                return failure(opened.error());
            module.emplace(std::move(*opened));
        }
        return &module->engine();
    };
    return runCli({argv + 1, argv + argc}, {openEngine, std::cin, std::cout, std::cerr, stop.token()});
}
