#pragma once

#include "app/imaging/picture_encoder.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_frame.h"

#include <tiffio.h>
#include <turbojpeg.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

/// Picture files as a station may find them: good ones and each kind of bad one.
namespace auroraedge::testing {

using Bytes = std::vector<std::uint8_t>;

[[nodiscard]] inline Bytes goodJpeg() { return *app::encodeJpeg(testFrame(160, 120)); }
[[nodiscard]] inline Bytes goodPng() { return *app::encodePng(testFrame(160, 120)); }

[[nodiscard]] inline Bytes textBytes(const std::string &text) { return {text.begin(), text.end()}; }

/// The first @p permille of the file.
[[nodiscard]] inline Bytes cutAt(Bytes file, std::size_t permille)
{
    file.resize(file.size() * permille / 1000);
    return file;
}

inline void appendBig(Bytes &bytes, std::uint32_t value, int count)
{
    for (int i = count - 1; i >= 0; --i)
        bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

[[nodiscard]] inline Bytes pngChunk(const std::string &type, const Bytes &body)
{
    Bytes chunk;
    chunk.reserve(12 + body.size());
    appendBig(chunk, static_cast<std::uint32_t>(body.size()), 4);
    chunk.insert(chunk.end(), type.begin(), type.end());
    chunk.insert(chunk.end(), body.begin(), body.end());
    std::uint32_t crc = 0xFFFFFFFFU;
    for (auto byte = chunk.begin() + 4; byte != chunk.end(); ++byte) {
        crc ^= *byte;
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc & 1) != 0 ? 0xEDB88320U ^ (crc >> 1) : crc >> 1;
    }
    appendBig(chunk, ~crc, 4);
    return chunk;
}

/// A PNG whose header says so; its data are those of goodPng().
[[nodiscard]] inline Bytes pngClaiming(std::uint32_t widthPx, std::uint32_t heightPx, std::uint8_t bitDepth = 8)
{
    Bytes header;
    appendBig(header, widthPx, 4);
    appendBig(header, heightPx, 4);
    header.insert(header.end(), {bitDepth, 2, 0, 0, 0}); // 2: RGB
    const Bytes chunk = pngChunk("IHDR", header);
    Bytes file = goodPng();
    std::copy(chunk.begin(), chunk.end(), file.begin() + 8);
    return file;
}

[[nodiscard]] inline Bytes animatedPng(std::uint32_t frames)
{
    Bytes control;
    appendBig(control, frames, 4);
    appendBig(control, 0, 4);
    const Bytes chunk = pngChunk("acTL", control);
    Bytes file = goodPng();
    file.insert(file.begin() + 33, chunk.begin(), chunk.end()); // after IHDR
    return file;
}

[[nodiscard]] inline Bytes pngWithAWrongByte()
{
    Bytes file = goodPng();
    file[file.size() / 2] ^= 1;
    return file;
}

[[nodiscard]] inline Bytes jpegWithADamagedBlock()
{
    Bytes file = *app::encodeJpeg(testFrame(640, 480), 95);
    for (std::size_t i = 0; i < 400; ++i)
        file[file.size() / 2 + i] = static_cast<std::uint8_t>(i * 31 % 255); // never 0xFF: no marker appears
    return file;
}

[[nodiscard]] inline Bytes jpegWithBrokenExif()
{
    Bytes segment = {0xFF, 0xE1, 0, 16, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0x7F, 0, 0, 8};
    Bytes file = goodJpeg();
    file.insert(file.begin() + 2, segment.begin(), segment.end());
    return file;
}

[[nodiscard]] inline Bytes jpegWithScans(int count)
{
    Bytes file = goodJpeg();
    const Bytes scanStart = {0xFF, 0xDA};
    const auto scan = std::search(file.begin(), file.end(), scanStart.begin(), scanStart.end());
    const Bytes repeated(scan, file.end() - 2); // without the end marker
    file.resize(file.size() - 2);
    for (int i = 1; i < count; ++i)
        file.insert(file.end(), repeated.begin(), repeated.end());
    file.insert(file.end(), {0xFF, 0xD9});
    return file;
}

[[nodiscard]] inline Bytes cmykJpeg()
{
    const Bytes pixels(4 * 16 * 16, 90);
    unsigned char *made = nullptr;
    unsigned long size = 0;
    const tjhandle encoder = tjInitCompress();
    tjCompress2(encoder, pixels.data(), 16, 0, 16, TJPF_CMYK, &made, &size, TJSAMP_444, 90, 0);
    Bytes file(made, made + size);
    tjFree(made);
    tjDestroy(encoder);
    return file;
}

[[nodiscard]] inline Bytes tiff(int pages, int bitsPerSample, int sampleFormat)
{
    const TemporaryFolder folder;
    const std::string place = (folder / "made.tif").string();
    TIFF *made = TIFFOpen(place.c_str(), "w");
    for (int page = 0; page < pages; ++page) {
        TIFFSetField(made, TIFFTAG_IMAGEWIDTH, 16);
        TIFFSetField(made, TIFFTAG_IMAGELENGTH, 1);
        TIFFSetField(made, TIFFTAG_SAMPLESPERPIXEL, 3);
        TIFFSetField(made, TIFFTAG_BITSPERSAMPLE, bitsPerSample);
        TIFFSetField(made, TIFFTAG_SAMPLEFORMAT, sampleFormat);
        TIFFSetField(made, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
        TIFFSetField(made, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
        TIFFSetField(made, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
        Bytes row(static_cast<std::size_t>(16 * 3 * bitsPerSample / 8), 77);
        TIFFWriteScanline(made, row.data(), 0);
        TIFFWriteDirectory(made);
    }
    TIFFClose(made);
    return textBytes(readFile(place));
}

} // namespace auroraedge::testing
