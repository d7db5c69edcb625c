#include "tests/property/random.h"
#include "tests/trials/defect_repair.h"
#include "tests/trials/trial_sets.h"

#include <opencv2/imgcodecs.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace auroraedge::trials {
namespace fs = std::filesystem;
namespace {

struct Share
{
    const char *group;
    const char *split;
    std::size_t mostScans;
};

constexpr char kTrain[] = "train";
constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();
/// The split of the study (shared/design/nano.md, section 4); its test took 24 scans a group, here all are taken.
constexpr Share kShares[] = {{"group00041", kTrain, 100}, {"group13000", kTrain, 100}, {"group20085", kTrain, 100},
                             {"group44000", kTrain, 100}, {"group12300", "val", 86},    {"group12000", "val", 14},
                             {"group12100", "test", kAll}, {"group50600", "test", kAll}, {"group92000", "test", kAll}};

/// @p most scans of @p group, in the order of the annotations.
std::vector<TrialRecord> chosen(const std::vector<TrialRecord> &scans, const Share &share, std::uint64_t seed)
{
    std::vector<TrialRecord> ofGroup;
    std::copy_if(scans.begin(), scans.end(), std::back_inserter(ofGroup),
                 [&](const TrialRecord &scan) { return scan.group == share.group && !separateDefects(scan.defects).empty(); });
    testing::Random random(seedFor(seed, share.group));
    while (ofGroup.size() > share.mostScans)
        ofGroup.erase(ofGroup.begin() + static_cast<std::ptrdiff_t>(random.below(ofGroup.size())));
    return ofGroup;
}

void addScan(const TrialRecord &scan, const std::string &split, const DeepPcbOptions &options, TrialFolder &folder)
{
    std::string name = fs::path(scan.image).stem().string();
    name = name.substr(0, name.find('_')); // 12100045_test
    testing::Random random(seedFor(options.seed, name));
    const cv::Mat pixels = readPicture(options.data / scan.image, cv::IMREAD_GRAYSCALE);
    const cv::Mat golden = readPicture(options.data / scan.golden, cv::IMREAD_GRAYSCALE);
    const cv::Mat shown = options.hasGolden ? golden : cv::Mat();
    TrialRecord record{.group = scan.group, .split = split};

    const std::vector<std::size_t> separate = separateDefects(scan.defects);
    const std::size_t kept = separate[random.below(separate.size())];
    const bool isTemplate = static_cast<double>(random.below(10'000)) < options.templateShare * 10'000;

    const bool isOne = options.isOneDefect && split != kTrain; // every labelled defect teaches
    TrialRecord bad = record;
    bad.defects = isOne ? std::vector{scan.defects[kept]} : scan.defects;
    bad.source = name + (isOne ? ":one" : ":scan");
    folder.add(std::move(bad), name + "_bad", isOne ? repaired(pixels, golden, scan.defects, kept) : pixels, shown);

    record.source = name + (isTemplate ? ":template" : ":repaired");
    folder.add(std::move(record), name + "_good", isTemplate ? golden : repaired(pixels, golden, scan.defects), shown);
}

} // namespace

void addDeepPcb(const DeepPcbOptions &options, TrialFolder &folder)
{
    const std::vector<TrialRecord> scans = readRecords(options.data / "annotations.jsonl");
    for (const Share &share : kShares) {
        for (const TrialRecord &scan : chosen(scans, share, options.seed))
            addScan(scan, share.split, options, folder);
    }
}

} // namespace auroraedge::trials
