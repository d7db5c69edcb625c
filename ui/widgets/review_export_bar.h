#pragma once

#include "ui/models/review_export.h"

#include <QFrame>

class QProgressBar;
class QPushButton;

namespace auroraedge::ui {

class ElidedLabel;
class EntryField;

/// Offers what is found as a file, then tells how far it is and how it ended. Hidden until it is offered.
class ReviewExportBar final : public QFrame
{
    Q_OBJECT

public:
    explicit ReviewExportBar(QWidget *parent);

    /// @param count of the answers, below 0: not counted yet. While an export runs, its Cancel gets the focus instead.
    void offer(qint64 count);
    void setState(const ReviewExportState &state);
    void setUsualFolder(const QString &folder); ///< shown in the field that may name another
    /// @return false where there was nothing to close: an export that runs stays in sight.
    bool close();
    [[nodiscard]] bool isRunning() const { return m_isRunning; }

Q_SIGNALS:
    void wanted(auroraedge::ui::ReviewExportKind kind, const QString &folder);
    void cancelPressed();
    void closed();

private:
    QPushButton *addButton(const char *name, const QString &text, const QString &tip = {});
    void show(bool isOffered);
    void tell(const QString &sentence, const char *tone);

    bool m_isRunning = false;
    ElidedLabel *m_text = nullptr;
    EntryField *m_folder = nullptr;
    QProgressBar *m_progress = nullptr;
    QList<QPushButton *> m_kinds;
    QPushButton *m_cancel = nullptr;
    QPushButton *m_close = nullptr;
};

} // namespace auroraedge::ui
