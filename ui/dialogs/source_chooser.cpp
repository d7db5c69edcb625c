#include "ui/dialogs/source_chooser.h"

#include "ui/theme/theme.h"
#include "ui/widgets/painting.h"

#include <QAbstractButton>
#include <QApplication>
#include <QFileDialog>
#include <QGraphicsDropShadowEffect>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMouseEvent>
#include <QPainter>
#include <QPushButton>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>

namespace auroraedge::ui {

namespace {
constexpr int kWidthPx = 420;
}

/// One row: icon, title, detail; pressed as a whole.
class SourceChooser::Entry final : public QAbstractButton
{
public:
    Entry(const Theme &theme, const QString &icon, const QString &title, const QString &detail, QWidget *parent)
        : QAbstractButton(parent), m_theme(theme), m_icon(icon), m_detail(detail)
    {
        setText(title);
        setAccessibleName(title);
        setAccessibleDescription(detail);
        setAttribute(Qt::WA_Hover);
        setFocusPolicy(Qt::StrongFocus);
        setFixedHeight(kTouchPx);
        connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        const ThemeColours &c = m_theme.colours();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        if (isDown() || underMouse()) {
            painter.setBrush(isDown() ? c.pressed : c.hover);
            painter.drawRoundedRect(rect(), radius::kMedium, radius::kMedium);
        }
        painter.setBrush(c.raised);
        painter.drawRoundedRect(QRectF(space::kS, 8, 40, 40), radius::kMedium, radius::kMedium);
        m_theme.icon(m_icon, c.accentText).paint(&painter, space::kS + 9, 17, 22, 22);
        const int x = space::kS + 40 + space::kM;
        const int textWidth = width() - x - space::kS;
        painter.setFont(m_theme.font(TextRole::Label));
        painter.setPen(c.text);
        painter.drawText(QRect(x, 9, textWidth, 20), Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(text(), Qt::ElideRight, textWidth));
        painter.setFont(m_theme.font(TextRole::Caption));
        painter.setPen(c.textMuted);
        painter.drawText(QRect(x, 28, textWidth, 20), Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(m_detail, Qt::ElideMiddle, textWidth));
        if (hasFocus())
            paintFocusRing(painter, QRectF(rect()), radius::kMedium, c.focus);
    }

private:
    const Theme &m_theme;
    QString m_icon;
    QString m_detail;
};

SourceChooser::SourceChooser(const Theme &theme, QWidget *parent) : QFrame(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("sourceChooser"));
    setAccessibleName(tr("Choose a picture source"));
    setProperty("card", true);
    setFixedWidth(kWidthPx);
    auto *shadow = new QGraphicsDropShadowEffect(this);
    shadow->setBlurRadius(40);
    shadow->setOffset(0, 12);
    shadow->setColor(QColor(0, 0, 0, 110));
    setGraphicsEffect(shadow);

    auto *title = new QLabel(tr("Picture source"), this);
    title->setTextFormat(Qt::PlainText);
    title->setProperty("type", QStringLiteral("heading"));
    title->setContentsMargins(space::kS, 0, 0, 0);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::kM, space::kL, space::kM, space::kL);
    column->setSpacing(2);
    column->addWidget(title);
    column->addSpacing(space::kS);
    m_first = addEntry(column, QStringLiteral("sourceSimulated"), QStringLiteral("simulation"), tr("Simulated line"),
                           tr("Recorded bottles on a belt; needs no camera"));
    connect(m_first, &QAbstractButton::clicked, this, [this] { choose(QStringLiteral("sim:")); });
    m_webcams = new QVBoxLayout;
    m_webcams->setSpacing(2);
    column->addLayout(m_webcams);
    Entry *file = addEntry(column, QStringLiteral("sourceFile"), QStringLiteral("video"), tr("Video or picture file"),
                           tr("Played at its own pace"));
    connect(file, &QAbstractButton::clicked, this, &SourceChooser::chooseFile);
    Entry *folder = addEntry(column, QStringLiteral("sourceFolder"), QStringLiteral("folder"), tr("Folder of pictures"),
                             tr("One picture after the other"));
    connect(folder, &QAbstractButton::clicked, this, &SourceChooser::chooseFolder);

    auto *rule = new QFrame(this);
    rule->setProperty("rule", true);
    column->addSpacing(space::kS);
    column->addWidget(rule);
    column->addSpacing(space::kM);
    auto *caption = new QLabel(tr("Network camera"), this);
    caption->setTextFormat(Qt::PlainText);
    caption->setProperty("type", QStringLiteral("label"));
    caption->setContentsMargins(space::kS, 0, 0, 0);
    m_address = new QLineEdit(this);
    m_address->setObjectName(QStringLiteral("sourceAddress"));
    m_address->setAccessibleName(tr("Address of a network camera"));
    m_address->setPlaceholderText(QStringLiteral("rtsp://camera.local/stream"));
    m_connect = new QPushButton(tr("Connect"), this);
    m_connect->setObjectName(QStringLiteral("sourceConnect"));
    m_connect->setAutoDefault(false);
    m_addressHint = new QLabel(this);
    m_addressHint->setObjectName(QStringLiteral("sourceAddressHint"));
    m_addressHint->setTextFormat(Qt::PlainText);
    m_addressHint->setProperty("type", QStringLiteral("caption"));
    m_addressHint->setProperty("tone", QStringLiteral("warning"));
    m_addressHint->setContentsMargins(space::kS, 0, 0, 0);
    m_addressHint->hide();
    auto *row = new QHBoxLayout;
    row->setContentsMargins(space::kS, 0, space::kS, 0);
    row->setSpacing(space::kS);
    row->addWidget(m_address, 1);
    row->addWidget(m_connect);
    column->addWidget(caption);
    column->addSpacing(space::kXs);
    column->addLayout(row);
    column->addWidget(m_addressHint);
    connect(m_connect, &QPushButton::clicked, this, &SourceChooser::chooseAddress);
    connect(m_address, &QLineEdit::returnPressed, this, &SourceChooser::chooseAddress);
    QFrame::hide();
}

