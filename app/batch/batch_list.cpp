#include "app/batch/batch_list.h"

#include "app/batch/folder_rules.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <iostream>
#include <limits>
#include <streambuf>
#include <unordered_map>

#include <fnmatch.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

/// The standard input, which ends when it is asked to: a program that writes into the pipe may take its time.
class StoppableInput final : public std::streambuf
{
public:
    explicit StoppableInput(std::stop_token stop) : m_stop(std::move(stop)) {}

private:
    int_type underflow() override
    {
        constexpr int kPollMs = 100;
        while (!m_stop.stop_requested()) {
            pollfd input{STDIN_FILENO, POLLIN, 0};
            const int ready = poll(&input, 1, kPollMs);
            if (ready == 0 || (ready < 0 && errno == EINTR))
                continue;
            const ssize_t bytes = read(STDIN_FILENO, m_bytes.data(), m_bytes.size());
            if (bytes < 0 && errno == EINTR)
                continue;
            if (bytes <= 0)
                break;
            setg(m_bytes.data(), m_bytes.data(), m_bytes.data() + bytes);
            return traits_type::to_int_type(m_bytes.front());
        }
        return traits_type::eof();
    }

    std::stop_token m_stop;
    std::array<char, 65536> m_bytes{};
};

bool isListName(std::string_view path)
{
    constexpr std::size_t kExtensionBytes = 4;
    if (path.size() <= kExtensionBytes)
        return false;
    std::string extension(path.substr(path.size() - kExtensionBytes));
    std::ranges::transform(extension, extension.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return extension == ".txt" || extension == ".lst";
}

bool isFolder(const std::string &path)
{
    struct stat facts{};
    return stat(path.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode);
}

bool isSystemLimit(int reason)
{
    return reason == EMFILE || reason == ENFILE;
}

/// Merge sort, bottom up: unlike std::sort it can be stopped, also among millions.
template <typename Item, typename Less>
Result<void> sortStoppably(std::vector<Item> &items, const Less &isLess, const std::stop_token &stop)
{
    constexpr std::size_t kRun = 4096;
    std::vector<Item> merged(items.size());
    for (std::size_t begin = 0; begin < items.size(); begin += kRun) {
        if (stop.stop_requested())
            return failure(code::Cancelled, "stopped");
        const auto first = items.begin() + static_cast<std::ptrdiff_t>(begin);
        std::sort(first, first + static_cast<std::ptrdiff_t>(std::min(kRun, items.size() - begin)), isLess);
    }
    for (std::size_t width = kRun; width < items.size(); width *= 2) {
        for (std::size_t begin = 0; begin < items.size(); begin += 2 * width) {
            const std::size_t middle = std::min(begin + width, items.size()), end = std::min(begin + 2 * width, items.size());
            for (std::size_t left = begin, right = middle, to = begin; to < end; ++to) {
                if (to % kRun == 0 && stop.stop_requested())
                    return failure(code::Cancelled, "stopped");
                const bool isRight = left == middle || (right < end && isLess(items[right], items[left]));
                merged[to] = items[isRight ? right++ : left++];
            }
        }
        items.swap(merged);
    }
    return {};
}

} // namespace

class BatchCollector final
{
public:
    BatchCollector(const BatchSelection &selection, std::stop_token stop, std::istream *in)
        : m_selection(selection), m_rules(selection), m_stop(std::move(stop)), m_in(in)
    {
    }

    Result<void> add(const std::string &path)
    {
        if (path == "-")
            return addStandardInput();
        struct stat facts{};
        if (stat(path.c_str(), &facts) != 0) {
            const int reason = errno;
            if (path.find_first_of("*?[") != std::string::npos)
                return addGlob(path);
            return failure(unreachable(path, reason));
        }
        if (S_ISDIR(facts.st_mode))
            return addFolder(path, facts.st_dev);
        // A FIFO is not opened, whatever its name.
        if (S_ISREG(facts.st_mode) && isListName(path))
            return addList(path);
        take(path, S_ISREG(facts.st_mode) ? Refusal{} : Refusal::NotRegular);
        return {};
    }

