#pragma once

#include "app/training/evaluation.h"
#include "tests/trials/figures.h"
#include "tests/trials/trial_record.h"

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <string>
#include <vector>

namespace auroraedge::trials {

/// Score of every picture by its path in the trial.
using Scores = std::map<std::string, double>;

struct FigureRow
{
    std::string name;
    double auroc = 0;
    app::Interval interval;           ///< of auroc, 95 %, by drawing whole clusters
    double aurocWithoutTemplates = 0; ///< a template is no scan: without noise, and equal to its golden picture
    double accuracy = 0;              ///< threshold from other records than the test's
    double recallAt1 = 0, recallAt5 = 0; ///< at 1 % and 5 % false alarms a picture, read off the test's own curve
    Outcome outcome;                  ///< OK at 99 %, NG at 95 % precision, thresholds from other records
    Outcome fitted;                   ///< the same with thresholds from the test itself: the price when the promise holds
};

/// Figures over @p test; thresholds come from those of @p others that have a score.
/// @throws std::runtime_error for a test picture without a score, or when no other record has one.
FigureRow measured(const std::string &name, const Scores &scores, const std::vector<TrialRecord> &test,
                   const std::vector<TrialRecord> &others);

/// "group" for ten groups and more in @p records, else "picture": a few groups cannot be drawn again.
std::string clusterKind(const std::vector<TrialRecord> &records);

/// Those of @p records that have a score.
std::vector<Scored> scoredOf(const Scores &scores, const std::vector<TrialRecord> &records);

std::string tableOf(const std::vector<FigureRow> &rows);
nlohmann::ordered_json jsonOf(const FigureRow &row);
nlohmann::ordered_json jsonOf(const Outcome &outcome);

} // namespace auroraedge::trials
