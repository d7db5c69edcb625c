#pragma once

#include "ui/models/verdict.h"

#include <QWidget>

#include <optional>

namespace auroraedge::ui {

class Theme;

/// Shape and word of a verdict with the reason below, drawn on the field of its colour; readable from two metres and
/// in greyscale. The newest verdict stands on a full field, one of an earlier picture on an outlined one, so that
/// neither is taken for the other; the field is the card's around it.
class VerdictTile final : public QWidget
{
    Q_OBJECT

public:
    explicit VerdictTile(const Theme &theme, QWidget *parent = nullptr);

    enum class Age { Newest = 1, Earlier };

    void showVerdict(Verdict verdict, const QString &reason, Age age);
    [[nodiscard]] std::optional<Verdict> verdict() const { return m_verdict; }
    [[nodiscard]] QSize sizeHint() const override { return {320, 200}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {200, 88}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    std::optional<Verdict> m_verdict;
    QString m_reason;
    Age m_age = Age::Newest;
};

} // namespace auroraedge::ui
