#include "app/imaging/picture_decoder.h"

#include "app/imaging/picture_encoder.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_frame.h"

#include <gmock/gmock.h>
#include <opencv2/imgcodecs.hpp>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <tiffio.h>
#include <turbojpeg.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <functional>
#include <random>

namespace auroraedge::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TemporaryFolder;
using testing::testFrame;
using Bytes = std::vector<std::uint8_t>;

Bytes jpeg() { return *encodeJpeg(testFrame(160, 120)); }
Bytes png() { return *encodePng(testFrame()); }

std::string codeOf(const Bytes &bytes, const std::string &name = "part7.jpg", const PictureLimits &limits = {})
{
    const Result<DecodedPicture> picture = decodePicture(bytes, name, limits);
    return picture ? "accepted" : std::string(picture.error().code.text());
}

std::string messageOf(const Bytes &bytes, const std::string &name = "part7.jpg")
{
    const Result<DecodedPicture> picture = decodePicture(bytes, name);
    return picture ? "accepted" : picture.error().message;
}

void appendBig(Bytes &bytes, std::uint32_t value, int count)
{
    for (int i = count - 1; i >= 0; --i)
        bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

std::uint32_t crcOf(const Bytes &bytes)
{
    std::uint32_t crc = 0xFFFFFFFFU;
    for (const std::uint8_t byte : bytes) {
        crc ^= byte;
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc & 1) != 0 ? 0xEDB88320U ^ (crc >> 1) : crc >> 1;
    }
    return ~crc;
}

Bytes pngChunk(const std::string &type, const Bytes &body)
{
    Bytes chunk;
    chunk.reserve(12 + body.size());
    appendBig(chunk, static_cast<std::uint32_t>(body.size()), 4);
    Bytes checked(type.begin(), type.end());
    checked.insert(checked.end(), body.begin(), body.end());
    chunk.insert(chunk.end(), checked.begin(), checked.end());
    appendBig(chunk, crcOf(checked), 4);
    return chunk;
}

/// A chunk put after IHDR, which ends at byte 33.
Bytes pngWith(const std::string &type, const Bytes &body)
{
    Bytes file = png();
    const Bytes chunk = pngChunk(type, body);
    file.insert(file.begin() + 33, chunk.begin(), chunk.end());
    return file;
}

Bytes pngClaiming(std::uint32_t width, std::uint32_t height)
{
    Bytes file = png();
    file.resize(16);
    appendBig(file, width, 4);
    appendBig(file, height, 4);
    file.resize(100);
    return file;
}

Bytes exif(int orientation, bool isBroken = false)
{
    Bytes body = {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0};
    body[19] = static_cast<std::uint8_t>(orientation);
    if (isBroken)
        body[4] = 0x7F; // the directory lies far outside
    return body;
}

Bytes jpegWithSegment(std::uint8_t marker, const std::string &signature, const Bytes &body)
{
    Bytes file = jpeg();
    Bytes segment;
    segment.reserve(4 + signature.size() + body.size());
    appendBig(segment, 0xFF00U | marker, 2);
    appendBig(segment, static_cast<std::uint32_t>(2 + signature.size() + body.size()), 2);
    segment.insert(segment.end(), signature.begin(), signature.end());
    segment.insert(segment.end(), body.begin(), body.end());
    file.insert(file.begin() + 2, segment.begin(), segment.end());
    return file;
}

Bytes jpegWithExif(const Bytes &body) { return jpegWithSegment(0xE1, std::string("Exif\0\0", 6), body); }

Bytes encoded(const std::string &extension, const cv::Mat &picture)
{
    Bytes bytes;
    EXPECT_TRUE(cv::imencode(extension, picture, bytes));
    return bytes;
}

cv::Mat colourful(int type)
{
    cv::Mat picture(24, 32, type);
    cv::randu(picture, cv::Scalar::all(0), cv::Scalar::all(255));
    return picture;
}

