#pragma once

#include "app/storage/answer_store.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

namespace auroraedge::app {

/// A store with random answers, judged by two people; what is in it is also held here, for a reckoning by hand.
class FilledStore
{
public:
    struct Kept
    {
        AnswerRecord record;
        std::vector<ReviewRecord> reviews; ///< that stand: the newest of each person, newest last
    };

    FilledStore(int answers, std::uint64_t seed) : m_random(seed)
    {
        Result<std::unique_ptr<AnswerStore>> opened = AnswerStore::open(m_folder.path());
        EXPECT_TRUE(opened) << opened.error().message;
        store = std::move(*opened);
        for (int i = 0; i < answers; ++i)
            insert(i);
        Result<std::unique_ptr<AnswerReader>> read = AnswerReader::open(m_folder.path());
        EXPECT_TRUE(read) << read.error().message;
        reader = std::move(*read);
    }

    [[nodiscard]] int upTo(int largest) { return std::uniform_int_distribution(0, largest)(m_random); }

    void judge(std::size_t index, const std::string &reviewer)
    {
        Kept &kept = all[index];
        const ReviewRecord review{kept.record.row, 5'000'000 + upTo(1000), Verdict(1 + upTo(2)), "", reviewer, upTo(1) == 0 ? "" : kClasses[static_cast<std::size_t>(upTo(1))], ""};
        const Result<void> stored = store->insertReview(review);
        ASSERT_TRUE(stored) << stored.error().message;
        std::erase_if(kept.reviews, [&](const ReviewRecord &other) { return other.reviewer == reviewer; });
        kept.reviews.push_back(review);
    }

    static constexpr const char *kQuestions[] = {"Is there a bottle?", "Gibt es Kratzer auf der Hülle?", "有没有划痕?", "傷はありますか"};
    static constexpr const char *kAnswers[] = {"yes", "no", "ein Kratzer", "有划痕", "傷があります"};
    static constexpr const char *kSources[] = {"uvc:left", "uvc:right", "file:/line/a.mp4"};
    static constexpr const char *kClasses[] = {"scratch", "dent"};

    std::vector<Kept> all; ///< in the order of their rows
    std::unique_ptr<AnswerStore> store;
    std::unique_ptr<AnswerReader> reader;

private:
    void insert(int number)
    {
        AnswerRecord record;
        record.timeUtcMs = number % 7 == 0 && number > 0 ? all.back().record.timeUtcMs : 1'000'000 + std::int64_t{number} * 600'000; // some at the same time
        record.source = kSources[static_cast<std::size_t>(upTo(2))];
        record.question = kQuestions[static_cast<std::size_t>(upTo(3))];
        if (upTo(9) > 0)
            record.answer = kAnswers[static_cast<std::size_t>(upTo(4))];
        else
            record.code = "RUN-07";
        if (const int verdict = upTo(3); verdict > 0)
            record.verdict = Verdict(verdict);
        record.modelName = upTo(1) == 0 ? "nano" : "large";
        record.modelSha256 = std::string(64, 'a');
        record.device = upTo(4) == 0 ? "cuda:0" : "cpu";
        record.precision = "fp32";
        for (double StageLatencies::*stage : {&StageLatencies::encodeMs, &StageLatencies::prefillMs, &StageLatencies::totalMs})
            record.latency.*stage = upTo(100'000) / 1000.0;
        const Result<std::int64_t> row = store->insertAnswer(record, std::nullopt);
        ASSERT_TRUE(row) << row.error().message;
        record.row = *row;
        all.push_back({record, {}});
        for (const char *reviewer : {"maria", "jan"})
            if (upTo(3) == 0)
                judge(all.size() - 1, reviewer);
    }

    testing::TemporaryFolder m_folder;
    std::mt19937_64 m_random;
};

} // namespace auroraedge::app
