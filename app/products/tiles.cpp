#include "app/products/tiles.h"

#include "app/imaging/pixel_buffer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <random>
#include <set>
#include <tuple>
#include <utility>

namespace auroraedge::app {
namespace {

using Random = std::mt19937_64;

constexpr std::size_t kMostPerBox = 12; ///< placements
constexpr int kRimPx = 4;               ///< round a box, not clean: boxes are drawn by hand
constexpr int kTries = 30;              ///< for a clean place
constexpr std::size_t kTwinReach = 20;  ///< records, before and after

/// Not std::uniform_int_distribution, whose numbers differ from library to library.
int between(int low, int high, Random &random)
{
    return low + static_cast<int>(random() % static_cast<std::uint64_t>(high - low + 1));
}

std::vector<int> startsAlong(int length, int side, int stride)
{
    std::vector<int> starts{0};
    while (starts.back() + side < length)
        starts.push_back(std::min(starts.back() + stride, length - side));
    return starts;
}

/// Where a tile may begin so that it lies in the picture: 0 to this.
int lastStart(int length, int side) { return std::max(0, length - side); }

/// A tile's start so that the defect lies whole in it; one that is longer than the tile goes through its middle.
int startAround(int begin, int length, int side, int pictureLength, Random &random)
{
    const int last = lastStart(pictureLength, side);
    if (length > side) {
        const int middle = between(begin, begin + length - 1, random);
        return std::clamp(middle - side / 2, 0, last);
    }
    const int low = std::clamp(begin + length - side, 0, last), high = std::clamp(begin, low, last);
    return between(low, high, random);
}

int overlap(int begin, int length, int otherBegin, int otherLength)
{
    return std::max(0, std::min(begin + length, otherBegin + otherLength) - std::max(begin, otherBegin));
}

class Tiling final
{
public:
    Tiling(std::span<const ReviewedRecord> records, const TilingOptions &options)
        : m_records(records), m_options(options), m_random(options.seed)
    {
        for (std::size_t i = 0; i < records.size(); ++i) {
            if (!records[i].isBad())
                m_good.push_back(i);
        }
        std::shuffle(m_good.begin(), m_good.end(), m_random);
    }

    std::vector<TrainingTile> tiles()
    {
        addBad();
        addGood();
        std::ranges::sort(m_tiles, {}, [](const TrainingTile &tile) { return std::tuple(tile.record, tile.box.y, tile.box.x); });
        return std::move(m_tiles);
    }

private:
    /// False for a place that is there already.
    bool add(std::size_t record, const PixelBox &box, std::vector<LabelledDefect> defects)
    {
        if (!m_taken.insert({record, box.x, box.y}).second)
            return false;
        m_tiles.push_back({record, box, std::move(defects)});
        return true;
    }
    void addBad()
    {
        std::vector<std::pair<std::size_t, const LabelledDefect *>> all;
        for (std::size_t i = 0; i < m_records.size(); ++i) {
            for (const LabelledDefect &defect : m_records[i].defects)
                all.emplace_back(i, &defect);
        }
        const std::size_t most = std::max<std::size_t>(1, m_options.most / 2), used = std::min(most, all.size());
        const std::size_t placements = used == 0 ? 0 : std::clamp<std::size_t>(most / used, 1, kMostPerBox);
        for (std::size_t i = 0; i < used; ++i) {
            const auto &[record, defect] = all[i * all.size() / used]; // spread over all of them
            for (std::size_t placement = 0; placement < placements; ++placement) {
                const ReviewedRecord &picture = m_records[record];
                const int side = m_options.side;
                const PixelBox box{startAround(defect->box.x, defect->box.width, side, picture.widthPx, m_random),
                                   startAround(defect->box.y, defect->box.height, side, picture.heightPx, m_random), side, side};
                std::vector<LabelledDefect> inside = defectsIn(box, picture.defects);
                if (inside.empty()) // a corner of a huge defect: still the one that was asked for
                    inside = {{defect->name, {0, 0, side, side}}};
                add(record, box, std::move(inside));
            }
        }
    }
    [[nodiscard]] bool hasWhole(std::size_t record, const PixelBox &box) const
    {
        const ReviewedRecord &picture = m_records[record];
        return box.x <= lastStart(picture.widthPx, box.width) && box.y <= lastStart(picture.heightPx, box.height);
    }
    PixelBox anywhereIn(const ReviewedRecord &picture)
    {
        const int side = m_options.side;
        return {between(0, lastStart(picture.widthPx, side), m_random), between(0, lastStart(picture.heightPx, side), m_random), side, side};
    }
    bool addCleanOf(std::size_t record)
    {
        const ReviewedRecord &picture = m_records[record];
        if (picture.isBadSomewhere) // perhaps here
            return false;
        for (int i = 0; i < kTries; ++i) {
            const PixelBox box = anywhereIn(picture);
            if (isClean(box, picture.defects) && add(record, box, {}))
                return true;
        }
        return false;
    }
    /// Of the next good picture that has a whole tile there, each in its turn.
    bool addSamePlace(const PixelBox &box)
    {
        for (std::size_t tried = 0; tried < m_good.size(); ++tried) {
            const std::size_t record = m_good[m_nextGood++ % m_good.size()];
            if (hasWhole(record, box))
                return add(record, box, {});
        }
        return false;
    }
    /// Of the good picture that is most like @p bad: records come in the order in which they were looked at, so that the
    /// nearest of the same group is the same part, or one under the same light. What differs there is the defect.
    bool addTwinOf(const TrainingTile &bad)
    {
        const auto isTwin = [&](std::size_t record) {
            return record < m_records.size() && !m_records[record].isBad() && m_records[record].group == m_records[bad.record].group
                && hasWhole(record, bad.box);
        };
        for (std::size_t distance = 1; distance <= kTwinReach; ++distance) {
            for (const std::size_t record : {bad.record + distance, bad.record - distance}) { // below 0 is beyond the end
                if (isTwin(record) && add(record, bad.box, {}))
                    return true;
            }
        }
        return false;
    }
    void addGood()
    {
        const std::vector<TrainingTile> bad = m_tiles; // by value: it grows meanwhile
        // Good pictures cost nothing to label; where there are many of them, up to two good tiles a bad one.
        const std::size_t wanted = bad.empty() ? m_good.size() : std::clamp(m_good.size(), bad.size(), 2 * bad.size());
        for (std::size_t i = 0; i < wanted; ++i) {
            const TrainingTile *like = bad.empty() ? nullptr : &bad[i % bad.size()];
            const bool isAdded = like
                && (i % 2 == 0 ? (i % 6 != 4 && addTwinOf(*like)) || addSamePlace(like->box) || addCleanOf(like->record)
                               : addCleanOf(like->record) || addSamePlace(like->box));
            if (!isAdded && !m_good.empty())
                addCleanOf(m_good[m_nextGood++ % m_good.size()]);
        }
    }

