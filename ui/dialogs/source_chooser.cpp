#include "ui/dialogs/source_chooser.h"

#include "ui/dialogs/camera_settings_card.h"
#include "ui/dialogs/network_camera_card.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/painting.h"

#include <QApplication>
#include <QEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QScroller>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace auroraedge::ui {

namespace {

constexpr int kWidthPx = 420;

/// What is in it may be what is being pressed.
void emptyLater(QVBoxLayout *column)
{
    while (QLayoutItem *item = column->takeAt(0)) {
        item->widget()->setParent(nullptr); // gone from the window at once, also for a press that comes before the deletion
        item->widget()->deleteLater();
        delete item;
    }
}

/// From top to bottom, each after the one @p before. @return the last one.
QWidget *orderTabs(const QLayout *layout, QWidget *before)
{
    for (int index = 0; index < layout->count(); ++index) {
        QLayoutItem *item = layout->itemAt(index);
        QWidget *widget = item->widget();
        if (const QLayout *inner = widget ? widget->layout() : item->layout()) {
            before = orderTabs(inner, before);
        } else if (widget && !widget->isHidden()) {
            QWidget::setTabOrder(before, widget);
            before = widget;
        }
    }
    return before;
}

} // namespace

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

/// A saved camera: chosen, edited or removed. Before it is removed the row itself asks.
class SourceChooser::SavedRow final : public QWidget
{
public:
    SavedRow(SourceChooser &chooser, const SourceOption &source, int number) : QWidget(chooser.m_list)
    {
        const auto named = [number](QAbstractButton *button, const char *name) {
            button->setObjectName(QLatin1String(name) + QString::number(number));
            return button;
        };
        m_plain = new QWidget(this);
        entry = new Entry(chooser.m_theme, QStringLiteral("camera"), source.name, source.detail, m_plain);
        named(entry, "sourceSaved");
        const auto tool = [&](const char *name, const QString &icon, const QString &meaning) {
            auto *made = new QToolButton(m_plain);
            named(made, name);
            made->setIcon(chooser.m_theme.icon(icon, chooser.m_theme.colours().textMuted));
            made->setAccessibleName(meaning);
            made->setToolTip(meaning.toHtmlEscaped());
            return made;
        };
        edit = tool("sourceEdit", QStringLiteral("edit"), tr("Edit %1").arg(source.name));
        remove = tool("sourceRemove", QStringLiteral("cross"), tr("Remove %1 and its password").arg(source.name));
        auto *plain = new QHBoxLayout(m_plain);
        plain->setContentsMargins({});
        plain->setSpacing(space::kXs);
        plain->addWidget(entry, 1);
        plain->addWidget(edit);
        plain->addWidget(remove);

        m_question = new QWidget(this);
        auto *text = new ElidedLabel(2, m_question);
        text->setObjectName(QStringLiteral("sourceQuestion%1").arg(number));
        text->setProperty("type", QStringLiteral("label"));
        text->setText(tr("Remove %1 and its password?").arg(source.name));
        confirm = new QPushButton(tr("Remove"), m_question);
        named(confirm, "sourceRemoveConfirm");
        keep = new QPushButton(tr("Keep"), m_question);
        named(keep, "sourceKeep");
        keep->setToolTip(tr("Esc"));
        auto *question = new QHBoxLayout(m_question);
        question->setContentsMargins(space::kS, 0, 0, 0);
        question->setSpacing(space::kXs);
        question->addWidget(text, 1);
        question->addWidget(confirm);
        question->addWidget(keep);
        m_question->hide();

        auto *row = new QVBoxLayout(this);
        row->setContentsMargins({});
        row->addWidget(m_plain);
        row->addWidget(m_question);
    }

    void setAsking(bool isAsking)
    {
        const bool hadFocus = isAncestorOf(QApplication::focusWidget());
        m_question->setVisible(isAsking);
        m_plain->setVisible(!isAsking);
        if (isAsking)
            keep->setFocus(Qt::TabFocusReason); // the safe one
        else if (hadFocus)
            remove->setFocus(Qt::TabFocusReason);
    }

