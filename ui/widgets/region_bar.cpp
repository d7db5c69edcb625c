#include "ui/widgets/region_bar.h"

#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QPushButton>

namespace auroraedge::ui {

RegionBar::RegionBar(QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("regionBar"));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins({});
    row->setSpacing(space::kS);
    const auto add = [this, row](const char *name, const QString &text, const QString &key) {
        auto *button = new QPushButton(text, this);
        button->setObjectName(QLatin1String(name));
        button->setToolTip(key);
        button->setAutoDefault(true); // Enter presses the one that has the focus
        button->setFocusPolicy(Qt::TabFocus);
        row->addWidget(button, 1);
        return button;
    };
    connect(add("regionAccept", tr("Use region"), tr("Enter")), &QPushButton::clicked, this, &RegionBar::acceptPressed);
    connect(add("regionWhole", tr("Whole picture"), tr("Delete")), &QPushButton::clicked, this, &RegionBar::wholePressed);
    connect(add("regionLeave", tr("Leave"), tr("Esc")), &QPushButton::clicked, this, &RegionBar::leavePressed);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

} // namespace auroraedge::ui
