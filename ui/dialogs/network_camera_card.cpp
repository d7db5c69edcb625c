#include "ui/dialogs/network_camera_card.h"

#include "ui/theme/theme.h"
#include "ui/widgets/entry_field.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStyle>
#include <QUrl>
#include <QVBoxLayout>

namespace auroraedge::ui {

namespace {
constexpr int kWidthPx = 680;
constexpr QSize kPictureSize{128, 72};
constexpr int kTimeouts[] = {2, 5, 15}; // seconds
}

NetworkCameraCard::NetworkCameraCard(QWidget *parent) : FloatingCard(kWidthPx, parent)
{
    setObjectName(QStringLiteral("networkCard"));
    setAccessibleName(tr("Network camera"));

    m_title = new QLabel(this);
    m_title->setObjectName(QStringLiteral("networkTitle"));
    m_title->setTextFormat(Qt::PlainText);
    m_title->setProperty("type", QStringLiteral("heading"));
    m_address = addField(QStringLiteral("networkAddress"), tr("Address, such as rtsp://camera.local/stream"));
    m_user = addField(QStringLiteral("networkUser"), tr("User name"));
    m_password = addField(QStringLiteral("networkPassword"), tr("Password"));
    m_password->setEchoMode(QLineEdit::Password);
    m_name = addField(QStringLiteral("networkName"), tr("Name in the list"));

    auto *login = new QHBoxLayout;
    login->setSpacing(space::kS);
    login->addWidget(m_user, 1);
    login->addWidget(m_password, 1);
    auto *choices = new QHBoxLayout;
    choices->setSpacing(space::kS);
    choices->addWidget(m_name, 1);
    m_transport = new QButtonGroup(this);
    addChoice(choices, m_transport, 0, QStringLiteral("networkTcp"), tr("TCP"), tr("Sent by TCP: nothing is lost on the way"))
        ->setChecked(true);
    addChoice(choices, m_transport, 1, QStringLiteral("networkUdp"), tr("UDP"), tr("Sent by UDP: quicker in a good network"));
    auto *timeout = new QLabel(tr("Time-out"), this);
    timeout->setTextFormat(Qt::PlainText);
    timeout->setProperty("type", QStringLiteral("label"));
    timeout->setProperty("tone", QStringLiteral("muted"));
    choices->addSpacing(space::kS);
    choices->addWidget(timeout);
    m_timeout = new QButtonGroup(this);
    for (const int seconds : kTimeouts)
        addChoice(choices, m_timeout, seconds, QStringLiteral("networkTimeout%1").arg(seconds), tr("%1 s").arg(seconds),
                  tr("Wait up to %1 seconds for the first picture").arg(seconds));
    m_timeout->button(kTimeouts[0])->setChecked(true);

    m_picture = new QLabel(this);
    m_picture->setObjectName(QStringLiteral("networkPicture"));
    m_picture->setAccessibleName(tr("Picture of the test"));
    m_picture->setFixedHeight(kPictureSize.height());
    m_picture->setAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_result = new QLabel(this);
    m_result->setObjectName(QStringLiteral("networkResult"));
    m_result->setTextFormat(Qt::PlainText);
    m_result->setProperty("type", QStringLiteral("label"));
    m_result->setWordWrap(true);
    m_result->setMinimumHeight(kPictureSize.height()); // also without a picture
    auto *outcome = new QHBoxLayout;
    outcome->setSpacing(space::kM);
    outcome->addWidget(m_picture);
    outcome->addWidget(m_result, 1);

    m_test = new QPushButton(tr("Test"), this);
    m_test->setObjectName(QStringLiteral("networkTest"));
    m_save = new QPushButton(tr("Save and open"), this);
    m_save->setObjectName(QStringLiteral("networkSave"));
    m_save->setProperty("kind", QStringLiteral("primary"));
    for (QPushButton *button : {m_test, m_save})
        button->setAutoDefault(false);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(space::kS);
    buttons->addWidget(m_test, 1);
    buttons->addWidget(m_save, 2);

    auto *note = new QLabel(tr("Login and password are kept on this station only, encrypted, in a file that no other user may read. "
                               "Whoever may read all files of this user could still decrypt them."), this);
    note->setObjectName(QStringLiteral("networkNote"));
    note->setTextFormat(Qt::PlainText);
    note->setProperty("type", QStringLiteral("caption"));
    note->setProperty("tone", QStringLiteral("muted"));
    note->setWordWrap(true);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::kL, space::kM, space::kL, space::kM);
    column->setSpacing(space::kS);
    column->addWidget(m_title);
    column->addWidget(m_address);
    column->addLayout(login);
    column->addLayout(choices);
    column->addLayout(outcome);
    column->addLayout(buttons);
    column->addWidget(note);
    setFirst(m_address);

    connect(m_test, &QPushButton::clicked, this, &NetworkCameraCard::tryOut);
    connect(m_save, &QPushButton::clicked, this, &NetworkCameraCard::save);
    connect(this, &FloatingCard::closed, this, &NetworkCameraCard::forget);
    setEdited({}, false);
    setTest({});
}

