#pragma once

#include "ui/models/review_export.h"
#include "ui/models/review_model.h"
#include "ui/models/review_page.h"

#include <QWidget>

class QBoxLayout;
class QButtonGroup;
class QLabel;
class QPushButton;
class QTimer;

namespace auroraedge::ui {

class ElidedLabel;
class EntryField;
class FilterBar;
class FilterCard;
class ReviewExportBar;
class ReviewFacts;
class ReviewGrid;
class ReviewPicture;
class Theme;

/// The page on which stored answers are found and judged: filter above, pictures at the left, the one that is looked at
/// at the right. Every decision goes out on its key press and is shown as given when updateItem() or setReview() brings it
/// back: one of them, or decisionFailed(), for each row of each decision and of each undo.
///
/// Keys, wherever the focus is on the page: A agrees, O N U record OK NG UNSURE, 1 to 9 NG with a class, M a note, H holds
/// and releases, T tags, Z takes back, J and K or the arrows go on and back, X leaves one out, Enter agrees with all that is
/// shown and whose picture stands on the screen, W asks who judges, P shows the picture large, C compares two, E exports what is found, + and - zoom, Home and End fit and 100 % (in the
/// grid: first and last), / finds words, R tries again what was not stored, F5 shows what was answered meanwhile, Esc goes back. In a text field letters are letters.
class ReviewPanel final : public QWidget
{
    Q_OBJECT

public:
    enum class View {
        Browse = 1, ///< grid and detail
        Large,      ///< the picture and its detail
        Compare,    ///< two pictures; the right one is the one that is judged
    };

    explicit ReviewPanel(const Theme &theme, QWidget *parent = nullptr);
    ~ReviewPanel() override;

    [[nodiscard]] const ReviewFilter &filter() const { return m_filter; }
    [[nodiscard]] View view() const { return m_view; }
    [[nodiscard]] qint64 currentRow() const; ///< 0: none
    [[nodiscard]] bool advances() const;     ///< goes on by itself after a decision
    [[nodiscard]] const QString &reviewer() const { return m_reviewer; } ///< who judges here now
    /// Also for keys pressed on the frame around the page. @return false for a key that means nothing here.
    bool handleKey(int key);

public Q_SLOTS:
    // What is shown. Values for a filter, or a row, that is no longer asked about are dropped.
    void setFilter(const auroraedge::ui::ReviewFilter &filter); ///< as if chosen here: asks for its page
    void setPage(const auroraedge::ui::ReviewPage &page);       ///< in place of what is shown
    void addPage(const auroraedge::ui::ReviewPage &page, bool older); ///< after moreRequested
    void pageFailed(const QString &sentence);
    void tell(const QString &sentence); ///< beside the answers, until the person closes it; several are told together
    void setExport(const auroraedge::ui::ReviewExportState &state); ///< of what exportRequested began
    void setExportFolder(const QString &folder); ///< into which an export goes where no other is named
    void setTotals(const auroraedge::ui::ReviewTotals &totals);
    void setNewer(const auroraedge::ui::ReviewNewer &newer); ///< told until they are shown, which a press or F5 asks for
    void setChoices(const auroraedge::ui::ReviewChoices &choices);
    void setSavedViews(const auroraedge::ui::SavedViews &views);
    void setDefectClasses(const QStringList &names); ///< the first nine get 1 to 9
    void setThumbnail(qint64 row, const QImage &thumbnail); ///< null: there is none
    void showPicture(qint64 row, const QImage &picture);    ///< null: missing or altered
    void setDetail(const auroraedge::ui::ReviewDetail &detail);

    // What became of decisions.
    void updateItem(const auroraedge::ui::ReviewItem &item);
    void setReview(qint64 row, const auroraedge::ui::Review &review); ///< also one that was given elsewhere
    void decisionFailed(qint64 row, const QString &sentence);
    /// Decisions on @p rows are stored, but what has become of these could not be read. @param sentence why.
    void storedUnread(const QList<qint64> &rows, const QString &sentence);

Q_SIGNALS:
    /// The newest page for @p filter is wanted, and then its totals: setPage, setTotals.
    void pageRequested(const auroraedge::ui::ReviewFilter &filter);
    /// What lies beyond the oldest or the newest item that is held: itemAtEnd(). Once until addPage or pageFailed.
    void moreRequested(bool older);
    void choicesRequested(); ///< the page has been opened
    /// The rows in view that have no thumbnail yet, the most urgent first. It takes the place of the request before:
    /// what is no longer named has left the view and is no longer wanted.
    void thumbnailsRequested(const QList<qint64> &rows);
    void pictureRequested(qint64 row);
    void detailRequested(qint64 row);
    void decisionsGiven(const auroraedge::ui::ReviewDecisions &decisions); ///< one press; all of them or none
    void undoRequested(const QList<qint64> &rows, const QString &reviewer); ///< their newest decision on each is taken back
    void reviewerChosen(const QString &name); ///< who judges from now on, until the program ends
    void viewSaved(const auroraedge::ui::SavedView &view); ///< comes back in setSavedViews, as does the next
    void viewDeleted(const QString &name);
    void exportRequested(const auroraedge::ui::ReviewExport &wanted);
    void exportCancelled();
    void advancesChanged(bool advances);

public:
    /// The oldest or the newest item that is held, from which a further page goes on; nothing while there is none.
    [[nodiscard]] const ReviewItem *itemAtEnd(bool oldest) const;

public Q_SLOTS:
    void setAdvances(bool advances);
    /// Signs what is decided from now on, and takes back only what is signed so. An empty name is none.
    void setReviewer(const QString &name);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    /// Of one row, on its way to the database.
    struct Sent
    {
        ReviewDecision decision;
        bool isUndo = false;
    };
    /// What Z takes back at once.
    struct Press
    {
        QList<qint64> rows;
        ReviewDecisions opposites; ///< of marks; judgements are taken back by their rows
        QString reviewer;
    };
    enum class Entry { Note = 1, Tags };

