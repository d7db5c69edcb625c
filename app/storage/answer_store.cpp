#include "app/storage/answer_store.h"

#include "app/settings/disk_room.h"
#include "app/settings/flush_folder.h"
#include "app/storage/answer_marks.h"
#include "app/storage/answer_rows.h"
#include "app/storage/cannot_save.h"
#include "app/storage/database.h"
#include "app/storage/picture_rows.h"
#include "app/storage/picture_store.h"
#include "app/storage/schema.h"
#include "app/storage/session_rows.h"
#include "app/storage/store_users.h"
#include "app/storage/write_turn.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <optional>
#include <string>
#include <sys/statfs.h>
#include <unistd.h>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

constexpr char kFileName[] = "inspector.db";

/// What an opened file turned out to be.
struct Recognised
{
    bool isNew = false;
    int version = 0;
};

Error newerVersion(int version)
{
    return {code::DatabaseNewer,
            "made by version " + std::to_string(version) + ", this is " + std::to_string(newestSchemaVersion())
                + "; opened read-only",
            kFileName};
}

/// Looks at the file before anything is written to it. @return DB-01, DB-02, DB-04.
Result<Recognised> recognise(const Database &database)
{
    // The tables first: they come in one commit with the number, which must not be missed where a program makes both meanwhile.
    const Result<std::int64_t> objects = database.number("SELECT count(*) FROM sqlite_schema");
    if (!objects)
        return failure(objects.error());
    const Result<std::int64_t> applicationId = database.number("PRAGMA application_id");
    if (!applicationId)
        return failure(applicationId.error());
    const Result<std::int64_t> version = database.number("PRAGMA user_version");
    if (!version)
        return failure(version.error());
    if (*applicationId == 0 && *objects == 0)
        return Recognised{true, 0};
    if (*applicationId != kApplicationId)
        return failure(code::DatabaseForeign, "not our database: it belongs to another program", kFileName);
    return Recognised{false, static_cast<int>(*version)};
}

/// Reads every page. @return DB-01, DB-02, DB-07.
Result<void> checkWhole(const Database &database)
{
    const Result<std::string> check = database.text("PRAGMA quick_check(1)");
    if (!check)
        return failure(check.error());
    if (*check != "ok")
        return failure(code::DatabaseDamaged, std::string(kFileName) + " is damaged (" + *check + ")", kFileName);
    // A trigger or view would run inside our own statements; we have none.
    const Result<std::string> planted
        = database.text("SELECT name FROM sqlite_schema WHERE type IN ('trigger', 'view') LIMIT 1");
    if (!planted)
        return failure(planted.error());
    if (!planted->empty())
        return failure(code::DatabaseSchema, "unexpected schema object '" + *planted + "'", kFileName);
    return {};
}

/// Opens the file, in a turn, as that brings back what a killed program has left in its log; and checks it, in none. @return
/// nothing where it is whole, else as recognise() and checkWhole(); @p database is open where it can be.
Result<void> openAndCheck(const fs::path &file, WriteTurn &writeTurn, std::unique_ptr<Database> &database)
{
    {
        const Result<WriteTurn::Held> turn = writeTurn.take();
        if (!turn)
            return failure(turn.error());
        Result<std::unique_ptr<Database>> opened = Database::open(file, Database::Access::ReadWrite);
        if (!opened)
            return failure(opened.error());
        database = *std::move(opened);
        const Result<Recognised> found = recognise(*database);
        if (!found || found->isNew)
            return found ? Result<void>() : failure(found.error());
        const Result<std::string> mode = database->text("PRAGMA journal_mode");
        if (!mode)
            return failure(mode.error());
        if (*mode != "wal") // as a copy is: who reads it keeps others from writing
            return checkWhole(*database);
    }
    return checkWhole(*database);
}

