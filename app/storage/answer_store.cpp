#include "app/storage/answer_store.h"

#include "app/storage/answer_rows.h"
#include "app/storage/database.h"
#include "app/storage/picture_store.h"
#include "app/storage/schema.h"
#include "app/storage/write_turn.h"

#include <algorithm>
#include <array>
#include <string>
#include <sys/statfs.h>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

constexpr char kFileName[] = "inspector.db";

/// What an opened file turned out to be.
struct Inspected
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

/// Looks at the file before anything is written to it. @return DB-01, DB-02, DB-04, DB-07.
Result<Inspected> inspect(const Database &database)
{
    const Result<std::int64_t> applicationId = database.number("PRAGMA application_id");
    if (!applicationId)
        return failure(applicationId.error());
    const Result<std::int64_t> objects = database.number("SELECT count(*) FROM sqlite_schema");
    if (!objects)
        return failure(objects.error());
    const Result<std::int64_t> version = database.number("PRAGMA user_version");
    if (!version)
        return failure(version.error());
    if (*applicationId == 0 && *objects == 0)
        return Inspected{true, 0};
    if (*applicationId != kApplicationId)
        return failure(code::DatabaseForeign, "not our database: it belongs to another program", kFileName);

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
    return Inspected{false, static_cast<int>(*version)};
}

/// Moves the database and its companions out of the way. @return the new file name.
Result<std::string> putAside(const fs::path &file)
{
    std::string suffix = ".damaged";
    std::error_code problem;
    for (int number = 2; fs::exists(file.string() + suffix, problem); ++number)
        suffix = ".damaged-" + std::to_string(number);
    for (const char *companion : {"", "-wal", "-shm"}) {
        const fs::path from = file.string() + companion;
        if (fs::exists(from, problem))
            fs::rename(from, file.string() + suffix + companion, problem);
        if (problem)
            return failure(code::FolderNotWritable,
                           "cannot write to " + file.parent_path().string() + " (" + problem.message()
                               + "); choose another",
                           file.string());
    }
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

} // namespace

AnswerStore::AnswerStore() = default;

AnswerStore::~AnswerStore()
{
    if (m_database && !m_latched)
        (void)checkpoint(); // a failure leaves the rows in the log, where the next start finds them
    if (!m_writeTurn)
        return;
    const Result<WriteTurn::Held> turn = m_writeTurn->take();
    m_database.reset();
}

Result<std::unique_ptr<AnswerStore>> AnswerStore::open(const fs::path &dataFolder)
{
    if (isOnNetwork(dataFolder))
        return failure(code::DatabaseOnNetwork, "network folder is not safe for the database; choose a local one",
                       dataFolder.string());
    std::unique_ptr<AnswerStore> store(new AnswerStore);
    Result<std::unique_ptr<WriteTurn>> writeTurn = WriteTurn::create(dataFolder / "inspector.db.turn");
    if (!writeTurn)
        return failure(writeTurn.error());
    const Result<WriteTurn::Held> turn = (*writeTurn)->take();
    if (!turn)
        return failure(turn.error());

    const fs::path file = dataFolder / kFileName;
    Result<std::unique_ptr<Database>> database = Database::open(file, Database::Access::ReadWrite);
    Result<Inspected> found = database ? inspect(**database) : Result<Inspected>(failure(database.error()));
    if (!found && found.error().code == code::DatabaseDamaged) {
        if (database)
            database->reset();
        const Result<std::string> kept = putAside(file);
        if (!kept)
            return failure(kept.error());
        store->m_notices.push_back({code::DatabaseDamaged,
                                    "database failed its check; kept as " + *kept + "; a new one was started",
                                    kFileName});
        database = Database::open(file, Database::Access::ReadWrite);
        found = database ? inspect(**database) : Result<Inspected>(failure(database.error()));
    }
    if (!found)
        return failure(found.error());

    if (found->version > newestSchemaVersion()) {
        database->reset();
        database = Database::open(file, Database::Access::ReadOnly);
        if (!database)
            return failure(database.error());
        store->m_latched = newerVersion(found->version);
        store->m_notices.push_back(*store->m_latched);
    } else {
        const Database &opened = **database;
        if (!found->isNew && found->version < newestSchemaVersion()) {
            const fs::path copy = file.string() + ".version-" + std::to_string(found->version);
            if (const Result<void> saved = opened.backup(copy); !saved)
                return failure(saved.error());
        }
        if (found->version < newestSchemaVersion()) {
            if (const Result<void> migrated = migrate(opened, found->version, migrations()); !migrated)
                return failure(migrated.error());
        }
        const Result<std::string> mode = opened.text("PRAGMA journal_mode = WAL");
        if (!mode)
            return failure(mode.error());
    }
    store->m_database = *std::move(database);
    store->m_writeTurn = *std::move(writeTurn);
    store->m_pictures = std::make_unique<PictureStore>(dataFolder);
    return store;
}

