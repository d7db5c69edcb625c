#include "engine/io/safetensors.h"

#include "engine/io/json_document.h"
#include "engine/io/untrusted_text.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>

namespace auroraedge::engine {

namespace {

constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;
constexpr std::size_t kMaxDimensions = 64; // as in LibTorch

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
    const std::string *name = nullptr;
};

/// "1.2 GB", for people.
std::string sizeText(std::uint64_t bytes)
{
    constexpr std::pair<double, const char *> kUnits[] = {{1e9, "GB"}, {1e6, "MB"}, {1e3, "kB"}};
    char text[32];
    for (const auto &[unit, name] : kUnits) {
        if (static_cast<double>(bytes) >= unit) {
            std::snprintf(text, sizeof text, "%.1f %s", static_cast<double>(bytes) / unit, name);
            return text;
        }
    }
    return std::to_string(bytes) + " bytes";
}

/// A whole number that is not negative and fits 63 bits.
std::optional<std::uint64_t> countOf(const nlohmann::json &value)
{
    if (!value.is_number_unsigned()) // negative, fractional, and 2^64 and above are of other kinds
        return std::nullopt;
    const auto count = value.get<std::uint64_t>();
    return count <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) ? std::optional(count) : std::nullopt;
}

/// Bytes of a tensor; nothing when the product of its dimensions overflows. Zeros count last, so that strides made of
/// the other dimensions cannot overflow either.
std::optional<std::uint64_t> tensorBytes(Dtype dtype, const std::vector<std::int64_t> &shape)
{
    std::uint64_t bytes = bytesOf(dtype);
    bool isEmpty = false;
    for (const std::int64_t size : shape) {
        isEmpty = isEmpty || size == 0;
        if (size != 0 && __builtin_mul_overflow(bytes, static_cast<std::uint64_t>(size), &bytes))
            return std::nullopt;
    }
    if (bytes > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        return std::nullopt;
    return isEmpty ? 0 : bytes;
}

struct Entry
{
    Dtype dtype = Dtype::F32;
    std::vector<std::int64_t> shape;
    std::uint64_t begin = 0, end = 0;
};

/// The second of `data_offsets`, or nothing.
std::optional<std::uint64_t> endOf(const nlohmann::json &entry)
{
    const auto offsets = entry.find("data_offsets");
    return entry.is_object() && offsets != entry.end() && offsets->is_array() && offsets->size() == 2 ? countOf((*offsets)[1]) : std::nullopt;
}

/// @param dataBytes what follows the header.
Result<Entry> readEntry(const std::string &name, const nlohmann::json &entry, std::uint64_t dataBytes)
{
    const auto member = [&entry](const char *key) {
        const auto found = entry.find(key);
        return found == entry.end() ? nullptr : &*found;
    };
    const nlohmann::json *dtypeText = member("dtype"), *shape = member("shape"), *offsets = member("data_offsets");
    if (!entry.is_object() || !dtypeText || !shape || !offsets || !dtypeText->is_string())
        return failure(code::ModelHeaderJson, "tensor " + shown(name) + " lacks dtype, shape or data_offsets", name);

    const auto &dtypeName = dtypeText->get_ref<const std::string &>();
    const std::optional<Dtype> dtype = dtypeNamed(dtypeName);
    if (!dtype)
        return failure(code::ModelDtype, "dtype " + shown(dtypeName) + " of " + shown(name) + " is not supported", name);

    Entry read;
    read.dtype = *dtype;
    const Failure impossible = failure(code::ModelShape, shown(name) + " has an impossible shape", name);
    if (!shape->is_array() || shape->size() > kMaxDimensions)
        return impossible;
    for (const nlohmann::json &size : *shape) {
        const std::optional<std::uint64_t> count = countOf(size);
        if (!count)
            return impossible;
        read.shape.push_back(static_cast<std::int64_t>(*count));
    }
    const std::optional<std::uint64_t> bytes = tensorBytes(read.dtype, read.shape);
    if (!bytes)
        return impossible;

    const std::optional<std::uint64_t> end = endOf(entry);
    const std::optional<std::uint64_t> begin = end ? countOf((*offsets)[0]) : std::nullopt;
    if (!begin || *begin > *end || *end > dataBytes)
        return failure(code::ModelTensorOutside, "tensor " + shown(name) + " lies outside the file", name);
    read.begin = *begin;
    read.end = *end;
    if (read.end - read.begin != *bytes)
        return failure(code::ModelTensorBytes, shown(name) + " needs " + std::to_string(*bytes) + " bytes, has " + std::to_string(read.end - read.begin), name);
    return read;
}

/// @param dataStart where the data begins in the file, for messages.
Result<void> checkContiguous(std::vector<Placed> placed, std::uint64_t dataStart, std::uint64_t dataBytes)
{
    std::sort(placed.begin(), placed.end(), [](const Placed &a, const Placed &b) {
        return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
    });
    const auto hole = [&](std::uint64_t from, std::uint64_t to) {
        return failure(code::ModelHole, std::to_string(to - from) + " unused bytes at " + std::to_string(dataStart + from));
    };
    std::uint64_t reached = 0;
    const std::string *before = nullptr;
    for (const Placed &tensor : placed) {
        if (tensor.begin < reached)
            return failure(code::ModelTensorOverlap, "tensors " + shown(*before) + " and " + shown(*tensor.name) + " overlap", *tensor.name);
        if (tensor.begin > reached)
            return hole(reached, tensor.begin);
        reached = tensor.end;
        before = tensor.name;
    }
    if (reached < dataBytes)
        return hole(reached, dataBytes);
    return {};
}

bool startsWith(std::span<const std::byte> file, std::string_view magic)
{
    return file.size() >= magic.size() && std::memcmp(file.data(), magic.data(), magic.size()) == 0;
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
    if (startsWith(file, "GGUF") || startsWith(file, "PK\x03\x04")) // read as a length, both are far above the limit
        return failure(code::ModelFormat, name + ": this format can run code or is not supported; use safetensors", name);
    if (file.size() < 8)
        return failure(code::ModelFileShort, name + ": file too short (" + std::to_string(file.size()) + " bytes)", name);
    std::uint64_t headerBytes = 0;
    std::memcpy(&headerBytes, file.data(), 8); // little-endian, as every machine this runs on
    if (headerBytes == 0 || headerBytes > kMaxHeaderBytes || headerBytes > file.size() - 8)
        return failure(code::ModelHeaderLength, name + ": header length " + std::to_string(headerBytes) + " is impossible", name);
    const std::string_view header(reinterpret_cast<const char *>(file.data()) + 8, headerBytes);
    if (header.front() != '{') // the format allows no space here, so that no other format hides in front
        return failure(code::ModelHeaderJson, name + ": header is not valid JSON at byte 1", name);

    JsonLimits limits;
    limits.maxBytes = kMaxHeaderBytes;
    limits.maxDepth = 4;
    limits.maxNames = kMaxTensors + 1; // and __metadata__
    limits.tooManyNames = code::ModelTooManyTensors;
    limits.duplicateKey = code::ModelTensorTwice;
    const Result<nlohmann::json> parsed = parseJson(header, code::ModelHeaderJson, name + ": header", limits);
    if (!parsed)
        return failure(parsed.error());

    const std::uint64_t dataStart = 8 + headerBytes;
    const std::span<const std::byte> data = file.subspan(dataStart);
    SafetensorsFile result;
    std::uint64_t claimedBytes = 0;
    for (const nlohmann::json &entry : *parsed)
        claimedBytes = std::max(claimedBytes, endOf(entry).value_or(0));
    std::vector<std::pair<std::string, Entry>> entries;
    for (const auto &[tensorName, entry] : parsed->items()) {
        if (tensorName == "__metadata__") {
            const auto isText = [](const nlohmann::json &value) { return value.is_string(); };
            if (!entry.is_object() || !std::all_of(entry.begin(), entry.end(), isText))
                return failure(code::ModelHeaderJson, name + ": __metadata__ holds more than texts", name);
            result.metadata = entry.get<std::map<std::string, std::string>>();
            continue;
        }
        Result<Entry> read = readEntry(tensorName, entry, data.size());
        if (!read && claimedBytes > data.size() && read.error().code == code::ModelTensorOutside)
            return failure(code::ModelTensorOutside, name + " is cut: the file is " + sizeText(file.size()) + " of " + sizeText(dataStart + claimedBytes)
                               + "; tensor " + shown(tensorName) + " lies outside the file", tensorName);
        if (!read)
            return failure(withContext(read.error(), name));
        entries.emplace_back(tensorName, std::move(*read));
    }
    if (entries.size() > kMaxTensors)
        return failure(code::ModelTooManyTensors, name + " has more than " + std::to_string(kMaxTensors) + " tensors", name);
    std::vector<Placed> placed;
    placed.reserve(entries.size());
    for (const auto &[tensorName, entry] : entries)
        placed.push_back({entry.begin, entry.end, &tensorName});
    if (const Result<void> checked = checkContiguous(std::move(placed), dataStart, data.size()); !checked)
        return failure(withContext(checked.error(), name));
    for (auto &[tensorName, entry] : entries) // in order of name, as the document is
        result.tensors.emplace_hint(result.tensors.end(), std::move(tensorName),
                                    MappedTensor{entry.dtype, std::move(entry.shape), data.subspan(entry.begin, entry.end - entry.begin)});
    return result;
}

Result<std::map<std::string, std::string>> parseShardIndex(std::string_view text, const std::string &name)
{
    JsonLimits limits;
    limits.maxBytes = std::size_t{64} << 20;
    limits.duplicateKey = code::ModelShards; // a tensor in two shards
    const Result<nlohmann::json> index = parseJson(text, code::ModelShards, name, limits);
    if (!index)
        return failure(index.error());
    const auto weightMap = index->find("weight_map");
    if (!index->is_object() || weightMap == index->end() || !weightMap->is_object() || weightMap->empty())
        return failure(code::ModelShards, name + " has no weight_map", name);
    if (weightMap->size() > kMaxTensors)
        return failure(code::ModelTooManyTensors, name + " has more than " + std::to_string(kMaxTensors) + " tensors", name);
    std::map<std::string, std::string> shards;
    for (const auto &[tensor, shard] : weightMap->items()) {
        if (!shard.is_string())
            return failure(code::ModelShards, name + ": the shard of " + shown(tensor) + " is not a name", tensor);
        const auto &file = shard.get_ref<const std::string &>();
        const bool isPlain = file.size() <= 255 && file.find_first_of(std::string_view("/\\\0", 3)) == std::string::npos
            && file.ends_with(".safetensors") && !file.starts_with('.');
        if (!isPlain)
            return failure(code::ModelShards, "shard name " + shown(file) + " is not allowed", tensor);
        shards.emplace_hint(shards.end(), tensor, file);
    }
    return shards;
}

} // namespace auroraedge::engine
