#include "engine/api/training.h"
#include "engine/create_engine.h"
#include "engine/io/model_folder.h"
#include "engine/io/tensor_files.h"
#include "engine/io/weights.h"
#include "engine/models/aurora_edge.h"
#include "engine/training/initialise.h"
#include "engine/training/packed_questions.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_model.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/allclose.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/linalg_svd.h>
#include <ATen/ops/tensor.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace auroraedge::engine {
namespace {

/// The lines of the run's log.
std::vector<nlohmann::json> logOf(const std::filesystem::path &folder)
{
    std::vector<nlohmann::json> lines;
    std::ifstream file(folder / "log.jsonl");
    for (std::string line; std::getline(file, line);)
        lines.push_back(nlohmann::json::parse(line));
    return lines;
}

std::string bytesOf(const std::filesystem::path &file)
{
    std::ifstream stream(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(stream), {});
}

class TrainingTest : public ::testing::Test
{
protected:
    TrainingTest() { testing_support::writeTinyModel(folder / "model"); }

    AuroraEdge model(TrainableParameters &parameters) const
    {
        return AuroraEdge::take(parameters, std::get<AuroraEdgeConfig>(readModelConfig(folder / "model")->architecture));
    }

    /// Two pictures with one question each whose answers differ.
    TrainingRun smallRun(int steps) const
    {
        TrainingRun run;
        run.modelFolder = (folder / "model").string();
        run.outFolder = (folder / "out").string();
        run.sources.resize(1);
        run.sources.front().name = "noise";
        run.sources.front().labels = 2;
        for (int i = 0; i < 2; ++i) {
            TrainingSample sample;
            sample.picture = std::to_string(i);
            sample.source = "noise";
            sample.group = "g" + std::to_string(i);
            sample.turns = {{"which", {"Is there a bottle?", "How many?"}, i == 0 ? "yes" : "no"}};
            sample.label = i;
            sample.boxes = {{0.2, 0.2, 0.4, 0.4}};
            run.samples.push_back(sample);
        }
        TrainingStage stage;
        stage.steps = steps;
        stage.warmupSteps = 5;
        stage.learningRate = 3e-3;
        stage.muonLearningRate = 0.02;
        stage.grids = {4};
        stage.patchesPerBatch = 128;
        stage.questionsPerPicture = 1;
        run.stages = {stage};
        run.blankShare = 0;
        run.threads = 1;
        run.loadPicture = [](const std::string &name) -> Result<Frame> {
            if (name == "broken")
                return failure(code::ImageDamaged, "broken is damaged", name);
            // Two plain, clearly different pictures.
            Frame frame = testing_support::noiseFrame(64, 64, 1);
            auto pixels = std::shared_ptr<std::uint8_t>(new std::uint8_t[64 * 64 * 3], std::default_delete<std::uint8_t[]>());
            for (int i = 0; i < 64 * 64 * 3; ++i)
                pixels.get()[i] = name == "0" ? (i / 3 % 64 < 32 ? 20 : 230) : (i / 192 < 32 ? 230 : 20);
            frame.pixels = pixels;
            return frame;
        };
        return run;
    }

    /// Takes @p steps steps, each from the checkpoint of the one before, and stops. @return the checkpoint.
    Result<TensorFiles> stoppedAfter(const TrainingRun &run, int steps) const
    {
        for (int step = 0; step < steps; ++step) {
            std::stop_source stop;
            const auto trained = createEngine()->train(run, [&](const TrainingProgress &) { stop.request_stop(); }, stop.get_token());
            EXPECT_TRUE(!trained && trained.error().code == code::Cancelled);
        }
        return TensorFiles::open(std::filesystem::path(run.outFolder) / "checkpoint.safetensors");
    }

    /// The tensors of the model folder.
    std::map<std::string, at::Tensor> weights() const
    {
        std::map<std::string, at::Tensor> tensors;
        const auto files = TensorFiles::open(folder / "model");
        for (const auto &[name, tensor] : files->tensors())
            tensors[name] = viewOf(tensor, files->mapping()).clone();
        return tensors;
    }
    void putIntoConfig(const std::string &behind, const std::string &text) const
    {
        const std::filesystem::path file = folder / "model" / "config.json";
        std::ifstream given(file);
        std::string config(std::istreambuf_iterator<char>(given), {});
        config.insert(config.find(behind) + behind.size(), text);
        std::ofstream(file) << config;
    }
    /// Of @p run in a fresh folder.
    Result<TrainingReport> trainAnew(const TrainingRun &run) const
    {
        std::filesystem::remove_all(run.outFolder);
        return createEngine()->train(run, {}, {});
    }

