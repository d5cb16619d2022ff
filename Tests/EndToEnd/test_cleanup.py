"""[Retention]: what is old enough goes, by `content-processor cleanup` and by the service itself, and nothing else."""

import os
import subprocess
import time
from datetime import datetime, timedelta, timezone

import pytest
from bson import ObjectId

from service import PATIENCE, wait_until

ALL = {"source_video_days": 2, "work_file_days": 2, "finished_job_days": 2}
NONE = dict.fromkeys(ALL, "keep")
LONG_AGO = timedelta(days=3)


def cleanup(service, *arguments):
    """The lines that it prints."""
    service.write_configuration()
    result = subprocess.run(
        [service.program, "cleanup", "--config", service.configuration, *arguments], capture_output=True, text=True,
        timeout=60 * PATIENCE)
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()


def age(backend, upload, by=LONG_AGO):
    """Makes the end of an upload and of its jobs lie in the past."""
    then = datetime.now(timezone.utc) - by
    backend.database.AnnotationContentUpload.update_one(
        {"_id": upload.id, "finishedAt": {"$exists": True}}, {"$set": {"finishedAt": then}})
    for job in backend.database.ContentJob.find({"uploadId": upload.id}):
        dates = {f"dates.{name}": then for name in job["dates"]}
        # The id tells when a job began.
        old = ObjectId(int(then.timestamp()).to_bytes(4, "big") + job["_id"].binary[4:])
        backend.database.ContentJob.delete_one({"_id": job["_id"]})
        backend.database.ContentJob.insert_one({**job, "_id": old})
        backend.database.ContentJob.update_one({"_id": old}, {"$set": dates})
        backend.database.ContentJobUnit.update_many({"jobId": job["_id"]}, {"$set": {"jobId": old}})


def jobs(backend, upload):
    return backend.database.ContentJob.count_documents({"uploadId": upload.id})


@pytest.fixture(scope="module")
def backend(make_backend):
    """One service for the tests of this module, which removes nothing by itself."""
    backend = make_backend(settings={"Retention": NONE})
    yield backend
    assert backend.service.stop() == 0


@pytest.fixture
def old(backend, videos):
    """An upload that has been complete for three days."""
    upload = backend.upload(videos.numbered("plain"))
    upload.process()
    age(backend, upload)
    return upload


@pytest.fixture
def rules(backend):
    """Sets what the command removes."""
    def set_rules(**keys):
        backend.service.settings["Retention"] = {**NONE, **keys}

    yield set_rules
    backend.service.settings["Retention"] = NONE


def everything(backend):
    service = {name: list(backend.database[name].find()) for name in ("ContentJob", "ContentJobUnit", "ContentObject")}
    files = sorted(path for path in backend.service.folder.rglob("*") if path.is_file())
    return backend.everything(), service, files, backend.store.keys()


def test_with_the_defaults_nothing_is_removed(backend, old):
    before = everything(backend)
    assert cleanup(backend.service) == ["There is nothing to remove."]
    assert everything(backend) == before


def test_a_dry_run_only_tells(backend, old, rules):
    rules(**ALL)
    before = everything(backend)
    lines = cleanup(backend.service, "--dry-run")
    assert [line for line in lines if str(old.id) in line] != []
    assert everything(backend) == before


def test_the_source_of_a_complete_upload_goes_and_its_tasks_stay(backend, old, videos, rules):
    rules(source_video_days=2)
    recent = backend.upload(videos.numbered("plain"))
    recent.process()
    tasks, clips = old.tasks, [backend.store.bytes(task["videoPath"]) for task in old.tasks]
    line = f"source {old.fields['content_path']}: upload {old.id} is complete; it is removed"
    assert line in cleanup(backend.service)
    assert not old.path.exists() and old.path.parent.is_dir() and recent.path.exists()
    assert old.tasks == tasks and [backend.store.bytes(task["videoPath"]) for task in tasks] == clips
    # The same request is answered as before.
    assert old.post().status == 200 and cleanup(backend.service) == ["There is nothing to remove."]


@pytest.mark.parametrize("status", [0, 2, 4])
@pytest.mark.parametrize("way", ["same", "absolute", "link"])
def test_a_source_stays_while_another_upload_needs_it(backend, old, rules, status, way):
    rules(source_video_days=2)
    link = old.path.with_name("link.mp4")
    link.symlink_to(old.path)
    path = {"same": old.fields["content_path"], "absolute": str(old.path), "link": str(link)}[way]
    other = backend.database.AnnotationContentUpload.insert_one(
        {"projectId": old.project, "status": status, "sourceFilePath": path}).inserted_id
    assert not any(str(old.id) in line for line in cleanup(backend.service))
    assert old.path.exists()
    backend.database.AnnotationContentUpload.delete_one({"_id": other})
    cleanup(backend.service)
    assert not old.path.exists()


