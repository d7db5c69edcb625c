#pragma once

#include <QAbstractButton>

namespace auroraedge::ui {

class Theme;

/// A button that names a thing and tells its state: icon, name in strong text, state below in small text with a dot.
class StateButton final : public QAbstractButton
{
    Q_OBJECT

public:
    enum class Tone { Neutral = 1, Active, Warning, Fault };

    StateButton(const Theme &theme, const QString &icon, QWidget *parent);
    void setState(const QString &name, const QString &state, Tone tone);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    QString m_icon;
    QString m_state;
    Tone m_tone = Tone::Neutral;
};

} // namespace auroraedge::ui
