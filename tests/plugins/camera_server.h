#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace auroraedge::testing {

/// A network camera on this machine: JPEG pictures over RTSP (TCP and UDP) and over HTTP, one connection at a time. Picture
/// number n is as red as redOf(n), so that it can be told by looking at it. Thread: of the test.
class CameraServer final
{
public:
    struct Behaviour
    {
        std::string login = {};      ///< "user:password" that it wants; empty: nobody needs one
        int closesAfter = 0;         ///< pictures; 0: never
        int silentAfter = -1;        ///< pictures; -1: never
        int lateFrom = -1;           ///< picture before which it pauses for `pause`; -1: none
        std::chrono::milliseconds pause{0};
        bool catchesUp = false;      ///< after the pause, at once; else each picture from then on comes so much late
        int frozenFrom = -1;         ///< picture that is sent again and again from then on; -1: none
        int damagedFrom = -1;        ///< picture from which on the data is cut in the middle; -1: none
        std::string status = "200 OK";
        std::string page = {};       ///< what it sends over HTTP instead of pictures; empty: pictures
    };
    static constexpr int kWidthPx = 64, kHeightPx = 48;

    explicit CameraServer(Behaviour behaviour);
    ~CameraServer();
    CameraServer(const CameraServer &) = delete;
    CameraServer &operator=(const CameraServer &) = delete;

    /// "rtsp://127.0.0.1:port/live". @param login as "user:password@", or empty.
    [[nodiscard]] std::string address(const std::string &scheme, const std::string &login = {}) const;
    [[nodiscard]] static int redOf(int picture) { return 40 + 40 * (picture % 5); }
    /// What an RTSP client asked for: "RTP/AVP/TCP;unicast;interleaved=0-1".
    [[nodiscard]] std::vector<std::string> transports() const;

private:
    class Connection;
    void serve();

    const Behaviour m_behaviour;
    int m_listener = -1, m_port = 0;
    std::atomic<bool> m_isEnding = false;
    mutable std::mutex m_mutex;
    std::vector<std::string> m_transports; // guarded by m_mutex
    std::thread m_thread;
};

} // namespace auroraedge::testing