template <typename Body>
auto AnswerStore::write(Body body) -> decltype(body(std::declval<const Database &>()))
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
    if (written && ++m_rowsSinceCheckpoint >= kRowsPerCheckpoint)
        (void)checkpoint();
    return written;
}

Result<std::int64_t> AnswerStore::insertAnswer(const AnswerRecord &record,
                                               const std::optional<EvidencePicture> &picture)
{
    if (!picture)
        return insertAnswerAbout(record, {});
    const Result<StoredPicture> stored = savePicture(*picture);
    return stored ? insertAnswerAbout(record, *stored) : failure(stored.error());
}

Result<StoredPicture> AnswerStore::savePicture(const EvidencePicture &picture)
{
    if (m_latched)
        return failure(*m_latched);
    Result<StoredPicture> stored = m_pictures->save(picture);
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
    return write([&](const Database &database) { return insertRow(database, complete); });
}

void AnswerStore::discardPicture(const StoredPicture &picture)
{
    const Result<bool> isNamed = hasPicture(*m_database, picture.sha256);
    if (isNamed && !*isNamed)
        m_pictures->remove(picture);
}

Result<void> AnswerStore::insertReview(const ReviewRecord &review)
{
    return write([&](const Database &database) { return insertReviewRow(database, review); });
}

Result<void> AnswerStore::insertDecisions(std::span<const ReviewDecision> decisions)
{
    return write([&](const Database &database) -> Result<void> {
        for (const ReviewDecision &decision : decisions)
            if (const Result<void> done = insertDecisionRow(database, decision); !done)
                return failure(done.error());
        return {};
    });
}

Result<void> AnswerStore::undoReviews(std::span<const std::int64_t> rows, const std::string &reviewer, std::int64_t nowUtcMs)
{
    return write([&](const Database &database) -> Result<void> {
        for (const std::int64_t row : rows)
            if (const Result<bool> done = insertUndoRow(database, row, reviewer, nowUtcMs); !done)
                return failure(done.error());
        return {};
    });
}

Result<bool> AnswerStore::undoReview(std::int64_t row, const std::string &reviewer, std::int64_t nowUtcMs)
{
    return write([&](const Database &database) { return insertUndoRow(database, row, reviewer, nowUtcMs); });
}

Result<void> AnswerStore::resetCounters(std::int64_t nowUtcMs, const std::string &who)
{
    return write([&](const Database &database) { return insertCounterReset(database, nowUtcMs, who); });
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
    std::error_code problem;
    if (!fs::exists(file, problem))
        return failure(code::FileNotFound, "there are no answers yet in " + dataFolder.string(), file.string());
    Result<std::unique_ptr<Database>> database = Database::open(file, Database::Access::ReadOnly);
    if (!database)
        return failure(database.error());
    const Result<std::int64_t> applicationId = (*database)->number("PRAGMA application_id");
    if (!applicationId)
        return failure(applicationId.error());
    const Result<std::int64_t> version = (*database)->number("PRAGMA user_version");
    if (!version)
        return failure(version.error());
    if (*applicationId != kApplicationId)
        return failure(code::DatabaseForeign, "not our database: it belongs to another program", kFileName);
    if (*version > newestSchemaVersion())
        return failure(newerVersion(static_cast<int>(*version)));
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
