#include "app/training/training_recipe.h"

#include "app/drawing/drawn_picture.h"
#include "app/settings/json_file.h"
#include "app/settings/json_settings.h"
#include "app/training/annotation.h"
#include "app/training/conversations.h"
#include "app/training/replaced_text.h"
#include "engine/api/refusal.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <string_view>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::json;

constexpr std::string_view kOtherSplits[]{"test", "heldout", "demo"}; ///< neither learnt from nor measured here
constexpr std::size_t kMaxWordings = 16; ///< of one question of one sample; samples take turns through longer lists

/// @p text with the facts that it names in braces, or nothing when one of them is not known.
std::optional<std::string> withFacts(std::string text, const std::map<std::string, std::string> &facts)
{
    for (std::size_t open = text.find('{'); open != std::string::npos; open = text.find('{', open)) {
        const std::size_t close = text.find('}', open);
        const auto fact = close == std::string::npos ? facts.end() : facts.find(text.substr(open + 1, close - open - 1));
        if (fact == facts.end())
            return std::nullopt;
        text.replace(open, close - open + 1, fact->second);
        open += fact->second.size();
    }
    return text;
}

/// A kind of question and how its right answer follows from the labels.
struct Family
{
    enum class Kind { Count = 1, Present, Absent, MoreThan, Digit, Caption, Fixed, Fact, Text };

    std::string name;
    std::vector<std::string> wordings, heldOutWordings;
    Kind kind{};
    std::string className; ///< of Count, Present, Absent, MoreThan, Caption; empty: a Caption of the digit
    std::string yes = "yes", no = "no";
    std::vector<int> numbers;                     ///< MoreThan
    std::map<std::string, std::string> templates; ///< Caption: by count or digit, or "other"
    std::string fixed; ///< Fixed: the answer; Fact: its name; Text: with facts in braces
    bool isRefused = false; ///< a model of this size did not learn it: taught as unanswerable

    /// The right answer, or nothing when the labels do not tell. @param number for MoreThan.
    [[nodiscard]] std::optional<std::string> answer(const Annotation &annotation, int number) const
    {
        const int count = annotation.count(className);
        switch (kind) {
        case Kind::Count: return std::to_string(count);
        case Kind::Present: return count > 0 ? yes : no;
        case Kind::Absent: return count == 0 ? yes : no;
        case Kind::MoreThan: return count > number ? yes : no;
        case Kind::Digit:
            return annotation.digit() >= 0 ? std::optional(std::to_string(annotation.digit())) : std::nullopt;
        case Kind::Caption: {
            const int told = className.empty() ? annotation.digit() : count;
            auto found = templates.find(std::to_string(told));
            if (found == templates.end())
                found = templates.find("other");
            if (found == templates.end() || told < 0)
                return std::nullopt;
            return replaced(found->second, className.empty() ? "{digit}" : "{count}", std::to_string(told));
        }
        case Kind::Fixed: return fixed;
        case Kind::Fact: return withFacts('{' + fixed + '}', annotation.facts);
        case Kind::Text: return withFacts(fixed, annotation.facts);
        }
        return std::nullopt;
    }
};

