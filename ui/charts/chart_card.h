#pragma once

#include "ui/charts/chart_export.h"
#include "ui/models/statistics_page.h"

#include <QFrame>

class QLabel;
class QProgressBar;
class QToolButton;

namespace auroraedge::ui {

class ChartView;
class ElidedLabel;
class Theme;

/// A chart with its title, what the marked place of it tells, and where its counting stands.
class ChartCard final : public QFrame
{
    Q_OBJECT

public:
    ChartCard(const Theme &theme, const QString &name, QWidget *parent);

    /// @p sentence: of a failure. What was counted before is drawn until it is counted anew.
    void show(const ChartPointer &chart, PartState state, const QString &sentence);
    [[nodiscard]] ChartPointer readyChart() const; ///< null while there is nothing to draw, or it is being counted
    [[nodiscard]] ChartView &view() { return *m_view; }

Q_SIGNALS:
    void savePressed();

private:
    void refresh();

    const Theme &m_theme;
    bool m_isReady = false;
    QLabel *m_title = nullptr;
    QToolButton *m_save = nullptr;
    ElidedLabel *m_told = nullptr;
    ElidedLabel *m_state = nullptr;
    QProgressBar *m_progress = nullptr;
    ChartView *m_view = nullptr;
};

} // namespace auroraedge::ui
