#include "engine/io/tensor_files.h"

#include "engine/io/json_document.h"
#include "engine/io/mapped_file.h"
#include "engine/io/safetensors.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <set>

#include <fcntl.h>
#include <unistd.h>

namespace auroraedge::engine {

namespace {

using Mapping = std::vector<std::shared_ptr<const MappedFile>>;

/// Weight files that are refused by name, because they can run code or hold another format.
bool isForbiddenFormat(const std::filesystem::path &path)
{
    static constexpr std::array<std::string_view, 7> kForbidden{".bin", ".pt", ".pth", ".pkl", ".gguf", ".ckpt", ".ts"};
    return std::find(kForbidden.begin(), kForbidden.end(), path.extension().string()) != kForbidden.end();
}

bool isPlainName(const std::string &name)
{
    return !name.empty() && name.size() <= 255 && name != "." && name != ".." && name.find('/') == std::string::npos
        && name.find('\\') == std::string::npos && name.find('\0') == std::string::npos;
}

/// File names of an index, each tensor's file by tensor name.
Result<std::map<std::string, std::string>> readIndex(const std::filesystem::path &path)
{
    JsonLimits limits;
    limits.maxBytes = std::size_t{64} << 20;
    limits.duplicateKey = code::ModelShards;
    const Result<nlohmann::json> index = readJsonFile(path, code::ModelShards, limits);
    if (!index)
        return failure(index.error());
    const auto weightMap = index->find("weight_map");
    if (!index->is_object() || weightMap == index->end() || !weightMap->is_object() || weightMap->empty())
        return failure(code::ModelShards, path.filename().string() + " has no weight_map", path.string());
    std::map<std::string, std::string> files;
    for (const auto &[tensor, file] : weightMap->items()) {
        if (!file.is_string() || !isPlainName(file.get<std::string>()) || !file.get<std::string>().ends_with(".safetensors"))
            return failure(code::ModelShards, "shard name " + file.dump(-1, ' ', true) + " is not allowed", path.string());
        files[tensor] = file.get<std::string>();
    }
    return files;
}

} // namespace

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
    std::error_code ignored;
    std::vector<std::filesystem::path> files;
    std::map<std::string, std::string> expected; // tensor -> shard
    if (!std::filesystem::is_directory(path, ignored)) {
        if (isForbiddenFormat(path))
            return failure(code::ModelFormat, path.filename().string() + ": this format can run code or is not supported; use safetensors", path.string());
        files = {path};
    } else if (std::filesystem::exists(path / "model.safetensors", ignored)) {
        files = {path / "model.safetensors"};
    } else if (std::filesystem::exists(path / "model.safetensors.index.json", ignored)) {
        Result<std::map<std::string, std::string>> index = readIndex(path / "model.safetensors.index.json");
        if (!index)
            return failure(index.error());
        expected = std::move(*index);
        std::set<std::string> names;
        for (const auto &[tensor, file] : expected)
            names.insert(file);
        for (const std::string &name : names) {
            if (!std::filesystem::is_regular_file(std::filesystem::symlink_status(path / name, ignored)) && !std::filesystem::is_symlink(path / name, ignored))
                return failure(code::ModelShards, "shard '" + name + "' is missing", path.string());
            files.push_back(path / name);
        }
    } else {
        for (const auto &entry : std::filesystem::directory_iterator(path, ignored))
            if (isForbiddenFormat(entry.path()))
                return failure(code::ModelFormat, entry.path().filename().string() + ": this format can run code or is not supported; use safetensors", path.string());
        return failure(code::ModelFolder, path.string() + " has no model.safetensors", path.string());
    }

