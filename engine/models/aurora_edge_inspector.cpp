#include "engine/models/aurora_edge_inspector.h"

#include "engine/core/device.h"
#include "engine/core/guarded.h"
#include "engine/core/lanes.h"
#include "engine/core/not_finite.h"
#include "engine/decode/drawn_text.h"
#include "engine/io/model_folder.h"
#include "engine/models/aurora_edge.h"
#include "engine/text/chat_prompt.h"
#include "engine/text/open_tokenizer.h"
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
constexpr std::size_t kEncodedAtOnce = 8; ///< pictures of one grid on a GPU; a CPU is filled by one a core
constexpr std::int64_t kDecodedAtOnce = 16; ///< answers; always as many rows, so that none depends on how many there are

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

/// What the language model reads of pictures of one grid.
struct Features
{
    at::Tensor projected;  ///< H_v2t [B, S', D]
    at::Tensor visualKeys; ///< [B, S'] bool, undefined when every slot is valid
    at::Tensor compressed; ///< H_vc [B, Nc, D]
};

/// What is kept of a picture for its next question.
struct PictureFeatures
{
    PictureKey key{};
    Features features;
    std::vector<PatchMap> maps;
};

/// Pictures of one grid, as the tower takes them.
struct EncoderInput
{
    at::Tensor pixels;             ///< [B, S', values], on the device
    std::vector<PatchGrid> grids;  ///< equal ones
    at::Tensor validKeys;          ///< [B, S'] bool, undefined when every slot is valid
};

