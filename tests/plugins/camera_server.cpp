#include "tests/plugins/camera_server.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <arpa/inet.h>
#include <chrono>
#include <cstdint>
#include <netinet/in.h>
#include <optional>
#include <poll.h>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace auroraedge::testing {

namespace {

constexpr auto kPeriod = std::chrono::milliseconds(20);
constexpr std::uint32_t kClockTicks = 90'000 / 50; // of a picture, at RTP's clock for video

std::vector<std::uint8_t> jpegOf(int picture)
{
    cv::Mat pixels(CameraServer::kHeightPx, CameraServer::kWidthPx, CV_8UC3, cv::Scalar(20, 20, CameraServer::redOf(picture)));
    cv::circle(pixels, {32, 24}, 12, {200, 200, 200}, 2);
    std::vector<std::uint8_t> bytes;
    cv::imencode(".jpg", pixels, bytes);
    return bytes;
}

void append(std::vector<std::uint8_t> &to, std::uint64_t value, int bytes)
{
    for (int at = bytes - 1; at >= 0; --at)
        to.push_back(static_cast<std::uint8_t>(value >> (8 * at)));
}

/// RFC 2435: the quantisation tables and the scan, without the headers that the receiver makes itself.
std::vector<std::uint8_t> rtpPacketOf(const std::vector<std::uint8_t> &jpeg, int picture)
{
    std::vector<std::uint8_t> tables, scan;
    for (std::size_t at = 2; at + 4 < jpeg.size();) {
        const std::uint8_t marker = jpeg[at + 1];
        const std::size_t length = std::size_t{jpeg[at + 2]} << 8 | jpeg[at + 3];
        if (marker == 0xdb) {
            for (std::size_t table = at + 4; table + 65 <= at + 2 + length; table += 65)
                tables.insert(tables.end(), jpeg.begin() + static_cast<std::ptrdiff_t>(table) + 1,
                              jpeg.begin() + static_cast<std::ptrdiff_t>(table) + 65);
        }
        at += 2 + length;
        if (marker == 0xda) {
            scan.assign(jpeg.begin() + static_cast<std::ptrdiff_t>(at), jpeg.end() - 2);
            break;
        }
    }
    std::vector<std::uint8_t> packet;
    packet.reserve(32 + tables.size() + scan.size());
    append(packet, 0x80, 1);      // version 2
    append(packet, 0x80 | 26, 1); // last packet of its picture; JPEG
    append(packet, static_cast<std::uint64_t>(picture), 2);
    append(packet, static_cast<std::uint64_t>(picture) * kClockTicks, 4);
    append(packet, 0x5ca1ab1e, 4); // the sender
    append(packet, 0, 4);
    append(packet, 1, 1);   // 4:2:0
    append(packet, 255, 1); // the tables follow
    append(packet, CameraServer::kWidthPx / 8, 1);
    append(packet, CameraServer::kHeightPx / 8, 1);
    append(packet, 0, 2);
    append(packet, tables.size(), 2);
    packet.insert(packet.end(), tables.begin(), tables.end());
    packet.insert(packet.end(), scan.begin(), scan.end());
    return packet;
}

std::string basicAuthorization(const std::string &login)
{
    std::string text(sodium_base64_encoded_len(login.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char *>(login.data()), login.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    text.pop_back();
    return "Basic " + text;
}

std::string headerOf(const std::string &request, std::string_view name)
{
    const std::size_t at = request.find("\r\n" + std::string(name) + ": ");
    if (at == std::string::npos)
        return {};
    const std::size_t begin = at + 4 + name.size();
    return request.substr(begin, request.find("\r\n", begin) - begin);
}

} // namespace

class CameraServer::Connection final
{
public:
    Connection(CameraServer &server, int socket) : m_server(server), m_socket(socket) {}
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;
    ~Connection()
    {
        close(m_socket);
        if (m_datagrams >= 0)
            close(m_datagrams);
    }

    void serve()
    {
        while (const std::optional<std::string> request = nextRequest()) {
            const Behaviour &behaviour = m_server.m_behaviour;
            const std::string sequence = headerOf(*request, "CSeq");
            const std::string protocol = sequence.empty() ? "HTTP/1.0 " : "RTSP/1.0 ";
            const std::string head = sequence.empty() ? "" : "CSeq: " + sequence + "\r\n";
            if (!behaviour.login.empty() && headerOf(*request, "Authorization") != basicAuthorization(behaviour.login)) {
                say(protocol + "401 Unauthorized\r\n" + head + "WWW-Authenticate: Basic realm=\"camera\"\r\n\r\n");
                if (sequence.empty())
                    return;
            } else if (behaviour.status != "200 OK") {
                say(protocol + behaviour.status + "\r\n" + head + "\r\n");
                if (sequence.empty())
                    return;
            } else if (request->starts_with("GET")) {
                say("HTTP/1.0 200 OK\r\n");
                if (!behaviour.page.empty())
                    return say("\r\n" + behaviour.page);
                say("Content-Type: multipart/x-mixed-replace; boundary=part\r\n\r\n");
                return play();
            } else if (request->starts_with("DESCRIBE")) {
                const std::string session = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=camera\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                                            "m=video 0 RTP/AVP 26\r\na=control:track0\r\n";
                say("RTSP/1.0 200 OK\r\n" + head + "Content-Type: application/sdp\r\nContent-Length: "
                    + std::to_string(session.size()) + "\r\n\r\n" + session);
            } else if (request->starts_with("SETUP")) {
                setUp(head, headerOf(*request, "Transport"));
            } else if (request->starts_with("PLAY")) {
                say("RTSP/1.0 200 OK\r\n" + head + "Session: 1\r\n\r\n");
                return play();
            } else {
                say("RTSP/1.0 200 OK\r\n" + head + "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n\r\n");
            }
        }
    }

private:
    [[nodiscard]] bool isReadable(std::chrono::milliseconds time) const
    {
        pollfd waiting{m_socket, POLLIN, 0};
        return poll(&waiting, 1, static_cast<int>(time.count())) > 0;
    }

    std::optional<std::string> nextRequest()
    {
        while (!m_server.m_isEnding) {
            if (const std::size_t end = m_read.find("\r\n\r\n"); end != std::string::npos) {
                std::string request = m_read.substr(0, end + 2);
                m_read.erase(0, end + 4);
                return request;
            }
            if (isReadable(kPeriod) && !readSome())
                return std::nullopt;
        }
        return std::nullopt;
    }
    bool readSome()
    {
        char bytes[2048];
        const ssize_t count = recv(m_socket, bytes, sizeof bytes, 0);
        if (count > 0)
            m_read.append(bytes, static_cast<std::size_t>(count));
        return count > 0;
    }
    bool send(const void *bytes, std::size_t length) const
    {
        return ::send(m_socket, bytes, length, MSG_NOSIGNAL) == static_cast<ssize_t>(length);
    }
    void say(const std::string &text) const { (void)send(text.data(), text.size()); }

    void setUp(const std::string &head, const std::string &transport)
    {
        {
            const std::lock_guard lock(m_server.m_mutex);
            m_server.m_transports.push_back(transport);
        }
        m_isRtsp = true;
        if (transport.find("TCP") == std::string::npos) {
            m_datagrams = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
            m_receiver.sin_family = AF_INET;
            m_receiver.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
            m_receiver.sin_port = htons(static_cast<std::uint16_t>(std::stoi(transport.substr(transport.find("client_port=") + 12))));
        }
        say("RTSP/1.0 200 OK\r\n" + head + "Session: 1\r\nTransport: " + transport + "\r\n\r\n");
    }

    bool sendPicture(int picture) const
    {
        const Behaviour &behaviour = m_server.m_behaviour;
        const bool isFrozen = behaviour.frozenFrom >= 0 && picture > behaviour.frozenFrom;
        std::vector<std::uint8_t> jpeg = jpegOf(isFrozen ? behaviour.frozenFrom : picture);
        if (behaviour.damagedFrom >= 0 && picture >= behaviour.damagedFrom)
            jpeg.resize(jpeg.size() * 6 / 10);
        if (!m_isRtsp) {
            say("--part\r\nContent-Type: image/jpeg\r\nContent-Length: " + std::to_string(jpeg.size()) + "\r\n\r\n");
            return send(jpeg.data(), jpeg.size()) && send("\r\n", 2);
        }
        std::vector<std::uint8_t> packet = rtpPacketOf(jpeg, picture);
        if (m_datagrams >= 0)
            return sendto(m_datagrams, packet.data(), packet.size(), 0, reinterpret_cast<const sockaddr *>(&m_receiver),
                          sizeof m_receiver) > 0;
        const std::array<std::uint8_t, 4> channel = {'$', 0, static_cast<std::uint8_t>(packet.size() >> 8),
                                                     static_cast<std::uint8_t>(packet.size())};
        return send(channel.data(), channel.size()) && send(packet.data(), packet.size());
    }
    void play()
    {
        const Behaviour &behaviour = m_server.m_behaviour;
        auto due = std::chrono::steady_clock::now(); // by the clock, and not by how long sending takes: as the pictures say
        for (int picture = 0; !m_server.m_isEnding; ++picture, due += kPeriod) {
            if (picture == behaviour.lateFrom) {
                std::this_thread::sleep_for(behaviour.pause);
                due += behaviour.catchesUp ? std::chrono::milliseconds(0) : behaviour.pause;
            }
            if (behaviour.closesAfter > 0 && picture >= behaviour.closesAfter)
                return;
            const bool isSilent = behaviour.silentAfter >= 0 && picture >= behaviour.silentAfter;
            if (!isSilent && !sendPicture(picture))
                return;
            do {
                const auto wait = std::chrono::ceil<std::chrono::milliseconds>(due + kPeriod - std::chrono::steady_clock::now());
                if (isReadable(std::max(wait, std::chrono::milliseconds(0))) && !readSome())
                    return; // the client has gone
            } while (std::chrono::steady_clock::now() < due + kPeriod && !m_server.m_isEnding);
        }
    }

    CameraServer &m_server;
    const int m_socket;
    int m_datagrams = -1;
    sockaddr_in m_receiver{};
    bool m_isRtsp = false;
    std::string m_read;
};

CameraServer::CameraServer(Behaviour behaviour) : m_behaviour(std::move(behaviour))
{
    m_listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (bind(m_listener, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0 || listen(m_listener, 4) != 0
        || getsockname(m_listener, reinterpret_cast<sockaddr *>(&address), &length) != 0)
        return; // nobody will connect, and the test tells
    m_port = ntohs(address.sin_port);
    m_thread = std::thread([this] { serve(); });
}

CameraServer::~CameraServer()
{
    m_isEnding = true;
    if (m_thread.joinable())
        m_thread.join();
    close(m_listener);
}

std::string CameraServer::address(const std::string &scheme, const std::string &login) const
{
    return scheme + "://" + login + "127.0.0.1:" + std::to_string(m_port) + "/live";
}

std::vector<std::string> CameraServer::transports() const
{
    const std::lock_guard lock(m_mutex);
    return m_transports;
}

void CameraServer::serve()
{
    while (!m_isEnding) {
        pollfd waiting{m_listener, POLLIN, 0};
        if (poll(&waiting, 1, static_cast<int>(kPeriod.count())) <= 0)
            continue;
        if (const int socket = accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC); socket >= 0)
            Connection(*this, socket).serve();
    }
}

} // namespace auroraedge::testing
