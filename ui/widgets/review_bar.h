#pragma once

#include "ui/models/review.h"

#include <QColor>
#include <QList>
#include <QWidget>

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
        Offered,  ///< Confirm and Overrule
        Choosing, ///< the reasons for overruling
        Storing,  ///< given, not yet stored
        Given,
    };

    /// @p prefix: of the names of its parts, where a window has more than one.
    ReviewBar(const Theme &theme, const QString &prefix, QWidget *parent);

    void clear();
    void offer();
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

Q_SIGNALS:
    void given(auroraedge::ui::Verdict verdict, const QString &reason); ///< ReviewReason::id, or empty
    void stateChanged();

private:
    void setState(State state);
    void give(Verdict verdict, const QString &reason);

    State m_state = State::Hidden;
    bool m_canChange = false;
    PlateButton *m_confirm = nullptr;
    PlateButton *m_overrule = nullptr;
    PlateButton *m_change = nullptr;
    PlateButton *m_back = nullptr;
    QList<PlateButton *> m_reasons;
    ElidedLabel *m_told = nullptr;
    QWidget *m_reasonList = nullptr;
};

} // namespace auroraedge::ui
