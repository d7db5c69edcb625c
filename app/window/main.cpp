// auroraedge-inspector: what is made in which order, who owns it, and how it ends.

#include "app/engine_host/engine_module.h"
#include "app/engine_host/process_environment.h"
#include "app/plugins/source_catalogue.h"
#include "app/settings/account.h"
#include "app/settings/data_folder.h"
#include "app/settings/instance_lock.h"
#include "app/settings/resources.h"
#include "app/window/inspection_session.h"
#include "app/window/kept_theme.h"
#include "app/window/key_log.h"
#include "app/window/key_replay.h"
#include "app/window/language.h"
#include "app/window/loop_watch.h"
#include "app/window/quit_signals.h"
#include "app/window/screenshots.h"
#include "app/window/soak.h"
#include "app/window/start_up.h"
#include "app/window/station_lists.h"
#include "app/window/window_options.h"
#include "ui/main_window.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QDir>
#include <QTemporaryDir>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <malloc.h>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace {

using namespace auroraedge;
using namespace auroraedge::app;

int fail(const Error &error)
{
    std::cerr << error.code.text() << ": " << error.message << '\n';
    return exitCodeOf(error.code);
}

/// Called on the inference thread: the module is opened, used and closed there.
Result<std::shared_ptr<Engine>> openEngine()
{
    Result<EngineModule> module = EngineModule::open();
    if (!module)
        return failure(module.error());
    const auto owner = std::make_shared<EngineModule>(std::move(*module));
    return std::shared_ptr<Engine>(owner, &owner->engine());
}

LoadOptions loadOptionsOf(const WindowOptions &options)
{
    LoadOptions load;
    load.device = options.device;
    load.threads = options.threads;
    for (const Precision precision : {Precision::Fp32, Precision::Bf16, Precision::Fp16}) {
        if (options.precision == precisionName(precision))
            load.precision = precision;
    }
    return load;
}

/// The window and its threads, from the first to the last of them. @param keys to replay; empty: none.
int runWindow(QApplication &application, const WindowOptions &options, StationParts parts, std::vector<KeyStep> keys)
{
    const std::filesystem::path themeFile = parts.dataFolder.root() / "window.json";
    ui::Theme theme(options.theme.empty()        ? keptTheme(themeFile).value_or(ui::ThemeKind::Dark)
                    : options.theme == "light" ? ui::ThemeKind::Light
                                               : ui::ThemeKind::Dark);
    theme.applyTo(application);
    ui::MainWindow window(theme);
    const ThemeKeeper keeper(window, themeFile);

    const int presets = static_cast<int>(parts.presets.size());
    InspectionSession session(window, std::move(parts)); // ends its threads when it goes, before the window
    if (options.page == "models")
        window.showPage(ui::MainWindow::Page::Models);
    if (options.page == "review")
        window.showPage(ui::MainWindow::Page::Review);
    if (options.page == "batch")
        window.showPage(ui::MainWindow::Page::Batch);
    if (options.page == "statistics")
        window.showPage(ui::MainWindow::Page::Statistics);
    window.show();
    if (const std::string source = options.soakMinutes > 0 ? "sim:" : options.source; !source.empty())
        session.openSource(QString::fromStdString(source));
    session.loadModel(QString::fromStdString(options.model));

    const LoopWatch watch;
    const StartUp startUp(window, session);
    if (!keys.empty()) {
        const KeyReplay replay(window, session, std::move(keys), std::cout);
        const int ended = QApplication::exec();
        return replay.failure() ? fail(*replay.failure()) : replay.isComplete() ? ended : exitCodeOf(code::Cancelled);
    }
    if (options.soakMinutes == 0)
        return QApplication::exec();
    const std::chrono::duration<double, std::ratio<60>> length(options.soakMinutes);
    const Soak soak(window, session, watch, presets, std::chrono::ceil<std::chrono::milliseconds>(length));
    QApplication::exec();
    if (soak.isComplete())
        std::cout << soak.report() << std::endl;
    return soak.isComplete() ? 0 : exitCodeOf(code::Internal);
}

