#include "app/cli/answer_output.h"
#include "app/cli/commands.h"
#include "app/cli/named_model.h"
#include "app/cli/questioner.h"
#include "app/settings/json_file.h"

#include <nlohmann/json.hpp>

#include <istream>
#include <ostream>

namespace auroraedge::app {
namespace {

using Json = nlohmann::json;

/// One line in, one line out. @return RCP-01, RCP-04, ASK-03, TOK-02.
Result<nlohmann::ordered_json> tokenizeLine(const TextCodec &codec, const std::string &line, const std::string &name,
                                            const DebugTokenizeOptions &options)
{
    const Result<Json> document = parseJson(line, name);
    if (!document)
        return failure(document.error());
    const bool isObject = document->is_object();
    if (isObject && !options.decode && document->contains("text") && document->at("text").is_string()) {
        const auto markers = options.special ? TextCodec::Markers::Recognised : TextCodec::Markers::Plain;
        const Result<std::vector<std::int64_t>> ids = codec.encode(document->at("text").get<std::string>(), markers);
        if (!ids)
            return failure(ids.error());
        return nlohmann::ordered_json{{"ids", *ids}};
    }
    if (isObject && document->contains("ids") && document->at("ids").is_array()) {
        std::vector<std::int64_t> ids;
        for (const Json &id : document->at("ids")) {
            if (!id.is_number_integer())
                return failure(code::RecipeValue, name + ": an id is not a whole number", name);
            ids.push_back(id.get<std::int64_t>());
        }
        const Result<std::string> text = codec.decode(ids);
        if (!text)
            return failure(text.error());
        return nlohmann::ordered_json{{"text", *text}};
    }
    return failure(code::RecipeValue,
                   name + (options.decode ? ": {\"ids\":[...]} was expected"
                                          : ": {\"text\":\"...\"} or {\"ids\":[...]} was expected"),
                   name);
}

} // namespace

Result<int> runDebugForward(const DebugForwardOptions &options, const CliContext &context)
{
    const Result<NamedModel> model = findModel(options.common, context);
    if (!model)
        return failure(model.error());
    if (const Result<void> done
        = model->engine->debugForward(model->folder, options.inputs, options.out, options.steps, precisionNamed(options.common.precision));
        !done)
        return failure(done.error());
    return 0;
}

Result<int> runDebugTrainStep(const DebugTrainStepOptions &options, const CliContext &context)
{
    const Result<NamedModel> model = findModel(options.common, context);
    if (!model)
        return failure(model.error());
    if (const Result<void> done
        = model->engine->debugTrainStep(model->folder, options.batch, options.stage, options.out);
        !done)
        return failure(done.error());
    return 0;
}

Result<int> runDebugPreprocess(const DebugPreprocessOptions &options, const CliContext &context)
{
    const Result<AskedPicture> picture = readPicture(options.image, {});
    if (!picture)
        return failure(picture.error());
    const Result<Engine *> engine = context.openEngine();
    if (!engine)
        return failure(engine.error());
    if (const Result<void> done
        = (*engine)->debugPreprocess(options.config, picture->decoded.frame, options.out);
        !done)
        return failure(done.error());
    return 0;
}

Result<int> runDebugTokenize(const DebugTokenizeOptions &options, const CliContext &context)
{
    const Result<NamedModel> model = findModel(options.common, context);
    if (!model)
        return failure(model.error());
    const Result<std::unique_ptr<TextCodec>> codec = model->engine->openTokenizer(model->folder);
    if (!codec)
        return failure(codec.error());
    std::string line;
    for (int number = 1; std::getline(context.in, line); ++number) {
        if (line.empty())
            continue;
        const Result<nlohmann::ordered_json> made
            = tokenizeLine(**codec, line, "line " + std::to_string(number), options);
        if (!made)
            return failure(made.error());
        context.out << oneLine(*made) << '\n';
    }
    context.out.flush();
    return 0;
}

} // namespace auroraedge::app