    const testing::TemporaryFolder folder;
};

TEST_F(TrainingTest, PackedQuestionsComputeWhatEachComputesAlone)
{
    TrainableParameters parameters({}, 3);
    const AuroraEdge net = model(parameters);
    const at::NoGradGuard noGrad;
    const std::vector<TokenisedTurn> turns{{{5, 6, 7, 8}, {9, 10}, 0}, {{11, 12}, {13, 14, 15}, 0}, {{16}, {17}, 0}};
    TrainableParameters inputs({}, 9);
    const at::Tensor projected = inputs.take("projected", {1, 16, 32}), compressed = inputs.take("compressed", {1, 64, 32});

    const at::Tensor together = answerLogits(net, packQuestions({turns}), projected, compressed);
    std::vector<at::Tensor> alone;
    for (const TokenisedTurn &turn : turns)
        alone.push_back(answerLogits(net, packQuestions({{turn}}), projected, compressed));
    EXPECT_TRUE(at::allclose(together, at::cat(alone), 1e-4, 1e-5));
}

TEST_F(TrainingTest, LearnsTwoPicturesByHeartAndTheInspectorAnswersThem)
{
    TrainingRun run = smallRun(120);
    run.samples.push_back(run.samples.front());
    run.samples.back().picture = "broken";
    const auto engine = createEngine();
    const auto report = engine->train(run, {}, {});
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_GT(report->picturesSeen, 500);
    ASSERT_EQ(report->skippedPictures.size(), 1U);
    EXPECT_NE(report->skippedPictures.front().find("broken is damaged"), std::string::npos);

    auto inspector = engine->load({run.outFolder, "cpu", Precision::Fp32, 1, false}, {}, {});
    ASSERT_TRUE(inspector) << inspector.error().message;
    Frame frame = *run.loadPicture("0");
    EXPECT_EQ((*inspector)->ask(cropped(frame, {0, 0, 64, 64}), {"Is there a bottle?", {}}, {}, {})->text, "yes");
    EXPECT_EQ((*inspector)->ask(*run.loadPicture("1"), {"How many?", {}}, {}, {})->text, "no");
}

TEST_F(TrainingTest, LearnsTwoPicturesByHeartOnAGpu)
{
    TrainingRun run = smallRun(120);
    run.device = "cuda";
    const auto engine = createEngine();
    const auto report = engine->train(run, {}, {});
    if (!report && report.error().code == code::GpuAbsent)
        GTEST_SKIP() << "there is no CUDA device: " << report.error().message;
    ASSERT_TRUE(report) << report.error().message;
    auto inspector = engine->load({run.outFolder, "cuda", Precision::Fp32, 1, false}, {}, {});
    ASSERT_TRUE(inspector) << inspector.error().message;
    EXPECT_EQ((*inspector)->ask(*run.loadPicture("0"), {"Is there a bottle?", {}}, {}, {})->text, "yes");
    EXPECT_EQ((*inspector)->ask(*run.loadPicture("1"), {"How many?", {}}, {}, {})->text, "no");
}

TEST_F(TrainingTest, LearnsEightAnswersByHeart)
{
    const std::array<std::string, 8> answers{"yes", "no", "1", "2 bottles", "none", "left", "a red cap", "unsure"};
    TrainingRun run = smallRun(500);
    TrainingSample one = run.samples.front();
    one.boxes.clear();
    one.label = -1;
    run.samples.clear();
    for (std::size_t i = 0; i < answers.size(); ++i) {
        one.picture = std::to_string(i);
        one.turns = {{"which", {"What is it?"}, answers[i]}};
        for (const bool isHeldOut : {false, true}) { // to be looked at, too
            one.isHeldOut = isHeldOut;
            run.samples.push_back(one);
        }
    }
    run.sources.front().labels = 0; // answers are all that is learnt
    run.sources.front().views = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, false, false};
    run.stages.front().finalShare = 0;
    run.loadPicture = [](const std::string &name) -> Result<Frame> { // a light bar, further right for each
        Frame frame = testing_support::noiseFrame(64, 64, 1);
        auto pixels = std::shared_ptr<std::uint8_t>(new std::uint8_t[64 * 64 * 3], std::default_delete<std::uint8_t[]>());
        for (int i = 0; i < 64 * 64 * 3; ++i)
            pixels.get()[i] = i / 3 % 64 / 8 == std::stoi(name) ? 230 : 20;
        frame.pixels = pixels;
        return frame;
    };
    ASSERT_TRUE(createEngine()->train(run, {}, {}));
    nlohmann::json last, look;
    for (const nlohmann::json &line : logOf(folder / "out"))
        if (line.contains("loss") || line.contains("held_out"))
            (line.contains("loss") ? last : look) = line;
    EXPECT_EQ(last["step"], 500);
    EXPECT_LT(last["loss"].get<double>(), 0.01);
    EXPECT_EQ(look["held_out"]["which"], 1) << "all eight";
}

TEST_F(TrainingTest, AShardedBaseTrainsAsTheSameWeightsInOneFile)
{
    const TrainingRun run = smallRun(3);
    ASSERT_TRUE(trainAnew(run));
    const std::string whole = bytesOf(folder / "out/model.safetensors");
    std::map<std::string, at::Tensor> parts[2];
    nlohmann::json shardOf;
    for (std::size_t number = 0; const auto &[name, tensor] : weights()) {
        parts[number % 2][name] = tensor;
        shardOf[name] = number++ % 2 == 0 ? "model-1-of-2.safetensors" : "model-2-of-2.safetensors";
    }
    ASSERT_TRUE(writeTensorMap(folder / "model/model-1-of-2.safetensors", parts[0]));
    ASSERT_TRUE(writeTensorMap(folder / "model/model-2-of-2.safetensors", parts[1]));
    const nlohmann::json index{{"metadata", nlohmann::json::object()}, {"weight_map", shardOf}};
    std::ofstream(folder / "model/model.safetensors.index.json") << index.dump();
    std::filesystem::remove(folder / "model/model.safetensors");
    const auto report = trainAnew(run);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(bytesOf(folder / "out/model.safetensors"), whole);

    std::filesystem::remove(folder / "model/model-2-of-2.safetensors");
    EXPECT_FALSE(trainAnew(run)) << "half of the weights would be drawn at random";
}

TEST_F(TrainingTest, ABaseWhoseWeightsDoNotFitItsConfigIsRefused)
{
    const TrainingRun run = smallRun(3);
    const std::map<std::string, at::Tensor> given = weights();
    const auto refusalWith = [&](const std::function<void(std::map<std::string, at::Tensor> &)> &change) {
        std::map<std::string, at::Tensor> changed = given;
        change(changed);
        EXPECT_TRUE(writeTensorMap(folder / "model/model.safetensors", changed));
        const auto report = trainAnew(run);
        return report ? std::string("trained") : std::string(report.error().code.text()) + " " + report.error().message;
    };
    EXPECT_EQ(refusalWith([](auto &all) { all.erase("projector.0.weight"); }), "MOD-12 missing: projector.0.weight");
    EXPECT_EQ(refusalWith([](auto &all) { all["projector.0.weight"] = at::tensor({1.0F, 2.0F}); }), "MOD-14 wrong shape or type: projector.0.weight");
    const std::string many = refusalWith([](auto &all) {
        std::erase_if(all, [](const auto &entry) { return entry.first.starts_with("vision_tower."); });
    });
    EXPECT_NE(many.find(", ... ("), std::string::npos) << many;
    EXPECT_EQ(refusalWith([](auto &) {}), "trained");

    putIntoConfig("{", "\"patch_head\":{\"classes\":[\"object\",\"centre\",\"defect\"]},");
    EXPECT_EQ(refusalWith([](auto &) {}), "trained") << "a head that was never there begins afresh";
    const auto halfAHead = [](auto &all) { all["patch_head.weight"] = all["projector.0.weight"].slice(0, 0, 3).contiguous(); };
    EXPECT_EQ(refusalWith(halfAHead), "MOD-12 missing: patch_head.bias");
    std::filesystem::remove(folder / "model/model.safetensors");
    EXPECT_TRUE(trainAnew(run)) << "without weights all of them do";
}

