#pragma once

#include <QWidget>

namespace auroraedge::ui {

/// What can be done with a region while it is being drawn; takes the place of the preset questions.
class RegionBar final : public QWidget
{
    Q_OBJECT

public:
    explicit RegionBar(QWidget *parent = nullptr);

Q_SIGNALS:
    void acceptPressed();
    void wholePressed();
    void leavePressed();
};

} // namespace auroraedge::ui
