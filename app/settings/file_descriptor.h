#pragma once

#include <unistd.h>

namespace auroraedge::app {

/// An open file, as the kernel counts it, that closes itself.
class FileDescriptor final
{
public:
    /// @param number what open() returned; below 0: it has failed.
    explicit FileDescriptor(int number) : m_number(number) {}
    FileDescriptor(const FileDescriptor &) = delete;
    FileDescriptor &operator=(const FileDescriptor &) = delete;
    ~FileDescriptor()
    {
        if (m_number >= 0)
            ::close(m_number);
    }

    [[nodiscard]] bool isOpen() const { return m_number >= 0; }
    [[nodiscard]] int number() const { return m_number; }

private:
    int m_number;
};

} // namespace auroraedge::app
