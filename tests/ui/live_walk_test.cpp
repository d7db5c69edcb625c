#include "tests/ui/window_test.h"
#include "ui/widgets/picture_view.h"
#include "ui/widgets/result_card.h"

#include <array>
#include <random>
#include <utility>

namespace auroraedge::ui::tests {
namespace {

/// An operator who presses anything at any time, at a station to which anything may happen. What the station is told by the
/// window it answers as the session does.
class LiveWalkTest : public WindowTest
{
protected:
    struct Asking
    {
        qint64 id = 0;
        QString uri;
        QRectF region;
        quint64 sequence = 0;
    };

    LiveWalkTest()
    {
        m_scenes.makeLive(m_window);
        m_source = Scenes::liveSource();
        QObject::connect(&m_window, &MainWindow::askRequested, &m_window, [this](const AskRequest &request) { onAsked(request); });
        QObject::connect(&m_window, &MainWindow::cancelRequested, &m_window, [this] { m_isCancelled = true; });
        QObject::connect(&m_window, &MainWindow::regionChanged, &m_window, [this] { m_showsAsked = false; });
        QObject::connect(&m_window, &MainWindow::reviewGiven, &m_window, [this](qint64 row) {
            const bool isEarlier = isShown("stored.resultCard");
            EXPECT_EQ(row, part<ResultCard>(isEarlier ? "stored.resultCard" : "resultCard")->shownRow()) << "judged is what is seen";
            m_judged.append(row);
        });
    }

    [[nodiscard]] int pick(int count) { return std::uniform_int_distribution<int>(0, count - 1)(m_random); }

    void onAsked(const AskRequest &request)
    {
        EXPECT_EQ(request.frameSequence, part<PictureView>("pictureView")->status().sequence);
        if (pick(8) == 0 || !m_hasPicture)
            return m_window.answerFailed(0, QStringLiteral("CAM-02"), QStringLiteral("old"), {});
        m_running = {++m_lastId, m_source.uri, request.region, request.frameSequence};
        m_about = m_running;
        m_isCancelled = false;
        m_showsAsked = m_isOnScreen = true;
        m_window.answerStarted(m_running.id, request.question, m_scenes.picture(0));
    }

    void goOn() ///< with the question that runs
    {
        if (m_running.id == 0)
            return;
        if (m_isCancelled) {
            m_window.answerFailed(std::exchange(m_running, {}).id, QStringLiteral("RUN-01"), {}, {});
            return;
        }
        switch (pick(5)) {
        case 0: m_window.answerPhase(m_running.id, Stage::Encode); return;
        case 1: m_window.answerText(m_running.id, QStringLiteral("y")); return;
        case 2: m_window.answerStoring(m_running.id); return;
        case 3: m_window.answerFailed(std::exchange(m_running, {}).id, QStringLiteral("ENG-01"), QStringLiteral("memory"), {}); return;
        default: break;
        }
        AnswerView view = answer(m_running.id, std::array{Verdict::Ok, Verdict::Ng, Verdict::Unsure}[std::size_t(pick(3))]);
        view.row = 2'000 + m_running.id;
        view.answeredAt = view.answeredAt.addSecs(m_running.id);
        view.region = m_running.region;
        m_running = {};
        m_window.answerFinished(view);
    }

    void showNext()
    {
        const bool isFrozen = m_window.live().isFrozen();
        if (m_source.condition != SourceCondition::Live)
            return;
        m_showsAsked = m_showsAsked && (isFrozen || pick(6) != 0);
        m_hasPicture = true;
        if (isFrozen)
            return;
        m_isOnScreen = m_showsAsked;
        m_window.showFrame(m_scenes.picture(pick(3)), {++m_sequence, std::chrono::steady_clock::now(), m_source.uri, m_showsAsked});
    }

    void changeSource()
    {
        switch (pick(10)) {
        case 0: m_source.uri = pick(2) == 0 ? QStringLiteral("uvc:a") : QStringLiteral("uvc:b"); m_source.condition = SourceCondition::Opening; break;
        case 1: m_source.condition = SourceCondition::Lost; break;
        case 2: m_source.isStill = !m_source.isStill; break;
        default: m_source.condition = SourceCondition::Live; m_source.isStill = false; break;
        }
        if (m_source.condition != SourceCondition::Live || m_source.isStill)
            m_showsAsked = false;
        m_window.setSourceState(m_source);
        if (m_source.condition == SourceCondition::Opening && !m_window.live().isFrozen())
            m_hasPicture = false; // nothing of what was there before can be asked about
    }

