#include "app/plugins/source_address.h"

#include <QRegularExpression>
#include <QString>
#include <QUrl>

#include <algorithm>
#include <cctype>

namespace auroraedge::app {

namespace {

/// That the folder source opens; every other file is for the source of videos.
constexpr const char *kPictureEndings[] = {".jpg", ".jpeg", ".png", ".bmp"};

Failure refused(const std::string &why, const std::string &object)
{
    return failure(code::CameraAddress,
                   "address not allowed: " + why + "; use sim:, uvc:, rtsp://, http://, file: or folder:", object);
}

bool hasControlCharacter(const std::string &text)
{
    return std::ranges::any_of(text, [](unsigned char c) { return std::iscntrl(c) != 0; });
}

Result<SourceAddress> webcam(const std::string &id)
{
    const bool isPlain = !id.empty() && std::ranges::all_of(id, [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.' || c == ':' || c == '+';
    });
    if (!isPlain || id.find("..") != std::string::npos)
        return refused("a webcam is named by letters, digits and -_.:+", "uvc:");
    return SourceAddress{"uvc", "uvc:" + id, "uvc:" + id};
}

bool isPicture(const std::string &path)
{
    const QString name = QString::fromStdString(path).toLower();
    return std::ranges::any_of(kPictureEndings, [&](const char *ending) { return name.endsWith(QLatin1String(ending)); });
}

Result<SourceAddress> local(const std::string &scheme, std::string path)
{
    if (path.starts_with("//")) // file:///home/line.mp4
        path = QUrl(QString::fromStdString("file:" + path)).toLocalFile().toStdString();
    if (path.empty())
        return refused(scheme + ": needs a path", scheme + ":");
    const std::string absolute = std::filesystem::absolute(path).lexically_normal().string();
    const std::string opener = isPicture(absolute) ? "folder" : scheme; // a folder of one picture
    return SourceAddress{opener, opener + ":" + absolute, scheme + ":" + absolute};
}

/// Some cameras want the password inside the path or the query: /stream?user=a&pwd=b, /user=a_password=b_channel=1.
QString withoutSecrets(QString shown)
{
    static const QRegularExpression secret(
        QStringLiteral("((?:pass(?:wor[dt]|wd|phrase)?|pwd|pw|secret|token|auth|api_?key)=)[^&/;]*"),
        QRegularExpression::CaseInsensitiveOption);
    return shown.replace(secret, QStringLiteral("\\1***"));
}

Result<SourceAddress> network(const std::string &uri, const std::string &scheme)
{
    const QUrl url(QString::fromStdString(uri), QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty()) // Qt's own reason would quote the whole address, password included
        return refused("this is not a complete " + scheme + " address", scheme + "://");
    return SourceAddress{scheme, url.toString(QUrl::FullyEncoded).toStdString(),
                         withoutSecrets(url.toString(QUrl::FullyEncoded | QUrl::RemoveUserInfo)).toStdString()};
}

Result<SourceAddress> demonstrationLine(const std::filesystem::path &resources)
{
    const std::filesystem::path clip = resources / "demo" / "line.mp4";
    const std::filesystem::path pictures = resources / "demo" / "line";
    std::error_code error;
    if (std::filesystem::is_regular_file(clip, error))
        return SourceAddress{"file", "file:" + clip.string(), "sim:", true};
    if (std::filesystem::is_directory(pictures, error))
        return SourceAddress{"folder", "folder:" + pictures.string(), "sim:", true};
    return failure(code::FileNotFound, "the demonstration line is missing: " + clip.string(), clip.string());
}

} // namespace

SourceAddress withLogin(SourceAddress address, const std::string &user, const std::string &password)
{
    QUrl url(QString::fromStdString(address.opened), QUrl::StrictMode);
    url.setUserName(QString::fromStdString(user), QUrl::DecodedMode);
    url.setPassword(QString::fromStdString(password), QUrl::DecodedMode);
    address.opened = url.toString(QUrl::FullyEncoded).toStdString();
    return address;
}

Result<SourceAddress> parseSourceAddress(const std::string &uri, const std::filesystem::path &resources)
{
    const std::size_t colon = uri.find(':');
    if (colon == std::string::npos)
        return refused("it has no scheme", "");
    const std::string scheme = uri.substr(0, colon);
    const std::string target = uri.substr(colon + 1);
    if (hasControlCharacter(uri))
        return refused("it holds control characters", scheme + ":");
    if (scheme == "sim" && target.empty())
        return demonstrationLine(resources);
    if (scheme == "uvc")
        return webcam(target);
    if (scheme == "file" || scheme == "folder")
        return local(scheme, target);
    if (scheme == "rtsp" || scheme == "rtsps" || scheme == "http" || scheme == "https")
        return network(uri, scheme);
    return refused("unknown kind of source", "");
}

} // namespace auroraedge::app
