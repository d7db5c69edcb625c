#include "app/products/reviewed_records.h"

#include "app/imaging/pixel_buffer.h"
#include "app/inspection/frame_check.h"
#include "app/settings/json_file.h"
#include "app/settings/sha256.h"
#include "app/training/annotation.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <thread>
#include <utility>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

constexpr std::int64_t kMaxFileBytes = std::int64_t{256} << 20;
constexpr std::size_t kMaxClassBytes = 64;
constexpr char kNoClass[] = "none"; ///< the answer about a good picture

std::optional<std::string> faultOfClass(const std::string &name)
{
    const bool isPlain = std::ranges::none_of(name, [](unsigned char character) { return character < 0x20 || character == 0x7f; });
    if (name.empty() || name.size() > kMaxClassBytes || !isPlain)
        return "a class is empty, longer than 64 bytes or not plain text";
    if (name == kNoClass)
        return "a defect is called 'none'";
    return std::nullopt;
}

/// The part of a label's box inside the picture, or what is wrong with it.
std::optional<std::string> takeBox(const AnnotationLabel &label, ReviewedRecord &record)
{
    if (!label.box)
        return "label '" + label.name + "' has no 'bbox'";
    const TrainingBox &box = *label.box;
    const auto pixel = [](double share, int side) { return static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * side)); };
    const bool isFinite = std::isfinite(box.x) && std::isfinite(box.y) && std::isfinite(box.width) && std::isfinite(box.height);
    if (!isFinite || !(box.width > 0) || !(box.height > 0))
        return "the box of label '" + label.name + "' has no area";
    const int left = pixel(box.x, record.widthPx), top = pixel(box.y, record.heightPx);
    const PixelBox inside{left, top, pixel(box.x + box.width, record.widthPx) - left, pixel(box.y + box.height, record.heightPx) - top};
    if (inside.width < 1 || inside.height < 1)
        return "the box of label '" + label.name + "' covers no pixel of the picture";
    record.defects.push_back({label.name, inside});
    return std::nullopt;
}

/// @return why the record cannot be used, or nothing.
std::optional<std::string> takeAnnotation(const Annotation &annotation, const fs::path &folder, ReviewedRecord &record)
{
    if (annotation.picture.empty())
        return "'image' is empty";
    for (const std::string *path : {&annotation.picture, &annotation.golden}) {
        if (path->find('\0') != path->npos) // the system would read the file whose name ends there
            return "a path holds a NUL, which no name of a file has";
    }
    record.picture = (folder / annotation.picture).lexically_normal().string();
    record.golden = annotation.golden.empty() ? std::string() : (folder / annotation.golden).lexically_normal().string();
    record.group = annotation.group;
    record.isOwnGroup = annotation.group == annotation.picture;
    record.widthPx = annotation.widthPx;
    record.heightPx = annotation.heightPx;
    record.isForMeasuring = annotation.split == "val";
    for (const AnnotationLabel &label : annotation.labels) {
        std::optional<std::string> fault = faultOfClass(label.name);
        if (!fault)
            fault = takeBox(label, record);
        if (fault)
            return fault;
    }
    return std::nullopt;
}

/// Those that nothing was learnt from come first.
void keepBestToMeasure(std::vector<ReviewedRecord> &records)
{
    for (const auto part : {&ReviewedRecord::isKeptForLater, &ReviewedRecord::isForMeasuring}) {
        if (std::ranges::find(records, true, part) == records.end())
            continue;
        std::erase_if(records, [part](const ReviewedRecord &record) { return !(record.*part); });
        return;
    }
}

Failure noneLeft(const std::string &what, const std::string &file)
{
    return failure(code::RecipeValue, what, file);
}

/// What a look at a record's picture came to.
struct Look
{
    std::string fault;  ///< empty: none
    std::string pixels; ///< hash
};

