#include "engine/models/aurora_edge_inspector.h"

#include "engine/core/device.h"
#include "engine/core/guarded.h"
#include "engine/core/lanes.h"
#include "engine/core/not_finite.h"
#include "engine/io/model_folder.h"
#include "engine/models/answerer.h"
#include "engine/models/aurora_edge.h"
#include "engine/models/picture_encoder.h"
#include "engine/models/stages.h"
#include "engine/text/open_tokenizer.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <thread>

namespace auroraedge::engine {

namespace {

constexpr std::size_t kJudgedAtOnce = 16; ///< pictures of one batch
constexpr std::size_t kEncodedAtOnce = 8; ///< pictures of one grid on a GPU; a CPU is filled by one a core
constexpr std::int64_t kDecodedAtOnce = 16; ///< answers; always as many rows, so that none depends on how many there are

bool areFinite(std::span<const double> values)
{
    return std::ranges::all_of(values, [](double value) { return std::isfinite(value); });
}

bool areFinite(const std::vector<PatchMap> &maps)
{
    return std::ranges::all_of(maps, [](const PatchMap &map) { return std::ranges::all_of(map.probability, [](float value) { return std::isfinite(value); }); });
}

/// Each picture's share of what was done for @p pictures of them together.
StageLatencies shareOf(const StageLatencies &together, std::size_t pictures)
{
    const auto count = static_cast<double>(pictures);
    StageLatencies share;
    share.encodeMs = together.encodeMs / count;
    share.projectMs = together.projectMs / count;
    share.compressMs = together.compressMs / count;
    share.fuseMs = together.fuseMs / count;
    share.prefillMs = together.prefillMs / count;
    return share;
}

class AuroraEdgeInspector final : public Inspector
{
public:
    AuroraEdgeInspector(AuroraEdge model, std::weak_ptr<const MappedFiles> weightFiles, std::unique_ptr<TextCodec> codec,
                        NaflexConfig preprocessing, ModelCard card, at::Device device)
        : m_model(std::move(model)), m_weightFiles(std::move(weightFiles)), m_encoder(m_model, std::move(preprocessing), device),
          m_answerer(m_model, std::move(codec), device), m_card(std::move(card)), m_device(device)
    {
    }

    const ModelCard &card() const override { return m_card; }
    InspectorCounters counters() const override { return m_counters; }

    Result<Answer> ask(const Frame &frame, const Question &question, const AskListener &listener, std::stop_token stop) override
    {
        return guarded("answering", [&]() -> Result<Answer> {
            const at::NoGradGuard noGrad;
            if (haveWeightsChanged()) // before a wrong word is streamed
                return weightsChanged();
            Result<Answer> answered = answer(frame, question, listener, stop);
            return haveWeightsChanged() ? weightsChanged() : std::move(answered);
        });
    }

    Result<void> encodeAhead(const Frame &frame, std::stop_token stop) override
    {
        return guarded("encoding", [&]() -> Result<void> {
            const at::NoGradGuard noGrad;
            StageLatencies unused;
            const auto kept = keep(frame, {}, stop, unused);
            return kept ? Result<void>() : failure(kept.error());
        });
    }

    Result<std::vector<PatchMap>> patchMaps(const Frame &frame, std::stop_token stop) override
    {
        return guarded("mapping", [&]() -> Result<std::vector<PatchMap>> {
            if (!m_model.patchHead)
                return failure(code::ModelTensorMissing, "this model has no patch head, so it has no map", m_card.folder);
            const at::NoGradGuard noGrad;
            StageLatencies unused;
            const auto kept = keep(frame, {}, stop, unused);
            if (haveWeightsChanged())
                return weightsChanged();
            if (!kept)
                return failure(kept.error());
            return areFinite(kept->picture->maps) ? Result<std::vector<PatchMap>>(kept->picture->maps) : notFinite();
        });
    }

    Result<PreparedPicture> prepare(const Frame &frame) const override
    {
        return guarded("preparing", [&] { return m_encoder.prepare(frame); });
    }

    Result<std::vector<Result<Answer>>> askAll(std::span<const PreparedPicture> pictures, std::span<const Question> questions,
                                               std::stop_token stop) override
    {
        return guarded("answering", [&]() -> Result<std::vector<Result<Answer>>> {
            const at::NoGradGuard noGrad;
            if (haveWeightsChanged())
                return weightsChanged();
            Result<std::vector<Result<Answer>>> answers = answerAll(pictures, questions, stop);
            return haveWeightsChanged() ? weightsChanged() : std::move(answers);
        });
    }

