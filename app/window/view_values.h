#pragma once

#include "app/inspection/presets.h"
#include "app/inspection/verdict.h"
#include "app/pipeline/capture_worker.h"
#include "app/pipeline/inference_worker.h"
#include "app/plugins/source_address.h"
#include "app/settings/disk_room.h"
#include "app/storage/answer_counts.h"
#include "app/storage/answer_record.h"
#include "ui/models/answer_view.h"
#include "ui/models/fault.h"
#include "ui/models/model_state.h"
#include "ui/models/shift_counters.h"
#include "ui/models/source_state.h"

#include <QRectF>
#include <QString>

#include <optional>

// What the window shows, made from what the workers say. Thread: any.
namespace auroraedge::app {

[[nodiscard]] QString textOf(std::string_view utf8);
[[nodiscard]] QString codeOf(const Error &error);

[[nodiscard]] ui::PresetQuestions presetQuestionsOf(const std::vector<Preset> &presets);
[[nodiscard]] ui::SourceState sourceStateOf(const CaptureState &state, const SourceAddress &address);
[[nodiscard]] ui::ModelState modelStateOf(const ModelStatus &status);
/// A row of the store, without what only a fresh answer knows (its number, the expected answer, the picture).
[[nodiscard]] ui::AnswerView answerViewOf(const AnswerRecord &record);

[[nodiscard]] ui::ShiftCounters shiftCountersOf(const AnswerCounts &counts);
[[nodiscard]] ui::Review reviewOf(const ReviewRecord &record);
[[nodiscard]] Verdict verdictOf(ui::Verdict verdict);

/// The marked part of a picture in its pixels, cut at its edges, so that it may be empty; nothing for all of it.
[[nodiscard]] std::optional<PixelBox> pixelBoxOf(const QRectF &region, int widthPx, int heightPx);
[[nodiscard]] QRectF regionOf(const PixelBox &box, int widthPx, int heightPx);

/// Why an answer without a rule is UNSURE.
[[nodiscard]] QString refusalReason();

/// Why the rule judged so: "expected: yes", "'maybe' is not one of the declared answers". Empty for OK.
[[nodiscard]] QString reasonOf(const Answer &answer, const AnswerRule &rule, const VerdictResult &result);

/// What the operator reads about a failure of one part of the station, with the one thing to do about it.
[[nodiscard]] ui::Fault sourceFault(const Error &error);
/// @param leftOut at least one picture.
[[nodiscard]] ui::Fault leftOutFault(const plugins::LeftOut &leftOut);
[[nodiscard]] ui::Fault modelFault(const Error &error, bool keptOldModel);
[[nodiscard]] ui::Fault storeFault(const Error &error); ///< an alarm
/// In its place once something was stored again; still an alarm. @param lostAnswers that are in no row.
[[nodiscard]] ui::Fault storeWorksAgain(const Error &error, int lostAnswers);
[[nodiscard]] ui::Fault slowDiskFault(); ///< an answer has been waiting for the disk
[[nodiscard]] ui::Fault roomFault(const DiskRoom &room); ///< it is running low
[[nodiscard]] ui::Fault sizeFault(const Error &error);
[[nodiscard]] ui::Fault sourceListFault(const Error &error);
/// @param error of a file of the data folder that was to go before one that ships; its object is the file.
[[nodiscard]] ui::Fault ownListFault(const Error &error);
[[nodiscard]] ui::Fault reviewFault(const Error &error);
[[nodiscard]] ui::Fault countersFault(const Error &error);

inline constexpr char kChooseSourceAction[] = "choose-source";
inline constexpr char kShowModelsAction[] = "show-models";
inline constexpr char kAcceptSizeAction[] = "accept-size";

} // namespace auroraedge::app