/// Gives the database and its log other names. @return that of the database; FS-07, FS-09, FS-10.
Result<std::string> putAside(const fs::path &file)
{
    constexpr std::array kParts = {"", "-wal", "-shm"};
    std::string suffix = ".damaged";
    std::error_code problem;
    for (int number = 2; fs::exists(file.string() + suffix, problem); ++number)
        suffix = ".damaged-" + std::to_string(number);
    // Both names first: after a kill the database must not be there without its log, and the log not without its database,
    // where SQLite would delete it. A file system without links has them moved, the log first.
    for (const char *part : {"-wal", ""}) {
        const std::string from = file.string() + part, to = file.string() + suffix + part;
        if (link(from.c_str(), to.c_str()) != 0 && rename(from.c_str(), to.c_str()) != 0 && errno != ENOENT)
            return cannotSave(errno, file);
    }
    if (const int reason = flushFolder(file.parent_path()); reason != 0)
        return cannotSave(reason, file);
    for (const char *part : kParts)
        if (unlink((file.string() + part).c_str()) != 0 && errno != ENOENT)
            return cannotSave(errno, file);
    return file.filename().string() + suffix;
}

bool isOnNetwork(const fs::path &folder)
{
    struct statfs state{};
    if (statfs(folder.c_str(), &state) != 0)
        return false;
    // NFS, SMB, CIFS, SMB2: their locks do not hold.
    constexpr std::array<std::uint64_t, 4> kNetworks = {0x6969, 0x517B, 0xFF534D42, 0xFE534D42};
    return std::find(kNetworks.begin(), kNetworks.end(), static_cast<std::uint32_t>(state.f_type)) != kNetworks.end();
}

/// A failed flush cannot be repeated: the kernel may have marked the pages as written.
bool isLasting(const Error &error) { return error.code == code::DiskFault || error.code == code::DatabaseDamaged; }

Failure noTagName(const std::string &name)
{
    return failure(code::Usage, "'" + name + "' is no name of a tag: 1 to 100 bytes, without commas and line breaks", name);
}

} // namespace

AnswerStore::AnswerStore() = default;

AnswerStore::~AnswerStore()
{
    // A failure leaves the rows in the log, where the next start finds them.
    const bool isMoved = m_database && !m_latched && checkpoint();
    if (!m_writeTurn)
        return;
    const Result<WriteTurn::Held> turn = m_writeTurn->take();
    if (isMoved && turn)
        m_database->emptyLog();
    m_database.reset();
}

Result<std::unique_ptr<AnswerStore>> AnswerStore::open(const fs::path &dataFolder, IfDamaged ifDamaged)
{
    if (isOnNetwork(dataFolder))
        return failure(code::DatabaseOnNetwork, "network folder is not safe for the database; choose a local one",
                       dataFolder.string());
    std::unique_ptr<AnswerStore> store(new AnswerStore);
    Result<std::unique_ptr<StoreUsers>> users = StoreUsers::join(dataFolder / "inspector.db.users");
    if (!users)
        return failure(users.error());
    Result<std::unique_ptr<WriteTurn>> writeTurn = WriteTurn::create(dataFolder / "inspector.db.turn");
    if (!writeTurn)
        return failure(writeTurn.error());

    const fs::path file = dataFolder / kFileName;
    std::optional<Result<WriteTurn::Held>> turn; // a connection is closed in it
    std::unique_ptr<Database> database;
    const Result<void> whole = openAndCheck(file, **writeTurn, database);
    turn.emplace((*writeTurn)->take());
    if (!*turn)
        return failure(turn->error());
    if (!whole && whole.error().code != code::DatabaseDamaged)
        return failure(whole.error());
    if (!whole) {
        database.reset();
        if (ifDamaged == IfDamaged::Refuse)
            return failure(code::DatabaseDamaged, whole.error().message + "; it was left as it is", kFileName);
        if (!(*users)->beAlone())
            return failure(code::DatabaseDamaged, whole.error().message + "; another program has it open, so it was left as it is: close that first",
                           kFileName);
        const Result<std::string> kept = putAside(file);
        if (!kept)
            return failure(kept.error());
        store->m_notices.push_back({code::DatabaseDamaged,
                                    "database failed its check; kept as " + *kept + "; a new one was started",
                                    kFileName});
        Result<std::unique_ptr<Database>> fresh = Database::open(file, Database::Access::ReadWrite);
        if (!fresh)
            return failure(fresh.error());
        database = *std::move(fresh);
        (*users)->letOthersJoin();
    }
    const Result<Recognised> found = recognise(*database); // another program may have made it, or brought it up to date, meanwhile
    if (!found)
        return failure(found.error());

    if (found->version > newestSchemaVersion()) {
        database.reset();
        Result<std::unique_ptr<Database>> readable = Database::open(file, Database::Access::ReadOnly);
        if (!readable)
            return failure(readable.error());
        database = *std::move(readable);
        store->m_latched = newerVersion(found->version);
        store->m_notices.push_back(*store->m_latched);
    } else {
        const Database &opened = *database;
        if (!found->isNew && found->version < newestSchemaVersion()) {
            const fs::path copy = file.string() + ".version-" + std::to_string(found->version);
            if (const Result<void> saved = opened.backup(copy); !saved)
                return failure(saved.error());
        }
        if (found->version < newestSchemaVersion()) {
            if (const Result<void> migrated = migrate(opened, found->version, migrations()); !migrated)
                return failure(migrated.error());
        }
        if (const Result<void> begun = opened.beginLog(); !begun)
            return failure(begun.error());
        // SQLite flushes the folder, too, but keeps to itself when that fails.
        if (const int reason = flushFolder(dataFolder); reason != 0)
            return cannotSave(reason, dataFolder / kFileName);
    }
    store->m_users = *std::move(users);
    store->m_database = std::move(database);
    store->m_writeTurn = *std::move(writeTurn);
    store->m_pictures = std::make_unique<PictureStore>(dataFolder);
    store->m_pictures->removeUnfinished();
    return store;
}

