#pragma once

#include "engine/models/aurora_edge.h"
#include "engine/models/stages.h"
#include "engine/vision/preprocessor.h"

#include <array>
#include <list>
#include <span>
#include <vector>

namespace auroraedge::engine {

/// What the language model reads of pictures of one grid.
struct Features
{
    at::Tensor projected;  ///< H_v2t [B, S', D]
    at::Tensor visualKeys; ///< [B, S'] bool, undefined when every slot is valid
    at::Tensor compressed; ///< H_vc [B, Nc, D]
};

/// Pictures of one grid, encoded.
struct EncodedPictures
{
    Features features;
    at::Tensor visual; ///< of the tower [B, S', Hv]
    PatchGrid grid;
};

/// From pixels to what the language model reads of them: preprocessing, tower, projector, compressor (model-reference 3).
/// @throws StopRequested where a stop token is given. Thread: one, but for what is const.
class PictureEncoder final
{
public:
    /// @param model outlives the encoder.
    PictureEncoder(const AuroraEdge &model, NaflexConfig preprocessing, at::Device device);

    /// @return IMG-05 for a picture without pixels.
    [[nodiscard]] Result<PreparedPicture> prepare(const Frame &frame) const;

    /// @param pictures of one grid. @param latency gets the time of encoding, projecting and compressing.
    [[nodiscard]] EncodedPictures encode(std::span<const PreparedPicture *const> pictures, const AskListener &listener, const std::stop_token &stop,
                                         StageLatencies &latency) const;
    /// What the patch head says of one of the pictures; nothing without a patch head.
    [[nodiscard]] std::vector<PatchMap> mapsOf(const EncodedPictures &encoded, std::int64_t row) const;

    /// What is kept of a picture for its next question.
    struct Kept
    {
        std::array<unsigned char, 32> key{}; ///< of its pixels
        Features features;
        std::vector<PatchMap> maps;
    };
    struct Found
    {
        const Kept *picture = nullptr; ///< until the next picture is kept
        bool isReused = false;         ///< it was there already
    };
    /// Encodes @p frame, unless it is one of the last kKeptPictures. @return as prepare().
    Result<Found> kept(const Frame &frame, const AskListener &listener, const std::stop_token &stop, StageLatencies &latency);

private:
    [[nodiscard]] at::Tensor pixelsOf(std::span<const PreparedPicture *const> pictures, std::int64_t slots) const;

    const AuroraEdge &m_model;
    NaflexConfig m_preprocessing;
    at::Device m_device;
    std::list<Kept> m_recent; ///< newest first, at most kKeptPictures
};

} // namespace auroraedge::engine
