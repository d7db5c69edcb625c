#pragma once

#include "ui/models/recent_model.h"

#include <QListView>

namespace auroraedge::ui {

class Theme;

/// The last answers from the database as a film strip: picture, verdict mark, question, answer, time, review.
/// An NG that no person has judged is pinned to the left, then newest first.
class RecentStrip final : public QListView
{
    Q_OBJECT

public:
    explicit RecentStrip(const Theme &theme, QWidget *parent = nullptr);

    [[nodiscard]] RecentModel &answers() { return m_answers; }

    /// Brings @p answer into view and makes it the current one.
    void showCurrent(const AnswerView &answer);

Q_SIGNALS:
    void chosen(const auroraedge::ui::AnswerView &answer);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    RecentModel m_answers;
};

} // namespace auroraedge::ui
