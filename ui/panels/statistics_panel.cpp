#include "ui/panels/statistics_panel.h"

#include "ui/charts/chart_card.h"
#include "ui/charts/chart_painting.h"
#include "ui/charts/chart_view.h"
#include "ui/charts/control_points_chart.h"
#include "ui/charts/histogram_chart.h"
#include "ui/charts/hours_chart.h"
#include "ui/charts/matrix_chart.h"
#include "ui/charts/pareto_chart.h"
#include "ui/charts/spread_chart.h"
#include "ui/dialogs/filter_card.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/filter_chip.h"
#include "ui/widgets/flow_layout.h"
#include "ui/widgets/page_scroll.h"
#include "ui/widgets/painting.h"

#include <QButtonGroup>
#include <QFrame>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace auroraedge::ui {

namespace {

constexpr int kTwoColumnsPx = 1000;
constexpr StatisticsRange kUsual = StatisticsRange::Hours24;

struct CardPlace
{
    ChartKind kind;
    const char *name;
};
/// In reading order: what went wrong first, how fast it was after it.
constexpr std::array kCards{CardPlace{ChartKind::Hours, "hoursCard"},         CardPlace{ChartKind::Control, "controlCard"},
                            CardPlace{ChartKind::Defects, "defectsCard"},     CardPlace{ChartKind::Confusion, "confusionCard"},
                            CardPlace{ChartKind::Stages, "stagesCard"},       CardPlace{ChartKind::Times, "timesCard"},
                            CardPlace{ChartKind::Groups, "groupsCard"},       CardPlace{ChartKind::Agreement, "agreementCard"}};

QString formatWord(ExportFormat format)
{
    switch (format) {
    case ExportFormat::Png: return QStringLiteral("PNG");
    case ExportFormat::Svg: return QStringLiteral("SVG");
    case ExportFormat::Pdf: return QStringLiteral("PDF");
    case ExportFormat::Html: return QStringLiteral("HTML");
    }
    return {};
}

QString rangeText(StatisticsRange range)
{
    switch (range) {
    case StatisticsRange::Shift: return StatisticsPanel::tr("This shift");
    case StatisticsRange::LastShift: return StatisticsPanel::tr("Last shift");
    case StatisticsRange::Hours8: return StatisticsPanel::tr("8 h");
    case StatisticsRange::Hours24: return StatisticsPanel::tr("24 h");
    case StatisticsRange::Days7: return StatisticsPanel::tr("7 days");
    case StatisticsRange::Days30: return StatisticsPanel::tr("30 days");
    case StatisticsRange::Between: break;
    }
    return StatisticsPanel::tr("From – until");
}

QString fullTime(const QDateTime &at)
{
    return at.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm"));
}

QString timesText(const QDateTime &from, const QDateTime &until)
{
    if (from.isValid() && until.isValid())
        return StatisticsPanel::tr("%1 – %2").arg(fullTime(from), fullTime(until));
    if (from.isValid())
        return StatisticsPanel::tr("since %1").arg(fullTime(from));
    return until.isValid() ? StatisticsPanel::tr("until %1").arg(fullTime(until)) : StatisticsPanel::tr("any time");
}

/// Whether both ask for the same; the ends of a span that moves with the clock are worked out by who counts.
bool asksTheSame(StatisticsQuery a, StatisticsQuery b)
{
    for (StatisticsQuery *query : {&a, &b}) {
        if (query->range != StatisticsRange::Between)
            query->from = query->until = {};
    }
    return a == b;
}

/// Calls @p visit with each part of @p page.
template <typename Page, typename Visit>
void eachPart(Page &page, Visit visit)
{
    visit(page.stages);
    visit(page.byModel);
    visit(page.byDevice);
    visit(page.times);
    visit(page.hours);
    visit(page.defects);
    visit(page.control);
    visit(page.confusion);
    visit(page.agreement);
}

} // namespace

