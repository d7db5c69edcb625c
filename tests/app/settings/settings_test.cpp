#include "app/settings/checksums.h"
#include "app/settings/data_folder.h"
#include "app/settings/disk_room.h"
#include "app/settings/file_descriptor.h"
#include "app/settings/instance_lock.h"
#include "app/settings/json_file.h"
#include "app/settings/resources.h"
#include "app/settings/sha256.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fcntl.h>
#include <cstdlib>
#include <optional>

namespace auroraedge::app {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::TemporaryFolder;

/// Sets a variable for the length of a test.
class Variable final
{
public:
    Variable(const char *name, const std::optional<std::string> &value) : m_name(name)
    {
        if (const char *old = std::getenv(name))
            m_old = old;
        set(value);
    }
    Variable(const Variable &) = delete;
    Variable &operator=(const Variable &) = delete;
    ~Variable() { set(m_old); }

private:
    void set(const std::optional<std::string> &value) const
    {
        if (value)
            setenv(m_name, value->c_str(), 1);
        else
            unsetenv(m_name);
    }

    const char *m_name;
    std::optional<std::string> m_old;
};

TEST(DataFolder, IsTheOptionThenTheVariableThenTheXdgFolderThenTheHome)
{
    const Variable home("HOME", "/home/somebody");
    const Variable own("AURORAEDGE_HOME", "/own");
    const Variable xdg("XDG_DATA_HOME", "/xdg");
    EXPECT_EQ(DataFolder::resolve("/given").root(), "/given");
    EXPECT_EQ(DataFolder::resolve().root(), "/own");
    {
        const Variable none("AURORAEDGE_HOME", std::nullopt);
        EXPECT_EQ(DataFolder::resolve().root(), "/xdg/auroraedge");
        const Variable relative("XDG_DATA_HOME", "xdg");
        EXPECT_EQ(DataFolder::resolve().root(), "/home/somebody/.local/share/auroraedge");
        const Variable noXdg("XDG_DATA_HOME", std::nullopt);
        EXPECT_EQ(DataFolder::resolve().root(), "/home/somebody/.local/share/auroraedge");
    }
    EXPECT_EQ(DataFolder::resolve("here").root(), fs::current_path() / "here");
}

TEST(DataFolder, MakesItsFolders)
{
    const TemporaryFolder folder;
    const DataFolder data = DataFolder::resolve(folder / "deep/data");
    ASSERT_TRUE(data.create());
    for (const fs::path &made :
         {data.picturesFolder(), data.modelsFolder(), data.recipesFolder(), data.logsFolder()})
        EXPECT_TRUE(fs::is_directory(made));
    EXPECT_EQ(fs::status(data.root()).permissions(), fs::perms::owner_all);
    EXPECT_TRUE(data.create()) << "a second start finds them";
    EXPECT_EQ(std::distance(fs::directory_iterator(data.root()), fs::directory_iterator()), 4)
        << "the probe must be gone";
}

TEST(DataFolder, TellsAPlaceThatCannotBeWritten)
{
    const TemporaryFolder folder;
    folder.write("file", std::string("x"));
    for (const fs::path &place : {folder / "file", folder / "file/data", fs::path("/proc/auroraedge")}) {
        SCOPED_TRACE(place);
        const Result<void> made = DataFolder::resolve(place).create();
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().code, code::FolderNotWritable);
        EXPECT_THAT(made.error().message, HasSubstr("choose another"));
    }
}

TEST(Hex, IsTheBytesAgainOrNothing)
{
    const std::string bytes("\x00\x7f\xff/", 4);
    EXPECT_EQ(bytesOfHex(hexOf({reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size()})), bytes);
    EXPECT_EQ(bytesOfHex("aBfF"), "\xAB\xFF");
    EXPECT_EQ(bytesOfHex(""), "");
    for (const char *wrong : {"a", "abc", "0x", "g0", "-1", "+1", " 1", "1 "})
        EXPECT_EQ(bytesOfHex(wrong), std::nullopt) << wrong;
}

