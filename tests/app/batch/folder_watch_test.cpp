#include "app/batch/folder_watch.h"
#include "tests/app/batch/other_user.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <set>
#include <thread>

#include <fcntl.h>
#include <sched.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace auroraedge::app {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;
namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr milliseconds kSettle(40), kLong(std::chrono::seconds(20));

/// A process that writes a file in two pieces, the second one when it is told to.
class Writer final
{
public:
    explicit Writer(const std::string &path)
    {
        EXPECT_EQ(pipe2(m_order, O_CLOEXEC), 0);
        int begun[2];
        EXPECT_EQ(pipe2(begun, O_CLOEXEC), 0);
        m_process = fork();
        if (m_process == 0) {
            char order = 0;
            const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
            const bool isWritten = write(file, "first half ", 11) == 11 && write(begun[1], "x", 1) == 1
                && read(m_order[0], &order, 1) == 1 && write(file, "second half", 11) == 11 && close(file) == 0;
            _exit(isWritten ? 0 : 1);
        }
        char byte = 0;
        EXPECT_EQ(read(begun[0], &byte, 1), 1);
        close(begun[0]);
        close(begun[1]);
    }
    Writer(const Writer &) = delete;
    Writer &operator=(const Writer &) = delete;
    ~Writer() { finish(); }

    /// It has closed the file when this returns.
    void finish()
    {
        if (m_process <= 0)
            return;
        EXPECT_EQ(write(m_order[1], "x", 1), 1);
        int status = 0;
        EXPECT_EQ(waitpid(m_process, &status, 0), m_process);
        EXPECT_EQ(status, 0);
        m_process = 0;
        close(m_order[0]);
        close(m_order[1]);
    }

private:
    int m_order[2] = {};
    pid_t m_process = 0;
};

class FolderWatchTest : public ::testing::Test
{
protected:
    FolderWatchTest()
    {
        for (const fs::path &path : {m_folder.path(), m_folder / "line", m_folder / "outside"}) {
            fs::create_directories(path);
            fs::permissions(path, fs::perms{0755}); // also for the tests that another user runs
        }
    }
    std::string at(const std::string &name) const { return (m_folder / name).string(); }
    void file(const std::string &name, const std::string &content = "picture") { m_folder.write(name, content); }

    void watch(BatchSelection selection = {})
    {
        if (selection.paths.empty())
            selection.paths = {at("line")};
        Result<std::unique_ptr<FolderWatch>> opened = FolderWatch::open(selection, kSettle);
        ASSERT_TRUE(opened) << opened.error().message;
        m_watch = *std::move(opened);
    }
    /// Everything that is told up to @p last, sorted, with paths below the test's folder.
    std::vector<std::string> toldUpTo(const std::string &last)
    {
        std::vector<std::string> all;
        while (std::ranges::find(all, last) == all.end()) {
            const Result<std::vector<std::string>> told = m_watch->wait({}, kLong);
            if (!told || told->empty()) {
                ADD_FAILURE() << last << " was not told: " << (told ? "the time is up" : told.error().message);
                break;
            }
            for (const std::string &path : *told)
                all.push_back(path.substr(at("").size()));
        }
        std::ranges::sort(all);
        return all;
    }
    /// Everything that is told until a file that is written now has become whole, which takes longer than for any file
    /// that was whole before; without that file.
    std::vector<std::string> toldByNow()
    {
        const std::string last = "line/last" + std::to_string(++m_lasts) + ".png";
        file(last);
        fs::permissions(m_folder / last, fs::perms{0644});
        std::vector<std::string> all = toldUpTo(last);
        std::erase(all, last);
        return all;
    }
    std::string waitingEndsWith()
    {
        Result<std::vector<std::string>> told = m_watch->wait({}, kLong);
        while (told && !told->empty())
            told = m_watch->wait({}, kLong);
        return told ? "the time is up" : std::string(told.error().code.text()) + ": " + told.error().message;
    }

    testing::TemporaryFolder m_folder;
    std::unique_ptr<FolderWatch> m_watch;
    int m_lasts = 0;
};

TEST_F(FolderWatchTest, TellsWhatArrivesAndNotWhatWasThere)
{
    file("line/before.png");
    watch();
    file("line/b.png");
    file("outside/moved.tmp");
    fs::rename(m_folder / "outside/moved.tmp", m_folder / "line/a.png");
    file("line/notes.doc");
    file("line/below/c.png");
    EXPECT_THAT(toldByNow(), ElementsAre("line/a.png", "line/b.png")) << "below is not watched";
}