/// Writes a TIFF with libtiff; @p fill sets the tags of each page and writes its rows.
Bytes tiff(int pages, const std::function<void(TIFF *)> &fill)
{
    const TemporaryFolder folder;
    const std::filesystem::path file = folder / "made.tif";
    TIFF *made = TIFFOpen(file.c_str(), "w");
    for (int page = 0; page < pages; ++page) {
        fill(made);
        TIFFWriteDirectory(made);
    }
    TIFFClose(made);
    const std::string text = testing::readFile(file);
    return {text.begin(), text.end()};
}

void rgbPage(TIFF *made, int samples = 3, int bits = 8, int format = SAMPLEFORMAT_UINT,
             int photometric = PHOTOMETRIC_RGB, int compression = COMPRESSION_LZW)
{
    TIFFSetField(made, TIFFTAG_IMAGEWIDTH, 16);
    TIFFSetField(made, TIFFTAG_IMAGELENGTH, 8);
    TIFFSetField(made, TIFFTAG_SAMPLESPERPIXEL, samples);
    TIFFSetField(made, TIFFTAG_BITSPERSAMPLE, bits);
    TIFFSetField(made, TIFFTAG_SAMPLEFORMAT, format);
    TIFFSetField(made, TIFFTAG_PHOTOMETRIC, photometric);
    TIFFSetField(made, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(made, TIFFTAG_COMPRESSION, compression);
    TIFFSetField(made, TIFFTAG_ROWSPERSTRIP, 4);
    if (photometric == PHOTOMETRIC_RGB && samples == 4) {
        const std::uint16_t alpha = EXTRASAMPLE_UNASSALPHA;
        TIFFSetField(made, TIFFTAG_EXTRASAMPLES, 1, &alpha);
    }
    Bytes row(static_cast<std::size_t>(16 * samples * bits / 8));
    for (std::uint32_t y = 0; y < 8; ++y) {
        for (std::size_t i = 0; i < row.size(); ++i)
            row[i] = static_cast<std::uint8_t>(37 * i + 11 * y);
        TIFFWriteScanline(made, row.data(), y);
    }
}

TEST(PictureDecoder, KeepsThePixelsOfAPng)
{
    const Frame original = testFrame();
    const Result<DecodedPicture> picture = decodePicture(png(), "a.png");
    ASSERT_TRUE(picture);
    EXPECT_EQ(picture->frame.widthPx, 48);
    EXPECT_EQ(picture->frame.heightPx, 32);
    for (int y = 0; y < 32; ++y)
        ASSERT_EQ(memcmp(picture->frame.row(y), original.row(y), 3 * 48), 0) << y;
    EXPECT_THAT(picture->notes, IsEmpty());
}

TEST(PictureDecoder, KeepsTheColoursOfAJpeg)
{
    const Result<DecodedPicture> picture = decodePicture(jpeg(), "a.jpg");
    ASSERT_TRUE(picture) << picture.error().message;
    const Frame original = testFrame(160, 120);
    for (const auto &[x, y] : {std::pair(20, 20), std::pair(140, 20), std::pair(20, 100), std::pair(140, 100)}) {
        for (int c = 0; c < 3; ++c)
            EXPECT_NEAR(picture->frame.row(y)[3 * x + c], original.row(y)[3 * x + c], 6) << x << ' ' << y << ' ' << c;
    }
}

TEST(PictureDecoder, NamesThePictureByTheHashOfItsBytes)
{
    const Bytes abc = {'a', 'b', 'c'};
    const TemporaryFolder folder;
    const std::filesystem::path file = folder.write("x.png", png());
    const Result<DecodedPicture> fromFile = decodePicture(file);
    const Result<DecodedPicture> fromBytes = decodePicture(png(), "y.png");
    ASSERT_TRUE(fromFile && fromBytes);
    EXPECT_EQ(fromFile->sha256, fromBytes->sha256);
    EXPECT_EQ(fromFile->sha256.size(), 64U);
    EXPECT_EQ(fromFile->frame.source, file.string());
    EXPECT_EQ(fromFile->bytes, png());
}

TEST(PictureDecoder, RefusesAnEmptyFile)
{
    EXPECT_EQ(codeOf({}), "IMG-01");
    EXPECT_EQ(messageOf({}), "part7.jpg is empty (0 bytes)");
}

TEST(PictureDecoder, RefusesAJpegCutAnywhere)
{
    const Bytes whole = jpeg();
    for (std::size_t percent = 1; percent < 100; ++percent) {
        const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(whole.size() * percent / 100));
        EXPECT_EQ(codeOf(cut), "IMG-02") << percent << " %";
    }
    EXPECT_EQ(codeOf(Bytes(whole.begin(), whole.end() - 2)), "IMG-02") << "no end marker";
    EXPECT_EQ(messageOf(Bytes(whole.begin(), whole.end() - 2)),
              "part7.jpg is incomplete: picture data ends early");
}

