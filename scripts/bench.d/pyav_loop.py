"""Thins out a video with PyAV: decode everything, encode every n-th picture, a new file for every clip.

usage: pyav_loop.py VIDEO RATE FRAMES_PER_CLIP OUTPUT_DIRECTORY NAME=VALUE… (the encoder's options)
"""
import sys
from fractions import Fraction

import av


class Clip:
    def __init__(self, path, picture, rate, options):
        self.container = av.open(path, "w", options={"movflags": "+faststart"})
        self.stream = self.container.add_stream("libx264", rate=rate, options=options)
        self.stream.width, self.stream.height, self.stream.pix_fmt = picture.width, picture.height, "yuv420p"
        self.stream.codec_context.gop_size = int(options["g"])
        self.stream.codec_context.thread_count = 1
        self.rate, self.count = rate, 0

    def write(self, picture):
        picture.pts, picture.time_base, picture.pict_type = self.count, 1 / self.rate, "NONE"
        self.container.mux(self.stream.encode(picture))
        self.count += 1

    def close(self):
        self.container.mux(self.stream.encode(None))
        self.container.close()


def main(video, rate, frames_per_clip, directory, options):
    source = av.open(video)
    stream = source.streams.video[0]
    stream.thread_type = "AUTO"
    clip, kept, clips, start = None, 0, 0, None
    for picture in source.decode(stream):
        time = picture.pts * stream.time_base
        start = time if start is None else start
        if time - start < kept / rate:
            continue
        if clip is None:
            clip = Clip(f"{directory}/{clips}.mp4", picture, rate, options)
            clips += 1
        clip.write(picture)
        kept += 1
        if clip.count == frames_per_clip:
            clip = clip.close()
    if clip:
        clip.close()


if __name__ == "__main__":
    video, rate, frames_per_clip, directory, *options = sys.argv[1:]
    main(video, Fraction(rate), int(frames_per_clip), directory, dict(option.split("=", 1) for option in options))
