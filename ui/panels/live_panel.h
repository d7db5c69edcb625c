#pragma once

#include "ui/models/answer_view.h"
#include "ui/models/fault.h"
#include "ui/models/frame_status.h"
#include "ui/models/model_state.h"
#include "ui/models/shift_counters.h"
#include "ui/models/source_state.h"
#include "ui/models/trigger.h"

#include <QSet>
#include <QWidget>

#include <optional>

class QLayout;
class QPushButton;

namespace auroraedge::ui {

class AskBar;
class FaultBar;
class LatencyCard;
class PictureView;
class PresetBar;
class RecentStrip;
class RegionBar;
class ResultCard;
class ShiftCard;
class StoredPicture;
class Theme;
class TriggerBar;

/// The operator's page: live picture, questions, answer. Slots and signals mean what they mean in MainWindow.
/// Keys, wherever the focus is on the page: F1 to F8 ask a preset question; Esc goes back or cancels; Enter confirms an
/// NG that waits, O overrules it; D draws a region, T opens the trigger, J and K step through the earlier answers;
/// Z takes the last judgement back; Space asks and F freezes; / goes to the ask field; Home and End set the zoom. In a text field letters are letters.
class LivePanel final : public QWidget
{
    Q_OBJECT

public:
    enum class Activity { Idle = 1, Busy };

    explicit LivePanel(const Theme &theme, QWidget *parent = nullptr);
    ~LivePanel() override;

    [[nodiscard]] Activity activity() const { return m_activity; }
    [[nodiscard]] bool isFrozen() const;
    [[nodiscard]] bool hasAlarm() const; ///< a latched fault stands
    /// Also for keys pressed on the frame around the page. @return false for a key that means nothing here.
    bool handleKey(int key);
    /// Of the picture on the screen; nothing while there is none.
    [[nodiscard]] std::optional<std::chrono::milliseconds> frameAge() const;
    [[nodiscard]] bool askByTrigger(int presetIndex);

public Q_SLOTS:
    void showFrame(const QImage &picture, const auroraedge::ui::FrameStatus &status);
    void setSourceState(const auroraedge::ui::SourceState &state);
    void setModelState(const auroraedge::ui::ModelState &state);
    void setPresets(const auroraedge::ui::PresetQuestions &presets);
    void answerStarted(qint64 id, const QString &question, const QImage &thumbnail);
    void answerPhase(qint64 id, auroraedge::Stage stage);
    void answerText(qint64 id, const QString &piece);
    void answerStoring(qint64 id);
    void answerFinished(const auroraedge::ui::AnswerView &answer);
    void answerFailed(qint64 id, const QString &code, const QString &sentence, const QString &detail);
    void setRecent(const auroraedge::ui::AnswerViews &newestFirst);
    void setReview(qint64 row, const auroraedge::ui::Review &review);
    void withdrawReview(qint64 row); ///< no judgement of it stands any more
    void reviewFailed(qint64 row);
    void undoFailed(qint64 row); ///< its judgement still stands, and can be taken back
    void showStoredPicture(qint64 row, const QImage &picture);
    void setShiftCounters(const auroraedge::ui::ShiftCounters &counters);
    void setTriggerState(const auroraedge::ui::TriggerState &state);
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
    void regionChanged(const QRectF &region);
    void triggerChosen(const auroraedge::ui::TriggerSettings &settings);
    void reviewGiven(qint64 row, auroraedge::ui::Verdict verdict, const QString &reason);
    void reviewUndoRequested(qint64 row, const QString &reviewer);
    void storedPictureRequested(qint64 row);
    void countersResetRequested();
    void sourceChooserRequested();
    void faultActionChosen(const QString &actionId);
    void recentChosen(const auroraedge::ui::AnswerView &answer);
    void waitingWanted(); ///< all that wait for a person, on the Review page
    void activityChanged(auroraedge::ui::LivePanel::Activity activity);
    void faultsChanged();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    enum class Asker { Person = 1, Trigger };
    /// A judgement that was given here.
    struct Judged
    {
        qint64 row = 0; ///< 0: none
        QString reviewer; ///< once it is stored
    };

    [[nodiscard]] QLayout *makeLayout();
    void connectParts();
    void request(const QString &question, int presetIndex, Asker asker);
    void setActivity(Activity activity);
    void updateAvailability();
    void updateScene();
    void updateBand();
    void updateKeys();
    void fitToRoom();
    /// Of the column beside the picture, when the counters take @p shiftLines.
    [[nodiscard]] int fieldWidthFor(int shiftLines) const;
    [[nodiscard]] int mostFieldWidth() const; ///< that leaves room for what stands beside it
    void focusPicture();
    /// Esc: leaves the topmost of what is open, else cancels.
    void goBack();
    void toggleRegion();
    void toggleTrigger();
    void openStored(const AnswerView &answer);
    void closeStored();
    void stepStored(int direction);
    void undoReview();
    void updateNeighbours();
    [[nodiscard]] bool isStoredOpen() const;
    /// Of the answer that a person judges now: the earlier one that is open, else the newest.
    [[nodiscard]] ResultCard &judged() const { return isStoredOpen() ? *m_storedResult : *m_result; }
    [[nodiscard]] bool handleReviewKey(int key);
    /// Why asking is not possible now; empty when it is.
    [[nodiscard]] QString obstacle() const;

    Activity m_activity = Activity::Idle;
    qint64 m_askId = 0; ///< of the asking that is running; 0 = requested, not started
    bool m_isStoring = false;       ///< its answer
    bool m_isOfOtherSource = false; ///< the asking that is running: another source was chosen meanwhile
    SourceState m_source;
    ModelState m_model;
    PresetQuestions m_presets;
    AskRequest m_last;   ///< the newest, whoever asked
    AskRequest m_repeat; ///< what an empty field repeats: a person's; question empty = nothing yet
    TriggerState m_trigger;
    bool m_isTriggerOpen = false;
    AnswerView m_stored; ///< the earlier answer that is open
    Judged m_lastJudged; ///< what can be taken back
    Judged m_undone;     ///< it was asked to be taken back, and what became of that is not told yet
    QSet<qint64> m_reviewsBeingStored; ///< rows; what becomes of them is told by setReview or reviewFailed
    FaultBar *m_faults = nullptr;
    PictureView *m_picture = nullptr;
    StoredPicture *m_storedPicture = nullptr;
    // One of the three is shown above the field.
    PresetBar *m_presetBar = nullptr;
    RegionBar *m_regionBar = nullptr;
    TriggerBar *m_triggerBar = nullptr;
    AskBar *m_askBar = nullptr;
    QWidget *m_newest = nullptr; ///< column of the newest answer
    ResultCard *m_result = nullptr;
    LatencyCard *m_latency = nullptr;
    ShiftCard *m_shift = nullptr;
    QWidget *m_earlier = nullptr; ///< column of the earlier answer, in the place of the other
    ResultCard *m_storedResult = nullptr;
    LatencyCard *m_storedLatency = nullptr;
    RecentStrip *m_recent = nullptr;
    QPushButton *m_moreWaiting = nullptr; ///< beside the strip, which has no room for them
};

} // namespace auroraedge::ui