StatisticsPanel::StatisticsPanel(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("statisticsPanel"));
    auto *inner = new QWidget;
    m_filters = makeFilters();
    m_filters->setParent(inner);

    m_empty = new QFrame(inner);
    m_empty->setObjectName(QStringLiteral("statisticsEmpty"));
    m_empty->setProperty("card", true);
    m_emptyText = new ElidedLabel(4, m_empty);
    m_emptyText->setObjectName(QStringLiteral("statisticsEmptyText"));
    m_longer = makeButton(m_empty, "statisticsLonger", tr("Show 30 days"));
    auto *emptyColumn = new QVBoxLayout(m_empty);
    emptyColumn->setContentsMargins(space::kXl, space::kXl, space::kXl, space::kXl);
    emptyColumn->setSpacing(space::kL);
    emptyColumn->addWidget(m_emptyText);
    emptyColumn->addWidget(m_longer, 0, Qt::AlignLeft);
    connect(m_longer, &QPushButton::clicked, this, [this] { chooseRange(StatisticsRange::Days30); });

    m_cardArea = new QWidget(inner);
    m_grid = new QGridLayout(m_cardArea);
    m_grid->setContentsMargins({});
    m_grid->setSpacing(space::kM);
    for (const auto &[kind, name] : kCards) {
        auto *card = new ChartCard(theme, QLatin1String(name), m_cardArea);
        m_cards.insert(kind, card);
        connect(&card->view(), &ChartView::opened, this, &StatisticsPanel::reviewWanted);
        connect(&card->view(), &ChartView::markChanged, this, [this, view = &card->view()] {
            const QRect box = view->markedBox().translated(view->mapTo(m_scroll->widget(), QPoint()));
            if (view->hasFocus() && view->marked() >= 0)
                m_scroll->ensureVisible(box.center().x(), box.bottom(), 0, space::kM);
        });
        connect(card, &ChartCard::savePressed, this, [this, kind = kind] {
            offerExport({StatisticsExport::What::Chart, kind, ExportFormat::Png});
        });
    }

    auto *column = new QVBoxLayout(inner);
    column->setContentsMargins({});
    column->setSpacing(space::kM);
    column->addWidget(m_filters);
    column->addWidget(m_empty);
    column->addWidget(m_cardArea);
    column->addStretch();
    m_scroll = new PageScroll(QStringLiteral("statisticsScroll"), tr("Statistics"), inner, this);

    auto *top = new QVBoxLayout;
    top->setContentsMargins(0, 0, PageScroll::kMarginPx, 0);
    top->setSpacing(space::kM);
    top->addWidget(makeHead());
    top->addWidget(makeExports());
    m_told = new ElidedLabel(2, this);
    m_told->setObjectName(QStringLiteral("statisticsTold"));
    m_told->setProperty("type", QStringLiteral("label"));
    m_told->hide();
    top->addWidget(m_told);
    auto *page = new QVBoxLayout(this);
    page->setContentsMargins(space::kXl, space::kL, space::kXl - PageScroll::kMarginPx, space::kL);
    page->setSpacing(space::kM);
    page->addLayout(top);
    page->addWidget(m_scroll, 1);

    m_list = new FilterCard(theme, this);
    connect(m_list, &FilterCard::chosen, this, &StatisticsPanel::takeRow);
    connect(m_list, &FilterCard::spanEntered, this, [this](const QDateTime &from, const QDateTime &until) {
        m_list->close();
        chooseRange(from.isValid() || until.isValid() ? StatisticsRange::Between : kUsual, from, until);
    });
    m_page.query = m_query;
    layOutCards();
    refreshFilters();
    refreshCards();
}

