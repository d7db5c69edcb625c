#pragma once

#include "ui/models/answer_view.h"
#include "ui/models/fault.h"
#include "ui/models/frame_status.h"
#include "ui/models/model_state.h"
#include "ui/models/shift_counters.h"
#include "ui/models/source_state.h"
#include "ui/models/station_counters.h"
#include "ui/models/trigger.h"

#include <QMainWindow>

class QStackedWidget;

namespace auroraedge::ui {

class BatchPanel;
class KeyCard;
class LivePanel;
class ModelPanel;
class NavigationRail;
class ReviewPanel;
class SourceChooser;
class StatisticsPanel;
class StatusStrip;
class Theme;
class TopBar;

/// The frame of the program: rail, top bar, pages, status bar. Lays out and connects panels; computes and stores
/// nothing. The one face towards the composition root: values in by slots, values out by signals.
/// Thread: GUI. Workers connect with queued connections.
class MainWindow final : public QMainWindow
{
    Q_OBJECT

public:
    enum class Page { Live = 1, Review, Batch, Statistics, Models, About };

    /// @p theme must outlive the window.
    explicit MainWindow(Theme &theme, QWidget *parent = nullptr);
    ~MainWindow() override;

    [[nodiscard]] LivePanel &live() { return *m_live; }
    [[nodiscard]] SourceChooser &sources() { return *m_sources; }
    [[nodiscard]] ReviewPanel &review() { return *m_review; }
    [[nodiscard]] BatchPanel &batch() { return *m_batch; }
    [[nodiscard]] StatisticsPanel &statistics() { return *m_statistics; }
    [[nodiscard]] ModelPanel &models() { return *m_models; }
    void showPage(Page page);
    [[nodiscard]] Page page() const;
    /// Asks preset question @p presetIndex about the picture on the screen, as its key does.
    /// @return false, with nothing asked, when that is not possible now.
    [[nodiscard]] bool askByTrigger(int presetIndex);

public Q_SLOTS:
    // Source. While the picture is frozen new frames are dropped here; the source goes on.
    void showFrame(const QImage &picture, const auroraedge::ui::FrameStatus &status);
    void setSourceState(const auroraedge::ui::SourceState &state);
    void setSourceOptions(const auroraedge::ui::SourceOptions &webcams);
    void openSourceChooser();

    void openKeys(); ///< all keys of the page that is shown
    void setModelState(const auroraedge::ui::ModelState &state);
    void setPresets(const auroraedge::ui::PresetQuestions &presets); ///< the first eight get F1 to F8

    // One asking at a time. After askRequested the panel is busy until answerFinished or answerFailed.
    // Calls about an asking other than the last started one are ignored.
    void answerStarted(qint64 id, const QString &question, const QImage &thumbnail);
    void answerPhase(qint64 id, auroraedge::Stage stage);
    void answerText(qint64 id, const QString &piece);
    /// The answer is whole and goes to the disk; answerFinished follows.
    void answerStoring(qint64 id);
    /// @p answer also joins the recent strip.
    void answerFinished(const auroraedge::ui::AnswerView &answer);
    /// Also for a request that never started (@p id 0) and for a cancelled one (code RUN-01, shown quietly).
    void answerFailed(qint64 id, const QString &code, const QString &sentence, const QString &detail);

    void setRecent(const auroraedge::ui::AnswerViews &newestFirst);
    /// The newest review of a stored answer, wherever that answer is shown.
    void setReview(qint64 row, const auroraedge::ui::Review &review);
    /// What reviewGiven told of this row is not stored: it can be given again, for this row alone.
    void reviewFailed(qint64 row);
    /// The picture of a stored answer, asked for by storedPictureRequested; null when it is missing or altered.
    void showStoredPicture(qint64 row, const QImage &picture);
    void setCounters(const auroraedge::ui::StationCounters &counters);
    void setShiftCounters(const auroraedge::ui::ShiftCounters &counters);
    void setTriggerState(const auroraedge::ui::TriggerState &state);
    void raiseFault(const auroraedge::ui::Fault &fault);
    void clearFault(const QString &topic);

Q_SIGNALS:
    void askRequested(const auroraedge::ui::AskRequest &request);
    void cancelRequested();
    void freezeToggled(bool isFrozen);
    /// The part that the next question is about has changed; as AskRequest::region.
    void regionChanged(const QRectF &region);
    void triggerChosen(const auroraedge::ui::TriggerSettings &settings);
    /// A judgement of a person; it is shown as given when setReview comes back, and offered again by reviewFailed.
    /// @param reason ReviewReason::id, empty for an agreement.
    void reviewGiven(qint64 row, auroraedge::ui::Verdict verdict, const QString &reason);
    /// The judgement of this row that was given last on the Live page, by @p reviewer, is taken back; LivePanel::undoFailed
    /// when it is not.
    void reviewUndoRequested(qint64 row, const QString &reviewer);
    void storedPictureRequested(qint64 row);
    void countersResetRequested();
    void sourceChosen(const QString &uri); ///< sim:, uvc:, file:, folder:, rtsp://
    void modelChosen(const QString &folder);
    void loadCancelRequested();
    void faultActionChosen(const QString &actionId);
    void recentChosen(const auroraedge::ui::AnswerView &answer);
    void themeChosen(bool isDark);

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void updateState();

    Theme &m_theme;
    SourceState m_sourceState;
    ModelState m_modelState;
    NavigationRail *m_rail = nullptr;
    TopBar *m_topBar = nullptr;
    QStackedWidget *m_pages = nullptr;
    LivePanel *m_live = nullptr;
    ReviewPanel *m_review = nullptr;
    BatchPanel *m_batch = nullptr;
    StatisticsPanel *m_statistics = nullptr;
    ModelPanel *m_models = nullptr;
    SourceChooser *m_sources = nullptr;
    KeyCard *m_keys = nullptr;
    StatusStrip *m_status = nullptr;
};

} // namespace auroraedge::ui
