#pragma once

#include "ui/models/verdict.h"

#include <QWidget>

#include <optional>

namespace auroraedge::ui {

class Theme;

/// Colour, shape and word of a verdict, with the reason below; readable from two metres and in greyscale.
class VerdictTile final : public QWidget
{
    Q_OBJECT

public:
    explicit VerdictTile(const Theme &theme, QWidget *parent = nullptr);

    void showVerdict(Verdict verdict, const QString &reason);
    [[nodiscard]] std::optional<Verdict> verdict() const { return m_verdict; }
    [[nodiscard]] QSize sizeHint() const override { return {320, 104}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {200, 84}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    std::optional<Verdict> m_verdict;
    QString m_reason;
};

} // namespace auroraedge::ui
