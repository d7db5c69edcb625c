#include "plugins/network_camera/network_camera.h"

#include "plugins/network_camera/late_watch.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/imgutils.h>
#include <libswscale/swscale.h>
}

#include <algorithm>
#include <cstring>
#include <mutex>
#include <new>
#include <optional>
#include <utility>

namespace auroraedge::plugins {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

namespace {

constexpr std::int64_t kMaxPixels = 50'000'000;
constexpr milliseconds kLatest{1'000};  ///< later pictures are skipped
constexpr milliseconds kCatchUp{500};   ///< the time for that: opening anew is quicker than a long way through old pictures

template <auto release>
struct Release
{
    template <typename T>
    void operator()(T *object) const
    {
        release(&object);
    }
};
using Decoder = std::unique_ptr<AVCodecContext, Release<avcodec_free_context>>;
using Picture = std::unique_ptr<AVFrame, Release<av_frame_free>>;
using Packet = std::unique_ptr<AVPacket, Release<av_packet_free>>;
struct FreeScaler
{
    void operator()(SwsContext *scaler) const { sws_freeContext(scaler); }
};
using Scaler = std::unique_ptr<SwsContext, FreeScaler>;

struct Options
{
    AVDictionary *dictionary = nullptr;
    Options() = default;
    Options(const Options &) = delete;
    Options &operator=(const Options &) = delete;
    ~Options() { av_dict_free(&dictionary); }

    void set(const char *name, const std::string &value) { av_dict_set(&dictionary, name, value.c_str(), 0); }
};

std::string seconds(milliseconds time)
{
    const auto tenths = time.count() / 100;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

void silenceFfmpeg()
{
    static std::once_flag once;
    std::call_once(once, [] { av_log_set_callback([](void *, int, const char *, va_list) {}); });
}

Scaler scalerFor(const AVFrame &picture)
{
    const auto format = static_cast<AVPixelFormat>(picture.format);
    Scaler scaler(sws_getContext(picture.width, picture.height, format, picture.width, picture.height, AV_PIX_FMT_RGB24,
                                 SWS_BILINEAR | SWS_ACCURATE_RND, nullptr, nullptr, nullptr));
    if (scaler && picture.colorspace != AVCOL_SPC_UNSPECIFIED && picture.colorspace != AVCOL_SPC_RGB) {
        int *inverse = nullptr, *table = nullptr, sourceRange = 0, range = 0, brightness = 0, contrast = 0, saturation = 0;
        if (sws_getColorspaceDetails(scaler.get(), &inverse, &sourceRange, &table, &range, &brightness, &contrast,
                                     &saturation)
            >= 0)
            sws_setColorspaceDetails(scaler.get(), sws_getCoefficients(picture.colorspace), sourceRange, table, range,
                                     brightness, contrast, saturation);
    }
    return scaler;
}

} // namespace

struct NetworkCamera::Stream
{
    AVFormatContext *input = nullptr;
    Decoder decoder;
    Picture picture{av_frame_alloc()};
    Packet packet{av_packet_alloc()};
    Scaler scaler;
    int scaledWidth = 0, scaledHeight = 0, scaledFormat = AV_PIX_FMT_NONE; ///< what the scaler is for
    int index = -1; ///< of the video in the input
    Clock::time_point deadline; ///< of the call that is inside FFmpeg
    bool saysWhen = false; ///< a picture was taken; for motion JPEG over HTTP FFmpeg makes the times up
    LateWatch late;
    bool hasFirst = false; ///< `picture` holds the one that open() has waited for
    bool isOver = false;

    Stream() = default;
    Stream(const Stream &) = delete;
    Stream &operator=(const Stream &) = delete;
    ~Stream()
    {
        deadline = Clock::now() + milliseconds(200); // saying goodbye to a silent camera must not take long
        avformat_close_input(&input);
    }

    static int isTooLate(void *self) { return Clock::now() >= static_cast<Stream *>(self)->deadline ? 1 : 0; }

    /// @return an FFmpeg error code; 0 when open.
    int open(const std::string &address, const SourceOptions &options)
    {
        input = avformat_alloc_context();
        if (!input)
            return AVERROR(ENOMEM);
        deadline = Clock::now() + options.openTimeout;
        input->interrupt_callback = {&Stream::isTooLate, this};
        Options chosen;
        // Whatever the camera answers, no file, playlist or other protocol is opened by it.
        const bool isRtsp = address.starts_with("rtsp");
        chosen.set("protocol_whitelist", isRtsp ? "rtp,udp,tcp,tls" : "http,https,tcp,tls");
        chosen.set("format_whitelist", isRtsp ? "rtsp,mpegts" : "mpjpeg,mjpeg,mpegts,matroska,webm,mov,mp4,flv");
        chosen.set("rtsp_transport", options.transport == NetworkTransport::Udp ? "udp" : "tcp");
        // The newest picture, not a smooth one.
        chosen.set("fflags", "nobuffer");
        chosen.set("max_delay", "200000");       // microseconds that a lost UDP packet is waited for
        chosen.set("analyzeduration", "500000"); // microseconds
        // RTSPS and HTTPS without a check of the certificate: cameras make their own.
        if (const int problem = avformat_open_input(&input, address.c_str(), nullptr, &chosen.dictionary); problem < 0)
            return problem;
        const AVCodec *codec = nullptr;
        index = av_find_best_stream(input, AVMEDIA_TYPE_VIDEO, -1, -1, &codec, 0);
        if (index < 0 || input->streams[index]->codecpar->codec_id == AV_CODEC_ID_NONE) {
            // The camera has not said what it sends. Only then its first pictures are held back to find out: they would
            // come out late and look new.
            if (const int problem = avformat_find_stream_info(input, nullptr); problem < 0)
                return problem;
            index = av_find_best_stream(input, AVMEDIA_TYPE_VIDEO, -1, -1, &codec, 0);
        }
        if (index < 0)
            return index;
        saysWhen = std::strstr(input->iformat->name, "jpeg") == nullptr;
        for (unsigned other = 0; other < input->nb_streams; ++other) {
            if (static_cast<int>(other) != index)
                input->streams[other]->discard = AVDISCARD_ALL; // sound
        }
        decoder.reset(avcodec_alloc_context3(codec));
        if (!decoder)
            return AVERROR(ENOMEM);
        if (const int problem = avcodec_parameters_to_context(decoder.get(), input->streams[index]->codecpar); problem < 0)
            return problem;
        decoder->thread_count = 2;
        decoder->thread_type = FF_THREAD_SLICE; // threads by picture would hold one picture back each
        decoder->flags |= AV_CODEC_FLAG_LOW_DELAY;
        decoder->err_recognition |= AV_EF_EXPLODE | AV_EF_CRCCHECK;
        decoder->max_pixels = kMaxPixels;
        if (const int problem = avcodec_open2(decoder.get(), codec, nullptr); problem < 0)
            return problem;
        // Open is a camera that shows something; some begin with seconds of pictures that build on a missing one.
        if (const int problem = next(); problem < 0)
            return problem;
        hasFirst = true;
        return 0;
    }

    /// @return 0 with the next whole picture in `picture`, else an FFmpeg error code.
    int next()
    {
        while (true) {
            const int problem = avcodec_receive_frame(decoder.get(), picture.get());
            if (problem == 0) {
                if ((picture->flags & AV_FRAME_FLAG_CORRUPT) == 0 && picture->decode_error_flags == 0)
                    return 0;
                continue; // parts were lost on the way
            }
            if (problem == AVERROR_EOF || isTooLate(this))
                return problem == AVERROR_EOF ? problem : AVERROR_EXIT;
            av_packet_unref(packet.get());
            if (const int gone = av_read_frame(input, packet.get()); gone < 0)
                return gone;
            if (packet->stream_index == index && (packet->flags & AV_PKT_FLAG_CORRUPT) == 0)
                (void)avcodec_send_packet(decoder.get(), packet.get()); // what cannot be decoded is left out
        }
    }

    /// Of the picture that has just come.
    Clock::duration lateness()
    {
        if (!saysWhen || picture->best_effort_timestamp == AV_NOPTS_VALUE)
            return {};
        const std::int64_t taken = av_rescale_q(picture->best_effort_timestamp, input->streams[index]->time_base, {1, 1'000'000'000});
        return late.add(Clock::now(), std::chrono::nanoseconds(taken));
    }
};

NetworkCamera::NetworkCamera() = default;
NetworkCamera::~NetworkCamera() = default;

SourceDescription NetworkCamera::describe() const
{
    return m_description;
}

Result<void> NetworkCamera::open(const std::string &address, const SourceOptions &options)
{
    close();
    silenceFfmpeg();
    m_options = options;
    const auto refused = [&](ErrorCode code, const std::string &what) {
        return failure(code, "camera " + options.shownAs + " " + what, options.shownAs);
    };
    auto stream = std::make_unique<Stream>();
    const int problem = stream->open(address, options);
    if (problem == AVERROR_HTTP_UNAUTHORIZED || problem == AVERROR_HTTP_FORBIDDEN)
        return refused(code::CameraLogin, "refused the login");
    const bool isTooLate = problem < 0 && Stream::isTooLate(stream.get()) != 0; // FFmpeg often calls it bad data
    if (isTooLate || problem == AVERROR(ETIMEDOUT))
        return refused(code::CameraNoFrame, "gave no picture within " + seconds(options.openTimeout));
    if (problem == AVERROR_HTTP_NOT_FOUND)
        return refused(code::CameraNotFound, "does not know this address");
    if (problem == AVERROR_INVALIDDATA || problem == AVERROR_STREAM_NOT_FOUND || problem == AVERROR_DECODER_NOT_FOUND
        || problem == AVERROR_PROTOCOL_NOT_FOUND || problem == AVERROR_EOF || problem == AVERROR(EINVAL))
        return refused(code::CameraNoFrame, "sends no video that can be read");
    if (problem < 0)
        return refused(code::CameraNotFound, "not found; check address, cable and power");
    m_description = {};
    m_description.label = options.shownAs;
    m_description.isSimulated = options.isSimulated;
    m_description.longestFreeze = StillWatch::kStillScene;
    m_still = {};
    m_stream = std::move(stream);
    return {};
}

Result<Frame> NetworkCamera::read(milliseconds timeout)
{
    const auto failed = [&](ErrorCode code, const std::string &what) {
        return failure(code, "camera " + m_options.shownAs + " " + what, m_options.shownAs);
    };
    if (!m_stream || m_stream->isOver)
        return failed(code::CameraNotFound, "is not open");
    // An interrupted read leaves the stream in the middle of a packet: it is given the whole time, and then it is over.
    m_stream->deadline = Clock::now() + std::max(timeout, m_options.readTimeout);
    std::optional<Clock::time_point> begunSkipping;
    Clock::duration lateness{};
    do {
        const int problem = std::exchange(m_stream->hasFirst, false) ? 0 : m_stream->next();
        if (problem < 0) {
            m_stream->isOver = true;
            return problem == AVERROR_EXIT ? failed(code::CameraNoFrame, "gives no picture")
                                           : failed(code::CameraNotFound, "has closed the connection");
        }
        lateness = m_stream->lateness();
        if (!begunSkipping)
            begunSkipping = Clock::now();
    } while (lateness > kLatest && Clock::now() - *begunSkipping < kCatchUp);
    if (lateness > kLatest) {
        m_stream->isOver = true;
        return failed(code::CameraRate, "sends its pictures " + seconds(std::chrono::duration_cast<milliseconds>(lateness)) + " late");
    }
    const AVFrame &picture = *m_stream->picture;
    if (std::int64_t{picture.width} * picture.height > kMaxPixels)
        return failed(code::ImageTooManyPixels, "gives pictures of more than 50 million pixels");
    if (!m_stream->scaler || m_stream->scaledWidth != picture.width || m_stream->scaledHeight != picture.height
        || m_stream->scaledFormat != picture.format) {
        m_stream->scaler = scalerFor(picture);
        m_stream->scaledWidth = picture.width;
        m_stream->scaledHeight = picture.height;
        m_stream->scaledFormat = picture.format;
    }
    if (!m_stream->scaler)
        return failed(code::ImageDepth, "gives pictures of an unknown kind");

    Frame frame;
    frame.capturedAt = Clock::now() - lateness;
    const int stride = (3 * picture.width + 63) / 64 * 64; // the scaler writes whole vectors
    auto *pixels = static_cast<std::uint8_t *>(av_malloc(static_cast<std::size_t>(stride) * picture.height + 64));
    if (!pixels)
        return failed(code::MemoryShort, "gives pictures that there is no memory for");
    frame.pixels = std::shared_ptr<const std::uint8_t>(pixels, [](std::uint8_t *memory) { av_free(memory); });
    sws_scale(m_stream->scaler.get(), picture.data, picture.linesize, 0, picture.height, &pixels, &stride);
    frame.widthPx = picture.width;
    frame.heightPx = picture.height;
    frame.strideBytes = stride;
    frame.sequence = ++m_sequence;
    frame.source = m_options.shownAs;
    m_still.add(frame, picture.key_frame != 0);
    m_description.longestFreeze = m_still.longestFreeze();
    if (m_still.isStuck()) {
        m_stream->isOver = true;
        return failed(code::CameraFrozen, "sends the same picture again and again");
    }
    return frame;
}

void NetworkCamera::close()
{
    m_stream.reset();
}

} // namespace auroraedge::plugins