    Result<BatchList> finish()
    {
        std::vector<BatchList::File> &files = m_list.m_files;
        // What was named twice is asked about if either way takes it.
        const auto isLess = [this](const BatchList::File &a, const BatchList::File &b) {
            const int order = m_list.compare(a, b);
            return order < 0 || (order == 0 && a.refusal < b.refusal);
        };
        if (const Result<void> sorted = sortStoppably(files, isLess, m_stop); !sorted)
            return failure(sorted.error());
        const auto isSame = [this](const BatchList::File &a, const BatchList::File &b) { return m_list.compare(a, b) == 0; };
        files.erase(std::unique(files.begin(), files.end(), isSame), files.end());
        if (m_selection.limit > 0 && m_selection.limit < m_list.size())
            files.resize(static_cast<std::size_t>(m_selection.limit));
        files.shrink_to_fit();
        m_list.m_names.shrink_to_fit();
        m_list.m_folders.insert(m_list.m_folders.end(), std::make_move_iterator(m_below.begin()),
                                std::make_move_iterator(m_below.end()));
        return std::move(m_list);
    }

private:
    Result<void> addFolder(const std::string &folder, std::uint64_t fileSystem)
    {
        if (std::ranges::find(m_list.m_folders, folder) != m_list.m_folders.end())
            return {};
        m_list.m_folders.push_back(folder);
        m_list.m_fileSystems.push_back(fileSystem);
        std::error_code problem;
        const fs::path root = fs::canonical(folder, problem);
        // A list instead of recursion: no depth of folders can use up the stack or the open files.
        std::vector<std::string> pending{folder};
        while (!pending.empty()) {
            const std::string next = std::move(pending.back());
            pending.pop_back();
            const bool isNamed = next == folder;
            FolderReader reader(next, isNamed);
            if (isNamed && reader.problem() != 0)
                return failure(unreachable(next, reader.problem()));
            // The batch goes on beside a folder that cannot be looked into, unless it was asked for by name.
            if (reader.problem() == EACCES || reader.problem() == ENAMETOOLONG) {
                take(next, reader.problem() == EACCES ? Refusal::Unreadable : Refusal::PathTooLong);
                continue;
            }
            if (isSystemLimit(reader.problem()))
                return failure(unreachable(next, reader.problem()));
            if (!isNamed)
                m_below.push_back(next);
            if (const Result<void> added = addEntries(reader, prefixOf(next), root, pending); !added)
                return added;
            if (reader.problem() != 0)
                return failure(code::FolderGone, "folder " + next + " is gone", next);
        }
        return {};
    }

    /// Folders below are put on @p pending.
    Result<void> addEntries(FolderReader &reader, const std::string &prefix, const fs::path &root, std::vector<std::string> &pending)
    {
        while (const dirent *entry = reader.next()) {
            if (m_stop.stop_requested())
                return failure(code::Cancelled, "stopped");
            const FolderRules::Entry found = m_rules.entry(prefix, entry->d_name, entry->d_type, root);
            switch (found.kind) {
            case FolderRules::Kind::Folder:
                if (m_selection.recursive)
                    pending.push_back(prefix + entry->d_name);
                break;
            case FolderRules::Kind::OtherFile:
                ++m_list.m_skippedFiles;
                break;
            case FolderRules::Kind::LeftOut:
                break;
            case FolderRules::Kind::Picture:
            case FolderRules::Kind::Refused:
                take(prefix, entry->d_name, found.refusal);
            }
        }
        return {};
    }