TEST_F(FolderWatchTest, TellsNoFileThatIsStillBeingWritten)
{
    watch();
    Writer writer(at("line/slow.png"));
    for (int i = 0; i < 3; ++i) // each takes longer than the settling
        EXPECT_THAT(toldByNow(), Not(Contains("line/slow.png")));
    writer.finish();
    EXPECT_THAT(toldUpTo("line/slow.png"), ElementsAre("line/slow.png"));
    EXPECT_EQ(testing::readFile(m_folder / "line/slow.png"), "first half second half");
}

/// To whom the kernel does not tell who has root's files open: events must do.
TEST_F(FolderWatchTest, TellsNoFileOfAnotherUserThatIsStillBeingWritten)
{
    fs::permissions(m_folder / "line", fs::perms{0777});
    file("outside/a.part");
    {
        const OtherUser nobody;
        if (getuid() != 0 || nobody.isUnable())
            GTEST_SKIP() << "only root can run a part of the test as another user";
        watch();
    }
    file("line/again.png", "preallocated");
    Writer again(at("line/again.png")), slow(at("line/slow.png"));
    fs::create_hard_link(m_folder / "outside/a.part", m_folder / "line/linked.png");
    std::set<std::string> told;
    for (const char *content : {"a", "ab", "abc"}) {
        file("line/last.png", content);
        const OtherUser nobody;
        const std::vector<std::string> some = toldUpTo("line/last.png");
        told.insert(some.begin(), some.end());
    }
    EXPECT_THAT(told, ElementsAre("line/last.png", "line/linked.png"));
    again.finish();
    slow.finish();
    file("line/z.png");
    const OtherUser nobody;
    EXPECT_THAT(toldUpTo("line/z.png"), ElementsAre("line/again.png", "line/slow.png", "line/z.png"));
}

TEST_F(FolderWatchTest, WaitsUntilTheTimeOfAFileStandsStill)
{
    watch();
    file("line/restless.png");
    std::jthread copier([this](const std::stop_token &stop) { // as one that sets times of its own does
        for (std::int64_t i = 1; !stop.stop_requested(); ++i) {
            const timespec times[2] = {{1'700'000'000, 0}, {1'700'000'000 + i, 0}}; // both at once: no event that is watched
            EXPECT_EQ(utimensat(AT_FDCWD, at("line/restless.png").c_str(), times, 0), 0);
        }
    });
    for (int i = 0; i < 2; ++i)
        EXPECT_THAT(toldByNow(), ElementsAre());
    copier = {};
    EXPECT_THAT(toldUpTo("line/restless.png"), ElementsAre("line/restless.png"));
}

TEST_F(FolderWatchTest, WaitsForAFileThatIsOpenedAgain)
{
    watch();
    file("line/twice.png", "preallocated");
    Writer writer(at("line/twice.png"));
    for (int i = 0; i < 2; ++i)
        EXPECT_THAT(toldByNow(), Not(Contains("line/twice.png")));
    writer.finish();
    EXPECT_THAT(toldUpTo("line/twice.png"), ElementsAre("line/twice.png"));
}

TEST_F(FolderWatchTest, TellsTheSameBytesOnceAndChangedOnesAgain)
{
    watch();
    file("line/a.png", "one");
    EXPECT_THAT(toldUpTo("line/a.png"), ElementsAre("line/a.png"));
    close(open(at("line/a.png").c_str(), O_WRONLY | O_CLOEXEC)); // closed after writing, and nothing was written
    fs::rename(m_folder / "line/a.png", m_folder / "outside/a.png");
    fs::rename(m_folder / "outside/a.png", m_folder / "line/a.png");
    EXPECT_THAT(toldByNow(), Not(Contains("line/a.png")));
    file("line/a.png", "another");
    EXPECT_THAT(toldByNow(), Contains("line/a.png"));
    ASSERT_EQ(truncate(at("line/a.png").c_str(), 3), 0); // changes it and opens nothing
    EXPECT_THAT(toldByNow(), Contains("line/a.png"));
}

