#pragma once

#include "ui/charts/chart.h"
#include "ui/models/statistics_page.h"

#include <QCoreApplication>

#include <memory>
#include <optional>

namespace auroraedge::ui {

/// Who said what beside whom: the machine and people, or people among themselves.
class MatrixChart final : public Chart
{
    Q_DECLARE_TR_FUNCTIONS(auroraedge::ui::MatrixChart)

public:
    /// Machine down, newest human verdict across.
    [[nodiscard]] static std::shared_ptr<const Chart> confusion(const VerdictTable &table, const ReviewFilter &about);
    /// Each reviewer with each other: kappa and how many answers it is of.
    [[nodiscard]] static std::shared_ptr<const Chart> agreement(const Agreements &agreements, const ReviewFilter &about);

    [[nodiscard]] QString title() const override { return m_title; }
    [[nodiscard]] QString summary() const override { return m_summary; }
    [[nodiscard]] bool isEmpty() const override { return m_cells.isEmpty(); }
    [[nodiscard]] int heightFor(int width, const Theme &theme) const override;
    [[nodiscard]] QList<ChartMark> marks(const QRectF &area, const Theme &theme) const override;
    void paint(QPainter &painter, const QRectF &area, const Theme &theme) const override;

private:
    struct Head
    {
        QString name;
        std::optional<Verdict> verdict; ///< shown with its mark
    };
    struct Cell
    {
        int row = 0, column = 0;
        QString figure = {}, note = {}; ///< note: small below it
        double depth = 0;     ///< of its ground, 0 to 1
        bool isWarning = false; ///< framed
        QString told = {};
        ReviewFilter opens = {};
        qint64 count = 0; ///< of the answers that it opens
    };
    [[nodiscard]] QRectF boxOf(int row, int column, const QRectF &area, const Theme &theme) const;
    [[nodiscard]] double headsPx(const QRectF &area, const Theme &theme) const;
    void paintHead(QPainter &painter, const QRectF &box, const Head &head, Qt::Alignment alignment, const Theme &theme) const;

    QString m_title, m_summary;
    QString m_down, m_across; ///< what the rows and the columns are; may be empty
    QList<Head> m_rows, m_columns;
    QList<Cell> m_cells; ///< in reading order
};

} // namespace auroraedge::ui
