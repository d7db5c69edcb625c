#include "ui/widgets/answer_text.h"

#include "ui/theme/theme.h"

#include <QKeyEvent>
#include <QScrollBar>

namespace auroraedge::ui {

AnswerText::AnswerText(const Theme &theme, QWidget *parent) : QPlainTextEdit(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("answerText"));
    setAccessibleName(tr("Answer"));
    setReadOnly(true);
    setTabChangesFocus(true);
    setFrameShape(QFrame::NoFrame);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setMinimumHeight(48);
    document()->setDocumentMargin(0);
    viewport()->setAutoFillBackground(false);
}

void AnswerText::setAnswer(const QString &text)
{
    setPlainText(text);
    fitFont();
    verticalScrollBar()->setValue(0);
}

void AnswerText::append(const QString &piece)
{
    QTextCursor cursor(document());
    cursor.movePosition(QTextCursor::End);
    cursor.insertText(piece);
    fitFont();
    verticalScrollBar()->setValue(verticalScrollBar()->maximum());
}

void AnswerText::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_PageUp:
    case Qt::Key_PageDown: QPlainTextEdit::keyPressEvent(event); return;
    default: break;
    }
    if (event->matches(QKeySequence::Copy) || event->matches(QKeySequence::SelectAll))
        QPlainTextEdit::keyPressEvent(event);
    else
        event->ignore(); // Space asks, F freezes: this is not a field
}

void AnswerText::resizeEvent(QResizeEvent *event)
{
    QPlainTextEdit::resizeEvent(event);
    fitFont();
}

void AnswerText::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::FontChange) // the style sheet has set its own
        fitFont();
}

void AnswerText::fitFont()
{
    const QString text = toPlainText();
    const QRect room = viewport()->rect();
    QFont fitting = m_theme.font(TextRole::Body);
    for (const int px : {72, 56, 40, 32, 26, 22, 18, 16}) {
        fitting = m_theme.font(TextRole::Display);
        fitting.setPixelSize(px);
        fitting.setWeight(px >= 26 ? QFont::DemiBold : px >= 20 ? QFont::Medium : QFont::Normal);
        if (text.size() > 400)
            continue; // only the smallest can hold it; measuring pages of text at every size is not free
        const QRect needed = QFontMetrics(fitting).boundingRect(room, Qt::TextWordWrap | Qt::TextWrapAnywhere, text);
        if (needed.height() <= room.height() && needed.width() <= room.width())
            break;
    }
    if (document()->defaultFont() != fitting)
        document()->setDefaultFont(fitting);
}

} // namespace auroraedge::ui
