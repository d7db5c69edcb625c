#include "ui/panels/review_panel.h"

#include "ui/dialogs/filter_card.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/entry_field.h"
#include "ui/widgets/filter_bar.h"
#include "ui/widgets/review_export_bar.h"
#include "ui/widgets/review_facts.h"
#include "ui/widgets/review_grid.h"
#include "ui/widgets/review_picture.h"

#include <QAbstractButton>
#include <QApplication>
#include <QButtonGroup>
#include <QFrame>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>
#include <numeric>
#include <utility>

namespace auroraedge::ui {

namespace {

using CellSize = ReviewGrid::CellSize;
using Condition = ReviewModel::Condition;

constexpr int kTypingPauseMs = 250;
constexpr int kLeastDetailPx = 320, kMostDetailPx = 540;
constexpr int kMostNameLetters = 64, kMostNamePx = 150, kLeastNamePx = 56; ///< of who judges
constexpr int kRoomyHeadPx = 900;
constexpr int kLeastWordsPx = 130, kUsualWordsPx = 170; ///< of the field that finds words
constexpr int kRoomForStripPx = 520; ///< height of the page beside a large picture, and for chips in several rows

bool isTyping()
{
    return qobject_cast<QLineEdit *>(QApplication::focusWidget()) != nullptr;
}

/// What takes a mark back.
ReviewDecision oppositeOf(ReviewDecision mark)
{
    if (mark.isHeld)
        mark.isHeld = !*mark.isHeld;
    mark.tagsAdded.swap(mark.tagsRemoved);
    mark.isUndo = true;
    return mark;
}

/// @p tags less those of @p others.
QStringList without(QStringList tags, const QStringList &others)
{
    tags.removeIf([&](const QString &tag) { return others.contains(tag); });
    return tags;
}

/// Whether the one takes the place of the other: two notes do, a note and a judgement do not.
bool areOfOneKind(const ReviewDecision &a, const ReviewDecision &b)
{
    const auto kindOf = [](const ReviewDecision &decision) { return std::pair(decision.isMark(), decision.isHeld.has_value() || decision.note.has_value()); };
    return kindOf(a) == kindOf(b);
}

QPushButton *makeButton(QWidget *parent, const char *name, const QString &text)
{
    auto *button = new QPushButton(text, parent);
    button->setObjectName(QLatin1String(name));
    button->setFocusPolicy(Qt::TabFocus);
    button->setAutoDefault(true); // Enter presses the one that has the focus
    return button;
}

} // namespace

ReviewPanel::ReviewPanel(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("reviewPanel"));
    m_filterBar = new FilterBar(theme, this);
    QWidget *head = makeHead();
    QWidget *trouble = makeTrouble();
    QWidget *notice = makeNotice();
    m_export = new ReviewExportBar(this);
    m_grid = new ReviewGrid(theme, m_items, CellSize::Medium, this);
    m_grid->setObjectName(QStringLiteral("reviewGrid"));
    m_grid->setAccessibleName(tr("Answers"));
    QWidget *detail = makeDetail();
    QWidget *entry = makeEntry();
    m_hints = new ElidedLabel(2, this);
    m_hints->setObjectName(QStringLiteral("reviewHints"));
    m_hints->setProperty("type", QStringLiteral("caption"));
    m_hints->setProperty("tone", QStringLiteral("muted"));

    m_newer = makeButton(this, "reviewNewer", {});
    m_newer->setToolTip(tr("Shows them; your place stays (F5)"));
    m_newer->hide();

    auto *foot = new QHBoxLayout; // what comes and goes at the bottom moves no picture that is being judged
    foot->setSpacing(space::kM);
    foot->addWidget(m_hints, 1);
    foot->addWidget(m_newer);
    auto *middle = new QHBoxLayout;
    middle->setSpacing(space::kM);
    middle->addWidget(m_grid, 1);
    middle->addWidget(detail);
    auto *page = new QVBoxLayout(this);
    page->setContentsMargins(space::kL, space::kM, space::kL, space::kS);
    page->setSpacing(space::kS);
    page->addWidget(m_filterBar);
    page->addWidget(head);
    page->addWidget(trouble);
    page->addWidget(notice);
    page->addWidget(m_export);
    page->addLayout(middle, 1);
    page->addWidget(entry);
    page->addLayout(foot);
    m_reviewerCard = new FilterCard(theme, this, QStringLiteral("reviewer"));
    connectParts();
    m_detail->hide(); // until there is something to look at
    setView(View::Browse);
    refreshCounts();
}

ReviewPanel::~ReviewPanel() = default;

