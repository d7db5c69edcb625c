#pragma once

#include "engine/api/result.h"
#include "plugins/api/frame_source.h"

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace auroraedge::app {

/// A network camera that is chosen by one press.
struct SavedSource
{
    std::string name;
    std::string address; ///< as it is shown: no login, no password
    plugins::NetworkTransport transport = plugins::NetworkTransport::Tcp;
    std::chrono::milliseconds openTimeout{2'000};
    friend bool operator==(const SavedSource &, const SavedSource &) = default;
};

/// What is known of a source from before, by its address.
struct KnownCamera
{
    std::string device; ///< SourceDescription::device; empty: not known
    plugins::CameraSettings settings;
    friend bool operator==(const KnownCamera &, const KnownCamera &) = default;
};

/// `sources.json` of the data folder. Passwords are not in it (password_store.h).
struct SourceBook
{
    std::vector<SavedSource> saved;
    std::map<std::string, KnownCamera> cameras;
    friend bool operator==(const SourceBook &, const SourceBook &) = default;
};

/// An absent file is an empty book. @return SET-01, naming the place in the file; FS-01, FS-02.
Result<SourceBook> readSourceBook(const std::filesystem::path &file);
/// The old file stays until the new one is whole on the disk. @return FS-07, FS-09, FS-10.
Result<void> writeSourceBook(const std::filesystem::path &file, const SourceBook &book);

} // namespace auroraedge::app
