#pragma once

#include "tests/trials/trial_folder.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace auroraedge::trials {

struct DeepPcbOptions
{
    std::filesystem::path data;
    bool isOneDefect = true;    ///< one defect a bad picture of val and test, the others repaired; else the scan as it is
    bool hasGolden = true;      ///< records name the template of their scan
    double templateShare = 0.25; ///< of the good pictures: the template itself instead of the repaired scan
    std::uint64_t seed = 1;
};

/// A bad and a good picture from every scan: 100 scans of each of the study's four training groups, 100 of its two hold-out
/// groups as "val" (500 scans together), and every scan of its three test groups. @throws std::runtime_error
void addDeepPcb(const DeepPcbOptions &options, TrialFolder &folder);

struct BsdataOptions
{
    std::filesystem::path data;
    int trainCrops = 1; ///< pairs of crops from every picture of split train; val and test have one
    std::uint64_t seed = 1;
};

/// Pairs of 160 px crops, with pitting and without, from every photo that has room for both. @throws std::runtime_error
void addBsdata(const BsdataOptions &options, TrialFolder &folder);

/// Split of every group of @p sizes (group: pictures), as in the study 21 of 58 groups for the test, spread evenly over
/// large and small ones; of the others every sixth is "val". @p seed orders groups of one size.
std::map<std::string, std::string> splitByGroup(const std::map<std::string, int> &sizes, std::uint64_t seed);

} // namespace auroraedge::trials
