#pragma once

#include "app/products/picture_score.h"
#include "app/products/product.h"
#include "app/products/shown_pictures.h"
#include "app/products/tiles.h"

#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace auroraedge::app {

/// Which records teach, which are watched meanwhile, and which measure what was learnt.
struct HeldOutSplit
{
    std::vector<ReviewedRecord> training;
    /// What the trainer chooses its best step by: about a tenth of those that could teach, where the held-out ones are enough
    /// for a promise, which must not be fitted to them twice. Empty where nothing can be promised: then the held-out ones.
    std::vector<ReviewedRecord> watched;
    std::vector<ReviewedRecord> heldOut; ///< what curves, thresholds and figures are of
    std::string note;                    ///< one sentence: how they were parted
};

/// The records of split "val" where there are any; else about a fifth, whole groups, with about a fifth of the bad and of the
/// good pictures. With one group, picture by picture. The same for the same seed. Records that can teach nothing only measure.
/// @return RCP-04 where a split would leave nothing bad to learn from or nothing to measure with.
Result<HeldOutSplit> splitHeldOut(std::vector<ReviewedRecord> records, std::uint64_t seed);

/// What a model makes of held-out pictures.
struct HeldOutJudgement
{
    std::vector<JudgedPicture> pictures; ///< by their worst tiles
    std::vector<JudgedPicture> tiles;    ///< those that are clearly good or clearly bad
    int named = 0, namedRight = 0;       ///< tiles with defects of one class, and those whose class was told
};

/// @param product its tiles, question and classes. @param onPicture told how many are done.
/// @return what Inspector::judge() and ShownPictures::whole() return.
Result<HeldOutJudgement> judgeHeldOut(Inspector &inspector, const Product &product, std::span<const ReviewedRecord> records,
                                      const ShownPictures &shown, const std::function<void(std::size_t done)> &onPicture, std::stop_token stop);

/// All that is told of a model and a product.
struct HeldOutReport
{
    ScoreCurves curves;
    ProductFigures figures;
    std::optional<double> tileAuroc;
    Thresholds thresholds;         ///< on calibrated logits
    VerdictShares promised, seen;  ///< what they cost; and what cuts without a promise would
};

/// Where good or bad pictures are missing, curves and figures are of tiles, and no verdict is promised.
/// @param watched pictures that the model was watched by: they tell which kind of score counts. Without good or bad ones among
/// them the judged pictures do, and the risk of the promise is shared out among the kinds (Bonferroni).
[[nodiscard]] HeldOutReport reportOn(const HeldOutJudgement &judgement, std::span<const JudgedPicture> watched = {});

} // namespace auroraedge::app
