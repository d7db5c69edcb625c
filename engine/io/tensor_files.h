#pragma once

#include "engine/api/result.h"
#include "engine/io/mapped_file.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace auroraedge::engine {

enum class Dtype { F32 = 1, F16, BF16, F64, I64, I32, I16, I8, U8, Bool };

[[nodiscard]] std::size_t bytesOf(Dtype dtype);
[[nodiscard]] std::size_t bytesOf(Dtype dtype, std::span<const std::int64_t> shape);
[[nodiscard]] std::string_view dtypeName(Dtype dtype); ///< "F32", "BF16", ... as in the file

/// One tensor inside a mapped file. The bytes live as long as the TensorFiles they came from.
struct MappedTensor
{
    Dtype dtype = Dtype::F32;
    std::vector<std::int64_t> shape;
    std::span<const std::byte> bytes;
};

/// The tensors of one safetensors file, or of a folder's `model.safetensors` or shards with
/// `model.safetensors.index.json`. Files are mapped read-only and checked before any tensor is given out
/// (header rules of huggingface/safetensors; offsets contiguous, no hole, no overlap).
/// Immutable after opening; may be read from any thread.
class TensorFiles final
{
public:
    /// @param path a `.safetensors` file or a model folder.
    /// @return MOD-01..11 and MOD-18, FS-01/12 when it cannot be read, MOD-19 for other weight formats.
    static Result<TensorFiles> open(const std::filesystem::path &path);

    [[nodiscard]] const std::map<std::string, MappedTensor> &tensors() const { return m_tensors; }
    [[nodiscard]] const MappedTensor *find(const std::string &name) const;
    [[nodiscard]] std::int64_t totalBytes() const;
    /// `__metadata__` of the header (of the first file).
    [[nodiscard]] const std::map<std::string, std::string> &metadata() const { return m_metadata; }
    /// Keeps the mapping alive; hold it with every tensor that points into it.
    [[nodiscard]] std::shared_ptr<const MappedFiles> mapping() const { return m_mapping; }

private:
    TensorFiles() = default;

    std::map<std::string, MappedTensor> m_tensors;
    std::map<std::string, std::string> m_metadata;
    std::shared_ptr<const MappedFiles> m_mapping;
};

/// A tensor about to be written; @p bytes must stay valid during the call.
struct TensorToWrite
{
    std::string name;
    Dtype dtype = Dtype::F32;
    std::vector<std::int64_t> shape;
    std::span<const std::byte> bytes;
};

/// Puts @p tensors into the order of their data in a file and gives what stands before it: the header with its length.
/// Their bytes are not looked at. @return INT-01 for a name given twice.
Result<std::string> safetensorsHeader(std::vector<TensorToWrite> &tensors, const std::map<std::string, std::string> &metadata = {});

/// Writes a safetensors file through a temporary name, fsync and rename: the old file or the new one, never a cut one.
/// @return FS-07, FS-09 or FS-10.
Result<void> writeTensors(const std::filesystem::path &path, std::span<const TensorToWrite> tensors,
                          const std::map<std::string, std::string> &metadata = {});

} // namespace auroraedge::engine