template <typename Body>
auto AnswerStore::write(std::size_t rows, Body body) -> decltype(body(std::declval<const Database &>()))
{
    if (m_latched)
        return failure(*m_latched);
    const auto remember = [this](const Error &error) {
        if (isLasting(error))
            m_latched = error;
        return failure(error);
    };
    auto written = [&]() -> decltype(body(*m_database)) {
        const Result<WriteTurn::Held> turn = m_writeTurn->take();
        if (!turn)
            return failure(turn.error());
        const Result<std::unique_ptr<TransactionGuard>> transaction = TransactionGuard::begin(*m_database);
        if (!transaction)
            return remember(transaction.error());
        auto done = body(*m_database);
        if (!done)
            return remember(done.error());
        if (const Result<void> committed = (*transaction)->commit(); !committed)
            return remember(committed.error());
        return done;
    }();
    // What was written is safe already, so a failing checkpoint is not its failure; but it stops the next one.
    if (!written)
        return written;
    m_rowsSinceCheckpoint += rows;
    // Where room is short the log is used again at once, and takes no more of what is kept free for it.
    const bool hasRoom = checkDiskRoom(m_database->file().parent_path(), 0, {}).has_value();
    if (m_rowsSinceCheckpoint >= kRowsPerCheckpoint || !hasRoom)
        (void)checkpoint();
    return written;
}

Result<std::int64_t> AnswerStore::insertAnswer(const AnswerRecord &record,
                                               const std::optional<EvidencePicture> &picture)
{
    if (!picture)
        return insertAnswerAbout(record, {});
    const Result<StoredPicture> stored = savePicture(*picture);
    if (!stored)
        return failure(stored.error());
    Result<std::int64_t> row = insertAnswerAbout(record, *stored);
    if (!row)
        discardPicture(*stored);
    return row;
}

Result<void> AnswerStore::insertBatch(std::span<BatchAnswer> answers)
{
    for (BatchAnswer &answer : answers) {
        answer.record.session = m_session;
        if (!answer.picture)
            continue;
        const Result<StoredPicture> stored = savePicture(*answer.picture);
        if (!stored)
            return failure(stored.error());
        answer.record.pictureSha256 = stored->sha256;
        answer.record.picturePath = stored->path;
        answer.record.pictureBytes = stored->bytes;
    }
    return write(answers.size(), [&](const Database &database) -> Result<void> {
        Result<Statement> known = database.prepare("SELECT answer_id FROM batch_answer WHERE key = ?");
        Result<Statement> noted = database.prepare("INSERT INTO batch_answer (key, answer_id) VALUES (?, ?)");
        if (!known || !noted)
            return failure(known ? noted.error() : known.error());
        for (BatchAnswer &answer : answers) {
            const Result<bool> isThere = known->bind(1, answer.key).step();
            if (!isThere)
                return failure(isThere.error());
            if (*isThere) {
                answer.record.row = known->integer(0);
                known->reset();
                continue;
            }
            known->reset();
            const Result<std::int64_t> row = insertRow(database, answer.record);
            if (!row)
                return failure(row.error());
            if (const Result<void> done = noted->bind(1, answer.key).bind(2, *row).run(); !done)
                return done;
            noted->reset();
            answer.record.row = *row;
        }
        return {};
    });
}

