#pragma once

#include "engine/api/result.h"
#include "engine/api/training.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace auroraedge::app {

struct AnnotationLabel
{
    std::string name;
    std::optional<TrainingBox> box; ///< fractions of the picture
};

/// One line of an annotations file: {"image","group","split","width","height","labels":[{"class","bbox"}],"facts"}.
struct Annotation
{
    std::string picture, group, split; ///< the picture's path is relative to the file's folder and stays in it
    std::string golden;                ///< the picture of a faultless one, "golden" or "template"; empty: none. Also relative
    int widthPx = 0, heightPx = 0;     ///< 0 where it is not told
    std::vector<AnnotationLabel> labels;
    std::map<std::string, std::string> facts; ///< about the whole picture, by name

    [[nodiscard]] int count(const std::string &name) const;
    /// N of a label "digit_N", or -1.
    [[nodiscard]] int digit() const;
};

/// Annotations carry more keys than we read (frame, encoding, ...): those are let pass. Group and split may also be whole
/// numbers.
/// @param where of the line in messages. @return RCP-01, RCP-04.
Result<Annotation> readAnnotation(const std::string &line, const std::string &where);

} // namespace auroraedge::app
