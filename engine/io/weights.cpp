#include "engine/io/weights.h"

#include "engine/io/untrusted_text.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/sum.h>

#include <algorithm>
#include <cstring>

namespace auroraedge::engine {

namespace {

std::string shapeText(const Shape &shape)
{
    std::string text = "[";
    for (std::size_t i = 0; i < shape.size(); ++i)
        text += (i ? "," : "") + std::to_string(shape[i]);
    return text + "]";
}

constexpr std::size_t kShownInError = 2000; // every name of a real model; the limit is for a hostile file
constexpr std::size_t kShownInWarning = 20;

/// @p names in one line.
std::string listText(const std::vector<std::string> &names, std::size_t limit = kShownInError)
{
    std::string text;
    for (std::size_t i = 0; i < std::min(names.size(), limit); ++i)
        text += (i ? ", " : "") + names[i];
    if (names.size() > limit)
        text += " (and " + std::to_string(names.size() - limit) + " more)";
    return text;
}

/// Values whose exponent bits are all set: NaN and infinities. One pass over the bits at the speed of memory; a sum of bf16
/// would first make a copy in fp32.
template <typename Bits>
std::int64_t exponentsFull(const at::Tensor &tensor, Bits exponent)
{
    constexpr std::size_t kBlock = 4096;
    const auto isFull = [exponent](Bits value) { return (value & exponent) == exponent; };
    std::int64_t count = 0;
    std::span<const Bits> left(static_cast<const Bits *>(tensor.const_data_ptr()), static_cast<std::size_t>(tensor.numel()));
    while (!left.empty()) {
        const std::span<const Bits> block = left.first(std::min(left.size(), kBlock));
        left = left.subspan(block.size());
        Bits isAnyFull = 0; // as narrow as the values: the compiler then takes a register full at once
        for (const Bits value : block)
            isAnyFull |= static_cast<Bits>(isFull(value));
        if (isAnyFull != 0)
            count += std::count_if(block.begin(), block.end(), isFull);
    }
    return count;
}

/// Whether every value is the same: the bytes are those of one place further. Ends at the first that is not.
bool isConstant(const MappedTensor &tensor)
{
    const std::size_t step = bytesOf(tensor.dtype), size = tensor.bytes.size();
    return size > step && std::memcmp(tensor.bytes.data(), tensor.bytes.data() + step, size - step) == 0;
}

} // namespace

std::int64_t notFiniteCount(const at::Tensor &tensor)
{
    const bool isPlain = tensor.is_cpu() && tensor.is_contiguous();
    if (isPlain && tensor.scalar_type() == at::kFloat)
        return exponentsFull<std::uint32_t>(tensor, 0x7F800000);
    if (isPlain && tensor.scalar_type() == at::kBFloat16)
        return exponentsFull<std::uint16_t>(tensor, 0x7F80);
    if (isPlain && tensor.scalar_type() == at::kHalf)
        return exponentsFull<std::uint16_t>(tensor, 0x7C00);
    return at::isfinite(tensor).logical_not().sum().item<std::int64_t>();
}

bool TensorComplaints::check(const std::string &name, const MappedTensor *found, const Shape &wanted)
{
    if (!found)
        m_missing.push_back(name);
    else if (found->shape != wanted)
        m_misshapen.push_back("'" + name + "' is " + shapeText(found->shape) + ", model needs " + shapeText(wanted));
    else if (!at::isFloatingType(scalarTypeOf(found->dtype)))
        m_mistyped.push_back("'" + name + "' is " + std::string(dtypeName(found->dtype)) + ", model needs F32, F16 or BF16");
    else
        return true;
    return false;
}

Error TensorComplaints::error(const std::vector<std::string> &surplus) const
{
    std::string message;
    const auto add = [&](const char *title, const std::vector<std::string> &names) {
        if (!names.empty())
            message += (message.empty() ? "" : "; ") + std::string(title) + listText(names);
    };
    add("missing: ", m_missing);
    add("wrong shape: ", m_misshapen);
    add("wrong type: ", m_mistyped);
    add("not needed: ", surplus);
    return {m_missing.empty() ? code::ModelTensorShape : code::ModelTensorMissing, message, {}};
}

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
    if (!m_complaints.check(name, found, shape))
        return at::empty(Shape(shape.size(), 0));
    if (shape.size() > 1 && isConstant(*found)) // a bias or a norm may be
        m_constant.push_back("'" + name + "'");
    at::Tensor tensor = viewOf(*found, m_files.mapping()).to(m_device, m_dtype);
    if (const std::int64_t count = notFiniteCount(tensor); count > 0)
        m_notFinite.push_back(std::to_string(count) + " values are not finite in '" + name + "'");
    m_bytesTaken += static_cast<std::int64_t>(found->bytes.size());
    if (m_onTaken)
        m_onTaken(static_cast<double>(m_bytesTaken) / static_cast<double>(m_bytesInAll));
    return tensor;
}

std::string prefixAmong(const TensorFiles &files, std::span<const std::string_view> prefixes)
{
    for (const std::string_view prefix : prefixes) {
        const auto &tensors = files.tensors();
        const auto found = tensors.lower_bound(std::string(prefix)); // names are sorted
        if (found != tensors.end() && found->first.starts_with(prefix))
            return std::string(prefix);
    }
    return std::string(prefixes.back());
}

std::vector<std::string> surplusOf(const TensorFiles &files, const std::set<std::string> &taken, std::span<const std::string_view> ignoredPrefixes)
{
    std::vector<std::string> surplus;
    for (const auto &[name, tensor] : files.tensors()) {
        const bool isIgnored = std::any_of(ignoredPrefixes.begin(), ignoredPrefixes.end(),
                                           [&](std::string_view prefix) { return name.starts_with(prefix); });
        if (!taken.contains(name) && !isIgnored)
            surplus.push_back(name);
    }
    return surplus;
}

bool WeightFiles::areBf16() const
{
    return std::all_of(m_files.tensors().begin(), m_files.tensors().end(), [](const auto &entry) { return entry.second.dtype == Dtype::BF16; });
}

Result<std::vector<std::string>> WeightFiles::finish(std::span<const std::string_view> ignoredPrefixes, bool isStrict) const
{
    std::vector<std::string> surplus = surplusOf(m_files, m_taken, ignoredPrefixes);
    if (!m_complaints.isEmpty())
        return failure(m_complaints.error(surplus));
    if (!m_notFinite.empty())
        return failure(code::ModelNotFinite, listText(m_notFinite));
    std::vector<std::string> warnings;
    std::transform(surplus.begin(), surplus.end(), surplus.begin(), shown);
    if (!surplus.empty()) {
        const std::string sentence = std::to_string(surplus.size()) + " tensors of the file are not used: " + listText(surplus, kShownInWarning);
        if (isStrict)
            return failure(code::ModelTensorSurplus, sentence);
        warnings.push_back(sentence);
    }
    if (!m_constant.empty())
        warnings.push_back(std::string(code::ModelConstant.text()) + ": every value is the same in " + listText(m_constant, kShownInWarning));
    return warnings;
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
