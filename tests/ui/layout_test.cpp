#include "tests/ui/window_test.h"
#include "ui/dialogs/floating_card.h"
#include "ui/widgets/batch_table.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/flow_layout.h"

#include <QAbstractButton>
#include <QLineEdit>
#include <QMap>
#include <QScrollArea>
#include <QScrollBar>
#include <QTranslator>

#include <array>
#include <memory>
#include <ostream>
#include <tuple>

namespace auroraedge::ui::tests {
namespace {

struct Given
{
    int width, height;
    QLocale::Language language = QLocale::English;
    friend std::ostream &operator<<(std::ostream &out, Given given)
    {
        return out << given.width << "x" << given.height << (given.language == QLocale::Chinese ? " in Chinese" : "");
    }
};

/// The window speaks Chinese while this lives: texts, numbers, dates and the font.
class SpokenChinese final
{
public:
    SpokenChinese()
    {
        QLocale::setDefault(QLocale(QStringLiteral("zh_CN")));
        EXPECT_TRUE(m_texts.load(QStringLiteral(":/i18n/auroraedge_zh_CN.qm")));
        QCoreApplication::installTranslator(&m_texts);
    }
    ~SpokenChinese() { QLocale::setDefault(m_before); } // the texts leave with their translator
    Q_DISABLE_COPY_MOVE(SpokenChinese)

private:
    const QLocale m_before;
    QTranslator m_texts;
};

std::string describe(const QWidget *widget)
{
    const auto *label = qobject_cast<const QLabel *>(widget);
    return std::string(widget->metaObject()->className()) + " '" + widget->objectName().toStdString() + "' "
        + std::to_string(widget->width()) + "x" + std::to_string(widget->height())
        + (label ? " \"" + label->text().toStdString() + "\"" : std::string());
}

/// In a page that scrolls a widget may lie below the edge.
bool scrolls(const QWidget *parent)
{
    return parent->objectName() == QLatin1String("qt_scrollarea_viewport");
}

void expectWholeText(const QLabel *label)
{
    if (label->text().isEmpty() || !label->toolTip().isEmpty())
        return; // the tool tip tells what is left out
    if (qobject_cast<const ElidedLabel *>(label) || label->wordWrap())
        EXPECT_GE(label->height(), label->heightForWidth(label->width())) << describe(label);
    else
        EXPECT_GE(label->width(), label->sizeHint().width()) << describe(label);
}

void expectInsideParent(const QWidget *widget)
{
    const QWidget *parent = widget->parentWidget();
    EXPECT_TRUE(scrolls(parent) || parent->rect().contains(widget->geometry()))
        << describe(widget) << " leaves " << describe(parent);
}

void expectNoOverlap(const QWidget *parent)
{
    QList<const QWidget *> children;
    for (const QObject *child : parent->children()) {
        const auto *widget = qobject_cast<const QWidget *>(child);
        if (widget && widget->isVisible() && !qobject_cast<const FloatingCard *>(widget))
            children.append(widget);
    }
    for (qsizetype first = 0; first < children.size(); ++first) {
        for (qsizetype second = first + 1; second < children.size(); ++second)
            EXPECT_FALSE(children[first]->geometry().intersects(children[second]->geometry()))
                << describe(children[first]) << " over " << describe(children[second]);
    }
}

void expectLargeEnoughToPress(const QWidget *widget)
{
    EXPECT_GE(widget->height(), kTouchPx) << describe(widget);
    EXPECT_GE(widget->width(), kTouchPx) << describe(widget);
    EXPECT_TRUE(widget->width() >= widget->sizeHint().width() || !widget->toolTip().isEmpty()
                || qobject_cast<const QLineEdit *>(widget))
        << describe(widget) << " is cut and does not tell";
}

/// Until every part has its place, also the ones that a timer has just changed.
void settle()
{
    QCoreApplication::processEvents();
    QCoreApplication::processEvents();
    QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
}

void expectTidy(MainWindow &window)
{
    for (const QWidget *widget : window.findChildren<QWidget *>()) {
        if (!widget->isVisible() || widget->isWindow() || qobject_cast<const QScrollBar *>(widget))
            continue;
        expectInsideParent(widget);
        expectNoOverlap(widget);
        if (const auto *label = qobject_cast<const QLabel *>(widget))
            expectWholeText(label);
        if (qobject_cast<const QAbstractButton *>(widget) || qobject_cast<const QLineEdit *>(widget))
            expectLargeEnoughToPress(widget);
    }
}

TEST(FlowLayout, BreaksIntoRowsOfAboutOneLengthAndCutsNothingForThat)
{
    QWidget room;
    auto *flow = new FlowLayout(&room, 8);
    QList<QWidget *> parts;
    for (const int width : {100, 100, 100, 100, 100, 300}) {
        auto *part = new QWidget(&room);
        part->setFixedSize(width, 20);
        flow->addWidget(part);
        parts.append(part);
    }
    room.show();
    const auto rows = [&](int width) {
        room.resize(width, 200);
        flow->setGeometry(room.rect());
        QMap<int, int> counts; // by the top of the row
        for (const QWidget *part : std::as_const(parts)) {
            EXPECT_EQ(part->width(), part == parts.last() ? 300 : 100);
            if (!part->isHidden())
                ++counts[part->y()];
        }
        return counts.values();
    };
    parts.last()->hide();
    EXPECT_EQ(rows(540), (QList<int>{5}));
    EXPECT_EQ(rows(500), (QList<int>{3, 2})) << "not four and a lone one";
    parts.last()->show();
    EXPECT_EQ(rows(440), (QList<int>{4, 2}));
    EXPECT_EQ(rows(400), (QList<int>{3, 2, 1}));
}

class LayoutTest : public ::testing::TestWithParam<Given>
{
protected:
    LayoutTest() { m_theme.applyTo(*qApp); }

