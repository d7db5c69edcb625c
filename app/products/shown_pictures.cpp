#include "app/products/shown_pictures.h"

#include "app/imaging/picture_decoder.h"
#include "app/imaging/registration.h"
#include "app/products/tiles.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>

namespace auroraedge::app {
namespace fs = std::filesystem;

/// Made once, by whoever comes first; the others wait for it.
struct ShownPictures::Slot
{
    std::once_flag isMade;
    std::optional<Result<Frame>> frame;
};

Result<Frame> shownPicture(const Frame &scan, const std::string &golden)
{
    if (golden.empty())
        return scan;
    const Result<DecodedPicture> decoded = decodePicture(fs::path(golden));
    if (!decoded)
        return failure(withContext(decoded.error(), "golden picture"));
    const Result<Frame> placed = registered(scan, decoded->frame);
    if (!placed)
        return failure(placed.error());
    return inspectionPlanes(scan, *placed);
}

Result<std::string> goldenFor(const Product &product, const fs::path &modelFolder, const std::string &given, const fs::path &picture)
{
    if (!product.usesGolden)
        return std::string();
    // A name is of the model folder, an absolute path stays what it is.
    const fs::path place = given.empty() ? (product.golden.empty() ? fs::path() : modelFolder / product.golden) : fs::path(given);
    if (place.empty())
        return failure(code::Usage, "this product compares each picture with a golden one: give it with --golden");
    std::error_code problem;
    if (!fs::is_directory(place, problem))
        return place.string();
    const fs::path own = place / picture.filename();
    if (fs::equivalent(own, picture, problem))
        return failure(code::Usage, "the golden picture of " + picture.filename().string() + " would be the picture itself; give others with --golden", own.string());
    return own.string();
}

bool haveSameBytes(const fs::path &a, const fs::path &b)
{
    std::error_code problem, otherProblem;
    if (fs::equivalent(a, b, problem))
        return true;
    if (fs::file_size(a, problem) != fs::file_size(b, otherProblem) || problem || otherProblem)
        return false;
    std::ifstream first(a, std::ios::binary), second(b, std::ios::binary);
    using Bytes = std::istreambuf_iterator<char>;
    return first && second && std::equal(Bytes(first), Bytes(), Bytes(second), Bytes());
}

ShownPictures::ShownPictures(std::span<const ReviewedRecord> records)
{
    for (const ReviewedRecord &record : records)
        m_goldens[record.picture] = record.golden;
}

Result<Frame> ShownPictures::whole(const std::string &picture) const
{
    constexpr std::size_t kKept = 4; // whole sensors: 150 MB each at most
    std::shared_ptr<Slot> slot;
    {
        const std::lock_guard lock(m_mutex);
        const auto found = std::ranges::find(m_recent, picture, &std::pair<std::string, std::shared_ptr<Slot>>::first);
        if (found != m_recent.end())
            m_recent.splice(m_recent.begin(), m_recent, found);
        else
            m_recent.emplace_front(picture, std::make_shared<Slot>());
        slot = m_recent.front().second;
        if (m_recent.size() > kKept)
            m_recent.pop_back();
    }
    std::call_once(slot->isMade, [&] {
        const Result<DecodedPicture> decoded = decodePicture(fs::path(picture));
        const auto golden = m_goldens.find(picture);
        slot->frame = decoded ? shownPicture(decoded->frame, golden == m_goldens.end() ? std::string() : golden->second)
                              : Result<Frame>(failure(decoded.error()));
    });
    return *slot->frame;
}

Result<Frame> ShownPictures::tile(const std::string &address) const
{
    const Result<TilePlace> place = tilePlaceOf(address);
    if (!place)
        return failure(place.error());
    const Result<Frame> picture = whole(place->picture);
    if (!picture)
        return failure(picture.error());
    return cutTile(*picture, place->box);
}

} // namespace auroraedge::app
