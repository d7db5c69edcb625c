#pragma once

#include "app/storage/answer_store.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace auroraedge::app {

/// A store with random answers of three sessions, judged by three people, some of them tagged and held; what is in it is also held here, for a reckoning by hand.
class FilledStore
{
public:
    struct Kept
    {
        AnswerRecord record;
        std::vector<ReviewRecord> reviews; ///< that stand: the newest of each person, newest last
        [[nodiscard]] std::optional<Verdict> outcome() const { return reviews.empty() ? record.verdict : reviews.back().verdict; }
        [[nodiscard]] std::optional<Verdict> saidBy(const std::string &reviewer) const
        {
            const auto own = std::ranges::find(reviews, reviewer, &ReviewRecord::reviewer);
            return own == reviews.end() ? std::nullopt : std::optional(own->verdict);
        }
    };

    FilledStore(int answers, std::uint64_t seed) : m_random(seed)
    {
        Result<std::unique_ptr<AnswerStore>> opened = AnswerStore::open(m_folder.path());
        EXPECT_TRUE(opened) << opened.error().message;
        store = std::move(*opened);
        for (int i = 0; i < answers; ++i) {
            if (i == answers / 4 || i == answers / 2)
                begin();
            insert(i);
        }
        Result<std::unique_ptr<AnswerReader>> read = AnswerReader::open(m_folder.path());
        EXPECT_TRUE(read) << read.error().message;
        reader = std::move(*read);
    }

    [[nodiscard]] const std::filesystem::path &folder() const { return m_folder.path(); }
    [[nodiscard]] int upTo(int largest) { return std::uniform_int_distribution(0, largest)(m_random); }

    void judge(std::size_t index, const std::string &reviewer)
    {
        Kept &kept = all[index];
        ReviewRecord review{kept.record.row, 5'000'000 + upTo(1000), Verdict(1 + upTo(2)), "", reviewer,
                                  upTo(1) == 0 ? "" : kClasses[static_cast<std::size_t>(upTo(1))], upTo(3) > 0 ? "" : kNotes[static_cast<std::size_t>(upTo(1))]};
        const Result<void> stored = store->insertReview(review);
        ASSERT_TRUE(stored) << stored.error().message;
        if (const auto own = std::ranges::find(kept.reviews, reviewer, &ReviewRecord::reviewer); own != kept.reviews.end() && review.note.empty())
            review.note = own->note; // it stays
        std::erase_if(kept.reviews, [&](const ReviewRecord &other) { return other.reviewer == reviewer; });
        kept.reviews.push_back(review);
    }

    void tag(std::size_t index, const std::string &name, bool isSet = true)
    {
        AnswerRecord &record = all[index].record;
        const std::int64_t rows[] = {record.row};
        const Result<std::int64_t> changed = isSet ? store->tag(rows, name, {1, "eva"}) : store->untag(rows, name, {2, "jan"});
        ASSERT_TRUE(changed) << changed.error().message;
        EXPECT_EQ(*changed, std::ranges::count(record.tags, name) == (isSet ? 0 : 1) ? 1 : 0);
        std::erase(record.tags, name);
        if (isSet)
            record.tags.push_back(name);
        std::ranges::sort(record.tags);
    }
    void hold(std::size_t index, bool isHeld)
    {
        const std::int64_t rows[] = {all[index].record.row};
        const Result<void> done = store->setHeld(rows, isHeld, "audit", {1, "eva"});
        ASSERT_TRUE(done) << done.error().message;
        all[index].record.isHeld = isHeld;
    }

    static constexpr const char *kQuestions[] = {"Is there a bottle?", "Gibt es Kratzer auf der Hülle?", "有没有划痕?", "傷はありますか"};
    static constexpr const char *kAnswers[] = {"yes", "no", "ein Kratzer", "有划痕", "傷があります"};
    static constexpr const char *kSources[] = {"uvc:left", "uvc:right", "file:/line/a.mp4"};
    static constexpr const char *kClasses[] = {"scratch", "dent"};
    static constexpr const char *kReviewers[] = {"maria", "jan", "eva"};
    static constexpr const char *kTags[] = {"shift change", "Einlauf"};
    static constexpr const char *kNotes[] = {"left edge", "边缘"};

    std::vector<Kept> all; ///< in the order of their rows
    std::unique_ptr<AnswerStore> store;
    std::unique_ptr<AnswerReader> reader;

private:
    void begin()
    {
        const Result<std::int64_t> session = store->beginSession("window", {std::int64_t(all.size()), "eva"});
        ASSERT_TRUE(session) << session.error().message;
        m_session = *session;
    }
    void insert(int number)
    {
        AnswerRecord record;
        // Some at the same time, some from a clock that was set back.
        record.timeUtcMs = number % 7 == 0 && number > 0 ? all.back().record.timeUtcMs
                                                         : 1'000'000 + (std::int64_t{number} - (number % 11 == 10 ? 5 : 0)) * 600'000;
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
            record.latency.*stage = upTo(100'000) / 1000.0; // whole microseconds
        if (upTo(9) == 0)
            record.latency = {}; // as a batch repeats it
        const Result<std::int64_t> row = store->insertAnswer(record, std::nullopt);
        ASSERT_TRUE(row) << row.error().message;
        record.row = *row;
        record.session = m_session;
        all.push_back({record, {}});
        for (const char *reviewer : kReviewers)
            if (upTo(3) == 0)
                judge(all.size() - 1, reviewer);
        for (const char *name : kTags)
            if (upTo(4) == 0)
                tag(all.size() - 1, name);
        if (upTo(5) == 0)
            hold(all.size() - 1, true);
        if (upTo(15) == 0)
            hold(all.size() - 1, false);
        if (upTo(9) == 0)
            tag(all.size() - 1, kTags[0], false);
    }

    testing::TemporaryFolder m_folder;
    std::mt19937_64 m_random;
    std::int64_t m_session = 0;
};

} // namespace auroraedge::app
