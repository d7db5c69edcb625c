#pragma once

#include "ui/theme/theme.h"

#include <QObject>
#include <QThreadPool>

#include <filesystem>
#include <optional>

namespace auroraedge::ui {
class MainWindow;
}

namespace auroraedge::app {

/// @return nothing where no theme was chosen yet, or the file cannot be understood.
[[nodiscard]] std::optional<ui::ThemeKind> keptTheme(const std::filesystem::path &file);

/// Keeps the theme that a person chooses, for the next start. One that cannot be kept is chosen again: nobody is told.
/// Thread: GUI; it waits for the disk only when it is destroyed.
class ThemeKeeper final : public QObject
{
public:
    ThemeKeeper(ui::MainWindow &window, std::filesystem::path file);

private:
    QThreadPool m_disk; ///< of one thread: the last choice is written last
};

} // namespace auroraedge::app
