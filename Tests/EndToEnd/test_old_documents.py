"""A database that the replaced system used for years: nothing in it stops the service, and nothing is changed."""

from datetime import datetime, timedelta, timezone

import pytest
from bson import ObjectId

LONG_AGO = datetime(2023, 5, 1, tzinfo=timezone.utc)


def fill(backend):
    """Documents with the types, doubles and gaps of the replaced system."""
    database, project, task = backend.database, backend.project(contentUploads=None), ObjectId()
    now = datetime.now(timezone.utc)
    database.AnnotationTask.insert_many([
        {"_id": task, "projectId": project, "uploadId": ObjectId(), "taskName": "task-0-old", "frameCount": 2.0,
         "frameStart": 1.0, "frameEnd": 11.0, "original_frames": "1,11", "videoPath": "contents/x/task-0-old.mp4",
         "AutoAnnotationVersion": "2", "createdAt": LONG_AGO},
        {"projectId": str(project), "uploadId": str(ObjectId()), "taskName": "task-0-old", "original_frames": None},
        {"taskName": "task-0-old"}])
    database.AnnotationFrame.insert_many(
        # The same frame twice, and once more with an int.
        [{"taskId": task, "frameId": frame, "boxes": [{"id": "1", "boundaries": {"label": "person"}}], "status": 0.0}
         for frame in (1.0, 1.0, 1, 2.0)]
        + [{"taskId": str(task), "frameId": "1"}, {"boxes": None}])
    database.AnnotationContentUpload.insert_many([
        {"projectId": project, "status": 0, "createdAt": LONG_AGO, "progress": "57", "errorMessage": None},
        {"projectId": project, "status": 0, "createdAt": now - timedelta(minutes=30)},
        {"projectId": str(project), "status": 1.0, "progress": 100.0, "finishedAt": "2023-05-01"},
        {"projectId": project, "status": 2, "errorMessage": {"error_code": "200", "message": "done"}},
        {}])
    database.AnnotationDatasetVersion.insert_one({"taskList": None, "versionNo": 1.0})


def test_old_documents_neither_stop_the_service_nor_change(make_backend, videos):
    backend = make_backend(start=False)
    fill(backend)
    before = backend.everything()
    backend.service.start()
    upload = backend.upload(videos.numbered("plain"))
    upload.process()
    upload.process(force_write=1)
    after = backend.everything()
    assert {identity: after.get(identity) for identity in before} == before
    assert len(upload.tasks) == 1
    assert backend.service.stop() == 0


@pytest.mark.parametrize("content_uploads", [{}, {"contentUploads": None}], ids=["absent", "null"])
def test_an_upload_of_the_old_database_can_be_processed(make_backend, videos, content_uploads):
    backend = make_backend(start=False)
    project = ObjectId()
    backend.database.AnnotationProject.insert_one({"_id": project, "name": "Old", **content_uploads})
    upload = backend.upload(
        videos.numbered("plain"), project=project, frames_per_task=10.0, progress=0.0, status=0.0, errorMessage=None)
    backend.service.start()
    upload.process()
    assert len(upload.tasks) == 1
    assert backend.database.AnnotationProject.find_one({"_id": project})["contentUploads"] == [upload.id]
    assert backend.service.stop() == 0
