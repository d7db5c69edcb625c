#pragma once

#include "ui/models/answer_view.h"

#include <QAbstractButton>
#include <QList>
#include <QWidget>

class QGridLayout;

namespace auroraedge::ui {

class Theme;

/// A button with its key on it: "[F1] Cap on?".
class PresetButton final : public QAbstractButton
{
    Q_OBJECT

public:
    PresetButton(const Theme &theme, QWidget *parent);
    /// @p number: of its key, from 1.
    void setPreset(int number, const PresetQuestion &preset);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] int keyWidth() const;

    const Theme &m_theme;
    QString m_key;
};

/// The first eight preset questions, in two rows when there is little room.
class PresetBar final : public QWidget
{
    Q_OBJECT

public:
    static constexpr int kMaxPresets = 8;

    explicit PresetBar(const Theme &theme, QWidget *parent = nullptr);
    void setPresets(const PresetQuestions &presets);
    /// @p obstacle: why not, for the tool tip; empty = available.
    void setObstacle(const QString &obstacle);

Q_SIGNALS:
    void chosen(int index);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void arrange();

    const Theme &m_theme;
    PresetQuestions m_presets;
    QList<PresetButton *> m_buttons; ///< kMaxPresets, the first of them in use
    QGridLayout *m_grid = nullptr;
    int m_columns = 0;
};

} // namespace auroraedge::ui
