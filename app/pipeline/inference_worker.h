#pragma once

#include "engine/api/engine.h"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace auroraedge::app {

struct ModelStatus
{
    enum class Condition { Loading = 1, Ready, Failed, Unloaded };
    Condition condition = Condition::Loading;
    std::string folder;         ///< that was asked for
    double progress = 0;        ///< Loading: 0..1
    ModelCard card;             ///< Ready
    std::optional<Error> error; ///< Failed, or code::Cancelled
    bool keptOldModel = false;  ///< Failed: the model from before goes on answering
};

/// A frame, and the part of it that the model is shown, at sensor resolution.
struct PicturePart
{
    Frame frame;
    std::optional<PixelBox> region = {}; ///< inside the frame; nothing: all of it

    [[nodiscard]] Frame cut() const { return region ? cropped(frame, *region) : frame; }
    [[nodiscard]] bool isSameAs(const PicturePart &other) const
    {
        return frame.pixels == other.frame.pixels && region == other.region;
    }
};

/// Called on the inference thread; must return at once.
struct InferenceListener
{
    std::function<void(const ModelStatus &)> onModel;
    std::function<void(std::int64_t id, Stage)> onStage;
    std::function<void(std::int64_t id, std::string piece)> onText; ///< at most one every kTextPeriod, and the rest
    std::function<void(std::int64_t id, const Result<Answer> &, const ModelCard &)> onAnswer; ///< the last of an asking
    std::function<void(const std::string &folder, const Result<ModelDescription> &)> onDescribed;
    std::function<void(const Result<std::vector<double>> &totalMs, const ModelCard &)> onMeasured; ///< one of each answer
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

    /// What a loaded model is used through: itself, or what its folder says beside the weights put round it.
    using ModelDresser = std::function<Result<std::unique_ptr<Inspector>>(std::unique_ptr<Inspector>)>;

    InferenceWorker(EngineOpener opener, InferenceListener listener, ModelDresser dresser = {});
    ~InferenceWorker();

    InferenceWorker(const InferenceWorker &) = delete;
    InferenceWorker &operator=(const InferenceWorker &) = delete;

    /// Loads a model after what runs now and the question that waits; a load that has not begun is replaced. The old model
    /// answers until then.
    void load(LoadOptions options);
    void cancelLoad();
    /// Lets the model go after what runs now and the question that waits; told as Condition::Unloaded.
    void unload();

    /// Asks about exactly @p picture, unless it is one of which nothing can be said (IMG-17). One asking at a time.
    /// @return false when another one is waiting or running; otherwise onAnswer tells how it ended.
    [[nodiscard]] bool ask(std::int64_t id, PicturePart picture, Question question);
    /// Ends the asking that waits or runs, if any; it is answered with code::Cancelled.
    void cancel();

    /// Encodes @p picture when there is nothing else to do, so that a question about it starts with the prompt. A newer
    /// one replaces it; a load, or a question about another picture, stops it at once. What is wrong with it is told by
    /// the question.
    void prepare(PicturePart picture);

    /// Reads what the model in @p folder is, without loading it, when there is nothing else to do.
    void describe(std::string folder);
    /// Asks @p question @p answers times about @p picture, each time encoded anew, when there is nothing else to do.
    /// A question or a load ends it with code::Cancelled.
    void measure(Frame picture, Question question, int answers);
    void stopMeasuring();

private:
    struct Asking
    {
        std::int64_t id = 0;
        PicturePart picture;
        Question question;
    };

    struct Measuring
    {
        Frame picture;
        Question question;
        int answers = 0;
    };

    void run(const std::stop_token &stop);
    void letGo();
    void describeNow(const std::string &folder);
    void measureNow(const Measuring &measuring, const std::stop_token &stop);
    Result<void> openEngine();
    void loadModel(const LoadOptions &options, const std::stop_token &stop);
    void answer(const Asking &asking, const std::stop_token &stop);
    void encode(const PicturePart &picture, const std::stop_token &stop);

    const EngineOpener m_opener;
    const InferenceListener m_listener;
    const ModelDresser m_dresser;

    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::optional<LoadOptions> m_waitingLoad; // guarded by m_mutex
    std::optional<Asking> m_waitingAsking;    // guarded by m_mutex
    bool m_isAsking = false;                  // guarded by m_mutex; waiting or running
    std::optional<PicturePart> m_waitingPicture, m_encodedPicture; // guarded by m_mutex; to encode; being encoded
    std::deque<std::string> m_waitingFolders; // guarded by m_mutex; to describe
    std::optional<Measuring> m_waitingMeasuring; // guarded by m_mutex
    bool m_isLetGo = false;                      // guarded by m_mutex; the model is to be unloaded
    std::stop_source m_stopLoad, m_stopAsking, m_stopEncoding, m_stopMeasuring; // guarded by m_mutex; of what waits or runs

    // Inference thread only; the engine outlives the model.
    std::shared_ptr<Engine> m_engine;
    std::unique_ptr<Inspector> m_inspector;

    std::jthread m_thread; ///< last: uses all of the above
};

} // namespace auroraedge::app