QWidget *ReviewPanel::makeHead()
{
    m_head = new QWidget(this);
    m_words = new EntryField(m_head);
    m_words->setObjectName(QStringLiteral("reviewWords"));
    m_words->setAccessibleName(tr("Words to find"));
    m_words->setPlaceholderText(tr("Find words ( / )"));
    m_words->setClearButtonEnabled(false);
    m_words->setMaximumWidth(320);
    m_count = new ElidedLabel(2, m_head);
    m_count->setObjectName(QStringLiteral("reviewCount"));
    m_count->setProperty("type", QStringLiteral("label"));
    m_count->setProperty("tone", QStringLiteral("muted"));
    m_left = new QLabel(m_head);
    m_left->setObjectName(QStringLiteral("reviewLeft"));
    m_left->setTextFormat(Qt::PlainText);
    m_left->setProperty("type", QStringLiteral("heading"));
    m_sizes = new QButtonGroup(m_head);
    auto *row = new QHBoxLayout(m_head);
    row->setContentsMargins({});
    row->setSpacing(space::kS);
    row->addWidget(m_words, 1);
    row->addWidget(m_left);
    row->addWidget(m_count, 1);
    for (const auto &[size, name, text, title] : {std::tuple(CellSize::Small, "sizeS", tr("S"), tr("Small pictures")),
                                                  std::tuple(CellSize::Medium, "sizeM", tr("M"), tr("Pictures of middle size")),
                                                  std::tuple(CellSize::Large, "sizeL", tr("L"), tr("Large pictures"))}) {
        QPushButton *button = makeButton(m_head, name, text);
        button->setAccessibleName(title);
        button->setToolTip(title);
        button->setProperty("kind", QStringLiteral("letter"));
        button->setCheckable(true);
        button->setChecked(size == CellSize::Medium);
        m_sizes->addButton(button, int(size));
        row->addWidget(button);
    }
    m_reviewerButton = makeButton(m_head, "reviewerButton", {});
    m_reviewerButton->hide();
    row->addWidget(m_reviewerButton);
    m_advance = makeButton(m_head, "reviewAdvance", tr("Go on"));
    m_advance->setToolTip(tr("Goes on to the next one after each decision"));
    m_advance->setCheckable(true);
    m_advance->setChecked(true);
    row->addWidget(m_advance);
    QPushButton *exporting = makeButton(m_head, "reviewExport", tr("Export"));
    exporting->setToolTip(tr("What is found, as a file (E)"));
    connect(exporting, &QPushButton::clicked, this, [this] { m_export->offer(m_totals.matching); });
    row->addWidget(exporting);
    return m_head;
}

QWidget *ReviewPanel::makeTrouble()
{
    auto *trouble = new QFrame(this);
    trouble->setObjectName(QStringLiteral("reviewTrouble"));
    trouble->setProperty("trouble", true);
    m_trouble = trouble;
    m_troubleText = new ElidedLabel(2, trouble);
    m_troubleText->setObjectName(QStringLiteral("reviewTroubleText"));
    m_troubleText->setProperty("type", QStringLiteral("label"));
    QPushButton *again = makeButton(trouble, "reviewAgain", tr("Try again"));
    again->setToolTip(tr("R"));
    QPushButton *leave = makeButton(trouble, "reviewLeave", tr("Leave it"));
    auto *row = new QHBoxLayout(trouble);
    row->setContentsMargins(space::kL, space::kXs, space::kXs, space::kXs);
    row->setSpacing(space::kS);
    row->addWidget(m_troubleText, 1);
    row->addWidget(again);
    row->addWidget(leave);
    connect(again, &QPushButton::clicked, this, &ReviewPanel::tryAgain);
    connect(leave, &QPushButton::clicked, this, &ReviewPanel::leaveFailed);
    trouble->hide();
    return trouble;
}

QWidget *ReviewPanel::makeNotice()
{
    auto *notice = new QFrame(this);
    notice->setObjectName(QStringLiteral("reviewNotice"));
    notice->setProperty("card", true);
    m_notice = notice;
    m_noticeText = new ElidedLabel(4, notice);
    m_noticeText->setObjectName(QStringLiteral("reviewNoticeText"));
    m_noticeText->setProperty("type", QStringLiteral("label"));
    QPushButton *close = makeButton(notice, "reviewNoticeClose", tr("Close"));
    auto *row = new QHBoxLayout(notice);
    row->setContentsMargins(space::kL, space::kXs, space::kXs, space::kXs);
    row->setSpacing(space::kS);
    row->addWidget(m_noticeText, 1);
    row->addWidget(close, 0, Qt::AlignTop);
    connect(close, &QPushButton::clicked, this, [this] {
        m_told.clear();
        m_notAccepted = 0;
        refreshNotice();
        focusItems();
    });
    notice->hide();
    return notice;
}

QWidget *ReviewPanel::makeEntry()
{
    m_entryRoom = new QWidget(this);
    m_entryField = new EntryField(m_entryRoom);
    m_entryField->setObjectName(QStringLiteral("entryField"));
    auto *row = new QHBoxLayout(m_entryRoom);
    row->setContentsMargins({});
    row->addWidget(m_entryField);
    m_entryRoom->hide();
    return m_entryRoom;
}

QWidget *ReviewPanel::makeDetail()
{
    m_detail = new QWidget(this);
    m_detail->setObjectName(QStringLiteral("reviewDetail"));
    m_stage = new QWidget(m_detail);
    m_compared = new ReviewPicture(m_theme, m_stage);
    m_compared->setObjectName(QStringLiteral("reviewCompared"));
    m_compared->setAccessibleName(tr("Picture to compare with"));
    m_compared->setTitled(true);
    m_picture = new ReviewPicture(m_theme, m_stage);
    m_picture->setObjectName(QStringLiteral("reviewPicture"));
    m_picture->setAccessibleName(tr("Picture of this answer"));
    m_strip = new ReviewGrid(m_theme, m_neighbours, CellSize::Strip, m_stage);
    m_strip->setObjectName(QStringLiteral("reviewStrip"));
    m_strip->setAccessibleName(tr("Pictures before and after it"));
    m_strip->setFocusPolicy(Qt::TabFocus);
    m_facts = new ReviewFacts(m_theme, m_detail);
    auto *pictures = new QHBoxLayout;
    pictures->setSpacing(space::kS);
    pictures->addWidget(m_compared, 1);
    pictures->addWidget(m_picture, 1);
    auto *stage = new QVBoxLayout(m_stage);
    stage->setContentsMargins({});
    stage->setSpacing(space::kS);
    stage->addLayout(pictures, 1);
    stage->addWidget(m_strip);
    m_detailLayout = new QBoxLayout(QBoxLayout::TopToBottom, m_detail);
    m_detailLayout->setContentsMargins({});
    m_detailLayout->setSpacing(space::kS);
    m_detailLayout->addWidget(m_stage, 1);
    m_detailLayout->addWidget(m_facts, 1);
    return m_detail;
}

