#pragma once

#include "ui/models/answer_view.h"
#include "ui/models/fault.h"
#include "ui/models/frame_status.h"
#include "ui/models/model_state.h"
#include "ui/models/source_state.h"

#include <QWidget>

#include <optional>

namespace auroraedge::ui {

class AskBar;
class FaultBar;
class LatencyCard;
class PictureView;
class PresetBar;
class RecentStrip;
class ResultCard;
class Theme;

/// The operator's page: live picture, questions, answer. Slots and signals mean what they mean in MainWindow.
/// Keys, wherever the focus is on the page: F1 to F8 ask a preset question; Esc cancels; Space asks and F freezes
/// unless a text field has the focus; / goes to the ask field; Home and End set the zoom of the picture.
class LivePanel final : public QWidget
{
    Q_OBJECT

public:
    enum class Activity { Idle = 1, Busy };

    explicit LivePanel(const Theme &theme, QWidget *parent = nullptr);
    ~LivePanel() override;

    [[nodiscard]] Activity activity() const { return m_activity; }
    [[nodiscard]] bool isFrozen() const;
    /// Also for keys pressed on the frame around the page. @return false for a key that means nothing here.
    bool handleKey(int key);
    /// Of the picture on the screen; nothing while there is none.
    [[nodiscard]] std::optional<std::chrono::milliseconds> frameAge() const;

public Q_SLOTS:
    void showFrame(const QImage &picture, const auroraedge::ui::FrameStatus &status);
    void setSourceState(const auroraedge::ui::SourceState &state);
    void setModelState(const auroraedge::ui::ModelState &state);
    void setPresets(const auroraedge::ui::PresetQuestions &presets);
    void answerStarted(qint64 id, const QString &question, const QImage &thumbnail);
    void answerPhase(qint64 id, auroraedge::Stage stage);
    void answerText(qint64 id, const QString &piece);
    void answerFinished(const auroraedge::ui::AnswerView &answer);
    void answerFailed(qint64 id, const QString &code, const QString &sentence, const QString &detail);
    void setRecent(const auroraedge::ui::AnswerViews &newestFirst);
    void raiseFault(const auroraedge::ui::Fault &fault);
    void clearFault(const QString &topic);

    void ask();                 ///< what the Ask button does
    void askPreset(int index);  ///< what F1 + index does
    void cancel();
    void setFrozen(bool isFrozen);

Q_SIGNALS:
    void askRequested(const auroraedge::ui::AskRequest &request);
    void cancelRequested();
    void freezeToggled(bool isFrozen);
    void sourceChooserRequested();
    void faultActionChosen(const QString &actionId);
    void recentChosen(const auroraedge::ui::AnswerView &answer);
    void activityChanged(auroraedge::ui::LivePanel::Activity activity);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void request(const QString &question, int presetIndex);
    void setActivity(Activity activity);
    void updateAvailability();
    void fitToRoom();
    /// Why asking is not possible now; empty when it is.
    [[nodiscard]] QString obstacle() const;

    Activity m_activity = Activity::Idle;
    qint64 m_askId = 0; ///< of the asking that is running; 0 = requested, not started
    SourceState m_source;
    ModelState m_model;
    PresetQuestions m_presets;
    AskRequest m_last; ///< what an empty field repeats; question empty = nothing yet
    FaultBar *m_faults = nullptr;
    PictureView *m_picture = nullptr;
    PresetBar *m_presetBar = nullptr;
    AskBar *m_askBar = nullptr;
    ResultCard *m_result = nullptr;
    LatencyCard *m_latency = nullptr;
    RecentStrip *m_recent = nullptr;
};

} // namespace auroraedge::ui
