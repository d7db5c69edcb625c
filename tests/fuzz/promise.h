#pragma once

#include <cstdlib>

namespace auroraedge::fuzzing {

/// What the parser under test promises. Not assert(): it holds in a release build too.
inline void promise(bool isKept)
{
    if (!isKept)
        std::abort();
}

} // namespace auroraedge::fuzzing
