#pragma once

#include "engine/api/result.h"
#include "engine/io/tensor_files.h"

#include <ATen/core/Tensor.h>

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
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

/// The first of @p prefixes that a tensor of the files begins with; the last when none does.
[[nodiscard]] std::string prefixAmong(const TensorFiles &files, std::span<const std::string_view> prefixes);

/// Names of the files that are not @p taken and begin with none of the ignored prefixes.
[[nodiscard]] std::vector<std::string> surplusOf(const TensorFiles &files, const std::set<std::string> &taken, std::span<const std::string_view> ignoredPrefixes);

/// How many values are NaN or infinite.
[[nodiscard]] std::int64_t notFiniteCount(const at::Tensor &tensor);

/// What is wrong with the tensors of a model, told together.
class TensorComplaints final
{
public:
    /// Notes a tensor that is missing (null), has another shape than the model's or holds no floating point numbers.
    /// @return whether it is as it should be.
    bool check(const std::string &name, const MappedTensor *found, const Shape &wanted);
    [[nodiscard]] bool isEmpty() const { return m_missing.empty() && m_misshapen.empty() && m_mistyped.empty(); }
    /// MOD-12, or MOD-14 when none is missing; names every one. @param surplus names that the model does not know.
    [[nodiscard]] Error error(const std::vector<std::string> &surplus = {}) const;

private:
    std::vector<std::string> m_missing, m_misshapen, m_mistyped;
};

/// Tensors of mapped files, as @p dtype on @p device. Tensors that already are in that form stay in the mapping.
class WeightFiles final : public ParameterSource
{
public:
    /// @param files is kept alive by every tensor that points into it.
    /// @param onTaken hears after each tensor which fraction of the files was taken; may throw to end it all.
    WeightFiles(TensorFiles files, at::ScalarType dtype, at::Device device, std::function<void(double)> onTaken = {});

    /// A tensor that is missing, unfit or not finite, and a matrix that is constant, is noted for finish().
    at::Tensor take(const std::string &name, const Shape &shape) override;
    [[nodiscard]] std::string prefixAmong(std::span<const std::string_view> prefixes) const { return engine::prefixAmong(m_files, prefixes); }
    /// Whether every tensor of the files is bf16.
    [[nodiscard]] bool areBf16() const;
    /// Alive as long as a tensor points into the files.
    [[nodiscard]] std::weak_ptr<const MappedFiles> mapping() const { return m_files.mapping(); }

    /// One error that names every missing, unfit and surplus tensor (MOD-12, or MOD-14 when none is missing), or every
    /// one with values that are not finite in this precision (MOD-15). Names starting with an ignored prefix are no
    /// surplus.
    /// @param isStrict surplus tensors are an error (MOD-13).
    /// @return sentences to warn the user with: surplus tensors, matrices with one value in every place (MOD-16).
    Result<std::vector<std::string>> finish(std::span<const std::string_view> ignoredPrefixes = {}, bool isStrict = false) const;

private:
    TensorFiles m_files;
    at::ScalarType m_dtype;
    at::Device m_device;
    std::function<void(double)> m_onTaken;
    std::int64_t m_bytesTaken = 0, m_bytesInAll = 0;
    std::set<std::string> m_taken;
    TensorComplaints m_complaints;
    std::vector<std::string> m_notFinite, m_constant;
};

[[nodiscard]] at::ScalarType scalarTypeOf(Dtype dtype);
[[nodiscard]] Dtype dtypeOf(at::ScalarType type);

/// A tensor over mapped bytes, no copy; @p mapping lives as long as the tensor.
at::Tensor viewOf(const MappedTensor &tensor, std::shared_ptr<const void> mapping);

/// Writes tensors by name (made contiguous on the CPU first).
Result<void> writeTensorMap(const std::filesystem::path &path, const std::map<std::string, at::Tensor> &tensors,
                            const std::map<std::string, std::string> &metadata = {});

} // namespace auroraedge::engine