    Result<std::vector<Judgement>> judge(std::span<const Frame> frames, const std::string &question, const std::vector<std::string> &choices,
                                         std::stop_token stop) override
    {
        return guarded("judging", [&]() -> Result<std::vector<Judgement>> {
            const at::NoGradGuard noGrad;
            Result<std::vector<Judgement>> judged = judgeAll(frames, question, choices, stop);
            return haveWeightsChanged() ? weightsChanged() : std::move(judged);
        });
    }

private:
    Result<PictureEncoder::Found> keep(const Frame &frame, const AskListener &listener, const std::stop_token &stop, StageLatencies &latency);
    Result<Answer> answer(const Frame &frame, const Question &question, const AskListener &listener, const std::stop_token &stop);
    Result<void> generate(Prompted &state, const GenerationOptions &options, const AskListener &listener, const std::stop_token &stop,
                          Clock::time_point start, Answer &answer);
    Result<void> choose(const Prompted &state, const std::vector<Choice> &choices, const std::stop_token &stop, Answer &answer) const;

    /// One answer of many, before it is decoded.
    struct Begun
    {
        std::optional<Prompted> state; ///< of one row; none once the answer is there
        Result<Answer> answer = Answer();
    };
    Result<std::vector<Result<Answer>>> answerAll(std::span<const PreparedPicture> pictures, std::span<const Question> questions, const std::stop_token &stop);
    /// Fills begun [picture * questions + question] for the @p pictures, which are of one grid. Const and safe on several threads.
    void begin(std::span<const PreparedPicture *const> pictures, std::span<const PlannedQuestion> questions, const std::stop_token &stop,
               std::span<Begun *const> begun) const;
    void decodeTogether(std::span<Begun> begun, std::span<const PlannedQuestion> questions, const std::stop_token &stop);

    Result<std::vector<Judgement>> judgeAll(std::span<const Frame> frames, const std::string &question, const std::vector<std::string> &texts,
                                            const std::stop_token &stop);
    Result<void> judgeTogether(const std::vector<PreparedPicture> &pictures, const PlannedQuestion &question, const std::stop_token &stop,
                               std::vector<Judgement> &judgements);

    /// Weights that stay in their files change with them.
    [[nodiscard]] bool haveWeightsChanged() const
    {
        const auto files = m_weightFiles.lock();
        return files && std::any_of(files->begin(), files->end(), [](const auto &file) { return file->hasChanged(); });
    }
    [[nodiscard]] Failure weightsChanged() const
    {
        return failure(code::ModelChanged, "a weight file of " + m_card.name + " was changed while it was in use; load the model again", m_card.folder);
    }