    TensorFiles result;
    auto mapping = std::make_shared<Mapping>();
    for (const std::filesystem::path &file : files) {
        Result<std::shared_ptr<const MappedFile>> mapped = MappedFile::open(file);
        if (!mapped)
            return failure(mapped.error());
        Result<SafetensorsFile> parsed = parseSafetensors((*mapped)->bytes(), file.filename().string());
        if (!parsed)
            return failure(parsed.error());
        mapping->push_back(std::move(*mapped));
        if (result.m_metadata.empty())
            result.m_metadata = std::move(parsed->metadata);
        for (auto &[name, tensor] : parsed->tensors) {
            const auto owner = expected.find(name);
            if (!expected.empty() && owner != expected.end() && owner->second != file.filename().string())
                continue; // another shard is the one the index names
            if (!result.m_tensors.emplace(name, std::move(tensor)).second)
                return failure(code::ModelShards, "tensor '" + name + "' is in two shards", name);
        }
    }
    for (const auto &[name, file] : expected)
        if (!result.m_tensors.contains(name))
            return failure(code::ModelShards, "shard '" + file + "' lacks tensor '" + name + "'", name);
    result.m_mapping = std::move(mapping);
    return result;
}

Result<void> writeTensors(const std::filesystem::path &path, std::span<const TensorToWrite> tensors,
                          const std::map<std::string, std::string> &metadata)
{
    std::vector<const TensorToWrite *> sorted;
    for (const TensorToWrite &tensor : tensors)
        sorted.push_back(&tensor);
    // Wide types first keeps every tensor aligned to its own size; names second makes the file reproducible.
    std::sort(sorted.begin(), sorted.end(), [](const TensorToWrite *a, const TensorToWrite *b) {
        return bytesOf(a->dtype) != bytesOf(b->dtype) ? bytesOf(a->dtype) > bytesOf(b->dtype) : a->name < b->name;
    });
    nlohmann::ordered_json header = nlohmann::ordered_json::object();
    if (!metadata.empty())
        header["__metadata__"] = metadata;
    std::size_t offset = 0;
    for (const TensorToWrite *tensor : sorted) {
        header[tensor->name] = {{"dtype", dtypeName(tensor->dtype)}, {"shape", tensor->shape}, {"data_offsets", {offset, offset + tensor->bytes.size()}}};
        offset += tensor->bytes.size();
    }
    std::string text = header.dump();
    text.append((8 - text.size() % 8) % 8, ' ');

    std::filesystem::path temporary = path;
    temporary += ".partial";
    const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (descriptor < 0)
        return failure(code::FolderNotWritable, "cannot write to " + path.parent_path().string() + ": " + std::strerror(errno), path.string());
    int fault = 0;
    const auto writeAll = [&](const void *data, std::size_t size) {
        const auto *at = static_cast<const std::byte *>(data);
        while (fault == 0 && size > 0) {
            const ssize_t written = ::write(descriptor, at, size);
            if (written < 0 && errno == EINTR)
                continue;
            if (written <= 0) {
                fault = written < 0 ? errno : EIO;
                break;
            }
            at += written;
            size -= static_cast<std::size_t>(written);
        }
    };
    const std::uint64_t length = text.size();
    writeAll(&length, 8);
    writeAll(text.data(), text.size());
    for (const TensorToWrite *tensor : sorted)
        writeAll(tensor->bytes.data(), tensor->bytes.size());
    if (fault == 0 && ::fsync(descriptor) != 0)
        fault = errno;
    if (::close(descriptor) != 0 && fault == 0)
        fault = errno;
    if (fault == 0 && ::rename(temporary.c_str(), path.c_str()) != 0)
        fault = errno;
    if (fault == 0) {
        const int folder = ::open(path.parent_path().empty() ? "." : path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (folder >= 0) {
            if (::fsync(folder) != 0)
                fault = errno;
            ::close(folder);
        }
    }
    if (fault == 0)
        return {};
    ::unlink(temporary.c_str());
    if (fault == ENOSPC || fault == EDQUOT)
        return failure(code::DiskFull, "disk full: " + path.filename().string() + " could not be stored", path.string());
    return failure(code::DiskFault, "storage error while saving " + path.filename().string() + ": " + std::strerror(fault), path.string());
}

} // namespace auroraedge::engine
