#pragma once

#include "app/storage/answer_counts.h"
#include "app/storage/answer_record.h"
#include "engine/api/result.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace auroraedge::app {

class Database;
class PictureStore;
class WriteTurn;

/// Writes answers and their pictures. Thread: everything on the one thread that opened it (the storage thread).
class AnswerStore final
{
public:
    /// Opens or makes `inspector.db` in @p dataFolder (which exists), checks it and brings its schema up to date.
    /// @return DB-01 (in use), DB-04 (not ours), DB-05 (migration failed, old file intact), FS-07, FS-09, FS-10.
    ///
    /// A damaged file is kept as inspector.db.damaged and a new one started: notices() then holds DB-02. A file of a
    /// newer version is opened for reading: notices() holds DB-03, and inserting returns it.
    static Result<std::unique_ptr<AnswerStore>> open(const std::filesystem::path &dataFolder);
    ~AnswerStore();

    /// What the user must be told about opening.
    [[nodiscard]] const std::vector<Error> &notices() const { return m_notices; }

    /// Returns the row after the picture and the row are on the disk, never before.
    /// Fills pictureSha256, picturePath and pictureBytes from @p picture when there is one.
    /// @return DB-01, DB-02, DB-03, FS-07, FS-09 (disk full), FS-10 (disk fault). Nothing is half stored. After
    /// FS-10 the store refuses everything until it is opened again: a failed flush cannot be repeated.
    Result<std::int64_t> insertAnswer(const AnswerRecord &record, const std::optional<EvidencePicture> &picture);

    // The same in two steps, so that the picture is on the disk before the answer is known.
    Result<StoredPicture> savePicture(const EvidencePicture &picture);
    Result<std::int64_t> insertAnswerAbout(const AnswerRecord &record, const StoredPicture &picture);
    /// Deletes a saved picture that nothing came of, unless an answer is about it.
    void discardPicture(const StoredPicture &picture);

    /// Returns after the judgement is on the disk, never before. Earlier ones of the same answer stay.
    /// @return as insertAnswer(), and INT-01 when there is no such answer.
    Result<void> insertReview(const ReviewRecord &review);
    /// All of them or none, on the disk when this returns. @return as insertReview().
    Result<void> insertDecisions(std::span<const ReviewDecision> decisions);
    /// Takes back the newest judgement of @p reviewer on each of @p rows; all or none. @return as insertReview().
    Result<void> undoReviews(std::span<const std::int64_t> rows, const std::string &reviewer, std::int64_t nowUtcMs);
    /// Takes back the newest judgement of @p reviewer on the answer @p row that was not taken back yet; what stood before
    /// stands again. @return false when there is none; else as insertReview().
    Result<bool> undoReview(std::int64_t row, const std::string &reviewer, std::int64_t nowUtcMs);
    /// counts() starts anew; nothing is deleted, and who did it is kept. @return as insertAnswer().
    Result<void> resetCounters(std::int64_t nowUtcMs, const std::string &who);

    /// Newest first, each with the review that counts.
    Result<std::vector<AnswerRecord>> recentAnswers(int limit) const;
    /// Nothing when there is no such row.
    Result<std::optional<AnswerRecord>> answer(std::int64_t row) const;
    Result<std::int64_t> countAnswers() const;
    Result<AnswerCounts> counts(std::int64_t nowUtcMs) const;
    /// The bytes of a stored picture, as they were stored. @return DB-08 (missing), DB-09 (altered).
    Result<std::vector<std::uint8_t>> pictureOf(const AnswerRecord &record) const;

    /// Moves the log into the database file. Runs by itself after every kRowsPerCheckpoint rows and at the end.
    Result<void> checkpoint();

    static constexpr int kRowsPerCheckpoint = 200;

private:
    AnswerStore();

    /// Runs @p body in a transaction and remembers a lasting failure. @return what @p body returns, once it is on the disk.
    template <typename Body>
    auto write(Body body) -> decltype(body(std::declval<const Database &>()));

    std::unique_ptr<WriteTurn> m_writeTurn;
    std::unique_ptr<Database> m_database;
    std::unique_ptr<PictureStore> m_pictures;
    std::vector<Error> m_notices;
    std::optional<Error> m_latched; ///< why nothing is written any more
    int m_rowsSinceCheckpoint = 0;
};

/// Reads answers beside a store that writes, in another thread or process. Sees every committed row.
/// Thread: all calls on one thread. Never writes.
class AnswerReader final
{
public:
    /// @return DB-01..DB-04, FS-12 when there is no database yet.
    static Result<std::unique_ptr<AnswerReader>> open(const std::filesystem::path &dataFolder);
    ~AnswerReader();

    Result<std::vector<AnswerRecord>> recentAnswers(int limit) const;
    Result<std::optional<AnswerRecord>> answer(std::int64_t row) const;
    Result<std::int64_t> countAnswers() const;

    /// For answer_query.h and answer_statistics.h.
    [[nodiscard]] const Database &database() const { return *m_database; }

private:
    explicit AnswerReader(std::unique_ptr<Database> database);

    std::unique_ptr<Database> m_database;
};

} // namespace auroraedge::app
