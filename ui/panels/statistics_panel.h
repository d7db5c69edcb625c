#pragma once

#include "ui/charts/chart_export.h"
#include "ui/models/review_filter.h"
#include "ui/models/statistics_page.h"

#include <QHash>
#include <QPointer>
#include <QWidget>

class QButtonGroup;
class QGridLayout;
class QPushButton;
class QScrollArea;

namespace auroraedge::ui {

class ChartCard;
class ElidedLabel;
class FilterCard;
class FilterChip;
class Theme;

enum class ChartKind { Hours = 1, Control, Defects, Stages, Times, Groups, Confusion, Agreement };

/// What shall be written, and as what. The report is a sheet of all charts with the figures of the shift before them.
struct StatisticsExport
{
    enum class What { Page = 1, Chart, Report };
    What what = What::Page;
    ChartKind chart = ChartKind::Hours; ///< What::Chart
    ExportFormat format = ExportFormat::Png;

    bool operator==(const StatisticsExport &) const = default;
};

/// What the stored answers of a span of time come to: yield, NG share against its limits, defects, times, and where people
/// and machine disagree. Every bar, point and cell opens Review with the answers that it counts. It computes nothing: a
/// query goes out, parts come back one by one.
class StatisticsPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit StatisticsPanel(const Theme &theme, QWidget *parent = nullptr);

    [[nodiscard]] const StatisticsQuery &query() const { return m_query; } ///< as chosen; from and until only for Between
    /// What exportRequested asks for, ready for renderSheet(). Charts that are not counted yet are left out.
    [[nodiscard]] ChartSheet sheet(const StatisticsExport &wanted) const;

public Q_SLOTS:
    void setChoices(const auroraedge::ui::ReviewChoices &choices); ///< questions, models and sources are offered
    /// Also with parts that are not counted yet. Dropped when it is about another query than the one chosen.
    void setPage(const auroraedge::ui::StatisticsPage &page);
    /// How an export ended: a sentence for the person who asked for it.
    void tellExport(const QString &sentence, bool isFailure);

Q_SIGNALS:
    /// The page has been opened or something else was chosen: setPage is awaited, first with what is being computed.
    void queryChanged(const auroraedge::ui::StatisticsQuery &query);
    void cancelRequested(); ///< of the counting; parts that were not ready are sent again as Unknown
    void choicesRequested(); ///< the page has been opened
    void reviewWanted(const auroraedge::ui::ReviewFilter &filter);
    void exportRequested(const auroraedge::ui::StatisticsExport &wanted);

protected:
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    struct WordChip
    {
        FilterChip *chip = nullptr;
        QString StatisticsQuery::*word = nullptr;
        QList<ReviewChoice> ReviewChoices::*choices = nullptr;
    };

    QWidget *makeHead();
    QWidget *makeFilters();
    QWidget *makeExports();
    QPushButton *makeButton(QWidget *parent, const char *name, const QString &text);
    void addWordChip(QWidget *parent, const char *name, const QString &title, QString StatisticsQuery::*word,
                     QList<ReviewChoice> ReviewChoices::*choices);
    void openList(FilterChip *chip);
    void fillList();
    void takeRow(int row);
    void chooseRange(StatisticsRange range, const QDateTime &from = {}, const QDateTime &until = {});
    void choose(const StatisticsQuery &query);
    void offerExport(const StatisticsExport &wanted);
    void closeExport();
    void layOutCards();
    void refreshFilters();
    void fitFilters();
    void refreshCards();
    void refreshState();
    [[nodiscard]] const WordChip *wordChip(const FilterChip *chip) const;
    [[nodiscard]] ReviewFilter baseFilter() const;
    [[nodiscard]] bool isAny(PartState state) const;
    [[nodiscard]] bool isEmptyPage() const; ///< all is counted and nothing was found
    /// All that is not ready gets @p state.
    void setUnready(PartState state);
    [[nodiscard]] QString spanSentence() const;

    const Theme &m_theme;
    StatisticsQuery m_query;
    StatisticsPage m_page;
    ReviewChoices m_choices;
    StatisticsExport m_offered; ///< about which the row of formats is
    int m_columns = 0;

    ElidedLabel *m_asOf = nullptr;
    QPushButton *m_cancel = nullptr;
    QPushButton *m_refresh = nullptr;
    QPushButton *m_save = nullptr;
    QWidget *m_filters = nullptr;
    QButtonGroup *m_ranges = nullptr;
    FilterChip *m_between = nullptr;
    FilterChip *m_reviewed = nullptr;
    QList<WordChip> m_words;
    FilterChip *m_listed = nullptr; ///< that the list is about
    FilterCard *m_list = nullptr;
    QWidget *m_exports = nullptr;
    ElidedLabel *m_exportTitle = nullptr;
    QList<QPushButton *> m_reports; ///< of the shift: offered with the page, not with one chart
    QPointer<QWidget> m_focusBefore; ///< the row of formats was opened
    ElidedLabel *m_told = nullptr;
    QWidget *m_empty = nullptr;
    ElidedLabel *m_emptyText = nullptr;
    QPushButton *m_longer = nullptr;
    QWidget *m_cardArea = nullptr;
    QScrollArea *m_scroll = nullptr;
    QGridLayout *m_grid = nullptr;
    QHash<ChartKind, ChartCard *> m_cards;
};

} // namespace auroraedge::ui
