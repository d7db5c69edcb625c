#pragma once

#include "engine/api/result.h"

#include <filesystem>
#include <string>

namespace auroraedge::engine {

/// SHA-256 of the folder's SHA256SUMS content, sorted by file name; recomputed from the files where it is missing.
/// Files covered: every regular file of the folder except SHA256SUMS itself and MODEL_CARD.md.
Result<std::string> modelHash(const std::filesystem::path &folder);

/// Writes SHA256SUMS ("<hex>  <name>\n", sorted by name).
Result<void> writeChecksums(const std::filesystem::path &folder);

/// The first file whose hash differs from SHA256SUMS or is missing, as MOD-20. Success where there is no SHA256SUMS.
Result<void> verifyChecksums(const std::filesystem::path &folder);

/// Lower-case hex. FS-01/12 when the file cannot be read.
Result<std::string> sha256OfFile(const std::filesystem::path &path);

} // namespace auroraedge::engine
