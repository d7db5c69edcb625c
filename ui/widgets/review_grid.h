#pragma once

#include "ui/models/review_model.h"

#include <QListView>
#include <QSet>
#include <QTimer>

namespace auroraedge::ui {

class Theme;

/// Stored answers as cells: picture, verdict by shape and word, and by the shape at its corner what people said of it.
/// Only the cells in view cost anything.
class ReviewGrid final : public QListView
{
    Q_OBJECT

public:
    enum class CellSize {
        Small = 1,
        Medium,
        Large,
        Strip, ///< one row that scrolls sideways
    };

    /// @p items must outlive the grid.
    ReviewGrid(const Theme &theme, ReviewModel &items, CellSize size, QWidget *parent);

    void setCellSize(CellSize size);
    [[nodiscard]] CellSize cellSize() const { return m_size; }
    /// Told in the middle while there is nothing to show.
    void setNotice(const QString &title, const QString &sentence);
    void setCurrent(int index); ///< and brings it into view
    [[nodiscard]] int current() const { return currentIndex().row(); }
    /// Indices of the cells that can be seen whole.
    [[nodiscard]] QList<int> shownWhole() const;
    /// Its picture stands whole in the view, on the screen. Where there is none, or it is still being read: false.
    [[nodiscard]] bool isPicturePainted(int index) const;
    /// So do those of all cells that can be seen whole, but for the ones that there are not.
    [[nodiscard]] bool hasPaintedPictures() const;
    /// Rows of the database in view without a known thumbnail, from the first on.
    [[nodiscard]] QList<qint64> rowsWithoutThumbnail() const;
    /// The view is less than its own height away from that end of the items.
    [[nodiscard]] bool isNearEnd(bool oldest) const;
    /// For what changes items above the view: the same cells stay where they are. @return the first row in view; 0: none.
    [[nodiscard]] qint64 firstRowInView() const;
    void bringToTop(qint64 row);

Q_SIGNALS:
    void currentMoved(); ///< to another item
    void viewMoved();    ///< other cells may be in view; once a turn of the event loop
    void openPressed();  ///< the current one was pressed twice

protected:
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
    void keyPressEvent(QKeyEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    /// Indices [first, last) of the cells that touch the view.
    [[nodiscard]] std::pair<int, int> inView() const;

    const Theme &m_theme;
    ReviewModel &m_items;
    CellSize m_size;
    QString m_title, m_sentence;
    QSet<qint64> m_painted; ///< rows in view whose picture was painted whole
    QTimer m_moved;
};

} // namespace auroraedge::ui
