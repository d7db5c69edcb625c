#pragma once

#include <string>

class QApplication;

namespace auroraedge::app {

/// Texts, numbers and dates of the program and of Qt's own dialogs in @p language ("zh_CN"); empty: the system's.
/// English where there is no translation. Once, before the first window. Thread: GUI.
void useLanguage(QApplication &application, const std::string &language);

} // namespace auroraedge::app
