"""The part of the Node.js backend: it makes projects and uploads, posts them, and then only watches MongoDB."""

import shutil
from datetime import datetime, timedelta, timezone
from pathlib import Path

from bson import ObjectId, json_util

from service import wait_until

COLLECTIONS = ("AnnotationProject", "AnnotationContentUpload", "AnnotationTask", "AnnotationFrame",
               "AnnotationDatasetVersion")


class Upload:
    """An upload document of the backend's, and the fields that it posts."""

    def __init__(self, backend, project, path, frame_rate, document):
        now = datetime.now(timezone.utc)
        self.backend, self.project, self.path, self.id = backend, project, path, ObjectId()
        self.fields = {
            "project_id": str(project), "frame_rate": frame_rate, "upload_id": str(self.id), "content_type": 1,
            "content_path": f"./contents/uploads/{project}/{path.name}", "force_write": 0, "auto_anno_version": 0,
            "request_type": 0}
        backend.database.AnnotationContentUpload.insert_one({
            "_id": self.id, "projectId": project, "createdAt": now - timedelta(minutes=5), "status": 0, "progress": 0,
            "errorMessage": {}, **document})

    @property
    def document(self):
        return self.backend.database.AnnotationContentUpload.find_one({"_id": self.id})

    @property
    def tasks(self):
        return sorted(
            self.backend.database.AnnotationTask.find({"uploadId": self.id}), key=lambda task: task["frameStart"])

    def frames(self, task):
        return list(self.backend.database.AnnotationFrame.find({"taskId": task["_id"]}, sort=[("frameId", 1)]))

    def post(self, **changes):
        """Posts the backend's fields with some changed; one of None is left out."""
        fields = {name: value for name, value in {**self.fields, **changes}.items() if value is not None}
        return self.backend.service.post(fields)

    def post_and_wait(self, seconds=90, **changes):
        """Posts with `Prefer: wait`. Returns the answer."""
        fields = {name: value for name, value in {**self.fields, **changes}.items() if value is not None}
        return self.backend.service.post(fields, headers={"Prefer": f"wait={seconds}"})

    def wait_for_end(self, seconds=90):
        """Follows the document until its status is 1 or 2. Returns it."""
        def ended():
            document = self.document
            return document if document["status"] in (1, 2) else None
        return wait_until(ended, seconds, f"the end of upload {self.id}")

    def wait_for_tasks(self, count, seconds=90):
        wait_until(lambda: len(self.tasks) >= count, seconds, f"{count} tasks of upload {self.id}")

    def process(self, **changes):
        """Posts, waits and insists on success. Returns the upload document."""
        answer = self.post(**changes)
        assert answer.status == 202, answer.body
        document = self.wait_for_end()
        assert document["status"] == 1, document
        return document


class Backend:
    def __init__(self, service, store, database):
        self.service, self.store, self.database = service, store, database

    def project(self, **document):
        project = ObjectId()
        self.database.AnnotationProject.insert_one({
            "_id": project, "name": "Crossing", "contentType": 1, "requiredFPS": 5, "labels": [],
            "contentUploads": [], "createdAt": datetime.now(timezone.utc), **document})
        return project

    def place(self, video, project, name=None):
        """Puts a video where the backend puts uploads of the project. Returns its path."""
        video = Path(video)
        path = self.service.root / "contents" / "uploads" / str(project) / (name or video.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(video, path)
        return path

    def upload(self, video, frame_rate=5, project=None, name=None, **document):
        """A video of a project of its own, if none is given, with an upload document; nothing is posted yet."""
        project = project or self.project()
        return Upload(self, project, self.place(video, project, name), frame_rate, document)

    def everything(self):
        """All documents of the backend's collections, types included, to see that nothing changed."""
        return {
            (name, str(document["_id"])): json_util.dumps(document, json_options=json_util.CANONICAL_JSON_OPTIONS)
            for name in COLLECTIONS for document in self.database[name].find()}
