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

TEST(ViewBook, RefusesAFileThatIsNone)
{
    const testing::TemporaryFolder folder;
    folder.write("views.json", std::string(R"([{"name":"a","verdicts":["MAYBE"]}])"));
    const Result<ViewBook> book = ViewBook::open(folder / "views.json");
    ASSERT_FALSE(book);
    EXPECT_EQ(book.error().code, code::RecipeValue);
}

} // namespace
} // namespace auroraedge::app
