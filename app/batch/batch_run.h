#pragma once

#include "app/batch/asked_picture.h"
#include "app/batch/batch_list.h"
#include "app/storage/answer_store.h"
#include "app/storage/batch_journal.h"
#include "engine/api/inspector.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace auroraedge::app {

/// Size and time of change of a file as they are now, zeros where there is none; without its hash.
[[nodiscard]] JournalFile fileAt(const std::string &path);

/// A file of a batch once a reading thread is done with it.
struct ReadItem
{
    JournalFile file;
    std::optional<Error> error; ///< why there is nothing to ask about
    std::optional<AskedPicture> picture; ///< its pixels only where they are still needed
    PreparedPicture prepared;
    std::optional<EvidencePicture> evidence; ///< what the store keeps of it
};

/// What a batch needs of the world; the answering is the caller's, so that a test can do without a model.
struct BatchWork
{
    std::vector<std::string> questions;
    /// The next file, in the order of the list; nothing at the end. May wait for one (a watch) until it is stopped. Called by
    /// one thread at a time.
    std::function<Result<std::optional<BatchInput>>(const std::stop_token &)> next;
    /// Reads a file and makes it ready. Any thread. Fills picture and prepared, or error.
    std::function<void(ReadItem &item)> read;
    /// Answers every question about every item: [item * questions + question], an error being that of one answer. On the
    /// thread that runs the batch.
    std::function<Result<std::vector<Result<AnswerRecord>>>(std::span<const ReadItem *const> items)> answer;
    /// A record with all but the answer; on the thread that runs the batch.
    std::function<AnswerRecord(const ReadItem &item, const std::string &question)> begin;
    /// Looked at when a file is not there: whether the folder itself is gone.
    std::function<Result<void>()> checkFolders;
    bool isByName = false; ///< the answer depends on the file's name, too: equal files are asked about one by one
    bool isOpenEnded = false; ///< a watch: what is there is answered at once, also where it is no whole batch
};

/// One answer that is on the disk.
struct BatchAnswered
{
    AnswerRecord record;
    std::string path;
};

struct BatchFigures
{
    std::int64_t done = 0, failed = 0, ok = 0, notGood = 0, unsure = 0; ///< files; of several questions the worst
    std::int64_t repeated = 0; ///< equal to an earlier file, whose answer was taken
    double busy = 0;           ///< share of the time in which the model worked
};

/// Runs a batch: reading threads, the model on the calling thread, one storage thread behind. What was read ahead is bounded,
/// so memory does not grow with the folder. Answers are told once they are on the disk, in order, on the storage thread.
struct BatchRun
{
    const BatchWork &work;
    BatchJournal &journal; ///< the storage thread's while this runs
    AnswerStore *store = nullptr; ///< null: answers go to the journal alone. As above
    int readers = 2;
    std::function<void(std::span<const BatchAnswered>, const BatchFigures &)> onStored;
    std::function<Result<void>()> onIdle; ///< on the storage thread, about every second in which it has nothing to do

    static constexpr std::size_t kFilesOfABatch = 32; ///< what is committed together, and redone at most after a kill
    static constexpr std::int64_t kBytesOfABatch = std::int64_t{128} << 20; ///< of pictures; a batch is closed behind it

    /// @return the figures; FS-06 (a folder is gone), what next() and answer() return as a whole, FS-* and DB-* of storing,
    /// Cancelled. Everything that was told as stored stays so.
    Result<BatchFigures> run(std::stop_token stop) const;
};

} // namespace auroraedge::app