std::string pixelsOf(const Frame &frame)
{
    const bool hasGaps = frame.strideBytes != std::ptrdiff_t{3} * frame.widthPx;
    const Frame whole = hasGaps ? copyOf(frame).toFrame() : frame;
    return std::to_string(whole.widthPx) + ' ' + sha256Hex({whole.pixels.get(), static_cast<std::size_t>(whole.strideBytes * whole.heightPx)});
}

/// Sizes that are not told are filled in.
Look lookAt(ReviewedRecord &record, bool needsGolden, const std::function<Result<Frame>(const ReviewedRecord &)> &load)
{
    if (needsGolden && record.golden.empty())
        return {"there is no golden picture, which others have", {}};
    if (std::error_code problem; fs::equivalent(record.golden, record.picture, problem))
        return {"its golden picture is the picture itself", {}};
    const auto told = [](const Error &error) { return Look{std::string(error.code.text()) + ": " + error.message, {}}; };
    const Result<Frame> frame = load(record);
    if (!frame)
        return told(frame.error());
    if (const Result<void> usable = checkFrame(*frame); !usable) // an inspection refuses it, so it teaches and promises nothing
        return told(usable.error());
    if ((record.widthPx > 0 && record.widthPx != frame->widthPx) || (record.heightPx > 0 && record.heightPx != frame->heightPx))
        return {"the picture is " + std::to_string(frame->widthPx) + " x " + std::to_string(frame->heightPx) + ", the record says "
                    + std::to_string(record.widthPx) + " x " + std::to_string(record.heightPx),
                {}};
    record.widthPx = frame->widthPx;
    record.heightPx = frame->heightPx;
    return {{}, pixelsOf(*frame)};
}

/// One picture under several names is one picture: counted twice it would promise too much, and having taught it measures nothing.
/// The first stays, or none where they are not of one mind.
void faultRepeats(std::span<const ReviewedRecord> records, std::vector<Look> &looks)
{
    std::map<std::string, std::size_t> first; // by pixels
    for (std::size_t i = 0; i < records.size(); ++i) {
        if (!looks[i].fault.empty())
            continue;
        const auto [known, isNew] = first.emplace(looks[i].pixels, i);
        if (isNew)
            continue;
        const ReviewedRecord &before = records[known->second];
        const bool isOtherwise = before.isBad() != records[i].isBad();
        const auto fault = [&](const ReviewedRecord &other) { return "its picture is that of " + other.where + (isOtherwise ? ", which says otherwise" : ""); };
        looks[i].fault = fault(before);
        if (isOtherwise)
            looks[known->second].fault = fault(records[i]);
    }
}

} // namespace

Result<ReviewedRecords> readReviewedRecords(const fs::path &file, RecordUse use)
{
    const Result<std::string> content = readTextFile(file, kMaxFileBytes);
    if (!content)
        return failure(content.error());
    return parseReviewedRecords(*content, file, use);
}

