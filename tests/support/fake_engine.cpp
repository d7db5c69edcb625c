#include "tests/support/fake_engine.h"

#include <filesystem>

namespace auroraedge::testing {
namespace {

/// Identity of what a frame shows, so that a repeated picture is recognised by its pixels.
std::uint64_t pixelHash(const Frame &frame)
{
    std::uint64_t hash = 14695981039346656037ULL ^ static_cast<std::uint64_t>(frame.widthPx);
    for (int y = 0; y < frame.heightPx; ++y) {
        for (int i = 0; i < 3 * frame.widthPx; ++i)
            hash = (hash ^ frame.row(y)[i]) * 1099511628211ULL;
    }
    return hash;
}

class FakeInspector final : public Inspector
{
public:
    FakeInspector(FakeScript &script, ModelCard card) : m_script(script), m_card(std::move(card))
    {
        m_script.counters = {};
    }

    const ModelCard &card() const override { return m_card; }
    InspectorCounters counters() const override { return m_script.counters; }

    Result<Answer> ask(const Frame &whole, const Question &question, const AskListener &listener,
                       std::stop_token stop) override
    {
        const Frame frame = question.region ? cropped(whole, *question.region) : whole;
        if (m_script.onAsk)
            m_script.onAsk();
        m_script.questions.push_back(question.text);
        m_script.options.push_back(question.options);
        m_script.frames.push_back(frame);
        if (question.text.find_first_not_of(" \t\n") == std::string::npos)
            return failure(code::QuestionEmpty, "type a question");
        if (const auto error = m_script.askErrors.find(question.text); error != m_script.askErrors.end())
            return failure(error->second);
        const auto tell = [&](Stage stage) {
            if (listener.onStage)
                listener.onStage(stage);
            return !stop.stop_requested();
        };

        Answer answer;
        if (!frame.isEmpty()) {
            const std::uint64_t hash = pixelHash(frame);
            answer.encoderReused = m_encoded == hash;
            if (!answer.encoderReused) {
                for (const Stage stage : {Stage::Preprocess, Stage::Encode, Stage::Project, Stage::Compress}) {
                    if (!tell(stage))
                        return failure(code::Cancelled, "stopped");
                }
                ++m_script.counters.encoderRuns;
                answer.latency.preprocessMs = 1;
                answer.latency.encodeMs = 10;
                answer.latency.projectMs = 0.5;
                answer.latency.compressMs = 0.25;
            }
            m_encoded = hash;
            answer.tokens.visual = m_card.visualTokens;
        }
        for (const Stage stage : {Stage::Fuse, Stage::Prefill, Stage::Generate}) {
            if (!tell(stage))
                return failure(code::Cancelled, "stopped");
        }
        ++m_script.counters.fusionRuns;
        ++m_script.counters.prefills;
        if (m_script.hangs) {
            std::unique_lock lock(m_script.mutex);
            m_script.isHanging = true;
            m_script.changed.notify_all();
            m_script.changed.wait(lock, stop, [] { return false; });
            m_script.isHanging = false;
            return failure(code::Cancelled, "stopped");
        }

        if (m_script.answerFor) {
            Result<std::string> text = m_script.answerFor(frame, question.text);
            if (!text)
                return failure(text.error());
            answer.text = *std::move(text);
        } else if (const auto found = m_script.answers.find(question.text); found != m_script.answers.end()) {
            answer.text = found->second;
        } else {
            answer.text = m_script.defaultAnswer;
        }
        for (std::size_t at = 0; at < answer.text.size();) {
            if (stop.stop_requested())
                return failure(code::Cancelled, "stopped");
            std::size_t end = at + 1;
            while (end < answer.text.size() && (static_cast<unsigned char>(answer.text[end]) & 0xC0) == 0x80)
                ++end;
            if (listener.onText)
                listener.onText(std::string_view(answer.text).substr(at, end - at));
            ++m_script.counters.decodeSteps;
            ++answer.tokens.answer;
            at = end;
        }
        answer.tokens.prompt = static_cast<int>(question.text.size());
        answer.probability = m_script.probability;
        answer.isComplete = m_script.isComplete;
        answer.latency.fuseMs = 2;
        answer.latency.prefillMs = 3;
        answer.latency.firstTokenMs = 20;
        answer.latency.perTokenMs = 4;
        answer.latency.totalMs = 24;
        return answer;
    }

