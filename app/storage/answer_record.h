#pragma once

#include "app/inspection/product_finding.h"
#include "app/inspection/verdict.h"
#include "engine/api/frame.h"
#include "engine/api/inspector.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace auroraedge::app {

/// A person's judgement of a stored answer. It stands beside the answer and changes nothing of it.
struct ReviewRecord
{
    std::int64_t answerRow = 0;
    std::int64_t timeUtcMs = 0;
    Verdict verdict = Verdict::Unsure;
    std::string reason;   ///< may be empty
    std::string reviewer; ///< the name they gave, or that of the account
    std::string defectClass = {}; ///< may be empty
    std::string note = {};        ///< may be empty; one that is stored without leaves the person's note as it was
    friend bool operator==(const ReviewRecord &, const ReviewRecord &) = default;
};

/// What a person wrote about a stored answer, judged or not.
struct ReviewNote
{
    std::string reviewer, text;
    std::int64_t timeUtcMs = 0;
    friend bool operator==(const ReviewNote &, const ReviewNote &) = default;
};

/// What a person says of a stored answer with one press. What is not set stays as the same person had it.
struct ReviewDecision
{
    std::int64_t answerRow = 0;
    std::int64_t timeUtcMs = 0;
    std::optional<Verdict> verdict;
    std::string defectClass; ///< belongs to the verdict, and is taken with it alone
    std::optional<std::string> note;
    std::string reviewer;
    std::string reason = {}; ///< as the class
};

/// One row of the history of an answer in people's hands.
struct ReviewEntry
{
    std::int64_t id = 0;
    ReviewRecord review;
    bool isJudgement = true;  ///< false: the person has taken all judgement back; the review's verdict means nothing then
    std::int64_t undoes = 0;  ///< the entry that this one took back; 0: none
    bool wasUndone = false;
};

/// One answer as it is kept: what was asked about which picture, what came back, from which model, how fast.
struct AnswerRecord
{
    std::int64_t row = 0;       ///< database id; set by the store
    std::int64_t timeUtcMs = 0; ///< wall clock, for people; never used for deadlines
    std::string source;         ///< URI of the source or path of the file, bytes as they are
    std::uint64_t frameSequence = 0;

    std::string sourceSha256; ///< of the file that was read; empty for a live frame
    std::string pictureSha256; ///< of the stored evidence; empty when there is none. Set by the store
    std::string picturePath;   ///< relative to the data folder; set by the store
    std::int64_t pictureBytes = 0; ///< set by the store
    int pictureWidthPx = 0, pictureHeightPx = 0;
    std::optional<PixelBox> roi; ///< part of the picture that was asked about

    std::string question;
    std::optional<GenerationOptions> options; ///< it was asked with; nothing: not known, as of rows from before they were kept
    std::string golden; ///< picture or folder that was compared with, as it was given; empty: none, or the product's own
    std::optional<std::string> answer; ///< nothing when the question failed: then code and message say why
    std::optional<double> probability;
    std::optional<Verdict> verdict;
    std::string code;    ///< "ANS-01", or of the failure; may be empty
    std::string message; ///< of the failure; may be empty

    std::string modelName, modelSha256, device, precision;
    std::vector<std::string> modelWarnings; ///< of its card; not stored, the hash names the model
    TokenCounts tokens;
    StageLatencies latency;
    bool encoderReused = false;
    std::optional<ProductFinding> finding; ///< of a product's question
    std::optional<ReviewRecord> review;    ///< the one that counts; set by the store
    std::vector<ReviewNote> notes;         ///< set by addNotes() alone

    // Set by the store.
    std::string appVersion; ///< of the program that stored it; empty: not known
    std::int64_t session = 0;      ///< in which it was stored; 0: from before there were sessions
    bool isHeld = false;           ///< its picture stays until it is released
    std::vector<std::string> tags; ///< by name
    std::optional<std::int64_t> pictureRemovedUtcMs; ///< by retention; the file is gone, its hash stays
};

/// What somebody does to stored answers beside judging them; who and when is kept of each.
struct StoreAction
{
    std::int64_t timeUtcMs = 0;
    std::string who; ///< name of the account
};

enum class EvidenceFormat { Jpeg = 1, Png };

/// The picture that proves an answer, as a file's bytes.
struct EvidencePicture
{
    std::vector<std::uint8_t> bytes;
    EvidenceFormat format = EvidenceFormat::Jpeg;
};

/// Such a picture on the disk.
struct StoredPicture
{
    std::string sha256;
    std::string path; ///< relative to the data folder
    std::int64_t bytes = 0;
    std::int64_t savedNs = 0; ///< wall clock; who saves the same picture later changes that of the file
};

/// One answer of a batch.
struct BatchAnswer
{
    AnswerRecord record; ///< its row and picture are set by the store
    std::optional<EvidencePicture> picture;
    std::string key; ///< a SHA-256 that names this answer of this batch and no other
};

} // namespace auroraedge::app
