"""Workers on a machine without the content folder fetch sources from the object store."""

import signal
import subprocess

import pytest

from documents import check_finished
from service import SLOW, wait_until

PREFIX = {**SLOW, "Cores": {"cpu_cores": 1}, "S3": {"source_prefix": "sources/videos"}}


@pytest.fixture
def elsewhere(program, tmp_path):
    """Starts workers of a backend's on a machine of their own: no content folder, another folder for work."""
    started = []

    def start(backend):
        settings = {section: dict(keys) for section, keys in backend.service.settings.items()}
        settings["Folders"] = {"root": tmp_path / "root", "content_base": "contents", "work": tmp_path / "work"}
        configuration = tmp_path / "config.cfg"
        configuration.write_text("".join(
            f"[{section}]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items())
            for section, keys in settings.items()))
        started.append(subprocess.Popen([program, "work", "--workers", "1", "--config", configuration],
                                        stderr=(tmp_path / "log").open("w")))
        return tmp_path / "work"

    yield start
    for process in started:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0


@pytest.mark.parametrize("store", ["s3", "directory"])
def test_a_worker_without_the_content_folder_helps_with_the_same_bytes(make_backend, videos, elsewhere, store):
    backend = make_backend(store=store, settings=PREFIX)
    alone = backend.upload(videos.long(), frame_rate=30)
    alone.process()
    work = elsewhere(backend)
    upload = backend.upload(videos.long(), frame_rate=30)
    assert upload.post().status == 202
    copies = work / "sources"
    wait_until(lambda: list(copies.glob("*")), 60, "a source fetched by the machine without the folder")
    owners = set()

    def ended():
        owners.update(backend.database.ContentJobUnit.distinct("lease.owner", {"kind": "piece", "state": "running"}))
        return upload.document["status"] in (1, 2)
    wait_until(ended, 90, "the end of the upload")
    check_finished(upload, 20)
    assert len(owners - {None}) == 2, owners
    def bytes_of(one):
        return [backend.store.bytes(task["videoPath"]) for task in one.tasks]
    assert bytes_of(upload) == bytes_of(alone)
    assert sorted(backend.store.keys()) == sorted(task["videoPath"] for one in (alone, upload) for task in one.tasks)
    wait_until(lambda: not list(copies.glob("*")), 60, "the end of the fetched copies")
    assert backend.service.stop() == 0


def test_without_a_prefix_such_a_worker_leaves_the_work_to_others(make_backend, videos, elsewhere):
    backend = make_backend(settings={**SLOW, "Cores": {"cpu_cores": 1}})
    elsewhere(backend)
    upload = backend.upload(videos.numbered("plain"), frame_rate=10)
    upload.process()
    check_finished(upload, 2)
    assert backend.service.stop() == 0
