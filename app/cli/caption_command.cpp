#include "app/cli/commands.h"

namespace auroraedge::app {

// Both wordings are among those that the shipped model was trained on.
constexpr char kBriefQuestion[] = "Describe the picture.";
constexpr char kFullQuestion[] = "Describe the picture in detail.";

Result<int> runCaption(const CaptionOptions &options, const CliContext &context)
{
    return runAsk({options.common, options.asking, options.image, {options.isFull ? kFullQuestion : kBriefQuestion}},
                  context);
}

} // namespace auroraedge::app
