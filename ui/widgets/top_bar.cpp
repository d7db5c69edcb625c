#include "ui/widgets/top_bar.h"

#include "ui/theme/theme.h"
#include "ui/widgets/painting.h"
#include "ui/widgets/state_button.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace auroraedge::ui {

TopBar::TopBar(Theme &theme, QWidget *parent) : QFrame(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("topBar"));
    m_mark = new QLabel(this);
    m_mark->setFixedSize(28, 28);
    auto *name = new QLabel(QStringLiteral("AuroraEdge Inspector"), this);
    name->setTextFormat(Qt::PlainText);
    name->setProperty("type", QStringLiteral("heading"));

    m_source = new StateButton(theme, QStringLiteral("camera"), this);
    m_source->setObjectName(QStringLiteral("sourceButton"));
    m_source->setAccessibleName(tr("Picture source"));
    m_model = new StateButton(theme, QStringLiteral("chip"), this);
    m_model->setObjectName(QStringLiteral("modelButton"));
    m_model->setAccessibleName(tr("Model"));
    m_themeToggle = new QToolButton(this);
    m_themeToggle->setObjectName(QStringLiteral("themeToggle"));
    m_themeToggle->setFocusPolicy(Qt::TabFocus);
    m_themeToggle->setIconSize({22, 22});

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(space::kL + 4, space::kS, space::kL, space::kS);
    row->setSpacing(space::kM);
    row->addWidget(m_mark);
    row->addWidget(name);
    row->addStretch();
    row->addWidget(m_source);
    row->addWidget(m_model);
    row->addWidget(m_themeToggle);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);

    connect(m_source, &QAbstractButton::clicked, this, &TopBar::sourcePressed);
    connect(m_model, &QAbstractButton::clicked, this, &TopBar::modelPressed);
    connect(m_themeToggle, &QToolButton::clicked, this, [this] { Q_EMIT themeChosen(m_theme.kind() != ThemeKind::Dark); });
    connect(&theme, &Theme::changed, this, &TopBar::refresh);
    refresh();
}

void TopBar::setSourceState(const SourceState &state)
{
    m_sourceState = state;
    refresh();
}

void TopBar::setModelState(const ModelState &state)
{
    m_modelState = state;
    refresh();
}

QWidget *TopBar::sourceButton() const
{
    return m_source;
}

void TopBar::refresh()
{
    const bool isDark = m_theme.kind() == ThemeKind::Dark;
    m_mark->setPixmap(m_theme.icon(QStringLiteral("mark"), m_theme.colours().accent).pixmap(QSize(28, 28), devicePixelRatioF()));
    m_themeToggle->setIcon(m_theme.icon(isDark ? QStringLiteral("sun") : QStringLiteral("moon"), m_theme.colours().textMuted));
    const QString toggle = isDark ? tr("Light theme") : tr("Dark theme");
    m_themeToggle->setToolTip(toggle);
    m_themeToggle->setAccessibleName(toggle);

    using Tone = StateButton::Tone;
    const QString source = m_sourceState.name.isEmpty() ? tr("Picture source") : m_sourceState.name;
    switch (m_sourceState.condition) {
    case SourceCondition::NotChosen: m_source->setState(tr("Choose a source"), tr("no picture"), Tone::Neutral); break;
    case SourceCondition::Opening: m_source->setState(source, tr("opening"), Tone::Neutral); break;
    case SourceCondition::Live:
        m_source->setState(source, m_sourceState.isStill ? tr("stands still") : tr("live"), m_sourceState.isStill ? Tone::Warning : Tone::Active);
        break;
    case SourceCondition::Lost:
        m_source->setState(source, m_sourceState.code == QLatin1String("CAM-04") ? tr("login refused") : tr("lost, trying again"), Tone::Fault);
        break;
    case SourceCondition::Failed: m_source->setState(source, tr("not available"), Tone::Fault); break;
    case SourceCondition::Ended: m_source->setState(source, tr("ended"), Tone::Neutral); break;
    }
    const QString model = m_modelState.name;
    switch (m_modelState.condition) {
    case ModelCondition::NotLoaded: m_model->setState(tr("No model"), tr("not loaded"), Tone::Neutral); break;
    case ModelCondition::Loading:
        m_model->setState(model,
                          m_modelState.progress < 0 ? tr("loading") : tr("loading %1").arg(percentText(m_modelState.progress)),
                          Tone::Neutral);
        break;
    case ModelCondition::Ready:
        m_model->setState(model, tr("%1 · %2").arg(m_modelState.device, m_modelState.precision),
                          m_modelState.warnings.isEmpty() ? Tone::Active : Tone::Warning);
        break;
    case ModelCondition::Failed: m_model->setState(model, tr("could not be loaded"), Tone::Fault); break;
    }
}

} // namespace auroraedge::ui
