#include "ui/widgets/stored_picture.h"

#include "ui/theme/theme.h"
#include "ui/widgets/painting.h"
#include "ui/widgets/picture_view.h"
#include "ui/widgets/thumbnail.h"

#include <QKeyEvent>
#include <QPainter>
#include <QToolButton>

#include <algorithm>

namespace auroraedge::ui {

namespace {
constexpr int kMostCornerPx = 184; ///< width of the live picture
}

LiveCorner::LiveCorner(const Theme &theme, QWidget *parent) : QAbstractButton(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("liveCorner"));
    setAccessibleName(tr("Back to the live picture"));
    setToolTip(tr("Back to the live picture (Esc)"));
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::PointingHandCursor);
    setAttribute(Qt::WA_Hover);
}

void LiveCorner::setPicture(const QImage &picture)
{
    m_picture = picture;
    update();
}

void LiveCorner::setSource(const SourceState &source, bool isFrozen)
{
    m_source = source;
    m_isFrozen = isFrozen;
    setAccessibleDescription(word());
    update();
}

QString LiveCorner::word() const
{
    if (m_isFrozen)
        return PictureView::tr("FROZEN");
    switch (m_source.condition) {
    case SourceCondition::Live: return m_source.isStill ? PictureView::tr("STANDS STILL") : tr("LIVE");
    case SourceCondition::Lost: return PictureView::tr("Camera lost").toUpper();
    case SourceCondition::Failed: return PictureView::tr("No picture").toUpper();
    case SourceCondition::NotChosen:
    case SourceCondition::Opening:
    case SourceCondition::Ended: break;
    }
    return {};
}

void LiveCorner::paintEvent(QPaintEvent *)
{
    const ThemeColours &c = m_theme.colours();
    const ThemeColours dark = Theme::coloursOf(ThemeKind::Dark);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF box = QRectF(rect());
    painter.setPen(Qt::NoPen);
    painter.setBrush(c.overlay);
    painter.drawRoundedRect(box, radius::kMedium, radius::kMedium);
    paintThumbnail(painter, box.adjusted(2, 2, -2, -2), m_picture, radius::kSmall, c.overlay);
    painter.setFont(m_theme.font(TextRole::Caption));
    const QString told = painter.fontMetrics().elidedText(word(), Qt::ElideRight, width() - 2 * 6 - 2 * space::kS);
    if (!told.isEmpty()) {
        const QRectF badge(6, 6, painter.fontMetrics().horizontalAdvance(told) + 2 * space::kS, 22);
        const bool isLive = !m_isFrozen && m_source.condition == SourceCondition::Live && !m_source.isStill;
        QColor glass = c.overlay;
        glass.setAlphaF(0.78F);
        painter.setBrush(isLive ? glass : m_isFrozen ? dark.accent : dark.unsure);
        painter.drawRoundedRect(badge, 11, 11);
        painter.setPen(isLive ? c.onOverlay : m_isFrozen ? dark.onAccent : dark.onUnsure);
        painter.drawText(badge, Qt::AlignCenter, told);
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(c.onOverlay, hasFocus() ? 4 : underMouse() ? 3 : 1.5));
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), radius::kMedium, radius::kMedium);
}

StoredPicture::StoredPicture(const Theme &theme, QWidget *parent) : PictureCanvas(theme, parent)
{
    setObjectName(QStringLiteral("storedPicture"));
    setAccessibleName(tr("Picture of the earlier answer"));
    const auto button = [this](const char *name, const QString &title, const QString &key) {
        auto *made = new QToolButton(this);
        made->setObjectName(QLatin1String(name));
        made->setAccessibleName(title);
        made->setToolTip(tr("%1 (%2)").arg(title, key));
        made->setProperty("glass", true);
        made->setFocusPolicy(Qt::TabFocus);
        made->setIconSize({24, 24});
        return made;
    };
    m_newer = button("storedNewer", tr("Newer answer"), tr("K"));
    m_older = button("storedOlder", tr("Older answer"), tr("J"));
    m_close = button("storedClose", tr("Close"), tr("Esc"));
    m_live = new LiveCorner(theme, this);
    connect(m_newer, &QToolButton::clicked, this, &StoredPicture::newerPressed);
    connect(m_older, &QToolButton::clicked, this, &StoredPicture::olderPressed);
    connect(m_close, &QToolButton::clicked, this, &StoredPicture::closePressed);
    connect(m_live, &QAbstractButton::clicked, this, &StoredPicture::closePressed);
    connect(&theme, &Theme::changed, this, &StoredPicture::refresh);
    refresh();
}

