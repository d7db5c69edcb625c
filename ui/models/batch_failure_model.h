#pragma once

#include "ui/models/batch.h"

#include <QAbstractListModel>

namespace auroraedge::ui {

/// The pictures of one job that got no answer, newest first: at most kMost of them. Thread: GUI.
class BatchFailureModel final : public QAbstractListModel
{
    Q_OBJECT

public:
    static constexpr qsizetype kMost = 10'000;

    using QAbstractListModel::QAbstractListModel;

    void setFailures(const BatchFailures &newestFirst);
    void add(const BatchFailures &newestFirst); ///< before those that are there; the oldest beyond kMost go
    [[nodiscard]] const BatchFailure &at(int row) const { return m_failures.at(row); }
    [[nodiscard]] qsizetype count() const { return m_failures.size(); }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

private:
    BatchFailures m_failures;
};

} // namespace auroraedge::ui
