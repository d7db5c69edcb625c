// How a folder of very many files is listed: batch_list_benchmark PLACE [FILES, default 1,000,000] [AURORAEDGE]. Makes a folder
// of empty files in PLACE (on tmpfs: /dev/shm), lists it, stops in the middle of listing it, and takes it away again; with
// AURORAEDGE, the program, also times its `batch --dry-run`. Every file is new to the disk's cache: a cold start is not measured.

#include "app/batch/batch_list.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include <fcntl.h>
#include <malloc.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

using namespace auroraedge;
using namespace auroraedge::app;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point begin)
{
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

std::int64_t residentBytes()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmRSS:"))
            return std::atoll(line.c_str() + 6) * 1024;
    }
    return 0;
}

/// The folder, gone at the end.
class ManyFiles final
{
public:
    ManyFiles(const fs::path &place, std::int64_t files) : m_path(place / ("batch-list-benchmark-" + std::to_string(getpid())))
    {
        fs::create_directory(m_path);
        const int folder = open(m_path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        for (std::int64_t i = 0; i < files; ++i) {
            char name[32];
            std::snprintf(name, sizeof name, "part_%08lld.jpg", static_cast<long long>(i));
            if (mknodat(folder, name, S_IFREG | 0600, 0) != 0) {
                std::perror(name);
                break;
            }
        }
        close(folder);
    }
    ManyFiles(const ManyFiles &) = delete;
    ManyFiles &operator=(const ManyFiles &) = delete;
    ~ManyFiles()
    {
        std::error_code ignored;
        fs::remove_all(m_path, ignored);
    }
    [[nodiscard]] std::string path() const { return m_path.string(); }

private:
    fs::path m_path;
};

/// Stops after @p share of the time that the whole takes. @return seconds from the request to the return.
double secondsToStop(const BatchSelection &selection, double share, double wholeSeconds)
{
    std::stop_source stop;
    std::atomic<Clock::rep> asked{0};
    const std::jthread stopper([&] {
        std::this_thread::sleep_for(std::chrono::duration<double>(share * wholeSeconds));
        asked = Clock::now().time_since_epoch().count();
        stop.request_stop();
    });
    const Result<BatchList> list = BatchList::collect(selection, stop.get_token());
    const Clock::time_point returned = Clock::now();
    return list ? 0 : std::chrono::duration<double>(returned.time_since_epoch() - Clock::duration(asked.load())).count();
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "batch_list_benchmark PLACE [FILES] [AURORAEDGE]\n");
        return 2;
    }
    const std::int64_t files = argc > 2 ? std::atoll(argv[2]) : 1'000'000;
    Clock::time_point begin = Clock::now();
    const ManyFiles folder(argv[1], files);
    std::printf("%lld files made in %.2f s\n", static_cast<long long>(files), secondsSince(begin));

    const BatchSelection selection{.paths = {folder.path()}};
    const std::int64_t before = residentBytes();
    begin = Clock::now();
    const Result<BatchList> list = BatchList::collect(selection, {});
    const double whole = secondsSince(begin);
    if (!list) {
        std::fprintf(stderr, "%s\n", list.error().message.c_str());
        return 1;
    }
    malloc_trim(0); // what sorting needed on top is given back, as it is for the next big allocation
    const double held = static_cast<double>(residentBytes() - before);
    std::printf("collect: %.2f s for %lld files; %.1f bytes a file\n", whole, static_cast<long long>(list->size()),
                held / static_cast<double>(std::max<std::int64_t>(list->size(), 1)));
    begin = Clock::now();
    std::size_t bytes = 0;
    for (std::int64_t i = 0; i < list->size(); ++i)
        bytes += list->at(i).path.size();
    std::printf("all paths: %.2f s, %.1f bytes each on average\n", secondsSince(begin),
                static_cast<double>(bytes) / static_cast<double>(std::max<std::int64_t>(list->size(), 1)));
    double slowest = 0;
    for (const double share : {0.05, 0.2, 0.4, 0.6, 0.8, 0.95})
        slowest = std::max(slowest, secondsToStop(selection, share, whole));
    std::printf("stop: at most %.4f s from the request\n", slowest);

    if (argc > 3) {
        const std::string command = std::string(argv[3]) + " batch '" + folder.path() + "' --question x --out "
            + folder.path() + ".jsonl --dry-run --no-store --quiet | wc -l";
        begin = Clock::now();
        const int status = std::system(command.c_str());
        std::printf("auroraedge batch --dry-run: %.2f s (status %d)\n", secondsSince(begin), status);
    }
    return 0;
}
