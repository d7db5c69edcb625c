// Pictures a second of a batch against the same pictures asked one by one, in one run.
//   batch_benchmark FOLDER [COUNT] [OPTION...]     options as of `auroraedge batch`: --model, --precision, --threads, ...
// One by one twice: as `auroraedge ask` does it with a model that stays loaded (read, answer, store, next), and as a program
// started for each picture.

#include "app/cli/cli.h"
#include "app/cli/questioner.h"
#include "app/engine_host/engine_module.h"
#include "app/engine_host/process_environment.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <iostream>
#include <spawn.h>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

using namespace auroraedge;
using namespace auroraedge::app;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

int runProgram(const std::vector<std::string> &words)
{
    std::vector<char *> arguments;
    for (const std::string &word : words)
        arguments.push_back(const_cast<char *>(word.c_str()));
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
    pid_t pid = 0;
    int status = -1;
    if (posix_spawn(&pid, arguments[0], &files, nullptr, arguments.data(), environ) == 0)
        waitpid(pid, &status, 0);
    posix_spawn_file_actions_destroy(&files);
    return status;
}

fs::path programs() { return fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "bin"; }

long peakMegabytes()
{
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return used.ru_maxrss / 1024;
}

} // namespace

int main(int argc, char **argv)
{
    prepareEnvironment(argv);
    if (argc < 2) {
        std::fputs("batch_benchmark FOLDER [COUNT] [OPTION...]\n", stderr);
        return 2;
    }
    const std::string question = "Is there a bottle?";
    const std::size_t count = argc > 2 ? static_cast<std::size_t>(std::atol(argv[2])) : 200;
    const std::vector<std::string> options(argv + std::min(argc, 3), argv + argc);
    CommonOptions common;
    AskingOptions asking;
    for (std::size_t i = 0; i + 1 < options.size(); ++i) {
        if (options[i] == "--model")
            common.model = options[i + 1];
        else if (options[i] == "--precision")
            common.precision = options[i + 1];
        else if (options[i] == "--threads")
            common.threads = std::atoi(options[i + 1].c_str());
        else if (options[i] == "--max-tokens")
            asking.maxTokens = std::atoi(options[i + 1].c_str());
        else if (options[i] == "--device")
            common.device = options[i + 1];
    }
    std::vector<std::string> pictures;
    for (const fs::directory_entry &entry : fs::recursive_directory_iterator(argv[1]))
        if (entry.is_regular_file())
            pictures.push_back(entry.path().string());
    std::sort(pictures.begin(), pictures.end());
    pictures.resize(std::min(pictures.size(), count));
    const fs::path work = fs::temp_directory_path() / ("auroraedge-batch-benchmark-" + std::to_string(getpid()));
    fs::create_directories(work);

    std::optional<EngineModule> module;
    const CliContext context{[&module]() -> Result<Engine *> {
                                 if (!module) {
                                     Result<EngineModule> opened = EngineModule::open(programs() / "auroraedge_engine.so");
                                     if (!opened)
                                         return failure(opened.error());
                                     module.emplace(std::move(*opened));
                                 }
                                 return &module->engine();
                             },
                             std::cin, std::cout, std::cerr, {}};
    double oneByOne = 0;
    {
        common.dataDir = (work / "one").string();
        common.quiet = true;
        const Result<std::unique_ptr<Questioner>> questioner = Questioner::open(common, "ask", context);
        if (!questioner) {
            std::fprintf(stderr, "%s\n", questioner.error().message.c_str());
            return 1;
        }
        const Clock::time_point start = Clock::now();
        for (const std::string &path : pictures) {
            const Result<AskedPicture> picture = readPicture(path, {});
            if (!picture || !(*questioner)->ask(*picture, question, asking, nullptr, context)) {
                std::fprintf(stderr, "%s is not answered\n", path.c_str());
                return 1;
            }
        }
        oneByOne = static_cast<double>(pictures.size()) / secondsSince(start);
    }
    const std::size_t started = std::min<std::size_t>(pictures.size(), 5);
    Clock::time_point start = Clock::now();
    for (std::size_t i = 0; i < started; ++i) {
        std::vector<std::string> words{programs() / "auroraedge", "ask", "--image", pictures[i],
                                       "--question", question, "--quiet", "--data-dir", (work / "each").string()};
        words.insert(words.end(), options.begin(), options.end());
        if (runProgram(words) != 0)
            return 1;
    }
    const double byProgram = static_cast<double>(started) / secondsSince(start);

    std::vector<std::string> words{"batch", argv[1], "--recursive", "--limit", std::to_string(pictures.size()), "--question", question, "--out",
                                   (work / "out.jsonl").string(), "--data-dir", (work / "batch").string(), "--progress", "none"};
    words.insert(words.end(), options.begin(), options.end());
    start = Clock::now();
    if (runCli(words, context) != 0)
        return 1;
    const double together = static_cast<double>(pictures.size()) / secondsSince(start);
    std::printf("%zu pictures, all stored\n"
                "one by one, model loaded once    %6.2f a second\n"
                "one by one, a program each       %6.2f a second\n"
                "batch, loading and writing too   %6.2f a second: %.1f and %.1f times\n"
                "peak memory %ld MB\n",
                pictures.size(), oneByOne, byProgram, together, together / oneByOne, together / byProgram, peakMegabytes());
    fs::remove_all(work);
    return 0;
}
