#include "app/settings/data_folder.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace auroraedge::app {
namespace {

std::string environment(const char *name)
{
    const char *value = std::getenv(name);
    return value ? value : "";
}

Failure notWritable(const std::filesystem::path &folder, int reason)
{
    return failure(code::FolderNotWritable,
                   "cannot write to " + folder.string() + " (" + std::strerror(reason) + "); choose another",
                   folder.string());
}

} // namespace

DataFolder DataFolder::resolve(const std::filesystem::path &option)
{
    std::filesystem::path root = option;
    if (root.empty())
        root = environment("AURORAEDGE_HOME");
    // The XDG rules: a relative value is to be ignored.
    if (const std::filesystem::path xdg = environment("XDG_DATA_HOME"); root.empty() && xdg.is_absolute())
        root = xdg / "auroraedge";
    if (root.empty()) {
        std::filesystem::path home = environment("HOME");
        if (home.empty()) {
            const passwd *user = getpwuid(getuid());
            home = user ? user->pw_dir : "/";
        }
        root = home / ".local/share/auroraedge";
    }
    std::error_code problem;
    const std::filesystem::path whole = std::filesystem::absolute(root, problem);
    return DataFolder((problem ? root : whole).lexically_normal());
}

Result<void> DataFolder::create() const
{
    for (const std::filesystem::path &folder :
         {m_root, picturesFolder(), modelsFolder(), recipesFolder(), logsFolder()}) {
        std::error_code problem;
        std::filesystem::create_directories(folder.parent_path(), problem);
        if (problem)
            return notWritable(folder, problem.value());
        if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
            return notWritable(folder, errno);
        if (!std::filesystem::is_directory(folder, problem))
            return notWritable(folder, ENOTDIR);
    }
    // access() says little about read-only mounts and quotas; a file says all.
    std::string probe = (m_root / ".write-test-XXXXXX").string();
    const int descriptor = mkostemp(probe.data(), O_CLOEXEC);
    if (descriptor < 0)
        return notWritable(m_root, errno);
    close(descriptor);
    unlink(probe.c_str());
    return {};
}

} // namespace auroraedge::app
