#include "app/settings/flush_folder.h"

#include "app/settings/file_descriptor.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace auroraedge::app {

int flushFolder(const std::filesystem::path &folder)
{
    const FileDescriptor opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return opened.isOpen() && fsync(opened.number()) == 0 ? 0 : errno;
}

} // namespace auroraedge::app