    const AuroraEdge m_model;
    std::weak_ptr<const MappedFiles> m_weightFiles; ///< gone when every weight was copied to a device or another precision
    PictureEncoder m_encoder;
    Answerer m_answerer;
    ModelCard m_card;
    at::Device m_device;
    InspectorCounters m_counters;
    std::unique_ptr<Lanes> m_lanes; ///< made by the first askAll() on a CPU
};

Result<PictureEncoder::Found> AuroraEdgeInspector::keep(const Frame &frame, const AskListener &listener, const std::stop_token &stop, StageLatencies &latency)
{
    Result<PictureEncoder::Found> found = m_encoder.kept(frame, listener, stop, latency);
    m_counters.encoderRuns += found && !found->isReused ? 1 : 0;
    return found;
}

Result<Answer> AuroraEdgeInspector::answer(const Frame &frame, const Question &question, const AskListener &listener,
                                           const std::stop_token &stop)
{
    const Clock::time_point start = Clock::now();
    const Result<PlannedQuestion> planned = m_answerer.plan(question, !frame.isEmpty());
    if (!planned)
        return failure(planned.error());
    Answer answer;
    answer.isUntrained = !m_model.config.connectorsTrained;
    answer.tokens.prompt = static_cast<int>(planned->prompt.size());
    const Features *features = nullptr;
    if (!frame.isEmpty()) {
        const Result<PictureEncoder::Found> found = keep(question.region ? cropped(frame, *question.region) : frame, listener, stop, answer.latency);
        if (!found)
            return failure(found.error());
        features = &found->picture->features;
        answer.encoderReused = found->isReused;
        answer.tokens.visual = static_cast<int>(features->compressed.size(1));
        ++m_counters.fusionRuns;
    }
    Prompted state = m_answerer.prompted(features, *planned, listener, stop, answer.latency);
    ++m_counters.prefills;

    enter(Stage::Generate, listener, stop);
    if (planned->choices.empty()) {
        if (const Result<void> generated = generate(state, planned->options, listener, stop, start, answer); !generated)
            return failure(generated.error());
    } else {
        if (const Result<void> chosen = choose(state, planned->choices, stop, answer); !chosen)
            return failure(chosen.error());
        ++m_counters.decodeSteps;
        answer.latency.firstTokenMs = msSince(start);
        if (listener.onText)
            listener.onText(answer.text);
    }
    answer.latency.totalMs = msSince(start);
    return answer;
}

Result<void> AuroraEdgeInspector::generate(Prompted &state, const GenerationOptions &options, const AskListener &listener,
                                           const std::stop_token &stop, Clock::time_point start, Answer &answer)
{
    DrawnText text = m_answerer.drawnText(options);
    at::Tensor logits = state.logits;
    Clock::time_point firstToken = start;
    while (!text.isDone()) {
        if (stop.stop_requested())
            throw StopRequested{};
        const Result<std::string> piece = text.draw(logits.flatten());
        if (!piece)
            return failure(piece.error());
        if (text.drawn() == 1) {
            firstToken = Clock::now();
            answer.latency.firstTokenMs = msSince(start);
        }
        answer.text += *piece;
        if (listener.onText && !piece->empty())
            listener.onText(*piece);
        if (text.isDone())
            break;
        logits = m_answerer.nextLogits(std::array{text.lastId()}, state.cache, stop);
        ++m_counters.decodeSteps;
    }
    answer.isComplete = text.isComplete();
    answer.tokens.answer = text.tokens();
    answer.latency.perTokenMs = text.drawn() > 1 ? msSince(firstToken) / (text.drawn() - 1) : 0;
    answer.probability = text.probability();
    return {};
}

Result<void> AuroraEdgeInspector::choose(const Prompted &state, const std::vector<Choice> &choices, const std::stop_token &stop, Answer &answer) const
{
    const std::vector<double> scores = m_answerer.scoresOf(choices, state, stop);
    if (!areFinite(scores))
        return notFinite();
    for (const Choice &choice : choices)
        answer.tokens.answer = std::max(answer.tokens.answer, static_cast<int>(choice.ids.size()) - 1);
    const auto best = std::ranges::max_element(scores);
    double sum = 0;
    for (const double score : scores)
        sum += std::exp(score - *best);
    answer.text = choices[static_cast<std::size_t>(best - scores.begin())].text;
    answer.probability = 1 / sum;
    answer.isComplete = true;
    return {};
}

Result<std::vector<Result<Answer>>> AuroraEdgeInspector::answerAll(std::span<const PreparedPicture> pictures, std::span<const Question> questions,
                                                                   const std::stop_token &stop)
{
    std::vector<PlannedQuestion> planned;
    for (const Question &question : questions) {
        Result<PlannedQuestion> one = m_answerer.plan(question, true);
        if (!one)
            return failure(one.error());
        planned.push_back(*std::move(one));
    }
    // Neighbours of one grid; on a CPU one picture a core at a time keeps the layers in the cache.
    std::vector<std::pair<std::size_t, std::size_t>> groups; // first, count
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        const bool joins = !m_device.is_cpu() && !groups.empty() && groups.back().second < kEncodedAtOnce
            && pictures[i].gridHeight == pictures[groups.back().first].gridHeight && pictures[i].gridWidth == pictures[groups.back().first].gridWidth;
        if (joins)
            ++groups.back().second;
        else
            groups.emplace_back(i, 1);
    }
    std::vector<Begun> begun(pictures.size() * questions.size());
    const auto beginGroup = [&](std::int64_t index) {
        const at::NoGradGuard noGrad; // each thread has a switch of its own
        const auto &[first, count] = groups[static_cast<std::size_t>(index)];
        std::vector<const PreparedPicture *> group;
        std::vector<Begun *> places;
        for (std::size_t picture = first; picture < first + count; ++picture) {
            group.push_back(&pictures[picture]);
            for (std::size_t question = 0; question < questions.size(); ++question)
                places.push_back(&begun[picture * questions.size() + question]);
        }
        begin(group, planned, stop, places);
    };
    const auto groupCount = static_cast<std::int64_t>(groups.size());
    if (m_device.is_cpu()) {
        if (!m_lanes)
            m_lanes = std::make_unique<Lanes>(threadsOfKernels());
        m_lanes->run(groupCount, beginGroup);
    } else {
        for (std::int64_t i = 0; i < groupCount; ++i)
            beginGroup(i);
    }
    m_counters.encoderRuns += pictures.size();
    m_counters.fusionRuns += begun.size();
    m_counters.prefills += begun.size();
    decodeTogether(begun, planned, stop);

