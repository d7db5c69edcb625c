#pragma once

#include <chrono>

namespace gloo {

/// One set of connections to the peers; made and owned inside libtorch_cpu.so.
class Context
{
public:
    void setTimeout(std::chrono::milliseconds timeout);
};

} // namespace gloo
