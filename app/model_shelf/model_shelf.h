#pragma once

#include "app/model_shelf/model_files.h"
#include "engine/api/result.h"

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace auroraedge::app {

/// A model folder of this station.
struct ShelvedModel
{
    std::filesystem::path folder;
    std::string name;       ///< of the folder
    bool isShipped = false; ///< came with the program; cannot be removed
    std::int64_t bytes = 0; ///< of its files
    bool hasList = false;   ///< a SHA256SUMS
};

/// The models that ship and those that were brought in. Thread: any, one call at a time.
class ModelShelf final
{
public:
    /// @param shipped resources/models. @param own models/ of the data folder; made when it is needed.
    ModelShelf(std::filesystem::path shipped, std::filesystem::path own);

    /// Every folder with a config.json, those that ship first, then by name; no further ones after @p stop.
    [[nodiscard]] std::vector<ShelvedModel> models(const std::stop_token &stop = {}) const;

    /// Brings a copy of the model folder @p from in, checked against its SHA256SUMS where it has one.
    /// @return its folder here. CLI-01 when a model of that name is here or @p from is one of these, MOD-21 (no model
    /// folder), MOD-17 (files that are not as listed), FS-*, code::Cancelled. Then nothing is left of it.
    Result<std::filesystem::path> bringIn(const std::filesystem::path &from, const FilesProgress &progress, std::stop_token stop);

    /// @return CLI-01 for a folder that is none of those that were brought in; FS-07.
    Result<void> remove(const std::filesystem::path &folder);

private:
    /// What a program that was killed has left.
    void clearUnfinished() const;

    const std::filesystem::path m_shipped, m_own;
};

/// MemAvailable of this computer; 0 when it is not told.
[[nodiscard]] std::int64_t availableMemoryBytes();

/// Whether the driver of this computer knows a GPU; what the engine can do with it is told by a load. Takes a moment.
[[nodiscard]] bool hasGpu();

} // namespace auroraedge::app
