// drawing_sheet KIND FILE.png [FIRST [unfamiliar]]: 4 x 6 drawn pictures of a kind on one sheet, with what they show on
// standard output, for a look by eye.
#include "app/drawing/drawn_picture.h"
#include "app/imaging/picture_encoder.h"

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <memory>

using namespace auroraedge;
using namespace auroraedge::app;

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    constexpr int kColumns = 6, kRows = 4, kSide = 256;
    const auto bytes = std::make_shared<std::vector<std::uint8_t>>(std::size_t{kColumns} * kRows * kSide * kSide * 3);
    const std::uint64_t first = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 0;
    for (int i = 0; i < kColumns * kRows; ++i) {
        const DrawingAddress address{argv[1], first + static_cast<std::uint64_t>(i), argc > 4};
        const Frame frame = draw(address);
        for (int y = 0; y < kSide; ++y)
            std::memcpy(bytes->data() + ((static_cast<std::size_t>(i / kColumns) * kSide + static_cast<std::size_t>(y)) * kColumns + static_cast<std::size_t>(i % kColumns)) * kSide * 3,
                        frame.row(y), std::size_t{kSide} * 3);
        const DrawnScene scene = describe(address);
        std::cout << toText(address) << ':';
        for (const auto &[name, value] : scene.facts)
            std::cout << ' ' << name << '=' << value;
        for (const DrawnLabel &label : scene.labels)
            std::cout << " [" << label.name << ']';
        std::cout << '\n';
    }
    Frame sheet;
    sheet.pixels = {bytes, bytes->data()};
    sheet.widthPx = kColumns * kSide;
    sheet.heightPx = kRows * kSide;
    sheet.strideBytes = std::ptrdiff_t{3} * sheet.widthPx;
    const auto png = encodePng(sheet);
    if (!png)
        return 1;
    std::ofstream(argv[2], std::ios::binary).write(reinterpret_cast<const char *>(png->data()), static_cast<std::streamsize>(png->size()));
}
