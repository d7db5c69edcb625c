#include "engine/training/training_turns.h"

#include "engine/models/aurora_edge_inspector.h"
#include "engine/text/bpe_learner.h"
#include "engine/text/chat_prompt.h"
#include "engine/text/open_tokenizer.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

namespace auroraedge::engine {

namespace {

Result<void> learnFrom(const TrainingRun &run, const std::filesystem::path &file)
{
    std::set<std::string> texts{run.blankAnswer, "user\n", "assistant\n", "\n", "system\n"};
    for (const TrainingSample &sample : run.samples) {
        if (sample.isHeldOut)
            continue;
        for (const TrainingTurn &turn : sample.turns) {
            texts.insert(turn.wordings.begin(), turn.wordings.end());
            texts.insert(turn.answer);
        }
    }
    const std::vector<std::string> list(texts.begin(), texts.end());
    const std::vector<std::string> markers{"<|endoftext|>", "<|im_start|>", "<|im_end|>"};
    return learnTokenizer(list, markers, run.vocabularySize, file);
}

} // namespace

Result<TrainingTurns> TrainingTurns::of(const TrainingRun &run, const AuroraEdgeConfig &config, const std::filesystem::path &folder)
{
    if (!std::filesystem::exists(folder / "tokenizer.json"))
        if (const Result<void> learned = learnFrom(run, folder / "tokenizer.json"); !learned)
            return failure(learned.error());
    const Result<std::unique_ptr<TextCodec>> opened = openTokenizer(folder);
    if (!opened)
        return failure(opened.error());
    const TextCodec &codec = **opened;
    if (codec.size() > config.text.vocabSize)
        return failure(code::TokenizerMismatch, "tokenizer has " + std::to_string(codec.size()) + " entries, model " + std::to_string(config.text.vocabSize));

    const std::int64_t end = codec.idOf("<|im_end|>");
    const auto answerIds = [&](const std::string &answer) -> Result<std::vector<std::int64_t>> {
        Result<std::vector<std::int64_t>> ids = codec.encode(answer, TextCodec::Markers::Plain);
        if (ids)
            (*ids).push_back(end);
        return ids;
    };
    ChatTemplate chat;
    chat.hasSystemTurn = config.hasSystemTurn;
    chat.system = config.systemPrompt;

    TrainingTurns turns;
    turns.m_firstSample = run.samples.data();
    const auto positions = static_cast<std::size_t>(config.text.maxPositions), visual = static_cast<std::size_t>(config.visualTokens());
    turns.m_rowTokens = std::min(kMostRowTokens, positions - std::min(positions, visual));
    /// Why a question cannot be learnt, or nothing: the engine could not be asked it, or the model has no place for so much.
    const auto faultOf = [&](std::size_t prompt, std::size_t answer) -> std::string {
        if (prompt > static_cast<std::size_t>(kMaxQuestionTokens))
            return "the question is too long: " + std::to_string(prompt) + " tokens, the engine takes " + std::to_string(kMaxQuestionTokens);
        if (visual + prompt + answer > positions)
            return "the answer is too long: " + std::to_string(answer) + " tokens, the model has " + std::to_string(positions) + " positions";
        return {};
    };
    std::map<std::string, std::size_t> prompts; // wordings repeat from sample to sample
    std::map<std::string, int> families;
    for (const TrainingSample &sample : run.samples) {
        std::vector<Turn> ofSample;
        for (const TrainingTurn &given : sample.turns) {
            Turn turn;
            std::size_t longest = 0; // of its prompts
            for (const std::string &wording : given.wordings) {
                const auto [found, isNew] = prompts.try_emplace(wording, turns.m_prompts.size());
                if (isNew) {
                    Result<std::vector<std::int64_t>> prompt = encodeChatPrompt(codec, chat, wording);
                    if (!prompt)
                        return failure(withContext(prompt.error(), sample.picture));
                    turns.m_prompts.push_back(std::move(*prompt));
                }
                turn.prompts.push_back(found->second);
                longest = std::max(longest, turns.m_prompts[found->second].size());
            }
            Result<std::vector<std::int64_t>> answer = answerIds(given.answer);
            if (!answer)
                return failure(withContext(answer.error(), sample.picture));
            if (const std::string fault = faultOf(longest, answer->size()); !fault.empty()) {
                turns.m_leftOut.push_back(sample.picture + ": " + fault);
                continue;
            }
            turn.answer = std::move(*answer);
            turn.family = families.try_emplace(given.family, static_cast<int>(families.size())).first->second;
            ofSample.push_back(std::move(turn));
        }
        turns.m_turns.push_back(std::move(ofSample));
    }
    turns.m_families.resize(families.size());
    for (const auto &[name, index] : families)
        turns.m_families[static_cast<std::size_t>(index)] = name;
    Result<std::vector<std::int64_t>> blank = answerIds(run.blankAnswer);
    if (!blank)
        return failure(blank.error());
    turns.m_blankAnswer = std::move(*blank);
    return turns;
}

std::vector<TokenisedTurn> TrainingTurns::draw(const BatchItem &item, int count, std::mt19937_64 &random) const
{
    const auto &turns = m_turns[static_cast<std::size_t>(item.sample - m_firstSample)];
    std::vector<std::size_t> order(turns.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::shuffle(order.begin(), order.end(), random);
    order.resize(std::min(order.size(), static_cast<std::size_t>(count)));
    std::vector<TokenisedTurn> drawn;
    std::size_t tokens = 0;
    for (const std::size_t index : order) {
        const Turn &turn = turns[index];
        const std::size_t wording = std::uniform_int_distribution<std::size_t>(0, turn.prompts.size() - 1)(random);
        TokenisedTurn next{m_prompts[turn.prompts[wording]], item.isBlank ? m_blankAnswer : turn.answer, turn.family};
        tokens += next.prompt.size() + next.answer.size();
        if (!drawn.empty() && tokens > m_rowTokens)
            break;
        drawn.push_back(std::move(next));
    }
    return drawn;
}

TokenisedTurn TrainingTurns::heldOut(std::size_t sample) const
{
    const Turn &turn = m_turns[sample][sample % m_turns[sample].size()];
    return {m_prompts[turn.prompts[sample / m_turns[sample].size() % turn.prompts.size()]], turn.answer, turn.family};
}

std::vector<TurnLengths> TrainingTurns::lengths() const
{
    std::vector<TurnLengths> lengths;
    for (const std::vector<Turn> &turns : m_turns) {
        double tokens = 0;
        for (const Turn &turn : turns) {
            double ofPrompts = 0;
            for (const std::size_t prompt : turn.prompts)
                ofPrompts += static_cast<double>(m_prompts[prompt].size());
            tokens += ofPrompts / static_cast<double>(turn.prompts.size()) + static_cast<double>(turn.answer.size());
        }
        lengths.push_back({static_cast<int>(turns.size()), turns.empty() ? 0 : tokens / static_cast<double>(turns.size())});
    }
    return lengths;
}

} // namespace auroraedge::engine