    Entry *entry = nullptr;
    QToolButton *edit = nullptr, *remove = nullptr;
    QPushButton *confirm = nullptr, *keep = nullptr;

private:
    QWidget *m_plain = nullptr, *m_question = nullptr;
};

SourceChooser::SourceChooser(const Theme &theme, QWidget *parent) : FloatingCard(kWidthPx, parent), m_theme(theme)
{
    setObjectName(QStringLiteral("sourceChooser"));
    setAccessibleName(tr("Choose a picture source"));

    auto *title = new QLabel(tr("Picture source"), this);
    title->setTextFormat(Qt::PlainText);
    title->setProperty("type", QStringLiteral("heading"));
    title->setContentsMargins(space::kS, 0, 0, 0);

    m_list = new QWidget;
    m_list->setProperty("page", true);
    auto *list = new QVBoxLayout(m_list);
    list->setContentsMargins({});
    list->setSpacing(2);
    Entry *simulated = addEntry(list, QStringLiteral("sourceSimulated"), QStringLiteral("simulation"), tr("Simulated line"),
                                tr("Recorded bottles on a belt; needs no camera"));
    connect(simulated, &QAbstractButton::clicked, this, [this] { choose(QStringLiteral("sim:")); });
    m_webcams = new QVBoxLayout;
    m_saved = new QVBoxLayout;
    for (QVBoxLayout *part : {m_webcams, m_saved}) {
        part->setSpacing(2);
        list->addLayout(part);
    }
    Entry *network = addEntry(list, QStringLiteral("sourceNetwork"), QStringLiteral("camera"), tr("Network camera"),
                              tr("RTSP or HTTP: test it and save it"));
    connect(network, &QAbstractButton::clicked, this, [this] {
        close();
        m_networkCard->openAt(anchor(), nullptr);
    });
    Entry *file = addEntry(list, QStringLiteral("sourceFile"), QStringLiteral("video"), tr("Video or picture file"),
                           tr("Played at its own pace"));
    connect(file, &QAbstractButton::clicked, this, &SourceChooser::chooseFile);
    Entry *folder = addEntry(list, QStringLiteral("sourceFolder"), QStringLiteral("folder"), tr("Folder of pictures"),
                             tr("One picture after the other"));
    connect(folder, &QAbstractButton::clicked, this, &SourceChooser::chooseFolder);
    m_settings = addEntry(list, QStringLiteral("sourceSettings"), QStringLiteral("webcam"), tr("Camera settings"),
                          tr("Exposure, white balance, focus, gain"));
    connect(m_settings, &QAbstractButton::clicked, this, [this] {
        close();
        m_cameraCard->openAt(anchor(), nullptr);
    });
    m_settings->hide();

    m_scroll = new QScrollArea(this);
    QScroller::grabGesture(m_scroll->viewport(), QScroller::TouchGesture);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setWidget(m_list);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::kM, space::kL, space::kM, space::kL);
    column->setSpacing(space::kS);
    column->addWidget(title);
    column->addWidget(m_scroll);
    setFirst(simulated);

    m_networkCard = new NetworkCameraCard(parent);
    m_cameraCard = new CameraSettingsCard(parent);
    connect(this, &FloatingCard::closed, this, [this] { askBack(nullptr); });
    connect(m_networkCard, &NetworkCameraCard::testRequested, this, &SourceChooser::testRequested);
    connect(m_networkCard, &NetworkCameraCard::testCancelled, this, &SourceChooser::testCancelled);
    connect(m_networkCard, &NetworkCameraCard::saveRequested, this, &SourceChooser::saveRequested);
    connect(m_cameraCard, &CameraSettingsCard::adjusted, this, &SourceChooser::adjusted);
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget *, QWidget *now) {
        if (now && m_list->isAncestorOf(now))
            m_scroll->ensureWidgetVisible(now, 0, 0);
    });
}

SourceChooser::Entry *SourceChooser::addEntry(QVBoxLayout *column, const QString &name, const QString &icon,
                                              const QString &title, const QString &detail)
{
    auto *entry = new Entry(m_theme, icon, title, detail, m_list);
    entry->setObjectName(name);
    column->addWidget(entry);
    return entry;
}

