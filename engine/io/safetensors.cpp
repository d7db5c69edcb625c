#include "engine/io/safetensors.h"

#include "engine/io/json_document.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

namespace auroraedge::engine {

namespace {

constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;
constexpr std::size_t kMaxTensors = 100'000;

constexpr std::pair<std::string_view, Dtype> kDtypes[] = {
    {"F32", Dtype::F32}, {"F16", Dtype::F16}, {"BF16", Dtype::BF16}, {"F64", Dtype::F64}, {"I64", Dtype::I64},
    {"I32", Dtype::I32}, {"I16", Dtype::I16}, {"I8", Dtype::I8},     {"U8", Dtype::U8},   {"BOOL", Dtype::Bool}};

std::optional<Dtype> dtypeNamed(std::string_view name)
{
    for (const auto &[text, dtype] : kDtypes)
        if (text == name)
            return dtype;
    return std::nullopt;
}

struct Placed
{
    std::uint64_t begin = 0, end = 0;
    std::string name;
};

/// One entry of the header; @p dataBytes is the length of everything behind the header.
Result<std::pair<MappedTensor, Placed>> readEntry(const std::string &name, const nlohmann::json &entry,
                                                  std::span<const std::byte> data)
{
    if (!entry.is_object() || !entry.contains("dtype") || !entry.contains("shape") || !entry.contains("data_offsets"))
        return failure(code::ModelHeaderJson, "tensor '" + name + "' lacks dtype, shape or data_offsets", name);
    const nlohmann::json &dtypeText = entry["dtype"], &shape = entry["shape"], &offsets = entry["data_offsets"];
    if (!dtypeText.is_string())
        return failure(code::ModelHeaderJson, "dtype of '" + name + "' is not a text", name);
    const std::optional<Dtype> dtype = dtypeNamed(dtypeText.get_ref<const std::string &>());
    if (!dtype)
        return failure(code::ModelDtype, "dtype " + dtypeText.get<std::string>() + " of '" + name + "' is not supported", name);

    MappedTensor tensor;
    tensor.dtype = *dtype;
    const Failure impossible = failure(code::ModelShape, "'" + name + "' has an impossible shape", name);
    if (!shape.is_array())
        return impossible;
    std::uint64_t bytes = bytesOf(*dtype);
    for (const nlohmann::json &size : shape) {
        if (!size.is_number_integer() || (!size.is_number_unsigned() && size.get<std::int64_t>() < 0))
            return impossible;
        const auto value = size.get<std::uint64_t>();
        if (value > static_cast<std::uint64_t>(INT64_MAX) || __builtin_mul_overflow(bytes, value, &bytes))
            return impossible;
        tensor.shape.push_back(static_cast<std::int64_t>(value));
    }
    const bool hasOffsets = offsets.is_array() && offsets.size() == 2 && offsets[0].is_number_unsigned() && offsets[1].is_number_unsigned();
    if (!hasOffsets)
        return failure(code::ModelTensorOutside, "tensor '" + name + "' lies outside the file", name);
    const auto begin = offsets[0].get<std::uint64_t>(), end = offsets[1].get<std::uint64_t>();
    if (begin > end || end > data.size())
        return failure(code::ModelTensorOutside, "tensor '" + name + "' lies outside the file", name);
    if (end - begin != bytes)
        return failure(code::ModelTensorBytes, "'" + name + "' needs " + std::to_string(bytes) + " bytes, has " + std::to_string(end - begin), name);
    tensor.bytes = data.subspan(begin, end - begin);
    return std::pair{std::move(tensor), Placed{begin, end, name}};
}

Result<void> checkContiguous(std::vector<Placed> placed, std::uint64_t dataBytes)
{
    std::sort(placed.begin(), placed.end(), [](const Placed &a, const Placed &b) {
        return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
    });
    std::uint64_t reached = 0;
    const std::string *before = nullptr;
    for (const Placed &tensor : placed) {
        if (tensor.begin < reached)
            return failure(code::ModelTensorOverlap, "tensors '" + *before + "' and '" + tensor.name + "' overlap", tensor.name);
        if (tensor.begin > reached)
            return failure(code::ModelHole, std::to_string(tensor.begin - reached) + " unused bytes at " + std::to_string(reached));
        reached = tensor.end;
        before = &tensor.name;
    }
    if (reached != dataBytes)
        return failure(code::ModelHole, std::to_string(dataBytes - reached) + " unused bytes at " + std::to_string(reached));
    return {};
}

} // namespace

std::size_t bytesOf(Dtype dtype)
{
    switch (dtype) {
    case Dtype::F64:
    case Dtype::I64: return 8;
    case Dtype::F32:
    case Dtype::I32: return 4;
    case Dtype::F16:
    case Dtype::BF16:
    case Dtype::I16: return 2;
    case Dtype::I8:
    case Dtype::U8:
    case Dtype::Bool: return 1;
    }
    return 1;
}

std::string_view dtypeName(Dtype dtype)
{
    for (const auto &[text, value] : kDtypes)
        if (value == dtype)
            return text;
    return "";
}

Result<SafetensorsFile> parseSafetensors(std::span<const std::byte> file, const std::string &name)
{
    if (file.size() < 8)
        return failure(code::ModelFileShort, name + " is too short (" + std::to_string(file.size()) + " bytes)", name);
    std::uint64_t headerBytes = 0;
    std::memcpy(&headerBytes, file.data(), 8); // little-endian, as every machine this runs on
    if (headerBytes == 0 || headerBytes > kMaxHeaderBytes || headerBytes > file.size() - 8)
        return failure(code::ModelHeaderLength, name + ": header length " + std::to_string(headerBytes) + " is impossible", name);
    const std::string_view header(reinterpret_cast<const char *>(file.data()) + 8, headerBytes);
    if (header.front() != '{')
        return failure(code::ModelHeaderJson, name + ": header is not valid JSON at byte 0", name);

    JsonLimits limits;
    limits.maxBytes = kMaxHeaderBytes;
    limits.maxDepth = 4;
    limits.duplicateKey = code::ModelTensorTwice;
    const Result<nlohmann::json> parsed = parseJson(header, code::ModelHeaderJson, name + ": header", limits);
    if (!parsed)
        return failure(parsed.error());
    if (parsed->size() > kMaxTensors)
        return failure(code::ModelTooManyTensors, name + " has more than " + std::to_string(kMaxTensors) + " tensors", name);

    const std::span<const std::byte> data = file.subspan(8 + headerBytes);
    SafetensorsFile result;
    std::vector<Placed> placed;
    for (const auto &[tensorName, entry] : parsed->items()) {
        if (tensorName == "__metadata__") {
            if (!entry.is_object())
                return failure(code::ModelHeaderJson, name + ": __metadata__ is not an object", name);
            for (const auto &[key, value] : entry.items())
                if (value.is_string())
                    result.metadata[key] = value.get<std::string>();
            continue;
        }
        auto read = readEntry(tensorName, entry, data);
        if (!read)
            return failure(read.error());
        placed.push_back(std::move(read->second));
        result.tensors.emplace(tensorName, std::move(read->first));
    }
    if (const Result<void> checked = checkContiguous(std::move(placed), data.size()); !checked)
        return failure(withContext(checked.error(), name));
    return result;
}

} // namespace auroraedge::engine
