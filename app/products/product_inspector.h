#pragma once

#include "app/products/picture_score.h"

#include <memory>
#include <optional>

namespace auroraedge::app {

/// What is said of one picture by a product's own question.
struct ProductAnswer
{
    Answer answer;      ///< "yes" or "no"; stages are those of the tiles, the total is of everything
    PictureScore score; ///< places in the part that was looked at
};

/// @param region of @p picture to look at; nothing: all of it. @param golden by goldenFor(); the whole picture is laid on it, as
/// a part alone might have too little to be laid on by. @return as shownPicture() and inspectPicture().
Result<ProductAnswer> askProduct(Inspector &inspector, const Product &product, const Frame &picture, const std::optional<PixelBox> &region,
                                 const std::string &golden, std::stop_token stop);

/// @p inspector itself where its folder holds no product. Else one that answers the product's own question tile by tile (ask()
/// alone: many prepared pictures at once cannot be cut), and of every other answer says that nothing is promised, since
/// the model has learnt tiles. @return what readProduct() returns.
Result<std::unique_ptr<Inspector>> inspectingProduct(std::unique_ptr<Inspector> inspector);

} // namespace auroraedge::app
