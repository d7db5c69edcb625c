#pragma once

#include "ui/main_window.h"
#include "ui/models/camera_controls.h"
#include "ui/models/model_entry.h"
#include "ui/models/review_page.h"

#include <QImage>
#include <QList>
#include <QString>
#include <QStringList>

namespace auroraedge::ui {

/// Made-up values as a station would send them, and the states they make: for screenshots and for tests.
class Scenes final
{
public:
    /// @p pictures: shown in turn; grey patterns stand in when empty.
    explicit Scenes(QList<QImage> pictures = {});

    [[nodiscard]] static QStringList names();
    /// Brings a fresh window into the state called @p name.
    void play(MainWindow &window, const QString &name) const;

    [[nodiscard]] static ModelState readyModel();
    [[nodiscard]] static ModelEntries modelEntries();
    [[nodiscard]] static SourceState liveSource();
    [[nodiscard]] static PresetQuestions presets();
    [[nodiscard]] static ShiftCounters counters();
    [[nodiscard]] static CameraControls cameraControls();
    [[nodiscard]] AnswerView answer(int number, std::optional<Verdict> verdict) const;
    [[nodiscard]] QImage picture(int number) const;
    /// @p count items, newest first, the first of them row 1200 + @p first, every state of a review among them.
    [[nodiscard]] ReviewItems reviewItems(int first, int count) const;
    /// Model ready, source live, one picture on the screen.
    void makeLive(MainWindow &window) const;

private:
    void playReview(MainWindow &window, const QString &name) const;
    static void playModels(MainWindow &window, const QString &name);
    static void playBatch(MainWindow &window, const QString &name);
    static void playStatistics(MainWindow &window, const QString &name);

    QList<QImage> m_pictures;
};

} // namespace auroraedge::ui
