#include "tests/ui/window_test.h"
#include "ui/dialogs/key_card.h"
#include "ui/dialogs/source_chooser.h"
#include "ui/panels/model_panel.h"
#include "ui/panels/review_panel.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QFileDialog>
#include <QLineEdit>
#include <QPointer>
#include <QProgressBar>
#include <QPushButton>
#include <QSet>
#include <QTemporaryDir>

#include <tuple>

namespace auroraedge::ui::tests {
namespace {

using Page = MainWindow::Page;

class MainWindowTest : public WindowTest
{
protected:
    /// Presses Tab until the focus is where it was. @return the names of the stops.
    [[nodiscard]] QStringList tabStops(Qt::Key tab = Qt::Key_Tab)
    {
        QStringList stops;
        do {
            key(tab, tab == Qt::Key_Backtab ? Qt::ShiftModifier : Qt::NoModifier);
            stops.append(focused());
        } while (stops.count(stops.last()) == 1 && stops.size() < 100);
        stops.removeLast();
        return stops;
    }
};

TEST_F(MainWindowTest, CtrlDigitsOpenThePagesFromEverywhere)
{
    m_scenes.makeLive(m_window);
    key(Qt::Key_2, Qt::ControlModifier);
    EXPECT_EQ(m_window.page(), Page::Review);
    key(Qt::Key_3, Qt::ControlModifier);
    EXPECT_EQ(m_window.page(), Page::Batch);
    key(Qt::Key_4, Qt::ControlModifier);
    EXPECT_EQ(m_window.page(), Page::Statistics);
    key(Qt::Key_5, Qt::ControlModifier);
    EXPECT_EQ(m_window.page(), Page::Models);
    EXPECT_TRUE(isShown("modelPanel"));
    key(Qt::Key_6, Qt::ControlModifier);
    EXPECT_EQ(m_window.page(), Page::About);
    key(Qt::Key_1, Qt::ControlModifier);
    EXPECT_EQ(m_window.page(), Page::Live);
    key(Qt::Key_Slash); // also while typing
    key(Qt::Key_5, Qt::ControlModifier);
    EXPECT_EQ(m_window.page(), Page::Models);
}

TEST_F(MainWindowTest, TheRailAndTheModelButtonOpenPagesByMouse)
{
    click("railAbout");
    EXPECT_EQ(m_window.page(), Page::About);
    click("modelButton");
    EXPECT_EQ(m_window.page(), Page::Models);
    click("railLive");
    EXPECT_EQ(m_window.page(), Page::Live);
}

TEST_F(MainWindowTest, KeysOfTheLivePageAskNothingOnOtherPages)
{
    m_scenes.makeLive(m_window);
    key(Qt::Key_2, Qt::ControlModifier);
    key(Qt::Key_F1);
    key(Qt::Key_F);
    key(Qt::Key_3, Qt::ControlModifier);
    key(Qt::Key_F1);
    EXPECT_TRUE(m_asked.isEmpty());
    EXPECT_FALSE(m_window.live().isFrozen());
}

TEST_F(MainWindowTest, PresetKeysWorkWhileTheFocusIsOnTheRail)
{
    m_scenes.makeLive(m_window);
    part("railModels")->setFocus();
    key(Qt::Key_F1);
    EXPECT_EQ(m_asked.size(), 1);
}

TEST_F(MainWindowTest, TabGoesTheWayOfTheWorkAndBackTheSameWay)
{
    m_scenes.play(m_window, QStringLiteral("ok"));
    ASSERT_EQ(focused(), QStringLiteral("pictureView"));
    const QStringList stops = tabStops();
    const auto live = stops.indexOf(QStringLiteral("preset1"));
    EXPECT_EQ(stops.mid(live, 12).join(QLatin1Char(' ')).toStdString(),
              "preset1 preset2 preset3 preset4 questionField askButton freezeButton regionButton triggerButton answerText "
              "shiftReset recentStrip");
    for (const char *name : {"pictureView", "railLive", "railBatch", "railStatistics", "railModels", "railAbout", "sourceButton",
                             "modelButton", "themeToggle"})
        EXPECT_TRUE(stops.contains(QLatin1String(name))) << name;

    const QStringList back = tabStops(Qt::Key_Backtab);
    EXPECT_EQ(QSet<QString>(back.begin(), back.end()), QSet<QString>(stops.begin(), stops.end()));
}

TEST_F(MainWindowTest, EverythingThatIsPressedHasANameForTestsAndOneForScreenReaders)
{
    for (const QString &scene : Scenes::names()) {
        MainWindow window(m_theme);
        window.show();
        m_scenes.play(window, scene);
        QSet<QString> names;
        int count = 0;
        for (QWidget *widget : window.findChildren<QWidget *>()) {
            const bool isPressed = qobject_cast<QAbstractButton *>(widget) || widget->focusPolicy() & Qt::TabFocus;
            if (!isPressed || !widget->isVisible())
                continue;
            ++count;
            EXPECT_FALSE(widget->objectName().isEmpty()) << scene.toStdString() << ' ' << widget->metaObject()->className();
            EXPECT_FALSE(names.contains(widget->objectName())) << widget->objectName().toStdString() << " twice";
            names.insert(widget->objectName());
            const QAccessibleInterface *accessible = QAccessible::queryAccessibleInterface(widget);
            ASSERT_TRUE(accessible);
            EXPECT_FALSE(accessible->text(QAccessible::Name).isEmpty()) << widget->objectName().toStdString();
        }
        EXPECT_GE(count, 6) << scene.toStdString();
    }
}

TEST_F(MainWindowTest, TheThemeButtonTurnsEverythingLightAndTellsIt)
{
    QList<bool> told;
    QObject::connect(&m_window, &MainWindow::themeChosen, &m_window, [&](bool isDark) { told.append(isDark); });
    click("themeToggle");
    EXPECT_EQ(m_theme.kind(), ThemeKind::Light);
    EXPECT_EQ(part("themeToggle")->accessibleName(), QStringLiteral("Dark theme"));
    EXPECT_EQ(m_window.grab().toImage().pixelColor(100, 795), Theme::coloursOf(ThemeKind::Light).surface);
    click("themeToggle");
    EXPECT_EQ(told, (QList<bool>{false, true}));
}

class SourceChooserTest : public MainWindowTest
{
protected:
    SourceChooserTest()
    {
        QObject::connect(&m_window, &MainWindow::sourceChosen, &m_window, [this](const QString &uri) { m_chosen.append(uri); });
    }
    QStringList m_chosen;
};

TEST_F(SourceChooserTest, APressOnTheEmptyPictureOpensItAndEnterTakesTheSimulatedLine)
{
    click("pictureView");
    ASSERT_TRUE(isShown("sourceChooser"));
    EXPECT_EQ(focused(), QStringLiteral("sourceSimulated"));
    key(Qt::Key_Return);
    EXPECT_EQ(m_chosen, QStringList{QStringLiteral("sim:")});
    EXPECT_FALSE(isShown("sourceChooser"));
}

TEST_F(SourceChooserTest, EscClosesItAndTheFocusGoesBack)
{
    key(Qt::Key_Return); // on the empty picture
    ASSERT_TRUE(isShown("sourceChooser"));
    key(Qt::Key_Escape);
    EXPECT_FALSE(isShown("sourceChooser"));
    EXPECT_EQ(focused(), QStringLiteral("pictureView"));
    EXPECT_TRUE(m_chosen.isEmpty());
}

TEST_F(SourceChooserTest, APressBesideItOrOnItsButtonClosesIt)
{
    click("sourceButton");
    ASSERT_TRUE(isShown("sourceChooser"));
    click("sourceButton");
    EXPECT_FALSE(isShown("sourceChooser"));
    click("sourceButton");
    click("statusStrip");
    EXPECT_FALSE(isShown("sourceChooser"));
}

TEST_F(SourceChooserTest, TabStaysInsideAndThePageBelowHearsNoKeys)
{
    m_scenes.makeLive(m_window);
    m_window.setSourceOptions({{QStringLiteral("uvc:A1"), QStringLiteral("C920"), {}}});
    click("sourceButton");
    const QStringList stops = tabStops();
    EXPECT_EQ(stops.size(), 5);
    for (const QString &stop : stops)
        EXPECT_TRUE(stop.startsWith(QStringLiteral("source"))) << stop.toStdString();
    key(Qt::Key_F1);
    EXPECT_TRUE(m_asked.isEmpty());
}

TEST_F(SourceChooserTest, PluggedWebcamsAreOfferedAndUnpluggedOnesAreNot)
{
    m_window.setSourceOptions({{QStringLiteral("uvc:A1"), QStringLiteral("C920"), {}},
                               {QStringLiteral("uvc:B2"), QStringLiteral("C270"), {}}});
    click("sourceButton");
    click("sourceWebcam2");
    EXPECT_EQ(m_chosen, QStringList{QStringLiteral("uvc:B2")});
    m_window.setSourceOptions({});
    EXPECT_TRUE(QTest::qWaitFor([this] { return !m_window.findChild<QWidget *>(QStringLiteral("sourceWebcam1")); }));
}

TEST_F(SourceChooserTest, ASavedCameraIsChosenByOnePressAndRemovedByASecondOneInItsRow)
{
    QStringList removed;
    QObject::connect(&m_window.sources(), &SourceChooser::removeRequested, &m_window, [&](const QString &uri) { removed.append(uri); });
    m_window.sources().setSaved({{QStringLiteral("rtsp://gate/1"), QStringLiteral("Gate 1"), QStringLiteral("rtsp://gate/1")},
                                 {QStringLiteral("rtsp://gate/2"), QStringLiteral("Gate 2"), QStringLiteral("rtsp://gate/2")}});
    click("sourceButton");
    click("sourceRemove2");
    EXPECT_EQ(text("sourceQuestion2"), QStringLiteral("Remove Gate 2 and its password?"));
    EXPECT_FALSE(isShown("sourceSaved2"));
    click("sourceKeep2");
    EXPECT_TRUE(isShown("sourceSaved2"));
    EXPECT_TRUE(removed.isEmpty());
    click("sourceRemove2");
    click("sourceRemove1"); // one asks at a time
    EXPECT_FALSE(isShown("sourceQuestion2"));
    click("sourceKeep1");
    click("sourceRemove2");
    click("sourceRemoveConfirm2");
    EXPECT_EQ(removed, QStringList{QStringLiteral("rtsp://gate/2")});
    EXPECT_TRUE(isShown("sourceChooser"));
    EXPECT_TRUE(m_chosen.isEmpty());
    click("sourceSaved1");
    EXPECT_EQ(m_chosen, QStringList{QStringLiteral("rtsp://gate/1")});
}

TEST_F(SourceChooserTest, ByKeysAloneARemovalIsAskedForTakenBackAndConfirmed)
{
    QStringList removed;
    QObject::connect(&m_window.sources(), &SourceChooser::removeRequested, &m_window, [&](const QString &uri) { removed.append(uri); });
    m_window.sources().setSaved({{QStringLiteral("rtsp://gate/1"), QStringLiteral("Gate 1"), QStringLiteral("rtsp://gate/1")}});
    click("sourceButton");
    const auto tabTo = [this](const QString &name) {
        for (int press = 0; press < 20 && focused() != name; ++press)
            key(Qt::Key_Tab);
        return focused() == name;
    };
    ASSERT_TRUE(tabTo(QStringLiteral("sourceRemove1")));
    key(Qt::Key_Return);
    EXPECT_EQ(focused(), QStringLiteral("sourceKeep1")) << "the safe one";
    key(Qt::Key_Escape);
    EXPECT_TRUE(isShown("sourceChooser")) << "the question alone is taken back";
    EXPECT_EQ(focused(), QStringLiteral("sourceRemove1"));
    key(Qt::Key_Return);
    ASSERT_TRUE(tabTo(QStringLiteral("sourceRemoveConfirm1")));
    EXPECT_TRUE(removed.isEmpty());
    key(Qt::Key_Return);
    EXPECT_EQ(removed, QStringList{QStringLiteral("rtsp://gate/1")});
    click("sourceRemove1");
    key(Qt::Key_Escape);
    key(Qt::Key_Escape);
    EXPECT_FALSE(isShown("sourceChooser"));
}

TEST_F(SourceChooserTest, ByKeysAloneANetworkCameraIsAdded)
{
    QList<NetworkSource> saved;
    QObject::connect(&m_window.sources(), &SourceChooser::saveRequested, &m_window, [&](const NetworkSource &s) { saved.append(s); });
    const auto goTo = [this](const char *name, Qt::Key step) {
        for (int presses = 0; presses < 60 && focused() != QLatin1String(name); ++presses)
            key(step);
        return focused() == QLatin1String(name);
    };
    ASSERT_TRUE(goTo("sourceButton", Qt::Key_Tab));
    key(Qt::Key_Space);
    ASSERT_TRUE(isShown("sourceChooser"));
    ASSERT_TRUE(goTo("sourceNetwork", Qt::Key_Down));
    key(Qt::Key_Return);
    ASSERT_TRUE(goTo("networkAddress", Qt::Key_Tab));
    type("rtsp://gate/live");
    ASSERT_TRUE(goTo("networkUser", Qt::Key_Tab));
    type("operator");
    ASSERT_TRUE(goTo("networkPassword", Qt::Key_Tab));
    type("sesame-9");
    ASSERT_TRUE(goTo("networkTcp", Qt::Key_Tab));
    key(Qt::Key_Right); // to the other of the two
    ASSERT_EQ(focused(), QStringLiteral("networkUdp"));
    ASSERT_TRUE(goTo("networkSave", Qt::Key_Tab));
    key(Qt::Key_Return);
    ASSERT_EQ(saved.size(), 1);
    EXPECT_EQ(saved[0].address, QStringLiteral("rtsp://gate/live"));
    EXPECT_EQ(saved[0].user, QStringLiteral("operator"));
    EXPECT_EQ(saved[0].password, QStringLiteral("sesame-9"));
    EXPECT_TRUE(saved[0].isUdp);
}

TEST_F(SourceChooserTest, ASavedCameraIsEditedInTheFilledInCardWithoutItsPasswordBeingShown)
{
    QList<NetworkSource> saved;
    QObject::connect(&m_window.sources(), &SourceChooser::saveRequested, &m_window, [&](const NetworkSource &s) { saved.append(s); });
    const QString gate = QStringLiteral("rtsp://gate/1");
    QObject::connect(&m_window.sources(), &SourceChooser::editRequested, &m_window, [&](const QString &uri) {
        m_window.sources().editSaved({QStringLiteral("Gate 1"), uri, QStringLiteral("op"), {}, true, 15, uri}, true);
    });
    m_window.sources().setSaved({{gate, QStringLiteral("Gate 1"), gate}});
    click("sourceButton");
    click("sourceEdit1");
    EXPECT_FALSE(isShown("sourceChooser"));
    ASSERT_TRUE(isShown("networkCard"));
    EXPECT_EQ(text("networkTitle"), QStringLiteral("Edit network camera"));
    EXPECT_EQ(part<QLineEdit>("networkAddress")->text(), gate);
    EXPECT_EQ(part<QLineEdit>("networkUser")->text(), QStringLiteral("op"));
    EXPECT_TRUE(part<QLineEdit>("networkPassword")->text().isEmpty());
    EXPECT_EQ(part<QLineEdit>("networkPassword")->placeholderText(), QStringLiteral("Password is kept; type to change it"));
    click("networkSave");
    ASSERT_EQ(saved.size(), 1);
    EXPECT_EQ(saved[0].edited, gate);
    EXPECT_TRUE(saved[0].password.isEmpty());
    EXPECT_TRUE(saved[0].isUdp);
    EXPECT_EQ(saved[0].timeoutSeconds, 15);

    part<QLineEdit>("networkAddress")->setText(QStringLiteral("rtsp://elsewhere/1"));
    click("networkSave");
    EXPECT_EQ(saved.size(), 1) << "the kept password is of another host";
    EXPECT_EQ(text("networkResult"), QStringLiteral("Type the password again: the address leads to another camera."));
    EXPECT_EQ(focused(), QStringLiteral("networkPassword"));

    key(Qt::Key_Escape);
    click("sourceButton");
    click("sourceNetwork"); // a new one: nothing is left of the other
    EXPECT_EQ(text("networkTitle"), QStringLiteral("Network camera"));
    EXPECT_TRUE(part<QPushButton>("networkTcp")->isChecked());
    EXPECT_TRUE(part<QPushButton>("networkTimeout2")->isChecked());
    EXPECT_EQ(part<QLineEdit>("networkPassword")->placeholderText(), QStringLiteral("Password"));
}

TEST_F(SourceChooserTest, AListThatIsHigherThanTheWindowScrollsToWhatHasTheFocus)
{
    m_window.resize(880, 560);
    SourceOptions many;
    for (int number = 1; number <= 20; ++number)
        many.append({QStringLiteral("rtsp://gate/%1").arg(number), QStringLiteral("Gate %1").arg(number), {}});
    m_window.sources().setSaved(many);
    click("sourceButton");
    const QWidget *card = part("sourceChooser");
    EXPECT_TRUE(m_window.centralWidget()->rect().contains(card->geometry()));
    key(Qt::Key_Up); // round to the last
    EXPECT_EQ(focused(), QStringLiteral("sourceFolder"));
    const QWidget *last = part("sourceFolder");
    const QRect place(last->mapTo(card, QPoint()), last->size());
    EXPECT_TRUE(card->rect().contains(place)) << place.top() << " to " << place.bottom() << " of " << card->height();
}

TEST_F(SourceChooserTest, ANetworkAddressIsCheckedBeforeItIsTakenAndForgottenWithItsPassword)
{
    QList<NetworkSource> tested, saved;
    QObject::connect(&m_window.sources(), &SourceChooser::testRequested, &m_window, [&](const NetworkSource &s) { tested.append(s); });
    QObject::connect(&m_window.sources(), &SourceChooser::saveRequested, &m_window, [&](const NetworkSource &s) { saved.append(s); });
    click("sourceButton");
    click("sourceNetwork");
    EXPECT_FALSE(isShown("sourceChooser"));
    ASSERT_TRUE(isShown("networkCard"));
    EXPECT_EQ(focused(), QStringLiteral("networkAddress"));
    auto *address = part<QLineEdit>("networkAddress");
    for (const char *wrong : {"", "camera", "file:///etc/passwd", "rtsp://"}) {
        address->setText(QLatin1String(wrong));
        key(Qt::Key_Return);
        click("networkSave");
        EXPECT_EQ(text("networkResult"), QStringLiteral("An address looks like rtsp://camera.local/stream")) << wrong;
    }
    EXPECT_TRUE(tested.isEmpty() && saved.isEmpty());

    address->setText(QStringLiteral(" rtsp://10.0.0.7/stream "));
    part<QLineEdit>("networkUser")->setText(QStringLiteral("op"));
    auto *password = part<QLineEdit>("networkPassword");
    password->setText(QStringLiteral(" secret "));
    EXPECT_EQ(password->echoMode(), QLineEdit::Password);
    click("networkUdp");
    click("networkTimeout15");
    address->setFocus();
    key(Qt::Key_Return);
    ASSERT_EQ(tested.size(), 1);
    EXPECT_EQ(tested[0].address, QStringLiteral("rtsp://10.0.0.7/stream"));
    EXPECT_EQ(tested[0].user, QStringLiteral("op"));
    EXPECT_EQ(tested[0].password, QStringLiteral(" secret ")); // a blank may belong to it
    EXPECT_TRUE(tested[0].isUdp);
    EXPECT_EQ(tested[0].timeoutSeconds, 15);
    click("networkSave");
    EXPECT_EQ(saved.size(), 1);
    key(Qt::Key_Escape);
    EXPECT_FALSE(isShown("networkCard"));
    EXPECT_TRUE(address->text().isEmpty());
    EXPECT_TRUE(password->text().isEmpty());
}

TEST_F(SourceChooserTest, AnEnterThatIsHeldDownTriesALoginOnce)
{
    int tried = 0, stopped = 0;
    QObject::connect(&m_window.sources(), &SourceChooser::testRequested, &m_window, [&] {
        ++tried;
        m_window.sources().setTest({SourceTest::Condition::Running, {}, 0, {}, {}});
    });
    QObject::connect(&m_window.sources(), &SourceChooser::testCancelled, &m_window, [&] { ++stopped; });
    click("sourceButton");
    click("sourceNetwork");
    part<QLineEdit>("networkAddress")->setText(QStringLiteral("rtsp://10.0.0.7/stream"));
    part("networkPassword")->setFocus();
    key(Qt::Key_Return);
    for (int repeat = 0; repeat < 4; ++repeat) {
        QKeyEvent held(QEvent::KeyPress, Qt::Key_Return, Qt::NoModifier, QStringLiteral("\r"), true);
        QApplication::sendEvent(part("networkPassword"), &held);
    }
    EXPECT_EQ(tried, 1) << "many cameras lock a login out that is tried again and again";
    EXPECT_EQ(stopped, 0);
}

TEST_F(SourceChooserTest, TheKeysOfThePageDoNothingWhileACardOverItIsOpen)
{
    m_scenes.makeLive(m_window);
    click("sourceButton");
    click("sourceNetwork");
    const QStringList stops = tabStops();
    for (const QString &stop : stops)
        EXPECT_TRUE(stop.startsWith(QStringLiteral("network"))) << stop.toStdString();
    EXPECT_TRUE(stops.contains(QStringLiteral("networkSave")));
    key(Qt::Key_F1);
    EXPECT_TRUE(m_asked.isEmpty());
    click("sourceButton"); // leads back to the list
    EXPECT_FALSE(isShown("networkCard"));
    EXPECT_TRUE(isShown("sourceChooser"));
}

TEST_F(SourceChooserTest, CameraSettingsAreOfferedOnlyForACameraThatHasThem)
{
    click("sourceButton");
    EXPECT_FALSE(isShown("sourceSettings"));
    m_window.sources().setControls(Scenes::cameraControls());
    ASSERT_TRUE(isShown("sourceSettings"));
    QList<std::tuple<CameraControl, bool, int>> told;
    QObject::connect(&m_window.sources(), &SourceChooser::adjusted, &m_window,
                     [&](CameraControl control, bool isAuto, int value) { told.append({control, isAuto, value}); });
    click("sourceSettings");
    ASSERT_TRUE(isShown("cameraCard"));
    EXPECT_TRUE(told.isEmpty()); // what the camera has is shown, not told back to it
    EXPECT_EQ(focused(), QStringLiteral("exposureAuto"));
    key(Qt::Key_Space);
    ASSERT_EQ(told.size(), 1);
    EXPECT_EQ(told[0], std::tuple(CameraControl::Exposure, false, 250));
    key(Qt::Key_Backtab);
    m_window.sources().setControls({});
    EXPECT_FALSE(isShown("cameraCard"));
}

TEST_F(SourceChooserTest, AFolderIsChosenInAFileDialog)
{
    const QTemporaryDir folder;
    click("sourceButton");
    click("sourceFolder");
    auto *dialog = part<QFileDialog>("sourceFolderDialog");
    EXPECT_EQ(QApplication::activeModalWidget(), nullptr);
    dialog->findChild<QLineEdit *>()->setText(folder.path());
    QMetaObject::invokeMethod(dialog, "accept");
    EXPECT_EQ(m_chosen, QStringList{QStringLiteral("folder:") + folder.path()});
}

TEST_F(SourceChooserTest, AVideoOrAPictureIsChosenInAFileDialogThatOffersOnlyWhatCanBeOpened)
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("part.png"));
    ASSERT_TRUE(m_scenes.picture(0).save(path));
    click("sourceButton");
    click("sourceFile");
    auto *dialog = part<QFileDialog>("sourceFileDialog");
    EXPECT_EQ(QApplication::activeModalWidget(), nullptr);
    EXPECT_FALSE(dialog->nameFilters().join(QLatin1Char(' ')).contains(QStringLiteral(".tif")));
    dialog->findChild<QLineEdit *>()->setText(path);
    QMetaObject::invokeMethod(dialog, "accept");
    EXPECT_EQ(m_chosen, QStringList{QStringLiteral("file:") + path});
}

