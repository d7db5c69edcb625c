#include "app/pipeline/library_worker.h"

#include <exception>
#include <new>
#include <optional>
#include <string>
#include <utility>

namespace auroraedge::app {
namespace {

/// Values of a damaged database may be such that nothing here is ready for them. The window goes on, and tells.
void runGuarded(const LibraryWorker::Job &job, const Result<const AnswerReader *> &reader)
try {
    job(reader);
} catch (const std::bad_alloc &) {
    job(failure(code::MemoryShort, "not enough memory to read the stored answers"));
} catch (const std::exception &exception) {
    job(failure(code::DatabaseDamaged, std::string("inspector.db is damaged (") + exception.what() + ")", "inspector.db"));
}

} // namespace

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
        runGuarded(*job, reader);
    }
    m_reader.reset();
}

} // namespace auroraedge::app
