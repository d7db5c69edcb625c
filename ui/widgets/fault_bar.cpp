#include "ui/widgets/fault_bar.h"

#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace auroraedge::ui {

FaultBar::FaultBar(const Theme &theme, QWidget *parent) : QFrame(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("faultBar"));
    setAccessibleName(tr("Fault"));
    const auto label = [this](const char *name, const char *type, int maxLines) {
        auto *made = new ElidedLabel(maxLines, this);
        made->setObjectName(QLatin1String(name));
        made->setProperty("type", QLatin1String(type));
        return made;
    };
    m_icon = new QLabel(this);
    m_icon->setFixedSize(24, 24);
    m_cause = label("faultCause", "label", 2);
    m_effect = label("faultEffect", "caption", 2);
    m_detail = label("faultDetail", "caption", 4);
    m_detail->hide();
    const auto button = [this](const char *name, const char *kind) {
        auto *made = new QPushButton(this);
        made->setObjectName(QLatin1String(name));
        made->setProperty("kind", QLatin1String(kind));
        made->setFocusPolicy(Qt::TabFocus);
        made->setAutoDefault(false);
        return made;
    };
    m_action = button("faultAction", "");
    m_copy = button("faultCopy", "quiet");
    m_copy->setText(tr("Copy"));
    m_copy->hide();
    m_details = button("faultDetails", "quiet");
    m_details->setText(tr("Details"));
    m_details->setCheckable(true);
    m_more = button("faultMore", "quiet");
    m_more->setToolTip(tr("Show the next fault"));
    m_more->setMinimumWidth(kTouchPx);
    m_dismiss = new QToolButton(this);
    m_dismiss->setObjectName(QStringLiteral("faultDismiss"));
    m_dismiss->setAccessibleName(tr("Dismiss"));
    m_dismiss->setFocusPolicy(Qt::TabFocus);
    m_dismiss->setIconSize({20, 20});

    auto *text = new QVBoxLayout;
    text->setSpacing(2);
    text->addStretch();
    text->addWidget(m_cause);
    text->addWidget(m_effect);
    text->addWidget(m_detail);
    text->addStretch();
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(space::kL, space::kS, space::kS, space::kS);
    row->setSpacing(space::kM);
    row->addWidget(m_icon);
    row->addLayout(text, 1);
    row->addWidget(m_copy);
    row->addWidget(m_details);
    row->addWidget(m_action);
    row->addWidget(m_more);
    row->addWidget(m_dismiss);

    for (QAbstractButton *acting : {static_cast<QAbstractButton *>(m_action), static_cast<QAbstractButton *>(m_dismiss)})
        connect(acting, &QAbstractButton::pressed, this, [this] { m_pressed = shown(); });
    connect(m_action, &QPushButton::clicked, this, [this] {
        if (!m_faults.isEmpty() && m_pressed == shown() && !m_faults.at(m_shown).actionId.isEmpty())
            Q_EMIT actionChosen(m_faults.at(m_shown).actionId);
    });
    connect(m_details, &QPushButton::toggled, this, &FaultBar::refresh);
    connect(m_copy, &QPushButton::clicked, this, [this] {
        QApplication::clipboard()->setText(m_cause->text() + QLatin1Char('\n') + m_detail->text());
    });
    connect(m_dismiss, &QToolButton::clicked, this, &FaultBar::dismiss);
    connect(m_more, &QPushButton::clicked, this, &FaultBar::showNext);
    connect(&theme, &Theme::changed, this, &FaultBar::refresh);
    refresh();
}

void FaultBar::raise(const Fault &fault)
{
    const auto same = std::ranges::find(m_faults, fault.topic, &Fault::topic);
    if (same != m_faults.end() && same->isLatched == fault.isLatched) {
        *same = fault;
        refresh();
        return;
    }
    if (same != m_faults.end())
        m_faults.erase(same);
    m_faults.insert(fault.isLatched ? m_faults.begin() : std::ranges::find(m_faults, false, &Fault::isLatched), fault);
    m_shown = 0;
    refresh();
}

void FaultBar::clear(const QString &topic)
{
    if (m_faults.removeIf([&topic](const Fault &fault) { return fault.topic == topic && !fault.isLatched; }) > 0)
        m_shown = 0;
    refresh();
}

void FaultBar::dismiss()
{
    if (m_faults.isEmpty() || m_pressed != shown() || m_faults.at(m_shown).isStanding)
        return;
    m_faults.removeAt(m_shown);
    m_shown = 0;
    refresh();
}

QString FaultBar::shown() const
{
    return m_faults.isEmpty() ? QString() : m_faults.at(m_shown).topic + QLatin1Char('\n') + m_faults.at(m_shown).actionId;
}

void FaultBar::showNext()
{
    m_shown = m_faults.isEmpty() ? 0 : (m_shown + 1) % int(m_faults.size());
    refresh();
}

bool FaultBar::hasAlarm() const
{
    return std::ranges::any_of(m_faults, &Fault::isLatched);
}

void FaultBar::refresh()
{
    setVisible(hasFault());
    Q_EMIT changed();
    m_dismiss->setIcon(m_theme.icon(QStringLiteral("cross")));
    if (!hasFault())
        return;
    const Fault &fault = m_faults.at(m_shown);
    const bool isError = fault.severity == Fault::Severity::Error;
    const ThemeColours &c = m_theme.colours();
    m_icon->setPixmap(m_theme.icon(isError ? QStringLiteral("fault") : QStringLiteral("warning"), isError ? c.ngText : c.unsureText)
                          .pixmap(QSize(24, 24), devicePixelRatioF()));
    m_cause->setText(fault.code.isEmpty() ? fault.cause : tr("%1  %2").arg(fault.code, fault.cause));
    m_effect->setText(fault.effect);
    m_effect->setVisible(!fault.effect.isEmpty());
    m_detail->setText(fault.detail);
    m_details->setVisible(!fault.detail.isEmpty());
    const bool isTold = !fault.detail.isEmpty() && m_details->isChecked();
    m_detail->setVisible(isTold);
    m_copy->setVisible(isTold);
    m_action->setText(fault.actionText);
    m_action->setVisible(!fault.actionId.isEmpty());
    m_more->setText(tr("+%1").arg(m_faults.size() - 1));
    m_more->setAccessibleName(tr("%1 more faults").arg(m_faults.size() - 1));
    m_more->setVisible(m_faults.size() > 1);
    m_dismiss->setEnabled(!fault.isStanding);
    m_dismiss->setToolTip(fault.isStanding ? tr("It stands until it is mended.") : tr("Dismiss"));
    setProperty("severity", isError ? QStringLiteral("error") : QStringLiteral("warning"));
    style()->unpolish(this);
    style()->polish(this);
}

} // namespace auroraedge::ui
