#include "engine/models/aurora_edge_inspector.h"

#include "engine/core/device.h"
#include "engine/core/guarded.h"
#include "engine/decode/sampler.h"
#include "engine/io/model_folder.h"
#include "engine/models/aurora_edge.h"
#include "engine/text/chat_prompt.h"
#include "engine/text/open_tokenizer.h"
#include "engine/text/utf8_stream.h"
#include "engine/vision/preprocessor.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/gather.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <sodium.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <list>
#include <optional>
#include <thread>

namespace auroraedge::engine {

namespace {

using Clock = std::chrono::steady_clock;
using PictureKey = std::array<unsigned char, 32>;

constexpr std::size_t kChoicesAtOnce = 8; ///< each holds a copy of the prompt's keys and values
constexpr std::size_t kJudgedAtOnce = 16; ///< pictures of one batch

double msSince(Clock::time_point start)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// Of the pixels alone: the same picture from a file and from a camera is the same picture.
PictureKey keyOf(const Frame &frame)
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, nullptr, 0, PictureKey().size());
    const std::array<int, 2> size{frame.widthPx, frame.heightPx};
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char *>(size.data()), sizeof size);
    for (int y = 0; y < frame.heightPx; ++y)
        crypto_generichash_update(&state, frame.row(y), static_cast<std::size_t>(frame.widthPx) * 3);
    PictureKey key{};
    crypto_generichash_final(&state, key.data(), key.size());
    return key;
}

/// What is kept of a picture for its next question.
struct PictureFeatures
{
    PictureKey key{};
    at::Tensor projected;  ///< H_v2t [1, S', D]
    at::Tensor visualKeys; ///< [1, S'] bool, undefined when every slot is valid
    at::Tensor compressed; ///< H_vc [1, Nc, D]
    std::vector<PatchMap> maps;
};

/// One of the answers to choose from. The end of the turn belongs to it: "no" must not win as the start of "none".
struct Choice
{
    std::string text;
    std::vector<std::int64_t> ids; ///< the end of the turn last
};

Failure noPixels(const Frame &frame)
{
    return failure(code::ImageNoPixels, "image has no pixels (" + std::to_string(frame.widthPx) + " x " + std::to_string(frame.heightPx) + ")", frame.source);
}

[[nodiscard]] bool areFinite(const std::vector<PatchMap> &maps)
{
    return std::ranges::all_of(maps, [](const PatchMap &map) { return std::ranges::all_of(map.probability, [](float value) { return std::isfinite(value); }); });
}

Failure notFinite()
{
    return failure(code::AnswerNotFinite, "the model computed values that are not numbers");
}