QPushButton *StatisticsPanel::makeButton(QWidget *parent, const char *name, const QString &text)
{
    auto *button = new QPushButton(text, parent);
    button->setObjectName(QLatin1String(name));
    button->setAutoDefault(true); // Enter presses the one that has the focus
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

QWidget *StatisticsPanel::makeHead()
{
    auto *head = new QWidget(this);
    auto *title = new QLabel(tr("Statistics"), head);
    title->setTextFormat(Qt::PlainText);
    title->setObjectName(QStringLiteral("statisticsTitle"));
    title->setProperty("type", QStringLiteral("title"));
    m_asOf = new ElidedLabel(2, head);
    m_asOf->setObjectName(QStringLiteral("statisticsAsOf"));
    m_asOf->setProperty("type", QStringLiteral("label"));
    m_asOf->setProperty("tone", QStringLiteral("muted"));
    m_cancel = makeButton(head, "statisticsCancel", tr("Cancel"));
    m_refresh = makeButton(head, "statisticsRefresh", tr("Count again"));
    m_save = makeButton(head, "statisticsSave", tr("Save or report"));
    auto *row = new QHBoxLayout(head);
    row->setContentsMargins({});
    row->setSpacing(space::kS);
    row->addWidget(title);
    row->addSpacing(space::kS);
    row->addWidget(m_asOf, 1);
    row->addWidget(m_cancel);
    row->addWidget(m_refresh);
    row->addWidget(m_save);
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        setUnready(PartState::Unknown);
        refreshCards();
        Q_EMIT cancelRequested();
    });
    connect(m_refresh, &QPushButton::clicked, this, [this] {
        m_page = StatisticsPage{.query = m_query};
        setUnready(PartState::Computing);
        refreshCards();
        Q_EMIT queryChanged(m_query);
    });
    connect(m_save, &QPushButton::clicked, this, [this] { offerExport({}); });
    return head;
}

QWidget *StatisticsPanel::makeFilters()
{
    auto *filters = new QWidget;
    filters->setObjectName(QStringLiteral("statisticsFilters"));
    auto *flow = new FlowLayout(filters, space::kS);
    auto *ranges = new QWidget(filters);
    auto *rangeRow = new QHBoxLayout(ranges);
    rangeRow->setContentsMargins({});
    rangeRow->setSpacing(space::kXs);
    m_ranges = new QButtonGroup(this);
    for (const auto range : {StatisticsRange::Shift, StatisticsRange::LastShift, StatisticsRange::Hours8, StatisticsRange::Hours24, StatisticsRange::Days7,
                             StatisticsRange::Days30}) {
        QPushButton *button = makeButton(ranges, "", rangeText(range));
        button->setObjectName(QStringLiteral("statisticsRange-%1").arg(int(range)));
        button->setProperty("kind", QStringLiteral("segment"));
        button->setCheckable(true);
        m_ranges->addButton(button, int(range));
        rangeRow->addWidget(button);
        connect(button, &QPushButton::clicked, this, [this, range] {
            chooseRange(range);
            refreshFilters(); // the one that is down stays down
        });
    }
    flow->addWidget(ranges);
    m_between = new FilterChip(m_theme, FilterChip::Kind::List, tr("From – until"), filters);
    m_between->setObjectName(QStringLiteral("statisticsBetween"));
    connect(m_between, &QAbstractButton::clicked, this, [this] { openList(m_between); });
    connect(m_between, &FilterChip::clearPressed, this, [this] { chooseRange(kUsual); });
    flow->addWidget(m_between);
    addWordChip(filters, "statisticsQuestion", tr("Question"), &StatisticsQuery::question, &ReviewChoices::questions);
    addWordChip(filters, "statisticsModel", tr("Model"), &StatisticsQuery::model, &ReviewChoices::models);
    addWordChip(filters, "statisticsSource", tr("Source"), &StatisticsQuery::source, &ReviewChoices::sources);
    m_reviewed = new FilterChip(m_theme, FilterChip::Kind::Switch, tr("Reviewed only"), filters);
    m_reviewed->setObjectName(QStringLiteral("statisticsReviewed"));
    const auto switchReviewed = [this] {
        StatisticsQuery query = m_query;
        query.reviewedOnly = !query.reviewedOnly;
        choose(query);
    };
    connect(m_reviewed, &QAbstractButton::clicked, this, switchReviewed);
    connect(m_reviewed, &FilterChip::clearPressed, this, switchReviewed);
    flow->addWidget(m_reviewed);
    return filters;
}

