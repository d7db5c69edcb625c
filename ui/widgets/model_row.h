#pragma once

#include "ui/models/model_entry.h"
#include "ui/models/model_state.h"

#include <QAbstractButton>

namespace auroraedge::ui {

class Theme;

/// One model of the list: name, size, speed, and what state it is in. Checked = selected.
class ModelRow final : public QAbstractButton
{
    Q_OBJECT

public:
    explicit ModelRow(const Theme &theme, QWidget *parent = nullptr);

    /// @param condition of this model; NotLoaded: on disk.
    void show(const ModelEntry &entry, ModelCondition condition);
    [[nodiscard]] QString folder() const { return m_entry.folder; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {200, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    ModelEntry m_entry;
    ModelCondition m_condition = ModelCondition::NotLoaded;
};

/// "10.0 million", "2.03 billion".
[[nodiscard]] QString parameterText(qint64 parameters);

} // namespace auroraedge::ui
