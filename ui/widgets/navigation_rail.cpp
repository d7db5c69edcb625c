#include "ui/widgets/navigation_rail.h"

#include "ui/theme/theme.h"

#include <QShortcut>
#include <QToolButton>
#include <QVBoxLayout>

namespace auroraedge::ui {

NavigationRail::NavigationRail(const Theme &theme, QWidget *parent) : QFrame(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("navigationRail"));
    setAccessibleName(tr("Pages"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::kS, space::kM, space::kS, space::kM);
    column->setSpacing(space::kXs);
    column->addStretch();
    connect(&theme, &Theme::changed, this, &NavigationRail::refresh);
}

void NavigationRail::addPage(const QString &name, const QString &title, const QString &icon, bool atEnd)
{
    const int index = int(m_buttons.size());
    auto *button = new QToolButton(this);
    button->setObjectName(name);
    button->setText(title);
    button->setAccessibleName(title);
    button->setCheckable(true);
    button->setFocusPolicy(Qt::TabFocus);
    button->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
    button->setIconSize({24, 24});
    button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    const QKeySequence keys(Qt::CTRL | Qt::Key(Qt::Key_1 + index));
    button->setToolTip(keys.toString(QKeySequence::NativeText));
    auto *column = static_cast<QVBoxLayout *>(layout());
    column->insertWidget(atEnd ? column->count() : index, button);
    m_buttons.append(button);
    m_icons.append(icon);
    connect(button, &QToolButton::clicked, this, [this, index] { Q_EMIT chosen(index); });
    connect(new QShortcut(keys, this), &QShortcut::activated, this, [this, index] { Q_EMIT chosen(index); });
    refresh();
}

void NavigationRail::setCurrent(int index)
{
    for (int other = 0; other < m_buttons.size(); ++other)
        m_buttons.at(other)->setChecked(other == index);
    refresh();
}

void NavigationRail::refresh()
{
    for (int index = 0; index < m_buttons.size(); ++index) {
        QToolButton *button = m_buttons.at(index);
        const ThemeColours &c = m_theme.colours();
        button->setIcon(m_theme.icon(m_icons.at(index), button->isChecked() ? c.accentText : c.textMuted));
    }
}

} // namespace auroraedge::ui
