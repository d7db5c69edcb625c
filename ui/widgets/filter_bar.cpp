#include "ui/widgets/filter_bar.h"

#include "ui/dialogs/filter_card.h"
#include "ui/models/statistics_stage.h"
#include "ui/theme/theme.h"
#include "ui/widgets/filter_chip.h"
#include "ui/widgets/flow_layout.h"
#include "ui/widgets/painting.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLocale>
#include <QPushButton>
#include <QScrollBar>

#include <algorithm>
#include <array>
#include <utility>

namespace auroraedge::ui {

namespace {

constexpr std::array kVerdicts{Verdict::Ok, Verdict::Ng, Verdict::Unsure};
constexpr std::array kLatenciesMs{100, 250, 500, 1000, 2000, 5000};
constexpr std::array kSpans{MovingSpan::Today,  MovingSpan::Shift,   MovingSpan::LastShift,
                            MovingSpan::Hours8, MovingSpan::Hours24, MovingSpan::Days7};

QString timeText(const QDateTime &time)
{
    return time.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm"));
}

QString spanText(MovingSpan span)
{
    switch (span) {
    case MovingSpan::Today: return FilterBar::tr("today");
    case MovingSpan::Shift: return FilterBar::tr("this shift");
    case MovingSpan::LastShift: return FilterBar::tr("last shift");
    case MovingSpan::Hours8: return FilterBar::tr("last 8 hours");
    case MovingSpan::Hours24: return FilterBar::tr("last 24 hours");
    case MovingSpan::Days7: return FilterBar::tr("last 7 days");
    case MovingSpan::Days30: return FilterBar::tr("last 30 days");
    }
    return {};
}

} // namespace

FilterBar::FilterBar(const Theme &theme, QWidget *overlay) : QWidget(overlay), m_theme(theme)
{
    setObjectName(QStringLiteral("filterBar"));
    m_row = new QWidget;
    m_row->setProperty("page", true);
    auto *chips = new FlowLayout(m_row, space::kS);
    const auto chip = [&](Part part, const char *name, const QString &title) {
        addChip(part, name, title);
        chips->addWidget(m_chips.value(part));
    };
    chip(Part::Time, "chipTime", tr("Time"));
    chip(Part::Verdict, "chipVerdict", tr("Verdict"));
    chip(Part::NoVerdict, "chipNoVerdict", tr("No verdict"));
    chip(Part::Unreviewed, "chipUnreviewed", tr("Unreviewed"));
    chip(Part::Disagree, "chipDisagree", tr("Disagree"));
    chip(Part::Question, "chipQuestion", tr("Question"));
    chip(Part::DefectClass, "chipClass", tr("Class"));
    chip(Part::Reviewer, "chipReviewer", tr("Reviewer"));
    chip(Part::Held, "chipHeld", tr("Held"));
    chip(Part::Tag, "chipTag", tr("Tag"));
    chip(Part::Source, "chipSource", tr("Source"));
    chip(Part::Model, "chipModel", tr("Model"));
    chip(Part::Latency, "chipLatency", tr("Slower than"));
    chip(Part::Counted, "chipCounted", tr("Counts as"));
    chip(Part::Judged, "chipJudged", tr("Judged"));
    chip(Part::Pair, "chipPair", tr("Both judged"));
    chip(Part::Reviewed, "chipReviewed", tr("Reviewed"));
    chip(Part::Failed, "chipFailed", tr("Failed"));
    chip(Part::Device, "chipDevice", tr("Device"));
    chip(Part::Session, "chipSession", tr("Session"));
    chip(Part::Stage, "chipStage", tr("Stage"));

    m_scroll = new QScrollArea(this);
    m_scroll->setObjectName(QStringLiteral("chipScroll"));
    m_scroll->setAccessibleName(tr("Filter"));
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->viewport()->setAutoFillBackground(false);
    m_scroll->setWidget(m_row);
    m_row->setAutoFillBackground(false);

    const auto button = [this](const char *name, const QString &text) {
        auto *made = new QPushButton(text, this);
        made->setObjectName(QLatin1String(name));
        made->setFocusPolicy(Qt::TabFocus);
        made->setAutoDefault(true); // Enter presses the one that has the focus
        return made;
    };
    m_clearAll = button("filterClear", tr("Clear all"));
    m_viewsButton = button("filterViews", tr("Views"));
    m_viewsButton->setToolTip(tr("Filters that have a name"));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins({});
    row->setSpacing(space::kS);
    row->addWidget(m_scroll, 1);
    row->addWidget(m_clearAll, 0, Qt::AlignTop);
    row->addWidget(m_viewsButton, 0, Qt::AlignTop);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);