void ReviewPanel::connectParts()
{
    m_typing = new QTimer(this);
    m_typing->setSingleShot(true);
    m_typing->setInterval(kTypingPauseMs);
    const auto findWords = [this] {
        m_typing->stop();
        if (m_words->text().trimmed() == m_filter.text)
            return;
        m_filter.text = m_words->text().trimmed();
        m_filterBar->setFilter(m_filter);
        requestPage();
    };
    connect(m_typing, &QTimer::timeout, this, findWords);
    connect(m_words, &QLineEdit::textEdited, m_typing, qOverload<>(&QTimer::start));
    connect(m_words, &EntryField::entered, this, [this, findWords] {
        findWords();
        focusItems();
    });
    connect(m_filterBar, &FilterBar::filterChosen, this, &ReviewPanel::setFilter);
    connect(m_filterBar, &FilterBar::viewSaved, this, &ReviewPanel::viewSaved);
    connect(m_filterBar, &FilterBar::viewDeleted, this, &ReviewPanel::viewDeleted);
    connect(m_sizes, &QButtonGroup::idClicked, this, [this](int id) { m_grid->setCellSize(CellSize(id)); });
    connect(m_reviewerButton, &QPushButton::clicked, this, &ReviewPanel::chooseReviewer);
    connect(m_reviewerCard, &FilterCard::chosen, this, [this](int row) {
        m_reviewerCard->close();
        setReviewer(m_reviewers.at(row));
    });
    connect(m_reviewerCard, &FilterCard::nameEntered, this, [this](const QString &name) {
        m_reviewerCard->close();
        setReviewer(name);
    });
    connect(m_advance, &QPushButton::toggled, this, &ReviewPanel::advancesChanged);
    connect(m_grid, &ReviewGrid::currentMoved, this, &ReviewPanel::showCurrent);
    connect(m_grid, &ReviewGrid::openPressed, this, [this] { setView(View::Large); });
    connect(m_grid, &ReviewGrid::viewMoved, this, [this] {
        requestThumbnails();
        requestMore();
        refreshHints();
    });
    connect(m_strip, &ReviewGrid::viewMoved, this, &ReviewPanel::requestThumbnails);
    connect(m_newer, &QPushButton::clicked, this, [this] {
        focusItems();
        requestNewer();
    });
    connect(m_strip, &QListView::clicked, this, [this](const QModelIndex &index) {
        closeEntry(); // who goes to another item leaves what was begun
        if (const int place = m_items.indexOf(m_neighbours.at(index.row()).row()); place >= 0)
            m_grid->setCurrent(place);
    });
    connect(m_facts, &ReviewFacts::keyPressed, this, [this](int key) { std::ignore = handleKey(key); });
    connect(m_entryField, &EntryField::entered, this, &ReviewPanel::takeEntry);
    connect(m_export, &ReviewExportBar::wanted, this, [this](ReviewExportKind kind, const QString &folder) {
        Q_EMIT exportRequested({kind, m_filter, m_filterBar->words(), folder});
    });
    connect(m_export, &ReviewExportBar::cancelPressed, this, &ReviewPanel::exportCancelled);
    connect(m_export, &ReviewExportBar::closed, this, &ReviewPanel::focusItems);
    connect(m_picture, &PictureCanvas::sightChanged, this, [this] { linkSight(*m_picture, *m_compared); });
    connect(m_compared, &PictureCanvas::sightChanged, this, [this] { linkSight(*m_compared, *m_picture); });
}

qint64 ReviewPanel::currentRow() const
{
    const int index = m_grid->current();
    return index < 0 || index >= m_items.count() ? 0 : m_items.at(index).row();
}

bool ReviewPanel::advances() const
{
    return m_advance->isChecked();
}

void ReviewPanel::setAdvances(bool advances)
{
    m_advance->setChecked(advances);
}

void ReviewPanel::setReviewer(const QString &name)
{
    const QString plain = name.simplified().left(kMostNameLetters);
    if (plain.isEmpty() || plain == m_reviewer)
        return;
    m_reviewer = plain;
    if (!m_reviewers.contains(plain))
        m_reviewers.prepend(plain);
    refreshReviewer();
    Q_EMIT reviewerChosen(m_reviewer);
}

void ReviewPanel::refreshReviewer()
{
    const QString text = tr("You: %1").arg(m_reviewer);
    const bool isRoomy = width() >= kRoomyHeadPx;
    const QString shown = m_reviewerButton->fontMetrics().elidedText(isRoomy ? text : m_reviewer, Qt::ElideRight, isRoomy ? kMostNamePx : kLeastNamePx);
    m_reviewerButton->setText(QString(shown).replace(QLatin1Char('&'), QLatin1String("&&")));
    m_reviewerButton->setAccessibleName(text);
    m_reviewerButton->setToolTip(tr("What is decided here is signed by %1. Press, or W, when somebody else judges.").arg(m_reviewer).toHtmlEscaped());
    m_reviewerButton->setVisible(!m_reviewer.isEmpty());
}

void ReviewPanel::chooseReviewer()
{
    if (m_reviewerCard->isVisible())
        return m_reviewerCard->close();
    fillReviewers();
    m_reviewerCard->openAt(m_reviewerButton->mapTo(this, QPoint(m_reviewerButton->width(), m_reviewerButton->height() + space::kXs)), m_reviewerButton);
}

void ReviewPanel::fillReviewers()
{
    QList<ChoiceList::Row> rows;
    for (const QString &name : std::as_const(m_reviewers))
        rows.append({name, {}, name == m_reviewer});
    m_reviewerCard->setContent(tr("Who judges"), rows, FilterCard::Field::Person);
}

