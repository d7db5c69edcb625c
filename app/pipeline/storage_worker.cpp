#include "app/pipeline/storage_worker.h"

#include "app/imaging/picture_decoder.h"
#include "app/imaging/picture_encoder.h"
#include "app/storage/answer_store.h"
#include "app/storage/picture_store.h"

#include <optional>
#include <utility>

namespace auroraedge::app {

StorageWorker::StorageWorker(std::filesystem::path dataFolder, StorageListener listener)
    : m_dataFolder(std::move(dataFolder)), m_listener(std::move(listener)), m_thread([this] { run(); })
{
}

StorageWorker::~StorageWorker()
{
    m_jobs.close();
    m_thread.join();
}

void StorageWorker::run()
{
    if (const Result<void> opened = open(); !opened)
        m_listener.onOpenFailed(opened.error());
    while (std::optional<StorageJob> job = m_jobs.pop()) {
        if (const Result<void> stored = commit(*job); stored)
            m_listener.onStored(*job);
        else
            m_listener.onFailed(*job, stored.error());
    }
    m_store.reset();
}

Result<void> StorageWorker::open()
{
    Result<std::unique_ptr<AnswerStore>> store = AnswerStore::open(m_dataFolder);
    if (!store)
        return failure(store.error());
    m_store = std::move(*store);
    tellRecent();
    const Result<std::int64_t> rows = m_store->countAnswers();
    m_listener.onOpened(rows ? *rows : 0, m_store->notices());
    return {};
}

void StorageWorker::tellRecent()
{
    const Result<std::vector<AnswerRecord>> recent = m_store->recentAnswers(kRecentAnswers);
    if (!recent)
        return; // the strip stays empty; the next job tells what is wrong with the store
    const PictureStore pictures(m_dataFolder);
    for (const AnswerRecord &record : *recent) {
        Frame picture;
        if (!record.picturePath.empty()) {
            Result<std::vector<std::uint8_t>> bytes = pictures.read(record.picturePath, record.pictureSha256);
            if (bytes) {
                if (const Result<DecodedPicture> decoded = decodePicture(std::move(*bytes), record.picturePath))
                    picture = decoded->frame;
            }
        }
        m_listener.onRecent(record, picture);
    }
}

Result<void> StorageWorker::commit(StorageJob &job)
{
    if (!m_store) {
        if (const Result<void> opened = open(); !opened)
            return opened;
    }
    std::optional<EvidencePicture> picture;
    if (!job.frame.isEmpty()) {
        Result<std::vector<std::uint8_t>> jpeg = encodeJpeg(job.frame);
        if (!jpeg)
            return failure(jpeg.error());
        picture = EvidencePicture{std::move(*jpeg), EvidenceFormat::Jpeg};
    }
    const Result<std::int64_t> row = m_store->insertAnswer(job.record, picture);
    if (!row)
        return failure(row.error());
    // What the store filled in: hash and place of the picture.
    if (const Result<std::optional<AnswerRecord>> stored = m_store->answer(*row); stored && *stored)
        job.record = **stored;
    job.record.row = *row;
    return {};
}

} // namespace auroraedge::app