void StatisticsPanel::addWordChip(QWidget *parent, const char *name, const QString &title, QString StatisticsQuery::*word,
                                  QList<ReviewChoice> ReviewChoices::*choices)
{
    auto *chip = new FilterChip(m_theme, FilterChip::Kind::List, title, parent);
    chip->setObjectName(QLatin1String(name));
    m_words.append({chip, word, choices});
    connect(chip, &QAbstractButton::clicked, this, [this, chip] { openList(chip); });
    connect(chip, &FilterChip::clearPressed, this, [this, word] {
        StatisticsQuery query = m_query;
        (query.*word).clear();
        choose(query);
    });
    parent->layout()->addWidget(chip);
}

QWidget *StatisticsPanel::makeExports()
{
    using What = StatisticsExport::What;
    m_exports = new QFrame(this);
    m_exports->setObjectName(QStringLiteral("statisticsExports"));
    m_exports->setProperty("card", true);
    m_exportTitle = new ElidedLabel(2, m_exports);
    m_exportTitle->setObjectName(QStringLiteral("statisticsExportTitle"));
    m_exportTitle->setProperty("type", QStringLiteral("label"));
    auto *row = new QHBoxLayout;
    row->setSpacing(space::kS);
    row->addWidget(m_exportTitle, 1);
    const auto add = [&](const QString &text, bool isReport, ExportFormat format) {
        QPushButton *button = makeButton(m_exports, "", text);
        button->setObjectName(QStringLiteral("%1-%2").arg(isReport ? QStringLiteral("report") : QStringLiteral("export"), formatWord(format)));
        button->setProperty("kind", QStringLiteral("segment"));
        row->addWidget(button);
        if (isReport)
            m_reports.append(button);
        connect(button, &QPushButton::clicked, this, [this, isReport, format] {
            StatisticsExport wanted = m_offered;
            wanted.format = format;
            if (isReport)
                wanted.what = What::Report;
            closeExport();
            Q_EMIT exportRequested(wanted);
        });
    };
    for (const ExportFormat format : {ExportFormat::Png, ExportFormat::Svg, ExportFormat::Pdf})
        add(formatWord(format), false, format);
    add(tr("Report PDF"), true, ExportFormat::Pdf);
    add(tr("Report HTML"), true, ExportFormat::Html);
    QPushButton *close = makeButton(m_exports, "exportClose", tr("Close"));
    close->setProperty("kind", QStringLiteral("segment"));
    close->setToolTip(tr("Esc"));
    row->addWidget(close);
    row->setContentsMargins(space::kL, space::kXs, space::kXs, space::kXs);
    m_exports->setLayout(row);
    connect(close, &QPushButton::clicked, this, &StatisticsPanel::closeExport);
    m_exports->hide();
    return m_exports;
}

void StatisticsPanel::setChoices(const ReviewChoices &choices)
{
    m_choices = choices;
    if (m_list->isVisible() && m_listed != m_between)
        fillList();
}

void StatisticsPanel::setPage(const StatisticsPage &page)
{
    if (!asksTheSame(page.query, m_query))
        return;
    m_page = page;
    refreshCards();
}

void StatisticsPanel::tellExport(const QString &sentence, bool isFailure)
{
    m_told->setText(sentence);
    m_told->setProperty("tone", isFailure ? QStringLiteral("error") : QStringLiteral("muted"));
    restyle(m_told);
    m_told->setVisible(!sentence.isEmpty());
}

void StatisticsPanel::chooseRange(StatisticsRange range, const QDateTime &from, const QDateTime &until)
{
    StatisticsQuery query = m_query;
    query.range = range;
    query.from = from;
    query.until = until;
    choose(query);
}

