#include "app/pipeline/library_worker.h"

#include <optional>
#include <utility>

namespace auroraedge::app {

LibraryWorker::LibraryWorker(std::filesystem::path dataFolder)
    : m_dataFolder(std::move(dataFolder)), m_thread([this](const std::stop_token &stop) { work(stop); })
{
}

LibraryWorker::~LibraryWorker()
{
    m_thread.request_stop();
    m_jobs.close();
}

bool LibraryWorker::run(Job job)
{
    return m_jobs.push(std::move(job));
}

void LibraryWorker::work(const std::stop_token &stop)
{
    while (const std::optional<Job> job = m_jobs.pop()) {
        if (stop.stop_requested())
            continue; // nobody waits for it any more
        Result<const AnswerReader *> reader = m_reader.get();
        if (!m_reader) { // there may be no database yet, so each job tries anew
            Result<std::unique_ptr<AnswerReader>> opened = AnswerReader::open(m_dataFolder);
            if (opened)
                reader = (m_reader = *std::move(opened)).get();
            else
                reader = failure(opened.error());
        }
        (*job)(reader);
    }
    m_reader.reset();
}

} // namespace auroraedge::app