TEST_F(SourceChooserTest, TheKeysOfThePageGoOnBesideAFileDialog)
{
    m_scenes.makeLive(m_window);
    click("sourceButton");
    click("sourceFile");
    const QPointer<QFileDialog> first = part<QFileDialog>("sourceFileDialog");
    key(Qt::Key_F);
    EXPECT_TRUE(m_window.live().isFrozen());
    click("sourceButton");
    click("sourceFolder");
    EXPECT_FALSE(first) << "one at a time";
    EXPECT_TRUE(isShown("sourceFolderDialog"));
}

class ModelPageTest : public MainWindowTest
{
protected:
    ModelPageTest() { m_window.showPage(Page::Models); }
};

TEST_F(ModelPageTest, WithoutAModelItOffersToOpenOne)
{
    EXPECT_EQ(text("modelState"), QStringLiteral("Open a model folder to start."));
    const QTemporaryDir folder;
    QStringList chosen;
    QObject::connect(&m_window, &MainWindow::modelChosen, &m_window, [&](const QString &path) { chosen.append(path); });
    click("modelOpen");
    auto *dialog = part<QFileDialog>("modelFolderDialog");
    EXPECT_EQ(QApplication::activeModalWidget(), nullptr);
    dialog->findChild<QLineEdit *>()->setText(folder.path());
    QMetaObject::invokeMethod(dialog, "accept");
    EXPECT_EQ(chosen, QStringList{folder.path()});
}

