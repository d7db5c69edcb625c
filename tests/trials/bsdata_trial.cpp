#include "tests/property/random.h"
#include "tests/trials/trial_sets.h"

#include <opencv2/imgcodecs.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace auroraedge::trials {
namespace fs = std::filesystem;
namespace {

constexpr int kCropPx = 160;
constexpr int kJitterPx = 40; ///< a pitting's centre stays in the middle half of its crop
constexpr int kClearPx = 8;   ///< between a clean crop and any box: the boxes sit tightly

/// The crop's place round @p centre, moved into a picture of @p size.
cv::Rect cropAround(const cv::Point &centre, const cv::Size &size)
{
    return {std::clamp(centre.x - kCropPx / 2, 0, size.width - kCropPx), std::clamp(centre.y - kCropPx / 2, 0, size.height - kCropPx),
            kCropPx, kCropPx};
}

cv::Rect pittingPlace(const TrialRecord &photo, const cv::Size &size, testing::Random &random)
{
    const cv::Rect &box = photo.defects[random.below(photo.defects.size())].box;
    const cv::Point moved(random.intIn(-kJitterPx, kJitterPx), random.intIn(-kJitterPx, kJitterPx));
    return cropAround((box.tl() + box.br()) / 2 + moved, size);
}

/// Nothing when the photo has no such place within a thousand draws.
std::optional<cv::Rect> cleanPlace(const TrialRecord &photo, const cv::Size &size, testing::Random &random)
{
    for (int round = 0; round < 1000; ++round) {
        const cv::Rect place(random.intIn(0, size.width - kCropPx), random.intIn(0, size.height - kCropPx), kCropPx, kCropPx);
        const cv::Rect cleared(place.tl() - cv::Point(kClearPx, kClearPx), place.br() + cv::Point(kClearPx, kClearPx));
        if (std::none_of(photo.defects.begin(), photo.defects.end(),
                         [&](const Defect &defect) { return !(cleared & defect.box).empty(); }))
            return place;
    }
    return std::nullopt;
}

std::vector<Defect> seenIn(const cv::Rect &place, const std::vector<Defect> &defects)
{
    std::vector<Defect> seen;
    for (const auto &[name, box] : defects) {
        if (const cv::Rect part = box & place; !part.empty())
            seen.push_back({name, part - place.tl()});
    }
    return seen;
}

} // namespace

std::map<std::string, std::string> splitByGroup(const std::map<std::string, int> &sizes, std::uint64_t seed)
{
    constexpr std::size_t kTestGroups = 21, kGroups = 58;
    constexpr std::size_t kTrainGroupsForOneVal = 6;
    std::vector<std::string> groups;
    for (const auto &[group, size] : sizes)
        groups.push_back(group);
    std::sort(groups.begin(), groups.end(), [&](const std::string &a, const std::string &b) {
        return std::pair(-sizes.at(a), seedFor(seed, a)) < std::pair(-sizes.at(b), seedFor(seed, b));
    });
    std::map<std::string, std::string> splits;
    std::size_t others = 0;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        if ((i + 1) * kTestGroups / kGroups > i * kTestGroups / kGroups)
            splits[groups[i]] = "test";
        else
            splits[groups[i]] = ++others % kTrainGroupsForOneVal == 0 ? "val" : "train";
    }
    return splits;
}

void addBsdata(const BsdataOptions &options, TrialFolder &folder)
{
    const std::vector<TrialRecord> photos = readRecords(options.data / "annotations.jsonl");
    std::map<std::string, int> sizes;
    for (const TrialRecord &photo : photos)
        ++sizes[photo.group];
    const std::map<std::string, std::string> splits = splitByGroup(sizes, options.seed);
    for (const TrialRecord &photo : photos) {
        const std::string name = fs::path(photo.image).stem().string();
        testing::Random random(seedFor(options.seed, name));
        const cv::Mat pixels = readPicture(options.data / photo.image, cv::IMREAD_COLOR);
        const std::string &split = splits.at(photo.group);
        for (int round = 0; round < (split == "train" ? options.trainCrops : 1); ++round) {
            const std::optional<cv::Rect> clean = cleanPlace(photo, pixels.size(), random);
            if (photo.defects.empty() || !clean)
                break;
            const cv::Rect pitted = pittingPlace(photo, pixels.size(), random);
            const TrialRecord record{.group = photo.group, .split = split};
            TrialRecord bad = record, good = record;
            bad.source = name + ":pitting";
            bad.defects = seenIn(pitted, photo.defects);
            good.source = name + ":clean";
            const std::string number = std::to_string(round);
            folder.add(std::move(bad), name + "_pitting_" + number, pixels(pitted));
            folder.add(std::move(good), name + "_clean_" + number, pixels(*clean));
        }
    }
}

} // namespace auroraedge::trials