void StatisticsPanel::choose(const StatisticsQuery &query)
{
    if (query == m_query)
        return;
    m_query = query;
    m_page = StatisticsPage{.query = query};
    setUnready(PartState::Computing);
    refreshFilters();
    refreshCards();
    Q_EMIT queryChanged(m_query);
}

void StatisticsPanel::setUnready(PartState state)
{
    eachPart(m_page, [state](auto &part) {
        const bool isGivenUp = state == PartState::Unknown; // why another part failed is still to be read
        if (part.state != PartState::Ready && !(isGivenUp && part.state == PartState::Failed))
            part.state = state;
    });
}

const StatisticsPanel::WordChip *StatisticsPanel::wordChip(const FilterChip *chip) const
{
    const auto found = std::ranges::find(m_words, chip, &WordChip::chip);
    return found == m_words.end() ? nullptr : &*found;
}

void StatisticsPanel::openList(FilterChip *chip)
{
    if (m_list->isVisible()) {
        m_list->close();
        return;
    }
    m_scroll->ensureWidgetVisible(chip, 0, 0);
    m_listed = chip;
    fillList();
    m_list->openAt(chip->mapTo(this, QPoint(0, chip->height() + space::kXs)) + QPoint(m_list->width(), 0), chip);
}

void StatisticsPanel::fillList()
{
    const WordChip *words = wordChip(m_listed);
    if (!words) {
        m_list->setContent(tr("From – until"), {}, FilterCard::Field::Span, tr("A field left empty is open. Enter takes both."));
        return;
    }
    const QString &chosen = m_query.*(words->word);
    QList<ChoiceList::Row> rows{{tr("Any"), {}, chosen.isEmpty()}};
    for (const ReviewChoice &choice : m_choices.*(words->choices))
        rows.append({choice.value, choice.count < 0 ? QString() : QLocale().toString(choice.count), choice.value == chosen});
    m_list->setContent(m_listed->text(), rows, FilterCard::Field::Missing);
}

void StatisticsPanel::takeRow(int row)
{
    const WordChip *words = wordChip(m_listed);
    if (!words)
        return;
    const QList<ReviewChoice> &choices = m_choices.*(words->choices);
    StatisticsQuery query = m_query;
    query.*(words->word) = row > 0 && row <= choices.size() ? choices.at(row - 1).value : QString();
    m_list->close();
    choose(query);
}

void StatisticsPanel::offerExport(const StatisticsExport &wanted)
{
    m_offered = wanted;
    const bool isPage = wanted.what == StatisticsExport::What::Page;
    const ChartPointer chart = isPage ? nullptr : m_cards.value(wanted.chart)->readyChart();
    m_exportTitle->setText(isPage ? tr("Save the page, or report the shift, as") : tr("Save “%1” as").arg(chart ? chart->title() : QString()));
    for (QPushButton *button : std::as_const(m_reports))
        button->setVisible(isPage);
    if (!m_exports->isVisible())
        m_focusBefore = window()->focusWidget();
    tellExport({}, false);
    m_exports->show();
    m_exports->findChild<QPushButton *>(QStringLiteral("export-PNG"))->setFocus(Qt::OtherFocusReason);
}

void StatisticsPanel::closeExport()
{
    m_exports->hide();
    if (m_focusBefore)
        m_focusBefore->setFocus(Qt::OtherFocusReason);
}

void StatisticsPanel::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && m_exports->isVisible())
        closeExport();
    else if (event->key() == Qt::Key_Escape && isAny(PartState::Computing))
        m_cancel->click();
    else
        QWidget::keyPressEvent(event);
}

void StatisticsPanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    QAbstractButton *chosen = m_ranges->checkedButton(); // none: from and until were typed
    (chosen ? chosen : m_ranges->button(int(kUsual)))->setFocus(Qt::OtherFocusReason);
    Q_EMIT choicesRequested();
    if (!isAny(PartState::Computing)) {
        setUnready(PartState::Computing); // what is there stays until it comes anew
        refreshCards();
        Q_EMIT queryChanged(m_query);
    }
}