Result<Family> readFamily(const Json &source, const std::string &file)
{
    Family family;
    JsonSettings settings(source, "a family of " + file);
    settings.require("family", family.name);
    settings.require("wordings", family.wordings);
    settings.read("held_out_wordings", family.heldOutWordings);
    settings.read("refused", family.isRefused);
    settings.check(!family.wordings.empty(), "a family has no wordings");
    const Json *rule = settings.raw("answer");
    settings.check(rule != nullptr, "family '" + family.name + "' has no 'answer'");
    if (const Result<void> done = settings.finish(); !done)
        return failure(done.error());
    if (family.heldOutWordings.empty())
        family.heldOutWordings = family.wordings;

    const std::string where = "the answer of family '" + family.name + "' in " + file;
    JsonSettings answer(*rule, where);
    answer.read("yes", family.yes);
    answer.read("no", family.no);
    bool isSet = true;
    if (answer.has("count")) {
        family.kind = Family::Kind::Count;
        answer.read("count", family.className);
    } else if (answer.has("present")) {
        family.kind = Family::Kind::Present;
        answer.read("present", family.className);
    } else if (answer.has("absent")) {
        family.kind = Family::Kind::Absent;
        answer.read("absent", family.className);
    } else if (answer.has("more_than")) {
        family.kind = Family::Kind::MoreThan;
        JsonSettings more(*answer.raw("more_than"), where);
        more.require("class", family.className);
        more.require("n", family.numbers);
        more.check(!family.numbers.empty(), "'n' is empty");
        if (const Result<void> done = more.finish(); !done)
            return failure(done.error());
    } else if (answer.has("caption")) {
        family.kind = Family::Kind::Caption;
        answer.read("caption", isSet);
        if (answer.has("digit"))
            answer.read("digit", isSet);
        else
            answer.require("class", family.className);
        const Json *templates = answer.raw("templates");
        answer.check(templates && templates->is_object() && !templates->empty(), "there are no 'templates'");
        if (templates && templates->is_object()) {
            for (const auto &[key, text] : templates->items()) {
                answer.check(text.is_string(), "template '" + key + "' is not a text");
                if (text.is_string())
                    family.templates[key] = text.get<std::string>();
            }
        }
    } else if (answer.has("digit")) {
        family.kind = Family::Kind::Digit;
        answer.read("digit", isSet);
    } else if (answer.has("fixed")) {
        family.kind = Family::Kind::Fixed;
        answer.read("fixed", family.fixed);
    } else if (answer.has("fact")) {
        family.kind = Family::Kind::Fact;
        answer.read("fact", family.fixed);
    } else if (answer.has("text")) {
        family.kind = Family::Kind::Text;
        answer.read("text", family.fixed);
    } else {
        answer.check(false, "none of count, present, absent, more_than, digit, caption, fixed, fact, text is given");
    }
    answer.check(isSet, "'false' means nothing here");
    if (const Result<void> done = answer.finish(); !done)
        return failure(done.error());
    return family;
}

Result<std::vector<Family>> readFamilies(const fs::path &file)
{
    const Result<Json> document = readJsonFile(file);
    if (!document)
        return failure(document.error());
    if (!document->is_array())
        return failure(code::RecipeValue, file.filename().string() + " is not a list of families", file.string());
    std::vector<Family> families;
    for (const Json &source : *document) {
        Result<Family> family = readFamily(source, file.filename().string());
        if (!family)
            return failure(family.error());
        families.push_back(*std::move(family));
    }
    return families;
}

/// @p families with the refused ones as one family without an answer: they take one turn of a sample together.
std::vector<Family> withRefused(std::vector<Family> families)
{
    Family refused;
    refused.name = "refused";
    refused.kind = Family::Kind::Fixed;
    refused.fixed = kRefusal;
    for (const Family &family : families) {
        if (!family.isRefused)
            continue;
        refused.wordings.insert(refused.wordings.end(), family.wordings.begin(), family.wordings.end());
        refused.heldOutWordings.insert(refused.heldOutWordings.end(), family.heldOutWordings.begin(), family.heldOutWordings.end());
    }
    std::erase_if(families, [](const Family &family) { return family.isRefused; });
    if (!refused.wordings.empty())
        families.push_back(std::move(refused));
    return families;
}

