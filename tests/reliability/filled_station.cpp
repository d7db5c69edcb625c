// A data folder with answers about real pictures, as a station would have it after weeks:
//   filled_station DATA_FOLDER ROWS PICTURE_FOLDER
// The JPEG files of PICTURE_FOLDER are taken in turn, in the order of their names. Rows go in by the thousand.

#include "app/storage/answer_rows.h"
#include "app/storage/answer_store.h"
#include "app/storage/database.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace auroraedge;
using namespace auroraedge::app;
namespace fs = std::filesystem;

constexpr const char *kQuestions[] = {"Is there a bottle?", "Is the cap on?", "How many bottles are there?", "Gibt es Kratzer?", "有没有划痕?"};
constexpr const char *kSources[] = {"uvc:left", "uvc:right", "rtsp://hall/1"};
constexpr std::int64_t kRowsPerCommit = 10'000;
constexpr std::int64_t kStepMs = 4'000; ///< between two answers

template <typename T>
T valueOf(Result<T> result)
{
    if (!result) {
        std::cerr << result.error().code.text() << ": " << result.error().message << '\n';
        std::exit(1);
    }
    return *std::move(result);
}
void require(const Result<void> &done)
{
    if (!done) {
        std::cerr << done.error().code.text() << ": " << done.error().message << '\n';
        std::exit(1);
    }
}

std::vector<fs::path> jpegsIn(const fs::path &folder)
{
    std::vector<fs::path> files;
    for (const fs::directory_entry &entry : fs::directory_iterator(folder))
        if (entry.path().extension() == ".jpg")
            files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

AnswerRecord answerNumber(std::int64_t number, std::int64_t firstMs)
{
    AnswerRecord record;
    record.timeUtcMs = firstMs + number * kStepMs;
    record.source = kSources[number % 3];
    record.frameSequence = static_cast<std::uint64_t>(number);
    record.pictureWidthPx = 640;
    record.pictureHeightPx = 480;
    record.question = kQuestions[number % 5];
    record.answer = number % 7 == 0 ? "no" : "yes";
    record.probability = 0.9 + 0.0001 * static_cast<double>(number % 1000);
    record.verdict = number % 7 == 0 ? Verdict::Ng : Verdict::Ok;
    record.modelName = "nano";
    record.modelSha256 = std::string(64, 'a');
    record.device = "cpu";
    record.precision = "fp32";
    record.latency.encodeMs = 40 + static_cast<double>(number % 50);
    record.latency.totalMs = 60 + static_cast<double>(number % 90);
    return record;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 4) {
        std::cerr << "filled_station DATA_FOLDER ROWS PICTURE_FOLDER\n";
        return 2;
    }
    const fs::path data = argv[1];
    const std::int64_t rows = std::atoll(argv[2]);
    const std::vector<fs::path> files = jpegsIn(argv[3]);
    if (files.empty()) {
        std::cerr << "there are no JPEG files in " << argv[3] << '\n';
        return 2;
    }
    fs::create_directories(data);
    std::vector<StoredPicture> pictures;
    {
        const std::unique_ptr<AnswerStore> store = valueOf(AnswerStore::open(data)); // makes the tables
        for (const fs::path &file : files) {
            if (std::ssize(pictures) == rows)
                break;
            std::ifstream stream(file, std::ios::binary);
            pictures.push_back(valueOf(store->savePicture({std::vector<std::uint8_t>(std::istreambuf_iterator<char>(stream), {}), EvidenceFormat::Jpeg})));
        }
    }
    const std::unique_ptr<Database> database = valueOf(Database::open(data / "inspector.db", Database::Access::ReadWrite));
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const std::int64_t firstMs = std::chrono::duration_cast<std::chrono::milliseconds>(now).count() - rows * kStepMs;
    for (std::int64_t number = 0; number < rows;) {
        const std::unique_ptr<TransactionGuard> transaction = valueOf(TransactionGuard::begin(*database));
        for (const std::int64_t end = std::min(rows, number + kRowsPerCommit); number < end; ++number) {
            const StoredPicture &picture = pictures[static_cast<std::size_t>(number) % pictures.size()];
            AnswerRecord record = answerNumber(number, firstMs);
            record.pictureSha256 = picture.sha256;
            record.picturePath = picture.path;
            record.pictureBytes = picture.bytes;
            valueOf(insertRow(*database, record));
        }
        require(transaction->commit());
        require(database->checkpoint());
    }
    std::cout << rows << " answers about " << pictures.size() << " pictures\n";
    return 0;
}
