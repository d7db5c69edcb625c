#include "app/training/annotation.h"

#include "app/settings/json_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::json;

bool leavesFolder(const fs::path &path)
{
    return path.is_absolute() || std::find(path.begin(), path.end(), "..") != path.end();
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
    const auto text = [&](const char *key, const std::string &otherwise) {
        return document->contains(key) && document->at(key).is_string() ? document->at(key).get<std::string>()
                                                                        : otherwise;
    };
    annotation.group = text("group", annotation.picture);
    annotation.split = text("split", "");
    annotation.golden = text("golden", text("template", ""));
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
