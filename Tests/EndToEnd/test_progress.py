"""What a reader of MongoDB sees on the way, and what stays as others wrote it."""

from datetime import datetime, timezone

from documents import check_finished


def test_an_accepted_request_leaves_no_old_result(backend, videos):
    upload = backend.upload(
        videos.numbered("plain"), status=2, progress=70, finishedAt=datetime.now(timezone.utc),
        errorMessage={"error_code": 500, "message": "an old failure"})
    assert upload.post().status == 202
    document = upload.document
    assert document["errorMessage"] == {} and document["status"] in (0, 1)
    assert document["status"] == 1 or "finishedAt" not in document
    assert (document["frame_rate"], document["request_type"], document["force_write"]) == (5, 0, 0)
    assert upload.wait_for_end()["status"] == 1


def test_a_visible_task_is_whole_and_progress_tells_the_truth(slow_backend, videos):
    upload = slow_backend.upload(videos.long(), frame_rate=30)
    assert upload.post().status == 202
    seen, progress = set(), [0]
    while (document := upload.document)["status"] == 0:
        progress.append(document["progress"])
        for task in upload.tasks:
            if task["_id"] not in seen:
                seen.add(task["_id"])
                assert slow_backend.store.path(task["videoPath"]).is_file()
                assert len(upload.frames(task)) == task["frameCount"]
    assert progress == sorted(progress) and max(progress) < 100
    assert len(set(progress)) > 3, "progress was not shown on the way"
    check_finished(upload, 20)



def test_fields_of_other_writers_stay(backend, videos):
    extra = {"backendNote": {"by": "someone", "at": [1, 2.0, "3"]}, "fileSize": 12345.0}
    project = backend.project(**extra)
    upload = backend.upload(videos.numbered("plain"), project=project, **extra)
    upload.process()
    for document in (upload.document, backend.database.AnnotationProject.find_one({"_id": project})):
        assert {name: document[name] for name in extra} == extra
        assert type(document["fileSize"]) is float
    assert backend.database.AnnotationProject.find_one({"_id": project})["name"] == "Crossing"
