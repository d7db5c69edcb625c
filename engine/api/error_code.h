#pragma once

#include <cstddef>
#include <string_view>

namespace auroraedge {

/// A published code such as "IMG-02": stable, shown to users, written to logs, databases and JSON.
/// The full table with texts and effects is in the README of the product. Compared by text.
class ErrorCode final
{
public:
    template <std::size_t Size>
    constexpr explicit ErrorCode(const char (&text)[Size]) : m_text(text, Size - 1)
    {
    }

    [[nodiscard]] constexpr std::string_view text() const { return m_text; }
    /// "IMG" of "IMG-02"; decides the exit code.
    [[nodiscard]] constexpr std::string_view family() const { return m_text.substr(0, m_text.find('-')); }
    friend constexpr bool operator==(ErrorCode, ErrorCode) = default;

private:
    std::string_view m_text; ///< of a string literal, so never dangling
};

namespace code {
inline constexpr ErrorCode ImageEmpty{"IMG-01"}, ImageIncomplete{"IMG-02"}, ImageDamaged{"IMG-03"},
    ImageTooManyPixels{"IMG-04"}, ImageNoPixels{"IMG-05"}, ImageSizeOutOfRange{"IMG-06"},
    ImageUnknownFormat{"IMG-07"}, ImageAnimated{"IMG-08"}, ImageSeveralPages{"IMG-09"}, ImageCmyk{"IMG-10"},
    ImageDepth{"IMG-11"}, ImageAlpha{"IMG-12"}, ImageGrey{"IMG-13"}, ImageMetadata{"IMG-14"},
    ImageTooManyScans{"IMG-15"}, ImageTrailingBytes{"IMG-16"}, ImageUniform{"IMG-17"}, ImageFileTooLarge{"IMG-18"},
    ImageChanged{"IMG-19"};
inline constexpr ErrorCode FileUnreadable{"FS-01"}, FileNotRegular{"FS-02"}, FileLinkLoop{"FS-03"},
    FileLinkOutside{"FS-04"}, FilePathTooLong{"FS-05"}, FolderGone{"FS-06"}, FolderNotWritable{"FS-07"},
    DiskTooFull{"FS-08"}, DiskFull{"FS-09"}, DiskFault{"FS-10"}, SystemLimit{"FS-11"}, FileNotFound{"FS-12"};
inline constexpr ErrorCode CameraNotFound{"CAM-01"}, CameraNoFrame{"CAM-02"}, CameraFrozen{"CAM-03"},
    CameraLogin{"CAM-04"}, CameraSizeChanged{"CAM-05"}, CameraOther{"CAM-06"}, CameraBusy{"CAM-07"},
    CameraRate{"CAM-08"}, CameraAddress{"CAM-09"};
inline constexpr ErrorCode DatabaseLocked{"DB-01"}, DatabaseDamaged{"DB-02"}, DatabaseNewer{"DB-03"},
    DatabaseForeign{"DB-04"}, DatabaseMigration{"DB-05"}, DatabaseOnNetwork{"DB-06"}, DatabaseSchema{"DB-07"},
    EvidenceMissing{"DB-08"}, EvidenceAltered{"DB-09"};
inline constexpr ErrorCode AlreadyRunning{"APP-01"};
inline constexpr ErrorCode ModelFileShort{"MOD-01"}, ModelHeaderLength{"MOD-02"}, ModelHeaderJson{"MOD-03"},
    ModelTensorTwice{"MOD-04"}, ModelTensorOutside{"MOD-05"}, ModelTensorOverlap{"MOD-06"}, ModelHole{"MOD-07"},
    ModelTensorBytes{"MOD-08"}, ModelShape{"MOD-09"}, ModelDtype{"MOD-10"}, ModelTooManyTensors{"MOD-11"},
    ModelTensorMissing{"MOD-12"}, ModelTensorSurplus{"MOD-13"}, ModelTensorShape{"MOD-14"},
    ModelNotFinite{"MOD-15"}, ModelConstant{"MOD-16"}, ModelChanged{"MOD-17"}, ModelShards{"MOD-18"},
    ModelFormat{"MOD-19"}, ModelNotApproved{"MOD-20"}, ModelFolder{"MOD-21"};
inline constexpr ErrorCode ConfigValue{"CFG-01"};
inline constexpr ErrorCode TokenizerMismatch{"TOK-01"}, TokenizerEntry{"TOK-02"}, TokenizerSpecial{"TOK-03"};
inline constexpr ErrorCode QuestionEmpty{"ASK-01"}, QuestionTooLong{"ASK-02"}, QuestionUnreadable{"ASK-03"};
inline constexpr ErrorCode AnswerNotAVerdict{"ANS-01"}, AnswerNotFinite{"ANS-02"}, AnswerMargin{"ANS-03"},
    AnswersDisagree{"ANS-04"};
inline constexpr ErrorCode RecipeSyntax{"RCP-01"}, RecipeKey{"RCP-02"}, RecipeVersion{"RCP-03"},
    RecipeValue{"RCP-04"}, RecipeName{"RCP-05"}, RecipeNotApproved{"RCP-06"};
inline constexpr ErrorCode SettingsDamaged{"SET-01"};
inline constexpr ErrorCode PluginVersion{"PLG-01"}, PluginNotTrusted{"PLG-02"}, PluginOff{"PLG-03"};
inline constexpr ErrorCode GpuAbsent{"GPU-01"}, GpuMemoryLoad{"GPU-02"}, GpuMemoryRequest{"GPU-03"},
    GpuFailed{"GPU-04"};
inline constexpr ErrorCode MemoryShort{"ENG-01"}, EngineStuck{"ENG-02"}, SelfTestFailed{"ENG-03"},
    EngineMissing{"ENG-04"};
inline constexpr ErrorCode Usage{"CLI-01"};
inline constexpr ErrorCode Cancelled{"RUN-01"}; ///< the user or a shutdown asked for it; exit code 130
inline constexpr ErrorCode Internal{"INT-01"};  ///< a bug of ours; exit code 1
} // namespace code

/// Exit code of a command that ends with an error of @p errorCode (0 is never returned).
[[nodiscard]] constexpr int exitCodeOf(ErrorCode errorCode)
{
    const std::string_view family = errorCode.family();
    if (errorCode == code::AlreadyRunning)
        return 6;
    if (errorCode == code::Cancelled)
        return 130;
    if (family == "CLI")
        return 2;
    if (family == "CAM" || family == "GPU")
        return 7;
    if (family == "DB" || errorCode == code::FolderNotWritable || errorCode == code::DiskTooFull
        || errorCode == code::DiskFull || errorCode == code::DiskFault || errorCode == code::SystemLimit)
        return 5;
    if (family == "INT" || family == "ENG")
        return 1;
    return 4;
}

} // namespace auroraedge