QString ReviewPanel::ownNote(const ReviewItem &item) const
{
    const auto own = std::ranges::find(item.notes, m_reviewer, &ReviewNote::reviewer);
    return own == item.notes.end() ? QString() : own->text;
}

bool ReviewPanel::isOwn(const ReviewItem &item) const
{
    const bool isJudged = std::ranges::any_of(item.reviewers, [this](const Review &review) { return review.reviewer == m_reviewer; });
    return isJudged || (item.answer.review && item.answer.review->reviewer == m_reviewer) || !ownNote(item).isEmpty();
}

const ReviewItem *ReviewPanel::itemAtEnd(bool oldest) const
{
    return m_items.count() == 0 ? nullptr : &m_items.at(oldest ? m_items.count() - 1 : 0);
}

// --- what is shown ---

void ReviewPanel::setFilter(const ReviewFilter &filter)
{
    m_filter = filter;
    if (m_words->text().trimmed() != filter.text)
        m_words->setText(filter.text);
    m_filterBar->setFilter(filter);
    requestPage();
}

void ReviewPanel::requestPage()
{
    m_isAsked = m_isLoading = true;
    m_isLoadingMore = m_hasPageFailed = false;
    m_notAccepted = 0;
    m_totals = {};
    m_newer->hide();
    refreshNotice();
    refreshTrouble();
    refreshCounts();
    Q_EMIT pageRequested(m_filter);
}

void ReviewPanel::setPage(const ReviewPage &page)
{
    if (page.filter != m_filter)
        return;
    m_isLoading = m_isLoadingMore = m_hasPageFailed = false;
    m_newer->hide();
    const qint64 before = currentRow();
    m_items.setItems(page.items, page.hasOlder, page.hasNewer);
    m_detail->setVisible(m_items.count() > 0);
    m_grid->setCurrent(std::max(0, m_items.indexOf(before)));
    const bool hasCompared = m_view != View::Compare || m_items.indexOf(m_comparedRow) >= 0;
    if (m_view != View::Browse && (m_items.count() == 0 || !hasCompared))
        setView(View::Browse);
    if (m_filterBar->isAncestorOf(QApplication::focusWidget())) // nobody else: where Enter chooses, or letters are written, they would judge
        focusItems();
    showCurrent();
    refreshTrouble();
    refreshCounts();
}

void ReviewPanel::addPage(const ReviewPage &page, bool older)
{
    if (page.filter != m_filter || !m_isLoadingMore)
        return;
    m_isLoadingMore = false;
    if (!older)
        m_newer->hide();
    const bool wasAtTop = m_grid->isNearEnd(false) && older == false;
    const qint64 inView = m_grid->firstRowInView();
    const int before = m_items.count();
    m_detail->setVisible(before + page.items.size() > 0);
    m_items.add(page.items, older, older ? page.hasOlder : page.hasNewer);
    if ((!older && !wasAtTop) || before + page.items.size() > ReviewModel::kMaxItems)
        m_grid->bringToTop(inView);
    if (m_grid->current() < 0)
        m_grid->setCurrent(0);
    refreshCounts();
}

void ReviewPanel::pageFailed(const QString &sentence)
{
    m_isLoading = m_isLoadingMore = false;
    m_hasPageFailed = true;
    m_readFailure = tr("The answers could not be read: %1").arg(sentence);
    refreshTrouble();
    refreshCounts();
}

void ReviewPanel::tell(const QString &sentence)
{
    m_told = m_told.isEmpty() || m_told == sentence ? sentence : m_told + QLatin1Char(' ') + sentence;
    refreshNotice();
}

void ReviewPanel::refreshNotice()
{
    QStringList sentences;
    if (m_notAccepted > 0)
        sentences.append(tr("%n not accepted: picture not shown.", "", m_notAccepted));
    if (!m_told.isEmpty())
        sentences.append(m_told);
    m_noticeText->setText(sentences.join(QLatin1Char(' ')));
    m_notice->setVisible(!sentences.isEmpty());
}

void ReviewPanel::setExport(const ReviewExportState &state)
{
    m_export->setState(state);
}

void ReviewPanel::setExportFolder(const QString &folder)
{
    m_export->setUsualFolder(folder);
}

void ReviewPanel::setTotals(const ReviewTotals &totals)
{
    if (totals.filter != m_filter)
        return;
    m_totals = totals;
    refreshCounts();
}

void ReviewPanel::setNewer(const ReviewNewer &newer)
{
    const ReviewItem *newest = itemAtEnd(false);
    if (newer.filter != m_filter || newer.row != (newest ? newest->row() : 0) || m_isLoading || m_hasPageFailed || m_items.hasNewer())
        return;
    const QLocale locale;
    const bool isCounted = newer.count < ReviewNewer::kMost;
    m_newer->setText(tr("New answers: %1").arg(isCounted ? locale.toString(newer.count) : locale.toString(ReviewNewer::kMost - 1) + QLatin1Char('+')));
    m_newer->setVisible(newer.count > 0);
}

void ReviewPanel::setChoices(const ReviewChoices &choices)
{
    m_filterBar->setChoices(choices);
    for (const ReviewChoice &choice : choices.reviewers)
        if (!m_reviewers.contains(choice.value))
            m_reviewers.append(choice.value);
    if (m_reviewerCard->isVisible())
        fillReviewers();
}

void ReviewPanel::setSavedViews(const SavedViews &views)
{
    m_filterBar->setSavedViews(views);
}

void ReviewPanel::setDefectClasses(const QStringList &names)
{
    m_classes = names.mid(0, 9);
    m_facts->setClasses(m_classes);
}

