#include "app/drawing/drawn_picture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <vector>

namespace auroraedge::app {
namespace {

constexpr std::uint64_t kPictures = 2000;

std::vector<DrawnScene> scenesOf(const std::string &kind)
{
    std::vector<DrawnScene> scenes;
    for (std::uint64_t number = 0; number < kPictures; ++number)
        scenes.push_back(describe({kind, number}));
    return scenes;
}

long labelsOf(const DrawnScene &scene, const std::string &name)
{
    return std::count_if(scene.labels.begin(), scene.labels.end(), [&](const DrawnLabel &label) { return label.name == name; });
}

/// How often each text is the value of @p fact.
std::map<std::string, int> valuesOf(const std::vector<DrawnScene> &scenes, const std::string &fact)
{
    std::map<std::string, int> values;
    for (const DrawnScene &scene : scenes)
        if (const auto found = scene.facts.find(fact); found != scene.facts.end())
            ++values[found->second];
    return values;
}

void expectEven(const std::string &kind, const std::vector<DrawnScene> &scenes, const std::string &fact)
{
    std::map<std::string, int> values = valuesOf(scenes, fact);
    const double asked = values["yes"] + values["no"];
    EXPECT_EQ(values.size(), 2U) << kind << ' ' << fact;
    EXPECT_GT(asked, 0.2 * kPictures) << kind << ' ' << fact;
    EXPECT_GT(values["yes"], 0.4 * asked) << kind << ' ' << fact;
    EXPECT_LT(values["yes"], 0.6 * asked) << kind << ' ' << fact;
}

/// No value of @p fact is more than @p ratio times as frequent as another.
void expectSpread(const std::string &kind, const std::vector<DrawnScene> &scenes, const std::string &fact, std::size_t values, double ratio)
{
    const std::map<std::string, int> counted = valuesOf(scenes, fact);
    ASSERT_EQ(counted.size(), values) << kind << ' ' << fact;
    const auto [least, most] = std::minmax_element(counted.begin(), counted.end(), [](const auto &a, const auto &b) { return a.second < b.second; });
    EXPECT_LT(most->second, ratio * least->second) << kind << ' ' << fact << ": " << most->first << " against " << least->first;
}

TEST(WheelFamily, YesAndNoAreEven)
{
    const std::map<std::string, std::vector<std::string>> asked{
        {"label", {"label present", "label missing", "straight", "crooked", "asked defect present", "scratched", "damaged"}},
        {"led-row", {"all on"}},
        {"parts", {"asked present", "all same"}},
    };
    for (const auto &[kind, facts] : asked) {
        const std::vector<DrawnScene> scenes = scenesOf(kind);
        for (const std::string &fact : facts)
            expectEven(kind, scenes, fact);
    }
}

TEST(WheelFamily, WordsAndNumbersAreSpread)
{
    expectSpread("wheel", scenesOf("wheel"), "digit", 10, 1.4);
    expectSpread("led-row", scenesOf("led-row"), "leds", 6, 1.4);
    expectSpread("led-row", scenesOf("led-row"), "left colour", 4, 1.4);
    expectSpread("label", scenesOf("label"), "colour", 7, 1.5);
    expectSpread("label", scenesOf("label"), "code", 3, 1.3);
    expectSpread("parts", scenesOf("parts"), "parts", 7, 1.9);
}

TEST(WheelFamily, ACountIsTheNumberOfLabels)
{
    for (const DrawnScene &scene : scenesOf("led-row")) {
        EXPECT_EQ(scene.facts.at("leds"), std::to_string(labelsOf(scene, "led")));
        EXPECT_EQ(scene.facts.at("lit"), std::to_string(labelsOf(scene, "lit led")));
        EXPECT_EQ(labelsOf(scene, "led"), labelsOf(scene, "lit led") + labelsOf(scene, "dark led"));
        EXPECT_EQ(scene.facts.at("all on") == "yes", labelsOf(scene, "dark led") == 0);
    }
    for (const DrawnScene &scene : scenesOf("parts")) {
        EXPECT_EQ(scene.facts.at("parts"), std::to_string(labelsOf(scene, "part")));
        EXPECT_EQ(scene.facts.contains("odd colour"), labelsOf(scene, "wrong colour") == 1);
    }
}

TEST(WheelFamily, AMissingLabelHasNoColourAndNoAngle)
{
    for (const DrawnScene &scene : scenesOf("label")) {
        const bool hasLabel = labelsOf(scene, "label") == 1;
        for (const char *fact : {"colour", "code", "straight", "crooked"})
            EXPECT_EQ(scene.facts.contains(fact), hasLabel) << fact;
        EXPECT_EQ(labelsOf(scene, "crooked label") == 1, hasLabel && scene.facts.at("crooked") == "yes");
    }
}

TEST(WheelFamily, TheWheelsLabelNamesTheDigit)
{
    for (const DrawnScene &scene : scenesOf("wheel")) {
        ASSERT_EQ(scene.labels.size(), 1U);
        EXPECT_EQ(scene.labels.front().name, "digit_" + scene.facts.at("digit"));
    }
}

TEST(WheelFamily, CountedThingsDoNotOverlapAndAreNotTooSmall)
{
    const std::map<std::string, std::string> counted{{"parts", "part"}, {"led-row", "led"}};
    for (const auto &[kind, name] : counted) {
        for (const DrawnScene &scene : scenesOf(kind)) {
            std::vector<DrawnLabel> things;
            std::copy_if(scene.labels.begin(), scene.labels.end(), std::back_inserter(things),
                         [&](const DrawnLabel &label) { return label.name == name; });
            for (std::size_t i = 0; i < things.size(); ++i) {
                const DrawnLabel &a = things[i];
                EXPECT_GE(std::min(a.width, a.height), 0.065) << kind;
                for (std::size_t k = 0; k < i; ++k) {
                    // Boxes of turned corners may touch; the middle of one is never in another.
                    const DrawnLabel &b = things[k];
                    const double x = b.x + b.width / 2, y = b.y + b.height / 2;
                    EXPECT_FALSE(x > a.x && x < a.x + a.width && y > a.y && y < a.y + a.height) << kind;
                }
            }
        }
    }
}

} // namespace
} // namespace auroraedge::app