TEST_F(TrainingTest, ARunThatIsKilledBeforeItsFilesAreListedGoesOnFromItsCheckpoint)
{
    TrainingRun run = smallRun(4);
    run.averageDecay = 0.9;
    ASSERT_TRUE(createEngine()->train(run, {}, {}));
    const std::string unbroken = bytesOf(folder / "out/model.safetensors"), sums = bytesOf(folder / "out/SHA256SUMS");
    run.outFolder = (folder / "broken").string();
    std::filesystem::create_directories(folder / "broken/SHA256SUMS/in the way");
    const auto failed = createEngine()->train(run, {}, {});
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code.family(), "FS") << failed.error().message;
    EXPECT_TRUE(std::filesystem::exists(folder / "broken/checkpoint.safetensors"));
    std::filesystem::remove_all(folder / "broken/SHA256SUMS");
    const auto report = createEngine()->train(run, {}, {});
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_FALSE(std::filesystem::exists(folder / "broken/checkpoint.safetensors"));
    EXPECT_EQ(bytesOf(folder / "broken/model.safetensors"), unbroken);
    EXPECT_EQ(bytesOf(folder / "broken/SHA256SUMS"), sums);
    EXPECT_TRUE(verifyChecksums(folder / "broken"));
}

TEST_F(TrainingTest, ACheckpointOfAnotherRecipeIsRefusedAndKept)
{
    const TrainingRun run = smallRun(12);
    ASSERT_TRUE(stoppedAfter(run, 1));
    const std::string checkpoint = bytesOf(folder / "out/checkpoint.safetensors");
    const auto refusalOf = [](const TrainingRun &other) {
        const auto report = createEngine()->train(other, {}, {});
        return report ? std::string("trained") : std::string(report.error().code.text()) + " " + report.error().message;
    };
    const std::string refusal = "RCP-04 the checkpoint in " + run.outFolder + " belongs to another recipe; give another folder or remove it";
    TrainingRun other = run;
    other.stages.front().learningRate *= 2;
    EXPECT_EQ(refusalOf(other), refusal);
    other = run;
    other.samples.front().turns.front().answer = "maybe";
    EXPECT_EQ(refusalOf(other), refusal);
    other = run;
    other.samples.front().boxes.clear();
    EXPECT_EQ(refusalOf(other), refusal);
    other = run;
    other.seed = 2;
    EXPECT_EQ(refusalOf(other), refusal);
    other = run;
    other.adapters.rank = 2;
    EXPECT_EQ(refusalOf(other), refusal);
    other = run;
    other.sources.front().views.softShare = 0;
    EXPECT_EQ(refusalOf(other), refusal);
    const std::map<std::string, at::Tensor> given = weights();
    testing_support::writeTinyModel(folder / "model", 99);
    EXPECT_EQ(refusalOf(run), refusal) << "another base";
    ASSERT_TRUE(writeTensorMap(folder / "model/model.safetensors", given));
    EXPECT_EQ(bytesOf(folder / "out/checkpoint.safetensors"), checkpoint);

    other = run;
    other.threads = 2;
    other.checkpointMinutes = 0;
    EXPECT_EQ(refusalOf(other), "trained") << "how fast it goes is not what it learns";
}

TEST_F(TrainingTest, AnAnswerThatTheModelHasNoPlaceForIsLeftOutAndToldBeforeTheFirstStep)
{
    putIntoConfig("\"text_config\":{", "\"max_position_embeddings\":160,");
    TrainingRun run = smallRun(3);
    run.samples.push_back(run.samples.front());
    run.samples.back().picture = "long";
    run.samples.back().turns.front().answer = std::string(15'000, 'z');
    run.samples.push_back(run.samples.front());
    run.samples.back().picture = "broken";
    std::vector<int> steps;
    std::vector<std::string> told;
    const auto report = createEngine()->train(run, [&](const TrainingProgress &progress) {
        steps.push_back(progress.step);
        told.insert(told.end(), progress.skippedPictures.begin(), progress.skippedPictures.end());
    }, {});
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(steps, (std::vector{0, 1, 3})) << "before the first step, behind it and at the end";
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told, report->skippedPictures);
    EXPECT_NE(told[0].find("broken is damaged"), std::string::npos) << told[0];
    EXPECT_TRUE(told[1].starts_with("long: the answer is too long: ")) << told[1];
    EXPECT_TRUE(told[1].ends_with(" tokens, the model has 160 positions")) << told[1];

    run.outFolder = (folder / "stopped").string();
    told.clear();
    std::stop_source stop;
    const auto stopped = createEngine()->train(run, [&](const TrainingProgress &progress) {
        told.insert(told.end(), progress.skippedPictures.begin(), progress.skippedPictures.end());
        stop.request_stop();
    }, stop.get_token());
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, code::Cancelled);
    EXPECT_EQ(told, report->skippedPictures) << "a stopped run has told them, too";
    run.samples = {run.samples[2]};
    const auto nothing = createEngine()->train(run, {}, {});
    ASSERT_FALSE(nothing);
    EXPECT_NE(nothing.error().message.find("nothing left to learn from: long: the answer"), std::string::npos) << nothing.error().message;
}

TEST_F(TrainingTest, PicturesWithoutQuestionsAreNoHarm)
{
    TrainingRun run = smallRun(12);
    run.sources.front().labels = 0;
    for (TrainingSample &sample : run.samples) {
        sample.label = -1;
        sample.boxes.clear();
    }
    for (int i = 0; i < 200; ++i) { // so that most batches ask nothing
        run.samples.push_back(run.samples.front());
        run.samples.back().turns.clear();
    }
    const auto report = createEngine()->train(run, {}, {});
    ASSERT_TRUE(report) << report.error().message;
    for (const nlohmann::json &line : logOf(folder / "out"))
        EXPECT_TRUE(line["loss"].is_number()) << line;
}