void ReviewPanel::setThumbnail(qint64 row, const QImage &thumbnail)
{
    m_items.setThumbnail(row, thumbnail);
    m_neighbours.setThumbnail(row, thumbnail);
    m_wanted.removeOne(row);
}

void ReviewPanel::showPicture(qint64 row, const QImage &picture)
{
    if (row != 0 && row == m_shownRow)
        m_picture->showPicture(picture);
    if (row != 0 && row == m_comparedRow && m_view == View::Compare)
        m_compared->showPicture(picture);
}

void ReviewPanel::setDetail(const ReviewDetail &detail)
{
    if (detail.row == 0 || detail.row != m_shownRow)
        return;
    m_facts->setHistory(detail.history);
    m_neighbours.setItems(detail.neighbours, false, false);
    m_strip->setCurrent(m_neighbours.indexOf(detail.row));
}

void ReviewPanel::requestMore()
{
    if (m_isLoading || m_isLoadingMore || m_hasPageFailed || !m_grid->isVisible())
        return;
    for (const bool older : {true, false}) {
        if ((older ? m_items.hasOlder() : m_items.hasNewer()) && m_grid->isNearEnd(older)) {
            m_isLoadingMore = true;
            Q_EMIT moreRequested(older);
            return;
        }
    }
}

void ReviewPanel::requestNewer()
{
    if (m_isLoading || m_isLoadingMore || m_hasPageFailed || m_items.hasNewer())
        return;
    if (m_items.count() == 0)
        return requestPage(); // there is no item to go on from
    m_isLoadingMore = true;
    Q_EMIT moreRequested(false);
}

void ReviewPanel::requestThumbnails()
{
    QList<qint64> wanted = m_grid->rowsWithoutThumbnail();
    for (const qint64 row : m_strip->rowsWithoutThumbnail())
        if (!wanted.contains(row))
            wanted.append(row);
    if (wanted == m_wanted)
        return;
    m_wanted = wanted;
    Q_EMIT thumbnailsRequested(wanted);
}

void ReviewPanel::showCurrent()
{
    const int index = m_grid->current();
    const qint64 row = currentRow();
    if (row == 0) {
        m_shownRow = 0;
        m_picture->clear();
        m_facts->clear();
        m_neighbours.setItems({}, false, false);
        return;
    }
    if (row == m_shownRow)
        return refreshFacts();
    if (!m_entryField->hasFocus()) // else a page came meanwhile: what is written stays with the item that it was begun for
        closeEntry();
    m_shownRow = row;
    m_picture->showItem(m_items.at(index), m_items.thumbnailAt(index));
    m_facts->setHistory({});
    m_neighbours.setItems({}, false, false);
    refreshFacts();
    Q_EMIT pictureRequested(row);
    Q_EMIT detailRequested(row);
    if (index + 1 == m_items.count() && m_items.hasOlder() && !m_isLoadingMore && !m_isLoading) {
        m_isLoadingMore = true;
        Q_EMIT moreRequested(true);
    }
}

void ReviewPanel::refreshFacts()
{
    if (const int index = m_items.indexOf(m_shownRow); index >= 0)
        m_facts->showItem(m_items.at(index), m_items.conditionAt(index));
}

// --- decisions ---

void ReviewPanel::step(int direction)
{
    int index = m_grid->current() + direction;
    if (m_view == View::Compare && index >= 0 && index < m_items.count() && m_items.at(index).row() == m_comparedRow)
        index += direction; // not beside itself
    if (index >= 0 && index < m_items.count())
        m_grid->setCurrent(index);
}

void ReviewPanel::agree()
{
    const int index = m_items.indexOf(currentRow());
    if (index < 0)
        return;
    if (const std::optional<Verdict> verdict = m_items.at(index).answer.verdict)
        decide(*verdict);
    else
        m_facts->tell(tr("There is no verdict to agree with: press O, N or U."));
}

void ReviewPanel::decide(Verdict verdict, const QString &defectClass)
{
    const qint64 row = currentRow();
    if (row == 0)
        return;
    give({{.row = row, .verdict = verdict, .defectClass = defectClass}});
    if (advances())
        step(1);
}

void ReviewPanel::acceptShown()
{
    if (m_isLoading) // what is still in view was found with another filter: an Enter too many must not accept it
        return m_facts->tell(tr("Looking for answers"));
    ReviewDecisions decisions;
    int firstLeft = -1, last = -1;
    m_notAccepted = 0;
    for (const int index : m_grid->shownWhole()) {
        last = index;
        const bool isAccepted = isLeftToAccept(index) && m_grid->isPicturePainted(index);
        if (isAccepted)
            decisions.append({.row = m_items.at(index).row(), .verdict = m_items.at(index).answer.verdict});
        else if (isLeftToAccept(index))
            ++m_notAccepted; // nobody has seen it
        if (firstLeft < 0 && !isAccepted && (isLeftToAccept(index) || m_items.isMarkedAt(index)))
            firstLeft = index;
    }
    refreshNotice();
    if (decisions.isEmpty()) {
        if (m_notAccepted == 0)
            m_facts->tell(tr("Nothing in view is left to agree with."));
        return;
    }
    give(decisions);
    if (!advances())
        return;
    if (firstLeft >= 0) {
        m_grid->setCurrent(firstLeft); // what was left out is judged by hand
    } else if (last + 1 < m_items.count()) {
        m_grid->setCurrent(last + 1);
        m_grid->bringToTop(currentRow());
    }
}

bool ReviewPanel::isLeftToAccept(int index) const
{
    const AnswerView &answer = m_items.at(index).answer;
    return answer.verdict && !answer.review && !m_items.isMarkedAt(index) && m_items.conditionAt(index) == Condition::Settled;
}

