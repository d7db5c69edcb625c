#pragma once

#include "app/storage/answer_counts.h"
#include "app/storage/answer_record.h"
#include "engine/api/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace auroraedge::app {

class Database;
class PictureStore;
class StoreUsers;
class WriteTurn;

/// What becomes of a database that fails its check.
enum class IfDamaged {
    PutAside = 1, ///< kept under another name, and a new one started, unless another program has it open
    Refuse,       ///< left as it is
};

/// Writes answers and their pictures. Thread: everything on the one thread that opened it (the storage thread).
class AnswerStore final
{
public:
    /// Opens or makes `inspector.db` in @p dataFolder (which exists), checks it and brings its schema up to date.
    /// Other programs write while it is checked, which takes a while where it is large.
    /// @return DB-01 (in use), DB-02 (damaged, and left as it is), DB-04 (not ours), DB-05 (migration failed, old file intact),
    /// DB-07, FS-07, FS-09, FS-10, FS-11.
    ///
    /// A damaged file that is put aside is inspector.db.damaged from then on: notices() holds DB-02. A file of a
    /// newer version is opened for reading: notices() holds DB-03, and inserting returns it.
    static Result<std::unique_ptr<AnswerStore>> open(const std::filesystem::path &dataFolder, IfDamaged ifDamaged = IfDamaged::PutAside);
    ~AnswerStore();

    /// What the user must be told about opening.
    [[nodiscard]] const std::vector<Error> &notices() const { return m_notices; }

    /// Why nothing is written any more, until it is opened again: also after a checkpoint that failed, of which no insert tells.
    [[nodiscard]] const std::optional<Error> &fault() const { return m_latched; }

    /// Returns the row after the picture and the row are on the disk, never before.
    /// Fills pictureSha256, picturePath and pictureBytes from @p picture when there is one.
    /// @return DB-01, DB-02, DB-03, FS-07, FS-08 (no room for the picture beside what is kept free for the database), FS-09
    /// (disk full), FS-10 (disk fault). Nothing is half stored. After
    /// FS-10 the store refuses everything until it is opened again: a failed flush cannot be repeated.
    Result<std::int64_t> insertAnswer(const AnswerRecord &record, const std::optional<EvidencePicture> &picture);

    /// All rows or none, in one turn, each with its picture as insertAnswer(). A key that is there already gives back its row,
    /// and nothing is stored again. @return as insertAnswer().
    Result<void> insertBatch(std::span<BatchAnswer> answers);

    // The same in two steps, so that the picture is on the disk before the answer is known.
    Result<StoredPicture> savePicture(const EvidencePicture &picture);
    Result<std::int64_t> insertAnswerAbout(const AnswerRecord &record, const StoredPicture &picture);
    /// Deletes a saved picture that nothing came of, unless an answer is about it or somebody has saved the same since.
    void discardPicture(const StoredPicture &picture);

    /// Returns after the judgement is on the disk, never before. Earlier ones of the same answer stay.
    /// @return as insertAnswer(), and INT-01 when there is no such answer.
    Result<void> insertReview(const ReviewRecord &review);
    /// All of them or none, on the disk when this returns. @return the ids of the reviews that say so, in the order of
    /// @p decisions; else as insertReview().
    Result<std::vector<std::int64_t>> insertDecisions(std::span<const ReviewDecision> decisions);
    /// Takes back the newest judgement of @p reviewer that was not taken back yet, on each of @p rows; what stood before stands
    /// again. All or none. @return the ids of the reviews that say so, one for each row where there was one; else as
    /// insertReview().
    Result<std::vector<std::int64_t>> undoReviews(std::span<const std::int64_t> rows, const std::string &reviewer, std::int64_t nowUtcMs);

    /// Answers that are stored from now on belong to a session of @p program. @return its id; else as insertAnswer().
    Result<std::int64_t> beginSession(const std::string &program, const StoreAction &begun);
    [[nodiscard]] bool hasSession() const { return m_session > 0; }
    /// Where one was begun: it ended now. @return as insertAnswer().
    Result<void> endSession(std::int64_t nowUtcMs);