    std::vector<Result<Answer>> answers;
    for (Begun &one : begun) {
        if (one.answer) {
            StageLatencies &latency = one.answer->latency;
            latency.firstTokenMs = untilPrefilledMs(latency);
            latency.totalMs = latency.firstTokenMs + latency.perTokenMs * std::max(0, one.answer->tokens.answer - (one.answer->isComplete ? 0 : 1));
        }
        answers.push_back(std::move(one.answer));
    }
    return answers;
}

void AuroraEdgeInspector::begin(std::span<const PreparedPicture *const> pictures, std::span<const PlannedQuestion> questions, const std::stop_token &stop,
                                std::span<Begun *const> begun) const
{
    StageLatencies together; // of the group; each answer is told its share
    const Features features = m_encoder.encode(pictures, {}, stop, together).features;
    for (std::size_t question = 0; question < questions.size(); ++question) {
        const PlannedQuestion &planned = questions[question];
        Prompted prompted = m_answerer.prompted(&features, planned, {}, stop, together);
        for (std::size_t picture = 0; picture < pictures.size(); ++picture) {
            Begun &one = *begun[picture * questions.size() + question];
            Answer &answer = *one.answer;
            answer.isUntrained = !m_model.config.connectorsTrained;
            answer.encoderReused = question > 0;
            answer.tokens.prompt = static_cast<int>(planned.prompt.size());
            answer.tokens.visual = static_cast<int>(features.compressed.size(1));
            answer.latency = shareOf(together, pictures.size());
            answer.latency.preprocessMs = pictures[picture]->preprocessMs;
            if (answer.encoderReused)
                answer.latency.preprocessMs = answer.latency.encodeMs = answer.latency.projectMs = answer.latency.compressMs = 0;
            Prompted state = pictures.size() == 1 ? std::move(prompted) : m_answerer.rowOf(prompted, static_cast<std::int64_t>(picture));
            if (planned.choices.empty())
                one.state = std::move(state);
            else if (const Result<void> chosen = choose(state, planned.choices, stop, answer); !chosen)
                one.answer = failure(chosen.error());
        }
    }
}

void AuroraEdgeInspector::decodeTogether(std::span<Begun> begun, std::span<const PlannedQuestion> questions, const std::stop_token &stop)
{
    struct Row
    {
        Begun *begun = nullptr;
        std::optional<DrawnText> text; ///< none: the row is free
        double stepsMs = 0;            ///< this answer's share of the steps
    };
    std::int64_t capacity = 0;
    for (const Begun &one : begun)
        capacity = std::max(capacity, one.state ? one.state->cache.capacity() : 0);
    if (capacity == 0)
        return; // all were chosen
    std::optional<KvCache> cache; // made when the first answer needs a second token
    std::vector<Row> rows(static_cast<std::size_t>(kDecodedAtOnce));
    std::size_t next = 0;

    const auto draw = [&](Row &row, const at::Tensor &logits) { // [vocab]
        const Result<std::string> piece = row.text->draw(logits);
        Result<Answer> &answer = row.begun->answer;
        if (!piece) {
            answer = failure(piece.error());
            row.text.reset();
            return;
        }
        answer->text += *piece;
        if (!row.text->isDone())
            return;
        answer->isComplete = row.text->isComplete();
        answer->tokens.answer = row.text->tokens();
        answer->probability = row.text->probability();
        answer->latency.perTokenMs = row.text->drawn() > 1 ? row.stepsMs / (row.text->drawn() - 1) : 0;
        row.text.reset();
    };
    const auto fill = [&](std::size_t index) {
        Row &row = rows[index];
        for (; !row.text && next < begun.size(); ++next) {
            Begun &one = begun[next];
            if (!one.state)
                continue;
            const GenerationOptions &options = questions[next % questions.size()].options;
            row = {&one, m_answerer.drawnText(options), 0};
            if (!row.text->isDone())
                draw(row, one.state->logits.flatten());
            if (row.text) {
                if (!cache)
                    cache.emplace(m_answerer.cache(kDecodedAtOnce, capacity));
                cache->place(static_cast<std::int64_t>(index), one.state->cache, 0);
            }
            one.state.reset(); // its memory is needed no more
        }
    };
    while (true) {
        if (stop.stop_requested())
            throw StopRequested{};
        std::vector<std::int64_t> ids(rows.size(), 0), counts(rows.size(), 0);
        std::size_t active = 0;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            fill(i);
            if (rows[i].text) {
                ids[i] = rows[i].text->lastId();
                counts[i] = 1;
                ++active;
            } else if (cache) {
                cache->clear(static_cast<std::int64_t>(i));
            }
        }
        if (active == 0)
            return;
        const Clock::time_point start = Clock::now();
        const at::Tensor logits = m_answerer.nextLogits(ids, *cache, stop, counts).to(at::kCPU);
        ++m_counters.decodeSteps;
        const double share = msSince(start) / static_cast<double>(active);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (!rows[i].text)
                continue;
            rows[i].stepsMs += share;
            draw(rows[i], logits[static_cast<std::int64_t>(i)]);
        }
    }
}

