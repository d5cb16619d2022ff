"""Videos whose every frame carries its own number, and a reader that gets the numbers back.

A frame shows its number, from 0, as 20 black or white cells of 16×16 pixels in its upper left corner (the first is
always white and the last always black, to tell a readable strip from noise), over a moving background. The strip
survives H.264 at usual quality, rotation (the reader gets displayed frames) and scaling by a known factor.
"""

import json
import subprocess
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

CELL, CELLS = 16, 20
X264 = ("-c:v", "libx264", "-crf", "18", "-preset", "veryfast", "-pix_fmt", "yuv420p")
MPEG4 = ("-c:v", "mpeg4", "-q:v", "3")


@dataclass(frozen=True)
class Case:
    """How a numbered video is written."""

    rate: str = "30"
    size: tuple = (640, 360)
    encoder: tuple = X264
    extension: str = "mp4"
    variable: bool = False
    """Frames come after 17 to 100 milliseconds, at random."""
    rotation: int = 0
    """Degrees that a player turns the stored picture."""
    aspect: str = "1"
    """Width of a stored pixel over its height."""


CASES = {
    "plain": Case(encoder=X264 + ("-bf", "0", "-g", "60")),
    "b_pyramid": Case(rate="30000/1001", encoder=X264 + (
        "-bf", "3", "-b_strategy", "0", "-g", "250", "-x264-params", "b-pyramid=normal")),
    "interlaced": Case(rate="25", encoder=X264 + (
        "-bf", "2", "-flags", "+ilme+ildct", "-x264-params", "tff=1")),
    "variable": Case(variable=True),
    "slow": Case(rate="4"),
    "rotated": Case(rotation=90),
    "odd_size": Case(size=(641, 361), encoder=MPEG4, extension="avi"),
    "wide_pixels": Case(aspect="4/3"),
    "transport_stream": Case(rate="25", extension="ts"),
}


@dataclass(frozen=True)
class Truth:
    """What ffmpeg shows of a file, in presentation order."""

    numbers: list
    times: list
    """Exact seconds after the first frame, as fractions."""

    def expect(self, rate):
        """The indices of the frames that sampling at `rate` keeps.

        Instants k/rate, k = 0, 1, … while k/rate < last + d/2, d the smaller of 1/rate and the mean frame interval;
        each keeps the nearest frame, the earlier one on a tie; no frame twice. Exact arithmetic.
        """
        last = self.times[-1]
        interval = min(Fraction(1, rate), last / (len(self.times) - 1)) if last else Fraction(1, 1000)
        kept, k = [], 0
        while Fraction(k, rate) < last + interval / 2:
            nearest = min(range(len(self.times)), key=lambda i: (abs(self.times[i] - Fraction(k, rate)), i))
            if not kept or nearest > kept[-1]:
                kept.append(nearest)
            k += 1
        return kept


def picture(number, width, height, phase):
    """One frame as RGB bytes: the number's strip over a background that moves with it."""
    y, x = np.mgrid[0:height, 0:width]
    base = 96 + 60 * np.sin((x + 3 * number + phase) / 37.0) + 40 * np.cos((y - 2 * number) / 23.0)
    image = np.stack([base, np.roll(base, 11, 0), np.roll(base, 7, 1)], -1).clip(0, 255).astype(np.uint8)
    bits = [1] + [(number >> (CELLS - 3 - i)) & 1 for i in range(CELLS - 2)] + [0]
    for i, bit in enumerate(bits):
        image[0:CELL, i * CELL:(i + 1) * CELL] = 255 * bit
    return image


def make(path, case, frames, seed=1):
    """Writes `frames` frames of the named case to `path`. Returns the truth, read back from the file by ffmpeg."""
    case, path = CASES[case], Path(path)
    random = np.random.default_rng(seed)
    phase = float(random.integers(0, 1000))
    pictures = (picture(number, *case.size, phase) for number in range(frames))
    if case.rotation:
        pictures = (np.rot90(image, 4 - case.rotation // 90).copy() for image in pictures)
    width, height = reversed(case.size) if case.rotation in (90, 270) else case.size
    filters = [f"setsar={case.aspect}"]
    if case.variable:
        steps = random.choice([17, 33, 50, 67, 100], frames)
        times = np.concatenate([[0], np.cumsum(steps)[:-1]])
        filters.append("setpts='" + "+".join(f"{time}*eq(N,{n})" for n, time in enumerate(times)) + "'")
    stored = path.with_name("stored." + path.name) if case.rotation else path
    encode(stored, pictures, (width, height), "1000" if case.variable else case.rate, filters, case)
    if case.rotation:
        rotation = f"rotate={case.rotation}"
        run("ffmpeg", "-v", "error", "-y", "-i", stored, "-c", "copy", "-metadata:s:v:0", rotation, path)
        stored.unlink()
    return truth(path)


def encode(path, pictures, size, rate, filters, case):
    timing = ("-vsync", "passthrough", "-enc_time_base", "1/1000") if case.variable else ()
    command = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "%dx%d" % size, "-r", rate,
               "-i", "-", "-vf", ",".join(filters), *timing, *case.encoder, "-an", str(path)]
    encoder = subprocess.Popen(command, stdin=subprocess.PIPE)
    for image in pictures:
        encoder.stdin.write(image.tobytes())
    encoder.stdin.close()
    if encoder.wait():
        raise RuntimeError("ffmpeg failed: " + " ".join(command))


def truth(path):
    info = probe(path, "stream=time_base:frame=best_effort_timestamp")
    base = Fraction(info["streams"][0]["time_base"])
    ticks = sorted(int(frame["best_effort_timestamp"]) for frame in info["frames"])
    return Truth(read(path), [(tick - ticks[0]) * base for tick in ticks])


def read(path, scale_x=1.0, scale_y=1.0):
    """The number of every frame of a video, None where no strip is seen."""
    stream = probe(path, "stream=width,height:stream_side_data=rotation")["streams"][0]
    width, height = stream["width"], stream["height"]
    if any(abs(int(data.get("rotation", 0))) in (90, 270) for data in stream.get("side_data_list", [])):
        width, height = height, width
    raw = run("ffmpeg", "-v", "error", "-i", path, "-map", "0:V:0", "-vsync", "passthrough", "-f", "rawvideo",
              "-pix_fmt", "gray", "-")
    pictures = np.frombuffer(raw, np.uint8).reshape(-1, height, width)
    return [number_of(image, scale_x, scale_y) for image in pictures]


def number_of(image, scale_x, scale_y):
    reach = max(1, int(CELL * min(scale_x, scale_y) * 0.2))
    bits = []
    for cell in range(CELLS):
        x, y = int((cell + 0.5) * CELL * scale_x), int(0.5 * CELL * scale_y)
        bits.append(image[max(0, y - reach):y + reach + 1, max(0, x - reach):x + reach + 1].mean() > 127)
    return number_in(bits)


def number_in(bits):
    """The number that the cells of a strip show, None where it is no strip."""
    bits = list(bits)
    if not bits[0] or bits[-1]:
        return None
    return sum(int(bit) << place for place, bit in enumerate(reversed(bits[1:-1])))


def probe(path, entries):
    return json.loads(run(
        "ffprobe", "-v", "error", "-select_streams", "V:0", "-show_entries", entries, "-of", "json", path))


def run(*command):
    return subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, check=True).stdout
