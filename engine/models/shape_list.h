#pragma once

#include "engine/io/weights.h"

#include <ATen/ops/empty.h>

#include <string>
#include <utility>
#include <vector>

namespace auroraedge::engine {

/// Notes every name and shape of a model in the order its modules ask for them; no memory is taken for the values.
class ShapeList final : public ParameterSource
{
public:
    at::Tensor take(const std::string &name, const Shape &shape) override
    {
        m_shapes.emplace_back(name, shape);
        return at::empty(shape, at::TensorOptions().dtype(at::kFloat).device(at::kMeta));
    }
    [[nodiscard]] const std::vector<std::pair<std::string, Shape>> &shapes() const { return m_shapes; }

private:
    std::vector<std::pair<std::string, Shape>> m_shapes;
};

} // namespace auroraedge::engine
