#include "app/cli/batch_progress.h"

#include "app/cli/display_text.h"
#include "app/export/answer_lines.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ostream>
#include <vector>

namespace auroraedge::app {
namespace {

constexpr std::size_t kBatchesOfTheRate = 31;

std::string grouped(std::int64_t number)
{
    std::string text = std::to_string(number);
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
        text.insert(static_cast<std::size_t>(at), 1, ',');
    return text;
}

std::string durationText(double seconds)
{
    const auto whole = static_cast<std::int64_t>(std::ceil(seconds));
    if (whole < 60)
        return std::to_string(whole) + " s";
    if (whole < 3600)
        return std::to_string((whole + 59) / 60) + " min";
    return std::to_string(whole / 3600) + " h " + std::to_string(whole % 3600 / 60) + " min";
}

double rounded(double value, double places) { return std::round(value * places) / places; }

} // namespace

void BatchProgress::enter(std::string_view state)
{
    m_state = state;
    m_updated = Clock::now();
    show(true);
}

void BatchProgress::begin(std::optional<std::int64_t> total, std::int64_t resumed, std::int64_t resumedFailures)
{
    m_total = total;
    m_resumed = resumed;
    m_resumedFailures = resumedFailures;
}

void BatchProgress::update(const BatchFigures &figures)
{
    const Clock::time_point now = Clock::now();
    if (const std::int64_t files = figures.done - m_figures.done; files > 0) {
        m_secondsPerFile.push_back(std::chrono::duration<double>(now - m_updated).count() / static_cast<double>(files));
        if (m_secondsPerFile.size() > kBatchesOfTheRate)
            m_secondsPerFile.pop_front();
    }
    m_updated = now;
    m_figures = figures;
    const auto pause = m_form == Form::Log ? std::chrono::milliseconds(10'000) : std::chrono::milliseconds(500);
    show(now - m_shown >= pause);
}

void BatchProgress::tellFailure(const std::string &path, const std::string &code, const std::string &message)
{
    if (m_form == Form::Json)
        m_err << oneLine({{"failure", {{"path", path}, {"code", code}, {"message", message}}}}) << std::endl;
    else if (m_form != Form::None)
        tell(code + ": " + displayText(path) + ": " + displayText(message));
}

void BatchProgress::tell(const std::string &sentence)
{
    if (m_form != Form::None && m_form != Form::Json)
        warn(sentence);
}

void BatchProgress::warn(const std::string &sentence)
{
    if (m_isLineOpen)
        m_err << "\r\x1b[K";
    m_isLineOpen = false;
    m_err << sentence << std::endl;
}

std::optional<double> BatchProgress::rate() const
{
    if (m_secondsPerFile.empty())
        return std::nullopt;
    std::vector<double> sorted(m_secondsPerFile.begin(), m_secondsPerFile.end());
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    return *middle > 0 ? std::optional(1 / *middle) : std::nullopt;
}

std::optional<double> BatchProgress::secondsLeft() const
{
    const std::optional<double> perSecond = rate();
    return m_total && perSecond ? std::optional(static_cast<double>(*m_total - done()) / *perSecond) : std::nullopt;
}

void BatchProgress::show(bool isDue)
{
    if (!isDue || m_form == Form::None)
        return;
    m_shown = Clock::now();
    if (m_form == Form::Json) {
        m_err << json() << std::endl;
    } else if (m_form == Form::Log) {
        if (m_figures.done > 0 && m_state == "running")
            m_err << sentence() << std::endl;
    } else {
        m_err << "\r\x1b[K" << sentence() << std::flush;
        m_isLineOpen = true;
    }
}

std::string BatchProgress::json() const
{
    const auto orNull = [](const std::optional<double> &value, double places) {
        return value ? nlohmann::ordered_json(rounded(*value, places)) : nlohmann::ordered_json(nullptr);
    };
    return oneLine({{"progress",
                     {{"state", m_state},
                      {"done", done()},
                      {"total", m_total ? nlohmann::ordered_json(*m_total) : nlohmann::ordered_json(nullptr)},
                      {"resumed", m_resumed},
                      {"failed", m_figures.failed + m_resumedFailures},
                      {"ok", m_figures.ok},
                      {"ng", m_figures.notGood},
                      {"unsure", m_figures.unsure},
                      {"rate_per_s", orNull(rate(), 100)},
                      {"eta_s", orNull(secondsLeft(), 1)},
                      {"busy", rounded(m_figures.busy, 1000)}}}});
}

std::string BatchProgress::sentence() const
{
    if (m_state != "running" && m_state != "watching")
        return m_state + (m_state == "done" || m_state == "stopped" ? "" : " ...");
    std::string text = grouped(done()) + (m_total ? " of " + grouped(*m_total) : std::string(" so far"));
    if (m_total && *m_total > 0)
        text += "  " + std::to_string(done() * 100 / *m_total) + " %";
    if (const std::optional<double> perSecond = rate()) {
        char number[32];
        std::snprintf(number, sizeof number, "%.1f", *perSecond);
        text += std::string("  ") + number + " a second";
    }
    if (const std::optional<double> seconds = secondsLeft(); seconds && *seconds > 0)
        text += "  " + durationText(*seconds) + " left";
    if (m_figures.notGood > 0)
        text += "  NG " + grouped(m_figures.notGood);
    if (m_figures.failed + m_resumedFailures > 0)
        text += "  failed " + grouped(m_figures.failed + m_resumedFailures);
    return text;
}

void BatchProgress::endLine()
{
    if (m_isLineOpen)
        m_err << std::endl;
    m_isLineOpen = false;
}

} // namespace auroraedge::app
