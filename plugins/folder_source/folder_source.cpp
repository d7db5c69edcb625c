#include "plugins/folder_source/folder_source.h"

#include "plugins/folder_source/still_decoder.h"

#include <QtGlobal>

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <string_view>
#include <thread>
#include <utility>

namespace auroraedge::plugins {

using Clock = std::chrono::steady_clock;

namespace {

bool looksLikePicture(const std::filesystem::path &file)
{
    static constexpr std::array<std::string_view, 4> kEndings = {".jpg", ".jpeg", ".png", ".bmp"};
    std::string ending = file.extension().string();
    std::ranges::transform(ending, ending.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return std::ranges::find(kEndings, ending) != kEndings.end();
}

/// Sorted; @p place alone when it is a picture.
Result<std::vector<std::string>> picturesOf(const std::filesystem::path &place)
{
    std::error_code error;
    if (looksLikePicture(place) && std::filesystem::is_regular_file(place, error))
        return std::vector<std::string>{place.string()};
    if (!std::filesystem::is_directory(place, error))
        return failure(code::FileNotFound, place.string() + (std::filesystem::exists(place, error) ? " is no folder" : " does not exist"), place.string());
    std::vector<std::string> files;
    for (std::filesystem::directory_iterator entry(place, error), end; !error && entry != end; entry.increment(error)) {
        std::error_code ignored; // what cannot be looked at, such as a link to nowhere, is told when it is read
        if (looksLikePicture(entry->path()) && !entry->is_directory(ignored))
            files.push_back(entry->path().string());
    }
    if (error)
        return failure(code::FileUnreadable, "no permission to read folder " + place.string(), place.string());
    if (files.empty())
        return failure(code::CameraNotFound, "folder " + place.string() + " holds no JPEG, PNG or BMP picture", place.string());
    std::ranges::sort(files);
    return files;
}

} // namespace

SourceDescription FolderSource::describe() const
{
    return m_description;
}

Result<void> FolderSource::open(const std::string &address, const SourceOptions &options)
{
    close();
    m_options = options;
    const std::filesystem::path folder = address.substr(address.find(':') + 1);
    Result<std::vector<std::string>> files = picturesOf(folder);
    if (!files)
        return failure(files.error());
    m_files = *std::move(files);

    m_description.label = folder.filename().string();
    m_description.isLive = false;
    m_description.isSimulated = options.isSimulated;
    m_description.longestGap = m_pace + std::chrono::milliseconds(2'000);
    m_next = 0;
    m_nextFrameDue = Clock::now();
    return {};
}

Result<Frame> FolderSource::read(std::chrono::milliseconds timeout)
{
    const auto noFrame = [&](const std::string &why) { return failure(code::CameraNoFrame, why, m_options.shownAs); };
    if (m_files.empty())
        return noFrame("folder " + m_options.shownAs + " is not open");
    if (m_nextFrameDue > Clock::now() + timeout) {
        std::this_thread::sleep_for(timeout);
        return noFrame("the next picture of " + m_options.shownAs + " is not due yet");
    }
    std::this_thread::sleep_until(m_nextFrameDue);

    const Clock::time_point deadline = Clock::now() + timeout;
    while (true) {
        Result<Frame> frame = decodeStill(m_files[m_next]);
        m_next = (m_next + 1) % m_files.size();
        if (frame) {
            for (const Error &why : std::exchange(m_unreadable, {})) // where none can be read, the failure tells it
                leaveOut(why);
            m_nextFrameDue = Clock::now() + m_pace;
            frame->sequence = ++m_sequence;
            frame->capturedAt = Clock::now();
            frame->source = m_options.shownAs;
            return frame;
        }
        const Error why = frame.error();
        m_unreadable.push_back(why);
        if (m_unreadable.size() == m_files.size())
            return failure(why.code, m_files.size() == 1 ? why.message : "no picture of " + m_options.shownAs + " can be read; the last: " + why.message,
                           why.object);
        if (Clock::now() >= deadline) // many files that are none: a reader comes back in time
            return noFrame("no picture of " + m_options.shownAs + " could be read yet");
    }
}

void FolderSource::leaveOut(const Error &why)
{
    if (!m_leftOut.insert(why.object).second)
        return;
    qWarning("%s: %s; it is left out of %s", why.code.text().data(), why.message.c_str(), m_options.shownAs.c_str());
    LeftOut &told = m_description.leftOut;
    if (++told.pictures == 1)
        told.first = why;
}

void FolderSource::close()
{
    m_files.clear();
    m_unreadable.clear();
    m_leftOut.clear();
    m_description = {};
}

} // namespace auroraedge::plugins
