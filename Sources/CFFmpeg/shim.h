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

// Arrays inside structs reach Swift as tuples: these give the plain pointer.
static inline AVStream *cffmpeg_stream(const AVFormatContext *context, int index) { return context->streams[index]; }
static inline uint8_t **cffmpeg_planes(AVFrame *frame) { return frame->data; }
static inline AVBufferRef **cffmpeg_buffers(AVFrame *frame) { return frame->buf; }
static inline int *cffmpeg_line_sizes(AVFrame *frame) { return frame->linesize; }
