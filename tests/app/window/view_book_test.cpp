#include "app/window/view_book.h"

#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

namespace auroraedge::app {
namespace {

ui::SavedView view(const char *name)
{
    ui::SavedView made;
    made.name = QString::fromUtf8(name);
    made.filter.from = QDateTime::fromMSecsSinceEpoch(1'700'000'000'123);
    made.filter.verdicts = {ui::Verdict::Ng, ui::Verdict::Unsure};
    made.filter.question = QString::fromUtf8("有没有划痕?");
    made.filter.unreviewedOnly = true;
    made.filter.latencyAboveMs = 250;
    made.filter.text = QStringLiteral("crack");
    made.filter.withoutVerdict = made.filter.countedNone = made.filter.reviewedOnly = made.filter.failedOnly = made.filter.heldOnly = true;
    made.filter.judgements = {ui::Verdict::Ok};
    made.filter.counted = {ui::Verdict::Ng};
    made.filter.device = QStringLiteral("cuda:0");
    made.filter.reviewer = QStringLiteral("anna");
    made.filter.otherReviewer = QStringLiteral("ben");
    made.filter.tag = QString::fromUtf8("夜");
    made.filter.session = 12;
    made.filter.span = ui::MovingSpan::LastShift;
    made.filter.withoutClass = true;
    made.filter.stage = {QStringLiteral("encode"), 12.345, 20};
    return made;
}

TEST(ViewBook, GivesBackEveryPartOfAView)
{
    const testing::TemporaryFolder folder;
    Result<ViewBook> book = ViewBook::open(folder / "views.json");
    ASSERT_TRUE(book) << book.error().message;
    EXPECT_TRUE(book->views().isEmpty());
    ASSERT_TRUE(book->save(view("夜班")));
    ASSERT_TRUE(book->save(view("day")));
    const Result<ViewBook> again = ViewBook::open(folder / "views.json");
    ASSERT_TRUE(again) << again.error().message;
    ASSERT_EQ(again->views().size(), 2);
    EXPECT_EQ(again->views()[0].name, QString::fromUtf8("夜班"));
    EXPECT_EQ(again->views()[0].filter, view("x").filter);
}

TEST(ViewBook, ASecondViewOfANameTakesThePlaceOfTheFirst)
{
    const testing::TemporaryFolder folder;
    ViewBook book = *ViewBook::open(folder / "views.json");
    ASSERT_TRUE(book.save(view("a")));
    ui::SavedView other = view("a");
    other.filter.text.clear();
    ASSERT_TRUE(book.save(other));
    ASSERT_EQ(book.views().size(), 1);
    EXPECT_TRUE(book.views()[0].filter.text.isEmpty());
    ASSERT_TRUE(book.remove(QStringLiteral("a")));
    EXPECT_TRUE(ViewBook::open(folder / "views.json")->views().isEmpty());
}

/// What the program of the first version wrote is still opened.
TEST(ViewBook, OpensAFileOfTheFirstVersion)
{
    const testing::TemporaryFolder folder;
    folder.write("views.json", std::string(R"([{"name":"a","verdicts":["NG"],"unreviewed":true,"latency_above_ms":250,"text":""}])"));
    const Result<ViewBook> book = ViewBook::open(folder / "views.json");
    ASSERT_TRUE(book) << book.error().message;
    EXPECT_FALSE(book->notice());
    ASSERT_EQ(book->views().size(), 1);
    EXPECT_TRUE(book->views()[0].filter.unreviewedOnly);
}

TEST(ViewBook, KeepsWhatItCannotReadAndGoesOnWithoutIt)
{
    const testing::TemporaryFolder folder;
    const std::string damaged = R"([{"name":"a","ver)";
    for (const char *kept : {"views.json.damaged", "views.json.damaged-2"}) {
        folder.write("views.json", damaged);
        Result<ViewBook> book = ViewBook::open(folder / "views.json");
        ASSERT_TRUE(book) << book.error().message;
        EXPECT_TRUE(book->views().isEmpty());
        ASSERT_TRUE(book->notice());
        EXPECT_EQ(book->notice()->code, code::RecipeSyntax);
        EXPECT_EQ(book->notice()->object, (folder / kept).string());
        EXPECT_EQ(testing::readFile(folder / kept), damaged);
        ASSERT_TRUE(book->save(view("b")));
        EXPECT_EQ(ViewBook::open(folder / "views.json")->views().size(), 1);
    }
}

TEST(ViewBook, OfAFileThatIsDamagedInPartTheRestGoesOn)
{
    const testing::TemporaryFolder folder;
    const std::string some = R"([{"name":"good","unreviewed":true},{"name":"bad","verdicts":["MAYBE"]},{"name":"later","from_the_future":1},{"name":"when","span":"soon"}])";
    folder.write("views.json", some);
    const Result<ViewBook> book = ViewBook::open(folder / "views.json");
    ASSERT_TRUE(book) << book.error().message;
    ASSERT_TRUE(book->notice());
    ASSERT_EQ(book->views().size(), 1);
    EXPECT_EQ(testing::readFile(folder / "views.json.damaged"), some);
    const Result<ViewBook> again = ViewBook::open(folder / "views.json");
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_FALSE(again->notice()) << "it is told once";
    ASSERT_EQ(again->views().size(), 1);
    EXPECT_EQ(again->views()[0].name, QStringLiteral("good"));
}

TEST(ViewBook, AFileThatCannotBeReadIsNeitherMovedNorWrittenOver)
{
    const testing::TemporaryFolder folder;
    std::filesystem::create_directories(folder / "views.json");
    const Result<ViewBook> book = ViewBook::open(folder / "views.json");
    ASSERT_FALSE(book);
    EXPECT_EQ(book.error().code, code::FileNotRegular);
    EXPECT_TRUE(std::filesystem::is_directory(folder / "views.json"));
}

} // namespace
} // namespace auroraedge::app
