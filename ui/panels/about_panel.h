#pragma once

#include <QWidget>

namespace auroraedge::ui {

/// Version, key card, licences of what the program is made of.
class AboutPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit AboutPanel(QWidget *parent = nullptr);
};

} // namespace auroraedge::ui
