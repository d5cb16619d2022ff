"""Measures what annotation costs: frames a second and CPU of request type 1 beside type 0, through the whole service.

usage: work/tools/venv/bin/python scripts/bench.d/annotation.py [--program .build/release/content-processor]

Starts a mongod and a service with one worker, sends samples/crossing.mp4 at ten frames a second, and prints a table. The
engine onnx runs the small detector of samples/detector at 320×320.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "Tests" / "EndToEnd")]

import pymongo  # noqa: E402

from backend import Backend  # noqa: E402
from servers import Mongod  # noqa: E402
from service import Service  # noqa: E402
from stores import DirectoryStore  # noqa: E402

VIDEO = ROOT / "samples" / "crossing.mp4"
ROWS = (("type 0", 0, 0), ("type 1, motion", 1, 1), ("type 1, onnx", 1, 2), ("type 1, onnx with tracking", 1, 3))
TICK = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pids):
    """User and system time that the processes have used."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICK


def measure(backend, kind, version):
    """Seconds by the clock, seconds of CPU and frames of one upload."""
    upload = backend.upload(VIDEO, frame_rate=10)
    workers, start = backend.service.workers(), time.monotonic()
    before = cpu_seconds(workers)
    upload.process(request_type=kind, auto_anno_version=version)
    seconds = time.monotonic() - start
    return seconds, cpu_seconds(workers) - before, sum(task["frameCount"] for task in upload.tasks)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=Path, default=ROOT / ".build" / "release" / "content-processor")
    program = parser.parse_args().program
    onnx = {"engine": "onnx", "model": "shapes.onnx"}
    settings = {
        "Cores": {"cpu_cores": 1}, "Content": {"frames_per_task": 120}, "AutoAnnotation.2": onnx,
        "AutoAnnotation.3": {**onnx, "track": "true"},
        "Folders": {"models": ROOT / "samples" / "detector", "openvino": ROOT / "work" / "tools" / "openvino"}}
    with tempfile.TemporaryDirectory() as folder, Mongod(Path(folder) / "mongod") as mongod:
        store = DirectoryStore(Path(folder) / "objects")
        service = Service(program, Path(folder) / "service", mongod.uri, "bench", store.settings, settings)
        backend = Backend(service, store, pymongo.MongoClient(mongod.uri, tz_aware=True)["bench"])
        service.start()
        try:
            for _, kind, version in ROWS:  # Models are compiled and files cached.
                measure(backend, kind, version)
            print("| request | frames a second | CPU ms a frame | of it annotation |\n|---|---|---|---|")
            plain = None
            for title, kind, version in ROWS:
                seconds, cpu, frames = measure(backend, kind, version)
                each = 1000 * cpu / frames
                plain = plain or each
                print(f"| {title} | {frames / seconds:.0f} | {each:.1f} | {each - plain:.1f} |", flush=True)
        finally:
            service.stop()


if __name__ == "__main__":
    main()
