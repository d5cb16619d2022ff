"""Workers of two machines share one long video: each makes a part of it, and the bytes are those of one machine."""

import os
import signal

import pytest

from documents import check_finished, normalized
from servers import S3Server, Server
from service import SLOW, descendants
from stores import S3Store

ALONE = {**SLOW, "Cores": {"cpu_cores": 1}}
"""One worker, so that two machines are twice as many."""


@pytest.fixture(scope="module")
def backend(make_backend, tmp_path_factory):
    """The first machine; its objects lie where the second reaches them, too."""
    with S3Server(tmp_path_factory.mktemp("shared-s3")) as server:
        backend = make_backend(store=S3Store(server, "shared"), settings=ALONE)
        yield backend
        assert backend.service.stop() == 0


@pytest.fixture(scope="module")
def alone(backend, videos):
    """What the first machine makes by itself, and its worker's process."""
    upload, holders = process(backend, videos)
    [worker] = holders
    return normalized(upload), worker


@pytest.fixture
def second_machine(program, backend, tmp_path):
    """`content-processor work` with the same database, store and videos, and a work folder of its own."""
    service, configuration = backend.service, tmp_path / "config.cfg"
    text = service.configuration.read_text()
    configuration.write_text(text.replace(f"work = {service.work}\n", f"work = {tmp_path / 'work'}\n"))
    assert configuration.read_text() != text
    with Server("the second machine", [program, "work", "--config", configuration], tmp_path / "log") as server:
        yield server


def workers_of(machine):
    return {machine.pid, *descendants(machine.pid)}


def process(backend, videos, harm=lambda: None, after_tasks=21):
    """Returns the finished upload and the processes that held leases; `harm` is done after so many tasks."""
    upload = backend.upload(videos.long(), frame_rate=30)
    assert upload.post().status == 202
    holders, is_harmed = set(), False
    while not upload.document["status"]:
        units = backend.database.ContentJobUnit.find({"state": "running", "kind": "piece"})
        holders |= {int(unit["lease"]["owner"].split("/")[1]) for unit in units}
        if not is_harmed and len(upload.tasks) >= after_tasks:
            is_harmed = True
            harm()
    assert upload.document["status"] == 1, upload.document
    check_finished(upload, 20)
    return upload, holders


def test_workers_of_two_machines_share_one_video(backend, alone, videos, second_machine):
    reference, worker = alone
    upload, holders = process(backend, videos)
    assert worker in holders and holders & workers_of(second_machine), "the video was not shared"
    assert normalized(upload) == reference


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_machine_that_goes_in_mid_run_changes_nothing(backend, alone, videos, second_machine, tmp_path, number):
    workers = set()

    def harm():
        workers.update(workers_of(second_machine))
        for pid in workers if number == signal.SIGKILL else [second_machine.pid]:
            os.kill(pid, number)

    upload, holders = process(backend, videos, harm, after_tasks=5)
    assert second_machine.process.wait(30) == (0 if number == signal.SIGTERM else -number)
    assert holders & workers, "the second machine had no part in it"
    assert normalized(upload) == alone[0]
    assert number == signal.SIGKILL or not any((tmp_path / "work").rglob("*.mp4"))
