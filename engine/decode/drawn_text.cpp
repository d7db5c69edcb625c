#include "engine/decode/drawn_text.h"

#include "engine/core/not_finite.h"

#include <algorithm>
#include <cmath>

namespace auroraedge::engine {

Result<std::string> DrawnText::draw(const at::Tensor &logits)
{
    const SampledToken token = m_sampler.sample(logits);
    if (std::isnan(token.probability))
        return notFinite();
    m_logProbability += std::log(token.probability);
    m_lastId = token.id;
    ++m_drawn;
    m_isComplete = std::ranges::find(m_endIds, token.id) != m_endIds.end();
    std::string text = m_isComplete ? std::string() : m_stream.push(m_codec->tokenBytes(token.id));
    if (isDone())
        text += m_stream.finish();
    return text;
}

double DrawnText::probability() const
{
    return m_drawn > 0 ? std::exp(m_logProbability / m_drawn) : 0;
}

} // namespace auroraedge::engine
