#pragma once

#include <cstddef>
#include <map>
#include <utility>
#include <vector>

namespace auroraedge::engine {

/// How long a run will go on, judged by how long its steps took. Work is told in multiply-adds; stages of a kind that has run
/// go on at the speed that was measured of it, those of another kind at the speed of the stage that runs.
class RemainingTime final
{
public:
    enum class Kind { Teacher = 1, Tower, Whole };
    struct Stage
    {
        Kind kind{};
        int steps = 0, finishFrom = 0;     ///< the first step at the finishing sizes
        double stepWork = 0, finishWork = 0; ///< of one step before and from there on
    };

    explicit RemainingTime(std::vector<Stage> stages) : m_stages(std::move(stages)) {}

    /// Steps @p first to @p end - 1 of @p stage took @p seconds together.
    void measure(std::size_t stage, int first, int end, double seconds)
    {
        if (const double work = workOf(m_stages[stage], first, end); work > 0)
            m_secondsPerWork[m_stages[stage].kind] = seconds / work;
    }
    /// Of the run, when @p done steps of @p stage are done. REQUIRES: measure() of this stage.
    [[nodiscard]] double seconds(std::size_t stage, int done) const
    {
        const double here = m_secondsPerWork.at(m_stages[stage].kind);
        double sum = here * workOf(m_stages[stage], done, m_stages[stage].steps);
        for (std::size_t later = stage + 1; later < m_stages.size(); ++later) {
            const auto known = m_secondsPerWork.find(m_stages[later].kind);
            sum += (known == m_secondsPerWork.end() ? here : known->second) * workOf(m_stages[later], 0, m_stages[later].steps);
        }
        return sum;
    }

private:
    static double workOf(const Stage &stage, int first, int end)
    {
        double work = 0;
        for (int step = first; step < end; ++step)
            work += step < stage.finishFrom ? stage.stepWork : stage.finishWork;
        return work;
    }

    std::vector<Stage> m_stages;
    std::map<Kind, double> m_secondsPerWork;
};

} // namespace auroraedge::engine
