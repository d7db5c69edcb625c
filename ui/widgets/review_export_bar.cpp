#include "ui/widgets/review_export_bar.h"

#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/entry_field.h"

#include <QHBoxLayout>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>

#include <algorithm>

namespace auroraedge::ui {

namespace {

QString leftText(int seconds)
{
    if (seconds < 60)
        return ReviewExportBar::tr("about %n s left", "", seconds);
    return ReviewExportBar::tr("about %n min left", "", (seconds + 59) / 60);
}

} // namespace

ReviewExportBar::ReviewExportBar(QWidget *parent) : QFrame(parent)
{
    setObjectName(QStringLiteral("reviewExportBar"));
    setProperty("card", true);
    m_text = new ElidedLabel(3, this);
    m_text->setObjectName(QStringLiteral("exportText"));
    m_text->setProperty("type", QStringLiteral("label"));
    m_progress = new QProgressBar(this);
    m_progress->setObjectName(QStringLiteral("exportProgress"));
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Export"));

    m_folder = new EntryField(this);
    m_folder->setObjectName(QStringLiteral("exportFolder"));
    m_folder->setAccessibleName(tr("Folder of the export"));

    auto *words = new QVBoxLayout;
    words->setSpacing(space::kXs);
    words->addWidget(m_text);
    words->addWidget(m_progress);
    auto *head = new QHBoxLayout(this);
    head->setContentsMargins(space::kL, space::kXs, space::kXs, space::kXs);
    head->setSpacing(space::kS);
    head->addLayout(words, 1);
    head->addWidget(m_folder, 1);
    const auto addKind = [&](ReviewExportKind kind, const char *name, const QString &text, const QString &tip) {
        QPushButton *button = addButton(name, text, tip);
        m_kinds.append(button);
        head->addWidget(button);
        connect(button, &QPushButton::clicked, this, [this, kind] { Q_EMIT wanted(kind, m_folder->text().trimmed()); });
    };
    addKind(ReviewExportKind::Csv, "exportCsv", tr("CSV"), tr("A table for a spreadsheet"));
    addKind(ReviewExportKind::Jsonl, "exportJsonl", tr("JSONL"), tr("A line of JSON for each answer"));
    addKind(ReviewExportKind::TrainingSet, "exportTraining", tr("Training set"), tr("Pictures and right answers of what people have judged, for fine-tuning"));
    m_cancel = addButton("exportCancel", tr("Cancel"));
    m_close = addButton("exportBarClose", tr("Close"), tr("Esc"));
    head->addWidget(m_cancel);
    head->addWidget(m_close);

    connect(m_folder, &EntryField::entered, m_kinds.first(), [this] { m_kinds.first()->setFocus(Qt::OtherFocusReason); });
    connect(m_cancel, &QPushButton::clicked, this, &ReviewExportBar::cancelPressed);
    connect(m_close, &QPushButton::clicked, this, &ReviewExportBar::close);
    hide();
}

QPushButton *ReviewExportBar::addButton(const char *name, const QString &text, const QString &tip)
{
    auto *button = new QPushButton(text, this);
    button->setObjectName(QLatin1String(name));
    button->setProperty("kind", QStringLiteral("segment"));
    button->setFocusPolicy(Qt::TabFocus);
    button->setAutoDefault(true); // Enter presses the one that has the focus
    button->setToolTip(tip);
    return button;
}

void ReviewExportBar::setUsualFolder(const QString &folder)
{
    m_folder->setPlaceholderText(tr("Folder: %1").arg(folder));
    m_folder->setToolTip(tr("Empty: %1").arg(folder).toHtmlEscaped());
}

void ReviewExportBar::show(bool isOffered)
{
    m_folder->setVisible(isOffered);
    for (QPushButton *kind : std::as_const(m_kinds))
        kind->setVisible(isOffered);
    m_progress->setVisible(m_isRunning);
    m_cancel->setVisible(m_isRunning);
    m_close->setVisible(!m_isRunning);
    setVisible(true);
}

void ReviewExportBar::tell(const QString &sentence, const char *tone)
{
    m_text->setText(sentence);
    m_text->setProperty("tone", QLatin1String(tone));
    restyle(m_text);
}

void ReviewExportBar::offer(qint64 count)
{
    if (m_isRunning) {
        m_cancel->setFocus(Qt::OtherFocusReason);
        return;
    }
    tell(count < 0 ? tr("Export all that is found, as") : tr("Export all %1 that are found, as").arg(QLocale().toString(count)), "");
    show(true);
    m_kinds.first()->setFocus(Qt::OtherFocusReason);
}

void ReviewExportBar::setState(const ReviewExportState &state)
{
    using Condition = ReviewExportState::Condition;
    const bool hadFocus = isVisible() && isAncestorOf(window()->focusWidget());
    const bool wasRunning = m_isRunning;
    m_isRunning = state.condition == Condition::Running;
    const QLocale locale;
    switch (state.condition) {
    case Condition::Running: {
        QString text = state.total < 0 ? tr("Exporting: %1").arg(locale.toString(state.rows))
                                       : tr("Exporting: %1 of %2").arg(locale.toString(state.rows), locale.toString(state.total));
        if (state.secondsLeft >= 0)
            text = tr("%1 · %2").arg(text, leftText(state.secondsLeft));
        tell(text, "");
        m_progress->setRange(0, state.total > 0 ? 1000 : 0);
        m_progress->setValue(state.total > 0 ? int(std::min<qint64>(state.rows, state.total) * 1000 / state.total) : 0);
        break;
    }
    case Condition::Done: {
        const QString written = tr("Written to %1").arg(state.place);
        tell(state.sentence.isEmpty() ? written : tr("%1. %2").arg(written, state.sentence), "");
        break;
    }
    case Condition::Failed: tell(tr("Not exported: %1").arg(state.sentence), "error"); break;
    case Condition::Cancelled: tell(tr("Cancelled. Nothing was written."), "muted"); break;
    }
    show(false);
    if (hadFocus && m_isRunning != wasRunning)
        (m_isRunning ? m_cancel : m_close)->setFocus(Qt::OtherFocusReason);
}

bool ReviewExportBar::close()
{
    if (m_isRunning || !isVisible())
        return false;
    hide();
    Q_EMIT closed();
    return true;
}

} // namespace auroraedge::ui