TEST_F(TrainingTest, TheTimeThatIsLeftIsThatOfAllStages)
{
    TrainingRun run = smallRun(20);
    TrainingStage tower = run.stages.front();
    tower.towerOnly = true;
    tower.steps = 3;
    run.stages.insert(run.stages.begin(), tower);
    std::map<std::pair<int, int>, double> left;
    const auto listener = [&](const TrainingProgress &progress) { left[{progress.stage, progress.step}] = progress.secondsLeft; };
    ASSERT_TRUE(createEngine()->train(run, listener, {}));
    EXPECT_GT((left[{0, 3}]), 0) << "the tower is done, the rest is not";
    EXPECT_GT((left[{0, 1}]), 0);
    EXPECT_EQ((left[{1, 20}]), 0);
}

TEST_F(TrainingTest, AStoppedRunKeepsItsCheckpointAndGoesOn)
{
    const auto engine = createEngine();
    std::stop_source stop;
    TrainingRun run = smallRun(12);
    const auto stopped = engine->train(run, [&](const TrainingProgress &) { stop.request_stop(); }, stop.get_token());
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, code::Cancelled);
    ASSERT_TRUE(std::filesystem::exists(folder / "out/checkpoint.safetensors"));
    const auto finished = engine->train(run, {}, {});
    ASSERT_TRUE(finished) << finished.error().message;
    EXPECT_FALSE(std::filesystem::exists(folder / "out/checkpoint.safetensors"));
    EXPECT_TRUE(verifyChecksums(folder / "out"));
}

TEST_F(TrainingTest, ARunStoppedAtAnyStepEndsBitForBitAsTheUnbrokenOne)
{
    TrainingRun run = smallRun(9);
    run.averageDecay = 0.9;
    TrainingStage tower = run.stages.front();
    tower.towerOnly = true;
    tower.steps = 4;
    run.stages.insert(run.stages.begin(), tower);
    const auto engine = createEngine();
    ASSERT_TRUE(engine->train(run, {}, {}));
    const std::string model = bytesOf(folder / "out/model.safetensors"), log = bytesOf(folder / "out/log.jsonl");

    run.outFolder = (folder / "broken").string();
    int stops = 0;
    for (int attempt = 0; attempt < 20; ++attempt) {
        // The picture of a later batch is asked for before its step: a stop then comes at another step each time.
        std::stop_source stop;
        const auto trained = engine->train(run, [&, calls = 0](const TrainingProgress &) mutable {
            if (++calls > attempt % 2)
                stop.request_stop();
        }, stop.get_token());
        if (trained)
            break;
        ASSERT_EQ(trained.error().code, code::Cancelled) << trained.error().message;
        ++stops;
    }
    EXPECT_GE(stops, 3);
    EXPECT_EQ(bytesOf(folder / "broken/model.safetensors"), model);
    EXPECT_EQ(bytesOf(folder / "broken/log.jsonl"), log);
}

TEST_F(TrainingTest, ACheckpointThatCannotBeWrittenEndsTheRunAndLeavesTheOldOneWhole)
{
    TrainingRun run = smallRun(12);
    run.checkpointMinutes = 0; // one a step
    std::stop_source stop;
    ASSERT_FALSE(createEngine()->train(run, [&](const TrainingProgress &) { stop.request_stop(); }, stop.get_token()));
    const std::filesystem::path checkpoint = folder / "out/checkpoint.safetensors";
    const std::string before = bytesOf(checkpoint);
    ASSERT_FALSE(before.empty());

    struct rlimit unlimited = {};
    getrlimit(RLIMIT_FSIZE, &unlimited);
    const auto defaultAction = std::signal(SIGXFSZ, SIG_IGN);
    const struct rlimit full = {before.size() / 2, unlimited.rlim_max};
    setrlimit(RLIMIT_FSIZE, &full); // as a disk with too little room
    const auto failed = createEngine()->train(run, {}, {});
    setrlimit(RLIMIT_FSIZE, &unlimited);
    std::signal(SIGXFSZ, defaultAction);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code.family(), "FS") << failed.error().message;
    EXPECT_EQ(bytesOf(checkpoint), before);
    EXPECT_TRUE(createEngine()->train(run, {}, {}));
}

TEST_F(TrainingTest, APictureThatCanNoLongerBeReadEndsTheRunByNameWhichGoesOnWhenItIsBack)
{
    TrainingRun run = smallRun(8);
    run.stages.front().accumulate = 2;
    ASSERT_TRUE(createEngine()->train(run, {}, {}));
    const std::string model = bytesOf(folder / "out/model.safetensors"), log = bytesOf(folder / "out/log.jsonl");
    run.outFolder = (folder / "broken").string();
    run.pictureMemory = 0;
    std::atomic<int> reads = 0, most = 25;
    run.loadPicture = [load = run.loadPicture, &reads, &most](const std::string &name) -> Result<Frame> {
        if (name == "1" && ++reads > most)
            return failure(code::ImageDamaged, "1 is damaged", name);
        return load(name);
    };
    const auto ended = createEngine()->train(run, {}, {});
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().code, code::ImageDamaged);
    EXPECT_EQ(ended.error().message, "1: 1 is damaged; start the training again to go on");
    EXPECT_EQ(ended.error().object, "1");
    EXPECT_GT(std::stoi(TensorFiles::open(folder / "broken/checkpoint.safetensors")->metadata().at("step")), 0);
    most = 1'000'000;
    ASSERT_TRUE(createEngine()->train(run, {}, {}));
    EXPECT_EQ(bytesOf(folder / "broken/model.safetensors"), model);
    EXPECT_EQ(bytesOf(folder / "broken/log.jsonl"), log);
}

TEST_F(TrainingTest, AHeldOutPictureThatCanNoLongerBeReadEndsTheRunToo)
{
    TrainingRun run = smallRun(3);
    run.samples.push_back(run.samples.front());
    run.samples.back().isHeldOut = true;
    run.samples.back().picture = "seen once";
    run.pictureMemory = 0;
    std::atomic<int> reads = 0;
    run.loadPicture = [load = run.loadPicture, &reads](const std::string &name) -> Result<Frame> {
        return name == "seen once" && ++reads > 1 ? failure(code::FileNotFound, "it is gone", name) : load(name);
    };
    const auto ended = createEngine()->train(run, {}, {});
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().code, code::FileNotFound);
    EXPECT_EQ(ended.error().message, "seen once: it is gone");
}

