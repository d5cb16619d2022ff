"""Measures this project beside ffmpeg, OpenCV and PyAV; `scripts/bench` prepares what it needs."""
import argparse
import configparser
import datetime
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import inputs

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SCRATCH = ROOT / "work/bench"
# What Sources/FrameKit/Clips/ClipEncoder.swift sets besides preset, CRF and GOP.
X264 = "cpu-independent=1:open-gop=0:threads=1:lookahead-threads=1:videoformat=component"
PLAIN = ("ours", "ffmpeg")
ALL = ("ours", "ffmpeg", "mp4v", "pyav")
TITLES = {"ours": "ours", "ffmpeg": "ffmpeg", "mp4v": "OpenCV mp4v", "avc1": "OpenCV avc1", "pyav": "PyAV"}


@dataclass(frozen=True)
class Settings:
    """The project's defaults, as config.cfg has them."""
    preset: str
    crf: str
    gop_seconds: float
    frames_per_clip: int

    @classmethod
    def read(cls, path):
        config = configparser.ConfigParser()
        config.read(path)
        return cls(config["Encoding"]["preset"], config["Encoding"]["crf"],
                   float(config["Encoding"]["gop_seconds"]), int(config["Content"]["frames_per_task"]))

    def encoder_options(self, rate):
        return {"preset": self.preset, "crf": self.crf, "bf": "0", "profile": "high", "forced-idr": "1",
                "g": str(max(1, int(rate * self.gop_seconds))), "x264-params": X264}


@dataclass(frozen=True)
class Row:
    """One comparison: all contenders make the same frames, or the same clips, of the same video."""
    input: str
    rate: float
    part: str = "clips"
    contenders: tuple = ALL
    repeats: int = 1
    goal: float = 1.05  # × ffmpeg's CPU seconds

    @property
    def title(self):
        wanted = "1 in 10 s" if self.rate == 0.1 else f"→ {self.rate}"
        return f"{inputs.INPUTS[self.input].title} {wanted}, {self.part}"


@dataclass
class Measurement:
    cpu: list = field(default_factory=list)
    wall: list = field(default_factory=list)
    peak: int = 0  # MB resident
    ssim: float | None = None

    def add(self, cpu, wall, peak):
        self.cpu.append(cpu)
        self.wall.append(wall)
        self.peak = max(self.peak, peak)


def rows(size):
    decode = [
        Row("b", 5, "decode", PLAIN, goal=0.75), Row("b", 30, "decode", PLAIN), Row("no-b", 5, "decode", PLAIN),
        Row("vfr", 5, "decode", PLAIN), Row("4k", 5, "decode", PLAIN), Row("gop-10", 1, "decode", PLAIN),
        Row("gop-2", 1, "decode", PLAIN), Row("gop-2", 0.1, "decode", PLAIN, repeats=3, goal=0.2),
    ]
    clips = [
        Row("b", 5, contenders=(*ALL, "avc1"), goal=0.9), Row("b", 30), Row("no-b", 5), Row("vfr", 5), Row("4k", 5),
        Row("gop-10", 1), Row("gop-2", 1, goal=0.6), Row("gop-2", 0.1, contenders=PLAIN, repeats=3, goal=0.2),
    ]
    if size == "small":
        return decode + clips
    known = {(row.input, row.rate, row.part): row for row in decode + clips}
    names_and_rates = [(name, rate) for name in inputs.INPUTS for rate in (1, 5, 10, inputs.INPUTS[name].rate)]
    names_and_rates += [("gop-2", 0.1)]
    full = []
    for part, contenders in (("decode", PLAIN), ("clips", ALL)):
        for name, rate in names_and_rates:
            full.append(known.get((name, rate, part), Row(name, rate, part, contenders)))
    return full


def command(contender, row, video, output, settings, programs):
    rate = str(row.rate)
    fps = "1/10" if row.rate == 0.1 else rate
    options = settings.encoder_options(max(1, row.rate))
    frames = str(settings.frames_per_clip)
    if contender == "ours" and row.part == "clips" and row.rate >= 1:
        return [programs / "content-processor", "clips", video, "--rate", rate, "--output", output,
                "--frames-per-task", frames]
    if contender == "ours":
        wanted = ["--rate", "1", "--one-in", "10"] if row.rate == 0.1 else ["--rate", rate]
        return [programs / "framekit-bench", row.part, video, *wanted, "--output", output]
    if contender == "ffmpeg" and row.part == "decode":
        return ["ffmpeg", "-v", "error", "-nostdin", "-i", video, "-an", "-vf", f"fps={fps}", "-f", "null", "-"]
    if contender == "ffmpeg":
        encoder = [word for name, value in options.items() for word in (f"-{name}", value)]
        starts = ",".join(str(number) for number in range(settings.frames_per_clip, 20_000, settings.frames_per_clip))
        return ["ffmpeg", "-v", "error", "-nostdin", "-y", "-i", video, "-an", "-vf", f"fps={fps}",
                "-c:v", "libx264", *encoder, "-threads", "1", "-force_key_frames", f"expr:not(mod(n,{frames}))",
                "-f", "segment", "-segment_frames", starts, "-reset_timestamps", "1",
                "-segment_format_options", "movflags=+faststart", output / "%d.mp4"]
    if contender == "pyav":
        return [sys.executable, HERE / "pyav_loop.py", video, fps, frames, output,
                *(f"{name}={value}" for name, value in options.items())]
    return [sys.executable, HERE / "opencv_loop.py", video, fps, contender, output / "0.mp4"]