TEST_F(FolderWatchTest, TellsNothingOfFilesThatGoAgain)
{
    watch();
    file("line/.a.png");
    fs::rename(m_folder / "line/.a.png", m_folder / "line/a.png"); // as programs do that copy
    file("line/gone.png");
    fs::remove(m_folder / "line/gone.png");
    EXPECT_THAT(toldByNow(), ElementsAre("line/a.png"));
}

TEST_F(FolderWatchTest, WatchesFoldersThatArrive)
{
    file("line/old/before.png");
    file("outside/tree/x.png");
    file("outside/tree/deep/y.png");
    watch({.paths = {at("line")}, .recursive = true});
    fs::rename(m_folder / "outside/tree", m_folder / "line/tree"); // its files were there before the watch of it
    file("line/new/deeper/z.png");
    file("line/old/a.png");
    EXPECT_THAT(toldByNow(), ElementsAre("line/new/deeper/z.png", "line/old/a.png", "line/tree/deep/y.png", "line/tree/x.png"));
    file("line/tree/deep/later.png");
    EXPECT_THAT(toldByNow(), ElementsAre("line/tree/deep/later.png"));
}

TEST_F(FolderWatchTest, TellsNoFileOfAFolderThatArrivesWhileItIsBeingWritten)
{
    fs::create_directories(m_folder / "outside/tree");
    watch({.paths = {at("line")}, .recursive = true});
    Writer writer(at("outside/tree/slow.png")); // it was opened where nobody watched
    fs::rename(m_folder / "outside/tree", m_folder / "line/tree");
    for (int i = 0; i < 2; ++i)
        EXPECT_THAT(toldByNow(), Not(Contains("line/tree/slow.png")));
    writer.finish();
    EXPECT_THAT(toldUpTo("line/tree/slow.png"), ElementsAre("line/tree/slow.png"));
}

TEST_F(FolderWatchTest, KnowsTheNewPathOfAFolderThatMoves)
{
    file("line/here/deep/old.png");
    watch({.paths = {at("line")}, .recursive = true});
    fs::rename(m_folder / "line/here", m_folder / "outside/here");
    EXPECT_THAT(toldByNow(), ElementsAre());
    file("outside/here/deep/elsewhere.png");
    EXPECT_THAT(toldByNow(), ElementsAre()) << "it is no more in the folder that is watched";
    fs::rename(m_folder / "outside/here", m_folder / "line/again");
    EXPECT_THAT(toldByNow(), ElementsAre("line/again/deep/elsewhere.png", "line/again/deep/old.png"));
    file("line/again/deep/new.png");
    EXPECT_THAT(toldByNow(), ElementsAre("line/again/deep/new.png"));
}

TEST_F(FolderWatchTest, TakesNamesLinksAndPartsAsTheListDoes)
{
    file("outside/o.png");
    BatchSelection selection{.paths = {at("line") + "/"}, .exclude = {"*_mask.png"}, .shard = {1, 2}};
    watch(selection);
    for (int i = 0; i < 20; ++i)
        file("line/part" + std::to_string(i) + ".png");
    file("line/part1_mask.png");
    fs::create_symlink("part1.png", m_folder / "line/inside.png");
    fs::create_symlink("part1.png", m_folder / "line/inside2.png");
    fs::create_symlink("../outside/o.png", m_folder / "line/outside.png");
    fs::create_symlink("../outside/o.png", m_folder / "line/outside2.png");
    ASSERT_EQ(mkfifo(at("line/fifo.png").c_str(), 0600), 0);

    const auto expected = [&] {
        const Result<BatchList> list = BatchList::collect(selection, {});
        EXPECT_TRUE(list);
        std::set<std::string> paths;
        for (std::int64_t i = 0; list && i < list->size(); ++i) {
            if (!list->at(i).refused)
                paths.insert(list->at(i).path);
        }
        return paths;
    };
    const auto told = [&](std::size_t files) {
        std::set<std::string> paths;
        while (paths.size() < files) {
            const Result<std::vector<std::string>> some = m_watch->wait({}, kLong);
            if (!some || some->empty())
                break;
            paths.insert(some->begin(), some->end());
        }
        return paths;
    };
    const std::set<std::string> first = expected();
    ASSERT_GT(first.size(), 4u);
    EXPECT_EQ(told(first.size()), first);

    selection = {.paths = {at("line")}, .followLinks = true, .include = {"outside*"}};
    watch(selection);
    for (const char *name : {"line/outside.png", "line/outside2.png"}) {
        fs::remove(m_folder / name);
        fs::create_symlink("../outside/o.png", m_folder / name);
    }
    EXPECT_EQ(told(2), expected());
}

