// Makes many pictures of a few: other light, another part, noise, so that no two are the same bytes. Every hundredth is an
// exact copy of an earlier one, as a folder of a camera has them. The same arguments give the same bytes.
//   perturbed_pictures OUT COUNT PICTURE|FOLDER...

#include "app/imaging/picture_decoder.h"
#include "app/imaging/picture_encoder.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace auroraedge;
namespace fs = std::filesystem;

Frame perturbed(const Frame &frame, std::mt19937 &random)
{
    const auto upTo = [&](int most) { return most > 0 ? static_cast<int>(random() % static_cast<unsigned>(most + 1)) : 0; };
    const int left = upTo(frame.widthPx / 20), top = upTo(frame.heightPx / 20);
    Frame part = cropped(frame, {left, top, frame.widthPx - left - upTo(frame.widthPx / 20), frame.heightPx - top - upTo(frame.heightPx / 20)});
    const int gain = 200 + upTo(112), offset = upTo(20) - 10; // of 256
    const auto pixels = std::make_shared<std::vector<std::uint8_t>>();
    pixels->reserve(static_cast<std::size_t>(part.widthPx) * static_cast<std::size_t>(part.heightPx) * 3);
    for (int y = 0; y < part.heightPx; ++y)
        for (int i = 0; i < 3 * part.widthPx; ++i)
            pixels->push_back(static_cast<std::uint8_t>(std::clamp(part.row(y)[i] * gain / 256 + offset + upTo(4) - 2, 0, 255)));
    part.pixels = std::shared_ptr<const std::uint8_t>(pixels, pixels->data());
    part.strideBytes = std::ptrdiff_t{3} * part.widthPx;
    return part;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 4) {
        std::fputs("perturbed_pictures OUT COUNT PICTURE|FOLDER...\n", stderr);
        return 2;
    }
    std::vector<Frame> frames;
    for (int i = 3; i < argc; ++i) {
        std::vector<fs::path> files;
        if (fs::is_directory(argv[i]))
            for (const fs::directory_entry &entry : fs::directory_iterator(argv[i]))
                files.push_back(entry.path());
        else
            files.emplace_back(argv[i]);
        std::sort(files.begin(), files.end());
        for (const fs::path &file : files)
            if (const Result<app::DecodedPicture> picture = app::decodePicture(file))
                frames.push_back(picture->frame);
    }
    if (frames.empty()) {
        std::fputs("none of these is a picture\n", stderr);
        return 4;
    }
    const int count = std::atoi(argv[2]);
    const fs::path out = argv[1];
    std::mt19937 random(1);
    for (int i = 0; i < count; ++i) {
        char name[32];
        std::snprintf(name, sizeof name, "%03d/part-%06d.jpg", i / 1000, i);
        fs::create_directories((out / name).parent_path());
        if (i % 100 == 99) {
            char earlier[32];
            const int which = static_cast<int>(random() % static_cast<unsigned>(i));
            std::snprintf(earlier, sizeof earlier, "%03d/part-%06d.jpg", which / 1000, which);
            fs::copy_file(out / earlier, out / name, fs::copy_options::overwrite_existing);
            continue;
        }
        const Result<std::vector<std::uint8_t>> jpeg = app::encodeJpeg(perturbed(frames[static_cast<std::size_t>(i) % frames.size()], random), 88);
        if (!jpeg)
            return 1;
        std::ofstream file(out / name, std::ios::binary);
        file.write(reinterpret_cast<const char *>(jpeg->data()), static_cast<std::streamsize>(jpeg->size()));
        if (!file.flush())
            return 5;
    }
    std::printf("%d pictures of %zu\n", count, frames.size());
    return 0;
}
