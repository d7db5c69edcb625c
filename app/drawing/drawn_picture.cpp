#include "app/drawing/drawn_picture.h"

#include "app/drawing/kinds.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <utility>

namespace auroraedge::app {
namespace {

constexpr std::string_view kScheme = "drawn:", kUnfamiliar = "unfamiliar/";

constexpr std::pair<std::string_view, Drawer> kDrawers[] = {
    {"plate", drawPlate}, {"gear", drawGear},      {"board", drawBoard},         {"connector", drawConnector},
    {"label", drawLabel}, {"led-row", drawLedRow}, {"parts", drawColouredParts}, {"wheel", drawCounterWheel},
};

Drawer drawerOf(const std::string &kind)
{
    return std::find_if(std::begin(kDrawers), std::end(kDrawers), [&](const auto &entry) { return entry.first == kind; })->second;
}

/// Neighbouring numbers must not give like pictures, so the seed is a hash (FNV-1a) of the address.
std::uint64_t seedOf(const DrawingAddress &address)
{
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char letter : toText({address.kind, address.number, address.isUnfamiliar})) // the same scene at every size
        hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3ULL;
    return hash;
}

} // namespace

const std::vector<std::string_view> &drawnKinds()
{
    static const std::vector<std::string_view> kinds = [] {
        std::vector<std::string_view> names;
        for (const auto &[name, drawer] : kDrawers)
            names.push_back(name);
        return names;
    }();
    return kinds;
}

std::string toText(const DrawingAddress &address)
{
    return std::string(kScheme) + address.kind + '/' + (address.isUnfamiliar ? std::string(kUnfamiliar) : "") + std::to_string(address.number)
        + (address.sidePx == DrawingAddress().sidePx ? "" : '@' + std::to_string(address.sidePx));
}

bool isDrawingAddress(std::string_view text)
{
    return text.starts_with(kScheme);
}

Result<DrawingAddress> drawingAddressOf(std::string_view text)
{
    const auto wrong = [&] { return failure(code::RecipeValue, "'" + std::string(text) + "' names no drawn picture", std::string(text)); };
    const std::size_t slash = text.find('/');
    if (!isDrawingAddress(text) || slash == std::string_view::npos)
        return wrong();
    DrawingAddress address;
    address.kind = text.substr(kScheme.size(), slash - kScheme.size());
    std::string_view number = text.substr(slash + 1);
    address.isUnfamiliar = number.starts_with(kUnfamiliar);
    if (address.isUnfamiliar)
        number.remove_prefix(kUnfamiliar.size());
    const auto read = [&number](auto &value) {
        const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
        number.remove_prefix(static_cast<std::size_t>(end - number.data()));
        return error == std::errc();
    };
    bool isRead = read(address.number);
    if (isRead && number.starts_with('@')) {
        number.remove_prefix(1);
        isRead = read(address.sidePx) && address.sidePx >= 32 && address.sidePx <= 1024;
    }
    const auto &kinds = drawnKinds();
    if (!isRead || !number.empty() || std::find(kinds.begin(), kinds.end(), address.kind) == kinds.end())
        return wrong();
    return address;
}

DrawnScene describe(const DrawingAddress &address)
{
    Dice dice(seedOf(address));
    Canvas canvas;
    return drawerOf(address.kind)(dice, canvas, address.isUnfamiliar);
}

Frame draw(const DrawingAddress &address)
{
    const std::uint64_t seed = seedOf(address);
    Dice dice(seed);
    Canvas canvas(address.sidePx, ~seed);
    drawerOf(address.kind)(dice, canvas, address.isUnfamiliar);
    canvas.finish();
    const auto picture = std::make_shared<const cv::Mat>(canvas.take());
    Frame frame;
    frame.pixels = {picture, picture->data};
    frame.widthPx = picture->cols;
    frame.heightPx = picture->rows;
    frame.strideBytes = static_cast<std::ptrdiff_t>(picture->step[0]);
    return frame;
}

} // namespace auroraedge::app
