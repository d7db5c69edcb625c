#include "app/pipeline/inference_worker.h"

#include "app/inspection/frame_check.h"

#include <chrono>
#include <utility>

namespace auroraedge::app {

using Clock = std::chrono::steady_clock;

InferenceWorker::InferenceWorker(EngineOpener opener, InferenceListener listener, ModelDresser dresser)
    : m_opener(std::move(opener)), m_listener(std::move(listener)), m_dresser(std::move(dresser)),
      m_thread([this](const std::stop_token &stop) { run(stop); })
{
}

InferenceWorker::~InferenceWorker()
{
    m_thread.request_stop();
    cancelLoad();
    cancel();
    {
        const std::lock_guard lock(m_mutex);
        m_stopEncoding.request_stop();
        m_stopMeasuring.request_stop();
    }
    m_thread.join();
}

void InferenceWorker::load(LoadOptions options)
{
    {
        const std::lock_guard lock(m_mutex);
        m_waitingLoad = std::move(options);
        m_stopLoad.request_stop(); // of a load that runs: the newer choice counts
        m_stopLoad = std::stop_source();
        m_isLetGo = false;
        m_stopEncoding.request_stop();
        m_stopMeasuring.request_stop();
    }
    m_changed.notify_one();
}

void InferenceWorker::unload()
{
    {
        const std::lock_guard lock(m_mutex);
        m_waitingLoad.reset();
        m_stopLoad.request_stop();
        m_stopEncoding.request_stop();
        m_stopMeasuring.request_stop();
        m_isLetGo = true;
    }
    m_changed.notify_one();
}

void InferenceWorker::describe(std::string folder)
{
    {
        const std::lock_guard lock(m_mutex);
        m_waitingFolders.push_back(std::move(folder));
    }
    m_changed.notify_one();
}

void InferenceWorker::measure(Frame picture, Question question, int answers)
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopMeasuring.request_stop();
        m_stopMeasuring = std::stop_source();
        m_waitingMeasuring = Measuring{std::move(picture), std::move(question), answers};
    }
    m_changed.notify_one();
}

void InferenceWorker::cancelLoad()
{
    const std::lock_guard lock(m_mutex);
    m_stopLoad.request_stop();
}

void InferenceWorker::stopMeasuring()
{
    const std::lock_guard lock(m_mutex);
    m_stopMeasuring.request_stop();
}

bool InferenceWorker::ask(std::int64_t id, PicturePart picture, Question question)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_isAsking)
            return false;
        m_isAsking = true;
        m_stopAsking = std::stop_source();
        m_stopMeasuring.request_stop();
        // Features that are half made are what this very question needs; anything else is in its way.
        if (m_encodedPicture && !m_encodedPicture->isSameAs(picture))
            m_stopEncoding.request_stop();
        m_waitingPicture.reset();
        m_waitingAsking = Asking{id, std::move(picture), std::move(question)};
    }
    m_changed.notify_one();
    return true;
}

void InferenceWorker::cancel()
{
    const std::lock_guard lock(m_mutex);
    m_stopAsking.request_stop();
    if (m_waitingAsking)
        m_stopEncoding.request_stop(); // it waits for that
}

void InferenceWorker::prepare(PicturePart picture)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_encodedPicture && m_encodedPicture->isSameAs(picture) && !m_stopEncoding.stop_requested())
            return;
        m_stopEncoding.request_stop();
        m_waitingPicture = std::move(picture);
    }
    m_changed.notify_one();
}

