#include "tests/trials/trial_sets.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>

/// Writes the pictures and records of a fine-tuning trial:
///   prepare_trial deeppcb --data DIR --out DIR [--defects one|all] [--scan-only] [--templates SHARE] [--seed S]
///   prepare_trial bsdata  --data DIR --out DIR [--train-crops N] [--seed S]

int main(int count, char **arguments)
{
    using namespace auroraedge::trials;
    CLI::App app("pictures and records of a fine-tuning trial");
    app.require_subcommand(1);
    std::string data, out, defects = "one";
    bool isScanOnly = false;
    DeepPcbOptions deepPcb;
    BsdataOptions bsdata;
    std::uint64_t seed = 1;
    CLI::App *deepPcbCommand = app.add_subcommand("deeppcb", "boards, with or without their golden picture");
    CLI::App *bsdataCommand = app.add_subcommand("bsdata", "crops of ball screws");
    for (CLI::App *command : {deepPcbCommand, bsdataCommand}) {
        command->add_option("--data", data, "folder of the set")->required();
        command->add_option("--out", out, "empty or new folder")->required();
        command->add_option("--seed", seed);
    }
    deepPcbCommand->add_option("--defects", defects)->check(CLI::IsMember({"one", "all"}));
    deepPcbCommand->add_flag("--scan-only,!--golden", isScanOnly, "records without a golden picture");
    deepPcbCommand->add_option("--templates", deepPcb.templateShare, "of the good pictures")->check(CLI::Range(0.0, 1.0));
    bsdataCommand->add_option("--train-crops", bsdata.trainCrops, "pairs from every training photo")->check(CLI::Range(1, 100));
    CLI11_PARSE(app, count, arguments);
    try {
        TrialFolder folder(out);
        if (deepPcbCommand->parsed()) {
            deepPcb.data = data;
            deepPcb.isOneDefect = defects == "one";
            deepPcb.hasGolden = !isScanOnly;
            deepPcb.seed = seed;
            addDeepPcb(deepPcb, folder);
        } else {
            bsdata.data = data;
            bsdata.seed = seed;
            addBsdata(bsdata, folder);
        }
        folder.finish();
        std::printf("%s", summaryOf(folder.records()).c_str());
    } catch (const std::exception &problem) {
        std::fprintf(stderr, "%s\n", problem.what());
        return 1;
    }
    return 0;
}
