#pragma once

#include "plugins/api/frame_source.h"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace auroraedge::plugins {

/// The JPEG, PNG and BMP pictures of a folder (folder:<dir>), sorted by name, one every kPace, round and round. Files that
/// cannot be decoded are left out, and each is told once, in the description and in the log; links are followed, sub-folders
/// are not entered. A picture in the place of the folder is the only one.
class FolderSource final : public FrameSource
{
public:
    static constexpr std::chrono::milliseconds kPace{2'000};

    explicit FolderSource(std::chrono::milliseconds pace = kPace) : m_pace(pace) {}

    [[nodiscard]] SourceDescription describe() const override;
    /// @return FS-12 (no such folder), FS-01, CAM-01 (no picture in it).
    Result<void> open(const std::string &address, const SourceOptions &options) override;
    /// @return what is wrong with the last file (IMG-*, FS-01) when none can be read.
    Result<Frame> read(std::chrono::milliseconds timeout) override;
    void close() override;

private:
    void leaveOut(const Error &why);

    std::chrono::milliseconds m_pace;
    SourceOptions m_options;
    SourceDescription m_description;
    std::vector<std::string> m_files; ///< sorted
    std::size_t m_next = 0;           ///< index into m_files
    std::vector<Error> m_unreadable;  ///< of files in a row
    std::set<std::string> m_leftOut;  ///< files that were told
    std::chrono::steady_clock::time_point m_nextFrameDue;
    std::uint64_t m_sequence = 0;
};

} // namespace auroraedge::plugins
