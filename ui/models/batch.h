#pragma once

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace auroraedge::ui {

/// What a person asks for: many pictures, some questions, a file for the answers.
struct BatchOrder
{
    QString source;        ///< a folder, a pattern or a list file
    QStringList questions; ///< at least one
    QString model;         ///< folder; empty: the one that ships
    QString modelName;
    QString out; ///< .jsonl or .csv
    bool isRecursive = false;
    bool watches = false;
    double settleSeconds = 2; ///< of a watch
    int part = 1, parts = 1;  ///< of a list that several computers share
    qint64 limit = 0;         ///< 0: all
    bool retriesFailed = false;
    bool keepsRows = true; ///< in the database

    friend bool operator==(const BatchOrder &, const BatchOrder &) = default;
};

/// The part of the form that something is wrong with.
enum class BatchField { Source = 1, Questions, Out, Part, Limit };

enum class BatchState {
    Waiting = 1,
    Running,
    Watching,
    Pausing, ///< told to stop; what is being answered is still written
    Paused,
    Cancelled,
    Finished,
    FinishedWithFailures,
    Failed, ///< BatchJob::sentence says why
};

/// What a running job is at.
enum class BatchPhase { Starting = 1, Listing, Loading, Asking, Writing };

struct BatchFigures
{
    qint64 done = 0;
    std::optional<qint64> total = {}; ///< not known while the list is made, nor of a watch
    qint64 failed = 0;
    qint64 ok = 0, ng = 0, unsure = 0;
    std::optional<double> perSecond = {}, secondsLeft = {};

    friend bool operator==(const BatchFigures &, const BatchFigures &) = default;
};

struct BatchJob
{
    qint64 id = 0;
    QString name;
    BatchOrder order;
    BatchState state = BatchState::Waiting;
    BatchPhase phase = BatchPhase::Starting;
    BatchFigures figures = {};
    QString sentence = {}; ///< of a failed one
    QString command = {};  ///< for a terminal

    /// Whether a program of its own is at work.
    [[nodiscard]] bool isAtWork() const
    {
        return state == BatchState::Running || state == BatchState::Watching || state == BatchState::Pausing;
    }
    friend bool operator==(const BatchJob &, const BatchJob &) = default;
};
using BatchJobs = QList<BatchJob>;

/// A picture that got no answer.
struct BatchFailure
{
    QString path, code, reason;

    friend bool operator==(const BatchFailure &, const BatchFailure &) = default;
};
using BatchFailures = QList<BatchFailure>;

/// What a job would come to, without asking anything.
struct BatchPlan
{
    enum class Condition { Counting = 1, Ready, Failed };
    Condition condition = Condition::Counting;
    qint64 pictures = 0;
    std::optional<double> seconds = {}; ///< by the newest rate that is known
    qint64 freeBytes = -1;              ///< where the answers go; -1: not known
    QString sentence = {};              ///< why it failed
};

} // namespace auroraedge::ui