TEST_F(ModelPageTest, EnterImportsFromTheFieldAndFromTheButtonThatHasTheFocus)
{
    QStringList imported;
    QObject::connect(&m_window.models(), &ModelPanel::importRequested, &m_window, [&](const QString &folder) { imported.append(folder); });
    m_window.showPage(MainWindow::Page::Models);
    part("modelPath")->setFocus(Qt::TabFocusReason);
    type(" /usb/bottle");
    key(Qt::Key_Return);
    part<QLineEdit>("modelPath")->setText(QStringLiteral("~/models/~bottle"));
    part("modelImport")->setFocus(Qt::TabFocusReason);
    key(Qt::Key_Return);
    EXPECT_EQ(imported, (QStringList{QStringLiteral("/usb/bottle"), QDir::homePath() + QStringLiteral("/models/~bottle")}));
}

TEST_F(ModelPageTest, LoadingShowsProgressAndCanBeCancelled)
{
    ModelState loading = Scenes::readyModel();
    loading.condition = ModelCondition::Loading;
    loading.progress = 0.42;
    int cancelled = 0;
    QObject::connect(&m_window, &MainWindow::loadCancelRequested, &m_window, [&] { ++cancelled; });
    m_window.setModelState(loading);
    EXPECT_EQ(part<QProgressBar>("modelProgress")->value(), 420);
    EXPECT_EQ(part("modelButton")->accessibleDescription(), QStringLiteral("loading 42 %"));
    EXPECT_EQ(text("stateWord"), QStringLiteral("LOADING MODEL"));
    EXPECT_FALSE(part("modelOpen")->isEnabled());
    EXPECT_EQ(part("modelOpen")->toolTip(), QStringLiteral("A model is being loaded."));
    click("modelCancel");
    EXPECT_EQ(cancelled, 1);
}