TEST(PictureDecoder, RefusesAJpegWhoseMissingPartWasClosedWithAnEndMarker)
{
    Bytes file = jpeg();
    file.resize(file.size() / 2);
    file.push_back(0xFF);
    file.push_back(0xD9);
    EXPECT_THAT(codeOf(file), ::testing::AnyOf("IMG-02", "IMG-03"));
}

TEST(PictureDecoder, RefusesAJpegWithADamagedBlock)
{
    Bytes file = *encodeJpeg(testFrame(640, 480), 95);
    const std::size_t middle = file.size() / 2;
    for (std::size_t i = 0; i < 400; ++i)
        file[middle + i] = static_cast<std::uint8_t>(i * 31 % 255); // no 0xFF: no marker appears
    EXPECT_EQ(codeOf(file), "IMG-03");
}

TEST(PictureDecoder, RefusesAPngCutAnywhere)
{
    const Bytes whole = png();
    for (std::size_t size = 8; size < whole.size(); size += 7)
        EXPECT_EQ(codeOf(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))), "IMG-02") << size;
}

TEST(PictureDecoder, RefusesAPngWithOneWrongByte)
{
    Bytes file = png();
    file[file.size() / 2] ^= 1;
    EXPECT_EQ(messageOf(file), "part7.jpg is damaged: checksum error in the image data");
    EXPECT_EQ(codeOf(file), "IMG-03");
}

TEST(PictureDecoder, RefusesAPngWithASecondHeader)
{
    EXPECT_EQ(messageOf(pngWith("IHDR", {})), "part7.jpg is damaged: there are two image headers");
    EXPECT_EQ(codeOf(pngWith("IHDR", Bytes(13))), "IMG-03");
}

TEST(PictureDecoder, RefusesAClaimOfTooManyPixelsBeforeAnyAllocation)
{
    EXPECT_EQ(messageOf(pngClaiming(60000, 60000)), "part7.jpg: 60000 x 60000 = 3600 megapixels; limit is 50");
    EXPECT_EQ(messageOf(pngClaiming(7100, 7100)), "part7.jpg: 7100 x 7100 = 50.4 megapixels; limit is 50");
    EXPECT_EQ(messageOf(pngClaiming(7072, 7071)), "part7.jpg: 7072 x 7071 = 50.01 megapixels; limit is 50");
    EXPECT_EQ(codeOf(pngClaiming(20000, 20000)), "IMG-04");
    EXPECT_EQ(codeOf(pngClaiming(0xFFFFFFFF, 0xFFFFFFFF)), "IMG-04");
    const std::string map = "P6\n20000 20000\n255\n";
    EXPECT_EQ(codeOf(Bytes(map.begin(), map.end())), "IMG-04");
    Bytes bitmap = encoded(".bmp", colourful(CV_8UC3));
    bitmap[20] = 0x7F;
    EXPECT_EQ(codeOf(bitmap), "IMG-04");
}

TEST(PictureDecoder, RefusesAPictureWithoutPixels)
{
    EXPECT_EQ(messageOf(pngClaiming(0, 10)), "part7.jpg: image has no pixels (0 x 10)");
    EXPECT_EQ(codeOf(pngClaiming(0, 10)), "IMG-05");
}