ReviewItem ReviewPanel::awaited(int index) const
{
    ReviewItem item = m_items.at(index);
    for (const Sent &sent : m_waiting.value(item.row())) {
        item.isHeld = sent.decision.isHeld.value_or(item.isHeld);
        item.tags = without(item.tags, sent.decision.tagsRemoved);
        item.tags += without(sent.decision.tagsAdded, item.tags);
    }
    return item;
}

void ReviewPanel::hold()
{
    const int index = m_items.indexOf(currentRow());
    if (index < 0)
        return;
    give({{.row = currentRow(), .isHeld = !awaited(index).isHeld}});
}

void ReviewPanel::give(ReviewDecisions decisions)
{
    QList<qint64> rows;
    ReviewDecisions opposites;
    for (ReviewDecision &decision : decisions) {
        rows.append(decision.row);
        m_items.setMarked(decision.row, false);
        if (decision.reviewer.isEmpty()) // else it was given before, and is given again
            decision.reviewer = m_reviewer;
        if (decision.isMark())
            opposites.append(oppositeOf(decision));
    }
    m_given.append({rows, opposites, decisions.first().reviewer});
    send(decisions, false);
    Q_EMIT decisionsGiven(decisions);
}

void ReviewPanel::send(const ReviewDecisions &decisions, bool isUndo)
{
    for (const ReviewDecision &decision : decisions) {
        if (const auto lost = m_failed.find(decision.row); lost != m_failed.end()) { // what is given now is what counts
            lost->removeIf([&](const Sent &each) { return areOfOneKind(each.decision, decision); });
            if (lost->isEmpty())
                m_failed.erase(lost);
        }
        m_waiting[decision.row].append({decision, isUndo});
        showCondition(decision.row);
    }
    refreshTrouble();
}

void ReviewPanel::undo()
{
    QList<qint64> rows;
    ReviewDecisions opposites;
    const auto own = std::find_if(m_given.rbegin(), m_given.rend(), [this](const Press &press) { return press.reviewer == m_reviewer; });
    if (own != m_given.rend()) {
        rows = own->rows;
        opposites = own->opposites;
        m_given.erase(std::next(own).base());
    } else if (const int index = m_items.indexOf(currentRow()); index >= 0 && isOwn(m_items.at(index))) {
        rows = {currentRow()};
    } else {
        m_facts->tell(tr("There is nothing to take back."));
        return;
    }
    ReviewDecisions taken = opposites;
    for (const qint64 row : rows)
        if (opposites.isEmpty())
            taken.append(ReviewDecision{.row = row, .reviewer = m_reviewer});
    send(taken, true);
    if (const int index = m_items.indexOf(rows.first()); index >= 0)
        m_grid->setCurrent(index);
    else
        tell(tr("What is taken back is not among the answers that are shown."));
    if (opposites.isEmpty())
        Q_EMIT undoRequested(rows, m_reviewer);
    else
        Q_EMIT decisionsGiven(opposites);
}

void ReviewPanel::updateItem(const ReviewItem &item)
{
    m_items.update(item);
    m_neighbours.update(item);
    settle(item.row());
    if (item.row() == m_shownRow && m_shownRow != 0)
        Q_EMIT detailRequested(m_shownRow); // its history has grown
}

void ReviewPanel::setReview(qint64 row, const Review &review)
{
    m_items.setReview(row, review);
    m_neighbours.setReview(row, review);
    settle(row);
}

void ReviewPanel::settle(qint64 row)
{
    if (const auto waiting = m_waiting.find(row); waiting != m_waiting.end()) {
        waiting->removeFirst();
        if (waiting->isEmpty())
            m_waiting.erase(waiting);
    }
    showCondition(row);
}

void ReviewPanel::decisionFailed(qint64 row, const QString &sentence)
{
    const auto waiting = m_waiting.find(row);
    if (waiting == m_waiting.end())
        return;
    const Sent lost = waiting->takeFirst();
    if (waiting->isEmpty())
        m_waiting.erase(waiting);
    m_failed[row].append(lost);
    m_failure = sentence;
    if (lost.isUndo) {
        // It still stands, and can be taken back.
        m_given.append({{row}, lost.decision.isMark() ? ReviewDecisions{lost.decision} : ReviewDecisions(), lost.decision.reviewer});
    } else {
        const auto last = std::find_if(m_given.rbegin(), m_given.rend(), [row](const Press &press) { return press.rows.contains(row); });
        if (last != m_given.rend())
            last->rows.removeOne(row);
        m_given.removeIf([](const Press &press) { return press.rows.isEmpty(); });
    }
    showCondition(row);
    refreshTrouble();
}

void ReviewPanel::storedUnread(const QList<qint64> &rows, const QString &sentence)
{
    for (const qint64 row : rows)
        settle(row);
    pageFailed(sentence);
    m_readFailure = tr("What was decided is stored, but not shown: %1").arg(sentence);
    refreshTrouble();
}

void ReviewPanel::tryAgain()
{
    if (m_hasPageFailed)
        requestPage();
    QList<Sent> again; // of each row in the order in which they were given
    for (const QList<Sent> &lost : std::exchange(m_failed, {}))
        again += lost;
    for (const auto &[decision, isUndo] : std::as_const(again)) {
        if (!isUndo) {
            give({decision});
            continue;
        }
        m_given.removeIf([row = decision.row](const Press &press) { return press.rows == QList<qint64>{row}; });
        send({decision}, true);
        if (decision.isMark())
            Q_EMIT decisionsGiven({decision});
        else
            Q_EMIT undoRequested({decision.row}, decision.reviewer);
    }
    refreshTrouble();
    focusItems();
}

