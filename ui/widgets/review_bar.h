#pragma once

#include "ui/models/review.h"

#include <QColor>
#include <QList>
#include <QTimer>
#include <QWidget>

#include <chrono>

namespace auroraedge::ui {

class ElidedLabel;
class PlateButton;
class Theme;

/// A person's judgement of an NG: Confirm, or Overrule with a reason from a list. What was given is shown as given
/// only when it has been stored.
class ReviewBar final : public QWidget
{
    Q_OBJECT

public:
    enum class State {
        Hidden = 1,
        Settling, ///< as Offered, but not taken yet
        Offered,  ///< Confirm and Overrule
        Choosing, ///< the reasons for overruling
        Storing,  ///< given, not yet stored
        Given,
    };

    static constexpr std::chrono::milliseconds kSettleTime{500};

    /// @p prefix: of the names of its parts, where a window has more than one.
    ReviewBar(const Theme &theme, const QString &prefix, QWidget *parent);

    void clear();
    void offer();
    /// What is offered stands where another one stood a moment ago: nothing is taken for kSettleTime, so that a press
    /// that was meant for that one judges neither.
    void settle();
    /// @p canChange: it may be judged again.
    void showGiven(const Review &review, bool canChange);
    /// Given, also elsewhere, and not yet on the disk: nothing is offered.
    void showStoring();
    void setColours(const QColor &ground, const QColor &ink);

    // What the buttons do; each does nothing where it is not offered.
    void confirm();
    void overrule();
    void choose(int number); ///< a reason, from 1
    void closeReasons();
    void offerAgain(); ///< also after a review that could not be stored

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] bool isWaiting() const { return m_state == State::Settling || m_state == State::Offered || m_state == State::Choosing; }

Q_SIGNALS:
    void given(auroraedge::ui::Verdict verdict, const QString &reason); ///< ReviewReason::id, or empty
    void stateChanged();

private:
    void setState(State state);
    void give(Verdict verdict, const QString &reason);

    State m_state = State::Hidden;
    bool m_canChange = false;
    QTimer m_settleTimer;
    PlateButton *m_confirm = nullptr;
    PlateButton *m_overrule = nullptr;
    PlateButton *m_change = nullptr;
    PlateButton *m_back = nullptr;
    QList<PlateButton *> m_reasons;
    ElidedLabel *m_told = nullptr;
    QWidget *m_reasonList = nullptr;
};

} // namespace auroraedge::ui
