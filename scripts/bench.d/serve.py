"""Measures the service itself: start-up, idle memory, and status reads while two videos are processed.

usage: work/tools/venv/bin/python scripts/bench.d/serve.py [--program .build/release/content-processor] [--seconds N]

Starts a mongod and the service with two workers, and reads with wrk over loopback: first at about 200 requests a second,
then as fast as it goes. Three of four requests are GET /api/jobs/{id}, one is GET /readyz.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "Tests" / "EndToEnd")]

import pymongo  # noqa: E402

from backend import Backend  # noqa: E402
from servers import Mongod  # noqa: E402
from service import API_KEY, Service  # noqa: E402
from stores import DirectoryStore  # noqa: E402

VIDEO, STARTS, CONNECTIONS = ROOT / "samples" / "crossing.mp4", 5, 8
LUA = """
local paths, number = {%s}, 0
wrk.headers["X-API-Key"] = "%s"
function request()
  number = number + 1
  return wrk.format("GET", paths[number %% #paths + 1])
end
%s
function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format('{"rate": %%f, "p50": %%f, "p99": %%f, "worst": %%f, "failed": %%d}\\n',
    summary.requests / summary.duration * 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    latency.max / 1000, errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
"""


def start_up(service):
    """Seconds from the start of the process until /readyz answers 200."""
    start = time.monotonic()
    service.spawn()
    while True:
        try:
            if service.request("GET", "/readyz", timeout=5).status == 200:
                return time.monotonic() - start
        except OSError:
            pass
        assert service.server.process.poll() is None, service.server.last_lines()
        time.sleep(0.005)


def resident_megabytes(pid):
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def read_status(service, jobs, seconds, folder, pause):
    """What wrk says of reading for so long; `pause` is the milliseconds between a connection's requests."""
    paths = [f'"/api/jobs/{job}"' for job in jobs for _ in range(3)] + ['"/readyz"'] * len(jobs)
    script = folder / "status.lua"
    script.write_text(LUA % (", ".join(paths), API_KEY, f"function delay() return {pause} end" if pause else ""))
    answer = subprocess.run(
        ["wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{seconds}s", "--timeout", "10s",
         "--script", script, f"http://127.0.0.1:{service.port}"], capture_output=True, text=True, check=True)
    return json.loads(answer.stdout.splitlines()[-1])


def measure(backend, folder, seconds):
    service = backend.service
    starts = [start_up(service)]
    for _ in range(STARTS - 1):
        service.stop()
        starts.append(start_up(service))
    time.sleep(5)
    rows = [("start-up to /readyz 200, s", f"{median(starts):.2f}", 1),
            ("idle memory of serve, MB", f"{resident_megabytes(service.server.pid):.0f}", 60),
            ("idle memory of a worker, MB", f"{max(map(resident_megabytes, service.workers())):.0f}", "")]
    video = folder / "long.mp4"
    subprocess.run(["ffmpeg", "-v", "error", "-stream_loop", "40", "-i", VIDEO, "-c", "copy", video], check=True)
    jobs = []
    for _ in range(2):
        answer = backend.upload(video, frame_rate=10).post()
        assert answer.status == 202, answer.body
        jobs.append(answer.json["job_id"])
    time.sleep(3)
    # An answer takes some of the time between two requests.
    paced = read_status(service, jobs, seconds, folder, 1000 * CONNECTIONS // 200 - 8)
    fastest = read_status(service, jobs, seconds, folder, None)
    states = [service.get(f"/api/jobs/{job}").json["state"] for job in jobs]
    assert states == ["running"] * 2, f"the videos were too short: {states}"
    assert not paced["failed"] and not fastest["failed"], (paced, fastest)
    for title, found in (("paced", paced), ("as fast as it goes", fastest)):
        rows += [(f"status reads a second, {title}", f"{found['rate']:.0f}", "at least 190"),
                 (f"p50 / p99 / worst, {title}, ms",
                  f"{found['p50']:.1f} / {found['p99']:.1f} / {found['worst']:.0f}", 50 if title == "paced" else "")]
    rows.append(("memory of serve after that, MB", f"{resident_megabytes(service.server.pid):.0f}", ""))
    for job in jobs:
        service.delete(f"/api/jobs/{job}")
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=Path, default=ROOT / ".build" / "release" / "content-processor")
    parser.add_argument("--seconds", type=int, default=20, help="of reading, each time")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, Mongod(Path(scratch) / "mongod") as mongod:
        folder = Path(scratch)
        store = DirectoryStore(folder / "objects")
        service = Service(options.program, folder / "service", mongod.uri, "bench", store.settings,
                          {"Cores": {"cpu_cores": 2}, "Content": {"frames_per_task": 120}})
        backend = Backend(service, store, pymongo.MongoClient(mongod.uri, tz_aware=True)["bench"])
        try:
            rows = measure(backend, folder, options.seconds)
        finally:
            service.stop()
    print("| of `serve` with two workers | measured | at most |\n|---|---|---|")
    for row in rows:
        print(f"| {row[0]} | {row[1]} | {row[2]} |")


if __name__ == "__main__":
    main()
