#pragma once

#include "app/products/product.h"
#include "engine/api/frame.h"
#include "engine/api/result.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace auroraedge::app {

/// What a model folder is taught with; a run that goes on has to be asked for the same.
struct FineTuningRequest
{
    std::filesystem::path baseFolder, outFolder; ///< absolute
    std::string dataSha256, golden;              ///< of the records; golden picture or folder as given
    bool isFresh = false;
    int loraRank = 0, steps = 0, tile = 160;
    std::uint64_t seed = 1;
};

/// The folder that a product's model is made in. It holds finetune.json (what was asked for), while it is trained start/
/// (the base as the trainer is to see it) and the trainer's checkpoint, and in the end a whole model with product.json.
class ProductFolder final
{
public:
    /// Finds that the folder can be made, or that it was begun with the same request. Looks at the base, too.
    /// @return CLI-01 when the folder holds something else, a finished product or another request's; CFG-01 when the base
    /// has a patch head of other classes, or tiles of that size do not suit it; MOD-18, MOD-21, FS-07, FS-09, FS-10.
    static Result<ProductFolder> open(const FineTuningRequest &request);

    [[nodiscard]] bool isTrained() const { return m_isTrained; } ///< only the measuring is left
    [[nodiscard]] bool isBegun() const { return m_isBegun; }     ///< before this time
    [[nodiscard]] int grid() const { return m_grid; }            ///< patches along a tile's side

    /// Begins: makes the folder, writes finetune.json, and the base's config with a patch head, one grid for every picture,
    /// tokenizer and (unless fresh) weights. @return where the trainer finds them; MOD-21, FS-*.
    Result<std::filesystem::path> prepareStart() const;

    /// Makes the trained model a product: golden.png where there is one, product.json, both in SHA256SUMS; and removes what
    /// only the training needed. A program that ends meanwhile leaves a folder that open() goes on with.
    Result<void> finish(const Product &product, const std::optional<Frame> &golden) const;

private:
    explicit ProductFolder(const FineTuningRequest &request) : m_request(request) {}

    FineTuningRequest m_request;
    int m_grid = 0;
    bool m_isTrained = false, m_isBegun = false;
};

} // namespace auroraedge::app
