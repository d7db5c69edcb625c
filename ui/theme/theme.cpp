#include "ui/theme/theme.h"

#include "ui/theme/svg_icon_engine.h"

#include <QApplication>
#include <QFile>
#include <QFontDatabase>
#include <QLocale>
#include <QPalette>
#include <QStyle>
#include <QStyleFactory>
#include <QWidget>

#include <algorithm>
#include <cmath>
#include <utility>

namespace auroraedge::ui {

namespace {

ThemeColours darkColours()
{
    ThemeColours c;
    c.window = QColor(0x11, 0x13, 0x16);
    c.surface = QColor(0x1a, 0x1d, 0x21);
    c.raised = QColor(0x24, 0x28, 0x2d);
    c.hover = QColor(0x2d, 0x32, 0x38);
    c.pressed = QColor(0x36, 0x3c, 0x43);
    c.outline = QColor(0x35, 0x3a, 0x41);
    c.outlineStrong = QColor(0x72, 0x7a, 0x85);
    c.text = QColor(0xee, 0xf0, 0xf2);
    c.textMuted = QColor(0xa9, 0xb0, 0xb9);
    c.textDisabled = QColor(0x8a, 0x91, 0x9b);
    c.accent = QColor(0x8a, 0xb0, 0xf5);
    c.accentHover = QColor(0xa0, 0xc0, 0xf8);
    c.accentPressed = QColor(0x76, 0x9f, 0xea);
    c.onAccent = QColor(0x0d, 0x17, 0x2b);
    c.accentSoft = QColor(0x22, 0x2d, 0x42);
    c.accentText = QColor(0x9d, 0xbd, 0xf7);
    c.ok = QColor(0x4c, 0xc3, 0x8a);
    c.onOk = QColor(0x06, 0x1b, 0x11);
    c.ng = QColor(0xd9, 0x36, 0x3e);
    c.ngSoft = QColor(0x3a, 0x1a, 0x1d);
    c.onNg = QColor(0xff, 0xff, 0xff);
    c.unsure = QColor(0xf2, 0xb0, 0x3d);
    c.unsureSoft = QColor(0x36, 0x2a, 0x12);
    c.onUnsure = QColor(0x24, 0x18, 0x00);
    c.okText = QColor(0x5f, 0xd3, 0x9b);
    c.ngText = QColor(0xff, 0x8a, 0x8c);
    c.unsureText = QColor(0xf5, 0xbd, 0x5a);
    c.stage = QColor(0x08, 0x09, 0x0b);
    c.overlay = QColor(0x0b, 0x0d, 0x10);
    c.onOverlay = QColor(0xf2, 0xf4, 0xf6);
    c.focus = QColor(0xa9, 0xc6, 0xfa);
    return c;
}

ThemeColours lightColours()
{
    ThemeColours c;
    c.window = QColor(0xf0, 0xf1, 0xf3);
    c.surface = QColor(0xff, 0xff, 0xff);
    c.raised = QColor(0xf3, 0xf4, 0xf6);
    c.hover = QColor(0xe8, 0xea, 0xed);
    c.pressed = QColor(0xdc, 0xdf, 0xe4);
    c.outline = QColor(0xcf, 0xd3, 0xda);
    c.outlineStrong = QColor(0x82, 0x89, 0x93);
    c.text = QColor(0x16, 0x19, 0x1d);
    c.textMuted = QColor(0x52, 0x59, 0x63);
    c.textDisabled = QColor(0x66, 0x6d, 0x77);
    c.accent = QColor(0x2b, 0x5c, 0xbf);
    c.accentHover = QColor(0x24, 0x50, 0xab);
    c.accentPressed = QColor(0x1d, 0x44, 0x94);
    c.onAccent = QColor(0xff, 0xff, 0xff);
    c.accentSoft = QColor(0xe3, 0xea, 0xf8);
    c.accentText = QColor(0x24, 0x52, 0xaf);
    c.ok = QColor(0x17, 0x7a, 0x4c);
    c.onOk = QColor(0xff, 0xff, 0xff);
    c.ng = QColor(0xc2, 0x25, 0x2e);
    c.ngSoft = QColor(0xfb, 0xe6, 0xe7);
    c.onNg = QColor(0xff, 0xff, 0xff);
    c.unsure = QColor(0xf5, 0xb5, 0x41);
    c.unsureSoft = QColor(0xfd, 0xf1, 0xd8);
    c.onUnsure = QColor(0x2b, 0x1d, 0x00);
    c.okText = QColor(0x12, 0x69, 0x40);
    c.ngText = QColor(0xb0, 0x1d, 0x26);
    c.unsureText = QColor(0x7c, 0x4f, 0x00);
    c.stage = QColor(0x1d, 0x20, 0x24);
    c.overlay = QColor(0x0b, 0x0d, 0x10);
    c.onOverlay = QColor(0xf2, 0xf4, 0xf6);
    c.focus = QColor(0x1f, 0x55, 0xc4);
    return c;
}

double luminance(const QColor &colour)
{
    const auto linear = [](double channel) {
        return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

/// The first family that is installed. A Chinese window takes a family that has both scripts: glyphs of a second one would
/// come in another weight.
QString preferredFamily()
{
    const QString chinese = QStringLiteral("Noto Sans CJK SC");
    if (QLocale().language() == QLocale::Chinese && QFontDatabase::hasFamily(chinese))
        return chinese;
    for (const QString &family : {QStringLiteral("Inter"), QStringLiteral("Noto Sans"), QStringLiteral("Segoe UI"),
                                  QStringLiteral("Cantarell"), QStringLiteral("DejaVu Sans")}) {
        if (QFontDatabase::hasFamily(family))
            return family;
    }
    return QFontDatabase::systemFont(QFontDatabase::GeneralFont).family();
}

} // namespace

double contrastRatio(const QColor &a, const QColor &b)
{
    const auto [low, high] = std::minmax({luminance(a), luminance(b)});
    return (high + 0.05) / (low + 0.05);
}

void restyle(QWidget *widget)
{
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
}

Theme::Theme(ThemeKind kind, QObject *parent)
    : QObject(parent), m_kind(kind), m_colours(coloursOf(kind)), m_family(preferredFamily())
{
}

ThemeColours Theme::coloursOf(ThemeKind kind)
{
    return kind == ThemeKind::Dark ? darkColours() : lightColours();
}

void Theme::applyTo(QApplication &application)
{
    m_application = &application;
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    apply();
}

void Theme::setKind(ThemeKind kind)
{
    if (kind == m_kind)
        return;
    m_kind = kind;
    m_colours = coloursOf(kind);
    apply();
    Q_EMIT changed();
}

QFont Theme::font(TextRole role) const
{
    QFont font;
    font.setFamilies({m_family, QStringLiteral("Noto Sans CJK SC"), QStringLiteral("Noto Sans SC")});
    const auto set = [&font](int px, QFont::Weight weight) {
        font.setPixelSize(px);
        font.setWeight(weight);
    };
    switch (role) {
    case TextRole::Display: set(40, QFont::DemiBold); break;
    case TextRole::Title: set(22, QFont::DemiBold); break;
    case TextRole::Heading: set(16, QFont::DemiBold); break;
    case TextRole::Body: set(15, QFont::Normal); break;
    case TextRole::Label: set(14, QFont::Medium); break;
    case TextRole::Caption: set(13, QFont::Normal); break;
    }
    return font;
}

QIcon Theme::icon(const QString &name, const QColor &colour) const
{
    return QIcon(new SvgIconEngine(name, colour, m_colours.textDisabled));
}

void Theme::apply()
{
    if (!m_application)
        return;
    QPalette palette;
    palette.setColor(QPalette::Window, m_colours.window);
    palette.setColor(QPalette::Base, m_colours.surface);
    palette.setColor(QPalette::AlternateBase, m_colours.raised);
    palette.setColor(QPalette::Button, m_colours.raised);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::ToolTipText})
        palette.setColor(role, m_colours.text);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, m_colours.textDisabled);
    palette.setColor(QPalette::PlaceholderText, m_colours.textMuted);
    palette.setColor(QPalette::ToolTipBase, m_colours.raised);
    palette.setColor(QPalette::Highlight, m_colours.accent);
    palette.setColor(QPalette::HighlightedText, m_colours.onAccent);
    palette.setColor(QPalette::Link, m_colours.accentText);
    QApplication::setPalette(palette);
    QApplication::setFont(font(TextRole::Body));
    m_application->setStyleSheet(styleSheet());
}

