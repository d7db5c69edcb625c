#include "app/settings/resources.h"

namespace auroraedge::app {
namespace fs = std::filesystem;

fs::path executableFolder()
{
    std::error_code problem;
    return fs::read_symlink("/proc/self/exe", problem).parent_path();
}

fs::path resourceFolder()
{
    std::error_code problem;
    const fs::path installed = executableFolder().parent_path() / "share/auroraedge";
    return fs::is_directory(installed, problem) ? installed : fs::path(AURORAEDGE_DEVELOPMENT_RESOURCES);
}

Result<fs::path> resolveModelFolder(const std::string &nameOrFolder, const DataFolder &dataFolder)
{
    const std::string wanted = nameOrFolder.empty() ? kDefaultModel : nameOrFolder;
    std::error_code problem;
    // A bare name is a model of ours before it is a folder here: `--model nano` must not depend on where one stands.
    const bool isName = wanted.find('/') == std::string::npos && wanted != "." && wanted != "..";
    if (isName) {
        for (const fs::path &place : {dataFolder.modelsFolder(), resourceFolder() / "models"}) {
            if (fs::is_directory(place / wanted, problem))
                return place / wanted;
        }
    }
    const fs::path folder = fs::absolute(wanted, problem).lexically_normal();
    if (fs::is_directory(folder, problem))
        return folder.has_filename() ? folder : folder.parent_path();
    if (!isName)
        return failure(code::ModelFolder,
                       fs::exists(folder, problem) ? wanted + " is not a folder; a model is a folder with config.json"
                                                   : "there is no model folder " + wanted,
                       wanted);
    return failure(code::ModelFolder,
                   "there is no model '" + wanted + "': looked in " + dataFolder.modelsFolder().string() + ", "
                       + (resourceFolder() / "models").string() + " and the current folder",
                   wanted);
}

} // namespace auroraedge::app
