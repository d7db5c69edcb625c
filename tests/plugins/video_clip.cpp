#include "tests/plugins/video_clip.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/opt.h>
}

#include <algorithm>
#include <memory>

namespace auroraedge::testing {

namespace {

template <auto release>
struct Release
{
    template <typename T>
    void operator()(T *object) const
    {
        release(&object);
    }
};
struct FreeOutput
{
    void operator()(AVFormatContext *output) const { avformat_free_context(output); }
};

} // namespace

std::string videoClip(const ClipScene &scene)
{
    constexpr int kQuantiser = 4;
    const AVCodec *codec = avcodec_find_encoder(AV_CODEC_ID_MPEG4);
    AVFormatContext *made = nullptr;
    if (!codec || avformat_alloc_output_context2(&made, nullptr, "mpegts", nullptr) < 0)
        return {};
    const std::unique_ptr<AVFormatContext, FreeOutput> output(made);
    const std::unique_ptr<AVCodecContext, Release<avcodec_free_context>> encoder(avcodec_alloc_context3(codec));
    const std::unique_ptr<AVFrame, Release<av_frame_free>> picture(av_frame_alloc());
    const std::unique_ptr<AVPacket, Release<av_packet_free>> packet(av_packet_alloc());
    encoder->width = kClipWidthPx;
    encoder->height = kClipHeightPx;
    encoder->pix_fmt = AV_PIX_FMT_YUV420P;
    encoder->time_base = {1, 25};
    encoder->framerate = {25, 1};
    encoder->gop_size = scene.keyPeriod;
    encoder->max_b_frames = 0;
    encoder->flags |= AV_CODEC_FLAG_QSCALE;
    encoder->global_quality = FF_QP2LAMBDA * kQuantiser;
    av_opt_set_int(encoder->priv_data, "sc_threshold", 1'000'000'000, 0); // key pictures at their period alone
    AVStream *stream = avformat_new_stream(output.get(), nullptr);
    if (!stream || avcodec_open2(encoder.get(), codec, nullptr) < 0 || avcodec_parameters_from_context(stream->codecpar, encoder.get()) < 0
        || avio_open_dyn_buf(&output->pb) < 0)
        return {};
    picture->width = kClipWidthPx;
    picture->height = kClipHeightPx;
    picture->format = AV_PIX_FMT_YUV420P;
    bool isGood = avformat_write_header(output.get(), nullptr) >= 0 && av_frame_get_buffer(picture.get(), 0) >= 0;
    for (int number = 0; isGood && number <= scene.pictures; ++number) {
        const bool isEnd = number == scene.pictures;
        if (!isEnd) {
            isGood = av_frame_make_writable(picture.get()) >= 0;
            for (int y = 0; isGood && y < kClipHeightPx; ++y)
                for (int x = 0; x < kClipWidthPx; ++x)
                    picture->data[0][y * picture->linesize[0] + x] = scene.grey(number, x, y);
            for (const int plane : {1, 2})
                std::fill_n(picture->data[plane], picture->linesize[plane] * kClipHeightPx / 2, std::uint8_t{128});
            picture->pts = number;
        }
        isGood = isGood && avcodec_send_frame(encoder.get(), isEnd ? nullptr : picture.get()) >= 0;
        while (isGood && avcodec_receive_packet(encoder.get(), packet.get()) >= 0) {
            av_packet_rescale_ts(packet.get(), encoder->time_base, stream->time_base);
            isGood = av_write_frame(output.get(), packet.get()) >= 0;
            av_packet_unref(packet.get());
        }
    }
    isGood = isGood && av_write_trailer(output.get()) >= 0;
    std::uint8_t *bytes = nullptr;
    const int length = avio_close_dyn_buf(output->pb, &bytes);
    output->pb = nullptr;
    std::string clip(reinterpret_cast<const char *>(bytes), static_cast<std::size_t>(length));
    av_free(bytes);
    return isGood ? clip : std::string();
}

} // namespace auroraedge::testing
