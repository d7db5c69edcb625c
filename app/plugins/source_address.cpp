#include "app/plugins/source_address.h"

#include <QHash>
#include <QRegularExpression>
#include <QString>
#include <QUrl>

#include <algorithm>
#include <cctype>
#include <string_view>

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
    // What the system leaves in the names of devices: of a maker's own words letters of any script.
    const bool isPlain = !id.empty() && std::ranges::all_of(id, [](unsigned char c) {
        return std::isalnum(c) != 0 || c >= 0x80 || std::string_view("-_.:+#=@\\").find(static_cast<char>(c)) != std::string_view::npos;
    });
    if (!isPlain || id.find("..") != std::string::npos)
        return refused("a webcam is named by letters, digits and -_.:+#=@", "uvc:");
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
const QRegularExpression &secretPattern()
{
    static const QRegularExpression secret(
        QStringLiteral("((?:pass(?:wor[dt]|wd|phrase)?|pwd|pw|secret|token|auth|api_?key)=)([^&/;]*)"),
        QRegularExpression::CaseInsensitiveOption);
    return secret;
}

constexpr QLatin1String kHidden("***");

QString withoutSecrets(QString shown)
{
    return shown.replace(secretPattern(), QStringLiteral("\\1") + kHidden);
}

Result<SourceAddress> network(const std::string &uri, const std::string &scheme)
{
    const QUrl url(QString::fromStdString(uri), QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty()) // Qt's own reason would quote the whole address, password included
        return refused("this is not a complete " + scheme + " address", scheme + "://");
    // "rtsp://user:a/b@host": what is meant as a password would be taken for host and path, and be shown.
    if (url.toString(QUrl::FullyEncoded | QUrl::RemoveScheme | QUrl::RemoveAuthority).contains(QLatin1Char('@')))
        return refused("there is an @ behind the host; write it as %40, and in a login / as %2F, ? as %3F and # as %23", scheme + "://");
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

std::string withSecretsOf(const std::string &kept, const std::string &typed)
{
    QHash<QString, QString> secrets; // by name
    for (auto match = secretPattern().globalMatch(QString::fromStdString(kept)); match.hasNext();) {
        const QRegularExpressionMatch secret = match.next();
        secrets.insert(secret.captured(1), secret.captured(2));
    }
    QString whole = QString::fromStdString(typed);
    for (auto secret = secrets.begin(); secret != secrets.end(); ++secret)
        whole.replace(secret.key() + kHidden, secret.key() + secret.value());
    return whole.toStdString();
}

Result<SourceAddress> parseSourceAddress(const std::string &uri, const std::filesystem::path &resources)
{
    const std::size_t colon = uri.find(':');
    if (colon == std::string::npos)
        return refused("it has no scheme", "");
    std::string scheme = uri.substr(0, colon);
    std::ranges::transform(scheme, scheme.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
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
