#pragma once

#include "engine/api/training.h"
#include "engine/io/model_folder.h"
#include "engine/io/sha256.h"

#include <cstddef>
#include <filesystem>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <vector>

namespace auroraedge::engine {

/// SHA-256 of what a run is, so that a checkpoint tells whose it is: what is learnt from what, in which steps, and from
/// which weights. Where and how fast it runs (device, precision, threads, memory, folders, checkpoints) may change on the way.
class RunDigest final
{
public:
    /// Reads the weights of the model folder. @return FS-01, RUN-01.
    static Result<std::string> of(const TrainingRun &run, const std::stop_token &stop)
    {
        RunDigest digest;
        digest.addAll(run.sources, run.samples, run.stages, run.blankAnswer, run.blankShare, run.vocabularySize, run.adapters,
                      run.processes.size, run.keepsBest, run.startShare, run.averageDecay, run.seed);
        std::error_code problem;
        if (!std::filesystem::equivalent(run.modelFolder, run.outFolder, problem)) // else the run changes those files itself
            if (const Result<void> added = digest.addFiles(run.modelFolder, stop); !added)
                return failure(added.error());
        return digest.m_hash.hex();
    }

private:
    RunDigest() = default;

    // The bindings name every member: who adds one is made to add it here, too.

    void add(const TrainingStage &stage)
    {
        const auto &[towerOnly, isTeacher, teacherWeight, featureWeight, patchWeight, labelWeight, measureEvery, patience, trained, sources, steps,
                     accumulate, warmupSteps, learningRate, muonLearningRate, finalShare, beta2, weightDecay, clipNorm, grids, smallGrids,
                     finishGrids, smallFinishGrids, finishShare, patchesPerBatch, questionsPerPicture] = stage;
        addAll(towerOnly, isTeacher, teacherWeight, featureWeight, patchWeight, labelWeight, measureEvery, patience, trained, sources, steps,
               accumulate, warmupSteps, learningRate, muonLearningRate, finalShare, beta2, weightDecay, clipNorm, grids, smallGrids, finishGrids,
               smallFinishGrids, finishShare, patchesPerBatch, questionsPerPicture);
    }
    void add(const TrainingSource &source)
    {
        const auto &[name, weight, labels, defectKinds, head, views, isGenerated] = source;
        addAll(name, weight, labels, defectKinds, head, views, isGenerated);
    }
    void add(const TrainingViews &views)
    {
        const auto &[shift, zoom, turn, shear, contrast, light, tint, greyShare, invertedShare, noise, isMirrored, isTurned, softShare] = views;
        addAll(shift, zoom, turn, shear, contrast, light, tint, greyShare, invertedShare, noise, isMirrored, isTurned);
        if (softShare != TrainingViews().softShare) // which it was before it could be set: the checkpoints of those runs stay theirs
            add(softShare);
    }
    void add(const TrainingSample &sample)
    {
        const auto &[picture, source, group, turns, boxes, label, isSmall, isHeldOut] = sample;
        // The picture's name alone: a folder that was moved with its recipe is the same one.
        addAll(std::filesystem::path(picture).filename().string(), source, group, turns, boxes, label, isSmall, isHeldOut);
    }
    void add(const TrainingTurn &turn)
    {
        const auto &[family, wordings, answer] = turn;
        addAll(family, wordings, answer);
    }
    void add(const TrainingBox &box)
    {
        const auto &[x, y, width, height, isDefect, kind] = box;
        addAll(x, y, width, height, isDefect, kind);
    }
    void add(const TrainingAdapters &adapters)
    {
        const auto &[rank, alpha, ofTower, ofDecoder] = adapters;
        addAll(rank, alpha, ofTower, ofDecoder);
    }
    void add(std::string_view text)
    {
        add(text.size());
        m_hash.add(std::as_bytes(std::span(text)));
    }
    template <typename Number>
        requires(std::is_arithmetic_v<Number> || std::is_enum_v<Number>)
    void add(Number number)
    {
        m_hash.add(std::as_bytes(std::span(&number, 1)));
    }
    template <typename Value>
    void add(const std::vector<Value> &values)
    {
        add(values.size());
        for (const Value &value : values)
            add(value);
    }
    template <typename... Values>
    void addAll(const Values &...values)
    {
        (add(values), ...);
    }

    /// What the model in @p folder is: its config, its tokenizer and its weights, one file or shards.
    Result<void> addFiles(const std::filesystem::path &folder, const std::stop_token &stop)
    {
        std::set<std::string> names;
        std::error_code problem;
        for (std::filesystem::directory_iterator entry(folder, problem), end; !problem && entry != end; entry.increment(problem)) {
            const std::string name = entry->path().filename().string();
            const bool isWeights = name.starts_with("model") && (name.ends_with(".safetensors") || name.ends_with(".safetensors.index.json"));
            std::error_code unreadable;
            if ((isWeights || name == "config.json" || name == "tokenizer.json") && entry->is_regular_file(unreadable))
                names.insert(name);
        }
        for (const std::string &name : names) {
            const Result<std::string> hash = sha256OfFile(folder / name, stop);
            if (!hash)
                return failure(hash.error());
            addAll(name, *hash);
        }
        return {};
    }

    Sha256 m_hash;
};

} // namespace auroraedge::engine