QLineEdit *NetworkCameraCard::addField(const QString &name, const QString &label)
{
    auto *field = new EntryField(this);
    field->setObjectName(name);
    field->setAccessibleName(label);
    field->setPlaceholderText(label);
    connect(field, &EntryField::entered, this, [this] { m_test->click(); });
    return field;
}

QPushButton *NetworkCameraCard::addChoice(QHBoxLayout *row, QButtonGroup *group, int id, const QString &name,
                                          const QString &text, const QString &meaning)
{
    auto *button = new QPushButton(text, this);
    button->setObjectName(name);
    button->setCheckable(true);
    button->setAutoDefault(false);
    button->setAccessibleName(meaning);
    button->setToolTip(meaning);
    group->addButton(button, id);
    row->addWidget(button);
    return button;
}

void NetworkCameraCard::edit(const NetworkSource &saved, bool hasPassword)
{
    m_address->setText(saved.address);
    m_user->setText(saved.user);
    m_name->setText(saved.name);
    setEdited(saved, hasPassword);
}

void NetworkCameraCard::setEdited(const NetworkSource &saved, bool hasPassword)
{
    m_edited = saved.address;
    m_hasPassword = hasPassword;
    m_title->setText(m_edited.isEmpty() ? tr("Network camera") : tr("Edit network camera"));
    m_password->setPlaceholderText(hasPassword ? tr("Password is kept; type to change it") : tr("Password"));
    m_transport->button(saved.isUdp ? 1 : 0)->setChecked(true);
    QAbstractButton *timeout = m_timeout->button(saved.timeoutSeconds);
    (timeout ? timeout : m_timeout->button(kTimeouts[0]))->setChecked(true);
}

void NetworkCameraCard::setTest(const SourceTest &test)
{
    using Condition = SourceTest::Condition;
    m_condition = test.condition;
    m_test->setText(m_condition == Condition::Running ? tr("Stop the test") : tr("Test"));
    for (QPushButton *button : {m_test, m_save})
        button->setEnabled(m_condition != Condition::Keeping);
    m_picture->setVisible(!test.picture.isNull());
    m_picture->setPixmap(test.picture.isNull() ? QPixmap()
                                               : QPixmap::fromImage(test.picture.scaled(kPictureSize, Qt::KeepAspectRatio,
                                                                                        Qt::SmoothTransformation)));
    switch (test.condition) {
    case Condition::None: say(tr("Test the camera before it is saved."), "muted"); break;
    case Condition::Running: say(tr("Waiting for a picture …"), "muted"); break;
    case Condition::Passed:
        say(tr("It works: %1 x %2, %3 fps").arg(test.picture.width()).arg(test.picture.height()).arg(test.fps, 0, 'f', test.fps < 10 ? 1 : 0),
            "");
        break;
    case Condition::Failed: say(test.code + QStringLiteral(": ") + test.sentence, "error"); break;
    case Condition::Keeping: say(tr("Keeping the camera and its login …"), "muted"); break;
    }
}

void NetworkCameraCard::tryOut()
{
    if (m_condition == SourceTest::Condition::Running)
        Q_EMIT testCancelled();
    else if (const std::optional<NetworkSource> source = typed())
        Q_EMIT testRequested(*source);
}

void NetworkCameraCard::save()
{
    if (const std::optional<NetworkSource> source = typed())
        Q_EMIT saveRequested(*source);
}

std::optional<NetworkSource> NetworkCameraCard::typed()
{
    const QUrl url(m_address->text().trimmed(), QUrl::StrictMode);
    static const QStringList kSchemes{QStringLiteral("rtsp"), QStringLiteral("rtsps"), QStringLiteral("http"),
                                      QStringLiteral("https")};
    if (!url.isValid() || !kSchemes.contains(url.scheme()) || url.host().isEmpty()) {
        say(tr("An address looks like rtsp://camera.local/stream"), "warning");
        m_address->setFocus();
        return std::nullopt;
    }
    // A kept password is not sent to a host that it was not typed in for.
    const QUrl before(m_edited);
    const bool isElsewhere = url.scheme() != before.scheme() || url.host() != before.host() || url.port() != before.port();
    if (m_hasPassword && isElsewhere && !m_user->text().isEmpty() && m_password->text().isEmpty()) {
        say(tr("Type the password again: the address leads to another camera."), "warning");
        m_password->setFocus();
        return std::nullopt;
    }
    return NetworkSource{m_name->text().trimmed(), m_address->text().trimmed(), m_user->text(), m_password->text(),
                         m_transport->checkedId() == 1, m_timeout->checkedId(), m_edited};
}

void NetworkCameraCard::say(const QString &text, const char *tone)
{
    m_result->setText(text);
    m_result->setProperty("tone", QLatin1String(tone));
    m_result->style()->unpolish(m_result);
    m_result->style()->polish(m_result);
    m_result->setToolTip(m_result->text().toHtmlEscaped());
}

void NetworkCameraCard::forget()
{
    if (m_condition == SourceTest::Condition::Running || m_condition == SourceTest::Condition::Keeping)
        Q_EMIT testCancelled();
    for (QLineEdit *field : {m_address, m_user, m_password, m_name}) // an address may hold a password, too
        field->clear();
    setEdited({}, false);
    setTest({});
}

} // namespace auroraedge::ui
