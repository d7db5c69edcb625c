#include "app/pipeline/inference_worker.h"

#include "app/inspection/frame_check.h"

#include <chrono>
#include <utility>

namespace auroraedge::app {

using Clock = std::chrono::steady_clock;

InferenceWorker::InferenceWorker(EngineOpener opener, InferenceListener listener)
    : m_opener(std::move(opener)), m_listener(std::move(listener)),
      m_thread([this](const std::stop_token &stop) { run(stop); })
{
}

InferenceWorker::~InferenceWorker()
{
    m_thread.request_stop();
    cancelLoad();
    cancel();
    m_thread.join();
}

void InferenceWorker::load(LoadOptions options)
{
    {
        const std::lock_guard lock(m_mutex);
        m_waitingLoad = std::move(options);
        m_stopLoad.request_stop(); // of a load that runs: the newer choice counts
        m_stopLoad = std::stop_source();
    }
    m_changed.notify_one();
}

void InferenceWorker::cancelLoad()
{
    const std::lock_guard lock(m_mutex);
    m_stopLoad.request_stop();
}

bool InferenceWorker::ask(std::int64_t id, Frame frame, Question question)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_isAsking)
            return false;
        m_isAsking = true;
        m_stopAsking = std::stop_source();
        m_waitingAsking = Asking{id, std::move(frame), std::move(question)};
    }
    m_changed.notify_one();
    return true;
}

void InferenceWorker::cancel()
{
    const std::lock_guard lock(m_mutex);
    m_stopAsking.request_stop();
}

void InferenceWorker::run(const std::stop_token &stop)
{
    while (true) {
        std::optional<LoadOptions> load;
        std::optional<Asking> asking;
        std::stop_token stopWork;
        {
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock, stop, [this] { return m_waitingLoad || m_waitingAsking; });
            if (stop.stop_requested())
                break;
            if (m_waitingLoad) {
                load = std::exchange(m_waitingLoad, std::nullopt);
                stopWork = m_stopLoad.get_token();
            } else {
                asking = std::exchange(m_waitingAsking, std::nullopt);
                stopWork = m_stopAsking.get_token();
            }
        }
        if (load)
            loadModel(*load, stopWork);
        else
            answer(*asking, stopWork);
    }
    m_inspector.reset();
    m_engine.reset();
}

void InferenceWorker::loadModel(const LoadOptions &options, const std::stop_token &stop)
{
    ModelStatus status;
    status.folder = options.folder;
    m_listener.onModel(status);
    const auto fail = [&](const Error &error) {
        status.condition = ModelStatus::Condition::Failed;
        status.error = error;
        status.keptOldModel = m_inspector != nullptr;
        m_listener.onModel(status);
    };

    if (!m_engine) {
        Result<std::shared_ptr<Engine>> engine = m_opener();
        if (!engine)
            return fail(engine.error());
        m_engine = std::move(*engine);
    }
    Clock::time_point lastTold = Clock::now();
    const LoadProgress onProgress = [&](double progress) {
        if (Clock::now() - lastTold < kTextPeriod)
            return;
        lastTold = Clock::now();
        status.progress = progress;
        m_listener.onModel(status);
    };
    Result<std::unique_ptr<Inspector>> inspector = m_engine->load(options, onProgress, stop);
    if (!inspector)
        return fail(inspector.error());
    m_inspector = std::move(*inspector);
    status.condition = ModelStatus::Condition::Ready;
    status.progress = 1;
    status.card = m_inspector->card();
    m_listener.onModel(status);
}

void InferenceWorker::answer(const Asking &asking, const std::stop_token &stop)
{
    std::string pieces;
    Clock::time_point lastTold; // long ago: the first words are shown at once
    const auto tell = [&] {
        lastTold = Clock::now();
        if (!pieces.empty())
            m_listener.onText(asking.id, std::exchange(pieces, {}));
    };
    const AskListener listener = {
        .onStage = [&](Stage stage) { m_listener.onStage(asking.id, stage); },
        .onText =
            [&](std::string_view piece) {
                pieces += piece;
                if (Clock::now() - lastTold >= kTextPeriod)
                    tell();
            },
    };
    const auto ask = [&]() -> Result<Answer> {
        if (stop.stop_requested())
            return failure(code::Cancelled, "cancelled before it began");
        if (!m_inspector)
            return failure(code::ModelFolder, "no model is loaded");
        if (const Result<void> usable = checkFrame(asking.frame); !usable)
            return failure(usable.error());
        return m_inspector->ask(asking.frame, asking.question, listener, stop);
    };
    const Result<Answer> result = ask();
    tell();
    {
        // Free before the end is told: whoever hears of it may ask again.
        const std::lock_guard lock(m_mutex);
        m_isAsking = false;
    }
    m_listener.onAnswer(asking.id, result, m_inspector ? m_inspector->card() : ModelCard{});
}

} // namespace auroraedge::app