TEST_F(FolderWatchTest, TellsAFileThatIsPublishedByALink)
{
    file("outside/a.part");
    watch();
    fs::create_hard_link(m_folder / "outside/a.part", m_folder / "line/a.png");
    fs::remove(m_folder / "outside/a.part");
    EXPECT_THAT(toldUpTo("line/a.png"), ElementsAre("line/a.png"));
}

TEST_F(FolderWatchTest, LeavesNoGapBetweenItAndTheList)
{
    constexpr int kFiles = 600;
    std::set<std::string> expected;
    for (int i = 0; i < kFiles; ++i)
        expected.insert(at("line/" + std::to_string(i % 7) + "/part" + std::to_string(i) + ".png"));
    std::jthread line([&] {
        for (const std::string &path : expected) {
            fs::create_directories(fs::path(path).parent_path());
            std::ofstream(path) << "picture";
        }
    });
    const BatchSelection selection{.paths = {at("line")}, .recursive = true};
    watch(selection);
    const Result<BatchList> list = BatchList::collect(selection, {});
    ASSERT_TRUE(list) << list.error().message;
    std::set<std::string> known;
    for (std::int64_t i = 0; i < list->size(); ++i)
        known.insert(list->at(i).path);
    while (known.size() < expected.size()) {
        const Result<std::vector<std::string>> told = m_watch->wait({}, kLong);
        ASSERT_TRUE(told && !told->empty()) << "missing " << expected.size() - known.size();
        known.insert(told->begin(), told->end());
    }
    EXPECT_EQ(known, expected);
}

