#pragma once

#include "app/settings/sha256.h"
#include "app/storage/answer_record.h"
#include "engine/api/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace auroraedge::app {

/// Whether the path is where a picture of that hash lies: nothing else of the disk is ever read or deleted in its name.
[[nodiscard]] bool isPicturePath(const StoredPicture &picture);

/// Evidence pictures as files named by their content: pictures/<2 hex>/<sha256>.<jpg|png>.
/// Thread: the storage thread.
class PictureStore final
{
public:
    explicit PictureStore(std::filesystem::path dataFolder) : m_dataFolder(std::move(dataFolder)) {}

    /// On the disk, flushed and read back, when this returns. A picture that is there already is checked, not
    /// written again. @return FS-07, FS-08 (see disk_room.h), FS-09, FS-10; a file that was begun is gone then.
    [[nodiscard]] Result<StoredPicture> save(const EvidencePicture &picture) const { return save(picture, placeOf(picture)); }
    /// @param place as placeOf() says.
    [[nodiscard]] Result<StoredPicture> save(const EvidencePicture &picture, const StoredPicture &place) const;
    /// Where it lies, or would lie.
    [[nodiscard]] static StoredPicture placeOf(const EvidencePicture &picture);
    [[nodiscard]] bool hasFile(const StoredPicture &place) const;

    /// Deletes a picture unless it was saved within the hour before @p nowUtcMs, whatever for. Nothing but a plain file at the place
    /// of a picture is touched. @return whether it is not there any more; DB-09 (no place of a picture), FS-07, FS-10.
    [[nodiscard]] Result<bool> removeUnlessBusy(const StoredPicture &picture, std::int64_t nowUtcMs) const;

    /// Deletes a picture that no answer is about, if it is still the one that save() gave: another program may have saved the
    /// same meanwhile, whose answer is on its way.
    void removeUnlessSavedAgain(const StoredPicture &picture) const;

    /// Deletes what programs that were killed have begun to save, more than an hour ago.
    void removeUnfinished() const;

    /// The bytes of a stored picture. @return DB-08 (missing), DB-09 (hash differs).
    [[nodiscard]] Result<std::vector<std::uint8_t>> read(const std::string &relativePath,
                                                         const std::string &sha256) const;

private:
    std::filesystem::path m_dataFolder;
};

} // namespace auroraedge::app
