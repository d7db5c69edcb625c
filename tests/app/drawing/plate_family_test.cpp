// What the drawn plates, gears, boards and connectors tell about themselves.
#include "app/drawing/drawn_picture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

namespace auroraedge::app {
namespace {

constexpr std::uint64_t kPictures = 2000;
const char *const kKinds[] = {"plate", "gear", "board", "connector"};

int countOf(const DrawnScene &scene, const std::string &name)
{
    int count = 0;
    for (const DrawnLabel &label : scene.labels)
        count += label.name == name ? 1 : 0;
    return count;
}

/// @return nullptr when there is none
const DrawnLabel *labelNamed(const DrawnScene &scene, const std::string &name)
{
    const auto found = std::find_if(scene.labels.begin(), scene.labels.end(), [&](const DrawnLabel &label) { return label.name == name; });
    return found == scene.labels.end() ? nullptr : &*found;
}

bool has(const DrawnScene &scene, const std::string &fact, const std::string &value)
{
    const auto found = scene.facts.find(fact);
    return found != scene.facts.end() && found->second == value;
}

/// Red, green and blue of the middle of @p label, each the mean of a patch.
std::vector<double> middleOf(const Frame &frame, const DrawnLabel &label)
{
    const int left = static_cast<int>((label.x + label.width / 2) * frame.widthPx) - 2;
    const int top = static_cast<int>((label.y + label.height / 2) * frame.heightPx) - 2;
    std::vector<double> mean(3);
    for (int y = top; y < top + 5; ++y) {
        const std::uint8_t *row = frame.row(std::clamp(y, 0, frame.heightPx - 1));
        for (int x = left; x < left + 5; ++x)
            for (std::size_t channel = 0; channel < 3; ++channel)
                mean[channel] += row[3 * static_cast<std::size_t>(std::clamp(x, 0, frame.widthPx - 1)) + channel] / 25.0;
    }
    return mean;
}

double distance(const std::vector<double> &one, const std::vector<double> &other)
{
    return std::hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}

TEST(DrawnParts, CountsEqualTheLabels)
{
    const std::vector<std::vector<std::string>> claims{
        {"plate", "holes", "hole"},
        {"plate", "screws", "screw"},
        {"board", "chips", "chip"},
        {"board", "capacitors", "capacitor"},
        {"connector", "pins", "pin"},
    };
    for (const auto &claim : claims) {
        std::map<std::string, int> pictures;
        for (std::uint64_t number = 0; number < kPictures; ++number) {
            const DrawnScene scene = describe({claim[0], number});
            if (const auto count = scene.facts.find(claim[1]); count != scene.facts.end()) {
                ASSERT_EQ(count->second, std::to_string(countOf(scene, claim[2]))) << claim[0] << number;
                ++pictures[count->second];
            }
        }
        for (const auto &[count, times] : pictures)
            EXPECT_GT(times, 40) << claim[0] << ": " << count << ' ' << claim[1];
    }
}

TEST(DrawnParts, AnswerYesAboutAsOftenAsNo)
{
    for (const char *kind : kKinds) {
        std::map<std::string, std::pair<int, int>> answers; // yes and all, by fact
        for (std::uint64_t number = 0; number < kPictures; ++number) {
            for (const auto &[fact, value] : describe({kind, number}).facts) {
                if (value == "yes" || value == "no") {
                    answers[fact].first += value == "yes" ? 1 : 0;
                    ++answers[fact].second;
                }
            }
        }
        for (const auto &[fact, count] : answers) {
            const double share = static_cast<double>(count.first) / count.second;
            EXPECT_GE(share, 0.4) << kind << ": " << fact;
            EXPECT_LE(share, 0.6) << kind << ": " << fact;
        }
    }
}

TEST(DrawnParts, AFaultIsToldWhereItIsLabelled)
{
    const std::vector<std::vector<std::string>> claims{
        {"plate", "hole missing", "missing hole"}, {"plate", "screw missing", "missing screw"}, {"gear", "tooth broken", "broken tooth"},
        {"board", "chip missing", "missing chip"}, {"connector", "pin bent", "bent pin"},       {"connector", "pin missing", "missing pin"},
    };
    for (const auto &claim : claims)
        for (std::uint64_t number = 0; number < kPictures; ++number) {
            const DrawnScene scene = describe({claim[0], number});
            EXPECT_EQ(countOf(scene, claim[2]), has(scene, claim[1], "yes") ? 1 : 0) << claim[0] << number;
        }
    for (const char *kind : {"plate", "board"})
        for (std::uint64_t number = 0; number < kPictures; ++number) {
            const DrawnScene scene = describe({kind, number});
            for (const char *defect : {"scratch", "dent", "stain", "crack"})
                EXPECT_EQ(countOf(scene, defect), has(scene, "defect", defect) ? 1 : 0) << kind << number;
        }
}

TEST(DrawnParts, AMissingHoleLooksLikeThePlateAndAHoleDoesNot)
{
    int seen = 0;
    for (std::uint64_t number = 0; number < 300; ++number) {
        const DrawingAddress address{"plate", number};
        const DrawnScene scene = describe(address);
        if (!has(scene, "hole missing", "yes"))
            continue;
        const Frame frame = draw(address);
        const DrawnLabel *missing = labelNamed(scene, "missing hole");
        ASSERT_NE(missing, nullptr) << number;
        const auto plain = middleOf(frame, *missing);
        for (const DrawnLabel &label : scene.labels) {
            if (label.name == "hole") {
                EXPECT_GT(distance(middleOf(frame, label), plain), 60) << number;
            }
        }
        ++seen;
    }
    EXPECT_GT(seen, 50);
}

TEST(DrawnParts, ADefectIsLargeEnoughToSeeAndLiesOnThePart)
{
    for (const std::string kind : {"plate", "board"}) {
        for (std::uint64_t number = 0; number < kPictures; ++number) {
            const DrawnScene scene = describe({kind, number});
            const DrawnLabel *part = labelNamed(scene, kind), *defect = labelNamed(scene, scene.facts.at("defect"));
            ASSERT_NE(part, nullptr) << kind << number;
            if (defect == nullptr)
                continue;
            EXPECT_GT(std::max(defect->width, defect->height), 0.06) << kind << number;
            EXPECT_LT(std::max(defect->width, defect->height), 0.4) << kind << number;
            EXPECT_GE(defect->x, part->x) << kind << number;
            EXPECT_GE(defect->y, part->y) << kind << number;
            EXPECT_LE(defect->x + defect->width, part->x + part->width + 1e-9) << kind << number;
            EXPECT_LE(defect->y + defect->height, part->y + part->height + 1e-9) << kind << number;
        }
    }
}

} // namespace
} // namespace auroraedge::app
