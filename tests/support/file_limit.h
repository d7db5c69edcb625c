#pragma once

#include <csignal>
#include <sys/resource.h>

namespace auroraedge::testing {

/// While it lives, no file of this program grows beyond so many bytes, and what lies beyond them in a file cannot be written: a log
/// that is small takes what the large database itself cannot.
class FileLimit final
{
public:
    explicit FileLimit(rlim_t bytes) : m_onSignal(std::signal(SIGXFSZ, SIG_IGN))
    {
        getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit limited{bytes, m_before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limited);
    }
    ~FileLimit()
    {
        setrlimit(RLIMIT_FSIZE, &m_before);
        std::signal(SIGXFSZ, m_onSignal);
    }
    FileLimit(const FileLimit &) = delete;
    FileLimit &operator=(const FileLimit &) = delete;

private:
    rlimit m_before{};
    void (*m_onSignal)(int);
};

} // namespace auroraedge::testing
