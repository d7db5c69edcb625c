#include "app/model_shelf/model_shelf.h"

#include "app/model_shelf/speed_book.h"
#include "app/settings/sha256.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace auroraedge::app {
namespace {

namespace fs = std::filesystem;
using testing::TemporaryFolder;

std::string hashOf(const std::string &content)
{
    return sha256Hex({reinterpret_cast<const std::uint8_t *>(content.data()), content.size()});
}

class ModelShelfTest : public ::testing::Test
{
protected:
    ModelShelfTest() { writeModel("shipped/nano"); }

    /// A folder with the files that are looked at here; the weights are three megabytes.
    void writeModel(const std::string &name, bool hasList = true)
    {
        const std::string weights(3'000'000, 'w'), config = "{}";
        m_home.write(name + "/config.json", config);
        m_home.write(name + "/model.safetensors", weights);
        if (hasList)
            m_home.write(name + "/SHA256SUMS", hashOf(config) + "  config.json\n" + hashOf(weights) + "  model.safetensors\n");
    }
    [[nodiscard]] ModelShelf shelf() const { return {m_home / "shipped", m_home / "own"}; }
    [[nodiscard]] std::vector<std::string> names() const
    {
        std::vector<std::string> names;
        for (const ShelvedModel &model : shelf().models())
            names.push_back(model.name);
        return names;
    }
    [[nodiscard]] bool isOwnShelfEmpty() const { return !fs::exists(m_home / "own") || fs::is_empty(m_home / "own"); }
    [[nodiscard]] Result<fs::path> bringIn(const std::string &name) const
    {
        return shelf().bringIn(m_home / name, [](double) {}, {});
    }

