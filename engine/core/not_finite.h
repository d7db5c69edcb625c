#pragma once

#include "engine/api/result.h"

namespace auroraedge::engine {

inline Failure notFinite()
{
    return failure(code::AnswerNotFinite, "the model computed values that are not numbers");
}

} // namespace auroraedge::engine