    std::span<const ReviewedRecord> m_records;
    const TilingOptions &m_options;
    Random m_random;
    std::vector<std::size_t> m_good; ///< records, in the order of their turns
    std::size_t m_nextGood = 0;
    std::vector<TrainingTile> m_tiles;
    std::set<std::tuple<std::size_t, int, int>> m_taken;
};

} // namespace

std::vector<PixelBox> inspectionTiles(int widthPx, int heightPx, int side, int stride)
{
    std::vector<PixelBox> tiles;
    for (const int y : startsAlong(heightPx, side, stride)) {
        for (const int x : startsAlong(widthPx, side, stride))
            tiles.push_back({x, y, side, side});
    }
    return tiles;
}

Frame cutTile(const Frame &picture, const PixelBox &tile)
{
    const int width = std::min(tile.width, picture.widthPx - tile.x), height = std::min(tile.height, picture.heightPx - tile.y);
    const Frame inside = cropped(picture, {tile.x, tile.y, width, height});
    if (width == tile.width && height == tile.height)
        return inside;
    const PixelBuffer pixels(tile.width, tile.height);
    for (int y = 0; y < tile.height; ++y) {
        const std::uint8_t *row = inside.row(std::min(y, height - 1));
        std::uint8_t *out = std::copy_n(row, 3 * width, pixels.pixel(0, y));
        for (int x = width; x < tile.width; ++x)
            out = std::copy_n(row + std::ptrdiff_t{3} * (width - 1), 3, out);
    }
    Frame whole = pixels.toFrame();
    whole.source = picture.source;
    return whole;
}

std::vector<LabelledDefect> defectsIn(const PixelBox &tile, std::span<const LabelledDefect> defects)
{
    std::vector<LabelledDefect> inside;
    for (const auto &[name, box] : defects) {
        const int width = overlap(tile.x, tile.width, box.x, box.width), height = overlap(tile.y, tile.height, box.y, box.height);
        if (width > 0 && height > 0 && 4LL * width * height >= 1LL * box.width * box.height)
            inside.push_back({name, {std::max(box.x - tile.x, 0), std::max(box.y - tile.y, 0), width, height}});
    }
    return inside;
}

bool isClean(const PixelBox &tile, std::span<const LabelledDefect> defects)
{
    return std::ranges::none_of(defects, [&](const LabelledDefect &defect) {
        const PixelBox &box = defect.box;
        return overlap(tile.x, tile.width, box.x - kRimPx, box.width + 2 * kRimPx) > 0
            && overlap(tile.y, tile.height, box.y - kRimPx, box.height + 2 * kRimPx) > 0;
    });
}

std::vector<TrainingTile> trainingTiles(std::span<const ReviewedRecord> records, const TilingOptions &options)
{
    return Tiling(records, options).tiles();
}

std::string tileAddress(const std::string &picture, const PixelBox &box)
{
    return picture + '#' + std::to_string(box.x) + ',' + std::to_string(box.y) + ',' + std::to_string(box.width) + ',' + std::to_string(box.height);
}

Result<TilePlace> tilePlaceOf(const std::string &address)
{
    const std::size_t mark = address.rfind('#'); // a path may hold another
    std::array<int, 4> sides{};
    const char *at = address.data() + (mark == std::string::npos ? address.size() : mark), *const end = address.data() + address.size();
    for (int &side : sides) {
        const auto [next, problem] = at == end ? std::from_chars_result{end, std::errc::invalid_argument} : std::from_chars(at + 1, end, side);
        if (problem != std::errc())
            return failure(code::Internal, "'" + address + "' names no tile", address);
        at = next;
    }
    return TilePlace{address.substr(0, mark), {sides[0], sides[1], sides[2], sides[3]}};
}

} // namespace auroraedge::app