TEST(PictureDecoder, JudgesByContentNotByName)
{
    const std::string text = "just a note";
    EXPECT_EQ(messageOf(Bytes(text.begin(), text.end())), "part7.jpg: content is not JPEG, PNG, BMP or TIFF");
    EXPECT_EQ(codeOf(Bytes(text.begin(), text.end())), "IMG-07");
    const Result<DecodedPicture> picture = decodePicture(png(), "part7.jpg");
    ASSERT_TRUE(picture);
    EXPECT_THAT(picture->notes, ElementsAre("content is PNG"));
}

TEST(PictureDecoder, RefusesGifAndWebp)
{
    const std::string gif = "GIF89a rest of it";
    EXPECT_EQ(messageOf(Bytes(gif.begin(), gif.end())),
              "part7.jpg: animated or unsupported format (GIF); use a still image");
    const std::string webp = "RIFF....WEBPVP8 ";
    EXPECT_EQ(codeOf(Bytes(webp.begin(), webp.end())), "IMG-08");
}

TEST(PictureDecoder, RefusesAnAnimatedPng)
{
    const Bytes file = pngWith("acTL", {0, 0, 0, 12, 0, 0, 0, 0});
    EXPECT_EQ(messageOf(file), "part7.jpg: file has 12 frames; a still image is needed");
    EXPECT_EQ(messageOf(pngWith("acTL", {0, 0, 0, 1, 0, 0, 0, 0})), "part7.jpg: file has 1 frame of an animation; a still image is needed");
    EXPECT_EQ(codeOf(file), "IMG-08");
}

TEST(PictureDecoder, RefusesATiffOfSeveralPages)
{
    const Bytes file = tiff(2, [](TIFF *made) { rgbPage(made); });
    EXPECT_EQ(codeOf(file), "IMG-09");
    EXPECT_THAT(messageOf(file), HasSubstr("file has 2 pages"));
}

TEST(PictureDecoder, RefusesCmyk)
{
    Bytes pixels(4 * 16 * 16, 90);
    unsigned char *made = nullptr;
    unsigned long size = 0;
    const tjhandle encoder = tjInitCompress();
    ASSERT_EQ(tjCompress2(encoder, pixels.data(), 16, 0, 16, TJPF_CMYK, &made, &size, TJSAMP_444, 90, 0), 0);
    EXPECT_EQ(codeOf(Bytes(made, made + size)), "IMG-10");
    tjFree(made);
    tjDestroy(encoder);
    const Bytes separated
        = tiff(1, [](TIFF *page) { rgbPage(page, 4, 8, SAMPLEFORMAT_UINT, PHOTOMETRIC_SEPARATED); });
    EXPECT_EQ(codeOf(separated), "IMG-10");
}

TEST(PictureDecoder, RefusesSixteenBitAndFloatPixels)
{
    cv::Mat deep(8, 8, CV_16UC3, cv::Scalar::all(4000));
    EXPECT_EQ(codeOf(encoded(".png", deep)), "IMG-11");
    EXPECT_EQ(messageOf(encoded(".png", deep)), "part7.jpg: 16-bit image: recipe gives no scaling");
    EXPECT_EQ(codeOf(tiff(1, [](TIFF *made) { rgbPage(made, 3, 16); })), "IMG-11");
    const Bytes floats = tiff(1, [](TIFF *made) { rgbPage(made, 3, 32, SAMPLEFORMAT_IEEEFP); });
    EXPECT_EQ(messageOf(floats), "part7.jpg: float pixels are not supported");
}

