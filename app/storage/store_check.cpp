#include "app/storage/store_check.h"

#include "app/settings/checksums.h"
#include "app/storage/answer_rows.h"
#include "app/storage/answer_store.h"
#include "app/storage/database.h"
#include "app/storage/facet_check.h"
#include "app/storage/picture_rows.h"
#include "app/storage/picture_store.h"

#include <string>
#include <vector>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

Failure damaged(const std::string &what, const Database &database)
{
    const std::string name = database.file().filename().string();
    return failure(code::DatabaseDamaged, name + " is damaged: " + what, name);
}

/// Files among the pictures that no row names.
Result<std::int64_t> countUnknown(const fs::path &dataFolder, const Database &database, const std::stop_token &stop)
{
    Result<Statement> find = database.prepare("SELECT 1 FROM picture WHERE path = ?");
    if (!find)
        return failure(find.error());
    std::int64_t unknown = 0;
    std::error_code problem; // a folder that is not there holds none
    for (fs::recursive_directory_iterator it(dataFolder / "pictures", problem), end; !problem && it != end; it.increment(problem)) {
        if (stop.stop_requested())
            return failure(code::Cancelled, "cancelled");
        std::error_code ignored;
        if (fs::is_directory(it->symlink_status(ignored)))
            continue;
        find->reset();
        const Result<bool> isKnown = find->bind(1, it->path().lexically_relative(dataFolder).string()).step();
        if (!isKnown)
            return failure(isKnown.error());
        unknown += *isKnown ? 0 : 1;
    }
    return unknown;
}

} // namespace

Result<void> checkPicture(const fs::path &dataFolder, const StoredPicture &picture, const std::stop_token &stop)
{
    if (!isPicturePath(picture))
        return failure(code::EvidenceAltered, "'" + picture.path + "' is no place of a picture", picture.path);
    const fs::path file = dataFolder / picture.path;
    std::error_code problem;
    if (!fs::is_regular_file(fs::symlink_status(file, problem)))
        return failure(code::EvidenceMissing, "evidence image missing: " + picture.path, picture.path);
    const Result<std::string> sha256 = sha256OfFile(file, stop);
    if (!sha256)
        return failure(sha256.error());
    if (*sha256 != picture.sha256)
        return failure(code::EvidenceAltered, "evidence hash differs: " + picture.path, picture.path);
    return {};
}

Result<std::int64_t> checkDatabase(const Database &database, const std::function<void(const Error &)> &onFault, const std::stop_token &stop)
{
    const Database::Stoppable stoppable(database, stop);
    std::int64_t faults = 0;
    const auto tell = [&](const Error &error) {
        ++faults;
        if (onFault)
            onFault(error);
    };
    const auto tellRows = [&](const char *sql, const std::function<Error(const Statement &)> &faultOf) -> Result<void> {
        Result<Statement> statement = database.prepare(sql);
        if (!statement)
            return failure(statement.error());
        return forEachRow(*statement, [&](const Statement &row) { tell(faultOf(row)); });
    };
    const Result<void> looked = [&]() -> Result<void> {
        Result<void> whole = tellRows("SELECT integrity_check FROM pragma_integrity_check(100) WHERE integrity_check <> 'ok'",
                                      [&](const Statement &row) { return damaged(row.text(0), database).error; });
        if (!whole)
            return whole;
        Result<void> keys = tellRows("SELECT \"table\", rowid, parent FROM pragma_foreign_key_check LIMIT 100", [&](const Statement &row) {
            const std::string which = row.isNull(1) ? "a row" : "row " + std::to_string(row.integer(1)); // tables by key have no numbers
            return damaged(which + " of '" + row.text(0) + "' names no row of '" + row.text(2) + "'", database).error;
        });
        if (!keys)
            return keys;
        return tellRows("SELECT name FROM sqlite_schema WHERE type IN ('trigger', 'view')", [&](const Statement &row) {
            return Error{code::DatabaseSchema, "unexpected schema object '" + row.text(0) + "'", database.file().filename().string()};
        });
    }();
    if (!looked && looked.error().code != code::DatabaseDamaged)
        return failure(looked.error());
    if (!looked) // so damaged that SQLite gives up looking
        tell(looked.error());
    return faults;
}

Result<StoreCheck> checkStore(const fs::path &dataFolder, const StoreCheckListener &listener, const std::stop_token &stop)
{
    const Result<std::unique_ptr<AnswerReader>> reader = AnswerReader::open(dataFolder);
    if (!reader)
        return failure(reader.error());
    const Database &database = (*reader)->database();
    StoreCheck check;
    const auto tell = [&](const Error &error) {
        ++check.faults;
        if (listener.onFault)
            listener.onFault(error);
    };
    const Result<std::int64_t> faults = checkDatabase(database, listener.onFault, stop);
    if (!faults)
        return failure(faults.error());
    check.faults = *faults;

    // A damaged database may still know most of its pictures, so what can be looked at is.
    if (const Result<void> followed = checkFacets(database, tell, stop); !followed) {
        if (followed.error().code != code::DatabaseDamaged && followed.error().code != code::Internal) // the latter: a table is missing
            return failure(followed.error());
        tell(followed.error());
    }
    const Result<void> looked = [&]() -> Result<void> {
        const Result<std::int64_t> answers = countRows(database);
        if (!answers)
            return failure(answers.error());
        check.answers = *answers;
        const Result<std::int64_t> all = countPictures(database);
        if (!all)
            return failure(all.error());
        Result<void> pictures = forEachPicture(database, [&](const StoredPicture &picture) -> Result<void> {
            const Result<void> checked = checkPicture(dataFolder, picture, stop);
            if (!checked && checked.error().code == code::Cancelled)
                return checked;
            if (!checked)
                tell(checked.error());
            ++check.pictures;
            check.pictureBytes += picture.bytes;
            if (listener.onPicture)
                listener.onPicture(check.pictures, *all);
            return {};
        });
        if (!pictures)
            return pictures;
        const Result<std::int64_t> unknown = countUnknown(dataFolder, database, stop);
        if (!unknown)
            return failure(unknown.error());
        check.unknownFiles = *unknown;
        return {};
    }();
    if (!looked && looked.error().code != code::DatabaseDamaged)
        return failure(looked.error());
    if (!looked && check.faults == 0)
        tell(looked.error());
    return check;
}

} // namespace auroraedge::app
