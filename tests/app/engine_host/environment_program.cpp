// With two arguments: tells what prepareEnvironment() left, which is three variables, the arguments, and its own mark. With one: makes
// that file, and prints while it is open.
#include "app/engine_host/process_environment.h"

#include <cstdio>
#include <cstdlib>

int main(int argc, char **argv)
{
    auroraedge::app::takeClosedStreams();
    if (argc == 2) {
        std::FILE *file = std::fopen(argv[1], "w");
        std::printf("not for the file");
        std::fflush(stdout);
        return file && std::fclose(file) == 0 ? 0 : 1;
    }
    auroraedge::app::prepareEnvironment(argv);
    const auto show = [](const char *name) {
        const char *value = std::getenv(name);
        return value ? value : "unset";
    };
    if (argc != 3)
        return 1;
    std::printf("%s %s %s %s|%s|%s", show("OMP_WAIT_POLICY"), show("ONEDNN_PRIMITIVE_CACHE_CAPACITY"), show("OPENCV_IO_MAX_IMAGE_PIXELS"), argv[1],
                argv[2], show("AURORAEDGE_ENVIRONMENT_SET"));
    return 0;
}
