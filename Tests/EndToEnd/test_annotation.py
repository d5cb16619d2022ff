"""Request types 1 and 2: boxes of a version in the frames, and nothing that people made is touched."""

import json
import threading
import time
from pathlib import Path

import pytest

from documents import normalized
from service import wait_until

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
CLIP = SAMPLES / "detector" / "shapes.mp4"
OPENVINO = Path(__file__).resolve().parents[2] / "work" / "tools" / "openvino"
SETTINGS = {
    "Folders": {"models": SAMPLES / "detector", "openvino": OPENVINO},
    "AutoAnnotation.2": {"engine": "onnx", "model": "shapes.onnx", "iou": 0.5},
    "AutoAnnotation.3": {"engine": "onnx", "model": "shapes.onnx", "labels": "person=Pedestrian,car", "track": "true"},
}
BOX = {"id", "type", "label", "color", "status", "isPermanent", "x", "y", "w", "h", "attributeValues",
       "autoLable_confidance", "confidence", "annotationVersion"}
HUMAN = {
    "a person's frame": {"isUserAnnotated": True},
    "a person's box": {"boxes": [{"id": 1, "boundaries": {"id": 1, "annotatorId": "p1", "x": 1, "y": 2, "w": 3, "h": 4}}]},
    "a comment": {"commentBoxes": [{"text": "look"}]},
    "a dataset's frame": {"datasetVersions": [{"versionId": "v"}]},
}


@pytest.fixture(scope="module")
def annotating(make_backend):
    backend = make_backend(settings=SETTINGS)
    yield backend
    assert backend.service.stop() == 0


def boxes_of(upload):
    """Each frame's boxes, in the order of tasks and frames."""
    return [[box["boundaries"] for box in frame["boxes"]] for task in upload.tasks for frame in upload.frames(task)]


def without_ids(frames):
    return [{name: value for name, value in frame.items() if name not in ("_id", "taskId", "runId")} for frame in frames]


def all_frames(upload):
    return [frame for task in upload.tasks for frame in upload.frames(task)]


def test_type_1_gives_the_boxes_of_the_reference(annotating):
    # Three frames a second of thirty are every tenth frame, for which the reference has what ONNX Runtime finds.
    upload = annotating.upload(CLIP, frame_rate=3)
    upload.process(request_type=1, auto_anno_version=2)
    reference = [json.loads(line)["boxes"] for line in CLIP.with_suffix(".reference.jsonl").read_text().splitlines()]
    found = boxes_of(upload)
    assert len(found) == len(reference) == 21
    for mine, theirs in zip(found, reference):
        assert [box["label"] for box in mine] == [box["label"] for box in theirs]
        for box, wanted in zip(mine, theirs):
            assert all(abs(box[side] - wanted[side]) <= 1 for side in "xywh")
            assert abs(box["confidence"] - wanted["score"]) <= 0.01
    check_finished_annotated(upload, 3, version=2, kind=1)


def check_finished_annotated(upload, task_count, version, kind):
    document = upload.document
    assert (document["status"], document["progress"], document["taskCount"]) == (1, 100, task_count)
    assert (document["request_type"], document["request_annotation_version"]) == (kind, version)
    assert {task["AutoAnnotationVersion"] for task in upload.tasks} == {version}
    for task in upload.tasks:
        for frame in upload.frames(task):
            assert frame["isEmpty"] == (not frame["boxes"])
            for number, box in enumerate(frame["boxes"], 1):
                check_box(box, number, task, version)


def check_box(box, number, task, version):
    assert set(box) == {"id", "boundaries", "attributeValues"} and box["attributeValues"] == {}
    inner = box["boundaries"]
    assert set(inner) - {"trackId"} == BOX
    assert (box["id"], inner["id"], inner["type"], inner["status"]) == (number, number, "rectangle", "completed")
    assert inner["isPermanent"] is True and inner["annotationVersion"] == version
    assert inner["autoLable_confidance"] == f"{inner['confidence']:.4f}"
    assert inner["x"] >= 0 and inner["y"] >= 0 and inner["w"] > 0 and inner["h"] > 0
    assert inner["x"] + inner["w"] <= task["videoResolutionWidth"]
    assert inner["y"] + inner["h"] <= task["videoResolutionHeight"]


