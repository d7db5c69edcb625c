#include "app/cli/answer_output.h"
#include "app/cli/commands.h"
#include "app/cli/display_text.h"
#include "app/cli/questioner.h"
#include "app/settings/json_file.h"
#include "app/settings/resources.h"

#include <nlohmann/json.hpp>

#include <ostream>

namespace auroraedge::app {
namespace {

struct DemoQuestion
{
    std::string picture; ///< file name in the folder of the demonstration's pictures
    std::string question;
    std::string expected; ///< the right answer, by the picture's label
};

/// demo.json: {"questions":[{"picture","question","expected"}]}
Result<std::vector<DemoQuestion>> readDemo(const std::filesystem::path &file)
{
    const Result<nlohmann::json> document = readJsonFile(file);
    if (!document)
        return failure(document.error());
    std::vector<DemoQuestion> questions;
    try {
        for (const nlohmann::json &item : document->at("questions"))
            questions.push_back({item.at("picture").get<std::string>(), item.at("question").get<std::string>(),
                                 item.at("expected").get<std::string>()});
    } catch (const nlohmann::json::exception &) {
        return failure(code::RecipeValue, file.string() + " is not a demonstration", file.string());
    }
    return questions;
}

} // namespace

Result<int> runDemo(const CommonOptions &options, const CliContext &context)
{
    const std::filesystem::path folder = resourceFolder() / "demo";
    const Result<std::vector<DemoQuestion>> questions = readDemo(folder / "demo.json");
    if (!questions)
        return failure(questions.error());
    const Result<std::vector<Preset>> presets = readPresets(folder / "presets.json");
    if (!presets)
        return failure(presets.error());
    const Result<std::unique_ptr<Questioner>> questioner = Questioner::open(options, "demo", context);
    if (!questioner)
        return failure(questioner.error());

    int right = 0;
    std::optional<AskedPicture> picture;
    for (const DemoQuestion &item : *questions) {
        const std::string path = (folder / "pictures" / item.picture).string();
        if (!picture || picture->path != path) {
            Result<AskedPicture> read = readPicture(path, {});
            if (!read)
                return failure(read.error());
            picture = *std::move(read);
        }
        const Preset *preset = presetFor(*presets, item.question);
        const Result<AnswerRecord> record
            = (*questioner)->ask(*picture, item.question, {}, preset ? &preset->rule : nullptr, context);
        if (!record)
            return failure(record.error());
        right += *record->answer == item.expected ? 1 : 0;
        if (options.json) {
            context.out << oneLine(answerJson(*record, path)) << std::endl;
            continue;
        }
        context.out << item.picture << ": " << displayText(item.question) << "  " << displayText(*record->answer);
        if (record->verdict)
            context.out << "  [" << verdictName(*record->verdict) << ']';
        if (*record->answer != item.expected)
            context.out << "  (labelled " << displayText(item.expected) << ')';
        context.out << "\n    " << answerSummary(*record) << std::endl;
    }
    if (!options.quiet)
        context.err << questions->size() << " questions, " << right << " answered as labelled\n";
    return 0;
}

} // namespace auroraedge::app
