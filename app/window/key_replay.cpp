#include "app/window/key_replay.h"

#include "app/window/inspection_session.h"
#include "app/window/painted.h"
#include "app/window/process_figures.h"
#include "app/window/view_values.h"
#include "ui/main_window.h"
#include "ui/panels/live_panel.h"
#include "ui/panels/review_panel.h"
#include "ui/widgets/review_grid.h"
#include "ui/widgets/review_picture.h"

#include <QAbstractButton>
#include <QCoreApplication>
#include <QJsonDocument>
#include <QKeyEvent>
#include <QLabel>
#include <QWindow>

#include <cmath>
#include <filesystem>
#include <ostream>
#include <utility>

namespace auroraedge::app {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

using Kind = KeyStep::Kind;

constexpr std::chrono::milliseconds kLookPeriod{2};

double oneDigit(double value)
{
    return std::round(value * 10) / 10;
}

double msSince(steady_clock::time_point moment)
{
    return oneDigit(std::chrono::duration<double, std::milli>(steady_clock::now() - moment).count());
}

QJsonObject errorObject(const Error &error)
{
    return {{QStringLiteral("code"), codeOf(error)}, {QStringLiteral("message"), QString::fromStdString(error.message)}};
}

QJsonObject eventObject(const char *name)
{
    return {{QStringLiteral("event"), QLatin1String(name)}};
}

} // namespace

KeyReplay::KeyReplay(ui::MainWindow &window, InspectionSession &session, std::vector<KeyStep> steps, std::ostream &out)
    : m_window(window), m_session(session), m_steps(std::move(steps)), m_out(out),
      m_picture(window.findChild<ui::ReviewPicture *>(QStringLiteral("reviewPicture"))), m_startedAt(steady_clock::now()),
      m_waitingSince(m_startedAt)
{
    m_picture->installEventFilter(this);
    connect(&session, &InspectionSession::pictureShown, this, [this] { m_isPicturesShown = true; });
    connect(&window, &ui::MainWindow::askRequested, this, [this] { m_askedAt = steady_clock::now(); });
    const AnswerDesk &answers = session.answers();
    connect(&answers, &AnswerDesk::answerStored, this, &KeyReplay::onAnswerStored);
    connect(&answers, &AnswerDesk::answerNotStored, this, [this](const StorageJob &, const Error &error) {
        QJsonObject event = eventObject("answer");
        event[QStringLiteral("row")] = QJsonValue::Null;
        event[QStringLiteral("error")] = errorObject(error);
        tell(event);
    });
    connect(&answers, &AnswerDesk::reviewsStored, this, [this](const QList<qint64> &rows, const QList<qint64> &reviews) {
        for (qsizetype i = 0; i < reviews.size(); ++i) {
            QJsonObject event = eventObject("review");
            event[QStringLiteral("review")] = reviews[i];
            // Fewer are taken back than were asked for where nothing was left to take back.
            event[QStringLiteral("row")] = rows.size() == reviews.size() ? QJsonValue(rows[i]) : QJsonValue::Null;
            tell(event);
            ++m_reviews;
        }
    });
    connect(&answers, &AnswerDesk::reviewsNotStored, this, [this](const QList<qint64> &rows, const Error &error) {
        for (const qint64 row : rows) {
            QJsonObject event = eventObject("review");
            event[QStringLiteral("review")] = QJsonValue::Null;
            event[QStringLiteral("row")] = row;
            event[QStringLiteral("error")] = errorObject(error);
            tell(event);
        }
    });
    connect(&m_lookTimer, &QTimer::timeout, this, &KeyReplay::goOn);
    m_lookTimer.setSingleShot(true);
    m_lookTimer.start(0ms);
}

