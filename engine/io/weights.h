#pragma once

#include "engine/api/result.h"
#include "engine/io/tensor_files.h"

#include <ATen/core/Tensor.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace auroraedge::engine {

using Shape = std::vector<std::int64_t>;

/// Where a model gets its tensors from: files, or an initialiser. Modules ask by full name and shape, so one piece of
/// code builds a model for inference and for training.
class ParameterSource
{
public:
    virtual ~ParameterSource() = default;
    /// Never undefined: a source that lacks the tensor notes it and gives an empty one of the right rank.
    virtual at::Tensor take(const std::string &name, const Shape &shape) = 0;
};

/// Tensors of mapped files, as @p dtype on @p device. Tensors that already are in that form stay in the mapping.
class WeightFiles final : public ParameterSource
{
public:
    /// @param files is kept alive by every tensor that points into it.
    WeightFiles(TensorFiles files, at::ScalarType dtype, at::Device device);

    /// A missing or misshapen tensor is noted for finish().
    at::Tensor take(const std::string &name, const Shape &shape) override;
    [[nodiscard]] bool has(const std::string &name) const { return m_files.find(name) != nullptr; }
    [[nodiscard]] std::int64_t bytesTaken() const { return m_bytesTaken; }

    /// One error that names every missing, misshapen and surplus tensor (MOD-12, or MOD-14 when none is missing);
    /// the surplus names when that is all there is to say. Names starting with an ignored prefix are no surplus.
    Result<std::vector<std::string>> finish(const std::vector<std::string> &ignoredPrefixes = {}) const;

private:
    TensorFiles m_files;
    at::ScalarType m_dtype;
    at::Device m_device;
    std::set<std::string> m_taken;
    std::vector<std::string> m_missing, m_misshapen;
    std::int64_t m_bytesTaken = 0;
};

[[nodiscard]] at::ScalarType scalarTypeOf(Dtype dtype);
[[nodiscard]] Dtype dtypeOf(at::ScalarType type);

/// A tensor over mapped bytes, no copy; @p mapping lives as long as the tensor.
at::Tensor viewOf(const MappedTensor &tensor, std::shared_ptr<const void> mapping);

/// Writes tensors by name (made contiguous on the CPU first).
Result<void> writeTensorMap(const std::filesystem::path &path, const std::map<std::string, at::Tensor> &tensors,
                            const std::map<std::string, std::string> &metadata = {});

} // namespace auroraedge::engine
