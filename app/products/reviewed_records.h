#pragma once

#include "engine/api/frame.h"
#include "engine/api/result.h"

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace auroraedge::app {

struct LabelledDefect
{
    std::string name; ///< class: "scratch"
    PixelBox box;     ///< inside its picture, or its tile
};

/// A picture of which a person said what is wrong with it.
struct ReviewedRecord
{
    std::string picture; ///< absolute path
    std::string golden;  ///< absolute path of the picture of a faultless one; empty: none
    std::string group;   ///< board, spindle, day, ...: what is alike is in one
    bool isOwnGroup = false; ///< nobody named one: the picture is its own
    int widthPx = 0, heightPx = 0;
    bool isForMeasuring = false;         ///< split "val": held out, whatever else is
    bool isKeptForLater = false;         ///< split "test" or "heldout": read for measuring alone
    std::vector<LabelledDefect> defects; ///< none: a good picture, or a bad one of which nobody said where
    bool isBadSomewhere = false;         ///< there is a defect that none of them is the place of
    std::string where;                   ///< "reviewed.jsonl line 7"

    [[nodiscard]] bool isBad() const { return isBadSomewhere || !defects.empty(); }
    /// Whether tiles can be cut from it: good everywhere, or bad at places that are known.
    [[nodiscard]] bool canTeach() const { return !isBadSomewhere || !defects.empty(); }
};

struct ReviewedRecords
{
    std::vector<ReviewedRecord> records;
    int untouched = 0;                   ///< of splits "test" and "heldout", where they are not read for measuring
    std::vector<std::string> badRecords; ///< "reviewed.jsonl line 7: reason"; left out
    std::string sha256;                  ///< of the file
};

/// What records are read for. Teaching leaves alone what is kept for later; Measuring reads that, and where there is none the
/// records of split "val", and where there are none all.
enum class RecordUse { Teaching = 1, Measuring };

/// Reads JSON lines {"image", "golden" or "template", "width", "height", "group", "split", "labels":[{"class","bbox"}]};
/// opens no picture. A line that is no good is named and left out, as is a second one of a picture; both where they contradict.
/// @return FS-12, FS-01, FS-02; RCP-04 when no line is left.
Result<ReviewedRecords> readReviewedRecords(const std::filesystem::path &file, RecordUse use = RecordUse::Teaching);
/// The same of the content of @p file, which names it and its folder.
Result<ReviewedRecords> parseReviewedRecords(std::string_view content, const std::filesystem::path &file, RecordUse use = RecordUse::Teaching);

/// Gives each record without a golden picture the one of @p golden: the file itself, or the file of the picture's name in
/// that folder. Empty: does nothing.
void setGolden(ReviewedRecords &records, const std::filesystem::path &golden);

/// Takes away each box of a whole picture that is larger than a tile: it says that there is a defect, and not where. The picture
/// is bad all the same. @param tile its side, in pixels. @return how many records have no box left.
int dropBoxesOfWholePictures(std::vector<ReviewedRecord> &records, int tile);

/// Loads every picture once, on all cores, and moves the records that are no good to the bad ones: a picture that cannot
/// be read or shows nothing (IMG-17), one of another size than its record says, one with itself as its golden picture, one
/// whose pixels an earlier record has (both where one says good and the other bad), and, where any record has a golden
/// picture, one without.
/// @param load called from several threads. @param onChecked told how many are done, on this thread.
/// @return code::Cancelled; RCP-04 when no record is left.
Result<void> checkPictures(ReviewedRecords &records, const std::function<Result<Frame>(const ReviewedRecord &)> &load,
                           const std::function<void(std::size_t done)> &onChecked, std::stop_token stop);

} // namespace auroraedge::app
