#include "ui/dialogs/camera_settings_card.h"

#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSlider>
#include <QVBoxLayout>

#include <algorithm>

namespace auroraedge::ui {

namespace {

constexpr int kWidthPx = 560, kTitleWidthPx = 108, kValueWidthPx = 56;

QString reasonOf(const CameraControlState &state)
{
    using Condition = CameraControlState::Condition;
    switch (state.condition) {
    case Condition::Adjustable: return state.isAuto ? CameraSettingsCard::tr("The camera sees to it itself.") : QString();
    case Condition::Missing: return CameraSettingsCard::tr("This camera has no such setting.");
    case Condition::Locked: return CameraSettingsCard::tr("The camera does not let it be changed.");
    case Condition::Refused: return CameraSettingsCard::tr("The camera did not take the value; this is what it has.");
    }
    return {};
}

} // namespace

CameraSettingsCard::CameraSettingsCard(QWidget *parent) : FloatingCard(kWidthPx, parent)
{
    setObjectName(QStringLiteral("cameraCard"));
    setAccessibleName(tr("Camera settings"));
    auto *title = new QLabel(tr("Camera settings"), this);
    title->setTextFormat(Qt::PlainText);
    title->setProperty("type", QStringLiteral("heading"));
    m_camera = new ElidedLabel(1, this);
    m_camera->setObjectName(QStringLiteral("cameraName"));
    m_camera->setProperty("type", QStringLiteral("caption"));
    m_camera->setProperty("tone", QStringLiteral("muted"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::kL, space::kM, space::kL, space::kM);
    column->setSpacing(space::kXs);
    column->addWidget(title);
    column->addWidget(m_camera);
    addRow(column, CameraControl::Exposure, QStringLiteral("exposure"), tr("Exposure"));
    addRow(column, CameraControl::WhiteBalance, QStringLiteral("whiteBalance"), tr("White balance"));
    addRow(column, CameraControl::Focus, QStringLiteral("focus"), tr("Focus"));
    addRow(column, CameraControl::Gain, QStringLiteral("gain"), tr("Gain"));
    setFirst(m_rows.first().automatic);
    setControls({});
}

void CameraSettingsCard::addRow(QVBoxLayout *column, CameraControl control, const QString &name, const QString &title)
{
    auto *label = new QLabel(title, this);
    label->setTextFormat(Qt::PlainText);
    label->setProperty("type", QStringLiteral("label"));
    label->setFixedWidth(kTitleWidthPx);
    Row row{control, new QSlider(Qt::Horizontal, this), new QLabel(this), new QLabel(this), new QPushButton(tr("Auto"), this)};
    row.slider->setObjectName(name + QStringLiteral("Slider"));
    row.slider->setAccessibleName(title);
    row.slider->setMinimumHeight(kTouchPx);
    row.value->setObjectName(name + QStringLiteral("Value"));
    row.value->setTextFormat(Qt::PlainText);
    row.value->setProperty("type", QStringLiteral("label"));
    row.value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    row.value->setMinimumWidth(kValueWidthPx);
    row.reason->setObjectName(name + QStringLiteral("Reason"));
    row.reason->setTextFormat(Qt::PlainText);
    row.reason->setProperty("type", QStringLiteral("caption"));
    row.reason->setProperty("tone", QStringLiteral("muted"));
    row.automatic->setObjectName(name + QStringLiteral("Auto"));
    row.automatic->setAccessibleName(tr("%1 automatic").arg(title));
    row.automatic->setCheckable(true);
    row.automatic->setAutoDefault(false);

    auto *line = new QHBoxLayout;
    line->setSpacing(space::kM);
    line->addWidget(label);
    line->addWidget(row.slider, 1);
    line->addWidget(row.value);
    line->addWidget(row.automatic);
    column->addSpacing(space::kS); // what is told of a row stays nearer to it than to the next
    column->addLayout(line);
    column->addWidget(row.reason);

    const qsizetype index = m_rows.size();
    connect(row.slider, &QSlider::valueChanged, this, [this, index] { tell(m_rows.at(index)); });
    connect(row.automatic, &QPushButton::toggled, this, [this, index] { tell(m_rows.at(index)); });
    m_rows.append(row);
}

void CameraSettingsCard::setControls(const CameraControls &controls)
{
    m_camera->setText(controls.camera);
    m_isShowing = true;
    for (Row &row : m_rows) {
        const auto state = std::ranges::find(controls.controls, row.control, &CameraControlState::control);
        show(row, state != controls.controls.end() ? *state : CameraControlState{.control = row.control});
    }
    m_isShowing = false;
    if (isVisible())
        fit();
}

void CameraSettingsCard::show(Row &row, const CameraControlState &state)
{
    using Condition = CameraControlState::Condition;
    const bool canBeSet = state.condition == Condition::Adjustable || state.condition == Condition::Refused;
    row.step = std::max(1, state.step);
    row.automatic->setEnabled(canBeSet && state.hasAuto);
    row.automatic->setChecked(state.isAuto);
    row.slider->setEnabled(canBeSet && !state.isAuto && state.maximum > state.minimum);
    if (!row.slider->isSliderDown()) { // a hand on it is newer than what the camera says
        row.slider->setRange(state.minimum, state.maximum);
        row.slider->setSingleStep(row.step);
        row.slider->setPageStep(std::max(row.step, (state.maximum - state.minimum) / 10));
        row.slider->setValue(state.value);
    }
    row.value->setText(canBeSet || state.condition == Condition::Locked ? QString::number(state.value) : QString());
    const QString reason = reasonOf(state);
    row.reason->setText(reason);
    row.reason->setVisible(!reason.isEmpty());
    row.slider->setToolTip(reason.toHtmlEscaped());
    row.slider->setAccessibleDescription(reason);
}

void CameraSettingsCard::tell(const Row &row)
{
    if (m_isShowing)
        return;
    const int offset = row.slider->value() - row.slider->minimum();
    const int value = row.slider->minimum() + offset / row.step * row.step;
    row.value->setText(QString::number(value));
    row.slider->setEnabled(!row.automatic->isChecked());
    Q_EMIT adjusted(row.control, row.automatic->isChecked(), value);
}

} // namespace auroraedge::ui
