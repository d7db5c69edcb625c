#include "ui/widgets/trigger_bar.h"

#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/painting.h"
#include "ui/widgets/preset_bar.h"
#include "ui/widgets/stepper.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <tuple>

namespace auroraedge::ui {

namespace {

constexpr int kMeterPx = 10;

QString shareText(double share)
{
    return TriggerBar::tr("%1 %").arg(QLocale().toString(share * 100, 'f', share < 0.1 ? 1 : 0));
}

QString countsText(const TriggerState &state)
{
    return TriggerBar::tr("%1 asked, %2 skipped").arg(QLocale().toString(state.asked), QLocale().toString(state.skipped));
}

} // namespace

MotionMeter::MotionMeter(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("motionMeter"));
    setAccessibleName(tr("Motion"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void MotionMeter::setShares(double motion, double threshold)
{
    m_motion = std::clamp(motion, 0.0, 1.0);
    m_threshold = std::clamp(threshold, 0.0, 1.0);
    setAccessibleDescription(tr("%1, a part from %2").arg(shareText(m_motion), shareText(m_threshold)));
    update();
}

void MotionMeter::paintEvent(QPaintEvent *)
{
    const ThemeColours &c = m_theme.colours();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto at = [this](double share) { return std::sqrt(share) * width(); }; // a few per cent is what matters
    const double top = (height() - kMeterPx) / 2.0;
    painter.setPen(Qt::NoPen);
    painter.setBrush(c.raised);
    painter.drawRoundedRect(QRectF(0, top, width(), kMeterPx), kMeterPx / 2.0, kMeterPx / 2.0);
    painter.setBrush(m_motion >= m_threshold ? c.accent : c.outlineStrong);
    painter.drawRoundedRect(QRectF(0, top, at(m_motion), kMeterPx), kMeterPx / 2.0, kMeterPx / 2.0);
    painter.setBrush(c.text);
    painter.drawRect(QRectF(std::min(at(m_threshold), width() - 2.0), 0, 2, height()));
}

TriggerBar::TriggerBar(const Theme &theme, QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("triggerBar"));
    auto *first = new QHBoxLayout;
    first->setSpacing(space::kS);
    for (const auto &[kind, name, title] : {std::tuple{TriggerKind::Off, "triggerOff", tr("Off")},
                                            {TriggerKind::Interval, "triggerInterval", tr("Interval")},
                                            {TriggerKind::Motion, "triggerMotion", tr("Motion")}}) {
        auto *button = new QPushButton(title, this);
        button->setObjectName(QLatin1String(name));
        button->setProperty("kind", QStringLiteral("segment"));
        button->setCheckable(true);
        button->setAutoDefault(true); // Enter presses it, too
        button->setFocusPolicy(Qt::TabFocus);
        connect(button, &QPushButton::clicked, this, [this, kind = kind] {
            TriggerSettings settings = m_state.settings;
            settings.kind = kind;
            choose(settings);
        });
        m_kinds.append(button);
        first->addWidget(button);
    }
    m_kinds.at(0)->setToolTip(tr("Only a person asks"));
    m_kinds.at(1)->setToolTip(tr("Asks again and again"));
    m_kinds.at(2)->setToolTip(tr("Asks once for each part that comes to rest"));
    m_question = new PresetButton(theme, this);
    m_question->setObjectName(QStringLiteral("triggerQuestion"));
    first->addWidget(m_question, 1);

    m_details = new QWidget(this);
    m_interval = new Stepper(theme, QStringLiteral("triggerSeconds"), tr("Time between two questions"), tr("s"),
                             {0.1, 0.2, 0.5, 1, 2, 3, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600}, m_details);
    m_threshold = new Stepper(theme, QStringLiteral("triggerThreshold"), tr("Change that counts as motion"), tr("%"),
                              {0.1, 0.2, 0.5, 1, 2, 3, 5, 8, 10, 15, 20, 30, 50, 75, 100}, m_details);
    m_meter = new MotionMeter(theme, m_details);
    const auto label = [this](auto *made, const char *name) {
        made->setObjectName(QLatin1String(name));
        made->setTextFormat(Qt::PlainText);
        made->setProperty("type", QStringLiteral("caption"));
        return made;
    };
    m_counts = label(new ElidedLabel(2, m_details), "triggerCounts");
    m_counts->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    m_motion = label(new QLabel(m_details), "triggerMotionShare");
    m_motion->setProperty("tone", QStringLiteral("muted"));
    auto *motion = new QHBoxLayout;
    motion->setSpacing(space::kS);
    motion->addWidget(m_meter, 1);
    motion->addWidget(m_motion);
    auto *told = new QVBoxLayout;
    told->setSpacing(space::kXs);
    told->addStretch();
    told->addWidget(m_counts);
    told->addLayout(motion);
    told->addStretch();
    auto *second = new QHBoxLayout(m_details);
    second->setContentsMargins({});
    second->setSpacing(space::kM);
    second->addWidget(m_interval);
    second->addWidget(m_threshold);
    second->addLayout(told, 1);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(space::kS);
    column->addLayout(first);
    column->addWidget(m_details);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);

    connect(m_question, &QAbstractButton::clicked, this, [this] {
        TriggerSettings settings = m_state.settings;
        settings.presetIndex = (settings.presetIndex + 1) % std::max(1, int(m_presets.size()));
        choose(settings);
    });
    connect(m_interval, &Stepper::changed, this, [this](double seconds) {
        TriggerSettings settings = m_state.settings;
        settings.intervalSeconds = seconds;
        choose(settings);
    });
    connect(m_threshold, &Stepper::changed, this, [this](double percent) {
        TriggerSettings settings = m_state.settings;
        settings.motionThreshold = percent / 100;
        choose(settings);
    });
    refresh();
}

void TriggerBar::setPresets(const PresetQuestions &presets)
{
    m_presets = presets.mid(0, PresetBar::kMaxPresets);
    refresh();
}

void TriggerBar::setState(const TriggerState &state)
{
    const bool isChanged = state.settings != m_state.settings;
    m_state = state;
    if (isChanged)
        refresh();
    else
        refreshFigures(); // they come several times a second
}

void TriggerBar::focusKind()
{
    m_kinds.at(int(m_state.settings.kind) - 1)->setFocus(Qt::TabFocusReason);
}

void TriggerBar::choose(const TriggerSettings &settings)
{
    m_state.settings = settings;
    refresh(); // a press is seen at once, not when the answer to it comes
    Q_EMIT chosen(settings);
}

void TriggerBar::refresh()
{
    const TriggerSettings &settings = m_state.settings;
    const bool hasPresets = !m_presets.isEmpty();
    for (int index = 0; index < m_kinds.size(); ++index) {
        m_kinds.at(index)->setChecked(int(settings.kind) == index + 1);
        m_kinds.at(index)->setEnabled(hasPresets || index == 0);
    }
    const int preset = std::clamp(settings.presetIndex, 0, std::max(0, int(m_presets.size()) - 1));
    m_question->setVisible(hasPresets);
    if (hasPresets) {
        m_question->setPreset(preset + 1, m_presets.at(preset));
        m_question->setToolTip(tr("Asked by the trigger: %1 Press for the next question.").arg(m_presets.at(preset).question).toHtmlEscaped());
        m_question->setAccessibleName(tr("Question of the trigger: %1").arg(m_presets.at(preset).question));
    }
    const bool isMotion = settings.kind == TriggerKind::Motion;
    m_details->setVisible(settings.kind != TriggerKind::Off);
    m_interval->setVisible(!isMotion);
    m_threshold->setVisible(isMotion);
    m_meter->setVisible(isMotion);
    m_motion->setVisible(isMotion);
    m_interval->setValue(settings.intervalSeconds);
    m_threshold->setValue(settings.motionThreshold * 100);
    refreshFigures();
}

void TriggerBar::refreshFigures()
{
    m_meter->setShares(m_state.motion, m_state.settings.motionThreshold);
    m_motion->setText(tr("motion %1").arg(shareText(m_state.motion)));
    m_counts->setText(countsText(m_state));
}

QString TriggerBar::statusText(const TriggerState &state)
{
    switch (state.settings.kind) {
    case TriggerKind::Off: return {};
    case TriggerKind::Interval:
        return tr("every %1 s: %2").arg(QLocale().toString(state.settings.intervalSeconds, 'g', 4), countsText(state));
    case TriggerKind::Motion: return tr("on motion: %1").arg(countsText(state));
    }
    return {};
}

} // namespace auroraedge::ui
