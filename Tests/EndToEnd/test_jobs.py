"""Waiting for a job, asking for it and cancelling it."""

import re
import time
from datetime import datetime

from bson import ObjectId

from problems import check_problem
from service import wait_until


def test_prefer_wait_answers_with_the_tasks(backend, videos):
    upload = backend.upload(videos.numbered("plain"), frame_rate=10)
    answer = backend.service.post(upload.fields, headers={"Prefer": "wait=60"})
    assert answer.status == 200
    assert upload.document["status"] == 1
    shown, tasks = answer.json, upload.tasks
    assert [task["taskName"] for task in shown] == [task["taskName"] for task in tasks]
    for seen, task in zip(shown, tasks):
        assert (seen["_id"], seen["uploadId"]) == (str(task["_id"]), str(upload.id))
        assert re.fullmatch("[0-9a-f]{24}", seen["projectId"])
        same = ("frameCount", "original_frames", "frameTimes", "videoPath", "skipFrameCount", "videoDuration")
        assert {name: seen[name] for name in same} == {name: task[name] for name in same}
        moment = datetime.fromisoformat(seen["createdAt"])
        assert abs((moment - task["createdAt"]).total_seconds()) < 1


def test_prefer_wait_ends_when_the_time_is_up(slow_backend, videos):
    upload = slow_backend.upload(videos.long(), frame_rate=30)
    began = time.monotonic()
    answer = slow_backend.service.post(upload.fields, headers={"Prefer": "wait=1"})
    assert answer.status == 202 and answer.json["upload_id"] == str(upload.id)
    assert time.monotonic() - began < 10
    assert upload.wait_for_end()["status"] == 1


def test_prefer_wait_answers_with_the_jobs_error(backend, videos):
    upload = backend.upload(videos.numbered("plain"))
    upload.path.write_bytes(b"no video" * 100)
    check_problem(backend.service.post(upload.fields, headers={"Prefer": "wait=60"}), 422)


def test_a_job_tells_its_state(backend, videos):
    upload = backend.upload(videos.numbered("plain"))
    job = upload.post().json["job_id"]
    upload.wait_for_end()
    answer = backend.service.get(f"/api/jobs/{job}")
    assert answer.status == 200
    shown = answer.json
    assert (shown["job_id"], shown["upload_id"]) == (job, str(upload.id))
    wait_until(lambda: backend.service.get(f"/api/jobs/{job}").json["state"] == "succeeded", 10, "the job's success")


def test_unknown_jobs_are_not_found(backend):
    for job in (ObjectId(), "nonsense"):
        check_problem(backend.service.get(f"/api/jobs/{job}"), 404)
        check_problem(backend.service.delete(f"/api/jobs/{job}"), 404)


def test_a_cancelled_job_ends_soon_and_leaves_no_piece(slow_backend, videos):
    upload = slow_backend.upload(videos.long(), frame_rate=30)
    job = upload.post().json["job_id"]
    upload.wait_for_tasks(2)
    assert slow_backend.service.delete(f"/api/jobs/{job}").status in (200, 202, 204)
    began = time.monotonic()
    document = upload.wait_for_end()
    assert time.monotonic() - began < 5
    assert (document["status"], document["errorMessage"]["error_code"]) == (2, 499)
    assert document["progress"] < 100
    assert slow_backend.service.get(f"/api/jobs/{job}").json["state"] == "cancelled"

    def only_whole_tasks():
        tasks = upload.tasks
        named = sorted(task["videoPath"] for task in tasks)
        return slow_backend.store.keys(f"contents/{upload.project}/") == named and all(
            len(upload.frames(task)) == task["frameCount"] for task in tasks)
    wait_until(only_whole_tasks, 20, "the end of unpublished pieces")
    count = len(upload.tasks)
    time.sleep(2)
    assert len(upload.tasks) == count and upload.document["status"] == 2


def test_cancelling_a_finished_job_changes_nothing(backend, videos):
    upload = backend.upload(videos.numbered("plain"))
    job = upload.post().json["job_id"]
    upload.wait_for_end()
    wait_until(lambda: backend.service.get(f"/api/jobs/{job}").json["state"] == "succeeded", 10, "the job's success")
    before = backend.everything()
    backend.service.delete(f"/api/jobs/{job}")
    assert backend.everything() == before


def test_jobs_are_listed_by_state(backend, videos):
    upload = backend.upload(videos.numbered("plain"))
    job = upload.post().json["job_id"]
    upload.wait_for_end()
    wait_until(lambda: backend.service.get(f"/api/jobs/{job}").json["state"] == "succeeded", 10, "the job's success")
    listed = {shown["job_id"]: shown["state"] for shown in backend.service.get("/api/jobs?state=succeeded").json}
    assert listed[job] == "succeeded" and set(listed.values()) == {"succeeded"}
    assert job not in {shown["job_id"] for shown in backend.service.get("/api/jobs?state=queued").json}
    check_problem(backend.service.get("/api/jobs?state=sleeping"), 400)


def test_deleting_the_upload_stops_its_job(slow_backend, videos):
    upload = slow_backend.upload(videos.long(), frame_rate=30)
    job = upload.post().json["job_id"]
    upload.wait_for_tasks(1)
    slow_backend.database.AnnotationContentUpload.delete_one({"_id": upload.id})
    wait_until(
        lambda: slow_backend.service.get(f"/api/jobs/{job}").json["state"] == "failed", 10, "the end of the job")
    count = len(upload.tasks)
    time.sleep(2)
    assert len(upload.tasks) == count


def test_a_full_queue_refuses_and_leaves_the_upload_alone(make_backend, videos):
    backend = make_backend(settings={"App": {"queue_limit": 1}})
    # A job that stays queued, since it has no unit that a worker could take.
    backend.database.ContentJob.insert_one({"state": "queued", "uploadId": ObjectId(), "runNumber": 1})
    upload = backend.upload(videos.numbered("plain"))
    before = upload.document
    answer = upload.post()
    check_problem(answer, 429)
    assert int(answer.headers["Retry-After"]) > 0
    assert upload.document == before
    backend.database.ContentJob.delete_many({})
    upload.process()
    assert backend.service.stop() == 0