/// The questions of @p files as one family without an answer, less those that @p own ask, too.
Result<std::optional<Family>> readForeign(const std::vector<fs::path> &files, const std::vector<Family> &own)
{
    std::set<std::string> asked;
    for (const Family &family : own) {
        asked.insert(family.wordings.begin(), family.wordings.end());
        asked.insert(family.heldOutWordings.begin(), family.heldOutWordings.end());
    }
    Family foreign;
    foreign.name = "foreign";
    foreign.kind = Family::Kind::Fixed;
    foreign.fixed = kRefusal;
    const auto add = [&](const std::vector<std::string> &from, std::vector<std::string> &to) {
        for (const std::string &wording : from) {
            const std::string text = replaced(wording, "{n}", "2");
            if (text.find('{') == std::string::npos && asked.insert(text).second)
                to.push_back(text);
        }
    };
    for (const fs::path &file : files) {
        const Result<std::vector<Family>> families = readFamilies(file);
        if (!families)
            return failure(families.error());
        for (const Family &family : *families) {
            add(family.wordings, foreign.wordings);
            add(family.heldOutWordings, foreign.heldOutWordings);
        }
    }
    return foreign.wordings.empty() ? std::optional<Family>() : std::optional(std::move(foreign));
}

/// One source of the recipe with everything that turns an annotation into a sample.
struct Source
{
    TrainingSource source;
    fs::path annotations;              ///< labels
    std::vector<fs::path> families;    ///< what is asked about them
    std::vector<fs::path> foreign;     ///< what is asked about other sources, and taught to be unanswerable here
    fs::path conversations, pictures; ///< or questions and answers as they are
    std::optional<double> detailedShare; ///< of their records; nothing: as they come
    std::string drawn;                 ///< or pictures drawn here, of this kind
    int drawnCount = 0, heldOutCount = 0;
    int drawnSide = 256;
    bool isSmall = false;
    bool isLooselySpelt = false;
    std::string boxClass;
    std::vector<std::string> defectClasses;
    std::string labelKind;                 ///< "digit", "fact", a class to count, or empty
    std::string labelFact;
    std::vector<std::string> labelValues; ///< of the fact

    [[nodiscard]] int label(const Annotation &annotation) const
    {
        if (source.labels == 0)
            return -1;
        if (labelKind == "digit")
            return annotation.digit();
        if (!labelFact.empty()) {
            const auto fact = annotation.facts.find(labelFact);
            const auto value = fact == annotation.facts.end() ? labelValues.end() : std::find(labelValues.begin(), labelValues.end(), fact->second);
            return value == labelValues.end() ? -1 : static_cast<int>(value - labelValues.begin());
        }
        return std::min(annotation.count(labelKind), source.labels - 1);
    }
};

Result<void> readDrawn(const Json &object, Source &source)
{
    JsonSettings drawn(object, "the drawings of source '" + source.source.name + "'");
    drawn.require("kind", source.drawn);
    drawn.require("count", source.drawnCount);
    drawn.read("held_out", source.heldOutCount);
    drawn.read("side", source.drawnSide);
    const auto &kinds = drawnKinds();
    drawn.check(std::find(kinds.begin(), kinds.end(), source.drawn) != kinds.end(), "nobody can draw a '" + source.drawn + "'");
    constexpr int kMostDrawn = 10'000'000;
    drawn.check(source.drawnCount > 0 && source.drawnCount <= kMostDrawn, "'count' is outside 1..10000000");
    drawn.check(source.heldOutCount >= 0 && source.heldOutCount <= kMostDrawn, "'held_out' is outside 0..10000000");
    drawn.check(source.drawnSide >= 32 && source.drawnSide <= 1024, "'side' is outside 32..1024 pixels");
    source.source.isGenerated = true;
    return drawn.finish();
}

