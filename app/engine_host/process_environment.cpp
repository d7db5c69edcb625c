#include "app/engine_host/process_environment.h"

#include <cstdlib>
#include <fcntl.h>
#include <initializer_list>
#include <unistd.h>

namespace auroraedge::app {
namespace {

constexpr char kRestarted[] = "AURORAEDGE_ENVIRONMENT_SET"; // guards against a second restart

/// @return whether the variable had to be set.
bool provide(const char *name, const char *value)
{
    if (std::getenv(name))
        return false;
    return setenv(name, value, 0) == 0;
}

} // namespace

void takeClosedStreams()
{
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (fcntl(stream, F_GETFD) < 0)
            (void)open("/dev/null", stream == STDERR_FILENO ? O_WRONLY : O_RDONLY); // gets the lowest number that is free: this one
    }
}

void prepareEnvironment(char **argv)
{
    const bool wasRestarted = std::getenv(kRestarted) != nullptr;
    bool hasChanged = provide("OMP_WAIT_POLICY", "passive");
    // Of kernels that oneDNN compiles for each shape: with its 1,024 a training compiles most of them anew at every step.
    hasChanged = provide("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "8192") || hasChanged;
    // A second fence behind PictureLimits: OpenCV's own limit is 2^30 pixels, 3 GB of them.
    hasChanged = provide("OPENCV_IO_MAX_IMAGE_PIXELS", "50000000") || hasChanged;
    if (hasChanged && !wasRestarted) {
        setenv(kRestarted, "1", 1);
        execv("/proc/self/exe", argv);
    }
    unsetenv(kRestarted); // programs that we start decide for themselves
}

} // namespace auroraedge::app
