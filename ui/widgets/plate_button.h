#pragma once

#include "ui/models/verdict.h"

#include <QAbstractButton>
#include <QColor>

#include <optional>

namespace auroraedge::ui {

class Theme;

/// A button for grounds of any colour, the field of a verdict above all: its colours are given, not the theme's.
class PlateButton final : public QAbstractButton
{
    Q_OBJECT

public:
    /// Outlined; filled with its ink; as the other buttons of a page, and its mark in the colours of its verdict.
    enum class Weight { Plain = 1, Strong, Calm };

    PlateButton(const Theme &theme, Weight weight, QWidget *parent);

    void setLabel(const QString &text);
    /// @p key: shown on the button, as it is pressed.
    void setKey(const QString &key);
    /// What the press will make of the answer, shown as its mark.
    void setMark(Verdict verdict);
    void setColours(const QColor &ground, const QColor &ink);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    [[nodiscard]] int padding() const;
    [[nodiscard]] int besideText(bool withKey) const; ///< width of all that is not the label
    /// Where no word has to be broken for it; the line of hints tells the key, too.
    [[nodiscard]] bool showsKey() const;
    [[nodiscard]] int keyWidth() const;
    [[nodiscard]] int longestWord() const;
    [[nodiscard]] QFont labelFont() const;

    const Theme &m_theme;
    Weight m_weight;
    QString m_key;
    std::optional<Verdict> m_mark;
    QColor m_ground, m_ink;
};

} // namespace auroraedge::ui
