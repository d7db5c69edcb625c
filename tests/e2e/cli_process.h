#pragma once

#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

extern "C" {
#include <sys/pidfd.h> // of glibc 2.36 does not say so itself
}

namespace auroraedge::testing {

/// What a program that ended left behind.
struct Ended
{
    int exitCode = -1; ///< -1: it was ended by a signal, or had to be
    std::string out, err;
};

/// A program as a process of its own, with its output in files.
class CliProcess final
{
public:
    /// @param words the program and its arguments. @param input of its stdin. @param device gets its stdout, if any.
    explicit CliProcess(const std::vector<std::string> &words, const std::string &input = {},
                        const std::string &device = {})
    {
        const std::string in = m_folder.write("in", input).string(), err = (m_folder / "err").string();
        const std::string out = device.empty() ? (m_folder / "out").string() : device;
        std::vector<char *> arguments;
        for (const std::string &word : words)
            arguments.push_back(const_cast<char *>(word.c_str()));
        arguments.push_back(nullptr);
        posix_spawn_file_actions_t files;
        posix_spawn_file_actions_init(&files);
        posix_spawn_file_actions_addopen(&files, 0, in.c_str(), O_RDONLY, 0);
        posix_spawn_file_actions_addopen(&files, 1, out.c_str(), O_WRONLY | O_CREAT, 0600);
        posix_spawn_file_actions_addopen(&files, 2, err.c_str(), O_WRONLY | O_CREAT, 0600);
        EXPECT_EQ(posix_spawn(&m_pid, arguments[0], &files, nullptr, arguments.data(), environ), 0) << words[0];
        posix_spawn_file_actions_destroy(&files);
    }
    CliProcess(const CliProcess &) = delete;
    CliProcess &operator=(const CliProcess &) = delete;
    ~CliProcess()
    {
        if (m_pid > 0) {
            kill(m_pid, SIGKILL);
            waitpid(m_pid, nullptr, 0);
        }
    }

    void interrupt() const { kill(m_pid, SIGINT); }
    void killNow() const { kill(m_pid, SIGKILL); }

    /// Waits until stdout holds a whole line. @return whether it came before the program ended.
    [[nodiscard]] bool waitForALine() const
    {
        while (readFile(m_folder / "out").find('\n') == std::string::npos) {
            if (waitForEnd(std::chrono::milliseconds(5)))
                return false;
        }
        return true;
    }
    [[nodiscard]] Ended wait()
    {
        if (!waitForEnd(std::chrono::seconds(60))) {
            ADD_FAILURE() << "the program hangs";
            kill(m_pid, SIGKILL);
        }
        int status = 0;
        waitpid(std::exchange(m_pid, -1), &status, 0);
        return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, readFile(m_folder / "out"), readFile(m_folder / "err")};
    }

    [[nodiscard]] bool waitForEnd(std::chrono::milliseconds patience) const
    {
        pollfd ended{pidfd_open(m_pid, 0), POLLIN, 0};
        const bool hasEnded = poll(&ended, 1, static_cast<int>(patience.count())) == 1;
        close(ended.fd);
        return hasEnded;
    }

private:
    TemporaryFolder m_folder;
    pid_t m_pid = -1;
};

} // namespace auroraedge::testing
