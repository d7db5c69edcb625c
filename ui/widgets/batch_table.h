#pragma once

#include "ui/models/batch_model.h"

#include <QTableView>

namespace auroraedge::ui {

class BatchDelegate;
class Theme;

/// The jobs as rows to choose from: name and question, how far, how fast, verdicts, failures, state. What is chosen stays
/// chosen while rows come, go and move.
class BatchTable final : public QTableView
{
    Q_OBJECT

public:
    static constexpr int kRowPx = 56, kHeaderPx = 32;

    BatchTable(const Theme &theme, BatchModel &jobs, QWidget *parent);

    [[nodiscard]] qint64 chosen() const { return m_chosen; } ///< id; 0: there is no job
    void choose(qint64 id);
    /// As high as its rows are, but at most @p most of them.
    void showRows(int most);

Q_SIGNALS:
    void chosenChanged();

protected:
    void resizeEvent(QResizeEvent *event) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void fitColumns();
    void restoreChosen();

    const Theme &m_theme;
    BatchModel &m_jobs;
    BatchDelegate *m_delegate = nullptr;
    qint64 m_chosen = 0;
    bool m_isRestoring = false;
};

} // namespace auroraedge::ui
