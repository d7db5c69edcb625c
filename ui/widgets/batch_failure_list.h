#pragma once

#include <QListView>

namespace auroraedge::ui {

class BatchFailureModel;
class Theme;

/// Pictures that got no answer: the path, its code, the reason below.
class BatchFailureList final : public QListView
{
    Q_OBJECT

public:
    BatchFailureList(const Theme &theme, BatchFailureModel &failures, QWidget *parent);

    static constexpr int kRowPx = 52;

    [[nodiscard]] QSize sizeHint() const override { return minimumSize(); } ///< more where there is room

protected:
    void keyPressEvent(QKeyEvent *event) override;
};

} // namespace auroraedge::ui
