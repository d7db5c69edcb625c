#include "engine/models/picture_encoder.h"

#include "engine/core/device.h"
#include "engine/models/aurora_edge_inspector.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/from_blob.h>

#include <sodium.h>

#include <algorithm>

namespace auroraedge::engine {
namespace {

using PictureKey = std::array<unsigned char, 32>;

/// Of the pixels alone: the same picture from a file and from a camera is the same picture.
PictureKey keyOf(const Frame &frame)
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, nullptr, 0, PictureKey().size());
    const std::array<int, 2> size{frame.widthPx, frame.heightPx};
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char *>(size.data()), sizeof size);
    for (int y = 0; y < frame.heightPx; ++y)
        crypto_generichash_update(&state, frame.row(y), static_cast<std::size_t>(frame.widthPx) * 3);
    PictureKey key{};
    crypto_generichash_final(&state, key.data(), key.size());
    return key;
}

Failure noPixels(const Frame &frame)
{
    return failure(code::ImageNoPixels, "image has no pixels (" + std::to_string(frame.widthPx) + " x " + std::to_string(frame.heightPx) + ")", frame.source);
}

} // namespace

PictureEncoder::PictureEncoder(const AuroraEdge &model, NaflexConfig preprocessing, at::Device device)
    : m_model(model), m_preprocessing(std::move(preprocessing)), m_device(device)
{
}

Result<PreparedPicture> PictureEncoder::prepare(const Frame &frame) const
{
    const Clock::time_point start = Clock::now();
    if (frame.isEmpty())
        return noPixels(frame);
    Result<NaflexPatches> patches = preprocessNaflex(frame, m_preprocessing);
    if (!patches)
        return failure(patches.error());
    return PreparedPicture{std::make_shared<const std::vector<float>>(std::move(patches->values)), patches->gridHeight, patches->gridWidth, msSince(start)};
}

/// [B, slots, values] on the device.
at::Tensor PictureEncoder::pixelsOf(std::span<const PreparedPicture *const> pictures, std::int64_t slots) const
{
    const std::int64_t width = m_preprocessing.patchSize * m_preprocessing.patchSize * 3;
    std::vector<at::Tensor> each;
    for (const PreparedPicture *picture : pictures)
        each.push_back(at::from_blob(const_cast<float *>(picture->patches->data()), {1, slots, width}, at::kFloat));
    // A copy of the library's own alignment: from another address the same product may differ in its last bits.
    return at::cat(each).to(m_device);
}

EncodedPictures PictureEncoder::encode(std::span<const PreparedPicture *const> pictures, const AskListener &listener, const std::stop_token &stop,
                                       StageLatencies &latency) const
{
    Clock::time_point start = Clock::now();
    enter(Stage::Encode, listener, stop);
    const PatchGrid grid{pictures.front()->gridHeight, pictures.front()->gridWidth};
    const std::vector<PatchGrid> grids(pictures.size(), grid);
    const std::int64_t valid = grid.height * grid.width, slots = m_model.canOmitPadding() ? valid : m_preprocessing.maxPatches;
    at::Tensor validKeys; // undefined when every slot is valid
    if (slots > valid) {
        const auto count = static_cast<std::int64_t>(pictures.size());
        validKeys = (at::arange(slots, at::TensorOptions().dtype(at::kLong).device(m_device)) < valid).unsqueeze(0).repeat({count, 1});
    }
    EncodedPictures encoded{{}, m_model.tower.forward(pixelsOf(pictures, slots), grids, validKeys, m_model.config.featureBeforeLast, stop), grid};
    finishWork(m_device);
    latency.encodeMs = msSince(start);

    start = Clock::now();
    enter(Stage::Project, listener, stop);
    Features &features = encoded.features;
    features = {m_model.projector.forward(encoded.visual), validKeys, {}};
    finishWork(m_device);
    latency.projectMs = msSince(start);

    start = Clock::now();
    enter(Stage::Compress, listener, stop);
    features.compressed = m_model.compressor.forward(features.projected, validKeys, grids).contiguous();
    finishWork(m_device);
    latency.compressMs = msSince(start);
    return encoded;
}

std::vector<PatchMap> PictureEncoder::mapsOf(const EncodedPictures &encoded, std::int64_t row) const
{
    if (!m_model.patchHead)
        return {};
    const auto &[height, width] = encoded.grid;
    // The patches of the picture come first, padding after them.
    const at::Tensor logits = (*m_model.patchHead)(encoded.visual[row].narrow(0, 0, height * width));
    const at::Tensor probabilities = logits.to(at::kFloat).sigmoid().t().to(at::kCPU).contiguous(); // [classes, patches]
    std::vector<PatchMap> maps;
    for (const std::string &name : m_model.config.patchClasses) {
        const at::Tensor values = probabilities[static_cast<std::int64_t>(maps.size())];
        const float *first = values.const_data_ptr<float>();
        maps.push_back({name, static_cast<int>(width), static_cast<int>(height), {first, first + values.numel()}});
    }
    return maps;
}

Result<PictureEncoder::Found> PictureEncoder::kept(const Frame &frame, const AskListener &listener, const std::stop_token &stop, StageLatencies &latency)
{
    if (frame.isEmpty())
        return noPixels(frame);
    const Clock::time_point start = Clock::now();
    enter(Stage::Preprocess, listener, stop);
    const PictureKey key = keyOf(frame);
    const auto known = std::ranges::find(m_recent, key, &Kept::key);
    if (known != m_recent.end()) {
        m_recent.splice(m_recent.begin(), m_recent, known);
        latency.preprocessMs = msSince(start);
        return Found{&m_recent.front(), true};
    }
    const Result<PreparedPicture> prepared = prepare(frame);
    if (!prepared)
        return failure(prepared.error());
    latency.preprocessMs = msSince(start);

    const EncodedPictures encoded = encode(std::array{&*prepared}, listener, stop, latency);
    m_recent.push_front({key, encoded.features, mapsOf(encoded, 0)});
    if (m_recent.size() > static_cast<std::size_t>(kKeptPictures))
        m_recent.pop_back();
    return Found{&m_recent.front(), false};
}

} // namespace auroraedge::engine