Result<Source> readSource(const Json &object, const fs::path &folder)
{
    Source source;
    JsonSettings settings(object, "a source of the recipe");
    std::string annotations, conversations, pictures;
    std::vector<std::string> families, foreign;
    settings.require("name", source.source.name);
    const Json *drawn = settings.raw("drawn");
    settings.check(!(drawn && (settings.has("conversations") || settings.has("annotations"))), "'drawn' stands beside other pictures");
    if (settings.has("conversations")) {
        settings.require("conversations", conversations);
        settings.read("pictures", pictures);
        if (settings.has("detailed_share"))
            settings.read("detailed_share", source.detailedShare.emplace());
        settings.check(source.detailedShare.value_or(0) >= 0 && source.detailedShare.value_or(0) <= 1, "'detailed_share' is outside 0..1");
    } else {
        if (!drawn)
            settings.require("annotations", annotations);
        settings.require("families", families);
        settings.read("foreign_families", foreign);
    }
    settings.read("weight", source.source.weight);
    settings.read("small", source.isSmall);
    if (source.isSmall)
        source.source.views = TrainingViews::close();
    settings.read("mirror", source.source.views.isMirrored);
    settings.read("turn", source.source.views.isTurned);
    settings.read("grey", source.source.views.greyShare);
    settings.check(source.source.views.greyShare >= 0 && source.source.views.greyShare <= 1, "'grey' is outside 0..1");
    settings.read("box_class", source.boxClass);
    settings.read("defect_classes", source.defectClasses);
    if (drawn)
        if (const Result<void> done = readDrawn(*drawn, source); !done)
            return failure(done.error());
    settings.check(source.source.weight > 0, "the weight is not above 0");
    if (const Json *label = settings.raw("label")) {
        JsonSettings pooled(*label, "the label of source '" + source.source.name + "'");
        pooled.read("head", source.source.head);
        if (pooled.has("count")) {
            pooled.read("count", source.labelKind);
            pooled.require("classes", source.source.labels);
            pooled.check(source.source.labels > 1, "'classes' is below 2");
        } else if (pooled.has("fact")) {
            pooled.read("fact", source.labelFact);
            pooled.require("values", source.labelValues);
            pooled.check(source.labelValues.size() > 1, "there are fewer than 2 'values'");
            source.source.labels = static_cast<int>(source.labelValues.size());
        } else {
            bool isDigit = false;
            pooled.read("digit", isDigit);
            pooled.check(isDigit, "none of \"digit\":true, \"count\" and \"fact\" is given");
            source.labelKind = "digit";
            source.source.labels = 10;
        }
        if (const Result<void> done = pooled.finish(); !done)
            return failure(done.error());
    }
    if (const Result<void> done = settings.finish(); !done)
        return failure(done.error());
    if (!conversations.empty())
        source.conversations = (folder / conversations).lexically_normal();
    source.pictures = pictures.empty() ? source.conversations.parent_path() : (folder / pictures).lexically_normal();
    source.annotations = (folder / annotations).lexically_normal();
    for (const std::string &name : families)
        source.families.push_back((folder / name).lexically_normal());
    for (const std::string &name : foreign)
        source.foreign.push_back((folder / name).lexically_normal());
    return source;
}

std::vector<std::string> withNumber(const std::vector<std::string> &wordings, int number)
{
    std::vector<std::string> texts;
    for (const std::string &wording : wordings)
        texts.push_back(replaced(wording, "{n}", std::to_string(number)));
    return texts;
}

/// At most kMaxWordings of @p wordings, the next ones for the next @p turn.
std::vector<std::string> someOf(const std::vector<std::string> &wordings, std::size_t turn)
{
    if (wordings.size() <= kMaxWordings)
        return wordings;
    std::vector<std::string> some;
    for (std::size_t i = 0; i < kMaxWordings; ++i)
        some.push_back(wordings[(turn * kMaxWordings + i) % wordings.size()]);
    return some;
}

/// @p text as people also type it, another way for the next @p turn: without the last mark, without a capital, without both.
std::string looselySpelt(std::string text, std::size_t turn)
{
    constexpr std::size_t kWays = 5; // two of them as written
    const std::size_t way = turn % kWays;
    if ((way == 1 || way == 3) && !text.empty() && (text.back() == '?' || text.back() == '.'))
        text.pop_back();
    if ((way == 2 || way == 3) && text.size() > 1 && text[0] >= 'A' && text[0] <= 'Z' && !(text[1] >= 'A' && text[1] <= 'Z'))
        text[0] = static_cast<char>(text[0] - 'A' + 'a');
    return text;
}