TEST(InstanceLock, RefusesASecondHolderAndNamesTheFirst)
{
    const TemporaryFolder folder;
    {
        const Result<InstanceLock> first = InstanceLock::acquire(folder / "window.lock");
        ASSERT_TRUE(first);
        const Result<InstanceLock> second = InstanceLock::acquire(folder / "window.lock");
        ASSERT_FALSE(second);
        EXPECT_EQ(second.error().code, code::AlreadyRunning);
        EXPECT_EQ(second.error().message, "already running (pid " + std::to_string(getpid()) + ")");
        EXPECT_EQ(exitCodeOf(second.error().code), 6);
        EXPECT_TRUE(InstanceLock::acquire(folder / "other.lock"));
    }
    EXPECT_TRUE(InstanceLock::acquire(folder / "window.lock"));
}

TEST(InstanceLock, TakesOverFromAKilledHolder)
{
    const TemporaryFolder folder;
    int ready[2];
    ASSERT_EQ(pipe(ready), 0);
    const pid_t child = fork();
    if (child == 0) {
        const Result<InstanceLock> lock = InstanceLock::acquire(folder / "window.lock");
        if (lock && write(ready[1], "x", 1) == 1)
            pause();
        _exit(1);
    }
    char byte = 0;
    ASSERT_EQ(read(ready[0], &byte, 1), 1);
    EXPECT_FALSE(InstanceLock::acquire(folder / "window.lock"));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    EXPECT_TRUE(InstanceLock::acquire(folder / "window.lock"));
    close(ready[0]);
    close(ready[1]);
}

TEST(InstanceLock, TellsThatNoMoreFilesCanBeOpened)
{
    const TemporaryFolder folder;
    rlimit before{};
    ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
    const int next = open("/dev/null", O_RDONLY | O_CLOEXEC);
    close(next);
    const rlimit none{static_cast<rlim_t>(next), before.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
    const Result<InstanceLock> lock = InstanceLock::acquire(folder / "window.lock");
    setrlimit(RLIMIT_NOFILE, &before);
    ASSERT_FALSE(lock);
    EXPECT_EQ(lock.error().code, code::SystemLimit);
    EXPECT_EQ(lock.error().message, "system limit reached (open files)");
}

TEST(InstanceLock, FollowsAMove)
{
    const TemporaryFolder folder;
    Result<InstanceLock> first = InstanceLock::acquire(folder / "window.lock");
    {
        const InstanceLock moved = *std::move(first);
        EXPECT_FALSE(InstanceLock::acquire(folder / "window.lock"));
    }
    EXPECT_TRUE(InstanceLock::acquire(folder / "window.lock"));
}

TEST(ModelFolder, PrefersTheDataFolderForAName)
{
    const TemporaryFolder folder;
    const DataFolder data = DataFolder::resolve(folder.path());
    ASSERT_TRUE(data.create());
    fs::create_directory(data.modelsFolder() / "mine");
    const Result<fs::path> named = resolveModelFolder("mine", data);
    ASSERT_TRUE(named);
    EXPECT_EQ(*named, data.modelsFolder() / "mine");
    const Result<fs::path> given = resolveModelFolder((data.modelsFolder() / "mine").string() + "/", data);
    ASSERT_TRUE(given);
    EXPECT_EQ(*given, data.modelsFolder() / "mine") << "without the closing slash: the name is the last part";
}

TEST(ModelFolder, TellsWhereItLooked)
{
    const TemporaryFolder folder;
    const DataFolder data = DataFolder::resolve(folder.path());
    const Result<fs::path> named = resolveModelFolder("nobody", data);
    ASSERT_FALSE(named);
    EXPECT_EQ(named.error().code, code::ModelFolder);
    EXPECT_THAT(named.error().message, HasSubstr(data.modelsFolder().string()));
    const Result<fs::path> file = resolveModelFolder(folder.write("weights.bin", std::string("x")).string(), data);
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, code::ModelFolder);
    EXPECT_THAT(file.error().message, HasSubstr("is not a folder"));
}

