#pragma once

#include "ui/models/batch.h"
#include "ui/models/model_entry.h"

#include <QFrame>
#include <QMap>

class QPlainTextEdit;
class QPushButton;
class QVBoxLayout;

namespace auroraedge::ui {

class ElidedLabel;
class EntryField;
class FilterChip;
class Stepper;
class Theme;

/// What a new job is to do. Whatever is wrong is said in one sentence below its field, which then has the focus.
class BatchForm final : public QFrame
{
    Q_OBJECT

public:
    BatchForm(const Theme &theme, QWidget *parent);

    void setModels(const ModelEntries &models) { m_models = models; }
    /// The one that answers on the Live page is what a job gets when no other one is chosen.
    void setModelInUse(const QString &folder, const QString &name);
    void refuse(BatchField field, const QString &sentence);
    void showPlan(const BatchPlan &plan);
    void prepareNext(); ///< the same questions and options for other pictures
    void focusFirst();

    // For the list of models, which opens over the page.
    [[nodiscard]] FilterChip *modelChip() const { return m_modelChip; }
    [[nodiscard]] const ModelEntries &models() const { return m_models; }
    [[nodiscard]] QString model() const; ///< folder
    void chooseModel(const QString &folder, const QString &name); ///< empty: the one in use

Q_SIGNALS:
    void addPressed(const auroraedge::ui::BatchOrder &order);
    void planPressed(const auroraedge::ui::BatchOrder &order);
    void planCancelPressed();

private:
    QWidget *makeSource();
    QWidget *makeQuestions();
    QWidget *makeOut();
    QWidget *makeMore();
    QWidget *makeFoot();
    /// A caption, @p field, and room for what is wrong with it.
    QWidget *makeBlock(QWidget *parent, const QString &caption, QWidget *field, BatchField place);
    QPushButton *makeButton(QWidget *parent, const char *name, const QString &text);
    QPushButton *makeSwitch(QWidget *parent, const char *name, const QString &text, const QString &tip);
    EntryField *makeEntry(QWidget *parent, const char *name, const QString &title, const QString &placeholder);
    /// What is entered; nothing after something was refused. @param needsOut for a job, not for its plan.
    std::optional<BatchOrder> read(bool needsOut);
    void add();
    void plan();
    void clearProblems();
    void dropPlan();
    void refreshWatch();
    void refreshModel();
    void browseFolder();
    void browseList();
    void browseOut();
    void takeSource(const QString &path);

    const Theme &m_theme;
    ModelEntries m_models;
    QString m_inUse, m_inUseName, m_chosen, m_chosenName;
    bool m_isCounting = false;

    EntryField *m_source = nullptr;
    QPushButton *m_recursive = nullptr;
    QPushButton *m_watch = nullptr;
    QPlainTextEdit *m_questions = nullptr;
    EntryField *m_out = nullptr;
    FilterChip *m_modelChip = nullptr;
    QPushButton *m_more = nullptr;
    QWidget *m_moreRow = nullptr;
    QWidget *m_settleBlock = nullptr;
    Stepper *m_settle = nullptr;
    EntryField *m_part = nullptr;
    EntryField *m_limit = nullptr;
    QPushButton *m_retry = nullptr;
    QPushButton *m_keep = nullptr;
    ElidedLabel *m_planText = nullptr;
    QPushButton *m_planButton = nullptr;
    QPushButton *m_add = nullptr;
    QMap<BatchField, ElidedLabel *> m_problems;
    QMap<BatchField, QWidget *> m_fields;
};

} // namespace auroraedge::ui
