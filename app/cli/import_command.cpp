#include "app/cli/answer_output.h"
#include "app/cli/commands.h"
#include "app/cli/display_text.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>
#include <ostream>

namespace auroraedge::app {

Result<int> runImport(const ImportOptions &options, const CliContext &context)
{
    const Result<Engine *> engine = context.openEngine();
    if (!engine)
        return failure(engine.error());
    const ImportRequest request{options.vision,     options.llm,    options.out,
                                options.compressor, options.fusion, precisionNamed(options.common.precision),
                                options.seed};
    LoadProgress progress;
    int toldPercent = -1;
    if (!options.common.quiet)
        progress = [&](double fraction) {
            constexpr int kStep = 10;
            const int percent = static_cast<int>(fraction * 100) / kStep * kStep;
            if (percent > toldPercent)
                context.err << (toldPercent = percent) << " % written" << std::endl;
        };
    const Result<ImportReport> report = (*engine)->importModel(request, progress, context.stop);
    if (!report)
        return failure(report.error());
    for (const std::string &warning : report->warnings)
        context.err << "warning: " << displayText(warning) << '\n';
    if (options.common.json) {
        context.out << oneLine({{"model", options.out},
                                {"parameters", report->parameters},
                                {"file_bytes", report->fileBytes},
                                {"warnings", report->warnings}})
                    << std::endl;
    } else {
        std::array<char, 96> line{};
        std::snprintf(line.data(), line.size(), "%.2f M parameters in %.1f MB; the model is in ",
                      static_cast<double>(report->parameters) / 1e6, static_cast<double>(report->fileBytes) / 1e6);
        context.out << line.data() << displayText(options.out) << std::endl;
    }
    return 0;
}

} // namespace auroraedge::app