    /// The window of the test's size once it has played @p scene.
    [[nodiscard]] std::unique_ptr<MainWindow> showing(const QString &scene)
    {
        auto window = std::make_unique<MainWindow>(m_theme);
        window->resize(GetParam().width, GetParam().height);
        window->show();
        m_scenes.play(*window, scene);
        settle();
        return window;
    }

    const std::unique_ptr<SpokenChinese> m_chinese = GetParam().language == QLocale::Chinese ? std::make_unique<SpokenChinese>() : nullptr;
    const Scenes m_scenes;
    Theme m_theme;
};

TEST_P(LayoutTest, NothingIsCutCoveredOrTooSmallToPressInAnyScene)
{
    for (const QString &name : Scenes::names()) {
        SCOPED_TRACE(name.toStdString());
        expectTidy(*showing(name));
    }
}

TEST_P(LayoutTest, LongNamesAndSentencesFindRoomOrAreToldInToolTips)
{
    MainWindow window(m_theme);
    window.resize(GetParam().width, GetParam().height);
    window.show();
    m_scenes.makeLive(window);
    const QString words = QStringLiteral("A very long sentence about something that nobody expected, with every detail "
                                         "that a driver can give. ");
    ModelState model = Scenes::readyModel();
    model.name = QStringLiteral("a-model-with-a-name-that-somebody-thought-was-a-good-idea-at-the-time");
    model.warnings = {words + words};
    window.setModelState(model);
    SourceState source = Scenes::liveSource();
    source.name = QStringLiteral("rtsp://camera-in-the-third-hall-behind-the-press.factory.example/stream/main");
    window.setSourceState(source);
    PresetQuestions presets;
    for (int number = 0; number < 8; ++number)
        presets.append({QStringLiteral("Incomprehensibilities and other words of great length"), words, {}});
    window.setPresets(presets);
    window.showFrame(m_scenes.picture(0), {1, std::chrono::steady_clock::now(), {}});
    window.raiseFault({Fault::Severity::Warning, QStringLiteral("source"), QStringLiteral("CAM-02"), words, words,
                       QStringLiteral("choose-source"), QStringLiteral("Choose source"), words});
    window.setCounters({29.8, 1'412'000'000, 1'204'000'000, 16});
    ShiftCounters shift;
    shift.total = shift.ok = 999'999;
    shift.ng = shift.unsure = shift.failed = 99'999;
    shift.lastHour = 36'000;
    window.setShiftCounters(shift);
    window.live().askPreset(0);
    window.answerStarted(1, words + words, m_scenes.picture(0));
    AnswerView view = m_scenes.answer(1, Verdict::Unsure);
    view.id = 1;
    view.question = words + words;
    view.reason = words;
    view.expectedAnswer = words;
    window.answerFinished(view);
    settle();
    expectTidy(window);
    window.showPage(MainWindow::Page::Models);
    settle();
    expectTidy(window);
}

TEST_P(LayoutTest, ThePartsOfAPageEndAtOneEdgeWhetherItScrollsOrNot)
{
    for (const auto &[scene, above, below] : {std::tuple{"statistics-full", "statisticsSave", "controlCard"}, {"statistics-empty", "statisticsSave", "statisticsEmpty"},
                                              {"batch-jobs", "batchNew", "batchJobs"}, {"batch-new", "batchNew", "batchForm"},
                                              {"models-list", "modelMemory", "modelCard"}, {"models-failed", "modelMemory", "modelCard"}}) {
        SCOPED_TRACE(scene);
        const std::unique_ptr<MainWindow> shown = showing(QLatin1String(scene));
        MainWindow &window = *shown;
        const auto edge = [&window](const char *name) {
            const auto *part = window.findChild<QWidget *>(QLatin1String(name));
            return part->mapTo(&window, QPoint(part->width(), 0)).x();
        };
        EXPECT_EQ(edge(below), edge(above));
    }
}

TEST_P(LayoutTest, TheJobsOfABatchMakeThePageScrollOnlyWhereThreeOfThemAreTooMany)
{
    for (const char *scene : {"batch-waiting", "batch-failed"}) {
        SCOPED_TRACE(scene);
        const std::unique_ptr<MainWindow> shown = showing(QLatin1String(scene));
        MainWindow &window = *shown;
        const bool scrolls = window.findChild<QScrollArea *>(QStringLiteral("batchScroll"))->verticalScrollBar()->isVisible();
        const int least = BatchTable::kHeaderPx + 3 * BatchTable::kRowPx;
        EXPECT_TRUE(!scrolls || window.findChild<BatchTable *>()->height() <= least);
    }
}

TEST_P(LayoutTest, AVerdictIsAFieldOfItsColourOverAQuarterOfTheWindow)
{
    for (const auto &[scene, colour] : {std::pair{"ok", &ThemeColours::ok}, {"ng", &ThemeColours::ng}, {"unsure", &ThemeColours::unsure}}) {
        SCOPED_TRACE(scene);
        const std::unique_ptr<MainWindow> shown = showing(QLatin1String(scene));
        MainWindow &window = *shown;
        const QImage seen = window.grab().toImage();
        const QRgb wanted = (m_theme.colours().*colour).rgb();
        QRect field;
        qint64 coloured = 0;
        for (int y = 0; y < seen.height(); ++y) {
            int first = -1, last = -1;
            for (int x = seen.width() / 3; x < seen.width(); ++x) {
                if (seen.pixel(x, y) != wanted)
                    continue;
                first = first < 0 ? x : first;
                last = x;
                ++coloured;
            }
            if (last - first > seen.width() / 5) // a row of the field, not of a mark in the strip below it
                field |= QRect(first, y, last - first + 1, 1);
        }
        const double whole = double(seen.width()) * seen.height();
        EXPECT_GE(field.width() * double(field.height()) / whole, 0.25);
        EXPECT_GE(double(coloured) / whole, 0.125) << "at least half of it is colour: the rest is what is said on it";
    }
}

TEST_P(LayoutTest, AnEarlierVerdictIsOnlyOutlined)
{
    const std::unique_ptr<MainWindow> shown = showing(QStringLiteral("earlier-ng"));
    MainWindow &window = *shown;
    const auto *card = window.findChild<QWidget *>(QStringLiteral("stored.resultCard"));
    ASSERT_TRUE(card->isVisible());
    const QImage seen = const_cast<QWidget *>(card)->grab().toImage();
    EXPECT_EQ(seen.pixelColor(seen.width() / 2, 1), m_theme.colours().ngText);
    EXPECT_EQ(seen.pixelColor(seen.width() / 2, seen.height() - 8 * int(seen.devicePixelRatio())), m_theme.colours().surface);
}

INSTANTIATE_TEST_SUITE_P(Windows, LayoutTest,
                         ::testing::Values(Given{880, 540}, Given{880, 560}, Given{880, 800}, Given{1024, 720}, Given{1280, 800}, Given{1920, 1080},
                                           Given{1080, 1600}, Given{880, 540, QLocale::Chinese}, Given{1280, 800, QLocale::Chinese}),
                         [](const auto &given) {
                             return "At" + std::to_string(given.param.width) + "x" + std::to_string(given.param.height)
                                 + (given.param.language == QLocale::Chinese ? "InChinese" : "");
                         });

struct Pair
{
    const char *name;
    QColor ThemeColours::*ink, ThemeColours::*ground;
};

class ContrastTest : public ::testing::TestWithParam<ThemeKind>
{
};

TEST_P(ContrastTest, EveryTextIsReadableOnItsGround)
{
    using C = ThemeColours;
    const std::array pairs = {
        Pair{"text on window", &C::text, &C::window},          Pair{"text on surface", &C::text, &C::surface},
        Pair{"text on raised", &C::text, &C::raised},          Pair{"text on hover", &C::text, &C::hover},
        Pair{"text on pressed", &C::text, &C::pressed},        Pair{"muted on window", &C::textMuted, &C::window},
        Pair{"muted on surface", &C::textMuted, &C::surface},  Pair{"muted on raised", &C::textMuted, &C::raised},
        Pair{"disabled on window", &C::textDisabled, &C::window}, Pair{"disabled on surface", &C::textDisabled, &C::surface},
        Pair{"on accent", &C::onAccent, &C::accent},           Pair{"on accent hover", &C::onAccent, &C::accentHover},
        Pair{"on accent pressed", &C::onAccent, &C::accentPressed}, Pair{"accent on soft", &C::accentText, &C::accentSoft},
        Pair{"accent on surface", &C::accentText, &C::surface}, Pair{"on OK", &C::onOk, &C::ok},
        Pair{"on NG", &C::onNg, &C::ng},                       Pair{"on UNSURE", &C::onUnsure, &C::unsure},
        Pair{"OK text", &C::okText, &C::surface},              Pair{"NG text", &C::ngText, &C::surface},
        Pair{"NG text on soft", &C::ngText, &C::ngSoft},       Pair{"text on NG soft", &C::text, &C::ngSoft},
        Pair{"UNSURE text", &C::unsureText, &C::surface},      Pair{"UNSURE text on window", &C::unsureText, &C::window},
        Pair{"UNSURE text on soft", &C::unsureText, &C::unsureSoft}, Pair{"badge", &C::onOverlay, &C::overlay},
        Pair{"NG text on hover", &C::ngText, &C::hover},       Pair{"marked region", &C::onOverlay, &C::stage},
        Pair{"muted on hover", &C::textMuted, &C::hover},      Pair{"disabled on raised", &C::textDisabled, &C::raised},
    };
    const ThemeColours colours = Theme::coloursOf(GetParam());
    for (const Pair &pair : pairs)
        EXPECT_GE(contrastRatio(colours.*pair.ink, colours.*pair.ground), 4.5) << pair.name;
    for (const QColor ThemeColours::*edge : {&C::outlineStrong, &C::focus})
        EXPECT_GE(contrastRatio(colours.*edge, colours.surface), 3.0);
}

TEST_P(ContrastTest, ThePlaceholderOfTheQuestionFieldIsReadable)
{
    Theme theme(GetParam());
    theme.applyTo(*qApp);
    MainWindow window(theme);
    window.show();
    const auto *field = window.findChild<QLineEdit *>(QStringLiteral("questionField"));
    const QColor ink = field->palette().color(QPalette::PlaceholderText);
    ASSERT_EQ(ink.alpha(), 255);
    EXPECT_GE(contrastRatio(ink, theme.colours().surface), 4.5);
}

INSTANTIATE_TEST_SUITE_P(Themes, ContrastTest, ::testing::Values(ThemeKind::Dark, ThemeKind::Light),
                         [](const auto &given) { return given.param == ThemeKind::Dark ? "Dark" : "Light"; });

TEST(Contrast, KnowsTheExtremes)
{
    EXPECT_NEAR(contrastRatio(Qt::black, Qt::white), 21, 1e-9);
    EXPECT_NEAR(contrastRatio(Qt::red, Qt::red), 1, 1e-9);
}

} // namespace
} // namespace auroraedge::ui::tests
