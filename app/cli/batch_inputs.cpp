#include "app/cli/batch_inputs.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <glob.h>
#include <memory>
#include <string_view>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

std::string lowerExtension(const fs::path &path)
{
    std::string extension = path.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return extension;
}

/// Also formats that are refused later: a GIF among the pictures is to be told, not passed over.
bool looksLikeAPicture(const fs::path &path)
{
    constexpr std::array<std::string_view, 12> kExtensions
        = {".jpg", ".jpeg", ".jpe", ".png", ".apng", ".bmp", ".tif", ".tiff", ".gif", ".webp", ".ppm", ".pgm"};
    return std::find(kExtensions.begin(), kExtensions.end(), lowerExtension(path)) != kExtensions.end();
}

bool isInside(const fs::path &file, const fs::path &folder)
{
    const auto [folderEnd, unused] = std::mismatch(folder.begin(), folder.end(), file.begin(), file.end());
    return folderEnd == folder.end();
}

/// Why a path cannot be looked into.
Error unreachable(const std::string &path, std::error_code problem)
{
    if (problem == std::errc::permission_denied)
        return {code::FileUnreadable, "no permission to read " + path, path};
    if (problem == std::errc::filename_too_long)
        return {code::FilePathTooLong, "path too long", path};
    if (problem == std::errc::too_many_symbolic_link_levels)
        return {code::FileLinkLoop, "link loop at " + path, path};
    if (problem == std::errc::too_many_files_open)
        return {code::SystemLimit, "system limit reached (open files)", path};
    return {code::FileNotFound, path + " does not exist", path};
}

bool isOfOnePath(ErrorCode errorCode)
{
    return errorCode == code::FileUnreadable || errorCode == code::FilePathTooLong;
}

class Collector final
{
public:
    Collector(bool recursive, std::stop_token stop) : m_isRecursive(recursive), m_stop(std::move(stop)) {}

    Result<void> add(const std::string &path)
    {
        std::error_code problem;
        const fs::file_status status = fs::status(path, problem);
        if (fs::is_directory(status))
            return addFolder(path);
        if (fs::exists(status)) {
            const std::string extension = lowerExtension(path);
            // A FIFO is not opened, whatever its name: as a picture it is refused.
            if (fs::is_regular_file(status) && (extension == ".txt" || extension == ".lst"))
                return addList(path);
            m_found.inputs.push_back({path, std::nullopt});
            return {};
        }
        if (path.find_first_of("*?[") != std::string::npos)
            return addGlob(path);
        return failure(unreachable(path, problem));
    }

    BatchInputs finish()
    {
        std::vector<BatchInput> &inputs = m_found.inputs;
        const auto byPath = [](const BatchInput &a, const BatchInput &b) { return a.path < b.path; };
        std::sort(inputs.begin(), inputs.end(), byPath);
        inputs.erase(std::unique(inputs.begin(), inputs.end(),
                                 [](const BatchInput &a, const BatchInput &b) { return a.path == b.path; }),
                     inputs.end());
        return std::move(m_found);
    }

private:
    Result<void> addFolder(const fs::path &folder)
    {
        std::error_code problem;
        const fs::path root = fs::canonical(folder, problem);
        // A list instead of recursion: no depth of folders can use up the stack or the open files.
        std::vector<fs::path> pending{folder};
        while (!pending.empty()) {
            const fs::path next = std::move(pending.back());
            pending.pop_back();
            const Result<void> added = addEntries(next, root, pending);
            if (added)
                continue;
            // The batch goes on beside a folder that cannot be looked into, unless it was asked for by name.
            if (next == folder || !isOfOnePath(added.error().code))
                return failure(added.error());
            m_found.inputs.push_back({next.string(), added.error()});
        }
        return {};
    }