/// @param number of the sample in its source. @param heldOutNumber when this sample is for measuring: which of a family's
/// numbers is asked about.
TrainingSample makeSample(const Annotation &annotation, const Source &source, const std::vector<Family> &families, std::size_t number,
                          std::optional<std::size_t> heldOutNumber)
{
    TrainingSample sample;
    sample.picture = source.drawn.empty() ? (source.annotations.parent_path() / annotation.picture).string() : annotation.picture;
    sample.source = source.source.name;
    sample.group = annotation.group;
    sample.label = source.label(annotation);
    sample.isSmall = source.isSmall;
    for (const AnnotationLabel &label : annotation.labels) {
        const bool isDefect = std::find(source.defectClasses.begin(), source.defectClasses.end(), label.name) != source.defectClasses.end();
        if (label.box && (isDefect || label.name == source.boxClass)) {
            sample.boxes.push_back(*label.box);
            sample.boxes.back().isDefect = isDefect;
        }
    }
    std::map<std::string, std::size_t> entries, entry; // of each family's name: how many, and which one this is
    for (const Family &family : families)
        ++entries[family.name];
    for (const Family &family : families) {
        if (const std::size_t index = entry[family.name]++;
            heldOutNumber && index != *heldOutNumber % entries[family.name])
            continue;
        const std::vector<std::string> wordings = someOf(heldOutNumber ? family.heldOutWordings : family.wordings, number);
        std::vector<int> numbers = family.numbers;
        if (numbers.empty())
            numbers = {0}; // asked once, without a number
        else if (heldOutNumber)
            numbers = {numbers[*heldOutNumber % numbers.size()]};
        for (const int n : numbers) {
            const std::optional<std::string> answer = family.answer(annotation, n);
            std::vector<std::string> asked;
            for (const std::string &wording : withNumber(wordings, n))
                if (const std::optional<std::string> text = withFacts(wording, annotation.facts))
                    asked.push_back(source.isLooselySpelt && !heldOutNumber ? looselySpelt(*text, number + asked.size()) : *text);
            if (answer && !asked.empty())
                sample.turns.push_back({family.name, std::move(asked), *answer});
        }
    }
    return sample;
}

Result<void> readTalk(const Source &source, TrainingRecipe &recipe)
{
    const auto detailed = source.detailedShare ? std::optional(DetailedShare{*source.detailedShare, recipe.seed}) : std::nullopt;
    Result<Conversations> read = readConversations(source.conversations, source.pictures, source.source.name, detailed);
    if (!read)
        return failure(read.error());
    for (auto &[from, to] : {std::pair(&read->samples, &recipe.samples), std::pair(&read->heldOut, &recipe.heldOut)}) {
        for (TrainingSample &sample : *from) {
            sample.isSmall = source.isSmall;
            to->push_back(std::move(sample));
        }
    }
    recipe.badRecords.insert(recipe.badRecords.end(), read->badRecords.begin(), read->badRecords.end());
    return {};
}

/// Numbers below the held-out count are held out, every other one of them on a background that is never trained on.
void drawSamples(const Source &source, const std::vector<Family> &families, TrainingRecipe &recipe)
{
    for (int i = 0; i < source.heldOutCount + source.drawnCount; ++i) {
        const bool isHeldOut = i < source.heldOutCount;
        const auto number = static_cast<std::size_t>(i);
        const DrawingAddress address{source.drawn, static_cast<std::uint64_t>(i), isHeldOut && i % 2 == 1, source.drawnSide};
        const DrawnScene scene = describe(address);
        Annotation annotation;
        annotation.picture = toText(address);
        annotation.group = source.drawn + (address.isUnfamiliar ? ", unfamiliar background" : "");
        annotation.facts = scene.facts;
        for (const DrawnLabel &label : scene.labels)
            annotation.labels.push_back({label.name, TrainingBox{label.x, label.y, label.width, label.height}});
        if (isHeldOut)
            recipe.heldOut.push_back(makeSample(annotation, source, families, number, number / 2));
        else
            recipe.samples.push_back(makeSample(annotation, source, families, number, std::nullopt));
    }
}

