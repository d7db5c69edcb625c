#include "app/imaging/picture_decoder.h"
#include "tests/fuzz/promise.h"

using namespace auroraedge;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    app::PictureLimits limits;
    limits.maxPixels = 1'000'000; // a claim of many pixels is just slow
    const auto picture = app::decodePicture(std::vector<std::uint8_t>(data, data + size), "fuzz", limits);
    if (!picture) {
        fuzzing::promise(!picture.error().message.empty());
        return 0;
    }
    const Frame &frame = picture->frame;
    fuzzing::promise(!frame.isEmpty() && std::int64_t{frame.widthPx} * frame.heightPx <= limits.maxPixels);
    fuzzing::promise(frame.strideBytes >= std::ptrdiff_t{3} * frame.widthPx);
    unsigned sum = 0; // every pixel can be read
    for (int y = 0; y < frame.heightPx; ++y)
        for (int x = 0; x < 3 * frame.widthPx; ++x)
            sum += frame.row(y)[x];
    fuzzing::promise(sum <= 255U * 3U * 1'000'000U);
    return 0;
}
