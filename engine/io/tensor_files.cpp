#include "engine/io/tensor_files.h"

#include "engine/io/durable_file.h"
#include "engine/io/safetensors.h"
#include "engine/io/untrusted_text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace auroraedge::engine {

namespace {

constexpr std::size_t kMaxShards = 1000; // not many more can be mapped at a time

/// Weight files of other programs: refused by name, because they can run code or hold another format.
bool isForbiddenFormat(const std::filesystem::path &path)
{
    static constexpr std::string_view kForbidden[]{".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".ts", ".torchscript",
                                                   ".gguf", ".ggml", ".onnx", ".h5", ".msgpack", ".npz", ".tflite"};
    return std::find(std::begin(kForbidden), std::end(kForbidden), path.extension().string()) != std::end(kForbidden);
}

Failure forbiddenFormat(const std::filesystem::path &path)
{
    return failure(code::ModelFormat, path.filename().string() + ": this format can run code or is not supported; use safetensors", path.string());
}

/// What a path stands for.
struct WeightFiles
{
    std::vector<std::filesystem::path> files;
    std::map<std::string, std::string> shardOf; ///< by tensor; empty without an index
};

Result<WeightFiles> shardsOf(const std::filesystem::path &folder, const std::filesystem::path &indexFile)
{
    const auto mapped = MappedFile::open(indexFile);
    if (!mapped)
        return failure(mapped.error());
    Result<std::map<std::string, std::string>> shardOf = parseShardIndex((*mapped)->text(), indexFile.filename().string());
    if (!shardOf)
        return failure(shardOf.error());
    std::set<std::string_view> names;
    for (const auto &[tensor, shard] : *shardOf)
        names.insert(shard);
    if (names.size() > kMaxShards)
        return failure(code::ModelShards, indexFile.filename().string() + " names more than " + std::to_string(kMaxShards) + " shards", indexFile.string());
    WeightFiles found;
    for (const std::string_view name : names)
        found.files.push_back(folder / name);
    found.shardOf = std::move(*shardOf);
    return found;
}

Result<WeightFiles> weightFilesOf(const std::filesystem::path &path)
{
    std::error_code error;
    if (!std::filesystem::is_directory(path, error)) {
        if (isForbiddenFormat(path))
            return forbiddenFormat(path);
        return WeightFiles{{path}, {}};
    }
    if (const auto single = path / "model.safetensors"; std::filesystem::exists(single, error))
        return WeightFiles{{single}, {}};
    if (const auto index = path / "model.safetensors.index.json"; std::filesystem::exists(index, error))
        return shardsOf(path, index);
    for (std::filesystem::directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error)) {
        if (isForbiddenFormat(entry->path()))
            return forbiddenFormat(entry->path());
    }
    return failure(code::ModelFolder, path.string() + " has no model.safetensors", path.string());
}

} // namespace

std::size_t bytesOf(Dtype dtype, std::span<const std::int64_t> shape)
{
    std::size_t bytes = bytesOf(dtype);
    for (const std::int64_t size : shape)
        bytes *= static_cast<std::size_t>(size);
    return bytes;
}

const MappedTensor *TensorFiles::find(const std::string &name) const
{
    const auto found = m_tensors.find(name);
    return found == m_tensors.end() ? nullptr : &found->second;
}

std::int64_t TensorFiles::totalBytes() const
{
    std::int64_t bytes = 0;
    for (const auto &[name, tensor] : m_tensors)
        bytes += static_cast<std::int64_t>(tensor.bytes.size());
    return bytes;
}

