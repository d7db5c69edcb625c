#include <algorithm>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

// A finding of a sanitizer ends the run the way a crash does.
extern "C" const char *__asan_default_options()
{
    return "abort_on_error=1:allocator_may_return_null=1";
}
extern "C" const char *__ubsan_default_options()
{
    return "halt_on_error=1:abort_on_error=1:print_stacktrace=1";
}

namespace {

constexpr int kMutations = 10'000; // of the whole corpus

char label[256]; // what is being run, for the signal handler

void tellInput(int signal)
{
    (void)!::write(STDERR_FILENO, label, std::char_traits<char>::length(label));
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

void run(const std::string &input, const std::string &name, int mutation)
{
    std::snprintf(label, sizeof label, "died of %s, mutation %d\n", name.c_str(), mutation);
    // A buffer of exactly this size: reading beyond its end is seen by AddressSanitizer.
    const std::vector<std::uint8_t> bytes(input.begin(), input.end());
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

class Mutator
{
public:
    explicit Mutator(const std::vector<std::string> &corpus) : m_corpus(corpus) {}

    std::string mutated(std::string input)
    {
        for (std::size_t changes = 1 + below(4); changes > 0; --changes)
            change(input);
        return input;
    }

private:
    std::size_t below(std::size_t count) { return count == 0 ? 0 : static_cast<std::size_t>(m_random() % count); }

    /// Some stretch of another input.
    std::string piece()
    {
        const std::string &from = m_corpus[below(m_corpus.size())];
        const std::size_t at = below(from.size());
        return from.substr(at, 1 + below(40));
    }

    void change(std::string &input)
    {
        static constexpr std::string_view kTokens[] = {"0", "-1", "1e999", "18446744073709551615", "9223372036854775808", "null", "{}", "[]", "\"\"", "[[[[", "\xFF\xFF\xFF\xFF",
                                                       std::string_view("\0\0\0\0", 4), "\xC3", ",", ":", "\"", "}"};
        const std::size_t at = below(input.size() + 1);
        switch (below(6)) {
        case 0:
            if (!input.empty())
                input[below(input.size())] = static_cast<char>(m_random());
            break;
        case 1:
            if (!input.empty())
                input[below(input.size())] ^= static_cast<char>(1 << below(8));
            break;
        case 2: input.erase(at, 1 + below(16)); break;
        case 3: input.insert(at, kTokens[below(std::size(kTokens))]); break;
        case 4: input.insert(at, piece()); break;
        case 5: {
            const std::string written = piece();
            input.replace(at, written.size(), written);
            break;
        }
        }
    }

    const std::vector<std::string> &m_corpus;
    std::mt19937_64 m_random{1}; // fixed, so that a failure repeats
};

} // namespace

int main(int count, char **arguments)
{
    if (count != 2 && count != 3) {
        std::fprintf(stderr, "usage: %s FOLDER [MUTATIONS]\n", arguments[0]);
        return 2;
    }
    const int mutations = count == 3 ? std::atoi(arguments[2]) : kMutations;
    std::vector<std::filesystem::path> files;
    for (const auto &entry : std::filesystem::directory_iterator(arguments[1]))
        files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::vector<std::string> corpus;
    for (const auto &file : files) {
        std::ifstream stream(file, std::ios::binary);
        corpus.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
    }
    if (corpus.empty()) {
        std::fprintf(stderr, "%s holds no input\n", arguments[1]);
        return 2;
    }

    for (const int signal : {SIGABRT, SIGSEGV, SIGFPE, SIGILL})
        std::signal(signal, tellInput);
    run({}, "nothing", 0);
    for (std::size_t i = 0; i < corpus.size(); ++i)
        run(corpus[i], files[i].filename(), 0);
    Mutator mutator(corpus);
    for (int mutation = 1; mutation <= mutations; ++mutation) {
        const std::size_t i = static_cast<std::size_t>(mutation) % corpus.size();
        run(mutator.mutated(corpus[i]), files[i].filename(), mutation);
    }
    std::printf("%zu inputs and %d mutations\n", corpus.size(), mutations);
    return 0;
}
