#include "app/batch/batch_list.h"
#include "tests/app/batch/other_user.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <sstream>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace auroraedge::app {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
namespace fs = std::filesystem;

class BatchListTest : public ::testing::Test
{
protected:
    std::string at(const std::string &name) const { return (m_folder / name).string(); }
    void file(const std::string &name, const std::string &content = {}) { m_folder.write(name, content); }

    /// "line/a.png" or "line/again FS-03" for each file, with paths below the test's folder.
    std::vector<std::string> listed(const BatchSelection &selection, std::istream *in = nullptr)
    {
        std::vector<std::string> all;
        const Result<BatchList> list = BatchList::collect(selection, {}, in);
        if (!list) {
            ADD_FAILURE() << list.error().message;
            return all;
        }
        const std::string here = at("");
        for (std::int64_t i = 0; i < list->size(); ++i) {
            const BatchInput input = list->at(i);
            all.push_back(input.path.starts_with(here) ? input.path.substr(here.size()) : input.path);
            if (input.refused)
                all.back() += ' ' + std::string(input.refused->code.text());
        }
        m_skipped = list->skippedFiles();
        return all;
    }
    /// Of folder or file @p name.
    std::vector<std::string> within(const std::string &name, bool isRecursive = false)
    {
        return listed({.paths = {at(name)}, .recursive = isRecursive});
    }
    std::string refusal(const BatchSelection &selection)
    {
        const Result<BatchList> list = BatchList::collect(selection, {});
        return list ? "taken" : std::string(list.error().code.text()) + ": " + list.error().message;
    }

    testing::TemporaryFolder m_folder;
    std::int64_t m_skipped = 0;
};

TEST_F(BatchListTest, SortsByTheBytesOfWholePaths)
{
    // '-' and '.' come before the '/' of the folder, '0' after it.
    for (const char *name : {"line/a/x.png", "line/a/b/y.png", "line/a.jpg", "line/a-b.jpg", "line/a0.jpg", "line/B.png", "line/a/.png.png",
                             "line/a-/z.png", "line/a\xff.png", "line/ab/x.png"})
        file(name);
    const std::vector<std::string> found = within("line", true);
    EXPECT_THAT(found, ElementsAre("line/B.png", "line/a-/z.png", "line/a-b.jpg", "line/a.jpg", "line/a/.png.png", "line/a/b/y.png",
                                   "line/a/x.png", "line/a0.jpg", "line/ab/x.png", "line/a\xff.png"));
    EXPECT_TRUE(std::ranges::is_sorted(found));
}

