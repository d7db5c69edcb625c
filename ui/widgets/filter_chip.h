#pragma once

#include <QAbstractButton>

class QToolButton;

namespace auroraedge::ui {

class Theme;

/// One part of a filter: its name, and the value that it asks for with a cross that clears it. Enter and Space press it,
/// Delete clears it.
class FilterChip final : public QAbstractButton
{
    Q_OBJECT

public:
    enum class Kind {
        List = 1, ///< opens a list
        Switch,   ///< is on or off
        Told,     ///< tells what is asked for; a press clears it, as its cross does
    };

    FilterChip(const Theme &theme, Kind kind, const QString &title, QWidget *parent);

    void setValue(const QString &value); ///< empty: asks for nothing
    [[nodiscard]] const QString &value() const { return m_value; }
    [[nodiscard]] QString label() const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    void clearPressed();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void refresh();

    const Theme &m_theme;
    Kind m_kind;
    QString m_value;
    QToolButton *m_clear = nullptr;
};

} // namespace auroraedge::ui