    Result<void> encodeAhead(const Frame &frame, std::stop_token stop) override
    {
        {
            std::unique_lock lock(m_script.mutex);
            m_script.encodedFrames.push_back(frame);
            m_script.changed.notify_all();
            if (m_script.encodesSlowly)
                m_script.changed.wait(lock, stop, [this] { return !m_script.encodesSlowly; });
        }
        if (stop.stop_requested())
            return failure(code::Cancelled, "stopped");
        if (m_encoded != pixelHash(frame))
            ++m_script.counters.encoderRuns;
        m_encoded = pixelHash(frame);
        return {};
    }

    Result<std::vector<PatchMap>> patchMaps(const Frame &frame, std::stop_token stop) override
    {
        m_script.mappedFrames.push_back(frame);
        if (m_script.patchMaps.empty())
            return failure(code::ModelTensorMissing, "this model has no patch head, so it has no map", m_card.folder);
        if (const Result<void> encoded = encodeAhead(frame, stop); !encoded)
            return failure(encoded.error());
        return m_script.patchMaps;
    }

    Result<std::vector<Judgement>> judge(std::span<const Frame> frames, const std::string &question, const std::vector<std::string> &choices,
                                         std::stop_token stop) override
    {
        std::vector<Judgement> judgements;
        for (const Frame &frame : frames) {
            if (stop.stop_requested())
                return failure(code::Cancelled, "stopped");
            const double even = 1 / static_cast<double>(choices.size());
            judgements.push_back(m_script.judgementFor ? m_script.judgementFor(frame, question, choices)
                                                       : Judgement{std::vector<double>(choices.size(), even), m_script.patchMaps, {.encodeMs = 2, .totalMs = 3}});
        }
        return judgements;
    }

    Result<PreparedPicture> prepare(const Frame &frame) const override
    {
        const std::lock_guard lock(m_preparedMutex);
        m_prepared.push_back(frame);
        return PreparedPicture{std::make_shared<const std::vector<float>>(1, static_cast<float>(m_prepared.size() - 1)), 1, 1, 1};
    }

    Result<std::vector<Result<Answer>>> askAll(std::span<const PreparedPicture> pictures, std::span<const Question> questions,
                                               std::stop_token stop) override
    {
        m_script.batches.push_back(pictures.size());
        std::vector<Result<Answer>> answers;
        for (const PreparedPicture &picture : pictures) {
            Frame frame;
            {
                const std::lock_guard lock(m_preparedMutex);
                frame = m_prepared[static_cast<std::size_t>(picture.patches->front())];
            }
            for (const Question &question : questions) {
                answers.push_back(ask(frame, question, {}, stop));
                if (!answers.back() && answers.back().error().code.family() != "ANS" && answers.back().error().code.family() != "IMG")
                    return failure(answers.back().error());
            }
        }
        return answers;
    }

private:
    FakeScript &m_script;
    ModelCard m_card;
    mutable std::mutex m_preparedMutex;
    mutable std::vector<Frame> m_prepared; // guarded by m_preparedMutex
    std::optional<std::uint64_t> m_encoded; ///< picture whose features are kept
};

/// One byte is one id.
class FakeCodec final : public TextCodec
{
public:
    Result<std::vector<std::int64_t>> encode(std::string_view text, Markers markers) const override
    {
        if (markers == Markers::Recognised && text == "<end>")
            return std::vector<std::int64_t>{256};
        std::vector<std::int64_t> ids;
        for (const char character : text)
            ids.push_back(static_cast<unsigned char>(character));
        return ids;
    }
    Result<std::string> decode(std::span<const std::int64_t> ids) const override
    {
        std::string text;
        for (const std::int64_t id : ids) {
            if (id < 0 || id > 256)
                return failure(code::TokenizerEntry, "id " + std::to_string(id) + " is not in the vocabulary");
            text += tokenBytes(id);
        }
        return text;
    }
    std::string tokenBytes(std::int64_t id) const override
    {
        return id < 256 ? std::string(1, static_cast<char>(id)) : std::string();
    }
    std::int64_t idOf(std::string_view entry) const override { return entry == "<end>" ? 256 : -1; }
    std::int64_t size() const override { return 257; }
};

} // namespace

void FakeScript::waitUntilHanging()
{
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return isHanging; });
}

void FakeScript::waitUntilEncoding(std::size_t count)
{
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return encodedFrames.size() >= count; });
}

void FakeScript::finishEncoding()
{
    const std::lock_guard lock(mutex);
    encodesSlowly = false;
    changed.notify_all();
}

