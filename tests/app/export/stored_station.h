#pragma once

#include "app/imaging/picture_encoder.h"
#include "app/storage/answer_query.h"
#include "app/storage/answer_store.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_frame.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace auroraedge::app {

/// A data folder with answers in it.
class StoredStation : public ::testing::Test
{
protected:
    StoredStation()
    {
        std::filesystem::create_directories(data());
        Result<std::unique_ptr<AnswerStore>> store = AnswerStore::open(data());
        EXPECT_TRUE(store) << store.error().message;
        m_store = *std::move(store);
    }

    std::filesystem::path data() const { return m_folder / "data"; }
    std::string at(std::string_view name) const { return (m_folder / name).string(); }

    /// An answer about a file of that folder.
    static AnswerRecord answered(const std::string &source = "/line/part7.png", const std::string &answer = "yes")
    {
        AnswerRecord record;
        record.timeUtcMs = 1'700'000'000'123;
        record.source = source;
        record.frameSequence = 4711;
        record.sourceSha256 = std::string(64, 'b');
        record.pictureWidthPx = 48;
        record.pictureHeightPx = 32;
        record.question = "Is there a bottle?";
        record.answer = answer;
        record.probability = 0.97;
        record.verdict = Verdict::Ok;
        record.modelName = "nano";
        record.modelSha256 = std::string(64, 'a');
        record.device = "cpu";
        record.precision = "fp32";
        record.tokens = {64, 24, 2};
        record.latency = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11.5};
        return record;
    }
    /// A picture of its own for each @p seed.
    static EvidencePicture picture(int seed) { return {*encodePng(testing::testFrame(48, 32, seed)), EvidenceFormat::Png}; }

    std::int64_t store(const AnswerRecord &record, std::optional<EvidencePicture> evidence = {})
    {
        const Result<std::int64_t> row = m_store->insertAnswer(record, evidence);
        EXPECT_TRUE(row) << row.error().message;
        return row ? *row : 0;
    }
    void review(std::int64_t row, Verdict verdict, const std::string &defectClass = {})
    {
        ReviewRecord review;
        review.answerRow = row;
        review.timeUtcMs = 1'700'000'050'000;
        review.verdict = verdict;
        review.reason = "dirt, not a scratch";
        review.reviewer = "maria";
        review.defectClass = defectClass;
        const Result<void> done = m_store->insertReview(review);
        EXPECT_TRUE(done) << done.error().message;
    }
    std::unique_ptr<AnswerReader> reader() const
    {
        Result<std::unique_ptr<AnswerReader>> opened = AnswerReader::open(data());
        EXPECT_TRUE(opened) << opened.error().message;
        return *std::move(opened);
    }
    /// Names in a folder of the test's own.
    std::vector<std::string> namesIn(std::string_view folder) const
    {
        std::vector<std::string> names;
        std::error_code problem; // a folder that is not there holds none
        for (const auto &entry : std::filesystem::directory_iterator(m_folder / folder, problem))
            names.push_back(entry.path().filename().string());
        std::sort(names.begin(), names.end());
        return names;
    }

    testing::TemporaryFolder m_folder;
    std::unique_ptr<AnswerStore> m_store;
};

} // namespace auroraedge::app
