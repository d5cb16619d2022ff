"""A killed service or worker: after a restart the same documents and bytes as an undisturbed run."""

import os

import pytest

from documents import check_finished, normalized
from service import SLOW, kill, wait_until


@pytest.fixture(scope="module")
def undisturbed(make_backend, videos):
    """The tasks, frames and clips of an unbroken run, and the files that it leaves in the work folder."""
    backend = make_backend(settings=SLOW)
    upload = backend.upload(videos.long(), frame_rate=30)
    upload.process()
    check_finished(upload, 20)
    assert backend.service.stop() == 0
    return normalized(upload), files_of(backend.service.work)


def files_of(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def kill_service(backend):
    backend.service.kill()
    backend.service.start()


def kill_service_alone(backend):
    """Its workers notice by themselves."""
    workers = backend.service.workers()
    backend.service.server.process.kill()
    backend.service.server.process.wait()
    wait_until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in workers), 30, "the end of orphaned workers")
    backend.service.start()


def kill_worker(backend):
    workers = backend.service.workers()
    assert workers, "no worker process works"
    kill(workers)


def stop_service(backend):
    assert backend.service.stop() == 0
    backend.service.start()


@pytest.mark.parametrize("harm, after_tasks", [
    (kill_service, 0), (kill_service, 1), (kill_service, 10), (kill_service_alone, 3), (kill_worker, 4),
    (stop_service, 2),
])
def test_a_broken_run_ends_like_an_unbroken_one(make_backend, undisturbed, videos, harm, after_tasks):
    backend = make_backend(settings=SLOW)
    upload = backend.upload(videos.long(), frame_rate=30)
    assert upload.post().status == 202
    upload.wait_for_tasks(after_tasks)
    harm(backend)
    assert upload.wait_for_end(seconds=120)["status"] == 1, upload.document
    check_finished(upload, 20)

    assert normalized(upload) == undisturbed[0]
    assert backend.database.AnnotationTask.count_documents({}) == 20
    assert backend.database.AnnotationFrame.count_documents({}) == 300
    assert backend.store.keys() == sorted(task["videoPath"] for task in upload.tasks), "objects that no task names"
    wait_until(lambda: len(files_of(backend.service.work)) <= len(undisturbed[1]), 20, "the end of temporary files")
    assert backend.service.stop() == 0


def test_posting_again_after_a_kill_is_harmless(make_backend, undisturbed, videos):
    backend = make_backend(settings=SLOW)
    upload = backend.upload(videos.long(), frame_rate=30)
    job = upload.post().json["job_id"]
    upload.wait_for_tasks(1)
    kill_service(backend)
    again = upload.post()
    assert (again.status, again.json["job_id"]) == (202, job)
    assert upload.wait_for_end(seconds=120)["status"] == 1
    assert normalized(upload) == undisturbed[0]
    assert backend.service.stop() == 0
