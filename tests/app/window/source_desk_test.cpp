#include "app/window/source_desk.h"

#include "tests/app/window/scripted_station.h"

#include <QLabel>
#include <QLineEdit>
#include <QRegularExpression>
#include <QSlider>

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

// Named by the linker: every use of a key of the password store begins here.
extern "C" int __real_sodium_init();
extern "C" int __wrap_sodium_init();

namespace auroraedge::app::tests {
namespace {

/// A disk that takes its time. Nobody gets past it while it is slow, or for half a minute: where the GUI thread waits for it
/// its test fails, and does not hang.
class SlowStore final
{
public:
    void pass()
    {
        std::unique_lock lock(m_mutex);
        ++m_waiting;
        m_changed.wait_for(lock, std::chrono::seconds(30), [this] { return !m_isSlow; });
        --m_waiting;
    }
    void setSlow(bool isSlow)
    {
        const std::lock_guard lock(m_mutex);
        m_isSlow = isSlow;
        m_changed.notify_all();
    }
    [[nodiscard]] int waiting() const
    {
        const std::lock_guard lock(m_mutex);
        return m_waiting;
    }

private:
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_isSlow = false; // guarded by m_mutex
    int m_waiting = 0;     // guarded by m_mutex
};

SlowStore s_store;

} // namespace
} // namespace auroraedge::app::tests

int __wrap_sodium_init()
{
    auroraedge::app::tests::s_store.pass();
    return __real_sodium_init();
}

namespace auroraedge::app::tests {
namespace {

namespace script = testing;
using plugins::CameraControl;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

class SourceDeskTest : public ScriptedStationTest
{
protected:
    SourceDeskTest() : m_gate(camera("gate", {}, described(kUnhurried))) { m_oldest = kUnhurried; }
    ~SourceDeskTest() override { s_store.setSlow(false); }

    /// Types a network camera in.
    void typeIn(const QString &address = QStringLiteral("rtsp://gate/live"))
    {
        click("sourceButton");
        click("sourceNetwork");
        part<QLineEdit>("networkAddress")->setText(address);
        part<QLineEdit>("networkUser")->setText(QStringLiteral("operator"));
        part<QLineEdit>("networkPassword")->setText(QStringLiteral("sesame-9"));
        part<QLineEdit>("networkName")->setText(QStringLiteral("Gate 3"));
    }
    [[nodiscard]] bool saves()
    {
        click("networkSave");
        return waitFor([this] { return !isShown("networkCard"); });
    }
    /// Opens the first saved camera in the card.
    [[nodiscard]] bool opensForEditing()
    {
        click("sourceButton");
        click("sourceEdit1");
        return waitFor([this] { return isShown("networkCard"); });
    }
    [[nodiscard]] bool pageGoesOn()
    {
        return waitFor([this, before = shownFrame()] { return shownFrame() > before + 10; });
    }
    [[nodiscard]] bool opensBy(const std::string &address)
    {
        return waitFor([&] { return !m_gate->addresses().empty() && m_gate->addresses().back() == address; });
    }
    [[nodiscard]] bool resultBecomes(const char *pattern)
    {
        const QRegularExpression expected(QRegularExpression::anchoredPattern(QLatin1String(pattern)));
        return waitFor([&] { return expected.match(text("networkResult")).hasMatch(); });
    }
    [[nodiscard]] QString result() { return text("networkResult"); }
    [[nodiscard]] SourceBook book() const
    {
        const Result<SourceBook> read = readSourceBook(m_data.root() / "sources.json");
        return read ? *read : SourceBook{};
    }
    [[nodiscard]] bool bookBecomes(const std::function<bool(const SourceBook &)> &claim)
    {
        return waitFor([&] { return claim(book()); });
    }
    [[nodiscard]] bool hasSaved(std::size_t cameras)
    {
        return bookBecomes([=](const SourceBook &read) { return read.saved.size() == cameras; });
    }
    [[nodiscard]] bool becomesReady()
    {
        return waitFor([this] { return isReady(); });
    }

