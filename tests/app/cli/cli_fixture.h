#pragma once

#include "app/cli/cli.h"
#include "app/imaging/picture_encoder.h"
#include "app/storage/answer_store.h"
#include "tests/support/fake_engine.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_frame.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace auroraedge::app {

using Json = nlohmann::ordered_json;
using Words = std::vector<std::string>;

/// What a run of the program left behind.
struct Outcome
{
    int exitCode = 0;
    std::string out, err;

    [[nodiscard]] std::vector<std::string> lines() const
    {
        std::vector<std::string> all;
        std::istringstream stream(out);
        for (std::string line; std::getline(stream, line);)
            all.push_back(line);
        return all;
    }
    /// The lines of stdout, each of which must be JSON.
    [[nodiscard]] std::vector<Json> json() const
    {
        std::vector<Json> all;
        for (const std::string &line : lines())
            all.push_back(Json::parse(line));
        return all;
    }
    /// The code of the error that is the only line of stdout.
    [[nodiscard]] std::string jsonCode() const
    {
        const std::vector<Json> all = json();
        return all.size() == 1 ? all[0].at("error").at("code").get<std::string>() : out;
    }
};

/// Runs commands as main() does, with a scripted engine and a data folder of its own.
class CliFixture : public ::testing::Test
{
protected:
    CliFixture() { std::filesystem::create_directories(m_folder / "nano-test"); }

    Outcome run(const Words &words, const std::string &input = {})
    {
        std::istringstream in(input);
        std::ostringstream out, err;
        const auto openEngine = [this]() -> Result<Engine *> {
            ++m_timesOpened;
            return &m_engine;
        };
        const int exitCode = runCli(words, {openEngine, in, out, err, m_stop.get_token()});
        return {exitCode, out.str(), err.str()};
    }
    /// With the test's own model and data folder.
    Outcome runHere(Words words, const Words &more = {}, const std::string &input = {})
    {
        words.insert(words.end(), more.begin(), more.end());
        words.insert(words.end(), {"--model", modelFolder(), "--data-dir", dataFolder()});
        return run(words, input);
    }
    Outcome ask(const Words &more) { return runHere({"ask", "--image", m_picture}, more); }

    std::string modelFolder() const { return (m_folder / "nano-test").string(); }
    std::string dataFolder() const { return (m_folder / "data").string(); }
    std::string at(std::string_view name) const { return (m_folder / name).string(); }
    std::string writePng(std::string_view name, int seed = 0) const
    {
        return m_folder.write(name, *encodePng(testing::testFrame(48, 32, seed))).string();
    }

    /// Newest first.
    std::vector<AnswerRecord> storedAnswers() const
    {
        const Result<std::unique_ptr<AnswerReader>> reader = AnswerReader::open(dataFolder());
        if (!reader)
            return {};
        const Result<std::vector<AnswerRecord>> records = (*reader)->recentAnswers(1000);
        EXPECT_TRUE(records);
        return records ? *records : std::vector<AnswerRecord>();
    }
    int storedPictures() const
    {
        int count = 0;
        std::error_code problem;
        for (const auto &entry : std::filesystem::recursive_directory_iterator(m_folder / "data/pictures", problem))
            count += entry.is_regular_file() ? 1 : 0;
        return count;
    }

    testing::TemporaryFolder m_folder;
    testing::FakeScript m_script;
    testing::FakeEngine m_engine{m_script};
    std::stop_source m_stop;
    std::string m_picture = writePng("part7.png");
    int m_timesOpened = 0; ///< the engine
};

} // namespace auroraedge::app
