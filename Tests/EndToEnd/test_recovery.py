"""Warm start of uploads without a job, and the commands that show jobs and what a crash left."""

import json
import subprocess
from datetime import datetime, timedelta, timezone

import pytest

from documents import check_finished
from service import SLOW, wait_until


def run(backend, program, *arguments):
    """The lines that a command prints; it must succeed."""
    backend.service.write_configuration()
    done = subprocess.run([program, *arguments, "--config", backend.service.configuration], capture_output=True,
                          text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def request_fields(**changes):
    """What the backend writes of a request to its upload."""
    return {"request_type": 0, "request_annotation_version": 0, "force_write": 0, "content_type": 1, "frame_rate": 10,
            **changes}


def stranded(backend, videos, age, document):
    upload = backend.upload(videos.numbered("plain"), frame_rate=10)
    backend.database.AnnotationContentUpload.update_one({"_id": upload.id}, {"$set": {
        "sourceFilePath": upload.fields["content_path"], "createdAt": datetime.now(timezone.utc) - age, **document}})
    return upload


LEFT_ALONE = {
    "too young": (timedelta(seconds=10), request_fields(), "wait"),
    "too old": (timedelta(hours=4), request_fields(), "older than three hours"),
    "incomplete": (timedelta(minutes=5), {"request_type": 0}, "lacks frame_rate, force_write, auto_anno_version"),
}


def test_an_upload_whose_request_was_lost_is_taken_up_and_others_are_only_listed(make_backend, program, videos):
    backend = make_backend(start=False)
    lost = stranded(backend, videos, timedelta(minutes=5), request_fields())
    refused = stranded(backend, videos, timedelta(minutes=5), request_fields(frame_rate=999))
    others = {name: stranded(backend, videos, age, document) for name, (age, document, _) in LEFT_ALONE.items()}
    # A service that was busy elsewhere: nothing is changed by looking.
    version = backend.database.AnnotationDatasetVersion.insert_one({"taskStatus": {"state": "pending"}}).inserted_id
    before = backend.everything()
    lines = run(backend, program, "recover", "--dry-run")
    assert any(str(version) in line and "it is built" in line for line in lines), lines
    backend.database.AnnotationDatasetVersion.delete_one({"_id": version})
    del before["AnnotationDatasetVersion", str(version)]
    assert backend.everything() == before
    assert any(str(lost.id) in line and "taken up" in line for line in lines), lines
    for name, upload in others.items():
        assert any(str(upload.id) in line and LEFT_ALONE[name][2] in line for line in lines), (name, lines)

    backend.service.start()
    assert lost.wait_for_end()["status"] == 1
    check_finished(lost, 2)
    assert refused.wait_for_end()["errorMessage"]["error_code"] == 400
    for upload in others.values():
        assert upload.document["status"] == 0 and not upload.tasks
    assert backend.service.stop() == 0


@pytest.fixture(scope="module")
def interrupted(make_backend, videos):
    """A backend whose service was killed at work."""
    backend = make_backend(settings=SLOW)
    upload = backend.upload(videos.long(), frame_rate=30)
    assert upload.post().status == 202
    upload.wait_for_tasks(2)
    backend.service.kill()
    return backend, upload


def test_recover_tells_of_workers_that_are_gone(interrupted, program):
    backend, _ = interrupted
    def lines():
        return [line for line in run(backend, program, "recover", "--dry-run") if "is gone" in line]
    wait_until(lines, 20, "the end of the dead workers' leases")


def test_jobs_shows_how_far_a_job_is(interrupted, program):
    backend, upload = interrupted
    job = backend.database.ContentJob.find_one({"uploadId": upload.id})
    header, line = run(backend, program, "jobs")
    assert header.split() == ["JOB", "STATE", "DONE", "AGE", "LEFT", "NOTE"]
    assert line.split()[:2] == [str(job["_id"]), "running"]
    shown = json.loads("".join(run(backend, program, "jobs", "--json", "--state", "running")))
    assert [one["job_id"] for one in shown] == [str(job["_id"])]
    assert 0 < shown[0]["frames_done"] < shown[0]["frame_count"] == 300
    assert shown[0]["eta_seconds"] >= 0
    assert run(backend, program, "jobs", "--state", "failed") == ["JOB  STATE  DONE  AGE  LEFT  NOTE"]


def test_a_cancelled_withdrawal_leaves_tasks_whole(make_backend, videos):
    """Cancelled between two deletes, as a crash leaves it: the frames come back."""
    backend = make_backend()
    upload = backend.upload(videos.numbered("plain"), frame_rate=10)
    upload.process()
    task = upload.tasks[0]
    frames = upload.frames(task)
    database = backend.database
    database.ContentWithdrawnFrame.insert_many(frames)
    database.ContentWithdrawnTask.insert_one(task)
    database.AnnotationFrame.delete_many({"taskId": task["_id"], "frameId": {"$gt": 3}})
    job = database.ContentJob.find_one({"uploadId": upload.id})
    database.ContentJob.update_one({"_id": job["_id"]}, {"$set": {"state": "cancelled", "pending": "tidying"}})
    wait_until(lambda: upload.frames(task) == frames, 20, "the return of the frames")
    wait_until(lambda: database.ContentWithdrawnFrame.count_documents({}) == 0, 10, "the end of the copies")
    assert backend.service.stop() == 0