TEST_F(ModelPageTest, AReadyModelShowsItsFactsAndWarningsOnce)
{
    ModelState ready = Scenes::readyModel();
    ready.warnings = {QStringLiteral("first"), QStringLiteral("second")};
    m_window.setModelState(ready);
    m_window.setModelState(ready); // a second report replaces the first one's rows at once
    QStringList texts;
    for (const QLabel *label : part("modelPanel")->findChildren<QLabel *>())
        texts.append(label->text());
    for (const QString &fact : {ready.sha256, ready.folder, QStringLiteral("cpu – no usable GPU was found"),
                                QStringLiteral("10.0 million")})
        EXPECT_EQ(texts.count(fact), 1) << fact.toStdString();
    EXPECT_EQ(text("modelWarnings"), QStringLiteral("first\nsecond"));
    EXPECT_FALSE(isShown("modelCancel"));
}

TEST_F(ModelPageTest, TheMemoryThatAModelNeedsIsWhatALoadAsksForWithTheChosenDeviceAndPrecision)
{
    ModelPanel &panel = m_window.models();
    panel.setEntries(Scenes::modelEntries());
    panel.setFreeMemory(6'000'000'000);
    const auto needs = [&] {
        for (const QLabel *label : panel.findChildren<QLabel *>())
            if (label->text().contains(QStringLiteral(" of memory")) || label->text().contains(QStringLiteral(" of GPU memory")))
                return label->text();
        return QString();
    };
    click("modelRow-auroraedge-v-2b"); // 2.036e9 parameters
    EXPECT_EQ(needs(), QStringLiteral("4.8 GB of memory")); // automatic: 2 bytes each, a tenth and 0.3 GiB on top
    click("modelPrecision-fp32");
    EXPECT_EQ(needs(), QStringLiteral("9.3 GB of memory, more than the 6.0 GB that are free"));
    click("modelDevice-auto");
    panel.setGpu(true);
    EXPECT_EQ(needs(), QStringLiteral("9.3 GB of GPU memory; how much of it is free is not known")) << "a GPU has its own";
    click("modelDevice-cuda");
    EXPECT_EQ(needs(), QStringLiteral("9.3 GB of GPU memory; how much of it is free is not known"));
    click("modelDevice-cpu");
    EXPECT_EQ(needs(), QStringLiteral("9.3 GB of memory, more than the 6.0 GB that are free"));
    click("modelPrecision-auto");
    click("modelRow-nano"); // 10.0e6 parameters, which a CPU holds in fp32
    EXPECT_EQ(needs(), QStringLiteral("366.1 MB of memory"));
}

TEST_F(ModelPageTest, AGpuIsOfferedOnlyWhereThereIsOneAndTheReasonIsTold)
{
    m_window.models().setEntries(Scenes::modelEntries());
    click("modelRow-nano");
    EXPECT_FALSE(part("modelDevice-cuda")->isEnabled());
    EXPECT_EQ(part("modelDevice-cuda")->toolTip(), QStringLiteral("No GPU was found in this computer."));
    m_window.models().setGpu(true);
    EXPECT_TRUE(part("modelDevice-cuda")->isEnabled());
    EXPECT_TRUE(part("modelDevice-cuda")->toolTip().isEmpty());
}

TEST_F(ModelPageTest, AMeasuredSpeedIsToldWithTheDeviceAndThePrecisionThatItWasMeasuredWith)
{
    m_window.models().setEntries(Scenes::modelEntries());
    click("modelRow-nano");
    QStringList texts;
    for (const QLabel *label : part("modelPanel")->findChildren<QLabel *>())
        texts.append(label->text());
    EXPECT_EQ(texts.filter(QStringLiteral("96 ms an answer, 95 % below 118 ms, on cpu in fp32 (20 answers, ")).size(), 1);
}

TEST_F(ModelPageTest, ThePartsOfAModelHaveNamesOfTheWindow)
{
    ModelEntries entries = Scenes::modelEntries();
    entries[1].facts.append({QStringLiteral("memory fp32"), QStringLiteral("39.9 MB weights")});
    m_window.models().setEntries(entries);
    click("modelRow-auroraedge-v-2b");
    QStringList texts;
    for (const QLabel *label : part("modelPanel")->findChildren<QLabel *>())
        texts.append(label->text());
    EXPECT_TRUE(texts.contains(QStringLiteral("Vision")));
    EXPECT_FALSE(texts.contains(QStringLiteral("vision"))) << "as the engine calls it";
    EXPECT_TRUE(texts.contains(QStringLiteral("Memory in fp32")));
}

TEST_F(ModelPageTest, AFailedModelShowsItsCodeAndNoFacts)
{
    m_window.setModelState(Scenes::readyModel());
    ModelState failed = Scenes::readyModel();
    failed.condition = ModelCondition::Failed;
    failed.code = QStringLiteral("MOD-12");
    failed.sentence = QStringLiteral("missing: vision.proj.weight");
    m_window.setModelState(failed);
    EXPECT_EQ(text("modelState"), QStringLiteral("MOD-12: missing: vision.proj.weight"));
    EXPECT_EQ(text("stateWord"), QStringLiteral("FAULT"));
    for (const QLabel *label : part("modelPanel")->findChildren<QLabel *>())
        EXPECT_NE(label->text(), failed.sha256);
}

TEST_F(MainWindowTest, TheAboutPageListsTheKeysAndTheLicences)
{
    key(Qt::Key_6, Qt::ControlModifier);
    QStringList texts;
    for (const QLabel *label : part("aboutPanel")->findChildren<QLabel *>())
        texts.append(label->text());
    for (const char *word : {"Space", "F1 to F8", "Esc", "F", "LibTorch", "LGPL-3.0"})
        EXPECT_TRUE(texts.contains(QLatin1String(word))) << word;
}

using KeyCardTest = WindowTest;

TEST_F(KeyCardTest, AQuestionMarkOpensTheKeysOfThePageAndClosesThemAgain)
{
    m_scenes.makeLive(m_window);
    key(Qt::Key_Question, Qt::ShiftModifier);
    ASSERT_TRUE(isShown("keyCard"));
    EXPECT_EQ(text("keyCardTitle"), QStringLiteral("Keys of the page Live"));
    key(Qt::Key_F1);
    EXPECT_TRUE(m_asked.isEmpty()) << "keys of the page below do nothing";
    key(Qt::Key_Question, Qt::ShiftModifier);
    EXPECT_FALSE(isShown("keyCard"));
    m_window.showPage(MainWindow::Page::Review);
    key(Qt::Key_Question, Qt::ShiftModifier);
    EXPECT_EQ(text("keyCardTitle"), QStringLiteral("Keys of the page Review"));
    key(Qt::Key_Escape);
    EXPECT_FALSE(isShown("keyCard"));
}

TEST_F(KeyCardTest, InATextFieldAQuestionMarkIsALetter)
{
    m_scenes.makeLive(m_window);
    key(Qt::Key_Slash);
    type("ok?");
    EXPECT_FALSE(isShown("keyCard"));
    EXPECT_EQ(part<QLineEdit>("questionField")->text(), QStringLiteral("ok?"));
}

TEST_F(KeyCardTest, EveryKeyOfItDoesSomethingOnTheLivePage)
{
    m_scenes.makeLive(m_window);
    for (const KeyMeaning &known : liveKeys()) {
        if (known.key.size() == 1 && known.key != QLatin1String("?") && known.key != QLatin1String("O")) { // O judges an NG that waits
            EXPECT_TRUE(m_window.live().handleKey(known.key.front().unicode())) << known.key.toStdString();
        }
    }
}

TEST_F(WindowTest, OnALowScreenItOpensNoLargerThanTheScreenAndThePagesScroll)
{
    m_window.resize(880, 540);
    EXPECT_EQ(m_window.height(), 540);
    EXPECT_LE(m_window.minimumHeight(), 540) << "1080 lines at 200 %";
    m_window.showPage(MainWindow::Page::Review);
    EXPECT_GE(m_window.review().height(), 440);
}

} // namespace
} // namespace auroraedge::ui::tests
