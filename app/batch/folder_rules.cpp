#include "app/batch/folder_rules.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <fcntl.h>
#include <fnmatch.h>
#include <sys/stat.h>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

/// Also formats that are refused later: a GIF among the pictures is to be told, not passed over.
bool looksLikeAPicture(std::string_view name)
{
    constexpr std::array<std::string_view, 12> kExtensions
        = {".jpg", ".jpeg", ".jpe", ".png", ".apng", ".bmp", ".tif", ".tiff", ".gif", ".webp", ".ppm", ".pgm"};
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos || dot == 0)
        return false;
    const auto isSame = [](char c, char lower) { return (c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c) == lower; };
    const std::string_view extension = name.substr(dot);
    return std::ranges::any_of(kExtensions, [&](std::string_view known) { return std::ranges::equal(extension, known, isSame); });
}

/// Both canonical.
bool isInside(std::string_view path, std::string_view folder)
{
    if (folder.ends_with('/')) // the root of the file system alone
        return path.starts_with(folder);
    return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

} // namespace

Error errorOf(Refusal refusal, const std::string &path)
{
    switch (refusal) {
    case Refusal::Unreadable:
        return {code::FileUnreadable, "no permission to read " + path, path};
    case Refusal::NotRegular:
        return {code::FileNotRegular, "not a regular file, skipped", path};
    case Refusal::LinkLoop:
        return {code::FileLinkLoop, "link loop at " + path + ", skipped", path};
    case Refusal::LinkOutside:
        return {code::FileLinkOutside, "link leaves the batch folder, skipped (--follow-links takes it)", path};
    case Refusal::PathTooLong:
        return {code::FilePathTooLong, "path too long, skipped", path};
    case Refusal::Missing:
        break;
    }
    return {code::FileNotFound, path + " does not exist or leads nowhere", path};
}

Error unreachable(const std::string &path, int reason)
{
    switch (reason) {
    case EACCES:
    case EPERM:
        return {code::FileUnreadable, "no permission to read " + path, path};
    case ENAMETOOLONG:
        return {code::FilePathTooLong, "path too long", path};
    case ELOOP:
        return {code::FileLinkLoop, "link loop at " + path, path};
    case EMFILE:
    case ENFILE:
        return {code::SystemLimit, "system limit reached (open files)", path};
    default:
        return {code::FileNotFound, path + " does not exist", path};
    }
}

std::string prefixOf(const std::string &folder)
{
    return folder.ends_with('/') ? folder : folder + '/';
}

FolderReader::FolderReader(const std::string &folder, bool isNamed) : m_folder(nullptr, closedir)
{
    const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | (isNamed ? 0 : O_NOFOLLOW));
    if (descriptor >= 0)
        m_folder.reset(fdopendir(descriptor));
    if (!m_folder)
        m_problem = errno;
    if (!m_folder && descriptor >= 0)
        close(descriptor);
}

const dirent *FolderReader::next()
{
    while (m_folder) {
        errno = 0;
        const dirent *entry = readdir(m_folder.get());
        if (!entry) {
            m_problem = errno;
            return nullptr;
        }
        const std::string_view name = entry->d_name;
        if (name != "." && name != "..")
            return entry;
    }
    return nullptr;
}

FolderRules::Entry FolderRules::entry(const std::string &prefix, const char *name, unsigned char type, const fs::path &root) const
{
    if (type == DT_UNKNOWN) { // some file systems do not tell
        struct stat facts{};
        if (lstat((prefix + name).c_str(), &facts) != 0)
            return {Kind::LeftOut}; // gone again
        type = IFTODT(facts.st_mode);
    }
    if (type == DT_DIR)
        return {Kind::Folder};
    if (!takesName(name))
        return {Kind::LeftOut};
    if (type == DT_LNK)
        return link(prefix, name, root);
    if (!looksLikeAPicture(name))
        return {Kind::OtherFile};
    return type == DT_REG ? Entry{Kind::Picture} : Entry{Kind::Refused, Refusal::NotRegular};
}

FolderRules::Entry FolderRules::link(const std::string &prefix, const char *name, const fs::path &root) const
{
    const std::string path = prefix + name;
    struct stat facts{};
    const int problem = stat(path.c_str(), &facts) == 0 ? 0 : errno;
    std::error_code ignored;
    if (problem == ELOOP)
        return {Kind::Refused, Refusal::LinkLoop};
    if (problem == 0 && S_ISDIR(facts.st_mode)) {
        // Following it could lead round and round; the folder itself can be named.
        const bool isLoop = m_selection.recursive
            && isInside(fs::canonical(prefix, ignored).native(), fs::canonical(path, ignored).native());
        return isLoop ? Entry{Kind::Refused, Refusal::LinkLoop} : Entry{Kind::OtherFile};
    }
    if (!looksLikeAPicture(name))
        return {Kind::OtherFile};
    if (problem == EACCES)
        return {Kind::Refused, Refusal::Unreadable};
    if (problem != 0)
        return {Kind::Refused, problem == ENAMETOOLONG ? Refusal::PathTooLong : Refusal::Missing};
    if (!m_selection.followLinks && !isInside(fs::canonical(path, ignored).native(), root.native()))
        return {Kind::Refused, Refusal::LinkOutside};
    return S_ISREG(facts.st_mode) ? Entry{Kind::Picture} : Entry{Kind::Refused, Refusal::NotRegular};
}

bool FolderRules::takesName(const char *name) const
{
    const auto matches = [name](const std::string &glob) { return fnmatch(glob.c_str(), name, 0) == 0; };
    return (m_selection.include.empty() || std::ranges::any_of(m_selection.include, matches))
        && std::ranges::none_of(m_selection.exclude, matches);
}

bool FolderRules::isInPart(std::string_view prefix, std::string_view name) const
{
    const Shard &part = m_selection.shard;
    if (part.count <= 1)
        return true;
    std::uint64_t hash = 0xcbf29ce484222325; // FNV-1a, public domain
    for (const std::string_view bytes : {prefix, name}) {
        for (const char byte : bytes)
            hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
    }
    hash ^= hash >> 32; // the low bits alone share unevenly among names that differ in a number
    hash *= 0x9e3779b97f4a7c15;
    hash ^= hash >> 29;
    return hash % static_cast<std::uint64_t>(part.count) == static_cast<std::uint64_t>(part.number - 1);
}

} // namespace auroraedge::app