TEST(PictureDecoder, ComposesTransparencyOnWhiteAndSaysSo)
{
    cv::Mat glass(4, 4, CV_8UC4, cv::Scalar(0, 0, 200, 0)); // wholly transparent
    glass.at<cv::Vec4b>(1, 1) = {10, 20, 30, 255};
    glass.at<cv::Vec4b>(2, 2) = {0, 0, 0, 51};
    const Result<DecodedPicture> picture = decodePicture(encoded(".png", glass), "a.png");
    ASSERT_TRUE(picture);
    EXPECT_THAT(picture->notes, ElementsAre("transparency composed on white"));
    const auto at = [&](int x, int y) {
        const std::uint8_t *pixel = picture->frame.row(y) + 3 * x;
        return std::array<int, 3>{pixel[0], pixel[1], pixel[2]};
    };
    EXPECT_EQ(at(0, 0), (std::array{255, 255, 255}));
    EXPECT_EQ(at(1, 1), (std::array{30, 20, 10}));
    EXPECT_EQ(at(2, 2), (std::array{204, 204, 204}));
}

TEST(PictureDecoder, DoesNotMentionAlphaThatHidesNothing)
{
    const cv::Mat solid(4, 4, CV_8UC4, cv::Scalar(1, 2, 3, 255));
    const Result<DecodedPicture> picture = decodePicture(encoded(".png", solid), "a.png");
    ASSERT_TRUE(picture);
    EXPECT_THAT(picture->notes, IsEmpty());
}

TEST(PictureDecoder, ShowsGreyAsRgbAndSaysSo)
{
    for (const char *extension : {".png", ".jpg", ".tif"}) {
        SCOPED_TRACE(extension);
        const cv::Mat grey = cv::Mat(16, 16, CV_8UC1, cv::Scalar(77));
        const Result<DecodedPicture> picture
            = decodePicture(encoded(extension, grey), std::string("a") + extension);
        ASSERT_TRUE(picture) << picture.error().message;
        EXPECT_THAT(picture->notes, ElementsAre("grey image shown as RGB"));
        for (int c = 0; c < 3; ++c)
            EXPECT_NEAR(picture->frame.row(7)[3 * 7 + c], 77, 1);
    }
}

/// Where the stored picture's top left corner is shown, for each EXIF orientation: {right?, bottom?}.
TEST(PictureDecoder, TurnsAPictureUprightOnce)
{
    const Frame original = testFrame(160, 120);
    const bool right[] = {false, true, true, false, false, true, true, false};
    const bool bottom[] = {false, false, true, true, false, false, true, true};
    for (int orientation = 1; orientation <= 8; ++orientation) {
        SCOPED_TRACE(orientation);
        const Result<DecodedPicture> picture = decodePicture(jpegWithExif(exif(orientation)), "a.jpg");
        ASSERT_TRUE(picture) << picture.error().message;
        const bool isTurned = orientation >= 5;
        EXPECT_EQ(picture->frame.widthPx, isTurned ? 120 : 160);
        EXPECT_EQ(picture->frame.heightPx, isTurned ? 160 : 120);
        const auto index = static_cast<std::size_t>(orientation - 1);
        const int x = right[index] ? picture->frame.widthPx - 1 : 0;
        const int y = bottom[index] ? picture->frame.heightPx - 1 : 0;
        for (int c = 0; c < 3; ++c)
            EXPECT_NEAR(picture->frame.row(y)[3 * x + c], original.row(0)[c], 8);
        if (orientation == 1)
            EXPECT_THAT(picture->notes, IsEmpty());
        else
            EXPECT_THAT(picture->notes,
                        ElementsAre("turned upright (EXIF orientation " + std::to_string(orientation) + ")"));
    }
}

TEST(PictureDecoder, TurnsPngAndTiffTheSameWay)
{
    const Result<DecodedPicture> fromPng = decodePicture(pngWith("eXIf", exif(6)), "a.png");
    ASSERT_TRUE(fromPng) << fromPng.error().message;
    EXPECT_EQ(fromPng->frame.widthPx, 32);
    EXPECT_EQ(fromPng->frame.heightPx, 48);
    for (const int orientation : {1, 3, 6}) {
        SCOPED_TRACE(orientation);
        const Bytes file = tiff(1, [&](TIFF *made) {
            TIFFSetField(made, TIFFTAG_ORIENTATION, orientation);
            rgbPage(made);
        });
        const Result<DecodedPicture> picture = decodePicture(file, "a.tif");
        ASSERT_TRUE(picture) << picture.error().message;
        const int x = orientation == 1 ? 0 : picture->frame.widthPx - 1;
        const int y = orientation == 3 ? picture->frame.heightPx - 1 : 0;
        const std::uint8_t *corner = picture->frame.row(y) + 3 * x;
        EXPECT_THAT(std::vector<int>(corner, corner + 3), ElementsAre(0, 37, 74));
    }
}