    /// Folders below @p folder are put on @p pending.
    Result<void> addEntries(const fs::path &folder, const fs::path &root, std::vector<fs::path> &pending)
    {
        std::error_code problem;
        fs::directory_iterator entries(folder, problem);
        if (problem)
            return failure(unreachable(folder.string(), problem));
        for (; entries != fs::directory_iterator(); entries.increment(problem)) {
            if (m_stop.stop_requested())
                return failure(code::Cancelled, "stopped");
            const fs::path path = entries->path();
            std::error_code ignored;
            if (entries->is_symlink(ignored)) {
                addLink(path, root);
            } else if (entries->is_directory(ignored)) {
                if (m_isRecursive)
                    pending.push_back(path);
            } else if (!looksLikeAPicture(path)) {
                ++m_found.skippedFiles;
            } else if (!entries->is_regular_file(ignored)) {
                refuse(path, code::FileNotRegular, "not a regular file, skipped");
            } else {
                m_found.inputs.push_back({path.string(), std::nullopt});
            }
        }
        if (problem)
            return failure(code::FolderGone, "folder " + folder.string() + " is gone", folder.string());
        return {};
    }

    void addLink(const fs::path &path, const fs::path &root)
    {
        std::error_code problem;
        const fs::path target = fs::canonical(path, problem);
        if (problem == std::errc::too_many_symbolic_link_levels)
            return refuse(path, code::FileLinkLoop, "link loop at " + path.string() + ", skipped");
        if (!problem && fs::is_directory(target, problem)) {
            // Following it could lead round and round; the folder itself can be named.
            if (m_isRecursive && isInside(fs::canonical(path.parent_path(), problem), target))
                refuse(path, code::FileLinkLoop, "link loop at " + path.string() + ", skipped");
            else
                ++m_found.skippedFiles;
            return;
        }
        if (!looksLikeAPicture(path)) {
            ++m_found.skippedFiles;
            return;
        }
        if (problem)
            return refuse(path, code::FileNotFound, "link " + path.string() + " leads nowhere");
        if (!isInside(target, root))
            return refuse(path, code::FileLinkOutside, "link leaves the batch folder, skipped");
        m_found.inputs.push_back({path.string(), std::nullopt});
    }

    Result<void> addGlob(const std::string &pattern)
    {
        glob_t matches{};
        const int status = glob(pattern.c_str(), 0, nullptr, &matches);
        const std::unique_ptr<glob_t, void (*)(glob_t *)> owned(&matches, globfree);
        if (status != 0)
            return failure(code::FileNotFound, "nothing matches " + pattern, pattern);
        for (std::size_t i = 0; i < matches.gl_pathc; ++i) {
            std::error_code problem;
            const fs::path path = matches.gl_pathv[i];
            if (fs::is_directory(path, problem)) // pictures are asked for, and `*` also matches folders
                continue;
            m_found.inputs.push_back({path.string(), std::nullopt});
        }
        return {};
    }

    Result<void> addList(const fs::path &list)
    {
        std::ifstream lines(list, std::ios::binary);
        if (!lines)
            return failure(code::FileUnreadable, "no permission to read " + list.string(), list.string());
        for (std::string line; std::getline(lines, line);) {
            if (line.ends_with('\r'))
                line.pop_back();
            if (!line.empty()) // a picture that is missing is told as that picture's error
                m_found.inputs.push_back({(list.parent_path() / line).string(), std::nullopt});
        }
        return {};
    }

    void refuse(const fs::path &path, ErrorCode errorCode, const std::string &message)
    {
        m_found.inputs.push_back({path.string(), Error{errorCode, message, path.string()}});
    }

    bool m_isRecursive;
    std::stop_token m_stop;
    BatchInputs m_found;
};

} // namespace

Result<BatchInputs> collectBatchInputs(const std::vector<std::string> &paths, bool recursive, std::stop_token stop)
{
    Collector collector(recursive, std::move(stop));
    for (const std::string &path : paths) {
        if (const Result<void> added = collector.add(path); !added)
            return failure(added.error());
    }
    return collector.finish();
}

} // namespace auroraedge::app
