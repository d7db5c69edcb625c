#pragma once

#include "engine/api/training.h"
#include "engine/vision/preprocessor.h"

#include <cstddef>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

namespace auroraedge::engine {

/// A training picture at falling sizes, so that a small view is drawn from a small picture without aliasing.
struct PicturePyramid
{
    std::vector<ResizedPicture> levels; ///< squares, halved down to 32 or more; the first is 256 at most, 128 for small pictures
};

/// The pictures of a run. As many as fit its memory stay decoded; the others are decoded each time they are drawn, on the
/// thread that draws. Thread: check() first, on one; then any.
class TrainingPictures final
{
public:
    explicit TrainingPictures(const TrainingRun &run);

    /// Decodes every picture that is a file, on all cores. @return "path: reason" of those that cannot be read.
    std::vector<std::string> check(const std::stop_token &stop);

    [[nodiscard]] bool isUsable(std::size_t sample) const { return m_isUsable[sample]; }
    /// REQUIRES: isUsable(sample). @return what the loader returns, behind the picture's name, where it can no longer be read.
    [[nodiscard]] Result<std::shared_ptr<const PicturePyramid>> at(std::size_t sample) const;

private:
    [[nodiscard]] Result<std::shared_ptr<const PicturePyramid>> load(std::size_t sample) const;
    void keep(std::size_t sample, const std::shared_ptr<const PicturePyramid> &picture) const;

    const TrainingRun &m_run;
    std::vector<bool> m_isUsable;
    mutable std::mutex m_mutex;
    mutable std::vector<std::shared_ptr<const PicturePyramid>> m_kept; // guarded by m_mutex
    mutable std::size_t m_keptBytes = 0;                               // guarded by m_mutex
};

} // namespace auroraedge::engine