def test_version_1_works_out_of_the_box_and_finds_what_moves(annotating):
    upload = annotating.upload(SAMPLES / "crossing.mp4", frame_rate=1, frames_per_task=20)
    upload.process(request_type=1, auto_anno_version=1)
    check_finished_annotated(upload, 3, version=1, kind=1)
    boxes = boxes_of(upload)
    assert {box["label"] for frame in boxes for box in frame} == {"object"}
    assert sum(bool(frame) for frame in boxes) > 0.8 * len(boxes)


def test_tracking_gives_an_object_one_number_and_the_same_one_each_time(annotating):
    first, second = annotating.upload(CLIP, frame_rate=15), annotating.upload(CLIP, frame_rate=15)
    for upload in (first, second):
        upload.process(request_type=1, auto_anno_version=3)
    assert boxes_of(first) == boxes_of(second)
    labels = {box["label"] for frame in boxes_of(first) for box in frame}
    assert labels == {"Pedestrian", "car"}, "the mapping renames and drops"
    for task in first.tasks:
        tracks = {}
        for frame in first.frames(task):
            numbers = [box["boundaries"]["trackId"] for box in frame["boxes"] if "trackId" in box["boundaries"]]
            assert len(numbers) == len(set(numbers)), "two boxes of a frame have one number"
            for box in frame["boxes"]:
                tracks.setdefault(box["boundaries"].get("trackId"), set()).add(box["boundaries"]["label"])
        assert all(len(names) == 1 for number, names in tracks.items() if number)
        assert any(number for number in tracks)


def test_type_2_adds_boxes_and_leaves_human_work_alone(annotating):
    upload = annotating.upload(CLIP, frame_rate=5)
    upload.process()
    frames = annotating.database.AnnotationFrame
    planted = {}
    for (name, change), frame in zip(HUMAN.items(), upload.frames(upload.tasks[0])):
        frames.update_one({"_id": frame["_id"]}, {"$set": change})
        planted[name] = frames.find_one({"_id": frame["_id"]})
    # What older versions and the system before drew is replaced.
    old = upload.frames(upload.tasks[1])[0]
    frames.update_one({"_id": old["_id"]}, {"$set": {"boxes": [{"id": 9, "boundaries": {"id": 9, "label": "old"}}]}})
    before = [{key: task[key] for key in task if key != "AutoAnnotationVersion"} for task in upload.tasks]
    upload.path.unlink()  # It works from the clips.

    answer = upload.post_and_wait(request_type=2, auto_anno_version=2)
    assert answer.status == 200, answer.body
    assert answer.json == {"state": "succeeded", "tasks": 4, "frames": 35 - len(HUMAN)}
    for name, document in planted.items():
        assert frames.find_one({"_id": document["_id"]}) == document, name
    assert [{key: task[key] for key in task if key != "AutoAnnotationVersion"} for task in upload.tasks] == before
    assert "old" not in {box.get("label") for frame in boxes_of(upload) for box in frame}
    drawn = [frame for frame in all_frames(upload) if frame["_id"] not in {p["_id"] for p in planted.values()}]
    assert sum(bool(frame["boxes"]) for frame in drawn) > 0.9 * len(drawn)
    assert {task["AutoAnnotationVersion"] for task in upload.tasks} == {2}
    document = upload.document
    assert (document["status"], document["progress"], document["taskCount"], document["frame_rate"]) == (1, 100, 4, 5)

    again = upload.post(request_type=2, auto_anno_version=2)
    assert (again.status, again.json) == (200, answer.json)
    # An older version changes nothing.
    everything = annotating.everything()
    older = upload.post_and_wait(request_type=2, auto_anno_version=1)
    assert older.json == {"state": "succeeded", "tasks": 0, "frames": 0}
    assert {key: value for key, value in annotating.everything().items() if key[0] == "AnnotationFrame"} == {
        key: value for key, value in everything.items() if key[0] == "AnnotationFrame"}
    # The tasks are still what the first request made.
    assert upload.post().status == 200