Result<TensorFiles> TensorFiles::open(const std::filesystem::path &path)
{
    const Result<WeightFiles> found = weightFilesOf(path);
    if (!found)
        return failure(found.error());
    const bool isSharded = !found->shardOf.empty();
    TensorFiles result;
    auto mapping = std::make_shared<MappedFiles>();
    for (const std::filesystem::path &file : found->files) {
        Result<std::shared_ptr<const MappedFile>> mapped = MappedFile::open(file);
        if (!mapped) {
            if (isSharded && mapped.error().code == code::FileNotFound)
                return failure(code::ModelShards, "shard " + shown(file.filename().string()) + " is missing", file.string());
            return failure(mapped.error());
        }
        Result<SafetensorsFile> parsed = parseSafetensors((*mapped)->bytes(), file.filename().string());
        if (!parsed)
            return failure(parsed.error());
        mapping->push_back(std::move(*mapped));
        if (result.m_metadata.empty())
            result.m_metadata = std::move(parsed->metadata);
        for (const auto &[name, tensor] : parsed->tensors) {
            if (result.m_tensors.contains(name))
                return failure(code::ModelShards, "tensor " + shown(name) + " is in two shards", name);
            const auto owner = found->shardOf.find(name);
            if (owner != found->shardOf.end() && owner->second != file.filename().string())
                return failure(code::ModelShards, "tensor " + shown(name) + " is not in the shard that the index names", name);
        }
        result.m_tensors.merge(parsed->tensors); // moved, not copied: each name is in memory once
        if (result.m_tensors.size() > kMaxTensors)
            return failure(code::ModelTooManyTensors, path.filename().string() + " has more than " + std::to_string(kMaxTensors) + " tensors", path.string());
    }
    for (const auto &[name, shard] : found->shardOf) {
        if (!result.m_tensors.contains(name))
            return failure(code::ModelShards, "shard " + shown(shard) + " lacks tensor " + shown(name), name);
    }
    result.m_mapping = std::move(mapping);
    return result;
}

Result<std::string> safetensorsHeader(std::vector<TensorToWrite> &tensors, const std::map<std::string, std::string> &metadata)
{
    // Wide types first keeps every tensor aligned to its own size; names second makes the file reproducible.
    std::sort(tensors.begin(), tensors.end(), [](const TensorToWrite &a, const TensorToWrite &b) {
        return bytesOf(a.dtype) != bytesOf(b.dtype) ? bytesOf(a.dtype) > bytesOf(b.dtype) : a.name < b.name;
    });
    nlohmann::ordered_json header = nlohmann::ordered_json::object();
    if (!metadata.empty())
        header["__metadata__"] = metadata;
    std::size_t offset = 0;
    std::set<std::string_view> names{"__metadata__"};
    for (const TensorToWrite &tensor : tensors) {
        if (!names.insert(tensor.name).second)
            return failure(code::Internal, "tensor " + shown(tensor.name) + " cannot be written twice", tensor.name);
        const std::size_t end = offset + bytesOf(tensor.dtype, tensor.shape);
        // push_back: this object type looks names up one by one
        header.get_ref<nlohmann::ordered_json::object_t &>().push_back(
            {tensor.name, {{"dtype", dtypeName(tensor.dtype)}, {"shape", tensor.shape}, {"data_offsets", {offset, end}}}});
        offset = end;
    }
    std::string text = header.dump();
    text.append((8 - text.size() % 8) % 8, ' ');
    const std::uint64_t length = text.size(); // little-endian, as every machine this runs on
    text.insert(0, reinterpret_cast<const char *>(&length), sizeof length);
    return text;
}

Result<void> writeTensors(const std::filesystem::path &path, std::span<const TensorToWrite> tensors,
                          const std::map<std::string, std::string> &metadata)
{
    std::vector<TensorToWrite> sorted(tensors.begin(), tensors.end());
    const Result<std::string> header = safetensorsHeader(sorted, metadata);
    if (!header)
        return failure(header.error());
    std::vector<std::span<const std::byte>> parts{std::as_bytes(std::span(*header))};
    for (const TensorToWrite &tensor : sorted) {
        if (tensor.bytes.size() != bytesOf(tensor.dtype, tensor.shape))
            return failure(code::Internal, "tensor " + shown(tensor.name) + " cannot be written: its shape and bytes differ", tensor.name);
        parts.push_back(tensor.bytes);
    }
    return writeDurably(path, parts);
}

} // namespace auroraedge::engine
