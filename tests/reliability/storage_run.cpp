// Stores answers with pictures, judges each, and prints a line of JSON for all that is told: what the window does with its
// storage thread, without window and model, so that a fault can be tried at each of a thousand calls.
//   storage_run DATA_FOLDER ANSWERS

#include "app/pipeline/storage_worker.h"
#include "tests/support/test_frame.h"

#include <nlohmann/json.hpp>

#include <condition_variable>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <string>

namespace {

using namespace auroraedge;
using namespace auroraedge::app;

/// Prints from the storage thread and lets the main thread wait for what it has asked for.
class Told final
{
public:
    void print(const nlohmann::ordered_json &event)
    {
        const std::lock_guard lock(m_mutex);
        std::cout << event.dump() << std::endl;
    }
    void count(std::int64_t row)
    {
        {
            const std::lock_guard lock(m_mutex);
            ++m_count;
            m_row = row;
        }
        m_changed.notify_one();
    }
    /// @return the row of the newest answer; 0 when it is in none.
    std::int64_t waitFor(int count)
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return m_count >= count; });
        return m_row;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    int m_count = 0;       // guarded by m_mutex
    std::int64_t m_row = 0; // guarded by m_mutex
};

nlohmann::ordered_json errorOf(const Error &error)
{
    return {{"code", std::string(error.code.text())}, {"message", error.message}};
}

StorageListener listenerFor(Told &told)
{
    StorageListener listener;
    listener.onOpened = [&](std::int64_t rows, const std::vector<Error> &notices) {
        told.print({{"event", "opened"}, {"rows", rows}});
        for (const Error &notice : notices)
            told.print({{"event", "notice"}, {"error", errorOf(notice)}});
    };
    listener.onRecent = [](const AnswerRecord &, const Frame &) {};
    listener.onOpenFailed = [&](const Error &error) { told.print({{"event", "opened"}, {"rows", nullptr}, {"error", errorOf(error)}}); };
    listener.onStored = [&](const StorageJob &job) {
        told.print({{"event", "answer"}, {"row", job.record.row}, {"sha256", job.record.pictureSha256}, {"verdict", "OK"}, {"answer", *job.record.answer}});
        told.count(job.record.row);
    };
    listener.onFailed = [&](const StorageJob &, const Error &error) {
        told.print({{"event", "answer"}, {"row", nullptr}, {"error", errorOf(error)}});
        told.count(0);
    };
    listener.onCounts = [](const AnswerCounts &) {};
    listener.onResetFailed = [](const Error &) {};
    listener.onReviewed = [](const ReviewRecord &) {};
    listener.onReviewFailed = [](const ReviewRecord &, const Error &) {};
    listener.onDecided = [&](const std::vector<std::int64_t> &rows, const std::vector<std::int64_t> &reviews) {
        told.print({{"event", "review"}, {"review", reviews.front()}, {"row", rows.front()}});
        told.count(rows.front());
    };
    listener.onDecisionFailed = [&](const std::vector<std::int64_t> &rows, const Error &error) {
        told.print({{"event", "review"}, {"review", nullptr}, {"row", rows.front()}, {"error", errorOf(error)}});
        told.count(rows.front());
    };
    listener.onPicture = [](std::int64_t, const Frame &) {};
    listener.onClosingFailed = [&](const Error &error) { told.print({{"event", "closed"}, {"error", errorOf(error)}}); };
    listener.onFault = [&](const Error &error) { told.print({{"event", "fault"}, {"error", errorOf(error)}}); };
    listener.onRoom = [](const DiskRoom &) {};
    return listener;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 3) {
        std::cerr << "storage_run DATA_FOLDER ANSWERS\n";
        return 2;
    }
    const int answers = std::atoi(argv[2]);
    Told told;
    StorageWorker worker(argv[1], listenerFor(told));
    int asked = 0;
    for (int number = 1; number <= answers; ++number) {
        StorageJob job;
        job.id = number;
        job.record.timeUtcMs = 1'700'000'000'000 + number;
        job.record.source = "sim:";
        job.record.question = "Is the cap on?";
        job.record.answer = "yes " + std::to_string(number);
        job.record.verdict = Verdict::Ok;
        job.record.modelName = "nano";
        job.record.modelSha256 = std::string(64, 'a');
        job.frame = testing::testFrame(320, 240, number);
        if (number % 2 == 0)
            worker.saveAhead(number, job.frame); // as of a question that is being answered
        if (!worker.store(std::move(job)))
            return 1; // one at a time: there is room
        const std::int64_t row = told.waitFor(++asked);
        if (row > 0 && worker.decide({{row, 1'700'000'001'000, Verdict::Ng, "scratch", std::nullopt, "maria"}}))
            told.waitFor(++asked);
    }
    return 0;
}
