#pragma once

#include "app/products/product.h"
#include "app/products/reviewed_records.h"
#include "engine/api/frame.h"
#include "engine/api/result.h"

#include <filesystem>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>

namespace auroraedge::app {

/// A picture as a product's model is shown it: itself, or scan, golden picture and difference as its three planes.
/// @param golden path of a picture; empty: none. @return what decodePicture() and registered() return.
Result<Frame> shownPicture(const Frame &scan, const std::string &golden);

/// Which golden picture @p picture is compared with: @p given (a picture, or a folder with one of each picture's name), else
/// the product's own. Empty for a product that compares with none. @return CLI-01 when there is none to compare with.
Result<std::string> goldenFor(const Product &product, const std::filesystem::path &modelFolder, const std::string &given,
                              const std::filesystem::path &picture);

/// Whether both names lead to the same bytes: to one file, or to a copy of it. Read only where they are of one size, and to the first difference.
[[nodiscard]] bool haveSameBytes(const std::filesystem::path &a, const std::filesystem::path &b);

/// The pictures of records as they are shown, and tiles of them. The last few are kept: tiles of one picture are asked for
/// one after the other. Thread: any.
class ShownPictures final
{
public:
    explicit ShownPictures(std::span<const ReviewedRecord> records);

    /// @param picture of one of the records. @return as shownPicture().
    [[nodiscard]] Result<Frame> whole(const std::string &picture) const;
    /// @param address by tileAddress(). @return as shownPicture().
    [[nodiscard]] Result<Frame> tile(const std::string &address) const;

private:
    struct Slot;

    std::map<std::string, std::string> m_goldens; ///< by picture
    mutable std::mutex m_mutex;
    mutable std::list<std::pair<std::string, std::shared_ptr<Slot>>> m_recent; // guarded by m_mutex; newest first
};

} // namespace auroraedge::app
