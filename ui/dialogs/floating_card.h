#pragma once

#include <QFrame>
#include <QPointer>

namespace auroraedge::ui {

/// A card over the page; the live picture goes on behind it. Esc closes it, and so does a press beside it. While it is
/// open the focus stays inside, and keys do nothing on the page below.
class FloatingCard : public QFrame
{
    Q_OBJECT

public:
    FloatingCard(int widthPx, QWidget *parent);

    /// Opens with its right top corner at @p anchor (parent coordinates), kept inside the parent. A press on @p opener does
    /// not close it: that is left to the opener.
    void openAt(const QPoint &anchor, QWidget *opener);
    void close();

Q_SIGNALS:
    void closed();

protected:
    /// Gets the focus when the card opens.
    void setFirst(QWidget *first) { m_first = first; }
    /// Keeps the card inside its parent after its content has changed.
    virtual void fit();
    void keyPressEvent(QKeyEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;
    bool focusNextPrevChild(bool next) override;

    [[nodiscard]] QPoint anchor() const { return m_anchor; }

private:
    QPoint m_anchor;
    QWidget *m_first = nullptr;
    QPointer<QWidget> m_focusBefore;
    QPointer<QWidget> m_opener;
};

} // namespace auroraedge::ui
