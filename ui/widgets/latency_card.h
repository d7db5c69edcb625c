#pragma once

#include "engine/api/inspector.h"

#include <QFrame>
#include <QList>

class QPainter;
class QRectF;

namespace auroraedge::ui {

class Theme;

/// Where the time of an answer went: one stacked bar and a legend in milliseconds.
class LatencyCard final : public QFrame
{
    Q_OBJECT

public:
    struct Part
    {
        QString name;
        double ms = 0;
    };

    explicit LatencyCard(const Theme &theme, QWidget *parent = nullptr);

    void clear();
    /// One line, bar and total; the legend is left to the tool tip and to the view of a stored answer.
    void setSlim(bool isSlim);
    void showLatencies(const StageLatencies &latency, bool encoderReused, int answerTokens);
    /// The parts of @p latency in the order of the stages; generating is what ask() took beyond the named stages.
    [[nodiscard]] static QList<Part> parts(const StageLatencies &latency);

    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] int lineHeight() const; ///< of the legend
    [[nodiscard]] int barBottom() const;  ///< above the legend
    void paintSlim(QPainter &painter, const QRect &inner) const;
    void paintFull(QPainter &painter, const QRect &inner) const;
    void paintBar(QPainter &painter, const QRectF &bar) const;

    const Theme &m_theme;
    QList<Part> m_parts;
    bool m_isSlim = false;
    double m_totalMs = 0;
    QString m_note;
};

} // namespace auroraedge::ui
