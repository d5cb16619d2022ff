"""Wall time of a set of uploads with one worker and with two, through the whole service with MongoDB and a store.

usage: work/tools/venv/bin/python scripts/bench.d/scale.py [--program .build/release/content-processor]

The second worker is a `content-processor work` of its own, as on another machine. Both runs must give the same bytes.
"""

import argparse
import hashlib
import signal
import subprocess
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

VIDEO, UPLOADS = ROOT / "samples" / "crossing.mp4", 12


def run(program, mongod, folder, helpers):
    """Seconds for all uploads, and the digests of their clips."""
    store = DirectoryStore(folder / "objects")
    service = Service(program, folder / "service", mongod.uri, folder.name, store.settings, {
        "Cores": {"cpu_cores": 1}, "Content": {"frames_per_task": 30}})
    backend = Backend(service, store, pymongo.MongoClient(mongod.uri, tz_aware=True)[folder.name])
    service.start()
    others = [subprocess.Popen([program, "work", "--workers", "1", "--config", service.configuration],
                               stderr=subprocess.DEVNULL) for _ in range(helpers)]
    try:
        backend.upload(VIDEO, frame_rate=30).process()  # Workers are up and files cached.
        uploads = [backend.upload(VIDEO, frame_rate=30) for _ in range(UPLOADS)]
        start = time.monotonic()
        for upload in uploads:
            assert upload.post().status == 202
        for upload in uploads:
            assert upload.wait_for_end(600)["status"] == 1
        seconds = time.monotonic() - start
        return seconds, [[hashlib.sha256(store.bytes(task["videoPath"])).hexdigest() for task in upload.tasks]
                         for upload in uploads]
    finally:
        for other in others:
            other.send_signal(signal.SIGTERM)
            other.wait()
        service.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=Path, default=ROOT / ".build" / "release" / "content-processor")
    program = parser.parse_args().program
    with tempfile.TemporaryDirectory() as scratch, Mongod(Path(scratch) / "mongod") as mongod:
        folders = [Path(scratch) / name for name in ("one", "two")]
        for folder in folders:
            folder.mkdir()
        (alone, clips), (together, same) = (
            run(program, mongod, folder, helpers) for helpers, folder in enumerate(folders))
    assert clips == same, "two workers gave other bytes"
    print(f"| workers | seconds for {UPLOADS} uploads | × |\n|---|---|---|")
    print(f"| 1 | {alone:.1f} | 1 |\n| 2 | {together:.1f} | {alone / together:.2f} |")


if __name__ == "__main__":
    main()
