#include "ui/models/frame_image.h"

#include <memory>

namespace auroraedge::ui {

QImage imageOf(const Frame &frame)
{
    if (frame.isEmpty())
        return {};
    auto *keepAlive = new std::shared_ptr<const std::uint8_t>(frame.pixels); // freed with the last copy of the image
    return QImage(
        frame.pixels.get(), frame.widthPx, frame.heightPx, static_cast<qsizetype>(frame.strideBytes),
        QImage::Format_RGB888,
        [](void *holder) { delete static_cast<std::shared_ptr<const std::uint8_t> *>(holder); }, keepAlive);
}

QImage thumbnailOf(const QImage &image, int edgePx)
{
    if (image.isNull() || (image.width() <= edgePx && image.height() <= edgePx))
        return image.copy(); // never holds on to a shared full-size picture
    // Of a sensor's picture every few pixels first: smoothing all of them takes half a second and several copies of it.
    const int roughPx = 4 * edgePx;
    const bool isLarge = image.width() > roughPx || image.height() > roughPx;
    const QImage rough = isLarge ? image.scaled(roughPx, roughPx, Qt::KeepAspectRatio, Qt::FastTransformation) : image;
    return rough.scaled(edgePx, edgePx, Qt::KeepAspectRatio, Qt::SmoothTransformation);
}

} // namespace auroraedge::ui
