#pragma once

#include "ui/models/model_entry.h"
#include "ui/models/model_state.h"

#include <QPointer>
#include <QWidget>

class QButtonGroup;
class QFileDialog;
class QGridLayout;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QVBoxLayout;

namespace auroraedge::ui {

class ElidedLabel;
class ModelRow;
class Theme;

/// The models of this station at the left, the selected one at the right: what it is, whether its files are whole, how
/// fast it answers here, and what can be done with it. The model that is loaded is selected until another one is pressed.
class ModelPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit ModelPanel(const Theme &theme, QWidget *parent = nullptr);

    /// Of the model that answers, or is being loaded.
    void setModelState(const ModelState &state);
    void setEntries(const ModelEntries &entries);
    void setJob(const ModelJob &job);
    void setFreeMemory(qint64 bytes);
    /// Whether this computer has one; until it is told none is offered.
    void setGpu(bool isThere);

Q_SIGNALS:
    void modelChosen(const QString &folder); ///< to be loaded from where it is, as the station is set up
    void loadRequested(const auroraedge::ui::ModelRequest &request);
    void loadCancelRequested();
    void unloadRequested();
    void importRequested(const QString &folder);
    void checkRequested(const QString &folder);
    void measureRequested();
    void removeRequested(const QString &folder);
    void jobCancelRequested();

protected:
    void showEvent(QShowEvent *event) override;

private:
    QWidget *makeList();
    QWidget *makeCard();
    QPushButton *makeButton(QWidget *parent, const char *name, const QString &text);
    /// A row of buttons of which one is down; the value of each is its first word.
    QButtonGroup *makeChoice(QWidget *parent, const char *name, const QStringList &values);
    void select(const QString &folder);
    void refresh();
    void refreshRows();
    void refreshFacts();
    void refreshActions();
    [[nodiscard]] const ModelEntry *selected() const;
    /// Whether the card is about the model that answers or is being loaded.
    [[nodiscard]] bool isAboutState() const;
    void chooseFolder();
    void importTyped();
    void askRemoval(bool isAsked);

    const Theme &m_theme;
    ModelState m_state;
    ModelEntries m_entries;
    ModelJob m_job;
    qint64 m_freeMemory = 0;
    bool m_hasGpu = false;
    QString m_selected; ///< folder; empty: the loaded one
    bool m_isRemovalAsked = false;

    QLabel *m_memory = nullptr;
    QVBoxLayout *m_rowColumn = nullptr;
    QList<ModelRow *> m_rows;
    QLineEdit *m_path = nullptr;
    QPushButton *m_import = nullptr;
    QPushButton *m_open = nullptr;
    QWidget *m_jobRow = nullptr;
    ElidedLabel *m_jobText = nullptr;
    QProgressBar *m_jobProgress = nullptr;
    QPushButton *m_jobCancel = nullptr;

    ElidedLabel *m_name = nullptr;
    ElidedLabel *m_condition = nullptr;
    QProgressBar *m_progress = nullptr;
    ElidedLabel *m_warnings = nullptr;
    QWidget *m_choices = nullptr;
    QButtonGroup *m_device = nullptr;
    QButtonGroup *m_precision = nullptr;
    QPushButton *m_load = nullptr;
    QPushButton *m_cancel = nullptr;
    QPushButton *m_unload = nullptr;
    QPushButton *m_measure = nullptr;
    QPushButton *m_check = nullptr;
    QPushButton *m_remove = nullptr;
    QPushButton *m_keep = nullptr;
    QGridLayout *m_facts = nullptr;
    QPointer<QFileDialog> m_folderDialog; ///< while it is open
};

} // namespace auroraedge::ui
