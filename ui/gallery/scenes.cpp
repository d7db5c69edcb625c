#include "ui/gallery/scenes.h"

#include "ui/dialogs/source_chooser.h"
#include "ui/gallery/batch_values.h"
#include "ui/gallery/station_words.h"
#include "ui/gallery/statistics_values.h"
#include "ui/models/frame_image.h"
#include "ui/models/recent_model.h"
#include "ui/panels/batch_panel.h"
#include "ui/panels/live_panel.h"
#include "ui/panels/model_panel.h"
#include "ui/panels/review_panel.h"
#include "ui/panels/statistics_panel.h"

#include <QAbstractButton>
#include <QColor>
#include <QCoreApplication>
#include <QLineEdit>
#include <QListView>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QScrollBar>

#include <tuple>

namespace auroraedge::ui {

namespace {

const QString kLongAnswer = QStringLiteral(
    "The picture shows a transparent plastic bottle that stands upright on a dark conveyor belt. Its white screw cap is "
    "seated straight and the tamper ring below it is closed. The label is missing, and the fill level lies just under the "
    "shoulder. Behind the bottle a second one enters from the left; only its lower half can be seen, so nothing can be "
    "said about its cap. The belt itself is clean. ");

QString diskFull()
{
    return told("the disk is full", QStringLiteral("the disk is full"));
}

/// As ReviewDesk and StatisticsDesk tell an error.
QString diskFullWithCode()
{
    return QStringLiteral("FS-09: ") + diskFull();
}

Fault storeFault(const char *topic)
{
    Fault fault;
    fault.topic = QLatin1String(topic);
    fault.code = QStringLiteral("FS-09");
    fault.cause = diskFull();
    fault.effect = said("Station", "Answers are shown but not stored, and none of them counts as OK.");
    fault.isLatched = fault.isStanding = fault.topic == QLatin1String("database");
    return fault;
}

FrameStatus statusNow(quint64 sequence)
{
    return {sequence, std::chrono::steady_clock::now(), QStringLiteral("sim:")};
}

} // namespace

Scenes::Scenes(QList<QImage> pictures) : m_pictures(std::move(pictures))
{
    for (int shade = 0; m_pictures.isEmpty() || shade < 2 - m_pictures.size(); ++shade) {
        QImage grey(640, 480, QImage::Format_RGB888);
        grey.fill(QColor(90 + 40 * shade, 96, 104));
        m_pictures.append(grey);
    }
}

QStringList Scenes::names()
{
    return {QStringLiteral("empty"), QStringLiteral("loading"), QStringLiteral("model-failed"),
            QStringLiteral("live"), QStringLiteral("busy"), QStringLiteral("streaming"),
            QStringLiteral("ok"), QStringLiteral("ng"), QStringLiteral("ng-reasons"),
            QStringLiteral("ng-overruled"), QStringLiteral("unsure"), QStringLiteral("free-answer"),
            QStringLiteral("earlier"), QStringLiteral("earlier-ng"), QStringLiteral("earlier-missing"),
            QStringLiteral("region-drawing"), QStringLiteral("region"), QStringLiteral("trigger-interval"),
            QStringLiteral("trigger-motion"), QStringLiteral("counters-reset"), QStringLiteral("frozen"),
            QStringLiteral("moved-on"), QStringLiteral("settling"), QStringLiteral("stands-still"), QStringLiteral("keys"), QStringLiteral("many-faults"),
            QStringLiteral("left-out"), QStringLiteral("question-too-long"),
            QStringLiteral("camera-lost"), QStringLiteral("failed"), QStringLiteral("fault"),
            QStringLiteral("very-long"), QStringLiteral("chooser"), QStringLiteral("chooser-full"),
            QStringLiteral("network-camera"), QStringLiteral("network-tested"), QStringLiteral("network-failed"),
            QStringLiteral("network-keeping"), QStringLiteral("camera-settings"), QStringLiteral("models-list"),
            QStringLiteral("models-other"), QStringLiteral("models-loading"), QStringLiteral("models-failed"),
            QStringLiteral("models-importing"), QStringLiteral("models-altered"), QStringLiteral("models-empty"),
            QStringLiteral("review-empty"), QStringLiteral("review-nothing"), QStringLiteral("review-small"),
            QStringLiteral("review-medium"), QStringLiteral("review-large-cells"), QStringLiteral("review-filtered"),
            QStringLiteral("review-detail"), QStringLiteral("review-compare"), QStringLiteral("review-pending"),
            QStringLiteral("review-failed"), QStringLiteral("review-note"), QStringLiteral("review-left-out"),
            QStringLiteral("review-long"), QStringLiteral("review-loading"), QStringLiteral("review-page-failed"),
            QStringLiteral("review-views-damaged"), QStringLiteral("review-views"), QStringLiteral("review-from-chart"),
            QStringLiteral("review-reviewer"), QStringLiteral("review-notes"), QStringLiteral("review-not-shown"),
            QStringLiteral("review-times"), QStringLiteral("review-held"), QStringLiteral("review-tagging"), QStringLiteral("review-removed"),
            QStringLiteral("review-export-offered"), QStringLiteral("review-exporting"), QStringLiteral("review-exported"),
            QStringLiteral("review-export-failed"), QStringLiteral("review-newer"),
            QStringLiteral("batch-empty"), QStringLiteral("batch-filled"), QStringLiteral("batch-refused"),
            QStringLiteral("batch-more"), QStringLiteral("batch-counting"), QStringLiteral("batch-planned"), QStringLiteral("batch-models"),
            QStringLiteral("batch-jobs"), QStringLiteral("batch-waiting"), QStringLiteral("batch-failures"), QStringLiteral("batch-failed"),
            QStringLiteral("batch-new"), QStringLiteral("batch-many"), QStringLiteral("batch-long"), QStringLiteral("batch-damaged"),
            QStringLiteral("statistics-full"), QStringLiteral("statistics-below"), QStringLiteral("statistics-marked"),
            QStringLiteral("statistics-computing"), QStringLiteral("statistics-one-hour"), QStringLiteral("statistics-long-names"),
            QStringLiteral("statistics-empty"), QStringLiteral("statistics-loading"), QStringLiteral("statistics-failed"),
            QStringLiteral("statistics-export"), QStringLiteral("statistics-export-one"), QStringLiteral("statistics-exported"),
            QStringLiteral("statistics-export-failed"), QStringLiteral("about-page")};
}

ModelEntries Scenes::modelEntries()
{
    const ModelState ready = readyModel();
    ModelEntry nano{.folder = ready.folder, .name = ready.name, .isShipped = true, .fileBytes = 19'812'000, .parameters = ready.parameters};
    nano.files = FilesState::Good;
    nano.speed = ModelSpeed{96, 118, 20, QDateTime(QDate(2026, 11, 20), QTime(14, 2), Qt::UTC), ready.device, ready.precision};
    ModelEntry large{.folder = QStringLiteral("/data/models/auroraedge-v-2b"), .name = QStringLiteral("auroraedge-v-2b"), .fileBytes = 4'071'000'000,
                     .parameters = 2'035'648'880};
    const auto fact = [](const char *text, std::initializer_list<const char *> figures) {
        QString words = said("Error", text);
        for (const char *figure : figures)
            words = words.arg(QLatin1String(figure));
        return words;
    };
    large.facts = {{QStringLiteral("vision"), fact("%1 wide, %2 layers, %3 heads, MLP %4, patch %5", {"768", "12", "12", "3072", "16"})},
                   {QStringLiteral("decoder"), fact("%1 wide, %2 layers, %3 heads (%4 KV), MLP %5, vocabulary %6",
                                                    {"1536", "28", "12", "2", "8960", "151936"})}};
    large.warnings = {told("the connectors are untrained: answers mean nothing yet", QStringLiteral("connectors untrained: projector, compressor, fusion"))};
    ModelEntry broken{.folder = QStringLiteral("/data/models/caps-2026-11"), .name = QStringLiteral("caps-2026-11"), .fileBytes = 1'200'000};
    broken.problem = told("the weight file is too short", QStringLiteral("model.safetensors is shorter than its header says"));
    return {nano, large, broken};
}

ModelState Scenes::readyModel()
{
    ModelState model;
    model.condition = ModelCondition::Ready;
    model.name = QStringLiteral("nano");
    model.folder = QStringLiteral("/opt/auroraedge/share/models/nano");
    model.device = QStringLiteral("cpu");
    model.deviceReason = said("Error", "no usable GPU was found");
    model.precision = QStringLiteral("fp32");
    model.parameters = 9'984'256;
    model.weightBytes = 39'937'024;
    model.loadMs = 184;
    model.sha256 = QStringLiteral("3f1b0c52a9d4e7768c1f2e93b7a05d6e4c8f90a1b2c3d4e5f60718293a4b5c6d");
    model.visualTokens = 64;
    model.maxQuestionTokens = 512;
    return model;
}

SourceState Scenes::liveSource()
{
    SourceState source;
    source.condition = SourceCondition::Live;
    source.uri = QStringLiteral("sim:");
    source.name = said("Station", "Simulated line");
    source.isSimulated = true;
    return source;
}

PresetQuestions Scenes::presets()
{
    return {{QStringLiteral("Cap on?"), QStringLiteral("Is there a cap on the bottle?"), QStringLiteral("yes")},
            {QStringLiteral("How many bottles?"), QStringLiteral("How many bottles are in the picture?"), {}},
            {QStringLiteral("How many caps?"), QStringLiteral("How many caps are in the picture?"), {}},
            {QStringLiteral("Digit"), QStringLiteral("Which digit is shown?"), {}}};
}

QImage Scenes::picture(int number) const
{
    return m_pictures.at(number % m_pictures.size());
}

AnswerView Scenes::answer(int number, std::optional<Verdict> verdict) const
{
    AnswerView answer;
    answer.id = number;
    answer.row = 1200 + number;
    answer.verdict = verdict;
    answer.question = presets().first().question;
    answer.expectedAnswer = verdict ? QStringLiteral("yes") : QString();
    answer.answer = verdict == Verdict::Ok ? QStringLiteral("yes") : verdict == Verdict::Ng ? QStringLiteral("no") : QStringLiteral("yes");
    answer.probability = verdict == Verdict::Unsure ? 0.58 : 0.973;
    if (verdict == Verdict::Ng)
        answer.reason = said("Station", "expected: %1").arg(answer.expectedAnswer);
    if (verdict == Verdict::Unsure) {
        answer.code = QStringLiteral("ANS-03");
        answer.reason = said("Station", "probability %1 is below %2").arg(QStringLiteral("0.58"), QStringLiteral("0.80"));
    }
    if (!verdict) {
        answer.question = presets().at(1).question;
        answer.answer = QString::number(1 + number % 3);
        answer.probability = 0.9996;
    }
    answer.answerTokens = 2;
    answer.latency = {0, 3.1, 4.2, 61.5, 1.1, 0.9, 3.6, 18.4, 92.0, 6.1, 101.8};
    answer.thumbnail = thumbnailOf(picture(number));
    answer.source = liveSource().name;
    answer.model = readyModel().name;
    answer.answeredAt = QDateTime(QDate(2026, 3, 9), QTime(14, 2, 0)).addSecs(7 * number);
    return answer;
}

void Scenes::makeLive(MainWindow &window) const
{
    window.setModelState(readyModel());
    window.setPresets(presets());
    window.setSourceState(liveSource());
    window.showFrame(picture(0), statusNow(1));
    window.setCounters({29.8, 1412, 1204, 0});
    window.setShiftCounters(counters());
}

CameraControls Scenes::cameraControls()
{
    using Condition = CameraControlState::Condition;
    return {QStringLiteral("uvc:usb-046d_HD_Pro_Webcam_C920_A1B2C3D4-video-index0"),
            {{CameraControl::Exposure, Condition::Adjustable, true, true, 250, 3, 2'047, 1},
             {CameraControl::WhiteBalance, Condition::Refused, true, false, 4'600, 2'800, 6'500, 10},
             {CameraControl::Focus, Condition::Missing, false, false, 0, 0, 0, 1},
             {CameraControl::Gain, Condition::Adjustable, false, false, 20, 0, 100, 5}}};
}

ShiftCounters Scenes::counters()
{
    ShiftCounters counters;
    counters.since = QDateTime(QDate::currentDate(), QTime(6, 0));
    counters.total = 1204;
    counters.ok = 1187;
    counters.ng = 14;
    counters.unsure = 2;
    counters.failed = 1;
    counters.lastHour = 412;
    return counters;
}

void Scenes::playModels(MainWindow &window, const QString &name)
{
    window.showPage(MainWindow::Page::Models);
    ModelPanel &panel = window.models();
    if (name == QLatin1String("models-empty"))
        return;
    ModelState model = readyModel();
    ModelEntries entries = modelEntries();
    panel.setFreeMemory(3'900'000'000);
    if (name == QLatin1String("models-loading")) {
        model.condition = ModelCondition::Loading;
        model.name = entries.at(1).name;
        model.folder = entries.at(1).folder;
        model.progress = 0.42;
    } else if (name == QLatin1String("models-failed")) {
        model.condition = ModelCondition::Failed;
        model.code = QStringLiteral("MOD-01");
        model.sentence = entries.at(2).problem;
        model.name = entries.at(2).name;
        model.folder = entries.at(2).folder;
    } else if (name == QLatin1String("models-importing")) {
        panel.setJob({ModelJob::Kind::Importing, QStringLiteral("/media/usb/bottles"), 0.63, {}, false});
    } else if (name == QLatin1String("models-altered")) {
        entries[0].files = FilesState::Altered;
        entries[0].alteredFiles = QStringList{QStringLiteral("model.safetensors")};
        panel.setJob({ModelJob::Kind::None, {}, 0, said("auroraedge::app::ModelDesk", "Altered or missing: %1").arg(QStringLiteral("model.safetensors")), true});
    }
    window.setModelState(model);
    panel.setEntries(entries);
    if (name == QLatin1String("models-other"))
        panel.findChild<QAbstractButton *>(QStringLiteral("modelRow-") + entries.at(1).name)->click();
}

ReviewItems Scenes::reviewItems(int first, int count) const
{
    ReviewItems items;
    for (int number = first; number > first - count; --number) {
        const Verdict verdict = number % 5 == 0 ? Verdict::Ng : number % 7 == 0 ? Verdict::Unsure : Verdict::Ok;
        ReviewItem item;
        item.answer = answer(number, verdict);
        const QDateTime at = item.answer.answeredAt.addSecs(3600);
        const Review agreed{verdict, {}, QStringLiteral("anna"), at};
        const Review other{verdict == Verdict::Ok ? Verdict::Ng : Verdict::Ok, {}, QStringLiteral("ben"), at};
        if (number % 4 == 1)
            item.answer.review = agreed;
        if (number % 4 == 2 || number % 12 == 3) {
            item.answer.review = other;
            item.defectClass = other.verdict == Verdict::Ng ? QStringLiteral("cap missing") : QString();
        }
        if (number % 12 == 3)
            item.reviewers = {other, agreed};
        items.append(item);
    }
    return items;
}

void Scenes::playReview(MainWindow &window, const QString &name) const
{
    window.showPage(MainWindow::Page::Review);
    ReviewPanel &panel = window.review();
    const auto press = [&panel](std::initializer_list<int> keys) {
        for (const int key : keys)
            std::ignore = panel.handleKey(key);
    };
    panel.setDefectClasses({QStringLiteral("cap missing"), QStringLiteral("cap askew"), QStringLiteral("label"), QStringLiteral("fill level")});
    ReviewFilter filter;
    if (name == QLatin1String("review-nothing") || name == QLatin1String("review-filtered")) {
        filter.verdicts = {Verdict::Ng};
        filter.unreviewedOnly = true;
        filter.text = name == QLatin1String("review-nothing") ? QStringLiteral("crack") : QString();
        filter.latencyAboveMs = 250;
    }
    if (name == QLatin1String("review-from-chart")) {
        filter.from = QDateTime(QDate(2026, 3, 9), QTime(6, 0));
        filter.until = QDateTime(QDate(2026, 3, 9), QTime(14, 0));
        filter.counted = {Verdict::Ng};
        filter.model = readyModel().name;
        filter.device = QStringLiteral("cuda:0");
        filter.stage = {QStringLiteral("encode"), 82, 0};
        filter.reviewer = QStringLiteral("anna");
        filter.otherReviewer = QStringLiteral("ben");
        filter.heldOnly = true;
    }
    panel.setReviewer(name == QLatin1String("review-long") ? QStringLiteral("annabella.von-der-langenstrasse@factory.example") : QStringLiteral("maria"));
    panel.setExportFolder(QStringLiteral("/var/lib/auroraedge/exports"));
    panel.setFilter(filter);
    if (name == QLatin1String("review-loading"))
        return;
    if (name == QLatin1String("review-page-failed"))
        return panel.pageFailed(QStringLiteral("DB-01: ") + told("the database is in use", QStringLiteral("the database is in use")));
    const bool isEmpty = name == QLatin1String("review-empty") || name == QLatin1String("review-nothing");
    ReviewItems items = isEmpty ? ReviewItems() : reviewItems(60, 60);
    if (name == QLatin1String("review-long")) {
        for (ReviewItem &item : items) {
            item.answer.question = item.answer.answer = item.answer.reason = kLongAnswer;
            item.notes = {{QStringLiteral("ben"), kLongAnswer}};
            item.answer.source = item.answer.model = QStringLiteral("a-name-that-somebody-thought-was-a-good-idea-at-the-time");
        }
    }
    if (name == QLatin1String("review-held") || name == QLatin1String("review-tagging")) {
        for (qsizetype i = 0; i < items.size(); i += 3) {
            items[i].isHeld = i % 2 == 0;
            items[i].tags = {QStringLiteral("customer 4711"), QStringLiteral("night shift")};
        }
        items.first().notes = {{QStringLiteral("ben"), QStringLiteral("seen twice")}};
    }
    if (name == QLatin1String("review-notes"))
        items.first().notes = {{QStringLiteral("maria"), QStringLiteral("cap is on, but not closed")}, {QStringLiteral("ben"), QStringLiteral("seen twice")}};
    if (name == QLatin1String("review-removed"))
        items.first().pictureRemovedAt = QDateTime(QDate(2026, 6, 9), QTime(2, 0), Qt::UTC);
    const qint64 stored = name == QLatin1String("review-empty") ? 0 : 48'211;
    panel.setPage({filter, items, false, false});
    panel.setTotals({filter, items.size() * 5, items.size() * 4, stored});
    if (isEmpty)
        return;
    for (int number = 60; number > 0; --number) {
        if (const bool isLost = name == QLatin1String("review-not-shown") && number % 6 == 0; isLost)
            panel.setThumbnail(1200 + number, {});
        else
            panel.setThumbnail(1200 + number, thumbnailOf(picture(number)));
        panel.showPicture(1200 + number, picture(number));
    }
    ReviewEntries history{{{Verdict::Ok, {}, QStringLiteral("ben"), items.first().answer.answeredAt}, {}, QStringLiteral("seen twice"), false},
                          {{Verdict::Ng, {}, QStringLiteral("anna"), items.first().answer.answeredAt}, QStringLiteral("cap missing"), {}, true}};
    panel.setDetail({panel.currentRow(), history, items.mid(0, 9)});
    if (name == QLatin1String("review-small"))
        window.findChild<QAbstractButton *>(QStringLiteral("sizeS"))->click();
    if (name == QLatin1String("review-large-cells"))
        window.findChild<QAbstractButton *>(QStringLiteral("sizeL"))->click();
    if (name == QLatin1String("review-detail"))
        press({Qt::Key_P});
    if (name == QLatin1String("review-compare")) {
        press({Qt::Key_C});
        panel.showPicture(1260, picture(60));
        panel.showPicture(1259, picture(59));
        panel.setDetail({panel.currentRow(), history, items.mid(0, 9)});
    }
    if (name == QLatin1String("review-pending") || name == QLatin1String("review-failed"))
        press({Qt::Key_N, Qt::Key_1, Qt::Key_K});
    if (name == QLatin1String("review-failed"))
        panel.decisionFailed(1259, diskFullWithCode());
    if (name == QLatin1String("review-note"))
        press({Qt::Key_M});
    if (name == QLatin1String("review-not-shown")) {
        QCoreApplication::processEvents(); // paints what is accepted
        press({Qt::Key_Return});
    }
    if (name == QLatin1String("review-reviewer")) {
        panel.setChoices({{}, {}, {}, {{QStringLiteral("anna"), 412}, {QStringLiteral("ben"), 77}}, {}});
        press({Qt::Key_W});
    }
    if (name == QLatin1String("review-times"))
        window.findChild<QAbstractButton *>(QStringLiteral("chipTime"))->click();
    if (name == QLatin1String("review-left-out"))
        press({Qt::Key_X, Qt::Key_J, Qt::Key_X, Qt::Key_J});
    if (name == QLatin1String("review-removed")) {
        panel.setThumbnail(panel.currentRow(), {});
        panel.showPicture(panel.currentRow(), {});
    }
    if (name == QLatin1String("review-tagging"))
        press({Qt::Key_T});
    if (name == QLatin1String("review-views-damaged"))
        panel.tell(said("auroraedge::app::ReviewDesk", "Some saved views are damaged and cannot be read (%1). Their file was kept as %2.")
                       .arg(QStringLiteral("RCP-01"), QStringLiteral("/var/lib/auroraedge/review_views.json.damaged")));
    if (name == QLatin1String("review-views")) {
        ReviewFilter ng;
        ng.verdicts = {Verdict::Ng};
        panel.setSavedViews({{QStringLiteral("All"), filter}, {QStringLiteral("NG of the night shift"), ng},
                             {QStringLiteral("A view with a name that somebody thought was a good idea at the time"), ng}});
        window.findChild<QAbstractButton *>(QStringLiteral("filterViews"))->click();
    }
    using Condition = ReviewExportState::Condition;
    if (name.startsWith(QLatin1String("review-export")))
        press({Qt::Key_E});
    if (name == QLatin1String("review-exporting"))
        panel.setExport({.rows = 120'000, .total = 500'000, .secondsLeft = 22});
    if (name == QLatin1String("review-exported"))
        panel.setExport({.condition = Condition::Done, .rows = 500'000, .place = QStringLiteral("/var/lib/auroraedge/exports/answers-2026-03-09-140200.csv"),
                         .sentence = said("auroraedge::app::ReviewDesk", "Answers: %1.").arg(QStringLiteral("500,000"))});
    if (name == QLatin1String("review-export-failed"))
        panel.setExport({.condition = Condition::Failed, .sentence = diskFullWithCode()});
    if (name == QLatin1String("review-newer"))
        panel.setNewer({filter, panel.itemAtEnd(false)->row(), 12});
}

void Scenes::playBatch(MainWindow &window, const QString &name)
{
    BatchPanel &panel = window.batch();
    const auto press = [&panel](const char *button) { panel.findChild<QAbstractButton *>(QLatin1String(button))->click(); };
    panel.setModels(modelEntries());
    window.showPage(MainWindow::Page::Batch);
    if (name == QLatin1String("batch-empty"))
        return;
    const auto fill = [&panel](const QString &out) {
        panel.findChild<QLineEdit *>(QStringLiteral("batchSource"))->setText(QStringLiteral("/data/line3-archive"));
        panel.findChild<QPlainTextEdit *>(QStringLiteral("batchQuestions"))->setPlainText(presets().at(0).question + QLatin1Char('\n') + presets().at(3).question);
        panel.findChild<QLineEdit *>(QStringLiteral("batchOut"))->setText(out);
    };
    const QString out = QStringLiteral("/data/answers/line3.jsonl");
    if (name == QLatin1String("batch-filled") || name == QLatin1String("batch-models") || name == QLatin1String("batch-counting")
        || name == QLatin1String("batch-planned") || name == QLatin1String("batch-more")) {
        fill(out);
        press("batchRecursive");
        if (name == QLatin1String("batch-models"))
            press("batchModel");
        if (name == QLatin1String("batch-counting"))
            press("batchDryRun");
        if (name == QLatin1String("batch-planned"))
            panel.showPlan({.condition = BatchPlan::Condition::Ready, .pictures = 20'000, .seconds = 8'300, .freeBytes = 214'000'000'000});
        if (name == QLatin1String("batch-more")) {
            press("batchWatch");
            press("batchMore");
        }
        return;
    }
    if (name == QLatin1String("batch-refused")) {
        fill(QStringLiteral("/data/answers/line3.xlsx"));
        press("batchAdd");
        return;
    }
    panel.setJobs(name == QLatin1String("batch-many") ? manyBatchJobs() : name == QLatin1String("batch-long") ? longBatchJobs() : batchJobs());
    if (name == QLatin1String("batch-waiting"))
        panel.chooseJob(3);
    if (name == QLatin1String("batch-failed"))
        panel.chooseJob(7);
    if (name == QLatin1String("batch-failures")) {
        panel.chooseJob(6);
        panel.setFailures(6, batchFailures(12));
    }
    if (name == QLatin1String("batch-jobs"))
        panel.setFailures(1, batchFailures(3));
    if (name == QLatin1String("batch-many") || name == QLatin1String("batch-long"))
        panel.setFailures(1, batchFailures(10'000));
    if (name == QLatin1String("batch-new")) {
        press("batchNew");
        fill(out);
    }
    if (name == QLatin1String("batch-damaged"))
        panel.tell(said("auroraedge::app::BatchDesk", "SET-01: Some jobs could not be read. Their file was kept as %1.")
                       .arg(QStringLiteral("/var/lib/auroraedge/batch_jobs.json.damaged")), true);
}

void Scenes::playStatistics(MainWindow &window, const QString &name)
{
    StatisticsPanel &panel = window.statistics();
    window.showPage(MainWindow::Page::Statistics);
    panel.setChoices({{{presets().first().question, 8'912}}, {{readyModel().name, 8'410}}, {{liveSource().name, 8'912}}, {}, {}});
    if (name == QLatin1String("statistics-loading"))
        return;
    if (name == QLatin1String("statistics-one-hour"))
        panel.findChild<QAbstractButton *>(QStringLiteral("statisticsRange-%1").arg(int(StatisticsRange::Hours8)))->click();
    panel.setPage(name == QLatin1String("statistics-empty")        ? emptyStatistics()
                  : name == QLatin1String("statistics-computing")  ? computingStatistics()
                  : name == QLatin1String("statistics-failed")     ? failedStatistics()
                  : name == QLatin1String("statistics-one-hour")   ? oneHourStatistics()
                  : name == QLatin1String("statistics-long-names") ? longNameStatistics()
                                                                   : fullStatistics());
    if (name == QLatin1String("statistics-export-one"))
        panel.findChild<QAbstractButton *>(QStringLiteral("defectsCard.save"))->click();
    if (name == QLatin1String("statistics-exported"))
        panel.tellExport(said("auroraedge::app::StatisticsDesk", "Written to %1")
                             .arg(QStringLiteral("/var/lib/auroraedge/reports/shift-report-2026-03-09-140200.pdf")), false);
    if (name == QLatin1String("statistics-export-failed"))
        panel.tellExport(diskFullWithCode(), true);
    if (name == QLatin1String("statistics-export"))
        panel.findChild<QAbstractButton *>(QStringLiteral("statisticsSave"))->click();
    QCoreApplication::processEvents(); // what is below is known once it is laid out
    if (name == QLatin1String("statistics-marked"))
        panel.findChild<QWidget *>(QStringLiteral("hoursCard.view"))->setFocus(Qt::TabFocusReason);
    if (name == QLatin1String("statistics-below") || name == QLatin1String("statistics-long-names")) {
        QScrollBar *bar = panel.findChild<QScrollArea *>(QStringLiteral("statisticsScroll"))->verticalScrollBar();
        bar->setValue(bar->maximum());
    }
}

void Scenes::play(MainWindow &window, const QString &name) const
{
    AnswerViews recent;
    for (int number = 9; number > 0; --number) {
        const std::optional<Verdict> verdict = number % 4 == 0   ? std::optional<Verdict>()
                                               : number % 5 == 0 ? Verdict::Ng
                                               : number % 7 == 0 ? Verdict::Unsure
                                                                 : Verdict::Ok;
        recent.append(answer(number, verdict));
    }
    if (name == QLatin1String("empty"))
        return;
    if (name == QLatin1String("loading") || name == QLatin1String("model-failed")) {
        ModelState model;
        model.name = QStringLiteral("nano");
        model.condition = name == QLatin1String("loading") ? ModelCondition::Loading : ModelCondition::Failed;
        model.progress = 0.42;
        model.code = QStringLiteral("MOD-12");
        const QString missing = QStringLiteral("missing: vision.proj.weight (and 3 more)");
        model.sentence = told("weights are missing in the model", missing);
        makeLive(window);
        window.setModelState(model);
        if (model.condition == ModelCondition::Failed)
            window.raiseFault({Fault::Severity::Error, QStringLiteral("model"), model.code, model.sentence,
                               said("Station", "Questions cannot be answered."), QStringLiteral("models"), said("Station", "Choose model"),
                               QStringLiteral("/opt/auroraedge/share/models/nano/model.safetensors\n") + missing});
        return;
    }
    makeLive(window);
    window.setRecent(recent);
    const auto start = [&window, this](int preset, qint64 id) {
        window.live().askPreset(preset);
        window.answerStarted(id, presets().at(preset).question, picture(0));
    };
    QRectF region;
    const auto finish = [&](std::optional<Verdict> verdict) {
        start(verdict ? 0 : 1, 10);
        AnswerView done = answer(10, verdict);
        done.thumbnail = thumbnailOf(picture(0));
        done.region = region;
        window.answerFinished(done);
    };
    const auto open = [&window](int place) {
        auto *strip = window.findChild<QListView *>(QStringLiteral("recentStrip"));
        const QModelIndex index = strip->model()->index(place, 0);
        Q_EMIT strip->clicked(index);
        return index.data(RecentModel::AnswerRole).value<AnswerView>().row;
    };
    const auto press = [&window](std::initializer_list<int> keys) {
        for (const int key : keys)
            std::ignore = window.live().handleKey(key);
    };
    if (name == QLatin1String("busy")) {
        start(0, 10);
        window.answerPhase(10, Stage::Encode);
    } else if (name == QLatin1String("streaming")) {
        start(0, 10);
        window.answerPhase(10, Stage::Generate);
        window.answerText(10, QStringLiteral("A bottle with a white"));
    } else if (name == QLatin1String("ok")) {
        finish(Verdict::Ok);
    } else if (name == QLatin1String("ng")) {
        finish(Verdict::Ng);
    } else if (name == QLatin1String("ng-reasons")) {
        finish(Verdict::Ng);
        press({Qt::Key_O});
    } else if (name == QLatin1String("ng-overruled")) {
        finish(Verdict::Ng);
        window.setReview(answer(10, {}).row, {Verdict::Ok, QStringLiteral("Reflection or dirt"), QStringLiteral("anna"),
                                              QDateTime(QDate(2026, 3, 9), QTime(14, 5))});
    } else if (name == QLatin1String("unsure")) {
        finish(Verdict::Unsure);
    } else if (name == QLatin1String("free-answer")) {
        finish(std::nullopt);
    } else if (name == QLatin1String("earlier")) {
        finish(Verdict::Ok);
        const qint64 row = open(6);
        window.showStoredPicture(row, picture(int(row) - 1200)); // as answer() numbers them
    } else if (name == QLatin1String("earlier-ng")) {
        finish(Verdict::Ok);
        open(0);
    } else if (name == QLatin1String("earlier-missing")) {
        finish(Verdict::Ok);
        window.showStoredPicture(open(3), {});
    } else if (name == QLatin1String("region-drawing")) {
        finish(Verdict::Ok);
        press({Qt::Key_D});
    } else if (name == QLatin1String("region")) {
        press({Qt::Key_D});
        region = {0.25, 0.25, 0.5, 0.5};
        finish(Verdict::Ng); // asking takes what was drawn
    } else if (name == QLatin1String("trigger-interval") || name == QLatin1String("trigger-motion")) {
        finish(Verdict::Ok);
        TriggerState trigger;
        trigger.settings.kind = name == QLatin1String("trigger-motion") ? TriggerKind::Motion : TriggerKind::Interval;
        trigger.motion = 0.012;
        trigger.asked = 412;
        trigger.skipped = 3;
        window.setTriggerState(trigger);
        press({Qt::Key_T});
    } else if (name == QLatin1String("counters-reset")) {
        finish(Verdict::Ok);
        window.findChild<QAbstractButton *>(QStringLiteral("shiftReset"))->click();
    } else if (name == QLatin1String("frozen")) {
        finish(Verdict::Ok);
        window.live().setFrozen(true);
    } else if (name == QLatin1String("moved-on")) {
        finish(Verdict::Ok);
        window.showFrame(picture(1), statusNow(2));
    } else if (name == QLatin1String("settling")) {
        finish(Verdict::Ng);
        finish(Verdict::Ng);
    } else if (name == QLatin1String("stands-still")) {
        SourceState still = liveSource();
        still.isSimulated = false;
        still.name = QStringLiteral("Gate 3");
        still.isStill = true;
        window.setSourceState(still);
    } else if (name == QLatin1String("keys")) {
        finish(Verdict::Ok);
        window.openKeys();
    } else if (name == QLatin1String("many-faults")) {
        finish(Verdict::Unsure);
        for (const char *topic : {"sources", "counters", "database"})
            window.raiseFault(storeFault(topic));
    } else if (name == QLatin1String("left-out")) {
        SourceState folder = liveSource();
        folder.name = QStringLiteral("line3-archive");
        folder.isSimulated = false;
        window.setSourceState(folder);
        Fault leftOut;
        leftOut.severity = Fault::Severity::Warning;
        leftOut.topic = QStringLiteral("left-out");
        leftOut.code = QStringLiteral("IMG-02");
        leftOut.cause = told("the picture is incomplete", QStringLiteral("IMG_4803.jpg is incomplete: picture data ends early"));
        leftOut.effect = said("Station", "Pictures that are left out of the folder: %1. The first of them is %2.").arg(3).arg(QStringLiteral("IMG_4803.jpg"));
        window.raiseFault(leftOut);
    } else if (name == QLatin1String("question-too-long")) {
        window.findChild<QLineEdit *>(QStringLiteral("questionField"))->setText(kLongAnswer.repeated(12));
    } else if (name == QLatin1String("camera-lost")) {
        finish(Verdict::Ok);
        SourceState lost = liveSource();
        lost.name = QStringLiteral("Logitech C920");
        lost.condition = SourceCondition::Lost;
        lost.isSimulated = false;
        lost.code = QStringLiteral("CAM-02");
        lost.sentence = said("Station", "%1; reconnecting (try %2)")
                            .arg(told("the source gives no picture", QStringLiteral("no frame for 1.5 s"))).arg(2);
        window.setSourceState(lost);
    } else if (name == QLatin1String("failed")) {
        start(0, 10);
        window.answerFailed(10, QStringLiteral("ASK-02"),
                            told("the question is too long", QStringLiteral("question has 900 tokens; limit 512")),
                            QStringLiteral("question has 900 tokens; limit 512"));
    } else if (name == QLatin1String("fault")) {
        Fault full = storeFault("database");
        full.detail = QStringLiteral("/var/lib/auroraedge/inspector.db");
        window.raiseFault(full);
        start(0, 10);
        AnswerView notStored = answer(10, Verdict::Unsure); // without a durable row there is no OK
        notStored.row = 0;
        notStored.thumbnail = thumbnailOf(picture(0));
        notStored.probability = 0.973;
        notStored.code = full.code;
        notStored.reason = full.cause;
        window.answerFinished(notStored);
    } else if (name == QLatin1String("very-long")) {
        start(1, 10);
        AnswerView done = answer(10, std::nullopt);
        done.question = QStringLiteral("Describe everything that can be seen on the belt, the state of each cap, each label and each fill level, "
                                       "and say for every bottle whether it should be taken off the line before packing.");
        done.answer = kLongAnswer + kLongAnswer + kLongAnswer;
        done.probability = 0.41;
        done.isComplete = false;
        done.answerTokens = 64;
        done.latency.totalMs = 12640;
        done.latency.perTokenMs = 21;
        window.answerFinished(done);
    } else if (name == QLatin1String("chooser")) {
        window.setSourceOptions({{QStringLiteral("uvc:046d-0892-A1"), QStringLiteral("Logitech C920"), QStringLiteral("USB 3-1, up to 1920 × 1080")}});
        window.openSourceChooser();
    } else if (name == QLatin1String("chooser-full")) {
        SourceOptions saved;
        for (int number = 1; number <= 9; ++number)
            saved.append({QStringLiteral("rtsp://10.0.0.%1/live").arg(number), QStringLiteral("Gate %1").arg(number),
                          QStringLiteral("rtsp://10.0.0.%1/live").arg(number)});
        window.sources().setSaved(saved);
        window.sources().setControls(cameraControls());
        window.openSourceChooser();
    } else if (name.startsWith(QLatin1String("network-"))) {
        window.openSourceChooser();
        window.findChild<QAbstractButton *>(QStringLiteral("sourceNetwork"))->click();
        if (name == QLatin1String("network-tested"))
            window.sources().setTest({SourceTest::Condition::Passed, picture(0), 25, {}, {}});
        if (name == QLatin1String("network-keeping"))
            window.sources().setTest({SourceTest::Condition::Keeping, {}, 0, {}, {}});
        if (name == QLatin1String("network-failed"))
            window.sources().setTest({SourceTest::Condition::Failed, {}, 0, QStringLiteral("CAM-04"),
                                      told("the camera refused the login",
                                           QStringLiteral("camera rtsp://camera-in-the-third-hall.factory.example/stream/main refused the login"))});
    } else if (name == QLatin1String("camera-settings")) {
        window.sources().setControls(cameraControls());
        window.openSourceChooser();
        window.findChild<QAbstractButton *>(QStringLiteral("sourceSettings"))->click();
    } else if (name.startsWith(QLatin1String("review-"))) {
        playReview(window, name);
    } else if (name.startsWith(QLatin1String("models-"))) {
        playModels(window, name);
    } else if (name.startsWith(QLatin1String("batch-"))) {
        playBatch(window, name);
    } else if (name.startsWith(QLatin1String("statistics-"))) {
        playStatistics(window, name);
    } else if (name == QLatin1String("about-page")) {
        window.showPage(MainWindow::Page::About);
    }
}

} // namespace auroraedge::ui
