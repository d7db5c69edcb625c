#pragma once

#include "ui/models/answer_view.h"

#include <QAbstractListModel>

namespace auroraedge::ui {

/// The last answers, newest first, at most kMaxRows.
class RecentModel final : public QAbstractListModel
{
    Q_OBJECT

public:
    static constexpr int kMaxRows = 50;
    enum Role { AnswerRole = Qt::UserRole + 1 }; ///< the AnswerView

    using QAbstractListModel::QAbstractListModel;

    void setAnswers(AnswerViews newestFirst);
    void prepend(const AnswerView &answer);
    [[nodiscard]] const AnswerView &at(int row) const { return m_answers.at(row); }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

private:
    AnswerViews m_answers;
};

} // namespace auroraedge::ui
