#include "app/window/kept_theme.h"

#include "app/settings/json_file.h"
#include "app/settings/json_settings.h"
#include "app/settings/out_file.h"
#include "ui/main_window.h"

#include <memory>
#include <string>
#include <utility>

namespace auroraedge::app {

std::optional<ui::ThemeKind> keptTheme(const std::filesystem::path &file)
{
    const Result<nlohmann::json> document = readJsonFile(file);
    if (!document)
        return std::nullopt;
    std::string theme;
    JsonSettings(*document, "the window").read("theme", theme);
    if (theme == "light")
        return ui::ThemeKind::Light;
    return theme == "dark" ? std::optional(ui::ThemeKind::Dark) : std::nullopt;
}

ThemeKeeper::ThemeKeeper(ui::MainWindow &window, std::filesystem::path file)
{
    m_disk.setMaxThreadCount(1);
    connect(&window, &ui::MainWindow::themeChosen, this, [this, file = std::move(file)](bool isDark) {
        m_disk.start([file, isDark] {
            const nlohmann::json chosen{{"theme", isDark ? "dark" : "light"}};
            if (const Result<std::unique_ptr<OutFile>> out = OutFile::create(file); out && (*out)->write(chosen.dump() + '\n'))
                (void)(*out)->publish();
        });
    });
}

} // namespace auroraedge::app
