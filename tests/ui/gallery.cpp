// ui_gallery OUT [--pictures FOLDER]... [--size WxH] [--only NAME]: every state of the window, dark and light, as PNG.

#include "tests/ui/scenes.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QTextStream>


using namespace auroraedge::ui;

namespace {

QList<QImage> readPictures(const QStringList &folders)
{
    QList<QImage> pictures;
    for (const QString &folder : folders) {
        QStringList files = QDir(folder).entryList({QStringLiteral("*.jpg"), QStringLiteral("*.png")}, QDir::Files, QDir::Name);
        const qsizetype step = qMax<qsizetype>(1, files.size() / 6);
        for (qsizetype index = 0; index < files.size(); index += step)
            pictures.append(QImage(folder + QLatin1Char('/') + files.at(index)).convertToFormat(QImage::Format_RGB888));
    }
    pictures.removeIf([](const QImage &picture) { return picture.isNull(); });
    return pictures;
}

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    QApplication::setApplicationVersion(QStringLiteral("0.1.0"));
    QCommandLineParser parser;
    parser.addPositionalArgument(QStringLiteral("out"), QStringLiteral("folder for the PNG files"));
    const QCommandLineOption picturesOption(QStringLiteral("pictures"), QStringLiteral("folder of pictures, repeatable"), QStringLiteral("folder"));
    const QCommandLineOption sizeOption(QStringLiteral("size"), QStringLiteral("of the window"), QStringLiteral("WxH"), QStringLiteral("1280x800"));
    const QCommandLineOption onlyOption(QStringLiteral("only"), QStringLiteral("one state"), QStringLiteral("name"));
    parser.addOptions({picturesOption, sizeOption, onlyOption});
    parser.addHelpOption();
    parser.process(application);
    if (parser.positionalArguments().size() != 1)
        parser.showHelp(2);
    const QDir out(parser.positionalArguments().constFirst());
    if (!out.mkpath(QStringLiteral(".")))
        return 5;
    const QStringList size = parser.value(sizeOption).split(QLatin1Char('x'));

    const tests::Scenes scenes(readPictures(parser.values(picturesOption)));
    Theme theme;
    theme.applyTo(application);
    int written = 0;
    for (const ThemeKind kind : {ThemeKind::Dark, ThemeKind::Light}) {
        theme.setKind(kind);
        for (const QString &name : tests::Scenes::names()) {
            if (parser.isSet(onlyOption) && parser.value(onlyOption) != name)
                continue;
            MainWindow window(theme);
            window.resize(size.value(0).toInt(), size.value(1).toInt());
            window.show();
            application.processEvents();
            scenes.play(window, name);
            application.processEvents();
            application.processEvents();
            const QString file = out.filePath(QStringLiteral("%1-%2.png").arg(name, kind == ThemeKind::Dark ? QStringLiteral("dark") : QStringLiteral("light")));
            if (!window.grab().save(file))
                return 5;
            ++written;
        }
    }
    QTextStream(stdout) << written << " pictures in " << out.path() << '\n';
    return 0;
}
