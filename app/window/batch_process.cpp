#include "app/window/batch_process.h"

#include "app/window/told_errors.h"
#include "app/window/view_values.h"

#include <QRegularExpression>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <csignal>
#include <sys/prctl.h>
#include <unistd.h>

namespace auroraedge::app {
namespace {

constexpr int kNice = 10; ///< Live goes first
constexpr int kExitStopped = 130;

std::optional<double> numberOf(const nlohmann::json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_number() ? std::optional(found->get<double>()) : std::nullopt;
}

qint64 countOf(const nlohmann::json &object, const char *key)
{
    return static_cast<qint64>(numberOf(object, key).value_or(0));
}

QString wordOf(const nlohmann::json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? textOf(found->get<std::string>()) : QString();
}

QString shellWord(const QString &word)
{
    static const QRegularExpression kPlain(QStringLiteral("^[A-Za-z0-9_@%+=:,./-]+$"));
    if (kPlain.match(word).hasMatch())
        return word;
    QString quoted = word;
    return QLatin1Char('\'') + quoted.replace(QLatin1Char('\''), QLatin1String("'\\''")) + QLatin1Char('\'');
}

} // namespace

QStringList batchArguments(const ui::BatchOrder &order, const QString &dataFolder)
{
    // The source goes first, and each value in the word of its option: a question may begin with a hyphen.
    QStringList arguments{QStringLiteral("batch"), order.source};
    for (const QString &question : order.questions)
        arguments.append(QStringLiteral("--question=") + question);
    arguments.append(QStringLiteral("--out=") + order.out);
    if (order.isRecursive)
        arguments.append(QStringLiteral("--recursive"));
    if (order.watches)
        arguments.append({QStringLiteral("--watch"), QStringLiteral("--settle=%1").arg(order.settleSeconds)});
    if (order.parts > 1)
        arguments.append(QStringLiteral("--shard=%1/%2").arg(order.part).arg(order.parts));
    if (order.limit > 0)
        arguments.append(QStringLiteral("--limit=%1").arg(order.limit));
    if (order.retriesFailed)
        arguments.append(QStringLiteral("--retry-failed"));
    if (!order.keepsRows)
        arguments.append(QStringLiteral("--no-store"));
    if (!order.model.isEmpty())
        arguments.append(QStringLiteral("--model=") + order.model);
    arguments.append({QStringLiteral("--data-dir=") + dataFolder, QStringLiteral("--progress=json")});
    return arguments;
}

QString shellLine(const QString &program, const QStringList &arguments)
{
    QString line = shellWord(program);
    for (const QString &argument : arguments)
        line += QLatin1Char(' ') + shellWord(argument);
    return line;
}

BatchProcess::BatchProcess(const QString &program, const QStringList &arguments, QObject *parent) : QObject(parent)
{
    m_process.setProgram(program);
    m_process.setArguments(arguments);
    m_process.setStandardInputFile(QProcess::nullDevice());
    m_process.setChildProcessModifier([parentId = getpid()] {
        // Between fork and exec: nothing but calls that are safe in a signal handler.
        sigset_t noSignals;
        sigemptyset(&noSignals);
        sigprocmask(SIG_SETMASK, &noSignals, nullptr);
        [[maybe_unused]] const int level = nice(kNice);
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() != parentId) // it died before we asked to be told
            _exit(kExitStopped);
    });
    connect(&m_process, &QProcess::readyReadStandardError, this, &BatchProcess::readErrors);
    connect(&m_process, &QProcess::readyReadStandardOutput, this, [this] { m_linesOut += m_process.readAllStandardOutput().count('\n'); });
    connect(&m_process, &QProcess::finished, this, &BatchProcess::finish);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            Q_EMIT ended({-1, false, m_process.program() + QStringLiteral(": ") + m_process.errorString()});
    });
}

void BatchProcess::start()
{
    m_process.start(QIODevice::ReadOnly);
}

void BatchProcess::stop()
{
    m_isStopped = true;
    m_process.terminate();
}

void BatchProcess::waitForEnd(int milliseconds)
{
    if (m_process.state() == QProcess::NotRunning || m_process.waitForFinished(std::max(0, milliseconds)))
        return;
    m_isStopped = true;
    m_process.kill();
    m_process.waitForFinished(500); // a killed one goes at once, unless it hangs in the kernel
}

void BatchProcess::readErrors()
{
    m_process.setReadChannel(QProcess::StandardError);
    while (m_process.canReadLine())
        readLine(m_process.readLine());
}

void BatchProcess::readLine(const QByteArray &line)
{
    const QByteArray text = line.trimmed();
    if (text.isEmpty())
        return;
    const nlohmann::json object = text.startsWith('{') ? nlohmann::json::parse(text.begin(), text.end(), nullptr, false) : nlohmann::json();
    if (!object.is_object()) {
        static const QRegularExpression coded(QStringLiteral("^[A-Z]{2,4}-[0-9]{2}: "));
        if (const QString told = QString::fromUtf8(text); coded.match(told).hasMatch()) // what else it says is no reason to end
            m_lastLine = told;
        return;
    }
    if (const auto progress = object.find("progress"); progress != object.end() && progress->is_object()) {
        ui::BatchFigures figures;
        figures.done = countOf(*progress, "done");
        if (const std::optional<double> total = numberOf(*progress, "total"))
            figures.total = static_cast<qint64>(*total);
        figures.failed = countOf(*progress, "failed");
        figures.ok = countOf(*progress, "ok");
        figures.ng = countOf(*progress, "ng");
        figures.unsure = countOf(*progress, "unsure");
        figures.perSecond = numberOf(*progress, "rate_per_s");
        figures.secondsLeft = numberOf(*progress, "eta_s");
        Q_EMIT progressed(wordOf(*progress, "state"), countOf(*progress, "resumed"), figures);
    } else if (const auto failure = object.find("failure"); failure != object.end() && failure->is_object()) {
        const QString code = wordOf(*failure, "code");
        Q_EMIT failedFile({wordOf(*failure, "path"), code, sentenceOf(code.toStdString(), wordOf(*failure, "message").toStdString())});
    }
}

void BatchProcess::finish(int exitCode, QProcess::ExitStatus status)
{
    readErrors();
    m_process.setReadChannel(QProcess::StandardError);
    readLine(m_process.readAll()); // without a line end
    m_linesOut += m_process.readAllStandardOutput().count('\n');
    const bool hasCrashed = status == QProcess::CrashExit; // the exit code is then the signal
    const bool wasStopped = (!hasCrashed && exitCode == kExitStopped) || (hasCrashed && (m_isStopped || exitCode == SIGTERM));
    if (hasCrashed && !wasStopped)
        m_lastLine = tr("The program of the job ended by itself (signal %1). Its answers so far are kept.").arg(exitCode);
    Q_EMIT ended({hasCrashed ? -1 : exitCode, wasStopped, m_lastLine});
}

} // namespace auroraedge::app