TEST(PictureDecoder, RefusesBrokenOrHugeMetadata)
{
    EXPECT_EQ(codeOf(jpegWithExif(exif(1, /*isBroken=*/true))), "IMG-14");
    EXPECT_EQ(codeOf(jpegWithExif({'X', 'X'})), "IMG-14");
    EXPECT_EQ(codeOf(pngWith("eXIf", {1, 2, 3})), "IMG-14");
    EXPECT_EQ(codeOf(pngWith("iCCP", Bytes((1 << 20) + 1))), "IMG-14");
    EXPECT_EQ(codeOf(jpegWithSegment(0xE2, std::string("ICC_PROFILE\0\1\1", 14), Bytes(40))), "IMG-14");
    PictureLimits small;
    small.maxMetadataBytes = 1000;
    EXPECT_EQ(codeOf(jpegWithSegment(0xED, "Photoshop", Bytes(2000)), "a.jpg", small), "IMG-14");
}

TEST(PictureDecoder, RefusesTooManyScans)
{
    Bytes file = jpeg();
    const Bytes scanStart = {0xFF, 0xDA};
    const auto scan = std::search(file.begin(), file.end(), scanStart.begin(), scanStart.end());
    const Bytes repeated(scan, file.end() - 2);
    file.resize(file.size() - 2);
    for (int i = 0; i < 500; ++i)
        file.insert(file.end(), repeated.begin(), repeated.end());
    file.insert(file.end(), {0xFF, 0xD9});
    EXPECT_EQ(messageOf(file), "part7.jpg: too many scans (limit 500)");
    EXPECT_EQ(codeOf(file), "IMG-15");
}