Result<StoredPicture> AnswerStore::savePicture(const EvidencePicture &picture)
{
    if (m_latched)
        return failure(*m_latched);
    const StoredPicture place = PictureStore::placeOf(picture);
    // One that is there already may be about to be deleted by retention; after a turn it is not.
    std::optional<Result<WriteTurn::Held>> turn;
    if (m_pictures->hasFile(place)) {
        turn.emplace(m_writeTurn->take());
        if (!*turn)
            return failure(turn->error());
    }
    Result<StoredPicture> stored = m_pictures->save(picture, place);
    if (!stored && isLasting(stored.error()))
        m_latched = stored.error();
    return stored;
}

Result<std::int64_t> AnswerStore::insertAnswerAbout(const AnswerRecord &record, const StoredPicture &picture)
{
    AnswerRecord complete = record;
    complete.pictureSha256 = picture.sha256;
    complete.picturePath = picture.path;
    complete.pictureBytes = picture.bytes;
    complete.session = m_session;
    return write(1, [&](const Database &database) { return insertRow(database, complete); });
}

void AnswerStore::discardPicture(const StoredPicture &picture)
{
    if (m_latched)
        return; // after a failed flush its row may be there at the next start
    const Result<WriteTurn::Held> turn = m_writeTurn->take(); // nobody names it meanwhile
    if (!turn)
        return;
    const Result<bool> isNamed = hasPicture(*m_database, picture.sha256);
    if (isNamed && !*isNamed)
        m_pictures->removeUnlessSavedAgain(picture);
}

Result<void> AnswerStore::insertReview(const ReviewRecord &review)
{
    return write(1, [&](const Database &database) { return insertReviewRow(database, review); });
}

Result<std::vector<std::int64_t>> AnswerStore::insertDecisions(std::span<const ReviewDecision> decisions)
{
    return write(decisions.size(), [&](const Database &database) -> Result<std::vector<std::int64_t>> {
        std::vector<std::int64_t> reviews;
        for (const ReviewDecision &decision : decisions) {
            const Result<std::int64_t> review = insertDecisionRow(database, decision);
            if (!review)
                return failure(review.error());
            reviews.push_back(*review);
        }
        return reviews;
    });
}

Result<std::vector<std::int64_t>> AnswerStore::undoReviews(std::span<const std::int64_t> rows, const std::string &reviewer, std::int64_t nowUtcMs)
{
    return write(rows.size(), [&](const Database &database) -> Result<std::vector<std::int64_t>> {
        std::vector<std::int64_t> reviews;
        for (const std::int64_t row : rows) {
            const Result<std::int64_t> review = insertUndoRow(database, row, reviewer, nowUtcMs);
            if (!review)
                return failure(review.error());
            if (*review > 0)
                reviews.push_back(*review);
        }
        return reviews;
    });
}

Result<std::int64_t> AnswerStore::beginSession(const std::string &program, const StoreAction &begun)
{
    const Result<std::int64_t> session = write(1, [&](const Database &database) { return insertSession(database, program, begun); });
    if (session)
        m_session = *session;
    return session;
}

Result<void> AnswerStore::endSession(std::int64_t nowUtcMs)
{
    if (m_session == 0)
        return {};
    const std::int64_t session = std::exchange(m_session, 0);
    return write(1, [&](const Database &database) { return closeSession(database, session, nowUtcMs); });
}

