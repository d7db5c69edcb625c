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

/// The chips of a filter, in as many rows as they take, and the filters that have a
/// name. What only a chart or a saved view asks for has a chip while it is asked for. The words of a filter are not its part:
/// they have a field of their own.
class FilterBar final : public QWidget
{
    Q_OBJECT

public:
    /// @param overlay the page over which the lists open.
    FilterBar(const Theme &theme, QWidget *overlay);

    void setFilter(const ReviewFilter &filter);
    void setChoices(const ReviewChoices &choices);
    void setSavedViews(const SavedViews &views);
    void setMostRows(int rows); ///< the others are scrolled to; 0: as many as they take
    [[nodiscard]] QString words() const; ///< all that is asked for, as the chips say it

Q_SIGNALS:
    void filterChosen(const auroraedge::ui::ReviewFilter &filter);
    void viewSaved(const auroraedge::ui::SavedView &view);
    void viewDeleted(const QString &name);

protected:
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    enum class Part {
        Time = 1, Verdict, NoVerdict, Unreviewed, Disagree, Question, DefectClass, Reviewer, Held, Tag, Source, Model, Latency,
        // Shown while they are asked for:
        Counted, Judged, Pair, Reviewed, Failed, Device, Session, Stage,
        Views
    };

    void addChip(Part part, const char *name, const QString &title);
    [[nodiscard]] static bool isTold(Part part) { return part >= Part::Counted && part <= Part::Stage; }
    /// What a chip that is on or off asks for; null for the others.
    [[nodiscard]] static bool ReviewFilter::*switchOf(Part part);
    void open(Part part, QWidget *under);
    void fill(Part part);
    void take(int row);
    void clear(Part part);
    void choose(const ReviewFilter &filter);
    void refresh();
    void fitRows();
    /// What a chip that asks for one word asks for; null for the others.
    [[nodiscard]] static QString ReviewFilter::*wordOf(Part part);
    [[nodiscard]] const QList<ReviewChoice> &choicesOf(Part part) const;
    [[nodiscard]] QString valueOf(Part part) const;

    const Theme &m_theme;
    ReviewFilter m_filter;
    ReviewChoices m_choices;
    SavedViews m_views;
    int m_mostRows = 0;
    Part m_open = Part::Time; ///< that the card is about
    QHash<Part, FilterChip *> m_chips;
    QScrollArea *m_scroll = nullptr;
    QWidget *m_row = nullptr;
    QPushButton *m_clearAll = nullptr;
    QPushButton *m_viewsButton = nullptr;
    FilterCard *m_card = nullptr;
};

} // namespace auroraedge::ui
