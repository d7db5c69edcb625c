#include "engine/core/guarded.h"

#include <c10/util/Exception.h>

#include <exception>
#include <new>

namespace auroraedge::engine {

namespace {

std::string firstLine(const std::string &text)
{
    return text.substr(0, text.find('\n'));
}

} // namespace

Error errorOfCurrentException(std::string_view where)
{
    const auto made = [&](ErrorCode errorCode, const std::string &what) {
        return Error{errorCode, std::string(where) + ": " + firstLine(what), {}};
    };
    try {
        throw;
    } catch (const StopRequested &) {
        return {code::Cancelled, "cancelled", {}};
    } catch (const std::bad_alloc &) {
        return made(code::MemoryShort, "not enough memory");
    } catch (const c10::OutOfMemoryError &error) {
        return made(code::GpuMemoryRequest, error.what_without_backtrace());
    } catch (const c10::Error &error) {
        const std::string what = error.what_without_backtrace();
        // The CPU allocator of LibTorch reports a failed allocation as a plain c10::Error.
        if (what.find("DefaultCPUAllocator") != std::string::npos)
            return made(code::MemoryShort, what);
        if (what.find("CUDA") != std::string::npos)
            return made(code::GpuFailed, what);
        return made(code::Internal, what);
    } catch (const std::exception &error) {
        return made(code::Internal, error.what());
    } catch (...) {
        return made(code::Internal, "unknown exception");
    }
}

} // namespace auroraedge::engine
