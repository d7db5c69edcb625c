#include "ui/widgets/model_row.h"

#include "ui/theme/theme.h"
#include "ui/widgets/painting.h"

#include <QCoreApplication>
#include <QLocale>
#include <QPainter>

namespace auroraedge::ui {

QString parameterText(qint64 parameters)
{
    const QLocale locale;
    if (parameters >= 1'000'000'000)
        return ModelRow::tr("%1 billion").arg(locale.toString(double(parameters) / 1e9, 'f', 2));
    return ModelRow::tr("%1 million").arg(locale.toString(double(parameters) / 1e6, 'f', 1));
}

namespace {

QString stateText(ModelCondition condition, const ModelEntry &entry)
{
    if (!entry.problem.isEmpty())
        return ModelRow::tr("not readable");
    switch (condition) {
    case ModelCondition::Ready: return ModelRow::tr("ready");
    case ModelCondition::Loading: return ModelRow::tr("loading");
    case ModelCondition::Failed: return ModelRow::tr("failed");
    case ModelCondition::NotLoaded: break;
    }
    return ModelRow::tr("on disk");
}

} // namespace

ModelRow::ModelRow(const Theme &theme, QWidget *parent) : QAbstractButton(parent), m_theme(theme)
{
    setCheckable(true);
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ModelRow::show(const ModelEntry &entry, ModelCondition condition)
{
    m_entry = entry;
    m_condition = condition;
    setObjectName(QStringLiteral("modelRow-") + entry.name);
    setAccessibleName(tr("%1, %2").arg(entry.name, stateText(condition, entry)));
    setToolTip(entry.folder.toHtmlEscaped());
    update();
}

QSize ModelRow::sizeHint() const
{
    const int lines = QFontMetrics(m_theme.font(TextRole::Heading)).height() + QFontMetrics(m_theme.font(TextRole::Caption)).height();
    return {280, std::max(kTouchPx, lines + space::kXs + 2 * space::kM)};
}

void ModelRow::paintEvent(QPaintEvent *)
{
    const ThemeColours &c = m_theme.colours();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF box = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.setPen(QPen(isChecked() ? c.accent : c.outline, isChecked() ? 2 : 1));
    painter.setBrush(isDown() ? c.pressed : underMouse() ? c.hover : c.surface);
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), radius::kMedium, radius::kMedium);
    if (hasFocus())
        paintFocusRing(painter, box, radius::kMedium, c.focus);

    const QFont heading = m_theme.font(TextRole::Heading), caption = m_theme.font(TextRole::Caption);
    const QFontMetrics headingMetrics(heading), captionMetrics(caption);
    const QRect inner = rect().adjusted(space::kL, space::kM, -space::kL, -space::kM);
    const QString state = stateText(m_condition, m_entry);
    const int stateWidth = captionMetrics.horizontalAdvance(state);
    const bool isUseless = !m_entry.problem.isEmpty() || m_condition == ModelCondition::Failed;
    const bool isAltered = m_entry.files == FilesState::Altered;
    painter.setFont(caption);
    painter.setPen(isUseless ? c.ngText : m_condition == ModelCondition::Ready ? c.accentText : c.textMuted);
    painter.drawText(QRect(inner.left(), inner.top(), inner.width(), headingMetrics.height()), Qt::AlignRight | Qt::AlignVCenter, state);
    painter.setFont(heading);
    painter.setPen(c.text);
    const int nameWidth = inner.width() - stateWidth - space::kM;
    painter.drawText(QRect(inner.left(), inner.top(), nameWidth, headingMetrics.height()), Qt::AlignLeft | Qt::AlignVCenter,
                     headingMetrics.elidedText(m_entry.name, Qt::ElideMiddle, nameWidth));

    const QLocale locale;
    QStringList parts;
    if (m_entry.parameters > 0)
        parts.append(parameterText(m_entry.parameters));
    parts.append(locale.formattedDataSize(m_entry.fileBytes, 1, QLocale::DataSizeSIFormat));
    if (m_entry.speed)
        parts.append(tr("%1 on %2 %3").arg(durationText(m_entry.speed->medianMs), m_entry.speed->device, m_entry.speed->precision));
    if (isAltered)
        parts = QStringList{tr("files were altered")};
    painter.setFont(caption);
    painter.setPen(isAltered ? c.ngText : c.textMuted);
    const int top = inner.top() + headingMetrics.height() + space::kXs;
    painter.drawText(QRect(inner.left(), top, inner.width(), captionMetrics.height()), Qt::AlignLeft | Qt::AlignVCenter,
                     captionMetrics.elidedText(parts.join(QStringLiteral(" · ")), Qt::ElideRight, inner.width()));
}

} // namespace auroraedge::ui
