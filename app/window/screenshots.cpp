#include "app/window/screenshots.h"

#include "ui/gallery/scenes.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QEventLoop>

namespace auroraedge::app {
namespace {

constexpr qint64 kActiveWithinMs = 500; ///< on a screen that makes no window active, the pictures show no focus

QList<QImage> picturesIn(const std::filesystem::path &folder)
{
    const QDir directory(QString::fromStdString(folder.string()));
    QList<QImage> pictures;
    for (const QString &file : directory.entryList({QStringLiteral("*.jpg"), QStringLiteral("*.png")}, QDir::Files, QDir::Name)) {
        const QImage picture(directory.filePath(file));
        if (picture.width() >= 300) // the small ones are digits for the model, not views of a line
            pictures.append(picture.convertToFormat(QImage::Format_RGB888));
    }
    return pictures;
}

} // namespace

Result<int> writeScreenshots(QApplication &application, const ScreenshotOptions &options)
{
    const QDir out(QString::fromStdString(options.folder.string()));
    const ui::Scenes scenes(picturesIn(options.pictures));
    const QString tail = QStringLiteral("-%1-%2.png").arg(QString::number(options.scale, 'f', 1), QString::fromStdString(options.language));
    ui::Theme theme;
    theme.applyTo(application);
    int written = 0;
    for (const auto &[kind, name] : {std::pair(ui::ThemeKind::Dark, "dark"), std::pair(ui::ThemeKind::Light, "light")}) {
        if (!options.theme.empty() && options.theme != name)
            continue;
        theme.setKind(kind);
        for (const QString &scene : ui::Scenes::names()) {
            ui::MainWindow window(theme);
            window.resize(1280, 800); // whatever the screen
            window.show();
            window.activateWindow(); // what has the focus is marked
            QElapsedTimer waited;
            for (waited.start(); !window.isActiveWindow() && waited.elapsed() < kActiveWithinMs;)
                QApplication::processEvents(QEventLoop::AllEvents, 10);
            QApplication::processEvents();
            scenes.play(window, scene);
            QApplication::processEvents(); // lays out
            QApplication::processEvents(); // and what the layout has made known
            const bool namesPage = scene.startsWith(QLatin1String("models-")) || scene.startsWith(QLatin1String("review-"))
                || scene.startsWith(QLatin1String("batch-")) || scene.startsWith(QLatin1String("statistics-")) || scene.startsWith(QLatin1String("about-"));
            const QString state = namesPage ? scene : QStringLiteral("live-") + scene;
            const QString file = out.filePath(state + QLatin1Char('-') + QLatin1String(name) + tail);
            if (!out.mkpath(QStringLiteral(".")) || !window.grab().save(file))
                return failure(code::FolderNotWritable, "cannot write " + file.toStdString(), options.folder.string());
            ++written;
        }
    }
    return written;
}

} // namespace auroraedge::app
