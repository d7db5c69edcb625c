#pragma once

#include "ui/models/model_state.h"

#include <QWidget>

class QGridLayout;
class QLabel;
class QProgressBar;
class QPushButton;

namespace auroraedge::ui {

/// What the loaded model is, on which device it runs and why; opens another model folder.
class ModelPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit ModelPanel(QWidget *parent = nullptr);
    void setModelState(const ModelState &state);

Q_SIGNALS:
    void modelChosen(const QString &folder);
    void loadCancelRequested();

private:
    void chooseFolder();

    QLabel *m_name = nullptr;
    QLabel *m_state = nullptr;
    QProgressBar *m_progress = nullptr;
    QPushButton *m_open = nullptr;
    QPushButton *m_cancel = nullptr;
    QLabel *m_warnings = nullptr;
    QGridLayout *m_facts = nullptr;
};

} // namespace auroraedge::ui