void InferenceWorker::run(const std::stop_token &stop)
{
    while (true) {
        std::optional<LoadOptions> load;
        std::optional<Asking> asking;
        std::optional<PicturePart> picture;
        std::optional<std::string> folder;
        std::optional<Measuring> measuring;
        std::stop_token stopWork;
        {
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock, stop, [this] {
                return m_waitingLoad || m_isLetGo || m_waitingAsking || m_waitingPicture || !m_waitingFolders.empty() || m_waitingMeasuring;
            });
            if (stop.stop_requested())
                break;
            if (m_isLetGo && !m_waitingAsking) {
                m_isLetGo = false;
                lock.unlock();
                letGo();
                continue;
            }
            if (m_waitingAsking) { // first: it is about the model that is there now
                asking = std::exchange(m_waitingAsking, std::nullopt);
                stopWork = m_stopAsking.get_token();
            } else if (m_waitingLoad) {
                load = std::exchange(m_waitingLoad, std::nullopt);
                stopWork = m_stopLoad.get_token();
            } else if (!m_waitingPicture && !m_waitingFolders.empty()) {
                folder = std::move(m_waitingFolders.front());
                m_waitingFolders.pop_front();
            } else if (!m_waitingPicture) {
                measuring = std::exchange(m_waitingMeasuring, std::nullopt);
                stopWork = m_stopMeasuring.get_token();
            } else {
                picture = m_encodedPicture = std::exchange(m_waitingPicture, std::nullopt);
                m_stopEncoding = std::stop_source();
                stopWork = m_stopEncoding.get_token();
            }
        }
        if (load)
            loadModel(*load, stopWork);
        else if (asking)
            answer(*asking, stopWork);
        else if (picture)
            encode(*picture, stopWork);
        else if (folder)
            describeNow(*folder);
        else
            measureNow(*measuring, stopWork);
    }
    m_inspector.reset();
    m_engine.reset();
}

Result<void> InferenceWorker::openEngine()
{
    if (m_engine)
        return {};
    Result<std::shared_ptr<Engine>> engine = m_opener();
    if (!engine)
        return failure(engine.error());
    m_engine = std::move(*engine);
    return {};
}

void InferenceWorker::letGo()
{
    m_inspector.reset();
    ModelStatus status;
    status.condition = ModelStatus::Condition::Unloaded;
    m_listener.onModel(status);
}

void InferenceWorker::describeNow(const std::string &folder)
{
    const Result<void> opened = openEngine();
    m_listener.onDescribed(folder, opened ? m_engine->describe(folder) : failure(opened.error()));
}

void InferenceWorker::measureNow(const Measuring &measuring, const std::stop_token &stop)
{
    std::vector<double> totals;
    const auto measured = [&]() -> Result<std::vector<double>> {
        if (!m_inspector)
            return failure(code::ModelFolder, "no model is loaded");
        for (int i = 0; i < measuring.answers; ++i) {
            // Another region each time: features that are kept from the last answer would flatter the model.
            const Frame &frame = measuring.picture;
            const Frame fresh = cropped(frame, {i % 8, i / 8 % 8, frame.widthPx - 8, frame.heightPx - 8});
            const Result<Answer> answer = m_inspector->ask(fresh, measuring.question, {}, stop);
            if (!answer)
                return failure(answer.error());
            totals.push_back(answer->latency.totalMs);
        }
        return totals;
    }();
    m_listener.onMeasured(measured, m_inspector ? m_inspector->card() : ModelCard{});
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

    if (const Result<void> opened = openEngine(); !opened)
        return fail(opened.error());
    Clock::time_point lastTold = Clock::now();
    const LoadProgress onProgress = [&](double progress) {
        if (Clock::now() - lastTold < kTextPeriod)
            return;
        lastTold = Clock::now();
        status.progress = progress;
        m_listener.onModel(status);
    };
    Result<std::unique_ptr<Inspector>> inspector = m_engine->load(options, onProgress, stop);
    if (inspector && m_dresser)
        inspector = m_dresser(*std::move(inspector));
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
        if (const Result<void> usable = checkFrame(asking.picture.frame); !usable)
            return failure(usable.error());
        Question question = asking.question;
        question.region = asking.picture.region;
        return m_inspector->ask(asking.picture.frame, question, listener, stop);
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

void InferenceWorker::encode(const PicturePart &picture, const std::stop_token &stop)
{
    if (m_inspector && checkFrame(picture.frame))
        (void)m_inspector->encodeAhead(picture.cut(), stop);
    const std::lock_guard lock(m_mutex);
    m_encodedPicture.reset();
}

} // namespace auroraedge::app