TEST(PictureDecoder, ReadsTiffAndRefusesItCutOrDamaged)
{
    const Bytes whole = tiff(1, [](TIFF *made) { rgbPage(made); });
    const Result<DecodedPicture> picture = decodePicture(whole, "a.tif");
    ASSERT_TRUE(picture) << picture.error().message;
    EXPECT_EQ(picture->frame.row(3)[3 * 5 + 1], static_cast<std::uint8_t>(37 * 16 + 33));
    for (std::size_t size = 4; size < whole.size(); size += 9) {
        const std::string code = codeOf(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
        EXPECT_THAT(code, ::testing::AnyOf("IMG-02", "IMG-03")) << size;
    }
    Bytes broken = whole;
    for (std::size_t i = 8; i < 60; ++i)
        broken[i] = 0xEE; // inside the first LZW strip
    EXPECT_EQ(codeOf(broken), "IMG-03");
}

TEST(PictureDecoder, ReadsAFaxAndRefusesOneOfRandomBytes)
{
    for (const int compression : {COMPRESSION_CCITTRLE, COMPRESSION_CCITTFAX3, COMPRESSION_CCITTFAX4}) {
        SCOPED_TRACE(compression);
        const auto page = [&](TIFF *made, bool isRandom) {
            TIFFSetField(made, TIFFTAG_IMAGEWIDTH, 640);
            TIFFSetField(made, TIFFTAG_IMAGELENGTH, 64);
            TIFFSetField(made, TIFFTAG_BITSPERSAMPLE, 1);
            TIFFSetField(made, TIFFTAG_SAMPLESPERPIXEL, 1);
            TIFFSetField(made, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISWHITE);
            TIFFSetField(made, TIFFTAG_COMPRESSION, compression);
            TIFFSetField(made, TIFFTAG_ROWSPERSTRIP, 64);
            std::mt19937 random(7);
            Bytes strip(640 / 8 * 64, 0x3C);
            if (isRandom) {
                std::ranges::generate(strip, [&] { return static_cast<std::uint8_t>(random()); });
                TIFFWriteRawStrip(made, 0, strip.data(), static_cast<tmsize_t>(strip.size()));
            } else {
                TIFFWriteEncodedStrip(made, 0, strip.data(), static_cast<tmsize_t>(strip.size()));
            }
        };
        EXPECT_EQ(codeOf(tiff(1, [&](TIFF *made) { page(made, false); })), "accepted");
        EXPECT_EQ(codeOf(tiff(1, [&](TIFF *made) { page(made, true); })), "IMG-03");
    }
}

TEST(PictureDecoder, ReadsAlphaOfTiff)
{
    const Bytes file = tiff(1, [](TIFF *made) { rgbPage(made, 4); });
    const Result<DecodedPicture> picture = decodePicture(file, "a.tif");
    ASSERT_TRUE(picture) << picture.error().message;
    EXPECT_THAT(picture->notes, ElementsAre("transparency composed on white"));
    // Pixel 0: 0, 37, 74 with alpha 111 over white.
    EXPECT_NEAR(picture->frame.row(0)[0], 144, 2);
    EXPECT_NEAR(picture->frame.row(0)[2], 144 + 74 * 111 / 255, 2);
}

TEST(PictureDecoder, ReadsBmpAndRefusesItCut)
{
    const cv::Mat original = colourful(CV_8UC3);
    const Bytes whole = encoded(".bmp", original);
    const Result<DecodedPicture> picture = decodePicture(whole, "a.bmp");
    ASSERT_TRUE(picture) << picture.error().message;
    EXPECT_EQ(picture->frame.row(5)[3 * 9], original.at<cv::Vec3b>(5, 9)[2]);
    for (std::size_t size = 2; size < whole.size(); size += 97)
        EXPECT_EQ(codeOf(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))), "IMG-02") << size;
    Bytes compressed = whole;
    compressed[30] = 1;
    EXPECT_EQ(codeOf(compressed), "IMG-08");
}

TEST(PictureDecoder, AcceptsAndNotesBytesAfterTheImage)
{
    for (Bytes file : {jpeg(), png()}) {
        file.insert(file.end(), 4096, 'P');
        const Result<DecodedPicture> picture = decodePicture(file, "a");
        ASSERT_TRUE(picture) << picture.error().message;
        EXPECT_THAT(picture->notes, ElementsAre("4,096 bytes after image end"));
    }
}

TEST(PictureDecoder, RefusesRandomDamageOrGivesAWholePictureButNeverCrashes)
{
    std::uint32_t random = 7;
    const auto next = [&] { return random = random * 1664525U + 1013904223U; };
    const Bytes originals[] = {jpeg(), png(), encoded(".bmp", colourful(CV_8UC3)),
                               tiff(1, [](TIFF *made) { rgbPage(made); })};
    for (const Bytes &original : originals) {
        for (int round = 0; round < 400; ++round) {
            Bytes file = original;
            for (std::uint32_t i = 0; i <= next() % 8; ++i)
                file[next() / 7 % file.size()] = static_cast<std::uint8_t>(next() >> 24);
            const Result<DecodedPicture> picture = decodePicture(file, "fuzz");
            if (picture)
                EXPECT_FALSE(picture->frame.isEmpty()) << round;
            else
                EXPECT_EQ(picture.error().code.family(), "IMG") << round;
        }
    }
}

TEST(PictureFile, RefusesAFileOverTheLimitWithoutReadingIt)
{
    const TemporaryFolder folder;
    const std::filesystem::path file = folder.write("big.jpg", jpeg());
    std::filesystem::resize_file(file, std::uintmax_t{310} << 20); // sparse
    const Result<DecodedPicture> picture = decodePicture(file);
    ASSERT_FALSE(picture);
    EXPECT_EQ(picture.error().code, code::ImageFileTooLarge);
    EXPECT_EQ(picture.error().message, "big.jpg: size 310 MiB; limit 64");
}