TEST_F(TrainingTest, AFinishedModelThatFindsNoRoomIsToldAsThatAndTheRunGoesOn)
{
    TrainingRun run = smallRun(4);
    for (const TrainingSample &sample : smallRun(1).samples) {
        run.samples.push_back(sample);
        run.samples.back().isHeldOut = true;
    }
    run.keepsBest = true;
    std::filesystem::create_directories(folder / "out/SHA256SUMS/in the way");
    ASSERT_FALSE(createEngine()->train(run, {}, {}));
    std::filesystem::remove_all(folder / "out/SHA256SUMS");
    std::filesystem::remove(folder / "out/model.safetensors");

    struct rlimit unlimited = {};
    getrlimit(RLIMIT_FSIZE, &unlimited);
    const auto defaultAction = std::signal(SIGXFSZ, SIG_IGN);
    // Enough for the last weights, and not for the best, which tell their step besides.
    const struct rlimit full = {std::filesystem::file_size(folder / "out/last.safetensors"), unlimited.rlim_max};
    setrlimit(RLIMIT_FSIZE, &full);
    const auto failed = createEngine()->train(run, {}, {});
    setrlimit(RLIMIT_FSIZE, &unlimited);
    std::signal(SIGXFSZ, defaultAction);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, code::DiskFault) << failed.error().message;
    EXPECT_NE(failed.error().message.find("model.safetensors"), std::string::npos) << failed.error().message;
    EXPECT_TRUE(createEngine()->train(run, {}, {}));
    EXPECT_EQ(bytesOf(folder / "out/model.safetensors"), bytesOf(folder / "out/best.safetensors"));
}

TEST_F(TrainingTest, AStageLeavesWhatItDoesNotTrainBitForBit)
{
    const std::map<std::string, at::Tensor> before = weights();
    for (const auto &[parts, decoderIsTrained] : {std::pair(TrainedParts::Connectors, false), std::pair(TrainedParts::ConnectorsAndDecoder, true)}) {
        TrainingRun run = smallRun(9);
        run.outFolder = (folder / std::to_string(static_cast<int>(parts))).string();
        run.stages.front().trained = parts;
        const auto after = stoppedAfter(run, 3); // in fp32, as it learns
        ASSERT_TRUE(after) << after.error().message;
        int changed = 0;
        for (const auto &[name, given] : before) {
            const at::Tensor now = viewOf(*after->find(name), after->mapping());
            ASSERT_EQ(now.scalar_type(), at::kFloat);
            const bool mayChange = name.starts_with("projector.") || name.starts_with("compressor.") || name.starts_with("fusion.")
                || (decoderIsTrained && name.starts_with("language_model."));
            changed += given.equal(now) ? 0 : 1;
            EXPECT_TRUE(mayChange || given.equal(now)) << name;
        }
        EXPECT_GT(changed, 20);
    }
}

TEST_F(TrainingTest, BatchesAddUpToOneStepAndTheLogTellsRatesAndLosses)
{
    TrainingRun run = smallRun(20);
    run.stages.front().accumulate = 2;
    run.stages.front().finalShare = 0;
    const auto report = createEngine()->train(run, {}, {});
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->picturesSeen, 2 * 20 * 8);
    const std::vector<nlohmann::json> log = logOf(folder / "out");
    ASSERT_EQ(log.size(), 20U);
    for (std::size_t i = 0; i < log.size(); ++i) {
        const double warm = std::min(1.0, (static_cast<double>(i) + 1) / 5), cosine = 0.5 * (1 + std::cos(3.14159265358979 * static_cast<double>(i) / 20));
        EXPECT_EQ(log[i]["step"], i + 1);
        EXPECT_NEAR(log[i]["learning_rate"], 3e-3 * warm * cosine, 1e-9);
        EXPECT_NEAR(log[i]["muon_learning_rate"], 0.02 * warm * cosine, 1e-9);
        EXPECT_GT(log[i]["norm"], 0);
    }
    EXPECT_LT(log.back()["loss"], log.front()["loss"]);
}

TEST_F(TrainingTest, ATeacherLearnsTeachesTheTowerAndStaysOutOfTheModel)
{
    TrainingRun run = smallRun(60);
    TrainingStage teacher = run.stages.front();
    teacher.isTeacher = true;
    teacher.muonLearningRate = 0.02;
    teacher.steps = 80;
    TrainingStage tower = run.stages.front();
    tower.towerOnly = true;
    tower.labelWeight = 0; // all it learns of the classes comes from the teacher
    tower.teacherWeight = 1;
    tower.featureWeight = 1;
    run.stages = {teacher, tower};
    for (const TrainingSample &sample : smallRun(1).samples) { // the same pictures, to be looked at
        run.samples.push_back(sample);
        run.samples.back().isHeldOut = true;
    }
    ASSERT_TRUE(createEngine()->train(run, {}, {}));
    std::vector<double> heldOut;
    for (const nlohmann::json &line : logOf(folder / "out"))
        if (line.contains("held_out"))
            heldOut.push_back(line["held_out"]["noise"]);
    EXPECT_EQ(heldOut, (std::vector<double>{1, 1})); // the teacher at its end, the tower at its
    const auto before = TensorFiles::open(folder / "model"), after = TensorFiles::open(folder / "out");
    for (const auto &[name, tensor] : after->tensors())
        EXPECT_TRUE(before->find(name)) << name;
}

TEST_F(TrainingTest, ATeacherStageLeavesTheModelBitForBit)
{
    TrainingRun run = smallRun(9);
    run.stages.front().isTeacher = true;
    const auto after = stoppedAfter(run, 3);
    ASSERT_TRUE(after);
    for (const auto &[name, given] : weights())
        EXPECT_TRUE(given.equal(viewOf(*after->find(name), after->mapping()))) << name;
}

TEST_F(TrainingTest, HeldOutSamplesChangeNothing)
{
    TrainingRun run = smallRun(4);
    run.averageDecay = 0.9; // which is looked at in the place of what learns
    ASSERT_TRUE(createEngine()->train(run, {}, {}));
    const std::string without = bytesOf(folder / "out/model.safetensors");
    run.samples.push_back(run.samples.front());
    run.samples.back().isHeldOut = true;
    run.samples.back().turns.front().answer = "never";
    run.outFolder = (folder / "measured").string();
    run.stages.front().measureEvery = 2;
    ASSERT_TRUE(createEngine()->train(run, {}, {}));
    EXPECT_EQ(bytesOf(folder / "measured/model.safetensors"), without);
    EXPECT_EQ(std::ranges::count_if(logOf(folder / "measured"), [](const nlohmann::json &line) { return line.contains("held_out"); }), 2);
}

