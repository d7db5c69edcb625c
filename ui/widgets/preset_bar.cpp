#include "ui/widgets/preset_bar.h"

#include "ui/theme/theme.h"
#include "ui/widgets/painting.h"

#include <QGridLayout>
#include <QPainter>

#include <algorithm>

namespace auroraedge::ui {

namespace {
constexpr int kMaxRows = 2;
constexpr int kLabelLines = 2;
constexpr int kLeastTextPx = 48, kMostTextPx = 184; ///< width of a label
}

PresetButton::PresetButton(const Theme &theme, QWidget *parent) : QAbstractButton(parent), m_theme(theme)
{
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAttribute(Qt::WA_Hover);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void PresetButton::setPreset(int number, const PresetQuestion &preset)
{
    m_key = QStringLiteral("F%1").arg(number);
    setText(preset.label.isEmpty() ? preset.question : preset.label);
    setAccessibleName(tr("%1, key %2").arg(preset.question, m_key));
    updateGeometry();
}

int PresetButton::keyWidth() const
{
    return QFontMetrics(m_theme.font(TextRole::Caption)).horizontalAdvance(m_key) + 2 * 6;
}

QSize PresetButton::sizeHint() const
{
    int textWidth = kLeastTextPx;
    while (textWidth < kMostTextPx && !elidedLines(text(), m_theme.font(TextRole::Label), textWidth, kLabelLines).isWhole)
        textWidth += space::kS;
    return {keyWidth() + 3 * space::kS + textWidth, kTouchPx};
}

QSize PresetButton::minimumSizeHint() const
{
    return {keyWidth() + 3 * space::kS + kLeastTextPx, kTouchPx};
}

void PresetButton::paintEvent(QPaintEvent *)
{
    const ThemeColours &c = m_theme.colours();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(c.outline, 1));
    painter.setBrush(!isEnabled() ? c.surface : isDown() ? c.pressed : underMouse() ? c.hover : c.surface);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius::kMedium, radius::kMedium);

    const QRectF key(space::kS, (height() - 24) / 2.0, keyWidth(), 24);
    painter.setPen(Qt::NoPen);
    painter.setBrush(isEnabled() ? c.accentSoft : c.raised);
    painter.drawRoundedRect(key, radius::kSmall, radius::kSmall);
    painter.setFont(m_theme.font(TextRole::Caption));
    painter.setPen(isEnabled() ? c.accentText : c.textDisabled);
    painter.drawText(key, Qt::AlignCenter, m_key);

    painter.setFont(m_theme.font(TextRole::Label));
    painter.setPen(isEnabled() ? c.text : c.textDisabled);
    const QRect label = rect().adjusted(int(key.right()) + space::kS, 0, -space::kS, 0);
    const QStringList lines = elidedLines(text(), painter.font(), label.width(), kLabelLines).texts;
    paintLines(painter, label.adjusted(0, (height() - int(lines.size()) * painter.fontMetrics().height()) / 2, 0, 0), lines);
    if (hasFocus())
        paintFocusRing(painter, QRectF(rect()), radius::kMedium, c.focus);
}

PresetBar::PresetBar(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("presetBar"));
    m_grid = new QGridLayout(this);
    m_grid->setContentsMargins({});
    m_grid->setSpacing(space::kS);
    for (int index = 0; index < kMaxPresets; ++index) { // now, so that Tab finds them at their place
        auto *button = new PresetButton(m_theme, this);
        button->setObjectName(QStringLiteral("preset%1").arg(index + 1));
        connect(button, &QAbstractButton::clicked, this, [this, index] { Q_EMIT chosen(index); });
        m_buttons.append(button);
    }
    setPresets({});
}

void PresetBar::setPresets(const PresetQuestions &presets)
{
    m_presets = presets.mid(0, kMaxPresets);
    for (int index = 0; index < kMaxPresets; ++index) {
        const bool isUsed = index < m_presets.size();
        if (isUsed)
            m_buttons.at(index)->setPreset(index + 1, m_presets.at(index));
        m_buttons.at(index)->setVisible(isUsed);
    }
    setObstacle({});
    m_columns = 0;
    arrange();
    setVisible(!m_presets.isEmpty());
}

void PresetBar::setObstacle(const QString &obstacle)
{
    for (int index = 0; index < m_presets.size(); ++index) {
        m_buttons.at(index)->setEnabled(obstacle.isEmpty());
        m_buttons.at(index)->setToolTip((obstacle.isEmpty() ? m_presets.at(index).question : obstacle).toHtmlEscaped());
    }
}

void PresetBar::resizeEvent(QResizeEvent *)
{
    arrange();
}

void PresetBar::arrange()
{
    if (m_presets.isEmpty())
        return;
    const int count = int(m_presets.size());
    int widest = 0;
    for (int index = 0; index < count; ++index)
        widest = std::max(widest, m_buttons.at(index)->sizeHint().width());
    const int fitting = std::clamp((width() + space::kS) / (widest + space::kS), 1, count);
    const int rows = std::min((count + fitting - 1) / fitting, kMaxRows); // then rather a label on its tool tip
    const int columns = (count + rows - 1) / rows; // rows of equal length look tidier than a full one and a rest
    if (columns == m_columns)
        return;
    m_columns = columns;
    for (int column = 0; column < kMaxPresets; ++column)
        m_grid->setColumnStretch(column, column < columns ? 1 : 0);
    for (int index = 0; index < count; ++index)
        m_grid->addWidget(m_buttons.at(index), index / columns, index % columns);
}

} // namespace auroraedge::ui