def test_type_2_without_tasks_is_refused(annotating):
    upload = annotating.upload(CLIP)
    answer = upload.post(request_type=2, auto_anno_version=2)
    assert answer.status == 422 and "no tasks" in answer.json["message"]
    assert upload.document["status"] == 2


@pytest.mark.parametrize("kind", [1, 2])
def test_unknown_version_is_refused_with_the_known_ones(annotating, kind):
    answer = annotating.upload(CLIP).post(request_type=kind, auto_anno_version=77)
    assert answer.status == 400
    assert "registered: 1, 2, 3" in answer.json["message"]


def test_a_person_who_saves_while_type_2_runs_loses_nothing(make_backend):
    backend = make_backend(settings={**SETTINGS, "Content": {"frames_per_task": 5}})
    upload = backend.upload(CLIP, frame_rate=30)
    upload.process()
    frames, saved, stop = backend.database.AnnotationFrame, {}, threading.Event()
    ids = [frame["_id"] for frame in all_frames(upload)][::3]

    def save():
        for number, id in enumerate(ids):
            if stop.is_set():
                return
            box = {"id": 1, "boundaries": {"id": 1, "label": f"mine {number}", "annotatorId": "p"}}
            saved[id] = frames.find_one_and_update(
                {"_id": id}, {"$set": {"isUserAnnotated": True, "boxes": [box], "isEmpty": False}},
                return_document=True)
            time.sleep(0.01)

    person = threading.Thread(target=save)
    person.start()
    assert upload.post(request_type=2, auto_anno_version=2).status == 202
    assert upload.wait_for_end()["status"] == 1
    stop.set()
    person.join()
    assert len(saved) > 5
    for id, document in saved.items():
        assert frames.find_one({"_id": id}) == document
    assert backend.service.stop() == 0


def test_type_2_killed_on_its_way_ends_like_an_unbroken_run(make_backend):
    settings = {**SETTINGS, "Content": {"frames_per_task": 6}}
    results = []
    for kills in (0, 2):
        backend = make_backend(settings=settings)
        upload = backend.upload(CLIP, frame_rate=30)
        upload.process()
        human = all_frames(upload)[50]
        backend.database.AnnotationFrame.update_one({"_id": human["_id"]}, {"$set": HUMAN["a person's box"]})
        assert upload.post(request_type=2, auto_anno_version=2).status == 202
        for number in range(kills):
            wait_until(lambda: backend.database.AnnotationTask.count_documents(
                {"uploadId": upload.id, "AutoAnnotationVersion": 2}) > number * 3, 60, "annotated tasks")
            backend.service.kill()
            backend.service.start()
        assert upload.wait_for_end()["status"] == 1
        results.append((without_ids(all_frames(upload)), [task["AutoAnnotationVersion"] for task in upload.tasks]))
        assert backend.service.stop() == 0
    assert results[0] == results[1]


def test_type_1_killed_on_its_way_ends_like_an_unbroken_run(make_backend):
    results = []
    for is_killed in (False, True):
        backend = make_backend(settings={**SETTINGS, "Content": {"frames_per_task": 15}})
        upload = backend.upload(CLIP, frame_rate=30)
        assert upload.post(request_type=1, auto_anno_version=3).status == 202
        if is_killed:
            upload.wait_for_tasks(3)
            backend.service.kill()
            backend.service.start()
        assert upload.wait_for_end()["status"] == 1
        results.append(normalized(upload))
        assert backend.service.stop() == 0
    assert results[0] == results[1]
