#pragma once

#include "ui/models/review_page.h"
#include "ui/widgets/picture_canvas.h"

namespace auroraedge::ui {

/// The whole picture of an item that is judged or compared. What was zoomed to stays in sight when the next one comes.
class ReviewPicture final : public PictureCanvas
{
    Q_OBJECT

public:
    explicit ReviewPicture(const Theme &theme, QWidget *parent);

    void clear();
    /// Shows @p thumbnail until showPicture() brings the whole picture.
    void showItem(const ReviewItem &item, const QImage &thumbnail);
    void showPicture(const QImage &picture); ///< null when it is missing or altered
    void setTitled(bool isTitled);           ///< tells whose picture it is, beside another one
    [[nodiscard]] bool isLoading() const { return m_isLoading; }

protected:
    void paintOver(QPainter &painter) override;

private:
    void replace(const QImage &picture);

    QString m_title;
    std::optional<Verdict> m_verdict;
    QRectF m_region;
    QDateTime m_removedAt; ///< by retention
    bool m_hasItem = false, m_isLoading = false, m_isTitled = false;
};

} // namespace auroraedge::ui