/// The model's state behind picture and question.
struct Prompted
{
    KvCache cache;
    at::Tensor logits; ///< [B, vocab] of the first token
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

/// A question as the model takes it.
struct PlannedQuestion
{
    std::vector<std::int64_t> prompt;
    std::vector<Choice> choices;
    GenerationOptions options; ///< the answer cut to what the model has positions for
    std::int64_t room = 1;     ///< positions of the answer
};

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
            const auto features = keptFeaturesOf(frame, {}, stop, unused);
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
            const auto features = keptFeaturesOf(frame, {}, stop, unused);
            if (haveWeightsChanged())
                return weightsChanged();
            if (!features)
                return failure(features.error());
            return areFinite((*features)->maps) ? Result<std::vector<PatchMap>>((*features)->maps) : notFinite();
        });
    }

    Result<PreparedPicture> prepare(const Frame &frame) const override
    {
        return guarded("preparing", [&]() -> Result<PreparedPicture> {
            const Clock::time_point start = Clock::now();
            if (frame.isEmpty())
                return noPixels(frame);
            Result<NaflexPatches> patches = preprocessNaflex(frame, m_preprocessing);
            if (!patches)
                return failure(patches.error());
            return PreparedPicture{std::make_shared<const std::vector<float>>(std::move(patches->values)), patches->gridHeight, patches->gridWidth, msSince(start)};
        });
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
    [[nodiscard]] EncoderInput encoderInput(std::span<const PreparedPicture *const> pictures) const;
    /// @param[out] visual what the tower gives, when it is wanted.
    Features featuresOf(const EncoderInput &input, const AskListener &listener, const std::stop_token &stop, StageLatencies &latency,
                        at::Tensor *visual) const;
    Result<const PictureFeatures *> keptFeaturesOf(const Frame &frame, const AskListener &listener, const std::stop_token &stop, Answer &answer);
    std::vector<PatchMap> mapsOf(const at::Tensor &visual, PatchGrid grid) const;

    Result<std::vector<std::int64_t>> promptOf(const std::string &question) const;
    Result<std::vector<Choice>> encodeChoices(const std::vector<std::string> &texts) const;
    Result<PlannedQuestion> plan(const Question &question, bool hasPicture) const;
    /// @param features of B pictures; null: the language model alone, B = 1.
    Prompted prompted(const Features *features, const PlannedQuestion &question, const AskListener &listener, const std::stop_token &stop,
                      StageLatencies &latency) const;

    Result<Answer> answer(const Frame &frame, const Question &question, const AskListener &listener, const std::stop_token &stop);
    Result<void> generate(Prompted &state, const GenerationOptions &options, const AskListener &listener, const std::stop_token &stop,
                          Clock::time_point start, Answer &answer);
    /// Log-likelihoods of whole answers behind the only row of @p cache. @param lastLogits [vocab]
    std::vector<double> scoresOf(std::span<const Choice> choices, const at::Tensor &lastLogits, const KvCache &cache, const std::stop_token &stop) const;
    Result<void> choose(const Prompted &state, const std::vector<Choice> &choices, const std::stop_token &stop, Answer &answer) const;

    /// One picture's of several.
    [[nodiscard]] Prompted rowOf(const Prompted &together, std::int64_t row) const
    {
        KvCache own(m_model.config.text, 1, together.cache.capacity(), m_model.decoder.dtype(), m_device);
        own.place(0, together.cache, row);
        return {std::move(own), together.logits.narrow(0, row, 1)};
    }

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
    [[nodiscard]] at::Tensor logProbabilities(const at::Tensor &logits) const { return at::log_softmax(logits / m_model.config.answerTemperature, -1); }
    /// @param ids one a row of @p cache. @return [B, vocab]
    at::Tensor nextLogits(std::span<const std::int64_t> ids, KvCache &cache, const std::stop_token &stop, std::span<const std::int64_t> counts = {})
    {
        ++m_counters.decodeSteps;
        const at::Tensor fed = at::tensor(at::ArrayRef<std::int64_t>(ids.data(), ids.size()), at::kLong).to(m_device).unsqueeze(1);
        return m_model.decoder.logits(m_model.decoder.forward(m_model.decoder.embed(fed), cache, stop, {}, counts)).squeeze(1);
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
    std::unique_ptr<Lanes> m_lanes; ///< made by the first askAll() on a CPU
};

double untilPrefilledMs(const StageLatencies &latency)
{
    return latency.preprocessMs + latency.encodeMs + latency.projectMs + latency.compressMs + latency.fuseMs + latency.prefillMs;
}

void enter(Stage stage, const AskListener &listener, const std::stop_token &stop)
{
    if (stop.stop_requested())
        throw StopRequested{};
    if (listener.onStage)
        listener.onStage(stage);
}

EncoderInput AuroraEdgeInspector::encoderInput(std::span<const PreparedPicture *const> pictures) const
{
    const PreparedPicture &first = *pictures.front();
    const std::int64_t valid = std::int64_t{first.gridHeight} * first.gridWidth;
    const std::int64_t slots = m_model.canOmitPadding() ? valid : m_preprocessing.maxPatches;
    const std::int64_t width = m_preprocessing.patchSize * m_preprocessing.patchSize * 3;
    const auto count = static_cast<std::int64_t>(pictures.size());
    std::vector<at::Tensor> each;
    for (const PreparedPicture *picture : pictures)
        each.push_back(at::from_blob(const_cast<float *>(picture->patches->data()), {1, slots, width}, at::kFloat));
    // A copy of the library's own alignment: from another address the same product may differ in its last bits.
    EncoderInput input{at::cat(each).to(m_device), std::vector(pictures.size(), PatchGrid{first.gridHeight, first.gridWidth}), {}};
    if (slots > valid)
        input.validKeys = (at::arange(slots, at::TensorOptions().dtype(at::kLong).device(m_device)) < valid).unsqueeze(0).repeat({count, 1});
    return input;
}

Features AuroraEdgeInspector::featuresOf(const EncoderInput &input, const AskListener &listener, const std::stop_token &stop, StageLatencies &latency,
                                         at::Tensor *visual) const
{
    Clock::time_point start = Clock::now();
    enter(Stage::Encode, listener, stop);
    const at::Tensor seen = m_model.tower.forward(input.pixels, input.grids, input.validKeys, m_model.config.featureBeforeLast, stop);
    finishWork(m_device);
    latency.encodeMs = msSince(start);

    start = Clock::now();
    enter(Stage::Project, listener, stop);
    Features features{m_model.projector.forward(seen), input.validKeys, {}};
    finishWork(m_device);
    latency.projectMs = msSince(start);

    start = Clock::now();
    enter(Stage::Compress, listener, stop);
    features.compressed = m_model.compressor.forward(features.projected, input.validKeys, input.grids).contiguous();
    finishWork(m_device);
    latency.compressMs = msSince(start);
    if (visual)
        *visual = seen;
    return features;
}

Result<const PictureFeatures *> AuroraEdgeInspector::keptFeaturesOf(const Frame &frame, const AskListener &listener,
                                                                   const std::stop_token &stop, Answer &answer)
{
    if (frame.isEmpty())
        return noPixels(frame);
    const Clock::time_point start = Clock::now();
    enter(Stage::Preprocess, listener, stop);
    const PictureKey key = keyOf(frame);
    const auto known = std::find_if(m_recent.begin(), m_recent.end(), [&](const PictureFeatures &kept) { return kept.key == key; });
    if (known != m_recent.end()) {
        m_recent.splice(m_recent.begin(), m_recent, known);
        answer.encoderReused = true;
        answer.latency.preprocessMs = msSince(start);
        return &m_recent.front();
    }
    const Result<PreparedPicture> prepared = prepare(frame);
    if (!prepared)
        return failure(prepared.error());
    const std::array pictures{&*prepared};
    const EncoderInput input = encoderInput(pictures);
    answer.latency.preprocessMs = msSince(start);

    at::Tensor visual;
    PictureFeatures kept{key, featuresOf(input, listener, stop, answer.latency, &visual), {}};
    ++m_counters.encoderRuns;
    if (m_model.patchHead)
        kept.maps = mapsOf(visual, input.grids.front());
    m_recent.push_front(std::move(kept));
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

Result<PlannedQuestion> AuroraEdgeInspector::plan(const Question &question, bool hasPicture) const
{
    Result<std::vector<std::int64_t>> prompt = promptOf(question.text);
    if (!prompt)
        return failure(prompt.error());
    Result<std::vector<Choice>> choices = encodeChoices(question.options.choices);
    if (!choices)
        return failure(choices.error());
    PlannedQuestion planned{*std::move(prompt), *std::move(choices), question.options, 1};
    const std::int64_t used = static_cast<std::int64_t>(planned.prompt.size()) + (hasPicture ? m_model.config.visualTokens() : 0);
    const std::int64_t left = m_model.config.text.maxPositions - used;
    planned.options.maxNewTokens = static_cast<int>(std::min<std::int64_t>(planned.options.maxNewTokens, left));
    if (planned.choices.empty())
        planned.room = std::max(1, planned.options.maxNewTokens);
    for (const Choice &choice : planned.choices)
        planned.room = std::max(planned.room, static_cast<std::int64_t>(choice.ids.size()));
    if (planned.room > left)
        return failure(code::QuestionTooLong, "picture, question and answer need " + std::to_string(used + planned.room) + " positions; the model has " + std::to_string(used + left));
    return planned;
}

Prompted AuroraEdgeInspector::prompted(const Features *features, const PlannedQuestion &question, const AskListener &listener, const std::stop_token &stop,
                                       StageLatencies &latency) const
{
    Clock::time_point start = Clock::now();
    enter(Stage::Fuse, listener, stop);
    const at::Tensor ids = at::tensor(question.prompt, at::TensorOptions().dtype(at::kLong)).to(m_device).unsqueeze(0);
    at::Tensor merged = m_model.decoder.embed(ids);
    const std::int64_t rows = features ? features->compressed.size(0) : 1;
    if (features) {
        FusionModule::Layout layout;
        layout.visualKeys = features->visualKeys;
        if (rows > 1)
            merged = merged.repeat({rows, 1, 1});
        merged = at::cat({features->compressed, m_model.fusion.forward(merged, features->projected, layout).fused}, 1);
    }
    finishWork(m_device);
    latency.fuseMs = msSince(start);

    start = Clock::now();
    enter(Stage::Prefill, listener, stop);
    KvCache cache(m_model.config.text, rows, merged.size(1) + question.room, merged.scalar_type(), m_device);
    at::Tensor logits = m_model.decoder.logits(m_model.decoder.forward(merged, cache, stop).select(1, -1));
    finishWork(m_device);
    latency.prefillMs = msSince(start);
    return {std::move(cache), std::move(logits)};
}

Result<Answer> AuroraEdgeInspector::answer(const Frame &frame, const Question &question, const AskListener &listener,
                                           const std::stop_token &stop)
{
    const Clock::time_point start = Clock::now();
    const Result<PlannedQuestion> planned = plan(question, !frame.isEmpty());
    if (!planned)
        return failure(planned.error());
    Answer answer;
    answer.isUntrained = !m_model.config.connectorsTrained;
    answer.tokens.prompt = static_cast<int>(planned->prompt.size());
    const Features *features = nullptr;
    if (!frame.isEmpty()) {
        const Result<const PictureFeatures *> found = keptFeaturesOf(question.region ? cropped(frame, *question.region) : frame, listener, stop, answer);
        if (!found)
            return failure(found.error());
        features = &(*found)->features;
        answer.tokens.visual = static_cast<int>(features->compressed.size(1));
        ++m_counters.fusionRuns;
    }
    Prompted state = prompted(features, *planned, listener, stop, answer.latency);
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

Result<void> AuroraEdgeInspector::generate(Prompted &state, const GenerationOptions &options, const AskListener &listener,
                                           const std::stop_token &stop, Clock::time_point start, Answer &answer)
{
    DrawnText text(*m_codec, m_endIds, options, m_model.config.answerTemperature);
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
        if (!text.isDone())
            logits = nextLogits(std::array{text.lastId()}, state.cache, stop);
    }
    answer.isComplete = text.isComplete();
    answer.tokens.answer = text.tokens();
    answer.latency.perTokenMs = text.drawn() > 1 ? msSince(firstToken) / (text.drawn() - 1) : 0;
    answer.probability = text.probability();
    return {};
}

Result<std::vector<Result<Answer>>> AuroraEdgeInspector::answerAll(std::span<const PreparedPicture> pictures, std::span<const Question> questions,
                                                                   const std::stop_token &stop)
{
    std::vector<PlannedQuestion> planned;
    for (const Question &question : questions) {
        Result<PlannedQuestion> one = plan(question, true);
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
    StageLatencies shared; // of the group; each answer is told its share
    const Features features = featuresOf(encoderInput(pictures), {}, stop, shared, nullptr);
    const auto share = static_cast<double>(pictures.size());
    for (std::size_t question = 0; question < questions.size(); ++question) {
        const PlannedQuestion &planned = questions[question];
        Prompted together = prompted(&features, planned, {}, stop, shared);
        for (std::size_t picture = 0; picture < pictures.size(); ++picture) {
            Begun &one = *begun[picture * questions.size() + question];
            Answer &answer = *one.answer;
            answer.isUntrained = !m_model.config.connectorsTrained;
            answer.encoderReused = question > 0;
            answer.tokens.prompt = static_cast<int>(planned.prompt.size());
            answer.tokens.visual = static_cast<int>(features.compressed.size(1));
            if (question == 0) {
                answer.latency.preprocessMs = pictures[picture]->preprocessMs;
                answer.latency.encodeMs = shared.encodeMs / share;
                answer.latency.projectMs = shared.projectMs / share;
                answer.latency.compressMs = shared.compressMs / share;
            }
            answer.latency.fuseMs = shared.fuseMs / share;
            answer.latency.prefillMs = shared.prefillMs / share;
            Prompted state = pictures.size() == 1 ? std::move(together) : rowOf(together, static_cast<std::int64_t>(picture));
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
            row = {&one, DrawnText(*m_codec, m_endIds, options, m_model.config.answerTemperature), 0};
            if (!row.text->isDone())
                draw(row, one.state->logits.flatten());
            if (row.text) {
                if (!cache)
                    cache.emplace(m_model.config.text, kDecodedAtOnce, capacity, m_model.decoder.dtype(), m_device);
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
        const at::Tensor logits = nextLogits(ids, *cache, stop, counts).to(at::kCPU);
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
    const Result<PlannedQuestion> planned = plan(asked, true);
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
        Result<PreparedPicture> prepared = prepare(frame);
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
    const EncoderInput input = encoderInput(group);
    const auto count = static_cast<std::int64_t>(pictures.size());
    StageLatencies shared;
    at::Tensor visual;
    const Features features = featuresOf(input, {}, stop, shared, &visual);
    Prompted state = prompted(&features, question, {}, stop, shared);
    m_counters.encoderRuns += pictures.size();
    m_counters.fusionRuns += pictures.size();
    m_counters.prefills += pictures.size();
    const std::int64_t length = state.cache.length();
    const at::Tensor beginnings = logProbabilities(state.logits); // [B, vocab]

    const Clock::time_point choosing = Clock::now();
    std::vector<at::Tensor> scores; // [B] a choice
    for (const Choice &choice : question.choices) {
        at::Tensor score = beginnings.select(1, choice.ids.front()).to(at::kDouble);
        if (choice.ids.size() > 1) {
            const at::Tensor ids = at::tensor(choice.ids, at::TensorOptions().dtype(at::kLong)).to(m_device);
            const std::int64_t fed = ids.size(0) - 1; // the last token is only predicted
            const at::Tensor hidden = m_model.decoder.forward(m_model.decoder.embed(ids.narrow(0, 0, fed).unsqueeze(0)).repeat({count, 1, 1}), state.cache, stop);
            const at::Tensor following = logProbabilities(m_model.decoder.logits(hidden)); // [B, fed, vocab]
            score = score + following.gather(2, ids.narrow(0, 1, fed).view({1, fed, 1}).expand({count, fed, 1})).to(at::kDouble).sum({1, 2});
            state.cache.truncate(length);
            ++m_counters.decodeSteps;
        }
        scores.push_back(score);
    }
    const at::Tensor shares = at::softmax(at::stack(scores, 1), 1).to(at::kCPU).contiguous(); // [B, choices]
    const double chosenMs = msSince(choosing);
    const auto share = static_cast<double>(count);
    for (std::int64_t row = 0; row < count; ++row) {
        const double *values = shares.const_data_ptr<double>() + row * shares.size(1);
        Judgement judgement{{values, values + shares.size(1)}, {}, {}};
        StageLatencies &latency = judgement.latency;
        latency.preprocessMs = group[static_cast<std::size_t>(row)]->preprocessMs;
        latency.encodeMs = shared.encodeMs / share;
        latency.projectMs = shared.projectMs / share;
        latency.compressMs = shared.compressMs / share;
        latency.fuseMs = shared.fuseMs / share;
        latency.prefillMs = shared.prefillMs / share;
        latency.firstTokenMs = untilPrefilledMs(latency);
        latency.totalMs = latency.firstTokenMs + chosenMs / share;
        if (m_model.patchHead)
            judgement.maps = mapsOf(visual.narrow(0, row, 1), input.grids.front());
        if (!std::ranges::all_of(judgement.probability, [](double value) { return std::isfinite(value); }) || !areFinite(judgement.maps))
            return notFinite();
        judgements.push_back(std::move(judgement));
    }
    return {};
}

std::vector<double> AuroraEdgeInspector::scoresOf(std::span<const Choice> choices, const at::Tensor &lastLogits, const KvCache &cache,
                                                  const std::stop_token &stop) const
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

Result<void> AuroraEdgeInspector::choose(const Prompted &state, const std::vector<Choice> &choices, const std::stop_token &stop, Answer &answer) const
{
    const at::Tensor lastLogits = state.logits.flatten();
    std::vector<double> scores;
    for (std::size_t first = 0; first < choices.size(); first += kChoicesAtOnce) {
        const auto group = std::span(choices).subspan(first, std::min(kChoicesAtOnce, choices.size() - first));
        const std::vector<double> scored = scoresOf(group, lastLogits, state.cache, stop);
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
