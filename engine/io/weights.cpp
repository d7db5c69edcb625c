#include "engine/io/weights.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/sum.h>

#include <algorithm>
#include <cmath>

namespace auroraedge::engine {

namespace {

std::string shapeText(const Shape &shape)
{
    std::string text = "[";
    for (std::size_t i = 0; i < shape.size(); ++i)
        text += (i ? "," : "") + std::to_string(shape[i]);
    return text + "]";
}

/// @p names in one line. Every name of a real model; the limit is for a hostile file.
std::string listText(const std::vector<std::string> &names)
{
    constexpr std::size_t kShown = 2000;
    std::string text;
    for (std::size_t i = 0; i < std::min(names.size(), kShown); ++i)
        text += (i ? ", " : "") + names[i];
    if (names.size() > kShown)
        text += " (and " + std::to_string(names.size() - kShown) + " more)";
    return text;
}

/// How many values are NaN or infinite.
std::int64_t notFiniteCount(const at::Tensor &tensor)
{
    // A sum is one pass without a copy, and a value that is not finite shows in it.
    if (std::isfinite(tensor.sum(at::kFloat).item<float>()))
        return 0;
    return at::isfinite(tensor).logical_not().sum().item<std::int64_t>();
}

} // namespace

at::ScalarType scalarTypeOf(Dtype dtype)
{
    switch (dtype) {
    case Dtype::F32: return at::kFloat;
    case Dtype::F16: return at::kHalf;
    case Dtype::BF16: return at::kBFloat16;
    case Dtype::F64: return at::kDouble;
    case Dtype::I64: return at::kLong;
    case Dtype::I32: return at::kInt;
    case Dtype::I16: return at::kShort;
    case Dtype::I8: return at::kChar;
    case Dtype::U8: return at::kByte;
    case Dtype::Bool: return at::kBool;
    }
    return at::kFloat;
}

Dtype dtypeOf(at::ScalarType type)
{
    switch (type) {
    case at::kHalf: return Dtype::F16;
    case at::kBFloat16: return Dtype::BF16;
    case at::kDouble: return Dtype::F64;
    case at::kLong: return Dtype::I64;
    case at::kInt: return Dtype::I32;
    case at::kShort: return Dtype::I16;
    case at::kChar: return Dtype::I8;
    case at::kByte: return Dtype::U8;
    case at::kBool: return Dtype::Bool;
    default: return Dtype::F32;
    }
}

at::Tensor viewOf(const MappedTensor &tensor, std::shared_ptr<const void> mapping)
{
    const auto options = at::TensorOptions().dtype(scalarTypeOf(tensor.dtype));
    // A safetensors header may leave data at any byte; such a tensor must be copied to be addressed.
    const auto address = reinterpret_cast<std::uintptr_t>(tensor.bytes.data());
    const bool isAligned = address % std::max<std::size_t>(bytesOf(tensor.dtype), 1) == 0;
    if (tensor.bytes.empty() || !isAligned) {
        at::Tensor copy = at::empty(tensor.shape, options);
        std::copy(tensor.bytes.begin(), tensor.bytes.end(), static_cast<std::byte *>(copy.data_ptr()));
        return copy;
    }
    // The mapping is read-only; nothing below ever writes to a weight.
    auto *data = const_cast<std::byte *>(tensor.bytes.data());
    return at::from_blob(data, tensor.shape, [kept = std::move(mapping)](void *) {}, options);
}

WeightFiles::WeightFiles(TensorFiles files, at::ScalarType dtype, at::Device device, std::function<void(double)> onTaken)
    : m_files(std::move(files)), m_dtype(dtype), m_device(device), m_onTaken(std::move(onTaken)), m_bytesInAll(m_files.totalBytes())
{
}

at::Tensor WeightFiles::take(const std::string &name, const Shape &shape)
{
    m_taken.insert(name);
    const MappedTensor *found = m_files.find(name);
    if (!found)
        m_missing.push_back(name);
    else if (found->shape != shape)
        m_misshapen.push_back("'" + name + "' is " + shapeText(found->shape) + ", model needs " + shapeText(shape));
    if (!found || found->shape != shape)
        return at::empty(Shape(shape.size(), 0));
    at::Tensor tensor = viewOf(*found, m_files.mapping()).to(m_device, m_dtype);
    if (const std::int64_t count = notFiniteCount(tensor); count > 0)
        m_notFinite.push_back(std::to_string(count) + " values are not finite in '" + name + "'");
    m_bytesTaken += static_cast<std::int64_t>(found->bytes.size());
    if (m_onTaken)
        m_onTaken(static_cast<double>(m_bytesTaken) / static_cast<double>(m_bytesInAll));
    return tensor;
}

std::string WeightFiles::prefixAmong(std::span<const std::string_view> prefixes) const
{
    for (const std::string_view prefix : prefixes) {
        const auto &tensors = m_files.tensors();
        const auto found = tensors.lower_bound(std::string(prefix)); // names are sorted
        if (found != tensors.end() && found->first.starts_with(prefix))
            return std::string(prefix);
    }
    return std::string(prefixes.back());
}

bool WeightFiles::areBf16() const
{
    return std::all_of(m_files.tensors().begin(), m_files.tensors().end(), [](const auto &entry) { return entry.second.dtype == Dtype::BF16; });
}

Result<std::vector<std::string>> WeightFiles::finish(std::span<const std::string_view> ignoredPrefixes) const
{
    std::vector<std::string> surplus;
    for (const auto &[name, tensor] : m_files.tensors()) {
        const bool isIgnored = std::any_of(ignoredPrefixes.begin(), ignoredPrefixes.end(),
                                           [&](std::string_view prefix) { return name.starts_with(prefix); });
        if (!m_taken.contains(name) && !isIgnored)
            surplus.push_back(name);
    }
    if (m_missing.empty() && m_misshapen.empty())
        return m_notFinite.empty() ? Result<std::vector<std::string>>(surplus) : failure(code::ModelNotFinite, listText(m_notFinite));

    std::string message;
    const auto add = [&](const char *title, const std::vector<std::string> &names) {
        if (!names.empty())
            message += (message.empty() ? "" : "; ") + std::string(title) + listText(names);
    };
    add("missing: ", m_missing);
    add("wrong shape: ", m_misshapen);
    add("not needed: ", surplus);
    return failure(m_missing.empty() ? code::ModelTensorShape : code::ModelTensorMissing, message);
}

Result<void> writeTensorMap(const std::filesystem::path &path, const std::map<std::string, at::Tensor> &tensors,
                            const std::map<std::string, std::string> &metadata)
{
    std::vector<at::Tensor> kept;
    std::vector<TensorToWrite> toWrite;
    kept.reserve(tensors.size());
    for (const auto &[name, tensor] : tensors) {
        kept.push_back(tensor.detach().to(at::kCPU).contiguous());
        const at::Tensor &plain = kept.back();
        toWrite.push_back({name, dtypeOf(plain.scalar_type()), plain.sizes().vec(),
                           {static_cast<const std::byte *>(plain.const_data_ptr()), plain.nbytes()}});
    }
    return writeTensors(path, toWrite, metadata);
}

} // namespace auroraedge::engine
