"""The fault harness behind `scripts/chaos`: rounds of work under random harm, each compared with an undisturbed run."""

import argparse
import contextlib
import os
import sys
import tempfile
import time
from pathlib import Path

from faults import Faults
from plant import ROOT, Plant
from verdict import complaints
from watcher import TruthWatcher

from documents import normalized
from servers import exit_on_signals
from service import wait_until

FAULTS_PER_ROUND = 16
"""Few enough that no clip loses the 20 workers in a row that quarantine its job."""


def parse(arguments):
    parser = argparse.ArgumentParser(prog="scripts/chaos", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="rounds, at least (default: 3)")
    parser.add_argument("--kills", type=int, default=0, help="SIGKILLs, at least, over all rounds (default: 0)")
    parser.add_argument("--seed", type=int, default=1, help="of all random choices (default: 1)")
    parser.add_argument("--videos", type=int, default=4, help="uploads in a round, 1 to 4 (default: 4)")
    parser.add_argument("--program", type=Path, default=ROOT / ".build" / "debug" / "content-processor")
    parser.add_argument("--keep", type=Path, help="where the logs go when something is wrong")
    return parser.parse_args(arguments)


def run_round(plant, faults, videos, references):
    """Returns the complaints and the watcher's number of looks."""
    uploads = plant.upload_all(videos)
    for upload in uploads:
        answer = upload.post()
        assert answer.status == 202, answer
    watcher = TruthWatcher(plant, uploads)
    watcher.start()
    for _ in range(FAULTS_PER_ROUND):
        time.sleep(faults.random.uniform(0.1, 0.7))
        faults.end()
        faults.strike(uploads)
        if all(upload.document["status"] for upload in uploads):
            break
    while faults.under_way:
        faults.end()
        time.sleep(0.1)
    watcher.calm_since = time.monotonic()
    wrong = []
    for upload in uploads:
        try:
            upload.wait_for_end(seconds=180)
        except AssertionError as error:
            wrong.append(str(error))
    watcher.stop()
    return [*wrong, *sorted(watcher.lies), *complaints(plant, uploads, references, faults.victims)], watcher.looks


def run_all(arguments, folder):
    """Returns whether every round ended like the undisturbed run."""
    began = time.monotonic()
    with Plant(arguments.program, folder, arguments.seed) as plant:
        if not plant.has_small_disk:
            print("no small disk: mounting one needs root; full disks are left out", flush=True)
        videos = list(plant.make_videos())[:arguments.videos]
        references = undisturbed(plant, videos)
        faults, rounds, looks, wrong = Faults(plant, arguments.seed), 0, 0, set()
        # Nothing stays paused, whatever ends this.
        plant.callback(faults.end, at_once=True)
        while rounds < arguments.rounds or faults.kills < arguments.kills:
            start, kills = time.monotonic(), faults.kills
            found, seen = run_round(plant, faults, videos, references)
            rounds, looks = rounds + 1, looks + seen
            print(f"round {rounds}: {faults.kills - kills} kills, {time.monotonic() - start:.0f} s, "
                  + (f"{len(found)} COMPLAINTS" if found else "as undisturbed"), flush=True)
            for complaint in found:
                if complaint not in wrong:
                    print(f"  {complaint}", flush=True)
            wrong.update(found)
        if wrong and arguments.keep:
            plant.keep_logs(arguments.keep)
    print(f"{rounds} rounds, {rounds * len(videos)} uploads, {looks} looks at their state, "
          f"{time.monotonic() - began:.0f} s; " + ", ".join(f"{name} {count}" for name, count in faults.tally.items()))
    return not wrong


def undisturbed(plant, videos):
    """What each video becomes when nothing happens: its tasks, frames and clips."""
    references = []
    for upload in plant.upload_all(videos):
        upload.process()
        references.append(normalized(upload))
    wait_until(lambda: not list(complaints(plant, [], [])), 30, "a clean end of the undisturbed run")
    if not any(task["damagedFrames"] for tasks in references for task, _, _ in tasks):
        raise RuntimeError("no video is damaged: the harness would not see who made a damaged clip")
    return references


def in_own_mount_namespace():
    """Starts this script again where its mounts are its own and end with it, as root."""
    if os.geteuid() == 0 and "CHAOS_NAMESPACE" not in os.environ:
        with contextlib.suppress(FileNotFoundError):
            os.execvpe("unshare", ["unshare", "--mount", sys.executable, *sys.argv],
                       os.environ | {"CHAOS_NAMESPACE": "own"})


if __name__ == "__main__":
    options = parse(sys.argv[1:])
    in_own_mount_namespace()
    exit_on_signals()
    with tempfile.TemporaryDirectory(prefix="chaos-") as scratch:
        sys.exit(0 if run_all(options, Path(scratch)) else 1)