SourceChooser::Entry *SourceChooser::addEntry(QVBoxLayout *column, const QString &name, const QString &icon,
                                              const QString &title, const QString &detail)
{
    auto *entry = new Entry(m_theme, icon, title, detail, this);
    entry->setObjectName(name);
    column->addWidget(entry);
    return entry;
}

void SourceChooser::setWebcams(const SourceOptions &webcams)
{
    while (QLayoutItem *item = m_webcams->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater(); // may be the one that is being pressed
        delete item;
    }
    for (int index = 0; index < webcams.size(); ++index) {
        const SourceOption &webcam = webcams.at(index);
        Entry *entry = addEntry(m_webcams, QStringLiteral("sourceWebcam%1").arg(index + 1), QStringLiteral("webcam"),
                                webcam.name, webcam.detail);
        connect(entry, &QAbstractButton::clicked, this, [this, uri = webcam.uri] { choose(uri); });
    }
    if (isVisible())
        adjustSize();
}

void SourceChooser::openAt(const QPoint &anchor, QWidget *opener)
{
    m_opener = opener;
    adjustSize();
    const QWidget *room = parentWidget();
    const int x = std::clamp(anchor.x() - width(), space::kS, std::max(space::kS, room->width() - width() - space::kS));
    const int y = std::clamp(anchor.y(), 0, std::max(0, room->height() - height() - space::kS));
    move(x, y);
    m_focusBefore = QApplication::focusWidget();
    m_addressHint->hide();
    raise();
    QFrame::show();
    m_first->setFocus(Qt::PopupFocusReason);
    qApp->installEventFilter(this);
}

void SourceChooser::close()
{
    qApp->removeEventFilter(this);
    if (m_focusBefore && m_focusBefore->isVisible())
        m_focusBefore->setFocus();
    QFrame::hide();
}

void SourceChooser::keyPressEvent(QKeyEvent *event)
{
    const bool isBack = event->key() == Qt::Key_Up;
    switch (event->key()) {
    case Qt::Key_Escape: close(); return;
    case Qt::Key_Up:
    case Qt::Key_Down: focusNextPrevChild(!isBack); return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (auto *button = qobject_cast<QAbstractButton *>(QApplication::focusWidget()))
            button->click();
        return;
    default: event->accept(); // keys of the page below do nothing while the card is open
    }
}

bool SourceChooser::focusNextPrevChild(bool next)
{
    // Round and round inside the card: the page below is out of reach while it is open.
    QWidget *from = QApplication::focusWidget();
    if (!isVisible() || !from)
        return false;
    const auto step = [next](const QWidget *at) { return next ? at->nextInFocusChain() : at->previousInFocusChain(); };
    QWidget *at = step(from);
    while (at != from && !(isAncestorOf(at) && at->isVisible() && at->focusPolicy() & Qt::TabFocus))
        at = step(at);
    at->setFocus(next ? Qt::TabFocusReason : Qt::BacktabFocusReason);
    return true;
}

bool SourceChooser::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::MouseButtonPress && watched->isWidgetType()) {
        auto *pressed = static_cast<QWidget *>(watched);
        // A press beside the card closes it and still does what it was meant for; file dialogs are windows of their own.
        if (pressed->window() == window() && pressed != this && pressed != m_opener && !isAncestorOf(pressed))
            close();
    }
    return QFrame::eventFilter(watched, event);
}

void SourceChooser::choose(const QString &uri)
{
    close();
    Q_EMIT chosen(uri);
}

void SourceChooser::chooseFile()
{
    auto *dialog = new QFileDialog(window(), tr("Open a video or a picture"));
    dialog->setObjectName(QStringLiteral("sourceFileDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Videos and pictures (*.mp4 *.avi *.mkv *.mov *.jpg *.jpeg *.png *.bmp *.tif *.tiff)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) { choose(QStringLiteral("file:") + path); });
    dialog->open();
}

void SourceChooser::chooseFolder()
{
    auto *dialog = new QFileDialog(window(), tr("Open a folder of pictures"));
    dialog->setObjectName(QStringLiteral("sourceFolderDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) { choose(QStringLiteral("folder:") + path); });
    dialog->open();
}

void SourceChooser::chooseAddress()
{
    const QUrl url(m_address->text().trimmed(), QUrl::StrictMode);
    static const QStringList kSchemes{QStringLiteral("rtsp"), QStringLiteral("rtsps"), QStringLiteral("http"),
                                      QStringLiteral("https")};
    if (!url.isValid() || !kSchemes.contains(url.scheme()) || url.host().isEmpty()) {
        m_addressHint->setText(tr("An address looks like rtsp://camera.local/stream"));
        m_addressHint->show();
        adjustSize();
        m_address->setFocus();
        return;
    }
    choose(url.toString(QUrl::FullyEncoded));
    m_address->clear(); // it may hold a password
}

} // namespace auroraedge::ui
