#pragma once

#include "ui/models/model_state.h"
#include "ui/models/source_state.h"

#include <QFrame>

class QLabel;
class QToolButton;

namespace auroraedge::ui {

class StateButton;
class Theme;

/// Product name, source, model, theme.
class TopBar final : public QFrame
{
    Q_OBJECT

public:
    explicit TopBar(Theme &theme, QWidget *parent = nullptr);

    void setSourceState(const SourceState &state);
    void setModelState(const ModelState &state);
    [[nodiscard]] QWidget *sourceButton() const; ///< the source chooser opens below it

Q_SIGNALS:
    void sourcePressed();
    void modelPressed();
    void themeChosen(bool isDark);

private:
    void refresh();

    Theme &m_theme;
    SourceState m_sourceState;
    ModelState m_modelState;
    QLabel *m_mark = nullptr;
    StateButton *m_source = nullptr;
    StateButton *m_model = nullptr;
    QToolButton *m_themeToggle = nullptr;
};

} // namespace auroraedge::ui
