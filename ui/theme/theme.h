#pragma once

#include <QColor>
#include <QFont>
#include <QIcon>
#include <QObject>
#include <QString>

class QApplication;
class QWidget;

namespace auroraedge::ui {

enum class ThemeKind { Dark = 1, Light };

/// Lengths in device-independent pixels.
namespace space {
inline constexpr int kXs = 4, kS = 8, kM = 12, kL = 16, kXl = 24, kXxl = 32;
}
namespace radius {
inline constexpr int kSmall = 6, kMedium = 10, kLarge = 14;
}
inline constexpr int kTouchPx = 56; ///< least height of anything that is pressed: 15 mm at 96 dpi, for gloves

/// Neutral greys, one calm accent; green, red and amber only for verdicts and faults.
struct ThemeColours
{
    QColor window, surface, raised, hover, pressed, outline, outlineStrong;
    QColor text, textMuted, textDisabled;
    QColor accent, accentHover, accentPressed, onAccent, accentSoft, accentText;
    QColor ok, onOk, ng, ngSoft, onNg, unsure, unsureSoft, onUnsure;
    QColor okText, ngText, unsureText; ///< as text on window, surface and the soft fills
    QColor stage, overlay, onOverlay;  ///< behind the picture; badges over the picture
    QColor focus;
};

enum class TextRole {
    Display = 1, ///< the answer, readable from two metres
    Title,
    Heading,
    Body,
    Label,
    Caption, ///< the smallest text of the program
};

/// The look of the program. Owned by the composition root; every widget that paints gets it in its constructor.
/// Thread: GUI.
class Theme final : public QObject
{
    Q_OBJECT

public:
    explicit Theme(ThemeKind kind = ThemeKind::Dark, QObject *parent = nullptr);

    /// Style, palette, font and style sheet of the whole application, now and after each setKind().
    void applyTo(QApplication &application);
    void setKind(ThemeKind kind);

    [[nodiscard]] ThemeKind kind() const { return m_kind; }
    [[nodiscard]] const ThemeColours &colours() const { return m_colours; }
    [[nodiscard]] QFont font(TextRole role) const;
    /// An icon of resources/icons, drawn in @p colour at any size.
    [[nodiscard]] QIcon icon(const QString &name, const QColor &colour) const;
    [[nodiscard]] QIcon icon(const QString &name) const { return icon(name, m_colours.text); }

    [[nodiscard]] static ThemeColours coloursOf(ThemeKind kind);

Q_SIGNALS:
    void changed();

private:
    void apply();
    [[nodiscard]] QString styleSheet() const;

    ThemeKind m_kind;
    ThemeColours m_colours;
    QString m_family;
    QApplication *m_application = nullptr;
};

/// Applies the style sheet anew to @p widget alone, after a property has changed that its rules ask for.
void restyle(QWidget *widget);

/// Contrast of two opaque colours, 1 to 21 (WCAG 2.1, relative luminance).
[[nodiscard]] double contrastRatio(const QColor &a, const QColor &b);

} // namespace auroraedge::ui
