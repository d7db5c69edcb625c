#include "ui/widgets/status_strip.h"

#include "ui/theme/theme.h"
#include "ui/widgets/painting.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QPixmap>

namespace auroraedge::ui {

StatusStrip::StatusStrip(const Theme &theme, QWidget *parent) : QFrame(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("statusStrip"));
    setAccessibleName(tr("Status"));
    const auto label = [this](const char *name, const char *tone) {
        auto *made = new QLabel(this);
        made->setObjectName(QLatin1String(name));
        made->setTextFormat(Qt::PlainText);
        made->setProperty("type", QStringLiteral("caption"));
        made->setProperty("tone", QLatin1String(tone));
        return made;
    };
    m_dot = new QLabel(this);
    m_dot->setFixedSize(12, 12);
    m_word = label("stateWord", "");
    m_rate = label("sourceRate", "muted");
    m_age = label("frameAge", "muted");
    m_replaced = label("framesReplaced", "muted");
    m_stored = label("rowsStored", "muted");
    m_replaced->setToolTip(tr("Frames that a newer one replaced before they were used: the live picture never falls behind."));

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(space::kL + 4, 0, space::kL + 4, 0);
    row->setSpacing(space::kXl);
    auto *state = new QHBoxLayout;
    state->setSpacing(space::kS);
    state->addWidget(m_dot);
    state->addWidget(m_word);
    row->addLayout(state);
    row->addStretch();
    row->addWidget(m_rate);
    row->addWidget(m_age);
    row->addWidget(m_replaced);
    row->addWidget(m_stored);
    setFixedHeight(36);
    connect(&theme, &Theme::changed, this, &StatusStrip::refresh);
    setCounters({});
    setFrameAge({});
    refresh();
}

void StatusStrip::setState(State state)
{
    m_state = state;
    refresh();
}

void StatusStrip::setCounters(const StationCounters &counters)
{
    const QLocale locale;
    m_rate->setText(counters.sourceFps > 0 ? tr("%1 fps").arg(locale.toString(counters.sourceFps, 'f', 1)) : tr("– fps"));
    m_replaced->setText(tr("%1 frames replaced").arg(locale.toString(counters.framesReplaced)));
    m_stored->setText(counters.rowsWaiting > 0
                          ? tr("%1 answers stored, %2 waiting").arg(locale.toString(counters.rowsStored), locale.toString(counters.rowsWaiting))
                          : tr("%1 answers stored").arg(locale.toString(counters.rowsStored)));
}

void StatusStrip::setFrameAge(std::optional<std::chrono::milliseconds> age)
{
    m_age->setText(age ? tr("age %1").arg(durationText(double(age->count()))) : tr("age –"));
}

void StatusStrip::refresh()
{
    const ThemeColours &c = m_theme.colours();
    QString word;
    QColor colour = c.textMuted;
    bool isFilled = false;
    switch (m_state) {
    case State::NoSource: word = tr("NO SOURCE"); break;
    case State::Opening: word = tr("OPENING"); break;
    case State::Loading: word = tr("LOADING MODEL"); break;
    case State::NoModel: word = tr("NO MODEL"); break;
    case State::Still: word = tr("PICTURE STANDS STILL"); break;
    case State::Ready:
        word = tr("READY");
        colour = c.accentText;
        isFilled = true;
        break;
    case State::Busy:
        word = tr("BUSY");
        colour = c.accentText;
        break;
    case State::Fault:
        word = tr("FAULT");
        colour = c.ngText;
        isFilled = true;
        break;
    }
    m_word->setText(word);
    QPixmap dot(QSize(12, 12) * devicePixelRatioF());
    dot.setDevicePixelRatio(devicePixelRatioF());
    dot.fill(Qt::transparent);
    QPainter painter(&dot);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colour, 2));
    painter.setBrush(isFilled ? QBrush(colour) : QBrush(Qt::NoBrush));
    if (m_state == State::Fault)
        painter.drawRect(QRectF(2, 2, 8, 8));
    else
        painter.drawEllipse(QRectF(2, 2, 8, 8));
    painter.end();
    m_dot->setPixmap(dot);
}

} // namespace auroraedge::ui
