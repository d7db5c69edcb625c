#pragma once

#include "engine/models/aurora_edge.h"
#include "engine/training/batches.h"
#include "engine/training/packed_questions.h"
#include "engine/training/training_turns.h"

#include <array>
#include <map>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace auroraedge::engine {

/// Loss of held-out answers at a range of temperatures.
class TemperatureSearch
{
public:
    /// @param logits [L, vocab]; labels [L].
    void add(const at::Tensor &logits, const at::Tensor &labels);
    /// At which the answers' probabilities promise what is kept.
    [[nodiscard]] double best() const;

private:
    std::array<double, 41> m_losses{};
};

/// The model that learns, with the heads that only teach it (and the teacher): what a batch costs it, and what it knows.
/// Thread: one.
class Student final
{
public:
    /// Where and how it computes.
    struct Place
    {
        at::Device device = at::kCPU;
        bool usesBf16 = false; ///< for products; weights and the residual stream stay fp32
    };

    /// @param source gives the heads. @param run, maker and turns outlive the student.
    Student(AuroraEdge model, ParameterSource &source, const TrainingRun &run, const BatchMaker &maker, const TrainingTurns &turns, Place place);
    ~Student();

    /// [] of @p batch, without a gradient where it has nothing to teach. @param random draws its questions.
    at::Tensor loss(const TrainingStage &stage, const Batch &batch, std::mt19937_64 &random);
    /// Running shares of right classes and answers in what loss() saw: "count 0.912  digit 0.954".
    [[nodiscard]] std::string accuracy() const;

    /// Shares of right classes (of the teacher or the tower) or right answers on held-out pictures, by source or family. An
    /// answer is right when each of its tokens is the likeliest one behind the tokens before it, which is to say when the
    /// model would have given it.
    /// @param isFinishing whether the stage shows pictures at its finishing size by now. @param search is given the answers.
    /// @return what BatchMaker::plain() returns.
    Result<std::map<std::string, double>> measure(const TrainingStage &stage, bool isFinishing, TemperatureSearch *search = nullptr) const;

private:
    struct Heads;
    struct Shown;
    struct Score;
    /// The share of right ones weighted towards the last few hundred.
    void note(const std::string &name, bool isRight);
    void note(const std::string &name, const at::Tensor &scores, const at::Tensor &wanted);
    [[nodiscard]] Shown show(const Batch &batch) const;
    Shown show(Batch &&batch) const = delete;
    [[nodiscard]] at::Tensor visualOf(const Shown &shown) const;
    [[nodiscard]] at::Tensor teacherLoss(const TrainingStage &stage, const Shown &shown);
    [[nodiscard]] at::Tensor towerLoss(const TrainingStage &stage, const Shown &shown, const at::Tensor &visual);
    [[nodiscard]] at::Tensor answerLoss(const TrainingStage &stage, const Batch &batch, const Shown &shown, const at::Tensor &visual, std::mt19937_64 &random);
    [[nodiscard]] at::Tensor distanceToTeacher(const TrainingStage &stage, const Shown &shown, const at::Tensor &scores, const at::Tensor &visual) const;
    [[nodiscard]] at::Tensor logitsOf(const PackedQuestions &packed, const Shown &shown, const at::Tensor &visual) const;
    void scoreClasses(const TrainingStage &stage, const Shown &shown, std::map<std::string, Score> &scores) const;
    void scoreAnswers(std::span<const std::size_t> samples, const Shown &shown, TemperatureSearch *search, std::map<std::string, Score> &scores) const;

    const TrainingRun &m_run;
    const BatchMaker &m_maker;
    const TrainingTurns &m_turns;
    Place m_place;
    AuroraEdge m_model;
    std::unique_ptr<Heads> m_heads;
    std::map<std::string, double> m_shares; ///< by source or family
};

} // namespace auroraedge::engine
