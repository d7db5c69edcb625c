#include "app/cli/answer_output.h"
#include "app/cli/commands.h"
#include "app/cli/display_text.h"
#include "app/cli/questioner.h"
#include "app/imaging/heat_map.h"
#include "app/imaging/picture_encoder.h"
#include "app/inspection/frame_check.h"
#include "app/products/product.h"
#include "app/settings/out_file.h"
#include "app/settings/resources.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <ostream>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

/// The file of --map, before the model is loaded; null when none is wanted.
Result<std::unique_ptr<OutFile>> openMap(const AskOptions &options)
{
    if (options.map.empty())
        return std::unique_ptr<OutFile>();
    std::error_code problem;
    const fs::path place = fs::absolute(options.map, problem).lexically_normal();
    if (place.extension() != ".png")
        return failure(code::Usage, "--map " + options.map + " does not end in .png", options.map);
    if (fs::equivalent(place, options.image, problem))
        return failure(code::Usage, "--map " + options.map + " is the picture itself; choose another file",
                       options.map);
    return OutFile::create(place);
}

const PatchMap *mapNamed(const std::vector<PatchMap> &maps, const char *name)
{
    const auto found = std::find_if(maps.begin(), maps.end(), [&](const PatchMap &map) { return map.name == name; });
    return found == maps.end() ? nullptr : &*found;
}

/// Null without a map. A float has no more than six digits to tell.
Json largestOf(const PatchMap *map)
{
    if (!map)
        return nullptr;
    return std::round(1e6 * *std::max_element(map->probability.begin(), map->probability.end())) / 1e6;
}

/// Writes the whole picture with the map of defects over the part that was asked about, or over a product's worst tile.
/// @return what --json tells of it; MOD-12 for a model without such a map, else as Inspector::patchMaps(), withHeat(),
///         encodePng() and OutFile.
Result<Json> drawMap(const AskedPicture &picture, const std::string &name, Questioner &questioner, OutFile &file,
                     const CliContext &context)
{
    const Result<MappedPart> mapped = questioner.patchMaps(picture, context);
    if (!mapped)
        return failure(mapped.error());
    const PatchMap *defect = mapNamed(mapped->maps, "defect");
    if (!defect)
        return failure(code::ModelTensorMissing,
                       "the patch head of this model has no class 'defect', so there is no map",
                       questioner.card().folder);
    const Result<Frame> drawn = withHeat(picture.decoded.frame, mapped->part, *defect);
    if (!drawn)
        return failure(drawn.error());
    const Result<std::vector<std::uint8_t>> png = encodePng(*drawn);
    if (!png)
        return failure(png.error());
    if (const Result<void> written = file.write({reinterpret_cast<const char *>(png->data()), png->size()}); !written)
        return failure(written.error());
    if (const Result<void> published = file.publish(); !published)
        return failure(published.error());
    return Json{{"file", name},
                {"defect", largestOf(defect)},
                {"object", largestOf(mapNamed(mapped->maps, "object"))},
                {"columns", defect->columns},
                {"rows", defect->rows}};
}

/// "map.png: defect 93 % at most, 16 x 16 patches"
std::string mapSummary(const Json &map)
{
    return map["file"].get<std::string>() + ": defect " + std::to_string(std::lround(100 * map["defect"].get<double>()))
        + " % at most, " + map["columns"].dump() + " x " + map["rows"].dump() + " patches";
}

/// The questions as given, else the one of the model's product.
Result<std::vector<std::string>> questionsOf(const AskOptions &options)
{
    if (!options.questions.empty())
        return options.questions;
    const Result<fs::path> folder = resolveModelFolder(options.common.model, DataFolder::resolve(options.common.dataDir));
    if (!folder)
        return failure(folder.error());
    const Result<std::optional<Product>> product = readProduct(*folder);
    if (!product)
        return failure(product.error());
    if (!*product)
        return failure(code::Usage, "--question is required: this model has none of its own", folder->string());
    return std::vector{(*product)->question};
}

} // namespace

Result<int> runAsk(const AskOptions &options, const CliContext &context)
{
    const Result<std::vector<std::string>> questions = questionsOf(options);
    if (!questions)
        return failure(questions.error());
    // The picture first: a bad one is told at once, not after the model is loaded.
    const Result<AskedPicture> picture = readPicture(options.image, options.asking.roi);
    if (!picture)
        return failure(picture.error());
    if (const Result<void> usable = checkFrame(picture->decoded.frame); !usable)
        return failure(withContext(usable.error(), fs::path(options.image).filename().string()));
    if (!options.common.quiet) {
        for (const std::string &note : picture->decoded.notes)
            context.err << displayText(options.image) << ": " << note << '\n';
    }
    const Result<std::unique_ptr<OutFile>> mapFile = openMap(options);
    if (!mapFile)
        return failure(mapFile.error());
    const Result<std::unique_ptr<Questioner>> questioner = Questioner::open(options.common, "ask", context);
    if (!questioner)
        return failure(questioner.error());

    // One map, of the features that the first question left behind. Without it the answers are still worth having, so
    // what is wrong with it is told when all of them are there.
    std::optional<Result<Json>> map;
    for (const std::string &question : *questions) {
        const Result<AnswerRecord> record
            = (*questioner)->ask(*picture, question, options.asking, nullptr, context);
        if (!record)
            return failure(record.error());
        const bool isMapNew = *mapFile && !map;
        if (isMapNew)
            map = drawMap(*picture, options.map, **questioner, **mapFile, context);
        if (options.common.json) {
            Json line = answerJson(*record, options.image);
            if (map)
                line["map"] = *map ? **map : Json(nullptr);
            context.out << oneLine(line) << std::endl;
            continue;
        }
        context.out << displayText(*record->answer) << std::endl;
        if (options.common.quiet)
            continue;
        context.err << "  " << answerSummary(*record) << '\n';
        if (isMapNew && *map)
            context.err << "  " << displayText(mapSummary(**map)) << '\n';
    }
    if (map && !*map)
        return failure(map->error());
    return 0;
}

} // namespace auroraedge::app
