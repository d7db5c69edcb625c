#include "app/imaging/picture_decoder.h"

#include "app/imaging/decoders.h"
#include "app/settings/file_descriptor.h"
#include "app/settings/sha256.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

namespace auroraedge::app {
namespace {

Failure cannotOpen(int reason, const std::filesystem::path &path, const std::string &name)
{
    switch (reason) {
    case ENOENT:
    case ENOTDIR: return failure(code::FileNotFound, path.string() + " does not exist", name);
    case EACCES:
    case EPERM: return failure(code::FileUnreadable, "no permission to read " + name, name);
    case ELOOP: return failure(code::FileLinkLoop, "link loop at " + path.string(), name);
    case ENAMETOOLONG: return failure(code::FilePathTooLong, "path too long", name);
    case EMFILE:
    case ENFILE: return failure(code::SystemLimit, "system limit reached (open files)", name);
    case ENXIO: return failure(code::FileNotRegular, name + " is not a regular file", name);
    default:
        return failure(code::FileUnreadable, name + " could not be read (" + std::strerror(reason) + ")", name);
    }
}

bool isSameState(const struct stat &a, const struct stat &b)
{
    return a.st_size == b.st_size && a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

/// One attempt. Nothing when the file changed meanwhile.
Result<std::optional<std::vector<std::uint8_t>>> readOnce(const std::filesystem::path &path, const std::string &name,
                                                          const PictureLimits &limits)
{
    // Looked at before it is opened: opening a device can already do something.
    struct stat before{};
    if (stat(path.c_str(), &before) != 0)
        return cannotOpen(errno, path, name);
    if (!S_ISREG(before.st_mode))
        return failure(code::FileNotRegular, name + " is not a regular file", name);
    const FileDescriptor file(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    if (!file.isOpen())
        return cannotOpen(errno, path, name);
    if (fstat(file.number(), &before) != 0)
        return cannotOpen(errno, path, name);
    if (!S_ISREG(before.st_mode)) // replaced between the two calls
        return failure(code::FileNotRegular, name + " is not a regular file", name);
    if (before.st_size > limits.maxFileBytes)
        return failure(code::ImageFileTooLarge,
                       name + ": size " + std::to_string((before.st_size + (1 << 20) - 1) >> 20) + " MiB; limit "
                           + std::to_string(limits.maxFileBytes >> 20),
                       name);

    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(before.st_size));
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        const ssize_t count = read(file.number(), bytes.data() + filled, bytes.size() - filled);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return cannotOpen(errno, path, name);
        if (count == 0)
            break;
        filled += static_cast<std::size_t>(count);
    }
    struct stat after{};
    if (fstat(file.number(), &after) != 0)
        return cannotOpen(errno, path, name);
    if (filled != bytes.size() || !isSameState(before, after))
        return std::optional<std::vector<std::uint8_t>>();
    return std::optional(std::move(bytes));
}

} // namespace

Result<std::vector<std::uint8_t>> readPictureFile(const std::filesystem::path &path, const PictureLimits &limits)
try {
    const std::string name = path.filename().string();
    constexpr int kAttempts = 3;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        auto bytes = readOnce(path, name, limits);
        if (!bytes)
            return failure(bytes.error());
        if (!*bytes)
            continue;
        if ((*bytes)->empty())
            return failure(code::ImageEmpty, name + " is empty (0 bytes)", name);
        return **std::move(bytes);
    }
    return failure(code::ImageChanged, name + ": file changed while being read; tried three times", name);
} catch (const std::bad_alloc &) {
    return failure(code::MemoryShort, "not enough memory to read the picture", path.filename().string());
}

Result<DecodedPicture> decodePicture(const std::filesystem::path &path, const PictureLimits &limits)
{
    Result<std::vector<std::uint8_t>> bytes = readPictureFile(path, limits);
    if (!bytes)
        return failure(bytes.error());
    Result<DecodedPicture> picture = decodePicture(*std::move(bytes), path.filename().string(), limits);
    if (picture)
        picture->frame.source = path.string();
    return picture;
}

Result<DecodedPicture> decodePicture(std::vector<std::uint8_t> bytes, const std::string &name,
                                     const PictureLimits &limits)
try {
    if (static_cast<std::int64_t>(bytes.size()) > limits.maxFileBytes)
        return failure(code::ImageFileTooLarge,
                       name + ": size " + std::to_string((bytes.size() + (1 << 20) - 1) >> 20) + " MiB; limit "
                           + std::to_string(limits.maxFileBytes >> 20),
                       name);
    Result<PictureProbe> probe = probePicture(bytes, name, limits);
    if (!probe)
        return failure(probe.error());
    Result<PixelBuffer> stored = probe->format == PictureFormat::Jpeg ? decodeJpeg(bytes, name, *probe, limits)
        : probe->format == PictureFormat::Tiff                        ? decodeTiff(bytes, name, *probe, limits)
                                                                      : decodePngOrBmp(bytes, name, *probe);
    if (!stored)
        return failure(stored.error());

    DecodedPicture picture;
    picture.format = probe->format;
    picture.notes = std::move(probe->notes);
    if (probe->orientation != 1)
        picture.notes.push_back("turned upright (EXIF orientation " + std::to_string(probe->orientation) + ")");
    std::string extension = std::filesystem::path(name).extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
    constexpr std::array kNames = {std::pair(".jpg", PictureFormat::Jpeg), std::pair(".jpeg", PictureFormat::Jpeg),
                                   std::pair(".png", PictureFormat::Png),  std::pair(".bmp", PictureFormat::Bmp),
                                   std::pair(".tif", PictureFormat::Tiff), std::pair(".tiff", PictureFormat::Tiff)};
    for (const auto &[ending, format] : kNames) {
        if (extension == ending && format != picture.format)
            picture.notes.push_back("content is " + std::string(pictureFormatName(picture.format)));
    }
    picture.frame = upright(*std::move(stored), probe->orientation).toFrame();
    picture.frame.source = name;
    picture.frame.capturedAt = std::chrono::steady_clock::now();
    picture.sha256 = sha256Hex(bytes);
    picture.bytes = std::move(bytes);
    return picture;
} catch (const std::bad_alloc &) {
    return failure(code::MemoryShort, "not enough memory to decode " + name, name);
}

} // namespace auroraedge::app
