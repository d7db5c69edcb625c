#pragma once

#include "engine/decode/text_decoder.h"
#include "engine/io/model_config.h"

#include <cstdint>

namespace auroraedge::engine {

/// Lets the question read the uncompressed picture: a cross-attention block, one decoder layer over
/// [picture, question], or the sum of both (model-reference 3.5).
class FusionModule final
{
public:
    struct Output
    {
        at::Tensor fused;   ///< H_ft [B, N, D]
        at::Tensor cross;   ///< cross_out, undefined without the cross block
        at::Tensor decoder; ///< decoder_out, undefined without the decoder layer
    };

    /// What each row may read and where it stands; text row i of picture b.
    struct Layout
    {
        at::Tensor visualKeys;    ///< [B, S] bool: valid slots; undefined = all
        at::Tensor textKeys;      ///< [B, N] bool: rows that may be read (prompt tokens); undefined = all
        at::Tensor textBlocks;    ///< [B, N] int64: rows read only rows of their own block (packed questions); undefined = one block
        at::Tensor textPositions; ///< [B, N] int64: index inside the block; undefined = 0, 1, ...
    };

    static FusionModule take(ParameterSource &source, const AuroraEdgeConfig &config);

    /// @param text H_t [B, N, D]; projected H_v2t [B, S, D].
    Output forward(const at::Tensor &text, const at::Tensor &projected, const Layout &layout) const;

private:
    at::Tensor crossBlock(const at::Tensor &text, const at::Tensor &projected, const at::Tensor &visualMask) const;
    at::Tensor decoderLayer(const at::Tensor &text, const at::Tensor &projected, const Layout &layout) const;

    AuroraEdgeConfig m_config;
    LayerNorm m_normText, m_normVisual, m_normFeedForward;
    Linear m_query, m_key, m_value, m_out, m_fc1, m_fc2;
    DecoderLayer m_decoder;
};

} // namespace auroraedge::engine
