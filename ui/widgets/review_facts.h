#pragma once

#include "ui/models/review_model.h"

#include <QList>
#include <QScrollArea>

class QGridLayout;
class QVBoxLayout;

namespace auroraedge::ui {

class ElidedLabel;
class LatencyCard;
class PlateButton;
class Theme;

/// What is known of the item that is looked at, what people said of it, and a button for each key that judges it.
class ReviewFacts final : public QScrollArea
{
    Q_OBJECT

public:
    ReviewFacts(const Theme &theme, QWidget *parent);

    void clear();
    void showItem(const ReviewItem &item, ReviewModel::Condition condition);
    void setHistory(const ReviewEntries &newestFirst);
    void setClasses(const QStringList &names); ///< the first nine
    void tell(const QString &sentence);        ///< in place of what people said, until the next showItem()

Q_SIGNALS:
    void keyPressed(int key); ///< the button of that key was pressed

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    PlateButton *addButton(QGridLayout *grid, const char *name, const QString &text, const QString &label, int key);
    void arrangeDecisions();
    void refreshColours();

    const Theme &m_theme;
    QWidget *m_body = nullptr;
    ElidedLabel *m_machine = nullptr;
    ElidedLabel *m_person = nullptr;
    ElidedLabel *m_question = nullptr;
    ElidedLabel *m_answer = nullptr;
    ElidedLabel *m_reason = nullptr;
    ElidedLabel *m_note = nullptr;
    ElidedLabel *m_marks = nullptr;
    ElidedLabel *m_origin = nullptr;
    PlateButton *m_hold = nullptr;
    ElidedLabel *m_historyTitle = nullptr;
    LatencyCard *m_latency = nullptr;
    QGridLayout *m_decisionGrid = nullptr;
    QGridLayout *m_classGrid = nullptr;
    QVBoxLayout *m_history = nullptr;
    QList<PlateButton *> m_buttons, m_decisions, m_classes;
};

} // namespace auroraedge::ui