    void tellOfReviews()
    {
        if (!m_judged.isEmpty()) {
            const qint64 row = m_judged.takeFirst();
            if (pick(4) == 0)
                m_window.reviewFailed(row);
            else
                m_window.setReview(row, {pick(2) == 0 ? Verdict::Ng : Verdict::Ok, {}, QStringLiteral("anna"), {}});
        }
        if (!m_undone.isEmpty())
            m_window.live().withdrawReview(m_undone.takeFirst());
        if (!m_wantedPictures.isEmpty())
            m_window.showStoredPicture(m_wantedPictures.takeFirst(), m_scenes.picture(1));
    }

    void press()
    {
        static constexpr std::array kKeys{Qt::Key_F1, Qt::Key_F2, Qt::Key_Space, Qt::Key_Return, Qt::Key_O, Qt::Key_1, Qt::Key_4, Qt::Key_Escape,
                                          Qt::Key_F, Qt::Key_D, Qt::Key_T, Qt::Key_J, Qt::Key_K, Qt::Key_Z, Qt::Key_Slash, Qt::Key_Tab,
                                          Qt::Key_Left, Qt::Key_Down, Qt::Key_Delete, Qt::Key_Home, Qt::Key_End, Qt::Key_Plus, Qt::Key_A};
        key(kKeys[std::size_t(pick(int(kKeys.size())))]);
        if (m_window.page() != MainWindow::Page::Live) // Tab and Enter may lead away
            m_window.showPage(MainWindow::Page::Live);
    }

    void doAnything()
    {
        switch (pick(16)) {
        case 0: changeSource(); break;
        case 1: m_window.resize(900 + 40 * pick(20), 560 + 20 * pick(20)); break;
        case 2: m_theme.setKind(pick(2) == 0 ? ThemeKind::Dark : ThemeKind::Light); break;
        case 3: tellOfReviews(); break;
        case 4:
        case 5:
        case 6: showNext(); break;
        case 7:
        case 8:
        case 9:
        case 10: goOn(); break;
        default: press(); break;
        }
    }

    /// The whole card is a field of a verdict's colour only beside the picture that the verdict is about.
    void expectNoForeignVerdict()
    {
        EXPECT_EQ(part("stored.resultCard")->property("field").toString(), QString());
        const auto *card = part<ResultCard>("resultCard");
        if (card->property("field").toString().isEmpty())
            return;
        EXPECT_EQ(m_running.id, 0) << "another question runs";
        EXPECT_EQ(card->shownRow(), 2'000 + m_about.id);
        EXPECT_EQ(m_source.uri, m_about.uri);
        EXPECT_EQ(part<PictureView>("pictureView")->region(), m_about.region);
        const bool isSeen = m_source.condition == SourceCondition::Live && !m_source.isStill;
        EXPECT_TRUE(isSeen || m_window.live().isFrozen()) << int(m_source.condition) << m_source.isStill << m_source.uri.toStdString();
        EXPECT_TRUE(m_isOnScreen);
    }

    static constexpr unsigned kSeed = 20'261'127;
    std::mt19937 m_random{kSeed};
    SourceState m_source;
    quint64 m_sequence = 1;
    qint64 m_lastId = 0;
    Asking m_running, m_about; ///< the question that runs; the newest
    bool m_isCancelled = false;
    bool m_hasPicture = true;  ///< of this source
    bool m_showsAsked = false; ///< as AskedScene tells of the next picture
    bool m_isOnScreen = false; ///< what was asked about
    QList<qint64> m_judged; ///< rows, not stored yet
};

TEST_F(LiveWalkTest, NoVerdictIsAFieldOfColourBesideAnotherPictureWhateverIsPressedAndHappens)
{
    int fields = 0;
    for (int step = 0; step < 1'500 && !HasFailure(); ++step) {
        SCOPED_TRACE(testing::Message() << "step " << step << " of seed " << kSeed);
        doAnything();
        expectNoForeignVerdict();
        fields += part("resultCard")->property("field").toString().isEmpty() ? 0 : 1;
    }
    EXPECT_GT(fields, 50) << "or nothing was held to it";
}

} // namespace
} // namespace auroraedge::ui::tests
