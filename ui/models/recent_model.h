#pragma once

#include "ui/models/answer_view.h"

#include <QAbstractListModel>
#include <QSet>

namespace auroraedge::ui {

/// The last answers, at most kMaxRows: those that wait for a person stay in front, at most kMostWaiting of them, then newest
/// first. Of more that wait the oldest are left to the Review page, and counted.
class RecentModel final : public QAbstractListModel
{
    Q_OBJECT

public:
    static constexpr int kMaxRows = 50, kMostWaiting = 20;
    enum Role { AnswerRole = Qt::UserRole + 1 }; ///< the AnswerView

    using QAbstractListModel::QAbstractListModel;

    void setAnswers(const AnswerViews &newestFirst);
    /// @p answer is the newest.
    void add(const AnswerView &answer);
    /// @p row: of the database; nothing when that answer is not among the last ones.
    void setReview(qint64 row, const Review &review);
    void withdrawReview(qint64 row); ///< no judgement stands any more: it may wait for a person again
    [[nodiscard]] const AnswerView &at(int index) const { return m_answers.at(index); }
    /// -1 when it is not among the last ones.
    [[nodiscard]] int indexOf(const AnswerView &answer) const;

    /// Answers that wait and have no place here any more.
    [[nodiscard]] int leftOut() const { return int(m_leftOut.size()); }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

Q_SIGNALS:
    void leftOutChanged();

private:
    void leaveOutWaiting();
    void setReviewOf(qint64 row, const std::optional<Review> &review);
    void insert(int index, const AnswerView &answer);
    void removeAt(int index);

    AnswerViews m_answers;
    QSet<qint64> m_leftOut; ///< rows
};

} // namespace auroraedge::ui
