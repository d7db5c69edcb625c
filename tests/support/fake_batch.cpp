// Stands in for `auroraedge batch`: asks nothing, but lists, journals, fails, stops and tells as that does.
//   batch FOLDER --question=Q... --out=FILE [--watch] [--retry-failed] [--dry-run] ...
// A file called bad* fails; at one called hold* it waits until that is gone. The question "refuse" is refused, "crash" crashes,
// "stubborn" does not stop. Each run leaves a line in <out>.runs: process id, nice level, arguments.

#include "app/batch/batch_output.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

namespace fs = std::filesystem;
volatile std::sig_atomic_t isStopped = 0;

struct Arguments
{
    fs::path source, out;
    std::string questions;
    bool watches = false, retriesFailed = false, isDry = false;
};

class FakeBatch final
{
public:
    explicit FakeBatch(const Arguments &arguments) : m_arguments(arguments), m_journal(arguments.out.string() + ".journal")
    {
        std::ifstream journal(m_journal);
        for (std::string name, result; journal >> name >> result;)
            m_results[name] = result;
    }

    int run()
    {
        tell("listing", "null");
        tell("loading", "null");
        for (const std::string &name : names())
            m_resumed += isOpen(name) ? 0 : 1;
        m_total = m_arguments.watches ? "null" : std::to_string(names().size());
        do {
            for (const std::string &name : names()) {
                if (!isOpen(name))
                    continue;
                tell("running", m_total);
                while (name.starts_with("hold") && fs::exists(m_arguments.source / name) && isStopped == 0)
                    rest();
                if (isStopped != 0 && !m_arguments.watches)
                    return stop();
                if (!name.starts_with("hold"))
                    answer(name);
            }
            tell(m_arguments.watches ? "watching" : "running", m_total);
            rest();
        } while (m_arguments.watches && isStopped == 0);
        write();
        tell("done", m_total);
        return isStopped != 0 ? 130 : failures() > 0 ? 3 : 0;
    }

    [[nodiscard]] std::vector<std::string> names() const
    {
        std::vector<std::string> names;
        for (const fs::directory_entry &entry : fs::directory_iterator(m_arguments.source))
            names.push_back(entry.path().filename().string());
        std::sort(names.begin(), names.end());
        return names;
    }

private:
    static void rest() { std::this_thread::sleep_for(std::chrono::milliseconds(5)); }

    [[nodiscard]] bool isOpen(const std::string &name) const
    {
        const auto known = m_results.find(name);
        return known == m_results.end() || (known->second == "bad" && m_arguments.retriesFailed && !m_isAskedNow.contains(name));
    }
    [[nodiscard]] long failures() const
    {
        return std::count_if(m_results.begin(), m_results.end(), [](const auto &each) { return each.second == "bad"; });
    }

    void answer(const std::string &name)
    {
        const std::string result = name.starts_with("bad") ? "bad" : name.starts_with("ng") ? "ng" : "ok";
        m_results[name] = result;
        m_isAskedNow[name] = true;
        std::ofstream(m_journal, std::ios::app) << name << ' ' << result << std::endl;
        ++m_done;
        m_ok += result == "ok" ? 1 : 0;
        m_ng += result == "ng" ? 1 : 0;
        if (result == "bad")
            std::cerr << R"({"failure":{"path":")" << (m_arguments.source / name).string() << R"(","code":"IMG-02","message":"the picture is damaged"}})" << std::endl;
        tell("running", m_total);
    }

    int stop()
    {
        tell("stopped", m_total);
        std::cerr << "RUN-01: stopped; the same command goes on from there" << std::endl;
        return 130;
    }

    void write() const
    {
        std::ofstream out(m_arguments.out);
        const fs::path failed = auroraedge::app::FailedList::placeFor(m_arguments.out);
        fs::remove(failed);
        for (const auto &[name, result] : m_results) {
            if (result != "bad") {
                out << name << '\n';
                continue;
            }
            if (!fs::exists(failed))
                std::ofstream(failed) << "path,question,code,reason\r\n";
            std::ofstream(failed, std::ios::app) << '"' << (m_arguments.source / name).string() << "\",Cap?,IMG-02,\"the \"\"picture\"\" is damaged\"\r\n";
        }
    }

    void tell(std::string_view state, const std::string &total) const
    {
        const bool isEarly = state == "listing" || state == "loading";
        std::cerr << R"({"progress":{"state":")" << state << R"(","done":)" << (isEarly ? 0 : m_resumed + m_done) << R"(,"total":)" << total << R"(,"resumed":)"
                  << (isEarly ? 0 : m_resumed) << R"(,"failed":)" << (isEarly ? 0 : failures()) << R"(,"ok":)" << m_ok << R"(,"ng":)" << m_ng
                  << R"(,"unsure":0,"rate_per_s":2.5,"eta_s":8,"busy":0.97}})" << std::endl;
    }

    const Arguments &m_arguments;
    const fs::path m_journal;
    std::map<std::string, std::string> m_results;
    std::map<std::string, bool> m_isAskedNow;
    std::string m_total = "null";
    long m_resumed = 0, m_done = 0, m_ok = 0, m_ng = 0;
};

Arguments read(int argc, char **argv)
{
    Arguments arguments;
    arguments.source = argc > 2 ? argv[2] : "";
    for (int i = 3; i < argc; ++i) {
        const std::string_view word = argv[i];
        if (word.starts_with("--out="))
            arguments.out = word.substr(6);
        if (word.starts_with("--question="))
            arguments.questions += std::string(word.substr(11)) + '\n';
        arguments.watches = arguments.watches || word == "--watch";
        arguments.retriesFailed = arguments.retriesFailed || word == "--retry-failed";
        arguments.isDry = arguments.isDry || word == "--dry-run";
    }
    return arguments;
}

} // namespace

int main(int argc, char **argv)
{
    const Arguments arguments = read(argc, argv);
    std::signal(SIGTERM, arguments.questions.find("stubborn") == std::string::npos ? [](int) { isStopped = 1; } : SIG_IGN);
    if (arguments.isDry) {
        for (const std::string &name : FakeBatch(arguments).names())
            std::cout << name << '\n';
        std::cerr << "so many files" << std::endl;
        return 0;
    }
    std::ofstream runs(arguments.out.string() + ".runs", std::ios::app);
    runs << getpid() << ' ' << getpriority(PRIO_PROCESS, 0);
    for (int i = 1; i < argc; ++i)
        runs << '\x1f' << argv[i];
    runs << std::endl;
    if (arguments.questions.find("refuse") != std::string::npos) {
        std::cerr << "CLI-01: the question is refused" << std::endl;
        return 2;
    }
    if (arguments.questions.find("crash") != std::string::npos)
        std::abort();
    return FakeBatch(arguments).run();
}