    /// Pictures of held answers are never removed. All or none; each call is kept, the newest counts. @return as insertReview().
    Result<void> setHeld(std::span<const std::int64_t> rows, bool isHeld, const std::string &reason, const StoreAction &by);
    // All or none; each change is kept, the newest counts. @return how many rows it changed; CLI-01 where `name` is no name of a
    // tag; else as insertReview().
    Result<std::int64_t> tag(std::span<const std::int64_t> rows, const std::string &name, const StoreAction &by);
    Result<std::int64_t> untag(std::span<const std::int64_t> rows, const std::string &name, const StoreAction &by);
    /// Of one answer. All or none. @param isUndo only what the same person did last of each tag is turned. @return as tag().
    Result<void> changeTags(std::int64_t row, std::span<const std::string> added, std::span<const std::string> removed, bool isUndo, const StoreAction &by);
    /// Takes back the newest hold of the same person (@p wasHeld), or release, that was not taken back yet: the answer is held as
    /// the others say. Nothing where there is none. @return as setHeld().
    Result<void> undoHeld(std::int64_t row, bool wasHeld, const StoreAction &by);

    /// Says of an answer whether its picture may go for its sake.
    using MayGo = std::function<bool(const AnswerRecord &)>;
    /// Marks each picture of @p sha256s that may go for the sake of every answer about it. The files stay until
    /// deleteRemovedPictures(). @return how many are marked; else as insertAnswer().
    Result<std::int64_t> markPicturesRemoved(std::span<const std::string> sha256s, const MayGo &mayGo, const StoreAction &by);
    struct DeletedPictures
    {
        std::int64_t deleted = 0, bytes = 0;
        std::int64_t kept = 0; ///< marked, but an answer needs it again: the mark is taken back
        std::int64_t busy = 0; ///< saved within the last hour, so that an answer may be on its way: the next run deletes it
        std::vector<Error> refused; ///< DB-09: something else is in the place of the picture, and stays there
    };
    /// Deletes the files of marked pictures, also of marks that a run left that was killed. @param forget is told the hash of
    /// each, before that is noted. @return as insertAnswer(), and RUN-01; what was done until then is done.
    Result<DeletedPictures> deleteRemovedPictures(const MayGo &mayGo, const std::function<void(const std::string &sha256)> &forget,
                                                  std::int64_t nowUtcMs, const std::stop_token &stop = {});

    /// counts() starts anew; nothing is deleted, and who did it is kept. @return as insertAnswer().
    Result<void> resetCounters(std::int64_t nowUtcMs, const std::string &who);

    /// Newest first, each with the review that counts.
    Result<std::vector<AnswerRecord>> recentAnswers(int limit) const;
    /// Of those before @p row the ones that the machine called NG and nobody has judged, newest first.
    Result<std::vector<AnswerRecord>> unreviewedNgs(std::int64_t row, int limit) const;
    /// Nothing when there is no such row.
    Result<std::optional<AnswerRecord>> answer(std::int64_t row) const;
    Result<std::int64_t> countAnswers() const;
    Result<AnswerCounts> counts(std::int64_t nowUtcMs) const;
    /// The bytes of a stored picture, as they were stored. @return DB-08 (missing), DB-09 (altered).
    Result<std::vector<std::uint8_t>> pictureOf(const AnswerRecord &record) const;

    /// Moves the log into the database file. Runs by itself after every kRowsPerCheckpoint rows, after each where
    /// the disk is nearly full, and at the end.
    Result<void> checkpoint();

    static constexpr std::size_t kRowsPerCheckpoint = 200;

private:
    AnswerStore();

    /// Runs @p body, which changes about so many @p rows, in a transaction, and remembers a lasting failure.
    /// @return what @p body returns, once it is on the disk.
    template <typename Body>
    auto write(std::size_t rows, Body body) -> decltype(body(std::declval<const Database &>()));

    Result<std::int64_t> setTag(std::span<const std::int64_t> rows, const std::string &name, bool isSet, const StoreAction &by);
    /// @param[in,out] sum counts what becomes of it. REQUIRES: inside a turn and a transaction.
    Result<void> deletePicture(const StoredPicture &picture, const MayGo &mayGo, std::int64_t nowUtcMs, DeletedPictures &sum,
                               const std::function<void(const std::string &)> &forget);

    std::unique_ptr<StoreUsers> m_users;
    std::unique_ptr<WriteTurn> m_writeTurn;
    std::unique_ptr<Database> m_database;
    std::unique_ptr<PictureStore> m_pictures;
    std::vector<Error> m_notices;
    std::optional<Error> m_latched; ///< why nothing is written any more
    std::size_t m_rowsSinceCheckpoint = 0;
    std::int64_t m_session = 0; ///< 0: none was begun
};

/// Reads answers beside a store that writes, in another thread or process. Sees every committed row.
/// Thread: all calls on one thread. Never writes.
class AnswerReader final
{
public:
    /// @return DB-01..DB-04, FS-12 when there is no database yet, FS-01 when it may not be read.
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
