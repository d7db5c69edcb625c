#pragma once

#include "ui/charts/chart.h"

#include <QWidget>

#include <memory>

namespace auroraedge::ui {

class Theme;

/// A chart on the screen. Arrow keys, the pointer or a touch mark one place of it, which is told as text; Enter and a
/// press open it; Home and End go to the first and the last one.
class ChartView final : public QWidget
{
    Q_OBJECT

public:
    ChartView(const Theme &theme, QWidget *parent);

    void setChart(std::shared_ptr<const Chart> chart); ///< null: nothing is drawn
    [[nodiscard]] const std::shared_ptr<const Chart> &chart() const { return m_chart; }
    [[nodiscard]] const QList<ChartMark> &marks() const { return m_marks; }
    [[nodiscard]] int marked() const { return m_marked; } ///< -1: none
    [[nodiscard]] QRect markedBox() const; ///< as it is outlined; null: none

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;

Q_SIGNALS:
    void markChanged(const QString &text); ///< empty: nothing is marked
    void opened(const auroraedge::ui::ReviewFilter &filter);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    void mark(int index);
    void layOut();

    const Theme &m_theme;
    std::shared_ptr<const Chart> m_chart;
    QList<ChartMark> m_marks;
    int m_marked = -1;
};

} // namespace auroraedge::ui