TEST_F(FolderWatchTest, LooksThroughTheFoldersWhenTheKernelForgets)
{
    int most = 0;
    std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> most;
    if (most <= 0 || most > 200'000)
        GTEST_SKIP() << "the kernel remembers " << most << " events: too many to fill";
    for (const char *name : {"line/x.doc", "line/y.doc", "line/listed.png", "line/changed.png", "line/below/listed.png"})
        file(name);
    // The kernel's clock for files moves in steps; a file of the watch's own step may be told again.
    struct stat last{};
    ASSERT_EQ(stat(at("line/below/listed.png").c_str(), &last), 0);
    timespec now{};
    while (now.tv_sec < last.st_ctim.tv_sec || (now.tv_sec == last.st_ctim.tv_sec && now.tv_nsec <= last.st_ctim.tv_nsec))
        clock_gettime(CLOCK_REALTIME_COARSE, &now);
    const BatchSelection selection{.paths = {at("line")}, .recursive = true};
    watch(selection);
    const Result<BatchList> list = BatchList::collect(selection, {});
    ASSERT_TRUE(list);
    m_watch->leaveOut(*list);
    for (int i = 0; i <= most; ++i) // equal ones in a row would count as one
        close(open(at(i % 2 == 0 ? "line/x.doc" : "line/y.doc").c_str(), O_WRONLY | O_CLOEXEC));
    file("line/lost.png");
    file("line/new/lost.png");
    const fs::file_time_type before = fs::last_write_time(m_folder / "line/changed.png");
    file("line/changed.png", "changed");
    fs::last_write_time(m_folder / "line/changed.png", before); // as a copy that keeps times does
    EXPECT_THAT(toldByNow(), ElementsAre("line/changed.png", "line/lost.png", "line/new/lost.png"));
    file("line/new/later.png");
    EXPECT_THAT(toldByNow(), ElementsAre("line/new/later.png")) << "and goes on as before";
}

TEST_F(FolderWatchTest, TellsANamedFolderThatGoes)
{
    watch();
    fs::rename(m_folder / "line", m_folder / "elsewhere");
    fs::create_directories(m_folder / "line"); // another one
    EXPECT_EQ(waitingEndsWith(), "FS-06: folder " + at("line") + " is gone");
    watch();
    fs::remove(m_folder / "line");
    EXPECT_EQ(waitingEndsWith(), "FS-06: folder " + at("line") + " is gone");
    fs::create_directories(m_folder / "above/line");
    watch({.paths = {at("above/line")}});
    fs::rename(m_folder / "above", m_folder / "below"); // of which the watched folder hears nothing
    EXPECT_EQ(waitingEndsWith(), "FS-06: folder " + at("above/line") + " is gone");
    fs::create_directories(m_folder / "line/below");
    watch({.paths = {at("line")}, .recursive = true});
    fs::remove(m_folder / "line/below");
    EXPECT_THAT(toldByNow(), ElementsAre()) << "one below may go";
}

TEST_F(FolderWatchTest, WatchesFoldersAlone)
{
    file("line/a.png");
    file("line/list.txt");
    const auto refusal = [](const std::string &path) {
        const Result<std::unique_ptr<FolderWatch>> opened = FolderWatch::open({.paths = {path}}, kSettle);
        return opened ? "taken" : std::string(opened.error().code.text()) + ": " + opened.error().message;
    };
    for (const std::string &path : {at("line/a.png"), at("line/list.txt"), at("line/*.png"), std::string("-")})
        EXPECT_EQ(refusal(path), "CLI-01: only folders can be watched; " + path + " is not one");
    EXPECT_EQ(refusal(at("missing")), "FS-12: " + at("missing") + " does not exist");
    fs::create_directories(m_folder / "[2024]");
    EXPECT_EQ(refusal(at("[2024]")), "taken");
}

TEST_F(FolderWatchTest, StopsAtOnce)
{
    watch();
    std::stop_source stop;
    const std::jthread stopper([&stop] { stop.request_stop(); });
    const Result<std::vector<std::string>> told = m_watch->wait(stop.get_token(), std::chrono::hours(1));
    ASSERT_FALSE(told);
    EXPECT_EQ(told.error().code, code::Cancelled);
}

TEST_F(FolderWatchTest, ReturnsWhenTheTimeIsUp)
{
    watch();
    const Result<std::vector<std::string>> told = m_watch->wait({}, milliseconds(1));
    ASSERT_TRUE(told);
    EXPECT_THAT(*told, ElementsAre());
}

/// Runs @p open in a process that may watch @p most folders. @return what it tells, or "" where that cannot be set up.
std::string toldWithFewWatches(const std::string &most, const std::function<std::string()> &open)
{
    int told[2];
    EXPECT_EQ(pipe2(told, O_CLOEXEC), 0);
    const std::string me = std::to_string(geteuid());
    const pid_t process = fork();
    if (process == 0) {
        if (unshare(CLONE_NEWUSER) != 0)
            _exit(2);
        std::ofstream("/proc/self/uid_map") << "0 " << me << " 1";
        if (!(std::ofstream("/proc/sys/user/max_inotify_watches") << most << std::flush))
            _exit(2);
        const std::string text = open();
        _exit(write(told[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()) ? 0 : 1);
    }
    close(told[1]);
    std::string text;
    char byte = 0;
    while (read(told[0], &byte, 1) == 1)
        text += byte;
    close(told[0]);
    int status = 0;
    EXPECT_EQ(waitpid(process, &status, 0), process);
    return text;
}

TEST_F(FolderWatchTest, TellsThatTheSystemWatchesNoMoreFolders)
{
    for (const char *name : {"line/a", "line/b", "line/c"})
        fs::create_directories(m_folder / name);
    const BatchSelection selection{.paths = {at("line")}, .recursive = true};
    const auto opening = [&selection] {
        const Result<std::unique_ptr<FolderWatch>> opened = FolderWatch::open(selection, kSettle);
        return opened ? "taken" : std::string(opened.error().code.text()) + ": " + opened.error().message;
    };
    const std::string withMany = toldWithFewWatches("4", opening);
    if (withMany.empty())
        GTEST_SKIP() << "no process with limits of its own can be made here";
    EXPECT_EQ(withMany, "taken");
    EXPECT_EQ(toldWithFewWatches("3", opening), "FS-11: system limit reached (inotify watches)");
    EXPECT_EQ(toldWithFewWatches("4", [&] {
        Result<std::unique_ptr<FolderWatch>> opened = FolderWatch::open(selection, kSettle);
        fs::create_directories(m_folder / "line/d");
        const Result<std::vector<std::string>> told = (*opened)->wait({}, kLong);
        return told ? "taken" : std::string(told.error().code.text());
    }), "FS-11") << "also while it watches";
}

} // namespace
} // namespace auroraedge::app