class AuroraEdgeInspector final : public Inspector
{
public:
    AuroraEdgeInspector(AuroraEdge model, std::weak_ptr<const MappedFiles> weightFiles, std::unique_ptr<TextCodec> codec,
                        NaflexConfig preprocessing, ModelCard card, at::Device device)
        : m_model(std::move(model)), m_weightFiles(std::move(weightFiles)), m_codec(std::move(codec)), m_preprocessing(std::move(preprocessing)),
          m_card(std::move(card)), m_device(device)
    {
        m_chat.hasSystemTurn = m_model.config.hasSystemTurn;
        m_chat.system = m_model.config.systemPrompt;
        for (const char *marker : {"<|im_end|>", "<|endoftext|>"})
            if (const std::int64_t id = m_codec->idOf(marker); id >= 0)
                m_endIds.push_back(id);
        m_endIds.insert(m_endIds.end(), m_model.config.text.endIds.begin(), m_model.config.text.endIds.end());
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
            Answer unused;
            const auto features = featuresOf(frame, {}, stop, unused);
            return features ? Result<void>() : failure(features.error());
        });
    }

    Result<std::vector<PatchMap>> patchMaps(const Frame &frame, std::stop_token stop) override
    {
        return guarded("mapping", [&]() -> Result<std::vector<PatchMap>> {
            if (!m_model.patchHead)
                return failure(code::ModelTensorMissing, "this model has no patch head, so it has no map", m_card.folder);
            const at::NoGradGuard noGrad;
            Answer unused;
            const auto features = featuresOf(frame, {}, stop, unused);
            if (haveWeightsChanged())
                return weightsChanged();
            if (!features)
                return failure(features.error());
            return areFinite((*features)->maps) ? Result<std::vector<PatchMap>>((*features)->maps) : notFinite();
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
    /// Pictures of one grid on the device.
    struct Pixels
    {
        std::vector<NaflexPatches> patches;
        [[nodiscard]] bool fits(const NaflexPatches &more) const
        {
            return patches.empty() || (more.gridHeight == patches.front().gridHeight && more.gridWidth == patches.front().gridWidth);
        }
    };
    Result<std::vector<std::int64_t>> promptOf(const std::string &question) const;
    Result<std::vector<Judgement>> judgeAll(std::span<const Frame> frames, const std::string &question, const std::vector<std::string> &texts,
                                            const std::stop_token &stop);
    Result<void> judgeTogether(const Pixels &pixels, const std::vector<std::int64_t> &prompt, const std::vector<Choice> &choices,
                               const std::stop_token &stop, std::vector<Judgement> &judgements);
    Result<Answer> answer(const Frame &frame, const Question &question, const AskListener &listener, const std::stop_token &stop);
    Result<const PictureFeatures *> featuresOf(const Frame &frame, const AskListener &listener, const std::stop_token &stop, Answer &answer);
    std::vector<PatchMap> mapsOf(const at::Tensor &visual, PatchGrid grid) const;
    Result<std::vector<Choice>> encodeChoices(const std::vector<std::string> &texts) const;
    Result<void> generate(const at::Tensor &lastLogits, KvCache &cache, const GenerationOptions &options, const AskListener &listener,
                          const std::stop_token &stop, Clock::time_point start, Answer &answer);
    /// Log-likelihoods of whole answers.
    std::vector<double> scoresOf(std::span<const Choice> choices, const at::Tensor &lastLogits, const KvCache &cache, const std::stop_token &stop);
    Result<void> choose(const at::Tensor &lastLogits, const KvCache &cache, const std::vector<Choice> &choices, const AskListener &listener,
                        const std::stop_token &stop, Clock::time_point start, Answer &answer);
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
    [[nodiscard]] at::Tensor logProbabilities(const at::Tensor &logits) const { return at::log_softmax(logits / m_model.config.answerTemperature, -1); }
    [[nodiscard]] bool isEnd(std::int64_t id) const { return std::find(m_endIds.begin(), m_endIds.end(), id) != m_endIds.end(); }
    at::Tensor nextLogits(std::int64_t id, KvCache &cache, const std::stop_token &stop)
    {
        ++m_counters.decodeSteps;
        const at::Tensor ids = at::tensor({id}, at::TensorOptions().dtype(at::kLong)).to(m_device).unsqueeze(0);
        return m_model.decoder.logits(m_model.decoder.forward(m_model.decoder.embed(ids), cache, stop)).flatten();
    }

    AuroraEdge m_model;
    std::weak_ptr<const MappedFiles> m_weightFiles; ///< gone when every weight was copied to a device or another precision
    std::unique_ptr<TextCodec> m_codec;
    NaflexConfig m_preprocessing;
    ChatTemplate m_chat;
    std::vector<std::int64_t> m_endIds; ///< the chat's end of turn first
    ModelCard m_card;
    at::Device m_device;
    std::list<PictureFeatures> m_recent; ///< newest first, at most kKeptPictures
    InspectorCounters m_counters;
};

void enter(Stage stage, const AskListener &listener, const std::stop_token &stop)
{
    if (stop.stop_requested())
        throw StopRequested{};
    if (listener.onStage)
        listener.onStage(stage);
}

Result<const PictureFeatures *> AuroraEdgeInspector::featuresOf(const Frame &frame, const AskListener &listener,
                                                               const std::stop_token &stop, Answer &answer)
{
    if (frame.isEmpty())
        return noPixels(frame);
    Clock::time_point start = Clock::now();
    enter(Stage::Preprocess, listener, stop);
    const PictureKey key = keyOf(frame);
    const auto known = std::find_if(m_recent.begin(), m_recent.end(), [&](const PictureFeatures &kept) { return kept.key == key; });
    if (known != m_recent.end()) {
        m_recent.splice(m_recent.begin(), m_recent, known);
        answer.encoderReused = true;
        answer.latency.preprocessMs = msSince(start);
        return &m_recent.front();
    }
    Result<NaflexPatches> patches = preprocessNaflex(frame, m_preprocessing);
    if (!patches)
        return failure(patches.error());
    const std::int64_t slots = m_model.canOmitPadding() ? patches->validPatches() : patches->slots;
    const std::int64_t width = m_preprocessing.patchSize * m_preprocessing.patchSize * 3;
    const at::Tensor pixels = at::from_blob(patches->values.data(), {1, slots, width}, at::kFloat).to(m_device);
    const std::vector<PatchGrid> grids{{patches->gridHeight, patches->gridWidth}};
    PictureFeatures features;
    features.key = key;
    if (slots > patches->validPatches())
        features.visualKeys = (at::arange(slots, at::TensorOptions().dtype(at::kLong).device(m_device)) < patches->validPatches()).unsqueeze(0);
    answer.latency.preprocessMs = msSince(start);

    start = Clock::now();
    enter(Stage::Encode, listener, stop);
    const at::Tensor visual = m_model.tower.forward(pixels, grids, features.visualKeys, m_model.config.featureBeforeLast, stop);
    finishWork(m_device);
    ++m_counters.encoderRuns;
    answer.latency.encodeMs = msSince(start);

    start = Clock::now();
    enter(Stage::Project, listener, stop);
    if (m_model.patchHead)
        features.maps = mapsOf(visual, grids.front());
    features.projected = m_model.projector.forward(visual);
    finishWork(m_device);
    answer.latency.projectMs = msSince(start);

    start = Clock::now();
    enter(Stage::Compress, listener, stop);
    features.compressed = m_model.compressor.forward(features.projected, features.visualKeys, grids).contiguous();
    finishWork(m_device);
    answer.latency.compressMs = msSince(start);

    m_recent.push_front(std::move(features));
    if (m_recent.size() > static_cast<std::size_t>(kKeptPictures))
        m_recent.pop_back();
    return &m_recent.front();
}

/// @param visual output of the tower [1, S', Hv]; the patches of the picture come first, padding after them.
std::vector<PatchMap> AuroraEdgeInspector::mapsOf(const at::Tensor &visual, PatchGrid grid) const
{
    const at::Tensor logits = (*m_model.patchHead)(visual[0].narrow(0, 0, grid.height * grid.width));
    const at::Tensor probabilities = logits.to(at::kFloat).sigmoid().t().to(at::kCPU).contiguous(); // [classes, patches]
    std::vector<PatchMap> maps;
    for (const std::string &name : m_model.config.patchClasses) {
        const at::Tensor row = probabilities[static_cast<std::int64_t>(maps.size())];
        const float *values = row.const_data_ptr<float>();
        maps.push_back({name, static_cast<int>(grid.width), static_cast<int>(grid.height), {values, values + row.numel()}});
    }
    return maps;
}

Result<std::vector<std::int64_t>> AuroraEdgeInspector::promptOf(const std::string &question) const
{
    Result<std::vector<std::int64_t>> prompt = encodeChatPrompt(*m_codec, m_chat, question);
    if (!prompt)
        return prompt;
    if (prompt->size() > kMaxQuestionTokens)
        return failure(code::QuestionTooLong, "question has " + std::to_string(prompt->size()) + " tokens; limit " + std::to_string(kMaxQuestionTokens));
    const auto vocabulary = m_model.config.text.vocabSize;
    if (std::any_of(prompt->begin(), prompt->end(), [&](std::int64_t id) { return id < 0 || id >= vocabulary; }))
        return failure(code::TokenizerMismatch, "the tokenizer gives ids that the model does not have");
    return prompt;
}

Result<std::vector<Judgement>> AuroraEdgeInspector::judgeAll(std::span<const Frame> frames, const std::string &question,
                                                             const std::vector<std::string> &texts, const std::stop_token &stop)
{
    const Result<std::vector<std::int64_t>> prompt = promptOf(question);
    if (!prompt)
        return failure(prompt.error());
    const Result<std::vector<Choice>> choices = encodeChoices(texts);
    if (!choices)
        return failure(choices.error());
    std::vector<Judgement> judgements;
    Pixels pixels;
    for (std::size_t i = 0; i < frames.size(); ++i) {
        if (frames[i].isEmpty())
            return noPixels(frames[i]);
        Result<NaflexPatches> patches = preprocessNaflex(frames[i], m_preprocessing);
        if (!patches)
            return failure(patches.error());
        if (!pixels.fits(*patches)) {
            if (const Result<void> judged = judgeTogether(pixels, *prompt, *choices, stop, judgements); !judged)
                return failure(judged.error());
            pixels = {};
        }
        pixels.patches.push_back(std::move(*patches));
        if (pixels.patches.size() < kJudgedAtOnce && i + 1 < frames.size())
            continue;
        if (const Result<void> judged = judgeTogether(pixels, *prompt, *choices, stop, judgements); !judged)
            return failure(judged.error());
        pixels = {};
    }
    return judgements;
}

Result<void> AuroraEdgeInspector::judgeTogether(const Pixels &pixels, const std::vector<std::int64_t> &prompt, const std::vector<Choice> &choices,
                                                const std::stop_token &stop, std::vector<Judgement> &judgements)
{
    const NaflexPatches &first = pixels.patches.front();
    const auto count = static_cast<std::int64_t>(pixels.patches.size());
    const std::int64_t slots = m_model.canOmitPadding() ? first.validPatches() : first.slots;
    const std::int64_t width = m_preprocessing.patchSize * m_preprocessing.patchSize * 3;
    std::vector<at::Tensor> each;
    for (const NaflexPatches &patches : pixels.patches)
        each.push_back(at::from_blob(const_cast<float *>(patches.values.data()), {1, slots, width}, at::kFloat));
    const std::vector<PatchGrid> grids(pixels.patches.size(), PatchGrid{first.gridHeight, first.gridWidth});
    at::Tensor keys; // [B, slots], undefined when every slot is valid
    if (slots > first.validPatches())
        keys = (at::arange(slots, at::TensorOptions().dtype(at::kLong).device(m_device)) < first.validPatches()).unsqueeze(0).repeat({count, 1});
    const at::Tensor visual = m_model.tower.forward(at::cat(each).to(m_device), grids, keys, m_model.config.featureBeforeLast, stop);
    m_counters.encoderRuns += pixels.patches.size();
    const at::Tensor projected = m_model.projector.forward(visual);
    const at::Tensor compressed = m_model.compressor.forward(projected, keys, grids);

    const auto options = at::TensorOptions().dtype(at::kLong);
    const at::Tensor text = m_model.decoder.embed(at::tensor(prompt, options).to(m_device).unsqueeze(0)).repeat({count, 1, 1});
    FusionModule::Layout layout;
    layout.visualKeys = keys;
    const at::Tensor merged = at::cat({compressed, m_model.fusion.forward(text, projected, layout).fused}, 1);
    m_counters.fusionRuns += pixels.patches.size();
    std::int64_t room = 1;
    for (const Choice &choice : choices)
        room = std::max(room, static_cast<std::int64_t>(choice.ids.size()));
    const std::int64_t length = merged.size(1), positions = m_model.config.text.maxPositions;
    if (length + room > positions)
        return failure(code::QuestionTooLong, "picture, question and answer need " + std::to_string(length + room) + " positions; the model has " + std::to_string(positions));
    KvCache cache(m_model.config.text, count, length + room, merged.scalar_type(), m_device);
    const at::Tensor beginnings = logProbabilities(m_model.decoder.logits(m_model.decoder.forward(merged, cache, stop).select(1, -1))); // [B, vocab]
    m_counters.prefills += pixels.patches.size();

    std::vector<at::Tensor> scores; // [B] a choice
    for (const Choice &choice : choices) {
        at::Tensor score = beginnings.select(1, choice.ids.front()).to(at::kDouble);
        if (choice.ids.size() > 1) {
            const at::Tensor ids = at::tensor(choice.ids, options).to(m_device);
            const std::int64_t fed = ids.size(0) - 1; // the last token is only predicted
            const at::Tensor hidden = m_model.decoder.forward(m_model.decoder.embed(ids.narrow(0, 0, fed).unsqueeze(0)).repeat({count, 1, 1}), cache, stop);
            const at::Tensor following = logProbabilities(m_model.decoder.logits(hidden)); // [B, fed, vocab]
            score = score + following.gather(2, ids.narrow(0, 1, fed).view({1, fed, 1}).expand({count, fed, 1})).to(at::kDouble).sum({1, 2});
            cache.truncate(length);
            ++m_counters.decodeSteps;
        }
        scores.push_back(score);
    }
    const at::Tensor shares = at::softmax(at::stack(scores, 1), 1).to(at::kCPU).contiguous(); // [B, choices]
    for (std::int64_t row = 0; row < count; ++row) {
        const double *values = shares.const_data_ptr<double>() + row * shares.size(1);
        Judgement judgement{{values, values + shares.size(1)}, {}};
        if (m_model.patchHead)
            judgement.maps = mapsOf(visual.narrow(0, row, 1), grids.front());
        if (!std::ranges::all_of(judgement.probability, [](double value) { return std::isfinite(value); }) || !areFinite(judgement.maps))
            return notFinite();
        judgements.push_back(std::move(judgement));
    }
    return {};
}

Result<Answer> AuroraEdgeInspector::answer(const Frame &frame, const Question &question, const AskListener &listener,
                                           const std::stop_token &stop)
{
    const Clock::time_point start = Clock::now();
    const Result<std::vector<std::int64_t>> prompt = promptOf(question.text);
    if (!prompt)
        return failure(prompt.error());
    const Result<std::vector<Choice>> choices = encodeChoices(question.options.choices);
    if (!choices)
        return failure(choices.error());
    GenerationOptions options = question.options;
    const std::int64_t used = static_cast<std::int64_t>(prompt->size()) + (frame.isEmpty() ? 0 : m_model.config.visualTokens());
    const std::int64_t left = m_model.config.text.maxPositions - used;
    options.maxNewTokens = static_cast<int>(std::min<std::int64_t>(options.maxNewTokens, left)); // the answer is then cut
    std::int64_t room = choices->empty() ? std::max(1, options.maxNewTokens) : 1;
    for (const Choice &choice : *choices)
        room = std::max(room, static_cast<std::int64_t>(choice.ids.size()));
    if (room > left)
        return failure(code::QuestionTooLong, "picture, question and answer need " + std::to_string(used + room) + " positions; the model has " + std::to_string(used + left));

    Answer answer;
    answer.isUntrained = !m_model.config.connectorsTrained;
    answer.tokens.prompt = static_cast<int>(prompt->size());
    const PictureFeatures *features = nullptr;
    if (!frame.isEmpty()) {
        const Result<const PictureFeatures *> found = featuresOf(frame, listener, stop, answer);
        if (!found)
            return failure(found.error());
        features = *found;
        answer.tokens.visual = static_cast<int>(features->compressed.size(1));
    }

    Clock::time_point stageStart = Clock::now();
    enter(Stage::Fuse, listener, stop);
    const at::Tensor ids = at::tensor(*prompt, at::TensorOptions().dtype(at::kLong)).to(m_device).unsqueeze(0);
    at::Tensor merged = m_model.decoder.embed(ids);
    if (features) {
        FusionModule::Layout layout;
        layout.visualKeys = features->visualKeys;
        merged = at::cat({features->compressed, m_model.fusion.forward(merged, features->projected, layout).fused}, 1);
        ++m_counters.fusionRuns;
    }
    finishWork(m_device);
    answer.latency.fuseMs = msSince(stageStart);

    stageStart = Clock::now();
    enter(Stage::Prefill, listener, stop);
    KvCache cache(m_model.config.text, 1, merged.size(1) + room, merged.scalar_type(), m_device);
    const at::Tensor hidden = m_model.decoder.forward(merged, cache, stop);
    const at::Tensor logits = m_model.decoder.logits(hidden.select(1, -1)).flatten();
    finishWork(m_device);
    ++m_counters.prefills;
    answer.latency.prefillMs = msSince(stageStart);

    enter(Stage::Generate, listener, stop);
    const Result<void> answered = choices->empty() ? generate(logits, cache, options, listener, stop, start, answer)
                                                   : choose(logits, cache, *choices, listener, stop, start, answer);
    if (!answered)
        return failure(answered.error());
    answer.latency.totalMs = msSince(start);
    return answer;
}

Result<std::vector<Choice>> AuroraEdgeInspector::encodeChoices(const std::vector<std::string> &texts) const
{
    std::vector<Choice> choices;
    for (const std::string &text : texts) {
        Result<std::vector<std::int64_t>> ids = m_codec->encode(text, TextCodec::Markers::Plain);
        if (!ids)
            return failure(ids.error());
        ids->push_back(m_endIds.front());
        choices.push_back({text, std::move(*ids)});
    }
    return choices;
}

Result<void> AuroraEdgeInspector::generate(const at::Tensor &lastLogits, KvCache &cache, const GenerationOptions &options,
                                           const AskListener &listener, const std::stop_token &stop, Clock::time_point start, Answer &answer)
{
    Sampler sampler(options.temperature, options.seed, m_model.config.answerTemperature);
    Utf8Stream stream;
    const auto emit = [&](std::string piece) {
        if (piece.empty())
            return;
        answer.text += piece;
        if (listener.onText)
            listener.onText(piece);
    };
    double logProbability = 0;
    at::Tensor logits = lastLogits;
    Clock::time_point firstToken = start;
    int drawn = 0;
    while (drawn < options.maxNewTokens) {
        if (stop.stop_requested())
            throw StopRequested{};
        const SampledToken token = sampler.sample(logits);
        if (std::isnan(token.probability))
            return notFinite();
        logProbability += std::log(token.probability);
        if (++drawn == 1) {
            firstToken = Clock::now();
            answer.latency.firstTokenMs = msSince(start);
        }
        if (isEnd(token.id)) {
            answer.isComplete = true;
            break;
        }
        ++answer.tokens.answer;
        emit(stream.push(m_codec->tokenBytes(token.id)));
        if (drawn < options.maxNewTokens)
            logits = nextLogits(token.id, cache, stop);
    }
    emit(stream.finish());
    answer.latency.perTokenMs = drawn > 1 ? msSince(firstToken) / (drawn - 1) : 0;
    answer.probability = drawn > 0 ? std::exp(logProbability / drawn) : 0;
    return {};
}

std::vector<double> AuroraEdgeInspector::scoresOf(std::span<const Choice> choices, const at::Tensor &lastLogits, const KvCache &cache,
                                                  const std::stop_token &stop)
{
    // Rows of one batch behind the prompt. The last token of a choice is only predicted, never fed.
    const auto rows = static_cast<std::int64_t>(choices.size());
    std::vector<std::int64_t> counts;
    for (const Choice &choice : choices)
        counts.push_back(static_cast<std::int64_t>(choice.ids.size()) - 1);
    const std::int64_t longest = *std::max_element(counts.begin(), counts.end());
    at::Tensor following; // [rows, longest, vocab]
    if (longest > 0) {
        const at::Tensor ids = at::zeros({rows, longest}, at::kLong);
        for (std::int64_t row = 0; row < rows; ++row)
            std::copy_n(choices[static_cast<std::size_t>(row)].ids.begin(), counts[static_cast<std::size_t>(row)], ids[row].mutable_data_ptr<std::int64_t>());
        KvCache repeated = cache.repeated(rows, longest);
        const at::Tensor hidden = m_model.decoder.forward(m_model.decoder.embed(ids.to(m_device)), repeated, stop, {}, counts);
        following = logProbabilities(m_model.decoder.logits(hidden)).to(at::kCPU);
        ++m_counters.decodeSteps;
    }
    const at::Tensor beginnings = logProbabilities(lastLogits).to(at::kCPU);
    std::vector<double> scores;
    for (std::int64_t row = 0; row < rows; ++row) {
        const std::vector<std::int64_t> &ids = choices[static_cast<std::size_t>(row)].ids;
        double score = beginnings[ids.front()].item<double>();
        for (std::size_t i = 1; i < ids.size(); ++i)
            score += following[row][static_cast<std::int64_t>(i) - 1][ids[i]].item<double>();
        scores.push_back(score);
    }
    return scores;
}

Result<void> AuroraEdgeInspector::choose(const at::Tensor &lastLogits, const KvCache &cache, const std::vector<Choice> &choices,
                                         const AskListener &listener, const std::stop_token &stop, Clock::time_point start, Answer &answer)
{
    std::vector<double> scores;
    for (std::size_t first = 0; first < choices.size(); first += kChoicesAtOnce) {
        const auto group = std::span(choices).subspan(first, std::min(kChoicesAtOnce, choices.size() - first));
        const std::vector<double> scored = scoresOf(group, lastLogits, cache, stop);
        scores.insert(scores.end(), scored.begin(), scored.end());
    }
    if (!std::all_of(scores.begin(), scores.end(), [](double score) { return std::isfinite(score); }))
        return notFinite();
    for (const Choice &choice : choices)
        answer.tokens.answer = std::max(answer.tokens.answer, static_cast<int>(choice.ids.size()) - 1);
    const double best = *std::max_element(scores.begin(), scores.end());
    double sum = 0;
    for (const double score : scores)
        sum += std::exp(score - best);
    answer.text = choices[static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin())].text;
    answer.probability = 1 / sum;
    answer.isComplete = true;
    answer.latency.firstTokenMs = msSince(start);
    if (listener.onText)
        listener.onText(answer.text);
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