def test_a_source_stays_while_its_own_upload_is_made_anew(backend, old, rules):
    rules(source_video_days=2)
    backend.database.ContentJob.insert_one({
        "_id": ObjectId(), "uploadId": old.id, "runNumber": 2, "state": "queued", "kind": "processContent",
        "parameters": {"contentPath": "elsewhere.mp4"}, "dates": {"created": datetime.now(timezone.utc)}})
    cleanup(backend.service)
    backend.database.ContentJob.delete_one({"uploadId": old.id, "runNumber": 2})
    assert old.path.exists()


def test_another_file_at_the_same_place_stays(backend, old, rules):
    rules(source_video_days=2)
    os.utime(old.path)
    cleanup(backend.service)
    assert old.path.exists()


def test_the_source_of_a_failed_upload_stays(backend, videos, rules, tmp_path):
    rules(**ALL)
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video at all")
    upload = backend.upload(broken)
    assert upload.post().status == 202 and upload.wait_for_end()["status"] == 2
    wait_until(lambda: backend.database.ContentJob.count_documents({"uploadId": upload.id, "pending": None}), 30)
    age(backend, upload)
    cleanup(backend.service)
    assert upload.path.exists() and jobs(backend, upload) == 1


def test_a_finished_job_is_forgotten_and_its_request_answered_as_before(backend, old, videos, rules):
    rules(finished_job_days=2)
    recent = backend.upload(videos.numbered("plain"))
    recent.process()
    tasks = old.tasks
    assert f"upload {old.id}: 1 job ended long ago; forgotten" in cleanup(backend.service)
    assert (jobs(backend, old), jobs(backend, recent)) == (0, 1)
    known = [job["_id"] for job in backend.database.ContentJob.find()]
    assert backend.database.ContentJobUnit.count_documents({"jobId": {"$nin": known}}) == 0
    answer = old.post()
    assert answer.status == 200 and len(answer.json) == len(tasks) and old.tasks == tasks
    assert old.path.exists() and backend.store.keys(tasks[0]["videoPath"])


def test_a_job_stays_until_its_source_is_gone(backend, old, rules):
    rules(source_video_days=2, finished_job_days=2)
    other = backend.database.AnnotationContentUpload.insert_one(
        {"projectId": old.project, "status": 0, "sourceFilePath": str(old.path)}).inserted_id
    cleanup(backend.service)
    assert (old.path.exists(), jobs(backend, old)) == (True, 1)
    backend.database.AnnotationContentUpload.delete_one({"_id": other})
    cleanup(backend.service)
    assert (old.path.exists(), jobs(backend, old)) == (False, 0)


def test_left_work_files_go_and_others_stay(backend, rules):
    rules(work_file_days=2)
    work = backend.service.work
    before = time.time() - LONG_AGO.total_seconds()
    gone = ["models/upload-1.part", "datasets/manifest-1", f"datasets/{ObjectId()}-x-1-clip.mp4", "doctor-1.part"]
    kept = ["models/0a1b", "api_key", "somebody's", "models/compiled/x.part"]
    for name in [*gone, *kept, "datasets/new"]:
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text("")
        if name != "datasets/new":
            os.utime(work / name, (before, before))
    (work / "datasets" / "link").symlink_to(work / "api_key")
    os.utime(work / "datasets" / "link", (before, before), follow_symlinks=False)
    assert len(cleanup(backend.service)) == len(gone)
    assert [name for name in gone if (work / name).exists()] == []
    assert all((work / name).exists() for name in [*kept, "datasets/new", "datasets/link"])


def test_shared_sources_of_ended_jobs_go(make_backend, videos):
    backend = make_backend(settings={"S3": {"source_prefix": "sources"}})
    upload = backend.upload(videos.numbered("plain"))
    upload.process()
    age(backend, upload)
    unknown = ObjectId()
    backend.service.settings["Retention"] = {"source_video_days": 2}
    for name in (upload.id, unknown):
        backend.store.put(f"sources/{name}", b"left by a job that failed")
    lines = cleanup(backend.service)
    assert f"shared source of upload {upload.id}: its jobs have ended; it is removed" in lines
    assert backend.store.keys("sources/") == [f"sources/{unknown}"]
    assert backend.service.stop() == 0


def test_the_service_removes_by_itself_one_process_at_a_time(make_backend, videos):
    backend = make_backend()
    upload = backend.upload(videos.numbered("plain"))
    upload.process()
    age(backend, upload)
    assert backend.service.stop() == 0
    backend.service.settings["Retention"] = ALL
    # Somebody else has the turn.
    turns, later = backend.database.ContentTurn, datetime.now(timezone.utc) + timedelta(hours=1)
    turns.replace_one({"_id": "retention"}, {"until": later}, upsert=True)
    backend.service.start()
    time.sleep(3)
    assert upload.path.exists() and jobs(backend, upload) == 1
    assert backend.service.stop() == 0
    turns.delete_one({"_id": "retention"})
    backend.service.start()
    wait_until(lambda: not upload.path.exists() and not jobs(backend, upload), 30, "the removal")
    assert turns.find_one()["until"] > datetime.now(timezone.utc) + timedelta(minutes=50)
    assert backend.service.stop() == 0
