#include "app/window/view_values.h"

#include "tests/app/window/other_language.h"

#include <gtest/gtest.h>

#include <limits>

namespace auroraedge::app {
namespace {

using State = CaptureState::Condition;

const SourceAddress kAddress{"rtsp", "rtsp://user:secret@cam/1", "rtsp://cam/1", false};

CaptureState lost(bool wasLive, int attempt)
{
    CaptureState state;
    state.condition = State::Lost;
    state.error = Error{code::CameraNoFrame, "no frame for 2.0 s", "C920"};
    state.wasLive = wasLive;
    state.attempt = attempt;
    return state;
}

TEST(SourceStateOf, IsOpeningUntilTheFirstFailure)
{
    CaptureState state;
    EXPECT_EQ(sourceStateOf(state, kAddress).condition, ui::SourceCondition::Opening);
    state.error = lost(false, 1).error; // opening again
    EXPECT_EQ(sourceStateOf(state, kAddress).condition, ui::SourceCondition::Failed);
}

TEST(SourceStateOf, TellsALossFromAFirstFailureAndCountsTheTries)
{
    const ui::SourceState state = sourceStateOf(lost(true, 3), kAddress);
    EXPECT_EQ(state.condition, ui::SourceCondition::Lost);
    EXPECT_EQ(state.code, QStringLiteral("CAM-02"));
    EXPECT_EQ(state.sentence, QStringLiteral("no frame for 2.0 s; reconnecting (try 3)"));
    EXPECT_EQ(sourceStateOf(lost(false, 1), kAddress).condition, ui::SourceCondition::Failed);
}

TEST(SourceStateOf, ShowsTheAddressWithoutItsPasswordAndSaysWhatIsSimulated)
{
    CaptureState live;
    live.condition = State::Live;
    ui::SourceState state = sourceStateOf(live, kAddress);
    EXPECT_EQ(state.uri, QStringLiteral("rtsp://cam/1"));
    EXPECT_EQ(state.name, QStringLiteral("rtsp://cam/1"));
    EXPECT_FALSE(state.isSimulated);
    live.source.label = "Hall 3";
    EXPECT_EQ(sourceStateOf(live, kAddress).name, QStringLiteral("Hall 3"));
    state = sourceStateOf(live, {"file", "file:/line.mp4", "sim:", true});
    EXPECT_EQ(state.name, QStringLiteral("Simulated line"));
    EXPECT_TRUE(state.isSimulated);
}

TEST(ModelStateOf, IsNamedAfterItsFolderWhileItLoads)
{
    ModelStatus status;
    status.folder = "/models/nano";
    status.progress = 0.25;
    const ui::ModelState state = modelStateOf(status);
    EXPECT_EQ(state.condition, ui::ModelCondition::Loading);
    EXPECT_EQ(state.name, QStringLiteral("nano"));
    EXPECT_EQ(state.progress, 0.25);
}

TEST(ModelStateOf, ACancelledLoadIsNoFailure)
{
    ModelStatus status;
    status.condition = ModelStatus::Condition::Failed;
    status.error = Error{code::ModelTensorMissing, "missing: a", {}};
    EXPECT_EQ(modelStateOf(status).condition, ui::ModelCondition::Failed);
    EXPECT_EQ(modelStateOf(status).code, QStringLiteral("MOD-12"));
    status.error = Error{code::Cancelled, "stopped", {}};
    EXPECT_EQ(modelStateOf(status).condition, ui::ModelCondition::NotLoaded);
}

TEST(ModelStateOf, TellsWarningsAndTheReasonOfTheDeviceInTheLanguageOfTheWindow)
{
    const tests::OtherLanguage language("Error");
    ModelStatus status;
    status.condition = ModelStatus::Condition::Ready;
    status.card.deviceReason = "CPU was chosen";
    status.card.warnings = {"connectors untrained: answers mean nothing yet"};
    EXPECT_EQ(modelStateOf(status).deviceReason, QStringLiteral("«the CPU was chosen»"));
    EXPECT_EQ(modelStateOf(status).warnings, QStringList{QStringLiteral("«the connectors are untrained: answers mean nothing yet»")});
}

TEST(AnswerViewOf, ShowsAnAnswerAsItIsStored)
{
    AnswerRecord record;
    record.row = 12;
    record.timeUtcMs = 1'700'000'000'000;
    record.question = "Ist die Kappe geschlossen?";
    record.answer = "j\xC3\xA4";
    record.probability = 0.75;
    record.verdict = Verdict::Ng;
    record.code = "ANS-03";
    record.modelName = "nano";
    record.tokens.answer = 2;
    const ui::AnswerView view = answerViewOf(record);
    EXPECT_EQ(view.row, 12);
    EXPECT_TRUE(view.isAnswered);
    EXPECT_EQ(view.answer, QStringLiteral("jä"));
    EXPECT_EQ(view.probability, 0.75);
    EXPECT_EQ(view.verdict, ui::Verdict::Ng);
    EXPECT_EQ(view.answeredAt.toMSecsSinceEpoch(), record.timeUtcMs);
}

TEST(AnswerViewOf, AFailedQuestionIsNoAnswer)
{
    AnswerRecord record;
    record.code = "GPU-03";
    record.message = "not enough memory";
    const ui::AnswerView view = answerViewOf(record);
    EXPECT_FALSE(view.isAnswered);
    EXPECT_EQ(view.answer, QStringLiteral("not enough memory"));
    EXPECT_EQ(view.code, QStringLiteral("GPU-03"));
    EXPECT_FALSE(view.verdict);
}

TEST(AnswerViewOf, AnEarlierAnswerSaysWhyItIsUnsureAlthoughItsRowHoldsTheCodeAlone)
{
    AnswerRecord record;
    record.answer = "yes";
    record.verdict = Verdict::Unsure;
    const auto reasonOf = [&](const char *code) {
        record.code = code;
        return answerViewOf(record).reason.toStdString();
    };
    EXPECT_EQ(reasonOf("ANS-01"), "the answer gives no verdict");
    EXPECT_EQ(reasonOf("ANS-02"), "the model gave no usable answer");
    EXPECT_EQ(reasonOf("ANS-03"), "the model is not sure enough");
    EXPECT_EQ(reasonOf(""), "");
}

TEST(AnswerViewOf, AFailedQuestionIsToldInTheLanguageOfTheWindow)
{
    const tests::OtherLanguage language("Error");
    AnswerRecord record;
    record.code = "GPU-03";
    record.message = "not enough memory";
    EXPECT_EQ(answerViewOf(record).answer, QStringLiteral("«the GPU has too little memory for this question»"));
    record.code = "XYZ-99"; // of a newer version
    EXPECT_EQ(answerViewOf(record).answer, QStringLiteral("not enough memory"));
}

TEST(AnswerViewOf, TellsTheMarkedPartAndTheNewestReviewOfARow)
{
    AnswerRecord record;
    record.pictureWidthPx = 640;
    record.pictureHeightPx = 480;
    EXPECT_TRUE(answerViewOf(record).region.isNull());
    EXPECT_FALSE(answerViewOf(record).review);
    record.roi = PixelBox{160, 120, 320, 60};
    record.review = ReviewRecord{7, 1'700'000'000'000, Verdict::Ng, "crack", "jänis"};
    const ui::AnswerView view = answerViewOf(record);
    EXPECT_EQ(view.region, QRectF(0.25, 0.25, 0.5, 0.125));
    ASSERT_TRUE(view.review);
    EXPECT_EQ(view.review->verdict, ui::Verdict::Ng);
    EXPECT_EQ(view.review->reason, QStringLiteral("crack"));
    EXPECT_EQ(view.review->reviewer, QStringLiteral("jänis"));
    EXPECT_EQ(view.review->at.toMSecsSinceEpoch(), 1'700'000'000'000);
}

TEST(PixelBoxOf, IsTheMarkedPartInPixelsOfThePicture)
{
    EXPECT_EQ(pixelBoxOf(QRectF(0.25, 0.5, 0.5, 0.25), 640, 480), (PixelBox{160, 240, 320, 120}));
    EXPECT_EQ(pixelBoxOf(QRectF(1.0 / 3, 0, 1.0 / 3, 1), 100, 10), (PixelBox{33, 0, 34, 10})) << "edges are rounded, not sizes";
    EXPECT_FALSE(pixelBoxOf(QRectF(), 640, 480)) << "nothing is marked";
    EXPECT_FALSE(pixelBoxOf(QRectF(0, 0, 1, 1), 640, 480)) << "all of it is no part";
}

TEST(PixelBoxOf, IsCutAtTheEdgesOfThePicture)
{
    EXPECT_EQ(pixelBoxOf(QRectF(-0.5, 0.75, 1, 5), 640, 480), (PixelBox{0, 360, 320, 120}));
    EXPECT_EQ(pixelBoxOf(QRectF(2, 2, 1, 1), 640, 480)->width, 0);
    EXPECT_EQ(pixelBoxOf(QRectF(0.5, 0.5, 1e-9, 1e-9), 640, 480)->height, 0);
}

TEST(PixelBoxOf, ComesBackFromItsOwnShares)
{
    for (int side = 16; side < 640; side += 7) {
        const PixelBox box{side / 3, side / 2, side, side / 2 + 1};
        EXPECT_EQ(pixelBoxOf(regionOf(box, 1'283, 977), 1'283, 977), box);
    }
}

TEST(ShiftCountersOf, AreTheCountsOfTheDatabase)
{
    const ui::ShiftCounters counters = shiftCountersOf({1'700'000'000'000, 9, 4, 1, 3, 2, 5});
    EXPECT_EQ(counters.since.toMSecsSinceEpoch(), 1'700'000'000'000);
    EXPECT_EQ(counters.total, 9);
    EXPECT_EQ(counters.ok, 4);
    EXPECT_EQ(counters.ng, 1);
    EXPECT_EQ(counters.unsure, 3);
    EXPECT_EQ(counters.failed, 2);
    EXPECT_EQ(counters.lastHour, 5);
    EXPECT_EQ(counters.yield(), 0.5);
    EXPECT_FALSE(shiftCountersOf({}).since.isValid());
}

TEST(PresetQuestionsOf, MakesLabelsOfIdsAndExpectsTheFirstGoodAnswer)
{
    const ui::PresetQuestions questions = presetQuestionsOf(
        {{"bottle-present", "Is there a bottle?", {{"yes", "one"}, {"no"}, 0.8}}, {"digit", "Which digit?", {}}});
    ASSERT_EQ(questions.size(), 2);
    EXPECT_EQ(questions[0].label, QStringLiteral("Bottle present"));
    EXPECT_EQ(questions[0].expectedAnswer, QStringLiteral("yes"));
    EXPECT_TRUE(questions[1].expectedAnswer.isEmpty());
}

TEST(ReasonOf, SaysWhyAnAnswerIsNotOk)
{
    const AnswerRule rule{{"yes"}, {"no"}, 0.8};
    const auto reason = [&](const std::string &text, double probability, bool isComplete = true) {
        Answer answer;
        answer.text = text;
        answer.probability = probability;
        answer.isComplete = isComplete;
        return reasonOf(answer, rule, verdictOf(answer, rule)).toStdString();
    };
    EXPECT_EQ(reason("yes", 0.9), "");
    EXPECT_EQ(reason("no", 0.9), "expected: yes");
    EXPECT_EQ(reason("yes", 0.5), "probability 0.50 is below 0.80");
    EXPECT_EQ(reason("yes", 0.7998), "probability 0.7998 is below 0.8000") << "not 0.80 below 0.80";
    EXPECT_EQ(reason("yes", std::numeric_limits<double>::quiet_NaN()), "the model gave no usable probability");
    EXPECT_EQ(reason("yes", 0.9, false), "the answer was cut at the token limit");
    EXPECT_EQ(reason("maybe", 0.9), "“maybe” is not one of the declared answers");
}

TEST(Faults, TellCodeCauseEffectAndTheOneThingToDo)
{
    const ui::Fault source = sourceFault({code::CameraNotFound, "camera 'Cam 1' not found", "Cam 1"});
    EXPECT_EQ(source.code, QStringLiteral("CAM-01"));
    EXPECT_EQ(source.actionId, QLatin1String(kChooseSourceAction));
    EXPECT_EQ(source.detail, QStringLiteral("Cam 1"));
    const ui::Fault leftOut = leftOutFault({3, Error{code::ImageIncomplete, "b.png is incomplete: picture data ends early", "/parts/b.png"}});
    EXPECT_EQ(leftOut.code, QStringLiteral("IMG-02"));
    EXPECT_EQ(leftOut.effect, QStringLiteral("Pictures that are left out of the folder: 3. The first of them is b.png."));
    EXPECT_EQ(leftOut.severity, ui::Fault::Severity::Warning);
    const Error missing{code::ModelTensorMissing, "missing: a", {}};
    EXPECT_EQ(modelFault(missing, false).actionId, QLatin1String(kShowModelsAction));
    EXPECT_NE(modelFault(missing, true).effect, modelFault(missing, false).effect);
    EXPECT_TRUE(storeFault({code::DiskFull, "disk full", {}}).effect.contains(QStringLiteral("OK")));
    const ui::Fault room = roomFault({std::int64_t{3} << 29, std::int64_t{500} << 30});
    EXPECT_TRUE(room.cause.contains(QStringLiteral("1.5 GiB"))) << room.cause.toStdString();
    EXPECT_TRUE(room.effect.contains(QStringLiteral("64.0 MiB"))) << room.effect.toStdString();
    EXPECT_EQ(room.severity, ui::Fault::Severity::Warning);
}

} // namespace
} // namespace auroraedge::app
