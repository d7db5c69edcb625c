#pragma once

#include <QLayout>
#include <QList>

namespace auroraedge::ui {

/// Widgets beside each other as wide as they like to be, in as many rows as that takes and all of about one length.
class FlowLayout final : public QLayout
{
public:
    FlowLayout(QWidget *parent, int spacingPx);
    ~FlowLayout() override;

    void addItem(QLayoutItem *item) override { m_items.append(item); }
    [[nodiscard]] int count() const override { return int(m_items.size()); }
    [[nodiscard]] QLayoutItem *itemAt(int index) const override { return m_items.value(index); }
    QLayoutItem *takeAt(int index) override;
    [[nodiscard]] Qt::Orientations expandingDirections() const override { return {}; }
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override { return place({0, 0, width, 0}, false); }
    [[nodiscard]] QSize sizeHint() const override { return minimumSize(); }
    [[nodiscard]] QSize minimumSize() const override;
    void setGeometry(const QRect &rect) override;

private:
    /// The least width that takes no more rows than @p width.
    [[nodiscard]] int evenWidth(int width) const;
    /// @return the height that it takes.
    int place(const QRect &room, bool moves) const;

    QList<QLayoutItem *> m_items;
};

} // namespace auroraedge::ui