    QWidget *makeHead();
    QWidget *makeTrouble();
    QWidget *makeNotice();
    QWidget *makeEntry();
    QWidget *makeDetail();
    void connectParts();
    void requestPage();
    void requestMore();
    void requestNewer(); ///< what was answered since; the place stays
    void requestThumbnails();
    void showCurrent();
    void step(int direction);
    void agree();
    void decide(Verdict verdict, const QString &defectClass = {});
    void acceptShown();
    [[nodiscard]] bool isLeftToAccept(int index) const;
    void chooseReviewer();
    void fillReviewers();
    void refreshReviewer();
    void refreshNotice();
    [[nodiscard]] QString ownNote(const ReviewItem &item) const;
    [[nodiscard]] bool isOwn(const ReviewItem &item) const; ///< the reviewer has judged it, or noted something
    /// As it will be once all that is on its way is stored.
    [[nodiscard]] ReviewItem awaited(int index) const;
    void hold();
    void give(ReviewDecisions decisions);
    void send(const ReviewDecisions &decisions, bool isUndo);
    void undo();
    void settle(qint64 row);
    void tryAgain();
    void leaveFailed();
    void openEntry(Entry entry);
    void closeEntry();
    void takeEntry(const QString &text);
    void setView(View view);
    void compare();
    void linkSight(const ReviewPicture &from, ReviewPicture &to);
    void focusItems();
    void goBack();
    void showCondition(qint64 row);
    void refreshFacts();
    void refreshTrouble();
    void refreshCounts();
    void refreshHints();
    void fitToRoom();

    const Theme &m_theme;
    ReviewFilter m_filter;
    ReviewTotals m_totals;
    ReviewModel m_items;
    ReviewModel m_neighbours{nullptr, 8 * 1024}; ///< of the item that is looked at
    QStringList m_classes;
    QString m_reviewer;
    QStringList m_reviewers; ///< known ones
    View m_view = View::Browse;
    qint64 m_shownRow = 0;    ///< that picture and detail were asked for
    qint64 m_comparedRow = 0; ///< at the left of a comparison
    qint64 m_entryRow = 0;    ///< that a note or tags are being written for
    Entry m_entry = Entry::Note;
    bool m_isAsked = false;   ///< a first page was requested
    bool m_isLoading = false, m_isLoadingMore = false, m_hasPageFailed = false;
    QList<Press> m_given;                 ///< newest last
    QHash<qint64, QList<Sent>> m_waiting; ///< not yet stored, oldest first
    QHash<qint64, QList<Sent>> m_failed;  ///< likewise
    QString m_failure;     ///< why the newest of them is not stored
    QString m_readFailure; ///< what could not be read, a whole sentence
    QString m_told;        ///< by tell()
    int m_notAccepted = 0; ///< in view at the last press of Enter, but their pictures were not
    QList<qint64> m_wanted; ///< thumbnails

    FilterBar *m_filterBar = nullptr;
    QWidget *m_head = nullptr;
    EntryField *m_words = nullptr;
    QTimer *m_typing = nullptr;
    ElidedLabel *m_count = nullptr;
    QLabel *m_left = nullptr;
    QButtonGroup *m_sizes = nullptr;
    QPushButton *m_advance = nullptr;
    QPushButton *m_reviewerButton = nullptr;
    FilterCard *m_reviewerCard = nullptr;
    QWidget *m_trouble = nullptr;
    ElidedLabel *m_troubleText = nullptr;
    QWidget *m_notice = nullptr;
    ElidedLabel *m_noticeText = nullptr;
    ReviewExportBar *m_export = nullptr;
    ReviewGrid *m_grid = nullptr;
    QWidget *m_detail = nullptr;
    QBoxLayout *m_detailLayout = nullptr;
    QWidget *m_stage = nullptr;
    ReviewPicture *m_compared = nullptr;
    ReviewPicture *m_picture = nullptr;
    ReviewGrid *m_strip = nullptr;
    ReviewFacts *m_facts = nullptr;
    QWidget *m_entryRoom = nullptr;
    EntryField *m_entryField = nullptr;
    QPushButton *m_newer = nullptr;
    ElidedLabel *m_hints = nullptr;
};

} // namespace auroraedge::ui
