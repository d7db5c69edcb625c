#include "app/imaging/picture_decoder.h"
#include "app/imaging/registration.h"
#include "tests/trials/alignment.h"
#include "tests/trials/classical_detector.h"
#include "tests/trials/figure_table.h"
#include "tests/trials/trial_folder.h"

#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <fstream>
#include <map>

/// The classical baseline of a trial that prepare_trial wrote:
///   classical_difference TRIAL
/// Every setting is tried on the records of split val and the one with the best AUROC there is taken. The others are told too; of the many
/// without a golden picture only the one that is best on the test itself, which no choice could beat. The scores of the one
/// taken are left in TRIAL/classical.jsonl for trial_report.

namespace {

using namespace auroraedge;
using namespace auroraedge::trials;
namespace fs = std::filesystem;

Frame decoded(const fs::path &file)
{
    const Result<app::DecodedPicture> picture = app::decodePicture(file);
    if (!picture)
        throw std::runtime_error(picture.error().message);
    return picture->frame;
}

/// Grey, laid on the scan by the product; as it is where the product refuses.
cv::Mat registeredGolden(const fs::path &scan, const fs::path &golden)
{
    const Result<Frame> laid = app::registered(decoded(scan), decoded(golden));
    if (!laid)
        return readPicture(golden, cv::IMREAD_GRAYSCALE);
    cv::Mat grey;
    cv::cvtColor(cv::Mat(laid->heightPx, laid->widthPx, CV_8UC3, const_cast<std::uint8_t *>(laid->pixels.get()), static_cast<std::size_t>(laid->strideBytes)),
                 grey, cv::COLOR_RGB2GRAY);
    return grey;
}

/// One map for each of @p settings.
std::vector<Scores> scoresOf(const fs::path &trial, const std::vector<TrialRecord> &records, const std::vector<ClassicalSetting> &settings)
{
    std::vector<Scores> scores(settings.size());
    for (const TrialRecord &record : records) {
        const cv::Mat scan = readPicture(trial / record.image, cv::IMREAD_GRAYSCALE);
        std::map<GoldenLaid, cv::Mat> golden;
        if (!record.golden.empty()) {
            const cv::Rect whole({}, scan.size());
            const cv::Mat asItIs = readPicture(trial / record.golden, cv::IMREAD_GRAYSCALE);
            golden[GoldenLaid::AsItIs] = asItIs;
            golden[GoldenLaid::Shifted] = shiftedPart(asItIs, whole, bestShift(scan, asItIs, whole));
            golden[GoldenLaid::Registered] = registeredGolden(trial / record.image, trial / record.golden);
        }
        for (std::size_t i = 0; i < settings.size(); ++i)
            scores[i][record.image] = classicalScore(scan, golden[settings[i].laid], settings[i]);
    }
    return scores;
}

void writeScores(const fs::path &file, const Scores &scores, const std::string &setting)
{
    std::ofstream out(file);
    for (const auto &[image, score] : scores)
        out << nlohmann::ordered_json{{"image", image}, {"setting", setting}, {"score", score}}.dump() << '\n';
    if (!out.flush())
        throw std::runtime_error("cannot write " + file.string());
}

/// The place of the setting with the best AUROC over @p records.
std::size_t bestOver(const std::vector<TrialRecord> &records, const std::vector<Scores> &scores)
{
    std::vector<double> aurocs;
    for (const Scores &ofSetting : scores)
        aurocs.push_back(auroc(scoredOf(ofSetting, records)));
    return static_cast<std::size_t>(std::max_element(aurocs.begin(), aurocs.end()) - aurocs.begin());
}

void run(const fs::path &trial)
{
    const std::vector<TrialRecord> test = readRecords(trial / "test.jsonl");
    std::vector<TrialRecord> val = readRecords(trial / "train.jsonl");
    std::erase_if(val, [](const TrialRecord &record) { return record.split != "val"; }); // of the test's kind: one defect or all
    const bool hasGolden = std::none_of(test.begin(), test.end(), [](const TrialRecord &record) { return record.golden.empty(); });
    const std::vector<ClassicalSetting> settings = classicalSettings(hasGolden);
    std::vector<Scores> scores = scoresOf(trial, val, settings);
    const std::vector<Scores> testScores = scoresOf(trial, test, settings);
    const std::size_t taken = bestOver(val, scores), bestOnTest = bestOver(test, testScores);
    std::vector<FigureRow> rows;
    for (std::size_t i = 0; i < settings.size(); ++i) {
        scores[i].insert(testScores[i].begin(), testScores[i].end());
        if (hasGolden || i == taken || i == bestOnTest)
            rows.push_back(measured(settings[i].name() + (i == taken ? " *" : ""), scores[i], test, val));
    }
    writeScores(trial / "classical.jsonl", scores[taken], settings[taken].name());
    std::printf("%s* chosen on split val (AUROC %.3f there), as are the thresholds; intervals by %s\n", tableOf(rows).c_str(),
                auroc(scoredOf(scores[taken], val)), clusterKind(test).c_str());
}

} // namespace

int main(int count, char **arguments)
{
    if (count != 2) {
        std::fprintf(stderr, "usage: %s TRIAL\n", arguments[0]);
        return 2;
    }
    try {
        run(arguments[1]);
    } catch (const std::exception &problem) {
        std::fprintf(stderr, "%s\n", problem.what());
        return 1;
    }
    return 0;
}
