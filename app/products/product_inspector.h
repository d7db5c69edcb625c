#pragma once

#include "app/inspection/product_finding.h"
#include "app/products/picture_score.h"

#include <functional>
#include <memory>
#include <optional>

namespace auroraedge::app {

/// What is said of one picture by a product's own question.
struct ProductAnswer
{
    Answer answer;      ///< "yes" or "no"; stages are those of the tiles, the total is of everything
    PictureScore score; ///< places in the part that was looked at
    ProductFinding finding;
};

/// @param region of @p picture to look at; nothing: all of it. @param golden by goldenFor(); the whole picture is laid on it, as
/// a part alone might have too little to be laid on by. @return as shownPicture() and inspectPicture(); IMG-20 where the picture's
/// file is the golden picture or a copy of it: compared with itself every part is faultless.
Result<ProductAnswer> askProduct(Inspector &inspector, const Product &product, const Frame &picture, const std::optional<PixelBox> &region,
                                 const std::string &golden, std::stop_token stop);

/// @p inspector itself where its folder holds no product. Else one that answers the product's own question tile by tile (ask()
/// alone: many prepared pictures at once cannot be cut), and of every other answer says that nothing is promised, since
/// the model has learnt tiles. @param onFinding told by ask(), before it returns, on its thread: what is behind its answer, or
/// that there is nothing. @return what readProduct() returns.
using FindingListener = std::function<void(const std::optional<ProductFinding> &)>;
Result<std::unique_ptr<Inspector>> inspectingProduct(std::unique_ptr<Inspector> inspector, const FindingListener &onFinding = {});

} // namespace auroraedge::app