TEST_F(BatchListTest, SortsThousandsAsItSortsTwo)
{
    constexpr int kFiles = 10'000; // of each of two folders that mix: several runs of the sorting
    std::vector<std::string> expected;
    std::string lines;
    for (int i = 0; i < kFiles; ++i) {
        for (const char *begin : {"line/part", "line/part.1/"}) {
            expected.push_back(begin + std::to_string(i * 7'919 % kFiles) + ".png");
            lines += expected.back() + "\n" + expected[expected.size() / 2] + '\n';
        }
    }
    std::ranges::sort(expected);
    std::istringstream in(lines);
    EXPECT_EQ(listed({.paths = {"-"}}, &in), expected) << "and tells none twice";
}

TEST_F(BatchListTest, GoesIntoFoldersBelowWhenItIsRecursiveAndTellsThem)
{
    file("line/a.png");
    file("line/below/deep/c.png");
    file("line/notes.doc");
    file("other/b.png");
    EXPECT_THAT(within("line"), ElementsAre("line/a.png"));
    EXPECT_EQ(m_skipped, 1);
    EXPECT_THAT(within("line", true), ElementsAre("line/a.png", "line/below/deep/c.png"));
    const Result<BatchList> list = BatchList::collect({.paths = {at("line"), at("other")}, .recursive = true}, {});
    ASSERT_TRUE(list);
    EXPECT_THAT(list->folders(), ElementsAre(at("line"), at("other"), at("line/below"), at("line/below/deep")));
}

TEST_F(BatchListTest, TakesGlobsListsAndPicturesOnce)
{
    for (const char *name : {"line/p1.png", "line/p2.png", "line/q.png", "line/.p3.png", "more/x.png", "more/y.png", "line2/p9.png"})
        file(name);
    fs::create_directories(m_folder / "line/p-folder.png");
    file("more/list.txt", "y.png\r\n\n../more/x.png\nmissing.png\n" + at("line/q.png") + "\nlast.png");
    EXPECT_THAT(listed({.paths = {at("line/p*"), at("more/list.txt"), at("line/q.png"), at("line/p1.png"), at("lin*/p[9]?png")}}),
                ElementsAre("line/p1.png", "line/p2.png", "line/q.png", "line2/p9.png", "more/../more/x.png", "more/last.png",
                            "more/missing.png", "more/y.png"));
    EXPECT_EQ(refusal({.paths = {at("line/z*.png")}}), "FS-12: nothing matches " + at("line/z*.png"));
    EXPECT_EQ(refusal({.paths = {at("nowhere/*.png")}}), "FS-12: nothing matches " + at("nowhere/*.png"));
    EXPECT_THAT(listed({.paths = {at("line/*-folder.png")}}), IsEmpty()) << "matches, but is no picture";
}

TEST_F(BatchListTest, TakesWhatIsThereBeforeItReadsAGlob)
{
    file("[2024]/a.png");
    file("2/b.png");
    file("[2024]/[1].png");
    file("[2024]/1.png");
    EXPECT_THAT(within("[2024]"), ElementsAre("[2024]/1.png", "[2024]/[1].png", "[2024]/a.png"));
    EXPECT_THAT(within("[2024]/[1].png"), ElementsAre("[2024]/[1].png"));
    EXPECT_THAT(within("[2024]/?.png"), ElementsAre("[2024]/1.png", "[2024]/a.png")) << "a folder in a glob likewise";
    EXPECT_THAT(within("[12]/*.png"), ElementsAre("2/b.png"));
    EXPECT_THAT(within("\\[2024\\]/a*"), ElementsAre("[2024]/a.png"));
}

TEST_F(BatchListTest, AMarkThatAnEditorPutsBeforeAListIsNoPartOfAName)
{
    file("line/a.png");
    file("line/b.png");
    file("line/list.txt", "\xEF\xBB\xBF" "a.png\r\nb.png\r\n");
    EXPECT_THAT(within("line/list.txt"), ElementsAre("line/a.png", "line/b.png"));
    file("line/list.txt", "a.png\n\xEF\xBB\xBF" "b.png\n");
    EXPECT_THAT(within("line/list.txt"), ElementsAre("line/a.png", "line/\xEF\xBB\xBF" "b.png")) << "elsewhere it is one";
}

TEST_F(BatchListTest, ReadsAListOnTheStandardInput)
{
    std::istringstream in("/line/b.png\nsub/a.png\r\n\n/line/b.png\n/line/last.png");
    EXPECT_THAT(listed({.paths = {"-"}}, &in), ElementsAre("/line/b.png", "/line/last.png", "sub/a.png"));
}

TEST_F(BatchListTest, StopsWhileTheStandardInputIsSilent)
{
    int ends[2];
    ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
    const int kept = dup(STDIN_FILENO);
    ASSERT_GE(dup2(ends[0], STDIN_FILENO), 0);
    ASSERT_EQ(write(ends[1], "a.png\n", 6), 6);
    std::stop_source stop;
    const std::jthread stopper([&stop] { stop.request_stop(); }); // nobody closes the pipe
    const Result<BatchList> list = BatchList::collect({.paths = {"-"}}, stop.get_token());
    EXPECT_FALSE(list);
    EXPECT_TRUE(list || list.error().code == code::Cancelled);
    close(ends[1]);
    EXPECT_THAT(listed({.paths = {"-"}}), ::testing::AnyOf(IsEmpty(), ElementsAre("a.png"))) << "and ends with the pipe";
    dup2(kept, STDIN_FILENO);
    close(kept);
    close(ends[0]);
}

TEST_F(BatchListTest, TakesOnlyNamesThatAreIncludedAndNotExcluded)
{
    for (const char *name : {"line/cam1_1.png", "line/cam1_2.jpg", "line/cam1.txt", "line/cam2_1.png", "line/cam1_1_mask.png", "list.lst"})
        file(name, "line/cam2_1.png\nline/cam1_2.jpg\n");
    const auto chosen = [this](const std::vector<std::string> &paths, bool isRecursive = false) {
        BatchSelection selection{.paths = {}, .recursive = isRecursive, .include = {"cam1*", "other*"}, .exclude = {"*_mask.png"}};
        for (const std::string &path : paths)
            selection.paths.push_back(at(path));
        return listed(selection);
    };
    EXPECT_THAT(chosen({"line"}), ElementsAre("line/cam1_1.png", "line/cam1_2.jpg"));
    EXPECT_THAT(chosen({""}, true), ElementsAre("line/cam1_1.png", "line/cam1_2.jpg")) << "folders are not filtered";
    EXPECT_THAT(chosen({"list.lst"}), ElementsAre("line/cam1_2.jpg"));
    EXPECT_THAT(chosen({"line/*.png"}), ElementsAre("line/cam1_1.png"));
    EXPECT_THAT(chosen({"line/cam1_1_mask.png"}), ElementsAre("line/cam1_1_mask.png")) << "it was named";
}

TEST_F(BatchListTest, TakesTheFirstSoMany)
{
    for (const char *name : {"line/c.png", "line/a.png", "line/b.png"})
        file(name);
    EXPECT_THAT(listed({.paths = {at("line")}, .limit = 2}), ElementsAre("line/a.png", "line/b.png"));
    EXPECT_THAT(listed({.paths = {at("line")}, .limit = 4}), SizeIs(3));
}

TEST_F(BatchListTest, SharesTheFilesAmongPartsByTheirPathsAlone)
{
    constexpr int kFiles = 900, kParts = 3;
    fs::create_directories(m_folder / "line/below");
    for (int i = 0; i < kFiles; ++i) {
        const std::string name = "line/" + std::string(i % 2 == 0 ? "" : "below/") + "part" + std::to_string(i) + ".png";
        ASSERT_EQ(mknod(at(name).c_str(), S_IFREG | 0600, 0), 0);
    }
    const auto part = [this](int number) { return listed({.paths = {at("line")}, .recursive = true, .shard = {number, kParts}}); };
    std::vector<std::string> together;
    for (int number = 1; number <= kParts; ++number) {
        const std::vector<std::string> files = part(number);
        EXPECT_GT(files.size(), kFiles / kParts * 3 / 4) << "about a third each";
        together.insert(together.end(), files.begin(), files.end());
    }
    std::ranges::sort(together);
    EXPECT_EQ(together, within("line", true)) << "each in one part and none in two";

    const std::vector<std::string> before = part(2);
    file("line/another.png");
    std::vector<std::string> after = part(2);
    std::erase(after, "line/another.png");
    EXPECT_EQ(after, before) << "a new file moves no other one";

    // Recorded: parts of runs that began with an older version must still fit together.
    std::istringstream paths("line/a.png\nline/b.png\nline/c.png\nline/d.png\nline/e.png\n");
    EXPECT_THAT(listed({.paths = {"-"}, .shard = {1, 2}}, &paths), ElementsAre("line/a.png", "line/c.png", "line/d.png", "line/e.png"));
}

TEST_F(BatchListTest, TakesHostileNames)
{
    const std::vector<std::string> names
        = {"=1+1,\"x\".png", "a\nb.png", "bottle \U0001F37E.png", "esc\x1b[2J.png", "raw\xFF\xFE.png", "rtl \u202Egnp.png",
           "tab\t.png", std::string(251, 'z') + ".png"};
    std::vector<std::string> expected;
    for (const std::string &name : names) {
        file("line/" + name);
        expected.push_back("line/" + name);
    }
    EXPECT_THAT(within("line"), ElementsAreArray(expected));
    for (const std::string &name : names)
        EXPECT_THAT(within("line/" + name), ElementsAre("line/" + name));
    EXPECT_THAT(listed({.paths = {at("line/raw*.png")}}), ElementsAre(expected[4]));
    EXPECT_THAT(listed({.paths = {at("line")}, .include = {"*\xFE.png"}}), ElementsAre(expected[4]));
}

TEST_F(BatchListTest, TellsWhatIsNoFileAndOpensNone)
{
    ASSERT_EQ(mkfifo(at("fifo.png").c_str(), 0600), 0);
    fs::create_symlink("fifo.png", m_folder / "link.png");
    const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    at("socket.png").copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(bind(listener, reinterpret_cast<const sockaddr *>(&address), sizeof address), 0);
    EXPECT_THAT(within(""), ElementsAre("fifo.png FS-02", "link.png FS-02", "socket.png FS-02"));
    EXPECT_THAT(within("fifo.png"), ElementsAre("fifo.png FS-02"));
    ASSERT_EQ(mkfifo(at("list.txt").c_str(), 0600), 0);
    EXPECT_THAT(within("list.txt"), ElementsAre("list.txt FS-02")) << "named like a list, and reading it would wait for ever";
    close(listener);
}

TEST_F(BatchListTest, TakesOrRefusesLinksByWhereTheyLead)
{
    file("outside/o.png");
    file("line/good.png");
    file("line/notes.txt");
    fs::create_symlink("good.png", m_folder / "line/link.png");
    fs::create_symlink("../outside/o.png", m_folder / "line/outside.png");
    fs::create_symlink("loop.png", m_folder / "line/loop.png");
    fs::create_symlink("nowhere.png", m_folder / "line/dangling.png");
    fs::create_symlink("nowhere", m_folder / "line/dangling"); // not a picture by its name: nobody asked about it
    fs::create_symlink("notes.txt", m_folder / "line/notes");
    fs::create_directory_symlink("../outside", m_folder / "line/folder");
    EXPECT_THAT(within("line", true), ElementsAre("line/dangling.png FS-12", "line/good.png", "line/link.png", "line/loop.png FS-03",
                                                  "line/outside.png FS-04"));
    EXPECT_EQ(m_skipped, 4);
    EXPECT_THAT(listed({.paths = {at("line")}, .recursive = true, .followLinks = true}),
                ElementsAre("line/dangling.png FS-12", "line/good.png", "line/link.png", "line/loop.png FS-03", "line/outside.png"))
        << "the link to a folder is not followed even so";
    EXPECT_THAT(listed({.paths = {at("line"), at("line/outside.png")}, .include = {"out*"}}), ElementsAre("line/outside.png"))
        << "named itself it is taken";
    const Result<BatchList> list = BatchList::collect({.paths = {at("line")}, .include = {"outside*"}}, {});
    ASSERT_TRUE(list && list->size() == 1);
    EXPECT_EQ(list->at(0).refused->message, "link leaves the batch folder, skipped (--follow-links takes it)");
}

TEST_F(BatchListTest, TellsALinkThatLeadsRoundAndFollowsNone)
{
    file("line/below/a.png");
    file("line/other/b.png");
    fs::create_directory_symlink("..", m_folder / "line/below/up");
    fs::create_directory_symlink(".", m_folder / "line/below/here");
    fs::create_directory_symlink("../other", m_folder / "line/below/sideways");
    const std::vector<std::string> expected = {"line/below/a.png", "line/below/here FS-03", "line/below/up FS-03", "line/other/b.png"};
    EXPECT_EQ(within("line", true), expected);
    EXPECT_EQ(m_skipped, 1) << "sideways is not a loop, only not followed";
    EXPECT_EQ(listed({.paths = {at("line")}, .recursive = true, .followLinks = true}), expected);
    EXPECT_THAT(within("line/below"), ElementsAre("line/below/a.png")) << "nothing is followed, so nothing loops";
}

TEST_F(BatchListTest, TakesAFolderThatIsItselfNamedByALink)
{
    file("line/a.png");
    fs::create_symlink("a.png", m_folder / "line/b.png");
    fs::create_directory_symlink("line", m_folder / "today");
    EXPECT_THAT(within("today"), ElementsAre("today/a.png", "today/b.png"));
}

TEST_F(BatchListTest, TellsPathsThatCannotBeReached)
{
    EXPECT_EQ(refusal({.paths = {at("missing")}}), "FS-12: " + at("missing") + " does not exist");
    fs::create_symlink("itself", m_folder / "itself");
    EXPECT_EQ(refusal({.paths = {at("itself")}}), "FS-03: link loop at " + at("itself"));
    EXPECT_EQ(refusal({.paths = {at(std::string(300, 'n'))}}), "FS-05: path too long");
    EXPECT_EQ(refusal({.paths = {at(std::string(5'000, 'n'))}}), "FS-05: path too long");
}

TEST_F(BatchListTest, TellsAListedPathThatIsTooLongOrNoneAndGoesOn)
{
    const std::string longest = std::string(4'094, 'l') + "\n";
    file("list.txt", std::string(100'000, 'x') + "\ngood.png\n" + std::string("ze\0ro.png\n", 10));
    std::istringstream in("/" + longest + "/l" + longest + "z.png\n");
    const std::vector<std::string> found = listed({.paths = {"-"}}, &in);
    ASSERT_THAT(found, SizeIs(3));
    EXPECT_EQ(found[0], "/" + longest.substr(0, 4'094)) << "is a path, even if nothing is there";
    EXPECT_THAT(found[1], ::testing::EndsWith(" FS-05"));
    EXPECT_EQ(found[2], "z.png");
    const std::vector<std::string> ofList = within("list.txt");
    ASSERT_THAT(ofList, SizeIs(3));
    EXPECT_EQ(ofList[0], "good.png");
    EXPECT_THAT(ofList[1], ::testing::EndsWith("x FS-05"));
    EXPECT_EQ(ofList[2], std::string("ze\0ro.png FS-12", 15)) << "the system would read the path up to the zero";
}

TEST_F(BatchListTest, SkipsFoldersWhosePathIsTooLongAndGoesOn)
{
    file("line/a.png");
    // Deeper than a path can name, so it is made and unmade step by step.
    int folder = open(at("line").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const std::string name(200, 'd');
    for (int level = 0; level < 30; ++level) {
        ASSERT_EQ(mkdirat(folder, name.c_str(), 0700), 0);
        const int below = openat(folder, name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        ASSERT_GE(below, 0);
        close(std::exchange(folder, below));
    }
    close(folder);
    const std::vector<std::string> found = within("line", true);
    ASSERT_THAT(found, SizeIs(2));
    EXPECT_EQ(found[0], "line/a.png");
    EXPECT_THAT(found[1], ::testing::EndsWith("/" + name + " FS-05"));
}

TEST_F(BatchListTest, TellsFoldersThatCannotBeReadAndGoesOn)
{
    file("line/a.png");
    file("line/locked/b.png");
    file("line/list.txt", "a.png\n");
    for (const fs::path &path : {m_folder.path(), m_folder / "line", m_folder / "line/a.png"})
        fs::permissions(path, fs::perms{0755}); // nobody is still of root's group
    fs::permissions(m_folder / "line/locked", fs::perms::none);
    fs::permissions(m_folder / "line/list.txt", fs::perms::none);
    {
        const OtherUser nobody;
        if (nobody.isUnable())
            GTEST_SKIP() << "root may read everything, and its rights cannot be given up here";
        EXPECT_THAT(within("line", true), ElementsAre("line/a.png", "line/locked FS-01"));
        EXPECT_EQ(refusal({.paths = {at("line/locked")}}), "FS-01: no permission to read " + at("line/locked"));
        EXPECT_EQ(refusal({.paths = {at("line/locked/b.png")}}), "FS-01: no permission to read " + at("line/locked/b.png"));
        EXPECT_EQ(refusal({.paths = {at("line/list.txt")}}), "FS-01: no permission to read " + at("line/list.txt"));
    }
    fs::permissions(m_folder / "line/locked", fs::perms::owner_all);
}

TEST_F(BatchListTest, TellsAFolderThatHasGone)
{
    file("line/a.png");
    file("other/b.png");
    const Result<BatchList> list = BatchList::collect({.paths = {at("line"), at("other"), at("line/a.png")}}, {});
    ASSERT_TRUE(list);
    EXPECT_TRUE(list->checkFolders());
    fs::rename(m_folder / "other", m_folder / "elsewhere");
    const Result<void> checked = list->checkFolders();
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, code::FolderGone);
    EXPECT_EQ(checked.error().message, "folder " + at("other") + " is gone");
    file("other", "not a folder");
    EXPECT_FALSE(list->checkFolders());
}

TEST_F(BatchListTest, TellsAFolderWhoseDiskHasGone)
{
    const fs::path memory = "/dev/shm";
    struct stat here{}, there{};
    if (stat(memory.c_str(), &there) != 0 || stat(m_folder.path().c_str(), &here) != 0 || here.st_dev == there.st_dev)
        GTEST_SKIP() << "there is one file system alone";
    // A link that turns is what an unmounted folder looks like: there, but of another disk.
    fs::create_directories(m_folder / "disk");
    fs::create_directory_symlink(m_folder / "disk", m_folder / "line");
    const Result<BatchList> list = BatchList::collect({.paths = {at("line")}}, {});
    ASSERT_TRUE(list);
    EXPECT_TRUE(list->checkFolders());
    fs::remove(m_folder / "line");
    fs::create_directory_symlink(memory, m_folder / "line");
    EXPECT_FALSE(list->checkFolders());
}

TEST_F(BatchListTest, StopsWhenItIsAskedTo)
{
    file("line/a.png");
    file("list.txt", "line/a.png\n");
    std::stop_source stop;
    stop.request_stop();
    for (const char *path : {"line", "list.txt", "line/*.png", "line/a.png"}) {
        const Result<BatchList> list = BatchList::collect({.paths = {at(path)}, .recursive = true}, stop.get_token());
        ASSERT_FALSE(list) << path;
        EXPECT_EQ(list.error().code, code::Cancelled);
    }
}

} // namespace
} // namespace auroraedge::app
