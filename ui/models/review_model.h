#pragma once

#include "ui/models/review_page.h"

#include <QAbstractListModel>
#include <QCache>
#include <QHash>
#include <QSet>

namespace auroraedge::ui {

/// The part of what a filter finds that is held: at most kMaxItems in a row, newest first. Thumbnails are kept apart, up
/// to kThumbnailKiB, and are lost first. Thread: GUI.
class ReviewModel final : public QAbstractListModel
{
    Q_OBJECT

public:
    static constexpr int kMaxItems = 2000;
    static constexpr int kThumbnailKiB = 16 * 1024; ///< two full HD screens of them
    enum class Condition { Settled = 1, Waiting, Failed }; ///< of the newest decision about an item

    /// @param thumbnailKiB of memory for them.
    explicit ReviewModel(QObject *parent = nullptr, int thumbnailKiB = kThumbnailKiB);

    void setItems(const ReviewItems &newestFirst, bool hasOlder, bool hasNewer);
    /// Joins @p newestFirst to one end; items that are held already are left out, and what is too much goes at the other
    /// end. @param hasMore beyond that end.
    void add(const ReviewItems &newestFirst, bool older, bool hasMore);
    void update(const ReviewItem &item); ///< nothing when it is not held
    void setReview(qint64 row, const Review &review);
    void setThumbnail(qint64 row, const QImage &thumbnail); ///< null: there is none
    void setCondition(qint64 row, Condition condition);
    void setMarked(qint64 row, bool isMarked);

    [[nodiscard]] int count() const { return int(m_items.size()); }
    [[nodiscard]] bool hasOlder() const { return m_hasOlder; }
    [[nodiscard]] bool hasNewer() const { return m_hasNewer; }
    [[nodiscard]] const ReviewItem &at(int index) const { return m_items.at(index); }
    [[nodiscard]] int indexOf(qint64 row) const; ///< -1 when it is not held
    [[nodiscard]] QImage thumbnailAt(int index) const;
    [[nodiscard]] bool knowsThumbnailAt(int index) const; ///< or knows that there is none
    [[nodiscard]] Condition conditionAt(int index) const;
    [[nodiscard]] bool isMarkedAt(int index) const { return m_marked.contains(m_items.at(index).row()); }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

private:
    void changed(int index);

    ReviewItems m_items;
    bool m_hasOlder = false, m_hasNewer = false;
    QCache<qint64, QImage> m_thumbnails;
    QHash<qint64, Condition> m_conditions; ///< those that are not Settled
    QSet<qint64> m_marked;
};

} // namespace auroraedge::ui