TEST(PictureFile, TellsWhatIsNotAFile)
{
    const TemporaryFolder folder;
    ASSERT_EQ(mkfifo((folder / "pipe.jpg").c_str(), 0600), 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    (folder / "s.jpg").string().copy(address.sun_path, sizeof address.sun_path - 1);
    const int socketNumber = socket(AF_UNIX, SOCK_STREAM, 0);
    ASSERT_EQ(bind(socketNumber, reinterpret_cast<const sockaddr *>(&address), sizeof address), 0);
    for (const std::filesystem::path &path :
         {folder / "pipe.jpg", folder / "s.jpg", folder.path(), std::filesystem::path("/dev/zero")}) {
        SCOPED_TRACE(path);
        const Result<DecodedPicture> picture = decodePicture(path); // would block on the pipe
        ASSERT_FALSE(picture);
        EXPECT_EQ(picture.error().code, code::FileNotRegular);
    }
    close(socketNumber);
}

TEST(PictureFile, TellsWhatCannotBeOpened)
{
    const TemporaryFolder folder;
    const auto codeAt = [](const std::filesystem::path &path) {
        const Result<DecodedPicture> picture = decodePicture(path);
        return picture ? "accepted" : std::string(picture.error().code.text());
    };
    EXPECT_EQ(codeAt(folder / "none.jpg"), "FS-12");
    std::filesystem::create_symlink("b.jpg", folder / "a.jpg");
    std::filesystem::create_symlink("a.jpg", folder / "b.jpg");
    EXPECT_EQ(codeAt(folder / "a.jpg"), "FS-03");
    EXPECT_EQ(codeAt(folder / std::string(300, 'x')), "FS-05");
    EXPECT_EQ(codeAt(folder.write("empty.jpg", std::string())), "IMG-01");
}

TEST(PictureFile, TellsAMissingPermission)
{
    const TemporaryFolder folder;
    const std::filesystem::path file = folder.write("part7.jpg", jpeg());
    std::filesystem::permissions(file, std::filesystem::perms::none);
    const bool isRoot = geteuid() == 0; // root may read everything, so be somebody else meanwhile
    if (isRoot) {
        ASSERT_EQ(seteuid(65534), 0);
    }
    const Result<DecodedPicture> picture = decodePicture(file);
    if (isRoot) {
        ASSERT_EQ(seteuid(0), 0);
    }
    ASSERT_FALSE(picture);
    EXPECT_EQ(picture.error().code, code::FileUnreadable);
    EXPECT_EQ(picture.error().message, "no permission to read part7.jpg");
}

TEST(PictureEncoder, RefusesAnEmptyFrame)
{
    EXPECT_FALSE(encodeJpeg(Frame()));
    EXPECT_FALSE(encodePng(Frame()));
}

TEST(PictureEncoder, SavesJustTheCroppedPart)
{
    const Frame part = cropped(testFrame(), {8, 4, 16, 10});
    const Result<DecodedPicture> picture = decodePicture(*encodePng(part), "a.png");
    ASSERT_TRUE(picture);
    EXPECT_EQ(picture->frame.widthPx, 16);
    for (int y = 0; y < 10; ++y)
        EXPECT_EQ(memcmp(picture->frame.row(y), part.row(y), 48), 0);
}

TEST(PictureDecoder, ReadsEverySharedPhotograph)
{
    const std::filesystem::path shared = AURORAEDGE_SHARED_DIR;
    const std::filesystem::path folder = shared / "data/photos/images";
    if (!std::filesystem::exists(folder))
        GTEST_SKIP() << folder << " is not here";
    int count = 0;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file())
            continue;
        const Result<DecodedPicture> picture = decodePicture(entry.path());
        EXPECT_TRUE(picture) << picture.error().message;
        ++count;
    }
    EXPECT_GT(count, 0);
}

} // namespace
} // namespace auroraedge::app
