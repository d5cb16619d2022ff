#pragma once

#include <libavcodec/avcodec.h>
#include <libavcodec/bsf.h>
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libavutil/error.h>
#include <libavutil/imgutils.h>
#include <libavutil/log.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
// For `mallopt`, which Swift's Glibc module leaves out.
#include <malloc.h>

// Function-like and computed macros are invisible to Swift: give each a name.
static const int cffmpeg_error_again = AVERROR(EAGAIN);
static const int cffmpeg_error_eof = AVERROR_EOF;
static const int cffmpeg_error_exit = AVERROR_EXIT;
static const int cffmpeg_error_io = AVERROR(EIO);
static const int cffmpeg_error_no_access = AVERROR(EACCES);
static const int cffmpeg_error_no_memory = AVERROR(ENOMEM);
static const int cffmpeg_error_no_space = AVERROR(ENOSPC);
static const int cffmpeg_error_invalid_argument = AVERROR(EINVAL);
static const int64_t cffmpeg_no_timestamp = AV_NOPTS_VALUE;

// FFmpeg 6.1 made flags of what were fields of their own.
#ifdef AV_FRAME_FLAG_INTERLACED
static inline int cffmpeg_is_interlaced(const AVFrame *frame) { return !!(frame->flags & AV_FRAME_FLAG_INTERLACED); }
static inline int cffmpeg_is_top_first(const AVFrame *frame) { return !!(frame->flags & AV_FRAME_FLAG_TOP_FIELD_FIRST); }
static inline void cffmpeg_set_fields(AVFrame *frame, int is_interlaced, int is_top_first) {
    frame->flags &= ~(AV_FRAME_FLAG_INTERLACED | AV_FRAME_FLAG_TOP_FIELD_FIRST);
    if (is_interlaced) frame->flags |= AV_FRAME_FLAG_INTERLACED;
    if (is_top_first) frame->flags |= AV_FRAME_FLAG_TOP_FIELD_FIRST;
}
#else
static inline int cffmpeg_is_interlaced(const AVFrame *frame) { return frame->interlaced_frame; }
static inline int cffmpeg_is_top_first(const AVFrame *frame) { return frame->top_field_first; }
static inline void cffmpeg_set_fields(AVFrame *frame, int is_interlaced, int is_top_first) {
    frame->interlaced_frame = is_interlaced;
    frame->top_field_first = is_top_first;
}
#endif

// Arrays inside structs reach Swift as tuples: these give the plain pointer.
static inline AVStream *cffmpeg_stream(const AVFormatContext *context, int index) { return context->streams[index]; }
static inline uint8_t **cffmpeg_planes(AVFrame *frame) { return frame->data; }
static inline AVBufferRef **cffmpeg_buffers(AVFrame *frame) { return frame->buf; }
static inline int *cffmpeg_line_sizes(AVFrame *frame) { return frame->linesize; }
