#include "ui/models/review_model.h"

#include <algorithm>

namespace auroraedge::ui {

ReviewModel::ReviewModel(QObject *parent, int thumbnailKiB) : QAbstractListModel(parent), m_thumbnails(thumbnailKiB) {}

void ReviewModel::setItems(const ReviewItems &newestFirst, bool hasOlder, bool hasNewer)
{
    beginResetModel();
    m_items = newestFirst.mid(0, kMaxItems);
    m_hasOlder = hasOlder || m_items.size() < newestFirst.size();
    m_hasNewer = hasNewer;
    m_marked.clear();
    endResetModel();
}

void ReviewModel::add(const ReviewItems &newestFirst, bool older, bool hasMore)
{
    (older ? m_hasOlder : m_hasNewer) = hasMore;
    QSet<qint64> held;
    for (const ReviewItem &item : std::as_const(m_items))
        held.insert(item.row());
    ReviewItems fresh = newestFirst;
    fresh.removeIf([&held](const ReviewItem &item) { return held.contains(item.row()); });
    if (fresh.isEmpty())
        return;
    const int at = older ? count() : 0;
    beginInsertRows({}, at, at + int(fresh.size()) - 1);
    m_items = older ? m_items + fresh : fresh + m_items;
    endInsertRows();
    const int surplus = count() - kMaxItems;
    if (surplus <= 0)
        return;
    const int first = older ? 0 : kMaxItems;
    beginRemoveRows({}, first, first + surplus - 1);
    m_items.remove(first, surplus);
    endRemoveRows();
    (older ? m_hasNewer : m_hasOlder) = true;
}

void ReviewModel::update(const ReviewItem &item)
{
    const int index = indexOf(item.row());
    if (index < 0)
        return;
    m_items[index] = item;
    changed(index);
}

void ReviewModel::setReview(qint64 row, const Review &review)
{
    const int index = indexOf(row);
    if (index < 0)
        return;
    ReviewItem &item = m_items[index];
    item.answer.review = review;
    item.reviewers.removeIf([&review](const Review &each) { return each.reviewer == review.reviewer; });
    item.reviewers.prepend(review);
    changed(index);
}

void ReviewModel::setThumbnail(qint64 row, const QImage &thumbnail)
{
    const int index = indexOf(row);
    if (index < 0)
        return; // it left before its picture came
    m_thumbnails.insert(row, new QImage(thumbnail), 1 + thumbnail.sizeInBytes() / 1024);
    changed(index);
}

void ReviewModel::setCondition(qint64 row, Condition condition)
{
    if (condition == Condition::Settled)
        m_conditions.remove(row);
    else
        m_conditions.insert(row, condition);
    if (const int index = indexOf(row); index >= 0)
        changed(index);
}

void ReviewModel::setMarked(qint64 row, bool isMarked)
{
    const int index = indexOf(row);
    if (index < 0)
        return;
    if (isMarked)
        m_marked.insert(row);
    else
        m_marked.remove(row);
    changed(index);
}

int ReviewModel::indexOf(qint64 row) const
{
    const auto found = std::ranges::find(m_items, row, &ReviewItem::row);
    return found == m_items.end() ? -1 : int(found - m_items.begin());
}

QImage ReviewModel::thumbnailAt(int index) const
{
    const ReviewItem &item = m_items.at(index);
    const QImage *known = m_thumbnails.object(item.row());
    return known ? *known : item.answer.thumbnail;
}

bool ReviewModel::knowsThumbnailAt(int index) const
{
    const ReviewItem &item = m_items.at(index);
    return m_thumbnails.contains(item.row()) || !item.answer.thumbnail.isNull();
}

ReviewModel::Condition ReviewModel::conditionAt(int index) const
{
    return m_conditions.value(m_items.at(index).row(), Condition::Settled);
}

int ReviewModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : count();
}

QVariant ReviewModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= count() || role != Qt::AccessibleTextRole)
        return {};
    const AnswerView &answer = m_items.at(index.row()).answer;
    return QStringLiteral("%1 %2").arg(answer.question, answer.answer);
}

void ReviewModel::changed(int index)
{
    Q_EMIT dataChanged(this->index(index), this->index(index));
}

} // namespace auroraedge::ui
