#include "ui/models/batch_model.h"

#include <QLocale>

#include <algorithm>
#include <cmath>

namespace auroraedge::ui {

QString timeText(double seconds)
{
    const auto whole = static_cast<qint64>(std::ceil(seconds));
    const QLocale locale;
    if (whole < 60)
        return BatchModel::tr("%1 s").arg(locale.toString(whole));
    const qint64 minutes = (whole + 59) / 60;
    if (minutes < 60)
        return BatchModel::tr("%1 min").arg(locale.toString(minutes));
    if (minutes < 48 * 60)
        return BatchModel::tr("%1 h %2 min").arg(locale.toString(minutes / 60), locale.toString(minutes % 60));
    return BatchModel::tr("%1 days").arg(locale.toString(minutes / (24 * 60)));
}

void BatchModel::setJobs(const BatchJobs &jobs)
{
    const bool isSameOrder = std::ranges::equal(m_jobs, jobs, {}, &BatchJob::id, &BatchJob::id);
    if (!isSameOrder) {
        beginResetModel();
        m_jobs = jobs;
        endResetModel();
        return;
    }
    for (int row = 0; row < jobs.size(); ++row) {
        if (m_jobs.at(row) == jobs.at(row))
            continue;
        m_jobs[row] = jobs.at(row);
        Q_EMIT dataChanged(index(row, 0), index(row, kColumns - 1));
    }
}

int BatchModel::rowOf(qint64 id) const
{
    const auto found = std::ranges::find(m_jobs, id, &BatchJob::id);
    return found == m_jobs.end() ? -1 : int(found - m_jobs.begin());
}

int BatchModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_jobs.size());
}

int BatchModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : kColumns;
}

QVariant BatchModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || (role != Qt::DisplayRole && role != Qt::AccessibleTextRole && role != Qt::ToolTipRole))
        return {};
    const BatchJob &job = m_jobs.at(index.row());
    const BatchFigures &figures = job.figures;
    const QLocale locale;
    if (role == Qt::ToolTipRole) {
        switch (index.column()) {
        case Name: return tr("%1 to %2").arg(job.order.source, job.order.out).toHtmlEscaped();
        case Verdicts: return this->data(index, Qt::DisplayRole).toString().toHtmlEscaped(); // not all of it may have room
        case State: return job.sentence.toHtmlEscaped();
        default: return {};
        }
    }
    switch (index.column()) {
    case Name: return tr("%1: %2").arg(job.name, job.order.questions.join(QLatin1Char(' ')));
    case Progress: return progressText(figures);
    case Speed: {
        const QString rate = rateText(figures), left = timeLeftText(figures);
        return left.isEmpty() ? rate : tr("%1, %2 left").arg(rate, left);
    }
    case Verdicts:
        return figures.ok + figures.ng + figures.unsure == 0
            ? QString()
            : QStringLiteral("OK %1, NG %2, UNSURE %3").arg(locale.toString(figures.ok), locale.toString(figures.ng), locale.toString(figures.unsure));
    case Failed: return locale.toString(figures.failed);
    case State: return stateDetail(job).isEmpty() ? stateText(job) : tr("%1: %2").arg(stateText(job), stateDetail(job));
    default: return {};
    }
}

QVariant BatchModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name: return tr("Job");
    case Progress: return tr("Pictures");
    case Speed: return tr("Speed");
    case Verdicts: return tr("Verdicts");
    case Failed: return tr("Failed");
    case State: return tr("State");
    default: return {};
    }
}

QString BatchModel::progressText(const BatchFigures &figures)
{
    const QLocale locale;
    return figures.total ? QStringLiteral("%1 / %2").arg(locale.toString(figures.done), locale.toString(*figures.total)) : locale.toString(figures.done);
}

QString BatchModel::rateText(const BatchFigures &figures)
{
    if (!figures.perSecond)
        return {};
    const double rate = *figures.perSecond;
    if (rate > 0 && rate < 0.1)
        return tr("%1 / min").arg(QLocale().toString(rate * 60, 'f', 1));
    return tr("%1 / s").arg(QLocale().toString(rate, 'f', rate < 100 ? 1 : 0));
}

QString BatchModel::timeLeftText(const BatchFigures &figures)
{
    return figures.secondsLeft && *figures.secondsLeft > 0 ? timeText(*figures.secondsLeft) : QString();
}

QString BatchModel::stateText(const BatchJob &job)
{
    switch (job.state) {
    case BatchState::Waiting: return tr("Waiting");
    case BatchState::Running:
        switch (job.phase) {
        case BatchPhase::Starting: return tr("Starting");
        case BatchPhase::Listing: return tr("Listing");
        case BatchPhase::Loading: return tr("Loading");
        case BatchPhase::Asking: return tr("Running");
        case BatchPhase::Writing: return tr("Writing");
        }
        return {};
    case BatchState::Watching: return tr("Watching");
    case BatchState::Pausing: return tr("Stopping");
    case BatchState::Paused: return tr("Paused");
    case BatchState::Cancelled: return tr("Cancelled");
    case BatchState::Finished: return tr("Finished");
    case BatchState::FinishedWithFailures: return tr("Finished");
    case BatchState::Failed: return tr("Failed");
    }
    return {};
}

QString BatchModel::stateDetail(const BatchJob &job)
{
    return job.state == BatchState::FinishedWithFailures ? tr("with failures") : job.sentence;
}

} // namespace auroraedge::ui
