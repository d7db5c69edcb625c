#pragma once

#include <QStringList>
#include <QWidget>

class QLineEdit;
class QPushButton;
class QToolButton;

namespace auroraedge::ui {

class ElidedLabel;
class Theme;

/// The question field with its history (Up, Down), Ask, the tools of the picture, and a line of hints below.
class AskBar final : public QWidget
{
    Q_OBJECT

public:
    explicit AskBar(const Theme &theme, QWidget *parent = nullptr);

    [[nodiscard]] QString question() const; ///< trimmed
    [[nodiscard]] bool isTooLong() const { return m_isTooLong; } ///< what stands in the field; it is not to be asked
    void remember(const QString &question); ///< newest at the end; repeats move up
    /// @p question: what an empty field repeats; empty = nothing yet.
    void setRepeatable(const QString &question);
    void setFrozen(bool isFrozen);
    /// Whether there is a picture to freeze and to draw a region on.
    void setHasPicture(bool hasPicture);
    void setRegionMarked(bool isMarked); ///< a region is set or being drawn
    void setTriggerMarked(bool isMarked); ///< a trigger runs or is being set
    void setBusy(bool isBusy);
    /// @p obstacle: why asking is not possible; empty = it is.
    void setObstacle(const QString &obstacle);
    /// The keys of what is being done, in place of those for asking; empty: those for asking.
    void setKeys(const QString &keys);
    /// A sentence in place of the key hints until the next change of state.
    void showHint(const QString &sentence);
    void focusField();
    void setHintVisible(bool isVisible);
    [[nodiscard]] bool askHasFocus() const; ///< the button

Q_SIGNALS:
    void askPressed();
    void freezePressed();
    void regionPressed();
    void triggerPressed();
    void escapePressed();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void refresh();
    void step(int direction);

    const Theme &m_theme;
    QLineEdit *m_field = nullptr;
    QPushButton *m_ask = nullptr;
    QToolButton *m_freeze = nullptr;
    QToolButton *m_region = nullptr;
    QToolButton *m_trigger = nullptr;
    ElidedLabel *m_hint = nullptr;
    QStringList m_history;
    QString m_draft; ///< what stood in the field before Up
    qsizetype m_position = -1; ///< in m_history; -1 = the draft
    QString m_obstacle, m_keys;
    bool m_isFrozen = false;
    bool m_isBusy = false;
    bool m_isTooLong = false;
};

} // namespace auroraedge::ui
