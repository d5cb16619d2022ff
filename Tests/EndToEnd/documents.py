"""What the contract says of the documents, as tables: every field with its type and value."""

from datetime import datetime
from fractions import Fraction

from bson import ObjectId

TASK_TYPES = {
    "projectId": ObjectId, "uploadId": ObjectId, "taskName": str, "frameStart": int, "frameEnd": int,
    "frameStartTime": float, "frameCount": int, "original_frames": list, "frameTimes": list, "status": int,
    "completedFrames": int, "taskStatus": int, "auditStatus": int, "videoPath": str, "S3_url": str,
    "videoDuration": str, "damagedFrames": int, "paddedWidth": int, "paddedHeight": int, "skipFrameCount": float,
    "frameRate": int, "Originalframerate": float, "videoResolutionWidth": int, "videoResolutionHeight": int,
    "createdAt": datetime, "AutoAnnotationVersion": int, "datasetVersions": list, "videoName": str,
}

FRAME_TYPES = {
    "taskId": ObjectId, "frameId": int, "status": int, "boxes": list, "commentBoxes": list, "isEmpty": bool,
    "datasetVersions": list,
}

UPLOAD_TYPES = {
    "projectId": ObjectId, "createdAt": datetime, "finishedAt": datetime, "errorMessage": dict, "status": int,
    "request_type": int, "request_annotation_version": int, "force_write": int, "content_type": int,
    "frame_rate": int, "frames_per_task": int, "sourceFilePath": str, "progress": int, "taskCount": int,
}


def check_types(document, types):
    wrong = {
        name: type(document[name]).__name__ if name in document else "absent" for name, wanted in types.items()
        if name not in document or not is_of_type(document[name], wanted)}
    assert not wrong, wrong


def is_of_type(value, wanted):
    # bool is an int to Python; pymongo's Int64 is one too and just as good.
    return isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool))


def check_task(task, number, upload, truth, kept, per_task):
    """A task against the rule: `kept` are the source indices that sampling keeps, `truth` their exact times."""
    check_types(task, TASK_TYPES)
    rate, name = upload.fields["frame_rate"], upload.path.name.split(".")[0]
    mine = kept[number * per_task:(number + 1) * per_task]
    times = [float(truth.times[index]) for index in mine]
    key = f"contents/{upload.project}/task-{number}-{name}/task-{number}-{name}.mp4"
    expected = {
        "projectId": upload.project, "uploadId": upload.id, "taskName": f"task-{number}-{name}", "videoName": name,
        "frameStart": mine[0] + 1, "frameEnd": mine[-1] + 1, "frameCount": len(mine),
        "original_frames": [index + 1 for index in mine], "status": 0, "completedFrames": 0, "taskStatus": 0,
        "auditStatus": 0, "videoPath": key, "S3_url": key, "videoDuration": duration_text(len(mine), rate),
        "damagedFrames": 0, "skipFrameCount": 24.0 / rate, "frameRate": rate, "AutoAnnotationVersion": 0,
        "datasetVersions": [],
    }
    assert {field: task[field] for field in expected} == expected
    assert all(type(value) is float for value in task["frameTimes"])
    assert [round(value, 6) for value in task["frameTimes"]] == [round(value, 6) for value in times]
    assert round(task["frameStartTime"], 6) == round(times[0], 6)
    assert abs(task["Originalframerate"] / mean_rate(truth, rate) - 1) < 0.001


def mean_rate(truth, rate):
    """Frames per second of the whole source; of a single frame, the requested rate."""
    last = truth.times[-1]
    return float(Fraction(len(truth.times) - 1) / last) if last else float(rate)


def duration_text(frames, rate):
    seconds = frames // rate
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def check_frames(frames, task):
    """The frames of a new task without annotations: all there, once each, empty."""
    assert [frame["frameId"] for frame in frames] == list(range(1, task["frameCount"] + 1))
    for frame in frames:
        check_types(frame, FRAME_TYPES)
        expected = {"taskId": task["_id"], "status": 0, "boxes": [], "commentBoxes": [], "isEmpty": True,
                    "datasetVersions": []}
        assert {field: frame[field] for field in expected} == expected


def check_finished(upload, task_count, sent=None):
    """The upload document after success, against what was posted."""
    document = upload.document
    check_types(document, UPLOAD_TYPES)
    expected = {
        "projectId": upload.project, "errorMessage": {}, "status": 1, "request_type": 0,
        "request_annotation_version": 0, "force_write": 0, "content_type": 1,
        "frame_rate": upload.fields["frame_rate"], "progress": 100, "taskCount": task_count}
    assert {field: document[field] for field in expected} == expected
    assert document["sourceFilePath"].endswith(f"contents/uploads/{upload.project}/{upload.path.name}")
    assert document["finishedAt"] >= document["createdAt"]
    if sent:
        assert document["createdAt"] >= sent, "createdAt is not set again when processing starts"


def normalized(upload):
    """An upload's tasks, frames and clips without ids, keys and dates: equal after any two runs of the same work."""
    store = upload.backend.store
    result = []
    for task in upload.tasks:
        frames = [{name: value for name, value in frame.items() if name not in ("_id", "taskId", "runId")}
                  for frame in upload.frames(task)]
        varying = ("_id", "projectId", "uploadId", "createdAt", "videoPath", "S3_url", "runId")
        result.append((
            {name: value for name, value in task.items() if name not in varying}, frames,
            store.bytes(task["videoPath"])))
    return result
