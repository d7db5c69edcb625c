#include "app/batch/batch_output.h"
#include "app/cli/answer_output.h"
#include "app/cli/commands.h"
#include "app/cli/display_text.h"
#include "app/export/out_folder.h"
#include "app/settings/data_folder.h"
#include "app/storage/database.h"
#include "app/storage/picture_rows.h"
#include "app/storage/picture_store.h"
#include "app/storage/store_backup.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <ostream>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

struct Backup
{
    std::int64_t answers = 0, pictures = 0, missing = 0;
};

/// The pictures that the copied database names: each was on the disk before its row.
Result<void> copyPictures(const OutFolder &folder, const fs::path &from, const DbBackupOptions &options, const CliContext &context,
                          Backup &backup)
{
    const Result<std::unique_ptr<Database>> copied = Database::open(folder.unfinished() / "inspector.db", Database::Access::ReadOnly);
    if (!copied)
        return failure(copied.error());
    const PictureStore pictures(from);
    return forEachPicture(**copied, [&](const StoredPicture &picture) -> Result<void> {
        if (context.stop.stop_requested())
            return failure(code::Cancelled, "stopped after " + std::to_string(backup.pictures) + " pictures; nothing was written");
        const Result<std::vector<std::uint8_t>> bytes = isPicturePath(picture)
            ? pictures.read(picture.path, picture.sha256)
            : Result<std::vector<std::uint8_t>>(failure(code::EvidenceAltered, "'" + picture.path + "' is no place of a picture", picture.path));
        if (!bytes) {
            ++backup.missing;
            const Error error = withContext(bytes.error(), picture.path);
            if (options.common.json)
                context.out << oneLine(errorJson(error)) << std::endl;
            else
                context.err << error.code.text() << ": " << displayText(error.message) << std::endl;
            return {};
        }
        if (++backup.pictures % 1000 == 0 && !options.common.quiet)
            context.err << backup.pictures << " pictures" << std::endl;
        return folder.write(picture.path, *bytes);
    });
}

Result<Backup> backUpFolder(const fs::path &from, const fs::path &place, const DbBackupOptions &options, const CliContext &context)
{
    const Result<std::unique_ptr<OutFolder>> folder = OutFolder::create(place, "inspector.db", false);
    if (!folder)
        return failure(folder.error());
    Backup backup;
    const Result<std::int64_t> answers = backUpDatabase(from, (*folder)->unfinished() / "inspector.db", false, context.stop);
    if (!answers)
        return failure(answers.error());
    backup.answers = *answers;
    if (const Result<void> copied = copyPictures(**folder, from, options, context, backup); !copied)
        return failure(copied.error());
    if (const Result<void> published = (*folder)->publish(); !published)
        return failure(published.error());
    return backup;
}

} // namespace

Result<int> runDbBackup(const DbBackupOptions &options, const CliContext &context)
{
    std::error_code problem;
    const fs::path from = DataFolder::resolve(options.common.dataDir).root();
    const fs::path place = fs::absolute(options.out, problem).lexically_normal();
    if (const Result<void> isPlace = checkIsFilePlace(place); !isPlace)
        return failure(isPlace.error());
    Result<Backup> backup = Backup{};
    if (options.withPictures) {
        backup = backUpFolder(from, place.has_filename() ? place : place.parent_path(), options, context);
    } else {
        const Result<std::int64_t> answers = backUpDatabase(from, place, options.overwrite, context.stop);
        backup = answers ? Result<Backup>(Backup{*answers, 0, 0}) : failure(answers.error());
    }
    if (!backup)
        return failure(backup.error());
    if (options.common.json)
        context.out << oneLine({{"file", options.out}, {"answers", backup->answers}, {"pictures", backup->pictures}, {"missing", backup->missing}})
                    << std::endl;
    else if (!options.common.quiet)
        context.err << counted(backup->answers, "answer") << ", " << counted(backup->pictures, "picture") << "; " << displayText(options.out) << '\n';
    // The copy is as good as what it was made of; that something was missing there must not go unseen.
    return backup->missing == 0 ? 0 : exitCodeOf(code::EvidenceMissing);
}

} // namespace auroraedge::app
