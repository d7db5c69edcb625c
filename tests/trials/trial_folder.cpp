#include "tests/trials/trial_folder.h"

#include <opencv2/imgcodecs.hpp>

#include <fstream>
#include <map>
#include <set>
#include <stdexcept>
#include <utility>

namespace auroraedge::trials {
namespace fs = std::filesystem;

cv::Mat readPicture(const fs::path &file, int flags)
{
    cv::Mat picture = cv::imread(file.string(), flags);
    if (picture.empty())
        throw std::runtime_error("cannot read the picture " + file.string());
    return picture;
}

TrialFolder::TrialFolder(fs::path folder) : m_folder(std::move(folder))
{
    if (fs::exists(m_folder) && !fs::is_empty(m_folder))
        throw std::runtime_error(m_folder.string() + " is not empty");
    fs::create_directories(m_folder / "pictures");
    fs::create_directories(m_folder / "golden");
}

void TrialFolder::write(const std::string &path, const cv::Mat &picture) const
{
    if (!cv::imwrite((m_folder / path).string(), picture))
        throw std::runtime_error("cannot write " + (m_folder / path).string());
}

void TrialFolder::add(TrialRecord record, const std::string &name, const cv::Mat &picture, const cv::Mat &golden)
{
    record.image = "pictures/" + name + ".png";
    write(record.image, picture);
    if (!golden.empty()) {
        record.golden = "golden/" + name + ".png"; // the same name: a folder of golden pictures is asked for it
        write(record.golden, golden);
    }
    record.widthPx = picture.cols;
    record.heightPx = picture.rows;
    m_records.push_back(std::move(record));
}

void TrialFolder::finish() const
{
    std::map<std::string, std::string> splitOf;
    std::vector<TrialRecord> train, test;
    std::ofstream score(m_folder / "score.lst");
    for (const TrialRecord &record : m_records) {
        if (splitOf.emplace(record.group, record.split).first->second != record.split)
            throw std::runtime_error("group " + record.group + " is in two splits");
        (record.split == "test" ? test : train).push_back(record);
        if (record.split != "train")
            score << record.image << '\n';
    }
    writeRecords(m_folder / "train.jsonl", train);
    writeRecords(m_folder / "test.jsonl", test);
    if (!score.flush())
        throw std::runtime_error("cannot write " + (m_folder / "score.lst").string());
}

std::string summaryOf(const std::vector<TrialRecord> &records)
{
    std::string summary;
    for (const char *split : {"train", "val", "test"}) {
        std::size_t good = 0, bad = 0, templates = 0;
        std::set<std::string> groups;
        std::set<std::string_view> pictures;
        for (const TrialRecord &record : records) {
            if (record.split != split)
                continue;
            ++(record.isBad() ? bad : good);
            templates += record.isTemplate() ? 1 : 0;
            groups.insert(record.group);
            pictures.insert(record.picture());
        }
        summary += std::string(split) + ": " + std::to_string(bad) + " bad, " + std::to_string(good) + " good ("
            + std::to_string(templates) + " templates), made from " + std::to_string(pictures.size()) + " pictures of "
            + std::to_string(groups.size()) + " groups\n";
    }
    return summary;
}

} // namespace auroraedge::trials
