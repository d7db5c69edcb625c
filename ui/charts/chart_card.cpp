#include "ui/charts/chart_card.h"

#include "ui/charts/chart_view.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"

#include <QLabel>
#include <QProgressBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace auroraedge::ui {

namespace {
constexpr int kToldLines = 2, kStateHeightPx = 96;
}

ChartCard::ChartCard(const Theme &theme, const QString &name, QWidget *parent) : QFrame(parent), m_theme(theme)
{
    setObjectName(name);
    setProperty("card", true);
    m_title = new QLabel(this);
    m_title->setObjectName(name + QStringLiteral(".title"));
    m_title->setTextFormat(Qt::PlainText);
    m_title->setProperty("type", QStringLiteral("heading"));
    m_title->setWordWrap(true);
    m_save = new QToolButton(this);
    m_save->setObjectName(name + QStringLiteral(".save"));
    m_save->setFocusPolicy(Qt::TabFocus);
    m_save->setIconSize({22, 22});
    m_save->setToolTip(tr("Save this chart"));
    const auto text = [&](const char *part, int lines) {
        auto *label = new ElidedLabel(lines, this);
        label->setObjectName(name + QLatin1String(part));
        label->setProperty("type", QStringLiteral("caption"));
        label->setProperty("tone", QStringLiteral("muted"));
        return label;
    };
    m_told = text(".told", kToldLines);
    m_state = text(".state", 4);
    m_progress = new QProgressBar(this);
    m_progress->setTextVisible(false);
    m_progress->setRange(0, 0);
    m_progress->setAccessibleName(tr("Counting"));
    m_view = new ChartView(theme, this);
    m_view->setObjectName(name + QStringLiteral(".view"));

    auto *words = new QVBoxLayout;
    words->setContentsMargins(0, space::kS, 0, 0);
    words->setSpacing(2);
    words->addWidget(m_title);
    words->addWidget(m_told);
    words->addStretch();
    auto *head = new QHBoxLayout;
    head->setSpacing(space::kS);
    head->addLayout(words, 1);
    head->addWidget(m_save, 0, Qt::AlignTop);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::kL, space::kXs, space::kXs, space::kS);
    column->setSpacing(space::kXs);
    column->addLayout(head);
    auto *body = new QVBoxLayout;
    body->setContentsMargins(0, 0, space::kM, 0); // as far from the edge as on the left; the button above has its own room
    body->setSpacing(space::kXs);
    body->addWidget(m_state);
    body->addWidget(m_progress);
    body->addWidget(m_view);
    column->addLayout(body);
    column->addStretch(1);

    connect(m_save, &QToolButton::clicked, this, &ChartCard::savePressed);
    connect(m_view, &ChartView::markChanged, this, [this](const QString &told) {
        m_told->setText(told.isEmpty() && m_view->chart() ? m_view->chart()->summary() : told);
    });
    connect(&theme, &Theme::changed, this, &ChartCard::refresh);
    refresh();
}

void ChartCard::refresh()
{
    m_save->setIcon(m_theme.icon(QStringLiteral("save"), m_theme.colours().textMuted));
    m_told->setFixedHeight(kToldLines * QFontMetrics(m_theme.font(TextRole::Caption)).height() + 2);
}

void ChartCard::show(const ChartPointer &chart, PartState state, const QString &sentence)
{
    m_title->setText(chart->title());
    m_save->setAccessibleName(tr("Save the chart %1").arg(chart->title()));
    m_isReady = state == PartState::Ready && !chart->isEmpty();
    const bool isDrawn = m_isReady || (state == PartState::Computing && !chart->isEmpty());
    const auto stateText = [&] {
        switch (state) {
        case PartState::Unknown: return tr("Not counted yet.");
        case PartState::Computing: return tr("Counting");
        case PartState::Failed: return sentence;
        case PartState::Ready: break;
        }
        return tr("Nothing to show in this span of time.");
    };
    m_view->setVisible(isDrawn);
    m_view->setChart(isDrawn ? chart : nullptr);
    m_told->setVisible(isDrawn);
    m_save->setEnabled(m_isReady);
    m_save->setToolTip(m_isReady ? tr("Save this chart") : tr("There is no chart to save yet."));
    m_state->setVisible(!isDrawn);
    m_state->setText(stateText());
    m_state->setProperty("tone", state == PartState::Failed ? QStringLiteral("error") : QStringLiteral("muted"));
    restyle(m_state);
    m_state->setMinimumHeight(kStateHeightPx);
    m_progress->setVisible(state == PartState::Computing);
}

ChartPointer ChartCard::readyChart() const
{
    return m_isReady ? m_view->chart() : nullptr;
}

} // namespace auroraedge::ui
