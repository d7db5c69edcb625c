#include "app/model_shelf/model_shelf.h"

#include "app/settings/checksums.h"

#include <dlfcn.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <utility>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

constexpr char kUnfinished[] = ".unfinished-";

bool isModelFolder(const fs::path &folder)
{
    std::error_code ignored;
    return fs::is_regular_file(folder / "config.json", ignored);
}

std::vector<ShelvedModel> modelsIn(const fs::path &shelf, bool isShipped, const std::stop_token &stop = {})
{
    std::vector<ShelvedModel> models;
    std::error_code problem;
    for (fs::directory_iterator it(shelf, problem), end; !problem && it != end && !stop.stop_requested(); it.increment(problem)) {
        const std::string name = it->path().filename().string();
        if (name.starts_with(kUnfinished) || !isModelFolder(it->path()))
            continue;
        std::error_code unknown;
        models.push_back({it->path(), name, isShipped, 0, fs::exists(it->path() / kChecksumsFile, unknown)});
        if (const Result<std::int64_t> bytes = bytesOf(it->path()))
            models.back().bytes = *bytes;
    }
    std::ranges::sort(models, {}, &ShelvedModel::name);
    return models;
}

} // namespace

ModelShelf::ModelShelf(fs::path shipped, fs::path own) : m_shipped(std::move(shipped)), m_own(std::move(own))
{
    clearUnfinished();
}

void ModelShelf::clearUnfinished() const
{
    std::error_code problem;
    std::vector<fs::path> unfinished;
    for (fs::directory_iterator it(m_own, problem), end; !problem && it != end; it.increment(problem)) {
        if (it->path().filename().string().starts_with(kUnfinished))
            unfinished.push_back(it->path());
    }
    for (const fs::path &folder : unfinished)
        fs::remove_all(folder, problem); // what cannot be removed is hidden and in nobody's way
}

std::vector<ShelvedModel> ModelShelf::models(const std::stop_token &stop) const
{
    std::vector<ShelvedModel> all = modelsIn(m_shipped, true, stop);
    std::ranges::move(modelsIn(m_own, false, stop), std::back_inserter(all));
    return all;
}

Result<fs::path> ModelShelf::bringIn(const fs::path &from, const FilesProgress &progress, std::stop_token stop)
{
    std::error_code problem;
    const fs::path source = fs::canonical(from, problem);
    if (!problem)
        (void)fs::status(source / "config.json", problem);
    if (problem == std::errc::permission_denied)
        return failure(code::FileUnreadable, "no permission to read " + from.string(), from.string());
    if (problem || !isModelFolder(source))
        return failure(code::ModelFolder, "there is no config.json in " + from.string() + ", so this is no model folder", from.string());
    const std::string name = source.filename().string();
    const fs::path place = m_own / name;
    const std::vector<ShelvedModel> here = models();
    if (std::ranges::find(here, name, &ShelvedModel::name) != here.end() || fs::exists(place, problem))
        return failure(code::Usage, "a model named " + name + " is here already; remove it first or rename the folder", name);

    // Half of the progress is the copying, half the checking of what has arrived.
    const auto half = [&](double begin) { return [&, begin](double share) { progress(begin + share / 2); }; };
    const fs::path unfinished = m_own / (kUnfinished + name);
    const auto bring = [&]() -> Result<void> {
        if (Result<void> copied = copyFiles(source, unfinished, half(0), stop); !copied)
            return copied;
        const Result<FilesReport> report = checkFiles(unfinished, half(0.5), stop);
        if (!report)
            return failure(report.error());
        if (!report->altered.empty())
            return failure(code::ModelChanged, report->altered.front() + " is not as SHA256SUMS lists it", source.string());
        fs::rename(unfinished, place, problem);
        if (problem)
            return failure(code::FolderNotWritable, m_own.string() + " cannot be written to", m_own.string());
        return {};
    };
    fs::remove_all(unfinished, problem);
    if (const Result<void> done = bring(); !done) {
        fs::remove_all(unfinished, problem);
        return failure(done.error());
    }
    return place;
}

Result<void> ModelShelf::remove(const fs::path &folder)
{
    const std::vector<ShelvedModel> own = modelsIn(m_own, false);
    if (std::ranges::find(own, folder, &ShelvedModel::folder) == own.end())
        return failure(code::Usage, "only a model that was brought in can be removed", folder.string());
    // Out of sight at once, so that no half of it is ever listed.
    const fs::path unfinished = m_own / (kUnfinished + folder.filename().string());
    std::error_code problem;
    fs::rename(folder, unfinished, problem);
    if (!problem)
        fs::remove_all(unfinished, problem);
    if (problem)
        return failure(code::FolderNotWritable, folder.string() + " cannot be removed", folder.string());
    return {};
}

bool hasGpu()
{
    // Of CUDA's driver alone: it is there or not, whatever LibTorch this is.
    void *driver = ::dlopen("libcuda.so.1", RTLD_LAZY | RTLD_LOCAL); // stays open, as it cannot be unloaded safely
    if (!driver)
        return false;
    const auto begin = reinterpret_cast<int (*)(unsigned)>(::dlsym(driver, "cuInit"));
    const auto count = reinterpret_cast<int (*)(int *)>(::dlsym(driver, "cuDeviceGetCount"));
    int gpus = 0;
    return begin && count && begin(0) == 0 && count(&gpus) == 0 && gpus > 0;
}

std::int64_t availableMemoryBytes()
{
    std::ifstream file("/proc/meminfo");
    std::string key;
    std::int64_t kilobytes = 0;
    while (file >> key >> kilobytes) {
        if (key == "MemAvailable:")
            return kilobytes * 1024;
        file.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
    }
    return 0;
}

} // namespace auroraedge::app