    TemporaryFolder m_home;
};

TEST_F(ModelShelfTest, ListsWhatShipsFirstAndOnlyModelFolders)
{
    writeModel("own/bottle");
    writeModel("own/apple");
    fs::create_directories(m_home / "own/notes");
    EXPECT_EQ(names(), (std::vector<std::string>{"nano", "apple", "bottle"}));
    const std::vector<ShelvedModel> models = shelf().models();
    EXPECT_TRUE(models[0].isShipped);
    EXPECT_FALSE(models[1].isShipped);
    EXPECT_GT(models[0].bytes, 3'000'000);
}

TEST_F(ModelShelfTest, AListThatNobodyWaitsForAnyMoreLooksAtNoFurtherFolder)
{
    writeModel("own/bottle");
    std::stop_source stop;
    EXPECT_EQ(shelf().models(stop.get_token()).size(), 2U);
    stop.request_stop();
    EXPECT_TRUE(shelf().models(stop.get_token()).empty());
}

TEST_F(ModelShelfTest, BringsInAWholeCopyAndTellsItsProgress)
{
    writeModel("usb/bottle");
    std::vector<double> told;
    const Result<fs::path> place = shelf().bringIn(m_home / "usb/bottle", [&](double share) { told.push_back(share); }, {});
    ASSERT_TRUE(place) << place.error().message;
    EXPECT_EQ(*place, m_home / "own/bottle");
    for (const char *file : {"config.json", "model.safetensors", "SHA256SUMS"})
        EXPECT_EQ(testing::readFile(*place / file), testing::readFile(m_home / "usb/bottle" / file)) << file;
    ASSERT_GE(told.size(), 4U);
    EXPECT_TRUE(std::is_sorted(told.begin(), told.end()));
    EXPECT_DOUBLE_EQ(told.back(), 1);
}

TEST_F(ModelShelfTest, RefusesWhatIsNoModelAndWhatIsHereAlready)
{
    fs::create_directories(m_home / "usb/photos");
    EXPECT_EQ(bringIn("usb/photos").error().code, code::ModelFolder);
    EXPECT_EQ(bringIn("usb/gone").error().code, code::ModelFolder);
    writeModel("usb/nano");
    EXPECT_EQ(bringIn("usb/nano").error().code, code::Usage);
    EXPECT_TRUE(isOwnShelfEmpty());
}

TEST_F(ModelShelfTest, AFolderThatMayNotBeReadIsToldAsSuch)
{
    writeModel("usb/bottle");
    fs::permissions(m_home / "usb/bottle", fs::perms::none);
    const pid_t child = fork(); // as one who may not read everything
    if (child == 0)
        _exit(::geteuid() == 0 && ::seteuid(65'534) != 0 ? 2 : bringIn("usb/bottle").error().code == code::FileUnreadable ? 0 : 1);
    int status = 0;
    waitpid(child, &status, 0);
    fs::permissions(m_home / "usb/bottle", fs::perms::owner_all);
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(ModelShelfTest, ALinkToNothingIsNamed)
{
    writeModel("usb/bottle", /*hasList=*/false);
    fs::create_symlink(m_home / "usb/gone", m_home / "usb/bottle/model-2.safetensors");
    const Result<fs::path> place = bringIn("usb/bottle");
    ASSERT_FALSE(place);
    EXPECT_EQ(place.error().code, code::FileNotFound);
    EXPECT_EQ(place.error().message, "model-2.safetensors is a link to a file that is not there");
    EXPECT_TRUE(isOwnShelfEmpty());
}

TEST_F(ModelShelfTest, AModelWhoseNameBeginsWithADotIsListedAndCanBeRemoved)
{
    writeModel("usb/.bottle");
    const Result<fs::path> place = bringIn("usb/.bottle");
    ASSERT_TRUE(place);
    EXPECT_EQ(names().back(), ".bottle");
    EXPECT_TRUE(shelf().remove(*place));
}

TEST_F(ModelShelfTest, AFileThatIsNotAsListedLeavesNothing)
{
    writeModel("usb/bottle");
    m_home.write("usb/bottle/model.safetensors", std::string(3'000'000, 'x'));
    const Result<fs::path> place = bringIn("usb/bottle");
    ASSERT_FALSE(place);
    EXPECT_EQ(place.error().code, code::ModelChanged);
    EXPECT_NE(place.error().message.find("model.safetensors"), std::string::npos);
    EXPECT_TRUE(isOwnShelfEmpty());
}

TEST_F(ModelShelfTest, AModelWithoutAListIsBroughtInUnchecked)
{
    writeModel("usb/bottle", /*hasList=*/false);
    EXPECT_TRUE(bringIn("usb/bottle"));
    EXPECT_EQ(names().back(), "bottle");
}

TEST_F(ModelShelfTest, CancellingAtAnyShareLeavesNothing)
{
    writeModel("usb/bottle");
    for (const double at : {0.0, 0.2, 0.5, 0.8}) {
        std::stop_source stop;
        const Result<fs::path> place = shelf().bringIn(m_home / "usb/bottle", [&](double share) {
            if (share >= at)
                stop.request_stop();
        }, stop.get_token());
        ASSERT_FALSE(place) << at;
        EXPECT_EQ(place.error().code, code::Cancelled);
        EXPECT_TRUE(isOwnShelfEmpty()) << at;
    }
}

/// In a process of its own, whose files may not grow beyond @p bytes, or that is killed at half of the way.
int bringInElsewhere(const ModelShelf &shelf, const fs::path &from, rlim_t bytes, bool isKilled)
{
    const pid_t child = fork();
    if (child == 0) {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{bytes, bytes};
        setrlimit(RLIMIT_FSIZE, &limit);
        const Result<fs::path> place = ModelShelf(shelf).bringIn(from, [&](double share) {
            if (isKilled && share > 0.3)
                ::kill(::getpid(), SIGKILL);
        }, {});
        _exit(place ? 0 : 7);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status;
}

TEST_F(ModelShelfTest, ADiskThatTakesNoMoreLeavesNothing)
{
    writeModel("usb/bottle");
    const int status = bringInElsewhere(shelf(), m_home / "usb/bottle", 1'000'000, false);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 7);
    EXPECT_TRUE(isOwnShelfEmpty());
}

TEST_F(ModelShelfTest, WhatAKilledImportLeftIsNeverListedAndClearedAtTheNextLook)
{
    writeModel("usb/bottle");
    const int status = bringInElsewhere(shelf(), m_home / "usb/bottle", RLIM_INFINITY, true);
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_FALSE(isOwnShelfEmpty());
    EXPECT_EQ(names(), std::vector<std::string>{"nano"});
    EXPECT_TRUE(isOwnShelfEmpty());
    EXPECT_TRUE(bringIn("usb/bottle"));
}

TEST_F(ModelShelfTest, RemovesOnlyWhatWasBroughtIn)
{
    writeModel("own/bottle");
    EXPECT_EQ(shelf().remove(m_home / "shipped/nano").error().code, code::Usage);
    EXPECT_EQ(shelf().remove(m_home / "usb").error().code, code::Usage);
    EXPECT_TRUE(shelf().remove(m_home / "own/bottle"));
    EXPECT_TRUE(isOwnShelfEmpty());
    EXPECT_EQ(names(), std::vector<std::string>{"nano"});
}

TEST_F(ModelShelfTest, CheckingNamesTheAlteredAndTheMissingFiles)
{
    const auto check = [&] { return *checkFiles(m_home / "shipped/nano", {}, {}); };
    EXPECT_TRUE(check().isGood());
    EXPECT_EQ(check().good, 2);
    m_home.write("shipped/nano/config.json", std::string("{ }"));
    EXPECT_EQ(check().altered, std::vector<std::string>{"config.json"});
    fs::remove(m_home / "shipped/nano/model.safetensors");
    EXPECT_EQ(check().altered, (std::vector<std::string>{"config.json", "model.safetensors"}));
    fs::remove(m_home / "shipped/nano/SHA256SUMS");
    EXPECT_FALSE(check().hasList);
    EXPECT_FALSE(check().isGood());
}

TEST_F(ModelShelfTest, AListThatLeadsOutOfTheFolderIsRefused)
{
    m_home.write("shipped/nano/SHA256SUMS", std::string(64, 'a') + "  ../../secret\n");
    EXPECT_EQ(checkFiles(m_home / "shipped/nano", {}, {}).error().code, code::RecipeSyntax);
}

TEST(AvailableMemory, IsWhatTheKernelSays)
{
    EXPECT_GT(availableMemoryBytes(), std::int64_t{1} << 20);
}

TEST(SpeedBook, TakesTheMedianAndTheShareOf95)
{
    std::vector<double> totals;
    for (int i = 20; i >= 1; --i)
        totals.push_back(i);
    const MeasuredSpeed speed = speedOf(totals, 5);
    EXPECT_DOUBLE_EQ(speed.medianMs, 10);
    EXPECT_DOUBLE_EQ(speed.p95Ms, 19);
    EXPECT_EQ(speed.answers, 20);
    EXPECT_DOUBLE_EQ(speedOf(std::array{7.0}, 5).p95Ms, 7);
}

TEST(SpeedBook, KeepsEntriesByModelDeviceAndPrecisionAndKnowsTheNewest)
{
    const TemporaryFolder home;
    {
        SpeedBook book(home / "speed.json");
        ASSERT_TRUE(book.enter("aa", "cpu", "fp32", {100, 120, 20, 1000}));
        ASSERT_TRUE(book.enter("aa", "cpu", "bf16", {60, 80, 20, 2000}));
        ASSERT_TRUE(book.enter("ab", "cpu", "fp32", {900, 990, 20, 3000}));
    }
    const SpeedBook book(home / "speed.json");
    EXPECT_DOUBLE_EQ(book.find("aa", "cpu", "fp32")->medianMs, 100);
    EXPECT_FALSE(book.find("aa", "cuda:0", "fp32"));
    EXPECT_DOUBLE_EQ(book.newest("aa")->medianMs, 60);
    EXPECT_EQ(book.newest("aa")->device, "cpu");
    EXPECT_EQ(book.newest("aa")->precision, "bf16") << "a figure is told with what it was measured with";
    EXPECT_FALSE(book.newest("a"));
}

TEST(SpeedBook, ADamagedBookIsAnEmptyOne)
{
    const TemporaryFolder home;
    for (const char *text : {"", "[1]", "{\"aa cpu fp32\":{\"median_ms\":-1}}", "{\"aa cpu fp32\":7}"}) {
        home.write("speed.json", std::string(text));
        EXPECT_FALSE(SpeedBook(home / "speed.json").newest("aa")) << text;
    }
}

} // namespace
} // namespace auroraedge::app
