"""Colliding names: the key of a clip belongs to the upload that first wrote it, and nothing is overwritten."""

from datetime import datetime, timezone

import pytest
from bson import ObjectId

from clips import check_clip


def keys(upload):
    return [task["videoPath"] for task in upload.tasks]


def check_own_folder(upload, taken):
    """The upload's clips lie in a folder of its own where their first `taken` keys are another's, and are whole."""
    name = upload.path.name.split(".")[0]
    for number, task in enumerate(upload.tasks):
        assert task["taskName"] == f"task-{number}-{name}"
        usual, own = f"contents/{upload.project}", f"contents/{upload.project}/{upload.id}"
        allowed = [own] if number < taken else [own, usual]
        assert task["videoPath"] in [f"{folder}/{task['taskName']}/{task['taskName']}.mp4" for folder in allowed]
        assert task["S3_url"] == task["videoPath"]
        check_clip(upload.backend.store.path(task["videoPath"]), upload.fields["frame_rate"], task["frameCount"])


def check_untouched(upload, tasks, clips):
    assert upload.tasks == tasks
    assert [key for key in clips if upload.backend.store.bytes(key) != clips[key]] == []


@pytest.mark.parametrize("name, rate", [("gate.mkv", 30), ("gate.mp4", 30), ("gate.other.mp4", 15)])
def test_a_second_upload_with_the_same_name_gets_a_folder_of_its_own(backend, videos, name, rate):
    first = backend.upload(videos.numbered("plain"), name="gate.mp4", frame_rate=15)
    first.process()
    tasks, clips = first.tasks, {key: backend.store.bytes(key) for key in keys(first)}
    second = backend.upload(videos.numbered("variable"), project=first.project, name=name, frame_rate=rate)
    second.process()
    check_own_folder(second, len(tasks))
    check_untouched(first, tasks, clips)
    second.process(force_write=1)
    check_own_folder(second, len(tasks))
    check_untouched(first, tasks, clips)


def test_two_uploads_of_one_name_at_once_share_no_key(backend, videos):
    first = backend.upload(videos.numbered("plain"), name="gate.mp4", frame_rate=15)
    second = backend.upload(videos.numbered("plain"), project=first.project, name="gate.mp4", frame_rate=15)
    assert [first.post().status, second.post().status] == [202, 202]
    assert [first.wait_for_end()["status"], second.wait_for_end()["status"]] == [1, 1]
    assert len(keys(first)) == len(keys(second)) == 3
    assert set(keys(first)).isdisjoint(keys(second))
    project = backend.database.AnnotationProject.find_one({"_id": first.project})
    assert sorted(project["contentUploads"]) == sorted([first.id, second.id])


def old_task(upload, key):
    """A task as the replaced system left it, of an upload long ago."""
    return {
        "_id": ObjectId(), "projectId": upload.project, "uploadId": ObjectId(), "taskName": "task-1-gate",
        "frameStart": 1.0, "frameEnd": 120.0, "frameCount": 120.0, "original_frames": "1,2,3", "status": 1,
        "taskStatus": 2, "auditStatus": 1, "videoPath": key, "S3_url": key, "AutoAnnotationVersion": "1",
        "createdAt": datetime(2023, 5, 1, tzinfo=timezone.utc)}


@pytest.mark.parametrize("has_task, has_object", [(True, True), (True, False), (False, True)])
def test_tasks_and_objects_of_the_replaced_system_keep_their_keys(backend, videos, has_task, has_object):
    upload = backend.upload(videos.numbered("plain"), name="gate.mp4", frame_rate=15)
    # The second of three clips is in the way.
    key = f"contents/{upload.project}/task-1-gate/task-1-gate.mp4"
    task = old_task(upload, key)
    if has_task:
        backend.database.AnnotationTask.insert_one(task)
    if has_object:
        backend.store.put(key, b"the old system's clip")
    before = backend.everything()
    upload.process()
    names = [f"task-{n}-gate" for n in range(3)]
    assert [task["taskName"] for task in upload.tasks] == names
    assert keys(upload)[1] == f"contents/{upload.project}/{upload.id}/task-1-gate/task-1-gate.mp4"
    for made in upload.tasks:
        check_clip(backend.store.path(made["videoPath"]), 15, made["frameCount"])
    if has_object:
        assert backend.store.bytes(key) == b"the old system's clip"
    identity = ("AnnotationTask", str(task["_id"]))
    assert backend.everything().get(identity) == before.get(identity)


def test_force_write_takes_no_object_of_a_later_colliding_upload(backend, videos):
    first = backend.upload(videos.numbered("plain"), name="gate.mp4", frame_rate=15)
    first.process()
    second = backend.upload(videos.numbered("plain"), project=first.project, name="gate.mp4", frame_rate=15)
    second.process()
    tasks, clips = second.tasks, {key: backend.store.bytes(key) for key in keys(second)}
    first.fields["frame_rate"] = 1
    first.process(force_write=1)
    assert keys(first) == [f"contents/{first.project}/task-0-gate/task-0-gate.mp4"]
    check_untouched(second, tasks, clips)
