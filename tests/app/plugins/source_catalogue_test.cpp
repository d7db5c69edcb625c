#include "app/plugins/source_catalogue.h"

#include "tests/plugins/scratch_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>

namespace auroraedge::app {
namespace {

using auroraedge::testing::ScratchFolder;

const std::filesystem::path kFixtures = AURORAEDGE_FIXTURE_PLUGINS;

class SourceCatalogueTest : public ::testing::Test
{
protected:
    std::string install(const std::string &fixture)
    {
        const std::string file = m_folder / (fixture + ".so");
        std::filesystem::copy_file(kFixtures / (fixture + ".so"), file);
        return file;
    }

    /// Of the one plugin in the folder.
    std::optional<Error> refusal()
    {
        const SourceCatalogue catalogue = SourceCatalogue::discover(m_folder.path());
        EXPECT_EQ(catalogue.plugins().size(), 1U);
        return catalogue.plugins().front().refusal;
    }

    ScratchFolder m_folder;
};

TEST_F(SourceCatalogueTest, FindsTheShippedPluginsAndMakesTheirSources)
{
    const SourceCatalogue catalogue = SourceCatalogue::discover(AURORAEDGE_BIN_DIR "/plugins");
    ASSERT_EQ(catalogue.plugins().size(), 3U);
    for (const SourcePlugin &plugin : catalogue.plugins())
        EXPECT_FALSE(plugin.refusal) << plugin.refusal->message;
    EXPECT_STREQ(std::getenv("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT"), "1");
    EXPECT_STREQ(std::getenv("OPENCV_FFMPEG_LOGLEVEL"), "-8") << "a video that cannot be read is told once, not with each opening";
    for (const std::string scheme : {"uvc", "rtsp", "http", "file", "folder"}) {
        const auto source = catalogue.create({scheme, scheme + ":x", scheme + ":x", false});
        ASSERT_TRUE(source) << source.error().message;
        EXPECT_TRUE(*source);
    }
}

TEST_F(SourceCatalogueTest, RefusesANewerInterfaceWithoutRunningIt)
{
    install("newer_version");
    const std::optional<Error> error = refusal();
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, code::PluginVersion);
    EXPECT_EQ(error->message, "plugin 'newer_version' is for version 4, this is 3");
}

TEST_F(SourceCatalogueTest, RefusesAPluginOfAnotherProgramAndWhatIsNoLibrary)
{
    install("foreign");
    EXPECT_EQ(refusal()->code, code::PluginVersion);
    std::filesystem::remove(m_folder / "foreign.so");
    std::ofstream(m_folder / "text.so") << "not a library";
    EXPECT_EQ(refusal()->code, code::PluginVersion);
}

TEST_F(SourceCatalogueTest, RefusesALibraryThatEverybodyMayChange)
{
    std::filesystem::permissions(install("throwing"), std::filesystem::perms::others_write,
                                 std::filesystem::perm_options::add);
    EXPECT_EQ(refusal()->code, code::PluginNotTrusted);
}

TEST_F(SourceCatalogueTest, RefusesALinkOutOfTheFolder)
{
    std::filesystem::create_symlink(kFixtures / "throwing.so", m_folder / "link.so");
    EXPECT_EQ(refusal()->code, code::PluginNotTrusted);
}

TEST_F(SourceCatalogueTest, TurnsWhatAPluginThrowsIntoAnError)
{
    install("throwing");
    const SourceCatalogue catalogue = SourceCatalogue::discover(m_folder.path());
    const auto source = catalogue.create({"uvc", "uvc:0", "uvc:0", false});
    ASSERT_FALSE(source);
    EXPECT_EQ(source.error().code, code::PluginOff);
    EXPECT_EQ(source.error().message, "plugin 'throwing' switched off: no licence found");
}

TEST_F(SourceCatalogueTest, SaysWhichSchemeNobodyReads)
{
    const SourceCatalogue catalogue = SourceCatalogue::discover(m_folder / "gone");
    EXPECT_TRUE(catalogue.plugins().empty());
    EXPECT_EQ(catalogue.create({"uvc", "uvc:0", "uvc:0", false}).error().code, code::PluginVersion);
}

} // namespace
} // namespace auroraedge::app