Result<ReviewedRecords> parseReviewedRecords(std::string_view text, const fs::path &file, RecordUse use)
{
    std::error_code problem;
    const fs::path folder = fs::absolute(file, problem).parent_path();
    ReviewedRecords read;
    read.sha256 = sha256Hex({reinterpret_cast<const std::uint8_t *>(text.data()), text.size()});
    std::map<std::string, bool> isBad; // by picture
    std::set<std::string> disputed;
    for (int number = 1; !text.empty(); ++number) {
        const std::string line(text.substr(0, text.find('\n')));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (line.find_first_not_of(" \t\r") == std::string::npos)
            continue;
        ReviewedRecord record;
        record.where = file.filename().string() + " line " + std::to_string(number);
        const Result<Annotation> annotation = readAnnotation(line, record.where);
        if (!annotation) {
            read.badRecords.push_back(annotation.error().message);
            continue;
        }
        const std::string &split = annotation->split;
        record.isKeptForLater = split == "test" || split == "heldout";
        if (record.isKeptForLater && use == RecordUse::Teaching) {
            ++read.untouched;
            continue;
        }
        std::optional<std::string> fault = takeAnnotation(*annotation, folder, record);
        if (!fault && !record.isKeptForLater && !split.empty() && split != "train" && split != "val")
            fault = "split '" + split + "' is none of train, val, test, heldout";
        if (const auto known = isBad.find(record.picture); !fault && known != isBad.end()) {
            fault = annotation->picture + " has a record already";
            if (known->second != record.isBad()) {
                *fault += ", which says otherwise";
                disputed.insert(record.picture);
            }
        }
        if (fault)
            read.badRecords.push_back(record.where + ": " + *fault);
        else {
            isBad[record.picture] = record.isBad();
            read.records.push_back(std::move(record));
        }
    }
    std::erase_if(read.records, [&](const ReviewedRecord &record) {
        const bool isDisputed = disputed.contains(record.picture);
        if (isDisputed) // nobody knows which of them is right
            read.badRecords.push_back(record.where + ": a later record of " + fs::path(record.picture).filename().string() + " says otherwise");
        return isDisputed;
    });
    if (use == RecordUse::Measuring)
        keepBestToMeasure(read.records);
    if (read.records.empty())
        return noneLeft(file.string()
                            + (!read.badRecords.empty()      ? " holds no record that can be used: " + read.badRecords.front()
                               : use == RecordUse::Measuring ? " holds no record"
                                                             : " holds no record to learn from"),
                        file.string());
    return read;
}

void setGolden(ReviewedRecords &records, const fs::path &golden)
{
    if (golden.empty())
        return;
    std::error_code problem;
    const fs::path whole = fs::absolute(golden, problem).lexically_normal();
    const bool isFolder = fs::is_directory(whole, problem);
    for (ReviewedRecord &record : records.records) {
        if (record.golden.empty())
            record.golden = isFolder ? (whole / fs::path(record.picture).filename()).string() : whole.string();
    }
}

int dropBoxesOfWholePictures(std::vector<ReviewedRecord> &records, int tile)
{
    int without = 0;
    for (ReviewedRecord &record : records) {
        const PixelBox whole{0, 0, record.widthPx, record.heightPx};
        const bool isOneTile = std::max(record.widthPx, record.heightPx) <= tile;
        if (isOneTile || std::erase_if(record.defects, [&](const LabelledDefect &defect) { return defect.box == whole; }) == 0)
            continue;
        record.isBadSomewhere = true;
        without += record.defects.empty() ? 1 : 0;
    }
    return without;
}

Result<void> checkPictures(ReviewedRecords &records, const std::function<Result<Frame>(const ReviewedRecord &)> &load,
                           const std::function<void(std::size_t done)> &onChecked, std::stop_token stop)
{
    std::vector<ReviewedRecord> &all = records.records;
    const bool needsGolden = std::ranges::any_of(all, [](const ReviewedRecord &record) { return !record.golden.empty(); });
    std::vector<Look> looks(all.size());
    std::atomic<std::size_t> next{0}, done{0};
    {
        std::vector<std::jthread> threads;
        for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i)
            threads.emplace_back([&] {
                for (std::size_t at = next++; at < all.size() && !stop.stop_requested(); at = next++, ++done)
                    looks[at] = lookAt(all[at], needsGolden, load);
            });
        constexpr std::chrono::milliseconds kPoll{100};
        while (done < all.size() && !stop.stop_requested()) {
            std::this_thread::sleep_for(kPoll);
            if (onChecked)
                onChecked(done);
        }
    }
    if (stop.stop_requested())
        return failure(code::Cancelled, "stopped while the pictures were checked; nothing was trained");
    if (onChecked) // the last ones may be done before anybody looks
        onChecked(done);
    faultRepeats(all, looks);
    std::vector<ReviewedRecord> good;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (looks[i].fault.empty())
            good.push_back(std::move(all[i]));
        else
            records.badRecords.push_back(all[i].where + ": " + looks[i].fault);
    }
    all = std::move(good);
    if (all.empty())
        return noneLeft("no record can be used: " + records.badRecords.front(), {});
    return {};
}

} // namespace auroraedge::app
