#pragma once

#include "tests/ui/operator_test.h"
#include "tests/ui/scenes.h"
#include "ui/panels/live_panel.h"

namespace auroraedge::ui::tests {

/// The window alone, with the values of the scenes, and what it asks of the station behind it.
class WindowTest : public OperatorTest
{
protected:
    WindowTest()
    {
        QObject::connect(&m_window, &MainWindow::askRequested, &m_window, [this](const AskRequest &r) { m_asked.append(r); });
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
    [[nodiscard]] AnswerView answer(qint64 id, std::optional<Verdict> verdict) const
    {
        AnswerView view = m_scenes.answer(0, verdict);
        view.id = id;
        return view;
    }

    const Scenes m_scenes;
    QList<AskRequest> m_asked;
    int m_cancelled = 0;
};

} // namespace auroraedge::ui::tests
