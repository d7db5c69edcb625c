#include "ui/models/recent_model.h"

#include <algorithm>

namespace auroraedge::ui {

void RecentModel::setAnswers(AnswerViews newestFirst)
{
    beginResetModel();
    m_answers = std::move(newestFirst);
    m_answers.resize(std::min<qsizetype>(m_answers.size(), kMaxRows));
    endResetModel();
}

void RecentModel::prepend(const AnswerView &answer)
{
    beginInsertRows({}, 0, 0);
    m_answers.prepend(answer);
    endInsertRows();
    if (m_answers.size() > kMaxRows) {
        beginRemoveRows({}, kMaxRows, kMaxRows);
        m_answers.removeLast();
        endRemoveRows();
    }
}

int RecentModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_answers.size());
}

QVariant RecentModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_answers.size())
        return {};
    const AnswerView &answer = m_answers.at(index.row());
    switch (role) {
    case AnswerRole: return QVariant::fromValue(answer);
    case Qt::AccessibleTextRole: return QStringLiteral("%1 %2").arg(answer.question, answer.answer);
    default: return {};
    }
}

} // namespace auroraedge::ui
