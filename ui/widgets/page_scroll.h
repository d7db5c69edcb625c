#pragma once

#include <QScrollArea>

namespace auroraedge::ui {

/// The part of a page that scrolls, up and down. What it holds is as wide with its bar as without, and keeps kMarginPx free
/// for it on the right: the bar lies in the margin of the page, and the edges of the page stay in line.
class PageScroll final : public QScrollArea
{
    Q_OBJECT

public:
    static constexpr int kMarginPx = 14; ///< the bar, and a gap before it

    /// @param title for those who cannot see it.
    PageScroll(const QString &name, const QString &title, QWidget *inner, QWidget *parent);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    void keepMargin();
};

} // namespace auroraedge::ui
