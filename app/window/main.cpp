// auroraedge-inspector: what is made in which order, who owns it, and how it ends.

#include "app/engine_host/engine_module.h"
#include "app/engine_host/process_environment.h"
#include "app/inspection/presets.h"
#include "app/plugins/source_catalogue.h"
#include "app/settings/data_folder.h"
#include "app/settings/instance_lock.h"
#include "app/settings/resources.h"
#include "app/window/inspection_session.h"
#include "app/window/quit_signals.h"
#include "app/window/window_options.h"
#include "ui/main_window.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QLocale>
#include <QTranslator>

#include <cstdlib>
#include <iostream>
#include <optional>

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

/// The window and its threads, from the first to the last of them.
int runWindow(QApplication &application, const WindowOptions &options, StationParts parts)
{
    ui::Theme theme(options.theme == "light" ? ui::ThemeKind::Light : ui::ThemeKind::Dark);
    theme.applyTo(application);
    ui::MainWindow window(theme);

    InspectionSession session(window, std::move(parts)); // ends its threads when it goes, before the window
    if (options.page == "models")
        window.showPage(ui::MainWindow::Page::Models);
    window.show();
    if (!options.source.empty())
        session.openSource(QString::fromStdString(options.source));
    session.loadModel(QString::fromStdString(options.model));

    return QApplication::exec();
}

} // namespace

int main(int argc, char **argv)
{
    prepareEnvironment(argv); // first: may start the program again

    const Result<WindowOptions> options = parseWindowOptions({argv + 1, argv + argc});
    if (!options)
        return fail(options.error());
    if (options->wantsHelp || options->wantsVersion) {
        std::cout << (options->wantsHelp ? windowUsage() : "auroraedge-inspector " AURORAEDGE_VERSION "\n");
        return 0;
    }

    const DataFolder dataFolder = DataFolder::resolve(options->dataFolder);
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
                       .loadOptions = loadOptionsOf(*options)};
    for (const SourcePlugin &plugin : parts.sources->plugins()) {
        if (plugin.refusal)
            fail(*plugin.refusal); // told; the program works without it
    }
    if (Result<std::vector<Preset>> presets = readPresets(parts.resources / "demo" / "presets.json"); presets)
        parts.presets = std::move(*presets);
    else
        fail(presets.error());

    if (options->scale != 1)
        qputenv("QT_SCALE_FACTOR", QByteArray::number(options->scale)); // read by the application's constructor
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("auroraedge-inspector"));
    QApplication::setApplicationDisplayName(QStringLiteral("AuroraEdge Inspector"));
    QApplication::setDesktopFileName(QStringLiteral("auroraedge-inspector"));
    const QuitSignals signalsEndTheLoop;
    QTranslator translator;
    const QLocale locale = options->language.empty() ? QLocale::system() : QLocale(QString::fromStdString(options->language));
    if (translator.load(locale, QStringLiteral("auroraedge"), QStringLiteral("_"), QStringLiteral(":/i18n")))
        QApplication::installTranslator(&translator);

    const int exitCode = runWindow(application, *options, std::move(parts));
    if (CaptureWorker::abandonedReaders() > 0)
        std::_Exit(exitCode); // a thread is inside a driver; what it uses must not be destroyed under it
    return exitCode;
}
