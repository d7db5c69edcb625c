#include "app/imaging/thumbnails.h"

#include "app/imaging/picture_decoder.h"
#include "app/imaging/picture_encoder.h"
#include "app/settings/sha256.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_frame.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

namespace auroraedge::app {
namespace {

namespace fs = std::filesystem;
using testing::readFile;
using testing::testFrame;
using namespace std::string_literals;

class ThumbnailsTest : public ::testing::Test
{
protected:
    /// A picture under its own hash.
    void write(int widthPx, int heightPx)
    {
        const std::vector<std::uint8_t> png = *encodePng(testFrame(widthPx, heightPx));
        m_sha256 = sha256Hex(png);
        m_path = "pictures/" + m_sha256.substr(0, 2) + "/" + m_sha256 + ".png";
        m_folder.write(m_path, png);
    }
    Result<Frame> thumbnail() const { return m_thumbnails.of(m_sha256, m_path); }

    testing::TemporaryFolder m_folder;
    const Thumbnails m_thumbnails{m_folder.path()};
    std::string m_sha256, m_path;
};

TEST_F(ThumbnailsTest, AreSmallAndShowTheSame)
{
    write(1280, 800);
    const Result<Frame> small = thumbnail();
    ASSERT_TRUE(small) << small.error().message;
    EXPECT_EQ(small->widthPx, 320);
    EXPECT_EQ(small->heightPx, 200);
    const Frame whole = testFrame(1280, 800);
    for (const auto &[x, y] : {std::pair(10, 10), {300, 20}, {40, 190}, {310, 195}}) {
        const std::uint8_t *pixel = small->row(y) + 3 * x, *same = whole.row(4 * y + 2) + 3 * (4 * x + 2);
        for (int c = 0; c < 3; ++c)
            EXPECT_NEAR(pixel[c], same[c], 6) << x << ", " << y;
    }
}

TEST_F(ThumbnailsTest, KeepTheShapeOfNarrowPictures)
{
    write(2000, 2);
    ASSERT_TRUE(thumbnail());
    EXPECT_EQ(thumbnail()->widthPx, 320);
    EXPECT_EQ(thumbnail()->heightPx, 1);
    write(48, 32);
    EXPECT_EQ(thumbnail()->widthPx, 48) << "a small picture is not blown up";
}

TEST_F(ThumbnailsTest, AreMadeOnceAndRememberedUnderTheirHash)
{
    write(640, 480);
    ASSERT_TRUE(thumbnail());
    const fs::path place = m_folder / ("thumbnails/" + m_sha256.substr(0, 2) + "/" + m_sha256 + ".jpg");
    EXPECT_EQ(m_thumbnails.placeOf(m_sha256), place);
    ASSERT_TRUE(decodePicture(place));
    fs::remove(m_folder / m_path);
    EXPECT_TRUE(thumbnail()) << "the picture is not needed any more";
    m_thumbnails.forget(m_sha256);
    const Result<Frame> none = thumbnail();
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, code::FileNotFound);
}

TEST_F(ThumbnailsTest, ShowNothingOfAPictureThatWasAltered)
{
    write(640, 480);
    m_folder.write(m_path, *encodePng(testFrame(640, 480, 7))); // whole, but not what was stored
    const Result<Frame> none = thumbnail();
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, code::EvidenceAltered);
    EXPECT_FALSE(fs::exists(m_thumbnails.placeOf(m_sha256))) << "nor is it kept";
}

TEST_F(ThumbnailsTest, AreMadeAgainWhenTheyAreDamaged)
{
    write(640, 480);
    ASSERT_TRUE(thumbnail());
    const std::string whole = readFile(m_thumbnails.placeOf(m_sha256));
    for (const std::string &damaged : {""s, "not a picture"s, whole.substr(0, whole.size() / 2)}) {
        m_folder.write("thumbnails/" + m_sha256.substr(0, 2) + "/" + m_sha256 + ".jpg", damaged);
        EXPECT_TRUE(thumbnail());
        EXPECT_EQ(readFile(m_thumbnails.placeOf(m_sha256)), whole);
    }
}

TEST_F(ThumbnailsTest, AreShownAlsoWhereTheyCannotBeKept)
{
    write(640, 480);
    m_folder.write("thumbnails", "a file in the way"s);
    EXPECT_TRUE(thumbnail());
    EXPECT_EQ(readFile(m_folder / "thumbnails"), "a file in the way");
}

} // namespace
} // namespace auroraedge::app
