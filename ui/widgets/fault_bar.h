#pragma once

#include "ui/models/fault.h"

#include <QFrame>
#include <QList>

class QLabel;
class QPushButton;
class QToolButton;

namespace auroraedge::ui {

class ElidedLabel;
class Theme;

/// The faults that stand, one of each topic: cause, effect, one action. One is shown, alarms before others and the newest
/// first; a press steps through the rest. A press acts on the fault that it began on, else not at all. Hidden when there is none. Never blocks anything.
class FaultBar final : public QFrame
{
    Q_OBJECT

public:
    explicit FaultBar(const Theme &theme, QWidget *parent = nullptr);

    void raise(const Fault &fault); ///< in the place of an older fault of its topic
    void clear(const QString &topic); ///< but for an alarm, which is for a person to dismiss
    [[nodiscard]] bool hasFault() const { return !m_faults.isEmpty(); }
    [[nodiscard]] bool hasAlarm() const;

Q_SIGNALS:
    void changed(); ///< another fault, or none
    void actionChosen(const QString &actionId);

private:
    void refresh();
    void showNext();
    void dismiss();
    [[nodiscard]] QString shown() const; ///< what a press acts on

    const Theme &m_theme;
    QList<Fault> m_faults; ///< alarms, then the others, each newest first
    int m_shown = 0;       ///< of m_faults
    QString m_pressed;     ///< topic and action under the finger when it came down
    QLabel *m_icon = nullptr;
    ElidedLabel *m_cause = nullptr;
    ElidedLabel *m_effect = nullptr;
    ElidedLabel *m_detail = nullptr;
    QPushButton *m_action = nullptr;
    QPushButton *m_copy = nullptr;
    QPushButton *m_details = nullptr;
    QPushButton *m_more = nullptr;
    QToolButton *m_dismiss = nullptr;
};

} // namespace auroraedge::ui