void StoredPicture::refresh()
{
    const QColor ink = m_theme.colours().onOverlay;
    m_newer->setIcon(m_theme.icon(QStringLiteral("chevron-left"), ink));
    m_older->setIcon(m_theme.icon(QStringLiteral("chevron-right"), ink));
    m_close->setIcon(m_theme.icon(QStringLiteral("cross"), ink));
}

void StoredPicture::showAnswer(const AnswerView &answer)
{
    m_region = answer.region;
    m_isLoading = true;
    setPicture(answer.thumbnail);
    setAccessibleDescription(title());
}

void StoredPicture::showPicture(const QImage &picture)
{
    m_isLoading = false;
    setPicture(picture); // a small picture in place of a lost one would pass for it
    setAccessibleDescription(title());
}

void StoredPicture::setNeighbours(bool hasNewer, bool hasOlder)
{
    m_newer->setEnabled(hasNewer);
    m_older->setEnabled(hasOlder);
}

QString StoredPicture::title() const
{
    if (m_isLoading)
        return tr("Loading the picture");
    return picture().isNull() ? tr("The picture is missing or altered") : QString();
}

void StoredPicture::paintOver(QPainter &painter)
{
    if (picture().isNull()) {
        const QRect room(0, m_close->geometry().bottom(), m_live->x(), height() - m_close->geometry().bottom());
        if (m_isLoading)
            paintNotice(painter, room, {QStringLiteral("clock"), title(), {}});
        else
            paintNotice(painter, room, {QStringLiteral("camera-lost"), title(), tr("What was answered is still in the database."), true});
        return;
    }
    if (!m_region.isNull())
        paintRegion(painter, target(), m_region, m_theme.colours().onOverlay);
    if (m_isLoading)
        paintBadge(painter, Qt::BottomLeftCorner, 0, {title(), glass(), m_theme.colours().onOverlay, QStringLiteral("clock")});
}

void StoredPicture::keyPressEvent(QKeyEvent *event)
{
    if (!isZoomed() && event->key() == Qt::Key_Left)
        Q_EMIT newerPressed();
    else if (!isZoomed() && event->key() == Qt::Key_Right)
        Q_EMIT olderPressed();
    else
        PictureCanvas::keyPressEvent(event);
}

void StoredPicture::resizeEvent(QResizeEvent *event)
{
    PictureCanvas::resizeEvent(event);
    m_newer->setGeometry(space::kM, space::kM, kTouchPx, kTouchPx);
    m_older->setGeometry(space::kM + kTouchPx + space::kS, space::kM, kTouchPx, kTouchPx);
    m_close->setGeometry(width() - space::kM - kTouchPx, space::kM, kTouchPx, kTouchPx);
    const int belowButtons = height() - 2 * space::kM - kTouchPx - space::kS;
    const int cornerHeight = std::clamp(std::min(kMostCornerPx, width() / 3) * 3 / 4, kTouchPx, std::max(kTouchPx, belowButtons));
    const QSize corner(cornerHeight * 4 / 3, cornerHeight);
    m_live->setGeometry(QRect(QPoint(width() - space::kM - corner.width(), height() - space::kM - corner.height()), corner));
}

} // namespace auroraedge::ui
