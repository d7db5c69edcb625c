#pragma once

#include <filesystem>
#include <string>
#include <unistd.h>

namespace auroraedge::testing {

/// An empty folder of its own for one test; gone at its end.
class ScratchFolder final
{
public:
    ScratchFolder()
    {
        static int count = 0;
        m_path = std::filesystem::temp_directory_path()
            / ("auroraedge_test_" + std::to_string(getpid()) + "_" + std::to_string(++count));
        std::filesystem::create_directories(m_path);
    }
    ~ScratchFolder() { std::filesystem::remove_all(m_path); }
    ScratchFolder(const ScratchFolder &) = delete;
    ScratchFolder &operator=(const ScratchFolder &) = delete;

    [[nodiscard]] const std::filesystem::path &path() const { return m_path; }
    [[nodiscard]] std::string operator/(const std::string &name) const { return (m_path / name).string(); }

private:
    std::filesystem::path m_path;
};

} // namespace auroraedge::testing