void ReviewPanel::leaveFailed()
{
    const QList<qint64> rows = m_failed.keys();
    m_failed.clear();
    m_hasPageFailed = false;
    for (const qint64 row : rows)
        showCondition(row);
    refreshTrouble();
    refreshCounts();
    focusItems();
}

void ReviewPanel::showCondition(qint64 row)
{
    m_items.setCondition(row, m_waiting.contains(row) ? Condition::Waiting : m_failed.contains(row) ? Condition::Failed : Condition::Settled);
    if (row == m_shownRow)
        refreshFacts();
}

void ReviewPanel::refreshTrouble()
{
    const auto lost = std::accumulate(m_failed.begin(), m_failed.end(), qsizetype{0}, [](qsizetype sum, const QList<Sent> &ofRow) { return sum + ofRow.size(); });
    if (lost > 0)
        m_troubleText->setText(tr("Decisions not stored: %1. %2").arg(QLocale().toString(lost), m_failure));
    else if (m_hasPageFailed)
        m_troubleText->setText(m_readFailure);
    m_trouble->setVisible(!m_failed.isEmpty() || m_hasPageFailed);
}

void ReviewPanel::openEntry(Entry entry)
{
    const int index = m_items.indexOf(currentRow());
    if (index < 0)
        return;
    const bool isNote = entry == Entry::Note;
    m_entryRow = currentRow();
    m_entry = entry;
    m_entryField->setAccessibleName(isNote ? tr("Note") : tr("Tags"));
    m_entryField->setPlaceholderText(isNote ? tr("Note: Enter stores it, Esc leaves it") : tr("Tags, with commas between them: Enter sets them, empty removes them"));
    m_entryField->setText(isNote ? ownNote(m_items.at(index)) : awaited(index).tags.join(QStringLiteral(", ")));
    m_entryRoom->show();
    m_entryField->setFocus(Qt::ShortcutFocusReason);
    m_entryField->selectAll();
    refreshHints();
}

void ReviewPanel::closeEntry()
{
    if (m_entryRow == 0)
        return;
    m_entryRow = 0;
    focusItems();
    m_entryRoom->hide();
    refreshHints();
}

void ReviewPanel::takeEntry(const QString &text)
{
    ReviewDecision decision{.row = m_entryRow};
    const int index = m_items.indexOf(m_entryRow);
    closeEntry();
    if (decision.row == 0)
        return;
    if (m_entry == Entry::Note) {
        decision.note = text;
        return give({decision});
    }
    const QStringList before = index < 0 ? QStringList() : awaited(index).tags;
    QStringList tags;
    for (const QString &tag : text.split(QLatin1Char(','), Qt::SkipEmptyParts))
        if (const QString name = tag.simplified(); !name.isEmpty() && !tags.contains(name))
            tags.append(name);
    decision.tagsAdded = without(tags, before);
    decision.tagsRemoved = without(before, tags);
    if (decision.isMark())
        give({decision});
}

// --- views and keys ---

void ReviewPanel::setView(View view)
{
    m_view = view;
    const bool isBrowsing = view == View::Browse;
    if (view != View::Compare)
        m_comparedRow = 0;
    m_grid->setVisible(isBrowsing);
    m_filterBar->setVisible(isBrowsing); // its room is for the pictures
    for (QAbstractButton *size : m_sizes->buttons())
        size->setVisible(isBrowsing);
    m_compared->setVisible(view == View::Compare);
    m_picture->setTitled(view == View::Compare);
    m_detailLayout->setDirection(isBrowsing ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    fitToRoom();
    if (!isTyping())
        focusItems();
    if (isBrowsing && m_grid->currentIndex().isValid())
        m_grid->scrollTo(m_grid->currentIndex());
    refreshHints();
}

void ReviewPanel::compare()
{
    if (m_view == View::Compare)
        return setView(View::Browse);
    const int index = m_items.indexOf(currentRow());
    if (index < 0 || m_items.count() < 2) {
        m_facts->tell(tr("There is no second picture to compare with."));
        return;
    }
    m_comparedRow = currentRow();
    m_compared->showItem(m_items.at(index), m_items.thumbnailAt(index));
    setView(View::Compare);
    step(index + 1 < m_items.count() ? 1 : -1);
    Q_EMIT pictureRequested(m_comparedRow);
}

void ReviewPanel::linkSight(const ReviewPicture &from, ReviewPicture &to)
{
    if (m_view == View::Compare)
        to.setSight(from.sight());
}

void ReviewPanel::focusItems()
{
    if (!isVisible())
        return;
    (m_view == View::Browse ? static_cast<QWidget *>(m_grid) : m_picture)->setFocus(Qt::OtherFocusReason);
}

void ReviewPanel::goBack()
{
    if (m_entryRow != 0)
        return closeEntry();
    if (m_export->close())
        return; // it gives the focus back
    if (m_view != View::Browse)
        setView(View::Browse);
    focusItems();
}

bool ReviewPanel::handleKey(int key)
{
    QWidget *focus = QApplication::focusWidget();
    if (key == Qt::Key_Escape) {
        goBack();
        return true;
    }
    if (isTyping())
        return false;
    if (key >= Qt::Key_1 && key <= Qt::Key_9) {
        const int place = key - Qt::Key_1;
        if (place < m_classes.size())
            decide(Verdict::Ng, m_classes.at(place));
        return true;
    }
    switch (key) {
    case Qt::Key_A: agree(); return true;
    case Qt::Key_O: decide(Verdict::Ok); return true;
    case Qt::Key_N: decide(Verdict::Ng); return true;
    case Qt::Key_U: decide(Verdict::Unsure); return true;
    case Qt::Key_M: openEntry(Entry::Note); return true;
    case Qt::Key_H: hold(); return true;
    case Qt::Key_T: openEntry(Entry::Tags); return true;
    case Qt::Key_W: chooseReviewer(); return true;
    case Qt::Key_E: m_export->offer(m_totals.matching); return true;
    case Qt::Key_Z: undo(); return true;
    case Qt::Key_R: tryAgain(); return true;
    case Qt::Key_F5: requestNewer(); return true;
    case Qt::Key_J:
    case Qt::Key_Right:
    case Qt::Key_Down: step(1); return true;
    case Qt::Key_K:
    case Qt::Key_Left:
    case Qt::Key_Up: step(-1); return true;
    case Qt::Key_X:
        if (const int index = m_items.indexOf(currentRow()); index >= 0 && m_view == View::Browse) {
            m_items.setMarked(currentRow(), !m_items.isMarkedAt(index));
            refreshHints();
        }
        return true;
    case Qt::Key_P: setView(m_view == View::Browse && currentRow() != 0 ? View::Large : View::Browse); return true;
    case Qt::Key_C: compare(); return true;
    case Qt::Key_Plus:
    case Qt::Key_Equal: m_picture->zoomIn(); return true;
    case Qt::Key_Minus: m_picture->zoomOut(); return true;
    case Qt::Key_Home: m_picture->zoomToFit(); return true;
    case Qt::Key_End: m_picture->zoomToPixels(); return true;
    case Qt::Key_Slash: m_words->setFocus(Qt::ShortcutFocusReason); m_words->selectAll(); return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (auto *button = qobject_cast<QAbstractButton *>(focus)) // a press on a button never accepts a page
            button->click();
        else if (m_view == View::Browse)
            acceptShown();
        else
            agree();
        return true;
    default: return false;
    }
}

void ReviewPanel::keyPressEvent(QKeyEvent *event)
{
    // Keys that a field, a list or the grid wants never come here.
    if (event->isAutoRepeat() && event->key() != Qt::Key_J && event->key() != Qt::Key_K)
        return event->accept(); // held down, a key would judge what nobody has seen
    if ((event->modifiers() & ~Qt::KeypadModifier & ~Qt::ShiftModifier) || !handleKey(event->key()))
        QWidget::keyPressEvent(event);
}

void ReviewPanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    fitToRoom();
    focusItems();
    Q_EMIT choicesRequested();
    if (!m_isAsked)
        requestPage();
    else
        requestNewer();
}

