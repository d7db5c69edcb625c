#include "app/engine_host/engine_module.h"

#include <dlfcn.h>
#include <string>
#include <system_error>

namespace auroraedge::app {
namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr int kOpenFlags = RTLD_NOW | RTLD_LOCAL; // the address sanitizer refuses RTLD_DEEPBIND
#else
constexpr int kOpenFlags = RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND;
#endif

std::string loaderReason()
{
    const char *reason = dlerror();
    return reason ? reason : "no reason given";
}

} // namespace

Result<EngineModule> EngineModule::open(const std::filesystem::path &file)
{
    std::error_code problem;
    const std::filesystem::path module = !file.empty()
        ? file
        : std::filesystem::read_symlink("/proc/self/exe", problem).parent_path() / "auroraedge_engine.so";
    // Never closed: LibTorch's threads and static objects do not survive unloading.
    void *library = dlopen(module.c_str(), kOpenFlags);
    if (!library)
        return failure(code::EngineMissing, "the engine could not be opened: " + loaderReason(), module.string());
    const auto create = reinterpret_cast<CreateEngine>(dlsym(library, kEngineEntryPoint));
    if (!create)
        return failure(code::EngineMissing, module.filename().string() + " is not an engine: " + loaderReason(),
                       module.string());
    std::unique_ptr<Engine> engine(create(kEngineAbiVersion));
    if (!engine)
        return failure(code::EngineMissing,
                       module.filename().string() + " is of another version of the program; install it again",
                       module.string());
    return EngineModule(std::move(engine));
}

} // namespace auroraedge::app
