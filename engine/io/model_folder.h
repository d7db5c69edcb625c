#pragma once

#include "engine/api/result.h"

#include <filesystem>
#include <map>
#include <stop_token>
#include <string>

namespace auroraedge::engine {

/// SHA-256 of the folder's SHA256SUMS content, sorted by file name; recomputed from the files where it is missing.
/// Files covered: every regular file of the folder except SHA256SUMS itself and MODEL_CARD.md.
Result<std::string> modelHash(const std::filesystem::path &folder, std::stop_token stop = {});

/// Writes SHA256SUMS ("<hex>  <name>\n", sorted by name).
/// @param known hashes by file name, of files that need not be read for it.
Result<void> writeChecksums(const std::filesystem::path &folder, const std::map<std::string, std::string> &known = {});

/// The first file whose hash differs from SHA256SUMS or is missing, as MOD-20. Success where there is no SHA256SUMS.
/// Reads every file: seconds for a model of some GB. @return code::Cancelled too.
Result<void> verifyChecksums(const std::filesystem::path &folder, std::stop_token stop = {});

/// Lower-case hex. FS-01/12 when the file cannot be read, code::Cancelled.
Result<std::string> sha256OfFile(const std::filesystem::path &path, std::stop_token stop = {});

} // namespace auroraedge::engine