Result<void> readSamples(const Source &source, TrainingRecipe &recipe)
{
    if (!source.conversations.empty())
        return readTalk(source, recipe);
    std::vector<Family> families;
    for (const fs::path &file : source.families) {
        Result<std::vector<Family>> read = readFamilies(file);
        if (!read)
            return failure(read.error());
        std::ranges::move(*read, std::back_inserter(families));
    }
    families = withRefused(std::move(families));
    Result<std::optional<Family>> foreign = readForeign(source.foreign, families);
    if (!foreign)
        return failure(foreign.error());
    if (*foreign)
        families.push_back(std::move(**foreign));
    if (!source.drawn.empty()) {
        drawSamples(source, families, recipe);
        return {};
    }
    std::ifstream lines(source.annotations);
    if (!lines)
        return failure(code::FileNotFound, source.annotations.string() + " does not exist or cannot be read",
                       source.annotations.string());
    std::string line;
    std::size_t heldOut = 0, good = 0;
    std::vector<std::string> bad;
    for (int number = 1; std::getline(lines, line); ++number) {
        if (line.empty())
            continue;
        const std::string where = source.annotations.filename().string() + " line " + std::to_string(number);
        const Result<Annotation> annotation = readAnnotation(line, where);
        if (!annotation) {
            bad.push_back(annotation.error().message);
            continue;
        }
        const std::string &split = annotation->split;
        if (split == "train")
            recipe.samples.push_back(makeSample(*annotation, source, families, recipe.samples.size(), std::nullopt));
        else if (split == "val") {
            recipe.heldOut.push_back(makeSample(*annotation, source, families, heldOut, heldOut));
            ++heldOut;
        } else if (std::ranges::find(kOtherSplits, split) == std::end(kOtherSplits)) {
            bad.push_back(where + ": " + (split.empty() ? "there is no 'split'" : "split '" + split + "' is none of train, val, test, heldout, demo"));
            continue;
        }
        ++good;
    }
    if (good == 0 && !bad.empty())
        return failure(code::RecipeValue, source.annotations.filename().string() + " has no record that can be used; first: " + bad.front(),
                       source.annotations.string());
    std::ranges::move(bad, std::back_inserter(recipe.badRecords));
    return {};
}

