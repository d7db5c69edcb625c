#pragma once

#include "engine/api/result.h"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace auroraedge::engine {

/// What a tokenizer makes of a text before it cuts it: the "normalizer" of a tokenizer.json. Concurrent use is safe.
class Normaliser final
{
public:
    Normaliser() = default; ///< changes nothing
    /// Knows NFC, Lowercase, Prepend, Replace and a Sequence of them. @return TOK-02 naming any other.
    static Result<Normaliser> create(const nlohmann::json &part);

    /// REQUIRES: valid UTF-8. @return TOK-02 when a step cannot take a text of this length.
    Result<std::string> apply(std::string_view text) const;

private:
    using Step = std::function<Result<std::string>(const std::string &)>;
    Result<void> add(const nlohmann::json &part);

    std::vector<Step> m_steps;
};

} // namespace auroraedge::engine
