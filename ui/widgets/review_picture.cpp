#include "ui/widgets/review_picture.h"

#include "ui/theme/theme.h"
#include "ui/widgets/painting.h"

#include <QPainter>

namespace auroraedge::ui {

ReviewPicture::ReviewPicture(const Theme &theme, QWidget *parent) : PictureCanvas(theme, parent) {}

void ReviewPicture::clear()
{
    m_hasItem = m_isLoading = false;
    m_verdict.reset();
    setPicture({});
}

void ReviewPicture::showItem(const ReviewItem &item, const QImage &thumbnail)
{
    m_hasItem = m_isLoading = true;
    m_region = item.answer.region;
    m_removedAt = item.pictureRemovedAt;
    m_verdict = item.answer.verdict;
    m_title = item.answer.answeredAt.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
    if (m_verdict)
        m_title = tr("%1 · %2").arg(m_title, verdictWord(*m_verdict));
    setAccessibleDescription(m_title);
    replace(thumbnail);
}

void ReviewPicture::showPicture(const QImage &picture)
{
    m_isLoading = false;
    replace(picture); // a small picture in place of a lost one would pass for it
}

void ReviewPicture::replace(const QImage &picture)
{
    const Sight seen = sight();
    setPicture(picture);
    setSight(seen);
}

void ReviewPicture::setTitled(bool isTitled)
{
    m_isTitled = isTitled;
    update();
}

void ReviewPicture::paintOver(QPainter &painter)
{
    const ThemeColours &c = m_theme.colours();
    if (!m_hasItem)
        return;
    if (picture().isNull()) {
        if (m_isLoading)
            paintNotice(painter, rect(), {QStringLiteral("clock"), tr("Loading the picture"), {}});
        else if (m_removedAt.isValid())
            paintNotice(painter, rect(), {QStringLiteral("camera-lost"), tr("The picture was removed by retention"),
                                          tr("On %1. What was answered is still in the database.")
                                              .arg(m_removedAt.toLocalTime().toString(QStringLiteral("yyyy-MM-dd")))});
        else
            paintNotice(painter, rect(), {QStringLiteral("camera-lost"), tr("The picture is missing or altered"),
                                          tr("What was answered is still in the database."), true});
    } else if (!m_region.isNull()) {
        paintRegion(painter, target(), m_region, c.onOverlay);
    }
    if (m_isTitled)
        paintBadge(painter, Qt::TopLeftCorner, 0, {m_title, m_verdict ? verdictFill(c, *m_verdict) : glass(),
                                                   m_verdict ? verdictInk(c, *m_verdict) : c.onOverlay, {}});
    if (m_isLoading && !picture().isNull())
        paintBadge(painter, Qt::BottomLeftCorner, 0, {tr("Loading the picture"), glass(), c.onOverlay, QStringLiteral("clock")});
}

} // namespace auroraedge::ui