    /// Part by part, so that a folder of a million names is read as one that was named.
    Result<void> addGlob(const std::string &pattern)
    {
        std::vector<std::string> prefixes{pattern.starts_with('/') ? "/" : ""};
        std::int64_t matches = 0;
        for (std::size_t begin = 0; begin < pattern.size() && !prefixes.empty();) {
            const std::size_t end = std::min(pattern.find('/', begin), pattern.size());
            const std::string part = pattern.substr(begin, end - begin);
            const bool isLast = end == pattern.size();
            begin = end + 1;
            if (part.empty())
                continue;
            std::vector<std::string> next;
            for (const std::string &prefix : prefixes) {
                const Result<std::int64_t> matched = addMatches(prefix, part, isLast, next);
                if (!matched)
                    return failure(matched.error());
                matches += *matched;
            }
            prefixes = std::move(next);
        }
        if (matches == 0)
            return failure(code::FileNotFound, "nothing matches " + pattern, pattern);
        return {};
    }

    /// Takes the files that @p part matches when it is the last; else the folders go to @p next. @return matches of the last part.
    Result<std::int64_t> addMatches(const std::string &prefix, const std::string &part, bool isLast, std::vector<std::string> &next)
    {
        std::int64_t matches = 0;
        const auto match = [&](const char *name, bool isFolderToo) {
            if (isLast)
                ++matches;
            if (isLast && !isFolderToo && m_rules.takesName(name)) // pictures are asked for, and `*` also matches folders
                take(prefix, name, {});
            if (!isLast && isFolderToo)
                next.push_back(prefix + name + '/');
        };
        struct stat facts{};
        if (stat((prefix + part).c_str(), &facts) == 0) {
            match(part.c_str(), S_ISDIR(facts.st_mode));
            return matches;
        }
        if (part.find_first_of("*?[\\") == std::string::npos)
            return matches;
        FolderReader reader(prefix.empty() ? "." : prefix, true);
        while (const dirent *entry = reader.next()) {
            if (m_stop.stop_requested())
                return failure(code::Cancelled, "stopped");
            if (fnmatch(part.c_str(), entry->d_name, FNM_PERIOD) != 0)
                continue;
            const bool isUnsure = entry->d_type == DT_LNK || entry->d_type == DT_UNKNOWN;
            match(entry->d_name, isUnsure ? isFolder(prefix + entry->d_name) : entry->d_type == DT_DIR);
        }
        if (isSystemLimit(reader.problem()))
            return failure(unreachable(prefix, reader.problem()));
        return matches;
    }

    Result<void> addList(const std::string &list)
    {
        std::ifstream lines(list, std::ios::binary);
        if (!lines)
            return failure(code::FileUnreadable, "no permission to read " + list, list);
        return addLines(lines, fs::path(list).parent_path(), list);
    }

    Result<void> addStandardInput()
    {
        if (m_in && m_in != &std::cin)
            return addLines(*m_in, {}, "-");
        StoppableInput input(m_stop);
        std::istream lines(&input);
        return addLines(lines, {}, "-");
    }

    /// A picture that is missing is told as that picture's error.
    Result<void> addLines(std::istream &lines, const fs::path &folder, const std::string &list)
    {
        std::array<char, kLongestPath + 2> line{}; // with the carriage return of some lists and the final zero
        constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF"; // editors of some systems begin a list with it
        for (bool isFirst = true;; isFirst = false) {
            lines.getline(line.data(), line.size());
            if (m_stop.stop_requested())
                return failure(code::Cancelled, "stopped");
            if (lines.bad())
                return failure(code::FileUnreadable, "the list " + list + " cannot be read to its end", list);
            const auto read = static_cast<std::size_t>(lines.gcount());
            if (lines.eof() && read == 0)
                return {};
            // At the end of the file there is no end of line, which is counted but not kept.
            std::string_view path(line.data(), lines.good() ? read - 1 : read);
            const bool isCut = lines.fail();
            if (isCut) {
                lines.clear();
                lines.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
            }
            if (path.ends_with('\r'))
                path.remove_suffix(1);
            if (isFirst && path.starts_with(kByteOrderMark))
                path.remove_prefix(kByteOrderMark.size());
            if (path.empty())
                continue;
            const std::string whole = (folder / path).string();
            if (!m_rules.takesName(whole.substr(whole.rfind('/') + 1).c_str()))
                continue;
            const bool isTooLong = isCut || whole.size() > kLongestPath;
            const bool isNoPath = path.find('\0') != std::string_view::npos;
            take(whole, isTooLong ? Refusal::PathTooLong : isNoPath ? Refusal::Missing : Refusal{});
        }
    }