void SourceChooser::setWebcams(const SourceOptions &webcams)
{
    emptyLater(m_webcams);
    for (int index = 0; index < webcams.size(); ++index) {
        const SourceOption &webcam = webcams.at(index);
        Entry *entry = addEntry(m_webcams, QStringLiteral("sourceWebcam%1").arg(index + 1), QStringLiteral("webcam"),
                                webcam.name, webcam.detail);
        connect(entry, &QAbstractButton::clicked, this, [this, uri = webcam.uri] { choose(uri); });
    }
    orderTabs(m_list->layout(), this);
    fit();
}

void SourceChooser::setSaved(const SourceOptions &saved)
{
    m_asking = nullptr;
    emptyLater(m_saved);
    for (int index = 0; index < saved.size(); ++index) {
        const SourceOption &source = saved.at(index);
        auto *row = new SavedRow(*this, source, index + 1);
        m_saved->addWidget(row);
        connect(row->entry, &QAbstractButton::clicked, this, [this, uri = source.uri] { choose(uri); });
        connect(row->edit, &QAbstractButton::clicked, this, [this, uri = source.uri] { Q_EMIT editRequested(uri); });
        connect(row->remove, &QAbstractButton::clicked, this, [this, row] { askBack(row); });
        connect(row->keep, &QAbstractButton::clicked, this, [this] { askBack(nullptr); });
        connect(row->confirm, &QAbstractButton::clicked, this, [this, uri = source.uri] {
            askBack(nullptr);
            Q_EMIT removeRequested(uri);
        });
    }
    orderTabs(m_list->layout(), this);
    fit();
}

void SourceChooser::askBack(SavedRow *row)
{
    SavedRow *before = std::exchange(m_asking, row);
    if (before)
        before->setAsking(false);
    if (row)
        row->setAsking(true);
    orderTabs(m_list->layout(), this);
}

void SourceChooser::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && m_asking)
        askBack(nullptr);
    else
        FloatingCard::keyPressEvent(event);
}

void SourceChooser::editSaved(const NetworkSource &saved, bool hasPassword)
{
    close();
    m_networkCard->close();
    m_networkCard->edit(saved, hasPassword);
    m_networkCard->openAt(anchor(), nullptr);
}

void SourceChooser::setTest(const SourceTest &test)
{
    m_networkCard->setTest(test);
}

void SourceChooser::setControls(const CameraControls &controls)
{
    m_settings->setVisible(!controls.controls.isEmpty());
    if (controls.controls.isEmpty())
        m_cameraCard->close();
    else
        m_cameraCard->setControls(controls);
    fit();
}

void SourceChooser::closeNetworkCard()
{
    m_networkCard->close();
}

bool SourceChooser::event(QEvent *event)
{
    if (event->type() == QEvent::LayoutRequest)
        fit();
    return FloatingCard::event(event);
}

void SourceChooser::fit()
{
    // As high as the list, while the window has room for it.
    const QMargins margins = layout()->contentsMargins();
    const int around = margins.top() + layout()->itemAt(0)->sizeHint().height() + layout()->spacing() + margins.bottom();
    const int room = parentWidget()->height() - around - 2 * space::kS;
    m_scroll->setFixedHeight(std::min(m_list->sizeHint().height(), std::max(room, 2 * kTouchPx)));
    FloatingCard::fit();
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
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Videos and pictures (*.mp4 *.avi *.mkv *.mov *.jpg *.jpeg *.png *.bmp)"), tr("All files (*)")});
    chooseIn(dialog, QStringLiteral("file:"));
}

void SourceChooser::chooseFolder()
{
    auto *dialog = new QFileDialog(window(), tr("Open a folder of pictures"));
    dialog->setObjectName(QStringLiteral("sourceFolderDialog"));
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    chooseIn(dialog, QStringLiteral("folder:"));
}

void SourceChooser::chooseIn(QFileDialog *dialog, const QString &scheme)
{
    close();
    delete std::exchange(m_fileDialog, dialog); // one at a time
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, [this, scheme](const QString &path) { choose(scheme + path); });
    dialog->setModal(false); // the page goes on beside it
    dialog->show();
}

} // namespace auroraedge::ui
