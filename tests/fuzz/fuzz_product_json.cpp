#include "app/products/product.h"
#include "tests/fuzz/promise.h"

#include <cmath>

using namespace auroraedge;

/// A model folder's product.json comes from wherever the model comes from.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const auto product = app::parseProduct({reinterpret_cast<const char *>(data), size});
    if (!product) {
        fuzzing::promise(product.error().code == code::ConfigValue && !product.error().message.empty());
        return 0;
    }
    fuzzing::promise(product->stride >= 1 && product->stride <= product->tile);
    const double probability = product->curves.probability({3, -2.0});
    fuzzing::promise(probability >= 0 && probability <= 1);
    (void)product->verdictOf(probability);
    return 0;
}