Result<std::unique_ptr<Inspector>> FakeEngine::load(const LoadOptions &options, const LoadProgress &progress,
                                                    std::stop_token stop)
{
    m_script.loads.push_back(options);
    if (m_script.loadError)
        return failure(*m_script.loadError);
    for (const double share : {0.0, 0.5, 1.0}) {
        if (stop.stop_requested())
            return failure(code::Cancelled, "stopped");
        if (progress)
            progress(share);
    }
    ModelCard card;
    card.name = std::filesystem::path(options.folder).filename().string();
    card.folder = options.folder;
    card.sha256 = std::string(64, 'a');
    card.family = "auroraedge";
    card.parameters = 10'000'000;
    card.weightBytes = 40'000'000;
    card.precision = options.precision == Precision::Auto ? Precision::Fp32 : options.precision;
    card.device = "cpu";
    card.deviceReason = "the fake engine has no other";
    card.visualTokens = 64;
    card.maxQuestionTokens = 512;
    card.loadMs = 5;
    return std::unique_ptr<Inspector>(std::make_unique<FakeInspector>(m_script, std::move(card)));
}

Result<ModelDescription> FakeEngine::describe(const std::string &folder)
{
    if (m_script.describeError)
        return failure(*m_script.describeError);
    ModelDescription description;
    description.name = std::filesystem::path(folder).filename().string();
    description.folder = folder;
    description.family = "auroraedge";
    description.sha256 = std::string(64, 'a');
    description.parameters = 10'000'000;
    description.fileBytes = 20'000'000;
    description.facts = {{"vision", "256 wide, 6 layers"}, {"decoder", "256 wide, 4 layers"}};
    description.tensors = {{"vision.weight", "F16", {256, 768}}, {"decoder.norm.weight", "F16", {256}}};
    return description;
}

Result<std::vector<ModuleCost>> FakeEngine::costOf(const std::string &, int textTokens)
{
    if (m_script.describeError)
        return failure(*m_script.describeError);
    return std::vector<ModuleCost>{{"vision", 6'000'000, 1'500'000'000, 6'100'000, 1'400'000'000},
                                   {"decoder", 4'000'000, 1'000'000 * textTokens, 3'900'000, 2'000'000 * textTokens}};
}

Result<std::unique_ptr<TextCodec>> FakeEngine::openTokenizer(const std::string &)
{
    return std::unique_ptr<TextCodec>(std::make_unique<FakeCodec>());
}

Result<SelfTest> FakeEngine::selfTest(int threads)
{
    SelfTest test;
    test.fp32Gflops = 200;
    test.bf16Gflops = 1300;
    test.cpuCapability = "AVX512";
    test.libtorchVersion = "2.13.0";
    test.cuda = "no driver";
    test.threads = threads > 0 ? threads : 1;
    return test;
}

Result<ImportReport> FakeEngine::importModel(const ImportRequest &request, const LoadProgress &progress, std::stop_token)
{
    m_script.importRequest = request;
    if (m_script.importError)
        return failure(*m_script.importError);
    for (const double fraction : {0.04, 0.08, 0.5, 1.0}) {
        if (progress)
            progress(fraction);
    }
    return ImportReport{2'000'000, 4'000'000, {"connectors untrained"}};
}

Result<TrainingReport> FakeEngine::train(const TrainingRun &run, const TrainingListener &listener,
                                         std::stop_token stop)
{
    m_script.trainingRun = run;
    if (m_script.trainError)
        return failure(*m_script.trainError);
    for (const TrainingProgress &progress : m_script.trainingProgress) {
        if (stop.stop_requested())
            return failure(code::Cancelled, "stopped");
        if (listener)
            listener(progress);
    }
    return m_script.trainingReport;
}

Result<void> FakeEngine::debugForward(const std::string &folder, const std::string &inputs,
                                      const std::string &outputs, int steps, Precision precision)
{
    m_script.debugCalls.push_back("forward " + folder + " " + inputs + " " + outputs + " " + std::to_string(steps) + " "
                                  + std::string(precisionName(precision)));
    if (m_script.debugError)
        return failure(*m_script.debugError);
    return {};
}

Result<void> FakeEngine::debugTrainStep(const std::string &folder, const std::string &batch, int stage,
                                        const std::string &outputs)
{
    m_script.debugCalls.push_back("train-step " + folder + " " + batch + " " + std::to_string(stage) + " " + outputs);
    if (m_script.debugError)
        return failure(*m_script.debugError);
    return {};
}

Result<void> FakeEngine::debugPreprocess(const std::string &configFile, const Frame &frame,
                                         const std::string &outputs)
{
    m_script.debugCalls.push_back("preprocess " + configFile + " " + std::to_string(frame.widthPx) + "x"
                                  + std::to_string(frame.heightPx) + " " + outputs);
    if (m_script.debugError)
        return failure(*m_script.debugError);
    return {};
}

} // namespace auroraedge::testing
