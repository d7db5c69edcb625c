#pragma once

#include "ui/main_window.h"

#include <QImage>
#include <QList>
#include <QString>
#include <QStringList>

namespace auroraedge::ui::tests {

/// Values a station would send, and the states they make: for tests and for the gallery.
class Scenes final
{
public:
    /// @p pictures: shown in turn; grey patterns stand in when empty.
    explicit Scenes(QList<QImage> pictures = {});

    [[nodiscard]] static QStringList names();
    /// Brings a fresh window into the state called @p name.
    void play(MainWindow &window, const QString &name) const;

    [[nodiscard]] static ModelState readyModel();
    [[nodiscard]] static SourceState liveSource();
    [[nodiscard]] static PresetQuestions presets();
    [[nodiscard]] AnswerView answer(int number, std::optional<Verdict> verdict) const;
    [[nodiscard]] QImage picture(int number) const;
    /// Model ready, source live, one picture on the screen.
    void makeLive(MainWindow &window) const;

private:
    QList<QImage> m_pictures;
};

} // namespace auroraedge::ui::tests