TEST(Resources, AreThere) { EXPECT_TRUE(fs::exists(resourceFolder() / "demo/presets.json")); }

TEST(StrictJson, ReadsAValidDocument)
{
    const Result<nlohmann::json> document = parseJson(R"({"a":[1,{"b":2}],"c":{"b":3}})", "x.json");
    ASSERT_TRUE(document) << document.error().message;
    EXPECT_EQ(document->at("a").at(1).at("b"), 2);
}

TEST(StrictJson, RefusesWhatIsNotStrict)
{
    const auto messageOf = [](const std::string &text) {
        const Result<nlohmann::json> document = parseJson(text, "x.json");
        if (document)
            return std::string("accepted");
        EXPECT_EQ(document.error().code, code::RecipeSyntax);
        return document.error().message;
    };
    EXPECT_EQ(messageOf("{\"a\": 1,\n  \"b\": }"), "x.json is not valid JSON at line 2, column 8");
    EXPECT_EQ(messageOf(R"({"a":1,"a":2})"), "x.json has the setting 'a' twice");
    EXPECT_EQ(messageOf(R"([{"a":1},{"a":{"a":2}}])"), "accepted");
    EXPECT_THAT(messageOf("\xEF\xBB\xBF{}"), HasSubstr("byte order mark"));
    EXPECT_THAT(messageOf("{} x"), HasSubstr("not valid JSON"));
    EXPECT_THAT(messageOf("[1,]"), HasSubstr("not valid JSON"));
    EXPECT_THAT(messageOf(""), HasSubstr("not valid JSON"));
    EXPECT_THAT(messageOf("[NaN]"), HasSubstr("not valid JSON"));
    EXPECT_THAT(messageOf("[1e999]"), HasSubstr("out of range"));
    EXPECT_THAT(messageOf("[\"\xFF\"]"), HasSubstr("not valid JSON"));
    EXPECT_THAT(messageOf(std::string(100'000, '[')), HasSubstr("x.json"));
    EXPECT_THAT(messageOf(std::string(40, '[') + std::string(40, ']')), HasSubstr("deeper than 32"));
}

TEST(StrictJson, TellsAFileThatIsMissingOrHuge)
{
    const TemporaryFolder folder;
    EXPECT_EQ(readJsonFile(folder / "none.json").error().code, code::FileNotFound);
    EXPECT_EQ(readJsonFile(folder.path()).error().code, code::FileNotRegular);
    const fs::path big = folder.write("big.json", std::string("{}"));
    fs::resize_file(big, std::uintmax_t{2} << 30);
    EXPECT_EQ(readJsonFile(big).error().code, code::RecipeSyntax);
    EXPECT_TRUE(readJsonFile(folder.write("good.json", std::string("{}"))));
}

TEST(Sha256, MatchesTheStandardsExample)
{
    const std::uint8_t abc[] = {'a', 'b', 'c'};
    EXPECT_EQ(sha256Hex(abc), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256Hex({}), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Checksums, AreReadByNameAndAFolderWithoutAListHasNone)
{
    const TemporaryFolder folder;
    EXPECT_FALSE(readChecksums(folder.path())->has_value());
    const std::string a(64, 'a'), b(64, 'b');
    folder.write("SHA256SUMS", b + "  z.json\n" + a + "  a name.txt\n");
    EXPECT_EQ(**readChecksums(folder.path()), (Checksums{{"a name.txt", a}, {"z.json", b}}));
}

TEST(Checksums, ALineThatNamesNoFileOfTheFolderIsRefused)
{
    const TemporaryFolder folder;
    for (const std::string &line : {std::string(64, 'a') + "  ../secret", std::string(64, 'a') + "  ", std::string("config.json"), std::string()}) {
        folder.write("SHA256SUMS", line + "\n");
        const auto read = readChecksums(folder.path());
        ASSERT_FALSE(read) << line;
        EXPECT_EQ(read.error().code, code::RecipeSyntax);
    }
}

TEST(Sha256OfFile, IsThatOfItsBytesAcrossBlocksAndTellsHowManyWereRead)
{
    const TemporaryFolder folder;
    std::string bytes(3'000'001, 'x'); // three blocks, the last one not full
    bytes[2'500'000] = 'y';
    folder.write("large", bytes);
    std::int64_t told = 0;
    const Result<std::string> hash = sha256OfFile(folder / "large", {}, [&](std::int64_t count) { told += count; });
    ASSERT_TRUE(hash);
    EXPECT_EQ(*hash, sha256Hex({reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size()}));
    EXPECT_EQ(told, 3'000'001);
    EXPECT_EQ(sha256OfFile(folder / "missing").error().code, code::FileUnreadable);
}

TEST(Sha256OfFile, StopsAtTheNextBlock)
{
    const TemporaryFolder folder;
    folder.write("large", std::string(3'000'000, 'x'));
    std::stop_source stop;
    std::int64_t told = 0;
    const Result<std::string> hash = sha256OfFile(folder / "large", stop.get_token(), [&](std::int64_t count) {
        told += count;
        stop.request_stop();
    });
    ASSERT_FALSE(hash);
    EXPECT_EQ(hash.error().code, code::Cancelled);
    EXPECT_LT(told, 3'000'000);
}

TEST(DiskRoom, KeepsFivePercentOfASmallDiskAndNoMoreThan64MiBOfALargeOne)
{
    EXPECT_EQ(diskReserve(1'000'000), 50'000);
    EXPECT_EQ(diskReserve(std::int64_t{500} << 30), std::int64_t{64} << 20);
    EXPECT_EQ(sizeText(std::int64_t{3} << 29), "1.5 GiB");
    EXPECT_EQ(sizeText(64 << 20), "64.0 MiB");

    const TemporaryFolder folder;
    EXPECT_TRUE(checkDiskRoom(folder.path(), 0, "nothing was started"));
    EXPECT_TRUE(checkDiskRoom(folder / "not there", std::int64_t{1} << 60, "nothing was started")) << "the system does not say";
    const Result<void> refused = checkDiskRoom(folder.path(), std::int64_t{1} << 60, "nothing was started");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, code::DiskTooFull);
    EXPECT_THAT(refused.error().message, HasSubstr(" GiB needed; nothing was started"));
}

TEST(DiskRoom, RunsLowBelowFivePercentAnd2GiB)
{
    constexpr std::int64_t kGiB = std::int64_t{1} << 30;
    EXPECT_TRUE((DiskRoom{2 * kGiB - 1, 500 * kGiB}).isRunningLow());
    EXPECT_FALSE((DiskRoom{2 * kGiB, 500 * kGiB}).isRunningLow()) << "of a large disk 2 GiB are enough, though it is 0.4 %";
    EXPECT_TRUE((DiskRoom{kGiB / 10, 4 * kGiB}).isRunningLow());
    EXPECT_FALSE((DiskRoom{kGiB / 4, 4 * kGiB}).isRunningLow());

    const TemporaryFolder folder;
    const std::optional<DiskRoom> room = diskRoomOf(folder.path());
    ASSERT_TRUE(room);
    EXPECT_GT(room->freeBytes, 0);
    EXPECT_GE(room->diskBytes, room->freeBytes);
    EXPECT_FALSE(diskRoomOf(folder / "not there"));
}

TEST(FileDescriptor, ClosesItsFileAndNothingWhereThereIsNone)
{
    int number = -1;
    {
        const FileDescriptor file(open("/dev/null", O_RDONLY | O_CLOEXEC));
        ASSERT_TRUE(file.isOpen());
        number = file.number();
        EXPECT_NE(fcntl(number, F_GETFD), -1);
    }
    EXPECT_EQ(fcntl(number, F_GETFD), -1);
    EXPECT_FALSE(FileDescriptor(-1).isOpen());
}

} // namespace
} // namespace auroraedge::app
