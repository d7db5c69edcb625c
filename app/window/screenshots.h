#pragma once

#include "engine/api/result.h"

#include <QString>

#include <filesystem>
#include <string>

class QApplication;

namespace auroraedge::app {

struct ScreenshotOptions
{
    std::filesystem::path folder;   ///< made if it is not there
    std::filesystem::path pictures; ///< folder of pictures that stand in for a camera
    std::string language;           ///< as it is named in the files: "en"
    double scale = 1;               ///< of the application, as it is named in the files
    std::string theme;              ///< "dark", "light"; empty: both
};

/// Writes every state of every page as `<page>-<state>-<theme>-<scale>-<lang>.png`, from made-up values: no camera, model
/// or database is opened. @return how many were written; FS-07. Thread: GUI.
Result<int> writeScreenshots(QApplication &application, const ScreenshotOptions &options);

} // namespace auroraedge::app
