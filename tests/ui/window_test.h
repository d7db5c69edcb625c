#pragma once

#include "tests/ui/operator_test.h"
#include "ui/gallery/scenes.h"
#include "ui/panels/live_panel.h"

namespace auroraedge::ui::tests {

/// The window alone, with the values of the scenes, and what it asks of the station behind it.
class WindowTest : public OperatorTest
{
protected:
    WindowTest()
    {
        QObject::connect(&m_window, &MainWindow::askRequested, &m_window, [this](const AskRequest &r) { m_asked.append(r); });
        const auto remember = [this](auto signal, auto &list) {
            QObject::connect(&m_window, signal, &m_window, [&list](const auto &value) { list.append(value); });
        };
        remember(&MainWindow::regionChanged, m_regions);
        remember(&MainWindow::triggerChosen, m_triggers);
        remember(&MainWindow::storedPictureRequested, m_wantedPictures);
        QObject::connect(&m_window, &MainWindow::countersResetRequested, &m_window, [this] { ++m_resets; });
        QObject::connect(&m_window, &MainWindow::reviewGiven, &m_window,
                         [this](qint64 row, Verdict verdict, const QString &reason) { m_reviews.append({row, verdict, reason}); });
        remember(&MainWindow::reviewUndoRequested, m_undone);
        QObject::connect(&m_window, &MainWindow::cancelRequested, &m_window, [this] { ++m_cancelled; });
    }

    void showFrame(quint64 sequence, const QImage &picture)
    {
        m_window.showFrame(picture, {sequence, std::chrono::steady_clock::now(), QStringLiteral("sim:")});
    }
    /// Asks the first preset question, as asking number @p id.
    void ask(qint64 id)
    {
        key(Qt::Key_F1);
        m_window.answerStarted(id, m_asked.last().question, m_scenes.picture(0));
    }
    /// Asks the first preset question, as asking number @p id, and stores its answer as row 1200 + @p id.
    void askAndAnswer(qint64 id, std::optional<Verdict> verdict)
    {
        ask(id);
        AnswerView view = answer(id, verdict);
        view.row = 1200 + id;
        view.answeredAt = view.answeredAt.addSecs(id);
        m_window.answerFinished(view);
    }
    [[nodiscard]] AnswerView answer(qint64 id, std::optional<Verdict> verdict) const
    {
        AnswerView view = m_scenes.answer(0, verdict);
        view.id = id;
        return view;
    }

    const Scenes m_scenes;
    struct GivenReview
    {
        qint64 row = 0;
        Verdict verdict = Verdict::Unsure;
        QString reason;
    };

    QList<AskRequest> m_asked;
    QList<QRectF> m_regions;
    QList<TriggerSettings> m_triggers;
    QList<GivenReview> m_reviews;
    QList<qint64> m_wantedPictures; ///< rows
    QList<qint64> m_undone;         ///< rows
    int m_cancelled = 0;
    int m_resets = 0;
};

} // namespace auroraedge::ui::tests
