#include "app/window/kept_theme.h"

#include "tests/support/temporary_folder.h"
#include "tests/ui/operator_test.h"

#include <string>

namespace auroraedge::app {
namespace {

class KeptThemeTest : public ui::tests::OperatorTest
{
protected:
    const testing::TemporaryFolder m_home;
    const std::filesystem::path m_file = m_home / "window.json";
};

TEST_F(KeptThemeTest, TheThemeThatWasChosenLastIsThereAtTheNextStart)
{
    EXPECT_FALSE(keptTheme(m_file));
    {
        const ThemeKeeper keeper(m_window, m_file);
        for (int press = 0; press < 20; ++press)
            Q_EMIT m_window.themeChosen(press % 2 == 0);
    }
    EXPECT_EQ(keptTheme(m_file), ui::ThemeKind::Light);
    {
        const ThemeKeeper keeper(m_window, m_file);
        Q_EMIT m_window.themeChosen(true);
    }
    EXPECT_EQ(keptTheme(m_file), ui::ThemeKind::Dark);
}

TEST_F(KeptThemeTest, WhatCannotBeUnderstoodIsNoChoiceAndTheNextOneReplacesIt)
{
    for (const char *text : {"", "[1]", "{\"theme\": 7}", "{\"theme\": \"pink\"}", "{}"}) {
        (void)m_home.write("window.json", std::string(text));
        EXPECT_FALSE(keptTheme(m_file)) << text;
    }
    {
        const ThemeKeeper keeper(m_window, m_file);
        click("themeToggle");
    }
    EXPECT_EQ(keptTheme(m_file), ui::ThemeKind::Light);
}

} // namespace
} // namespace auroraedge::app
