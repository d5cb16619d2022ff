"""SIGTERM lets running clips end, a second one stops at once; nothing is lost in either."""

import os
import signal
import subprocess
import time

import pytest

from documents import check_finished
from service import SLOW, wait_until

ONE_CLIP = {"Encoding": {"preset": "medium"}, "Content": {"frames_per_task": 900}, "Cores": {"cpu_cores": 1},
            "Worker": {"lease_seconds": 30}}


@pytest.fixture(scope="module")
def noise(tmp_path_factory):
    """A video that takes an encoder many seconds."""
    path = tmp_path_factory.mktemp("noise") / "noise.mp4"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=30:duration=30,noise=alls=30:allf=t",
         "-c:v", "libx264", "-preset", "ultrafast", "-crf", "35", "-pix_fmt", "yuv420p", path], check=True)
    return path


def test_a_second_signal_stops_at_once_and_puts_the_clip_back(make_backend, noise):
    backend = make_backend(settings=ONE_CLIP)
    upload = backend.upload(noise, frame_rate=30)
    assert upload.post().status == 202
    running = {"kind": "piece", "state": "running", "framesDone": {"$gt": 0}}
    wait_until(lambda: backend.database.ContentJobUnit.find_one(running), 60, "the clip's beginning")
    workers, process = backend.service.workers(), backend.service.server.process
    process.send_signal(signal.SIGTERM)
    time.sleep(1)
    assert process.poll() is None, "the first signal must let the clip end"
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == 128 + signal.SIGTERM
    assert time.monotonic() - began < 5
    wait_until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in workers), 5, "the end of the workers")
    unit = backend.database.ContentJobUnit.find_one({"kind": "piece"})
    assert (unit["state"], unit["attempts"], unit["losses"]) == ("waiting", 0, 0), unit

    backend.service.settings["Encoding"]["preset"] = "ultrafast"
    backend.service.start()
    assert upload.wait_for_end()["status"] == 1
    check_finished(upload, 1)
    assert backend.service.stop() == 0


def test_a_machine_with_workers_only_helps_and_stops_in_time(make_backend, videos, program):
    backend = make_backend(settings={**SLOW, "Cores": {"cpu_cores": 1}})
    helper = subprocess.Popen([program, "work", "--workers", "1", "--config", backend.service.configuration],
                              stderr=subprocess.PIPE, text=True)
    try:
        upload = backend.upload(videos.long(), frame_rate=30)
        assert upload.post().status == 202
        running = {"kind": "piece", "state": "running"}
        owners = wait_until(lambda: len(set(backend.database.ContentJobUnit.distinct("lease.owner", running))) == 2, 60,
                            "two workers at one video")
        assert owners
        assert upload.wait_for_end()["status"] == 1
        check_finished(upload, 20)
    finally:
        helper.send_signal(signal.SIGTERM)
        _, log = helper.communicate(timeout=30)
    assert helper.returncode == 0, log
    assert backend.service.stop() == 0