void KeyReplay::goOn()
{
    if (m_isComplete || m_failure)
        return;
    if (m_next == m_steps.size())
        return end();
    const KeyStep &step = m_steps[m_next];
    if (step.kind == Kind::Wait && !holds(step)) {
        if (steady_clock::now() - m_waitingSince > kPatience)
            return fail(step, "'" + step.word + "' did not come within " + std::to_string(kPatience.count()) + " s");
        return m_lookTimer.start(kLookPeriod);
    }
    if (step.kind == Kind::Wait && step.word == "alarm")
        tellAlarm();
    else
        perform(step);
    ++m_next;
    m_waitingSince = steady_clock::now();
    whenPainted(this, [this] { goOn(); }); // also behind what the workers had told by now
}

void KeyReplay::perform(const KeyStep &step)
{
    const auto click = [&](const QString &name) {
        auto *button = m_window.findChild<QAbstractButton *>(name);
        if (!button || !button->isVisible() || !button->isEnabled())
            return fail(step, "there is no button '" + name.toStdString() + "' that can be pressed");
        button->click();
    };
    const QString word = QString::fromStdString(step.word);
    switch (step.kind) {
    case Kind::Page: return click(QStringLiteral("rail") + word.at(0).toUpper() + word.mid(1));
    case Kind::Key: {
        const bool isLetter = step.key > Qt::Key_Space && step.key < Qt::Key_Escape;
        return press(step.key, isLetter ? QString(QChar(step.key)).toLower() : QString());
    }
    case Kind::Type:
        for (const QChar letter : word)
            press(letter.toUpper().unicode(), QString(letter));
        return;
    case Kind::Click: return click(word);
    case Kind::Memory: {
        QJsonObject event = eventObject("memory");
        event[QStringLiteral("rss_mb")] = oneDigit(residentMb());
        return tell(event);
    }
    case Kind::Wait: return;
    }
}

void KeyReplay::press(int key, const QString &text)
{
    const qint64 rowBefore = m_window.review().currentRow();
    m_pressedAt = steady_clock::now();
    for (const QEvent::Type type : {QEvent::KeyPress, QEvent::KeyRelease}) {
        QKeyEvent event(type, key, Qt::NoModifier, text);
        QCoreApplication::sendEvent(m_window.windowHandle(), &event); // and on to what has the focus
    }
    if (const qint64 row = m_window.review().currentRow(); m_window.page() == ui::MainWindow::Page::Review && row != rowBefore && row != 0)
        m_awaited = AwaitedPicture{row, m_pressedAt};
}

bool KeyReplay::holds(const KeyStep &wait) const
{
    const bool isIdle = m_window.live().activity() == ui::LivePanel::Activity::Idle && m_session.answers().isIdle();
    if (wait.word == "live")
        return m_isPicturesShown;
    if (wait.word == "ready") {
        const auto *ask = m_window.findChild<QAbstractButton *>(QStringLiteral("askButton"));
        return m_isPicturesShown && ask && ask->isEnabled();
    }
    if (wait.word == "answer" || wait.word == "stored")
        return isIdle;
    if (wait.word == "items")
        return m_window.review().currentRow() != 0;
    if (wait.word == "picture")
        return !m_awaited && m_window.review().currentRow() != 0 && !m_picture->isLoading();
    if (wait.word == "pictures") {
        const auto *grid = m_window.findChild<ui::ReviewGrid *>(QStringLiteral("reviewGrid"));
        return m_window.review().currentRow() != 0 && grid && grid->hasPaintedPictures();
    }
    if (wait.word == "statistics") {
        const auto *cancel = m_window.findChild<QAbstractButton *>(QStringLiteral("statisticsCancel")); // offered while it counts
        return m_window.page() == ui::MainWindow::Page::Statistics && cancel && cancel->isHidden();
    }
    if (wait.word == "alarm")
        return isAlarm(wait.detail);
    if (wait.word == "quiet")
        return !m_window.live().hasAlarm();
    std::error_code problem; // a file that cannot be looked at is not there
    return std::filesystem::exists(wait.detail, problem);
}

QString KeyReplay::labelText(const char *name) const
{
    const auto *label = m_window.findChild<QLabel *>(QLatin1String(name));
    return label ? label->text() : QString();
}

