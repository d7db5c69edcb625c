#pragma once

#include <QColor>
#include <QIconEngine>
#include <QString>

namespace auroraedge::ui {

/// Draws one icon of resources/icons in a given colour, sharp at every size and scale.
class SvgIconEngine final : public QIconEngine
{
public:
    /// @p name without folder and suffix; an unknown name draws nothing and warns in the log.
    SvgIconEngine(const QString &name, const QColor &colour, const QColor &disabledColour);

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state) override;
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override;
    [[nodiscard]] QIconEngine *clone() const override { return new SvgIconEngine(*this); }

private:
    QString m_name;
    QColor m_colour, m_disabledColour;
};

} // namespace auroraedge::ui