void StatisticsPanel::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    layOutCards();
    fitFilters();
}

void StatisticsPanel::fitFilters()
{
    // Left to the layouts, the page would be as long as it is with the chips below each other.
    const int barPx = m_scroll->verticalScrollBar()->sizeHint().width();
    m_filters->setFixedHeight(m_filters->layout()->heightForWidth(width() - 2 * space::kXl - barPx - space::kXs));
}

void StatisticsPanel::layOutCards()
{
    const int columns = width() >= kTwoColumnsPx ? 2 : 1;
    if (columns == m_columns)
        return;
    m_columns = columns;
    for (int i = 0; i < int(kCards.size()); ++i)
        m_grid->addWidget(m_cards.value(kCards[std::size_t(i)].kind), i / columns, i % columns);
    for (int column = 0; column < 2; ++column)
        m_grid->setColumnStretch(column, column < columns ? 1 : 0);
}

bool StatisticsPanel::isAny(PartState state) const
{
    bool isFound = false;
    eachPart(m_page, [&](const auto &part) { isFound = isFound || part.state == state; });
    return isFound;
}

bool StatisticsPanel::isEmptyPage() const
{
    if (isAny(PartState::Unknown) || isAny(PartState::Computing) || isAny(PartState::Failed))
        return false;
    return std::ranges::none_of(m_cards, [](const ChartCard *card) { return card->readyChart() != nullptr; });
}

ReviewFilter StatisticsPanel::baseFilter() const
{
    ReviewFilter filter;
    filter.from = m_page.query.from;
    filter.until = m_page.query.until;
    filter.question = m_page.query.question;
    filter.model = m_page.query.model;
    filter.source = m_page.query.source;
    filter.reviewedOnly = m_page.query.reviewedOnly;
    return filter;
}

QString StatisticsPanel::spanSentence() const
{
    const StatisticsQuery &query = m_page.query;
    return query.from.isValid() || query.until.isValid() ? timesText(query.from, query.until) : rangeText(query.range);
}

void StatisticsPanel::refreshFilters()
{
    m_ranges->setExclusive(false); // none of them while a span is given
    for (QAbstractButton *button : m_ranges->buttons())
        button->setChecked(m_ranges->id(button) == int(m_query.range));
    m_between->setValue(m_query.range == StatisticsRange::Between ? timesText(m_query.from, m_query.until) : QString());
    for (const WordChip &each : std::as_const(m_words))
        each.chip->setValue(m_query.*(each.word));
    m_reviewed->setValue(m_query.reviewedOnly ? tr("on") : QString());
    fitFilters();
}

void StatisticsPanel::refreshCards()
{
    const ReviewFilter about = baseFilter();
    const auto show = [this](ChartKind kind, const ChartPointer &chart, PartState state, const QString &sentence) {
        m_cards.value(kind)->show(chart, state, sentence);
    };
    const auto part = [&](ChartKind kind, const ChartPointer &chart, const auto &of) { show(kind, chart, of.state, of.sentence); };
    part(ChartKind::Hours, std::make_shared<HoursChart>(m_page.hours.value, about), m_page.hours);
    part(ChartKind::Control, std::make_shared<ControlPointsChart>(m_page.control.value, about), m_page.control);
    part(ChartKind::Defects, std::make_shared<ParetoChart>(m_page.defects.value, about), m_page.defects);
    part(ChartKind::Confusion, MatrixChart::confusion(m_page.confusion.value, about), m_page.confusion);
    part(ChartKind::Stages, SpreadChart::stages(m_page.stages.value, about), m_page.stages);
    part(ChartKind::Times, std::make_shared<HistogramChart>(m_page.times.value, about), m_page.times);
    part(ChartKind::Agreement, MatrixChart::agreement(m_page.agreement.value, about), m_page.agreement);
    const auto &models = m_page.byModel, &devices = m_page.byDevice;
    const bool isModelReady = models.state == PartState::Ready;
    show(ChartKind::Groups, SpreadChart::groups(models.value, devices.value, about), isModelReady ? devices.state : models.state,
         isModelReady ? devices.sentence : models.sentence);
    refreshState();
}