Result<void> AnswerStore::setHeld(std::span<const std::int64_t> rows, bool isHeld, const std::string &reason, const StoreAction &by)
{
    return write(rows.size(), [&](const Database &database) -> Result<void> {
        for (const std::int64_t row : rows)
            if (Result<void> done = insertHold(database, row, isHeld, reason, by); !done)
                return done;
        return {};
    });
}

Result<std::int64_t> AnswerStore::setTag(std::span<const std::int64_t> rows, const std::string &name, bool isSet, const StoreAction &by)
{
    if (isSet && !isTagName(name)) // one that was given before can always be taken off
        return noTagName(name);
    return write(rows.size(), [&](const Database &database) -> Result<std::int64_t> {
        std::int64_t changed = 0;
        for (const std::int64_t row : rows) {
            const Result<bool> done = insertTagging(database, row, name, isSet, by);
            if (!done)
                return failure(done.error());
            changed += *done ? 1 : 0;
        }
        return changed;
    });
}

Result<std::int64_t> AnswerStore::tag(std::span<const std::int64_t> rows, const std::string &name, const StoreAction &by)
{
    return setTag(rows, name, true, by);
}

Result<std::int64_t> AnswerStore::untag(std::span<const std::int64_t> rows, const std::string &name, const StoreAction &by)
{
    return setTag(rows, name, false, by);
}

Result<void> AnswerStore::changeTags(std::int64_t row, std::span<const std::string> added, std::span<const std::string> removed, bool isUndo,
                                     const StoreAction &by)
{
    if (const auto bad = std::ranges::find_if_not(added, isTagName); bad != added.end())
        return noTagName(*bad);
    if (std::ranges::any_of(removed, &std::string::empty))
        return noTagName({});
    return write(1, [&](const Database &database) -> Result<void> {
        for (const auto &[names, isSet] : {std::pair(added, true), std::pair(removed, false)}) {
            for (const std::string &name : names) {
                const Result<bool> isTurned = isUndo ? isOwnTagging(database, row, name, by.who) : true;
                if (!isTurned)
                    return failure(isTurned.error());
                if (!*isTurned)
                    continue;
                if (const Result<bool> done = insertTagging(database, row, name, isSet, by); !done)
                    return failure(done.error());
            }
        }
        return {};
    });
}

Result<void> AnswerStore::undoHeld(std::int64_t row, bool wasHeld, const StoreAction &by)
{
    return write(1, [&](const Database &database) { return insertHoldUndo(database, row, wasHeld, by); });
}

Result<std::int64_t> AnswerStore::markPicturesRemoved(std::span<const std::string> sha256s, const MayGo &mayGo, const StoreAction &by)
{
    return write(sha256s.size(), [&](const Database &database) -> Result<std::int64_t> {
        std::int64_t marked = 0;
        for (const std::string &sha256 : sha256s) {
            const Result<bool> isMarked = markRemoved(database, sha256, mayGo, by);
            if (!isMarked)
                return failure(isMarked.error());
            marked += *isMarked ? 1 : 0;
        }
        return marked;
    });
}

Result<AnswerStore::DeletedPictures> AnswerStore::deleteRemovedPictures(const MayGo &mayGo,
                                                                        const std::function<void(const std::string &sha256)> &forget,
                                                                        std::int64_t nowUtcMs, const std::stop_token &stop)
{
    constexpr int kPage = 20; // in one turn: others wait for theirs meanwhile
    DeletedPictures sum;
    for (std::string last;;) {
        if (stop.stop_requested())
            return failure(code::Cancelled, "stopped after " + std::to_string(sum.deleted) + " pictures; the next run goes on");
        const Result<std::vector<StoredPicture>> page = picturesToDelete(*m_database, last, kPage);
        if (!page)
            return failure(page.error());
        if (page->empty())
            return sum;
        last = page->back().sha256;
        const Result<void> deleted = write(page->size(), [&](const Database &) -> Result<void> {
            for (const StoredPicture &picture : *page)
                if (Result<void> done = deletePicture(picture, mayGo, nowUtcMs, sum, forget); !done)
                    return done;
            return {};
        });
        if (!deleted)
            return failure(deleted.error());
    }
}

