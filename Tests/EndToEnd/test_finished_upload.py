"""The whole contract of a finished upload, field by field, in both stores."""

from datetime import datetime, timezone

import pytest

import numbered
from clips import check_clip
from documents import check_finished, check_frames, check_task


@pytest.fixture(scope="module", params=["directory", "s3"])
def backend(request, make_backend):
    backend = make_backend(store=request.param)
    yield backend
    assert backend.service.stop() == 0


def test_every_field_of_a_finished_upload(backend, videos):
    video = videos.numbered("b_pyramid", 150)
    truth = videos.truth(video)
    upload = backend.upload(video, frame_rate=5)
    sent = datetime.now(timezone.utc).replace(microsecond=0)
    answer = upload.post()
    assert answer.status == 202
    assert {"job_id", "upload_id", "state", "links"} <= answer.json.keys()
    assert (answer.json["upload_id"], answer.json["state"]) == (str(upload.id), "queued")

    upload.wait_for_end()
    kept, tasks = truth.expect(5), upload.tasks
    assert len(tasks) == -(-len(kept) // 10)
    check_finished(upload, len(tasks), sent)
    assert upload.document["frames_per_task"] == 10
    for number, task in enumerate(tasks):
        check_task(task, number, upload, truth, kept, per_task=10)
        check_frames(upload.frames(task), task)
        clip = check_clip(backend.store.path(task["videoPath"]), 5, task["frameCount"])
        assert clip.size == (640, 360)
        sizes = ("videoResolutionWidth", "videoResolutionHeight", "paddedWidth", "paddedHeight")
        assert [task[name] for name in sizes] == [640, 360, 640, 360]
    found = [number for task in tasks for number in numbered.read(backend.store.path(task["videoPath"]))]
    assert found == [truth.numbers[index] for index in kept]
    assert backend.store.keys("contents/") == sorted(task["videoPath"] for task in tasks)
    project = backend.database.AnnotationProject.find_one({"_id": upload.project})
    assert project["contentUploads"] == [upload.id]


def test_objects_have_the_content_type_of_videos(backend, videos):
    upload = backend.upload(videos.numbered("plain"))
    upload.process()
    assert [backend.store.content_type(task["videoPath"]) for task in upload.tasks] == ["video/mp4"]
