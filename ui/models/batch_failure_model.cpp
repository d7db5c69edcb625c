#include "ui/models/batch_failure_model.h"

#include <algorithm>

namespace auroraedge::ui {

void BatchFailureModel::setFailures(const BatchFailures &newestFirst)
{
    beginResetModel();
    m_failures = newestFirst.first(std::min(newestFirst.size(), kMost));
    endResetModel();
}

void BatchFailureModel::add(const BatchFailures &newestFirst)
{
    const BatchFailures added = newestFirst.first(std::min(newestFirst.size(), kMost));
    if (added.isEmpty())
        return;
    beginInsertRows({}, 0, int(added.size()) - 1);
    m_failures = added + m_failures;
    endInsertRows();
    if (m_failures.size() <= kMost)
        return;
    beginRemoveRows({}, int(kMost), int(m_failures.size()) - 1);
    m_failures.resize(kMost);
    endRemoveRows();
}

int BatchFailureModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_failures.size());
}

QVariant BatchFailureModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const BatchFailure &failure = m_failures.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole: return tr("%1: %2: %3").arg(failure.path, failure.code, failure.reason);
    case Qt::ToolTipRole:
        return QStringLiteral("%1<br>%2: %3").arg(failure.path.toHtmlEscaped(), failure.code.toHtmlEscaped(), failure.reason.toHtmlEscaped());
    default: return {};
    }
}

} // namespace auroraedge::ui
