#include "app/window/told_errors.h"

#include "engine/api/error_code.h"

#include <QCoreApplication>

#include <algorithm>
#include <iterator>

namespace auroraedge::app {
namespace {

constexpr char kContext[] = "Error";

struct ToldError
{
    ErrorCode code;
    const char *text;
};

/// The codes that the window can meet. English is what translators start from; it is never shown itself.
constexpr ToldError kTold[] = {
    {code::ImageIncomplete, QT_TRANSLATE_NOOP("Error", "the picture is incomplete")},
    {code::ImageDamaged, QT_TRANSLATE_NOOP("Error", "the picture is damaged")},
    {code::ImageTooManyPixels, QT_TRANSLATE_NOOP("Error", "the picture has too many pixels")},
    {code::ImageNoPixels, QT_TRANSLATE_NOOP("Error", "the picture has no pixels")},
    {code::ImageSizeOutOfRange, QT_TRANSLATE_NOOP("Error", "the picture is too small or too narrow")},
    {code::ImageUnknownFormat, QT_TRANSLATE_NOOP("Error", "the picture has an unknown format")},
    {code::ImageUniform, QT_TRANSLATE_NOOP("Error", "the picture shows one even colour; is the lens covered?")},
    {code::ImageFileTooLarge, QT_TRANSLATE_NOOP("Error", "the picture file is too large")},
    {code::ImageChanged, QT_TRANSLATE_NOOP("Error", "the picture file changed while it was read")},
    {code::FileUnreadable, QT_TRANSLATE_NOOP("Error", "the file cannot be read")},
    {code::FileNotRegular, QT_TRANSLATE_NOOP("Error", "this is no ordinary file")},
    {code::FileNotFound, QT_TRANSLATE_NOOP("Error", "the file or folder was not found")},
    {code::FolderGone, QT_TRANSLATE_NOOP("Error", "the folder is gone")},
    {code::FolderNotWritable, QT_TRANSLATE_NOOP("Error", "the folder cannot be written to")},
    {code::DiskTooFull, QT_TRANSLATE_NOOP("Error", "the disk is nearly full")},
    {code::DiskFull, QT_TRANSLATE_NOOP("Error", "the disk is full")},
    {code::DiskFault, QT_TRANSLATE_NOOP("Error", "the disk reports a fault")},
    {code::SystemLimit, QT_TRANSLATE_NOOP("Error", "a limit of the system is reached")},
    {code::CameraNotFound, QT_TRANSLATE_NOOP("Error", "the camera was not found; check cable and power")},
    {code::CameraNoFrame, QT_TRANSLATE_NOOP("Error", "the source gives no picture")},
    {code::CameraFrozen, QT_TRANSLATE_NOOP("Error", "the picture of the camera is frozen")},
    {code::CameraLogin, QT_TRANSLATE_NOOP("Error", "the camera refused the login")},
    {code::CameraSizeChanged, QT_TRANSLATE_NOOP("Error", "the size of the picture has changed")},
    {code::CameraOther, QT_TRANSLATE_NOOP("Error", "this is another camera than the one expected")},
    {code::CameraBusy, QT_TRANSLATE_NOOP("Error", "another program uses the camera")},
    {code::CameraRate, QT_TRANSLATE_NOOP("Error", "the pictures of the camera come late")},
    {code::CameraAddress, QT_TRANSLATE_NOOP("Error", "this address is not allowed: use rtsp, rtsps, http(s) or a device")},
    {code::DatabaseLocked, QT_TRANSLATE_NOOP("Error", "the database is in use")},
    {code::DatabaseDamaged, QT_TRANSLATE_NOOP("Error", "the database is damaged; nothing of it was deleted")},
    {code::DatabaseNewer, QT_TRANSLATE_NOOP("Error", "the database is of a newer version; it is only read")},
    {code::DatabaseForeign, QT_TRANSLATE_NOOP("Error", "the file is no database of this program")},
    {code::DatabaseMigration, QT_TRANSLATE_NOOP("Error", "the database could not be brought up to date; the old one is unchanged")},
    {code::EvidenceMissing, QT_TRANSLATE_NOOP("Error", "the stored picture is missing")},
    {code::EvidenceAltered, QT_TRANSLATE_NOOP("Error", "the stored picture was altered")},
    {code::ModelFileShort, QT_TRANSLATE_NOOP("Error", "the weight file is too short")},
    {code::ModelTensorMissing, QT_TRANSLATE_NOOP("Error", "weights are missing in the model")},
    {code::ModelTensorShape, QT_TRANSLATE_NOOP("Error", "weights of the model have the wrong shape")},
    {code::ModelNotFinite, QT_TRANSLATE_NOOP("Error", "weights of the model are no numbers")},
    {code::ModelChanged, QT_TRANSLATE_NOOP("Error", "a file of the model was changed")},
    {code::ModelShards, QT_TRANSLATE_NOOP("Error", "parts of the weight file are missing or do not fit")},
    {code::ModelFormat, QT_TRANSLATE_NOOP("Error", "the model has a format that this program does not read")},
    {code::ModelFolder, QT_TRANSLATE_NOOP("Error", "this is no model folder")},
    {code::ConfigValue, QT_TRANSLATE_NOOP("Error", "a value in the model's configuration is not possible")},
    {code::TokenizerMismatch, QT_TRANSLATE_NOOP("Error", "the tokenizer does not fit the model")},
    {code::TokenizerEntry, QT_TRANSLATE_NOOP("Error", "the tokenizer has a damaged entry")},
    {code::TokenizerSpecial, QT_TRANSLATE_NOOP("Error", "the tokenizer lacks a marker that the model needs")},
    {code::QuestionEmpty, QT_TRANSLATE_NOOP("Error", "the question is empty")},
    {code::QuestionTooLong, QT_TRANSLATE_NOOP("Error", "the question is too long")},
    {code::QuestionUnreadable, QT_TRANSLATE_NOOP("Error", "the question holds characters that cannot be read")},
    {code::AnswerNotFinite, QT_TRANSLATE_NOOP("Error", "the model gave no usable answer")},
    {code::RecipeSyntax, QT_TRANSLATE_NOOP("Error", "the file cannot be understood; a bracket or a comma may be missing")},
    {code::RecipeKey, QT_TRANSLATE_NOOP("Error", "the file names a setting that is not known")},
    {code::RecipeValue, QT_TRANSLATE_NOOP("Error", "the file holds a value that is not possible")},
    {code::SettingsDamaged, QT_TRANSLATE_NOOP("Error", "the settings are damaged; the defaults are used")},
    {code::PluginVersion, QT_TRANSLATE_NOOP("Error", "the plugin does not fit this version")},
    {code::PluginNotTrusted, QT_TRANSLATE_NOOP("Error", "the plugin is not trusted: others may write to it")},
    {code::PluginOff, QT_TRANSLATE_NOOP("Error", "the plugin failed and is switched off")},
    {code::GpuAbsent, QT_TRANSLATE_NOOP("Error", "no usable GPU was found")},
    {code::GpuMemoryLoad, QT_TRANSLATE_NOOP("Error", "the GPU has too little memory for this model")},
    {code::GpuMemoryRequest, QT_TRANSLATE_NOOP("Error", "the GPU has too little memory for this question")},
    {code::GpuFailed, QT_TRANSLATE_NOOP("Error", "the GPU failed")},
    {code::MemoryShort, QT_TRANSLATE_NOOP("Error", "there is too little memory")},
    {code::EngineStuck, QT_TRANSLATE_NOOP("Error", "the engine does not answer any more")},
    {code::EngineMissing, QT_TRANSLATE_NOOP("Error", "the engine is missing; install the program again")},
    {code::Cancelled, QT_TRANSLATE_NOOP("Error", "cancelled")},
    {code::Internal, QT_TRANSLATE_NOOP("Error", "an internal error; please report it")},
};

/// It shares its code with other reasons.
constexpr char kDiskBusy[] = QT_TRANSLATE_NOOP("Error", "the disk does not keep up; try again");

QString ownSentenceOf(const Error &error)
{
    return QString::fromStdString(error.message);
}

/// Empty where no translator knows the code.
QString translatedSentenceOf(const Error &error)
{
    const auto told = std::ranges::find(kTold, error.code, &ToldError::code);
    const char *english = error.message == kDiskBusy ? kDiskBusy : told == std::end(kTold) ? "" : told->text;
    const QString text = *english ? QCoreApplication::translate(kContext, english) : QString();
    return text == QLatin1String(english) ? QString() : text;
}

} // namespace

QString sentenceOf(const Error &error)
{
    const QString translated = translatedSentenceOf(error);
    return translated.isEmpty() ? ownSentenceOf(error) : translated;
}

QString toldError(const Error &error)
{
    return QStringLiteral("%1: %2").arg(QString::fromStdString(std::string(error.code.text())), sentenceOf(error));
}

QString detailOf(const Error &error)
{
    const QString object = QString::fromStdString(error.object);
    if (translatedSentenceOf(error).isEmpty())
        return object;
    return object.isEmpty() ? ownSentenceOf(error) : object + QLatin1Char('\n') + ownSentenceOf(error);
}

Error diskBusy()
{
    return {code::DatabaseLocked, kDiskBusy, {}};
}

} // namespace auroraedge::app
