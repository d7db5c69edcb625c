#include "ui/widgets/stepper.h"

#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QLocale>
#include <QToolButton>

#include <algorithm>

namespace auroraedge::ui {

namespace {
constexpr int kFieldPx = 96;
constexpr int kDigits = 4;
}

Stepper::Stepper(const Theme &theme, const QString &name, const QString &title, const QString &unit, const QList<double> &steps,
                 QWidget *parent)
    : QWidget(parent), m_theme(theme), m_unit(unit), m_steps(steps), m_value(steps.first())
{
    const auto button = [this](const QString &objectName, const QString &does) {
        auto *made = new QToolButton(this);
        made->setObjectName(objectName);
        made->setAccessibleName(does);
        made->setToolTip(does);
        made->setProperty("tool", true);
        made->setFocusPolicy(Qt::TabFocus);
        made->setIconSize({20, 20});
        made->setAutoRepeat(true);
        return made;
    };
    m_less = button(name + QStringLiteral("Less"), tr("%1: less").arg(title));
    m_field = new QLineEdit(this);
    m_field->setObjectName(name);
    m_field->setAccessibleName(title);
    m_field->setToolTip(title);
    m_field->setFixedWidth(kFieldPx);
    m_field->setAlignment(Qt::AlignCenter);
    m_field->installEventFilter(this);
    m_more = button(name + QStringLiteral("More"), tr("%1: more").arg(title));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins({});
    row->setSpacing(space::kXs);
    row->addWidget(m_less);
    row->addWidget(m_field);
    row->addWidget(m_more);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(m_less, &QToolButton::clicked, this, [this] { step(-1); });
    connect(m_more, &QToolButton::clicked, this, [this] { step(1); });
    connect(m_field, &QLineEdit::editingFinished, this, &Stepper::takeTyped);
    connect(&theme, &Theme::changed, this, &Stepper::refreshIcons);
    refreshIcons();
    refresh();
}

void Stepper::refreshIcons()
{
    m_less->setIcon(m_theme.icon(QStringLiteral("minus")));
    m_more->setIcon(m_theme.icon(QStringLiteral("plus")));
}

void Stepper::refresh()
{
    m_field->setText(QStringLiteral("%1 %2").arg(QLocale().toString(m_value, 'g', kDigits), m_unit));
    m_less->setEnabled(m_value > m_steps.first());
    m_more->setEnabled(m_value < m_steps.last());
}

void Stepper::setValue(double value)
{
    if (m_field->hasFocus() && m_field->isModified())
        return;
    m_value = std::clamp(value, m_steps.first(), m_steps.last());
    refresh();
}

void Stepper::take(double value)
{
    const double before = m_value;
    m_value = std::clamp(value, m_steps.first(), m_steps.last());
    refresh();
    if (m_value != before)
        Q_EMIT changed(m_value);
}

void Stepper::takeTyped()
{
    if (!m_field->isModified())
        return;
    QString text = m_field->text().trimmed();
    if (text.endsWith(m_unit))
        text.chop(m_unit.size());
    bool isNumber = false;
    const double typed = QLocale().toDouble(text.trimmed(), &isNumber);
    if (isNumber)
        take(typed);
    else
        refresh(); // what is no number changes nothing
}

void Stepper::step(int direction)
{
    // Up to the next of the steps, also from a typed value between two of them.
    constexpr double kSame = 1e-9;
    if (direction > 0) {
        const auto next = std::upper_bound(m_steps.begin(), m_steps.end(), m_value + kSame);
        take(next == m_steps.end() ? m_steps.last() : *next);
    } else {
        const auto next = std::lower_bound(m_steps.begin(), m_steps.end(), m_value - kSame);
        take(next == m_steps.begin() ? m_steps.first() : *std::prev(next));
    }
}

bool Stepper::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_field && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Up || key == Qt::Key_Down) {
            step(key == Qt::Key_Up ? 1 : -1);
            return true;
        }
        if (key == Qt::Key_Escape)
            refresh(); // what was typed is dropped; the page does the rest
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace auroraedge::ui
