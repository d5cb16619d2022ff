"""Videos that look like a camera's: a real one enlarged, sharpened and given a sensor's noise, then encoded as cameras do.

Kept in a directory from run to run; `rm` it after a change here.
"""
import os
import subprocess
import sys
from dataclasses import dataclass

SECONDS = 20
CAMERA = "scale={0}:{1}:flags=bicubic,unsharp=5:5:0.8,noise=c0s=3:c0f=t+u"
H264 = "-c:v libx264 -preset faster -pix_fmt yuv420p"
HD_H264 = f"{H264} -b:v 6M -maxrate 9M -bufsize 12M"


@dataclass(frozen=True)
class Input:
    name: str
    title: str
    size: tuple[int, int]
    encoding: str
    filters: str = ""
    rate: int = 30
    is_constant: bool = True
    seconds: int = SECONDS


INPUTS = {
    each.name: each
    for each in [
        Input("b", "1080p30, B-frames", (1920, 1080), f"{HD_H264} -bf 3 -g 250"),
        Input("no-b", "1080p30, no B-frames", (1920, 1080), f"{HD_H264} -bf 0 -g 60"),
        Input("gop-2", "1080p30, GOP 2 s", (1920, 1080), f"{HD_H264} -bf 3 -g 60 -keyint_min 60 -sc_threshold 0"),
        Input("gop-10", "1080p30, GOP 10 s", (1920, 1080), f"{HD_H264} -bf 3 -g 300 -keyint_min 300 -sc_threshold 0"),
        Input("vfr", "720p, 0 to 30 a second", (1280, 720), f"{H264} -b:v 3M -bf 2 -g 60",
              r",select=gt(mod(n*7\,11)\,3)*gt(mod(n\,150)\,20)", rate=16, is_constant=False),
        Input("4k", "4K HEVC, 30 a second", (3840, 2160),
              "-c:v libx265 -preset superfast -pix_fmt yuv420p -b:v 16M -g 60 -x265-params log-level=error", seconds=10),
    ]
}


def ffmpeg(*arguments):
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *map(str, arguments)], check=True)


def make(name, repeats, directory, source):
    """The path of the input, `repeats` times as long as it was encoded; made when it is not there."""
    wanted = INPUTS[name]
    once = directory / f"{name}.mp4"
    if not once.exists():
        print(f"   making {once.name}, once", file=sys.stderr, flush=True)
        partial = once.with_name(f"partial-{os.getpid()}.mp4")
        # The real video is played at 30 frames a second, whatever its own rate is.
        ffmpeg("-r", 30, "-stream_loop", -1, "-i", source, "-t", wanted.seconds, "-an",
               "-vf", CAMERA.format(*wanted.size) + wanted.filters, "-fps_mode", "vfr",
               *wanted.encoding.split(), "-movflags", "+faststart", partial)
        partial.rename(once)
    if repeats == 1:
        return once
    longer = directory / f"{name}-{repeats}.mp4"
    if not longer.exists():
        ffmpeg("-stream_loop", repeats - 1, "-i", once, "-c", "copy", "-movflags", "+faststart", longer)
    return longer
