#pragma once

#include <QWidget>

namespace auroraedge::ui {

class Theme;

/// Version, key card, licences of what the program is made of.
class AboutPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit AboutPanel(const Theme &theme, QWidget *parent = nullptr);
};

} // namespace auroraedge::ui