QString Theme::styleSheet() const
{
    QFile file(QStringLiteral(":/auroraedge/themes/style.qss"));
    if (!file.open(QIODevice::ReadOnly)) {
        qWarning("The style sheet is missing");
        return {};
    }
    QString sheet = QString::fromUtf8(file.readAll());
    const ThemeColours &c = m_colours;
    const std::pair<const char *, QColor> tokens[] = {
        {"window", c.window},           {"surface", c.surface},
        {"raised", c.raised},           {"hover", c.hover},
        {"pressed", c.pressed},         {"outline", c.outline},
        {"outlineStrong", c.outlineStrong}, {"text", c.text},
        {"textMuted", c.textMuted},     {"textDisabled", c.textDisabled},
        {"accent", c.accent},           {"accentHover", c.accentHover},
        {"accentPressed", c.accentPressed}, {"onAccent", c.onAccent},
        {"accentSoft", c.accentSoft},   {"accentText", c.accentText},
        {"ngSoft", c.ngSoft},           {"ngText", c.ngText},
        {"unsureSoft", c.unsureSoft},   {"unsureText", c.unsureText},
        {"ok", c.ok},                   {"onOk", c.onOk},
        {"ng", c.ng},                   {"onNg", c.onNg},
        {"unsure", c.unsure},           {"onUnsure", c.onUnsure},
        {"okText", c.okText},           {"overlay", c.overlay},
        {"onOverlay", c.onOverlay},     {"focus", c.focus},
    };
    for (const auto &[name, colour] : tokens)
        sheet.replace(QLatin1Char('@') + QLatin1String(name) + QLatin1Char('@'), colour.name());
    return sheet;
}

} // namespace auroraedge::ui
