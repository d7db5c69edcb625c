#pragma once

#include "engine/api/frame.h"
#include "engine/api/result.h"

#include <filesystem>
#include <string>

namespace auroraedge::app {

/// Stored pictures in small: made when they are first asked for, and kept as thumbnails/<2 hex>/<sha256>.jpg of the data
/// folder. That folder is a cache: what is missing or damaged there is made again, and what cannot be written is not an
/// error. Thread: any, several at once.
class Thumbnails final
{
public:
    static constexpr int kLongestSidePx = 320;

    explicit Thumbnails(std::filesystem::path dataFolder) : m_dataFolder(std::move(dataFolder)) {}

    /// At most kLongestSidePx on either side; a smaller picture as it is.
    /// @param picturePath relative to the data folder. @return DB-09 (the stored picture is not the one of that hash),
    /// and what decodePicture() returns for it.
    [[nodiscard]] Result<Frame> of(const std::string &pictureSha256, const std::string &picturePath) const;

    /// Where it is kept.
    [[nodiscard]] std::filesystem::path placeOf(const std::string &pictureSha256) const;
    /// Forgets it, as its picture was removed.
    void forget(const std::string &pictureSha256) const;

private:
    std::filesystem::path m_dataFolder;
};

} // namespace auroraedge::app