    m_card = new FilterCard(theme, overlay);
    connect(m_clearAll, &QPushButton::clicked, this, [this] { choose({}); });
    connect(m_viewsButton, &QPushButton::clicked, this, [this] { open(Part::Views, m_viewsButton); });
    connect(m_card, &FilterCard::chosen, this, &FilterBar::take);
    connect(m_card, &FilterCard::deletePressed, this, [this](int place) {
        if (m_open == Part::Views && place < m_views.size())
            Q_EMIT viewDeleted(m_views.at(place).name);
    });
    connect(m_card, &FilterCard::spanEntered, this, [this](const QDateTime &from, const QDateTime &until) {
        ReviewFilter filter = m_filter;
        filter.span.reset();
        filter.from = from;
        filter.until = until;
        m_card->close();
        choose(filter);
    });
    connect(m_card, &FilterCard::numberEntered, this, [this](int milliseconds) {
        ReviewFilter filter = m_filter;
        filter.latencyAboveMs = milliseconds;
        m_card->close();
        choose(filter);
    });
    connect(m_card, &FilterCard::nameEntered, this, [this](const QString &name) {
        m_card->close();
        Q_EMIT viewSaved({name, m_filter});
    });
    refresh();
}

void FilterBar::addChip(Part part, const char *name, const QString &title)
{
    const auto kind = switchOf(part) ? FilterChip::Kind::Switch : isTold(part) ? FilterChip::Kind::Told : FilterChip::Kind::List;
    auto *chip = new FilterChip(m_theme, kind, title, m_row);
    chip->setObjectName(QLatin1String(name));
    chip->installEventFilter(this);
    m_chips.insert(part, chip);
    connect(chip, &FilterChip::clearPressed, this, [this, part] { clear(part); });
    if (kind == FilterChip::Kind::List)
        connect(chip, &QAbstractButton::clicked, this, [this, part, chip] { open(part, chip); });
    if (const auto which = switchOf(part))
        connect(chip, &QAbstractButton::clicked, this, [this, which] {
            ReviewFilter filter = m_filter;
            filter.*which = !(filter.*which);
            choose(filter);
        });
}

bool ReviewFilter::*FilterBar::switchOf(Part part)
{
    switch (part) {
    case Part::NoVerdict: return &ReviewFilter::withoutVerdict;
    case Part::Unreviewed: return &ReviewFilter::unreviewedOnly;
    case Part::Disagree: return &ReviewFilter::disagreeOnly;
    case Part::Held: return &ReviewFilter::heldOnly;
    case Part::Reviewed: return &ReviewFilter::reviewedOnly;
    case Part::Failed: return &ReviewFilter::failedOnly;
    default: return nullptr;
    }
}

QString ReviewFilter::*FilterBar::wordOf(Part part)
{
    switch (part) {
    case Part::Question: return &ReviewFilter::question;
    case Part::Model: return &ReviewFilter::model;
    case Part::Source: return &ReviewFilter::source;
    case Part::Reviewer: return &ReviewFilter::reviewer;
    case Part::DefectClass: return &ReviewFilter::defectClass;
    case Part::Tag: return &ReviewFilter::tag;
    case Part::Device: return &ReviewFilter::device;
    default: return nullptr;
    }
}

const QList<ReviewChoice> &FilterBar::choicesOf(Part part) const
{
    switch (part) {
    case Part::Model: return m_choices.models;
    case Part::Source: return m_choices.sources;
    case Part::Reviewer: return m_choices.reviewers;
    case Part::DefectClass: return m_choices.defectClasses;
    case Part::Tag: return m_choices.tags;
    default: return m_choices.questions;
    }
}

