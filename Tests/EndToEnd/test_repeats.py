"""Repeats never harm: while running, after success, after failure, and with force_write."""

import pytest
from bson import ObjectId

import numbered
from documents import check_finished, check_frames, check_task
from problems import check_problem
from service import wait_until


def objects(backend):
    return {key: backend.store.bytes(key) for key in backend.store.keys()}


def test_the_same_request_while_running_is_the_same_job(slow_backend, videos):
    upload = slow_backend.upload(videos.long(), frame_rate=30)
    first, second = upload.post(), upload.post()
    upload.wait_for_tasks(1)
    third = upload.post()
    assert [answer.status for answer in (first, second, third)] == [202, 202, 202]
    assert first.json["job_id"] == second.json["job_id"] == third.json["job_id"]
    upload.wait_for_end()
    check_finished(upload, 20)
    assert len(upload.tasks) == 20


def test_the_same_request_after_success_answers_with_the_tasks(backend, videos):
    upload = backend.upload(videos.numbered("plain"), frame_rate=10)
    upload.process()
    before, files = backend.everything(), objects(backend)
    answer = upload.post()
    assert answer.status == 200
    assert [task["taskName"] for task in answer.json] == ["task-0-plain-60", "task-1-plain-60"]
    assert backend.everything() == before and objects(backend) == files


@pytest.mark.parametrize("changes", [{"frame_rate": 6}, {"frame_rate": 6, "force_write": 0}])
def test_other_parameters_after_success_conflict(backend, videos, changes):
    upload = backend.upload(videos.numbered("plain"))
    upload.process()
    before, files = backend.everything(), objects(backend)
    check_problem(upload.post(**changes), 409)
    assert backend.everything() == before and objects(backend) == files


def test_force_write_makes_the_tasks_anew_and_leaves_nothing_over(backend, videos):
    video = videos.numbered("plain")
    upload = backend.upload(video, frame_rate=30)
    upload.process()
    old = {task["_id"] for task in upload.tasks}
    assert len(old) == 6
    upload.fields["frame_rate"] = 5
    assert upload.post(force_write=1).status == 202
    assert upload.wait_for_end()["status"] == 1

    truth, tasks = videos.truth(video), upload.tasks
    assert len(tasks) == 1 and old.isdisjoint(task["_id"] for task in tasks)
    for number, task in enumerate(tasks):
        check_task(task, number, upload, truth, truth.expect(5), per_task=10)
        check_frames(upload.frames(task), task)
    assert backend.database.AnnotationFrame.count_documents({"taskId": {"$in": list(old)}}) == 0
    prefix = f"contents/{upload.project}/"
    wait_until(lambda: backend.store.keys(prefix) == [tasks[0]["videoPath"]], 20, "the end of surplus objects")
    assert numbered.read(backend.store.path(tasks[0]["videoPath"])) == truth.expect(5)
    assert (upload.document["taskCount"], upload.document["force_write"]) == (1, 1)


def test_force_write_with_the_same_parameters_keeps_the_bytes(backend, videos):
    upload = backend.upload(videos.numbered("plain"), frame_rate=10)
    upload.process()
    clips = {task["taskName"]: backend.store.bytes(task["videoPath"]) for task in upload.tasks}
    upload.process(force_write=1)
    assert {task["taskName"]: backend.store.bytes(task["videoPath"]) for task in upload.tasks} == clips


def test_force_write_the_first_time_is_a_first_time(backend, videos):
    upload = backend.upload(videos.numbered("plain"))
    upload.process(force_write=1)
    assert len(upload.tasks) == 1


def frame_of(upload):
    return {"taskId": upload.tasks[-1]["_id"], "frameId": 3}


def save_by_a_person(upload):
    upload.backend.database.AnnotationFrame.update_one(
        frame_of(upload), {"$set": {"isUserAnnotated": True, "isEmpty": False}})


def draw_a_box(upload):
    box = {"id": 1, "boundaries": {"id": 1, "type": "rectangle", "label": "person", "x": 1, "y": 2, "w": 30, "h": 40,
                                   "annotatorId": ObjectId()}, "attributeValues": {}}
    upload.backend.database.AnnotationFrame.update_one(frame_of(upload), {"$set": {"boxes": [box], "isEmpty": False}})


def comment(upload):
    upload.backend.database.AnnotationFrame.update_one(
        frame_of(upload), {"$push": {"commentBoxes": {"text": "Look here."}}})


def use_frame_in_dataset(upload):
    upload.backend.database.AnnotationFrame.update_one(
        frame_of(upload), {"$push": {"datasetVersions": {"versionId": ObjectId()}}})


def use_task_in_dataset(upload):
    upload.backend.database.AnnotationDatasetVersion.insert_one(
        {"dataSetGroupId": ObjectId(), "versionNo": "1.0.1", "taskList": [upload.tasks[-1]["_id"]]})


HUMAN_WORK = [save_by_a_person, draw_a_box, comment, use_frame_in_dataset, use_task_in_dataset]


@pytest.mark.parametrize("work", HUMAN_WORK)
def test_force_write_leaves_human_work_alone(backend, videos, work):
    upload = backend.upload(videos.numbered("plain"), frame_rate=10)
    upload.process()
    work(upload)
    before, files = backend.everything(), objects(backend)
    for changes in ({}, {"frame_rate": 7}):
        check_problem(upload.post(force_write=1, **changes), 409)
        assert backend.everything() == before and objects(backend) == files


def test_force_write_may_be_told_to_discard_human_work(make_backend, videos):
    backend = make_backend(settings={"Content": {"force_write_discards_human_work": "true"}})
    upload = backend.upload(videos.numbered("plain"))
    upload.process()
    [old] = upload.tasks
    save_by_a_person(upload)
    upload.process(force_write=1)
    [task] = upload.tasks
    assert task["_id"] != old["_id"]
    check_frames(upload.frames(task), task)
    assert backend.service.stop() == 0


def test_a_refused_upload_is_taken_once_its_file_is_there(backend, videos):
    upload = backend.upload(videos.numbered("plain"))
    aside = upload.path.rename(upload.path.with_suffix(".part"))
    check_problem(upload.post(), 422)
    assert upload.document["status"] == 2
    aside.rename(upload.path)
    upload.process()


def test_a_failed_upload_is_taken_again_once_its_file_is_right(backend, videos):
    upload = backend.upload(videos.numbered("plain"))
    video = upload.path.read_bytes()
    upload.path.write_bytes(b"not yet a video" * 100)
    assert upload.post().status == 202
    assert upload.wait_for_end()["status"] == 2
    upload.path.write_bytes(video)
    upload.process()
    assert len(upload.tasks) == 1


def test_a_cancelled_upload_goes_on_where_it_stopped(slow_backend, videos):
    upload = slow_backend.upload(videos.long(), frame_rate=30)
    job = upload.post().json["job_id"]
    upload.wait_for_tasks(2)
    assert slow_backend.service.delete(f"/api/jobs/{job}").status < 300
    assert upload.wait_for_end()["status"] == 2
    kept = {task["_id"] for task in upload.tasks}
    assert 2 <= len(kept) < 20
    upload.process()
    check_finished(upload, 20)
    tasks = upload.tasks
    assert kept <= {task["_id"] for task in tasks}, "finished tasks were made twice"
    assert [task["taskName"] for task in tasks] == [f"task-{n}-long" for n in range(20)]
    for task in tasks:
        check_frames(upload.frames(task), task)
