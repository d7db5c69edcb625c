#pragma once

#include "app/storage/answer_record.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace auroraedge::app {

/// Which pictures may go. Rows always stay.
struct RetentionPolicy
{
    std::int64_t olderThanMs = 0;       ///< wall clock in UTC: pictures of answers before it
    std::vector<Verdict> keptVerdicts; ///< pictures with one of these stay, be it the machine's or a person's
};

/// A stored answer, as far as it decides about its picture.
struct RetainedAnswer
{
    std::string pictureSha256, picturePath;
    std::int64_t pictureBytes = 0;
    std::int64_t timeUtcMs = 0;
    std::vector<Verdict> verdicts; ///< the machine's and its newest review's, as far as there are
    bool isReviewed = false;
    bool isHeld = false;

    /// Whether the picture must stay for the sake of this answer.
    [[nodiscard]] bool keepsPicture(const RetentionPolicy &policy) const;
};

[[nodiscard]] RetainedAnswer retainedAnswer(const AnswerRecord &record);

struct DroppedPicture
{
    std::string sha256, path;
    std::int64_t bytes = 0;
    int rows = 0; ///< that it is the picture of
};

struct RetentionPlan
{
    std::vector<DroppedPicture> dropped; ///< by hash
    std::int64_t rows = 0, bytes = 0;    ///< of the dropped
    std::int64_t keptPictures = 0;
};

/// Decides from all answers, added one by one: a picture goes when no answer keeps it. Remembers 100 bytes a picture.
class Retention final
{
public:
    explicit Retention(RetentionPolicy policy) : m_policy(std::move(policy)) {}

    /// Answers without a picture are let pass.
    void add(const RetainedAnswer &answer);
    /// REQUIRES: every answer of the store was added.
    [[nodiscard]] RetentionPlan plan() const;

private:
    struct Picture
    {
        std::string path;
        std::int64_t bytes = 0;
        int rows = 0;
        bool isKept = false;
    };

    RetentionPolicy m_policy;
    std::map<std::string, Picture> m_pictures; ///< by hash
};

} // namespace auroraedge::app
