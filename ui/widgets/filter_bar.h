#pragma once

#include "ui/models/review_filter.h"

#include <QHash>
#include <QScrollArea>
#include <QWidget>

class QPushButton;

namespace auroraedge::ui {

class FilterCard;
class FilterChip;
class Theme;

/// The chips of a filter in one row, which scrolls where it is too long, and the filters that have a name. The words of a
/// filter are not its part: they have a field of their own.
class FilterBar final : public QWidget
{
    Q_OBJECT

public:
    /// @param overlay the page over which the lists open.
    FilterBar(const Theme &theme, QWidget *overlay);

    void setFilter(const ReviewFilter &filter);
    void setChoices(const ReviewChoices &choices);
    void setSavedViews(const SavedViews &views);

Q_SIGNALS:
    void filterChosen(const auroraedge::ui::ReviewFilter &filter);
    void viewSaved(const auroraedge::ui::SavedView &view);
    void viewDeleted(const QString &name);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    enum class Part { Time = 1, Verdict, Question, Model, Source, Reviewer, DefectClass, Unreviewed, Disagree, Latency, Views };

    FilterChip *addChip(Part part, const char *name, const QString &title);
    void open(Part part, QWidget *under);
    void fill(Part part);
    void take(int row);
    void clear(Part part);
    void choose(const ReviewFilter &filter);
    void refresh();
    void fitRow();
    /// What a chip that asks for one word asks for; null for the others.
    [[nodiscard]] static QString ReviewFilter::*wordOf(Part part);
    [[nodiscard]] const QList<ReviewChoice> &choicesOf(Part part) const;
    [[nodiscard]] QString valueOf(Part part) const;

    const Theme &m_theme;
    ReviewFilter m_filter;
    ReviewChoices m_choices;
    SavedViews m_views;
    Part m_open = Part::Time; ///< that the card is about
    QHash<Part, FilterChip *> m_chips;
    QScrollArea *m_scroll = nullptr;
    QWidget *m_row = nullptr;
    QPushButton *m_clearAll = nullptr;
    QPushButton *m_viewsButton = nullptr;
    FilterCard *m_card = nullptr;
};

} // namespace auroraedge::ui
