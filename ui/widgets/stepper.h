#pragma once

#include <QList>
#include <QWidget>

class QLineEdit;
class QToolButton;

namespace auroraedge::ui {

class Theme;

/// A number with its unit, between a button for less and one for more. It steps through given values; any value
/// between the first and the last of them can be typed.
class Stepper final : public QWidget
{
    Q_OBJECT

public:
    /// @p name: of the field; the buttons are called nameLess and nameMore. @p steps: rising, at least two.
    Stepper(const Theme &theme, const QString &name, const QString &title, const QString &unit, const QList<double> &steps,
            QWidget *parent);

    [[nodiscard]] double value() const { return m_value; }
    /// Not while it is being typed into.
    void setValue(double value);

Q_SIGNALS:
    void changed(double value); ///< by a person

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void refresh();
    void refreshIcons();
    void take(double value);
    void takeTyped();
    void step(int direction);

    const Theme &m_theme;
    QString m_unit;
    QList<double> m_steps;
    double m_value;
    QLineEdit *m_field = nullptr;
    QToolButton *m_less = nullptr;
    QToolButton *m_more = nullptr;
};

} // namespace auroraedge::ui
