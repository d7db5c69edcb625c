#pragma once

#include "app/products/held_out.h"

#include <nlohmann/json_fwd.hpp>

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace auroraedge::app {

/// What the teaching of a product came to.
struct FinetuneOutcome
{
    std::string folder;
    std::vector<std::string> classes;
    bool usesGolden = false;
    std::string split;                   ///< how pictures were held out
    std::optional<HeldOutReport> before; ///< the base on the same pictures, where it could be asked
    HeldOutReport after;
};

/// Before and after beside each other, and a sentence each on what verdicts promise and cost.
void printOutcome(const FinetuneOutcome &outcome, std::ostream &out);

/// The same as one object.
[[nodiscard]] nlohmann::ordered_json outcomeJson(const FinetuneOutcome &outcome);

} // namespace auroraedge::app
