#include "tests/support/random_model.h"

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>

/// Puts random weights beside the config.json of a folder, so that a model of any size can be imported, loaded and timed:
///   random_weights FOLDER F32|F16|BF16 [PREFIX] [SHARDS]
/// The published sizes are in tests/data/configs.

int main(int count, char **arguments)
{
    using namespace auroraedge;
    std::optional<engine::Dtype> dtype;
    for (const engine::Dtype known : {engine::Dtype::F32, engine::Dtype::F16, engine::Dtype::BF16})
        if (count > 2 && engine::dtypeName(known) == std::string_view(arguments[2]))
            dtype = known;
    if (!dtype) {
        std::fprintf(stderr, "usage: %s FOLDER F32|F16|BF16 [PREFIX] [SHARDS]\n", arguments[0]);
        return 2;
    }
    const std::string problem = testing_support::writeRandomWeights(
        arguments[1], {.dtype = *dtype, .prefix = count > 3 ? arguments[3] : "", .shards = count > 4 ? std::atoi(arguments[4]) : 1});
    if (!problem.empty())
        std::fprintf(stderr, "%s\n", problem.c_str());
    return problem.empty() ? 0 : 1;
}
