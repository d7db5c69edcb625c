#pragma once

#include "ui/models/shift_counters.h"

#include <QFrame>
#include <QList>

class QGridLayout;
class QLabel;
class QPushButton;
class QToolButton;

namespace auroraedge::ui {

class ElidedLabel;
class Theme;

/// What was answered since the counters were reset. Resetting is asked back in the card itself.
class ShiftCard final : public QFrame
{
    Q_OBJECT

public:
    explicit ShiftCard(const Theme &theme, QWidget *parent = nullptr);

    void setCounters(const ShiftCounters &counters);
    [[nodiscard]] bool isAskingBack() const;
    void keep(); ///< no reset; nothing when it is not asked

    /// In one line, or in two where the card is narrower than kRoomForOneLinePx.
    void setLines(int lines);
    [[nodiscard]] static int heightPx(int lines);
    static constexpr int kRoomForOneLinePx = 560;

Q_SIGNALS:
    void resetChosen();

private:
    struct Figure
    {
        QLabel *value = nullptr, *title = nullptr;
    };
    QLabel *addFigure(const char *name, const QString &title);
    void askBack(bool isAsking);
    void refreshIcon();

    const Theme &m_theme;
    QWidget *m_body = nullptr;
    QGridLayout *m_grid = nullptr;
    QList<Figure> m_figures;
    int m_lines = 0;
    QLabel *m_total = nullptr, *m_ok = nullptr, *m_ng = nullptr, *m_unsure = nullptr, *m_failed = nullptr, *m_yield = nullptr,
           *m_lastHour = nullptr, *m_since = nullptr;
    QToolButton *m_reset = nullptr;
    QWidget *m_question = nullptr;
    QPushButton *m_keep = nullptr;
};

} // namespace auroraedge::ui