    void take(const std::string &path, Refusal refusal)
    {
        const std::size_t name = path.rfind('/') + 1;
        take(path.substr(0, name), std::string_view(path).substr(name), refusal);
    }
    void take(const std::string &prefix, std::string_view name, Refusal refusal)
    {
        if (!m_rules.isInPart(prefix, name))
            return;
        BatchList::File file;
        file.name = m_list.m_names.size();
        file.nameBytes = static_cast<std::uint16_t>(name.size());
        file.prefix = numberOf(prefix);
        file.refusal = static_cast<std::uint8_t>(refusal);
        m_list.m_names += name;
        m_list.m_files.push_back(file);
    }
    std::uint32_t numberOf(const std::string &prefix)
    {
        std::vector<std::string> &prefixes = m_list.m_prefixes;
        if (!prefixes.empty() && prefixes[m_lastPrefix] == prefix)
            return m_lastPrefix;
        const auto [known, isNew] = m_numbers.try_emplace(prefix, static_cast<std::uint32_t>(prefixes.size()));
        if (isNew)
            prefixes.push_back(prefix);
        return m_lastPrefix = known->second;
    }

    const BatchSelection &m_selection;
    FolderRules m_rules;
    std::stop_token m_stop;
    std::istream *m_in;
    BatchList m_list;
    std::vector<std::string> m_below; ///< folders that were not named
    std::unordered_map<std::string, std::uint32_t> m_numbers; ///< of the prefixes
    std::uint32_t m_lastPrefix = 0;
};

Result<BatchList> BatchList::collect(const BatchSelection &selection, std::stop_token stop, std::istream *in)
{
    BatchCollector collector(selection, std::move(stop), in);
    for (const std::string &path : selection.paths) {
        if (const Result<void> added = collector.add(path); !added)
            return failure(added.error());
    }
    return collector.finish();
}

BatchInput BatchList::at(std::int64_t index) const
{
    const File &file = m_files[static_cast<std::size_t>(index)];
    BatchInput input{m_prefixes[file.prefix], std::nullopt};
    input.path += nameOf(file);
    if (file.refusal != 0)
        input.refused = errorOf(static_cast<Refusal>(file.refusal), input.path);
    return input;
}

int BatchList::compare(const File &a, const File &b) const
{
    const std::string_view nameA = nameOf(a), nameB = nameOf(b);
    if (a.prefix == b.prefix)
        return nameA.compare(nameB);
    const std::string_view prefixA = m_prefixes[a.prefix], prefixB = m_prefixes[b.prefix];
    const std::size_t common = std::min(prefixA.size(), prefixB.size());
    if (const int order = prefixA.substr(0, common).compare(prefixB.substr(0, common)); order != 0)
        return order;
    // One folder lies in the other: "a.jpg" beside "a/" is compared with what follows there.
    const auto against = [common](std::string_view name, std::string_view longPrefix, std::string_view longName) {
        const std::string_view rest = longPrefix.substr(common);
        const int order = name.substr(0, rest.size()).compare(rest);
        return order != 0 || name.size() < rest.size() ? order : name.substr(rest.size()).compare(longName);
    };
    return prefixA.size() <= prefixB.size() ? against(nameA, prefixB, nameB) : -against(nameB, prefixA, nameA);
}

Result<void> BatchList::checkFolders() const
{
    for (std::size_t i = 0; i < m_fileSystems.size(); ++i) {
        struct stat facts{};
        const std::string &folder = m_folders[i];
        if (stat(folder.c_str(), &facts) != 0 || !S_ISDIR(facts.st_mode) || facts.st_dev != m_fileSystems[i])
            return failure(code::FolderGone, "folder " + folder + " is gone", folder);
    }
    return {};
}

} // namespace auroraedge::app