QString FilterBar::valueOf(Part part) const
{
    if (part == Part::Reviewer && !m_filter.otherReviewer.isEmpty())
        return {}; // told by the pair
    if (part == Part::DefectClass && m_filter.withoutClass)
        return tr("no class");
    if (const auto word = wordOf(part))
        return m_filter.*word;
    if (const auto which = switchOf(part))
        return m_filter.*which ? tr("on") : QString();
    const auto words = [](const QList<Verdict> &verdicts) {
        QStringList list;
        for (const Verdict verdict : verdicts)
            list.append(verdictWord(verdict));
        return list;
    };
    switch (part) {
    case Part::Time:
        if (m_filter.span)
            return spanText(*m_filter.span);
        if (m_filter.from.isValid() && m_filter.until.isValid()) {
            const QDateTime until = m_filter.until.toLocalTime();
            const bool isOneDay = m_filter.from.toLocalTime().date() == until.date();
            return tr("%1 – %2").arg(timeText(m_filter.from), isOneDay ? until.toString(QStringLiteral("HH:mm")) : timeText(until));
        }
        if (m_filter.until.isValid())
            return tr("until %1").arg(timeText(m_filter.until));
        return m_filter.from.isValid() ? tr("since %1").arg(timeText(m_filter.from)) : QString();
    case Part::Verdict: return words(m_filter.verdicts).join(QStringLiteral(", "));
    case Part::Judged: return words(m_filter.judgements).join(QStringLiteral(", "));
    case Part::Counted: {
        QStringList list = words(m_filter.counted);
        if (m_filter.countedNone)
            list.append(tr("no verdict"));
        return list.join(QStringLiteral(", "));
    }
    case Part::Pair: return m_filter.otherReviewer.isEmpty() ? QString() : tr("%1 and %2").arg(m_filter.reviewer, m_filter.otherReviewer);
    case Part::Session: return m_filter.session > 0 ? QLocale().toString(m_filter.session) : QString();
    case Part::Latency: return m_filter.latencyAboveMs > 0 ? durationText(m_filter.latencyAboveMs) : QString();
    case Part::Stage: {
        const StageSpan &stage = m_filter.stage;
        if (stage.stage.isEmpty())
            return {};
        if (stage.belowMs > 0)
            return tr("%1 %2 to %3").arg(stageText(stage.stage), durationText(stage.fromMs), durationText(stage.belowMs));
        return tr("%1 from %2").arg(stageText(stage.stage), durationText(stage.fromMs));
    }
    default: return {};
    }
}

QString FilterBar::words() const
{
    QStringList words;
    for (const FilterChip *chip : m_row->findChildren<FilterChip *>())
        if (!chip->value().isEmpty())
            words.append(chip->label());
    return words.join(QStringLiteral(" · "));
}

void FilterBar::setFilter(const ReviewFilter &filter)
{
    m_filter = filter;
    refresh();
}

void FilterBar::setChoices(const ReviewChoices &choices)
{
    m_choices = choices;
    if (m_card->isVisible() && wordOf(m_open))
        fill(m_open);
}

void FilterBar::setSavedViews(const SavedViews &views)
{
    m_views = views;
    if (m_card->isVisible() && m_open == Part::Views)
        fill(m_open);
}

void FilterBar::refresh()
{
    for (auto chip = m_chips.begin(); chip != m_chips.end(); ++chip) {
        const QString value = valueOf(chip.key());
        chip.value()->setValue(value);
        chip.value()->setVisible(!value.isEmpty() || !isTold(chip.key()));
    }
    m_clearAll->setEnabled(!m_filter.isEmpty());
    m_clearAll->setToolTip(m_filter.isEmpty() ? tr("Nothing is filtered.") : QString());
    if (isVisible()) // before, it has no width yet
        fitRows();
}

void FilterBar::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitRows();
}

void FilterBar::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    fitRows();
}

void FilterBar::setMostRows(int rows)
{
    if (std::exchange(m_mostRows, rows) != rows && isVisible())
        fitRows();
}

bool FilterBar::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::FocusIn)
        if (auto *chip = qobject_cast<FilterChip *>(watched))
            m_scroll->ensureWidgetVisible(chip, 0, 0);
    return QWidget::eventFilter(watched, event);
}

void FilterBar::fitRows()
{
    const int whole = m_row->layout()->heightForWidth(m_scroll->width());
    const int most = m_mostRows > 0 ? m_mostRows * (kTouchPx + space::kS) - space::kS : whole;
    m_scroll->setVerticalScrollBarPolicy(whole > most ? Qt::ScrollBarAlwaysOn : Qt::ScrollBarAlwaysOff);
    m_scroll->setFixedHeight(std::min(whole, most));
    const int room = m_scroll->width() - (whole > most ? m_scroll->verticalScrollBar()->sizeHint().width() : 0);
    m_row->setMinimumHeight(m_row->layout()->heightForWidth(room)); // left to the scroll area it would be one chip high
    updateGeometry();
}

void FilterBar::open(Part part, QWidget *under)
{
    if (m_card->isVisible()) {
        m_card->close();
        return;
    }
    m_scroll->ensureWidgetVisible(under, 0, 0);
    m_open = part;
    fill(part);
    const QPoint below = under->mapTo(m_card->parentWidget(), QPoint(0, under->height() + space::kXs));
    m_card->openAt(below + QPoint(part == Part::Views ? under->width() : m_card->width(), 0), under);
}

