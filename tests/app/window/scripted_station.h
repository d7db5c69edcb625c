#pragma once

#include "app/storage/answer_store.h"
#include "app/window/inspection_session.h"
#include "tests/support/fake_engine.h"
#include "tests/support/scripted_camera.h"
#include "tests/support/temporary_folder.h"
#include "tests/ui/operator_test.h"
#include "ui/widgets/picture_view.h"

#include <QPushButton>

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

namespace auroraedge::app::tests {

/// The station as it runs, with scripted cameras and a scripted model. Its limits are a tenth of the shipped ones.
class ScriptedStationTest : public ui::tests::OperatorTest
{
protected:
    using Camera = std::shared_ptr<testing::ScriptedCamera>;
    using milliseconds = std::chrono::milliseconds;

    static constexpr milliseconds kOldest{200};
    static constexpr milliseconds kUnhurried{20'000}; ///< for what is not about time: on no machine is a picture too old, or a camera lost

    ScriptedStationTest()
    {
        EXPECT_TRUE(m_data.create());
        std::filesystem::create_directories(m_home / "models/good");
        m_script.answers["Is there a bottle?"] = "yes";
    }
    ~ScriptedStationTest() override
    {
        for (const Camera &camera : m_cameras)
            camera->release();
        m_session.reset();
        testing::ScriptedCamera::forgetAll();
    }

    void start()
    {
        StationParts parts{.dataFolder = m_data,
                           .resources = m_home / "resources",
                           .sources = std::make_shared<const SourceCatalogue>(SourceCatalogue::discover(AURORAEDGE_SCRIPTED_PLUGINS)),
                           .openEngine = [this]() -> Result<std::shared_ptr<Engine>> {
                               return std::shared_ptr<Engine>(std::make_shared<testing::FakeEngine>(m_script));
                           },
                           .presets = {},
                           .loadOptions = {}};
        parts.presets.push_back({"bottle-present", "Is there a bottle?", {{"yes"}, {"no"}, 0.8}});
        parts.capture = m_capture;
        parts.oldestAnswered = m_oldest;
        m_session = std::make_unique<InspectionSession>(m_window, std::move(parts));
        m_session->loadModel(QString::fromStdString((m_home / "models/good").string()));
    }
    Camera camera(const std::string &name, testing::Script script, plugins::SourceDescription description)
    {
        description.label = name;
        m_cameras.push_back(testing::ScriptedCamera::create(std::move(script), std::move(description)));
        testing::ScriptedCamera::registerAs(name, m_cameras.back());
        return m_cameras.back();
    }
    static plugins::SourceDescription described(milliseconds longestGap, const std::string &device = {})
    {
        plugins::SourceDescription description;
        description.device = device;
        description.longestGap = longestGap;
        description.longestFreeze = milliseconds(100);
        return description;
    }

    [[nodiscard]] static bool waitFor(const std::function<bool()> &claim) { return QTest::qWaitFor(claim, 20'000); }
    [[nodiscard]] bool isIdle() { return text("stateWord") != QStringLiteral("BUSY"); }
    [[nodiscard]] bool isReady() { return part<QPushButton>("askButton")->isEnabled() && shownFrame() > 0; }
    /// The first picture is a moment earlier on the screen than the word of what gives it.
    [[nodiscard]] bool isLive() { return part<QAbstractButton>("sourceButton")->accessibleDescription() == QStringLiteral("live"); }
    [[nodiscard]] quint64 shownFrame() { return part<ui::PictureView>("pictureView")->status().sequence; }
    [[nodiscard]] bool faultIsShown(const char *code)
    {
        return waitFor([&] { return isShown("faultBar") && text("faultCause").startsWith(QLatin1String(code)); });
    }
    [[nodiscard]] bool askPreset()
    {
        key(Qt::Key_F1);
        return waitFor([this] { return isIdle(); });
    }
    /// Oldest first.
    [[nodiscard]] std::vector<AnswerRecord> rows() const
    {
        const auto reader = AnswerReader::open(m_data.root());
        const auto records = reader ? (*reader)->recentAnswers(100'000) : Result<std::vector<AnswerRecord>>(std::vector<AnswerRecord>());
        return records ? std::vector<AnswerRecord>(records->rbegin(), records->rend()) : std::vector<AnswerRecord>();
    }

    const testing::TemporaryFolder m_home;
    const DataFolder m_data = DataFolder::resolve(m_home / "data");
    testing::FakeScript m_script;
    CaptureSettings m_capture{.openLimit = milliseconds(250),
                              .abandonAfter = milliseconds(60),
                              .firstPause = milliseconds(10),
                              .lastPause = milliseconds(40)};
    milliseconds m_oldest = kOldest; ///< StationParts::oldestAnswered
    std::vector<Camera> m_cameras;
    std::unique_ptr<InspectionSession> m_session;
};

} // namespace auroraedge::app::tests
