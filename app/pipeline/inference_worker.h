#pragma once

#include "engine/api/engine.h"

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

namespace auroraedge::app {

struct ModelStatus
{
    enum class Condition { Loading = 1, Ready, Failed };
    Condition condition = Condition::Loading;
    std::string folder;         ///< that was asked for
    double progress = 0;        ///< Loading: 0..1
    ModelCard card;             ///< Ready
    std::optional<Error> error; ///< Failed, or code::Cancelled
    bool keptOldModel = false;  ///< Failed: the model from before goes on answering
};

/// Called on the inference thread; must return at once.
struct InferenceListener
{
    std::function<void(const ModelStatus &)> onModel;
    std::function<void(std::int64_t id, Stage)> onStage;
    std::function<void(std::int64_t id, std::string piece)> onText; ///< at most one every kTextPeriod, and the rest
    std::function<void(std::int64_t id, const Result<Answer> &, const ModelCard &)> onAnswer; ///< the last of an asking
};

/// Owns the engine and the model, both made, used and destroyed on its one thread.
/// Thread: the public methods on any thread; they return at once. Destroying stops what runs and waits for it: one
/// encoder layer or one token.
class InferenceWorker final
{
public:
    static constexpr std::chrono::milliseconds kTextPeriod{33};

    /// Opens the engine; called once, on the inference thread, before the first model is loaded.
    using EngineOpener = std::function<Result<std::shared_ptr<Engine>>()>;

    InferenceWorker(EngineOpener opener, InferenceListener listener);
    ~InferenceWorker();

    InferenceWorker(const InferenceWorker &) = delete;
    InferenceWorker &operator=(const InferenceWorker &) = delete;

    /// Loads a model after what runs now; a load that has not begun is replaced. The old model answers until then.
    void load(LoadOptions options);
    void cancelLoad();

    /// Asks about exactly @p frame, unless it is one of which nothing can be said (IMG-17). One asking at a time.
    /// @return false when another one is waiting or running; otherwise onAnswer tells how it ended.
    [[nodiscard]] bool ask(std::int64_t id, Frame frame, Question question);
    /// Ends the asking that waits or runs, if any; it is answered with code::Cancelled.
    void cancel();

private:
    struct Asking
    {
        std::int64_t id = 0;
        Frame frame;
        Question question;
    };

    void run(const std::stop_token &stop);
    void loadModel(const LoadOptions &options, const std::stop_token &stop);
    void answer(const Asking &asking, const std::stop_token &stop);

    const EngineOpener m_opener;
    const InferenceListener m_listener;

    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::optional<LoadOptions> m_waitingLoad; // guarded by m_mutex
    std::optional<Asking> m_waitingAsking;    // guarded by m_mutex
    bool m_isAsking = false;                  // guarded by m_mutex; waiting or running
    std::stop_source m_stopLoad, m_stopAsking; // guarded by m_mutex; of what waits or runs

    // Inference thread only; the engine outlives the model.
    std::shared_ptr<Engine> m_engine;
    std::unique_ptr<Inspector> m_inspector;

    std::jthread m_thread; ///< last: uses all of the above
};

} // namespace auroraedge::app
