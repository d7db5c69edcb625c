#include "engine/training/training_pictures.h"

#include "engine/vision/resample.h"

#include <algorithm>
#include <atomic>
#include <thread>

namespace auroraedge::engine {

namespace {

Frame asFrame(const ResizedPicture &picture)
{
    Frame frame;
    frame.pixels = {std::shared_ptr<const void>(), picture.rgb.data()};
    frame.widthPx = picture.widthPx;
    frame.heightPx = picture.heightPx;
    frame.strideBytes = std::ptrdiff_t{3} * picture.widthPx;
    return frame;
}

PicturePyramid makePyramid(const Frame &frame, bool isSmall)
{
    constexpr int kLeast = 32;
    PicturePyramid pyramid;
    const int top = std::clamp(std::max(frame.widthPx, frame.heightPx), isSmall ? 128 : kLeast, isSmall ? 128 : 256);
    pyramid.levels.push_back(resample(frame, {top, top}, Filter::Bilinear));
    for (int side = top / 2; side >= kLeast; side /= 2)
        pyramid.levels.push_back(resample(asFrame(pyramid.levels.front()), {side, side}, Filter::Bilinear));
    return pyramid;
}

} // namespace

TrainingPictures::TrainingPictures(const TrainingRun &run) : m_run(run), m_isUsable(run.samples.size(), true), m_kept(run.samples.size()) {}

std::vector<std::string> TrainingPictures::check(const std::stop_token &stop)
{
    std::vector<std::size_t> files;
    for (std::size_t i = 0; i < m_run.samples.size(); ++i) {
        const auto source = std::ranges::find(m_run.sources, m_run.samples[i].source, &TrainingSource::name);
        if (source == m_run.sources.end() || !source->isGenerated)
            files.push_back(i);
    }
    std::vector<std::string> problems(files.size());
    std::atomic<std::size_t> next{0};
    {
        std::vector<std::jthread> threads;
        for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i)
            threads.emplace_back([&] {
                for (std::size_t at = next++; at < files.size() && !stop.stop_requested(); at = next++) {
                    const auto picture = load(files[at]);
                    if (picture)
                        keep(files[at], *picture);
                    else
                        problems[at] = m_run.samples[files[at]].picture + ": " + picture.error().message;
                }
            });
    }
    for (std::size_t i = 0; i < files.size(); ++i)
        m_isUsable[files[i]] = problems[i].empty();
    std::erase(problems, "");
    return problems;
}

Result<std::shared_ptr<const PicturePyramid>> TrainingPictures::at(std::size_t sample) const
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_kept[sample])
            return m_kept[sample];
    }
    Result<std::shared_ptr<const PicturePyramid>> picture = load(sample);
    if (!picture)
        return failure(withContext(picture.error(), m_run.samples[sample].picture));
    keep(sample, *picture);
    return picture;
}

Result<std::shared_ptr<const PicturePyramid>> TrainingPictures::load(std::size_t sample) const
{
    const Result<Frame> frame = m_run.loadPicture(m_run.samples[sample].picture);
    if (!frame)
        return failure(frame.error());
    return std::make_shared<const PicturePyramid>(makePyramid(*frame, m_run.samples[sample].isSmall));
}

void TrainingPictures::keep(std::size_t sample, const std::shared_ptr<const PicturePyramid> &picture) const
{
    std::size_t bytes = 0;
    for (const ResizedPicture &level : picture->levels)
        bytes += level.rgb.size();
    const std::lock_guard lock(m_mutex);
    if (m_kept[sample] || m_keptBytes + bytes > m_run.pictureMemory)
        return;
    m_kept[sample] = picture;
    m_keptBytes += bytes;
}

} // namespace auroraedge::engine
