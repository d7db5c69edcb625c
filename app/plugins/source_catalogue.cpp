#include "app/plugins/source_catalogue.h"

#include "plugins/api/frame_source_factory.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QPluginLoader>

#include <algorithm>
#include <exception>
#include <mutex>

namespace auroraedge::app {

struct SourceCatalogue::Content
{
    std::vector<SourcePlugin> plugins; ///< sorted by file
    std::mutex loading;                ///< guards the loading of libraries and the factories behind it
};

namespace {

Error refusal(ErrorCode code, const std::string &name, const std::string &why)
{
    return {code, "plugin '" + name + "' " + why, name};
}

/// The number behind the slash of an interface id, or what there is instead.
std::string versionOf(const QString &interfaceId)
{
    return interfaceId.section(QLatin1Char('/'), -1).toStdString();
}

std::optional<Error> whyNotTrusted(const std::filesystem::path &file, const std::filesystem::path &folder,
                                   const std::string &name)
{
    std::error_code error;
    const std::filesystem::path real = std::filesystem::canonical(file, error);
    if (error || real.parent_path() != std::filesystem::canonical(folder, error))
        return refusal(code::PluginNotTrusted, name, "is not trusted: it is a link out of the plugin folder");
    const std::filesystem::perms rights = std::filesystem::status(real, error).permissions();
    if (error || (rights & std::filesystem::perms::others_write) != std::filesystem::perms::none)
        return refusal(code::PluginNotTrusted, name, "is not trusted: everybody may write to it");
    return std::nullopt;
}

SourcePlugin inspectPlugin(const std::filesystem::path &file, const std::filesystem::path &folder)
{
    SourcePlugin plugin;
    plugin.file = file;
    plugin.name = file.stem().string();
    plugin.refusal = whyNotTrusted(file, folder, plugin.name);
    if (plugin.refusal)
        return plugin;

    const QJsonObject all = QPluginLoader(QString::fromStdString(file.string())).metaData(); // reads, does not load
    const QString interfaceId = all.value(QLatin1String("IID")).toString();
    const QString family = QString::fromLatin1(AURORAEDGE_FRAME_SOURCE_IID).section(QLatin1Char('/'), 0, 0);
    if (interfaceId.section(QLatin1Char('/'), 0, 0) != family) {
        plugin.refusal = refusal(code::PluginVersion, plugin.name, "is no picture source of this program");
    } else if (interfaceId != QLatin1String(AURORAEDGE_FRAME_SOURCE_IID)) {
        plugin.refusal = refusal(code::PluginVersion, plugin.name,
                                 "is for version " + versionOf(interfaceId) + ", this is "
                                     + versionOf(QString::fromLatin1(AURORAEDGE_FRAME_SOURCE_IID)));
    } else if (all.value(QLatin1String("debug")).toBool()) {
        plugin.refusal = refusal(code::PluginVersion, plugin.name, "is a debug build");
    }
    if (plugin.refusal)
        return plugin;

    const QJsonObject own = all.value(QLatin1String("MetaData")).toObject();
    for (const QJsonValue scheme : own.value(QLatin1String("schemes")).toArray())
        plugin.schemes.push_back(scheme.toString().toStdString());
    if (plugin.schemes.empty())
        plugin.refusal = refusal(code::PluginVersion, plugin.name, "does not say which addresses it reads");
    const QJsonObject environment = own.value(QLatin1String("environment")).toObject();
    for (auto variable = environment.begin(); variable != environment.end(); ++variable) {
        const QByteArray name = variable.key().toLatin1();
        if (!qEnvironmentVariableIsSet(name.constData()))
            qputenv(name.constData(), variable.value().toString().toUtf8());
    }
    return plugin;
}

} // namespace

SourceCatalogue::SourceCatalogue(std::unique_ptr<Content> content) : m_content(std::move(content)) {}
SourceCatalogue::SourceCatalogue(SourceCatalogue &&) noexcept = default;
SourceCatalogue::~SourceCatalogue() = default;

SourceCatalogue SourceCatalogue::discover(const std::filesystem::path &folder)
{
    auto content = std::make_unique<Content>();
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        if (entry->path().extension() == ".so")
            content->plugins.push_back(inspectPlugin(entry->path(), folder));
    }
    std::ranges::sort(content->plugins, {}, &SourcePlugin::file);
    return SourceCatalogue(std::move(content));
}

const std::vector<SourcePlugin> &SourceCatalogue::plugins() const
{
    return m_content->plugins;
}

Result<std::unique_ptr<plugins::FrameSource>> SourceCatalogue::create(const SourceAddress &address) const
{
    const auto plugin = std::ranges::find_if(m_content->plugins, [&](const SourcePlugin &candidate) {
        return !candidate.refusal && std::ranges::find(candidate.schemes, address.scheme) != candidate.schemes.end();
    });
    if (plugin == m_content->plugins.end())
        return failure(code::PluginVersion, "there is no plugin for " + address.scheme + ": sources", address.scheme);

    const std::lock_guard lock(m_content->loading);
    try {
        // The library is not unloaded when the loader goes: that would need unload().
        QPluginLoader loader(QString::fromStdString(plugin->file.string()));
        const auto *factory = qobject_cast<plugins::FrameSourceFactory *>(loader.instance());
        if (!factory)
            return failure(refusal(code::PluginVersion, plugin->name,
                                   "cannot be loaded: " + loader.errorString().toStdString()));
        return factory->create();
    } catch (const std::exception &e) {
        return failure(refusal(code::PluginOff, plugin->name, std::string("switched off: ") + e.what()));
    }
}

} // namespace auroraedge::app
