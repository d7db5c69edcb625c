#pragma once

#include "engine/api/inspector.h"
#include "ui/models/review.h"
#include "ui/models/verdict.h"

#include <QDateTime>
#include <QImage>
#include <QList>
#include <QRectF>
#include <QString>

#include <optional>

namespace auroraedge::ui {

/// A press of Ask or of a preset button, about exactly the picture on the screen.
struct AskRequest
{
    QString question;          ///< as typed, trimmed, never empty
    int presetIndex = -1;      ///< into the list given to setPresets, -1 for free text
    quint64 frameSequence = 0; ///< FrameStatus::sequence of the picture shown at the press
    QRectF region;             ///< part of the picture, its sides 0..1; null: all of it
};

/// One question that sits on a button.
struct PresetQuestion
{
    QString label;          ///< short, for the button: "Cap on?"
    QString question;       ///< what the model is asked
    QString expectedAnswer; ///< empty: no verdict
};
using PresetQuestions = QList<PresetQuestion>;

/// One finished answer, as it was stored.
struct AnswerView
{
    qint64 id = 0;  ///< the asking's number, as in answerStarted
    qint64 row = 0; ///< database id; 0 = not stored
    QString question;
    QString answer;
    bool isAnswered = true; ///< false: the question failed; `answer` says why and `code` names it
    double probability = 0; ///< 0..1
    std::optional<Verdict> verdict;
    std::optional<Review> review; ///< the newest
    QRectF region;                ///< that was asked about, sides 0..1; null: the whole picture
    QString reason;         ///< why NG or UNSURE, one sentence; may be empty
    QString code;           ///< "ANS-01" when a fault made it UNSURE
    QString expectedAnswer;
    bool isComplete = true;
    bool encoderReused = false;
    int answerTokens = 0;
    StageLatencies latency;
    QImage thumbnail; ///< of the picture asked about, at most about 320 px
    QString source;
    QString model;
    QDateTime answeredAt; ///< any time zone; shown as local time
};
using AnswerViews = QList<AnswerView>;

/// A stored NG that no person has judged yet.
[[nodiscard]] inline bool waitsForReview(const AnswerView &answer)
{
    return answer.verdict == Verdict::Ng && !answer.review && answer.row != 0;
}

} // namespace auroraedge::ui
