#include "engine/models/import.h"

#include "engine/core/device.h"
#include "engine/core/guarded.h"
#include "engine/families/family.h"
#include "engine/io/durable_file.h"
#include "engine/io/json_document.h"
#include "engine/io/model_folder.h"
#include "engine/io/sha256.h"
#include "engine/io/weights.h"
#include "engine/models/aurora_edge.h"
#include "engine/models/shape_list.h"
#include "engine/text/chat_prompt.h"
#include "engine/text/open_tokenizer.h"
#include "engine/training/initialise.h"
#include "engine/vision/preprocessor_config.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <set>

namespace auroraedge::engine {

namespace {

using nlohmann::json;
using std::filesystem::path;

constexpr double kConnectorStd = 0.02;
constexpr std::size_t kChunkBytes = std::size_t{8} << 20;

/// One of the two given folders.
struct Source
{
    path folder;
    json configFile;
    ModelConfig config;
    TensorFiles files;
    std::string prefix; ///< before the part's names in the files
    std::set<std::string> used = {};

    [[nodiscard]] std::string familyName() const { return std::string(config.family->name); }
};

/// Reads one of the folders. @param isRight whether it holds the part that is wanted, @p what.
template <typename Part>
Result<Source> openSource(const path &folder, const char *what, bool (*isRight)(const Part &))
{
    const Result<ModelConfig> config = readModelConfig(folder);
    if (!config)
        return failure(config.error());
    const Part *part = std::get_if<Part>(&config->architecture);
    if (!part || !isRight(*part))
        return failure(code::ModelFolder, folder.string() + " does not hold " + what, folder.string());
    Result<TensorFiles> files = TensorFiles::open(folder);
    if (!files)
        return failure(files.error());
    JsonLimits limits;
    limits.maxBytes = kMaxConfigBytes;
    Result<json> configFile = readJsonFile(folder / "config.json", code::ConfigValue, limits);
    if (!configFile)
        return failure(configFile.error());
    std::string prefix = prefixAmong(*files, config->family->prefixes);
    return Source{folder, *std::move(configFile), *config, *std::move(files), std::move(prefix)};
}

/// One tensor of the new folder.
struct Part
{
    TensorToWrite written; ///< without bytes
    const MappedTensor *source = nullptr; ///< null: drawn afresh
};

class Import final
{
public:
    Import(const ImportRequest &request, const LoadProgress &progress, std::stop_token stop)
        : m_request(request), m_progress(progress), m_stop(std::move(stop)), m_out(std::filesystem::absolute(request.outFolder).lexically_normal())
    {
        if (!m_out.has_filename()) // "models/new/"
            m_out = m_out.parent_path();
    }

    Result<ImportReport> run();

private:
    Result<void> checkOut() const;
    Result<void> checkTokenizer();
    Result<void> writeConfigText();
    std::pair<Source *, std::string> originOf(const std::string &name);
    Result<void> findParts();
    Result<std::string> writeWeights(const path &folder, UnnamedFile file);
    Result<void> copyTensor(const Part &part, UnnamedFile &file, Sha256 &hash);
    Result<void> addBytes(std::span<const std::byte> bytes, UnnamedFile &file, Sha256 &hash);
    [[nodiscard]] std::string cardText() const;