Result<TrainingStage> readStage(const Json &object, std::size_t number)
{
    TrainingStage stage;
    JsonSettings settings(object, "stage " + std::to_string(number) + " of the recipe");
    settings.read("tower_only", stage.towerOnly);
    settings.read("teacher", stage.isTeacher);
    settings.read("teacher_weight", stage.teacherWeight);
    settings.read("feature_weight", stage.featureWeight);
    settings.read("label_weight", stage.labelWeight);
    settings.read("patch_weight", stage.patchWeight);
    settings.read("measure_every", stage.measureEvery);
    settings.read("patience", stage.patience);
    settings.read("sources", stage.sources);
    settings.require("steps", stage.steps);
    settings.read("warmup_steps", stage.warmupSteps);
    double warmupShare = -1;
    settings.read("warmup_share", warmupShare);
    std::string train = "all";
    settings.read("train", train);
    settings.read("accumulate", stage.accumulate);
    settings.read("beta2", stage.beta2);
    settings.read("weight_decay", stage.weightDecay);
    settings.read("clip_norm", stage.clipNorm);
    settings.read("learning_rate", stage.learningRate);
    settings.read("muon_learning_rate", stage.muonLearningRate);
    settings.read("final_share", stage.finalShare);
    settings.read("grids", stage.grids);
    settings.read("small_grids", stage.smallGrids);
    settings.read("finish_grids", stage.finishGrids);
    settings.read("small_finish_grids", stage.smallFinishGrids);
    settings.read("finish_share", stage.finishShare);
    settings.read("patches_per_batch", stage.patchesPerBatch);
    settings.read("questions_per_picture", stage.questionsPerPicture);
    settings.check(stage.steps > 0, "'steps' is not above 0");
    settings.check(!stage.grids.empty(), "there are no 'grids'");
    settings.check(stage.warmupSteps >= 0, "'warmup_steps' is below 0");
    settings.check(!settings.has("warmup_share") || (warmupShare >= 0 && warmupShare <= 1), "'warmup_share' is outside 0..1");
    settings.check(!settings.has("warmup_share") || !settings.has("warmup_steps"), "'warmup_share' and 'warmup_steps' are both given");
    settings.check(stage.teacherWeight >= 0 && stage.featureWeight >= 0 && stage.labelWeight >= 0 && stage.patchWeight >= 0, "a weight is below 0");
    settings.check(!(stage.isTeacher && stage.towerOnly), "'teacher' and 'tower_only' are both given");
    settings.check(stage.measureEvery >= 0, "'measure_every' is below 0");
    settings.check(stage.patience >= 0, "'patience' is below 0");
    settings.check(stage.accumulate > 0, "'accumulate' is not above 0");
    settings.check(stage.beta2 >= 0 && stage.beta2 < 1, "'beta2' is outside 0..1");
    settings.check(stage.weightDecay >= 0, "'weight_decay' is below 0");
    settings.check(stage.clipNorm > 0, "'clip_norm' is not above 0");
    const std::map<std::string, TrainedParts> parts{{"connectors", TrainedParts::Connectors},
                                                    {"connectors and decoder", TrainedParts::ConnectorsAndDecoder},
                                                    {"all", TrainedParts::All}};
    settings.check(parts.contains(train), "'train' is none of: connectors, connectors and decoder, all");
    settings.check(stage.learningRate > 0, "'learning_rate' is not above 0");
    settings.check(stage.muonLearningRate >= 0, "'muon_learning_rate' is below 0");
    settings.check(stage.finalShare >= 0 && stage.finalShare <= 1, "'final_share' is outside 0..1");
    settings.check(stage.finishShare >= 0 && stage.finishShare <= 1, "'finish_share' is outside 0..1");
    settings.check(stage.patchesPerBatch > 0, "'patches_per_batch' is not above 0");
    settings.check(stage.questionsPerPicture > 0, "'questions_per_picture' is not above 0");
    for (const std::vector<int> *grids :
         {&stage.grids, &stage.smallGrids, &stage.finishGrids, &stage.smallFinishGrids})
        settings.check(std::all_of(grids->begin(), grids->end(), [](int side) { return side >= 1 && side <= 256; }),
                       "a grid is outside 1..256 patches a side");
    if (const Result<void> done = settings.finish(); !done)
        return failure(done.error());
    stage.trained = parts.at(train);
    if (warmupShare >= 0)
        stage.warmupSteps = static_cast<int>(std::lround(warmupShare * stage.steps));
    return stage;
}

Result<void> readAdapters(const Json &object, TrainingAdapters &adapters)
{
    JsonSettings settings(object, "'lora' of the recipe");
    settings.require("rank", adapters.rank);
    settings.read("alpha", adapters.alpha);
    settings.read("tower", adapters.ofTower);
    settings.read("decoder", adapters.ofDecoder);
    settings.check(adapters.rank >= 1 && adapters.rank <= 1024, "'rank' is outside 1..1024");
    settings.check(adapters.alpha > 0, "'alpha' is not above 0");
    settings.check(adapters.ofTower || adapters.ofDecoder, "neither 'tower' nor 'decoder' is adapted");
    return settings.finish();
}

} // namespace

