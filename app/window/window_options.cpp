#include "app/window/window_options.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>

namespace auroraedge::app {

namespace {

Failure usage(const std::string &message)
{
    return failure(code::Usage, message + " (--help shows the options)");
}

Result<std::string> oneOf(const std::string &option, const std::string &value, const std::vector<std::string> &allowed)
{
    if (std::find(allowed.begin(), allowed.end(), value) != allowed.end())
        return value;
    std::string list;
    for (const std::string &word : allowed)
        list += (list.empty() ? "" : ", ") + word;
    return usage(option + " takes one of: " + list + "; not '" + value + "'");
}

template <typename Number>
Result<Number> numberIn(const std::string &option, const std::string &value, Number least, Number most)
{
    Number number{};
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size() || !(number >= least && number <= most))
        return usage(option + " takes a number from " + std::to_string(least) + " to " + std::to_string(most) + ", not '"
                     + value + "'");
    return number;
}

} // namespace

std::string windowUsage()
{
    return R"(auroraedge-inspector [OPTIONS]
  --source URI      sim: (built-in line), uvc:<id>, rtsp://..., http://..., file:<video>, folder:<dir>
  --model NAME|DIR  model to load (default: the one that ships)
  --data-dir DIR    where answers and pictures are kept
  --reviewer NAME   who judges answers here (default: the account); can be changed on the Review page
  --page PAGE       live, review, batch, statistics, models
  --lang LANG       en, zh_CN
  --theme THEME     dark, light
  --scale FACTOR    size of everything, 0.5 to 3
  --device DEVICE   auto, cpu, cuda, cuda:N
  --precision P     auto, fp32, bf16, fp16
  --threads N       threads of the engine (0: all cores but one)
  --keys FILE       does what a key log says, prints a line of JSON for all that is stored, and ends
  --screenshots DIR every state of every page as a picture in DIR, from made-up values
  --soak MINUTES    ask about the simulated line without a pause, then print what was measured and end
  --version, --help
)";
}

Result<WindowOptions> parseWindowOptions(const std::vector<std::string> &arguments)
{
    WindowOptions options;
    const auto text = [](std::string &field) {
        return [&field](const std::string &, const std::string &value) -> Result<void> {
            field = value;
            return {};
        };
    };
    const auto word = [](std::string &field, std::vector<std::string> allowed) {
        return [&field, allowed](const std::string &option, const std::string &value) -> Result<void> {
            const Result<std::string> chosen = oneOf(option, value, allowed);
            if (!chosen)
                return failure(chosen.error());
            field = *chosen;
            return {};
        };
    };
    const auto number = [](auto &field, auto least, auto most) {
        return [&field, least, most](const std::string &option, const std::string &value) -> Result<void> {
            const auto read = numberIn(option, value, least, most);
            if (!read)
                return failure(read.error());
            field = *read;
            return {};
        };
    };
    const std::map<std::string, std::function<Result<void>(const std::string &, const std::string &)>> known = {
        {"--source", text(options.source)},
        {"--model", text(options.model)},
        {"--device", text(options.device)},
        {"--reviewer", text(options.reviewer)},
        {"--screenshots", text(options.screenshots)},
        {"--page", word(options.page, {"live", "review", "batch", "statistics", "models"})},
        {"--lang", word(options.language, {"en", "zh_CN"})},
        {"--theme", word(options.theme, {"dark", "light"})},
        {"--precision", word(options.precision, {"auto", "fp32", "bf16", "fp16"})},
        {"--scale", number(options.scale, 0.5, 3.0)},
        {"--threads", number(options.threads, 0, 1024)},
        {"--soak", number(options.soakMinutes, 0.01, 100'000.0)},
        {"--keys",
         [&](const std::string &, const std::string &value) -> Result<void> {
             options.keyLog = value;
             return {};
         }},
        {"--data-dir",
         [&](const std::string &, const std::string &value) -> Result<void> {
             options.dataFolder = value;
             return {};
         }},
    };

    for (std::size_t i = 0; i < arguments.size(); ++i) {
        std::string name = arguments[i];
        if (name == "--help" || name == "-h") {
            options.wantsHelp = true;
            continue;
        }
        if (name == "--version") {
            options.wantsVersion = true;
            continue;
        }
        std::string value;
        const std::size_t equals = name.find('=');
        if (equals != std::string::npos) {
            value = name.substr(equals + 1);
            name.resize(equals);
        }
        const auto option = known.find(name);
        if (option == known.end())
            return usage("unknown option " + name);
        if (equals == std::string::npos) {
            if (i + 1 == arguments.size())
                return usage(name + " needs a value");
            value = arguments[++i];
        }
        if (value.empty())
            return usage(name + " needs a value");
        if (const Result<void> taken = option->second(name, value); !taken)
            return failure(taken.error());
    }
    if (options.soakMinutes > 0 && !options.source.empty())
        return usage("--soak runs on the simulated line; leave out --source");
    if (options.soakMinutes > 0 && !options.keyLog.empty())
        return usage("--soak asks by itself; leave out --keys");
    return options;
}

} // namespace auroraedge::app
