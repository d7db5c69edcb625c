#include "ui/widgets/ask_bar.h"

#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/entry_field.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <utility>

namespace auroraedge::ui {

namespace {

constexpr int kMaxHistory = 100;
/// Far above any model's limit; the engine refuses longer ones by tokens. A field that ended there would cut what is pasted.
constexpr int kMaxQuestionChars = 4000;

void setTone(QWidget *label, const char *tone)
{
    label->setProperty("tone", QLatin1String(tone));
    restyle(label);
}

} // namespace

AskBar::AskBar(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("askBar"));
    auto *field = new EntryField(this);
    m_field = field;
    m_field->setObjectName(QStringLiteral("questionField"));
    m_field->setAccessibleName(tr("Question"));
    m_field->installEventFilter(this);
    connect(field, &EntryField::entered, this, &AskBar::askPressed);
    connect(m_field, &QLineEdit::textChanged, this, [this](const QString &text) {
        const bool wasTooLong = std::exchange(m_isTooLong, text.size() > kMaxQuestionChars);
        if (wasTooLong || m_isTooLong)
            refresh();
    });

    m_ask = new QPushButton(tr("Ask"), this);
    m_ask->setObjectName(QStringLiteral("askButton"));
    m_ask->setProperty("kind", QStringLiteral("primary"));
    m_ask->setFocusPolicy(Qt::TabFocus);
    m_ask->setAutoDefault(false);
    connect(m_ask, &QPushButton::clicked, this, &AskBar::askPressed);

    const auto tool = [this](const char *name) {
        auto *made = new QToolButton(this);
        made->setObjectName(QLatin1String(name));
        made->setProperty("tool", true);
        made->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
        made->setIconSize({20, 20});
        made->setFocusPolicy(Qt::TabFocus);
        return made;
    };
    m_freeze = tool("freezeButton");
    m_region = tool("regionButton");
    m_region->setText(tr("Region"));
    m_region->setAccessibleName(tr("Draw the part to ask about"));
    m_region->setCheckable(true);
    m_trigger = tool("triggerButton");
    m_trigger->setText(tr("Trigger"));
    m_trigger->setAccessibleName(tr("What asks without a person"));
    m_trigger->setToolTip(tr("Ask again and again, or on motion (T)"));
    m_trigger->setCheckable(true);
    connect(m_freeze, &QToolButton::clicked, this, &AskBar::freezePressed);
    // Whether they are marked is what became of the press, not the press.
    connect(m_region, &QToolButton::clicked, this, [this](bool isOn) {
        m_region->setChecked(!isOn);
        Q_EMIT regionPressed();
    });
    connect(m_trigger, &QToolButton::clicked, this, [this](bool isOn) {
        m_trigger->setChecked(!isOn);
        Q_EMIT triggerPressed();
    });

    m_hint = new ElidedLabel(2, this);
    m_hint->setObjectName(QStringLiteral("hint"));
    m_hint->setProperty("type", QStringLiteral("caption"));

    auto *row = new QHBoxLayout;
    row->setSpacing(space::kS);
    row->addWidget(m_field, 1);
    row->addWidget(m_ask);
    row->addWidget(m_freeze);
    row->addWidget(m_region);
    row->addWidget(m_trigger);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(space::kXs);
    column->addLayout(row);
    column->addWidget(m_hint);
    connect(&theme, &Theme::changed, this, &AskBar::refresh);
    setRepeatable({});
    setHasPicture(false);
}

QString AskBar::question() const
{
    return m_field->text().trimmed();
}

void AskBar::remember(const QString &question)
{
    m_history.removeAll(question);
    m_history.append(question);
    if (m_history.size() > kMaxHistory)
        m_history.removeFirst();
    m_position = -1;
}

void AskBar::setRepeatable(const QString &question)
{
    m_field->setPlaceholderText(question.isEmpty() ? tr("Ask about this picture")
                                                   : tr("Ask, or repeat: %1").arg(question));
}

void AskBar::setFrozen(bool isFrozen)
{
    m_isFrozen = isFrozen;
    refresh();
}

void AskBar::setHasPicture(bool hasPicture)
{
    m_freeze->setEnabled(hasPicture);
    m_region->setEnabled(hasPicture);
    refresh();
}

