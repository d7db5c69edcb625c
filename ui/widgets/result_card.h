#pragma once

#include "ui/models/answer_view.h"
#include "ui/widgets/verdict_tile.h"

#include <QElapsedTimer>
#include <QFrame>
#include <QTimer>

class QGridLayout;
class QLabel;
class QProgressBar;
class QPushButton;
class QScrollArea;

namespace auroraedge::ui {

class AnswerText;
class ElidedLabel;
class ReviewBar;
class Theme;
class Thumbnail;

/// One asking from the press to the verdict, always with the picture it is about on it. A verdict makes the whole card
/// a field of its colour; while it is waited for the card is grey.
class ResultCard final : public QFrame
{
    Q_OBJECT

public:
    enum class State { Empty = 1, Busy, Answered, Failed, Cancelled };

    /// @p prefix: of the names of its parts, where a window has more than one.
    ResultCard(const Theme &theme, const QString &prefix, QWidget *parent = nullptr);

    /// The clock runs from here. @p region: as AskRequest::region.
    void start(const QString &question, const QImage &picture, const QRectF &region);
    void setThumbnail(const QImage &thumbnail);
    void setPhase(Stage stage);
    void setCancelling();
    void setStoring(); ///< the answer is whole, its row is not on the disk yet: there is nothing to cancel any more
    void append(const QString &piece);
    void finish(const AnswerView &answer);
    void fail(const QString &code, const QString &sentence, const QString &detail);
    /// A stored answer, marked as an earlier one.
    void showEarlier(const AnswerView &answer);
    /// The newest review of row @p row; nothing when another answer is shown.
    void setReview(qint64 row, const Review &review);
    void withdrawReview(qint64 row); ///< no judgement of row @p row stands any more
    /// Row @p row has been judged, and that is not on the disk yet: it is not offered until setReview() or offerReviewAgain().
    void holdReview(qint64 row);
    /// The judgement of row @p row was not stored; nothing when another answer is shown.
    void offerReviewAgain(qint64 row);
    /// The screen no longer shows what this answer, or the one that is waited for, is about. Caption and verdict say so,
    /// and the verdict is no field of colour, until the next start().
    void leaveScreen();
    void clear();

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] qint64 shownRow() const { return m_shown.row; } ///< 0: no stored answer is shown
    [[nodiscard]] ReviewBar &review() { return *m_review; }
    [[nodiscard]] bool cancelHasFocus() const;

Q_SIGNALS:
    void cancelPressed();
    void reviewGiven(qint64 row, auroraedge::ui::Verdict verdict, const QString &reason);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void setState(State state);
    void showAnswer(const AnswerView &answer, const QString &kind, VerdictTile::Age age);
    void showFailure(const QString &code, const QString &sentence, const QString &detail);
    void showReview();
    void showVerdict();
    [[nodiscard]] VerdictTile::Age shownAge() const { return m_isOnScreen ? m_age : VerdictTile::Age::Earlier; }
    /// The colour of the whole card: of the verdict, or plain.
    void refreshField();
    void showPicture(const QImage &picture, const QRectF &region);
    void fitThumbnail();
    /// A short answer stands beside its picture, a long one gets the full width.
    void arrange();
    void refreshCaption();
    void refreshClock();
    void refreshIcons();

    const Theme &m_theme;
    State m_state = State::Empty;
    QElapsedTimer m_sincePress;
    QTimer m_clockTimer;
    bool m_isCancelling = false;
    bool m_isOnScreen = true;
    bool m_hasLeftOffer = false; ///< an NG went unjudged when the next question was asked
    VerdictTile::Age m_age = VerdictTile::Age::Newest;
    QString m_kind;      ///< of what is shown: "Answering", "Cancelled"
    AnswerView m_shown;  ///< Answered: the answer

    QWidget *m_empty = nullptr;
    QLabel *m_emptyIcon = nullptr;
    QWidget *m_body = nullptr;
    VerdictTile *m_tile = nullptr;
    QLabel *m_waitingIcon = nullptr;
    ElidedLabel *m_phase = nullptr;
    QLabel *m_clock = nullptr;
    QPushButton *m_cancel = nullptr;
    QWidget *m_busyRow = nullptr;
    QWidget *m_facts = nullptr;
    QGridLayout *m_grid = nullptr;
    QWidget *m_head = nullptr; ///< caption and question
    Thumbnail *m_thumbnail = nullptr;
    ElidedLabel *m_caption = nullptr;
    ElidedLabel *m_question = nullptr;
    AnswerText *m_answer = nullptr;
    QWidget *m_probabilityRow = nullptr;
    QLabel *m_probability = nullptr;
    QProgressBar *m_probabilityBar = nullptr;
    ElidedLabel *m_expected = nullptr;
    QLabel *m_failure = nullptr;
    QLabel *m_detail = nullptr;
    QPushButton *m_details = nullptr;
    QPushButton *m_copy = nullptr;
    QScrollArea *m_failureRow = nullptr;
    ReviewBar *m_review = nullptr;
};

} // namespace auroraedge::ui