def run(words):
    """CPU seconds (user and system, all processes), wall seconds, peak resident MB."""
    began = time.monotonic()
    with open(SCRATCH / "last.log", "w") as log:
        process = subprocess.Popen([str(word) for word in words], stdout=log, stderr=log)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"failed: {' '.join(map(str, words))}\n{(SCRATCH / 'last.log').read_text()[-2000:]}")
    return usage.ru_utime + usage.ru_stime, time.monotonic() - began, usage.ru_maxrss // 1024


def ssim(output, video, row):
    """Of the written frames against the source's kept ones."""
    source = inputs.INPUTS[row.input]
    clips = sorted(output.rglob("*.mp4"), key=lambda path: (len(path.name), path.name))
    listing = output / "list.txt"
    listing.write_text("".join(f"file '{clip}'\n" for clip in clips))
    numbered = "settb=1/1000,setpts=N*40"
    graph = (f"[0]{numbered}[clips];[1]select=not(mod(n\\,{source.rate // row.rate})),{numbered}[kept];"
             "[clips][kept]ssim=shortest=1")
    report = subprocess.run(
        ["ffmpeg", "-hide_banner", "-nostdin", "-f", "concat", "-safe", "0", "-i", listing, "-i", video,
         "-lavfi", graph, "-f", "null", "-"], capture_output=True, text=True, check=True).stderr
    return float(report.rsplit("All:", 1)[1].split()[0])


def measure(row, directory, source, settings, programs, run_count):
    video = inputs.make(row.input, row.repeats, directory, source)
    results = {contender: Measurement() for contender in row.contenders}
    for number in range(run_count):
        for contender, result in results.items():
            print(f"   {row.title}: {TITLES[contender]}, run {number + 1}", file=sys.stderr, flush=True)
            output = SCRATCH / "output"
            shutil.rmtree(output, ignore_errors=True)
            output.mkdir()
            result.add(*run(command(contender, row, video, output, settings, programs)))
            comparable = row.part == "clips" and row.rate >= 1 and inputs.INPUTS[row.input].is_constant
            if number == 0 and comparable and contender in ("ours", "mp4v", "avc1"):
                result.ssim = ssim(output, video, row)
    return results


def verdicts(row, results):
    """The goals of the row: what, reached, wanted, and whether that is met."""
    ours, ffmpeg = results["ours"], results["ffmpeg"]
    ratio = statistics.median(ours.cpu) / statistics.median(ffmpeg.cpu)
    yield "× ffmpeg", f"{ratio:.2f}", row.goal, ratio <= row.goal
    for name in ("mp4v", "avc1"):
        if name in results and inputs.INPUTS[row.input].is_constant:
            ratio = statistics.median(ours.cpu) / statistics.median(results[name].cpu)
            is_as_good = ours.ssim >= results[name].ssim
            yield (f"× {TITLES[name]}", f"{ratio:.2f} (SSIM {ours.ssim:.4f} / {results[name].ssim:.4f})", 0.5,
                   ratio <= 0.5 and is_as_good)
    if row.part == "clips" and row.rate >= 1:
        limit = 900 if row.input == "4k" else 300
        yield "peak MB", str(ours.peak), f"{limit}, ffmpeg's {ffmpeg.peak}", ours.peak <= min(limit, ffmpeg.peak)


def show_row(row, results):
    def cell(name):
        if name not in results:
            return ""
        result = results[name]
        return f"{statistics.median(result.cpu):.2f} / {statistics.median(result.wall):.2f} / {result.peak}"

    def ratio(name):
        if name not in results:
            return ""
        return f"{statistics.median(results['ours'].cpu) / statistics.median(results[name].cpu):.2f}"

    show(row.title, *map(cell, TITLES), ratio("ffmpeg"), ratio("mp4v"))


def show(*cells):
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)


def show_head(*cells):
    print()
    show(*cells)
    print("|---" * len(cells) + "|")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("size", choices=["small", "full"])
    parser.add_argument("--programs", type=Path, required=True, help="where the release build is")
    parser.add_argument("--source", type=Path, required=True, help="the real video that inputs are made from")
    parser.add_argument("--runs", type=int)
    parser.add_argument("--only", default="", help="rows whose title holds this")
    arguments = parser.parse_args()
    settings = Settings.read(ROOT / "config.cfg")
    directory = SCRATCH / "inputs"
    directory.mkdir(parents=True, exist_ok=True)
    run_count = arguments.runs or {"small": 3, "full": 5}[arguments.size]
    print(f"{datetime.date.today()}, `scripts/bench {arguments.size}`, {platform.machine()}, {os.cpu_count()} cores, "
          f"median of {run_count} interleaved runs; preset {settings.preset}, CRF {settings.crf}, "
          f"GOP {settings.gop_seconds:g} s, clips of {settings.frames_per_clip} frames.")
    show_head("CPU s / wall s / peak MB", *TITLES.values(), "× ffmpeg", "× OpenCV mp4v")
    results = {}
    for row in rows(arguments.size):
        if arguments.only in row.title:
            results[row] = measure(row, directory, arguments.source, settings, arguments.programs, run_count)
            show_row(row, results[row])
    show_head("goal", "reached", "at most", "")
    for row, measured in results.items():
        for what, reached, wanted, is_met in verdicts(row, measured):
            show(f"{row.title}: {what}", reached, wanted, "met" if is_met else "**not met**")


if __name__ == "__main__":
    main()
