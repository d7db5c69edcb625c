#pragma once

#include "ui/models/batch.h"
#include "ui/models/model_entry.h"
#include "ui/models/model_state.h"

#include <QWidget>

class QFrame;
class QKeySequence;
class QLabel;
class QPushButton;
class QScrollArea;

namespace auroraedge::ui {

class BatchFailureList;
class BatchFailureModel;
class BatchForm;
class BatchModel;
class BatchTable;
class ElidedLabel;
class FilterCard;
class Theme;

/// Many pictures at once: a form for a new job, the jobs in their order, what can be done with the chosen one, and the
/// pictures of it that got no answer. The form gives way to the jobs when one was added.
class BatchPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit BatchPanel(const Theme &theme, QWidget *parent = nullptr);

    void setModels(const ModelEntries &models);
    void setModelState(const ModelState &state);
    void setJobs(const BatchJobs &jobs);
    [[nodiscard]] qint64 chosenJob() const;
    void chooseJob(qint64 id);

    /// What addRequested told is in the queue as job @p id.
    void added(qint64 id);
    /// It is not: @p sentence is shown at the field.
    void refuse(BatchField field, const QString &sentence);
    void showPlan(const BatchPlan &plan);
    /// Failures of the chosen job, newest first; nothing when another one was chosen meanwhile.
    void setFailures(qint64 id, const BatchFailures &newestFirst);
    void addFailures(qint64 id, const BatchFailures &newestFirst);
    /// Above the jobs, until the next press; empty: nothing.
    void tell(const QString &sentence, bool isFailure);

Q_SIGNALS:
    void addRequested(const auroraedge::ui::BatchOrder &order);
    void planRequested(const auroraedge::ui::BatchOrder &order);
    void planCancelRequested();
    void pauseRequested(qint64 id);
    void resumeRequested(qint64 id); ///< the same command once more, also of a finished or failed one
    void cancelRequested(qint64 id);
    void removeRequested(qint64 id);
    void moveRequested(qint64 id, int steps); ///< among the waiting: -1 is earlier
    void retryRequested(qint64 id);
    void folderRequested(qint64 id); ///< of the answers, to be opened
    void failuresWanted(qint64 id);  ///< of the job that is chosen now

protected:
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    QWidget *makeHead();
    QWidget *makeJobs(QWidget *parent);
    QWidget *makeFailures(QWidget *parent);
    QPushButton *makeButton(QWidget *parent, const char *name, const QString &text, const QKeySequence &keys = {});
    [[nodiscard]] const BatchJob *chosen() const;
    void showForm(bool isShown);
    void onChosen();
    void openModels();
    void copyCommand();
    void refresh();
    void refreshActions();
    void refreshFailures();
    void fitTable();

    const Theme &m_theme;
    BatchModel *m_jobs = nullptr;
    BatchFailureModel *m_failureItems = nullptr;
    QLabel *m_title = nullptr;
    ElidedLabel *m_summary = nullptr;
    QPushButton *m_new = nullptr;
    ElidedLabel *m_told = nullptr;
    QScrollArea *m_scroll = nullptr;
    BatchForm *m_form = nullptr;
    QFrame *m_jobCard = nullptr;
    BatchTable *m_table = nullptr;
    ElidedLabel *m_sentence = nullptr;
    QWidget *m_actions = nullptr;
    QPushButton *m_pause = nullptr;
    QPushButton *m_resume = nullptr;
    QPushButton *m_cancel = nullptr;
    QPushButton *m_up = nullptr;
    QPushButton *m_down = nullptr;
    QPushButton *m_remove = nullptr;
    QPushButton *m_copy = nullptr;
    QPushButton *m_folder = nullptr;
    QFrame *m_failureCard = nullptr;
    ElidedLabel *m_failureTitle = nullptr;
    QPushButton *m_retry = nullptr;
    BatchFailureList *m_failures = nullptr;
    FilterCard *m_list = nullptr;
};

} // namespace auroraedge::ui
