#pragma once

#include "app/window/key_log.h"
#include "app/window/time_histogram.h"

#include <QJsonObject>
#include <QList>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace auroraedge::ui {
class MainWindow;
class ReviewPicture;
}

namespace auroraedge::app {

class InspectionSession;
struct StorageJob;

/// Does at the window what a key log says, as a person would: by keys and buttons, each pressed when what the one before has
/// changed is painted. Every answer and every review that is on the disk is acknowledged by a line of JSON on the
/// output, and so is every picture of the Review page that was pressed for and painted. Ends the program's loop.
/// Thread: GUI.
///
///     {"event":"answer","row":12,"sha256":"…","verdict":"OK","answer":"yes","ms":104.2}
///     {"event":"answer","row":null,"error":{"code":"FS-09","message":"…"}}       told, and in no row
///     {"event":"review","review":7,"row":12}
///     {"event":"review","review":null,"row":12,"error":{"code":"FS-09","message":"…"}}
///     {"event":"picture","row":11,"ms":18.4,"is_shown":true}                     from the press to the painted picture
///     {"event":"alarm","code":"FS-09","text":"…"}
///     {"event":"memory","rss_mb":212.0}
///     {"event":"end","answers":…,"reviews":…,"pictures":…,"picture_ms_p50":…,"picture_ms_p95":…,"picture_ms_max":…,
///      "seconds":…,"rss_mb":…}           and "trouble": what the Review page says was not stored
class KeyReplay final : public QObject
{
    Q_OBJECT

public:
    /// A state that does not come for so long ends the replay.
    static constexpr std::chrono::seconds kPatience{60};

    /// @param window and @param session outlive the replay, as does @param out.
    KeyReplay(ui::MainWindow &window, InspectionSession &session, std::vector<KeyStep> steps, std::ostream &out);

    /// What kept it from its end; nothing while it runs and after it has ended well.
    [[nodiscard]] const std::optional<Error> &failure() const { return m_failure; }
    [[nodiscard]] bool isComplete() const { return m_isComplete; }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    /// A picture of the Review page on its way to the screen.
    struct AwaitedPicture
    {
        qint64 row = 0;
        std::chrono::steady_clock::time_point pressedAt;
        bool isBeingPainted = false;
    };

    void goOn();
    void perform(const KeyStep &step);
    void press(int key, const QString &text);
    [[nodiscard]] bool holds(const KeyStep &wait) const;
    [[nodiscard]] bool isAlarm(const std::string &code) const;
    [[nodiscard]] QString labelText(const char *name) const;
    void tellAlarm();
    void onAnswerStored(const StorageJob &job);
    void onPictureInSight();
    void tell(const QJsonObject &event);
    void fail(const KeyStep &step, const std::string &what);
    void end();

    ui::MainWindow &m_window;
    InspectionSession &m_session;
    const std::vector<KeyStep> m_steps;
    std::ostream &m_out;
    ui::ReviewPicture *m_picture = nullptr;

    std::size_t m_next = 0;
    QTimer m_lookTimer; ///< for states that nobody tells
    std::chrono::steady_clock::time_point m_startedAt, m_waitingSince, m_pressedAt, m_askedAt;
    bool m_isPicturesShown = false; ///< of the source
    std::optional<AwaitedPicture> m_awaited;
    bool m_isComplete = false;
    std::optional<Error> m_failure;

    TimeHistogram m_pictureTimes;
    int m_answers = 0, m_reviews = 0;
};

} // namespace auroraedge::app
