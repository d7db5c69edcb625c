#include "ui/models/statistics_stage.h"

#include <QCoreApplication>

#include <algorithm>
#include <iterator>

namespace auroraedge::ui {

namespace {

constexpr char kContext[] = "Stage";

struct Entry
{
    const char *id, *english;
};
constexpr Entry kStages[] = {{"load", QT_TRANSLATE_NOOP("Stage", "Load")},
                             {"decode", QT_TRANSLATE_NOOP("Stage", "Decode")},
                             {"preprocess", QT_TRANSLATE_NOOP("Stage", "Preprocess")},
                             {"encode", QT_TRANSLATE_NOOP("Stage", "Encode")},
                             {"project", QT_TRANSLATE_NOOP("Stage", "Project")},
                             {"compress", QT_TRANSLATE_NOOP("Stage", "Compress")},
                             {"fuse", QT_TRANSLATE_NOOP("Stage", "Fuse")},
                             {"prefill", QT_TRANSLATE_NOOP("Stage", "Prefill")},
                             {"first_token", QT_TRANSLATE_NOOP("Stage", "First token")},
                             {"per_token", QT_TRANSLATE_NOOP("Stage", "Per token")},
                             {"total", QT_TRANSLATE_NOOP("Stage", "Whole answer")}};

} // namespace

QString stageText(const QString &id)
{
    const auto known = std::ranges::find_if(kStages, [&](const Entry &stage) { return id == QLatin1String(stage.id); });
    return known == std::end(kStages) ? id : QCoreApplication::translate(kContext, known->english);
}

} // namespace auroraedge::ui