bool KeyReplay::isAlarm(const std::string &code) const
{
    // Hidden by its own wish, not by another page.
    const auto *bar = m_window.findChild<QWidget *>(QStringLiteral("faultBar"));
    return m_window.live().hasAlarm() && bar && !bar->isHidden() && labelText("faultCause").startsWith(QString::fromStdString(code));
}

void KeyReplay::tellAlarm()
{
    const QString cause = labelText("faultCause");
    QJsonObject event = eventObject("alarm");
    event[QStringLiteral("code")] = cause.section(QLatin1Char(' '), 0, 0);
    event[QStringLiteral("text")] = cause.section(QLatin1Char(' '), 1).trimmed();
    event[QStringLiteral("effect")] = labelText("faultEffect");
    event[QStringLiteral("state")] = labelText("stateWord");
    tell(event);
}

void KeyReplay::onAnswerStored(const StorageJob &job)
{
    const AnswerRecord &record = job.record;
    QJsonObject event = eventObject("answer");
    event[QStringLiteral("row")] = static_cast<qint64>(record.row);
    event[QStringLiteral("sha256")] = QString::fromStdString(record.pictureSha256);
    event[QStringLiteral("verdict")] = record.verdict ? QJsonValue(textOf(verdictName(*record.verdict))) : QJsonValue::Null;
    event[QStringLiteral("answer")] = record.answer ? QJsonValue(QString::fromStdString(*record.answer)) : QJsonValue::Null;
    event[QStringLiteral("ms")] = msSince(m_askedAt);
    tell(event);
    ++m_answers;
}

bool KeyReplay::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_picture && event->type() == QEvent::Paint)
        onPictureInSight();
    return QObject::eventFilter(watched, event);
}

void KeyReplay::onPictureInSight()
{
    if (!m_awaited || m_awaited->isBeingPainted || m_picture->isLoading() || m_window.review().currentRow() != m_awaited->row)
        return;
    m_awaited->isBeingPainted = true;
    whenPainted(this, [this, row = m_awaited->row] {
        if (!m_awaited || m_awaited->row != row)
            return; // another one was pressed for meanwhile
        QJsonObject event = eventObject("picture");
        const double ms = msSince(m_awaited->pressedAt);
        event[QStringLiteral("row")] = row;
        event[QStringLiteral("ms")] = ms;
        event[QStringLiteral("is_shown")] = !m_picture->picture().isNull();
        m_pictureTimes.add(ms);
        m_awaited.reset();
        tell(event);
    });
}

void KeyReplay::tell(const QJsonObject &event)
{
    m_out << QJsonDocument(event).toJson(QJsonDocument::Compact).toStdString() << std::endl; // at once: an acknowledgement
}

void KeyReplay::fail(const KeyStep &step, const std::string &what)
{
    m_failure = Error{code::Internal, "key log line " + std::to_string(step.line) + ": " + what, {}};
    QCoreApplication::quit();
}

void KeyReplay::end()
{
    m_isComplete = true;
    m_awaited.reset(); // its line would come behind the last
    QJsonObject event = eventObject("end");
    event[QStringLiteral("answers")] = m_answers;
    event[QStringLiteral("reviews")] = m_reviews;
    event[QStringLiteral("pictures")] = static_cast<qint64>(m_pictureTimes.count());
    event[QStringLiteral("picture_ms_p50")] = oneDigit(m_pictureTimes.quantileMs(0.5));
    event[QStringLiteral("picture_ms_p95")] = oneDigit(m_pictureTimes.quantileMs(0.95));
    event[QStringLiteral("picture_ms_max")] = oneDigit(m_pictureTimes.maxMs());
    event[QStringLiteral("seconds")] = oneDigit(std::chrono::duration<double>(steady_clock::now() - m_startedAt).count());
    event[QStringLiteral("rss_mb")] = oneDigit(residentMb());
    if (const auto *trouble = m_window.findChild<QWidget *>(QStringLiteral("reviewTrouble")); trouble && !trouble->isHidden())
        event[QStringLiteral("trouble")] = labelText("reviewTroubleText"); // what was pressed and is not stored
    tell(event);
    QCoreApplication::quit();
}

} // namespace auroraedge::app
