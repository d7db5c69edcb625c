#pragma once

#include "tests/trials/trial_record.h"

#include <opencv2/core/mat.hpp>

#include <string>
#include <vector>

namespace auroraedge::trials {

/// @p flags as cv::imread takes them. @throws std::runtime_error
cv::Mat readPicture(const std::filesystem::path &file, int flags);

/// A trial being written: pictures as PNG, golden pictures under the same names in golden/, and three lists: train.jsonl
/// (splits train and val, what the fine-tuning is given), test.jsonl, and score.lst (the paths of val and test, what the model
/// is asked about afterwards).
class TrialFolder final
{
public:
    /// @throws std::runtime_error when @p folder has something in it: pictures of two trials must not mix.
    explicit TrialFolder(std::filesystem::path folder);

    /// Paths and size of the record are taken from @p picture and @p golden (empty: none), which are written as @p name.
    /// @throws std::runtime_error
    void add(TrialRecord record, const std::string &name, const cv::Mat &picture, const cv::Mat &golden = {});
    /// Writes the lists. @throws std::runtime_error, also when a group is in two splits.
    void finish() const;

    [[nodiscard]] const std::vector<TrialRecord> &records() const { return m_records; }

private:
    void write(const std::string &path, const cv::Mat &picture) const;

    std::filesystem::path m_folder;
    std::vector<TrialRecord> m_records;
};

/// "train: 400 good, 400 bad pictures of 4 groups" a line for each split.
std::string summaryOf(const std::vector<TrialRecord> &records);

} // namespace auroraedge::trials
