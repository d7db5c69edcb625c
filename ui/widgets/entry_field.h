#pragma once

#include <QKeyEvent>
#include <QLineEdit>

namespace auroraedge::ui {

/// A line to type in whose Enter is its own: it never reaches the page, where Enter means something else. Held down it enters
/// once.
class EntryField final : public QLineEdit
{
    Q_OBJECT

public:
    using QLineEdit::QLineEdit;

Q_SIGNALS:
    void entered(const QString &text);

protected:
    void keyPressEvent(QKeyEvent *event) override
    {
        if (event->key() != Qt::Key_Return && event->key() != Qt::Key_Enter)
            QLineEdit::keyPressEvent(event);
        else if (!event->isAutoRepeat())
            Q_EMIT entered(text().trimmed());
    }
};

} // namespace auroraedge::ui
