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
constexpr std::size_t kMaxDimensions = 16;
constexpr std::size_t kLongestName = 1024;

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

std::optional<std::vector<std::int64_t>> shapeOf(const nlohmann::json &value)
{
    if (!value.is_array() || value.size() > kMaxDimensions)
        return std::nullopt;
    std::vector<std::int64_t> shape;
    shape.reserve(value.size());
    for (const nlohmann::json &size : value) {
        const std::optional<std::uint64_t> count = countOf(size);
        if (!count)
            return std::nullopt;
        shape.push_back(static_cast<std::int64_t>(*count));
    }
    return shape;
}

/// Begin and end of the data.
std::optional<std::pair<std::uint64_t, std::uint64_t>> rangeOf(const nlohmann::json &offsets)
{
    if (!offsets.is_array() || offsets.size() != 2)
        return std::nullopt;
    const std::optional<std::uint64_t> begin = countOf(offsets[0]), end = countOf(offsets[1]);
    return begin && end && *begin <= *end ? std::optional(std::pair(*begin, *end)) : std::nullopt;
}

using Tensors = std::map<std::string, MappedTensor>;

/// Where the data of a tensor lie among those of the file.
struct Placed
{
    std::uint64_t begin = 0, end = 0;
    Tensors::value_type *tensor = nullptr;
};

/// Takes the members of a header as they are read: a header may list 100,000 tensors, and as a document tree each of
/// them takes ten times its bytes in the file.
class HeaderReader final
{
public:
    Result<void> take(const std::string &name, const nlohmann::json &value)
    {
        if (name == "__metadata__")
            return takeMetadata(value);
        if (m_tensors.size() == kMaxTensors)
            return failure(code::ModelTooManyTensors, "more than " + std::to_string(kMaxTensors) + " tensors");
        if (name.size() > kLongestName)
            return failure(code::ModelTooManyTensors, "the name " + shown(name) + " is longer than " + std::to_string(kLongestName) + " bytes");
        return takeTensor(name, value);
    }

    /// What was read, over @p data. @param dataStart where these begin in the file, for messages.
    Result<SafetensorsFile> finished(std::span<const std::byte> data, std::uint64_t dataStart)
    {
        const auto last = std::max_element(m_placed.begin(), m_placed.end(), [](const Placed &a, const Placed &b) { return a.end < b.end; });
        if (last != m_placed.end() && last->end > data.size())
            return failure(code::ModelTensorOutside, "tensor " + shown(last->tensor->first) + " lies outside the file, which is "
                               + sizeText(dataStart + data.size()) + " of " + sizeText(dataStart + last->end), last->tensor->first);
        if (const Result<void> checked = checkContiguous(dataStart, data.size()); !checked)
            return failure(checked.error());
        for (const Placed &placed : m_placed)
            placed.tensor->second.bytes = data.subspan(placed.begin, placed.end - placed.begin);
        return SafetensorsFile{std::move(m_tensors), std::move(m_metadata)};
    }

private:
    Result<void> takeMetadata(const nlohmann::json &value)
    {
        const auto isText = [](const nlohmann::json &text) { return text.is_string(); };
        if (!value.is_object() || !std::all_of(value.begin(), value.end(), isText))
            return failure(code::ModelHeaderJson, "__metadata__ holds more than texts");
        if (std::exchange(m_hasMetadata, true))
            return failure(code::ModelHeaderJson, "__metadata__ is listed twice");
        m_metadata = value.get<std::map<std::string, std::string>>();
        return {};
    }

    Result<void> takeTensor(const std::string &name, const nlohmann::json &entry)
    {
        const auto member = [&entry](const char *key) {
            const auto found = entry.find(key);
            return found == entry.end() ? nullptr : &*found;
        };
        const nlohmann::json *dtypeText = member("dtype"), *shape = member("shape"), *offsets = member("data_offsets");
        if (!entry.is_object() || !dtypeText || !shape || !offsets || !dtypeText->is_string())
            return failure(code::ModelHeaderJson, "tensor " + shown(name) + " lacks dtype, shape or data_offsets", name);
        const auto [place, isNew] = m_tensors.try_emplace(name);
        if (!isNew)
            return failure(code::ModelTensorTwice, "tensor " + shown(name) + " is listed twice", name);
        const auto &dtypeName = dtypeText->get_ref<const std::string &>();
        const std::optional<Dtype> dtype = dtypeNamed(dtypeName);
        if (!dtype)
            return failure(code::ModelDtype, "dtype " + shown(dtypeName) + " of " + shown(name) + " is not supported", name);
        std::optional<std::vector<std::int64_t>> sizes = shapeOf(*shape);
        const std::optional<std::uint64_t> bytes = sizes ? tensorBytes(*dtype, *sizes) : std::nullopt;
        if (!bytes)
            return failure(code::ModelShape, shown(name) + " has an impossible shape", name);
        const auto range = rangeOf(*offsets);
        if (!range)
            return failure(code::ModelTensorOutside, "tensor " + shown(name) + " lies outside the file", name);
        const auto [begin, end] = *range;
        if (end - begin != *bytes)
            return failure(code::ModelTensorBytes, shown(name) + " needs " + std::to_string(*bytes) + " bytes, has " + std::to_string(end - begin), name);
        place->second = {*dtype, *std::move(sizes), {}};
        m_placed.push_back({begin, end, &*place});
        return {};
    }

