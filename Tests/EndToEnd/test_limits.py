"""A clip that takes too much of the machine costs itself, not the service."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from documents import check_finished
from service import SLOW, wait_until


@pytest.fixture(scope="module")
def large_video(tmp_path_factory):
    """4K with many reference pictures: decoding and encoding it takes some hundred megabytes."""
    path = tmp_path_factory.mktemp("large") / "large.mp4"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=3840x2160:rate=10:duration=6",
         "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", path], check=True)
    return path


def test_a_clip_that_takes_too_much_memory_is_quarantined_and_the_service_goes_on(make_backend, videos, large_video):
    backend = make_backend(settings={"Worker": {"memory_limit_mb": 128, "attempts": 2}})
    upload = backend.upload(large_video, frame_rate=10)
    job = upload.post().json["job_id"]
    small = backend.upload(videos.numbered("plain"), frame_rate=10)
    assert small.post().status == 202
    error = upload.wait_for_end()["errorMessage"]
    assert error["error_code"] == 507 and "memory_limit_mb" in error["message"], error
    assert backend.service.get(f"/api/jobs/{job}").json["state"] == "quarantined"
    assert small.wait_for_end()["status"] == 1, small.document
    check_finished(small, 2)
    wait_until(lambda: backend.store.keys() == sorted(task["videoPath"] for task in small.tasks), 20,
               "the end of the quarantined job's objects")
    assert backend.service.stop() == 0


def limits(pid):
    """The soft limits of a process by their first word or two, as proc_pid_limits(5) shows them."""
    with open(f"/proc/{pid}/limits") as lines:
        return {line[:26].strip(): line[26:].split()[0] for line in lines}


def test_a_worker_at_work_has_limits_and_an_idle_one_no_time_limit(make_backend, videos):
    backend = make_backend(settings={**SLOW, "Cores": {"cpu_cores": 1}, "Worker": {"memory_limit_mb": 1000}})
    worker = backend.service.workers()[0]
    wait_until(lambda: limits(worker)["Max open files"] == "512", 10, "the limit of open files")
    assert limits(worker)["Max data size"] == str((2 * 1000 << 20) + (1 << 30))
    assert limits(worker)["Max core file size"] == "0"
    upload = backend.upload(videos.long(), frame_rate=30)
    assert upload.post().status == 202
    wait_until(lambda: limits(worker)["Max cpu time"].isdigit(), 20, "the time limit")
    # Between two clips there is none.
    assert limits(worker)["Max cpu time"] == "unlimited" or 300 < int(limits(worker)["Max cpu time"]) < 4000
    assert upload.wait_for_end()["status"] == 1
    wait_until(lambda: limits(worker)["Max cpu time"] == "unlimited", 10, "the end of the time limit")
    assert backend.service.stop() == 0


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGILL, signal.SIGXCPU])
def test_a_signal_costs_an_attempt_and_is_named(make_backend, videos, number):
    backend = make_backend(settings={**SLOW, "Cores": {"cpu_cores": 1}, "Worker": {"attempts": 2}})
    upload = backend.upload(videos.long(), frame_rate=30)
    assert upload.post().status == 202
    units = backend.database.ContentJobUnit
    for attempt in (1, 2):
        unit = wait_until(
            lambda: units.find_one({"kind": "piece", "piece": 3, "state": "running"}), 60, f"attempt {attempt}")
        assert unit["attempts"] == attempt - 1
        for worker in backend.service.workers():
            os.kill(worker, number)
        # Swift writes a backtrace first, which takes a while in a debug build.
        wait_until(lambda: units.find_one({"_id": unit["_id"]})["attempts"] == attempt, 60, "the attempt's count")
    error = upload.wait_for_end()["errorMessage"]
    named = "processor time" if number == signal.SIGXCPU else f"signal {number:d}"
    assert named in error["message"] and "2 attempts" in error["message"], error
    assert backend.service.stop() == 0


def niceness(pid):
    """Of each thread of a process: the 19th field of proc_pid_stat(5)."""
    stats = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/stat")]
    return {int(stat.rpartition(")")[2].split()[16]) for stat in stats}


def test_every_thread_of_a_worker_stands_back_for_the_service(make_backend, videos):
    backend = make_backend(settings={"Worker": {"nice": 7}, "Cores": {"cpu_cores": 1}})
    backend.upload(videos.numbered("plain"), frame_rate=10).process()
    [worker] = backend.service.workers()
    wait_until(lambda: niceness(worker) == {7}, 10, "the niceness of every thread")
    assert max(niceness(backend.service.server.pid)) <= 0
    assert backend.service.stop() == 0
