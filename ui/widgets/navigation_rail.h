#pragma once

#include <QFrame>
#include <QList>

class QToolButton;

namespace auroraedge::ui {

class Theme;

/// The column of pages at the left; Ctrl+1, Ctrl+2, ... in their order.
class NavigationRail final : public QFrame
{
    Q_OBJECT

public:
    explicit NavigationRail(const Theme &theme, QWidget *parent = nullptr);

    /// @p atEnd puts the page at the bottom. Indices count up from 0 in the order of the calls.
    void addPage(const QString &name, const QString &title, const QString &icon, bool atEnd = false);
    void setCurrent(int index);

Q_SIGNALS:
    void chosen(int index);

private:
    void refresh();

    const Theme &m_theme;
    QList<QToolButton *> m_buttons;
    QList<QString> m_icons;
};

} // namespace auroraedge::ui
