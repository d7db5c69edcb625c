#include "app/cli/answer_output.h"
#include "app/cli/commands.h"
#include "app/cli/display_text.h"
#include "app/settings/data_folder.h"
#include "app/storage/store_check.h"

#include <nlohmann/json.hpp>

#include <ostream>

namespace auroraedge::app {

Result<int> runDbCheck(const DbCheckOptions &options, const CliContext &context)
{
    StoreCheckListener listener;
    listener.onFault = [&](const Error &fault) {
        if (options.common.json)
            context.out << oneLine(errorJson(fault)) << std::endl;
        else
            context.err << fault.code.text() << ": " << displayText(fault.message) << std::endl;
    };
    listener.onPicture = [&](std::int64_t done, std::int64_t all) {
        if (!options.common.quiet && done % 1000 == 0)
            context.err << done << " of " << all << " pictures" << std::endl;
    };
    const Result<StoreCheck> check = checkStore(DataFolder::resolve(options.common.dataDir).root(), listener, context.stop);
    if (!check)
        return failure(check.error());
    if (options.common.json)
        context.out << oneLine({{"answers", check->answers},
                                {"pictures", check->pictures},
                                {"picture_bytes", check->pictureBytes},
                                {"unknown_files", check->unknownFiles},
                                {"faults", check->faults}})
                    << std::endl;
    else
        context.out << counted(check->answers, "answer") << ", " << counted(check->pictures, "picture") << ", " << counted(check->faults, "fault") << "; "
                    << counted(check->unknownFiles, "file") << " among the pictures belong" << (check->unknownFiles == 1 ? "s" : "") << " to no answer" << std::endl;
    return check->faults == 0 ? 0 : exitCodeOf(code::DatabaseDamaged);
}

} // namespace auroraedge::app