    const ImportRequest &m_request;
    const LoadProgress &m_progress;
    std::stop_token m_stop;
    path m_out;
    std::optional<Source> m_vision, m_decoder;
    std::vector<std::string> m_copiedFiles; ///< of the decoder's folder
    std::string m_configText, m_preprocessorText;
    AuroraEdgeConfig m_config;
    std::vector<Part> m_parts;
    std::string m_header;
    std::int64_t m_bytesWritten = 0;
    ImportReport m_report;
};

Result<void> Import::checkOut() const
{
    std::error_code error;
    const bool isThere = std::filesystem::exists(std::filesystem::symlink_status(m_out, error));
    if (isThere && !(std::filesystem::is_directory(m_out, error) && std::filesystem::is_empty(m_out, error)))
        return failure(code::Usage, m_out.string() + " is there already; choose another folder", m_out.string());
    return {};
}

/// The chat's tokens must be there: without them no question can be asked.
Result<void> Import::checkTokenizer()
{
    const path &folder = m_decoder->folder;
    std::error_code error;
    for (const char *name : {"tokenizer.json", "tokenizer.model", "generation_config.json"})
        if (std::filesystem::exists(folder / name, error))
            m_copiedFiles.emplace_back(name);
    if (m_copiedFiles.empty() || !m_copiedFiles.front().starts_with("tokenizer")) {
        m_report.warnings.push_back(folder.string() + " has no tokenizer; put its tokenizer.json into the new folder before asking");
        return {};
    }
    const Result<std::unique_ptr<TextCodec>> codec = openTokenizer(folder);
    if (!codec)
        return failure(codec.error());
    if ((*codec)->size() > m_config.text.vocabSize)
        return failure(code::TokenizerMismatch,
                       "tokenizer has " + std::to_string((*codec)->size()) + " entries, model " + std::to_string(m_config.text.vocabSize), folder.string());
    const auto prompt = encodeChatPrompt(**codec, {}, "?");
    return prompt ? Result<void>() : failure(prompt.error());
}

Result<void> Import::writeConfigText()
{
    // A dual model's tower lies in an object of its own.
    const json &file = m_vision->configFile;
    json vision = file.contains("vision_config") ? file["vision_config"] : file;
    vision["model_type"] = "siglip2_vision_model";

    NaflexConfig preprocessing;
    std::error_code error;
    if (const path given = m_vision->folder / "preprocessor_config.json"; std::filesystem::exists(given, error)) {
        const Result<NaflexConfig> read = readNaflexConfig(given);
        if (!read)
            return failure(read.error());
        preprocessing = *read;
        const auto content = MappedFile::open(given);
        if (!content)
            return failure(content.error());
        m_preprocessorText = (*content)->text();
    } else {
        preprocessing.patchSize = static_cast<int>(std::get<VisionConfig>(m_vision->config.architecture).patchSize);
        const json own{{"image_processor_type", "Siglip2ImageProcessor"},
                       {"patch_size", preprocessing.patchSize},
                       {"max_num_patches", preprocessing.maxPatches}};
        m_preprocessorText = own.dump(2) + "\n";
    }

    const auto &text = std::get<TextConfig>(m_decoder->config.architecture);
    const json config = {{"model_type", "auroraedge"},
                         {"format_version", 1},
                         {"connectors_trained", false},
                         {"vision_config", vision},
                         {"text_config", m_decoder->configFile},
                         {"vision", {{"max_patches", preprocessing.maxPatches}}},
                         {"compressor", {{"type", m_request.compressor}}},
                         {"fusion", {{"type", m_request.fusion}, {"cross", {{"heads", text.hiddenSize % text.heads == 0 ? text.heads : 1}}}}}};
    m_configText = config.dump(2) + "\n";
    const Result<ModelConfig> parsed = parseModelConfig(m_configText);
    if (!parsed)
        return failure(parsed.error());
    m_config = std::get<AuroraEdgeConfig>(parsed->architecture);
    if (preprocessing.patchSize != m_config.vision.patchSize)
        return failure(code::ConfigValue, "preprocessor_config.json and config.json disagree about patches", m_vision->folder.string());
    return {};
}

/// The folder that holds the new model's tensor @p name, and its name there; no folder for what is drawn afresh.
std::pair<Source *, std::string> Import::originOf(const std::string &name)
{
    const std::string_view tower = "vision_tower.vision_model.", decoder = "language_model.", fusion = "fusion.decoder.";
    if (name.starts_with(tower))
        return {&*m_vision, m_vision->prefix + name.substr(tower.size())};
    if (name.starts_with(decoder))
        return {&*m_decoder, m_decoder->prefix + name.substr(decoder.size())};
    if (name.starts_with(fusion))
        return {&*m_decoder, m_decoder->prefix + "model.layers.0." + name.substr(fusion.size())};
    return {nullptr, {}};
}

/// Where each tensor of the new model comes from; every tensor that cannot be had is told at once.
Result<void> Import::findParts()
{
    ShapeList list;
    (void)AuroraEdge::take(list, m_config);
    TensorComplaints complaints;
    const bool keepsTypes = m_request.precision == Precision::Auto;
    const auto &offered = m_decoder->files.tensors();
    const Dtype usual = offered.empty() ? Dtype::F32 : offered.begin()->second.dtype; // for what is drawn afresh
    std::vector<TensorToWrite> order;
    std::map<std::string, const MappedTensor *> sourceOf;
    for (const auto &[name, shape] : list.shapes()) {
        const auto [source, given] = originOf(name);
        const MappedTensor *found = source ? source->files.find(given) : nullptr;
        if (source && source->used.insert(given).second) // a second use has the faults of the first
            complaints.check(given, found, shape);
        sourceOf[name] = found;
        const Dtype kept = found ? found->dtype : usual;
        order.push_back({name, keepsTypes ? kept : dtypeOf(scalarTypeOf(m_request.precision)), shape, {}});
    }
    if (!complaints.isEmpty())
        return failure(complaints.error());
    for (const Source *source : {&*m_vision, &*m_decoder})
        if (const std::vector<std::string> surplus = surplusOf(source->files, source->used, source->config.family->ignoredTensors); !surplus.empty())
            m_report.warnings.push_back(std::to_string(surplus.size()) + " tensors of " + source->folder.string() + " are not used, first "
                                        + surplus.front());

    Result<std::string> header = safetensorsHeader(order);
    if (!header)
        return failure(header.error());
    m_header = *std::move(header);
    m_report.fileBytes = static_cast<std::int64_t>(m_header.size());
    for (TensorToWrite &tensor : order) {
        const auto bytes = static_cast<std::int64_t>(bytesOf(tensor.dtype, tensor.shape));
        m_report.fileBytes += bytes;
        m_report.parameters += bytes / static_cast<std::int64_t>(bytesOf(tensor.dtype));
        m_parts.push_back({tensor, sourceOf[tensor.name]});
    }
    return {};
}

Result<void> Import::addBytes(std::span<const std::byte> bytes, UnnamedFile &file, Sha256 &hash)
{
    if (m_stop.stop_requested())
        throw StopRequested{};
    hash.add(bytes);
    m_bytesWritten += static_cast<std::int64_t>(bytes.size());
    if (m_progress)
        m_progress(static_cast<double>(m_bytesWritten) / static_cast<double>(m_report.fileBytes));
    return file.append(bytes);
}

/// In pieces, so that neither the tensor nor its pages of the file pile up in memory.
Result<void> Import::copyTensor(const Part &part, UnnamedFile &file, Sha256 &hash)
{
    const at::ScalarType wanted = scalarTypeOf(part.written.dtype);
    const auto add = [&](const at::Tensor &values) {
        return addBytes({static_cast<const std::byte *>(values.const_data_ptr()), values.nbytes()}, file, hash);
    };
    if (!part.source)
        return add(freshConnector(part.written.name, part.written.shape, m_request.seed, kConnectorStd).to(wanted).contiguous());

    const std::size_t valueBytes = bytesOf(part.source->dtype);
    std::int64_t notFinite = 0;
    for (std::span<const std::byte> left = part.source->bytes; !left.empty();) {
        const std::span<const std::byte> piece = left.first(std::min(left.size(), kChunkBytes / valueBytes * valueBytes));
        left = left.subspan(piece.size());
        // Copied: a safetensors file may hold its data at any byte.
        at::Tensor values = at::empty({static_cast<std::int64_t>(piece.size() / valueBytes)}, scalarTypeOf(part.source->dtype));
        std::memcpy(values.data_ptr(), piece.data(), piece.size());
        forgetPages(piece);
        values = values.to(wanted);
        notFinite += notFiniteCount(values);
        if (const Result<void> added = add(values); !added)
            return added;
    }
    if (notFinite > 0)
        return failure(code::ModelNotFinite, std::to_string(notFinite) + " values are not finite in '" + part.written.name + "'");
    return {};
}

/// @return the hash of the file.
Result<std::string> Import::writeWeights(const path &folder, UnnamedFile file)
{
    Sha256 hash;
    if (const Result<void> added = addBytes(std::as_bytes(std::span(m_header)), file, hash); !added)
        return failure(added.error());
    for (const Part &part : m_parts) {
        if (const Result<void> copied = copyTensor(part, file, hash); !copied)
            return failure(copied.error());
    }
    for (const Source *source : {&*m_vision, &*m_decoder})
        for (const auto &mapped : *source->files.mapping())
            if (mapped->hasChanged())
                return failure(code::ModelChanged, "a weight file of " + source->folder.string() + " was changed while it was read",
                               source->folder.string());
    // Only now a folder, so that a program killed before leaves nothing at all.
    std::error_code error;
    std::filesystem::remove_all(folder, error);
    if (!std::filesystem::create_directory(folder, error))
        return failure(code::FolderNotWritable, "cannot write to " + folder.parent_path().string() + ": " + error.message(), folder.string());
    if (const Result<void> published = file.publish(folder / "model.safetensors"); !published)
        return failure(published.error());
    return hash.hex();
}

std::string Import::cardText() const
{
    const auto part = [](const Source &source) { return source.folder.filename().string() + " (" + source.familyName() + ")"; };
    return "# " + m_out.filename().string() + "\n\nPut together by AuroraEdge Inspector from\n\n- vision tower: " + part(*m_vision)
        + "\n- language model: " + part(*m_decoder) + "\n\nCompressor " + m_request.compressor + ", fusion " + m_request.fusion + ", seed "
        + std::to_string(m_request.seed)
        + ". The fusion decoder is a copy of decoder layer 0; the other connectors were drawn at random.\n\n"
          "**Connectors untrained**: its answers mean nothing until it is trained.\n\n"
          "The weights keep the licences of the two models they come from.\n";
}

Result<ImportReport> Import::run()
{
    if (const Result<void> free = checkOut(); !free)
        return failure(free.error());
    Result<Source> vision = openSource<VisionConfig>(m_request.visionFolder, "a SigLIP2 NaFlex tower",
                                                     [](const VisionConfig &tower) { return tower.imageSize == 0; });
    if (!vision)
        return failure(vision.error());
    m_vision = *std::move(vision);
    Result<Source> decoder = openSource<TextConfig>(m_request.decoderFolder, "a language model", [](const TextConfig &) { return true; });
    if (!decoder)
        return failure(decoder.error());
    m_decoder = *std::move(decoder);
    using Step = Result<void> (Import::*)();
    for (const Step step : {&Import::writeConfigText, &Import::checkTokenizer, &Import::findParts})
        if (const Result<void> done = (this->*step)(); !done)
            return failure(done.error());

    const path parent = m_out.parent_path(), staging = parent / ("." + m_out.filename().string() + ".partial");
    std::error_code error;
    std::filesystem::create_directories(parent, error);
    const std::filesystem::space_info space = std::filesystem::space(parent, error);
    if (!error && space.available < static_cast<std::uintmax_t>(m_report.fileBytes))
        return failure(code::DiskFull,
                       "disk full: the model needs " + std::to_string(m_report.fileBytes / 1'000'000) + " MB, "
                           + std::to_string(space.available / 1'000'000) + " are free",
                       parent.string());
    Result<UnnamedFile> file = UnnamedFile::create(parent);
    if (!file)
        return failure(file.error());
    const Result<std::string> weightsHash = writeWeights(staging, *std::move(file));
    if (!weightsHash)
        return failure(weightsHash.error());

    std::vector<std::pair<std::string, std::string>> texts{
        {"config.json", m_configText}, {"preprocessor_config.json", m_preprocessorText}, {"MODEL_CARD.md", cardText()}};
    for (const std::string &name : m_copiedFiles) {
        const auto content = MappedFile::open(m_decoder->folder / name);
        if (!content)
            return failure(content.error());
        texts.emplace_back(name, (*content)->text());
    }
    for (const auto &[name, text] : texts) {
        const std::span<const std::byte> content = std::as_bytes(std::span(text));
        if (const Result<void> written = writeDurably(staging / name, {&content, 1}); !written)
            return failure(written.error());
    }
    if (const Result<void> written = writeChecksums(staging, {{"model.safetensors", *weightsHash}}); !written)
        return failure(written.error());
    std::filesystem::rename(staging, m_out, error);
    if (error)
        return failure(code::FolderNotWritable, "cannot write to " + parent.string() + ": " + error.message(), m_out.string());
    if (const Result<void> synced = syncFolder(parent); !synced)
        return failure(synced.error());
    m_report.warnings.push_back(kConnectorsUntrained);
    return m_report;
}

} // namespace

Result<ImportReport> importModel(const ImportRequest &request, const LoadProgress &progress, std::stop_token stop)
{
    return guarded("importing", [&] { return Import(request, progress, std::move(stop)).run(); });
}

} // namespace auroraedge::engine
