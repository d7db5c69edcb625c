#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace auroraedge::trials {

/// How surely a picture is bad, on any scale: the larger, the surer.
struct Scored
{
    double score = 0;
    bool isBad = false;
    std::string cluster; ///< what a bootstrap draws together: the group, or the picture that this one was made from
};

/// Share of (bad, good) pairs in which the bad picture has the larger score; a tie is half a pair. NaN without pairs.
double auroc(const std::vector<Scored> &pictures);

/// Share of the bad pictures above the lowest threshold that at most @p rate of the good ones are above.
double recallAtFalseAlarms(const std::vector<Scored> &pictures, double rate);

/// Between two scores, with the most pictures right when those above it are called bad.
double mostAccurateThreshold(const std::vector<Scored> &pictures);
double accuracyAt(const std::vector<Scored> &pictures, double threshold);

enum class Decision { Ok = 1, Ng, Unsure };

/// OK up to one score, NG above another, UNSURE between them. Where both could be said it is OK.
struct Thresholds
{
    double okUpTo = 0, ngAbove = 0; ///< infinite: never said

    [[nodiscard]] Decision decide(double score) const;
};

/// The widest OK of which @p okPrecision are good pictures and the widest NG of which @p ngPrecision are bad ones.
Thresholds thresholdsFor(const std::vector<Scored> &pictures, double okPrecision = 0.99, double ngPrecision = 0.95);

struct Decided
{
    Decision decision = Decision::Unsure;
    bool isBad = false;
};

std::vector<Decided> decided(const std::vector<Scored> &pictures, const Thresholds &thresholds);

struct Outcome
{
    double goodOk = 0, goodUnsure = 0;  ///< shares of the good pictures
    double badOk = 0;                   ///< share of the bad pictures
    double unsure = 0;                  ///< share of all
    std::optional<double> okPrecision;  ///< good pictures among those called OK
};

Outcome outcomeOf(const std::vector<Decided> &pictures);

} // namespace auroraedge::trials
