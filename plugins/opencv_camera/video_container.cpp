#include "plugins/opencv_camera/video_container.h"

#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string_view>

namespace auroraedge::plugins {

namespace {

constexpr std::size_t kTransportPacketBytes = 188;

bool isVideo(std::string_view head)
{
    using namespace std::string_view_literals;
    const auto has = [&](std::size_t offset, std::string_view bytes) {
        return head.size() >= offset + bytes.size() && head.substr(offset, bytes.size()) == bytes;
    };
    return has(4, "ftyp"sv) || has(4, "moov"sv) || has(4, "mdat"sv) || has(4, "wide"sv) // MP4 and old QuickTime
        || has(0, "\x1a\x45\xdf\xa3"sv)                                                 // Matroska, WebM
        || (has(0, "RIFF"sv) && has(8, "AVI "sv)) || has(0, "\x00\x00\x01\xba"sv)       // AVI, MPEG-PS
        || (has(0, "G"sv) && has(kTransportPacketBytes, "G"sv));                        // MPEG-TS
}

} // namespace

Result<void> checkVideoContainer(const std::string &path)
{
    const std::string name = std::filesystem::path(path).filename().string();
    std::error_code error;
    const std::filesystem::file_status status = std::filesystem::status(path, error);
    if (!std::filesystem::exists(status))
        return failure(code::FileNotFound, path + " does not exist", path);
    if (!std::filesystem::is_regular_file(status))
        return failure(code::FileNotRegular, name + " is not a regular file", path);

    const std::unique_ptr<std::FILE, int (*)(std::FILE *)> file(std::fopen(path.c_str(), "rbe"), &std::fclose);
    if (!file)
        return failure(code::FileUnreadable, "no permission to read " + name, path);
    std::array<char, kTransportPacketBytes + 1> head{};
    const std::size_t bytes = std::fread(head.data(), 1, head.size(), file.get());
    if (bytes == 0)
        return failure(code::ImageEmpty, name + " is empty (0 bytes)", path);
    if (!isVideo({head.data(), bytes}))
        return failure(code::ImageUnknownFormat, name + " is not an MP4, MKV, AVI or MPEG video", path);
    return {};
}

} // namespace auroraedge::plugins
