"""A killed service or worker: after a restart the same documents and bytes as an undisturbed run."""

import os
import signal
import time

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
    """All but the locks of workers, which are there while they live."""
    return sorted(
        str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")


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


@pytest.mark.parametrize("lease_seconds", [300])
def test_a_start_does_not_wait_for_leases_of_killed_workers(make_backend, videos, lease_seconds):
    """The leases would end long after the test."""
    backend = make_backend(settings=SLOW | {"Worker": {"lease_seconds": lease_seconds}})
    upload = backend.upload(videos.long(), frame_rate=30)
    assert upload.post().status == 202
    upload.wait_for_tasks(2)
    wait_until(lambda: backend.database.ContentJobUnit.find_one({"state": "running"}), 20, "a clip that is being made")
    backend.service.kill()
    held = list(backend.database.ContentJobUnit.find({"state": "running"}))
    assert held, "nothing was being made when the service was killed"
    backend.service.start()
    began = time.monotonic()
    for unit in held:
        changed = {"_id": unit["_id"], "fence": {"$gt": unit["fence"]}}
        wait_until(lambda: backend.database.ContentJobUnit.find_one(changed), 20, "the end of a dead worker's lease")
    print(f"taken up after {time.monotonic() - began:.1f} s")
    assert upload.wait_for_end(seconds=120)["status"] == 1
    check_finished(upload, 20)
    assert backend.service.stop() == 0
    assert not list((backend.service.work / "workers").iterdir()), "locks of workers that have ended"


def test_a_paused_worker_keeps_its_lease_over_a_start(make_backend, videos):
    """It lives: only the end of its lease takes its clip away."""
    backend = make_backend(settings=SLOW | {"Worker": {"lease_seconds": 300}})
    upload = backend.upload(videos.long(), frame_rate=30)
    assert upload.post().status == 202
    upload.wait_for_tasks(1)
    unit = wait_until(
        lambda: backend.database.ContentJobUnit.find_one({"state": "running"}), 20, "a clip that is being made")
    workers = backend.service.workers()
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    try:
        held = list(backend.database.ContentJobUnit.find({"state": "running"}))
        backend.service.server.process.kill()
        backend.service.server.process.wait()
        backend.service.start()
        time.sleep(3)
        for unit in held:
            now = backend.database.ContentJobUnit.find_one({"_id": unit["_id"]})
            assert now["fence"] == unit["fence"], "the lease of a living worker was ended"
    finally:
        for pid in workers:
            os.kill(pid, signal.SIGCONT)
    assert upload.wait_for_end(seconds=120)["status"] == 1
    check_finished(upload, 20)
