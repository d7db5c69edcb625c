#pragma once

#include "ui/models/answer_view.h"
#include "ui/widgets/verdict_tile.h"

#include <QElapsedTimer>
#include <QFrame>
#include <QTimer>

class QLabel;
class QProgressBar;
class QPushButton;
class QScrollArea;

namespace auroraedge::ui {

class AnswerText;
class ElidedLabel;
class Theme;
class Thumbnail;

/// One asking from the press to the verdict, always beside the picture it is about.
class ResultCard final : public QFrame
{
    Q_OBJECT

public:
    enum class State { Empty = 1, Busy, Answered, Failed, Cancelled };

    explicit ResultCard(const Theme &theme, QWidget *parent = nullptr);

    void start(const QString &question, const QImage &picture); ///< the clock runs from here
    void setThumbnail(const QImage &thumbnail);
    void setPhase(Stage stage);
    void setCancelling();
    void append(const QString &piece);
    void finish(const AnswerView &answer);
    void fail(const QString &code, const QString &sentence, const QString &detail);
    /// A stored answer, marked as an earlier one.
    void showEarlier(const AnswerView &answer);
    /// Whether the picture of this answer is still the one on the screen; the caption says so when it is not.
    void setOnScreen(bool isOnScreen);
    void clear();

    [[nodiscard]] State state() const { return m_state; }

Q_SIGNALS:
    void cancelPressed();

private:
    void setState(State state);
    void showAnswer(const AnswerView &answer, const QString &kind, VerdictTile::Age age);
    void showFailure(const QString &code, const QString &sentence, const QString &detail);
    void refreshCaption();
    void refreshClock();
    void refreshEmpty();

    const Theme &m_theme;
    State m_state = State::Empty;
    QElapsedTimer m_sincePress;
    QTimer m_clockTimer;
    bool m_isCancelling = false;
    bool m_isOnScreen = true;
    VerdictTile::Age m_age = VerdictTile::Age::Newest;
    QString m_kind; ///< of what is shown: "Answering", "Cancelled"

    QWidget *m_empty = nullptr;
    QLabel *m_emptyIcon = nullptr;
    QWidget *m_body = nullptr;
    Thumbnail *m_thumbnail = nullptr;
    ElidedLabel *m_caption = nullptr;
    ElidedLabel *m_question = nullptr;
    VerdictTile *m_tile = nullptr;
    AnswerText *m_answer = nullptr;
    ElidedLabel *m_phase = nullptr;
    QLabel *m_clock = nullptr;
    QPushButton *m_cancel = nullptr;
    QWidget *m_busyRow = nullptr;
    QWidget *m_probabilityRow = nullptr;
    QLabel *m_probability = nullptr;
    QProgressBar *m_probabilityBar = nullptr;
    ElidedLabel *m_expected = nullptr;
    QLabel *m_failure = nullptr;
    QLabel *m_detail = nullptr;
    QPushButton *m_details = nullptr;
    QPushButton *m_copy = nullptr;
    QScrollArea *m_failureRow = nullptr;
};

} // namespace auroraedge::ui