TEST_F(TrainingTest, FinishedWeightsLieBetweenThoseOfTheStartAndTheEnd)
{
    TrainingRun run = smallRun(5);
    ASSERT_TRUE(createEngine()->train(run, {}, {}));
    run.startShare = 0.25;
    run.outFolder = (folder / "blend").string();
    ASSERT_TRUE(createEngine()->train(run, {}, {}));
    const auto start = TensorFiles::open(folder / "model"), end = TensorFiles::open(folder / "out"), blend = TensorFiles::open(folder / "blend");
    bool hasMoved = false;
    for (const auto &[name, tensor] : start->tensors()) {
        const at::Tensor from = viewOf(tensor, start->mapping()).to(at::kFloat), to = viewOf(*end->find(name), end->mapping()).to(at::kFloat);
        EXPECT_TRUE(at::allclose(viewOf(*blend->find(name), blend->mapping()).to(at::kFloat), from * 0.25 + to * 0.75, 1e-3, 1e-3)) << name;
        hasMoved = hasMoved || !at::allclose(from, to, 1e-2, 1e-2);
    }
    EXPECT_TRUE(hasMoved);
}

TEST_F(TrainingTest, TheRunningAverageOfTheWeightsIsWhatIsSaved)
{
    TrainingRun run = smallRun(6);
    ASSERT_TRUE(createEngine()->train(run, {}, {}));
    const std::string plain = bytesOf(folder / "out/model.safetensors");
    run.outFolder = (folder / "averaged").string();
    run.averageDecay = 0.9;
    ASSERT_TRUE(createEngine()->train(run, {}, {}));
    EXPECT_NE(bytesOf(folder / "averaged/model.safetensors"), plain);
}

TEST_F(TrainingTest, ALookIsOneAtTheAverageThatWouldBeSaved)
{
    TrainingRun run = smallRun(40);
    run.stages.front().measureEvery = 2;
    constexpr int kLevels = 40;
    for (int level = 0; level < kLevels; ++level) { // from the one picture to the other
        run.samples.push_back(run.samples[level < kLevels / 2 ? 0 : 1]);
        run.samples.back().picture = "level " + std::to_string(level);
        run.samples.back().isHeldOut = true;
    }
    run.loadPicture = [load = run.loadPicture](const std::string &name) -> Result<Frame> {
        if (!name.starts_with("level "))
            return load(name);
        const Frame from = *load("0"), to = *load("1");
        const double share = std::stod(name.substr(6)) / (kLevels - 1);
        auto pixels = std::shared_ptr<std::uint8_t>(new std::uint8_t[64 * 64 * 3], std::default_delete<std::uint8_t[]>());
        for (int i = 0; i < 64 * 64 * 3; ++i)
            pixels.get()[i] = static_cast<std::uint8_t>((1 - share) * from.pixels.get()[i] + share * to.pixels.get()[i]);
        Frame between = from;
        between.pixels = pixels;
        return between;
    };
    std::vector<nlohmann::json> looks[2];
    nlohmann::json shipped;
    for (const bool isAveraged : {false, true}) {
        run.averageDecay = isAveraged ? 0.99 : 0;
        ASSERT_TRUE(trainAnew(run));
        for (const nlohmann::json &line : logOf(folder / "out")) {
            if (line.contains("held_out"))
                looks[isAveraged].push_back(line["held_out"]);
            if (line.contains("shipped"))
                shipped = line["shipped"];
        }
    }
    EXPECT_EQ(looks[1].size(), 20U);
    EXPECT_NE(looks[1], looks[0]) << "the same steps, and their average lags behind";
    EXPECT_EQ(looks[1].back(), shipped);
}

TEST_F(TrainingTest, PicturesThatAreNotKeptAreDecodedAgainAndTeachTheSame)
{
    TrainingRun run = smallRun(6);
    std::atomic<int> decoded = 0;
    run.loadPicture = [load = run.loadPicture, &decoded](const std::string &name) {
        ++decoded;
        return load(name);
    };
    ASSERT_TRUE(createEngine()->train(run, {}, {}));
    EXPECT_EQ(decoded, 2) << "one look at each is enough";
    const std::string kept = bytesOf(folder / "out/model.safetensors");
    run.outFolder = (folder / "again").string();
    run.pictureMemory = 0;
    ASSERT_TRUE(createEngine()->train(run, {}, {}));
    EXPECT_GT(decoded, 2 + 2 + 6);
    EXPECT_EQ(bytesOf(folder / "again/model.safetensors"), kept);
}

TEST_F(TrainingTest, GeneratedPicturesAreMadeWhenTheyAreDrawnAndNotBefore)
{
    TrainingRun run = smallRun(2);
    run.sources.front().isGenerated = true;
    run.sources.front().labels = 0;
    run.samples.push_back(run.samples.front());
    run.samples.back().isHeldOut = true; // without a question or a class there is nothing to look at
    run.samples.back().picture = "broken";
    run.samples.back().turns.clear();
    const auto report = createEngine()->train(run, {}, {});
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_TRUE(report->skippedPictures.empty());
}

TEST_F(TrainingTest, TheBestLookAtHeldOutAnswersIsKeptBesideTheLast)
{
    TrainingRun run = smallRun(60);
    for (const TrainingSample &sample : smallRun(1).samples) {
        run.samples.push_back(sample);
        run.samples.back().isHeldOut = true;
    }
    run.stages.front().measureEvery = 10;
    run.keepsBest = true;
    ASSERT_TRUE(createEngine()->train(run, {}, {}));
    double best = -1;
    int bestStep = 0;
    for (const nlohmann::json &line : logOf(folder / "out")) {
        if (line.contains("held_out_mean") && line["held_out_mean"] >= best) { // of equal ones the last
            best = line["held_out_mean"];
            bestStep = line["step"];
        }
    }
    EXPECT_EQ(best, 1) << "two pictures are learnt by heart";
    EXPECT_EQ(TensorFiles::open(folder / "out/best.safetensors")->metadata().at("step"), std::to_string(bestStep));
    EXPECT_EQ(bytesOf(folder / "out/model.safetensors"), bytesOf(folder / "out/best.safetensors"));
    EXPECT_TRUE(std::filesystem::exists(folder / "out/last.safetensors"));
    EXPECT_TRUE(verifyChecksums(folder / "out"));

    run.keepsBest = false;
    run.outFolder = (folder / "last").string();
    ASSERT_TRUE(createEngine()->train(run, {}, {}));
    EXPECT_EQ(bytesOf(folder / "last/model.safetensors").size(), bytesOf(folder / "out/last.safetensors").size());
    EXPECT_FALSE(std::filesystem::exists(folder / "last/last.safetensors")) << "the model is the last already";
}