void StatisticsPanel::refreshState()
{
    const bool isComputing = isAny(PartState::Computing);
    const bool isEmpty = isEmptyPage();
    const auto asOf = [&] {
        if (isComputing)
            return tr("Counting");
        if (!m_page.asOf.isValid())
            return tr("Not counted yet");
        return tr("As of %1").arg(fullTime(m_page.asOf));
    };
    m_asOf->setText(asOf());
    m_cancel->setVisible(isComputing);
    m_refresh->setVisible(!isComputing);
    const bool isAnything = std::ranges::any_of(m_cards, [](const ChartCard *card) { return card->readyChart() != nullptr; });
    m_save->setEnabled(isAnything);
    m_save->setToolTip(isAnything ? QString() : tr("There is nothing to save yet."));
    const bool isOfChart = m_offered.what == StatisticsExport::What::Chart;
    if (!isAnything || (isOfChart && !m_cards.value(m_offered.chart)->readyChart())) // a sheet without it is not what was asked for
        m_exports->hide();
    m_emptyText->setText(tr("There is no answer that fits: %1.").arg(spanSentence()));
    m_empty->setVisible(isEmpty);
    m_longer->setVisible(m_query.range != StatisticsRange::Days30);
    m_cardArea->setVisible(!isEmpty);
}

ChartSheet StatisticsPanel::sheet(const StatisticsExport &wanted) const
{
    using What = StatisticsExport::What;
    ChartSheet sheet;
    const StatisticsQuery &query = m_page.query;
    sheet.title = wanted.what == What::Report ? tr("Shift report") : tr("Statistics");
    const auto fact = [&](const QString &name, const QString &value) { sheet.facts.append({name, value}); };
    fact(tr("Time"), timesText(query.from, query.until));
    fact(tr("Question"), query.question.isEmpty() ? tr("any") : query.question);
    fact(tr("Model"), query.model.isEmpty() ? tr("any") : query.model);
    fact(tr("Source"), query.source.isEmpty() ? tr("any") : query.source);
    if (query.reviewedOnly)
        fact(tr("Counted"), tr("only what people have reviewed"));
    fact(tr("As of"), fullTime(m_page.asOf));
    if (wanted.what == What::Report && m_page.hours.state == PartState::Ready) {
        HourCounts sum;
        for (const HourCounts &hour : m_page.hours.value) {
            sum.ok += hour.ok;
            sum.ng += hour.ng;
            sum.unsure += hour.unsure;
            sum.none += hour.none;
            sum.failed += hour.failed;
        }
        fact(tr("Answers"), countText(sum.all()));
        fact(tr("Of these"), tr("OK %1, NG %2, UNSURE %3, no verdict %4")
                                 .arg(countText(sum.ok), countText(sum.ng), countText(sum.unsure), countText(sum.none)));
        fact(tr("Failed"), countText(sum.failed));
        if (sum.ok + sum.ng > 0)
            fact(tr("Yield"), tr("%1 (OK of OK and NG)").arg(shareText(double(sum.ok) / double(sum.ok + sum.ng))));
    }
    if (wanted.what == What::Report && m_page.stages.state == PartState::Ready && !m_page.stages.value.isEmpty()) {
        const LatencySpread &whole = m_page.stages.value.first();
        fact(tr("Time of an answer"), tr("half below %1, 95 % below %2, longest %3")
                                          .arg(durationText(whole.p50Ms), durationText(whole.p95Ms), durationText(whole.maxMs)));
    }
    for (const auto &[kind, name] : kCards) {
        if (wanted.what == What::Chart && kind != wanted.chart)
            continue;
        if (const ChartPointer chart = m_cards.value(kind)->readyChart())
            sheet.charts.append(chart);
    }
    return sheet;
}

} // namespace auroraedge::ui
