#pragma once

#include <gtest/gtest.h>

#include <unistd.h>

namespace auroraedge::app {

/// While it lives, a test that root runs has the rights of nobody: to root no file is unreadable.
class OtherUser final
{
public:
    OtherUser() : m_isRoot(geteuid() == 0)
    {
        constexpr uid_t kNobody = 65534;
        if (m_isRoot)
            m_isUnable = seteuid(kNobody) != 0;
    }
    OtherUser(const OtherUser &) = delete;
    OtherUser &operator=(const OtherUser &) = delete;
    ~OtherUser()
    {
        if (m_isRoot && !m_isUnable) {
            EXPECT_EQ(seteuid(0), 0);
        }
    }

    /// Rights cannot be given up here, as in some containers.
    [[nodiscard]] bool isUnable() const { return m_isUnable; }

private:
    bool m_isRoot, m_isUnable = false;
};

} // namespace auroraedge::app