Result<std::vector<Judgement>> AuroraEdgeInspector::judgeAll(std::span<const Frame> frames, const std::string &question,
                                                             const std::vector<std::string> &texts, const std::stop_token &stop)
{
    Question asked{question, {}};
    asked.options.choices = texts;
    const Result<PlannedQuestion> planned = m_answerer.plan(asked, true);
    if (!planned)
        return failure(planned.error());
    std::vector<Judgement> judgements;
    std::vector<PreparedPicture> pictures; // of one grid
    const auto judgePictures = [&]() -> Result<void> {
        const Result<void> judged = pictures.empty() ? Result<void>() : judgeTogether(pictures, *planned, stop, judgements);
        pictures.clear();
        return judged;
    };
    for (const Frame &frame : frames) {
        Result<PreparedPicture> prepared = m_encoder.prepare(frame);
        if (!prepared)
            return failure(prepared.error());
        const bool joins = pictures.empty()
            || (pictures.size() < kJudgedAtOnce && prepared->gridHeight == pictures.front().gridHeight && prepared->gridWidth == pictures.front().gridWidth);
        if (!joins) {
            if (const Result<void> judged = judgePictures(); !judged)
                return failure(judged.error());
        }
        pictures.push_back(*std::move(prepared));
    }
    if (const Result<void> judged = judgePictures(); !judged)
        return failure(judged.error());
    return judgements;
}

Result<void> AuroraEdgeInspector::judgeTogether(const std::vector<PreparedPicture> &pictures, const PlannedQuestion &question, const std::stop_token &stop,
                                                std::vector<Judgement> &judgements)
{
    std::vector<const PreparedPicture *> group;
    for (const PreparedPicture &picture : pictures)
        group.push_back(&picture);
    StageLatencies together;
    const EncodedPictures encoded = m_encoder.encode(group, {}, stop, together);
    Prompted state = m_answerer.prompted(&encoded.features, question, {}, stop, together);
    const Clock::time_point choosing = Clock::now();
    const at::Tensor shares = m_answerer.sharesOf(question.choices, state, stop);
    const double chosenMs = msSince(choosing);
    m_counters.encoderRuns += pictures.size();
    m_counters.fusionRuns += pictures.size();
    m_counters.prefills += pictures.size();
    m_counters.decodeSteps += question.choices.size();
    for (std::size_t row = 0; row < pictures.size(); ++row) {
        const double *values = shares.const_data_ptr<double>() + static_cast<std::int64_t>(row) * shares.size(1);
        Judgement judgement{{values, values + shares.size(1)}, m_encoder.mapsOf(encoded, static_cast<std::int64_t>(row)), shareOf(together, pictures.size())};
        StageLatencies &latency = judgement.latency;
        latency.preprocessMs = pictures[row].preprocessMs;
        latency.firstTokenMs = untilPrefilledMs(latency);
        latency.totalMs = latency.firstTokenMs + chosenMs / static_cast<double>(pictures.size());
        if (!areFinite(judgement.probability) || !areFinite(judgement.maps))
            return notFinite();
        judgements.push_back(std::move(judgement));
    }
    return {};
}

Result<std::string> verifiedHash(const std::filesystem::path &folder, const std::stop_token &stop)
{
    const Result<void> verified = verifyChecksums(folder, stop);
    return verified ? modelHash(folder, stop) : failure(verified.error());
}

} // namespace