/// The application in the language and size that were asked for.
std::unique_ptr<QApplication> makeApplication(int &argc, char **argv, const WindowOptions &options)
{
    if (options.scale != 1)
        qputenv("QT_SCALE_FACTOR", QByteArray::number(options.scale)); // read by the application's constructor
    auto application = std::make_unique<QApplication>(argc, argv);
    QApplication::setApplicationName(QStringLiteral("auroraedge-inspector"));
    QApplication::setApplicationDisplayName(QStringLiteral("AuroraEdge Inspector"));
    QApplication::setApplicationVersion(QStringLiteral(AURORAEDGE_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("auroraedge-inspector"));
    useLanguage(*application, options.language);
    return application;
}

int runScreenshots(int argc, char **argv, const WindowOptions &options)
{
    const std::unique_ptr<QApplication> application = makeApplication(argc, argv, options);
    const Result<int> written = writeScreenshots(*application, {options.screenshots, resourceFolder() / "demo" / "pictures",
                                                                options.language.empty() ? "en" : options.language, options.scale, options.theme});
    if (!written)
        return fail(written.error());
    std::cout << *written << " pictures in " << options.screenshots << '\n';
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    takeClosedStreams();
    prepareEnvironment(argv); // before anything is begun: may start the program again
    mallopt(M_ARENA_MAX, 2); // a heap for each thread would hold what pictures and pages have left in it: 10 MB of a walk

    const Result<WindowOptions> options = parseWindowOptions({argv + 1, argv + argc});
    if (!options)
        return fail(options.error());
    if (options->wantsHelp || options->wantsVersion) {
        std::cout << (options->wantsHelp ? windowUsage() : "auroraedge-inspector " AURORAEDGE_VERSION "\n");
        return 0;
    }

    if (!options->screenshots.empty())
        return runScreenshots(argc, argv, *options);
    std::vector<KeyStep> keys;
    if (!options->keyLog.empty()) {
        Result<std::vector<KeyStep>> read = readKeyLog(options->keyLog); // before anything is opened
        if (!read)
            return fail(read.error());
        keys = *std::move(read);
    }

    std::optional<QTemporaryDir> ownFolder; // a soak leaves nothing behind
    if (options->soakMinutes > 0 && options->dataFolder.empty())
        ownFolder.emplace(QDir::tempPath() + QStringLiteral("/auroraedge-soak-XXXXXX"));
    const DataFolder dataFolder
        = DataFolder::resolve(ownFolder ? std::filesystem::path(ownFolder->path().toStdString()) : options->dataFolder);
    if (const Result<void> created = dataFolder.create(); !created)
        return fail(created.error());
    const Result<InstanceLock> lock = InstanceLock::acquire(dataFolder.windowLockFile()); // held until the end
    if (!lock)
        return fail(lock.error());

    StationParts parts{.dataFolder = dataFolder,
                       .resources = resourceFolder(),
                       .sources = std::make_shared<const SourceCatalogue>(
                           SourceCatalogue::discover(executableFolder() / "plugins")),
                       .openEngine = openEngine,
                       .presets = {},
                       .loadOptions = loadOptionsOf(*options),
                       .account = accountName(),
                       .reviewer = options->reviewer};
    for (const SourcePlugin &plugin : parts.sources->plugins()) {
        if (plugin.refusal)
            fail(*plugin.refusal); // told; the program works without it
    }
    StationLists lists = readStationLists(dataFolder, parts.resources);
    for (const Error &error : lists.missing)
        fail(error);
    for (const Error &error : lists.unread)
        fail(error); // for the log; the window tells it, too
    parts.presets = std::move(lists.presets);
    parts.defectClasses = std::move(lists.defectClasses);
    parts.shifts = std::move(lists.shifts);
    parts.unreadLists = std::move(lists.unread);

    const std::unique_ptr<QApplication> application = makeApplication(argc, argv, *options);
    const QuitSignals signalsEndTheLoop;

    const int exitCode = runWindow(*application, *options, std::move(parts), std::move(keys));
    ownFolder.reset();
    if (CaptureWorker::abandonedReaders() > 0)
        std::_Exit(exitCode); // a thread is inside a driver; what it uses must not be destroyed under it
    return exitCode;
}
