#pragma once

#include <QAbstractButton>
#include <QApplication>
#include <QKeyEvent>

namespace auroraedge::ui {

/// Enter presses the button that has the focus, as Space does, before it means anything to the page; held down it presses
/// once. @return false where @p event is no such press.
inline bool pressFocusedButton(const QKeyEvent &event)
{
    auto *button = qobject_cast<QAbstractButton *>(QApplication::focusWidget());
    if (!button || (event.key() != Qt::Key_Return && event.key() != Qt::Key_Enter))
        return false;
    if (!event.isAutoRepeat())
        button->click();
    return true;
}

} // namespace auroraedge::ui
