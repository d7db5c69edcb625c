#include "app/cli/answer_output.h"
#include "app/cli/commands.h"
#include "app/cli/display_text.h"
#include "app/cli/questioner.h"
#include "app/inspection/frame_check.h"

#include <nlohmann/json.hpp>

#include <ostream>

namespace auroraedge::app {

Result<int> runAsk(const AskOptions &options, const CliContext &context)
{
    // The picture first: a bad one is told at once, not after the model is loaded.
    const Result<AskedPicture> picture = readPicture(options.image, options.asking.roi);
    if (!picture)
        return failure(picture.error());
    if (const Result<void> usable = checkFrame(picture->decoded.frame); !usable)
        return failure(usable.error());
    if (!options.common.quiet) {
        for (const std::string &note : picture->decoded.notes)
            context.err << displayText(options.image) << ": " << note << '\n';
    }
    const Result<std::unique_ptr<Questioner>> questioner = Questioner::open(options.common, context);
    if (!questioner)
        return failure(questioner.error());
    for (const std::string &question : options.questions) {
        const Result<AnswerRecord> record
            = (*questioner)->ask(*picture, question, options.asking, nullptr, context);
        if (!record)
            return failure(record.error());
        if (options.common.json) {
            context.out << oneLine(answerJson(*record, options.image)) << std::endl;
        } else {
            context.out << displayText(*record->answer) << std::endl;
            if (!options.common.quiet)
                context.err << "  " << answerSummary(*record) << '\n';
        }
    }
    return 0;
}

} // namespace auroraedge::app