void FilterBar::fill(Part part)
{
    using Row = ChoiceList::Row;
    using Field = FilterCard::Field;
    QList<Row> rows;
    if (const auto word = wordOf(part)) {
        rows.append({tr("Any"), {}, valueOf(part).isEmpty()});
        if (part == Part::DefectClass)
            rows.append({tr("no class"), {}, m_filter.withoutClass});
        for (const ReviewChoice &choice : choicesOf(part))
            rows.append({choice.value, choice.count < 0 ? QString() : QLocale().toString(choice.count), choice.value == m_filter.*word});
        m_card->setContent(m_chips.value(part)->text(), rows, Field::Missing);
    } else if (part == Part::Time) {
        rows.append({tr("any time"), {}, valueOf(part).isEmpty()});
        for (const MovingSpan span : kSpans)
            rows.append({spanText(span), {}, m_filter.span == span});
        m_card->setContent(tr("Time"), rows, Field::Span);
    } else if (part == Part::Verdict) {
        for (const Verdict verdict : kVerdicts)
            rows.append({verdictWord(verdict), {}, m_filter.verdicts.contains(verdict)});
        m_card->setContent(tr("Verdict of the model"), rows, Field::Missing);
    } else if (part == Part::Latency) {
        rows.append({tr("Any"), {}, m_filter.latencyAboveMs <= 0});
        for (const int latency : kLatenciesMs)
            rows.append({durationText(latency), {}, m_filter.latencyAboveMs == latency});
        m_card->setContent(tr("Slower than"), rows, Field::Number);
    } else {
        for (const SavedView &view : std::as_const(m_views))
            rows.append({view.name, {}, view.filter == m_filter});
        m_card->setContent(tr("Views"), rows, Field::Name,
                           rows.isEmpty() ? tr("Give this filter a name to find it here again.") : tr("Enter opens, Delete or the cross removes."));
    }
}

void FilterBar::take(int row)
{
    ReviewFilter filter = m_filter;
    if (const auto word = wordOf(m_open)) {
        const bool hasNone = m_open == Part::DefectClass;
        const int before = hasNone ? 2 : 1; // rows that are no value
        filter.*word = row < before ? QString() : choicesOf(m_open).at(row - before).value;
        if (hasNone)
            filter.withoutClass = row == 1;
    } else if (m_open == Part::Time) {
        filter.from = filter.until = {};
        filter.span = row == 0 ? std::nullopt : std::optional(kSpans.at(std::size_t(row - 1)));
    } else if (m_open == Part::Latency) {
        filter.latencyAboveMs = row == 0 ? 0 : kLatenciesMs.at(std::size_t(row - 1));
    } else if (m_open == Part::Views) {
        filter = m_views.at(row).filter;
    } else { // verdicts: several may be on
        const Verdict verdict = kVerdicts.at(std::size_t(row));
        if (!filter.verdicts.removeOne(verdict))
            filter.verdicts.append(verdict);
        std::ranges::sort(filter.verdicts);
        choose(filter);
        QList<ChoiceList::Row> rows;
        for (const Verdict each : kVerdicts)
            rows.append({verdictWord(each), {}, filter.verdicts.contains(each)});
        m_card->setRows(rows);
        return;
    }
    m_card->close();
    choose(filter);
}

void FilterBar::clear(Part part)
{
    ReviewFilter filter = m_filter;
    if (const auto word = wordOf(part))
        (filter.*word).clear();
    if (const auto which = switchOf(part))
        filter.*which = false;
    switch (part) {
    case Part::Time:
        filter.from = filter.until = {};
        filter.span.reset();
        break;
    case Part::DefectClass: filter.withoutClass = false; break;
    case Part::Verdict: filter.verdicts.clear(); break;
    case Part::Judged: filter.judgements.clear(); break;
    case Part::Counted:
        filter.counted.clear();
        filter.countedNone = false;
        break;
    case Part::Pair:
        filter.reviewer.clear();
        filter.otherReviewer.clear();
        break;
    case Part::Session: filter.session = 0; break;
    case Part::Latency: filter.latencyAboveMs = 0; break;
    case Part::Stage: filter.stage = {}; break;
    default: break;
    }
    choose(filter);
}

void FilterBar::choose(const ReviewFilter &filter)
{
    if (filter == m_filter)
        return;
    setFilter(filter);
    Q_EMIT filterChosen(filter);
}

} // namespace auroraedge::ui
