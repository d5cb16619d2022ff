"""The harm that is done: each fault strikes once, and returns how to make it good again."""

import collections
import contextlib
import os
import random
import signal
import time
from pathlib import Path

import pymongo

from plant import LEASE_SECONDS
from proxy import Mood

Fault = collections.namedtuple("Fault", "strike weight seconds")
"""`strike()` returns a function that ends the fault, or None; `seconds` are the least and the most until then."""


def age(pid):
    """Seconds since the process began, by proc(5)."""
    ticks = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
    return float(Path("/proc/uptime").read_text().split()[0]) - ticks / os.sysconf("SC_CLK_TCK")


class Faults:
    """Strikes `plant` at random moments, several faults at once but never two of one kind.

    `tally` counts what was done; kills are processes that got SIGKILL, and `victims` those of the product
    that had got through their start.
    """

    def __init__(self, plant, seed):
        self.plant, self.random = plant, random.Random(seed)
        self.tally = collections.Counter()
        self.victims = set()
        self._ends = {}
        self.kinds = {
            "worker killed": Fault(self.kill_worker, 10, (0, 0)),
            "service killed": Fault(self.kill_service, 2, (0, 2)),
            "machine killed": Fault(self.kill_machine, 2, (0, 2)),
            "mongod killed": Fault(self.kill_mongod, 2, (0.5, 4)),
            "worker paused": Fault(self.pause_worker, 2, (LEASE_SECONDS + 1, LEASE_SECONDS + 4)),
            "primary stepped down": Fault(self.step_down, 1, (0, 0)),
            "S3 disturbed": Fault(self.disturb_s3, 4, (0.5, 4)),
            "disk full": Fault(self.fill_disk, 1 if plant.has_small_disk else 0, (1, 4)),
            "posted again": Fault(self.post_again, 1, (0, 0)),
        }

    @property
    def kills(self):
        return self.tally["kills"]

    @property
    def under_way(self):
        return bool(self._ends)

    def strike(self, uploads):
        """One fault of a kind that is not under way."""
        self.uploads = uploads
        kinds = {name: fault for name, fault in self.kinds.items() if name not in self._ends}
        [name] = self.random.choices(list(kinds), [fault.weight for fault in kinds.values()])
        if end := kinds[name].strike():
            self._ends[name] = (time.monotonic() + self.random.uniform(*kinds[name].seconds), end)
        self.tally[name] += 1
        return name

    def end(self, at_once=False):
        """Ends the faults whose time is up, or all."""
        for name, (moment, end) in list(self._ends.items()):
            if at_once or time.monotonic() >= moment:
                del self._ends[name]
                end()

    def kill(self, pid):
        with contextlib.suppress(ProcessLookupError, FileNotFoundError):
            seconds = age(pid)
            os.kill(pid, signal.SIGKILL)
            self.tally["kills"] += 1
            # libmongoc makes a file before `main` can do anything about it.
            if seconds > 2:
                self.victims.add(pid)

    def kill_worker(self):
        if workers := self.plant.workers():
            victim = self.random.choice(workers)
            self.kill(victim)
            if self.plant.elsewhere and victim == self.plant.elsewhere.pid:
                self.plant.elsewhere.process.wait()
                return self.plant.start_elsewhere

    def kill_service(self):
        """Its workers are left to notice by themselves."""
        server = self.plant.service.server
        if server is None:
            return None
        self.kill(server.pid)
        server.process.wait()
        self.plant.service.server = None
        return self.start_service

    def kill_machine(self):
        server = self.plant.service.server
        if server is None:
            return None
        for worker in self.plant.service.workers():
            self.kill(worker)
        return self.kill_service()

    def start_service(self):
        if self.plant.service.server is None:
            self.plant.service.spawn()

    def kill_mongod(self):
        members = self.plant.replica_set
        port = self.random.choice(members.ports)
        members.kill_member(port)
        self.tally["kills"] += 1
        return lambda: members.start_member(port)

    def pause_worker(self):
        workers = self.plant.workers()
        if not workers:
            return None
        victim = self.random.choice(workers)
        with contextlib.suppress(ProcessLookupError):
            os.kill(victim, signal.SIGSTOP)

        def go_on():
            with contextlib.suppress(ProcessLookupError):
                os.kill(victim, signal.SIGCONT)
        return go_on

    def step_down(self):
        with contextlib.suppress(pymongo.errors.PyMongoError, RuntimeError):
            self.plant.replica_set.step_down()

    def disturb_s3(self):
        self.plant.proxy.mood = self.random.choice([mood for mood in Mood if mood is not Mood.KIND])
        self.tally[f"S3 {self.plant.proxy.mood.value}"] += 1

        def calm():
            self.plant.proxy.mood = Mood.KIND
        return calm

    def fill_disk(self):
        filler = self.plant.service.work / "filler"
        with contextlib.suppress(OSError), open(filler, "wb", buffering=0) as file:
            while file.write(bytes(65536)):
                pass
        return lambda: filler.unlink(missing_ok=True)

    def post_again(self):
        """The same request once more; the service may be away."""
        with contextlib.suppress(OSError):
            answer = self.random.choice(self.uploads).post()
            assert answer.status in (200, 202, 503), answer
