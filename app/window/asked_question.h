#pragma once

#include "app/inspection/presets.h"
#include "app/pipeline/inference_worker.h"
#include "app/storage/answer_record.h"
#include "ui/models/answer_view.h"

#include <QImage>
#include <QString>

#include <cstdint>

namespace auroraedge::app {

/// One asking, from the press to its row.
struct AskedQuestion
{
    std::int64_t id = 0;
    PicturePart picture;
    QString question;
    QImage thumbnail; ///< of the whole picture
};

/// An ended asking as it is stored: also a failed one. @param preset of the question, or null.
[[nodiscard]] AnswerRecord recordOf(const AskedQuestion &asked, const Result<Answer> &result, const ModelCard &card, const Preset *preset);
/// The same as the window shows it, not yet stored.
[[nodiscard]] ui::AnswerView answerViewOf(const AnswerRecord &record, const AskedQuestion &asked, const Answer &answer, const Preset *preset);

/// The same of an asking that failed.
[[nodiscard]] ui::AnswerView failedViewOf(const AnswerRecord &record, const AskedQuestion &asked);

} // namespace auroraedge::app
