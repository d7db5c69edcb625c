#pragma once

#include "engine/api/result.h"

#include <string>
#include <string_view>
#include <utility>

namespace auroraedge::engine {

/// Turns the exception in flight into an Error: out of memory ENG-01 or GPU-03, a lost GPU GPU-04, a stop
/// code::Cancelled, anything else code::Internal. Call inside a catch block only.
Error errorOfCurrentException(std::string_view where);

/// Thrown between layers when a stop was asked for; only guarded() catches it.
struct StopRequested
{
};

/// The only try/catch around LibTorch: @p body returns a Result<T>, exceptions become its error.
template <typename Body>
auto guarded(std::string_view where, Body &&body) -> decltype(body())
{
    try {
        return std::forward<Body>(body)();
    } catch (...) {
        return failure(errorOfCurrentException(where));
    }
}

} // namespace auroraedge::engine
