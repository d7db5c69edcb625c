#include "app/engine_host/engine_module.h"
#include "app/engine_host/process_environment.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace auroraedge::app {
namespace {

using ::testing::HasSubstr;

Error openError(const std::filesystem::path &file)
{
    const Result<EngineModule> module = EngineModule::open(file);
    EXPECT_FALSE(module);
    return module ? Error() : module.error();
}

TEST(EngineModule, TellsThatItIsMissing)
{
    const testing::TemporaryFolder folder;
    const Error error = openError(folder / "auroraedge_engine.so");
    EXPECT_EQ(error.code, code::EngineMissing);
    EXPECT_THAT(error.message, HasSubstr("No such file"));
    EXPECT_EQ(exitCodeOf(error.code), 1);
}

TEST(EngineModule, TellsAFileThatIsNoLibrary)
{
    const testing::TemporaryFolder folder;
    const Error error = openError(folder.write("auroraedge_engine.so", std::string(500, 'x')));
    EXPECT_EQ(error.code, code::EngineMissing);
    EXPECT_THAT(error.message, HasSubstr("could not be opened"));
}

TEST(EngineModule, TellsALibraryThatIsNoEngine)
{
    const Error error = openError(FOREIGN_MODULE);
    EXPECT_EQ(error.code, code::EngineMissing);
    EXPECT_THAT(error.message, HasSubstr("is not an engine"));
}

TEST(EngineModule, TellsAnEngineOfAnotherVersion)
{
    const Error error = openError(OLD_MODULE);
    EXPECT_EQ(error.code, code::EngineMissing);
    EXPECT_THAT(error.message, HasSubstr("another version"));
}

TEST(EngineModule, OpensAnEngine)
{
    Result<EngineModule> module = EngineModule::open(FAKE_MODULE);
    ASSERT_TRUE(module) << module.error().message;
    const Result<SelfTest> test = module->engine().selfTest(2);
    ASSERT_TRUE(test);
    EXPECT_EQ(test->threads, 2);
}

/// Exit status of a program that reports what it found in its environment.
std::string environmentOf(const std::string &assignments)
{
    FILE *program = popen((assignments + " " ENVIRONMENT_PROGRAM " one 'two words'").c_str(), "r");
    std::string output;
    char buffer[256];
    while (std::size_t count = fread(buffer, 1, sizeof buffer, program))
        output.append(buffer, count);
    pclose(program);
    return output;
}

TEST(ProcessEnvironment, WhatIsPrintedIntoAClosedStreamDoesNotGoIntoAFile)
{
    const testing::TemporaryFolder folder;
    const std::filesystem::path file = folder / "file";
    EXPECT_EQ(std::system((ENVIRONMENT_PROGRAM " '" + file.string() + "' <&- >&- 2>&-").c_str()), 0);
    EXPECT_EQ(std::filesystem::file_size(file), 0);
}

TEST(ProcessEnvironment, IsSetBeforeTheProgramReallyStarts)
{
    EXPECT_EQ(environmentOf("env -u OMP_WAIT_POLICY -u ONEDNN_PRIMITIVE_CACHE_CAPACITY -u OPENCV_IO_MAX_IMAGE_PIXELS"),
              "passive 8192 50000000 one|two words|unset");
}

TEST(ProcessEnvironment, KeepsWhatTheUserChose)
{
    EXPECT_EQ(environmentOf("env OMP_WAIT_POLICY=active ONEDNN_PRIMITIVE_CACHE_CAPACITY=5 OPENCV_IO_MAX_IMAGE_PIXELS=7"),
              "active 5 7 one|two words|unset");
}

TEST(ProcessEnvironment, StartsAgainOnlyOnce)
{
    EXPECT_EQ(environmentOf("env -u OMP_WAIT_POLICY ONEDNN_PRIMITIVE_CACHE_CAPACITY=5 AURORAEDGE_ENVIRONMENT_SET=1 OPENCV_IO_MAX_IMAGE_PIXELS=7"),
              "passive 5 7 one|two words|unset");
}

} // namespace
} // namespace auroraedge::app
