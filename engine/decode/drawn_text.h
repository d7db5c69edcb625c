#pragma once

#include "engine/api/inspector.h"
#include "engine/api/text_codec.h"
#include "engine/decode/sampler.h"
#include "engine/text/utf8_stream.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <string>

namespace auroraedge::engine {

/// An answer while its tokens are drawn, one after another.
class DrawnText final
{
public:
    /// @param endIds, codec outlive this. @param calibration as Sampler's.
    DrawnText(const TextCodec &codec, std::span<const std::int64_t> endIds, const GenerationOptions &options, double calibration)
        : m_codec(&codec), m_endIds(endIds), m_limit(options.maxNewTokens), m_sampler(options.temperature, options.seed, calibration)
    {
    }

    /// Draws the next token. @param logits [vocab] fp32. @return the whole characters that it completes; ANS-02.
    /// REQUIRES: !isDone().
    Result<std::string> draw(const at::Tensor &logits);

    [[nodiscard]] bool isDone() const { return m_isComplete || m_drawn >= m_limit; } ///< else lastId() is to be fed to the model
    [[nodiscard]] bool isComplete() const { return m_isComplete; }                   ///< by an end token
    [[nodiscard]] std::int64_t lastId() const { return m_lastId; }
    [[nodiscard]] int drawn() const { return m_drawn; }                     ///< an end token included
    [[nodiscard]] int tokens() const { return m_drawn - (m_isComplete ? 1 : 0); } ///< of the answer
    /// Geometric mean over the tokens drawn; 0 before the first.
    [[nodiscard]] double probability() const;

private:
    const TextCodec *m_codec;
    std::span<const std::int64_t> m_endIds;
    int m_limit = 0, m_drawn = 0;
    bool m_isComplete = false;
    std::int64_t m_lastId = 0;
    double m_logProbability = 0;
    Sampler m_sampler;
    Utf8Stream m_stream;
};

} // namespace auroraedge::engine
