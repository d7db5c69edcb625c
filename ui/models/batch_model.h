#pragma once

#include "ui/models/batch.h"

#include <QAbstractTableModel>

namespace auroraedge::ui {

/// The jobs of the Batch page in their order. Thread: GUI.
class BatchModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Name = 0, Progress, Speed, Verdicts, Failed, State };
    static constexpr int kColumns = 6;

    using QAbstractTableModel::QAbstractTableModel;

    /// Rows that stay where they are keep their place in views.
    void setJobs(const BatchJobs &jobs);
    [[nodiscard]] const BatchJobs &jobs() const { return m_jobs; }
    [[nodiscard]] int rowOf(qint64 id) const; ///< -1 when there is none

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    /// DisplayRole and AccessibleTextRole: what the cell says in words.
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    // Words of the cells, also for what paints them.
    [[nodiscard]] static QString progressText(const BatchFigures &figures); ///< "6,210 / 20,000", "118"
    [[nodiscard]] static QString rateText(const BatchFigures &figures);     ///< "2.4 / s"; empty when not known
    [[nodiscard]] static QString timeLeftText(const BatchFigures &figures); ///< "1 h 35 min"; empty when not known
    [[nodiscard]] static QString stateText(const BatchJob &job);
    [[nodiscard]] static QString stateDetail(const BatchJob &job); ///< the smaller line below it; may be empty

private:
    BatchJobs m_jobs;
};

/// "12 s", "8 min", "1 h 35 min", "3 days"
[[nodiscard]] QString timeText(double seconds);

} // namespace auroraedge::ui