void ReviewPanel::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitToRoom();
}

void ReviewPanel::fitToRoom()
{
    m_words->setMinimumWidth(width() >= kRoomyHeadPx ? kUsualWordsPx : kLeastWordsPx);
    refreshReviewer();
    const int detailWidth = std::clamp(width() * 40 / 100, kLeastDetailPx, kMostDetailPx);
    const bool isBrowsing = m_view == View::Browse;
    m_strip->setVisible(!isBrowsing && height() >= kRoomForStripPx);
    m_filterBar->setMostRows(height() >= kRoomForStripPx ? 0 : 1);
    m_detail->setMinimumWidth(isBrowsing ? detailWidth : 0);
    m_detail->setMaximumWidth(isBrowsing ? detailWidth : QWIDGETSIZE_MAX);
    m_facts->setMinimumWidth(isBrowsing ? 0 : kLeastDetailPx);
    m_facts->setMaximumWidth(isBrowsing ? QWIDGETSIZE_MAX : kLeastDetailPx);
}

void ReviewPanel::refreshCounts()
{
    const QLocale locale;
    QString text;
    if (m_isLoading)
        text = tr("Looking for answers");
    else if (m_totals.matching < 0)
        text = m_items.count() > 0 ? tr("%1 shown, counting").arg(locale.toString(m_items.count())) : QString();
    else if (m_totals.stored >= 0)
        text = tr("%1 of %2").arg(locale.toString(m_totals.matching), locale.toString(m_totals.stored));
    else
        text = locale.toString(m_totals.matching);
    m_count->setText(text);
    m_left->setText(m_totals.unreviewed < 0 ? QString() : tr("left %1").arg(locale.toString(m_totals.unreviewed)));
    if (m_isLoading)
        m_grid->setNotice(tr("Looking for answers"), {});
    else if (m_hasPageFailed)
        m_grid->setNotice(tr("The answers could not be read"), tr("R tries again."));
    else if (m_filter.isEmpty())
        m_grid->setNotice(tr("Nothing has been answered yet"), tr("Each answer is kept here with its picture, to be looked at and judged."));
    else
        m_grid->setNotice(tr("Nothing matches"), tr("Clear a part of the filter to see more."));
    refreshHints();
}

void ReviewPanel::refreshHints()
{
    if (m_entryRow != 0) {
        m_hints->setText(m_entry == Entry::Note ? tr("Enter stores the note · Esc leaves it") : tr("Enter sets the tags · Esc leaves them"));
    } else if (m_items.count() == 0) {
        m_hints->setText(tr("/ find · ? keys"));
    } else if (m_view == View::Browse) {
        int toAccept = 0;
        for (const int index : m_grid->shownWhole())
            toAccept += isLeftToAccept(index) && m_grid->isPicturePainted(index);
        m_hints->setText(tr("A agree · O ok · N ng · U unsure · 1–9 class · Enter agree with %1 in view · X leave out · M note · Z undo · "
                            "J K next, back · P large · / find · ? keys").arg(QLocale().toString(toAccept)));
    } else {
        m_hints->setText(tr("A agree · O ok · N ng · U unsure · 1–9 class · M note · Z undo · J K next, back · + − zoom · C compare · Esc back · ? keys"));
    }
}

} // namespace auroraedge::ui