Result<TrainingRecipe> readTrainingRecipe(const fs::path &file)
{
    const Result<Json> document = readJsonFile(file);
    if (!document)
        return failure(document.error());
    std::error_code problem;
    const fs::path folder = fs::absolute(file, problem).parent_path();
    TrainingRecipe recipe;
    std::string model, out, then, note;
    JsonSettings settings(*document, "the recipe " + file.filename().string());
    settings.require("model", model);
    settings.require("out", out);
    settings.read("seed", recipe.seed);
    settings.read("checkpoint_minutes", recipe.checkpointMinutes);
    settings.read("average_decay", recipe.averageDecay);
    settings.read("keeps_best", recipe.keepsBest);
    settings.read("start_share", recipe.startShare);
    settings.read("recompute", recipe.recomputes);
    if (const Json *adapters = settings.raw("lora"))
        if (const Result<void> done = readAdapters(*adapters, recipe.adapters); !done)
            return failure(done.error());
    settings.read("device", recipe.device);
    std::string precision = "auto";
    settings.read("precision", precision);
    settings.check(precision == "auto" || precision == "fp32" || precision == "bf16", "'precision' is none of: auto, fp32, bf16");
    recipe.precision = precisionNamed(precision);
    bool isLooselySpelt = false;
    settings.read("loose_spelling", isLooselySpelt);
    settings.read("then", then);
    settings.read("note", note); // for the reader of the file
    const Json *sources = settings.raw("sources");
    const Json *stages = settings.raw("stages");
    settings.check(sources && sources->is_array() && !sources->empty(), "there is no list 'sources'");
    settings.check(stages && stages->is_array() && !stages->empty(), "there is no list 'stages'");
    settings.check(recipe.checkpointMinutes >= 0, "'checkpoint_minutes' is below 0");
    settings.check(recipe.startShare >= 0 && recipe.startShare < 1, "'start_share' is outside 0..1");
    settings.check(recipe.startShare == 0 || !settings.has("lora"), "'start_share' and 'lora' are both given");
    settings.check(recipe.averageDecay >= 0 && recipe.averageDecay < 1, "'average_decay' is outside 0..1");
    if (const Result<void> done = settings.finish(); !done)
        return failure(done.error());
    const auto place = [&](const std::string &relative) {
        const fs::path whole = (folder / relative).lexically_normal();
        return (whole.has_filename() ? whole : whole.parent_path()).string();
    };
    recipe.modelFolder = place(model);
    recipe.outFolder = place(out);
    recipe.then = then.empty() ? std::string() : place(then);

    for (const Json &object : *stages) {
        Result<TrainingStage> stage = readStage(object, recipe.stages.size() + 1);
        if (!stage)
            return failure(stage.error());
        recipe.stages.push_back(*std::move(stage));
    }
    std::set<std::string> names;
    for (const Json &object : *sources) {
        Result<Source> source = readSource(object, folder);
        if (!source)
            return failure(source.error());
        source->isLooselySpelt = isLooselySpelt;
        if (!names.insert(source->source.name).second)
            return failure(code::RecipeValue, "two sources are called '" + source->source.name + "'",
                           source->source.name);
        for (const TrainingSource &other : recipe.sources) {
            if (!other.head.empty() && other.head == source->source.head && other.labels != source->source.labels)
                return failure(code::RecipeValue, "sources '" + other.name + "' and '" + source->source.name + "' share a head and differ in classes", other.head);
        }
        if (const Result<void> done = readSamples(*source, recipe); !done)
            return failure(done.error());
        recipe.sources.push_back(source->source);
    }
    for (const TrainingStage &stage : recipe.stages) {
        for (const std::string &name : stage.sources)
            if (!names.contains(name))
                return failure(code::RecipeValue, "a stage names the source '" + name + "', which there is not", name);
    }
    return recipe;
}

} // namespace auroraedge::app
