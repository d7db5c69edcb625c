#include "app/cli/answer_output.h"
#include "app/cli/commands.h"
#include "app/cli/display_text.h"
#include "app/cli/named_model.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>
#include <ostream>

namespace auroraedge::app {
namespace {

using Json = nlohmann::ordered_json;

Json descriptionJson(const ModelDescription &model, bool withTensors)
{
    Json object = {{"name", model.name},
                   {"folder", model.folder},
                   {"family", model.family},
                   {"sha256", model.sha256},
                   {"parameters", model.parameters},
                   {"file_bytes", model.fileBytes},
                   {"facts", Json::object()}};
    for (const auto &[name, value] : model.facts)
        object["facts"][name] = value;
    object["warnings"] = model.warnings;
    if (withTensors) {
        object["tensors"] = Json::array();
        for (const ModelDescription::Tensor &tensor : model.tensors)
            object["tensors"].push_back({{"name", tensor.name}, {"dtype", tensor.dtype}, {"shape", tensor.shape}});
    }
    return object;
}

void printRow(std::ostream &out, const std::string &name, const std::string &value)
{
    constexpr std::size_t kColumn = 14;
    out << name << std::string(name.size() < kColumn ? kColumn - name.size() : 1, ' ') << displayText(value) << '\n';
}

void printDescription(const ModelDescription &model, bool withTensors, std::ostream &out)
{
    std::array<char, 64> size{};
    std::snprintf(size.data(), size.size(), "%.2f M in %.1f MB", static_cast<double>(model.parameters) / 1e6,
                  static_cast<double>(model.fileBytes) / 1e6);
    printRow(out, "model", model.name);
    printRow(out, "folder", model.folder);
    printRow(out, "family", model.family);
    printRow(out, "sha256", model.sha256);
    printRow(out, "parameters", size.data());
    for (const auto &[name, value] : model.facts)
        printRow(out, name, value);
    for (const std::string &warning : model.warnings)
        printRow(out, "warning", warning);
    if (!withTensors)
        return;
    for (const ModelDescription::Tensor &tensor : model.tensors) {
        std::string shape;
        for (const std::int64_t length : tensor.shape)
            shape += (shape.empty() ? "" : ", ") + std::to_string(length);
        out << tensor.dtype << "  [" << shape << "]  " << displayText(tensor.name) << '\n';
    }
}

void printSelfTest(const SelfTest &test, bool asJson, std::ostream &out)
{
    if (asJson) {
        out << oneLine({{"self_test",
                         {{"fp32_gflops", test.fp32Gflops},
                          {"bf16_gflops", test.bf16Gflops},
                          {"threads", test.threads},
                          {"cpu", test.cpuCapability},
                          {"libtorch", test.libtorchVersion},
                          {"cuda", test.cuda}}}})
            << std::endl;
        return;
    }
    std::array<char, 256> line{};
    std::snprintf(line.data(), line.size(), "%.0f GFLOP/s fp32, %.0f GFLOP/s bf16 (1024^3 product, %d thread%s, %s)",
                  test.fp32Gflops, test.bf16Gflops, test.threads, test.threads == 1 ? "" : "s",
                  test.cpuCapability.c_str());
    printRow(out, "self-test", line.data());
    printRow(out, "LibTorch", test.libtorchVersion);
    printRow(out, "GPU", test.cuda);
}

ModuleCost totalOf(const std::vector<ModuleCost> &costs)
{
    ModuleCost total{.module = "total"};
    for (const ModuleCost &cost : costs) {
        total.parameters += cost.parameters;
        total.macs += cost.macs;
        total.paperParameters += cost.paperParameters;
        total.paperMacs += cost.paperMacs;
    }
    return total;
}

void printCosts(std::vector<ModuleCost> costs, const InfoOptions &options, std::ostream &out)
{
    costs.push_back(totalOf(costs));
    if (options.common.json) {
        Json modules = Json::array();
        for (const ModuleCost &cost : costs)
            modules.push_back({{"module", cost.module},
                               {"parameters", cost.parameters},
                               {"macs", cost.macs},
                               {"paper_parameters", cost.paperParameters},
                               {"paper_macs", cost.paperMacs}});
        out << oneLine({{"flops", {{"text_tokens", options.textTokens}, {"modules", modules}}}}) << std::endl;
        return;
    }
    // The published tables count parameters in units of 2^30.
    out << "\nfor one picture and " << options.textTokens << " text tokens; a MAC is one multiply-add\n"
        << "module           parameters        GMAC   paper: B (2^30)     GFLOPS\n";
    for (const ModuleCost &cost : costs) {
        std::array<char, 160> line{};
        std::snprintf(line.data(), line.size(), "%-12s %14lld %11.3f %17.4f %10.3f\n", cost.module.c_str(),
                      static_cast<long long>(cost.parameters), static_cast<double>(cost.macs) / 1e9,
                      static_cast<double>(cost.paperParameters) / 0x1p30, static_cast<double>(cost.paperMacs) / 1e9);
        out << line.data();
    }
}

} // namespace

Result<int> runInfo(const InfoOptions &options, const CliContext &context)
{
    const Result<NamedModel> named = findModel(options.common, context);
    if (!named)
        return failure(named.error());
    const Result<ModelDescription> model = named->engine->describe(named->folder);
    if (!model)
        return failure(model.error());
    if (options.common.json)
        context.out << oneLine(descriptionJson(*model, options.tensors)) << std::endl;
    else
        printDescription(*model, options.tensors, context.out);
    if (options.flops) {
        const Result<std::vector<ModuleCost>> costs = named->engine->costOf(named->folder, options.textTokens);
        if (!costs)
            return failure(costs.error());
        printCosts(*costs, options, context.out);
    }
    if (options.selfTest) {
        const Result<SelfTest> test = named->engine->selfTest(options.common.threads);
        if (!test)
            return failure(test.error());
        printSelfTest(*test, options.common.json, context.out);
    }
    return 0;
}

} // namespace auroraedge::app
