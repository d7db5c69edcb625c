#pragma once

#include "app/settings/sha256.h"
#include "app/storage/answer_record.h"
#include "engine/api/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace auroraedge::app {

/// Evidence pictures as files named by their content: pictures/<2 hex>/<sha256>.<jpg|png>.
/// Thread: the storage thread.
class PictureStore final
{
public:
    explicit PictureStore(std::filesystem::path dataFolder) : m_dataFolder(std::move(dataFolder)) {}

    /// On the disk, flushed and read back, when this returns. A picture that is there already is checked, not
    /// written again. @return FS-07, FS-09, FS-10; a file that was begun is gone then.
    [[nodiscard]] Result<StoredPicture> save(const EvidencePicture &picture) const;

    /// Deletes a picture that no answer is about.
    void remove(const StoredPicture &picture) const;

    /// The bytes of a stored picture. @return DB-08 (missing), DB-09 (hash differs).
    [[nodiscard]] Result<std::vector<std::uint8_t>> read(const std::string &relativePath,
                                                         const std::string &sha256) const;

private:
    std::filesystem::path m_dataFolder;
};

} // namespace auroraedge::app
