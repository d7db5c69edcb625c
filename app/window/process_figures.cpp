#include "app/window/process_figures.h"

#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <unistd.h>

namespace auroraedge::app {

double msSinceProcessStart()
{
    std::string line;
    std::getline(std::ifstream("/proc/self/stat"), line);
    // The second field is the program's name in brackets, which may hold anything; the 22nd is the start.
    std::istringstream fields(line.substr(line.rfind(')') + 1));
    std::string field;
    for (int number = 3; number <= 22; ++number)
        fields >> field;
    timespec now{};
    const double ticks = fields ? std::stod(field) : -1;
    if (ticks < 0 || clock_gettime(CLOCK_BOOTTIME, &now) != 0)
        return -1;
    return 1e3 * (static_cast<double>(now.tv_sec) - ticks / static_cast<double>(sysconf(_SC_CLK_TCK)))
        + static_cast<double>(now.tv_nsec) / 1e6;
}

double residentMb()
{
    double wholePages = 0, residentPages = 0;
    std::ifstream("/proc/self/statm") >> wholePages >> residentPages;
    return residentPages * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

int threadCount()
{
    std::error_code problem;
    const std::filesystem::directory_iterator tasks("/proc/self/task", problem);
    return problem ? 0 : static_cast<int>(std::distance(tasks, std::filesystem::directory_iterator()));
}

} // namespace auroraedge::app