    Camera m_gate;
};

TEST_F(SourceDeskTest, ATestShowsThePictureItsSizeAndTheRateThatWasMeasured)
{
    m_gate->then({script::pace(milliseconds(40))});
    start();
    typeIn();
    click("networkTest");
    EXPECT_EQ(result(), QStringLiteral("Waiting for a picture …"));
    ASSERT_TRUE(resultBecomes("It works: 64 x 48, [0-9]+ fps")) << result().toStdString();
    EXPECT_LE(result().section(QStringLiteral(", "), 1).section(QLatin1Char(' '), 0, 0).toInt(), 25);
    EXPECT_FALSE(part<QLabel>("networkPicture")->pixmap().isNull());
    EXPECT_EQ(m_gate->openings(), 1);
    EXPECT_EQ(m_gate->addresses().back(), "rtsp://operator:sesame-9@gate/live");
    EXPECT_TRUE(book().saved.empty());
    EXPECT_EQ(shownFrame(), 0U); // nothing of it went to the page
}

TEST_F(SourceDeskTest, AFailedTestTellsItsCodeAndSentenceOnceAndEnds)
{
    m_gate->then({script::refuseLogin(100)});
    start();
    typeIn();
    click("networkTest");
    ASSERT_TRUE(resultBecomes("CAM-04: camera refused the login"));
    EXPECT_EQ(m_gate->addresses().size(), 1U);
    EXPECT_EQ(part<QPushButton>("networkTest")->text(), QStringLiteral("Test"));
    part<QLineEdit>("networkAddress")->setText(QStringLiteral("rtsp://nobody/live"));
    click("networkTest");
    ASSERT_TRUE(resultBecomes("CAM-01: camera rtsp://nobody/live not found; check cable and power"));
}

TEST_F(SourceDeskTest, ATestOfADriverThatHangsStopsNothingAndCanBeCancelled)
{
    const Camera line = camera("line-1", {}, described(kUnhurried));
    m_capture.openLimit = milliseconds(60'000);
    m_gate->then({script::hangInOpen(milliseconds(60'000))});
    start();
    m_session->openSource(QStringLiteral("uvc:line-1"));
    ASSERT_TRUE(becomesReady());
    typeIn();
    click("networkTest");
    ASSERT_TRUE(waitFor([this] { return !m_gate->addresses().empty(); }));
    ASSERT_TRUE(pageGoesOn());
    EXPECT_EQ(part<QPushButton>("networkTest")->text(), QStringLiteral("Stop the test"));
    click("networkTest");
    EXPECT_EQ(part<QPushButton>("networkTest")->text(), QStringLiteral("Test"));
    EXPECT_EQ(result(), QStringLiteral("Test the camera before it is saved."));
    m_gate->release();
    ASSERT_TRUE(pageGoesOn());
    EXPECT_EQ(result(), QStringLiteral("Test the camera before it is saved.")); // the late answer is not shown
}

TEST_F(SourceDeskTest, ClosingTheCardEndsTheTestAndForgetsWhatWasTyped)
{
    m_gate->then({script::hangInOpen(milliseconds(60'000))});
    start();
    typeIn();
    click("networkTest");
    ASSERT_TRUE(waitFor([this] { return !m_gate->addresses().empty(); }));
    key(Qt::Key_Escape);
    EXPECT_FALSE(isShown("networkCard"));
    for (const char *field : {"networkAddress", "networkUser", "networkPassword", "networkName"})
        EXPECT_TRUE(part<QLineEdit>(field)->text().isEmpty()) << field;
    click("sourceButton");
    click("sourceNetwork");
    EXPECT_EQ(part<QPushButton>("networkTest")->text(), QStringLiteral("Test"));
}

TEST_F(SourceDeskTest, ASavedCameraIsOpenedWithItsLoginNowAndByOnePressAtTheNextStart)
{
    start();
    typeIn();
    click("networkUdp");
    click("networkTimeout5");
    ASSERT_TRUE(saves());
    ASSERT_TRUE(becomesReady());
    const SavedSource expected{"Gate 3", "rtsp://gate/live", plugins::NetworkTransport::Udp, milliseconds(5'000)};
    EXPECT_TRUE(bookBecomes([&](const SourceBook &read) { return read.saved == std::vector{expected}; }));
    ASSERT_TRUE(askPreset());
    ASSERT_EQ(rows().size(), 1U);
    EXPECT_EQ(rows()[0].source, "rtsp://gate/live");

    m_session.reset();
    start();
    click("sourceButton");
    EXPECT_EQ(part<QAbstractButton>("sourceSaved1")->text(), QStringLiteral("Gate 3"));
    click("sourceSaved1");
    ASSERT_TRUE(waitFor([this] { return m_gate->openings() == 2; }));
    for (const std::string &address : m_gate->addresses())
        EXPECT_EQ(address, "rtsp://operator:sesame-9@gate/live");
    EXPECT_EQ(m_gate->options().back().transport, plugins::NetworkTransport::Udp);
    EXPECT_EQ(m_gate->options().back().openTimeout, milliseconds(5'000));
    EXPECT_EQ(m_gate->options().back().shownAs, "rtsp://gate/live");
}

TEST_F(SourceDeskTest, SavingTheSameAddressAgainReplacesIt)
{
    start();
    typeIn();
    click("networkSave");
    typeIn();
    part<QLineEdit>("networkName")->clear();
    part<QLineEdit>("networkUser")->clear();
    click("networkSave");
    EXPECT_TRUE(bookBecomes([](const SourceBook &read) { return read.saved.size() == 1 && read.saved[0].name == "gate"; })) << "by its host";
    ASSERT_TRUE(opensBy("rtsp://gate/live"));
}

TEST_F(SourceDeskTest, ARemovedCameraIsGoneWithItsPassword)
{
    start();
    typeIn();
    ASSERT_TRUE(saves());
    click("sourceButton");
    click("sourceRemove1");
    EXPECT_TRUE(hasSaved(1)); // asked back first
    click("sourceRemoveConfirm1");
    EXPECT_TRUE(waitFor([this] { return !m_window.findChild<QWidget *>(QStringLiteral("sourceSaved1")); }));
    EXPECT_TRUE(hasSaved(0));
    EXPECT_EQ(testing::readFile(m_data.root() / "passwords.json").find("gate"), std::string::npos);
}

TEST_F(SourceDeskTest, AnEditedCameraTakesThePlaceOfTheOldOneAndKeepsItsPasswordUnlessItIsTypedAnew)
{
    start();
    typeIn();
    ASSERT_TRUE(saves());
    typeIn(QStringLiteral("rtsp://gate/second"));
    part<QLineEdit>("networkName")->setText(QStringLiteral("Gate 4"));
    ASSERT_TRUE(saves());
    ASSERT_TRUE(opensForEditing());
    EXPECT_EQ(part<QLineEdit>("networkUser")->text(), QStringLiteral("operator"));
    part<QLineEdit>("networkName")->setText(QStringLiteral("Gate 3 left"));
    part<QLineEdit>("networkAddress")->setText(QStringLiteral("rtsp://gate/left"));
    click("networkUdp");
    ASSERT_TRUE(saves());
    ASSERT_TRUE(opensBy("rtsp://operator:sesame-9@gate/left"));
    const SavedSource left{"Gate 3 left", "rtsp://gate/left", plugins::NetworkTransport::Udp, milliseconds(2'000)};
    ASSERT_TRUE(hasSaved(2));
    EXPECT_TRUE(bookBecomes([&](const SourceBook &read) { return read.saved[0] == left; }));
    EXPECT_EQ(testing::readFile(m_data.root() / "passwords.json").find("gate/live"), std::string::npos);

    ASSERT_TRUE(opensForEditing());
    part<QLineEdit>("networkPassword")->setText(QStringLiteral("sesame-10"));
    ASSERT_TRUE(saves());
    ASSERT_TRUE(opensBy("rtsp://operator:sesame-10@gate/left")) << ::testing::PrintToString(m_gate->addresses()) << text("networkResult").toStdString();
    ASSERT_TRUE(opensForEditing());
    part<QLineEdit>("networkUser")->clear();
    ASSERT_TRUE(saves());
    ASSERT_TRUE(opensBy("rtsp://gate/left"));
    ASSERT_TRUE(opensForEditing());
    part<QLineEdit>("networkAddress")->setText(QStringLiteral("rtsp://gate/second")); // is there already
    part<QLineEdit>("networkUser")->setText(QStringLiteral("anna"));
    part<QLineEdit>("networkPassword")->setText(QStringLiteral("x"));
    ASSERT_TRUE(saves());
    ASSERT_TRUE(opensBy("rtsp://anna:x@gate/second"));
    EXPECT_TRUE(hasSaved(1));
}

TEST_F(SourceDeskTest, AnEditedCameraKeepsAPasswordThatIsInItsAddress)
{
    start();
    typeIn(QStringLiteral("rtsp://gate/user=operator&password=sesame-9"));
    part<QLineEdit>("networkUser")->clear();
    part<QLineEdit>("networkPassword")->clear();
    ASSERT_TRUE(saves());
    ASSERT_TRUE(waitFor([this] { return m_gate->openings() == 1; }));
    ASSERT_TRUE(opensForEditing());
    EXPECT_FALSE(part<QLineEdit>("networkAddress")->text().contains(QStringLiteral("sesame")));
    part<QLineEdit>("networkName")->setText(QStringLiteral("Gate 5"));
    click("networkSave");
    ASSERT_TRUE(waitFor([this] { return m_gate->openings() == 2; }));
    EXPECT_EQ(m_gate->addresses().back(), "rtsp://gate/user=operator&password=sesame-9");
    EXPECT_TRUE(bookBecomes([](const SourceBook &read) { return read.saved.size() == 1 && read.saved[0].name == "Gate 5"; }));
    ASSERT_TRUE(opensForEditing());
    auto *address = part<QLineEdit>("networkAddress");
    address->setText(address->text() + QStringLiteral("&channel=2"));
    click("networkSave");
    EXPECT_TRUE(opensBy("rtsp://gate/user=operator&password=sesame-9&channel=2"));
}

TEST_F(SourceDeskTest, APasswordIsInNoFileOfTheDataFolderInNoMessageAndNowhereInTheWindow)
{
    ::testing::internal::CaptureStderr();
    ::testing::internal::CaptureStdout();
    m_gate->then({script::frames(30), script::unplug({}), script::throwInOpen(), script::frames(3), script::unplug({}), script::refuseLogin(1)});
    start();
    typeIn();
    click("networkTest");
    ASSERT_TRUE(waitFor([this] { return result() != QStringLiteral("Waiting for a picture …"); }));
    click("networkSave");
    ASSERT_TRUE(faultIsShown("CAM-04"));
    const quint64 before = shownFrame();
    m_session->openSource(QStringLiteral("rtsp://gate/live"));
    ASSERT_TRUE(waitFor([&] { return m_gate->isDone() && isReady() && shownFrame() > before; }));
    ASSERT_TRUE(askPreset());
    // In the address, too, as some cameras want it.
    m_session->openSource(QStringLiteral("rtsp://gate/user=operator&password=sesame-9"));
    ASSERT_TRUE(waitFor([this] { return m_gate->addresses().back().find("password=sesame-9") != std::string::npos; }));
    ASSERT_TRUE(becomesReady());
    ASSERT_TRUE(askPreset());
    m_session->openSource(QStringLiteral("gopher://operator:sesame-9@gate/live"));
    ASSERT_TRUE(faultIsShown("CAM-09"));
    for (const QWidget *widget : m_window.findChildren<QWidget *>()) {
        const auto *label = qobject_cast<const QLabel *>(widget);
        const QString told = widget->toolTip() + widget->accessibleName() + widget->accessibleDescription() + (label ? label->text() : QString());
        EXPECT_FALSE(told.contains(QStringLiteral("sesame"))) << widget->objectName().toStdString();
    }
    m_session.reset();
    EXPECT_EQ(::testing::internal::GetCapturedStderr().find("sesame"), std::string::npos);
    EXPECT_EQ(::testing::internal::GetCapturedStdout().find("sesame"), std::string::npos);
    EXPECT_EQ(rows().size(), 2U);
    int files = 0;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(m_home.path())) {
        if (!entry.is_regular_file())
            continue;
        ++files;
        EXPECT_EQ(testing::readFile(entry.path()).find("sesame"), std::string::npos) << entry.path();
    }
    EXPECT_GE(files, 6); // database, two pictures, sources.json, passwords.json, passwords.key
}

TEST_F(SourceDeskTest, AKeptLoginThatCannotBeReadIsToldAndNothingIsOpenedWithoutIt)
{
    start();
    typeIn();
    click("networkSave");
    ASSERT_TRUE(becomesReady());
    m_session.reset();
    std::filesystem::remove(m_data.root() / "passwords.key");
    start();
    const std::size_t tried = m_gate->addresses().size();
    m_session->openSource(QStringLiteral("rtsp://gate/live"));
    ASSERT_TRUE(faultIsShown("SET-01"));
    EXPECT_EQ(m_gate->addresses().size(), tried);
}

TEST_F(SourceDeskTest, WhileALoginIsBeingKeptTheCardSaysSoAndThePageGoesOn)
{
    camera("line-1", {}, described(kUnhurried));
    start();
    m_session->openSource(QStringLiteral("uvc:line-1"));
    ASSERT_TRUE(becomesReady());
    typeIn();
    s_store.setSlow(true);
    click("networkSave");
    ASSERT_TRUE(waitFor([] { return s_store.waiting() == 1; }));
    EXPECT_EQ(result(), QStringLiteral("Keeping the camera and its login …"));
    EXPECT_FALSE(part("networkSave")->isEnabled());
    EXPECT_FALSE(part("networkTest")->isEnabled());
    key(Qt::Key_Return); // in a field: tests nothing now
    ASSERT_TRUE(pageGoesOn());
    EXPECT_EQ(result(), QStringLiteral("Keeping the camera and its login …"));
    EXPECT_TRUE(book().saved.empty());
    EXPECT_TRUE(m_gate->addresses().empty()) << "not before its login is kept";

    s_store.setSlow(false);
    EXPECT_TRUE(waitFor([this] { return !isShown("networkCard"); }));
    EXPECT_TRUE(opensBy("rtsp://operator:sesame-9@gate/live"));
    EXPECT_TRUE(hasSaved(1));
}

TEST_F(SourceDeskTest, ClosingTheCardWhileALoginIsBeingKeptKeepsItAllTheSame)
{
    start();
    typeIn();
    s_store.setSlow(true);
    click("networkSave");
    key(Qt::Key_Escape);
    EXPECT_FALSE(isShown("networkCard"));
    typeIn(QStringLiteral("rtsp://gate/second"));
    s_store.setSlow(false);
    EXPECT_TRUE(opensBy("rtsp://operator:sesame-9@gate/live"));
    EXPECT_TRUE(hasSaved(1));
    EXPECT_TRUE(isShown("networkCard")) << "what is typed in now is another camera";
    EXPECT_EQ(part<QLineEdit>("networkAddress")->text(), QStringLiteral("rtsp://gate/second"));
}

TEST_F(SourceDeskTest, ASourceThatWasChosenWhileALoginIsBeingKeptStaysOpen)
{
    start();
    typeIn();
    ASSERT_TRUE(saves());
    ASSERT_TRUE(becomesReady());
    typeIn(QStringLiteral("rtsp://gate/second"));
    s_store.setSlow(true);
    click("networkSave");
    key(Qt::Key_Escape);
    click("sourceButton");
    click("sourceSaved1");
    s_store.setSlow(false);
    ASSERT_TRUE(hasSaved(2)) << "kept all the same";
    ASSERT_TRUE(waitFor([this] { return m_gate->openings() == 2 && isReady(); }));
    ASSERT_TRUE(waitFor([this] { return askPreset() && !rows().empty(); }));
    EXPECT_EQ(rows()[0].source, "rtsp://gate/live");
    EXPECT_EQ(m_gate->addresses().back(), "rtsp://operator:sesame-9@gate/live");
}

TEST_F(SourceDeskTest, ALoginThatCannotBeKeptIsToldWithItsCodeAndNothingIsSaved)
{
    std::filesystem::create_directories(m_data.root() / "passwords.json"); // where its file should be
    start();
    typeIn();
    click("networkSave");
    ASSERT_TRUE(resultBecomes("FS-02: .*passwords.json is not a regular file")) << result().toStdString();
    EXPECT_EQ(part<QLineEdit>("networkPassword")->text(), QStringLiteral("sesame-9")) << "to be saved again by one press";
    EXPECT_TRUE(part("networkSave")->isEnabled());

    s_store.setSlow(true);
    click("networkSave");
    key(Qt::Key_Escape);
    s_store.setSlow(false);
    ASSERT_TRUE(faultIsShown("FS-02")); // the card is gone
    EXPECT_TRUE(book().saved.empty());
    EXPECT_TRUE(m_gate->addresses().empty());
}

TEST_F(SourceDeskTest, ClosingTheWindowWhileALoginIsBeingKeptLosesNothing)
{
    start();
    typeIn();
    s_store.setSlow(true);
    click("networkSave");
    ASSERT_TRUE(waitFor([] { return s_store.waiting() == 1; }));
    {
        const std::jthread disk([] {
            std::this_thread::sleep_for(milliseconds(50)); // by then the session waits, or will find it kept
            s_store.setSlow(false);
        });
        m_session.reset();
    }
    EXPECT_TRUE(m_gate->addresses().empty()) << "nothing is opened any more";
    ASSERT_EQ(book().saved.size(), 1U);
    start();
    m_session->openSource(QStringLiteral("rtsp://gate/live"));
    EXPECT_TRUE(opensBy("rtsp://operator:sesame-9@gate/live"));
}

TEST_F(SourceDeskTest, ALoginThatIsReadSlowlyHoldsUpNeitherThePageNorAnotherSource)
{
    camera("line-1", {}, described(kUnhurried));
    m_capture.openLimit = milliseconds(60'000);
    start();
    typeIn();
    ASSERT_TRUE(saves());
    m_session->openSource(QStringLiteral("uvc:line-1"));
    ASSERT_TRUE(becomesReady());

    s_store.setSlow(true);
    click("sourceButton");
    click("sourceEdit1");
    ASSERT_TRUE(waitFor([] { return s_store.waiting() == 1; }));
    ASSERT_TRUE(pageGoesOn());
    click("sourceSaved1");
    ASSERT_TRUE(waitFor([] { return s_store.waiting() == 2; }));
    m_session->openSource(QStringLiteral("uvc:line-1"));
    ASSERT_TRUE(becomesReady());

    s_store.setSlow(false);
    ASSERT_TRUE(waitFor([] { return s_store.waiting() == 0; }));
    ASSERT_TRUE(pageGoesOn());
    EXPECT_FALSE(isShown("networkCard")) << "the list that it was asked from was left";
    ASSERT_TRUE(waitFor([this] { return askPreset() && !rows().empty(); }));
    EXPECT_EQ(rows()[0].source, "uvc:line-1") << "what was read too late is not opened";
}

TEST_F(SourceDeskTest, WhatChangesWhileTheListIsWrittenIsWrittenToo)
{
    start();
    for (int number = 1; number <= 12; ++number) {
        typeIn(QStringLiteral("rtsp://gate/%1").arg(number));
        click("networkSave"); // each one while the last is still on its way to the disk
    }
    EXPECT_TRUE(hasSaved(12));
    typeIn(QStringLiteral("rtsp://gate/13"));
    click("networkSave");
    m_session.reset(); // at once
    EXPECT_EQ(book().saved.size(), 13U);
}

TEST_F(SourceDeskTest, ADamagedListIsToldAndKeptAside)
{
    (void)m_home.write("data/sources.json", std::string("{\"saved\": 7}"));
    start();
    ASSERT_TRUE(faultIsShown("SET-01"));
    EXPECT_TRUE(std::filesystem::exists(m_data.root() / "sources.json.damaged"));
    typeIn();
    click("networkSave");
    EXPECT_TRUE(hasSaved(1));
    EXPECT_TRUE(waitFor([this] { return !isShown("faultBar"); }));
}

class CameraSettingsTest : public SourceDeskTest
{
protected:
    CameraSettingsTest() : m_line(camera("line-1", {}, described(kUnhurried, "046d:0825 A1")))
    {
        using Condition = plugins::ControlState::Condition;
        m_line->setControls({{CameraControl::Exposure, Condition::Adjustable, {true, 250}, 0, 500, 1, true},
                             {CameraControl::WhiteBalance, Condition::Locked, {false, 4'600}, 2'800, 6'500, 10, false},
                             {CameraControl::Focus, Condition::Missing, {}, 0, 0, 1, false},
                             {CameraControl::Gain, Condition::Adjustable, {false, 20}, 0, 100, 5, false}});
        start();
        m_session->openSource(QStringLiteral("uvc:line-1"));
    }
    void openCard()
    {
        ASSERT_TRUE(waitFor([this] { return !part("sourceSettings")->isHidden(); }));
        click("sourceButton");
        click("sourceSettings");
        ASSERT_TRUE(isShown("cameraCard"));
    }
    Camera m_line;
};

TEST_F(CameraSettingsTest, AreToldToTheCameraKeptAndWrittenBackAfterEachReconnectAndStart)
{
    openCard();
    EXPECT_TRUE(part<QPushButton>("exposureAuto")->isChecked());
    EXPECT_FALSE(part("exposureSlider")->isEnabled());
    click("exposureAuto");
    part("exposureSlider")->setFocus();
    key(Qt::Key_Right);
    const plugins::CameraSettings expected = {{CameraControl::Exposure, {false, 251}}};
    ASSERT_TRUE(waitFor([&] { return m_line->adjustments().back() == expected; }));
    ASSERT_TRUE(waitFor([&] { return book().cameras["uvc:line-1"].settings == expected; }));
    EXPECT_EQ(book().cameras["uvc:line-1"].device, "046d:0825 A1");

    const std::size_t told = m_line->adjustments().size();
    m_line->then({script::unplug({})});
    ASSERT_TRUE(waitFor([&] { return m_line->adjustments().size() > told; }));
    EXPECT_EQ(m_line->adjustments()[told], expected);

    m_session.reset();
    start();
    const std::size_t before = m_line->adjustments().size();
    m_session->openSource(QStringLiteral("uvc:line-1"));
    ASSERT_TRUE(waitFor([&] { return m_line->adjustments().size() > before; }));
    EXPECT_EQ(m_line->adjustments()[before], expected);
}

TEST_F(CameraSettingsTest, WhatCannotBeSetIsGreyAndSaysWhy)
{
    openCard();
    EXPECT_FALSE(part("whiteBalanceSlider")->isEnabled());
    EXPECT_EQ(text("whiteBalanceReason"), QStringLiteral("The camera does not let it be changed."));
    EXPECT_FALSE(part("focusSlider")->isEnabled());
    EXPECT_EQ(text("focusReason"), QStringLiteral("This camera has no such setting."));
    EXPECT_FALSE(part("gainAuto")->isEnabled());
    EXPECT_TRUE(part("gainSlider")->isEnabled());
    part<QSlider>("gainSlider")->setValue(63);
    EXPECT_EQ(text("gainValue"), QStringLiteral("60")); // in the driver's steps
    const plugins::CameraSettings expected = {{CameraControl::Gain, {false, 60}}};
    ASSERT_TRUE(waitFor([&] { return m_line->adjustments().back() == expected; }));
}

TEST_F(CameraSettingsTest, TheCardGoesWithItsCamera)
{
    openCard();
    m_line->then({script::unplug(milliseconds(60'000))});
    EXPECT_TRUE(waitFor([this] { return !isShown("cameraCard"); }));
    m_session->openSource(QStringLiteral("rtsp://gate/live")); // has no controls
    ASSERT_TRUE(becomesReady());
    EXPECT_TRUE(part("sourceSettings")->isHidden());
}

} // namespace
} // namespace auroraedge::app::tests
