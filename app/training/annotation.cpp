#include "app/training/annotation.h"

#include "app/settings/json_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <tuple>
#include <utility>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::json;

bool leavesFolder(const fs::path &path)
{
    return path.is_absolute() || std::find(path.begin(), path.end(), "..") != path.end();
}

/// A text, or a whole number as one (groups are often counted); @p otherwise for null or nothing; nothing for another kind.
std::optional<std::string> textAt(const Json &object, const char *key, const std::string &otherwise)
{
    const auto found = object.find(key);
    if (found == object.end() || found->is_null())
        return otherwise;
    if (found->is_number_integer())
        return found->dump();
    return found->is_string() ? std::optional(found->get<std::string>()) : std::nullopt;
}

/// 0 for what is no number of pixels.
int pixels(double side)
{
    constexpr double kMost = 1'000'000;
    return side >= 1 && side <= kMost ? static_cast<int>(side) : 0;
}

} // namespace

int Annotation::count(const std::string &name) const
{
    return static_cast<int>(std::ranges::count(labels, name, &AnnotationLabel::name));
}

int Annotation::digit() const
{
    for (const AnnotationLabel &label : labels) {
        if (label.name.size() == 7 && label.name.starts_with("digit_") && label.name[6] >= '0' && label.name[6] <= '9')
            return label.name[6] - '0';
    }
    return -1;
}

Result<Annotation> readAnnotation(const std::string &line, const std::string &where)
{
    const Result<Json> document = parseJson(line, where);
    if (!document)
        return failure(document.error());
    const auto wrong = [&](const std::string &what) { return failure(code::RecipeValue, where + ": " + what, where); };
    if (!document->is_object() || !document->contains("image") || !document->at("image").is_string())
        return wrong("there is no 'image'");
    Annotation annotation;
    annotation.picture = document->at("image").get<std::string>();
    for (const auto &[key, value, otherwise] :
         {std::tuple("group", &annotation.group, &annotation.picture), std::tuple("split", &annotation.split, &annotation.split),
          std::tuple("template", &annotation.golden, &annotation.golden), std::tuple("golden", &annotation.golden, &annotation.golden)}) {
        std::optional<std::string> text = textAt(*document, key, *otherwise);
        if (!text) // what was meant to keep pictures apart is not passed over
            return wrong("'" + std::string(key) + "' is not a text");
        *value = *std::move(text);
    }
    for (const std::string *path : {&annotation.picture, &annotation.golden}) {
        if (leavesFolder(*path))
            return wrong("'" + *path + "' leaves the folder");
    }
    const auto number = [](const Json &object, const char *key) {
        return object.contains(key) && object.at(key).is_number() ? object.at(key).get<double>() : 0.0;
    };
    const double width = number(*document, "width"), height = number(*document, "height");
    annotation.widthPx = pixels(width);
    annotation.heightPx = pixels(height);
    if (!document->contains("labels") || !document->at("labels").is_array())
        return wrong("there is no list 'labels'");
    for (const Json &source : document->at("labels")) {
        if (!source.is_object() || !source.contains("class") || !source.at("class").is_string())
            return wrong("a label has no 'class'");
        AnnotationLabel label;
        label.name = source.at("class").get<std::string>();
        if (source.contains("bbox") && !source.at("bbox").is_null()) {
            const Json &box = source.at("bbox");
            if (!box.is_array() || box.size() != 4
                || !std::all_of(box.begin(), box.end(), [](const Json &side) { return side.is_number(); }))
                return wrong("'bbox' is not four numbers");
            if (!(width > 0) || !(height > 0))
                return wrong("a box needs 'width' and 'height'");
            label.box = TrainingBox{box[0].get<double>() / width, box[1].get<double>() / height,
                                    box[2].get<double>() / width, box[3].get<double>() / height};
        }
        annotation.labels.push_back(std::move(label));
    }
    if (document->contains("facts")) {
        if (!document->at("facts").is_object())
            return wrong("'facts' is not an object");
        for (const auto &[name, value] : document->at("facts").items()) {
            if (!value.is_string())
                return wrong("fact '" + name + "' is not a text");
            annotation.facts[name] = value.get<std::string>();
        }
    }
    return annotation;
}

} // namespace auroraedge::app