TEST_F(TrainingTest, TheToldProbabilitiesAreFittedToHeldOutAnswers)
{
    // One answer is always right and the other always wrong: a model that is sure of both is right half the time.
    TrainingRun run = smallRun(120);
    for (const TrainingSample &sample : smallRun(1).samples) {
        run.samples.push_back(sample);
        run.samples.back().isHeldOut = true;
        run.samples.back().turns.front().answer = "yes";
    }
    const auto engine = createEngine();
    ASSERT_TRUE(engine->train(run, {}, {}));
    const double temperature = std::get<AuroraEdgeConfig>(readModelConfig(folder / "out")->architecture).answerTemperature;
    EXPECT_GT(temperature, 1);
    const auto asked = [&] {
        auto inspector = engine->load({run.outFolder, "cpu", Precision::Fp32, 1, false}, {}, {});
        return *(*inspector)->ask(*run.loadPicture("0"), {"Is there a bottle?", {}}, {}, {});
    };
    const Answer fitted = asked();
    const auto config = folder / "out/config.json";
    std::string text = bytesOf(config);
    const std::size_t at = text.find("\"calibration\"");
    ASSERT_NE(at, std::string::npos);
    text.replace(at, text.find('}', at) - at, "\"calibration\": {\"temperature\": 1.0");
    std::ofstream(config) << text;
    ASSERT_TRUE(writeChecksums(folder / "out"));
    const Answer raw = asked();
    EXPECT_EQ(fitted.text, raw.text) << "the same answer, less sure";
    EXPECT_LT(fitted.probability, raw.probability);
}

TEST_F(TrainingTest, AStageWithoutPatienceEndsWhenTheHeldOutFiguresStandStill)
{
    TrainingRun run = smallRun(200);
    for (const TrainingSample &sample : smallRun(1).samples) {
        run.samples.push_back(sample);
        run.samples.back().isHeldOut = true;
        run.samples.back().turns.front().answer = "never"; // what it can never answer right
    }
    run.stages.front().measureEvery = 5;
    run.stages.front().patience = 2;
    const auto report = createEngine()->train(run, {}, {});
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->picturesSeen, 15 * 8) << "a first look, and two that are no better";
}

TEST_F(TrainingTest, LayersComputedAgainTrainTheSameModel)
{
    TrainingRun run = smallRun(5);
    ASSERT_TRUE(createEngine()->train(run, {}, {}));
    const std::string plain = bytesOf(folder / "out/model.safetensors");
    run.outFolder = (folder / "again").string();
    run.recomputes = true;
    ASSERT_TRUE(createEngine()->train(run, {}, {}));
    EXPECT_EQ(bytesOf(folder / "again/model.safetensors"), plain);
}

TEST_F(TrainingTest, AdaptersLearnBesideMatricesThatStay)
{
    TrainingRun run = smallRun(30);
    run.adapters.rank = 2;
    run.stages.front().trained = TrainedParts::Connectors;
    run.checkpointMinutes = 0;
    {
        const auto checkpoint = stoppedAfter(run, 2);
        ASSERT_TRUE(checkpoint);
        for (const auto &[name, given] : weights()) {
            const bool isFrozen = name.starts_with("language_model.") || name.starts_with("vision_tower.");
            EXPECT_TRUE(!isFrozen || given.equal(viewOf(*checkpoint->find(name), checkpoint->mapping()))) << name;
        }
    }
    const auto report = createEngine()->train(run, {}, {}); // goes on with what the adapters had learnt
    ASSERT_TRUE(report) << report.error().message;
    const auto before = TensorFiles::open(folder / "model"), after = TensorFiles::open(folder / "out");
    int adapted = 0;
    for (const auto &[name, tensor] : before->tensors()) {
        const at::Tensor given = viewOf(tensor, before->mapping()).to(at::kHalf).to(at::kFloat), now = viewOf(*after->find(name), after->mapping()).to(at::kFloat);
        if (!name.starts_with("language_model.") && !name.starts_with("vision_tower."))
            continue;
        const bool mayChange = name.starts_with("language_model.") && name.find("_proj.weight") != std::string::npos;
        EXPECT_TRUE(mayChange || given.equal(now)) << name;
        if (!mayChange || given.equal(now))
            continue;
        ++adapted;
        const at::Tensor values = std::get<1>(at::linalg_svd(now - given, false));
        EXPECT_LT(values[2].item<double>(), 0.1 * values[0].item<double>() + 2e-3) << name << ": of rank 2, but for fp16";
    }
    EXPECT_GT(adapted, 5);
    for (const auto &[name, tensor] : after->tensors())
        EXPECT_TRUE(before->find(name)) << name << ": a plain model";

    run.outFolder = (folder / "unbroken").string();
    run.checkpointMinutes = 5;
    ASSERT_TRUE(createEngine()->train(run, {}, {}));
    EXPECT_EQ(bytesOf(folder / "unbroken/model.safetensors"), bytesOf(folder / "out/model.safetensors"));
}

TEST_F(TrainingTest, AdaptersOfTheTowerLearnBesideHeadsThatLearnToo)
{
    for (const bool ofTower : {true, false}) {
        TrainingRun run = smallRun(9);
        run.outFolder = (folder / (ofTower ? "tower" : "decoder")).string();
        run.adapters.rank = 2;
        run.adapters.ofTower = ofTower;
        run.stages.front().trained = TrainedParts::Connectors;
        run.sources.front().defectKinds = 2;
        for (std::size_t i = 0; i < 2; ++i)
            run.samples[i].boxes = {{0, 0, 1, 1, true, static_cast<int>(i)}};
        const auto before = stoppedAfter(run, 1), after = stoppedAfter(run, 1);
        ASSERT_TRUE(before && after);
        for (const char *head : {"training.pooled_head.noise.weight", "training.kind_head.noise.weight"}) {
            const at::Tensor early = viewOf(*before->find(head), before->mapping()), late = viewOf(*after->find(head), after->mapping());
            EXPECT_EQ(early.equal(late), !ofTower) << head << ": a head that stays as it was drawn teaches the tower nothing";
        }
    }
}

