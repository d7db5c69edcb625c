#pragma once

#include <opencv2/core/types.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace auroraedge::trials {

struct Defect
{
    std::string name; ///< class: "open", "pitting" ...
    cv::Rect box;     ///< pixels
};

/// One line of a set's annotations.jsonl, or of a trial's train.jsonl and test.jsonl. Without defects it is good.
struct TrialRecord
{
    // Empty braces: designated initialisers that leave a member out warn of any without a value.
    std::string image{};  ///< relative to the folder of its file, as is the golden picture
    std::string golden{}; ///< empty: none
    int widthPx = 0, heightPx = 0;
    std::string group{};
    std::string split{};  ///< "train", "val" or "test"
    std::string source{}; ///< in a trial "<picture it was made from>:<how>", for example "12100045:repaired"
    std::vector<Defect> defects{};

    [[nodiscard]] bool isBad() const { return !defects.empty(); }
    /// Records of one picture are made of the same pixels, so a bootstrap draws them together.
    [[nodiscard]] std::string_view picture() const { return std::string_view(source).substr(0, source.find(':')); }
    [[nodiscard]] bool isTemplate() const { return source.ends_with(":template"); }
};

/// Boxes with fractions are rounded outwards. @throws std::runtime_error for a file that cannot be read or is not such a list.
std::vector<TrialRecord> readRecords(const std::filesystem::path &file);

/// @throws std::runtime_error
void writeRecords(const std::filesystem::path &file, const std::vector<TrialRecord> &records);

/// A seed of its own for every name: generators with neighbouring seeds begin alike.
std::uint64_t seedFor(std::uint64_t seed, std::string_view name);

} // namespace auroraedge::trials
