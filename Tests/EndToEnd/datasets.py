"""Dataset versions as the backend and annotators leave them: planted tasks with clips, frames, boxes and a version."""

import json
import subprocess
from datetime import datetime, timezone

from bson import ObjectId

WIDTH, HEIGHT, RATE = 320, 180, 5


def make_clip(path, frames, width=WIDTH, height=HEIGHT):
    """A clip of moving shapes, padded to even sides as the service does."""
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i",
         f"testsrc2=size={width + width % 2}x{height + height % 2}:rate={RATE}:duration={frames / RATE}",
         "-c:v", "libx264", "-preset", "ultrafast", "-g", "5", "-pix_fmt", "yuv420p", path], check=True)


def box(label, x, y, w, h, track=None, **attributes):
    """A box as a person draws it."""
    boundaries = {"id": 1, "type": "rectangle", "label": label, "x": x, "y": y, "w": w, "h": h,
                  "attributeValues": {}, "annotatorId": "someone"}
    if track is not None:
        boundaries["trackId"] = track
    return {"id": 1, "boundaries": boundaries, "attributeValues": attributes}


class Version:
    """A dataset version in a backend's database; tasks are planted one by one, then `insert` adds the document."""

    def __init__(self, backend, folder, number="1.0.1", group=None, **document):
        self.backend, self.folder, self.number = backend, folder, number
        self.id, self.group, self.tasks = ObjectId(), group or ObjectId(), []
        self.extra = document

    @property
    def database(self):
        return self.backend.database

    def task(self, boxes, width=WIDTH, height=HEIGHT, clip=True, upload=None, splits=None, **document):
        """A task with one frame for each list of boxes; all of them belong to the version. Returns its id."""
        task = ObjectId()
        key = f"contents/planted/task-{task}/task-{task}.mp4"
        if clip:
            path = self.folder / f"{task}.mp4"
            make_clip(path, len(boxes), width, height)
            self.backend.store.put(key, path.read_bytes())
        self.database.AnnotationTask.insert_one({
            "_id": task, "taskName": f"task-{len(self.tasks)}-cam", "uploadId": upload or ObjectId(),
            "projectId": ObjectId(), "videoPath": key, "S3_url": key, "frameCount": len(boxes), "frameRate": RATE,
            "videoResolutionWidth": width, "videoResolutionHeight": height, "taskStatus": 2,
            "datasetVersions": [self.id], **document})
        self.plant(task, boxes, splits)
        self.tasks.append(task)
        return task

    def take(self, task, boxes):
        """Adds a task that the service made; `boxes` are a person's, a list for each frame."""
        for number, frame_boxes in enumerate(boxes, start=1):
            self.database.AnnotationFrame.update_one(
                {"taskId": task["_id"], "frameId": number},
                {"$set": {"boxes": frame_boxes, "isUserAnnotated": True},
                 "$push": {"datasetVersions": {"versionId": self.id}}})
        self.tasks.append(task["_id"])
        return task["_id"]

    def plant(self, task, boxes, splits=None):
        frames = []
        for number, frame_boxes in enumerate(boxes, start=1):
            element = {"versionId": self.id}
            if splits:
                element["datasetType"] = splits[number - 1]
            frames.append({
                "_id": ObjectId(), "taskId": task, "frameId": number, "status": 1, "boxes": frame_boxes,
                "commentBoxes": [], "isEmpty": not frame_boxes, "isUserAnnotated": True,
                "datasetVersions": [element]})
        self.database.AnnotationFrame.insert_many(frames)

    def insert(self, labels=("car", "person"), augmentations=(), **document):
        """Adds the version's document. `labels` are names, or whole entries of labelAttributeList."""
        entries = [label if isinstance(label, dict) else
                   {"mainLabel": label, "label": [label], "attributes": {}, "isEnabled": True, "count": 0}
                   for label in labels]
        self.database.AnnotationDatasetVersion.insert_one({
            "_id": self.id, "dataSetGroupId": self.group, "versionNo": self.number, "taskList": self.tasks,
            "labelAttributeList": entries, "createdAt": datetime.now(timezone.utc),
            "augmentationTypes": {"IMAGE_LEVEL": [{"id": "ALL", "properties": [
                {"id": name, "values": values} for name, values in dict(augmentations).items()]}]},
            "splitCount": [], **self.extra, **document})
        return self

    def copied_to(self, backend):
        """The same description in another backend, with a store of its own; nothing is built there. Returns that
        backend."""
        for name, field, values in (("AnnotationTask", "_id", self.tasks), ("AnnotationFrame", "taskId", self.tasks),
                                    ("AnnotationDatasetVersion", "_id", [self.id])):
            backend.database[name].insert_many(self.database[name].find({field: {"$in": values}}))
        backend.database.AnnotationDatasetVersion.update_one({}, {"$unset": {"taskStatus": "", "build": ""}})
        for key in self.backend.store.keys("contents/planted/"):
            if any(str(task) in key for task in self.tasks):
                backend.store.put(key, self.backend.store.bytes(key))
        return backend

    @property
    def document(self):
        return self.database.AnnotationDatasetVersion.find_one({"_id": self.id})

    def frame(self, task, number):
        return self.database.AnnotationFrame.find_one({"taskId": task, "frameId": number})

    def element(self, task, number):
        """The version's element of a frame's `datasetVersions`."""
        return next(element for element in self.frame(task, number)["datasetVersions"]
                    if element["versionId"] == self.id)

    def key(self, name):
        return f"dataset/{self.group}/{self.id}/{name}"

    def manifest(self):
        lines = self.backend.store.bytes(self.key("manifest.jsonl")).decode().splitlines()
        return [json.loads(line) for line in lines]

    def labels(self, task, number):
        """The lines of a frame's YOLO file, as lists of numbers."""
        text = self.backend.store.bytes(f"dataset/{self.group}/{task}/{number}/{self.number}_{number}.txt").decode()
        return [[float(field) for field in line.split()] for line in text.splitlines()]

    def everything(self):
        """Objects with their bytes and times, and documents, to see what a build changes."""
        store = self.backend.store
        objects = {key: (store.path(key).stat().st_mtime_ns, store.bytes(key)) for key in store.keys("dataset/")}
        return objects, self.backend.everything()


class Processor:
    """The program `dataset_processor` with a service's configuration."""

    def __init__(self, program, service):
        self.program, self.service = program, service

    def command(self, *arguments):
        self.service.write_configuration()
        return [self.program, "--config", self.service.configuration, *map(str, arguments)]

    def run(self, *arguments, status=0, timeout=120):
        """Runs the program to its end and checks its exit status. Returns what it printed."""
        done = subprocess.run(self.command(*arguments), capture_output=True, text=True, timeout=timeout)
        assert done.returncode == status, (done.returncode, done.stdout, done.stderr)
        return done

    def start(self, *arguments):
        return subprocess.Popen(
            self.command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
