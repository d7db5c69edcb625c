#include "ui/models/recent_model.h"

#include <algorithm>

namespace auroraedge::ui {

namespace {

/// Those that wait for a person first, then the newest.
bool comesBefore(const AnswerView &a, const AnswerView &b)
{
    return waitsForReview(a) != waitsForReview(b) ? waitsForReview(a) : a.answeredAt > b.answeredAt;
}

bool isSame(const AnswerView &a, const AnswerView &b)
{
    return a.row != 0 || b.row != 0 ? a.row == b.row : a.id == b.id;
}

} // namespace

void RecentModel::setAnswers(const AnswerViews &newestFirst)
{
    beginResetModel();
    m_answers = newestFirst;
    std::stable_partition(m_answers.begin(), m_answers.end(), waitsForReview);
    m_leftOut.clear();
    endResetModel();
    leaveOutWaiting();
    while (m_answers.size() > kMaxRows) // older ones that wait stay, others make room
        removeAt(int(m_answers.size()) - 1);
}

void RecentModel::add(const AnswerView &answer)
{
    const auto behindWaiting = std::find_if_not(m_answers.begin(), m_answers.end(), waitsForReview);
    insert(waitsForReview(answer) ? 0 : int(behindWaiting - m_answers.begin()), answer);
    leaveOutWaiting();
    if (m_answers.size() > kMaxRows)
        removeAt(kMaxRows);
}

void RecentModel::leaveOutWaiting()
{
    const auto firstOther = std::ranges::find_if_not(m_answers, waitsForReview);
    for (int index = int(firstOther - m_answers.begin()) - 1; index >= kMostWaiting; --index) {
        m_leftOut.insert(m_answers.at(index).row);
        removeAt(index);
    }
    Q_EMIT leftOutChanged();
}

void RecentModel::setReview(qint64 row, const Review &review)
{
    setReviewOf(row, review);
}

void RecentModel::withdrawReview(qint64 row)
{
    setReviewOf(row, std::nullopt);
}

void RecentModel::setReviewOf(qint64 row, const std::optional<Review> &review)
{
    if (review && m_leftOut.remove(row))
        Q_EMIT leftOutChanged();
    const auto found = std::find_if(m_answers.begin(), m_answers.end(), [row](const AnswerView &a) { return a.row == row; });
    if (row == 0 || found == m_answers.end())
        return;
    const int index = int(found - m_answers.begin());
    AnswerView answer = *found;
    answer.review = review;
    if (waitsForReview(answer) == waitsForReview(*found)) {
        found->review = review;
        Q_EMIT dataChanged(this->index(index), this->index(index));
        return;
    }
    removeAt(index);
    const auto behind = std::find_if(m_answers.begin(), m_answers.end(), [&](const AnswerView &other) { return !comesBefore(other, answer); });
    insert(int(behind - m_answers.begin()), answer); // it waits no longer, or again: to its place
    leaveOutWaiting();
}

int RecentModel::indexOf(const AnswerView &answer) const
{
    const auto found = std::find_if(m_answers.begin(), m_answers.end(), [&](const AnswerView &a) { return isSame(a, answer); });
    return found == m_answers.end() ? -1 : int(found - m_answers.begin());
}

void RecentModel::insert(int index, const AnswerView &answer)
{
    beginInsertRows({}, index, index);
    m_answers.insert(index, answer);
    endInsertRows();
}

void RecentModel::removeAt(int index)
{
    beginRemoveRows({}, index, index);
    m_answers.removeAt(index);
    endRemoveRows();
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
