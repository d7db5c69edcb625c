#pragma once

#include "ui/models/answer_view.h"
#include "ui/models/source_state.h"
#include "ui/widgets/picture_canvas.h"

#include <QAbstractButton>

class QToolButton;

namespace auroraedge::ui {

/// The live picture, small, while an earlier one is looked at. A press goes back to it.
class LiveCorner final : public QAbstractButton
{
    Q_OBJECT

public:
    LiveCorner(const Theme &theme, QWidget *parent);
    void setPicture(const QImage &picture);
    void setSource(const SourceState &source, bool isFrozen);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    /// What the picture is, or why it is no live one; empty: neither.
    [[nodiscard]] QString word() const;

    const Theme &m_theme;
    QImage m_picture;
    SourceState m_source;
    bool m_isFrozen = false;
};

/// The whole picture of a stored answer, in the place of the live one, which goes on in a corner.
/// Left and Right step to the neighbours while the picture is not zoomed.
class StoredPicture final : public PictureCanvas
{
    Q_OBJECT

public:
    explicit StoredPicture(const Theme &theme, QWidget *parent = nullptr);

    /// Shows the small picture of @p answer until showPicture() brings the whole one.
    void showAnswer(const AnswerView &answer);
    /// @p picture: null when it is missing or altered.
    void showPicture(const QImage &picture);
    void setNeighbours(bool hasNewer, bool hasOlder);
    void setLivePicture(const QImage &picture) { m_live->setPicture(picture); }
    void setLiveSource(const SourceState &source, bool isFrozen) { m_live->setSource(source, isFrozen); }
    [[nodiscard]] bool isLoading() const { return m_isLoading; }

Q_SIGNALS:
    void newerPressed();
    void olderPressed();
    void closePressed();

protected:
    void paintOver(QPainter &painter) override;
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void refresh();
    [[nodiscard]] QString title() const; ///< in place of a picture; empty when there is one

    QRectF m_region;
    bool m_isLoading = false;
    QToolButton *m_newer = nullptr;
    QToolButton *m_older = nullptr;
    QToolButton *m_close = nullptr;
    LiveCorner *m_live = nullptr;
};

} // namespace auroraedge::ui