void AskBar::setRegionMarked(bool isMarked)
{
    if (isMarked == m_region->isChecked())
        return;
    m_region->setChecked(isMarked);
    refresh();
}

void AskBar::setTriggerMarked(bool isMarked)
{
    if (isMarked == m_trigger->isChecked())
        return;
    m_trigger->setChecked(isMarked);
    refresh();
}

void AskBar::setKeys(const QString &keys)
{
    if (keys == m_keys)
        return;
    m_keys = keys;
    refresh();
}

void AskBar::setBusy(bool isBusy)
{
    m_isBusy = isBusy;
    refresh();
}

void AskBar::setObstacle(const QString &obstacle)
{
    if (obstacle == m_obstacle)
        return;
    m_obstacle = obstacle;
    refresh();
}

void AskBar::showHint(const QString &sentence)
{
    m_hint->setText(sentence);
    setTone(m_hint, "warning");
}

void AskBar::focusField()
{
    m_field->setFocus(Qt::ShortcutFocusReason);
    m_field->selectAll();
}

void AskBar::setHintVisible(bool isVisible)
{
    m_hint->setVisible(isVisible);
}

bool AskBar::askHasFocus() const
{
    return window()->focusWidget() == m_ask;
}

bool AskBar::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_field && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Up || key == Qt::Key_Down) {
            step(key == Qt::Key_Up ? -1 : 1);
            return true;
        }
        if (key == Qt::Key_Escape) {
            Q_EMIT escapePressed();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void AskBar::step(int direction)
{
    if (m_history.isEmpty() || (m_position < 0 && direction > 0))
        return;
    if (m_position < 0) {
        m_draft = m_field->text();
        m_position = m_history.size();
    }
    m_position += direction;
    if (m_position >= m_history.size()) {
        m_position = -1;
        m_field->setText(m_draft);
        return;
    }
    m_position = qMax<qsizetype>(m_position, 0);
    m_field->setText(m_history.at(m_position));
}

void AskBar::refresh()
{
    const QString tooLong = m_isTooLong ? tr("ASK-02: the question has %1 characters; limit %2")
                                              .arg(QLocale().toString(m_field->text().size()), QLocale().toString(kMaxQuestionChars))
                                        : QString();
    const QString obstacle = m_obstacle.isEmpty() ? tooLong : m_obstacle;
    const bool canAsk = obstacle.isEmpty() && !m_isBusy;
    m_ask->setEnabled(canAsk);
    m_ask->setToolTip(canAsk ? tr("Space, or Enter in the field") : m_isBusy ? tr("A question is being answered.")
                                                                            : obstacle.toHtmlEscaped());
    m_freeze->setText(m_isFrozen ? tr("Go live") : tr("Freeze"));
    m_freeze->setAccessibleName(m_isFrozen ? tr("Go back to the live picture") : tr("Freeze the picture"));
    m_freeze->setToolTip(m_freeze->isEnabled() ? tr("F") : tr("There is no picture to freeze."));
    m_region->setToolTip(m_region->isEnabled() ? tr("Draw the part to ask about (D)") : tr("There is no picture to draw on."));
    const ThemeColours &c = m_theme.colours();
    const auto ink = [&c](const QToolButton *tool) { return tool->isChecked() ? c.accentText : c.text; };
    m_freeze->setIcon(m_theme.icon(m_isFrozen ? QStringLiteral("play") : QStringLiteral("freeze")));
    m_region->setIcon(m_theme.icon(QStringLiteral("region"), ink(m_region)));
    m_trigger->setIcon(m_theme.icon(QStringLiteral("trigger"), ink(m_trigger)));
    if (!obstacle.isEmpty() && (m_keys.isEmpty() || m_isTooLong)) {
        m_hint->setText(obstacle);
        setTone(m_hint, "warning");
        return;
    }
    m_hint->setText(!m_keys.isEmpty() ? m_keys
                    : m_isBusy        ? tr("Esc cancel · F freeze · J earlier answers")
                                      : tr("F1–F8 question · Space ask · / type · F freeze · D region · T trigger · J earlier · ? keys"));
    setTone(m_hint, "muted");
}

} // namespace auroraedge::ui
