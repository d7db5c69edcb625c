#include "app/inspection/defect_classes.h"

#include "app/settings/json_file.h"

#include <nlohmann/json.hpp>

#include <set>

namespace auroraedge::app {

Result<std::vector<std::string>> readDefectClasses(const std::filesystem::path &file)
{
    const Result<nlohmann::json> document = readJsonFile(file);
    if (!document)
        return failure(document.error());
    const std::string name = file.filename().string();
    if (!document->is_array())
        return failure(code::RecipeValue, name + " is not a list of names", file.string());
    std::set<std::string> names;
    for (const nlohmann::json &entry : *document) {
        if (!entry.is_string() || entry.get_ref<const std::string &>().empty() || !names.insert(entry.get<std::string>()).second)
            return failure(code::RecipeValue, name + " holds something that is not a name, or a name twice", file.string());
    }
    return document->get<std::vector<std::string>>();
}

} // namespace auroraedge::app
