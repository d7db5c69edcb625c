#include "ui/widgets/preset_bar.h"

#include "ui/theme/theme.h"
#include "ui/widgets/painting.h"

#include <QGridLayout>
#include <QPainter>

#include <algorithm>

namespace auroraedge::ui {

PresetButton::PresetButton(const Theme &theme, int number, const PresetQuestion &preset, QWidget *parent)
    : QAbstractButton(parent), m_theme(theme), m_key(QStringLiteral("F%1").arg(number))
{
    setObjectName(QStringLiteral("preset%1").arg(number));
    setText(preset.label.isEmpty() ? preset.question : preset.label);
    setAccessibleName(tr("%1, key %2").arg(preset.question, m_key));
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAttribute(Qt::WA_Hover);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

int PresetButton::keyWidth() const
{
    return QFontMetrics(m_theme.font(TextRole::Caption)).horizontalAdvance(m_key) + 2 * 6;
}

QSize PresetButton::sizeHint() const
{
    return {keyWidth() + QFontMetrics(m_theme.font(TextRole::Label)).horizontalAdvance(text()) + 3 * space::kM, kTouchPx};
}

QSize PresetButton::minimumSizeHint() const
{
    return {keyWidth() + 3 * space::kM + 40, kTouchPx};
}

void PresetButton::paintEvent(QPaintEvent *)
{
    const ThemeColours &c = m_theme.colours();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(c.outline, 1));
    painter.setBrush(!isEnabled() ? c.surface : isDown() ? c.pressed : underMouse() ? c.hover : c.surface);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius::kMedium, radius::kMedium);

    const QRectF key(space::kM, (height() - 24) / 2.0, keyWidth(), 24);
    painter.setPen(Qt::NoPen);
    painter.setBrush(isEnabled() ? c.accentSoft : c.raised);
    painter.drawRoundedRect(key, radius::kSmall, radius::kSmall);
    painter.setFont(m_theme.font(TextRole::Caption));
    painter.setPen(isEnabled() ? c.accentText : c.textDisabled);
    painter.drawText(key, Qt::AlignCenter, m_key);

    painter.setFont(m_theme.font(TextRole::Label));
    painter.setPen(isEnabled() ? c.text : c.textDisabled);
    const QRectF label = QRectF(rect()).adjusted(key.right() + space::kM, 0, -space::kM, 0);
    painter.drawText(label, Qt::AlignVCenter | Qt::AlignLeft,
                     painter.fontMetrics().elidedText(text(), Qt::ElideRight, int(label.width())));
    if (hasFocus())
        paintFocusRing(painter, QRectF(rect()), radius::kMedium, c.focus);
}

PresetBar::PresetBar(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("presetBar"));
    m_grid = new QGridLayout(this);
    m_grid->setContentsMargins({});
    m_grid->setSpacing(space::kS);
    setVisible(false);
}

void PresetBar::setPresets(const PresetQuestions &presets)
{
    qDeleteAll(m_buttons);
    m_buttons.clear();
    m_presets = presets.mid(0, kMaxPresets);
    for (int index = 0; index < m_presets.size(); ++index) {
        auto *button = new PresetButton(m_theme, index + 1, m_presets.at(index), this);
        button->setToolTip(m_presets.at(index).question.toHtmlEscaped());
        connect(button, &QAbstractButton::clicked, this, [this, index] { Q_EMIT chosen(index); });
        m_buttons.append(button);
    }
    m_columns = 0;
    arrange();
    setVisible(!m_buttons.isEmpty());
}

void PresetBar::setObstacle(const QString &obstacle)
{
    for (int index = 0; index < m_buttons.size(); ++index) {
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
    if (m_buttons.isEmpty())
        return;
    const int count = int(m_buttons.size());
    int widest = 0;
    for (const PresetButton *button : m_buttons)
        widest = std::max(widest, button->sizeHint().width());
    widest = std::clamp(widest, 140, 260);
    const int fitting = std::clamp((width() + space::kS) / (widest + space::kS), 1, count);
    const int rows = (count + fitting - 1) / fitting;
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