    Result<void> checkContiguous(std::uint64_t dataStart, std::uint64_t dataBytes)
    {
        std::sort(m_placed.begin(), m_placed.end(), [](const Placed &a, const Placed &b) {
            return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
        });
        const auto hole = [&](std::uint64_t from, std::uint64_t to) {
            return failure(code::ModelHole, std::to_string(to - from) + " unused bytes at " + std::to_string(dataStart + from));
        };
        Placed before;
        for (const Placed &placed : m_placed) {
            if (placed.begin < before.end)
                return failure(code::ModelTensorOverlap, "tensors " + shown(before.tensor->first) + " and " + shown(placed.tensor->first) + " overlap", placed.tensor->first);
            if (placed.begin > before.end)
                return hole(before.end, placed.begin);
            before = placed;
        }
        return before.end < dataBytes ? hole(before.end, dataBytes) : Result<void>();
    }

    Tensors m_tensors;
    std::vector<Placed> m_placed;
    std::map<std::string, std::string> m_metadata;
    bool m_hasMetadata = false;
};

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

    JsonLimits limits;
    limits.maxBytes = kMaxHeaderBytes;
    limits.maxMemory = std::size_t{16} << 20;
    limits.maxDepth = 4;
    HeaderReader reader;
    const auto inFile = [&name](const auto &result) { return withContext(result.error(), name); };
    const Result<void> read = parseJsonMembers(header, code::ModelHeaderJson, name + ": header", limits, [&](const std::string &member, const nlohmann::json &value) {
        const Result<void> taken = reader.take(member, value);
        return taken ? taken : failure(inFile(taken));
    });
    if (!read)
        return failure(read.error());
    const std::uint64_t dataStart = 8 + headerBytes;
    Result<SafetensorsFile> finished = reader.finished(file.subspan(dataStart), dataStart);
    return finished ? std::move(finished) : failure(inFile(finished));
}

Result<std::map<std::string, std::string>> parseShardIndex(std::string_view text, const std::string &name)
{
    JsonLimits limits;
    limits.maxBytes = std::size_t{64} << 20;
    limits.maxMemory = std::size_t{48} << 20;
    Result<nlohmann::json> index = parseJson(text, code::ModelShards, name, limits);
    if (!index)
        return failure(index.error());
    const auto weightMap = index->find("weight_map");
    if (weightMap == index->end() || !weightMap->is_object() || weightMap->empty())
        return failure(code::ModelShards, name + " has no weight_map", name);
    auto &entries = weightMap->get_ref<nlohmann::json::object_t &>();
    if (entries.size() > kMaxTensors)
        return failure(code::ModelTooManyTensors, name + " has more than " + std::to_string(kMaxTensors) + " tensors", name);
    std::map<std::string, std::string> shards;
    while (!entries.empty()) { // moved, not copied: each text is in memory once
        auto entry = entries.extract(entries.begin());
        if (!entry.mapped().is_string())
            return failure(code::ModelShards, name + ": the shard of " + shown(entry.key()) + " is not a name", entry.key());
        auto &file = entry.mapped().get_ref<std::string &>();
        const bool isPlain = file.size() <= 255 && file.find_first_of(std::string_view("/\\\0", 3)) == std::string::npos
            && file.ends_with(".safetensors") && !file.starts_with('.');
        if (!isPlain)
            return failure(code::ModelShards, "shard name " + shown(file) + " is not allowed", entry.key());
        shards.emplace_hint(shards.end(), std::move(entry.key()), std::move(file));
    }
    return shards;
}

} // namespace auroraedge::engine
