#pragma once

#include "ui/models/answer_view.h"
#include "ui/models/trigger.h"

#include <QList>
#include <QWidget>

class QLabel;
class QPushButton;

namespace auroraedge::ui {

class ElidedLabel;
class PresetButton;
class Stepper;
class Theme;

/// How much of the picture has changed, and the share from which that is a part in motion.
class MotionMeter final : public QWidget
{
    Q_OBJECT

public:
    MotionMeter(const Theme &theme, QWidget *parent);
    void setShares(double motion, double threshold); ///< 0..1

    [[nodiscard]] QSize sizeHint() const override { return {160, 16}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    double m_motion = 0, m_threshold = 0;
};

/// What asks without a person: off, every so many seconds or on motion; which preset question; and what came of it.
class TriggerBar final : public QWidget
{
    Q_OBJECT

public:
    explicit TriggerBar(const Theme &theme, QWidget *parent = nullptr);

    void setPresets(const PresetQuestions &presets);
    void setState(const TriggerState &state);
    void focusKind(); ///< to the choice between off, interval and motion
    /// What runs now, in a few words; empty when it is off.
    [[nodiscard]] static QString statusText(const TriggerState &state);

Q_SIGNALS:
    void chosen(const auroraedge::ui::TriggerSettings &settings);

private:
    void choose(const TriggerSettings &settings);
    void refresh();
    void refreshFigures();

    PresetQuestions m_presets;
    TriggerState m_state;
    QList<QPushButton *> m_kinds; ///< in the order of TriggerKind
    PresetButton *m_question = nullptr;
    QWidget *m_details = nullptr; ///< of interval and motion
    Stepper *m_interval = nullptr;
    Stepper *m_threshold = nullptr;
    MotionMeter *m_meter = nullptr;
    ElidedLabel *m_counts = nullptr;
    QLabel *m_motion = nullptr;
};

} // namespace auroraedge::ui
