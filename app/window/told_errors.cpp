#include "app/window/told_errors.h"

#include "app/imaging/registration.h"
#include "app/window/view_values.h"
#include "engine/api/error_code.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>
#include <iterator>
#include <string_view>

namespace auroraedge::app {
namespace {

constexpr char kContext[] = "Error";

struct ToldError
{
    ErrorCode code;
    const char *text;
};

/// Every code has words. English is what translators start from, and shown where an error has no sentence of its own.
constexpr ToldError kTold[] = {
    {code::ImageEmpty, QT_TRANSLATE_NOOP("Error", "the picture file is empty")},
    {code::ImageIncomplete, QT_TRANSLATE_NOOP("Error", "the picture is incomplete")},
    {code::ImageDamaged, QT_TRANSLATE_NOOP("Error", "the picture is damaged")},
    {code::ImageTooManyPixels, QT_TRANSLATE_NOOP("Error", "the picture has too many pixels")},
    {code::ImageNoPixels, QT_TRANSLATE_NOOP("Error", "the picture has no pixels")},
    {code::ImageSizeOutOfRange, QT_TRANSLATE_NOOP("Error", "the picture is too small or too narrow")},
    {code::ImageUnknownFormat, QT_TRANSLATE_NOOP("Error", "the picture has an unknown format")},
    {code::ImageAnimated, QT_TRANSLATE_NOOP("Error", "the picture is animated; only still pictures are read")},
    {code::ImageSeveralPages, QT_TRANSLATE_NOOP("Error", "the file holds several pictures; only one is read")},
    {code::ImageCmyk, QT_TRANSLATE_NOOP("Error", "the picture has the colour model CMYK; save it as RGB")},
    {code::ImageDepth, QT_TRANSLATE_NOOP("Error", "the picture does not have 8 bits a colour")},
    {code::ImageAlpha, QT_TRANSLATE_NOOP("Error", "the picture is partly transparent")},
    {code::ImageGrey, QT_TRANSLATE_NOOP("Error", "the picture is grey")},
    {code::ImageMetadata, QT_TRANSLATE_NOOP("Error", "the metadata of the picture is damaged; save it again without")},
    {code::ImageTooManyScans, QT_TRANSLATE_NOOP("Error", "the picture is built from too many scans")},
    {code::ImageTrailingBytes, QT_TRANSLATE_NOOP("Error", "the picture file goes on behind the picture")},
    {code::ImageUniform, QT_TRANSLATE_NOOP("Error", "the picture shows one even colour; is the lens covered?")},
    {code::ImageFileTooLarge, QT_TRANSLATE_NOOP("Error", "the picture file is too large")},
    {code::ImageChanged, QT_TRANSLATE_NOOP("Error", "the picture file changed while it was read")},
    {kGoldenUnlike, QT_TRANSLATE_NOOP("Error", "the picture does not show what the golden picture shows, or is that picture itself")},
    {code::FileUnreadable, QT_TRANSLATE_NOOP("Error", "the file cannot be read")},
    {code::FileNotRegular, QT_TRANSLATE_NOOP("Error", "this is no ordinary file")},
    {code::FileLinkLoop, QT_TRANSLATE_NOOP("Error", "the link leads back to itself")},
    {code::FileLinkOutside, QT_TRANSLATE_NOOP("Error", "the link leads out of the folder")},
    {code::FilePathTooLong, QT_TRANSLATE_NOOP("Error", "the path of the file is too long")},
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
    {code::DatabaseOnNetwork, QT_TRANSLATE_NOOP("Error", "the database is on a network drive; choose a folder of this computer")},
    {code::DatabaseSchema, QT_TRANSLATE_NOOP("Error", "the database is not built as it should be")},
    {code::EvidenceMissing, QT_TRANSLATE_NOOP("Error", "the stored picture is missing")},
    {code::EvidenceAltered, QT_TRANSLATE_NOOP("Error", "the stored picture was altered")},
    {code::AlreadyRunning, QT_TRANSLATE_NOOP("Error", "another program is at work there already")},
    {code::ModelFileShort, QT_TRANSLATE_NOOP("Error", "the weight file is too short")},
    {code::ModelHeaderLength, QT_TRANSLATE_NOOP("Error", "the weight file says an impossible length of its header")},
    {code::ModelHeaderJson, QT_TRANSLATE_NOOP("Error", "the header of the weight file cannot be understood")},
    {code::ModelTensorTwice, QT_TRANSLATE_NOOP("Error", "the weight file names weights twice")},
    {code::ModelTensorOutside, QT_TRANSLATE_NOOP("Error", "weights lie outside of the weight file")},
    {code::ModelTensorOverlap, QT_TRANSLATE_NOOP("Error", "weights in the weight file overlap")},
    {code::ModelHole, QT_TRANSLATE_NOOP("Error", "the weight file has a gap between its weights")},
    {code::ModelTensorBytes, QT_TRANSLATE_NOOP("Error", "the size of weights in the file does not fit their shape")},
    {code::ModelShape, QT_TRANSLATE_NOOP("Error", "weights in the file have an impossible shape")},
    {code::ModelDtype, QT_TRANSLATE_NOOP("Error", "weights in the file are of a kind that this program does not read")},
    {code::ModelTooManyTensors, QT_TRANSLATE_NOOP("Error", "the weight file names too many weights")},
    {code::ModelTensorMissing, QT_TRANSLATE_NOOP("Error", "weights are missing in the model")},
    {code::ModelTensorSurplus, QT_TRANSLATE_NOOP("Error", "the weight file holds weights that the model does not use")},
    {code::ModelTensorShape, QT_TRANSLATE_NOOP("Error", "weights of the model have the wrong shape")},
    {code::ModelNotFinite, QT_TRANSLATE_NOOP("Error", "weights of the model are no numbers")},
    {code::ModelConstant, QT_TRANSLATE_NOOP("Error", "weights of the model have the same value throughout")},
    {code::ModelChanged, QT_TRANSLATE_NOOP("Error", "a file of the model was changed")},
    {code::ModelShards, QT_TRANSLATE_NOOP("Error", "parts of the weight file are missing or do not fit")},
    {code::ModelFormat, QT_TRANSLATE_NOOP("Error", "the model has a format that this program does not read")},
    {code::ModelNotApproved, QT_TRANSLATE_NOOP("Error", "the files of the model are not as SHA256SUMS lists them")},
    {code::ModelFolder, QT_TRANSLATE_NOOP("Error", "this is no model folder")},
    {code::ConfigValue, QT_TRANSLATE_NOOP("Error", "a value in the model's configuration is not possible")},
    {code::TokenizerMismatch, QT_TRANSLATE_NOOP("Error", "the tokenizer does not fit the model")},
    {code::TokenizerEntry, QT_TRANSLATE_NOOP("Error", "the tokenizer has a damaged entry")},
    {code::TokenizerSpecial, QT_TRANSLATE_NOOP("Error", "the tokenizer lacks a marker that the model needs")},
    {code::QuestionEmpty, QT_TRANSLATE_NOOP("Error", "the question is empty")},
    {code::QuestionTooLong, QT_TRANSLATE_NOOP("Error", "the question is too long")},
    {code::QuestionUnreadable, QT_TRANSLATE_NOOP("Error", "the question holds characters that cannot be read")},
    {code::AnswerNotAVerdict, QT_TRANSLATE_NOOP("Error", "the answer gives no verdict")},
    {code::AnswerNotFinite, QT_TRANSLATE_NOOP("Error", "the model gave no usable answer")},
    {code::AnswerMargin, QT_TRANSLATE_NOOP("Error", "the model is not sure enough")},
    {code::AnswersDisagree, QT_TRANSLATE_NOOP("Error", "the answers disagree")},
    {code::RecipeSyntax, QT_TRANSLATE_NOOP("Error", "the file cannot be understood; a bracket or a comma may be missing")},
    {code::RecipeKey, QT_TRANSLATE_NOOP("Error", "the file names a setting that is not known")},
    {code::RecipeVersion, QT_TRANSLATE_NOOP("Error", "the file is of a version that this program does not read")},
    {code::RecipeValue, QT_TRANSLATE_NOOP("Error", "the file holds a value that is not possible")},
    {code::RecipeName, QT_TRANSLATE_NOOP("Error", "the name is not allowed")},
    {code::RecipeNotApproved, QT_TRANSLATE_NOOP("Error", "the recipe is not approved")},
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
    {code::SelfTestFailed, QT_TRANSLATE_NOOP("Error", "the self-test of the engine failed")},
    {code::EngineMissing, QT_TRANSLATE_NOOP("Error", "the engine is missing; install the program again")},
    {code::Usage, QT_TRANSLATE_NOOP("Error", "this is not possible")},
    {code::Cancelled, QT_TRANSLATE_NOOP("Error", "cancelled")},
    {code::Internal, QT_TRANSLATE_NOOP("Error", "an internal error; please report it")},
};

/// What the engine says without a code: warnings of a model, why it runs where it does, and what its parts are.
struct EngineSentence
{
    const char *pattern; ///< its parts in brackets take the places in the text
    const char *text;
};
constexpr EngineSentence kEngineSentences[] = {
    {"connectors untrained: .*", QT_TRANSLATE_NOOP("Error", "the connectors are untrained: answers mean nothing yet")},
    {"no part is called OK by this product yet: .*",
     QT_TRANSLATE_NOOP("Error", "this product calls no part OK yet: too few good pictures were held out to promise it")},
    {"the thresholds of this product were chosen at (.*) and it runs at (.*): .*",
     QT_TRANSLATE_NOOP("Error", "the thresholds of this product were chosen at %1 and it runs at %2: evaluate it before its verdicts are relied on")},
    {"(\\d+) tensors of the file are not used: (.*)", QT_TRANSLATE_NOOP("Error", "%1 tensors of the file are not used: %2")},
    {"MOD-16: every value is the same in (.*)", QT_TRANSLATE_NOOP("Error", "MOD-16: every value is the same in %1")},
    {"CPU was chosen", QT_TRANSLATE_NOOP("Error", "the CPU was chosen")},
    {"CPU: no usable GPU: .*", QT_TRANSLATE_NOOP("Error", "no usable GPU was found")},
    {"CPU: cuda:\\d+ is too small: needs (.*), (.*) free; .*", QT_TRANSLATE_NOOP("Error", "the GPU is too small: needs %1, %2 are free")},
    {"cuda:\\d+: (.*) needed, (.*) free", QT_TRANSLATE_NOOP("Error", "%1 are needed, %2 are free")},
    {"(\\d+) wide, (\\d+) layers, (\\d+) heads, MLP (\\d+), patch (\\d+)",
     QT_TRANSLATE_NOOP("Error", "%1 wide, %2 layers, %3 heads, MLP %4, patch %5")},
    {"(\\d+) wide, (\\d+) layers, (\\d+) heads, MLP (\\d+), patch (\\d+), picture (\\d+)",
     QT_TRANSLATE_NOOP("Error", "%1 wide, %2 layers, %3 heads, MLP %4, patch %5, picture %6")},
    {"(\\d+) wide, (\\d+) layers, (\\d+) heads \\((\\d+) KV\\), MLP (\\d+), vocabulary (\\d+)",
     QT_TRANSLATE_NOOP("Error", "%1 wide, %2 layers, %3 heads (%4 KV), MLP %5, vocabulary %6")},
    {"(\\d+) wide, (\\d+) layers, (\\d+) heads \\((\\d+) KV\\), MLP (\\d+), vocabulary (\\d+), tied head",
     QT_TRANSLATE_NOOP("Error", "%1 wide, %2 layers, %3 heads (%4 KV), MLP %5, vocabulary %6, tied head")},
    {"ldpv2, (\\d+) -> (\\d+) wide, (\\d+) -> (\\d+) tokens", QT_TRANSLATE_NOOP("Error", "ldpv2, %1 -> %2 wide, %3 -> %4 tokens")},
    {"(.*) weights, (.*) keys and values of the longest question, (.*) features of (\\d+) pictures",
     QT_TRANSLATE_NOOP("Error", "%1 weights, %2 keys and values of the longest question, %3 features of %4 pictures")},
};

/// It shares its code with other reasons.
constexpr char kDiskBusy[] = QT_TRANSLATE_NOOP("Error", "the disk does not keep up; try again");

/// What translators start from; empty for a code that is not known here.
const char *englishOf(std::string_view code, std::string_view ownSentence)
{
    if (ownSentence == kDiskBusy)
        return kDiskBusy;
    const auto told = std::ranges::find(kTold, code, [](const ToldError &each) { return each.code.text(); });
    return told == std::end(kTold) ? "" : told->text;
}

/// Empty where no translator knows the code.
QString translatedSentenceOf(std::string_view code, std::string_view ownSentence)
{
    const char *english = englishOf(code, ownSentence);
    const QString text = *english ? QCoreApplication::translate(kContext, english) : QString();
    return text == QLatin1String(english) ? QString() : text;
}

} // namespace

QString sentenceOf(std::string_view code, std::string_view ownSentence)
{
    const QString translated = translatedSentenceOf(code, ownSentence);
    if (!translated.isEmpty())
        return translated;
    return ownSentence.empty() ? QString::fromLatin1(englishOf(code, {})) : textOf(ownSentence);
}

QString sentenceOf(const Error &error)
{
    return sentenceOf(error.code.text(), error.message);
}

QString toldError(const Error &error)
{
    return QStringLiteral("%1: %2").arg(codeOf(error), sentenceOf(error));
}

QString detailOf(const Error &error)
{
    const QString object = textOf(error.object);
    if (translatedSentenceOf(error.code.text(), error.message).isEmpty())
        return object;
    const QString own = textOf(error.message);
    return object.isEmpty() ? own : object + QLatin1Char('\n') + own;
}

QString toldLine(const QString &line)
{
    static const QRegularExpression kCoded(QRegularExpression::anchoredPattern(QStringLiteral("([A-Z]{2,4}-[0-9]{2}): (.*)")));
    const QRegularExpressionMatch match = kCoded.match(line);
    if (!match.hasMatch())
        return line;
    const QString code = match.captured(1), own = match.captured(2);
    const QString translated = translatedSentenceOf(code.toStdString(), own.toStdString());
    return translated.isEmpty() ? line : QStringLiteral("%1: %2 (%3)").arg(code, translated, own);
}

QString wordsOf(std::string_view engineSentence)
{
    const QString own = textOf(engineSentence);
    for (const EngineSentence &known : kEngineSentences) {
        const QRegularExpression pattern(QRegularExpression::anchoredPattern(QLatin1String(known.pattern)));
        const QRegularExpressionMatch match = pattern.match(own);
        if (!match.hasMatch())
            continue;
        QString words = QCoreApplication::translate(kContext, known.text);
        if (words == QLatin1String(known.text))
            return own;
        for (const QString &part : match.capturedTexts().mid(1))
            words = words.arg(part);
        return words;
    }
    return own;
}

Error diskBusy()
{
    return {code::DatabaseLocked, kDiskBusy, {}};
}

} // namespace auroraedge::app