Result<std::unique_ptr<Inspector>> loadAuroraEdge(const LoadOptions &options, const LoadProgress &progress, std::stop_token stop)
{
    const Clock::time_point start = Clock::now();
    const auto report = [&](double fraction) {
        if (stop.stop_requested())
            throw StopRequested{};
        if (progress)
            progress(fraction);
    };
    return guarded("loading", [&]() -> Result<std::unique_ptr<Inspector>> {
        report(0);
        if (sodium_init() < 0)
            return failure(code::Internal, "the hash library did not start");
        const std::filesystem::path folder = options.folder;
        const Result<ModelConfig> config = readModelConfig(folder);
        if (!config)
            return failure(config.error());
        const auto *whole = std::get_if<AuroraEdgeConfig>(&config->architecture);
        if (!whole)
            return failure(code::ModelFolder, folder.string() + " holds a part of a model, not one that answers", folder.string());
        Result<NaflexConfig> preprocessing = readNaflexConfig(folder / "preprocessor_config.json");
        if (!preprocessing)
            return failure(preprocessing.error());
        if (preprocessing->patchSize != whole->vision.patchSize || preprocessing->maxPatches != whole->maxPatches)
            return failure(code::ConfigValue, "preprocessor_config.json and config.json disagree about patches", folder.string());
        Result<std::unique_ptr<TextCodec>> codec = openTokenizer(folder);
        if (!codec)
            return failure(codec.error());
        if ((*codec)->size() > whole->text.vocabSize)
            return failure(code::TokenizerMismatch,
                           "tokenizer has " + std::to_string((*codec)->size()) + " entries, model " + std::to_string(whole->text.vocabSize), folder.string());
        if (const auto prompt = encodeChatPrompt(**codec, {}, "?"); !prompt) // a tokenizer without the chat's markers
            return failure(prompt.error());
        report(0.1);

        Result<TensorFiles> files = TensorFiles::open(folder);
        if (!files)
            return failure(files.error());
        // The hash names the model in every stored row: it must be that of these files. On a thread of its own, because
        // for 4 GB it takes as long as all the rest.
        Result<std::string> hash = std::string();
        std::jthread hashing([&](const std::stop_token &abandoned) { hash = guarded("hashing", [&] { return verifiedHash(folder, abandoned); }); });
        const std::stop_callback abandon(stop, [&] { hashing.request_stop(); });
        constexpr double kWeightsStart = 0.3, kWeightsEnd = 0.95;
        report(kWeightsStart);
        std::int64_t parameters = 0;
        for (const auto &[name, tensor] : files->tensors())
            parameters += static_cast<std::int64_t>(tensor.bytes.size() / bytesOf(tensor.dtype));

        setThreads(options.threads);
        const Result<Placement> placement = placeModel(options.device, options.precision, parameters);
        if (!placement)
            return failure(placement.error());
        const at::NoGradGuard noGrad;
        WeightFiles weights(std::move(*files), placement->dtype, placement->device,
                            [&](double fraction) { report(kWeightsStart + fraction * (kWeightsEnd - kWeightsStart)); });
        AuroraEdge model = AuroraEdge::take(weights, *whole);
        const Result<std::vector<std::string>> warnings = weights.finish({}, options.isStrict);
        hashing.join();
        if (!hash) // first: what is wrong with the weights may come of it
            return failure(hash.error());
        if (!warnings)
            return failure(warnings.error());
        report(kWeightsEnd);

        ModelCard card;
        card.folder = std::filesystem::absolute(folder).lexically_normal().string();
        card.name = std::filesystem::path(card.folder).filename().string();
        if (card.name.empty())
            card.name = std::filesystem::path(card.folder).parent_path().filename().string();
        card.sha256 = *hash;
        card.family = "auroraedge";
        card.parameters = parameters;
        card.weightBytes = parameters * static_cast<std::int64_t>(c10::elementSize(placement->dtype));
        card.precision = precisionOf(placement->dtype);
        card.device = placement->device.str();
        card.deviceReason = placement->reason;
        card.visualTokens = static_cast<int>(whole->visualTokens());
        card.maxQuestionTokens = static_cast<int>(kMaxQuestionTokens);
        if (!whole->connectorsTrained)
            card.warnings.push_back(kConnectorsUntrained);
        card.warnings.insert(card.warnings.end(), warnings->begin(), warnings->end());
        card.loadMs = msSince(start);
        report(1);
        return std::unique_ptr<Inspector>(std::make_unique<AuroraEdgeInspector>(std::move(model), weights.mapping(), std::move(*codec),
                                                                                std::move(*preprocessing), std::move(card), placement->device));
    });
}

} // namespace auroraedge::engine