TEST_F(TrainingTest, SourcesOfOneHeadShareIt)
{
    TrainingRun run = smallRun(3);
    run.sources.front().head = "sides";
    run.sources.push_back(run.sources.front());
    run.sources.back().name = "more";
    run.samples.back().source = "more";
    run.checkpointMinutes = 0;
    std::stop_source stop;
    ASSERT_FALSE(createEngine()->train(run, [&](const TrainingProgress &) { stop.request_stop(); }, stop.get_token()));
    const auto checkpoint = TensorFiles::open(folder / "out/checkpoint.safetensors");
    EXPECT_TRUE(checkpoint->find("training.pooled_head.sides.weight"));
    EXPECT_FALSE(checkpoint->find("training.pooled_head.more.weight"));
}

TEST_F(TrainingTest, ThePatchHeadOfAModelThatHasOneIsTrainedAndShips)
{
    putIntoConfig("{", "\"patch_head\":{\"classes\":[\"object\",\"centre\",\"defect\"]},");
    TrainingRun run = smallRun(150);
    run.samples[0].boxes = {{0, 0, 1, 0.5, false}};
    run.samples[1].boxes = {{0, 0.5, 1, 0.5, true}};
    run.sources.front().views = {};
    run.sources.front().views.isMirrored = false;
    ASSERT_TRUE(createEngine()->train(run, {}, {}));
    auto inspector = createEngine()->load({run.outFolder, "cpu", Precision::Fp32, 1, false}, {}, {});
    ASSERT_TRUE(inspector) << inspector.error().message;
    const auto good = (*inspector)->patchMaps(*run.loadPicture("0"), {}), bad = (*inspector)->patchMaps(*run.loadPicture("1"), {});
    ASSERT_TRUE(good && bad);
    const auto highest = [](const std::vector<PatchMap> &maps, std::string_view name) {
        const auto map = std::ranges::find(maps, name, &PatchMap::name);
        return std::ranges::max(map->probability);
    };
    EXPECT_LT(highest(*good, "defect"), 0.5F);
    EXPECT_GT(highest(*bad, "defect"), 0.5F);
    EXPECT_GT(highest(*good, "object"), 0.5F);
}

TEST_F(TrainingTest, TowerAndTeacherLearnWhichDefectAPatchShows)
{
    for (const bool isTeacher : {false, true}) {
        SCOPED_TRACE(isTeacher ? "teacher" : "tower");
        TrainingRun run = smallRun(60);
        TrainingStage &stage = run.stages.front();
        stage.towerOnly = !isTeacher;
        stage.isTeacher = isTeacher;
        stage.labelWeight = 0;
        run.sources.front().defectKinds = 2;
        for (std::size_t i = 0; i < 2; ++i) {
            run.samples[i].label = 0; // of one class
            run.samples[i].boxes = {{0, 0, 1, 1, true, static_cast<int>(i)}};
        }
        ASSERT_TRUE(createEngine()->train(run, {}, {}));
        EXPECT_LT(logOf(folder / "out").back()["loss"].get<double>(), 0.5) << "ln 2 alone for who cannot tell them apart";
        std::filesystem::remove_all(run.outFolder);
    }
}

TEST_F(TrainingTest, ADefectOfUnknownKindTeachesNoKind)
{
    TrainingRun run = smallRun(4);
    run.stages.front().towerOnly = true;
    for (TrainingSample &sample : run.samples)
        sample.boxes = {{0.1, 0.1, 0.5, 0.5, true}};
    ASSERT_TRUE(createEngine()->train(run, {}, {}));
    const std::string without = bytesOf(folder / "out/model.safetensors");
    run.sources.front().defectKinds = 3;
    run.outFolder = (folder / "kinds").string();
    ASSERT_TRUE(createEngine()->train(run, {}, {}));
    EXPECT_EQ(bytesOf(folder / "kinds/model.safetensors"), without);
}

TEST_F(TrainingTest, ARunWithoutAPictureThatCanBeReadIsRefused)
{
    TrainingRun run = smallRun(3);
    run.loadPicture = [](const std::string &path) -> Result<Frame> { return failure(code::ImageEmpty, path + " is empty (0 bytes)"); };
    const auto trained = createEngine()->train(run, {}, {});
    ASSERT_FALSE(trained);
    EXPECT_EQ(trained.error().code, code::RecipeValue);
    EXPECT_NE(trained.error().message.find("is empty (0 bytes)"), std::string::npos) << trained.error().message;
}

TEST_F(TrainingTest, ARunStoppedBeforeItsFirstStepIsCancelled)
{
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = createEngine()->train(smallRun(3), {}, stop.get_token());
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, code::Cancelled);
}

TEST_F(TrainingTest, ATowerStageLeavesAllButTheTowerBitForBit)
{
    TrainingRun run = smallRun(9);
    run.stages.front().towerOnly = true;
    const auto after = stoppedAfter(run, 3);
    ASSERT_TRUE(after);
    int changed = 0;
    for (const auto &[name, given] : weights()) {
        const bool isSame = given.equal(viewOf(*after->find(name), after->mapping()));
        EXPECT_TRUE(isSame || name.starts_with("vision_tower.")) << name;
        changed += isSame ? 0 : 1;
    }
    EXPECT_GT(changed, 20);
}

TEST_F(TrainingTest, AnImportedModelLosesItsMarkWhenItIsTrained)
{
    putIntoConfig("{", "\"connectors_trained\":false,");
    ASSERT_TRUE(createEngine()->train(smallRun(2), {}, {}));
    EXPECT_TRUE(std::get<AuroraEdgeConfig>(readModelConfig(folder / "out")->architecture).connectorsTrained);
    EXPECT_TRUE(verifyChecksums(folder / "out"));
}

} // namespace
} // namespace auroraedge::engine