Result<void> AnswerStore::deletePicture(const StoredPicture &picture, const MayGo &mayGo, std::int64_t nowUtcMs, DeletedPictures &sum,
                                        const std::function<void(const std::string &)> &forget)
{
    // Since it was marked, an answer about it may have come, or somebody may hold one.
    const Result<RemovedPicture> state = stateOfRemoved(*m_database, picture.sha256, mayGo);
    if (!state)
        return failure(state.error());
    if (*state == RemovedPicture::Kept) {
        ++sum.kept;
        return {};
    }
    const Result<bool> isGone = m_pictures->removeUnlessBusy(picture, nowUtcMs);
    if (!isGone && isGone.error().code == code::EvidenceAltered) {
        sum.refused.push_back(isGone.error());
        return {};
    }
    if (!isGone)
        return failure(isGone.error());
    if (!*isGone) {
        ++sum.busy;
        return {};
    }
    forget(picture.sha256);
    if (Result<void> noted = markDeleted(*m_database, picture.sha256); !noted)
        return noted;
    ++sum.deleted;
    sum.bytes += picture.bytes;
    return {};
}

Result<void> AnswerStore::resetCounters(std::int64_t nowUtcMs, const std::string &who)
{
    return write(1, [&](const Database &database) { return insertCounterReset(database, nowUtcMs, who); });
}

Result<void> AnswerStore::checkpoint()
{
    if (m_latched)
        return failure(*m_latched);
    const Result<WriteTurn::Held> turn = m_writeTurn->take();
    if (!turn)
        return failure(turn.error());
    if (const Result<void> moved = m_database->checkpoint(); !moved) {
        if (isLasting(moved.error()))
            m_latched = moved.error();
        return failure(moved.error());
    }
    m_rowsSinceCheckpoint = 0;
    return {};
}

Result<std::vector<AnswerRecord>> AnswerStore::recentAnswers(int limit) const
{
    return selectRecent(*m_database, limit);
}

Result<std::vector<AnswerRecord>> AnswerStore::unreviewedNgs(std::int64_t row, int limit) const
{
    return selectUnreviewedNgs(*m_database, row, limit);
}

Result<std::optional<AnswerRecord>> AnswerStore::answer(std::int64_t row) const { return selectRow(*m_database, row); }

Result<std::int64_t> AnswerStore::countAnswers() const { return countRows(*m_database); }

Result<AnswerCounts> AnswerStore::counts(std::int64_t nowUtcMs) const { return selectCounts(*m_database, nowUtcMs); }

Result<std::vector<std::uint8_t>> AnswerStore::pictureOf(const AnswerRecord &record) const
{
    return m_pictures->read(record.picturePath, record.pictureSha256);
}

AnswerReader::AnswerReader(std::unique_ptr<Database> database) : m_database(std::move(database)) {}

AnswerReader::~AnswerReader() = default;

Result<std::unique_ptr<AnswerReader>> AnswerReader::open(const fs::path &dataFolder)
{
    const fs::path file = dataFolder / kFileName;
    const Failure noAnswers = failure(code::FileNotFound, "there are no answers yet in " + dataFolder.string(), file.string());
    if (faccessat(AT_FDCWD, file.c_str(), R_OK, AT_EACCESS) != 0)
        return errno == EACCES ? failure(code::FileUnreadable, "no permission to read " + file.string(), file.string()) : noAnswers;
    Result<std::unique_ptr<Database>> database = Database::open(file, Database::Access::ReadOnly);
    if (!database)
        return failure(database.error());
    const Result<Recognised> found = recognise(**database);
    if (!found)
        return failure(found.error());
    if (found->isNew) // who writes is about to make its tables
        return noAnswers;
    if (found->version > newestSchemaVersion())
        return failure(newerVersion(found->version));
    return std::unique_ptr<AnswerReader>(new AnswerReader(*std::move(database)));
}

Result<std::vector<AnswerRecord>> AnswerReader::recentAnswers(int limit) const
{
    return selectRecent(*m_database, limit);
}

Result<std::optional<AnswerRecord>> AnswerReader::answer(std::int64_t row) const
{
    return selectRow(*m_database, row);
}

Result<std::int64_t> AnswerReader::countAnswers() const { return countRows(*m_database); }

} // namespace auroraedge::app
